"""Elementary functions without cancellation."""

from __future__ import annotations

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["log1p_minus"]

_NEAR_ZERO = 0.05
_TERMS = 14  # 0.05^14 / 16 is below the rounding of the leading term


def log1p_minus(x: Array) -> Array:
    """Return log(1 + x) - x for x ≥ -1, with full relative accuracy near zero.

    Examples
    --------
    >>> log1p_minus(np.array([1e-10, -1.0]))
    array([-5.e-21,    -inf])
    """
    x = np.asarray(x, dtype=float)
    with np.errstate(divide="ignore"):
        result = np.log1p(x) - x
    near = np.abs(x) < _NEAR_ZERO
    small = x[near]
    # log(1 + x) - x = -x² (1/2 - x/3 + x²/4 - …), by Horner's rule.
    series = np.zeros_like(small)
    for n in range(_TERMS + 1, 1, -1):
        series = 1 / n - small * series
    result[near] = -(small**2) * series
    return result
