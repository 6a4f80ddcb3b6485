"""Random weight matrices, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from derivations.numeric.reflections import packed_shape, reflected

__all__ = ["LAWS", "Array", "Law", "Sampler", "Source", "WeightStreams", "haar_orthogonal"]

Array: TypeAlias = NDArray[np.float64]
Sampler: TypeAlias = Callable[[int, int, np.random.Generator], Array]
Law: TypeAlias = Callable[[Array], Array]

_GROUP_NUMBERS = 2**14  # a stream costs as much as a few thousand normals
_STREAM = 9  # apart from what `Generator.spawn` gives out for the same seed


def haar_orthogonal(d: int, size: int, rng: np.random.Generator) -> Array:
    """Draw independent Haar-distributed orthogonal matrices.

    The factor Q of a Gaussian matrix, with R's diagonal positive: otherwise Q depends on the
    library's convention and is not Haar. It comes from the reflections alone, see
    `derivations.numeric.reflections.reflected`.

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
    return reflected(rng.standard_normal((size, *packed_shape(d))))


def _gaussian(normals: Array) -> Array:
    W: Array = normals / np.sqrt(normals.shape[-1])
    return W


def _square(d: int) -> tuple[int, int]:
    return d, d


@dataclass(frozen=True)
class Source:
    """A law of the weights, and how many normals it takes.

    Parameters
    ----------
    law : callable
        Takes standard normals, a stack of arrays, to as many weight matrices.
    shape : callable, optional
        Takes d to the shape of one of these arrays; by default (d, d).
    """

    law: Law
    shape: Callable[[int], tuple[int, int]] = _square

    def draw(self, count: int, d: int, rng: np.random.Generator) -> Array:
        """Draw so many d × d weight matrices."""
        return self.law(rng.standard_normal((count, *self.shape(d))))


LAWS = {
    "orthogonal": Source(reflected, packed_shape),
    "gaussian": Source(_gaussian),
    # PyTorch's xavier_normal_ has variance 2/(fan_in + fan_out), which is 1/d for d × d matrices.
    "xavier": Source(_gaussian),
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
    source : Source
    seed : int

    Examples
    --------
    >>> streams = WeightStreams(3, LAWS["orthogonal"], seed=0)
    >>> both, second = streams.draw(7, range(2)), streams.draw(7, range(1, 2))
    >>> bool((both[1:] == second).all())
    True
    """

    width: int
    source: Source
    seed: int

    @property
    def group(self) -> int:
        """How many networks share a stream."""
        return max(1, _GROUP_NUMBERS // self.width**2)

    def draw(self, layer: int, networks: range) -> Array:
        """Draw the weights of one layer of consecutive networks, shape (networks, d, d)."""
        first = networks.start // self.group * self.group
        normals = np.empty((networks.stop - first, *self.source.shape(self.width)))
        for start in range(0, len(normals), self.group):
            place = (first + start) // self.group
            key = np.random.SeedSequence(self.seed, spawn_key=(_STREAM, layer, place))
            rng = np.random.default_rng(key)
            rng.standard_normal(out=normals[start : start + self.group])
        return self.source.law(normals[networks.start - first :])
