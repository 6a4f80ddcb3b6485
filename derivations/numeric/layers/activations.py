"""Activations, each with its derivative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["ACTIVATIONS", "Activation"]


@dataclass(frozen=True)
class Activation:
    """A function applied entry by entry.

    Parameters
    ----------
    value, derivative : callable
        Take and return an array.
    linear : bool, optional
        Whether it is the identity, which leaves the isometry gap to the exact laws.

    Examples
    --------
    >>> ACTIVATIONS["relu"].value(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    linear: bool = False


def _identity(z: Array) -> Array:
    return z


def _tanh_derivative(z: Array) -> Array:
    """1/cosh², where 1 - tanh² would be zero from z = 20 on."""
    tail = np.exp(-2 * np.abs(z))
    slope: Array = 4 * tail / (1 + tail) ** 2
    return slope


def _relu(z: Array) -> Array:
    kept: Array = np.maximum(z, 0.0)
    return kept


def _step(z: Array) -> Array:
    """Differentiate ReLU: zero at zero, as PyTorch has it."""
    return (z > 0).astype(float)


ACTIVATIONS = {
    "identity": Activation(_identity, np.ones_like, linear=True),
    "tanh": Activation(np.tanh, _tanh_derivative),
    "sin": Activation(np.sin, np.cos),
    "relu": Activation(_relu, _step),
}
"""Every activation by its name."""
