"""What every figure of the paper shares: sizes, numbers, panels, a caption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from derivations.figures.paper.numbers import Numbers
from derivations.figures.paper.work import Work

__all__ = ["PaperFigure", "Panel"]


@dataclass(frozen=True)
class Panel:
    """A part of a figure with axes of its own.

    Parameters
    ----------
    title : str
        A few words above the axes.
    draw : callable
        Takes the axes and the numbers, and draws the curves of this panel.
    """

    title: str
    draw: Callable[[Axes, Numbers], None]


@dataclass(frozen=True)
class PaperFigure:
    """A figure of the paper, drawn again, and beside it what the paper lacks.

    Parameters
    ----------
    name : str
        As the paper numbers it.
    title : str
        A few words.
    full, quick : object
        Sizes: of the paper, and of a run of a second. One frozen dataclass for each figure.
    numbers : callable
        Takes sizes, a seed and `Work`, and returns all that is drawn. Figures that draw the same
        runs share it.
    panels : tuple of Panel
        From above: those of the paper first.
    caption : callable
        Takes sizes and numbers and returns the text below the figure, which may hold LaTeX.
    """

    name: str
    title: str
    full: Any
    quick: Any
    numbers: Callable[[Any, int, Work], Numbers]
    panels: tuple[Panel, ...]
    caption: Callable[[Any, Numbers], str]

    @property
    def file(self) -> str:
        """Name of its files, without suffix."""
        return f"table-{self.name}" if self.name.startswith("D") else f"figure-{self.name}"
