"""The numeric bridge: networks in NumPy, formulas on numbers, and simulation against both."""

from derivations.numeric.network import BNMLP

__all__ = ["BNMLP"]
