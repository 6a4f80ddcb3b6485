"""The numeric bridge: networks in NumPy, formulas on numbers, and simulation against both."""

from derivations.numeric.network import BNMLP
from derivations.numeric.run import Run
from derivations.numeric.shaping import shape_gain

__all__ = ["BNMLP", "Run", "shape_gain"]
