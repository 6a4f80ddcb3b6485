"""How fast gradients grow per layer at a gain: measured, beside what normal rows would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from derivations.numeric.layers import ACTIVATIONS
from derivations.numeric.network import BNMLP
from derivations.numeric.weights import Array

__all__ = ["Setting", "Slopes", "gradient_growth", "log_slope_ratio", "measure_slopes"]

GAINS = 0.25, 0.35, 0.5, 0.7, 1.0
_TARGET = 7  # apart from other streams of the same seed
_NORMALS = np.linspace(-12.0, 12.0, 481)  # smooth means converge faster than any power
_DENSITY = np.exp(-(_NORMALS**2) / 2) / np.sqrt(2 * np.pi) * (_NORMALS[1] - _NORMALS[0])


def log_slope_ratio(activation: str, gains: ArrayLike) -> Array:
    """½ log χ(α), with χ(α) = α² E σ'(αz)²/E σ(αz)² over a standard normal z.

    By so much one layer would add to the logarithm of the norm of a gradient, if rows of unit
    variance were normal. It goes as α⁴ at weak gain, see the formula shaping-slope.

    Examples
    --------
    >>> log_slope_ratio("sin", [1.0])  # χ = coth 1
    array([0.13617073])
    """
    function = ACTIVATIONS[activation]
    alpha = np.asarray(gains, dtype=float)[..., None]
    slopes = (_DENSITY * (alpha * function.derivative(alpha * _NORMALS)) ** 2).sum(axis=-1)
    energy = (_DENSITY * function.value(alpha * _NORMALS) ** 2).sum(axis=-1)
    ratio: Array = np.log1p((slopes - energy) / energy) / 2
    return ratio


@dataclass(frozen=True, eq=False)
class Setting:
    """The networks that are simulated: orthogonal weights, rows of unit variance.

    Parameters
    ----------
    X : numpy.ndarray
        Batch, features × samples; the width is the number of features.
    norm : str
        As for `derivations.numeric.BNMLP`.
    networks, seed : int
        How many, and the seed of their weights and of the target.
    """

    X: Array
    norm: str
    networks: int
    seed: int

    @property
    def width(self) -> int:
        """The number of features."""
        return len(self.X)

    def log_norms(self, depth: int, activation: str, gain: float | Callable[[int], float]) -> Array:
        """Return log‖∂L/∂W_l‖ of ½‖X_L - Y‖² for a random target, shape (networks, depth)."""
        net = BNMLP(
            self.width, depth, norm=self.norm, scale="sqrt_n", activation=activation, gain=gain
        )
        Y = np.random.default_rng((self.seed, _TARGET)).standard_normal(self.X.shape)
        norms = net.run(self.X, Y, networks=self.networks, seed=self.seed).log_gradient_norms
        assert norms is not None
        return norms


def gradient_growth(log_norms: Array) -> Array:
    """Growth from the last layer back to the first, log‖∂L/∂W_0‖ - log‖∂L/∂W_(L-1)‖.

    Examples
    --------
    >>> gradient_growth(np.array([[3.0, 2.0, 0.5]]))
    array([2.5])
    """
    growth: Array = log_norms[:, 0] - log_norms[:, -1]
    return growth


@dataclass(frozen=True, eq=False)
class Slopes:
    """Growth of the log-norm of gradients per layer, measured at several constant gains.

    All is measured beyond what networks without an activation do with the same weights, which
    takes most of the noise away.

    Parameters
    ----------
    activation : str
    setting : Setting
        What was simulated.
    gains : numpy.ndarray
        Shape (gains,), from small to large.
    slopes, slope_errors : numpy.ndarray
        Growth per layer in the middle of deep networks, and its standard errors.
    ends, end_errors : numpy.ndarray
        What the first and the last layers add beyond that slope.
    theory : numpy.ndarray
        ½ log χ of each gain, see `log_slope_ratio`.
    """

    activation: str
    setting: Setting
    gains: Array
    slopes: Array
    slope_errors: Array
    ends: Array
    end_errors: Array
    theory: Array

    @property
    def factor(self) -> float:
        """The factor κ of the fit κ · ½ log χ(α) to the slopes."""
        return self._fit()[0]

    @property
    def factor_error(self) -> float:
        """By how much κ may be off for one gain: its standard error, and its scatter over gains."""
        return self._fit()[1]

    def fitted(self, gains: ArrayLike) -> Array:
        """Return the fitted growth per layer at gains."""
        return self.factor * log_slope_ratio(self.activation, gains)

    def end(self, gain: float) -> tuple[float, float]:
        """Return what the ends add at a gain, and its error, between the gains measured.

        They add nothing at gain zero, and beyond the largest gain what they add there.
        """
        known = np.concatenate([[0.0], self.gains])
        values, errors = (np.concatenate([[0.0], part]) for part in (self.ends, self.end_errors))
        return float(np.interp(gain, known, values)), float(np.interp(gain, known, errors))

    def _fit(self) -> tuple[float, float]:
        """Mean of the measured ratios to ½ log χ, which scatter by more than their errors."""
        ratios, errors = self.slopes / self.theory, self.slope_errors / self.theory
        weights = 1 / errors**2
        mean = (weights * ratios).sum() / weights.sum()
        excess = (weights * (ratios - mean) ** 2).sum() - (len(ratios) - 1)
        scatter = max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum()))
        weights = 1 / (errors**2 + scatter)
        factor = (weights * ratios).sum() / weights.sum()
        return float(factor), float(np.sqrt(scatter + 1 / weights.sum()))


def measure_slopes(activation: str, setting: Setting) -> Slopes:
    """Measure slopes at the gains from 1/4 to 1, in the middle of networks that are deep enough.

    The forward pass takes about d/2 layers to forget the batch, the backward pass as many to
    forget the loss; d layers at either end are left out.
    """
    d = setting.width
    depth = 40 + 4 * d
    first, last = d, depth - 1 - d
    plain = setting.log_norms(depth, "identity", 1.0)
    found = [
        _measured(setting.log_norms(depth, activation, gain) - plain, first, last) for gain in GAINS
    ]
    slopes, slope_errors, ends, end_errors = np.array(found).T
    theory = log_slope_ratio(activation, GAINS)
    return Slopes(
        activation, setting, np.array(GAINS), slopes, slope_errors, ends, end_errors, theory
    )


def _measured(norms: Array, first: int, last: int) -> tuple[float, float, float, float]:
    """Slope between two layers by least squares, what the ends add, and the errors of both."""
    layers = np.arange(first, last + 1)
    layers = layers - layers.mean()
    slopes = -(norms[:, first : last + 1] @ layers) / (layers @ layers)
    outside = norms.shape[1] - 1 - (last - first)
    ends = gradient_growth(norms) - (norms[:, first] - norms[:, last]) - outside * slopes
    root = np.sqrt(len(norms))
    return (
        float(slopes.mean()),
        float(slopes.std(ddof=1) / root),
        float(ends.mean()),
        float(ends.std(ddof=1) / root),
    )
