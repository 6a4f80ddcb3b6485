"""What a simulation asks of a formula: a value, and what to look at in a layer.

A formula states; a simulation takes formulas. This is the border between the two, so that
neither needs the other's module.
"""

from __future__ import annotations

from typing import Protocol

from sympy import Expr

from derivations.numeric.statistics import Statistic
from derivations.point import Point

__all__ = ["Observable"]


class Observable(Protocol):
    """Anything with an exact value at a point and a statistic whose mean it is.

    `derivations.formula.Formula` is one.
    """

    @property
    def name(self) -> str:
        """What it is called in a table."""

    @property
    def degree(self) -> int:
        """Degree as a homogeneous function of the spectrum; scales rounding."""

    @property
    def depends_on_input(self) -> bool:
        """Whether the value depends on the layer's input."""

    @property
    def observe(self) -> Statistic:
        """The statistic whose mean is the value."""

    def at(self, point: Point) -> Expr | float:
        """Value at a point."""
