"""Losses at the end of a network, each with its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from derivations.numeric.arguments import matrix
from derivations.numeric.sums import squares
from derivations.numeric.weights import Array

__all__ = ["LOSSES", "CrossEntropy", "Loss", "SquaredError"]


class Loss(Protocol):
    """A number for each network, from its last layer's output X_L."""

    def value(self, X: Array, /) -> Array:
        """Loss of each network, shape (networks,)."""

    def gradient(self, X: Array, /) -> Array:
        """Gradient at X_L, shape (networks, d, n)."""


@dataclass(frozen=True)
class SquaredError:
    """½‖X_L - Y‖², summed over features and samples.

    Parameters
    ----------
    target : numpy.ndarray
        Y, shape (d, n).

    Examples
    --------
    >>> SquaredError(np.zeros((2, 2))).value(np.eye(2)[None])
    array([1.])
    """

    target: Array

    @classmethod
    def of(cls, target: Any, shape: tuple[int, int], readout: Array | None) -> SquaredError:
        """Check a target for outputs of this shape; the readout does not take part."""
        goal = matrix("target", target)
        if goal.shape != shape:
            hint = "" if readout is None else "; the readout serves cross-entropy alone"
            raise ValueError(
                f"target has shape {goal.shape}: the squared loss ½‖X_L - target‖² expects "
                f"{shape}, width × samples{hint}"
            )
        return cls(goal)

    def value(self, X: Array) -> Array:
        """Loss of each network, shape (networks,)."""
        return squares(self.gradient(X)) / 2

    def gradient(self, X: Array) -> Array:
        """Gradient at X_L, shape (networks, d, n)."""
        return X - self.target


@dataclass(frozen=True)
class CrossEntropy:
    """Mean over the samples of -log softmax(logits)[label].

    Parameters
    ----------
    labels : numpy.ndarray
        Integers, shape (n,).
    readout : numpy.ndarray, optional
        Takes X_L to logits, shape (classes, d). Without it the rows of X_L are the logits.

    Examples
    --------
    >>> CrossEntropy(np.array([0, 1])).value(np.zeros((1, 2, 2)))  # log 2
    array([0.69314718])
    """

    labels: np.ndarray[Any, np.dtype[np.intp]]
    readout: Array | None = None

    @classmethod
    def of(cls, target: Any, shape: tuple[int, int], readout: Array | None) -> CrossEntropy:
        """Check labels for outputs of this shape."""
        classes, n = (shape[0] if readout is None else len(readout)), shape[1]
        labels = np.asarray(target)
        expected = f"cross-entropy expects {n} integer labels, one for each sample"
        if labels.dtype.kind not in "iu":
            raise TypeError(
                f"target has entries of type {labels.dtype}: {expected}; "
                "labels stored as floats become integers by .astype(int)"
            )
        if labels.shape != (n,):
            raise ValueError(f"target has shape {labels.shape}: {expected}, shape ({n},)")
        bad = np.flatnonzero((labels < 0) | (labels >= classes))
        if len(bad):
            source = "the readout's classes" if readout is not None else "the width"
            raise ValueError(
                f"target[{bad[0]}] = {labels[bad[0]]}: expected a label from 0 to {classes - 1}, "
                f"since {source} give{'s' * (readout is None)} {classes} logits"
            )
        return cls(labels.astype(np.intp), readout)

    def value(self, X: Array) -> Array:
        """Loss of each network, shape (networks,)."""
        logits = self._shifted(X)
        chosen = logits[:, self.labels, np.arange(len(self.labels))]
        losses: Array = (np.log(np.exp(logits).sum(axis=1)) - chosen).mean(axis=-1)
        return losses

    def gradient(self, X: Array) -> Array:
        """Gradient at X_L, shape (networks, d, n)."""
        odds = np.exp(self._shifted(X))
        odds /= odds.sum(axis=1, keepdims=True)
        chosen = slice(None), self.labels, np.arange(len(self.labels))
        odds[chosen] = 0.0
        odds[chosen] = -odds.sum(axis=1)  # p - 1, with its digits where p is nearly one
        odds /= len(self.labels)
        return odds if self.readout is None else self.readout.T @ odds

    def _shifted(self, X: Array) -> Array:
        """Logits, less the largest of each sample, shape (networks, classes, n)."""
        logits = X if self.readout is None else self.readout @ X
        shifted: Array = logits - logits.max(axis=1, keepdims=True)
        return shifted


LOSSES: dict[str, Callable[[Any, tuple[int, int], Array | None], Loss]] = {
    "squared": SquaredError.of,
    "cross-entropy": CrossEntropy.of,
}
"""How each loss is made, by its name, from a target, the output's shape and the readout."""
