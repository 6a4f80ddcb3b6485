"""Figure E2: growth of gradients against the exponent of the gains, and where it is bounded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.gradients import Kind
from derivations.figures.paper.inputs import isotropic
from derivations.figures.paper.numbers import Curve, Numbers, curve, simulated
from derivations.figures.paper.work import Work
from derivations.numeric.weights import Array

__all__ = ["FIGURE", "THRESHOLD", "Sizes", "numbers", "slope_ratio"]

AGAINST_E, AGAINST_L = (
    "growth over all layers against exponent",
    "growth over all layers against depth",
)
THRESHOLD = 0.25


@dataclass(frozen=True)
class Sizes:
    """Width; depths of the first panel and of the second; exponents of both; networks.

    Parameters
    ----------
    width, networks : int
    depths, few : tuple of int
        All depths, and those that have a curve against the exponent.
    exponents, shown : tuple of float
        All exponents, and those that have a curve against depth.
    """

    width: int = 40
    networks: int = 10
    depths: tuple[int, ...] = (10, 30, 100, 300, 900)
    few: tuple[int, ...] = (100, 300, 900)
    exponents: tuple[float, ...] = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
    shown: tuple[float, ...] = (0.15, 0.25, 0.3, 0.4)


@dataclass(frozen=True)
class _Gains:
    exponent: float

    def __call__(self, layer: int) -> float:
        return float((layer + 1) ** -self.exponent)


def slope_ratio(gains: Array) -> Array:
    """χ(α) = α² E tanh'(αz)²/E tanh(αz)² at gains up to 1.

    By Gauss and Hermite's rule; `catalogue["shaping-slope"]` has it to any digits.

    Examples
    --------
    >>> round(float(slope_ratio(np.array([1.0]))[0]), 12)
    1.177807232304
    """
    z, weights = np.polynomial.hermite_e.hermegauss(200)
    squares = np.tanh(np.multiply.outer(gains, z)) ** 2
    ratio: Array = gains**2 * ((1 - squares) ** 2 @ weights) / (squares @ weights)
    return ratio


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate tanh networks at every depth and exponent, and the identity on the same weights."""
    start = Kind(isotropic(sizes.width, sizes.width, seed))
    jobs = [(e, depth) for e in (None, *sizes.exponents) for depth in sizes.depths]

    def grown(job: tuple[float | None, int]) -> Array:
        exponent, depth = job
        kind = start
        if exponent is not None:
            kind = replace(start, activation="tanh", gain=_Gains(exponent))
        norms = kind.run(depth, sizes.networks, seed).log_gradient_norms
        assert norms is not None
        return norms[:, 0] - norms[:, -1]

    found = dict(zip(jobs, work.map("figure E2", grown, jobs, lambda job: job[1]), strict=True))
    beyond = {(e, L): found[e, L] - found[None, L] for e in sizes.exponents for L in sizes.depths}
    predicted = {e: _predicted(e, sizes.depths[-1]) for e in sizes.exponents}
    curves: list[Curve] = []
    for L in sizes.few:
        name, over = f"L = {L}", sizes.exponents
        samples = [beyond[e, L] for e in over]
        curves.append(simulated(AGAINST_E, name, over, samples))
        curves.append(curve(AGAINST_E, name, "prediction", over, [predicted[e][L] for e in over]))
    for e in sizes.shown:
        name, depths = f"e = {e:g}", sizes.depths
        samples = [beyond[e, L] for L in depths]
        curves.append(simulated(AGAINST_L, name, depths, samples))
        steps = np.unique(np.geomspace(depths[0], depths[-1], 40).round().astype(int))
        curves.append(curve(AGAINST_L, name, "prediction", steps, predicted[e][steps]))
    return Numbers(tuple(curves))


def _predicted(exponent: float, depth: int) -> Array:
    """Sum ½ log χ(α_l) over layers before each: what layer after layer is predicted to add."""
    gains = np.arange(1.0, depth + 1.0) ** -exponent
    total: Array = np.concatenate([[0.0], np.cumsum(np.log(slope_ratio(gains)) / 2)])
    return total


ITERATED = r"sum of $\frac{1}{2} \log \chi(\alpha_l)$"
YLABEL = r"growth of $\log \|\nabla\|$"


def _draw_exponents(axes: Axes, found: Numbers) -> None:
    curves = found.of(AGAINST_E)
    axes.set(xlabel="exponent $e$ of the gains", ylabel=YLABEL)
    plot(axes, curves)
    axes.axvline(THRESHOLD, color="#555555", lw=1.0)
    mark = Line2D([], [], color="#555555", lw=1.0, label="$e = 1/4$")
    legend(axes, curves, {"prediction": ITERATED}, columns=2, threshold=mark)


def _draw_depths(axes: Axes, found: Numbers) -> None:
    curves = found.of(AGAINST_L)
    axes.set(xscale="log", xlabel="depth $L$", ylabel=YLABEL)
    plot(axes, curves)
    marked = next(c for c in curves if c.kind == "simulated").x
    axes.set_xticks(marked, [f"{x:g}" for x in marked])
    axes.minorticks_off()
    legend(axes, curves, {"prediction": ITERATED}, columns=2)


def _caption(sizes: Sizes, found: Numbers) -> str:
    first, last = sizes.few[0], sizes.few[-1]
    low, high = sizes.shown[0], sizes.shown[-1]

    grown, predicted = (
        found.one(AGAINST_L, f"e = {low:g}", kind) for kind in ("simulated", "prediction")
    )

    def rise(e: float) -> str:
        line = found.one(AGAINST_L, f"e = {e:g}")
        return f"from {line.at(first):.2f} to {line.at(last):.2f} at $e = {e:g}$"

    return (
        r"Growth of $\log \|\nabla_{W_l} \mathcal{L}\|$ from the last layer to the first, of "
        rf"tanh networks of width {sizes.width} with gains $\alpha_l = (l+1)^{{-e}}$ from "
        "an isotropic input, less that of the identity on the same weights. Above: against the "
        f"exponent. Below: against depth. From depth {first} to {last} it rises {rise(low)} "
        f"and {rise(high)}. Dash-dotted: what is predicted, layer after layer, the sum of "
        r"$\log(\chi(\alpha_l))/2$, without a proof: networks have "
        f"{grown.at(last) / predicted.at(last):.2g} times as much at $e = {low:g}$ and depth "
        rf"{last}. As $\log \chi$ goes as "
        r"$\alpha^4$ at weak gain and $\sum_l l^{-4e}$ is finite exactly for $e > 1/4$, "
        "gradients explode below that exponent, slowly, and stay bounded above it. The paper's "
        "$e = 0.4$ is above."
    )


FIGURE = PaperFigure(
    name="E2",
    title="Growth of gradients against the exponent of the gains",
    full=Sizes(),
    quick=Sizes(
        width=16,
        networks=6,
        depths=(10, 30, 90),
        few=(30, 90),
        exponents=(0.1, 0.25, 0.4),
        shown=(0.1, 0.25, 0.4),
    ),
    numbers=numbers,
    panels=(
        Panel("Against the exponent, as in the paper", _draw_exponents),
        Panel("Against depth: bounded above $e = 1/4$", _draw_depths),
    ),
    caption=_caption,
)
