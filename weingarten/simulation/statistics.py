"""Means and their errors, from numbers that come a chunk at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and sums of squared deviations of what was seen so far.

    Two of them are added by Chan's update; the order does not matter, up to rounding.

    Attributes
    ----------
    count : int
        How many draws.
    mean : ndarray
        Their mean, entry by entry.
    squares : ndarray
        The sums of squared deviations from it. Of complex numbers the real part is that of the
        real parts, the imaginary part that of the imaginary parts.

    References
    ----------
    T. F. Chan, G. H. Golub & R. J. LeVeque, Amer. Statist. 37 (1983).

    Examples
    --------
    >>> whole = Moments.of([1.0, 2.0]) + Moments.of([6.0])
    >>> whole.count, float(whole.mean), float(whole.squares)
    (3, 3.0, 14.0)
    >>> float(whole.standard_error) == (14 / 2 / 3) ** 0.5
    True
    """

    count: int = 0
    mean: Array = field(default_factory=lambda: np.zeros(()))
    squares: Array = field(default_factory=lambda: np.zeros(()))

    @classmethod
    def of(cls, draws: Any) -> Moments:
        """Return the moments of an array with the draw as the first axis."""
        draws = np.asarray(draws)
        mean = np.asarray(draws.mean(axis=0))
        return cls(len(draws), mean, _squared(draws - mean).sum(axis=0))

    def __add__(self, other: Moments) -> Moments:
        count = self.count + other.count
        if count == 0:
            return self
        shift = other.mean - self.mean
        mean = self.mean + shift * (other.count / count)
        between = _squared(shift) * (self.count * other.count / count)
        return Moments(count, np.asarray(mean), np.asarray(self.squares + other.squares + between))

    @property
    def standard_error(self) -> Array:
        """Standard error of the mean, of real and imaginary parts each for itself."""
        if self.count < 2:
            raise ValueError(f"{self.count} draws have no standard error; expected at least 2")
        scale = (self.count - 1) * self.count
        error = np.sqrt(self.squares.real / scale)
        if np.iscomplexobj(self.squares):
            return np.asarray(error + 1j * np.sqrt(self.squares.imag / scale))
        return np.asarray(error)


def _squared(x: Any) -> Any:
    """Square real and imaginary part, each for itself."""
    return x.real**2 + 1j * x.imag**2 if np.iscomplexobj(x) else x**2
