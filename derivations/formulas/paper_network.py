"""What the paper's lemmas on whole networks share: hypotheses, elementary steps, numbers."""

from __future__ import annotations

from sympy import Expr, log, oo, sqrt

from derivations.formula import Step
from derivations.formulas.backward_letters import x, y
from derivations.formulas.common import MEAN_ONE, REGULAR_BACKWARD
from derivations.formulas.entries import HAAR
from derivations.formulas.gradient_bound import INDEPENDENT, NETWORK
from derivations.inequalities import Derivatives, Squares
from derivations.notation import at_most, d
from derivations.point import Point

__all__ = [
    "FOR_A_NETWORK",
    "INFINITE",
    "MEANS",
    "SPECTRAL",
    "TANGENT",
    "TAU",
    "THRESHOLD",
    "width_and_gap",
]

FOR_A_NETWORK = (INDEPENDENT, HAAR, NETWORK, MEAN_ONE, REGULAR_BACKWARD)
SPECTRAL = ("d", "spectrum", "batch", "gap")
INFINITE = "The gap is infinite, and so is the bound."
THRESHOLD = 1 / (16 * d)
TANGENT = Step(
    at_most(log(x), x - 1), "the logarithm lies below its tangent", Derivatives(x, 1, 0, oo)
)
MEANS = Step(
    at_most(sqrt(x) * sqrt(y), (x + y) / 2),
    "the geometric mean is at most the arithmetic one",
    Squares((sqrt(x) - sqrt(y)) ** 2 / 2),
)
TAU: Expr = 32 * d**4
"""Over so many layers the paper's bounds level off."""


def width_and_gap(point: Point) -> tuple[float, float] | None:
    """Return both as floats, or None where one is a symbol."""
    gap, width = point.gap, point.width
    if gap.free_symbols or width.free_symbols:
        return None
    return float(width), float(gap.evalf())
