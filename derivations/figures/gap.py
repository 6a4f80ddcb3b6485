"""The isometry gap over depth: simulated networks, the exact law, and two rates."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from derivations.figures.base import LAW, LIMIT, MEAN, PAPER, SIMULATED, Figure, plain_ticks
from derivations.numeric.depth import History

__all__ = ["GAP"]


def _plot(axes: Axes, history: History) -> None:
    layers = np.arange(len(history.gaps))
    networks = axes.plot(layers, history.gaps, color=SIMULATED, lw=0.7, alpha=0.7)
    networks[0].set_label(f"{history.gaps.shape[1]} simulated networks")
    axes.plot(layers, history.mean, color=MEAN, lw=2.6, label="their mean")
    axes.plot(layers, history.law, color=LAW, lw=1.6, ls=(0, (4, 2)), label="exact one-step law")
    axes.plot(
        layers, history.paper_bound(), color=PAPER, lw=1.3, ls=":",
        label=r"paper's bound shape, $C = 1$",
    )  # fmt: skip
    axes.plot(
        layers, history.limit, color=LIMIT, lw=1.3, ls="-.", label=r"limiting rate $(d/(d+2))^l$"
    )
    axes.set(
        yscale="linear" if history.isotropic else "log",
        xlim=(0, layers[-1]),
        xlabel=r"layer $l$",
        ylabel=r"isometry gap $\phi(X_l)$",
    )
    if not history.isotropic:
        plain_ticks(axes)
    axes.grid(axis="y", which="major")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower left")


def _caption(history: History) -> str:
    depth, networks = history.drift.shape
    if history.isotropic:
        return (
            "The input is isotropic: its isometry gap is zero and stays zero over all "
            f"{depth} layers in {networks} networks, up to rounding."
        )
    return (
        f"The isometry gap of {networks} independent networks of width {history.width} over "
        f"{depth} layers. Dashed: the gap that the exact law predicts, $\\phi(X_0)$ plus the "
        "exact mean change at every input met on the way; the mean of the networks may differ "
        f"from it by sampling noise only. At layer {depth} the mean is {history.mean[-1]:.4g} "
        f"and the law gives {history.law[-1]:.4g}{_off(history)}. Dotted: the shape "
        "$\\phi(X_0) e^{-l/k}$ of the paper's theorem 1 with $k = C d^2 (1 + d \\phi(X_0))$; the "
        "paper names no constant, and $C = 1$ is our choice. Dash-dotted: the rate $d/(d+2)$ per "
        "layer, which the exact law approaches near isometry, drawn from $\\phi(X_0)$."
    )


def _off(history: History) -> str:
    networks = history.gaps.shape[1]
    if networks < 2:
        return ""
    return f" (${history.z:+.2f}$ standard errors, estimated from the {networks} networks)"


GAP = Figure("isometry-gap", "Isometry gap over depth", _plot, _caption)
