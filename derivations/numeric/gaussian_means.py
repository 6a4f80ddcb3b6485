"""Means over a standard normal z of what an activation does, to any number of digits."""

from __future__ import annotations

from collections.abc import Callable

import mpmath

__all__ = ["nonlinear_share", "normal_mean", "slope_ratio"]

_LEAST = 25  # digits of a mean at least


def normal_mean(function: Callable[[mpmath.mpf], mpmath.mpf], scale: mpmath.mpf) -> mpmath.mpf:
    """Mean of an even function of a standard normal z that varies over lengths 1/scale.

    Examples
    --------
    >>> abs(normal_mean(lambda z: z**2, mpmath.mpf(1)) - 1) < 1e-14
    True
    """

    def integrand(z: mpmath.mpf) -> mpmath.mpf:
        return function(z) * mpmath.exp(-z * z / 2)

    end = mpmath.sqrt(2 * mpmath.log(10) * (mpmath.mp.dps + 10))
    cuts = {end * part / 4 for part in range(5)} | {
        cut / scale for cut in (mpmath.mpf(1) / 2, 1, 2, 4, 8, 32) if cut / scale < end
    }
    total = mpmath.quad(integrand, sorted(cuts))
    return mpmath.sqrt(2 / mpmath.pi) * total


def _share(alpha: mpmath.mpf) -> mpmath.mpf:
    linear = normal_mean(lambda z: z * mpmath.tanh(alpha * z), alpha)
    return 1 - linear**2 / normal_mean(lambda z: mpmath.tanh(alpha * z) ** 2, alpha)


def _slope(alpha: mpmath.mpf) -> mpmath.mpf:
    slopes = normal_mean(lambda z: mpmath.sech(alpha * z) ** 4, alpha)
    return alpha**2 * slopes / normal_mean(lambda z: mpmath.tanh(alpha * z) ** 2, alpha)


def _confirmed(
    function: Callable[[mpmath.mpf], mpmath.mpf], alpha: object, digits: int, lost: float
) -> mpmath.mpf:
    """Evaluate twice, with more digits the second time, and refuse where they differ."""
    found = []
    for more in (5, 20):
        with mpmath.workdps(max(digits, _LEAST) + int(lost) + more):
            found.append(function(mpmath.mpf(alpha)))
    with mpmath.workdps(digits + int(lost) + 20):
        if abs(found[0] - found[1]) > abs(found[1]) * mpmath.mpf(10) ** -(digits + 1):
            raise ArithmeticError(f"{digits} digits are not reached at alpha = {alpha}")
    return found[1]


def nonlinear_share(alpha: mpmath.mpf, digits: int) -> mpmath.mpf:
    """Share of the energy of tanh(αz) that is not linear in z, to so many digits.

    Examples
    --------
    >>> mpmath.nstr(nonlinear_share(mpmath.mpf("0.01"), 10), 6)
    '6.66267e-9'
    """
    return _confirmed(_share, alpha, digits, max(0, -4 * float(mpmath.log10(alpha))))


def slope_ratio(alpha: mpmath.mpf, digits: int) -> mpmath.mpf:
    """α² E tanh'(αz)²/E tanh(αz)², to so many digits.

    Examples
    --------
    >>> mpmath.nstr(slope_ratio(mpmath.mpf(1), 10), 6)
    '1.17781'
    """
    return _confirmed(_slope, alpha, digits, 0)
