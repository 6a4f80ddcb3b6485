"""Batch normalisation of the rows of a matrix, without an epsilon, and its derivative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derivations.numeric.relative import EPS
from derivations.numeric.sums import row_squares
from derivations.numeric.weights import Array

__all__ = ["UNIT_ROWS", "Normalisation", "ZeroRowError"]

_SMALL, _LARGE = 1e-280, 1e280  # squares beyond these have lost digits, or are about to


class ZeroRowError(ValueError):
    """A row that cannot be normalised.

    Parameters
    ----------
    network, row : int
        Where it is in the stack.
    reason : str
        What is wrong with it.
    """

    def __init__(self, network: int, row: int, reason: str):
        super().__init__(f"row {row} of network {network} {reason}")
        self.network, self.row, self.reason = network, row, reason


@dataclass(frozen=True)
class Normalisation:
    """Each row to one length, after its mean over the samples is subtracted or not.

    Parameters
    ----------
    centred : bool, optional
        Subtract the mean.
    root : bool, optional
        Rows of length √n, with n samples, in place of 1. With the mean subtracted this is unit
        variance, which is PyTorch's ``BatchNorm1d`` with ``eps=0``.

    Examples
    --------
    >>> Normalisation()(np.array([[3.0, 4.0], [0.0, 2.0]]))
    array([[0.6, 0.8],
           [0. , 1. ]])
    >>> Normalisation(centred=True, root=True)(np.array([[3.0, 5.0]]))
    array([[-1.,  1.]])
    """

    centred: bool = False
    root: bool = False

    def __call__(self, H: Array) -> Array:
        """Normalise a stack of shape (..., d, n).

        Raises
        ------
        ZeroRowError
            When a row is zero, or constant up to rounding and its mean was subtracted.
        """
        return self.scaled(H, 1.0)

    def scaled(self, H: Array, gain: float) -> Array:
        """Return the normalised stack times a number."""
        rows, norms = self._split(H)
        factors = gain * self.length(H) / norms
        if rows is H:
            return rows * factors
        rows *= factors  # in place: room for another array costs as much as filling it
        return rows

    def length(self, H: Array) -> float:
        """Length of a normalised row."""
        return float(np.sqrt(H.shape[-1])) if self.root else 1.0

    def centre(self, H: Array) -> Array:
        """Subtract the mean over the samples, if that is part of the normalisation."""
        return H - H.mean(axis=-1, keepdims=True) if self.centred else H

    def backward(self, H: Array, G: Array) -> Array:
        """Gradient at H, from the gradient at the normalised rows.

        Examples
        --------
        >>> Normalisation().backward(np.array([[3.0, 4.0]]), np.array([[1.0, 0.0]]))
        array([[ 0.128, -0.096]])
        """
        rows, norms = self._split(H)
        along = np.einsum("...ij,...ij->...i", G, rows)[..., None] / norms
        tangent = self.centre(G - (along / norms) * rows)
        tangent *= self.length(H) / norms
        return tangent

    def _split(self, H: Array) -> tuple[Array, Array]:
        """Return the rows to be scaled and their norms, shape (..., d, 1)."""
        if not self.centred:
            norms = _norms(H)
            _require_above(np.zeros_like(norms), norms, "is zero")
            return H, norms
        mean = H.mean(axis=-1, keepdims=True)
        rows = H - mean
        norms = _norms(rows)
        d, n = H.shape[-2:]
        rounding = (d + n) * EPS * np.sqrt(n) * np.abs(mean)
        _require_above(rounding, norms, "is the same at every sample")
        return rows, norms


UNIT_ROWS = Normalisation()
"""The batch normalisation of the theory."""


def _norms(H: Array) -> Array:
    """Euclidean norms of the rows, shape (..., d, 1), whatever their scale."""
    squares = row_squares(H)[..., None]
    if squares.min() > _SMALL and squares.max() < _LARGE:
        norms: Array = np.sqrt(squares)
    else:
        top = np.abs(H).max(axis=-1, keepdims=True)
        norms = top * np.linalg.norm(H / np.where(top > 0, top, 1.0), axis=-1, keepdims=True)
    return norms


def _require_above(floor: Array, norms: Array, reason: str) -> None:
    if (norms > floor).all():
        return
    network, row = (0, *np.argwhere(norms <= floor)[0][:-1])[-2:]
    raise ZeroRowError(int(network), int(row), reason)
