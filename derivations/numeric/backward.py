"""The backward pass, with a scale of its own: gradients that explode stay within the floats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from derivations.numeric.layers import Layer
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array

__all__ = ["WeightGradient", "backward"]


@dataclass(frozen=True)
class WeightGradient:
    """∂L/∂W of one layer, as a mantissa and a power of two for each network.

    Parameters
    ----------
    mantissa : numpy.ndarray
        Shape (networks, d, d).
    exponent : numpy.ndarray
        Integers, shape (networks,).

    Examples
    --------
    >>> deep = WeightGradient(np.array([[[3.0, 4.0], [0.0, 0.0]]]), np.array([5000]))
    >>> deep.log_norm  # log 5 + 5000 log 2
    array([3467.34534071])
    """

    mantissa: Array
    exponent: np.ndarray[tuple[int], np.dtype[np.int64]]

    @property
    def log_norm(self) -> Array:
        """log‖∂L/∂W‖_F, shape (networks,); -inf for a gradient that is zero."""
        with np.errstate(divide="ignore"):
            norms: Array = np.log(squares(self.mantissa)) / 2 + self.exponent * np.log(2.0)
        return norms

    @property
    def value(self) -> Array:
        """The gradient itself, infinite where it leaves the floats."""
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(self.mantissa, self.exponent[:, None, None])


def backward(layers: Iterable[Layer], G: Array) -> Iterator[WeightGradient]:
    """Follow a gradient from the output back to the input.

    Parameters
    ----------
    layers : iterable of Layer
        From the last layer to the first.
    G : numpy.ndarray
        Gradient at the last layer's output, shape (networks, d, n).

    Yields
    ------
    WeightGradient
        From the last layer to the first.
    """
    exponent = np.zeros(len(G), dtype=np.int64)
    for layer in layers:
        G, shift = _near_one(G)
        exponent = exponent + shift
        D = layer.transform.backward(layer.H, G)
        yield WeightGradient(D @ layer.X.swapaxes(-1, -2), exponent)
        G = layer.W.swapaxes(-1, -2) @ D


def _near_one(G: Array) -> tuple[Array, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Divide by the power of two above the largest entry, which changes no digit."""
    exponent = np.frexp(np.abs(G).max(axis=(-2, -1)))[1].astype(np.int64)
    exponent = np.maximum(exponent, -1000)  # 2^1000 is still a float
    return G * np.ldexp(1.0, -exponent)[:, None, None], exponent
