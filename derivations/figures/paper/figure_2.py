"""Figure 2: gradients where samples repeat, beside their growth at every rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.gradients import (
    DEPTHS,
    FIRST,
    Kind,
    against_depth,
    first_norm,
    growth,
    runs,
)
from derivations.figures.paper.inputs import Start, digits_at
from derivations.figures.paper.numbers import Curve, Numbers, curve, simulated
from derivations.figures.paper.work import Work
from derivations.registry import catalogue

__all__ = ["FIGURE", "Sizes", "numbers", "rate"]

NORMS, GROWTH = "log gradient norm of W_1 against depth", "growth per layer against rank"


@dataclass(frozen=True)
class Sizes:
    """Width and number of samples; depths; networks; for the growth, depth, ends and networks.

    Parameters
    ----------
    width : int
    depths : tuple of int
    networks : int
    long, ends, more : int
        Depth of the networks that the growth is read off, layers left out at each end, and how
        many of these networks.
    """

    width: int = 10
    depths: tuple[int, ...] = DEPTHS
    networks: int = 10
    long: int = 400
    ends: int = 20
    more: int = 40

    @property
    def distinct(self) -> tuple[str, str]:
        """Names of the two inputs."""
        d = self.width
        return f"{d} distinct samples", f"{d // 2} samples, each twice"


def rate(d: int, r: int) -> float:
    """Growth of a row's log-Jacobian per layer at rank r, at least."""
    return float(catalogue["singular-jacobian-rate"].evaluate(d=d, r=r))


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate both inputs, and inputs of every rank.

    A sample that stands twice in a batch, with one label, has the same gradients as one that
    stands there once, and its double no rank of its own: it is left out, for in floats the
    rounding of the two would become a rank after some hundred layers.
    """
    d = sizes.width
    start = digits_at(d, d, seed)
    first, second = sizes.distinct
    kinds = {first: Kind(start), second: Kind(_first(start, d // 2))}
    found = runs("figure 2", kinds, sizes.depths, sizes.networks, seed, work)
    norms = against_depth(NORMS, found, first_norm)
    return Numbers((*norms, _from_there(norms[1], rate(d, d // 2)), *_ranks(sizes, seed, work)))


def _first(start: Start, n: int) -> Start:
    # Rows of length √n, as a batch with repetitions has them.
    X = start.X[:, :n]
    rows = X / np.linalg.norm(X, axis=1, keepdims=True)
    return Start(np.sqrt(n) * rows, start.labels[:n])


def _from_there(norms: Curve, per_layer: float) -> Curve:
    """Return the line that rises at the rate from a third of the way on."""
    begin = len(norms.x) // 3
    x = norms.x[begin:]
    return curve(NORMS, norms.name, "prediction", x, norms.y[begin] + per_layer * (x - x[0]))


def _ranks(sizes: Sizes, seed: int, work: Work) -> list[Curve]:
    d = sizes.width
    start = digits_at(d, d, seed)
    ranks = range(2, d + 1)
    found = work.map(
        "figure 2, ranks",
        lambda r: Kind(_first(start, r)).run(sizes.long, sizes.more, seed),
        ranks,
        lambda r: sizes.long,
    )
    last = sizes.long - 1 - sizes.ends
    slopes = [growth(run, sizes.ends, last) for run in found]
    below = ranks[:-1]  # at r = d the rate is zero
    rates = [rate(d, r) for r in below]
    return [simulated(GROWTH, "", ranks, slopes), curve(GROWTH, "", "prediction", below, rates)]


def _draw_norms(axes: Axes, found: Numbers) -> None:
    curves = found.of(NORMS)
    axes.set(xlabel="depth $L$", ylabel=FIRST)
    plot(axes, curves)
    legend(axes, curves, {"prediction": "slope of a row's rate"})


def _draw_growth(axes: Axes, found: Numbers) -> None:
    curves = found.of(GROWTH)
    axes.set(yscale="log", xlabel="rank $r$ of the input", ylabel="growth per layer")
    axes.set_xticks(curves[0].x)
    plot(axes, curves)
    legend(axes, curves, {"prediction": "rate of a row's Jacobian"})


def _caption(sizes: Sizes, found: Numbers) -> str:
    d, depth = sizes.width, sizes.depths[-1]
    first, second = (found.one(NORMS, name) for name in sizes.distinct)
    slopes, rates = found.one(GROWTH, ""), found.one(GROWTH, "", "prediction")
    return (
        rf"Above: $\log \|\nabla_{{W_1}} \mathcal{{L}}\|$ of networks of width {d} on {d} "
        f"handwritten digits, and on {d // 2} of them that stand in the batch twice. With "
        "distinct samples the gradient stays bounded at any depth: at depth "
        f"{depth} its logarithm is {first.at(depth):.2f}. With repeated ones the rank is "
        f"{d // 2}, the hypothesis of the theory fails, and gradients explode: "
        f"{second.at(depth):.1f}. Dash-dotted: a line with the slope "
        r"$(\psi(d/2)-\psi(r/2)-\log(d/r))/2$, by which the log-norm of a row's Jacobian grows at "
        f"least. Below, the growth per layer at every rank $r$, from {sizes.more} networks of "
        f"depth {sizes.long}: {slopes.at(2):.2g} at $r = 2$, {slopes.at(d - 1):.2g} at "
        f"$r = {d - 1}$, where the rate is {rates.at(2):.2g} and {rates.at(d - 1):.2g}; at "
        f"$r = {d}$ the rate is zero and not drawn, and networks grow by {slopes.at(d):.1g} as "
        "their gap closes. The rate is proved for the Jacobian of a row. That whole gradients "
        "follow it is seen here, and not proved."
    )


FIGURE = PaperFigure(
    name="2",
    title="Gradients on degenerate batches",
    full=Sizes(),
    quick=Sizes(width=6, depths=(5, 20, 60), networks=8, long=60, ends=10, more=16),
    numbers=numbers,
    panels=(
        Panel("As in the paper: repeated samples", _draw_norms),
        Panel("Growth per layer at every rank", _draw_growth),
    ),
    caption=_caption,
)
