"""Statistics: what a simulation looks at, one number per draw of the weights.

A statistic takes a `derivations.numeric.layers.Layer` and returns an array of shape (draws,). A
new one is a function here; a formula names it as what it is the mean of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeAlias

import numpy as np

from derivations.numeric.layers import Layer
from derivations.numeric.weights import Array

__all__ = [
    "Statistic",
    "corners",
    "gap",
    "row_norm",
    "row_norm_product",
    "row_norm_square",
]

Statistic: TypeAlias = Callable[[Layer], Array]

_NUMBERS = 2**15  # that go through an average of monomials together


def gap(layer: Layer) -> Array:
    """Isometry gap of the output."""
    return layer.gap


def row_norm(layer: Layer) -> Array:
    """Squared norm a_i of the first row of W X."""
    norms: Array = layer.row_norms[:, 0]
    return norms


def row_norm_square(layer: Layer) -> Array:
    """Squared distance of a_i from its exact mean, averaged over the rows."""
    squares: Array = (_centred(layer) ** 2).mean(axis=-1)
    return squares


def row_norm_product(layer: Layer) -> Array:
    """Product of these distances for rows i ≠ j, averaged over all pairs."""
    centred = _centred(layer)
    rows = centred.shape[-1]
    ordered = centred.sum(axis=-1) ** 2 - (centred**2).sum(axis=-1)
    products: Array = ordered / max(1, rows * (rows - 1))
    return products


def corners(layer: Layer, powers: Sequence[int]) -> Array:
    """Monomial in the corners of a rectangle, averaged over neighbouring rows and columns.

    Rectangles with corners (i, j) and (i+1, j+1), cyclically, have one law, and d² of them in a
    draw say more than one.

    Parameters
    ----------
    layer : Layer
        The weights are looked at, not the input.
    powers : sequence of int
        Exponents of W_ij, W_i(j+1), W_(i+1)j and W_(i+1)(j+1).

    Examples
    --------
    >>> from derivations.numeric.layers import Layer
    >>> corners(Layer(np.eye(2), np.array([[[1.0, 2.0], [3.0, 5.0]]])), (2, 0, 0, 1))
    array([15.])
    """
    # Few enough at a time that they stay in the caches.
    size = max(1, _NUMBERS // layer.W[0].size)
    blocks = (layer.W[start : start + size] for start in range(0, len(layer.W), size))
    return np.concatenate([_corners(W, powers) for W in blocks])


def _corners(W: Array, powers: Sequence[int]) -> Array:
    rows, columns = W.shape[-2:]
    # The first row and column once more after the last: neighbours are then slices.
    around = np.empty((len(W), rows + 1, columns + 1))
    around[:, :rows, :columns] = W
    around[:, rows, :columns] = W[:, 0]
    around[:, :, columns] = around[:, :, 0]
    places = [(row, column) for row in (0, 1) for column in (0, 1)]
    factors = [
        _power(around, n)[:, row : row + rows, column : column + columns]
        for (row, column), n in zip(places, powers, strict=True)
        if n
    ]
    *others, last = factors
    rest = reduce(np.multiply, others) if others else np.ones(())
    total = np.einsum("kij,kij->k", np.broadcast_to(rest, last.shape), last)
    mean: Array = total / (rows * columns)
    return mean


def _power(x: Array, n: int) -> Array:
    """Return x^n for n ≥ 1 by products, which NumPy does for squares alone."""
    if n == 1:
        return x
    square = _power(x * x, n // 2)
    return square * x if n % 2 else square


def _centred(layer: Layer) -> Array:
    """Row norms minus their exact mean p_1/d, shape (draws, d)."""
    d, p_1 = layer.W.shape[-1], np.sum(layer.X**2)
    centred: Array = layer.row_norms - p_1 / d
    return centred
