"""Exact numbers, and how they enter an arithmetic: as they are, in balls, or rounded."""

from __future__ import annotations

from threading import RLock
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz
from sympy import I, Rational, S
from sympy.core.evalf import PrecisionExhausted

from weingarten.numeric.arithmetic import Balls
from weingarten.numeric.floats import Floats
from weingarten.numeric.pairs import Pair

#: FLINT's precision belongs to the process: held while it is another than usual.
precision = RLock()


class IrrationalError(ValueError):
    """A number that is exact, but has no rational parts."""


def exactly(number: Any) -> Any:
    """Return a SymPy number as a rational number or a `Pair`; a float as what it is.

    Raises
    ------
    IrrationalError
        If its parts are not rational.
    """
    if number.is_Rational:
        return fmpq(int(number.p), int(number.q))
    if number.is_Float:
        return exactly(Rational(number))
    re, im = number.as_real_imag()
    parts = [Rational(part) if part.is_Float else part for part in (re, im)]
    if not all(part.is_Rational for part in parts):
        raise IrrationalError(f"{number} is not rational")
    return Pair(*map(exactly, parts)) if parts[1] else exactly(parts[0])


def as_sympy(number: Any) -> Any:
    """Return a rational number or a `Pair` as a SymPy number."""
    if isinstance(number, Pair):
        return as_sympy(number.re) + as_sympy(number.im) * I
    return Rational(int(number.p), int(number.q))


def converted(value: Any, arithmetic: Any) -> Any:
    """Return an exact SymPy number in an arithmetic."""
    try:
        return arithmetic.number(exactly(value))
    except IrrationalError:
        if isinstance(arithmetic, Floats):
            re, im = evaluated(value, 30)
            return arithmetic.number(exactly(re + im * I))
        if isinstance(arithmetic, Balls):
            return ball(value)
        raise


def ball(value: Any) -> Any:
    """Return the ball about a number that SymPy evaluates to any precision."""
    digits = int(ctx.prec * 0.302) + 5
    re, im = evaluated(value, digits)
    parts = [_about(part, digits) for part in (re, im)]
    return acb(*parts) if im else parts[0]


def evaluated(value: Any, digits: int) -> tuple[Any, Any]:
    """Return the real and the imaginary part of a number, both to so many digits.

    Raises
    ------
    ValueError
        If they are not seen: where a part may be 0.
    """
    try:
        re, im = value.evalf(digits, strict=True).as_real_imag()
    except PrecisionExhausted:
        re, im = (_part_of(part, digits, value) for part in value.as_real_imag())
    return re, im


def _part_of(part: Any, digits: int, value: Any) -> Any:
    try:
        return part.evalf(digits, strict=True)
    except PrecisionExhausted:
        if part.equals(0):
            return S.Zero
    raise ValueError(
        f"expr holds the number {value}, of which no digits are seen: it may be 0; expected it in "
        "a simpler form"
    )


def _about(value: Any, digits: int) -> Any:
    if value.is_Rational:
        return arb(exactly(value))
    middle = arb(exactly(value))
    return arb(middle, abs(middle) * arb(fmpq(1, fmpz(10) ** (digits - 2))))


def midpoint(part: Any) -> Any:
    """Return the middle of a real ball, a rational number."""
    mantissa, exponent = part.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
