"""A dimension, as a user gives it: an integer, a symbol, or an expression that can be one."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Expr, Float, Ge, Integer, Le, MatrixExpr, Poly, Rational, Symbol, ceiling, floor
from sympy.matrices.expressions.matexpr import MatrixElement

_EXPECTED = "expected a positive integer or a SymPy symbol or expression that can be one"


def as_dimension(d: Any, argument: str = "d", *, positive: bool = True) -> Expr:
    """Return `d` as a SymPy expression or positive `Integer`.

    Parameters
    ----------
    d : int, Integer or Expr
        What the user gave.
    argument : str
        The name of the argument, for the message.
    positive : bool, optional
        Whether an expression that is known to be negative is refused, too: it cannot be the size
        of a matrix. A Weingarten function has a value there.

    Raises
    ------
    TypeError
        If `d` is neither an integer nor a scalar expression.
    ValueError
        If it is an integer below 1 or another number, or if its assumptions exclude integers, or
        positive ones.

    Examples
    --------
    >>> as_dimension(3)
    3
    >>> m = Symbol("m", integer=True, positive=True)
    >>> as_dimension(2*m + 1)
    2*m + 1
    >>> as_dimension(-2*m, positive=False)
    -2*m
    >>> as_dimension(-1)
    Traceback (most recent call last):
    ...
    ValueError: d = -1: expected a positive integer or a SymPy symbol or expression that can be one
    """
    if isinstance(d, Expr) and not d.is_number:
        return _checked(d, argument, positive=positive or d.is_Symbol)
    if isinstance(d, bool) or (not isinstance(d, int | Integer) and not _is_integral(d)):
        is_number = isinstance(d, float | complex) or getattr(d, "is_number", False)
        raise (ValueError if is_number else TypeError)(f"{argument} = {d!r}: {_EXPECTED}")
    value = Integer(d)
    if value < 1:
        raise ValueError(f"{argument} = {d!r}: {_EXPECTED}")
    return value


def _is_integral(d: Any) -> bool:
    # NumPy's integers have __index__; its floats do not.
    return hasattr(d, "__index__")


def _checked(d: Expr, argument: str, *, positive: bool) -> Expr:
    """Let pass an expression that can be an integer, and a positive one if it must be."""
    if isinstance(d, MatrixExpr) or d.has(MatrixElement) or not d.is_commutative:
        raise TypeError(f"{argument} = {d!r}: {_EXPECTED}")
    if d.has(Float):
        raise ValueError(f"{argument} = {d}: it contains a float; {_EXPECTED}")
    if d.is_integer is False or d.is_finite is False:
        wrong = "non-integer"
    elif d.is_zero or (positive and d.is_positive is False):
        wrong = "not positive"
    else:
        return d
    kind = "symbol is declared" if d.is_Symbol else "expression is"
    raise ValueError(f"{argument} = {d}: the {kind} {wrong}; {_EXPECTED}")


class Line(NamedTuple):
    """The expression ``slope * symbol + offset`` with rational numbers, the slope not zero."""

    symbol: Symbol
    slope: Rational
    offset: Rational


def as_line(d: Expr) -> Line | None:
    """Return an expression that is linear in its only symbol as a line, None for any other.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> as_line((3*a - 1)/2)
    Line(symbol=a, slope=3/2, offset=-1/2)
    >>> as_line(a*b), as_line(a**2)
    (None, None)
    """
    if isinstance(d, Symbol):
        return Line(d, Integer(1), Integer(0))
    if len(d.free_symbols) != 1:
        return None
    (symbol,) = d.free_symbols
    if not isinstance(symbol, Symbol) or not d.is_polynomial(symbol):
        return None
    polynomial = Poly(d, symbol)
    coefficients = polynomial.all_coeffs()
    if polynomial.degree() != 1 or not all(c.is_Rational for c in coefficients):
        return None
    return Line(symbol, *coefficients)


def at_least(d: Expr, bound: int) -> Any:
    """Return the condition ``d >= bound``, solved for the symbol where `d` is linear in one.

    Parameters
    ----------
    d : Expr
        A dimension.
    bound : int
        The least value that it may have.

    Returns
    -------
    Relational or Boolean
        The condition; true or false where that is known.

    Examples
    --------
    >>> m = Symbol("m", integer=True, positive=True)
    >>> at_least(2*m, 3), at_least(m + 1, 3), at_least(m**2, 3)
    (m >= 2, m >= 2, m**2 >= 3)
    >>> at_least(2*m, 2)
    True
    """
    line = as_line(d)
    if line is None:
        return Ge(d, bound)
    end = (bound - line.offset) / line.slope
    whole = bool(line.symbol.is_integer)
    if line.slope > 0:
        return Ge(line.symbol, ceiling(end) if whole else end)
    return Le(line.symbol, floor(end) if whole else end)
