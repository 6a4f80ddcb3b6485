"""What one layer of a network is made of: normalisation, activation, their order."""

from derivations.numeric.layers.activations import ACTIVATIONS, Activation
from derivations.numeric.layers.layer import Layer
from derivations.numeric.layers.normalisation import Normalisation, ZeroRowError
from derivations.numeric.layers.order import ORDERS, ActNorm, NormAct, Transform

__all__ = [
    "ACTIVATIONS",
    "ORDERS",
    "ActNorm",
    "Activation",
    "Layer",
    "NormAct",
    "Normalisation",
    "Transform",
    "ZeroRowError",
]
