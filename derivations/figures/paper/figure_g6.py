"""Figure G6: gradients with and without mean subtraction, at a width where it can be seen too."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.figure_2 import rate
from derivations.figures.paper.gradients import (
    DEPTHS,
    FIRST,
    Kind,
    against_depth,
    first_norm,
    runs,
)
from derivations.figures.paper.inputs import digits_at, patches_at
from derivations.figures.paper.numbers import Numbers, curve
from derivations.figures.paper.work import Work

__all__ = ["FIGURE", "Sizes", "numbers"]

WIDE, NARROW = "log gradient norm of W_1 against depth", "the same at a narrow width"
WITH, WITHOUT = "mean subtracted", "not subtracted"


@dataclass(frozen=True)
class Sizes:
    """Width of the paper's panel and of the other; depths; networks.

    Parameters
    ----------
    width, narrow : int
    depths : tuple of int
    networks : int
    """

    width: int = 100
    narrow: int = 10
    depths: tuple[int, ...] = DEPTHS
    networks: int = 10

    @property
    def names(self) -> tuple[str, str, str]:
        """Names of the curves of the narrow panel."""
        d = self.narrow
        return f"n = {d}, subtracted", f"n = {d + 1}, subtracted", f"n = {d}, not subtracted"


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate both widths."""
    d, low = sizes.width, sizes.narrow
    wide = {
        WITH: Kind(patches_at(d, d, seed, centred=True), norm="batchnorm"),
        WITHOUT: Kind(patches_at(d, d, seed)),
    }
    few, one_more, plain = sizes.names
    narrow = {
        few: Kind(digits_at(low, low, seed, centred=True), norm="batchnorm"),
        one_more: Kind(digits_at(low, low + 1, seed, centred=True), norm="batchnorm"),
        plain: Kind(digits_at(low, low, seed)),
    }
    curves = []
    for panel, kinds in ((WIDE, wide), (NARROW, narrow)):
        found = runs("figure G6", kinds, sizes.depths, sizes.networks, seed, work)
        curves += against_depth(panel, found, first_norm)
    grown = curves[len(wide)]
    begin = len(grown.x) // 2
    x = grown.x[begin:]
    line = grown.y[begin] + rate(low, low - 1) * (x - x[0])
    return Numbers((*curves, curve(NARROW, few, "prediction", x, line)))


def _draw_wide(axes: Axes, found: Numbers) -> None:
    curves = found.of(WIDE)
    axes.set(xlabel="depth $L$", ylabel=FIRST)
    plot(axes, curves)
    legend(axes, curves)


def _draw_narrow(axes: Axes, found: Numbers) -> None:
    curves = found.of(NARROW)
    axes.set(xlabel="depth $L$", ylabel=FIRST)
    plot(axes, curves)
    legend(axes, curves, {"prediction": "slope of a row's rate"})


def _caption(sizes: Sizes, found: Numbers) -> str:
    d, low, depth = sizes.width, sizes.narrow, sizes.depths[-1]
    wide = {name: found.one(WIDE, name).at(depth) for name in (WITH, WITHOUT)}
    few, more, plain = (found.one(NARROW, name).at(depth) for name in sizes.names)
    over = rate(d, d - 1) * depth
    return (
        rf"$\log \|\nabla_{{W_1}} \mathcal{{L}}\|$ against depth with and without mean "
        f"subtraction. Above, as in the paper, at $d = n = {d}$ on patches of photographs, rows "
        rf"scaled to $\sqrt{{n}}$ in both cases: {wide[WITH]:.2f} with and {wide[WITHOUT]:.2f} "
        f"without it at depth {depth}. But with $n = d$ the subtraction leaves rank $d - 1$, and "
        f"the hypothesis of the theory fails: log-norms of rows grow, by {over:.2g} in all over "
        f"{depth} layers at this width, which cannot be seen. Below, at $d = {low}$ on "
        f"handwritten digits, it can: with $n = {low}$ the logarithm is {few:.2f} at depth "
        f"{depth}, and rises as the rate for rank {low - 1} predicts (dash-dotted; it is proved "
        f"for the Jacobians of rows). One sample more, $n = {low + 1}$, mends it: {more:.2f}, "
        f"beside {plain:.2f} without subtraction."
    )


FIGURE = PaperFigure(
    name="G6",
    title="Mean subtraction",
    full=Sizes(),
    quick=Sizes(width=16, narrow=5, depths=(5, 20, 80), networks=12),
    numbers=numbers,
    panels=(
        Panel("As in the paper", _draw_wide),
        Panel("At a narrow width: one sample more mends it", _draw_narrow),
    ),
    caption=_caption,
)
