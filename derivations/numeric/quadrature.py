"""The mean of log a over a Haar layer, relative to the mean of a: one integral, for floats.

With m = tr A / d and x_k = λ_k/m = 1 + δ_k, the exact law of the row norm gives

    E log(a/m) = ∫_0^∞ ( (1 + 2tm)^(-d/2) - Π_k (1 + 2tλ_k)^(-1/2) ) dt/t.

The substitution 2tm = e^u makes it an integral over the line of

    (1 + e^u)^(-d/2) - P(u),    P(u) = Π_k (1 + e^u x_k)^(-1/2),

which is analytic for |Im u| < π, bounded for |Im u| ≤ π/2, and decays exponentially at both
ends: with step h the trapezoidal rule is off by e^(-π²/h). As Σ_k δ_k = 0, the integrand is

    P(u) (e^(-r) - 1),    r = -½ Σ_k ( log(1 + s δ_k) - s δ_k ) ≥ 0,    s = 1/(1 + e^(-u)),

in which every term has one sign and no digits cancel, near isometry or far from it.
"""

from __future__ import annotations

import math

import numpy as np

from derivations.numeric.relative import EPS, Bounded, Relative
from derivations.numeric.stable import log1p_minus
from derivations.numeric.weights import Array

__all__ = ["log_mean_shift"]

STEP = 1 / 8
_BLOCK = 500_000  # numbers held at once
_NEGLIGIBLE = -50.0  # e to this, relative to the integrand's size, ends the line
_SMALL, _ORDERS = 1 / 8, 20  # (1/8)^19 is below the rounding of the leading term


def log_mean_shift(spectra: Array | Relative) -> Bounded:
    """E log(a/m) for many spectra at once, by the trapezoidal rule.

    Parameters
    ----------
    spectra : numpy.ndarray or Relative
        Eigenvalues of A, shape (..., d); none negative, not all zero.

    Returns
    -------
    Bounded
        Arrays of shape (...). The stated error is the difference from the rule with twice the
        step, plus the rounding of every operation, plus the two ends that are left out.

    Examples
    --------
    >>> shift = log_mean_shift(np.array([1.0, 4.0]))
    >>> bool(abs(shift.value - np.log(9 / 10)) <= shift.error), bool(shift.error < 1e-14)
    (True, True)
    """
    relative = spectra if isinstance(spectra, Relative) else Relative.of(spectra)
    shape, d = relative.x.shape[:-1], relative.x.shape[-1]
    flat = relative.reshape(-1, d)
    values, errors = np.empty((2, len(flat.x)))
    block = max(1, _BLOCK // (400 * d))
    for start in range(0, len(flat.x), block):
        part = slice(start, start + block)
        values[part], errors[part] = _trapezoid(flat[part], _nodes(flat.x[part]))
    return Bounded(values.reshape(shape), errors.reshape(shape))


def _nodes(x: Array) -> Array:
    """Nodes beyond which the integrand is negligible, an even number of steps apart."""
    d, largest = x.shape[1], float(np.max(x, initial=1.0))
    # Towards -∞ the integrand falls like e^(2u) d max δ²; its integral is at least 1/d² of that.
    low = -math.ceil(-0.5 * _NEGLIGIBLE + math.log(d * largest))
    # Towards +∞ like P(u), which the largest eigenvalue alone makes fall by e^(-u/2).
    high = 2.0
    while np.max(-0.5 * np.log1p(np.exp(high) * x).sum(axis=1)) > _NEGLIGIBLE:
        high += 2.0
    count = math.ceil((high - low) / (2 * STEP))
    nodes: Array = low + STEP * np.arange(2.0 * count + 1)
    return nodes


def _trapezoid(relative: Relative, nodes: Array) -> tuple[Array, Array]:
    log_product, r = _exponents(relative, nodes)
    f = np.exp(log_product) * np.expm1(-r)
    fine = STEP * f.sum(axis=1)
    coarse = 2 * STEP * f[:, ::2].sum(axis=1)
    ends = np.abs(f[:, 0]) + 2 * np.abs(f[:, -1])
    # Sums of d terms of one sign lose log2 d of the last digits at most; e^y turns the relative
    # error of y into y times as much.
    digits = 4 + math.log2(relative.x.shape[1])
    rounding = EPS * digits * STEP * (np.abs(f) * (4 - log_product)).sum(axis=1)
    return fine, np.abs(fine - coarse) + ends + rounding + relative.floor


def _exponents(relative: Relative, nodes: Array) -> tuple[Array, Array]:
    """Return log P and r at every node, shape (spectra, nodes)."""
    size = np.abs(relative.delta).max(initial=0.0)
    near = int(np.count_nonzero(size / (1 + np.exp(-nodes)) <= _SMALL))
    parts = (_by_power_sums(relative, nodes[:near]), _by_terms(relative, nodes[near:]))
    log_product, r = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return log_product, r


def _by_power_sums(relative: Relative, nodes: Array) -> tuple[Array, Array]:
    """Compute them where every s δ is small: r = ½ Σ_q (-s)^q/q Σ_k δ_k^q, from q = 2 on."""
    d = relative.x.shape[1]
    size = np.abs(relative.delta).max(initial=0.0) or 1.0
    scaled, s = relative.delta / size, size / (1 + np.exp(-nodes))
    sums = [(scaled**q).sum(axis=1, keepdims=True) for q in range(2, _ORDERS + 1)]
    r = np.zeros((len(scaled), len(nodes)))
    for q in range(_ORDERS, 1, -1):
        r = sums[q - 2] / q - s * r
    r *= 0.5 * s**2
    return r - 0.5 * d * np.logaddexp(0, nodes), r


def _by_terms(relative: Relative, nodes: Array) -> tuple[Array, Array]:
    """Compute them eigenvalue by eigenvalue."""
    grown = np.log1p(np.exp(nodes) * relative.x[..., None])
    y = relative.delta[..., None] / (1 + np.exp(-nodes))
    # Where s δ comes near to -1, 1 + s δ = (1 + e^u x)/(1 + e^u) keeps the digits of x.
    lost = y < -0.5
    terms = log1p_minus(np.where(lost, 0.0, y))
    np.copyto(terms, grown - np.logaddexp(0, nodes) - y, where=lost)
    return -0.5 * grown.sum(axis=1), -0.5 * terms.sum(axis=1)
