"""A figure with a width and a depth to be moved, as one HTML page that opens from disk.

Bokeh (the extra `interactive`) draws it in the browser; its script stands in the page. Everything
shown was computed before, by the catalogue and by simulated networks: moving a slider chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
from sympy import lambdify

from derivations.figures.base import LAW, LIMIT, MEAN
from derivations.notation import L, d, l, phi_0
from derivations.numeric.depth import ROUNDING
from derivations.numeric.grid import Grid, Place
from derivations.numeric.weights import Array
from derivations.registry import catalogue

__all__ = ["available", "interactive", "tables"]

_DIGITS = 5  # more than a screen shows, and a page that is half as long

_PAGE = """{% extends base %}
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
html { overflow-x: hidden; }
body { margin: .8rem; max-width: 50rem; background: #fff; color: #1c2530; }
/* Drawn on white: in the dark the lightness is turned round, and hues are kept. */
@media (prefers-color-scheme: dark) { html { background: #14191f; }
  body { filter: invert(.91) hue-rotate(180deg); } }
</style>
{% endblock %}
"""

_MOVED = """
const chosen = tables[width.value + " " + depth.value];
gaps.data = chosen.gaps;
gradients.data = chosen.gradients;
ticker.ticks = chosen.ticks;
words.text = chosen.words;
"""


def available() -> bool:
    """Say whether the library that draws it is installed."""
    return find_spec("bokeh") is not None


def tables(grid: Grid) -> dict[str, dict[str, Any]]:
    """Return what is drawn at each width and depth.

    Returns
    -------
    dict
        For each ``"width depth"`` the columns ``gaps`` and ``gradients``, lists of numbers by
        layer, the ``ticks`` of a logarithmic axis of the gaps, and ``words``, a sentence.

    Examples
    --------
    >>> from derivations.numeric.batch import Batch
    >>> from derivations.numeric.grid import grid_of
    >>> drawn = tables(grid_of(Batch(np.eye(4) + 1), [2, 4], [3], networks=2))
    >>> list(drawn), drawn["4 3"]["gaps"]["layer"]
    (['2 3', '4 3'], [0, 1, 2, 3])
    """
    return {f"{width} {depth}": _table(width, p) for (width, depth), p in grid.places.items()}


def _table(width: int, place: Place) -> dict[str, Any]:
    depth = place.log_gradients.shape[1]
    gaps, gradients = _spread(place.gaps), _spread(place.log_gradients)
    start = max(float(place.gaps[0, 0]), 0.0)
    layers, before = np.arange(depth + 1), np.arange(depth)
    gaps["bound"] = _right("isometry-gap-contraction", {d: width, phi_0: start, L: layers})
    gaps["rate"] = start * _right("isometry-gap-rate", {d: width}) ** layers
    # Of the squared norm over that of a Y of unit rows, which is the width.
    mean_square = width * _right("gradient-norm-at-isometry", {d: width, L: depth, l: before})
    gradients["isometry"] = np.log(mean_square) / 2
    above = float(_right("gradient-bound", {d: width, phi_0: start}))
    fall = f"the gap falls from {start:.3g} to {gaps['mean'][-1]:.3g}"
    if start < ROUNDING:  # what is left is rounding, and shows nothing
        gaps = {name: 0 * column for name, column in gaps.items()}
        fall = "the input is isotropic, and the gap stays zero"
    return {
        "gaps": _columns(layers, gaps),
        "gradients": _columns(before, gradients),
        "ticks": _ticks(gaps),
        "words": (
            f"Width {width}, depth {depth}: {fall}. The logarithm of the gradient norm is "
            f"{gradients['mean'][0]:.3g} at the first layer and {gradients['mean'][-1]:.3g} at "
            "the last. Proved for any depth: the mean of log(‖∂L/∂W‖ / (√d ‖∂L/∂X_L‖)) is at most "
            f"{above:.3g}."
        ),
    }


def _ticks(columns: Mapping[str, Array]) -> list[float]:
    """Return what to label on a logarithmic axis: few numbers, and no powers of ten alone."""
    positive = np.concatenate([column[column > 0] for column in columns.values()])
    low, high = np.floor(np.log10(positive.min(initial=1.0))), np.log10(positive.max(initial=1e-9))
    decades = int(high - low) + 1
    powers = np.arange(low, high + 1, max(1, decades // 6))
    steps = (1, 2, 5) if decades <= 3 else (1,)
    return [float(f"{m}e{int(k)}") for k in powers for m in steps]


def _right(name: str, at: Mapping[Any, Any]) -> Any:
    """Evaluate the right side of a formula of the catalogue, at arrays too."""
    side = catalogue[name].statement.rhs
    return lambdify(list(at), side, "numpy")(*at.values())


def _spread(draws: Array) -> dict[str, Array]:
    """Return the mean over networks, and two standard errors on each side."""
    mean = draws.mean(axis=0)
    error = 2 * draws.std(axis=0, ddof=1) / np.sqrt(len(draws)) if len(draws) > 1 else 0 * mean
    return {"mean": mean, "low": mean - error, "high": mean + error}


def _columns(layers: Any, columns: Mapping[str, Array]) -> dict[str, list[float]]:
    rounded = {
        name: [float(f"{value:.{_DIGITS}g}") for value in np.broadcast_to(column, layers.shape)]
        for name, column in columns.items()
    }
    return {"layer": layers.tolist(), **rounded}


def interactive(grid: Grid, title: str = "Gaps and gradients by width and depth") -> str:
    """Write the figure as one HTML page that loads nothing.

    Parameters
    ----------
    grid : Grid
        What was simulated.
    title : str, optional
        Of the page.

    Returns
    -------
    str
        HTML of about two megabytes, nearly all of it the script that draws.
    """
    from bokeh.embed import file_html
    from bokeh.layouts import column
    from bokeh.models import CategoricalSlider, ColumnDataSource, CustomJS, Div, FixedTicker
    from bokeh.resources import INLINE
    from jinja2 import Template

    drawn = tables(grid)
    widths, depths = ([str(size) for size in sizes] for sizes in (grid.widths, grid.depths))
    first = drawn[f"{widths[-1]} {depths[-1]}"]
    gaps, gradients = ColumnDataSource(first["gaps"]), ColumnDataSource(first["gradients"])
    wide: dict[str, Any] = {"sizing_mode": "stretch_width"}
    width = CategoricalSlider(categories=widths, value=widths[-1], title="width d", **wide)
    depth = CategoricalSlider(categories=depths, value=depths[-1], title="depth L", **wide)
    words = Div(text=first["words"], **wide)
    ticker = FixedTicker(ticks=first["ticks"])
    moved = CustomJS(
        args={
            "tables": drawn, "width": width, "depth": depth, "gaps": gaps,
            "gradients": gradients, "words": words, "ticker": ticker,
        },
        code=_MOVED,
    )  # fmt: skip
    # A slider that offers one value is not shown: there is nothing to move.
    sliders = [slider for slider in (width, depth) if len(slider.categories) > 1]
    for slider in sliders:
        slider.js_on_change("value", moved)
    # An input without a gap keeps none: there is nothing to draw on a logarithmic axis.
    isotropic = all(place.gaps[0, 0] < ROUNDING for place in grid.places.values())
    simulated = f"mean of {grid.networks} networks"
    above = _panel(
        gaps,
        "isometry gap φ",
        {
            "mean": (simulated, MEAN, "solid"),
            "bound": ("proved bound", LAW, "dotted"),
            "rate": ("rate near isometry, d/(d+2)", LIMIT, "dashdot"),
        },
        None if isotropic else ticker,
    )
    below = _panel(
        gradients,
        "log ‖∂L/∂W‖",
        {
            "mean": (simulated, MEAN, "solid"),
            "isometry": ("exact at isometry", LIMIT, "dashdot"),
        },
    )
    page = file_html(
        column(*sliders, words, above, below, **wide), INLINE, title, template=Template(_PAGE)
    )
    return str(page)


def _panel(
    source: Any, label: str, lines: Mapping[str, tuple[str, str, str]], ticker: Any = None
) -> Any:
    """Draw the lines of one source, with a band of two standard errors around the mean.

    With a ticker the axis is logarithmic.
    """
    from bokeh.models import CustomJSTickFormatter, HoverTool, Legend, LegendItem
    from bokeh.plotting import figure

    panel = figure(
        height=330, sizing_mode="stretch_width", y_axis_type="log" if ticker else "linear",
        y_axis_label=label, x_axis_label="layer", tools="", toolbar_location=None,
    )  # fmt: skip
    if ticker:
        panel.yaxis.ticker = ticker
        panel.yaxis.formatter = CustomJSTickFormatter(code="return String(tick)")
    panel.varea("layer", "low", "high", source=source, fill_color=MEAN, fill_alpha=0.2)
    items = []
    for name, (says, colour, dash) in lines.items():
        line = panel.line(
            "layer", name, source=source, color=colour, line_dash=dash, line_width=2.2
        )
        items.append(LegendItem(label=says, renderers=[line]))
        if name == "mean":
            tips = [("layer", "@layer"), *((n, f"@{n}{{0.0000}}") for n in lines)]
            panel.add_tools(HoverTool(tooltips=tips, renderers=[line], mode="vline"))
    panel.add_layout(Legend(items=items, ncols=2, border_line_color=None), "below")
    panel.x_range.range_padding = 0
    return panel
