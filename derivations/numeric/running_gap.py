"""The isometry gap along a forward pass, by its increments where they are exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from derivations.numeric.isometry import SMALLEST_PIVOT, gap_by_pivots, gap_of_rows, isometry_gap
from derivations.numeric.layers import Layer, Normalisation
from derivations.numeric.relative import EPS
from derivations.numeric.sums import row_squares, squares
from derivations.numeric.weights import Array

__all__ = ["RunningGap"]

_TOLERANCE = 1e-11
_STEP = 16 * EPS  # bounds the rounding of one increment, relative to the logarithms in it
_PIVOTS = 1e-13  # and that of a gap by pivots


@dataclass
class RunningGap:
    """Isometry gaps of many networks, brought along layer by layer.

    Without an activation φ(X_(l+1)) - φ(X_l) = mean_i log a_i - log(tr A_l / d) - (2/d) log|det W|
    for every draw, with a_i the squared row norms that the layer divides by. These increments
    outlast the singular values of X, which are lost once the smallest is below the rounding of
    the largest; where their rounding adds up to more than a part in 10¹¹ of the gap, which is
    near isometry, it is computed anew from X. With an activation it is computed from X
    throughout, and infinite where the rows of X are dependent up to rounding.

    Parameters
    ----------
    X : numpy.ndarray
        Input of layer 0, shape (d, n).
    networks : int
    normalise : Normalisation
    linear : bool
        Whether a layer is W and the normalisation, and no more than that.
    log_volume : callable
        Takes weights (networks, d, d) and returns log|det W|.
    centred : bool
        Whether every layer's output has mean zero over the samples.

    Examples
    --------
    >>> run = RunningGap(np.eye(2), 1, Normalisation(), True, lambda W: np.linalg.slogdet(W)[1])
    >>> shear = Layer(np.eye(2), np.array([[[1.0, 0.0], [1e8, 1.0]]]))
    >>> run.after(shear).round(9)  # log 1e8: the smallest eigenvalue is 1e-16
    array([18.42068074])
    """

    X: Array
    networks: int
    normalise: Normalisation
    linear: bool
    log_volume: Callable[[Array], Array]
    centred: bool = False
    gap: Array = field(init=False)
    error: Array = field(init=False)

    def __post_init__(self) -> None:
        # The mean is no part of what a layer sees, if it subtracts it. Where there are no
        # increments, nothing starts there.
        start = float(isometry_gap(self.normalise.centre(self.X))) if self.linear else np.nan
        self.gap = np.full(self.networks, start)
        self.error = _PIVOTS * self.gap

    @property
    def _dependent(self) -> bool:
        """Whether the rows of every output are dependent, whatever the weights."""
        d, n = self.X.shape
        return bool(n < d + self.centred)

    def after(self, layer: Layer) -> Array:
        """Gap of the layer's output, shape (networks,); layers come in their order."""
        if self._dependent:
            return np.full(self.networks, np.inf)
        if self.linear:
            self._add_increment(layer)
            loose = np.flatnonzero(self.error > _TOLERANCE * self.gap)
        else:
            loose = np.arange(self.networks)
        if len(loose):
            self._compute(layer.output, loose)
        return self.gap.copy()

    def _add_increment(self, layer: Layer) -> None:
        centred = self.normalise.centred
        norms = row_squares(self.normalise.centre(layer.H)) if centred else layer.row_norms
        logs = np.log(norms).mean(axis=-1)
        before = self.normalise.centre(layer.X)
        trace = np.log(squares(before) / before.shape[-2])
        volume = self.log_volume(layer.W) * (2 / before.shape[-2])
        self.gap = self.gap + (logs - trace - volume)
        self.error = self.error + _STEP * (1 + np.abs(logs) + np.abs(trace) + np.abs(volume))

    def _compute(self, X: Array, which: NDArray[np.intp]) -> None:
        """Replace gaps by those computed from X where it still holds them."""
        if self.linear:
            gap, smallest = gap_by_pivots(X[which])
            sure = smallest > SMALLEST_PIVOT
        else:
            gap, sure = gap_of_rows(X[which]), np.full(len(which), True)
        self.gap[which[sure]] = gap[sure]
        self.error[which[sure]] = _PIVOTS * gap[sure]
