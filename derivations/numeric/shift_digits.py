"""The mean of log a over a Haar layer, relative to the mean of a, to any number of digits.

The integral of `derivations.numeric.quadrature`, before anything is taken out of its integrand:

    E log(a/m) = ∫ ( (1 + t)^(-d/2) - Π_k (1 + t x_k)^(-1/2) ) du,    t = e^u.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import mpmath
import numpy as np
from flint import arb, ctx

from derivations.numeric.gap_digits import gap_to_digits
from derivations.numeric.line_sums import Factors, integrals
from derivations.numeric.stable import log_of
from derivations.numeric.weights import Array

__all__ = ["law_to_digits", "shift_to_digits"]


def law_to_digits(eigenvalues: Sequence[Fraction], digits: int) -> mpmath.mpf:
    """E φ(X_(l+1)) to any number of digits: the gap plus E log(a/m).

    Parameters
    ----------
    eigenvalues : sequence of fractions.Fraction
        The spectrum of A, positive.
    digits : int
        How many decimal digits of the value are wanted.

    Returns
    -------
    mpmath.mpf

    Raises
    ------
    ArithmeticError
        When the rule with twice the step does not confirm them.

    Examples
    --------
    >>> with mpmath.workdps(30):
    ...     law_to_digits([Fraction(1), Fraction(4)], 25) - mpmath.log(mpmath.mpf(9) / 8) < 1e-25
    True
    """
    # Of the gap, 1/d is left at least, and all of it where the spectrum is wide.
    more = digits + len(str(len(eigenvalues))) + 2
    gap = gap_to_digits(eigenvalues, more)
    shift = shift_to_digits(eigenvalues, more)
    with mpmath.workdps(more + 5):
        return mpmath.mpf(gap.numerator) / gap.denominator + shift


def shift_to_digits(eigenvalues: Sequence[Fraction], digits: int) -> mpmath.mpf:
    """E log(a/m) to any number of digits, for eigenvalues as `law_to_digits` takes them, or zero.

    Examples
    --------
    >>> with mpmath.workdps(30):
    ...     shift_to_digits([Fraction(1), Fraction(4)], 25) - mpmath.log(mpmath.mpf(9) / 10) < 1e-25
    True
    """
    d = len(eigenvalues)
    mean = sum(eigenvalues, Fraction(0)) / d
    ratios = [value / mean for value in eigenvalues]
    spread = sum(((ratio - 1) ** 2 for ratio in ratios), Fraction(0))
    if not spread:
        return mpmath.mpf(0)
    logs = np.array([log_of(ratio) for ratio in ratios if ratio])

    def size(u: Array) -> Array:
        product = -0.5 * np.logaddexp(0, u[:, None] + logs).sum(axis=1)
        # 1 - e^(-r) with r at most about Σ (s δ)²/2, s = t/(1 + t).
        rest = log_of(spread / 2) - 2 * np.logaddexp(0, -u)
        found: Array = product + np.minimum(rest, 0.0)
        return found

    wanted = digits + len(str(d)) + 2
    # The two parts of the integrand agree up to the spread times t², and t is about 1/d.
    lost = max(0.0, -log_of(spread) / math.log(10)) + 2 * math.log10(d)
    with ctx.workdps(wanted + math.ceil(lost) + 20):
        factors = Factors(ratios)

        def integrand(t: arb) -> tuple[arb, ...]:
            return (((1 + t) ** d).rsqrt() - factors.product(t).rsqrt(),)

        return integrals(integrand, size, wanted)[0]
