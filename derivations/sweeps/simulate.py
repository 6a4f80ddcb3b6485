"""A sweep: every cell that is not finished yet is simulated, and kept when it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr

from derivations.formula import Formula
from derivations.numeric.arguments import count, function, one_of
from derivations.numeric.layers import ACTIVATIONS
from derivations.parameters import PARAMETERS, SCALARS
from derivations.registry import catalogue
from derivations.sweeps.batches import NamedBatch, named_batches
from derivations.sweeps.errors import StoreError, SweepError
from derivations.sweeps.execution import CellError, Job, LostWorkersError, tallies
from derivations.sweeps.outcome import Outcome
from derivations.sweeps.seeds import words
from derivations.sweeps.statistics import STATISTICS
from derivations.sweeps.store import Store
from derivations.sweeps.subjects import Cell, Subject, Task, subject
from derivations.sweeps.table import Sweep

__all__ = ["GIVEN", "sweep"]

GIVEN = tuple(name for name in SCALARS if name not in ("depth", "n", "gap"))
"""The single numbers that a formula may be given: the cell says the others."""

_NETWORK = ("weights", "norm", "scale", "activation", "gain", "order")


def sweep(
    what: Any,
    widths: Any,
    depths: Any = None,
    batches: Any = None,
    networks: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | os.PathLike[str] | None = None,
    *,
    given: Mapping[str, Any] | None = None,
    network: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _cells: None,
) -> Sweep:
    """Simulate a formula or a statistic at every width, depth and batch.

    The same seed gives the same numbers, whatever the executor and the number of its workers,
    and whichever cells besides.

    Parameters
    ----------
    what : str or list of str
        The name of a formula, which is checked in every cell; or of a statistic out of
        `derivations.sweeps.STATISTICS`, which is a mean over independent networks. A `Formula`
        or a `RunStatistic` of one's own will do.
    widths, depths : int or list of int
        A formula without a depth of its own is checked in the layer of that depth, at the input
        that one network gives it; by default at the batch itself, depth 0.
    batches : list, optional
        Arrays (samples × features, as people store them), files as `read_batch` takes them, or
        None: a seeded Gaussian batch, as many samples as features, at each width. A mapping gives
        them names. Batches are carried to a width as in a report.
    networks : int, optional
        How many independent draws in each cell; by default 20 networks of a statistic, and of a
        formula 100,000 draws, fewer where they are large.
    seed : int, optional
    executor : concurrent.futures.Executor, optional
        Runs the work: processes, threads, or ``client.get_executor()`` of dask.distributed.
    store : str or pathlib.Path, optional
        A folder that keeps each cell when it is finished. The same call with the same folder goes
        on from there.
    given : mapping, optional
        Single numbers that a formula takes, such as ``{"q": 3}``.
    network : mapping, optional
        For statistics: ``weights``, ``norm``, ``scale``, ``activation``, ``gain`` and ``order``
        of `derivations.numeric.BNMLP`.
    progress : callable, optional
        Called with the number of cells done, and of all cells.

    Returns
    -------
    Sweep
        The table, with what is predicted and the verdict.

    Raises
    ------
    TypeError, ValueError
        For arguments that cannot be used, before anything is simulated.
    SweepError
        When a cell fails or workers die; what was finished is in its ``finished``, and in the
        store.

    Examples
    --------
    >>> found = sweep("isometry-gap-step", widths=[3, 5], depths=[0, 2], networks=400)
    >>> found[["width", "depth"]].tolist()
    [(3, 0), (3, 2), (5, 0), (5, 2)]
    >>> found = sweep("gap", widths=4, depths=[1, 8], networks=50)
    >>> [str(kind) for kind in found.predictions["kind"][:3]]
    ['iterated', 'bound', 'limit']
    """
    plan = _Plan.of(what, widths, depths, batches, networks, seed, given, network)
    function("progress", progress, "the number of cells done, and of all cells")
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(
            f"executor is a {type(executor).__name__}: expected a concurrent.futures.Executor, "
            "such as client.get_executor() of a dask.distributed client"
        )
    folder = None if store is None else Store(store, plan.manifest())
    found: list[Outcome | None] = [folder.finished(c) if folder else None for c in plan.cells]
    _run(plan, found, executor, folder, progress)
    return Sweep(tuple(_done(found)), plan.seed, plan.notes)


def _run(
    plan: _Plan,
    found: list[Outcome | None],
    executor: Executor | None,
    folder: Store | None,
    progress: Callable[[int, int], None],
) -> None:
    """Simulate the cells that are not found yet."""
    jobs = (plan.job(place) for place, outcome in enumerate(found) if outcome is None)
    try:
        for place, task, tally in tallies(jobs, executor):
            outcome = task.outcome(tally)
            if folder is not None:
                folder.keep(plan.cells[place], outcome)
            found[place] = outcome
            progress(sum(one is not None for one in found), len(found))
    except CellError as failed:
        finished = tuple(_done(found))
        raise SweepError(
            f"{plan.cells[failed.place]}: {failed.__cause__ or 'it failed'}. "
            f"{_kept(finished, plan, folder)}",
            finished,
        ) from failed.__cause__
    except LostWorkersError as broken:
        finished = tuple(_done(found))
        cause = broken.__cause__
        raise SweepError(
            f"a worker died ({type(cause).__name__}: {cause}). {_kept(finished, plan, folder)}",
            finished,
        ) from cause


def _done(found: list[Outcome | None]) -> list[Outcome]:
    return [outcome for outcome in found if outcome is not None]


def _kept(finished: Sequence[Outcome], plan: _Plan, folder: Store | None) -> str:
    """Say what is not lost, and how to go on."""
    done = f"{len(finished)} of {len(plan.cells)} cells are finished"
    if folder is None:
        return f"{done}, and are in .finished of this error; with store=… a sweep can go on"
    return (
        f"{done}, and kept in {str(folder.folder)!r}: the same call with a new executor and this "
        "store goes on from there"
    )


@dataclass(frozen=True)
class _Plan:
    """What is to be simulated, looked over before anything is."""

    subjects: dict[str, Subject]
    widths: list[int]
    depths: dict[str, list[int]]
    batches: dict[str, NamedBatch]
    networks: int | None
    seed: int
    cells: list[Cell]
    notes: tuple[str, ...]
    own: list[str]

    @classmethod
    def of(
        cls,
        what: Any,
        widths: Any,
        depths: Any,
        batches: Any,
        networks: int | None,
        seed: Any,
        given: Any,
        network: Any,
    ) -> _Plan:
        """Read what a user gives."""
        seed = count("seed", seed, 0)
        if networks is not None:
            networks = count("networks", networks, 2)
        numbers, (options, plain) = _given(given), _network(network)
        names = what if isinstance(what, list | tuple) else [what]
        subjects = [subject(one, numbers, options, plain) for one in names]
        if not subjects:
            raise ValueError("what is empty; expected the name of a formula or of a statistic")
        _once("what", [one.name for one in subjects])
        by_name = {one.name: one for one in subjects}
        wide = _counts("widths", widths, 1)
        deep = {
            one.name: one.default_depths() if depths is None else _counts("depths", depths, 0)
            for one in subjects
        }
        named = {one.name: one for one in named_batches(batches)}
        cells = [
            Cell(name, width, depth, batch.name, batch.digest)
            for name in by_name
            for width in wide
            for depth in deep[name]
            for batch in named.values()
        ]
        own = [
            one.name
            for one, asked in zip(subjects, names, strict=True)
            if not isinstance(asked, str) and not _known(asked)
        ]
        plan = cls(by_name, wide, deep, named, networks, seed, cells, (), own)
        notes: dict[str, None] = {}
        for cell in cells:
            for note in by_name[cell.what].require(cell, plan._batch(cell), seed):
                notes[f"width {cell.width}, {cell.batch}: {note}"] = None
        return cls(by_name, wide, deep, named, networks, seed, cells, tuple(notes), own)

    def job(self, place: int) -> Job:
        """Return the work of a cell."""
        cell = self.cells[place]
        one = self.subjects[cell.what]
        key = words(cell.what, one.described, cell.width, cell.depth, cell.digest)
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)

        def prepare() -> Task:
            return one.task(cell, self._batch(cell), self.networks, self.seed)

        return Job(place, prepare, sequence)

    def manifest(self) -> dict[str, Any]:
        """Return what tells this sweep from others; refuse what has no name to tell it by."""
        if self.own:
            raise StoreError(
                f"store: {', '.join(self.own)} is not in the catalogue, and a folder tells "
                "formulas and statistics by their names; register it, or leave store out"
            )
        return {
            "what": {name: one.described for name, one in self.subjects.items()},
            "seed": self.seed,
            "networks": self.networks,
            "widths": self.widths,
            "depths": self.depths,
            "batches": {name: batch.digest for name, batch in self.batches.items()},
        }

    def _batch(self, cell: Cell) -> Any:
        return self.batches[cell.batch].at(cell.width, self.seed)


def _known(asked: Any) -> bool:
    """Say whether a formula or statistic is the one of its name."""
    if isinstance(asked, Formula):
        return asked.name in catalogue and catalogue[asked.name] is asked
    return STATISTICS.get(asked.name) is asked


def _counts(name: str, values: Any, least: int) -> list[int]:
    """Return a list of integers, each once; one alone will do."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [count(name, values, least)]
    found = [count(f"{name}[{place}]", value, least) for place, value in enumerate(values)]
    if not found:
        raise ValueError(f"{name} are empty; expected at least one")
    _once(name, found)
    return found


def _once(name: str, values: Sequence[Any]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{name}: {value!r} comes twice; expected each once")


def _given(given: Any) -> dict[str, Expr]:
    """Return single numbers, each checked."""
    if not isinstance(given, Mapping | None):
        raise TypeError(f"given is a {type(given).__name__}: expected a mapping such as {{'q': 3}}")
    numbers = {}
    for name, value in (given or {}).items():
        if name not in GIVEN:
            raise TypeError(f"given[{name!r}]: expected one of {', '.join(GIVEN)}")
        check = PARAMETERS[name].check
        assert check is not None  # it is one of SCALARS
        numbers[name] = check(name, value)
    return numbers


def _network(network: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return arguments of `BNMLP`, and what tells them in plain numbers and texts."""
    if not isinstance(network, Mapping | None):
        raise TypeError(
            f"network is a {type(network).__name__}: expected a mapping such as "
            "{'weights': 'gaussian'}"
        )
    options = dict(network or {})
    for name in options:
        one_of("network", name, _NETWORK)
    if "activation" in options:
        one_of("activation", options["activation"], ACTIVATIONS)
    return options, {name: _told(value) for name, value in options.items()}


def _told(value: Any) -> Any:
    """Tell an argument by its value, and a function by its name, with its arguments if any."""
    if not callable(value):
        return value
    parts = [value.func, *value.args, *value.keywords.items()] if hasattr(value, "func") else None
    if parts is not None:
        return [_told(part) for part in parts]
    name = getattr(value, "__qualname__", "")
    if not name or "<lambda>" in name:
        raise TypeError(
            "network: a lambda has no name to tell it by; expected a function of a module, or "
            "functools.partial of one"
        )
    return f"{value.__module__}.{name}"
