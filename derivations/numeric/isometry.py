"""The isometry gap: of a spectrum, of a matrix, and without singular values where they are slow.

φ(X) = log(tr A / d) - log(det A)/d with A = X Xᵀ. Functions take stacks: the last two axes are one
matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgetrf

from derivations.numeric.relative import Relative
from derivations.numeric.sums import row_squares, squares
from derivations.numeric.weights import Array

__all__ = [
    "SMALLEST_PIVOT",
    "gap_by_pivots",
    "gap_of_rows",
    "gap_of_spectrum",
    "isometry_gap",
    "spectrum",
]

SMALLEST_PIVOT = 1e-5
"""A gap from smaller pivots has lost too many digits: forming A doubled the loss."""

_DEPENDENT = 1e-11
"""Rows with a smaller pivot may be dependent: singular values tell."""

_ELIMINATED = 1e-3, 1e-6
"""The smallest gap, and the smallest ratio of the pivots of X, at which elimination keeps eleven
digits of the gap: it gives log|det X| to about the rounding of one over the smallest pivot."""

_STACKED = 30  # below this width NumPy's factorisation of stacks is faster than one by one


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


def gap_by_pivots(X: Array) -> tuple[Array, Array]:
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
    gap, smallest : numpy.ndarray
        Shape (networks,): the gap, and the smallest pivot. Where that is below `SMALLEST_PIVOT`
        the rows are dependent up to rounding, or too nearly so, and the gap says nothing.

    Examples
    --------
    >>> gap, least = gap_by_pivots(np.array([[[1.0, 0.0], [1e-10, 1.0]], [[1.0, 1.0], [1.0, 1.0]]]))
    >>> f"{gap[0]:.9g}", least > SMALLEST_PIVOT  # half of 1e-20
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
    L[..., np.arange(d), np.arange(d)] = 0.0
    taken = row_squares(L)
    smallest = np.nan_to_num(np.where(alive, pivots.min(axis=-1), 0.0))
    known = np.where(smallest[..., None] > 0, pivots, 1.0)
    near = taken < 0.5
    logs = np.where(near, np.log1p(-np.where(near, taken, 0.0)), np.log(known))
    gap = Relative.of(norms).gap.value - logs.mean(axis=-1)
    return gap, smallest


def gap_of_rows(X: Array) -> Array:
    """Isometry gap of rows of any kind, without singular values where that is safe.

    Infinite where a row is zero, as ReLU makes them. For as many samples as rows by the pivots of
    X, which is the least work, where the gap is not so small that their rounding would show. Else
    by the pivots of A where they are not small, or by the determinant of X, which loses half as
    many digits, and by singular values only where the rows may be dependent.

    Parameters
    ----------
    X : numpy.ndarray
        Shape (networks, d, n).

    Returns
    -------
    numpy.ndarray
        Shape (networks,).

    Examples
    --------
    >>> rows = [[1.0, 0.0], [1.0, 1e-4]], [[1.0, 1.0], [1.0, 1.0]]
    >>> gap_of_rows(np.array(rows)).round(9)  # -log(1e-4), and log(1 + 5e-9)
    array([9.21034038,        inf])
    """
    alive = (X != 0).any(axis=-1).all(axis=-1)
    if alive.all():
        return _gap_of_nonzero_rows(X)
    gap = np.full(len(X), np.inf)
    if alive.any():
        gap[alive] = _gap_of_nonzero_rows(X[alive])
    return gap


def _gap_of_nonzero_rows(X: Array) -> Array:
    d, n = X.shape[-2:]
    if n != d or d < _STACKED:
        return _gap_by_pivots_or_spectrum(X)
    gap, known = _gap_by_elimination(X)
    if not known.all():
        gap[~known] = _gap_by_pivots_or_spectrum(X[~known])
    return gap


def _gap_by_elimination(X: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Isometry gap of square matrices from the pivots of X, and where it can be trusted."""
    # LAPACK takes a matrix for its transpose, whose determinant is the same.
    pivots = np.abs([np.diagonal(dgetrf(one.T)[0]) for one in X])
    least_gap, least_ratio = _ELIMINATED
    clear = pivots.min(axis=-1) > least_ratio * pivots.max(axis=-1)
    logs = np.log(np.where(clear[:, None], pivots, 1.0)).mean(axis=-1)
    gap = np.log(squares(X) / X.shape[-2]) - 2 * logs
    known: NDArray[np.bool_] = clear & (gap > least_gap)
    return gap, known


def _gap_by_pivots_or_spectrum(X: Array) -> Array:
    gap, smallest = gap_by_pivots(X)
    d, n = X.shape[-2:]
    by_determinant = (smallest <= SMALLEST_PIVOT) & (smallest > _DEPENDENT) & (n == d)
    if by_determinant.any():
        few = X[by_determinant]
        volume = np.linalg.slogdet(few)[1]
        gap[by_determinant] = np.log(squares(few) / d) - (2 / d) * volume
    lost = (smallest <= SMALLEST_PIVOT) & ~by_determinant
    if lost.any():
        gap[lost] = isometry_gap(X[lost])
    return gap


def _cholesky(A: Array) -> Array:
    """Cholesky factors of a stack, nan where a matrix is not positive definite."""
    try:
        return np.asarray(np.linalg.cholesky(A), dtype=float)
    except np.linalg.LinAlgError:
        if len(A) == 1:
            return np.full_like(A, np.nan)
        return np.concatenate([_cholesky(one[None]) for one in A])
