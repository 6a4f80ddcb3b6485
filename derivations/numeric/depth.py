"""Gaps and gradients over depth: simulated networks, and the exact law applied along the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derivations.numeric.isometry import gap_of_spectrum, spectrum
from derivations.numeric.montecarlo import LayerInput
from derivations.numeric.network import BNMLP
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.weights import Array

__all__ = ["History", "gap_over_depth", "target"]

ROUNDING = 1e-28
"""A gap below this is that of singular values equal up to their last digits."""


@dataclass(frozen=True)
class History:
    """Isometry gaps and gradients of independent networks, layer by layer.

    Parameters
    ----------
    gaps : numpy.ndarray
        φ(X_l), shape (depth + 1, networks); row 0 is the input.
    drift : numpy.ndarray
        The exact E[φ(X_(l+1)) | X_l] - φ(X_l) at each X_l met, shape (depth, networks).
    last : LayerInput
        X at the last layer of the first network.
    log_gradients : numpy.ndarray
        log‖∂L/∂W_l‖, shape (depth, networks), for L = ½‖X_L - Y‖² with a random Y of unit rows.
    log_outputs : numpy.ndarray
        log‖∂L/∂X_L‖, shape (networks,).
    """

    gaps: Array
    drift: Array
    last: LayerInput
    log_gradients: Array
    log_outputs: Array

    @property
    def width(self) -> int:
        """The number of features."""
        return int(self.last.X.shape[0])

    @property
    def mean(self) -> Array:
        """Mean gap of the networks at each depth, shape (depth + 1,)."""
        mean: Array = self.gaps.mean(axis=1)
        return mean

    @property
    def law(self) -> Array:
        """The gap that the exact law gives, shape (depth + 1,).

        φ(X_0) plus the exact mean change of every layer, averaged over the networks. The simulated
        mean differs from it by a martingale, that is by sampling noise alone.
        """
        steps = self.drift.mean(axis=1)
        law: Array = self.gaps[0, 0] + np.concatenate([[0.0], np.cumsum(steps)])
        return law

    @property
    def z(self) -> float:
        """Simulated mean minus law at the last depth, in standard errors; nan for one network."""
        off = self.gaps[-1] - self.gaps[0] - self.drift.sum(axis=0)
        if len(off) < 2:
            return float("nan")
        error = off.std(ddof=1) / np.sqrt(len(off))
        return float(off.mean() / error) if error > 0 else 0.0

    @property
    def factor(self) -> Array:
        """Exact one-step factor E[φ(X_(l+1)) | X_l] / φ(X_l), shape (depth, networks).

        Means nothing for an isotropic input.
        """
        factor: Array = 1 + self.drift / self.gaps[:-1]
        return factor

    @property
    def isotropic(self) -> bool:
        """Whether the input's gap is zero up to rounding: then all that follows is rounding."""
        return bool(self.gaps[0, 0] < ROUNDING)

    @property
    def limiting_rate(self) -> float:
        """Factor per layer near isometry, d/(d+2), to which the exact one-step factor tends."""
        return self.width / (self.width + 2)

    @property
    def limit(self) -> Array:
        """φ(X_0) times the limiting rate of every layer, shape (depth + 1,)."""
        limit: Array = self.gaps[0, 0] * self.limiting_rate ** np.arange(len(self.gaps))
        return limit

    def paper_bound(self, constant: float = 1.0) -> Array:
        """φ(X_0) exp(-l/k) with k = C d² (1 + d φ(X_0)), shape (depth + 1,).

        The paper proves that some absolute C will do and names none; ``constant`` stands for it.
        """
        rate = self.paper_rate(constant)
        shape: Array = self.gaps[0, 0] * np.exp(-np.arange(len(self.gaps)) * rate)
        return shape

    def paper_rate(self, constant: float = 1.0) -> float:
        """Rate 1/k of that shape, per layer."""
        return float(1 / (constant * self.width**2 * (1 + self.width * self.gaps[0, 0])))


def gap_over_depth(
    start: LayerInput,
    depth: int,
    networks: int,
    seed: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> History:
    """Run networks on one input and follow the isometry gap, then gradients backwards.

    Parameters
    ----------
    start : LayerInput
        Input with an invertible A, shape (d, n).
    depth, networks : int
        How many layers, and how many independent networks.
    seed : int
        Seed of the weights, on a stream of their own: a table made with the same seed shares no
        random numbers with them.
    progress : callable, optional
        Called with 1 after each layer.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        When A is singular.

    Examples
    --------
    >>> run = gap_over_depth(LayerInput(np.diag([1.0, 2.0])), depth=3, networks=2, seed=0)
    >>> run.gaps.shape, bool((run.drift <= 0).all())
    ((4, 2), True)
    """
    if not spectrum(start.X).all():
        raise ValueError(
            f"the input, of shape {start.X.shape}, has fewer than {len(start.X)} linearly "
            "independent samples: its isometry gap is infinite, and so is that of every layer"
        )
    spectra = [np.broadcast_to(spectrum(start.X), (networks, len(start.X)))]
    last = start.X
    net = BNMLP(len(start.X), depth)
    for layer in net.layers(start.X, networks, seed):
        spectra.append(spectrum(layer.output))
        last = layer.output[0]
        progress(1)
    eigenvalues = np.array(spectra)
    drift = log_mean_shift(eigenvalues[:-1]).value
    run = net.run(start.X, target(start.X.shape, seed), networks=networks, seed=seed)
    assert run.log_gradient_norms is not None and run.losses is not None
    return History(
        gap_of_spectrum(eigenvalues),
        drift,
        LayerInput(last, f"layer {depth}"),
        run.log_gradient_norms.T,
        np.log(2 * run.losses) / 2,
    )


def target(shape: tuple[int, ...], seed: int) -> Array:
    """Draw a Y of unit rows, on a stream of its own."""
    Y = np.random.default_rng((seed, 4)).standard_normal(shape)
    unit: Array = Y / np.linalg.norm(Y, axis=1, keepdims=True)
    return unit
