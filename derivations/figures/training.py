"""Training over steps: accuracy, gradients and the gap of the weights, a column for each depth."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from derivations.figures.base import LAW, MEAN, STYLE
from derivations.training.plan import SHAPED, Row

__all__ = ["drawing"]

COLOURS = {"orthogonal": MEAN, "gaussian": LAW}
PANELS = {
    "train_accuracy": "accuracy, training",
    "test_accuracy": "accuracy, test",
    "log_gradient_first": r"$\log \|\partial \mathcal{L}/\partial W_0\|$",
    "weight_gap": r"mean gap $\phi(W_l)$",
}


def drawing(rows: Sequence[Row]) -> Canvas:
    """Draw what was seen of every network: solid where gains are shaped, dotted where not."""
    depths = list(dict.fromkeys(row.depth for row in rows))
    with rc_context(STYLE):
        canvas = Canvas(figsize=(1.2 + 2.3 * len(depths), 8.0), layout="constrained")
        grid = canvas.subplots(len(PANELS), len(depths), sharex=True, sharey="row", squeeze=False)
        for line, (name, label) in zip(grid, PANELS.items(), strict=True):
            line[0].set_ylabel(label)
            for axes, depth in zip(line, depths, strict=True):
                _plot(axes, [row for row in rows if row.depth == depth], name)
        for axes, depth in zip(grid[0], depths, strict=True):
            axes.set_title(f"depth {depth}")
            axes.set_ylim(0, 1)
        for axes in grid[1]:
            axes.set_ylim(0, 1)
        for axes in grid[-1]:
            axes.set_xlabel("step")
        handles, labels = grid[0][0].get_legend_handles_labels()
        canvas.legend(handles, labels, loc="outside lower center", ncols=2)
    return canvas


def _plot(axes: Axes, rows: Sequence[Row], name: str) -> None:
    for weights, gains in dict.fromkeys((row.weights, row.gains) for row in rows):
        seen = [row for row in rows if (row.weights, row.gains) == (weights, gains)]
        axes.plot(
            [row.step for row in seen],
            [getattr(row, name) for row in seen],
            color=COLOURS[weights],
            ls="-" if gains == SHAPED else ":",
            label=f"{weights} weights, {gains}",
        )
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.grid(axis="y")
