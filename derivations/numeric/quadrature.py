"""The mean of log a over a Haar layer, relative to the mean of a: one integral, two rules.

With m = tr A / d and δ_k = λ_k/m - 1, the exact law of the row norm gives

    E log(a/m) = ∫_0^∞ ( (1 + 2tm)^(-d/2) - Π_k (1 + 2tλ_k)^(-1/2) ) dt/t.

The substitution 2tm = e^u makes it an integral over the line of

    (1 + e^u)^(-d/2) (1 - Π_k (1 + s δ_k)^(-1/2)),    s = 1/(1 + e^(-u)),

which is analytic for |Im u| < π and decays exponentially at both ends, so the trapezoidal rule
converges exponentially in the number of nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mpmath
import numpy as np

from derivations.numeric.stable import log1p_minus
from derivations.numeric.weights import Array

__all__ = ["LogMean", "log_mean_shift", "log_mean_shift_reference"]

STEP = 1 / 8
_BLOCK = 2_000_000  # numbers held at once


@dataclass(frozen=True)
class LogMean:
    """E log(a/m) for each spectrum, and a bound on how far off it may be.

    Parameters
    ----------
    value, error : numpy.ndarray
        Shape (...).
    """

    value: Array
    error: Array


def log_mean_shift(spectra: Array) -> LogMean:
    """E log(a/m) for many spectra at once, by the trapezoidal rule.

    Parameters
    ----------
    spectra : numpy.ndarray
        Eigenvalues of A, shape (..., d); none negative, not all zero.

    Returns
    -------
    LogMean
        Arrays of shape (...). The stated error is the difference from the rule with twice the
        step, plus rounding; the rule itself is far more accurate than that.

    Examples
    --------
    >>> bool(abs(log_mean_shift(np.array([1.0, 4.0])).value - np.log(9 / 10)) < 1e-14)
    True
    """
    spectra = np.asarray(spectra, dtype=float)
    flat = spectra.reshape(-1, spectra.shape[-1])
    values, errors = np.empty(len(flat)), np.empty(len(flat))
    nodes = _nodes(flat)
    block = max(1, _BLOCK // (len(nodes) * flat.shape[1]))
    for start in range(0, len(flat), block):
        part = slice(start, start + block)
        values[part], errors[part] = _trapezoid(flat[part], nodes)
    shape = spectra.shape[:-1]
    return LogMean(values.reshape(shape), errors.reshape(shape))


def _nodes(spectra: Array) -> Array:
    """Nodes beyond which the integrand is below rounding, an even number of steps apart."""
    d = spectra.shape[1]
    mean = spectra.mean(axis=1, keepdims=True)
    relative = spectra / mean
    # Towards -∞ the integrand falls like e^(2u) times its size, d max δ² at most.
    low = -20 - 0.5 * np.log(max(1.0, d * float(np.max(relative)) ** 2))
    # Towards +∞ like Π (1 + e^u λ_k/m)^(-1/2): go to where the slowest spectrum is below e^-40.
    high = 2.0
    while np.max(-0.5 * np.log1p(np.exp(high) * relative).sum(axis=1)) > -40:
        high += 1.0
    count = int(np.ceil((high - low) / (2 * STEP)))
    nodes: Array = low + STEP * np.arange(2 * count + 1)
    return nodes


def _trapezoid(spectra: Array, nodes: Array) -> tuple[Array, Array]:
    mean = spectra.mean(axis=1, keepdims=True)
    delta = (spectra - mean) / mean  # not spectra / mean - 1, which rounds each δ to 1e-16
    close = np.abs(delta).max(axis=1) < 0.9
    f, size = np.empty((2, len(spectra), len(nodes)))
    f[close], size[close] = _integrand_near_isometry(delta[close], nodes)
    f[~close], size[~close] = _integrand(spectra[~close] / mean[~close], nodes)
    fine = STEP * f.sum(axis=1)
    coarse = 2 * STEP * f[:, ::2].sum(axis=1)
    rounding = 16 * np.finfo(float).eps * STEP * size.sum(axis=1)
    return fine, np.abs(fine - coarse) + rounding


def _integrand(relative: Array, nodes: Array) -> tuple[Array, Array]:
    """Integrand at every node, and the size of the numbers whose difference it is."""
    isotropic = np.exp(-0.5 * relative.shape[1] * np.logaddexp(0, nodes))
    product = np.exp(-0.5 * np.log1p(np.exp(nodes) * relative[..., None]).sum(axis=1))
    return isotropic - product, isotropic + product


def _integrand_near_isometry(delta: Array, nodes: Array) -> tuple[Array, Array]:
    """Compute the same without cancellation, for eigenvalues within 0.9 of their mean."""
    s = 1 / (1 + np.exp(-nodes))
    # Σ_k δ_k = 0, so the linear term may be left out of the logarithms: no digits cancel.
    log_ratio = -0.5 * log1p_minus(s * delta[..., None]).sum(axis=1)
    isotropic = np.exp(-0.5 * delta.shape[1] * np.logaddexp(0, nodes))
    f = -isotropic * np.expm1(log_ratio)
    return f, np.abs(f)


def log_mean_shift_reference(eigenvalues: Sequence[float], digits: int = 20) -> tuple[float, float]:
    """E log(a/m) for one spectrum by mpmath's tanh-sinh quadrature, with its stated error.

    The integral is taken in t as it stands in the law, without the substitution of
    `log_mean_shift`, so that the two rules share nothing but the integrand's definition.

    Parameters
    ----------
    eigenvalues : sequence of float
        Eigenvalues of A; none negative, not all zero.
    digits : int
        Decimal digits of a first value; the value returned is computed with twice as many.

    Returns
    -------
    value, error : float
        The error is the difference between the two, plus the rounding to a float. (mpmath's own
        estimate is too small where the integrand falls like a power of t.)

    Examples
    --------
    >>> value, error = log_mean_shift_reference([1.0, 4.0])
    >>> bool(abs(value - np.log(9 / 10)) < 1e-15), error < 1e-12
    (True, True)
    """
    coarse, fine = (_by_mpmath(eigenvalues, dps) for dps in (digits, 2 * digits))
    rounding = float(np.finfo(float).eps) * abs(float(fine))
    return float(fine), float(abs(fine - coarse)) + rounding


def _by_mpmath(eigenvalues: Sequence[float], digits: int) -> mpmath.mpf:
    with mpmath.workdps(digits):
        lam = [mpmath.mpf(value) for value in eigenvalues]
        d, mean = len(lam), mpmath.fsum(lam) / len(lam)

        def integrand(t: mpmath.mpf) -> mpmath.mpf:
            product = mpmath.fprod(1 + 2 * t * value for value in lam)
            return ((1 + 2 * t * mean) ** (-mpmath.mpf(d) / 2) - 1 / mpmath.sqrt(product)) / t

        return mpmath.quad(
            integrand, [0, 1 / (2 * d * mean), 1 / (2 * mean), 10 / mean, mpmath.inf]
        )
