"""Random weight matrices, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["LAWS", "Array", "Law", "Sampler", "WeightStreams", "haar_orthogonal"]

Array: TypeAlias = NDArray[np.float64]
Sampler: TypeAlias = Callable[[int, int, np.random.Generator], Array]
Law: TypeAlias = Callable[[Array], Array]

_GROUP_NUMBERS = 2**14  # a stream costs as much as a few thousand normals
_STREAM = 9  # apart from what `Generator.spawn` gives out for the same seed


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
    return _orthogonal(rng.standard_normal((size, d, d)))


def _orthogonal(normals: Array) -> Array:
    q, r = np.linalg.qr(normals)
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))
    q *= signs[:, None, :]
    W: Array = q
    return W


def _gaussian(normals: Array) -> Array:
    W: Array = normals / np.sqrt(normals.shape[-1])
    return W


LAWS: dict[str, Law] = {
    "orthogonal": _orthogonal,
    "gaussian": _gaussian,
    # PyTorch's xavier_normal_ has variance 2/(fan_in + fan_out), which is 1/d for d × d matrices.
    "xavier": _gaussian,
}
"""Every law of the weights by its name."""


@dataclass(frozen=True)
class WeightStreams:
    """Weights of any layer of any networks, drawn again whenever they are asked for.

    Each layer of each group of networks has a stream of random numbers of its own. How many
    networks make up a group depends on the width alone, so that a network's weights do not
    depend on which others are drawn with it.

    Parameters
    ----------
    width : int
    law : callable
        Takes standard normal matrices, shape (networks, d, d), to as many weight matrices.
    seed : int

    Examples
    --------
    >>> streams = WeightStreams(3, LAWS["orthogonal"], seed=0)
    >>> both, second = streams.draw(7, range(2)), streams.draw(7, range(1, 2))
    >>> bool((both[1:] == second).all())
    True
    """

    width: int
    law: Law
    seed: int

    @property
    def group(self) -> int:
        """How many networks share a stream."""
        return max(1, _GROUP_NUMBERS // self.width**2)

    def draw(self, layer: int, networks: range) -> Array:
        """Draw the weights of one layer of consecutive networks, shape (networks, d, d)."""
        first = networks.start // self.group * self.group
        normals = np.empty((networks.stop - first, self.width, self.width))
        for start in range(0, len(normals), self.group):
            place = (first + start) // self.group
            key = np.random.SeedSequence(self.seed, spawn_key=(_STREAM, layer, place))
            rng = np.random.default_rng(key)
            rng.standard_normal(out=normals[start : start + self.group])
        return self.law(normals[networks.start - first :])
