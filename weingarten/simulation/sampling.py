"""The one loop that draws: chunk after chunk, each with a stream of random numbers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial, reduce
from operator import add
from typing import Any, Protocol, Self, TypeVar

import numpy as np

from weingarten.ensembles.base import generator
from weingarten.limits import check_size
from weingarten.simulation.statistics import Array, Moments

#: Numbers drawn at a time: what keeps the memory of a large run small.
NUMBERS_PER_CHUNK = 2_000_000

#: Takes how many draws to make and where the randomness comes from; the draw is the first axis.
Simulation = Callable[[int, np.random.Generator], Array]


class Summary(Protocol):
    """What is kept of draws; two of them are added in the order of their draws."""

    @property
    def count(self) -> int:
        """How many draws."""

    def __add__(self, other: Self, /) -> Self: ...


S = TypeVar("S", bound=Summary)


def sampled(
    simulation: Simulation,
    samples: Any,
    seed: Any,
    numbers: int,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Moments:
    """Return the moments of a simulated quantity.

    Parameters
    ----------
    simulation : callable
        Takes a count and a generator; returns that many draws, as an array with the draw as the
        first axis. Draws may be arrays themselves.
    samples : int
        How many draws to make, at least 2.
    seed : int, numpy.random.Generator or None
        Where the randomness comes from.
    numbers : int
        How many random numbers one draw takes: the cut into chunks depends on it alone.
    executor : concurrent.futures.Executor, optional
        Runs the chunks; the result does not depend on it.
    progress : callable, optional
        Called with the number of draws of each chunk when it is done.

    Raises
    ------
    TypeError, ValueError
        For a count or a seed that is none.

    Examples
    --------
    >>> total = sampled(lambda count, rng: rng.random(count), 1000, 0, 1)
    >>> total.count, bool(abs(total.mean - 0.5) < 0.04)
    (1000, True)
    """
    return summed(simulation, Moments.of, samples, seed, numbers, executor, progress)


def summed(
    simulation: Simulation,
    summary: Callable[[Array], S],
    samples: Any,
    seed: Any,
    numbers: int,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> S:
    """Return what is kept of the draws of a simulated quantity, added up chunk by chunk.

    Parameters
    ----------
    summary : callable
        Takes draws, the draw the first axis, and returns what is kept of them.
    simulation, samples, seed, numbers, executor, progress
        As for `sampled`.

    Examples
    --------
    >>> summed(lambda count, rng: rng.random(count), Moments.of, 100, 0, 1).count
    100
    """
    count, rng = check_samples(samples), generator(seed)
    chunks = list(chunk_sizes(count, numbers))
    streams = (rng.spawn(1)[0] for _ in chunks)
    run = partial(_summary, simulation, summary)
    parts = executor.map(run, chunks, streams) if executor else map(run, chunks, streams)
    return reduce(add, _followed(parts, progress))


def check_samples(samples: Any) -> int:
    """Return the number of draws that is asked for.

    Raises
    ------
    TypeError, ValueError
        If it is not an integer, or below 2.
    """
    count = check_size(samples, "samples")
    if count < 2:
        raise ValueError(f"samples = {samples}: expected at least 2, for a standard error")
    return count


def chunk_sizes(samples: int, numbers: int) -> Iterator[int]:
    """Cut draws that take so many random numbers each into chunks.

    Examples
    --------
    >>> list(chunk_sizes(5, NUMBERS_PER_CHUNK // 2))
    [2, 2, 1]
    """
    size = max(1, NUMBERS_PER_CHUNK // max(1, numbers))
    for start in range(0, samples, size):
        yield min(size, samples - start)


def _followed(parts: Iterator[S], progress: Callable[[int], None]) -> Iterator[S]:
    for part in parts:
        progress(part.count)
        yield part


def _summary(
    simulation: Simulation, summary: Callable[[Array], S], count: int, rng: np.random.Generator
) -> S:
    return summary(simulation(count, rng))
