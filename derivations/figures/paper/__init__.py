"""The figures of the paper, drawn again on data that come in a package; a file for each.

`FIGURES` lists them. Each has its sizes, its numbers (a tidy table, computed apart from any
drawing), its panels and a caption; a new figure is a file and a name in this list.
"""

from __future__ import annotations

from difflib import get_close_matches

from derivations.figures.paper import (
    figure_1,
    figure_2,
    figure_3,
    figure_5,
    figure_e1,
    figure_e2,
    figure_g6,
    table_d1,
)
from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.making import Made, make, require_ours
from derivations.figures.paper.numbers import Curve, Numbers
from derivations.figures.paper.work import Work

__all__ = [
    "FIGURES",
    "Curve",
    "Made",
    "Numbers",
    "PaperFigure",
    "Panel",
    "Work",
    "figure",
    "make",
    "require_ours",
]

FIGURES: dict[str, PaperFigure] = {
    figure.name: figure
    for figure in (
        figure_1.FIGURE,
        figure_2.FIGURE,
        figure_3.FIGURE,
        figure_5.FIGURE,
        figure_e1.FIGURE,
        figure_e2.FIGURE,
        figure_5.GAPS,
        figure_g6.FIGURE,
        table_d1.FIGURE,
    )
}
"""Every figure by its name, in the paper's order."""


def figure(name: str) -> PaperFigure:
    """Return the figure of this name.

    Raises
    ------
    ValueError
        When there is none; the message names those that come near.

    Examples
    --------
    >>> figure("g5").title
    'Gradients and isometry gaps with activations'
    >>> figure("E3")
    Traceback (most recent call last):
        ...
    ValueError: no figure is called 'E3'; did you mean 3 or E2 or E1?
    """
    found = FIGURES.get(name.upper())
    if found is None:
        close = get_close_matches(name.upper(), FIGURES, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(FIGURES)}"
        raise ValueError(f"no figure is called {name!r}; {hint}")
    return found
