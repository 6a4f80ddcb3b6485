"""Means of 1/a and of ‖A w‖²/a² over a uniform unit vector w, a = wᵀ A w: two integrals.

For a standard Gaussian z = ‖z‖ w, whose length and direction are independent, and any d > 2,

    E 1/a          = (d - 2) ∫_0^∞ Π_j (1 + 2tλ_j)^(-1/2) dt,
    E ‖A w‖²/a²    = (d - 2) ∫_0^∞ t Σ_k λ_k²/(1 + 2tλ_k) Π_j (1 + 2tλ_j)^(-1/2) dt.

With 2t = e^v both are integrals over the line of a function that is analytic for |Im v| < π and
decays exponentially at both ends where at least three eigenvalues are not zero: the trapezoidal
rule with step h is off by e^(-π²/h) or so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import mpmath
import numpy as np
from flint import arb, ctx

from derivations.numeric.line_sums import Factors, integrals
from derivations.numeric.relative import Bounded, Relative
from derivations.numeric.stable import log_of
from derivations.numeric.weights import Array

__all__ = ["inverse_means", "inverse_means_to_digits"]

STEP = 1 / 8
_BLOCK = 2_000_000
_NEGLIGIBLE = 42.0  # e to minus this, relative to the largest


def inverse_means(relative: Relative) -> tuple[Bounded, Bounded]:
    """Both means at eigenvalues of mean one, with a bound on their error.

    Parameters
    ----------
    relative : Relative
        One spectrum, at least three of its eigenvalues not zero.

    Examples
    --------
    >>> first, second = inverse_means(Relative.of(np.array([1.0, 1.0, 1.0])))
    >>> float(round(first.value, 14)), float(round(second.value, 14))
    (1.0, 1.0)
    """
    x = relative.x
    positive = x[x > 0]
    nodes = _nodes(positive)
    sums = np.zeros((2, 2))  # fine and coarse, first and second
    sizes = np.zeros(2)
    block = max(2, _BLOCK // len(positive) // 2 * 2)
    for start in range(0, len(nodes), block):
        v = nodes[start : start + block, None]
        grown = np.logaddexp(0.0, v + np.log(positive))
        first = np.exp(v[:, 0] - 0.5 * grown.sum(axis=1))
        share = np.exp(v + 2 * np.log(positive) - grown).sum(axis=1)
        for n, terms in enumerate((first, first * share / 2)):
            sums[n] += terms.sum(), 2 * terms[::2].sum()
            sizes[n] += (terms * (4 + np.abs(v[:, 0]) + 0.5 * grown.sum(axis=1))).sum()
    scale = (len(x) - 2) * STEP / 2
    values, coarse = scale * sums[:, 0], scale * sums[:, 1]
    rounding = 8 * np.finfo(float).eps * scale * sizes
    errors = np.abs(values - coarse) + rounding
    return Bounded(values[0], errors[0]), Bounded(values[1], errors[1])


def _nodes(positive: Array) -> Array:
    """Nodes beyond which both integrands are negligible, an even number of them."""
    logs = np.log(positive)

    def size(v: float) -> float:
        return v - 0.5 * float(np.logaddexp(0.0, v + logs).sum())

    peak = max((size(float(v)) for v in -np.sort(logs)), default=0.0)
    low, high = float(-logs.max()), float(-logs.min())
    # The second integrand falls like e^(2v) on the left, the first one like e^v.
    while size(low) > peak - _NEGLIGIBLE:
        low -= 2.0
    while size(high) > peak - _NEGLIGIBLE:
        high += 2.0
    count = 2 * math.ceil((high - low) / (2 * STEP))
    nodes: Array = low + STEP * np.arange(float(count))
    return nodes


def inverse_means_to_digits(
    eigenvalues: Sequence[Fraction], digits: int
) -> tuple[mpmath.mpf, mpmath.mpf]:
    """Both means at the eigenvalues as they are, to so many digits.

    Raises
    ------
    ArithmeticError
        When the rule with twice the step does not confirm them.

    Examples
    --------
    >>> first, second = inverse_means_to_digits([Fraction(2)] * 3, 20)
    >>> mpmath.nstr(first, 15), mpmath.nstr(second, 15)
    ('0.5', '1.0')
    """
    d = len(eigenvalues)
    logs = np.array([log_of(value) for value in eigenvalues if value])

    def size(u: Array) -> Array:
        # The second integrand is at most Σ λ_k/2 times the first.
        found: Array = u - 0.5 * np.logaddexp(0, u[:, None] + logs).sum(axis=1)
        return found

    wanted = digits + len(str(d)) + 2
    with ctx.workdps(wanted + 20):
        factors = Factors(eigenvalues)

        def integrand(t: arb) -> tuple[arb, ...]:
            product = factors.product(t)
            first = t * product.rsqrt()
            return first, first * t * factors.share(t, product) / 2

        first, second = integrals(integrand, size, wanted)
    with mpmath.workdps(wanted):
        return (d - 2) * first / 2, (d - 2) * second / 2
