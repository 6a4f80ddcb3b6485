"""Numbers of solutions in integers, against counting them."""

import itertools
import random
from math import gcd

import pytest
from everyday import ALL, ALSO, A, B, G, V, W, assert_right, d, i, j, m, n, same
from expansion import expectation, value_of
from sympy import (
    Dummy,
    Integer,
    KroneckerDelta,
    Mod,
    Piecewise,
    S,
    Sum,
    Trace,
    conjugate,
    floor,
    symbols,
)

from weingarten import E
from weingarten.expressions.counts import _solutions, divides, pairs
from weingarten.expressions.words import Range

p, q = symbols("p q", integer=True, positive=True)
s = symbols("s", integer=True)


def known(expr):
    return True if expr.is_nonnegative else False if expr.is_negative else None


def test_a_number_divides_or_not():
    x = symbols("x", integer=True)
    for number in (2, 3, 5):
        for value in range(-7, 8):
            for shift in (0, 1, -4):
                right = int((value + shift) % number == 0)
                assert divides(number, x + shift).subs(x, value) == right


@pytest.mark.parametrize("seed", range(12))
def test_pairs_of_indices_are_as_many_as_there_are(seed):
    draw = random.Random(seed)
    while True:
        slopes = [draw.choice([-3, -2, -1, 1, 2, 3]) for _ in range(2)]
        if gcd(*slopes) == 1:
            break
    constant = draw.choice([S(0), S(1), S(-2), 1 - p, q - p])
    lows = [draw.choice([S(0), S(1), S(-1)]) for _ in range(2)]
    x, y = Dummy("x", integer=True), Dummy("y", integer=True)
    # The second range may depend on the first index.
    high = q + draw.choice([-1, 2]) if seed % 3 else x + q
    ranges = [Range(x, lows[0], p - 1), Range(y, lows[1], high)]
    found = pairs(ranges, slopes, constant, known)
    if found is None:
        assert not (constant.is_Integer or 1 in map(abs, slopes)) or seed % 3 == 0
        return
    for point in itertools.product(range(1, 7), repeat=2):
        at = dict(zip((p, q), point, strict=True))
        count = 0
        for one in range(int(lows[0]), int((p - 1).subs(at)) + 1):
            last = int(S(high).subs({**at, x: one}))
            for two in range(int(lows[1]), last + 1):
                count += slopes[0] * one + slopes[1] * two + constant.subs(at) == 0
        assert found.subs(at) == count, (found, at)


POINTS = [{d: 4, m: 1, n: 3}, {d: 5, m: 2, n: 2}, {d: 6, m: 2, n: 4}]


def right_at_the_points(expr, points=POINTS):
    answer, condition = E(expr, conditions=True)
    tried = 0
    for point in points:
        if condition == True or condition.subs(point) == True:  # noqa: E712
            right = expectation(expr, point)
            assert value_of(answer, point) == right, answer
            assert value_of(answer.subs(point).doit(), point) == right, answer
            tried += 1
    assert tried
    return answer


@pytest.mark.parametrize(
    "expr",
    [
        Sum(W[2 * i, 0] * W[j, 0], (i, 0, m - 1), (j, 0, n - 1)),
        Sum(W[2 * i, 0] ** 2 * W[j, 0] ** 2, (i, 0, m - 1), (j, 0, n - 1)),
        Sum(W[2 * i, 0] * W[3 * j, 0], (i, 0, m - 1), (j, 0, m - 1)),
        Sum(W[i, 0] ** 2 * W[j + 2, 0] ** 2, (i, 1, m), (j, 0, m - 1)),
        Sum(KroneckerDelta(2 * i, j) * W[i, 0] ** 2, ALL, ALSO),
        Sum(KroneckerDelta(2 * i, m) * W[0, 0] ** 2, (i, 0, m)),
        Sum(KroneckerDelta(3 * i, m + 1) * W[0, 0] ** 2, (i, 0, m)),
        Sum(KroneckerDelta(i + 2 * j, d - 1) * W[0, 0] ** 2, ALL, ALSO),
        Sum(KroneckerDelta(i, j) ** 2 * W[i, 0] * W[j, 0], ALL, (j, 0, n - 1)),
        Sum(W[d - 1 - i, 0] ** 2 * W[i, 0] ** 2, ALL),
        Sum(G[i, 0] * G[d - 1 - i, 0], ALL) ** 2,
        Sum(V[2 * i, 0] * conjugate(V[j, 0]), (i, 0, m - 1), (j, 0, 2 * m - 1)),
    ],
    ids=str,
)
def test_strides_and_reflections_are_counted(expr):
    assert not right_at_the_points(expr).has(Sum, KroneckerDelta)


@pytest.mark.parametrize(
    "expr",
    [
        Sum((W * A * W.T)[i, d - 1 - i] ** 2, ALL),
        Sum((W * A * W.T)[i, i] * (W * A * W.T)[d - 1 - i, d - 1 - i], ALL),
        Sum(
            (W * A * W.T)[i, j] * (W * A * W.T)[n - 1 - i, n - 1 - j], (i, 0, n - 1), (j, 0, n - 1)
        ),
        Sum((W * A * W.T)[2 * i, j] ** 2, (i, 0, m - 1), (j, 0, n - 1)),
        Sum((W * A * W.T)[i, i] * (W * A * W.T)[j, j], (j, 0, d - 1 - i), ALL),
        Sum((W * A * W.T)[i, i] * (W * A * W.T)[j, j], (j, 0, i), ALL),
        Sum((W * A * W.T)[i, j] ** 2, (j, m - 1 - i, m - 1), (i, 0, m - 1)),
        Sum((W * A * W.T)[i, i] * (W * B * W.T)[j, j], (j, 0, 2 * i), (i, 0, m - 1)),
    ],
    ids=str,
)
def test_triangles_and_reflections_of_words_are_counted(expr):
    points = [{d: 3, m: 2, n: 2}, {d: 4, m: 1, n: 3}]
    assert not right_at_the_points(expr, points).has(Sum, KroneckerDelta)


def test_counts_that_are_plain_to_see():
    assert E(Sum(W[d - 1 - i, 0] * W[i, 0], ALL)) == Mod(d, 2) / d
    assert same(E(Sum(KroneckerDelta(2 * i, j) * W[i, 0] ** 2, ALL, ALSO)), floor((d + 1) / 2) / d)


@pytest.mark.parametrize(
    "expr",
    [
        Sum(KroneckerDelta(2 * i, s) * W[i, 0] ** 2, ALL),
        Sum(i * KroneckerDelta(2 * i, j) * W[0, 0] ** 2, ALL, (j, 0, n)),
        Sum(A[i, 0] * W[i, 0] * W[d - 1 - i, 0], ALL),
        Sum(W[2 * i, 0] * W[j, 0] * A[i, j], (i, 0, m - 1), (j, 0, n - 1)),
        Sum((-1) ** i * W[i, 0] * W[d - 1 - i, 0], ALL),
    ],
    ids=str,
)
def test_a_sum_that_is_kept_is_carried_out_rightly_by_sympy(expr):
    for free in (0, 1, 2):
        right_at_the_points(expr, [{**point, s: free} for point in POINTS])


def test_a_delta_of_a_multiple_in_a_sum_is_written_as_cases():
    # SymPy's doit would take the sum of KroneckerDelta(2*i, 1) for 1.
    answer = E(Sum(KroneckerDelta(2 * i, s) * W[i, 0] ** 2, ALL))
    assert answer.has(Piecewise)
    assert not answer.has(KroneckerDelta)
    assert answer.subs({s: 1, d: 3}).doit() == 0
    assert answer.subs({s: 2, d: 3}).doit() == Integer(1) / 3


def test_what_no_index_stands_in_is_in_front_of_a_sum():
    expr = Sum(KroneckerDelta(2 * i, s) * (W * A * W.T)[i, i], ALL)
    for total in E(expr).atoms(Sum):
        assert not total.has(Trace)
    assert_right(expr.subs(s, 2), points=({d: 3}, {d: 4}))


@pytest.mark.parametrize("slopes", [(2, 3), (3, -2), (-4, 6), (6, 10), (1, 5), (7, -1)])
@pytest.mark.parametrize("constant", [-7, -2, 0, 4, 10])
def test_what_is_called_a_solution_is_one(slopes, constant):
    a, b = slopes
    for x, y in _solutions(slopes, Integer(constant)):
        assert a * x + b * y + constant == 0
