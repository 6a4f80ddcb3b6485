"""Numbers as users write them, as SymPy numbers that keep every digit."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from numbers import Complex, Real
from numbers import Integral as IntegralNumber

import numpy as np
from mpmath import mpf
from mpmath.libmp import to_rational
from sympy import Expr, Float, I, Integer, Rational, nan

__all__ = ["as_fraction", "as_number", "count", "integer", "real", "shown", "without_floats"]


def as_number(value: object) -> Expr | None:
    """Return a number or an expression as SymPy has it, or None for what is neither.

    Examples
    --------
    >>> as_number(Fraction(1, 2)), as_number(0.5), as_number("1")
    (1/2, 0.500000000000000, None)
    """
    if isinstance(value, Expr):
        return value
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, IntegralNumber):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Real):
        return _as_float(value)
    if isinstance(value, Complex):
        # With or without an imaginary part: a complex zero is what a general solver rounds to.
        return I if value == value else nan
    return None


def _as_float(value: Real) -> Expr:
    """Return the number with all the digits it has: a long double has more than a float."""
    if not isfinite(value):
        return Float(float(value))
    if isinstance(value, mpf):
        ratio = to_rational(value._mpf_)
    elif isinstance(value, np.floating | float):
        ratio = value.as_integer_ratio()
    else:
        return Float(float(value))
    bits = max(53, int(ratio[0]).bit_length())
    return Float(Rational(*map(int, ratio)), precision=bits)


def without_floats(value: Expr) -> Expr:
    """Return a float as the dyadic rational that it is; anything else as it is."""
    return Rational(value) if isinstance(value, Float) else value


def as_fraction(value: Expr) -> Fraction:
    """Return a number as a fraction, an irrational one to 60 digits.

    Examples
    --------
    >>> as_fraction(Rational(2, 3))
    Fraction(2, 3)
    """
    exact = value if value.is_Rational else Rational(value.evalf(60))
    return Fraction(int(exact.p), int(exact.q))


def shown(value: object) -> str:
    """Write a value as its user did: a NumPy number without its type, a fraction as one."""
    if isinstance(value, Fraction):
        return str(value)
    return repr(value.item() if isinstance(value, np.generic) else value)


def integer(name: str, value: object, example: str) -> Expr:
    """Return an integer, or an expression with symbols that may be one.

    Examples
    --------
    >>> integer("q", 3.0, "such as 3")
    Traceback (most recent call last):
        ...
    TypeError: q = 3.0 is not an integer; write q=3
    """
    if isinstance(value, Expr) and value.free_symbols:
        if value.is_commutative and value.is_integer is not False:
            return value
        raise ValueError(f"{name} = {value} is not an integer; {example}")
    if isinstance(value, bool | np.bool_) or not isinstance(value, IntegralNumber | Integer):
        hint = example
        if isinstance(value, float | Float) and isfinite(value) and float(value).is_integer():
            hint = f"write {name}={int(value)}"
        raise TypeError(f"{name} = {shown(value)} is not an integer; {hint}")
    return Integer(int(value))


def count(name: str, value: object, least: int, example: object) -> Expr:
    """Return an integer that is at least so large, or an expression with symbols.

    Examples
    --------
    >>> count("depth", -1, 0, 10)
    Traceback (most recent call last):
        ...
    ValueError: depth = -1 is out of range; expected an integer of at least 0, such as depth=10
    """
    expected = f"expected an integer of at least {least}, such as {name}={example}"
    number = integer(name, value, expected)
    if (number - least).is_negative:
        raise ValueError(f"{name} = {shown(value)} is out of range; {expected}")
    return number


def real(name: str, value: object, positive: bool, example: object) -> Expr:
    """Return a finite number that is not negative, or an expression with symbols.

    Examples
    --------
    >>> real("gap", "1", False, 1)
    Traceback (most recent call last):
        ...
    TypeError: gap = '1' is not a number; expected one that is not negative, such as gap=1
    """
    kind = "a positive one" if positive else "one that is not negative"
    expected = f"expected {kind}, such as {name}={example}"
    number = as_number(value)
    if number is None:
        raise TypeError(f"{name} = {shown(value)} is not a number; {expected}")
    if number is nan or number.is_finite is False:
        raise ValueError(f"{name} = {shown(value)} is not finite; {expected}")
    if number.is_real is False or not number.is_commutative:
        raise TypeError(f"{name} = {shown(value)} is not real; {expected}")
    if number.is_negative or (positive and number.is_zero):
        kind = "negative" if number.is_negative else "zero"
        raise ValueError(f"{name} = {shown(value)} is {kind}; {expected}")
    return number
