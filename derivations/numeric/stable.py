"""Elementary functions without cancellation."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["log1p_minus", "log_of"]

_TERMS = 16  # r^2 is at most 1/9 below, and (1/9)^16 / 35 is far below the rounding


def log1p_minus(x: Array) -> Array:
    """Return log(1 + x) - x for x ≥ -1, with full relative accuracy near zero.

    Examples
    --------
    >>> log1p_minus(np.array([1e-10, -1.0]))
    array([-5.e-21,    -inf])
    """
    x = np.asarray(x, dtype=float)
    near = (x > -0.5) & (x < 1.0)
    if near.all():
        return _series(x)
    with np.errstate(divide="ignore"):
        result: Array = np.log1p(x) - x
    result[near] = _series(x[near])
    return result


def _series(x: Array) -> Array:
    """Compute it for -1/2 ≤ x ≤ 1 from log(1 + x) = 2 artanh r, where r = x/(2 + x).

    As 2r - x = -x r, what is left is -x r + 2 (r³/3 + r⁵/5 + …), in which no digits cancel.
    """
    r = x / (2 + x)
    square = r * r
    series = np.full_like(square, 1 / (2 * _TERMS + 1))
    for n in range(_TERMS - 1, 0, -1):
        series *= square
        series += 1 / (2 * n + 1)
    series *= 2 * square
    result: Array = r * (series - x)
    return result


def log_of(value: Fraction) -> float:
    """Return the logarithm of a rational number of any size; -inf for zero.

    Examples
    --------
    >>> round(log_of(Fraction(10) ** 400) / 400, 12)  # log 10
    2.302585092994
    """
    if not value:
        return -math.inf
    shift = value.numerator.bit_length() - value.denominator.bit_length()
    return math.log(value / Fraction(2) ** shift) + shift * math.log(2)
