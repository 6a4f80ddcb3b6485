"""The order of limits: the first is the innermost, and only later ones have its indices."""

import pytest
from sympy import Abs, Identity, Integer, S, Sum, Trace, ZeroMatrix, simplify, symbols

from weingarten import E, HaarOrthogonal, HaarUnitary

d = symbols("d", integer=True, positive=True)
i, j = symbols("i j", integer=True)
R, W, U = HaarOrthogonal("R", 3), HaarOrthogonal("W", d), HaarUnitary("U", d)


@pytest.mark.parametrize(
    "total",
    [
        Sum(R[i, j] ** 2, (i, 0, 2), (j, 0, i)),
        Sum(R[i, j] ** 2, (i, 0, 1), (j, 0, i)),
        Sum(R[i, j] ** 2, (i, 0, j), (j, 0, i)),
        Sum(R[i, j] ** 2 * R[i, 0] ** 2, (i, 0, 2), (j, i, 2)),
        Sum(R[i, j] * R[j, i], (i, 0, 2), (j, 0, i)),
        Sum(R[i, 0] ** 2, (i, 0, i)),
    ],
)
def test_index_of_an_outer_limit_is_free_in_it(total):
    """Every value of the free index against the sum written out by SymPy."""
    assert total.free_symbols - {R} == {i}
    found, condition = E(total, conditions=True)
    for value in range(3):
        assert condition.subs(i, value) == S.true
        # Free symbols only: an inner index of the same name stays.
        assert simplify(found.subs(i, value) - E(total.subs(i, value).doit())) == 0
    assert condition.subs(i, 4) == S.false


def test_the_same_with_a_letter_for_the_dimension():
    found, condition = E(Sum(W[i, j] ** 2, (i, 0, d - 1), (j, 0, i)), conditions=True)
    assert found == i + 1
    assert condition.subs({i: 2, d: 3}) == S.true
    assert condition.subs({i: 3, d: 3}) == S.false
    assert condition.subs(i, -2) == S.false


def test_index_of_an_inner_limit_is_bound_by_a_later_one():
    assert E(Sum(R[i, j] ** 2, (j, 0, i), (i, 0, 2))) == 2
    assert simplify(E(Sum(W[i, j] ** 2, (j, 0, i), (i, 0, d - 1))) - (d + 1) / 2) == 0


@pytest.mark.parametrize(
    "expr",
    [
        Abs(Trace(U * ZeroMatrix(d, d))) ** 2,
        Trace(U * ZeroMatrix(d, d)),
        Abs(Trace(U * ZeroMatrix(d, d) * U.H)) ** 2 * Trace(Identity(d)),
        Abs(Trace(ZeroMatrix(3, 3) * HaarUnitary("V", 3))) ** 2,
    ],
)
def test_traces_of_zeros(expr):
    assert E(expr) == Integer(0)
