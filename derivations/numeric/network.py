"""The forward pass of a batch-normalised multilayer perceptron, over many networks at once.

X_(l+1) = BN(W_l X_l), with X features × samples. Every function takes stacks: the last two axes
are one matrix, the axes before them are networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derivations.numeric.relative import Relative
from derivations.numeric.weights import Array, Sampler, haar_orthogonal

__all__ = ["Layer", "forward", "gap_of_spectrum", "isometry_gap", "spectrum", "unit_rows"]


def unit_rows(H: Array) -> Array:
    """Scale each row to unit Euclidean norm: the batch normalisation of the theory.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 2.0]]))
    array([[0.6, 0.8],
           [0. , 1. ]])
    """
    norms: Array = np.linalg.norm(H, axis=-1, keepdims=True)
    return H / norms


@dataclass(frozen=True)
class Layer:
    """One layer applied to its input: all that a statistic may look at.

    Parameters
    ----------
    X : numpy.ndarray
        Input, shape (..., d, n).
    W : numpy.ndarray
        Weights, shape (networks, d, d).
    normalise : callable
        Takes a stack of pre-activations and returns the normalised stack.

    Examples
    --------
    >>> layer = Layer(np.diag([1.0, 2.0]), np.eye(2)[None])
    >>> layer.row_norms
    array([[1., 4.]])
    """

    X: Array
    W: Array
    normalise: Callable[[Array], Array] = unit_rows

    @cached_property
    def H(self) -> Array:
        """Pre-activations W X, shape (networks, d, n)."""
        return self.W @ self.X

    @cached_property
    def row_norms(self) -> Array:
        """Squared row norms a_i = ‖h_i‖² = (W A Wᵀ)_ii, shape (networks, d)."""
        squares: Array = np.einsum("...ij,...ij->...i", self.H, self.H)
        return squares

    @cached_property
    def output(self) -> Array:
        """Output X_(l+1), shape (networks, d, n)."""
        return self.normalise(self.H)

    @cached_property
    def gap(self) -> Array:
        """Isometry gap of the output, shape (networks,)."""
        return isometry_gap(self.output)


def forward(
    X: Array,
    depth: int,
    networks: int,
    rng: np.random.Generator,
    weights: Sampler = haar_orthogonal,
    normalise: Callable[[Array], Array] = unit_rows,
) -> Iterator[Layer]:
    """Run independent networks on one input, a layer at a time.

    Parameters
    ----------
    X : numpy.ndarray
        Input, shape (d, n), features × samples.
    depth, networks : int
        How many layers, and how many independent networks.
    rng : numpy.random.Generator
        Where the weights come from.
    weights : callable, optional
        Takes width, count and generator, returns that many weight matrices.
    normalise : callable, optional
        What follows the linear map.

    Yields
    ------
    Layer
        Layers 0, 1, …, depth - 1 of all networks; only one is held at a time.

    Examples
    --------
    >>> layers = forward(np.diag([1.0, 2.0]), 3, 5, np.random.default_rng(0))
    >>> [layer.output.shape for layer in layers]
    [(5, 2, 2), (5, 2, 2), (5, 2, 2)]
    """
    d = X.shape[-2]
    for _ in range(depth):
        layer = Layer(X, weights(d, networks, rng), normalise)
        yield layer
        X = layer.output


def spectrum(X: Array) -> Array:
    """Eigenvalues of A = X Xᵀ, largest first.

    They are squared singular values: forming A first would lose half the digits of the small
    ones. Those below the rounding of the largest are set to zero.

    Parameters
    ----------
    X : numpy.ndarray
        Shape (..., d, n).

    Returns
    -------
    numpy.ndarray
        Shape (..., d).

    Examples
    --------
    >>> spectrum(np.array([[2.0], [0.0]]))
    array([4., 0.])
    """
    d, n = X.shape[-2:]
    values = np.linalg.svd(X, compute_uv=False)
    rounding = max(d, n) * np.finfo(float).eps * values[..., :1]
    squares = np.where(values > rounding, values, 0.0) ** 2
    missing = [(0, 0)] * (squares.ndim - 1) + [(0, max(d - n, 0))]
    return np.pad(squares, missing)


def gap_of_spectrum(eigenvalues: Array) -> Array:
    """Isometry gap φ = log(mean λ) - mean(log λ), infinite when an eigenvalue is zero.

    Right to the last digits for eigenvalues of any scale and spread, nearly equal ones included:
    see `derivations.numeric.relative.Relative.gap`, which also bounds its error.

    Examples
    --------
    >>> float(gap_of_spectrum(np.array([1.25, 0.75])))  # log 1 - (log 1.25 + log 0.75) / 2
    0.03226926056878558
    >>> float(gap_of_spectrum(np.array([1.0, 1e-12])))  # nearly log 5e5
    13.122363377405328
    """
    return Relative.of(eigenvalues).gap.value


def isometry_gap(X: Array) -> Array:
    """Isometry gap φ(X) = -log(det(A)^(1/d) / (tr A / d)) of A = X Xᵀ.

    Zero exactly when A is a multiple of the identity, infinite when A is singular.

    Parameters
    ----------
    X : numpy.ndarray
        Shape (..., d, n).

    Returns
    -------
    numpy.ndarray
        Shape (...).

    Examples
    --------
    >>> isometry_gap(np.array([np.eye(2), [[1.0, 1.0], [1.0, 1.0]]]))
    array([ 0., inf])
    """
    return gap_of_spectrum(spectrum(X))
