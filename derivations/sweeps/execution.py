"""Cells are cut into parts, which any executor runs; what comes out depends on neither.

How a cell is cut hangs on its size alone, each part has random numbers of its own, and parts are
added up in their order, whichever is done first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field
from functools import reduce
from operator import add

import numpy as np

from derivations.numeric.blas import one_blas_thread
from derivations.numeric.tails import Tally
from derivations.sweeps.subjects import Task, Work
from weingarten.simulation.sampling import chunk_sizes

__all__ = ["LostWorkersError", "CellError", "Job", "tallies"]

_WAITING = 256  # parts that an executor is given at a time: what they need is held in memory
_AGAIN = 3  # a part that a worker lost is given out again so often


@dataclass(frozen=True)
class Job:
    """A cell to be simulated.

    Parameters
    ----------
    place : int
        Which one.
    prepare : callable
        Returns its `Task`.
    sequence : numpy.random.SeedSequence
        Where its random numbers come from.
    """

    place: int
    prepare: Callable[[], Task]
    sequence: np.random.SeedSequence = field(repr=False)


class CellError(Exception):
    """A cell cannot be simulated; the cause says why."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class LostWorkersError(Exception):
    """Workers are lost, and the executor with them; the cause says how."""


def _part(work: Work, count: int, sequence: np.random.SeedSequence) -> Tally:
    """Run one part: this is what a worker does."""
    with one_blas_thread():
        return Tally.of(work(count, np.random.default_rng(sequence)))


@dataclass(frozen=True)
class _Part:
    place: int
    number: int
    work: Work
    count: int
    sequence: np.random.SeedSequence
    again: int = 0


@dataclass
class _Open:
    """A cell some of whose parts are done."""

    task: Task
    parts: list[Tally | None]

    def done(self, number: int, tally: Tally) -> Tally | None:
        """Note a part; return all of them together after the last one."""
        self.parts[number] = tally
        found = [part for part in self.parts if part is not None]
        return reduce(add, found) if len(found) == len(self.parts) else None


def tallies(jobs: Iterable[Job], executor: Executor | None) -> Iterator[tuple[int, Task, Tally]]:
    """Yield the cells as they are finished: the place, the task, and what was seen.

    Raises
    ------
    CellError
        For what is raised in a cell.
    LostWorkersError
        When the executor is: after all cells that it finished.
    """
    opened: dict[int, _Open] = {}
    parts = _cut(jobs, opened)
    if executor is None:
        for part in parts:
            try:
                tally = _part(part.work, part.count, part.sequence)
            except Exception as reason:
                raise CellError(part.place) from reason
            yield from _noted(opened, part, tally)
        return
    waiting: dict[Future[Tally], _Part] = {}
    try:
        while _fill(waiting, parts, executor):
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            # In a fixed order: of several failures the same one is told every time.
            ready = sorted(((waiting.pop(f), f) for f in done), key=lambda one: _order(one[0]))
            yield from _gathered(ready, waiting, executor, opened)
    finally:
        for future in waiting:
            future.cancel()


def _order(part: _Part) -> tuple[int, int]:
    return part.place, part.number


def _gathered(
    ready: list[tuple[_Part, Future[Tally]]],
    waiting: dict[Future[Tally], _Part],
    executor: Executor,
    opened: dict[int, _Open],
) -> Iterator[tuple[int, Task, Tally]]:
    """Note what is done; give out again what was lost; then tell what failed."""
    broken: BaseException | None = None
    failed: tuple[int, BaseException] | None = None
    for part, future in ready:
        try:
            tally = future.result()
        except CancelledError as reason:
            if part.again == _AGAIN:
                broken = reason
            else:
                _give(_Part(*_order(part), part.work, part.count, part.sequence, part.again + 1),
                      waiting, executor)  # fmt: skip
        except BrokenExecutor as reason:
            broken = reason
        except Exception as reason:
            failed = failed or (part.place, reason)
        else:
            yield from _noted(opened, part, tally)
    if failed is not None:
        raise CellError(failed[0]) from failed[1]
    if broken is not None:
        # What was done before, and not told yet.
        for future, part in waiting.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                yield from _noted(opened, part, future.result())
        raise LostWorkersError from broken


def _noted(
    opened: dict[int, _Open], part: _Part, tally: Tally
) -> Iterator[tuple[int, Task, Tally]]:
    """Note a part, and yield its cell if it was the last one."""
    cell = opened[part.place]
    whole = cell.done(part.number, tally)
    if whole is not None:
        del opened[part.place]
        yield part.place, cell.task, whole


def _cut(jobs: Iterable[Job], opened: dict[int, _Open]) -> Iterator[_Part]:
    """Yield the parts of each cell, which is prepared when its turn has come."""
    for job in jobs:
        try:
            task = job.prepare()
        except Exception as reason:
            raise CellError(job.place) from reason
        counts = list(chunk_sizes(task.networks, task.numbers))
        opened[job.place] = _Open(task, [None] * len(counts))
        streams = job.sequence.spawn(len(counts))
        for number, (count, stream) in enumerate(zip(counts, streams, strict=True)):
            yield _Part(job.place, number, task.work, count, stream)


def _fill(waiting: dict[Future[Tally], _Part], parts: Iterator[_Part], executor: Executor) -> bool:
    """Give out parts as long as there are some; return whether any is waited for."""
    while len(waiting) < _WAITING:
        part = next(parts, None)
        if part is None:
            break
        _give(part, waiting, executor)
    return bool(waiting)


def _give(part: _Part, waiting: dict[Future[Tally], _Part], executor: Executor) -> None:
    try:
        waiting[executor.submit(_part, part.work, part.count, part.sequence)] = part
    except BrokenExecutor as reason:
        raise LostWorkersError from reason
