"""Integrals over t of Π_k (1 + 2 t λ_k)^(-1/2), for eigenvalues of any size.

With 2 t = e^u the integrand is analytic for |Im u| < π, log-concave on the line, and decays
exponentially at both ends: the trapezoidal rule with step h is off by e^(-π²/h), relatively. All
terms are positive, so nothing cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
from flint import arb, ctx

from derivations.numeric.line_sums import Factors, as_ball, integrals, kept
from derivations.numeric.stable import log_of
from derivations.numeric.weights import Array

__all__ = ["inverse_moment", "kernel_eigenvalue"]

_NEEDED = 49.0  # e to minus this is below the rounding of a sum


def inverse_moment(eigenvalues: Sequence[Fraction], digits: int = 16) -> mpmath.mpf:
    """(d - 2) ∫_0^∞ Π_k (1 + 2 t λ_k)^(-1/2) dt, at least three of them positive.

    Examples
    --------
    >>> print(mpmath.nstr(inverse_moment([Fraction(2)] * 5), 12))
    0.5
    """
    d = len(eigenvalues)
    return (d - 2) * _integral(eigenvalues, None, digits) / 2


def kernel_eigenvalue(eigenvalues: Sequence[Fraction], which: int, digits: int = 16) -> mpmath.mpf:
    """∫_0^∞ λ_j (1 + 2 t λ_j)^(-1) Π_k (1 + 2 t λ_k)^(-1/2) dt for one of them, j = which.

    Examples
    --------
    >>> print(mpmath.nstr(kernel_eigenvalue([Fraction(2)] * 5, 0), 12))
    0.2
    """
    chosen = eigenvalues[which]
    return _integral(eigenvalues, chosen, digits) / 2 if chosen else mpmath.mpf(0)


def _integral(eigenvalues: Sequence[Fraction], chosen: Fraction | None, digits: int) -> mpmath.mpf:
    """Integrate over u where 2 t = e^u, for one eigenvalue chosen or none."""
    logs = np.array([log_of(value) for value in eigenvalues if value])
    size = partial(_log_integrand, logs, None if chosen is None else log_of(chosen))
    return _by_floats(size) if digits <= 16 else _in_balls(eigenvalues, chosen, size, digits)


def _by_floats(size: Callable[[Array], Array]) -> mpmath.mpf:
    low, high = kept(size, _NEEDED)
    step = math.pi**2 / _NEEDED
    nodes: Array = step * np.arange(math.floor(low / step), math.ceil(high / step) + 1.0)
    found = size(nodes)
    return mpmath.mpf(step * math.fsum(np.exp(found - found.max()))) * mpmath.exp(found.max())


def _log_integrand(logs: Array, extra: float | None, u: Array) -> Array:
    found: Array = u - 0.5 * np.logaddexp(0, u[:, None] + logs).sum(axis=1)
    return found if extra is None else found + extra - np.logaddexp(0, u + extra)


def _in_balls(
    eigenvalues: Sequence[Fraction],
    chosen: Fraction | None,
    size: Callable[[Array], Array],
    digits: int,
) -> mpmath.mpf:
    wanted = digits + len(str(len(eigenvalues))) + 2
    with ctx.workdps(wanted + 20):
        factors = Factors(eigenvalues)
        one = arb(0) if chosen is None else as_ball(chosen)

        def integrand(t: arb) -> tuple[arb, ...]:
            term = t * factors.product(t).rsqrt()
            return (term if chosen is None else term * one / (1 + t * one),)

        return integrals(integrand, size, wanted)[0]
