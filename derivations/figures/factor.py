"""The exact factor by which one more layer shrinks the isometry gap, over depth."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from derivations.figures.base import LAW, LIMIT, SIMULATED, Figure
from derivations.numeric.depth import History

__all__ = ["FACTOR"]


def _plot(axes: Axes, history: History) -> None:
    layers = np.arange(len(history.drift))
    factor = history.factor
    networks = axes.plot(layers, factor, color=SIMULATED, lw=0.7, alpha=0.7)
    networks[0].set_label("at the inputs of each network")
    axes.plot(layers, factor.mean(axis=1), color=LAW, lw=2.2, label="mean over the networks")
    axes.axhline(history.limiting_rate, color=LIMIT, lw=1.3, ls="-.", label=r"limit $d/(d+2)$")
    axes.set(
        xlim=(0, max(1, layers[-1])),
        xlabel=r"layer $l$",
        ylabel=r"$\mathbb{E}[\phi(X_{l+1}) \mid X_l]\; /\; \phi(X_l)$",
    )
    axes.grid(axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="best")


def _caption(history: History) -> str:
    return (
        "How much of the isometry gap one more layer leaves, exactly, at the inputs that the "
        f"networks met. Near isometry the factor tends to $d/(d+2) = {history.limiting_rate:.4f}$; "
        f"with a gap of {history.mean[-2]:.3g} before the last layer it is "
        f"{history.factor[-1].mean():.4f} there. The shape of the paper's bound would leave "
        f"{np.exp(-history.paper_rate()):.7f} of it, with $C = 1$."
    )


FACTOR = Figure("one-step-factor", "One layer's exact factor", _plot, _caption)
