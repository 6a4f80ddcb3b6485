"""The isometry gap of a spectrum to any number of digits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import mpmath

__all__ = ["gap_to_digits"]


def gap_to_digits(eigenvalues: Sequence[Fraction], digits: int) -> Fraction:
    """Isometry gap log m - mean log λ of positive eigenvalues, with so many digits of its own.

    Parameters
    ----------
    eigenvalues : sequence of fractions.Fraction
        The spectrum of A, positive; m is their mean.
    digits : int
        How many decimal digits of the gap are right.

    Returns
    -------
    fractions.Fraction
        As close to the gap as that.

    Examples
    --------
    >>> gap = gap_to_digits([Fraction(1), 1 + Fraction(1, 10**30)], 20)
    >>> abs(gap * 8 * 10**60 - 1) < Fraction(1, 10**20)
    True
    """
    mean = sum(eigenvalues, Fraction(0)) / len(eigenvalues)
    ratios = [value / mean for value in eigenvalues]
    spread = sum(((ratio - 1) ** 2 for ratio in ratios), Fraction(0))
    if not spread:
        return Fraction(0)
    # The gap is of the order of the spread: so many digits cancel between the logarithms.
    lost = max(0, spread.denominator.bit_length() - spread.numerator.bit_length()) / 3.3
    with mpmath.workdps(digits + int(lost) + len(str(len(ratios))) + 10):
        logs = (mpmath.log(mpmath.mpf(r.numerator) / r.denominator) for r in ratios)
        sign, mantissa, exponent, _ = (-mpmath.fsum(logs) / len(ratios))._mpf_
    gap: Fraction = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -gap if sign else gap
