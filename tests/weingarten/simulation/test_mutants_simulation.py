"""Faults that were put in by hand or by a tool, and that no other test saw: each has one here."""

import pytest
from sympy import I, MatrixSymbol, Trace, symbols

from weingarten import HaarOrthogonal, HaarUnitary, estimate, lambdify

d, n = symbols("d n", integer=True, positive=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
M = MatrixSymbol("M", n, n)
UNIT = [[1, 0], [0, 1]]


def test_a_size_that_only_a_constant_has_needs_a_value():
    with pytest.raises(ValueError, match=r"^n has no value"):
        estimate(Trace(W) ** 2 * Trace(M), samples=10, at={d: 2, M: UNIT})


def test_a_size_that_only_a_constant_has_is_an_integer():
    with pytest.raises(TypeError, match=r"at=\{n: 2.5\}: expected an integer for n"):
        estimate(Trace(W) ** 2 * Trace(M), samples=10, at={d: 2, n: 2.5, M: UNIT})


def test_an_imaginary_part_is_shown_where_there_is_one():
    shown = repr(estimate(I * abs(U[0, 0]) ** 2, samples=10, at={d: 2}))
    assert "j ±" in shown
    assert "j ±" not in repr(estimate(abs(U[0, 0]) ** 2, samples=10, at={d: 2}))


def test_powers_of_integers_are_integers_of_any_size():
    assert lambdify([n], 10**n)(30) == 10**30
