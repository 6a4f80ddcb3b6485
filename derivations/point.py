"""The point at which a formula is evaluated: a width and a spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral as IntegralNumber
from numbers import Real

from sympy import Expr, Float, Integer, Rational, Symbol, nan

from derivations.notation import d, p

__all__ = ["Point"]

EXAMPLE = "expected a positive integer such as 50, or a SymPy symbol"


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
    def of(cls, width: object, spectrum: Sequence[object] | None) -> Point:
        """Build a point from what a user writes, refusing what is neither width nor spectrum."""
        if spectrum is None:
            return cls(_as_width(width) if width is not None else d)
        values = [_as_eigenvalue(value, where) for where, value in enumerate(spectrum)]
        if not values:
            raise ValueError("spectrum is empty; expected one eigenvalue of A = X X^T per row of X")
        if width is not None and _as_width(width) != len(values):
            raise ValueError(
                f"spectrum has {len(values)} eigenvalues but d = {width}; "
                "expected d of them, zeros included"
            )
        floats = any(isinstance(value, Float) for value in values)
        rational = (Rational(v) if isinstance(v, Float) else v for v in values)
        return cls(Integer(len(values)), tuple(rational), not floats)

    def integer_width(self) -> int:
        """Return the width as an int; ValueError when it is a symbol."""
        if not self.width.is_Integer:
            raise ValueError(f"d = {self.width} is a symbol; expected a positive integer here")
        return int(self.width)

    def floats(self) -> list[float]:
        """Return the eigenvalues as floats; ValueError when there are none or one is a symbol."""
        if self.spectrum is None:
            raise ValueError("spectrum is missing; expected the eigenvalues of A = X X^T")
        if any(value.free_symbols for value in self.spectrum):
            raise ValueError(f"spectrum {list(self.spectrum)} has symbols; expected numbers")
        return [float(value) for value in self.spectrum]

    def power_sum(self, r: int) -> Expr:
        """Power sum p_r of the spectrum, or the symbol p_r where there is no spectrum."""
        return p(r) if self.spectrum is None else sum((v**r for v in self.spectrum), Integer(0))

    def substitute(self, expr: Expr) -> Expr:
        """Put the width and the power sums into an expression."""
        return expr.subs({p(1): self.power_sum(1), p(2): self.power_sum(2)}).subs(d, self.width)


def _as_width(width: object) -> Expr:
    if isinstance(width, Symbol):
        return width
    if isinstance(width, bool) or not isinstance(width, IntegralNumber | Integer):
        raise TypeError(f"d = {width!r} is not a dimension; {EXAMPLE}")
    if int(width) < 1:
        raise ValueError(f"d = {width} is not a dimension; {EXAMPLE}")
    return Integer(int(width))


def _as_eigenvalue(value: object, where: int) -> Expr:
    number = _as_number(value)
    if number is None:
        raise TypeError(f"spectrum[{where}] = {value!r} is not a number or a SymPy expression")
    if number.is_finite is False or number is nan:
        raise ValueError(f"spectrum[{where}] = {value} is not finite")
    if number.is_negative:
        raise ValueError(
            f"spectrum[{where}] = {value} is negative; the eigenvalues of A = X X^T are not"
        )
    return number


def _as_number(value: object) -> Expr | None:
    if isinstance(value, Expr):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, IntegralNumber):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    return Float(float(value)) if isinstance(value, Real) else None
