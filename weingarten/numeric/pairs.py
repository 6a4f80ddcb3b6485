"""Exact complex numbers and matrices: a real and an imaginary part of FLINT's rational ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pair:
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

    def __iter__(self) -> Iterator[Any]:
        yield from (self.re, self.im)

    def __add__(self, other: Any) -> Pair:
        re, im = _parts(other)
        return Pair(self.re + re, self.im + im)

    def __radd__(self, other: Any) -> Pair:
        return self.__add__(other)

    def __neg__(self) -> Pair:
        return Pair(-self.re, -self.im)

    def __sub__(self, other: Any) -> Pair:
        return self.__add__(-other)

    def __mul__(self, other: Any) -> Pair:
        if not isinstance(other, Pair):
            return Pair(self.re * other, self.im * other)
        return Pair(
            self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re
        )

    def __rmul__(self, other: Any) -> Pair:
        return Pair(other * self.re, other * self.im)

    def __rtruediv__(self, other: Any) -> Pair:
        size = self.re * self.re + self.im * self.im
        return Pair(other * self.re / size, -other * self.im / size)

    def conjugate(self) -> Pair:
        """Return the complex conjugate."""
        return Pair(self.re, -self.im)

    def __bool__(self) -> bool:
        return bool(self.re) or bool(self.im)


def _parts(other: Any) -> tuple[Any, Any]:
    return (other.re, other.im) if isinstance(other, Pair) else (other, 0)
