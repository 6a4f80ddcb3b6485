"""The isometry gap: of a spectrum, of a matrix, and without singular values where they are slow.

φ(X) = log(tr A / d) - log(det A)/d with A = X Xᵀ. Functions take stacks: the last two axes are one
matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derivations.numeric.relative import Relative
from derivations.numeric.sums import row_squares
from derivations.numeric.weights import Array

__all__ = ["gap_by_pivots", "gap_of_spectrum", "isometry_gap", "spectrum"]

SMALLEST_PIVOT = 1e-5
"""A gap from smaller pivots has lost too many digits: forming A doubled the loss."""


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


def gap_by_pivots(X: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Isometry gap from Cholesky pivots, and where it can be trusted.

    With A = D C D and C the cosines between rows, φ(X) is the gap of the squared row norms plus
    -log(det C)/d. A pivot of C is 1 - s, s the squares to its left in the factor: taken as
    log1p(-s), the smallest gaps keep the digits that singular values would give them.

    Parameters
    ----------
    X : numpy.ndarray
        Shape (networks, d, n).

    Returns
    -------
    gap, sure : numpy.ndarray
        Shape (networks,). Where ``sure`` is false the rows are dependent up to rounding, or too
        nearly so, and the gap says nothing.

    Examples
    --------
    >>> gap, sure = gap_by_pivots(np.array([[[1.0, 0.0], [1e-10, 1.0]], [[1.0, 1.0], [1.0, 1.0]]]))
    >>> f"{gap[0]:.9g}", sure  # half of 1e-20
    ('5e-21', array([ True, False]))
    """
    d = X.shape[-2]
    A = X @ X.swapaxes(-1, -2)
    norms = np.diagonal(A, axis1=-2, axis2=-1).copy()
    alive = (norms > 0).all(axis=-1)
    scale = 1 / np.sqrt(np.where(norms > 0, norms, 1.0))
    A *= scale[..., :, None]
    A *= scale[..., None, :]
    A[..., np.arange(d), np.arange(d)] = 1.0
    L = _cholesky(A)
    pivots = np.diagonal(L, axis1=-2, axis2=-1) ** 2
    taken = row_squares(np.tril(L, -1))
    sure = alive & (pivots.min(axis=-1) > SMALLEST_PIVOT)
    known = np.where(sure[..., None], pivots, 1.0)
    near = taken < 0.5
    logs = np.where(near, np.log1p(-np.where(near, taken, 0.0)), np.log(known))
    gap = Relative.of(norms).gap.value - logs.mean(axis=-1)
    return gap, sure


def _cholesky(A: Array) -> Array:
    """Cholesky factors of a stack, nan where a matrix is not positive definite."""
    factors = np.full_like(A, np.nan)
    try:
        factors[:] = np.linalg.cholesky(A)
    except np.linalg.LinAlgError:
        if len(A) > 1:
            factors[:] = [_cholesky(one[None])[0] for one in A]
    return factors
