"""Products of Householder reflections: orthogonal matrices without a QR factorisation."""

from __future__ import annotations

from types import EllipsisType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dorgqr

__all__ = ["packed_shape", "reflected", "triangle"]

_STACKED = 10  # below this width a few calls for the stack are faster than one for each matrix
_PANEL = 64  # columns that LAPACK reflects together, at most

Array: TypeAlias = NDArray[np.float64]


def packed_shape(d: int) -> tuple[int, int]:
    """Shape of a rectangle with as many entries as a triangle of d rows, diagonal included.

    Examples
    --------
    >>> packed_shape(4), packed_shape(5)
    ((5, 2), (5, 3))
    """
    return d + 1 - d % 2, (d + 1) // 2


def triangle(packed: Array) -> Array:
    """Return lower triangles, shape (..., d, d), from rectangles of `packed_shape`.

    The left half of a triangle stands in its rectangle as it is, and the rest, transposed, in the
    corner that it leaves. Each triangle is stored column by column, as LAPACK counts.

    Examples
    --------
    >>> triangle(np.arange(1.0, 7.0).reshape(3, 2))
    array([[1., 0., 0.],
           [3., 4., 0.],
           [5., 6., 2.]])
    """
    rows, half = packed.shape[-2:]
    d = rows - (2 * half < rows)
    found = np.zeros((*packed.shape[:-2], d, d)).swapaxes(-1, -2)
    below = np.tri(d, half, dtype=bool)
    np.copyto(found[..., :half], packed[..., rows - d :, :], where=below)
    corner = packed[..., : d - half, 2 * half - d :].swapaxes(-1, -2)
    np.copyto(found[..., half:, half:], corner, where=below[: d - half, : d - half])
    return found


def reflected(packed: Array) -> Array:
    """Return the orthogonal factors Q of the QR factorisations that these numbers lead to.

    Step k of a factorisation reflects what is left of its column k, a vector of d - k entries,
    to a multiple of the first of them. Here these vectors are given. Where the entries are
    independent standard normals, what a factorisation finds there has the law of what is given,
    independent of all reflections before it; so Q has the law of a factorisation's Q, with the
    diagonal of R positive, from half the numbers, and R is never made.

    Parameters
    ----------
    packed : numpy.ndarray
        Of `packed_shape`, or a stack of such: `triangle` puts vector k in its column k.

    Returns
    -------
    numpy.ndarray
        Shape (..., d, d).

    References
    ----------
    G. W. Stewart, The efficient generation of random orthogonal matrices, SIAM J. Numer. Anal.
    17 (1980). C. Puglisi, Modification of the Householder method based on the compact WY
    representation, SIAM J. Sci. Stat. Comput. 13 (1992).

    Examples
    --------
    >>> reflected(np.array([[-1.0], [3.0], [4.0]]))  # the first column is (3, 4)/5
    array([[ 0.6,  0.8],
           [ 0.8, -0.6]])
    """
    V = triangle(packed)
    diagonal = _diagonal(V)
    signs = np.where(V[diagonal] < 0, -1.0, 1.0)
    V[diagonal] += signs * np.sqrt(_squares(V))
    Q = _by_stack(V) if V.shape[-1] < _STACKED else _one_by_one(V)
    Q *= -signs[..., None, :]
    return Q


def _diagonal(V: Array) -> tuple[EllipsisType, NDArray[np.intp], NDArray[np.intp]]:
    places = np.arange(V.shape[-1])
    return ..., places, places


def _squares(V: Array) -> Array:
    """Squared norms of the columns, shape (..., d)."""
    found: Array = np.einsum("...ij,...ij->...j", V, V)
    return found


def _by_stack(V: Array) -> Array:
    """Multiply the reflections of the columns: 1 - V T Vᵀ.

    The inverse of T is the upper triangle of Vᵀ V with half its diagonal.
    """
    transposed, diagonal = V.swapaxes(-1, -2), _diagonal(V)
    inverse = np.triu(transposed @ V)
    inverse[diagonal] /= 2
    Q = V @ np.linalg.solve(inverse, -transposed)
    Q[diagonal] += 1
    return np.asarray(Q, dtype=float)


def _one_by_one(V: Array) -> Array:
    """Multiply the reflections of the columns, in the place of V, as after a QR factorisation."""
    first = V[_diagonal(V)]
    factors = 2 * first**2 / _squares(V)
    V /= first[..., None, :]
    size = max(1, _PANEL * V.shape[-1])
    for place in np.ndindex(V.shape[:-2]):
        # Stored as LAPACK counts, V itself is what it writes over.
        dorgqr(V[place], factors[place], lwork=size, overwrite_a=1)
    return V
