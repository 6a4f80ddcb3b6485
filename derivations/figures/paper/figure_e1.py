"""Figure E1: how fast gradients grow with the gain of an activation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import curve_fit

from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.gradients import Kind, growth
from derivations.figures.paper.inputs import isotropic
from derivations.figures.paper.numbers import Curve, Numbers, curve, simulated
from derivations.figures.paper.work import Work
from derivations.numeric.weights import Array
from derivations.registry import catalogue

__all__ = ["FIGURE", "Sizes", "numbers"]

SLOPE = "slope of the log gradient norm over few layers against gain"
GROWTH = "growth per layer beyond the identity's against gain, deep networks"
WEAK = 0.5
ACTS = {"tanh": "", "sin": "-sin"}
"""The activations, and how the names of their formulas end."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of the two panels.

    Parameters
    ----------
    width, depth, networks : int
        Of the networks of the paper's panel.
    gains : tuple of float
    deep_width, deep, begin, end : int
        Width and depth of the other networks; the layers between which their growth is read off,
        far from the last ones, where the gradient still remembers the loss.
    deep_gains : tuple of float
    """

    width: int = 100
    depth: int = 10
    networks: int = 10
    gains: tuple[float, ...] = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0)
    deep_width: int = 40
    deep: int = 300
    begin: int = 20
    end: int = 160
    deep_gains: tuple[float, ...] = (0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0)


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate both panels, from an isotropic input."""
    few, facts = _few_layers(sizes, seed, work)
    deep, exponents = _deep(sizes, seed, work)
    return Numbers((*few, *deep), facts | exponents)


def _few_layers(sizes: Sizes, seed: int, work: Work) -> tuple[list[Curve], dict[str, float]]:
    start = Kind(isotropic(sizes.width, sizes.width, seed))
    jobs = [(name, gain) for name in ACTS for gain in sizes.gains]

    def slope(job: tuple[str, float]) -> Array:
        run = replace(start, activation=job[0], gain=job[1]).run(sizes.depth, sizes.networks, seed)
        assert run.log_gradient_norms is not None
        fitted: Array = -np.polyfit(np.arange(sizes.depth), run.log_gradient_norms.T, 1)[0]
        return fitted

    found = dict(zip(jobs, work.map("figure E1", slope, jobs), strict=True))
    curves: list[Curve] = []
    facts: dict[str, float] = {}
    for name in ACTS:
        slopes = [found[name, gain] for gain in sizes.gains]
        line = simulated(SLOPE, name, sizes.gains, slopes)
        (c1, c2), _ = curve_fit(_power, line.x, line.y, p0=(0.1, 2.0))
        curves += [line, curve(SLOPE, name, "fit", line.x, _power(line.x, c1, c2))]
        facts |= {f"c1 {name}": float(c1), f"c2 {name}": float(c2)}
    return curves, facts


def _power(gain: Array, c1: float, c2: float) -> Array:
    return c1 * gain**c2


def _deep(sizes: Sizes, seed: int, work: Work) -> tuple[list[Curve], dict[str, float]]:
    """Follow gains that are weak too: the identity on the same weights is taken off."""
    gains = sizes.deep_gains
    start = Kind(isotropic(sizes.deep_width, sizes.deep_width, seed))
    jobs = [("identity", 1.0), *((name, gain) for name in ACTS for gain in gains)]

    def per_layer(job: tuple[str, float]) -> Array:
        run = replace(start, activation=job[0], gain=job[1]).run(sizes.deep, sizes.networks, seed)
        return growth(run, sizes.begin, sizes.end)

    found = dict(zip(jobs, work.map("figure E1, deep", per_layer, jobs), strict=True))
    curves: list[Curve] = []
    facts: dict[str, float] = {}
    for name, ending in ACTS.items():
        beyond = [found[name, g] - found["identity", 1.0] for g in gains]
        slope, share = (
            [float(catalogue[f"shaping-{what}{ending}"].evaluate(alpha=g)) for g in gains]
            for what in ("slope", "nonlinear-share")
        )
        line = simulated(GROWTH, name, gains, beyond)
        curves += [
            line,
            curve(GROWTH, name, "prediction", gains, [log(chi) / 2 for chi in slope]),
            curve(GROWTH, name, "weak prediction", gains, [0.75 * f for f in share]),
        ]
        facts |= {f"exponent {name} {c.kind}": _exponent(c) for c in curves[-3:-1]}
    return curves, facts


def _exponent(line: Curve) -> float:
    """Slope on logarithmic axes, over weak gains."""
    weak = line.x <= WEAK
    return float(np.polyfit(np.log(line.x[weak]), np.log(line.y[weak]), 1)[0])


def _draw_slope(axes: Axes, found: Numbers) -> None:
    curves = found.of(SLOPE)
    axes.set(xlabel=r"gain $\alpha$", ylabel=r"slope of $\log \|\nabla_{W_l} \mathcal{L}\|_F$")
    plot(axes, curves)
    legend(axes, curves, {"fit": r"fit $c_1 \alpha^{c_2}$"})


def _draw_growth(axes: Axes, found: Numbers) -> None:
    curves = found.of(GROWTH)
    axes.set(xscale="log", yscale="log", xlabel=r"gain $\alpha$", ylabel="growth per layer")
    plot(axes, curves)
    axes.set_xticks(curves[0].x, [f"{x:g}" for x in curves[0].x])
    axes.minorticks_off()
    labels = {
        "prediction": r"$\frac{1}{2} \log \chi(\alpha)$",
        "weak prediction": r"$\frac{3}{4} f(\alpha)$, at weak gain",
    }
    legend(axes, curves, labels)


def _caption(sizes: Sizes, found: Numbers) -> str:
    facts = found.facts
    fits = " and ".join(
        f"${facts[f'c1 {name}']:.3f} \\alpha^{{{facts[f'c2 {name}']:.2f}}}$ for {_word(name)}"
        for name in ACTS
    )
    weak, predicted = (
        " and ".join(f"{facts[f'exponent {name} {kind}']:.1f} for {_word(name)}" for name in ACTS)
        for kind in ("simulated", "prediction")
    )
    lowest = found.one(SLOPE, "tanh")
    return (
        f"Above, as in the paper: the slope of the log gradient norm over {sizes.depth} layers of "
        f"width {sizes.width} against the gain, from an isotropic input, and the fit {fits}. At "
        f"gain {lowest.x[0]:g} the slope is {lowest.y[0]:.1g}, below zero: so few layers do not "
        "show the growth at weak gain, but how the gradient turns after the loss. Below: growth "
        f"per layer between layers {sizes.begin} and {sizes.end} of {sizes.deep}, of width "
        f"{sizes.deep_width}, less that of the identity on the same weights. On logarithmic axes "
        f"the exponent over gains up to {WEAK:g} is {weak}; that of $\\log(\\chi)/2$ is "
        rf"{predicted} there, and 4 as $\alpha \to 0$: $\log(\chi)/2$ and the nonlinear share $f$ "
        r"of the energy go as $6 c^2 \alpha^4$ for $\sigma = x - c x^3 + \dots$. Neither is proved "
        r"for networks; $f$ and $\chi$ themselves are exact."
    )


def _word(name: str) -> str:
    return {"sin": "sine"}.get(name, name)


FIGURE = PaperFigure(
    name="E1",
    title="Growth of gradients against the gain",
    full=Sizes(),
    quick=Sizes(
        width=24,
        networks=6,
        gains=(0.2, 0.6, 1.0, 2.0),
        deep_width=16,
        deep=60,
        begin=5,
        end=35,
        deep_gains=(0.4, 0.5, 1.0),
    ),
    numbers=numbers,
    panels=(
        Panel("As in the paper", _draw_slope),
        Panel("In deep networks: towards $\\alpha^4$ at weak gain", _draw_growth),
    ),
    caption=_caption,
)
