"""Draws of what gradients of whole networks do: each takes a point, a count and a generator."""

from __future__ import annotations

import numpy as np

from derivations.numeric.gradient_statistics import target
from derivations.numeric.layers import Layer
from derivations.numeric.network import BNMLP
from derivations.numeric.run import Run
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array, haar_orthogonal
from derivations.point import Point

__all__ = [
    "gradient_square_at_isometry",
    "input_gradient_square",
    "log_gradient_gain",
    "log_jacobian_sum",
    "offdiagonal_square",
    "weight_gradient_square",
]

DEPTH = 10
"""How deep a network is where the formula does not say."""


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
