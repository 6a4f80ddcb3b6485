"""Statistics of the backward pass through one layer: see `statistics`.

The gradient at the output is that of ½‖X_(l+1) - Y‖² for a fixed Y.
"""

from __future__ import annotations

import numpy as np

from derivations.numeric.isometry import isometry_gap
from derivations.numeric.layers import Layer
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array

__all__ = [
    "chain_square",
    "gradient_square",
    "jacobian_bound",
    "jacobian_norm",
    "layer_jacobian_norm",
    "largest_inverse_norm",
    "least_row",
    "log_jacobian",
    "sharp_jacobian_bound",
    "target",
]


def target(d: int, n: int) -> Array:
    """Return a fixed target without symmetry."""
    return np.random.default_rng((d, n)).standard_normal((d, n))


def _upstream(layer: Layer) -> Array:
    gradient: Array = layer.output - target(*layer.X.shape[-2:])
    return gradient


def gradient_square(layer: Layer) -> Array:
    """Return ‖∂ℒ/∂W‖² by the network's own backward pass."""
    D = layer.transform.backward(layer.H, _upstream(layer))
    return squares(D @ layer.X.swapaxes(-1, -2))


def chain_square(layer: Layer) -> Array:
    """Return ‖N‖², N = R^(-1/2) (M - diag(M) C) R^(1/2)."""
    out, root = layer.output, np.sqrt(layer.row_norms)
    M, C = _upstream(layer) @ out.swapaxes(-1, -2), out @ out.swapaxes(-1, -2)
    inner = M - np.einsum("...ii->...i", M)[..., None] * C
    return squares(inner * root[..., None, :] / root[..., :, None])


def _row_jacobians(layer: Layer) -> Array:
    """Return the Jacobian of each row's normalisation, shape (draws, d, n, n)."""
    n = layer.X.shape[-1]
    columns = [
        layer.transform.backward(layer.H, np.broadcast_to(unit, layer.H.shape))
        for unit in np.eye(n)
    ]
    return np.stack(columns, axis=-1)


def jacobian_norm(layer: Layer) -> Array:
    """Return ‖J‖, the largest singular value of a row's Jacobian."""
    values = np.linalg.norm(_row_jacobians(layer), 2, axis=(-2, -1))
    largest: Array = values.max(axis=-1)
    return largest


def layer_jacobian_norm(layer: Layer) -> Array:
    """Return log‖∂X_(l+1)/∂X_l‖, from the whole Jacobian, (d n) × (d n)."""
    d, n = layer.X.shape[-2:]
    rows = _row_jacobians(layer)
    whole = np.einsum("bikm,bij->bikjm", rows, layer.W).reshape(len(layer.W), d * n, d * n)
    norms: Array = np.log(np.linalg.norm(whole, 2, axis=(-2, -1)))
    return norms


def least_row(layer: Layer) -> Array:
    """Return the least squared row norm of W X."""
    least: Array = layer.row_norms.min(axis=-1)
    return least


def log_jacobian(layer: Layer) -> Array:
    """Return log‖J‖ at an input scaled to trace d: -½ log of the least row norm."""
    scale = np.sum(layer.X**2) / layer.X.shape[-2]
    logs: Array = -0.5 * np.log(least_row(layer) / scale)
    return logs


def largest_inverse_norm(layer: Layer) -> Array:
    """Return the largest 1/√a_i."""
    largest: Array = least_row(layer) ** -0.5
    return largest


def _fall(layer: Layer) -> Array:
    """Return d (φ(X_l) - φ(X_(l+1)))."""
    fall: Array = layer.X.shape[-2] * (isometry_gap(layer.X) - layer.gap)
    return np.maximum(fall, 0.0)


def jacobian_bound(layer: Layer) -> Array:
    """Return ½(y + √(2y)) for the fall y of d φ."""
    y = _fall(layer)
    bound: Array = (y + np.sqrt(2 * y)) / 2
    return bound


def sharp_jacobian_bound(layer: Layer) -> Array:
    """Return half of the root of the sharp bound, by bisection."""
    y, d = _fall(layer), layer.X.shape[-2]
    if d == 1:
        return np.zeros_like(y)
    low, high = np.zeros_like(y), y + np.sqrt(2 * y)
    for _ in range(60):
        middle = (low + high) / 2
        positive = y - middle + (d - 1) * np.log1p(-np.expm1(-middle) / (d - 1)) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    bound: Array = high / 2
    return bound
