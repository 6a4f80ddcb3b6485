"""Sums over indices, against the same sums written out term by term.

The cases in `KNOWN` are kinds that once were wrong, most of them found by `make search` and kept
in their shortest form; `make search CASES=2000 SEED=0` tries as many random ones as one likes.
"""

import re
from functools import cache

import pytest
from comparison import AGREED, LATE, REFUSED, WRONG, compare, search, shortened
from expansion import expectation, value_of
from random_sums import Case, case, placed
from sympy import (
    Abs,
    Adjoint,
    Identity,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    Rational,
    Sum,
    Trace,
    conjugate,
    simplify,
    symbols,
)

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary

d, n, m, p = symbols("d n m p", integer=True, positive=True)
i, j, k, x = symbols("i j k x", integer=True)
c = IndexedBase("c")
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
O2, O3, O4 = (HaarOrthogonal("R", size) for size in (2, 3, 4))
U2, U3, U4, U8 = (HaarUnitary("u", size) for size in (2, 3, 4, 8))
V, V2 = HaarSymplectic("V", m), HaarSymplectic("V", 2)
g = GaussianMatrix("g", n, 1)
H = GaussianMatrix("H", 3, 2, variance=Rational(1, 2))
T = GaussianMatrix("T", 2, 3, variance=Rational(1, 2), complex=True)
G = GaussianMatrix("G", 2, d, variance=Rational(1, 2))
Z = GaussianMatrix("Z", 2, d, variance=Rational(1, 2), complex=True)
A = MatrixSymbol("A", d, d)
A4 = MatrixSymbol("A", 4, 4)
ALL, ALSO = (i, 0, d - 1), (j, 0, d - 1)

#: Numbers at which the answers below hold, all those of a line that are needed.
POINTS = [{d: 4, n: 4, m: 2}, {d: 5, n: 6, m: 3}]

KNOWN = [
    # An index that stands only inside an expression.
    (Sum(g[i + 1, 0], (i, 0, m - 1)) ** 2, m),
    (Sum(g[n - 1 - i, 0], (i, 0, n - 1)) ** 2, n),
    (Sum(g[n - 1 - i, 0], (i, 0, n - 1)) ** 4, 3 * n**2),
    (Sum(g[2 * i + 1, 0], (i, 0, 1)) ** 2, 2),
    (Sum(g[2 * i, 0], (i, 0, 1)) * Sum(g[2 * i + 1, 0], (i, 0, 1)), 0),
    (Sum(g[i + 1, 0] / (i**2 + 1), (i, 0, 1)) ** 2, Rational(5, 4)),
    (Sum(O3[2 - i, 0], (i, 0, 2)) ** 2, 1),
    (Sum(G[1, 2 * i], (i, 0, 1)) ** 2, 1),
    (Sum(W[1, 2 * i], (i, 0, 1)) ** 2, 2 / d),
    (Abs(Sum(U3[i + 1, 0], (i, 0, 1))) ** 2, Rational(2, 3)),
    (Abs(Sum((-1) ** i * U[1 - i, 0], (i, 0, 1))) ** 4, 8 / (d * (d + 1))),
    (Abs(Sum(V2[2 * i + 1, 0], (i, 0, 1))) ** 2, Rational(1, 2)),
    (Sum(W[0, 0] * W[d - 1 - i, 0], ALL), 1 / d),
    (Sum(W[0, 0] * W[j + 1, 0], (j, 0, 1)), 0),
    (Sum(W[0, 0] * W[1, i] ** 2 * W[d - 1 - i, 0], ALL), (d + 1) / (d * (d - 1) * (d + 2))),
    (Sum(O2[0, i] * O2[i + j, 0], (j, 0, 0), (i, 0, 1)), Rational(1, 2)),
    # An index beside its own reflection or shift.
    (Sum(O2[i, 0] ** 2 * O2[1 - i, 0] ** 2, (i, 0, 1)), Rational(1, 4)),
    (Sum(Abs(U8[2 * x, 0]) ** 2 - Abs(U8[2 * x + 1, 0]) ** 2, (x, 0, 3)) ** 2, Rational(1, 9)),
    (Sum((-1) ** i * O3[2 - i, 0] ** 2, (i, 0, 2)) ** 2, Rational(7, 15)),
    (Sum(Abs(U2[1, 1 - i]) ** 2, (i, 0, 1)) ** 2, 1),
    (Sum(Abs(U2[1, 1 - i]) ** 2 / (i**2 + 1), (i, 0, 1)) ** 2, Rational(7, 12)),
    (Sum(W[i, d - 1 - i] ** 2, ALL) ** 2, (d + 4) / (d + 2)),
    (Sum(Abs(U[i, d - 1 - i]) ** 2, ALL) ** 2, (d + 2) / (d + 1)),
    (Sum(Abs(V2[i, 3 - i]) ** 2, (i, 0, 3)) ** 2, Rational(7, 5)),
    (Sum(O3[0, i] * O3[0, 2 - i], (i, 0, 2)), Rational(1, 3)),
    (Sum(O4[0, i] * O4[0, 3 - i], (i, 0, 3)), 0),
    (Sum(O3[i, 1] ** 2 * O3[2 - i, 2 - i] ** 2, (i, 0, 2)), Rational(7, 15)),
    (Abs(U[1, 1]) ** 2 * Sum(Abs(U[1 - i, 1]) ** 2, (i, 0, 1)), 3 / (d * (d + 1))),
    (Sum(W[i, 0] ** 2 * W[i + 1, 0] ** 2, (i, 0, d - 2)), (d - 1) / (d * (d + 2))),
    (Sum(g[0, 0] ** 3 * g[j + 1, 0], (j, 0, 1)), 0),
    (O4[0, 0] ** 2 * Sum(O4[i, 3 - i] ** 2, (i, 0, 3)), Rational(2, 9)),
    (Abs(U3[1, 1]) ** 2 * Sum(Abs(U3[2 - i, i]) ** 2, (i, 0, 2)), Rational(5, 12)),
    (Sum(Abs(U[2 * i + 1, 0]) ** 2, (i, 0, 1)) ** 2, 6 / (d * (d + 1))),
    # A delta between two indices, an index and a number, with a range of its own.
    (
        Sum(KroneckerDelta(i, j + 1) * W[i, 0] ** 2 * W[j, 0] ** 2, ALL, ALSO),
        (d - 1) / (d * (d + 2)),
    ),
    (
        Sum(KroneckerDelta(i, d - 1 - j) * W[i, 0] ** 2 * W[d - 1 - j, 0] ** 2, ALL, ALSO),
        3 / (d + 2),
    ),
    (Sum(KroneckerDelta(i, j + 1) * W[i, 0] * W[j + 1, 0], ALL, (j, 0, d - 2)), (d - 1) / d),
    (Sum(KroneckerDelta(i, j) * W[j, 0] ** 2, (i, 0, 2), ALSO), 3 / d),
    (Sum(KroneckerDelta(i, 5) * W[i, 0] ** 2, (i, 0, 3)), 0),
    (Sum(KroneckerDelta(i, 4) * O4[0, 3] ** 2, (i, 0, 3)), 0),
    (Sum(KroneckerDelta(-1, i) * O4[0, 3] ** 2, (i, 0, 3)), 0),
    (Sum(KroneckerDelta(1, i) * W[0, 0] ** 2, (i, 0, d - 2)), 1 / d),
    (Sum(KroneckerDelta(i, j) * G[1 - j, i] ** 2, (j, 0, 0), (i, 0, 1)), Rational(1, 2)),
    (Sum(KroneckerDelta(i, j, (0, 1)) * W[i, 0] * W[j, 0], ALL, ALSO), 2 / d),
    (Sum(KroneckerDelta(1, i, (0, d - 1)) * W[i, i] ** 2, ALL), 1 / d),
    (Sum(KroneckerDelta(1, i, (0, 0)) * W[i, i] ** 2, ALL), 0),
    (Sum(Identity(d)[i, j] * W[i, 0] ** 2 * W[j, 1] ** 2, ALL, ALSO), 1 / (d + 2)),
    (Sum(KroneckerDelta(i, 2 - i, (0, 2)) * O3[0, i] ** 4, (i, 1, 2)), Rational(1, 5)),
    (Sum(KroneckerDelta(i, j) ** 2 * W[i, 0] * W[j, 0], ALL, ALSO), 1),
    (Sum((1 - KroneckerDelta(i, j)) * W[i, 0] ** 2 * W[j, 0] ** 2, ALL, ALSO), (d - 1) / (d + 2)),
    (Sum(KroneckerDelta(1, j) * H[0, j], (j, 0, 0)) ** 2, 0),
    # Part of a range, or the range of the other side of the matrix.
    (Sum((O2 * O2.T)[i, 1], (i, 0, 0)), 0),
    (Sum((O4 * A4 * O4.T)[3, j], (j, 0, 2)), 0),
    (Sum((W * W.T)[i, i], (i, 0, 1)), 2),
    (Sum((W * A * W.T)[d - 1, d - 1 - i], ALL), Trace(A) / d),
    (Sum((W * A * W.T)[j + 1, j], (j, 0, d - 2)), 0),
    (Sum(Abs(Z[0, j]) ** 2, (j, 0, 1)), 1),
    (Sum(H[i, 0] ** 2, (i, 0, 1)), 1),
    (Sum(H[i, 0] ** 2 * H[2 * i, 1] ** 2, (i, 0, 1)), Rational(1, 2)),
    (Abs(Sum(T[i, i], (i, 0, 1))) ** 4, 2),
    (Sum(Abs(T[i, 1 - i]) ** 2, (i, 0, 1)), 1),
    (Sum(G[0, j] * G[1, j], (j, 0, 1)) ** 2, Rational(1, 2)),
    (Sum(G[i, 0] * G[i, 1], (i, 0, 1)) ** 2, Rational(1, 2)),
    (Sum(G[0, j] ** 2, (j, 0, 1)) ** 2, 2),
    (Sum(W[i, 0] ** 2, (i, 1, d - 1)) ** 2, (d - 1) * (d + 1) / (d * (d + 2))),
    # A range that depends on an index, in one sum and in a sum within a sum.
    (Sum(W[i, 0] ** 2 * W[j, 0] ** 2, (j, i + 1, d - 1), ALL), (d - 1) / (2 * (d + 2))),
    (Sum(W[i, 0] ** 2 * W[j, 0] ** 2, (j, 0, i), ALL), (d + 5) / (2 * (d + 2))),
    (Sum(Abs(U4[i, i]) ** 2 * Sum(Trace(U4.H * A4 * U4), (j, i + 1, 3)), (i, 0, 3)),
     3 * Trace(A4) / 2),
    (Sum(i**2 * Sum(O3[j, 0], (j, 0, i - 1)) ** 2, (i, 0, 2)), 3),
    (Sum(O4[i, 0] ** 2 * Sum(O4[j, i], (j, i, i + 1)) ** 2, (i, 0, 1)), Rational(5, 18)),
    (Sum(W[i, 0] * Sum(W[j, 0], (j, 0, i)), ALL), 1),
    (Sum(W[0, 0] ** 2, (j, 0, i - 1), (i, 0, d - 1)), (d - 1) / 2),
    # The same letter for the indices of two sums.
    (Sum(W[i, 0], ALL) * Sum(W[i, 0], (i, 0, 1)), 2 / d),
    (Sum(W[i, 0] ** 2 * Sum(W[i, 1] ** 2, ALL), (i, 0, 1)), 2 / d),
    (Sum(Sum(W[i, 0] ** 2, (i, 0, j)), (j, 0, 1)), 3 / d),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "right"), KNOWN, ids=str)
def test_a_sum_has_the_value_of_its_terms(expr, right):
    difference = simplify(E(expr) - right)
    assert all(value_of(difference, point) == 0 for point in POINTS), difference


@pytest.mark.parametrize(("expr", "right"), KNOWN, ids=str)
def test_the_values_above_are_right(expr, right):
    for point in POINTS:
        assert expectation(expr, point) == value_of(Integer(1) * right, point)


MISSING = [
    Sum(O3[i + 1, 0] ** 2, (i, 0, 2)),
    Sum(O3[i - 1, 0] ** 2, (i, 0, 2)),
    Sum(O3[2 * i, 0], (i, 0, 2)),
    Sum(conjugate(U2[0, 2 * i + 1]), (i, 0, 1)) * Sum(U2[0, i], (i, 0, 1)),
    Sum(O4[i + j, 0] ** 2, (i, 0, 2), (j, 0, 2)),
    Sum(KroneckerDelta(i, j) * O4[i - 1, 0] ** 2 * O4[j, 0] ** 2, (j, 0, 3), (i, 0, 3)),
    Sum((O3 * O3.T)[i + 1, 0], (i, 0, 2)),
    Sum(W[i + d, 0] ** 2, ALL),
    Sum(W[i, 0] ** 2, (i, 0, d)),
    Sum(W[d - i, 0], ALL),
    Sum(O3[i, 0] ** 2, (i, 2, 0)),
    Sum((T.T * T)[i + 2, i], (i, 0, 1)),
    Sum(KroneckerDelta(1, i) * (T * T.T)[i + 1, i], (i, 0, 1)),
]


@pytest.mark.parametrize("expr", MISSING, ids=str)
def test_an_entry_that_does_not_exist_is_refused(expr):
    with pytest.raises(ValueError, match=r"\bi\b.*expected"):
        E(expr)


#: Points where the value holds, and points where an entry or a range does not exist.
CONDITIONS = [
    (Sum(g[i + 1, 0], (i, 0, m - 1)) ** 2, {n: 4, m: 3}, {n: 4, m: 4}),
    (Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 2}, {d: 1}),
    (Sum(W[i, 0], (i, 0, 1)), {d: 2}, {d: 1}),
    (Sum(W[i + 1, 0] ** 2, (i, 0, 2)), {d: 4}, {d: 3}),
    (Sum(W[1 - i, 0] ** 2, (i, 0, 1)), {d: 2}, {d: 1}),
    (Sum(W[i, i] ** 2, (i, 0, n - 1)), {d: 3, n: 3}, {d: 3, n: 4}),
    (Sum(W[2 * i + 1, 0] ** 2, (i, 0, n - 1)), {d: 4, n: 2}, {d: 4, n: 3}),
    (Sum(KroneckerDelta(i, j) * W[j, 0] ** 2, (i, 0, 2), ALSO), {d: 3}, {d: 2}),
    (Sum(W[d - 3, i] ** 2, ALL), {d: 3}, {d: 2}),
    (Sum((W * A * W.T)[i, i + 1], (i, 0, 1)), {d: 3}, {d: 2}),
    (Sum(Abs(V[2 * i + 1, 0]) ** 2, (i, 0, 1)), {m: 2}, {m: 1}),
    (Sum(g[i, 0] ** 2, (i, 0, d - 1)), {n: 3, d: 3}, {n: 3, d: 4}),
    (Sum(G[0, i] ** 2, (i, 0, 2)), {d: 3}, {d: 2}),
    (Sum(W[i, 0] ** 2, (i, 0, d - 3)), {d: 2}, {d: 1}),
]


@pytest.mark.parametrize(("expr", "holds", "fails"), CONDITIONS, ids=str)
def test_the_condition_says_where_the_entries_of_a_sum_exist(expr, holds, fails):
    if expr.has(KroneckerDelta):  # Its entries exist, but the delta leaves its range.
        assert expectation(expr, fails) != value_of(E(expr), fails)
    value, condition = E(expr, conditions=True)
    assert condition.subs(fails) == False  # noqa: E712 - SymPy's truth values
    assert condition.subs(holds) == True  # noqa: E712
    assert value_of(value, holds) == expectation(expr, holds)


# A seeded share of the search --------------------------------------------------------------------

SHARE = range(60)


@cache
def outcome(number):
    return compare(case(number), seconds=5)


@pytest.mark.parametrize("number", SHARE)
def test_a_random_sum_is_right_or_refused(number):
    found = outcome(number)
    assert found.verdict != WRONG, f"{found.fault}: {case(number).expr}: {found.why}"


def test_most_random_sums_are_answered():
    verdicts = [outcome(number).verdict for number in SHARE]
    assert verdicts.count(AGREED) >= 0.7 * len(SHARE), verdicts
    assert verdicts.count(LATE) <= 1


def test_the_search_prints_its_counts_and_tells_whether_all_was_well():
    said = []
    well = search(5, 0, said.append, shorten=False)
    assert well == (not any(outcome(number).verdict == WRONG for number in range(5)))
    assert any(re.match(r"5 of 5 cases in \d+ s: ", line) for line in said)
    assert sum(line.startswith("WRONG") for line in said) == 5 - sum(
        outcome(number).verdict != WRONG for number in range(5)
    )


def test_a_case_is_the_same_at_every_call():
    for number in range(5):
        assert case(number).expr == case(number).expr
        assert case(number).values == case(number).values


# The comparison can fail -------------------------------------------------------------------------

SQUARE = placed(Case(0, Sum(W[i, 0] ** 2, (i, 0, 1))))
NOWHERE = placed(Case(0, Sum(O2[i + 1, 0], (i, 0, 1))))


@pytest.mark.parametrize(
    ("found", "answer", "fault"),
    [
        (SQUARE, (2 / d, d >= 2), ""),
        (SQUARE, (1 / d, d >= 2), "another value"),
        (SQUARE, (2 / d, True), "a condition that is too weak"),
        (SQUARE, (2 / d, d >= n), "a condition that is not decided"),
        (SQUARE, (2 / d + KroneckerDelta(i, 5), d >= 2), "an answer without a value"),
        (SQUARE, (Sum(1 / d, (i, 0, 1)), d >= 2), ""),
        (NOWHERE, (Integer(0), True), "an entry that does not exist is let pass"),
    ],
    ids=str,
)
def test_a_wrong_answer_is_noticed(found, answer, fault):
    outcome = compare(found, expectation=lambda *_, **__: answer)
    assert outcome.fault == fault
    assert outcome.verdict == (WRONG if fault else AGREED)


@pytest.mark.parametrize("error", [KeyError("i"), ValueError("not enough values to unpack")])
def test_an_error_that_is_no_refusal_is_a_fault(error):
    def fails(*_, **__):
        raise error

    assert compare(SQUARE, expectation=fails).fault == "crashed"


def test_a_refusal_is_counted_apart():
    found = Case(0, Trace(W) ** x, points=[{d: 2}], values=[0])
    assert compare(found).verdict == REFUSED


def test_what_takes_too_long_is_stopped():
    def forever(*_, **__):
        while True:
            pass

    assert compare(SQUARE, 0.05, forever).verdict == LATE


def test_a_wrong_case_is_shortened():
    def faulty(expr, **_):
        return (2 / d if expr.has(Adjoint) else 1 / d), True

    long = placed(Case(0, 3 * Sum(j * W[i, 0] ** 2 * W[j, 1] ** 2, ALL, ALSO) ** 2 + Trace(A)))
    short = shortened(long, lambda c: compare(c, expectation=faulty).fault == "another value")
    assert len(str(short.expr)) < len(str(long.expr)) / 2
    assert compare(short, expectation=faulty).fault == "another value"
