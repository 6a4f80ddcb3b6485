"""The point at which a formula is evaluated: a width and a spectrum."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, prod
from numbers import Complex, Real
from numbers import Integral as IntegralNumber
from typing import Any

import numpy as np
from mpmath import mpf
from mpmath.libmp import to_rational
from sympy import Expr, Float, I, Integer, Rational, nan

from derivations.notation import PowerSum, d, lam, p, written_out

__all__ = ["Point"]

EXAMPLE = "expected a positive integer such as 50, or a SymPy symbol"
FROM_INPUT = "for an input X, write spectrum=derivations.numeric.isometry.spectrum(X)"


@dataclass(frozen=True)
class Point:
    """A width, and the eigenvalues of A = X Xᵀ for the input X of a layer.

    Parameters
    ----------
    width : sympy.Expr
        A positive integer or a symbol.
    spectrum : tuple of sympy.Expr, or None
        The eigenvalues, as many as the width. A float stands here as the dyadic rational that
        it is, so that arithmetic on it is exact and the value is rounded once, at the end.
    exact : bool
        Whether no eigenvalue came as a float.

    Examples
    --------
    >>> Point.of(None, [1, 2]).power_sum(2)
    5
    """

    width: Expr
    spectrum: tuple[Expr, ...] | None = None
    exact: bool = True

    @classmethod
    def of(cls, width: object, spectrum: object) -> Point:
        """Build a point from what a user writes, refusing what is neither width nor spectrum."""
        if spectrum is None:
            return cls(_as_width(width) if width is not None else d)
        values = [_as_eigenvalue(value, where) for where, value in enumerate(_listed(spectrum))]
        if not values:
            raise ValueError("spectrum is empty; expected one eigenvalue of A = X X^T per row of X")
        if width is not None and _as_width(width) != len(values):
            raise ValueError(
                f"spectrum has {len(values)} eigenvalues but d = {width}; "
                "expected d of them, zeros included"
            )
        exact = not any(value.has(Float) for value in values)
        rational = (Rational(v) if isinstance(v, Float) else v for v in values)
        return cls(Integer(len(values)), tuple(rational), exact)

    def integer_width(self) -> int:
        """Return the width as an int; ValueError when it is a symbol."""
        if not self.width.is_Integer:
            raise ValueError(f"d = {self.width} is a symbol; expected a positive integer here")
        return int(self.width)

    def floats(self) -> list[float]:
        """Return the eigenvalues as floats; ValueError when there are none or one is a symbol."""
        return [float(value) for value in self._numbers()]

    def fractions(self) -> list[Fraction]:
        """Return the eigenvalues as rational numbers, irrational ones to 60 digits."""
        return [_fraction(value) for value in self._numbers()]

    def eigenvalues(self) -> tuple[Expr, ...]:
        """Return the spectrum; ValueError when there is none."""
        if self.spectrum is None:
            raise ValueError("spectrum is missing; expected the eigenvalues of A = X X^T")
        return self.spectrum

    def _numbers(self) -> tuple[Expr, ...]:
        if any(value.free_symbols for value in self.eigenvalues()):
            raise ValueError(f"spectrum {list(self.eigenvalues())} has symbols; expected numbers")
        return self.eigenvalues()

    def power_sum(self, r: int) -> Expr:
        """Power sum p_r of the spectrum, or the symbol p_r where there is no spectrum."""
        return p(r) if self.spectrum is None else self.substitute(p(r))

    def substitute(self, expr: Expr) -> Expr:
        """Put the width, the power sums and the eigenvalues into an expression."""
        if self.spectrum is None:
            # The power sums stay symbols; so do sums over eigenvalues, between their new limits.
            return expr.xreplace({d: self.width})
        orders = {s.order for s in expr.atoms(PowerSum)}
        if min(orders, default=0) < 0 and any(value.is_zero for value in self.spectrum):
            raise ValueError(
                f"p_{min(orders)} is infinite: an eigenvalue of A = X X^T is zero; "
                "expected a spectrum without zeros"
            )
        written = written_out(expr, int(self.width))
        return written.xreplace({lam[n]: value for n, value in enumerate(self.spectrum)})


def _listed(spectrum: Any) -> list[object]:
    """Return the eigenvalues as a list, refusing what has no order or is no collection."""
    say = "expected the d eigenvalues of A = X X^T, such as spectrum=[1, 2, 3]"
    if isinstance(spectrum, str | bytes):
        raise TypeError(f"spectrum = {spectrum!r} is text; {say}")
    if isinstance(spectrum, Set | Mapping):
        # A set has lost the eigenvalues that come twice.
        raise TypeError(f"spectrum = {spectrum!r} is a {type(spectrum).__name__}; {say}")
    shape = getattr(spectrum, "shape", (0,))
    if len(shape) > 1 and max(shape) < prod(shape):
        raise TypeError(f"spectrum has shape {tuple(shape)}; {say}; {FROM_INPUT}")
    try:
        # A SymPy matrix of one row or column runs over its entries, an array over its rows.
        return list(spectrum.ravel() if len(shape) > 1 and hasattr(spectrum, "ravel") else spectrum)
    except TypeError:
        raise TypeError(f"spectrum = {spectrum!r} is not a list of numbers; {say}") from None


def _as_width(width: object) -> Expr:
    if isinstance(width, Expr) and width.free_symbols:
        possible = width.is_commutative and width.is_integer is not False
        if not possible or width.is_positive is False:
            raise ValueError(f"d = {width} is not a dimension; {EXAMPLE}")
        return width
    if isinstance(width, bool) or not isinstance(width, IntegralNumber | Integer):
        raise TypeError(f"d = {_shown(width)} is not a dimension; {_hint(width)}")
    if int(width) < 1:
        raise ValueError(f"d = {width} is not a dimension; {EXAMPLE}")
    return Integer(int(width))


def _hint(width: Any) -> str:
    """Say what to write in place of what is not a dimension."""
    if isinstance(width, float | Float) and 1 <= float(width) < inf and float(width).is_integer():
        return f"write d={int(width)}"
    if hasattr(width, "__len__") and not isinstance(width, str):
        return f"{EXAMPLE}; eigenvalues go into spectrum=[…]"
    return EXAMPLE


def _as_eigenvalue(value: object, where: int) -> Expr:
    number = _as_number(value)
    shown = f"spectrum[{where}] = {_shown(value)}"
    if number is None:
        raise TypeError(f"{shown} is not a number or a SymPy expression; expected such as 2 or 0.5")
    if number is nan or number.is_finite is False:
        raise ValueError(f"{shown} is not finite; expected the eigenvalues of a finite A = X X^T")
    if number.is_real is False or not number.is_commutative:
        raise TypeError(f"{shown} is not real; the eigenvalues of A = X X^T are; {FROM_INPUT}")
    if number.is_negative:
        raise ValueError(f"{shown} is negative; the eigenvalues of A = X X^T are not; {FROM_INPUT}")
    return number


def _as_number(value: object) -> Expr | None:
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


def _fraction(value: Expr) -> Fraction:
    exact = value if value.is_Rational else Rational(value.evalf(60))
    return Fraction(int(exact.p), int(exact.q))


def _shown(value: object) -> str:
    """Write a value as its user did: a NumPy number without its type."""
    return repr(value.item() if isinstance(value, np.generic) else value)
