"""Figures 5 and G5: networks with activations, with gains that fall with depth and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from derivations.figures.base import plain_ticks
from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.gradients import (
    DEPTHS,
    FIRST,
    Kind,
    against_depth,
    first_norm,
    runs,
)
from derivations.figures.paper.inputs import patches_at
from derivations.figures.paper.numbers import Numbers
from derivations.figures.paper.work import Work
from derivations.numeric.layers import ACTIVATIONS
from derivations.numeric.run import Run
from derivations.numeric.weights import Array

__all__ = ["FIGURE", "GAPS", "Sizes", "numbers"]

ACTS = ("identity", "tanh", "sin")
PLAIN, SHAPED = "without gain", "with gain"
NORMS = {e: f"log gradient norm of W_1 against depth, {e}" for e in (PLAIN, SHAPED)}
GAP = {e: f"isometry gap of the last layer against depth, {e}" for e in (PLAIN, SHAPED)}


@dataclass(frozen=True)
class Sizes:
    """Width, also the number of samples; depths; networks; the exponent of the gains.

    Parameters
    ----------
    width : int
    depths : tuple of int
    networks : int
    exponent : float
    """

    width: int = 100
    depths: tuple[int, ...] = DEPTHS
    networks: int = 10
    exponent: float = 0.4


@dataclass(frozen=True)
class _Gains:
    """α_l = (l + 1)^(-e) of the square layers: the first layer of all is the fixed one."""

    exponent: float

    def __call__(self, layer: int) -> float:
        return float((layer + 2) ** -self.exponent)


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate every activation with and without gains: gradients, and gaps of the last layer."""
    d = sizes.width
    curves = []
    for case, exponent in ((PLAIN, 0.0), (SHAPED, sizes.exponent)):
        kinds = {
            name: Kind(
                patches_at(d, d, seed, ACTIVATIONS[name].value),
                activation=name,
                gain=_Gains(exponent),
            )
            for name in ACTS
        }
        found = runs(f"figure 5, {case}", kinds, sizes.depths, sizes.networks, seed, work)
        curves += against_depth(NORMS[case], found, first_norm)
        curves += against_depth(GAP[case], found, _last_gap)
    return Numbers(tuple(curves))


def _last_gap(run: Run) -> Array:
    gaps: Array = run.gaps[:, -1]
    return gaps


def _draw_norms(case: str, axes: Axes, found: Numbers) -> None:
    curves = found.of(NORMS[case])
    axes.set(xlabel="depth $L$", ylabel=FIRST)
    plot(axes, curves)
    legend(axes, curves, columns=2)


def _draw_gaps(case: str, axes: Axes, found: Numbers) -> None:
    curves = found.of(GAP[case])
    axes.set(yscale="log", xlabel="depth $L$", ylabel=r"isometry gap $\phi(X_L)$")
    plot(axes, curves)
    plain_ticks(axes)
    legend(axes, curves, columns=2)


def _setting(sizes: Sizes) -> str:
    d = sizes.width
    return (
        f"at $d = n = {d}$ on patches of photographs: linear layer, normalisation of rows without "
        "mean subtraction, activation; a fixed first layer and readout, cross-entropy with drawn "
        "labels"
    )


def _caption(sizes: Sizes, found: Numbers) -> str:
    depth, e = sizes.depths[-1], sizes.exponent
    plain, shaped = (
        {name: found.one(NORMS[case], name).at(depth) for name in ACTS} for case in (PLAIN, SHAPED)
    )
    return (
        rf"$\log \|\nabla_{{W_1}} \mathcal{{L}}\|$ against depth, {_setting(sizes)}. "
        f"Above, without gain: at depth {depth} the identity has {plain['identity']:.2f}, tanh "
        f"{plain['tanh']:.0f} and sine {plain['sin']:.0f}: with an activation the logarithm grows "
        f"linearly, so that gradients explode. Below, with gains $\\alpha_l = (l+1)^{{-{e:g}}}$: "
        f"{shaped['identity']:.2f}, {shaped['tanh']:.2f} and {shaped['sin']:.2f}; no line grows "
        "linearly any more. Why 0.4 will do, and from which exponent on, is in figure E2."
    )


def _caption_gaps(sizes: Sizes, found: Numbers) -> str:
    depth, e = sizes.depths[-1], sizes.exponent
    plain, shaped = (
        {name: found.one(GAP[case], name).at(depth) for name in ACTS} for case in (PLAIN, SHAPED)
    )
    return (
        f"Gradients of the first layer and the isometry gap of the last one against depth, "
        f"{_setting(sizes)}; the same runs as in figure 5, without gain and with $\\alpha_l = "
        f"(l+1)^{{-{e:g}}}$. At depth {depth} the gap is {plain['identity']:.1e} for the identity, "
        f"{plain['tanh']:.2g} for tanh and {plain['sin']:.2g} for sine without gain: an activation "
        "keeps it from closing. With gains the activations have "
        f"{shaped['tanh']:.2g} and {shaped['sin']:.2g}, for the nonlinearity fades with depth."
    )


def _panels(draw: Callable[[str, Axes, Numbers], None], what: str) -> tuple[Panel, ...]:
    return tuple(Panel(f"{what}, {case}", partial(draw, case)) for case in (PLAIN, SHAPED))


_QUICK = Sizes(width=12, depths=(5, 15, 60), networks=6)
FIGURE = PaperFigure(
    name="5",
    title="Activations, with and without gains that fall with depth",
    full=Sizes(),
    quick=_QUICK,
    numbers=numbers,
    panels=_panels(_draw_norms, "Gradients"),
    caption=_caption,
)
GAPS = PaperFigure(
    name="G5",
    title="Gradients and isometry gaps with activations",
    full=Sizes(),
    quick=_QUICK,
    numbers=numbers,
    panels=(*_panels(_draw_norms, "Gradients"), *_panels(_draw_gaps, "Isometry gap")),
    caption=_caption_gaps,
)
