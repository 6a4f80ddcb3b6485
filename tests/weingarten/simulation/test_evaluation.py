"""Sums as the evaluator reads them, against writing them out in SymPy."""

from functools import reduce

import numpy as np
import pytest
from drawn_values import (
    VALUES,
    A,
    B,
    C,
    RangeError,
    d,
    explicit,
    i,
    integers,
    j,
    k,
    v,
    w,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from share import examples
from sympy import (
    Abs,
    Identity,
    KroneckerDelta,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Piecewise,
    Rational,
    S,
    Sum,
    Trace,
    adjoint,
    binomial,
    conjugate,
    exp,
    factorial,
    floor,
    log,
    symbols,
)

from weingarten.simulation import sums
from weingarten.simulation.contraction import contracted
from weingarten.simulation.evaluation import Evaluator

# Random sums --------------------------------------------------------------------------------------

INDICES = (i, j, k)


@st.composite
def places(draw, indices):
    """An index of an entry: bare, shifted, reflected, strided, of two indices, or a number."""
    one, two = draw(st.sampled_from(indices)), draw(st.sampled_from(indices))
    forms = [one, one, one, one + 1, one - 1, 2 - one, 2 * one, 2 * one - one, one - two, one + two]
    forms += [S(draw(st.integers(0, 2))), floor(one / 2)]
    return draw(st.sampled_from(forms))


@st.composite
def factors(draw, indices):
    kind = draw(st.sampled_from("eeeevwdrnpc"))
    place = places(indices)
    if kind == "e":
        return draw(st.sampled_from([A, B, C]))[draw(place), draw(place)]
    if kind == "v":
        return v[draw(place), 0]
    if kind == "w":
        return conjugate(w[0, draw(place)])
    if kind == "d":
        return KroneckerDelta(draw(place), draw(place))
    if kind == "r":
        low = draw(st.integers(0, 2))
        return KroneckerDelta(draw(place), draw(place), (low, draw(st.integers(low, 2))))
    if kind == "p":
        return B[draw(place), draw(place)] ** 2
    if kind == "c":
        return conjugate(A[draw(place), draw(place)]) + draw(st.sampled_from(indices))
    return draw(st.sampled_from([S(2), Rational(-1, 3), *indices, (-1) ** indices[0]]))


@st.composite
def ranges(draw, outer):
    """Ends of a range: numbers, or such that depend on an outer index; it may be empty."""
    if outer and draw(st.booleans()):
        other = draw(st.sampled_from(outer))
        return draw(st.sampled_from([(0, other), (other, 2), (0, other - 1), (other, other + 1)]))
    low = draw(st.integers(0, 2))
    return low, draw(st.sampled_from([2, 2, 1, low - 1, low]))


@st.composite
def sum_expressions(draw):
    count = draw(st.integers(1, 3))
    indices = INDICES[:count]
    limits = [(indices[n], *draw(ranges(indices[n + 1 :]))) for n in range(count)]
    terms = draw(
        st.lists(st.lists(factors(indices), min_size=1, max_size=4), min_size=1, max_size=2)
    )
    summand = sum(Mul(*term) for term in terms)
    if draw(st.booleans()):
        # A sum inside of a product or a power inside of the sum.
        inner = symbols("l", integer=True)
        body = Mul(*draw(st.lists(factors((inner, *indices)), min_size=1, max_size=3)))
        summand = summand * Sum(body, (inner, *draw(ranges(indices)))) ** draw(st.integers(1, 2))
    total = Sum(summand, *limits)
    return draw(st.sampled_from([total, total**2, total * B[0, 1] + 1]))


def outcome(function, expr):
    try:
        return function(expr)
    except IndexError:
        return "index"
    except RangeError:
        return "range"
    except ValueError as error:
        if "expected an end from" not in str(error):
            raise
        return "range"


@settings(max_examples=examples(200))
@given(sum_expressions())
def test_a_random_sum_is_what_writing_it_out_gives(expr):
    expected, found = outcome(explicit, expr), outcome(Evaluator(VALUES), expr)
    if isinstance(expected, str) or isinstance(found, str):
        # Where two things are wrong, either may be met first.
        assert isinstance(expected, str)
        assert isinstance(found, str)
        return
    found = np.broadcast_to(found, expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + abs(expected).max()))


@settings(max_examples=examples(40))
@given(sum_expressions())
def test_a_random_sum_does_not_depend_on_the_blocks(expr):
    whole = outcome(Evaluator(VALUES), expr)
    limit = sums._ARRAY_LIMIT
    try:
        sums._ARRAY_LIMIT = 5
        parts = outcome(Evaluator(VALUES), expr)
    finally:
        sums._ARRAY_LIMIT = limit
    if isinstance(whole, str):
        assert parts == whole
    else:
        np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-9 * (1 + abs(whole).max()))


SUMS = [
    Sum(B[i + 1, 0], (i, 0, 1)) ** 2,
    Sum(B[i, 0] ** 2 * B[2 - i, 0] ** 2, (i, 0, 2)),
    Sum(Abs(A[2 * i, 0]) ** 2 - Abs(A[2 * i + 1, 1]) ** 2, (i, 0, 0)),
    Sum(KroneckerDelta(i, j + 1) * B[i, 0] ** 2 * B[j, 0] ** 2, (i, 0, 2), (j, 0, 2)),
    Sum(KroneckerDelta(i, j) * B[j, 0] ** 2, (i, 0, 1), (j, 0, 2)),
    Sum(KroneckerDelta(i, 5) * B[i, 0] ** 2, (i, 0, 2)),
    Sum(KroneckerDelta(i, j, (1, 2)) * B[j, 0], (i, 0, 2), (j, 0, 2)),
    Sum(B[i, j], (j, 0, i), (i, 0, 2)),
    Sum(B[i - j, 0], (j, 0, i), (i, 0, 2)),
    Sum(B[i, 0] * Sum(B[i, j], (j, 0, i - 1)) ** 3, (i, 0, 2)),
    Sum(B[0, i], (i, 3, 2)),
    Sum(v[i, 0] * Sum(v[i - 1, 0], (k, 0, i - 1)), (i, 0, j), (j, 0, 2)),
    Sum(Sum(B[i - 1, 0] ** 2, (k, 1, i)) ** 2, (i, 0, 2)),
    Sum(B[i, j], (i, 0, 2), (i, 0, 1), (j, 0, 1)),
    Sum(2, (i, 0, 2), (j, 0, 1)) + 0 * B[0, 0],
    Sum((-1) ** i * binomial(4, i) * factorial(i), (i, 0, 4)) * B[0, 1],
    Sum(Trace(B**i), (i, 0, 3)),
    Sum((A * B * adjoint(A) * C)[i, j] * (B.T * B)[j, i], (i, 0, 2), (j, 0, 2)),
    (A * B * adjoint(A) * C * A.T * B)[0, 1],
    ((v.T * B * A * v)[0, 0]) ** 2,
    (Identity(3) * A * Identity(3))[1, 2],
    Sum(log(B[i, j] ** 2 + 1) * B[k, 0], (j, i, 2), (i, 0, 2), (k, 0, 1)),
    Sum(Piecewise((B[i - 1, 0], i > 0), (7, True)), (i, 0, 2)),
    Sum(exp(i) / (i + 1), (i, 0, 3)) * B[0, 0],
]


@pytest.mark.parametrize("expr", SUMS, ids=str)
def test_a_sum_is_what_writing_it_out_gives(expr):
    expected = explicit(expr)
    found = np.broadcast_to(Evaluator(VALUES)(expr), expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_branch_may_be_undefined_where_another_is_chosen():
    expr = Piecewise((Sum(B[i, 0] / B[0, 1], (i, 0, 2)), B[0, 1] > 0), (k, True))
    draws = np.ones((3, 3, 3))
    draws[0, 0, 1], draws[1, 0, 1] = 0, 2
    np.testing.assert_allclose(Evaluator({B: draws, k: 7})(expr), [7, 1.5, 3])


def test_a_product_too_large_is_not_formed():
    ones, labels = [np.ones((4, 4)), np.ones((4, 4))], [("i", "j"), ("j", "k")]
    assert contracted(ones, labels, ("i", "k"), 16).tolist() == np.full((4, 4), 4).tolist()
    # In blocks along the first axis down to one row, and no further.
    assert contracted(ones, labels, ("i", "k"), 4).tolist() == np.full((4, 4), 4).tolist()
    assert contracted(ones, labels, ("i", "k"), 3) is None


def test_the_index_of_a_sum_may_share_its_name_with_a_value():
    expr = i * Sum(B[i, 0], (i, 0, 2))
    at_once = Evaluator({**VALUES, i: 2})(expr)
    np.testing.assert_allclose(at_once, 2 * VALUES[B][:, :, 0].sum(axis=1))


def test_symbolic_sizes_take_their_values():
    M = MatrixSymbol("M", d, 2 * d)
    array = integers(2, 4)
    value = Evaluator({d: 2, M: array})
    assert value(Sum(M[i, 2 * i + 1], (i, 0, d - 1))) == array[0, 1] + array[1, 3]
    assert value(Trace(Identity(d) + OneMatrix(d, d))) == 4
    assert value(M * M.T).shape == (2, 2)
    assert value((M * M.T)[0, 1]) == (array @ array.T)[0, 1]


def test_a_long_word_stays_small():
    # Its array over all six indices would have 20,000 * 8**6 numbers.
    R = MatrixSymbol("R", d, d)
    draws = np.random.default_rng(0).normal(size=(2000, 8, 8))
    word = R * R.T * R * R * R.T * R * R
    expected = reduce(np.matmul, [draws, draws.swapaxes(1, 2), draws, draws, draws.swapaxes(1, 2),
                                  draws, draws])  # fmt: skip
    np.testing.assert_allclose(
        Evaluator({R: draws, d: 8})(word[0, 0]), expected[:, 0, 0], rtol=1e-9
    )
