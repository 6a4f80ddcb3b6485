"""Activation shaping: gains that fall with the layer, so that gradients do not grow with depth."""

from derivations.numeric.shaping.schedule import Confirmation, GainSchedule, shape_gain
from derivations.numeric.shaping.slopes import Slopes, gradient_growth, log_slope_ratio

__all__ = [
    "Confirmation",
    "GainSchedule",
    "Slopes",
    "gradient_growth",
    "log_slope_ratio",
    "shape_gain",
]
