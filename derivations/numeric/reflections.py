"""Products of Householder reflections: orthogonal matrices without a QR factorisation."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dtrmm
from scipy.linalg.lapack import dtrtrs

__all__ = ["packed_shape", "reflected", "triangle"]

_STACKED = 30  # below this width NumPy's solver for stacks is faster than LAPACK's, one by one

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
    corner that it leaves.

    Examples
    --------
    >>> triangle(np.arange(1.0, 7.0).reshape(3, 2))
    array([[1., 0., 0.],
           [3., 4., 0.],
           [5., 6., 2.]])
    """
    rows, half = packed.shape[-2:]
    d = rows - (2 * half < rows)
    found = np.zeros((*packed.shape[:-2], d, d))
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

    With the vectors v_k as columns of V, the product of the reflections is 1 - V T Vᵀ, where the
    inverse of T is the upper triangle of Vᵀ V with half its diagonal.

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
    diagonal = np.arange(V.shape[-1]), np.arange(V.shape[-1])
    signs = np.where(V[..., *diagonal] < 0, -1.0, 1.0)
    V[..., *diagonal] += signs * np.sqrt(np.einsum("...ij,...ij->...j", V, V))
    inverse = V.swapaxes(-1, -2) @ V
    inverse[..., *diagonal] /= 2
    Q = _product(V, inverse)
    Q *= signs[..., None, :]
    Q[..., *diagonal] -= signs
    return Q


def _product(V: Array, triangles: Array) -> Array:
    """Return V T Vᵀ of lower triangles V, T the inverse of upper ones; below them is not read."""
    if V.shape[-1] < _STACKED:
        solved = np.linalg.solve(np.triu(triangles), V.swapaxes(-1, -2))
        return np.asarray(V @ solved, dtype=float)
    product = np.empty(V.shape)
    for place in np.ndindex(V.shape[:-2]):
        # LAPACK counts columns first: to it a matrix is its transpose, and so is the product.
        solved, _ = dtrtrs(triangles[place].T, V[place].T, lower=1)
        product[place] = dtrmm(1.0, V[place].T, solved, trans_a=1, overwrite_b=1).T
    return product
