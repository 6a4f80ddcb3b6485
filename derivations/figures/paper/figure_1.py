"""Figure 1: the isometry gap over layers, beside the exact law, a proved bound and the paper's."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p

import numpy as np
from matplotlib.axes import Axes

from derivations.figures.base import plain_ticks
from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.numbers import Curve, Numbers, curve, simulated
from derivations.figures.paper.work import Work
from derivations.numeric.depth import History, gap_over_depth
from derivations.numeric.montecarlo import LayerInput
from derivations.numeric.weights import Array
from derivations.registry import catalogue

__all__ = ["FIGURE", "PAPER_C", "Sizes", "least_constant", "numbers"]

WIDE, NARROW = "isometry gap against layer", "isometry gap against layer, narrow"
PAPER_C = 0.015


@dataclass(frozen=True)
class Sizes:
    """Widths of the paper's panel and of the other; layers; networks; share of the outer product.

    Parameters
    ----------
    widths : tuple of int
    narrow : int
    depth, networks : int
    share : float
    """

    widths: tuple[int, ...] = (50, 100)
    narrow: int = 10
    depth: int = 100
    networks: int = 10
    share: float = 0.005


def near_isometry(d: int, share: float, seed: int) -> Array:
    """Return (1-f) 1 + f u vᵀ with uniform u and v, the paper's input."""
    rng = np.random.default_rng((seed, d))
    X: Array = (1 - share) * np.eye(d) + share * np.outer(rng.random(d), rng.random(d))
    return X


def least_constant(d: int) -> float:
    """Return the least C that exp(-l/(C d²)) may have near isometry, where d/(d+2) a layer is true.

    Examples
    --------
    >>> [round(least_constant(d), 4) for d in (2, 10, 50, 100)]
    [0.3607, 0.0548, 0.0102, 0.005]
    """
    return 1 / (d**2 * log1p(2 / d))


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate the networks, and put law, bound and the paper's curve beside them."""

    def run(d: int) -> History:
        start = LayerInput(near_isometry(d, sizes.share, seed), f"width {d}")
        return gap_over_depth(start, sizes.depth, sizes.networks, seed)

    every = (*sizes.widths, sizes.narrow)
    histories = dict(zip(every, work.map("figure 1", run, every, lambda d: d**2), strict=True))
    curves = [
        line
        for d, history in histories.items()
        for line in _curves(NARROW if d == sizes.narrow else WIDE, d, history)
    ]
    facts = {f"z {d}": _off(history) for d, history in histories.items()}
    return Numbers(tuple(curves), facts)


def _law(history: History) -> Array:
    """Exact mean gap of each layer, given the inputs that the networks met one layer before."""
    ahead = (history.gaps[:-1] + history.drift).mean(axis=1)
    law: Array = np.concatenate([history.gaps[0, :1], ahead])
    return law


def _off(history: History) -> float:
    """Return by how many standard errors simulated falls differ from exact ones, over all layers.

    Falls are counted in parts of the gap before, so that no layer outweighs the others.
    """
    off = ((np.diff(history.gaps, axis=0) - history.drift) / history.gaps[:-1]).sum(axis=0)
    return float(off.mean() / (off.std(ddof=1) / np.sqrt(len(off))))


def _curves(panel: str, d: int, history: History) -> list[Curve]:
    layers, name = np.arange(len(history.gaps)), f"d = {d}"
    gap = float(history.gaps[0, 0])
    left = float(catalogue["isometry-gap-contraction"].evaluate(d=d, gap=gap, depth=1)) / gap
    return [
        simulated(panel, name, layers, list(history.gaps)),
        curve(panel, name, "law along", layers, _law(history)),
        curve(panel, name, "bound", layers, gap * left**layers),
        curve(panel, name, "paper", layers, history.paper_bound(PAPER_C)),
    ]


def _draw(panel: str, axes: Axes, found: Numbers) -> None:
    curves = found.of(panel)
    axes.set(yscale="log", xlabel=r"layer $l$", ylabel=r"isometry gap $\phi(X_l)$")
    plot(axes, curves)
    axes.set_xlim(0, curves[0].x[-1])
    # The paper's curve may leave the picture: it would press the others together.
    seen = np.concatenate([c.y for c in curves if c.kind != "paper"])
    axes.set_ylim(seen.min() / 3, seen.max() * 2)
    plain_ticks(axes)
    legend(axes, curves, {"paper": f"the paper's, with C = {PAPER_C}"})


def _draw_wide(axes: Axes, found: Numbers) -> None:
    _draw(WIDE, axes, found)


def _draw_narrow(axes: Axes, found: Numbers) -> None:
    _draw(NARROW, axes, found)


def _caption(sizes: Sizes, found: Numbers) -> str:
    widths = " and ".join(map(str, sizes.widths))
    zs = ", ".join(f"{found.facts[f'z {d}']:+.1f}" for d in (*sizes.widths, sizes.narrow))
    d = sizes.narrow
    crossed = found.one(NARROW, f"d = {d}").at(sizes.depth) / found.one(
        NARROW, f"d = {d}", "paper"
    ).at(sizes.depth)
    needed = ", ".join(
        f"{least_constant(width):.2g} at $d = {width}$" for width in (*sizes.widths, d)
    )
    return (
        f"The isometry gap over {sizes.depth} layers at $d = n = $ {widths} (above) and {d} "
        f"(below), from $X_0 = (1-f) 1 + f u v^{{\\top}}$ with $f = {sizes.share}$ and uniform "
        "$u$, $v$. Broad lines: means of the networks. Dashed, and on top of them: the exact mean "
        "of each layer, at the inputs that the networks met one layer before. Over all layers "
        f"simulated and exact falls differ by {zs} standard errors. Dotted: the proved bound "
        r"$\phi_0 (1-1/k)^l$, $k = (d+2)(1+\sqrt{2 d \phi_0})^2/2$, which the means "
        "stay below. Dash-dotted: the paper's "
        rf"$\phi_0 \exp(-l/(C d^2 (1 + d \phi_0)))$ with the $C = {PAPER_C}$ that it draws. "
        r"It is no absolute constant: near isometry a layer leaves $d/(d+2)$ of the gap, no less, "
        rf"so that $C$ must be at least $1/(d^2 \log(1+2/d))$: {needed}. Below, networks have "
        f"{_times(crossed)} as much gap as that curve at the last layer. $C = 2$ is proved for "
        "every width."
    )


def _times(ratio: float) -> str:
    return f"{ratio:.3g} times" if ratio < 1e6 else f"$10^{{{np.log10(ratio):.0f}}}$ times"


FIGURE = PaperFigure(
    name="1",
    title="The isometry gap over layers",
    full=Sizes(),
    quick=Sizes(widths=(20, 30), narrow=5, depth=30, networks=8),
    numbers=numbers,
    panels=(
        Panel("As in the paper, with the exact law and a proved bound", _draw_wide),
        Panel("Why C is no constant: a narrow network", _draw_narrow),
    ),
    caption=_caption,
)
