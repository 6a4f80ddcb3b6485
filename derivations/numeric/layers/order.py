"""What follows the linear map: normalisation then activation, or the other way round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from derivations.numeric.layers.activations import Activation
from derivations.numeric.layers.normalisation import Normalisation
from derivations.numeric.weights import Array

__all__ = ["ORDERS", "ActNorm", "NormAct", "Transform"]


class Transform(Protocol):
    """A map from pre-activations H to the next layer's input, with its derivative."""

    def __call__(self, H: Array, /) -> Array:
        """Apply it to a stack of shape (..., d, n)."""

    def backward(self, H: Array, G: Array, /) -> Array:
        """Gradient at H, from the gradient at the output."""


@dataclass(frozen=True)
class _Parts:
    """What both orders are made of.

    Parameters
    ----------
    normalise : Normalisation
    activation : Activation
    gain : float
    """

    normalise: Normalisation
    activation: Activation
    gain: float


class NormAct(_Parts):
    """X' = σ(gain · BN(H)).

    Examples
    --------
    >>> import numpy as np
    >>> from derivations.numeric.layers.activations import ACTIVATIONS
    >>> NormAct(Normalisation(), ACTIVATIONS["relu"], 10.0)(np.array([[3.0, -4.0]]))
    array([[6., 0.]])
    """

    def __call__(self, H: Array) -> Array:
        """Apply it to a stack of shape (..., d, n)."""
        return self.activation.value(self.normalise.scaled(H, self.gain))

    def backward(self, H: Array, G: Array) -> Array:
        """Gradient at H, from the gradient at the output."""
        if self.activation.linear:
            return self.normalise.backward(H, self.gain * G)
        slope = self.gain * self.activation.derivative(self.normalise.scaled(H, self.gain))
        return self.normalise.backward(H, slope * G)


class ActNorm(_Parts):
    """X' = BN(σ(gain · H)).

    Examples
    --------
    >>> import numpy as np
    >>> from derivations.numeric.layers.activations import ACTIVATIONS
    >>> ActNorm(Normalisation(), ACTIVATIONS["relu"], 10.0)(np.array([[3.0, -4.0]]))
    array([[1., 0.]])
    """

    def __call__(self, H: Array) -> Array:
        """Apply it to a stack of shape (..., d, n)."""
        return self.normalise(self.activation.value(self.gain * H))

    def backward(self, H: Array, G: Array) -> Array:
        """Gradient at H, from the gradient at the output."""
        Z = self.gain * H
        slope = self.gain * self.activation.derivative(Z)
        return slope * self.normalise.backward(self.activation.value(Z), G)


ORDERS: dict[str, Callable[[Normalisation, Activation, float], Transform]] = {
    "norm-act": NormAct,
    "act-norm": ActNorm,
}
"""Both orders by their names."""
