"""What a run of independent networks measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """What a run of independent networks measured.

    Parameters
    ----------
    gaps : numpy.ndarray
        Isometry gap φ(X_l), shape (networks, depth + 1); column 0 is the input. Infinite where
        the rows of X_l are linearly dependent.
    log_gradient_norms : numpy.ndarray or None
        log‖∂L/∂W_l‖_F, shape (networks, depth); None for a run without a target.
    losses : numpy.ndarray or None
        L, shape (networks,).
    statistics : dict
        What was asked for besides, each of shape (networks, depth).
    seed : int
        The seed of the weights.

    Examples
    --------
    >>> from derivations.numeric import BNMLP
    >>> BNMLP(4, 10).run(np.eye(4) + 1, networks=3).gaps.shape
    (3, 11)
    """

    gaps: Array
    log_gradient_norms: Array | None
    losses: Array | None
    statistics: dict[str, Array] = field(default_factory=dict)
    seed: int = 0

    @classmethod
    def join(cls, parts: Sequence[Run]) -> Run:
        """Put runs of different networks one below the other."""
        return cls(
            np.concatenate([part.gaps for part in parts]),
            _joined([part.log_gradient_norms for part in parts]),
            _joined([part.losses for part in parts]),
            {
                name: np.concatenate([part.statistics[name] for part in parts])
                for name in parts[0].statistics
            },
            parts[0].seed,
        )


def _joined(parts: Sequence[Array | None]) -> Array | None:
    present = [part for part in parts if part is not None]
    return np.concatenate(present) if present else None
