"""Gaps and gradients of networks at several widths and depths, to be looked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivations.numeric.batch import Batch, carry
from derivations.numeric.depth import target
from derivations.numeric.isometry import spectrum
from derivations.numeric.network import BNMLP
from derivations.numeric.weights import Array

__all__ = ["Grid", "Place", "grid_of", "up_to"]

MOST = 10
"""How many networks a place has: enough for a mean with an error."""


@dataclass(frozen=True)
class Place:
    """Networks of one width and depth.

    Parameters
    ----------
    gaps : numpy.ndarray
        φ(X_l), shape (networks, depth + 1).
    log_gradients : numpy.ndarray
        log‖∂L/∂W_l‖ for L = ½‖X_L - Y‖² with a random Y of unit rows, shape (networks, depth).
    """

    gaps: Array
    log_gradients: Array


@dataclass(frozen=True)
class Grid:
    """Networks at every width and depth, on one batch.

    Parameters
    ----------
    widths, depths : tuple of int
        In ascending order.
    places : dict
        A `Place` for each pair of a width and a depth.
    source : str
        Where the batch is from.
    """

    widths: tuple[int, ...]
    depths: tuple[int, ...]
    places: dict[tuple[int, int], Place]
    source: str

    @property
    def networks(self) -> int:
        """How many networks each place has."""
        return len(next(iter(self.places.values())).gaps)


def up_to(largest: int, usual: Sequence[int] = (5, 10, 20, 50, 100, 200)) -> tuple[int, ...]:
    """Return what a reader would choose from, up to the largest, which is one of them.

    Examples
    --------
    >>> up_to(50), up_to(30)
    ((5, 10, 20, 50), (5, 10, 20, 30))
    """
    return (*(size for size in usual if size < largest), largest)


def grid_of(
    batch: Batch, widths: Sequence[int], depths: Sequence[int], networks: int = MOST, seed: int = 0
) -> Grid:
    """Run networks at every width and depth.

    Parameters
    ----------
    batch : Batch
        Samples × features, carried to each width.
    widths, depths : sequence of int
        A width at which the carried batch is singular is left out: its gap is infinite.
    networks : int
        How many there are at each place; ten at most are run.
    seed : int
        Seed of the weights.

    Examples
    --------
    >>> grid = grid_of(Batch([[2, 1, 1], [1, 2, 1], [1, 1, 2]]), [2, 3], [4], networks=2)
    >>> grid.widths, grid.places[3, 4].gaps.shape
    ((2, 3), (2, 5))
    """
    places = {}
    for width in widths:
        X = carry(batch, width, seed).start.X
        if not spectrum(X).all():
            continue
        for depth in depths:
            run = BNMLP(width, depth).run(
                X, target(X.shape, seed), networks=min(networks, MOST), seed=seed
            )
            assert run.log_gradient_norms is not None  # there is a target
            places[width, depth] = Place(run.gaps, run.log_gradient_norms)
    kept = tuple(sorted({width for width, _ in places}))
    return Grid(kept, tuple(sorted(set(depths))), places, batch.source)
