"""What a simulation asks of a formula: a value, and what to look at in a layer.

A formula states; a simulation takes formulas. This is the border between the two, so that
neither needs the other's module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np
from sympy import Expr

from derivations.numeric.statistics import Statistic
from derivations.numeric.weights import Array
from derivations.point import Point

__all__ = ["Draw", "Observable"]

Draw: TypeAlias = Callable[[Point, int, np.random.Generator], Array]
"""Takes a point, a count and a generator, and returns so many draws of a number."""


class Observable(Protocol):
    """Anything with a value at a point, and a statistic whose mean it is or bounds.

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
    def side(self) -> str:
        """How the statistic stands to the value: "==", "<=" or ">="."""

    @property
    def every_draw(self) -> bool:
        """Whether that holds for every draw, and not for the mean alone."""

    @property
    def observe(self) -> Statistic | None:
        """The statistic of a layer that the value is about."""

    @property
    def against(self) -> Statistic | None:
        """The statistic that takes the value's place in every draw, where the value is random."""

    @property
    def draw(self) -> Draw | None:
        """Draws of that statistic, where they are not of one layer."""

    def tail_index(self, point: Point) -> float | None:
        """Return the tail index of the draws where it is known, infinite where all are finite."""

    def at(self, point: Point) -> Expr | float:
        """Value at a point."""

    def completed(self, point: Point) -> Point:
        """Return the point with what it lacks of what the value takes."""

    @property
    def layers(self) -> Callable[[Point], int]:
        """About how many layers a draw costs at a point."""
