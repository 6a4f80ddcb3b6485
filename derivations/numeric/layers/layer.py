"""One layer applied to its input."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derivations.numeric.isometry import gap_of_rows
from derivations.numeric.layers.normalisation import UNIT_ROWS, ZeroRowError
from derivations.numeric.layers.order import Transform
from derivations.numeric.relative import EPS
from derivations.numeric.sums import row_squares
from derivations.numeric.weights import Array

__all__ = ["Layer"]


@dataclass(frozen=True)
class Layer:
    """One layer applied to its input: all that a statistic may look at.

    Parameters
    ----------
    X : numpy.ndarray
        Input, shape (..., d, n).
    W : numpy.ndarray
        Weights, shape (networks, d, d).
    transform : Transform, optional
        Takes a stack of pre-activations to the next layer's input: rows of unit norm, unless
        another is given.
    index : int, optional
        Which layer it is, from 0.

    Examples
    --------
    >>> layer = Layer(np.diag([1.0, 2.0]), np.eye(2)[None])
    >>> layer.row_norms
    array([[1., 4.]])
    """

    X: Array
    W: Array
    transform: Transform = UNIT_ROWS
    index: int = 0

    @cached_property
    def H(self) -> Array:
        """Pre-activations W X, shape (networks, d, n)."""
        return self.W @ self.X

    @cached_property
    def row_norms(self) -> Array:
        """Squared row norms a_i = ‖h_i‖² = (W A Wᵀ)_ii, shape (networks, d)."""
        return row_squares(self.H)

    @cached_property
    def output(self) -> Array:
        """Output X_(l+1), shape (networks, d, n)."""
        return self.transform(self.H)

    @cached_property
    def gap(self) -> Array:
        """Isometry gap of the output, shape (networks,)."""
        return gap_of_rows(self.output)

    def require_digits(self) -> None:
        """Refuse a row of W X that is what rounding left of terms that cancel.

        Raises
        ------
        ZeroRowError
        """
        norms, rounding = np.sqrt(self.row_norms), self.W.shape[-1] * EPS
        if (norms > rounding * norms.max()).all():
            return
        terms = np.linalg.norm(np.abs(self.W) @ np.abs(self.X), axis=-1)
        bad = np.argwhere((norms <= rounding * terms) & (terms > 0))
        if len(bad):
            raise ZeroRowError(int(bad[0][0]), int(bad[0][1]), "is zero up to rounding")
