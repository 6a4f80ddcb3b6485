"""What counts as a dimension, and when an expression is at least a number."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    Ge,
    I,
    Integer,
    Le,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    false,
    floor,
    nan,
    oo,
    pi,
    sqrt,
    symbols,
    true,
)

from weingarten.functions.dimension import Line, as_dimension, as_line, at_least

a, b, d = symbols("a b d", integer=True, positive=True)
x, y = symbols("x y")
k = Symbol("k", integer=True)
A = MatrixSymbol("A", d, d)


@pytest.mark.parametrize(
    "size", [d, x, 2 * d, d + 1, d - 1, d / 2, a * b, x / 3, 2**d, floor(d / 2), k**2, Trace(A)]
)
def test_an_expression_that_can_be_a_positive_integer_is_taken_as_it_is(size):
    assert as_dimension(size) is size


@pytest.mark.parametrize("size", [3, Integer(3), np.int64(3)])
def test_an_integer_becomes_one_of_sympy(size):
    value = as_dimension(size)
    assert value == 3
    assert isinstance(value, Integer)


@pytest.mark.parametrize(
    ("size", "error", "reason"),
    [
        (0, ValueError, ""),
        (-3, ValueError, ""),
        (2.0, ValueError, ""),
        (2j, ValueError, ""),
        (np.float64(2), ValueError, ""),
        (Rational(5, 2), ValueError, ""),
        (I, ValueError, ""),
        (sqrt(2), ValueError, ""),
        (oo, ValueError, ""),
        (nan, ValueError, ""),
        (2.0 * d, ValueError, "it contains a float"),
        (d + Rational(1, 2), ValueError, "the expression is non-integer"),
        (pi * d, ValueError, "the expression is non-integer"),
        (I * d, ValueError, "the expression is non-integer"),
        (-2 * d, ValueError, "the expression is not positive"),
        (-(k**2), ValueError, "the expression is not positive"),
        (2 * Symbol("z", zero=True), ValueError, "the expression is not positive"),
        (Symbol("n", negative=True), ValueError, "the symbol is declared not positive"),
        (Symbol("n", integer=False), ValueError, "the symbol is declared non-integer"),
        (Symbol("n", commutative=False) + 1, TypeError, ""),
        (A, TypeError, ""),
        (d > 2, TypeError, ""),
        ("d", TypeError, ""),
        (None, TypeError, ""),
        (True, TypeError, ""),
        ([3], TypeError, ""),
    ],
    ids=str,
)
def test_what_is_no_dimension_is_refused(size, error, reason):
    with pytest.raises(error) as caught:
        as_dimension(size, "rows")
    message = str(caught.value)
    assert re.match(r"rows = .*expected a positive integer or a SymPy symbol or expr", message)
    assert str(size) in message or repr(size) in message
    assert reason in message


def test_a_negative_expression_is_a_dimension_where_asked_and_a_negative_integer_is_not():
    assert as_dimension(-2 * d, positive=False) == -2 * d
    for wrong in (-2, 0, Symbol("n", negative=True), 2 * Symbol("z", zero=True), d + pi):
        with pytest.raises(ValueError, match="expected a positive integer"):
            as_dimension(wrong, positive=False)


# Lines -------------------------------------------------------------------------------------------


@given(st.fractions(-5, 5, max_denominator=4).filter(bool), st.fractions(-5, 5, max_denominator=4))
def test_a_line_is_read_however_it_is_written(slope, offset):
    slope, offset = Rational(slope), Rational(offset)
    for written in (
        slope * x + offset,
        (x + offset / slope) * slope,
        (x + 1) * slope + offset - slope,
    ):
        assert as_line(written) == Line(x, slope, offset)


@pytest.mark.parametrize(
    "other", [x * y, x + y, x**2, 1 / x, sqrt(x), floor(x), Integer(3), abs(x), pi * x, x**2 - x]
)
def test_what_is_no_line_is_none(other):
    assert as_line(other) is None


def test_a_line_whose_squares_cancel_is_one():
    assert as_line((x + 1) ** 2 - x**2) == Line(x, Integer(2), Integer(1))


# Conditions --------------------------------------------------------------------------------------


def test_known_conditions():
    assert at_least(d, 3) == Ge(d, 3)
    assert at_least(2 * d, 3) == Ge(d, 2)
    assert at_least(d + 1, 3) == Ge(d, 2)
    assert at_least(d / 2, 3) == Ge(d, 6)
    assert at_least(5 - k, 3) == Le(k, 2)
    assert at_least(a * b, 3) == Ge(a * b, 3)
    assert at_least(2 * x, 3) == Ge(x, Rational(3, 2))
    assert at_least(d, 1) is true
    assert at_least(d + 2, 3) is true
    assert at_least(Integer(4), 3) is true
    assert at_least(Integer(2), 3) is false
    assert at_least(-2 * d, 1) is false


@given(
    st.fractions(-3, 3, max_denominator=3).filter(bool),
    st.fractions(-5, 5, max_denominator=3),
    st.integers(-3, 9),
    st.integers(-20, 20),
)
def test_a_condition_holds_at_the_integers_where_it_should(slope, offset, bound, value):
    condition = at_least(Rational(slope) * k + Rational(offset), bound)
    assert bool(condition.subs(k, value)) == (slope * value + offset >= bound)
