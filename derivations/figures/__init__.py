"""The figures of a report, drawn from what was computed: one file each, over a small base."""

from derivations.figures.base import Figure, draw
from derivations.figures.factor import FACTOR
from derivations.figures.gap import GAP
from derivations.figures.gradient import GRADIENT
from derivations.numeric.depth import History

__all__ = ["FACTOR", "GAP", "GRADIENT", "Figure", "draw", "figures_for"]


def figures_for(history: History) -> tuple[Figure, ...]:
    """Return the figures of a report: no factors where the gap is zero throughout."""
    return (GAP, GRADIENT) if history.isotropic else (GAP, FACTOR, GRADIENT)
