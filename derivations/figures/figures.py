"""The figures of a report, drawn from what was computed; each is written as PNG and SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import LogLocator

from derivations.numeric.depth import History

__all__ = ["Figure", "draw", "figures_for"]

# Okabe and Ito's palette: told apart by colour-blind readers, and in print by their line styles.
SIMULATED, MEAN, LAW, PAPER, LIMIT = "#9fb4c7", "#0072b2", "#d55e00", "#555555", "#009e73"

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "dejavusans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "svg.fonttype": "path",
    "svg.hashsalt": "weingarten",  # the same figure gives the same file
    "savefig.dpi": 160,
}


@dataclass(frozen=True)
class Figure:
    """A figure: a file name, how it is drawn, and a caption that may hold LaTeX.

    Parameters
    ----------
    name : str
        File name without suffix.
    title : str
        A few words.
    plot : callable
        Takes axes and a `History` and draws.
    caption : callable
        Takes a `History` and returns the text below the figure.
    """

    name: str
    title: str
    plot: Callable[[Axes, History], None]
    caption: Callable[[History], str]


def draw(figure: Figure, history: History, folder: Path) -> list[Path]:
    """Write one figure as PNG and SVG.

    Parameters
    ----------
    figure : Figure
        What to draw.
    history : History
        What was simulated.
    folder : pathlib.Path
        An existing folder.

    Returns
    -------
    list of pathlib.Path
        The two files.
    """
    with rc_context(_STYLE):
        canvas = Canvas(figsize=(7.2, 4.4), layout="constrained")
        FigureCanvasAgg(canvas)
        figure.plot(canvas.add_subplot(), history)
        files = [folder / f"{figure.name}.{suffix}" for suffix in ("png", "svg")]
        canvas.savefig(files[0], facecolor="white", metadata={"Software": None})
        canvas.savefig(files[1], facecolor="white", metadata={"Date": None})
    return files


def _plot_gap(axes: Axes, history: History) -> None:
    layers = np.arange(len(history.gaps))
    limit = history.gaps[0, 0] * (history.width / (history.width + 2)) ** layers
    networks = axes.plot(layers, history.gaps, color=SIMULATED, lw=0.7, alpha=0.7)
    networks[0].set_label(f"{history.gaps.shape[1]} simulated networks")
    axes.plot(layers, history.mean, color=MEAN, lw=2.6, label="their mean")
    axes.plot(layers, history.law, color=LAW, lw=1.6, ls=(0, (4, 2)), label="exact one-step law")
    axes.plot(
        layers, history.paper_bound(), color=PAPER, lw=1.3, ls=":",
        label=r"paper's bound shape, $C = 1$",
    )  # fmt: skip
    axes.plot(layers, limit, color=LIMIT, lw=1.3, ls="-.", label=r"limiting rate $(d/(d+2))^\ell$")
    axes.set(
        yscale="linear" if history.isotropic else "log",
        xlim=(0, layers[-1]),
        xlabel=r"layer $\ell$",
        ylabel=r"isometry gap $\phi(X_\ell)$",
    )
    if not history.isotropic:
        _plain_ticks(axes)
    axes.grid(axis="y", which="major", color="#e4e4e4", lw=0.6)
    axes.legend(loc="lower left")


def _plain_ticks(axes: Axes) -> None:
    """Label a short logarithmic axis in plain numbers: powers of ten alone would be too few."""
    low, high = axes.get_ylim()
    if high / low < 1000:
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")
        axes.yaxis.set_minor_formatter(lambda _value, _position: "")


def _caption_gap(history: History) -> str:
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


def _plot_factor(axes: Axes, history: History) -> None:
    layers = np.arange(len(history.drift))
    factor = history.factor
    networks = axes.plot(layers, factor, color=SIMULATED, lw=0.7, alpha=0.7)
    networks[0].set_label("at the inputs of each network")
    axes.plot(layers, factor.mean(axis=1), color=LAW, lw=2.2, label="mean over the networks")
    d = history.width
    axes.axhline(d / (d + 2), color=LIMIT, lw=1.3, ls="-.", label=r"limit $d/(d+2)$")
    axes.set(
        xlim=(0, max(1, layers[-1])),
        xlabel=r"layer $\ell$",
        ylabel=r"$\mathbb{E}[\phi(X_{\ell+1}) \mid X_\ell]\; /\; \phi(X_\ell)$",
    )
    axes.grid(axis="y", color="#e4e4e4", lw=0.6)
    axes.legend(loc="best")


def _caption_factor(history: History) -> str:
    d = history.width
    return (
        "How much of the isometry gap one more layer leaves, exactly, at the inputs that the "
        f"networks met. Near isometry the factor tends to $d/(d+2) = {d / (d + 2):.4f}$; with a "
        f"gap of {history.mean[-2]:.3g} before the last layer it is "
        f"{history.factor[-1].mean():.4f} there. The shape of the paper's bound would leave "
        f"{np.exp(-history.paper_rate()):.7f} of it, with $C = 1$."
    )


GAP = Figure("isometry-gap", "Isometry gap over depth", _plot_gap, _caption_gap)
FACTOR = Figure("one-step-factor", "One layer's exact factor", _plot_factor, _caption_factor)


def figures_for(history: History) -> tuple[Figure, ...]:
    """Return the figures of a report: no factors where the gap is zero throughout."""
    return (GAP,) if history.isotropic else (GAP, FACTOR)
