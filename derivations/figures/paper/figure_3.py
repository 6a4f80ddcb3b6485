"""Figure 3: gradients with orthogonal and Gaussian weights; the Gaussian rate; the proved bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

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
from derivations.figures.paper.inputs import isotropic, of_gap, patches_at
from derivations.figures.paper.numbers import Curve, Numbers, curve, simulated
from derivations.figures.paper.work import Work
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.network import BNMLP
from derivations.numeric.run import Run
from derivations.numeric.weights import Array
from derivations.registry import catalogue

__all__ = ["FIGURE", "Sizes", "numbers"]

NORMS = "log gradient norm of W_1 against depth"
RATE = "growth of the squared gradient norm per layer against width"
BOUND = "log gradient norm of W_0 against width"


@dataclass(frozen=True)
class Sizes:
    """Sizes of the three panels.

    Parameters
    ----------
    width : int
        Also the number of samples.
    depths : tuple of int
    networks : int
    rate_widths, samples : tuple of int
        Widths and numbers of samples of the Gaussian rate.
    rate_depth, rate_ends, rate_rows : int
        Depth of these networks, layers left out at each end, and networks times width, if that
        makes more of them than `networks`.
    bound_widths : tuple of int
    bound_depth : int
    """

    width: int = 100
    depths: tuple[int, ...] = DEPTHS
    networks: int = 10
    rate_widths: tuple[int, ...] = (10, 20, 40, 100, 200, 400)
    samples: tuple[int, ...] = (5, 10, 20)
    rate_depth: int = 60
    rate_ends: int = 10
    rate_rows: int = 3000
    bound_widths: tuple[int, ...] = (10, 20, 50, 100)
    bound_depth: int = 100


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Simulate all three panels."""
    d = sizes.width
    start = patches_at(d, d, seed)
    kinds = {"orthogonal": Kind(start), "Gaussian": Kind(start, "xavier")}
    found = runs("figure 3", kinds, sizes.depths, sizes.networks, seed, work)
    gap = float(isometry_gap(start.X))
    # Rows of length √n bring ½ log n, cross-entropy's gradient at X_L at most ½ log(2/n).
    facts = {"gap": gap, "bound": _bound(d, gap) + log(2 * d) / 2}
    norms = against_depth(NORMS, found, first_norm)
    return Numbers((*norms, *_rates(sizes, seed, work), *_bounds(sizes, seed, work)), facts)


def _bound(d: int, gap: float) -> float:
    return float(catalogue["gradient-bound"].evaluate(d=d, gap=gap))


def _rates(sizes: Sizes, seed: int, work: Work) -> list[Curve]:
    jobs = [(n, d) for n in sizes.samples for d in sizes.rate_widths if d >= n]

    def run(job: tuple[int, int]) -> Array:
        n, d = job
        kind = Kind(isotropic(d, n, seed), "gaussian")
        begin, end = sizes.rate_ends, sizes.rate_depth - 1 - sizes.rate_ends
        # Narrow networks scatter more, and cost less.
        networks = max(sizes.networks, sizes.rate_rows // d)
        return 2 * growth(kind.run(sizes.rate_depth, networks, seed), begin, end)

    found = work.map("figure 3, rates", run, jobs, lambda job: job[1])
    rates = dict(zip(jobs, found, strict=True))
    curves = []
    for n in sizes.samples:
        widths = [d for d in sizes.rate_widths if d >= n]
        limit = log(float(catalogue["gaussian-gradient-rate"].evaluate(n=n)))
        slopes = [rates[n, d] for d in widths]
        curves.append(simulated(RATE, f"n = {n}", widths, slopes))
        curves.append(curve(RATE, f"n = {n}", "exact", widths, [limit] * len(widths)))
    return curves


def _bounds(sizes: Sizes, seed: int, work: Work) -> list[Curve]:
    """Compare, at a gap of 1, what networks show with the two bounds."""
    widths, depth = sizes.bound_widths, sizes.bound_depth

    def run(d: int) -> tuple[Run, float]:
        target = np.random.default_rng((seed, d, 3)).standard_normal((d, d))
        target /= np.linalg.norm(target, axis=1, keepdims=True)
        found = BNMLP(d, depth).run(of_gap(d, 1.0), target, networks=sizes.networks, seed=seed)
        assert found.losses is not None
        return found, float(np.log(2 * found.losses).mean()) / 2

    found = work.map("figure 3, bounds", run, widths, lambda d: d)
    norms = [first_norm(run) for run, _output in found]
    proved = [
        output + log(d) / 2 + _bound(d, 1.0)
        for d, (_run, output) in zip(widths, found, strict=True)
    ]
    paper = [2.0 * d**5 for d in widths]  # C d⁵ (φ³ + 1) at φ = 1
    return [
        simulated(BOUND, "", widths, norms),
        curve(BOUND, "", "bound", widths, proved),
        curve(BOUND, "", "paper", widths, paper),
    ]


def _draw_norms(axes: Axes, found: Numbers) -> None:
    curves = found.of(NORMS)
    axes.set(xlabel="depth $L$", ylabel=FIRST)
    plot(axes, curves)
    legend(axes, curves)


def _draw_rates(axes: Axes, found: Numbers) -> None:
    curves = found.of(RATE)
    axes.set(xscale="log", xlabel="width $d$", ylabel=r"growth of $\log \|\nabla\|^2$ per layer")
    plot(axes, curves)
    widths = sorted({x for c in curves for x in c.x})
    axes.set_xticks(widths, [f"{x:g}" for x in widths], minor=False)
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    legend(axes, curves, {"exact": r"limit for $d \to \infty$"})


def _draw_bounds(axes: Axes, found: Numbers) -> None:
    curves = found.of(BOUND)
    axes.set(xscale="log", yscale="log", xlabel="width $d$")
    axes.set_ylabel(r"$\log \|\nabla_{W_0} \mathcal{L}\|_F$")
    plot(axes, curves)
    axes.set_ylim(0.3 * min(c.y.min() for c in curves), 3 * max(c.y.max() for c in curves))
    axes.set_xticks(curves[0].x, [f"{x:g}" for x in curves[0].x])
    axes.minorticks_off()
    legend(axes, curves, {"paper": r"the paper's $C d^5 (\phi_0^3 + 1)$, $C = 1$"})


def _caption(sizes: Sizes, found: Numbers) -> str:
    d, depth = sizes.width, sizes.depths[-1]
    orthogonal, gaussian = (found.one(NORMS, name) for name in ("orthogonal", "Gaussian"))
    n, widest = sizes.samples[1], sizes.rate_widths[-1]
    rate, limit = found.one(RATE, f"n = {n}"), found.one(RATE, f"n = {n}", "exact").y[0]
    measured, proved = found.one(BOUND, ""), found.one(BOUND, "", "bound")
    paper = found.one(BOUND, "", "paper")
    last = sizes.bound_widths[-1]
    return (
        rf"Above: $\log \|\nabla_{{W_1}} \mathcal{{L}}\|$ against depth, at $d = n = {d}$ on "
        "patches of photographs, cross-entropy with drawn labels. With orthogonal weights it is "
        f"{orthogonal.at(depth):.2f} at depth {depth}, with Gaussian ones (PyTorch's Xavier) "
        f"{gaussian.at(depth):.1f} and growing linearly. The proved bound for orthogonal weights "
        f"at any depth is {found.facts['bound']:.0f}, at an input with an isometry gap of "
        f"{found.facts['gap']:.2g}: outside the picture. "
        r"Middle: how much $\log \|\nabla\|^2$ grows per Gaussian layer. It tends to "
        r"$\log((n-1)/(n-2))$ (dashed) only as the width grows at a fixed number of samples: at "
        f"$n = {n}$ the limit is {limit:.3f}, and networks have {rate.at(rate.x[0]):.3f} at "
        f"$d = {rate.x[0]:.0f}$ and {rate.at(widest):.3f} at $d = {widest}$. Below: "
        rf"$\log \|\nabla_{{W_0}} \mathcal{{L}}\|$ for the squared error at depth "
        f"{sizes.bound_depth}, from inputs of gap 1, against width. At $d = {last}$ networks have "
        f"{measured.at(last):.2f}, the bound with its constants says {proved.at(last):.0f}, and "
        f"the shape of the paper's {_power(paper.at(last))}: the bound is proved, and far from "
        "tight."
    )


def _power(value: float) -> str:
    exponent = int(np.floor(np.log10(value)))
    return rf"${value / 10**exponent:.2g} \cdot 10^{{{exponent}}}$"


FIGURE = PaperFigure(
    name="3",
    title="Gradients with orthogonal and with Gaussian weights",
    full=Sizes(),
    quick=Sizes(
        width=16,
        depths=(5, 20, 80),
        networks=8,
        rate_widths=(10, 30, 90),
        samples=(5, 10),
        rate_depth=30,
        rate_ends=5,
        rate_rows=600,
        bound_widths=(8, 20),
        bound_depth=30,
    ),
    numbers=numbers,
    panels=(
        Panel("As in the paper", _draw_norms),
        Panel("Gaussian weights: the rate needs a width far above $n$", _draw_rates),
        Panel("Orthogonal weights: bound and networks against width", _draw_bounds),
    ),
    caption=_caption,
)
