"""What every figure shares: its parts, the style, and how it becomes files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import LogLocator

from derivations.numeric.depth import History

__all__ = [
    "LAW",
    "LIMIT",
    "MEAN",
    "PAPER",
    "SIMULATED",
    "STYLE",
    "Figure",
    "draw",
    "plain_ticks",
    "save",
]

# Okabe and Ito's palette: told apart by colour-blind readers, and in print by their line styles.
SIMULATED, MEAN, LAW, PAPER, LIMIT = "#9fb4c7", "#0072b2", "#d55e00", "#555555", "#009e73"

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "dejavusans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "svg.fonttype": "path",
    "svg.hashsalt": "weingarten",  # the same figure gives the same file
    "savefig.dpi": 160,
}


@dataclass(frozen=True)
class Figure:
    """A figure: a file name, how it is drawn, and a caption that may hold LaTeX.

    Parameters
    ----------
    name : str
        File name without suffix.
    title : str
        A few words.
    plot : callable
        Takes axes and a `History` and draws.
    caption : callable
        Takes a `History` and returns the text below the figure.
    """

    name: str
    title: str
    plot: Callable[[Axes, History], None]
    caption: Callable[[History], str]


def draw(figure: Figure, history: History, folder: Path) -> list[Path]:
    """Write one figure as PNG and SVG.

    Parameters
    ----------
    figure : Figure
        What to draw.
    history : History
        What was simulated.
    folder : pathlib.Path
        An existing folder.

    Returns
    -------
    list of pathlib.Path
        The two files.
    """
    with rc_context(STYLE):
        canvas = Canvas(figsize=(7.2, 4.4), layout="constrained")
        figure.plot(canvas.add_subplot(), history)
        return save(canvas, folder / figure.name)


def save(canvas: Canvas, stem: Path) -> list[Path]:
    """Write a drawing as PNG and SVG: the same drawing gives the same files.

    Parameters
    ----------
    canvas : matplotlib.figure.Figure
    stem : pathlib.Path
        The files without their suffixes.

    Returns
    -------
    list of pathlib.Path
        The two files.
    """
    FigureCanvasAgg(canvas)
    png, svg = stem.with_name(f"{stem.name}.png"), stem.with_name(f"{stem.name}.svg")
    canvas.savefig(png, facecolor="white", metadata={"Software": None})
    canvas.set_layout_engine("none")  # what the first has placed stays: both look the same
    canvas.savefig(svg, facecolor="white", metadata={"Date": None})
    return [png, svg]


def plain_ticks(axes: Axes) -> None:
    """Label a short logarithmic axis in plain numbers: powers of ten alone would be too few."""
    low, high = axes.get_ylim()
    if high / low < 1000:
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(lambda value, _position: _written(value))
        axes.yaxis.set_minor_formatter(lambda _value, _position: "")


def _written(value: float) -> str:
    mantissa, _, exponent = f"{value:g}".partition("e")
    return rf"${mantissa} \cdot 10^{{{int(exponent)}}}$" if exponent else mantissa
