"""Draws of what gradients of whole networks do: each takes a point, a count and a generator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derivations.numeric.gradient_statistics import target
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.layers import Layer
from derivations.numeric.losses import CrossEntropy
from derivations.numeric.network import BNMLP
from derivations.numeric.run import Run
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array, haar_orthogonal
from derivations.point import Point

__all__ = [
    "gradient_square_at_isometry",
    "hitting_time",
    "input_gradient_square",
    "largest_sample_gradient",
    "layers_of_run",
    "log_gradient",
    "log_gradient_gain",
    "log_jacobian_sum",
    "offdiagonal_square",
    "root_gap_sum",
    "weight_gradient_square",
]

DEPTH = 10
"""How deep a network is where the formula does not say."""


def layers_of_run(_point: Point) -> int:
    """Return about how many layers a draw of such a network costs, forwards and backwards."""
    return 4 * DEPTH


def _input(point: Point) -> Array:
    assert point.input is not None  # a simulation has one
    return point.input


def _run(X: Array, depth: int, count: int, rng: np.random.Generator) -> Run:
    network = BNMLP(width=len(X), depth=depth)
    return network.run(X, target(*X.shape), networks=count, seed=int(rng.integers(2**63)))


def log_gradient_gain(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return log‖∂ℒ/∂W_0‖ - log‖∂ℒ/∂X_L‖ - ½ log d, for ℒ = ½‖X_L - Y‖²."""
    X = _input(point)
    run = _run(X, DEPTH, count, rng)
    assert run.log_gradient_norms is not None and run.losses is not None
    gain: Array = run.log_gradient_norms[:, 0] - np.log(2 * len(X) * run.losses) / 2
    return gain


def log_jacobian_sum(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return Σ_l log‖J_l‖ over the layers, at an input scaled to trace d."""
    X, depth = _input(point), point.integer("depth")
    total = np.zeros(count)
    if depth:
        network = BNMLP(width=len(X), depth=depth)
        start = X * np.sqrt(len(X) / np.sum(X**2))
        for layer in network.layers(start, count, seed=int(rng.integers(2**63))):
            total -= np.log(layer.row_norms.min(axis=-1)) / 2
    return total


def gradient_square_at_isometry(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return ‖∂ℒ/∂W_l‖²/‖Y‖² for ℒ = ½‖X_L - Y‖², from X_0 = 1."""
    X = np.eye(point.integer_width())
    run = _run(X, point.integer("depth"), count, rng)
    assert run.log_gradient_norms is not None
    norms = np.exp(2 * run.log_gradient_norms[:, point.integer("layer")])
    return norms / float(np.sum(target(*X.shape) ** 2))


def offdiagonal_square(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return ‖offdiag(Wᵀ S W)‖²/‖S‖² for a fixed symmetric S without a diagonal."""
    d = point.integer_width()
    S = target(d, d)
    S = S + S.T
    np.fill_diagonal(S, 0.0)
    W = haar_orthogonal(d, count, rng)
    turned = W.swapaxes(-1, -2) @ S @ W
    diagonal = np.einsum("bii->bi", turned)
    values: Array = (squares(turned) - (diagonal**2).sum(axis=-1)) / np.sum(S**2)
    return values


def _one_layer(point: Point, count: int, rng: np.random.Generator) -> tuple[Layer, Array]:
    """Return layers, and gradients at their inputs W X, for upstream ones of independent normals.

    They are divided by their mean square, d n.
    """
    X = _input(point)
    layer = Layer(X, haar_orthogonal(len(X), count, rng))
    G = rng.standard_normal((count, *X.shape)) / np.sqrt(X.size)
    return layer, layer.transform.backward(layer.H, G)


def input_gradient_square(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return ‖∂ℒ/∂X_l‖² over the mean of ‖G‖²: a rotation leaves the norm of ∂ℒ/∂H as it is."""
    return squares(_one_layer(point, count, rng)[1])


def weight_gradient_square(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return ‖∂ℒ/∂W_l‖² over the mean of ‖G‖²."""
    layer, D = _one_layer(point, count, rng)
    return squares(D @ layer.X.T)


def log_gradient(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return log‖∂ℒ/∂W_0‖ for cross-entropy, times √(d n), over n samples.

    The gradient of a sample is at most √2, so that at the output is at most √(2 d).
    """
    X = _input(point)
    samples = X.shape[1]
    network = BNMLP(width=len(X), depth=DEPTH)
    labels = np.arange(samples) % len(X)
    run = network.run(X, labels, "cross-entropy", count, seed=int(rng.integers(2**63)))
    assert run.log_gradient_norms is not None
    logs: Array = run.log_gradient_norms[:, 0] + np.log(len(X) * samples) / 2
    return logs


def largest_sample_gradient(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return the larger gradient of cross-entropy and of the squared error of unit vectors."""
    d = point.integer_width()
    logits = 5 * rng.standard_normal((count, d, 1))
    label = np.zeros(1, dtype=np.intp)
    entropy = CrossEntropy(label).gradient(logits)
    x, y = (rng.standard_normal((count, d)) for _ in range(2))
    difference = x / np.linalg.norm(x, axis=1)[:, None] - y / np.linalg.norm(y, axis=1)[:, None]
    norms: Array = np.maximum(np.linalg.norm(difference, axis=1), np.sqrt(squares(entropy)))
    return norms


def _gaps(X: Array, count: int, rng: np.random.Generator, depth: int) -> Iterator[Array]:
    """Yield the gaps of the inputs of layers 0, 1, …, by the row norms that they are divided by."""
    gaps = np.full(count, float(isometry_gap(X)))
    yield gaps
    start = X * np.sqrt(len(X) / np.sum(X**2))
    network = BNMLP(width=len(X), depth=depth)
    for layer in network.layers(start, count, seed=int(rng.integers(2**63))):
        gaps = np.maximum(gaps + np.log(layer.row_norms).mean(axis=-1), 0.0)
        yield gaps


MOST = 10_000
"""Layers until a gap is small: more than this no network needs."""


def hitting_time(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return the first layer whose input has a gap of at most 1/(16 d)."""
    X = _input(point)
    times = np.zeros(count)
    for gaps in _gaps(X, count, rng, MOST):
        above = gaps > 1 / (16 * len(X))
        if not above.any():
            return times
        times += above  # a gap never grows
    raise ArithmeticError(f"a gap is still large after {MOST} layers")


def root_gap_sum(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Return Σ √(d φ(X_m)) over the layers m = S + 1, …, L, S as in `hitting_time`."""
    X, depth = _input(point), point.integer("depth")
    total, small = np.zeros(count), np.zeros(count, dtype=bool)
    for gaps in _gaps(X, count, rng, max(depth, 1)):
        total += np.where(small, np.sqrt(len(X) * gaps), 0.0)
        small = small | (gaps <= 1 / (16 * len(X)))
    return total if depth else np.zeros(count)
