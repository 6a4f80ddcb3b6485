"""Statistics of isometry, and of the row norms that it is bounded by: see `statistics`."""

from __future__ import annotations

import numpy as np

from derivations.numeric.isometry import isometry_gap, spectrum
from derivations.numeric.layers import Layer
from derivations.numeric.layers.normalisation import UNIT_ROWS
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.relative import Relative
from derivations.numeric.weights import Array

__all__ = [
    "gap_times_width",
    "isometry",
    "isometry_in_singular_basis",
    "largest_deviation",
    "norm_product",
    "share_left_off_its_limit",
    "spread_bound",
]


def isometry(layer: Layer) -> Array:
    """Isometry exp(-φ) of the output."""
    values: Array = np.exp(-layer.gap)
    return values


def largest_deviation(layer: Layer) -> Array:
    """Return c - log(1 + c) for the largest distance c of an eigenvalue of the output from 1."""
    c = np.abs(spectrum(layer.output) - 1).max(axis=-1)
    values: Array = c - np.log1p(c)
    return values


def gap_times_width(layer: Layer) -> Array:
    """Isometry gap of the output times the width."""
    values: Array = layer.gap * layer.W.shape[-1]
    return values


def spread_bound(layer: Layer) -> Array:
    """Isometry of the input times 1 + var/mean² of the row norms of W X."""
    norms = np.sqrt(layer.row_norms)
    spread: Array = 1 + norms.var(axis=-1) / norms.mean(axis=-1) ** 2
    return spread * np.exp(-isometry_gap(layer.X))


def isometry_in_singular_basis(layer: Layer) -> Array:
    """Isometry of BN(Uᵀ H) for the left singular vectors U of H = W X."""
    U = np.linalg.svd(layer.H, full_matrices=False)[0]
    values: Array = np.exp(-isometry_gap(UNIT_ROWS(U.swapaxes(-1, -2) @ layer.H)))
    return values


def share_left_off_its_limit(layer: Layer) -> Array:
    """Return ±(φ(X_(l+1))/φ(X_l) - d/(d + 2)), with the sign that makes its exact mean positive.

    Zero at isometry, where both gaps are.
    """
    relative = Relative.of_one(spectrum(layer.X))
    d, before = len(relative.x), float(relative.gap.value)
    if not before:
        return np.zeros(len(layer.W))
    exact = 1 + float(log_mean_shift(relative).value) / before
    # The gap falls by the mean logarithm of the row norms: no small difference of two gaps.
    fall = -np.log(layer.row_norms * d / np.sum(layer.X**2)).mean(axis=-1)
    values: Array = np.copysign(1.0, exact - d / (d + 2)) * (1 - fall / before - d / (d + 2))
    return values


def norm_product(layer: Layer) -> Array:
    """Product of the norms of rows i and i+1, cyclically, over the mean square, averaged over i."""
    norms = np.sqrt(layer.row_norms)
    mean_square = np.sum(layer.X**2) / layer.W.shape[-1]
    products: Array = (norms * np.roll(norms, -1, axis=-1)).mean(axis=-1) / mean_square
    return products
