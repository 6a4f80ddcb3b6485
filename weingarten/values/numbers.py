"""What a user passes as a number or an array: exact where it is, and right as a float."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import (
    Expr,
    Float,
    I,
    Integer,
    MatrixBase,
    MatrixExpr,
    MatrixSymbol,
    Rational,
)

Array: TypeAlias = NDArray[Any]

#: Facts about a symbol, the telling ones first.
_FACTS = ("integer", "real", "positive", "nonnegative", "negative", "nonpositive", "nonzero")


def number_of(symbol: Any, value: Any, is_size: bool) -> Any:
    """Return the SymPy number that a value is, if the symbol may have it."""
    shown = f"at={{{symbol}: {value!r}}}"
    if isinstance(value, np.longdouble | np.clongdouble):
        _require_double(f"{shown}: a number", np.asarray(value))
    number = _as_number(value)
    if number is None:
        raise TypeError(f"{shown}: expected a number for {symbol}")
    if number.is_finite is not True:
        raise ValueError(f"{shown}: expected a finite number for {symbol}")
    if (is_size or symbol.is_integer) and not number.is_Integer:
        whole = number.is_real and float(number).is_integer()
        write = f"write {int(number)}" if whole else "such as 5"
        raise TypeError(f"{shown}: expected an integer for {symbol}, {write}")
    known = symbol.assumptions0
    for fact in (*_FACTS, *known):
        holds = getattr(number, f"is_{fact}", None)
        if known.get(fact) is not None and holds is not None and holds != known[fact]:
            expected = fact if known[fact] else f"not {fact}"
            raise ValueError(f"{shown}: {symbol} is {expected} by its assumptions")
    return number


def _as_number(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Expr):
        return value if value.is_number and not value.has(MatrixSymbol) else None
    if isinstance(value, Integral):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Real):
        return Float(float(value))
    if isinstance(value, complex | np.complexfloating):
        value = complex(value)
        return Float(value.real) + (I * Float(value.imag) if value.imag else 0)
    return None


def as_float(number: Any) -> complex | float | int:
    """Return a number as a float, or where it has an imaginary part as a complex number."""
    value = complex(number)
    return value if value.imag else value.real


def as_rows(matrix: Any, value: Any) -> Any:
    """Return a value as an array, an explicit matrix, or as it is: rows of numbers."""
    if isinstance(value, MatrixExpr):
        try:
            made = value.as_explicit()
        except (ValueError, TypeError, AttributeError, NotImplementedError):
            made = None
        if not isinstance(made, MatrixBase) or any(_as_number(entry) is None for entry in made):
            raise TypeError(
                f"at={{{matrix}: ...}}: the value of {matrix}, of type {type(value).__name__} and "
                f"shape {value.shape[0]} x {value.shape[1]}, has entries that are not known "
                "numbers; expected a matrix of numbers, such as Identity(2) or an array"
            )
        return made
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray | MatrixBase):
        return np.asarray(value)
    return value


def array_of(matrix: Any, value: Any, shape: tuple[int, ...]) -> Array:
    """Return the array that a value is, if it fits the matrix of this shape."""
    _require_whole(matrix, value)
    try:
        given = np.asarray(value.tolist() if isinstance(value, MatrixBase) else value)
        array = _rounded(given)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"at={{{matrix}: ...}}: the value of {matrix} is no array of numbers; expected one of "
            f"shape {shape}"
        ) from None
    _require_double(f"{matrix} has entries", given)
    if array.shape != shape:
        write = f"; write numpy.reshape(..., {shape})" if array.size == np.prod(shape) else ""
        raise ValueError(f"{matrix} has the shape {array.shape}; expected {shape}{write}")
    if not all(map(_is_finite, given.ravel()[~np.isfinite(array.ravel())])):
        raise ValueError(f"{matrix} has entries that are not finite; expected numbers")
    return array


def _require_whole(matrix: Any, value: Any) -> None:
    """Let pass a value of which nothing is masked."""
    rows = [value, *value] if isinstance(value, list | tuple) else [value]
    if any(np.ma.is_masked(row) for row in rows):
        raise ValueError(
            f"{matrix} has entries that are masked; expected numbers, such as ....filled(0)"
        )


def _require_double(what: str, given: Any) -> None:
    """Let pass numbers of more digits than a double has only where they do not need them."""
    long = (np.longdouble, np.clongdouble)
    numbers = given.ravel() if given.dtype == object or given.dtype.type in long else ()
    for number in numbers:
        if isinstance(number, long) and np.isfinite(number) and complex(number) != number:
            raise TypeError(
                f"{what} of type {type(number).__name__}, whose last digits a float does not hold; "
                "expected floats (....astype(float) cuts them off), or exact numbers"
            )


def _rounded(given: Array) -> Array:
    """Return floats, or complex numbers; what is exact may be too large or too small for them."""
    if given.dtype == object and given.size:
        numbers = [rounded_number(entry) for entry in given.ravel()]
        given = np.array(numbers).reshape(given.shape)
    return given.astype(complex if _is_complex(given) else float)


def rounded_number(entry: Any) -> complex | float:
    """Return the float or complex number next to a number: infinite if it is too large for one.

    Raises
    ------
    TypeError
        If it is none.
    """
    if type(entry) is float:
        return entry
    number = _as_number(entry)
    if number is None:
        raise TypeError
    re, im = (number, 0) if number.is_Rational else number.as_real_imag()
    return complex(_rounded_part(re), _rounded_part(im)) if im != 0 else _rounded_part(re)


def _rounded_part(part: Any) -> float:
    if not getattr(part, "is_Rational", False):
        return float(part)
    try:
        return int(part.p) / int(part.q)
    except OverflowError:
        return inf if part > 0 else -inf


def is_out_of_range(array: Array, entries: Any) -> bool:
    """Return whether one of some exact entries is too large or too small for the float it became.

    Parameters
    ----------
    array : ndarray
        The floats or complex numbers.
    entries : list of list of Expr
        What they were made of.
    """
    sizes = np.stack([array.real, array.imag], axis=-1)
    wrong = ~np.isfinite(sizes) | (np.abs(sizes) < np.finfo(float).tiny)
    return any(
        entries[i][j].as_real_imag()[part] != 0
        for i, j, part in np.argwhere(wrong).tolist()
        if entries[i][j] != 0
    )


def _is_finite(entry: Any) -> bool:
    number = _as_number(entry)
    return number is not None and bool(number.is_finite)


def _is_complex(array: Array) -> bool:
    if array.dtype.kind in "US":
        raise TypeError
    return np.iscomplexobj(array)
