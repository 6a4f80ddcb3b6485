"""Statistics of a run of networks, by name: a new one is one registered function.

A statistic takes a `derivations.numeric.run.Run` and returns one number for each network; its
standard error is that of independent networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np
from sympy import Integer

from derivations.numeric.isometry import spectrum
from derivations.numeric.layers import Layer
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.run import Run
from derivations.numeric.weights import Array
from derivations.point import Point
from derivations.registry import catalogue

__all__ = ["STATISTICS", "Prediction", "RunStatistic", "statistic"]


@dataclass(frozen=True)
class Prediction:
    """What the theory says of a statistic at a depth where it has no exact value.

    Parameters
    ----------
    name : str
    kind : str
        ``"iterated"``: an exact law of one layer, at the spectra that networks met. ``"bound"``:
        what the mean is at most. ``"limit"``: what it tends to.
    along : callable, optional
        Takes a run to one number for each network: for what is iterated.
    value : callable, optional
        Takes the point of the input, and a depth, to a number.
    """

    name: str
    kind: Literal["iterated", "bound", "limit"]
    along: Callable[[Run], Array] | None = None
    value: Callable[[Point, int], float] | None = None


@dataclass(frozen=True)
class RunStatistic:
    """A number that a run of networks shows of each of them.

    Parameters
    ----------
    name, meaning : str
        How it is called, and a few words.
    of : callable
        Takes a `Run` to an array of shape (networks,).
    backward : bool
        Whether it is about gradients: then the run has a target, fixed and without symmetry, and
        the loss ½‖X_L - Y‖².
    least_depth : int
        How many layers it takes.
    of_gap : bool
        Whether it is about the isometry gap of the last layer, which A = X Xᵀ must be regular for.
    layers : mapping
        Statistics of a layer that its predictions take: functions of the layer, and of the number
        of the last one.
    predictions : tuple of Prediction
        What the theory says, for orthogonal weights and rows that are scaled and nothing else.
    """

    name: str
    meaning: str
    of: Callable[[Run], Array]
    backward: bool = False
    least_depth: int = 1
    of_gap: bool = False
    layers: Mapping[str, Callable[[Layer, int], Array]] = field(default_factory=dict)
    predictions: tuple[Prediction, ...] = ()


STATISTICS: dict[str, RunStatistic] = {}
"""Every statistic by its name."""


def statistic(
    name: str,
    meaning: str,
    *,
    backward: bool = False,
    least_depth: int = 1,
    of_gap: bool = False,
    layers: Mapping[str, Callable[[Layer, int], Array]] | None = None,
    predictions: tuple[Prediction, ...] = (),
) -> Callable[[Callable[[Run], Array]], Callable[[Run], Array]]:
    """Register a function of a run as a statistic; see `RunStatistic` for the arguments.

    Raises
    ------
    ValueError
        When there is a statistic or a formula of this name.

    Examples
    --------
    >>> @statistic("largest-gap", "largest gap of all layers")
    ... def largest_gap(run):
    ...     return run.gaps.max(axis=1)
    >>> del STATISTICS["largest-gap"]
    """

    def register(of: Callable[[Run], Array]) -> Callable[[Run], Array]:
        if name in STATISTICS or name in catalogue:
            kind = "statistic" if name in STATISTICS else "formula"
            raise ValueError(f"name = {name!r}: there is a {kind} of this name; expected another")
        STATISTICS[name] = RunStatistic(
            name, meaning, of, backward, least_depth, of_gap, layers or {}, predictions
        )
        return of

    return register


def drift(layer: Layer, last: int) -> Array:
    """Exact mean change of the gap in the last layer, given its input; zero in the others."""
    if layer.index < last:
        return np.zeros(len(layer.W))
    eigenvalues = np.atleast_2d(spectrum(layer.X))
    change: Array = log_mean_shift(eigenvalues).value
    return np.broadcast_to(change, (len(layer.W),))


def _at_spectra(run: Run) -> Array:
    """Return E[φ(X_L) | X_(L-1)] at each network's X_(L-1)."""
    mean: Array = run.gaps[:, -2] + run.statistics["drift"][:, -1]
    return mean


def _formula_at(name: str, point: Point, depth: int) -> float:
    return float(catalogue[name].at(point.with_numbers({"depth": Integer(depth)})))


def _limit(point: Point, depth: int) -> float:
    d = point.integer_width()
    return float(point.gap) * (d / (d + 2)) ** depth


@statistic(
    "gap",
    "isometry gap after the last layer",
    of_gap=True,
    layers={"drift": drift},
    predictions=(
        Prediction("step law at simulated spectra", "iterated", along=_at_spectra),
        Prediction(
            "contraction bound", "bound", value=partial(_formula_at, "isometry-gap-contraction")
        ),
        Prediction("rate at isometry", "limit", value=_limit),
    ),
)
def gap(run: Run) -> Array:
    """Isometry gap of X_L."""
    gaps: Array = run.gaps[:, -1]
    return gaps


@statistic(
    "log-gap",
    "logarithm of the isometry gap after the last layer",
    of_gap=True,
    predictions=(
        Prediction(
            "typical rate", "bound", value=partial(_formula_at, "isometry-gap-typical-rate")
        ),
    ),
)
def log_gap(run: Run) -> Array:
    """Logarithm of the isometry gap of X_L."""
    logs: Array = np.log(run.gaps[:, -1])
    return logs


def _norms(run: Run) -> Array:
    assert run.log_gradient_norms is not None  # a backward statistic has a target
    return run.log_gradient_norms


@statistic("log-gradient-norm", "log‖∂ℒ/∂W_0‖, of the first layer", backward=True)
def log_gradient_norm(run: Run) -> Array:
    """Logarithm of the gradient norm of the first layer's weights."""
    return _norms(run)[:, 0]


@statistic(
    "log-gradient-growth", "log‖∂ℒ/∂W_0‖ - log‖∂ℒ/∂W_(L-1)‖, first to last layer", backward=True
)
def log_gradient_growth(run: Run) -> Array:
    """How much the log-norm grows from the last layer to the first."""
    norms = _norms(run)
    growth: Array = norms[:, 0] - norms[:, -1]
    return growth


@statistic(
    "log-gradient-slope",
    "growth of log‖∂ℒ/∂W_l‖ per layer towards the input, by least squares in each network",
    backward=True,
    least_depth=2,
)
def log_gradient_slope(run: Run) -> Array:
    """Slope of log‖∂L/∂W_l‖ against L - l, fitted to each network by itself.

    Examples
    --------
    >>> falling = Run(np.zeros((1, 4)), np.array([[5.0, 3.0, 1.0]]), None)
    >>> log_gradient_slope(falling)
    array([2.])
    """
    norms = _norms(run)
    layers = np.arange(norms.shape[1])
    centred = layers.mean() - layers
    slopes: Array = norms @ centred / (centred @ centred)
    return slopes
