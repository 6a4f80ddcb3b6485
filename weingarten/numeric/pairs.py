"""Exact complex numbers and matrices: a real and an imaginary part of FLINT's rational ones."""

from __future__ import annotations

from typing import Any, NamedTuple


class Pair(NamedTuple):
    """A real and an imaginary part, of numbers or of matrices.

    Examples
    --------
    >>> from flint import fmpq
    >>> i = Pair(fmpq(0), fmpq(1))
    >>> i * i + i
    Pair(re=-1, im=1)
    >>> 1 / (2 * i)
    Pair(re=0, im=-1/2)
    """

    re: Any
    im: Any

    def __add__(self, other: Any) -> Pair:  # type: ignore[override]
        re, im = _parts(other)
        return Pair(self.re + re, self.im + im)

    __radd__ = __add__

    def __neg__(self) -> Pair:
        return Pair(-self.re, -self.im)

    def __sub__(self, other: Any) -> Pair:
        return self + -other

    def __mul__(self, other: Any) -> Pair:  # type: ignore[override]
        if not isinstance(other, Pair):
            return Pair(self.re * other, self.im * other)
        return Pair(
            self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re
        )

    def __rmul__(self, other: Any) -> Pair:  # type: ignore[override]
        return Pair(other * self.re, other * self.im)

    def __rtruediv__(self, other: Any) -> Pair:
        return other * self.conjugate() * (1 / (self.re * self.re + self.im * self.im))

    def conjugate(self) -> Pair:
        """Return the complex conjugate."""
        return Pair(self.re, -self.im)

    def __bool__(self) -> bool:
        return bool(self.re) or bool(self.im)


def _parts(other: Any) -> tuple[Any, Any]:
    return other if isinstance(other, Pair) else (other, 0)
