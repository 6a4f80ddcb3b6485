"""A forward pass that can be gone through backwards, in memory that does not grow with depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isqrt

from derivations.numeric.layers import Layer
from derivations.numeric.weights import Array

__all__ = ["Checkpoints", "segment_length"]

MEMORY = 2**28
"""Bytes for the layers that are held at once, exceeded only where √depth of them need more."""

Forward = Callable[[Array, int, int], Iterator[Layer]]
"""Takes an input, the layer that it is the input of, and the layer to stop before."""


def segment_length(depth: int, bytes_per_layer: int) -> int:
    """Return how many layers to hold at once: all if they fit, and at least √depth.

    Examples
    --------
    >>> segment_length(100, 2**20), segment_length(1000, 2**20), segment_length(1000, 2**24)
    (100, 256, 32)
    """
    fitting = MEMORY // max(1, bytes_per_layer)
    return min(depth, max(fitting, isqrt(depth - 1) + 1))


@dataclass
class Checkpoints:
    """Layers first to last, then last to first.

    The input of each segment of layers is kept on the way forwards, and the layers of the last
    segment; on the way back the others are made again, segment by segment.

    Parameters
    ----------
    forward : callable
        Runs layers ``start`` to ``stop - 1`` on an input, the same each time.
    X : numpy.ndarray
        Input of layer 0.
    depth : int
        How many layers there are.
    length : int
        How many are held at once.

    Examples
    --------
    >>> import numpy as np
    >>> def forward(X, start, stop):
    ...     for index in range(start, stop):
    ...         yield (layer := Layer(X, np.eye(2)[None], index=index))
    ...         X = layer.output
    >>> run = Checkpoints(forward, np.eye(2), depth=5, length=2)
    >>> [layer.index for layer in run.forwards()], [layer.index for layer in run.backwards()]
    ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0])
    """

    forward: Forward
    X: Array
    depth: int
    length: int
    _inputs: list[Array] = field(default_factory=list, init=False)
    _last: list[Layer] = field(default_factory=list, init=False)

    def forwards(self) -> Iterator[Layer]:
        """Yield the layers in their order."""
        X = self.X
        for start in range(0, self.depth, self.length):
            self._inputs.append(X)
            for layer in self._segment(start):
                if start + self.length >= self.depth:
                    self._last.append(layer)
                yield layer
                X = layer.output

    def backwards(self) -> Iterator[Layer]:
        """Yield the layers from the last to the first, once, after `forwards` is through."""
        while self._inputs:
            layers = self._last or list(self._segment((len(self._inputs) - 1) * self.length))
            self._last = []
            self._inputs.pop()
            while layers:
                yield layers.pop()

    def _segment(self, start: int) -> Iterator[Layer]:
        stop = min(start + self.length, self.depth)
        return self.forward(self._inputs[-1], start, stop)
