"""Integrals over t of Π_k (1 + 2 t λ_k)^(-1/2), for eigenvalues of any size.

With 2 t = e^u the integrand is analytic for |Im u| < π, log-concave on the line, and decays
exponentially at both ends: the trapezoidal rule with step h is off by e^(-π²/h), relatively. All
terms are positive, so nothing cancels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import mpmath
import numpy as np
from flint import arb, ctx, fmpq

from derivations.numeric.weights import Array

__all__ = ["inverse_moment", "kernel_eigenvalue"]

_FAR = 1600  # where the floats end, on the scale of u


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
    """Sum over the line, between the places where the integrand is negligible."""
    logs = np.array([_log(value) for value in eigenvalues if value])
    extra = None if chosen is None else _log(chosen)
    rough = np.arange(-_FAR, _FAR + 1.0)
    sizes = _log_integrand(rough, logs, extra)
    kept = rough[sizes > sizes.max() - 2.31 * digits - 12]
    low, high = kept[0] - 1, kept[-1] + 1
    step = math.pi**2 / (2.31 * digits + 12)
    nodes = np.arange(math.floor(low / step), math.ceil(high / step) + 1)
    if digits <= 16:
        found = _log_integrand(step * nodes, logs, extra)
        return mpmath.mpf(step * math.fsum(np.exp(found - found.max()))) * mpmath.exp(found.max())
    with ctx.workdps(digits + 15):
        return _slowly(eigenvalues, chosen, nodes, arb(step))


def _log_integrand(u: Array, logs: Array, extra: float | None) -> Array:
    total = u - 0.5 * sum(np.logaddexp(0, u + value) for value in logs)
    if extra is not None:
        total = total + extra - np.logaddexp(0, u + extra)
    found: Array = np.asarray(total)
    return found


def _slowly(
    eigenvalues: Sequence[Fraction], chosen: Fraction | None, nodes: Array, step: arb
) -> mpmath.mpf:
    """Sum in balls; equal eigenvalues are taken together."""
    counts = Counter(v for v in eigenvalues if v)
    values = [(arb(fmpq(v.numerator, v.denominator)), n) for v, n in counts.items()]
    one = None if chosen is None else arb(fmpq(chosen.numerator, chosen.denominator))
    total = arb(0)
    for node in nodes:
        t = (int(node) * step).exp()
        product = arb(1)
        for value, n in values:
            product *= 1 + t * value if n == 1 else (1 + t * value) ** n
        term = t / product.sqrt()
        total += term if one is None else term * one / (1 + t * one)
    mantissa, exponent = (step * total).mid().man_exp()
    with mpmath.workprec(ctx.prec):
        return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))


def _log(value: Fraction) -> float:
    """Logarithm of a positive rational number of any size."""
    shift = value.numerator.bit_length() - value.denominator.bit_length()
    return math.log(value / Fraction(2) ** shift) + shift * math.log(2)
