"""A spectrum relative to its mean, with the digits of its largest and its smallest eigenvalue.

Everything that depends on an input's eigenvalues λ_k through their ratios alone, such as the
isometry gap, is a function of x_k = λ_k/m with m their mean. Near isometry it hangs on
δ_k = x_k - 1, far from it on log x_k, and neither can be had from the other without loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from derivations.numeric.stable import log1p_minus, log_of
from derivations.numeric.weights import Array

__all__ = ["EPS", "Bounded", "Relative"]

EPS = float(np.finfo(float).eps)
_FAR = -0.5  # from here down, a logarithm is taken of x and not of 1 + δ


@dataclass(frozen=True)
class Bounded:
    """Numbers, and a bound on how far off each may be.

    Parameters
    ----------
    value, error : numpy.ndarray
        Of one shape.
    """

    value: Array
    error: Array

    def __add__(self, other: Bounded) -> Bounded:
        value = self.value + other.value
        return Bounded(value, self.error + other.error + EPS * np.abs(value))


@dataclass(frozen=True)
class Relative:
    """Eigenvalues over their mean: x = λ/m, δ = x - 1 and log x, each to its last digits.

    Parameters
    ----------
    x, delta, log : numpy.ndarray
        Shape (..., d). An x below the floats is zero here, with its true logarithm.
    offset : float
        Bound on the relative error of the mean that was divided by. What follows depends on it
        in second order only.

    Examples
    --------
    >>> far = Relative.of(np.array([1.0, 1e-300]))
    >>> far.delta, far.log.round(6)
    (array([ 1., -1.]), array([   0.693147, -690.082381]))
    """

    x: Array
    delta: Array
    log: Array
    offset: float

    @classmethod
    def of(cls, spectra: Array) -> Relative:
        """Divide spectra of floats, shape (..., d), by their means."""
        spectra = np.asarray(spectra, dtype=float)
        mantissa, exponent = np.frexp(spectra)
        highest = np.frexp(spectra.max(axis=-1, keepdims=True))[1]
        # Powers of two change no digit, and keep the sum of the largest within the floats.
        scaled = np.ldexp(spectra, -highest)
        mean = scaled.mean(axis=-1, keepdims=True)
        mean += (scaled - mean).mean(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(mantissa / mean) + (exponent - highest) * math.log(2)
            return cls(scaled / mean, (scaled - mean) / mean, log, 4 * EPS)

    @classmethod
    def of_one(cls, spectrum: Array) -> Relative:
        """Divide one spectrum of floats, shape (d,), by its mean to twice the digits of a float.

        Examples
        --------
        >>> Relative.of_one(np.array([1.0, 1 + 2.0**-52, 1.0])).delta / 2.0**-52
        array([-0.33333333,  0.66666667, -0.33333333])
        """
        if spectrum[0] > 0 and (spectrum == spectrum[0]).all():
            # Equal ones are their mean, to the last digit.
            zeros = np.zeros_like(spectrum)
            return cls(np.ones_like(spectrum), zeros, zeros, 0.0)
        mantissa, exponent = np.frexp(spectrum)
        highest = np.frexp(spectrum.max())[1]
        # Powers of two change no digit; what they take below the floats is nothing in the mean.
        scaled = np.ldexp(spectrum, -highest)
        mean = math.fsum(scaled) / len(scaled)
        rest = math.fsum([*scaled.tolist(), *[-mean] * len(scaled)]) / len(scaled)
        with np.errstate(divide="ignore"):
            log = np.log(mantissa / mean) + (exponent - highest) * math.log(2)
        return cls(scaled / mean, (scaled - mean - rest) / mean, log, 4 * EPS**2)

    @classmethod
    def exactly(cls, eigenvalues: Sequence[Fraction]) -> Relative:
        """Divide one spectrum of rational numbers by its mean, and round at the end.

        Examples
        --------
        >>> Relative.exactly([Fraction(1), 1 + Fraction(1, 10**30)]).delta
        array([-5.e-31,  5.e-31])
        """
        mean = sum(eigenvalues, Fraction(0)) / len(eigenvalues)
        ratios = [value / mean for value in eigenvalues]
        parts = ([float(r) for r in ratios], [float(r - 1) for r in ratios], map(log_of, ratios))
        x, delta, log = (np.array(list(part)) for part in parts)
        return cls(x, delta, log, 0.0)

    @property
    def gap(self) -> Bounded:
        """Isometry gap log m - mean log λ, as the mean of δ - log x, whose terms are not negative.

        Infinite where an eigenvalue is zero.
        """
        far = ~(self.delta > _FAR)
        terms = -log1p_minus(np.where(far, 0.0, self.delta))
        terms[far] = self.delta[far] - self.log[far]
        terms[np.isnan(terms)] = np.inf  # A = 0
        value = terms.mean(axis=-1)
        relative = (16 + 2 * math.log2(terms.shape[-1])) * EPS
        return Bounded(value, relative * value + self.floor)

    @property
    def floor(self) -> Array:
        """What no rule gets below: the mean's own error, squared, and squares that underflow."""
        moved = (self.delta != 0).any(axis=-1)
        floor: Array = self.offset**2 + np.finfo(float).smallest_normal * moved
        return floor

    def __getitem__(self, key: slice) -> Relative:
        x, delta, log = (part[key] for part in (self.x, self.delta, self.log))
        return Relative(x, delta, log, self.offset)

    def reshape(self, *shape: int) -> Relative:
        """Give the arrays another shape."""
        x, delta, log = (part.reshape(*shape) for part in (self.x, self.delta, self.log))
        return Relative(x, delta, log, self.offset)
