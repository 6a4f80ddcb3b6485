"""Gains (l + 1)^(-e), as large as a bound on the growth of gradients allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derivations.numeric.arguments import count, matrix, one_of, positive
from derivations.numeric.shaping.slopes import (
    Setting,
    Slopes,
    gradient_growth,
    log_slope_ratio,
    measure_slopes,
)
from derivations.numeric.weights import Array

__all__ = ["Confirmation", "GainSchedule", "shape_gain"]

BENT = ("tanh", "sin")
"""Activations whose growth falls with the gain; identity and ReLU act alike at every gain."""

PAPER_EXPONENT = 0.4
ERRORS = 2.0  # that a prediction keeps from its bound
_SMALLEST = 0.01  # gain at which an activation is as good as none
_BISECTIONS = 25


@dataclass(frozen=True, eq=False)
class Confirmation:
    """Networks run with a schedule.

    Parameters
    ----------
    growths : numpy.ndarray
        log‖∂L/∂W_0‖ - log‖∂L/∂W_(L-1)‖, shape (networks,).
    limit : float
        What it should stay below.
    """

    growths: Array
    limit: float

    @property
    def mean(self) -> float:
        """Mean growth."""
        return float(self.growths.mean())

    @property
    def standard_error(self) -> float:
        """Standard error of the mean, from independent networks."""
        return float(self.growths.std(ddof=1) / np.sqrt(len(self.growths)))

    @property
    def passed(self) -> bool:
        """Whether the mean is below the limit by at least two standard errors."""
        return self.mean + ERRORS * self.standard_error <= self.limit

    def __repr__(self) -> str:
        verdict = "below" if self.passed else "not clearly below"
        return (
            f"growth {self.mean:.3g} ± {self.standard_error:.2g} of {len(self.growths)} networks, "
            f"{verdict} {self.limit:g}"
        )


@dataclass(frozen=True, eq=False, repr=False)
class GainSchedule:
    """The gains α_l = scale · (l + 1)^(-exponent), and what is known of the growth they lead to.

    Calling it with a layer returns that layer's gain, so that it can be the ``gain`` of a
    `derivations.numeric.BNMLP` with rows of unit variance (``scale="sqrt_n"``).

    Parameters
    ----------
    activation : str
    depth : int
    growth : float
        The bound that was asked for.
    scale, exponent : float
    slopes : Slopes
        The evidence: growth per layer against gain.
    linear, linear_error : float
        Growth of networks of this depth without an activation, and its standard error.
    """

    activation: str
    depth: int
    growth: float
    scale: float
    exponent: float
    slopes: Slopes
    linear: float
    linear_error: float

    def __call__(self, layer: int) -> float:
        """Gain of a layer, counted from 0."""
        return self.scale * float((layer + 1.0) ** -self.exponent)

    @property
    def gains(self) -> Array:
        """The gains of all layers, shape (depth,)."""
        return self.scale * np.arange(1.0, self.depth + 1) ** -self.exponent

    @property
    def predicted(self) -> float:
        """Predicted mean of log‖∂L/∂W_0‖ - log‖∂L/∂W_(L-1)‖.

        What networks without an activation do, plus the fitted slope at each gain, plus what the
        first and last layers add beyond it.
        """
        end, _ = self.slopes.end(self(0))
        return self.linear + self.slopes.factor * self._theory + end

    @property
    def error(self) -> float:
        """Standard error of the prediction, with the scatter of the fit."""
        _, end_error = self.slopes.end(self(0))
        fitted = self.slopes.factor_error * self._theory
        return float(np.sqrt(self.linear_error**2 + fitted**2 + end_error**2))

    @cached_property
    def _theory(self) -> float:
        """Sum of ½ log χ over the layers that a gradient comes through on its way to W_0.

        The gradient of W_(L-1) has come through the last activation, too.
        """
        return float(log_slope_ratio(self.activation, self.gains[:-1]).sum())

    def confirm(self, networks: int = 20, seed: int = 1, X: Any = None) -> Confirmation:
        """Run networks with these gains.

        Parameters
        ----------
        networks, seed : int, optional
            How many, at least 2, and the seed of weights and target; that of the evidence would
            show the same networks again.
        X : array_like, optional
            Another batch, features × samples, of any width.

        Examples
        --------
        >>> shape_gain("sin", depth=30, growth=1.0, width=6, networks=8).confirm().passed
        True
        """
        setting = self.slopes.setting
        batch = setting.X if X is None else matrix("X", X)
        again = Setting(batch, setting.norm, count("networks", networks, 2), count("seed", seed, 0))
        norms = again.log_norms(self.depth, self.activation, self)
        return Confirmation(gradient_growth(norms), self.growth)

    def __repr__(self) -> str:
        scale = "" if self.scale == 1 else f"{self.scale:.4g} "
        return (
            f"gains {scale}(l + 1)^(-{self.exponent:.4g}) of {self.activation}, {self.depth} "
            f"layers: growth {self.predicted:.3g} ± {self.error:.2g} predicted, below "
            f"{self.growth:g}"
        )


def shape_gain(
    activation: str,
    depth: int,
    growth: float,
    X: Any = None,
    width: int = 20,
    norm: str = "rows",
    networks: int = 20,
    seed: int = 0,
) -> GainSchedule:
    """Return gains with which gradients grow by less than a bound over the depth.

    Growth is that of log‖∂L/∂W_l‖ from the last layer to the first, averaged over networks with
    orthogonal weights and rows of unit variance. Each layer of gain α adds about ½ log χ(α) to
    it, which goes as α⁴ at weak gain; the factor is measured here. Gains (l + 1)^(-e) therefore
    keep it bounded at any depth exactly for e > 1/4, see the formula shaping-exponent.

    The exponent is the smallest with which the prediction stays below the bound by two of its
    errors, from 0 to the paper's 0.4. Where that is not enough, the exponent is 0.4 and all gains
    are scaled down.

    Parameters
    ----------
    activation : str
        ``"tanh"`` or ``"sin"``.
    depth : int
        How many layers, at least 2.
    growth : float
        The bound, positive.
    X : array_like, optional
        The batch that networks are measured with, features × samples; by default a Gaussian one.
    width : int, optional
        Features and samples of the Gaussian batch.
    norm : str, optional
        ``"rows"`` or ``"batchnorm"``, as for `derivations.numeric.BNMLP`.
    networks, seed : int, optional
        How many networks are measured at each gain, at least 2, and the seed.

    Returns
    -------
    GainSchedule

    Raises
    ------
    ValueError
        When networks without an activation already grow by more.

    Examples
    --------
    >>> gain = shape_gain("tanh", depth=50, growth=1.5, width=6, networks=8)
    >>> gain(0), gain.predicted < 1.5, 0 < gain.exponent < 0.4
    (1.0, True, True)
    """
    if activation not in BENT:
        one_of("activation", activation, BENT)
    count("depth", depth, 2)
    positive("growth", growth)
    setting = _setting(X, width, norm, networks, seed)
    slopes = measure_slopes(activation, setting)
    plain = gradient_growth(setting.log_norms(depth, "identity", 1.0))
    linear = float(plain.mean())
    linear_error = float(plain.std(ddof=1) / np.sqrt(len(plain)))

    def schedule(scale: float, exponent: float) -> GainSchedule:
        return GainSchedule(
            activation, depth, float(growth), scale, exponent, slopes, linear, linear_error
        )

    def fits(one: GainSchedule) -> bool:
        return one.predicted + ERRORS * one.error <= growth

    if fits(schedule(1.0, PAPER_EXPONENT)):
        exponent = _edge(lambda e: fits(schedule(1.0, e)), PAPER_EXPONENT, 0.0)
        return schedule(1.0, exponent)
    least = schedule(_SMALLEST, PAPER_EXPONENT)
    if not fits(least):
        raise ValueError(
            f"growth = {growth:g}: networks without an activation grow by {linear:.3g} ± "
            f"{linear_error:.2g} over {depth} layers from this batch already; expected more than "
            f"{least.predicted + ERRORS * least.error:.3g}"
        )
    scale = _edge(lambda c: fits(schedule(c, PAPER_EXPONENT)), _SMALLEST, 1.0)
    return schedule(scale, PAPER_EXPONENT)


def _edge(holds: Callable[[float], bool], good: float, bad: float) -> float:
    """Return a number at which a condition holds, next to where it stops to on the way to another.

    Examples
    --------
    >>> round(_edge(lambda x: x > 0.25, 1.0, 0.0), 6)
    0.25
    """
    if holds(bad):
        return bad
    for _ in range(_BISECTIONS):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def _setting(X: Any, width: int, norm: str, networks: int, seed: int) -> Setting:
    one_of("norm", norm, ("rows", "batchnorm"))
    count("networks", networks, 2)
    count("seed", seed, 0)
    if X is not None:
        return Setting(matrix("X", X), norm, networks, seed)
    count("width", width, 2)
    batch = np.random.default_rng((seed, 8)).standard_normal((width, width))
    return Setting(batch, norm, networks, seed)
