"""Random weight matrices, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAMPLERS", "Array", "Sampler", "WeightStreams", "gaussian", "haar_orthogonal"]

Array: TypeAlias = NDArray[np.float64]
Sampler: TypeAlias = Callable[[int, int, np.random.Generator], Array]

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
    q, r = np.linalg.qr(rng.standard_normal((size, d, d)))
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))
    W: Array = q * signs[:, None, :]
    return W


def gaussian(d: int, size: int, rng: np.random.Generator) -> Array:
    """Draw matrices of independent normal entries with variance 1/d.

    Examples
    --------
    >>> W = gaussian(100, 10, np.random.default_rng(0))
    >>> round(float((W**2).mean()), 3)
    0.01
    """
    W: Array = rng.standard_normal((size, d, d))
    W /= np.sqrt(d)
    return W


SAMPLERS: dict[str, Sampler] = {
    "orthogonal": haar_orthogonal,
    "gaussian": gaussian,
    # PyTorch's xavier_normal_ has variance 2/(fan_in + fan_out), which is 1/d for d × d matrices.
    "xavier": gaussian,
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
    sampler : callable
        Takes width, count and generator; a larger count only adds matrices.
    seed : int

    Examples
    --------
    >>> streams = WeightStreams(3, haar_orthogonal, seed=0)
    >>> both, second = streams.draw(7, range(2)), streams.draw(7, range(1, 2))
    >>> bool((both[1:] == second).all())
    True
    """

    width: int
    sampler: Sampler
    seed: int

    @property
    def group(self) -> int:
        """How many networks share a stream."""
        return max(1, _GROUP_NUMBERS // self.width**2)

    def draw(self, layer: int, networks: range) -> Array:
        """Draw the weights of one layer of consecutive networks, shape (networks, d, d)."""
        parts = []
        for group in range(networks.start // self.group, -(-networks.stop // self.group)):
            first = group * self.group
            size = min(networks.stop - first, self.group)
            key = np.random.SeedSequence(self.seed, spawn_key=(_STREAM, layer, group))
            W = self.sampler(self.width, size, np.random.default_rng(key))
            parts.append(W[max(networks.start - first, 0) :])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
