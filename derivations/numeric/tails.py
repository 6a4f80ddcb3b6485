"""Heavy tails: whether draws have a variance, and what to say of their mean when they have none.

A mean of draws with an infinite variance settles slowly and has no standard error: the one that is
computed all the same belongs to no law, and a distance in such errors says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import binom

from derivations.numeric.weights import Array
from weingarten.simulation.statistics import Moments

__all__ = ["BLOCKS", "Robust", "Tail", "Tally", "tail_of_values"]

BLOCKS = 40
"""In so many blocks draws are averaged for a median of means."""

_TOP = 200
_LEAST = 2000
"""From fewer draws nothing is said about a tail."""

_SHARE = 50  # a tail is at most one draw in so many
_CONFIDENCE = 0.95

_LARGEST = 0.1
"""One draw's share of the spread, from which on a mean is not judged: beyond it means are seen to
be off by 4 standard errors far more often than normal ones, below it they are not."""


@dataclass(frozen=True)
class Tail:
    """How a law falls off: P(|x| > t) is like t^(-index).

    Parameters
    ----------
    index : float
        Moments of lower order are finite; infinite where all are.
    known : bool
        Whether it follows from the law of the draws, and is not estimated from them.
    margin : float
        How far an estimate may be off, in 1/index.
    share : float
        How much of the sum of squared distances from the mean one draw makes up: where it is
        large the law of the mean is not near the normal one, though all moments are finite.

    Examples
    --------
    >>> Tail(1.5, known=True).infinite_variance, Tail(2.5, known=True).infinite_variance
    (True, False)
    """

    index: float
    known: bool
    margin: float = 0.0
    share: float = 0.0

    @property
    def infinite_variance(self) -> bool:
        """Whether the variance is infinite, or an estimate cannot rule that out."""
        return 1 / self.index + self.margin >= 0.5

    @property
    def heavy(self) -> bool:
        """Whether a mean has no standard error that says how far it may be off."""
        return self.infinite_variance or self.share > _LARGEST

    def __str__(self) -> str:
        if not self.infinite_variance:
            return f"too few draws: one of them makes up {100 * self.share:.0f} % of their spread"
        if self.known:
            return f"the variance is infinite: the tail index is {self.index:g}, at most 2"
        return f"the variance may be infinite: the tail index is about {self.index:.2g}"


@dataclass(frozen=True)
class Robust:
    """A median of means: of the draws' means in `BLOCKS` blocks.

    Parameters
    ----------
    value : float
        The median. It tends to the mean, from the side of the bulk of the draws.
    low, high : float
        Two of the means of blocks, between which their law has its median with the probability
        0.95, whatever the law.
    """

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, means: Array) -> Robust:
        """Return the median of means, and its interval.

        Examples
        --------
        >>> Robust.of(np.arange(40.0))
        Robust(value=19.5, low=13.0, high=26.0)
        """
        ordered = np.sort(means)
        out = int(binom.ppf((1 - _CONFIDENCE) / 2, len(ordered), 0.5))
        low, high = ordered[max(out - 1, 0)], ordered[min(len(ordered) - out, len(ordered) - 1)]
        return cls(float(np.median(ordered)), float(low), float(high))


@dataclass(frozen=True, eq=False)
class Tally:
    """What is kept of draws: moments, sums by blocks, and the outermost ones.

    Two of them are added in the order of their draws; how draws are cut into parts does not
    matter, up to rounding.

    Parameters
    ----------
    moments : Moments
        Of all that was seen.
    blocks : numpy.ndarray
        Sums over the draws 0, 40, 80, … , over 1, 41, 81, … , and so on, of the first number of
        each group of those that a draw shows.
    largest, smallest : numpy.ndarray
        The outermost of these first numbers.

    Examples
    --------
    >>> draws = np.arange(100.0).reshape(100, 1, 1)
    >>> whole = Tally.of(draws[:30]) + Tally.of(draws[30:])
    >>> float(whole.moments.mean[0, 0]), whole.robust(0).value
    (49.5, 49.5)
    """

    moments: Moments = field(default_factory=Moments)
    blocks: Array = field(default_factory=lambda: np.zeros((BLOCKS, 1)))
    largest: Array = field(default_factory=lambda: np.empty((0, 1)))
    smallest: Array = field(default_factory=lambda: np.empty((0, 1)))

    @classmethod
    def of(cls, draws: Any) -> Tally:
        """Return the tally of draws, shape (draws, cases, numbers)."""
        draws = np.asarray(draws, dtype=float)
        first = draws[..., 0]
        blocks = np.zeros((BLOCKS, first.shape[1]))
        for start in range(min(BLOCKS, len(first))):
            blocks[start] = first[start::BLOCKS].sum(axis=0)
        return cls(Moments.of(draws), blocks, _outermost(first, 1), _outermost(first, -1))

    @property
    def count(self) -> int:
        """How many draws."""
        return self.moments.count

    def __add__(self, other: Tally) -> Tally:
        if not self.count:
            return other
        # Draw i of the other one is draw count + i of both.
        blocks = self.blocks + np.roll(other.blocks, self.count % BLOCKS, axis=0)
        return Tally(
            self.moments + other.moments,
            blocks,
            _outermost(np.concatenate([self.largest, other.largest]), 1),
            _outermost(np.concatenate([self.smallest, other.smallest]), -1),
        )

    def robust(self, case: int) -> Robust | None:
        """Return the median of means of a case; None of fewer than two draws a block."""
        if self.count < 2 * BLOCKS:
            return None
        sizes = (self.count + BLOCKS - 1 - np.arange(BLOCKS)) // BLOCKS
        return Robust.of(self.blocks[:, case] / sizes)

    def share(self, case: int) -> float:
        """Return how much of the sum of squared distances from the mean one draw makes up.

        Zero for too few draws, as nothing is said about their tail.

        Examples
        --------
        >>> one = np.zeros((2000, 1, 1))
        >>> one[7] = 1
        >>> Tally.of(one).share(0) > 0.99, Tally.of(one[:1999]).share(0)
        (True, 0.0)
        """
        mean, spread = self.moments.mean[case, 0], self.moments.squares[case, 0]
        if self.count < _LEAST:
            return 0.0
        far = max(self.largest[0, case] - mean, mean - self.smallest[0, case])
        return float(far**2 / spread) if spread > 0 else 0.0

    def tail(self, case: int) -> Tail | None:
        """Estimate the tail of a case, None from too few draws.

        The larger of both sides' estimates.
        """
        robust = self.robust(case)
        if robust is None or self.count < _LEAST:
            return None
        size = min(_TOP, self.count // _SHARE)
        sides = self.largest[:, case] - robust.value, robust.value - self.smallest[:, case]
        return min((tail_of_values(side[: size + 1]) for side in sides), key=lambda t: t.index)


def tail_of_values(outermost: Array) -> Tail:
    """Estimate a tail from the largest distances, in falling order.

    The moment estimator, which is near zero for tails that fall exponentially, where Hill's is not.

    References
    ----------
    A. L. M. Dekkers, J. H. J. Einmahl & L. de Haan, Ann. Statist. 17 (1989).

    Examples
    --------
    >>> u = (np.arange(201) + 0.5) / 20_000
    >>> round(tail_of_values(u ** (-1 / 1.5)).index, 1), tail_of_values(-np.log(u)).index > 5
    (1.5, True)
    """
    least = outermost[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        logs = np.log(outermost[:-1] / least) if least > 0 else np.zeros(1)
    first, second = float(logs.mean()), float((logs**2).mean())
    if not 0 < second < math.inf or first**2 >= second:
        return Tail(math.inf, known=False)
    shape = first + 1 - 0.5 / (1 - first**2 / second)
    # Half and half: how far off an index of 2 is estimated, and how often the rest is suspected.
    margin = 1.5 * math.sqrt((1 + max(shape, 0.0) ** 2) / len(logs))
    return Tail(1 / shape if shape > 0 else math.inf, known=False, margin=margin)


def _outermost(values: Array, sign: int) -> Array:
    """Return the largest ones, or with -1 the smallest, the outermost first."""
    if len(values) > _TOP + 1:
        kept = np.partition(-sign * values, _TOP, axis=0)[: _TOP + 1]
    else:
        kept = -sign * values
    ordered: Array = -sign * np.sort(kept, axis=0)
    return ordered
