"""Random weight matrices, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Sampler", "haar_orthogonal"]

Array: TypeAlias = NDArray[np.float64]
Sampler: TypeAlias = Callable[[int, int, np.random.Generator], Array]


def haar_orthogonal(d: int, size: int, rng: np.random.Generator) -> Array:
    """Draw independent Haar-distributed orthogonal matrices.

    The QR factorisation of a Gaussian matrix, with the signs of R's diagonal moved into Q:
    without that, Q depends on the library's convention and is not Haar.

    Parameters
    ----------
    d : int
        The width.
    size : int
        How many matrices.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    numpy.ndarray
        Shape (size, d, d).

    References
    ----------
    F. Mezzadri, How to generate random matrices from the classical compact groups,
    Notices of the AMS 54 (2007).

    Examples
    --------
    >>> W = haar_orthogonal(3, 2, np.random.default_rng(0))
    >>> bool(np.allclose(W @ W.swapaxes(1, 2), np.eye(3)))
    True
    """
    q, r = np.linalg.qr(rng.standard_normal((size, d, d)))
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))
    W: Array = q * signs[:, None, :]
    return W
