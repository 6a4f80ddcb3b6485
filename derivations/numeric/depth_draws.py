"""Draws of what many layers do to an input: see `derivations.numeric.observation.Draw`."""

from __future__ import annotations

import numpy as np

from derivations.numeric.montecarlo import input_at
from derivations.numeric.network import BNMLP
from derivations.numeric.weights import Array, haar_orthogonal
from derivations.point import Point

__all__ = [
    "gap_at_depth",
    "grown_gap",
    "hitting_time",
    "linearised_square",
    "linearised_square_squared",
    "log_gap_at_depth",
    "near_isometry_ratio",
]

_SMALL = 1e-5
_LONGEST = 100_000  # layers until the gap must be small, in a network with orthogonal weights


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**62))


def gap_at_depth(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Isometry gap of X_L.

    Examples
    --------
    >>> at = Point.of(None, [1, 2, 3], depth=50)
    >>> bool((gap_at_depth(at, 4, np.random.default_rng(0)) < 1e-5).all())
    True
    """
    depth, X = point.integer("depth"), input_at(point).X
    if not depth:
        return np.full(count, float(point.gap))
    gaps: Array = BNMLP(len(X), depth).run(X, networks=count, seed=_seed(rng)).gaps[:, -1]
    return gaps


def grown_gap(point: Point, count: int, rng: np.random.Generator) -> Array:
    """exp(2 φ(X_L)) - 1."""
    grown: Array = np.expm1(2 * gap_at_depth(point, count, rng))
    return grown


def log_gap_at_depth(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Logarithm of the isometry gap of X_L."""
    logs: Array = np.log(gap_at_depth(point, count, rng))
    return logs


def hitting_time(point: Point, count: int, rng: np.random.Generator) -> Array:
    """First layer at which the isometry gap is at most the threshold.

    Examples
    --------
    >>> at = Point.of(None, [1, 2, 3], threshold=10)
    >>> hitting_time(at, 2, np.random.default_rng(0))
    array([0., 0.])
    """
    threshold, X = float(point["threshold"]), input_at(point).X
    times = np.zeros(count)
    waiting = np.full(count, float(point.gap) > threshold)
    if not waiting.any():
        return times
    for layer in BNMLP(len(X), _LONGEST).layers(X, networks=count, seed=_seed(rng)):
        times[waiting] += 1
        waiting &= layer.gap > threshold
        if not waiting.any():
            return times
    raise ArithmeticError(f"{_LONGEST} layers do not reach the threshold {threshold}")


def near_isometry_ratio(point: Point, count: int, rng: np.random.Generator) -> Array:
    """φ(X_(l+1))/φ(X_l) for an input so near isometry that the ratio is its limit to 5 digits."""
    start = np.array(point.floats())
    delta = start / start.mean() - 1
    if not delta.any():
        raise ValueError("spectrum has equal eigenvalues: its gap is zero, and has no rate")
    S = np.diag(delta / np.abs(delta).max())
    after = _linearised_step(S, haar_orthogonal(len(S), count, rng), _SMALL)
    ratio: Array = after / np.sum(S**2)
    return ratio


def _linearised_step(S: Array, W: Array, size: float) -> Array:
    """2 d φ/size² after a layer for A = 1 + size S, from the cosines between the rows of W X.

    Those are C = 1 + size K, and φ = -log det C / d with log det C = -size² tr K²/2 + …; the next
    order, size³ tr K³/3, is kept.
    """
    B = W @ S @ W.swapaxes(-1, -2)
    scale = 1 / np.sqrt(1 + size * np.diagonal(B, axis1=-2, axis2=-1))
    K = B * scale[..., :, None] * scale[..., None, :]
    K[..., np.arange(len(S)), np.arange(len(S))] = 0.0
    square = np.einsum("...ij,...ij->...", K, K)
    cube = np.einsum("...ij,...jk,...ki->...", K, K, K)
    found: Array = square - 2 * size * cube / 3
    return found


def linearised_square(point: Point, count: int, rng: np.random.Generator) -> Array:
    """‖S_L‖² of the linearised layers S ↦ offdiag(W S Wᵀ), from S_0 = A - 1.

    Examples
    --------
    >>> at = Point.of(None, [1, 3], depth=0)
    >>> linearised_square(at, 2, np.random.default_rng(0))
    array([0.5, 0.5])
    """
    start = np.array(point.floats())
    S = np.broadcast_to(np.diag(start / start.mean() - 1), (count, len(start), len(start)))
    for _ in range(point.integer("depth")):
        W = haar_orthogonal(len(start), count, rng)
        S = W @ S @ W.swapaxes(-1, -2)
        # Without this an antisymmetric part, which is rounding, is conserved and takes over.
        S = (S + S.swapaxes(-1, -2)) / 2
        S[:, np.arange(len(start)), np.arange(len(start))] = 0.0
    squares: Array = np.einsum("...ij,...ij->...", S, S)
    return squares


def linearised_square_squared(point: Point, count: int, rng: np.random.Generator) -> Array:
    """‖S_L‖⁴ of the linearised layers."""
    squares: Array = linearised_square(point, count, rng) ** 2
    return squares
