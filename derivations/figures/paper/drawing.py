"""How curves are drawn: a colour and a marker for each name, a line style for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from derivations.figures.paper.numbers import Curve, Kind

__all__ = ["COLOURS", "legend", "plot"]

# Okabe and Ito's palette, dark ones first; markers tell the same names apart without colour.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "X")
GREY = "#555555"


@dataclass(frozen=True)
class _Style:
    line: Any
    width: float
    alpha: float
    label: str


# What is simulated is broad and pale, so that an exact line on top of it can be seen.
STYLES: Mapping[Kind, _Style] = {
    "simulated": _Style("-", 3.0, 0.55, "simulated, ± 2 std. errors"),
    "data": _Style("-", 2.0, 1.0, "data"),
    "exact": _Style((0, (4, 2)), 1.5, 1.0, "exact"),
    "law along": _Style((0, (4, 2)), 1.5, 1.0, "exact, one layer ahead"),
    "bound": _Style(":", 2.0, 1.0, "proved bound"),
    "prediction": _Style((0, (6, 2, 1, 2)), 1.4, 1.0, "predicted"),
    "weak prediction": _Style(":", 1.8, 1.0, "predicted at weak gain"),
    "fit": _Style((0, (1.5, 1.5)), 1.4, 1.0, "fit"),
    "paper": _Style((0, (7, 2, 1, 2, 1, 2)), 1.2, 1.0, "the paper's bound"),
}
_LABEL = 0.55  # inches of ticks and label below the axes
FEW = 25  # points up to which each has a marker


def plot(axes: Axes, curves: Sequence[Curve], names: Sequence[str] | None = None) -> None:
    """Draw curves of one panel.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    curves : sequence of Curve
    names : sequence of str, optional
        The names in the order of their colours; by default as they come.
    """
    order = _names(curves, names)
    for line in curves:
        place = order.index(line.name)
        colour, style = COLOURS[place % len(COLOURS)], STYLES[line.kind]
        marked = line.kind in ("simulated", "data") and len(line.x) <= FEW
        axes.plot(
            line.x, line.y, color=colour, ls=style.line, lw=style.width, alpha=style.alpha,
            solid_capstyle="butt",
            zorder=2 if line.kind == "simulated" else 3,
        )  # fmt: skip
        if marked:
            axes.plot(
                line.x, line.y, color=colour, ls="", marker=MARKERS[place % len(MARKERS)], ms=4.5,
                zorder=4,
            )  # fmt: skip
        if line.error is not None:
            low, high = line.y - 2 * line.error, line.y + 2 * line.error
            if axes.get_yscale() == "log":
                low = np.maximum(low, 1e-9 * line.y)
            axes.fill_between(line.x, low, high, color=colour, alpha=0.18, lw=0, zorder=1)
    axes.grid(visible=True, which="major")


def legend(
    axes: Axes,
    curves: Sequence[Curve],
    labels: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
    columns: int = 2,
    **more: Line2D,
) -> None:
    """Write below the axes what colours and line styles mean, never over the data.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    curves : sequence of Curve
    labels : mapping of str to str, optional
        What to write for a kind, in place of what `STYLES` has.
    names : sequence of str, optional
        As for `plot`.
    columns : int, optional
    """
    order = _names(curves, names)
    marked = any(len(c.x) <= FEW and c.kind in ("simulated", "data") for c in curves)
    handles = [
        Line2D(
            [], [], color=COLOURS[place % len(COLOURS)], lw=3.0, alpha=0.9, label=name,
            marker=MARKERS[place % len(MARKERS)] if marked else "", ms=5,
        )
        for place, name in enumerate(order) if name
    ]  # fmt: skip
    if len(handles) < 2 and not any(order):
        handles = []
    kinds = list(dict.fromkeys(c.kind for c in curves))
    colour = COLOURS[0] if not handles else GREY
    for kind in kinds:
        style = STYLES[kind]
        label = (labels or {}).get(kind, style.label)
        handles.append(
            Line2D(
                [], [], color=colour, ls=style.line, lw=style.width, alpha=style.alpha, label=label
            )
        )
    handles += list(more.values())
    figure = axes.get_figure(root=True)
    assert figure is not None
    # So far below the axes that their label has room, whatever their height.
    below = axes.transAxes + ScaledTranslation(0, -_LABEL, figure.dpi_scale_trans)
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.46, 0.0),
        bbox_transform=below, ncol=columns,
        handlelength=3.2, columnspacing=1.4, borderaxespad=0.0,
    )  # fmt: skip


def _names(curves: Sequence[Curve], names: Sequence[str] | None) -> list[str]:
    return list(names) if names is not None else list(dict.fromkeys(c.name for c in curves))
