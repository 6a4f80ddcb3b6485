"""Draws of moments of row norms, of the orders of a point: see `observation.Draw`."""

from __future__ import annotations

import numpy as np

from derivations.numeric.layers import Layer
from derivations.numeric.montecarlo import OfLayer
from derivations.numeric.weights import Array, haar_orthogonal
from derivations.point import Point

__all__ = ["inverse_row_norm", "kernel_direction", "row_norm_joint_power", "row_norm_power"]


def _power(layer: Layer, point: Point) -> Array:
    powers: Array = (layer.row_norms ** point.integer("q")).mean(axis=-1)
    return powers


def _joint_power(layer: Layer, point: Point) -> Array:
    first, second = (layer.row_norms ** point.integer(name) for name in "qr")
    products: Array = (first * np.roll(second, -1, axis=-1)).mean(axis=-1)
    return products


def _inverse(layer: Layer, _point: Point) -> Array:
    inverses: Array = (1 / layer.row_norms).mean(axis=-1)
    return inverses


row_norm_power = OfLayer(_power)
"""a_i^q, averaged over the rows."""

row_norm_joint_power = OfLayer(_joint_power)
"""a_i^q a_j^r for rows i and j = i + 1, cyclically, averaged over i."""

inverse_row_norm = OfLayer(_inverse)
"""1/a_i, averaged over the rows; for A of a rank of at most 4 its variance is infinite."""


def kernel_direction(point: Point, count: int, rng: np.random.Generator) -> Array:
    """(X'ᵀ X')_vv for the unit vector v of samples that belongs to the first eigenvalue."""
    values = np.array(point.floats())
    W = haar_orthogonal(len(values), count, rng)
    norms = np.einsum("nik,k->ni", W**2, values)
    direction: Array = (W[:, :, 0] ** 2 * values[0] / norms).sum(axis=-1)
    return direction
