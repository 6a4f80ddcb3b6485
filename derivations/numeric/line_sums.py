"""Integrals over the line to any number of digits: trapezoidal sums, in balls.

The integrands hold Π_k (1 + t λ_k) with t = e^u. As a polynomial in t it has positive coefficients
alone: no digit is lost when it is multiplied out, nor when it is evaluated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

import mpmath
import numpy as np
from flint import arb, arb_poly, fmpq

from derivations.numeric.weights import Array

__all__ = ["Factors", "as_ball", "as_number", "integrals", "kept"]

_FARTHEST = 2**20  # on the scale of u: numbers of a million digits


def as_ball(value: Fraction) -> arb:
    """Return a rational number as a ball."""
    return arb(fmpq(value.numerator, value.denominator))


def as_number(ball: arb) -> mpmath.mpf:
    """Return the middle of a ball, with all its digits."""
    mantissa, exponent = ball.mid().man_exp()
    with mpmath.workprec(max(mpmath.mp.prec, int(mantissa).bit_length())):
        return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))


class Factors:
    """Π_k (1 + t v_k) at many t > 0, for numbers v_k that are not negative.

    Parameters
    ----------
    values : sequence of fractions.Fraction

    Examples
    --------
    >>> Factors([Fraction(1), Fraction(2)]).product(arb(1))
    6.00000000000000
    """

    def __init__(self, values: Sequence[Fraction]) -> None:
        counts = Counter(value for value in values if value)
        self._alike = [(as_ball(value), many) for value, many in counts.items()]
        self._few = len(counts) * _POWER < len(values)
        balls = [] if self._few else [ball for ball, many in self._alike for _ in range(many)]
        self._whole, self._squares = _polynomials(balls)

    def product(self, t: arb) -> arb:
        """Return the product."""
        if not self._few:
            return self._whole(t)
        found = arb(1)
        for value, many in self._alike:
            found *= (1 + t * value) ** many
        return found

    def share(self, t: arb, product: arb) -> arb:
        """Return Σ_k v_k²/(1 + t v_k), where the product is known.

        Examples
        --------
        >>> factors = Factors([Fraction(1), Fraction(2)])
        >>> round(float(factors.share(arb(1), factors.product(arb(1)))), 12)  # 1/2 + 4/3
        1.833333333333
        """
        if not self._few:
            return self._squares(t) / product
        return sum((many * v**2 / (1 + t * v) for v, many in self._alike), arb(0))


_POWER = 8
"""A power costs about as much as so many terms of a polynomial."""


def _polynomials(values: Sequence[arb]) -> tuple[arb_poly, arb_poly]:
    """Return P = Π_k (1 + t v_k) as a polynomial in t, and Q with Q/P = Σ_k v_k²/(1 + t v_k)."""
    if len(values) < 2:
        return arb_poly([1, *values]), arb_poly([value**2 for value in values])
    half = len(values) // 2
    (first, one), (second, two) = map(_polynomials, (values[:half], values[half:]))
    return first * second, one * second + two * first


def kept(log_size: Callable[[Array], Array], needed: float) -> tuple[float, float]:
    """Return the ends beyond which an integrand is below e^(-needed) of its largest value.

    Examples
    --------
    >>> kept(lambda u: -np.abs(u - 100), 10)
    (90.0, 110.0)
    """
    reach = 64
    while reach < _FARTHEST:
        u = np.arange(-reach, reach + 1.0)
        sizes = log_size(u)
        inside = u[sizes > sizes.max() - needed]
        if -reach < inside[0] and inside[-1] < reach:
            return float(inside[0] - 1), float(inside[-1] + 1)
        reach *= 2
    raise ArithmeticError("the integrand does not decay")


def integrals(
    integrand: Callable[[arb], tuple[arb, ...]],
    log_size: Callable[[Array], Array],
    digits: int,
) -> tuple[mpmath.mpf, ...]:
    """Integrate over the line what is analytic for |Im u| < π and decays at both ends.

    With step h the trapezoidal rule is off by e^(-π²/h) or so, for integrands that are about as
    large at |Im u| = π/2 as on the line; it is done with twice the step too.

    Parameters
    ----------
    integrand : callable
        Takes t = e^u as a ball, and returns the values there of one or several integrands.
    log_size : callable
        Takes an array of u, and returns about the logarithm of how large they are.
    digits : int
        How many digits of each integral are wanted; the balls have more.

    Raises
    ------
    ArithmeticError
        When the two steps and the rounding in the balls do not confirm the digits.

    Examples
    --------
    >>> from flint import ctx
    >>> def size(u):
    ...     return u - 3 * np.logaddexp(0, u)
    >>> with ctx.workdps(50):
    ...     (half,) = integrals(lambda t: (t / (1 + t) ** 3,), size, 30)
    >>> mpmath.nstr(half, 20)
    '0.5'
    """
    needed = math.log(10) * digits + 5
    low, high = kept(log_size, needed)
    step = arb(math.pi**2 / (2 * needed))
    sums: list[list[arb]] = [[], []]
    for n in range(math.floor(low / float(step)), math.ceil(high / float(step)) + 1):
        values = integrand((n * step).exp())
        so_far = sums[n % 2] or [arb(0)] * len(values)
        sums[n % 2] = [total + value for total, value in zip(so_far, values, strict=True)]
    fine = [step * (even + odd) for even, odd in zip(*sums, strict=True)]
    for value, even in zip(fine, sums[0], strict=True):
        if not abs(value - 2 * step * even) < abs(value) * arb(10) ** -digits:
            raise ArithmeticError(f"{digits} digits are not reached")
    return tuple(map(as_number, fine))
