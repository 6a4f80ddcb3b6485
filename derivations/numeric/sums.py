"""Sums of squares that do not depend, to the last bit, on how many matrices are in the stack."""

from __future__ import annotations

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["row_squares", "squares"]


def row_squares(X: Array) -> Array:
    """Squared norms of the rows, shape (..., d).

    Examples
    --------
    >>> row_squares(np.array([[3.0, 4.0], [0.0, 2.0]]))
    array([25.,  4.])
    """
    found: Array = np.einsum("...ij,...ij->...i", X, X)
    return found


def squares(X: Array) -> Array:
    """Squared Frobenius norms, shape (...).

    Row by row: NumPy adds up a whole matrix in another order when it is alone in its stack.

    Examples
    --------
    >>> squares(np.array([[[3.0, 4.0], [0.0, 2.0]]]))
    array([29.])
    """
    found: Array = row_squares(X).sum(axis=-1)
    return found
