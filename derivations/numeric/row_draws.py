"""Draws of moments of row norms, of the orders of a point: see `observation.Draw`."""

from __future__ import annotations

import numpy as np

from derivations.numeric.layers import Layer
from derivations.numeric.montecarlo import input_at
from derivations.numeric.weights import Array, haar_orthogonal
from derivations.point import Point

__all__ = ["inverse_row_norm", "kernel_direction", "row_norm_joint_power", "row_norm_power"]


def _norms(point: Point, count: int, rng: np.random.Generator) -> Array:
    X = input_at(point).X
    norms: Array = Layer(X, haar_orthogonal(len(X), count, rng)).row_norms
    return norms


def row_norm_power(point: Point, count: int, rng: np.random.Generator) -> Array:
    """a_i^q, averaged over the rows.

    Examples
    --------
    >>> row_norm_power(Point.of(None, [2, 2], q=3), 1, np.random.default_rng(0)).round(9)
    array([8.])
    """
    powers: Array = (_norms(point, count, rng) ** point.integer("q")).mean(axis=-1)
    return powers


def row_norm_joint_power(point: Point, count: int, rng: np.random.Generator) -> Array:
    """a_i^q a_j^r for rows i and j = i + 1, cyclically, averaged over i."""
    norms = _norms(point, count, rng)
    first, second = (norms ** point.integer(name) for name in "qr")
    products: Array = (first * np.roll(second, -1, axis=-1)).mean(axis=-1)
    return products


def inverse_row_norm(point: Point, count: int, rng: np.random.Generator) -> Array:
    """1/a_i, averaged over the rows; for A of a rank of at most 4 its variance is infinite."""
    inverses: Array = (1 / _norms(point, count, rng)).mean(axis=-1)
    return inverses


def kernel_direction(point: Point, count: int, rng: np.random.Generator) -> Array:
    """(X'ᵀ X')_vv for the unit vector v of samples that belongs to the first eigenvalue."""
    values = np.array(point.floats())
    W = haar_orthogonal(len(values), count, rng)
    norms = np.einsum("nik,k->ni", W**2, values)
    direction: Array = (W[:, :, 0] ** 2 * values[0] / norms).sum(axis=-1)
    return direction
