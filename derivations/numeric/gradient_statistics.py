"""Statistics of the backward pass through one layer: see `statistics`.

The gradient at the output is that of ½‖X_(l+1) - Y‖² for a fixed Y.
"""

from __future__ import annotations

import numpy as np

from derivations.numeric.isometry import gap_of_spectrum, isometry_gap
from derivations.numeric.layers import Layer
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array

__all__ = [
    "chain_square",
    "gradient_square",
    "jacobian_bound",
    "jacobian_entry",
    "jacobian_entry_again",
    "jacobian_norm",
    "jacobian_square",
    "layer_jacobian_norm",
    "largest_inverse_norm",
    "least_row",
    "log_jacobian",
    "log_jacobian_near_isometry",
    "log_largest",
    "multiplicity",
    "root_of_small_gap",
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
    """Return log‖T G‖/‖G‖ for the transposed Jacobian T of the layer, and a G that it grows most.

    G has one row, that of the least row norm of W X, and is orthogonal to that row.
    """
    least = layer.row_norms.argmin(axis=-1)
    draws = np.arange(len(least))
    line = layer.H[draws, least]
    side = np.zeros_like(line)
    place = np.abs(line).argmin(axis=-1)
    side[draws, place] = 1.0
    side -= line * (line[draws, place] / layer.row_norms[draws, least])[:, None]
    G = np.zeros_like(layer.H)
    G[draws, least] = side
    grown = layer.W.swapaxes(-1, -2) @ layer.transform.backward(layer.H, G)
    logs: Array = (np.log(squares(grown)) - np.log(squares(G))) / 2
    return logs


def log_largest(layer: Layer) -> Array:
    """Return log‖J‖ at the input as it is."""
    logs: Array = -np.log(least_row(layer)) / 2
    return logs


def jacobian_square(layer: Layer) -> Array:
    """Return ‖J‖²."""
    values: Array = 1 / least_row(layer)
    return values


def jacobian_entry(layer: Layer) -> Array:
    """Return an entry of the Jacobian of the first row, off the diagonal where there is one."""
    n = layer.X.shape[-1]
    unit = np.broadcast_to(np.eye(n)[int(n > 1)], layer.H.shape)
    entries: Array = layer.transform.backward(layer.H, unit)[:, 0, 0]
    return entries


def jacobian_entry_again(layer: Layer) -> Array:
    """Return (δ - x_0 x_1/‖x‖²)/‖x‖ of the first row."""
    line, square = layer.H[:, 0], layer.row_norms[:, 0]
    other = int(line.shape[-1] > 1)
    entries: Array = ((other == 0) - line[:, 0] * line[:, other] / square) / np.sqrt(square)
    return entries


def multiplicity(layer: Layer) -> Array:
    """Return how many singular values of the first row's Jacobian are not zero."""
    values = np.linalg.svd(_row_jacobians(layer)[:, 0], compute_uv=False)
    counts: Array = (values * np.sqrt(layer.row_norms[:, :1]) > 0.5).sum(axis=-1).astype(float)
    return counts


def least_row(layer: Layer) -> Array:
    """Return the least squared row norm of W X."""
    least: Array = layer.row_norms.min(axis=-1)
    return least


def log_jacobian(layer: Layer) -> Array:
    """Return log‖J‖ at an input scaled to trace d: -½ log of the least row norm."""
    scale = np.sum(layer.X**2) / layer.X.shape[-2]
    logs: Array = -0.5 * np.log(least_row(layer) / scale)
    return logs


def _moved_to_isometry(layer: Layer) -> Layer:
    """Return the layer at an input with a gap of at most 1/(16 d), on the way to isometry.

    The singular vectors stay, and the eigenvalues λ of mean one become 1 + s (λ - 1), for
    the largest s ≤ 1.
    """
    U, singular, V = np.linalg.svd(layer.X, full_matrices=False)
    delta = singular**2 / np.mean(singular**2) - 1
    kept, beyond = 0.0, 2.0
    for _ in range(50):
        middle = (kept + beyond) / 2  # 1 at first
        small = middle <= 1 and gap_of_spectrum(1 + middle * delta) <= 1 / (16 * len(delta))
        kept, beyond = (middle, beyond) if small else (kept, middle)
    return Layer(U @ (np.sqrt(1 + kept * delta)[:, None] * V), layer.W)


def log_jacobian_near_isometry(layer: Layer) -> Array:
    """Return log‖J‖ at the input moved to a gap of at most 1/(16 d)."""
    return log_jacobian(_moved_to_isometry(layer))


def root_of_small_gap(layer: Layer) -> Array:
    """Return 2 √(d φ) at that input."""
    X = _moved_to_isometry(layer).X
    bound = 2 * np.sqrt(len(X) * isometry_gap(X))
    return np.full(len(layer.W), bound)


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
