"""Gradients over layers: simulated networks, what holds at isometry, and the proved bound."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from sympy import lambdify

from derivations.figures.base import LAW, LIMIT, MEAN, SIMULATED, Figure
from derivations.formulas.gradient_bound import bound
from derivations.notation import d, phi_0
from derivations.numeric.depth import History
from derivations.numeric.weights import Array

__all__ = ["GRADIENT"]

_TICKS = (-100, -10, *range(-3, 4), *(10.0**k for k in range(1, 9)))
_LINEAR = 3.0  # log-norms up to which the axis is linear: networks below, the bound above


def _bound(history: History) -> Array:
    """Bound each layer by the gap of its input: the bound is concave in it, so by the mean gap."""
    growth = lambdify((d, phi_0), bound(), "numpy")
    above: Array = growth(history.width, np.maximum(history.mean[:-1], 0.0))
    rest: float = history.log_outputs.mean() + np.log(history.width) / 2
    return above + rest


def _at_isometry(history: History) -> Array:
    """Half the logarithm of the mean square that gradient-norm-at-isometry gives, for ‖Y‖² = d."""
    width, depth = history.width, len(history.drift)
    left = history.limiting_rate ** np.arange(depth - 1, -1, -1)
    level: Array = np.log(width * (1 - 1 / width) * (1 + left) / 2) / 2
    return level


def _plot(axes: Axes, history: History) -> None:
    layers = np.arange(len(history.log_gradients))
    networks = axes.plot(layers, history.log_gradients, color=SIMULATED, lw=0.7, alpha=0.7)
    networks[0].set_label(f"{len(networks)} simulated networks")
    mean = history.log_gradients.mean(axis=1)
    axes.plot(layers, mean, color=MEAN, lw=2.6, label="their mean")
    axes.plot(
        layers, _at_isometry(history), color=LIMIT, lw=1.3, ls="-.", label="exact at isometry"
    )
    axes.plot(layers, _bound(history), color=LAW, lw=1.6, ls=":", label="proved bound")
    axes.set_yscale("symlog", linthresh=_LINEAR, linscale=2.0)
    axes.set(
        xlim=(0, max(1, layers[-1])),
        xlabel=r"layer $l$",
        ylabel=r"$\log \|\partial \mathcal{L}/\partial W_l\|$",
    )
    low, high = axes.get_ylim()
    axes.set_yticks([tick for tick in _TICKS if low <= tick <= high])
    axes.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")
    axes.yaxis.set_minor_formatter(lambda _value, _position: "")
    axes.grid(axis="y", which="major")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=4)


def _caption(history: History) -> str:
    depth, networks = history.drift.shape
    mean, above = history.log_gradients.mean(axis=1), _bound(history)
    return (
        f"The logarithm of the gradient norm at each layer of the same {networks} networks, for "
        r"the squared error $\mathcal{L} = \|X_L - Y\|^2/2$ with a random $Y$ of unit rows. It is "
        f"{mean[-1]:.3g} at the last layer and {mean[0]:.3g} at the first: {depth} layers do not "
        "make gradients explode. Dash-dotted: half the logarithm of the exact mean square at "
        f"isometry. Dotted: the proved bound from the gap of each layer on, {above[0]:.4g} at the "
        f"first and {above[-1]:.3g} at the last; it holds at any depth and is far from tight. The "
        f"axis is logarithmic above {_LINEAR:g}."
    )


GRADIENT = Figure("gradient-norm", "Gradient norm over layers", _plot, _caption)
