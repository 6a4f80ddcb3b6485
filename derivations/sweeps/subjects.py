"""What a sweep is of: a formula or a statistic, and the work that one of its cells is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any, Protocol, TypeAlias

import numpy as np
from sympy import Expr, Integer

from derivations.formula import SAMPLES, Formula, HypothesisError
from derivations.numeric.arguments import floats
from derivations.numeric.batch import Batch, carry
from derivations.numeric.gradient_statistics import target
from derivations.numeric.heavy import HeavyCheck
from derivations.numeric.isometry import spectrum
from derivations.numeric.montecarlo import Case, LayerInput
from derivations.numeric.network import BNMLP
from derivations.numeric.tails import Tally
from derivations.numeric.weights import Array
from derivations.registry import catalogue
from derivations.sweeps.outcome import Outcome, Predicted
from derivations.sweeps.seeds import integer_seed, words
from derivations.sweeps.statistics import STATISTICS, RunStatistic
from weingarten.simulation.results import Crosscheck

__all__ = ["NETWORKS", "Cell", "Subject", "Task", "Work", "subject"]

NETWORKS = 20
"""How many networks a statistic is simulated with, unless a number is given."""

_NUMBERS = 2 * 10**8  # random numbers for a cell of a formula, unless a number is given
_LEAST = 50

Work: TypeAlias = Callable[[int, np.random.Generator], Array]
"""Takes a count and a generator, and returns what so many draws show, draws × cases × numbers."""


@dataclass(frozen=True)
class Cell:
    """A place in a sweep.

    Parameters
    ----------
    what : str
    width, depth : int
    batch, digest : str
        Its name, and what tells its numbers.
    """

    what: str
    width: int
    depth: int
    batch: str
    digest: str

    def __str__(self) -> str:
        return f"{self.what} at width {self.width}, depth {self.depth}, {self.batch}"


@dataclass(frozen=True)
class Task:
    """A cell that is ready to be simulated.

    Parameters
    ----------
    work : callable
        What to draw; it is sent to workers.
    numbers : int
        How many random numbers a draw takes.
    networks : int
        How many draws.
    outcome : callable
        Takes the `Tally` of all draws to the `Outcome`.
    """

    work: Work
    numbers: int
    networks: int
    outcome: Callable[[Tally], Outcome] = field(repr=False)


class Subject(Protocol):
    """A formula or a statistic, as a sweep sees it."""

    @property
    def name(self) -> str:
        """What it is called in the table."""

    @property
    def described(self) -> dict[str, Any]:
        """What tells its draws from those of others, in plain numbers and texts."""

    def default_depths(self) -> list[int]:
        """Depths where none are given; TypeError where there must be some."""

    def require(self, cell: Cell, batch: Batch, seed: int) -> tuple[str, ...]:
        """Refuse a cell that cannot be simulated; return what was done to its batch."""

    def task(self, cell: Cell, batch: Batch, networks: int | None, seed: int) -> Task:
        """Return the work of a cell."""


def subject(
    what: Any, given: Mapping[str, Expr], options: Mapping[str, Any], described: Mapping[str, Any]
) -> Subject:
    """Return what a user names.

    Parameters
    ----------
    what : str, Formula or RunStatistic
    given : mapping
        Single numbers for a formula.
    options : mapping
        Arguments of `BNMLP` for a statistic.
    described : mapping
        These, in plain numbers and texts.
    """
    if isinstance(what, str):
        what = _by_name(what)
    if isinstance(what, Formula):
        if options:
            raise TypeError(
                f"network = {dict(described)}: {what.name} is a formula, whose network is that of "
                "its hypotheses; expected none"
            )
        what.require_taken(given)
        return OfFormula(what, dict(given))
    if isinstance(what, RunStatistic):
        if given:
            raise TypeError(f"{what.name} is a statistic, and takes no {', '.join(given)}")
        return OfRun(what, dict(options), dict(described))
    raise TypeError(
        f"what is a {type(what).__name__}: expected the name of a formula or of a statistic, such "
        "as 'isometry-gap-step' or 'gap'"
    )


def _by_name(name: str) -> Formula | RunStatistic:
    if name in STATISTICS:
        return STATISTICS[name]
    if name in catalogue:
        return catalogue[name]
    close = get_close_matches(name, [*STATISTICS, *catalogue], n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "`weingarten derive` lists formulas;"
    raise ValueError(
        f"what = {name!r}: no formula and no statistic is called that; {hint} statistics: "
        f"{', '.join(STATISTICS)}"
    )


@dataclass(frozen=True)
class OfFormula:
    """A formula, checked at every cell; without a depth of its own, in the layer of that depth.

    The layer at depth l is fed X_l of one network with orthogonal weights.
    """

    formula: Formula
    given: dict[str, Expr]

    @property
    def name(self) -> str:
        """The formula's name."""
        return self.formula.name

    @property
    def described(self) -> dict[str, Any]:
        """The single numbers."""
        return {"given": {name: str(value) for name, value in self.given.items()}}

    def default_depths(self) -> list[int]:
        """Return the batch itself, where the formula takes no depth."""
        if "depth" in self.formula.takes:
            raise TypeError(f"depths = None: {self.name} takes a depth; expected such as [10, 100]")
        return [0]

    def require(self, cell: Cell, batch: Batch, seed: int) -> tuple[str, ...]:
        """Refuse a cell at which a hypothesis fails."""
        if not self.formula.simulated:
            raise ValueError(f"{self.name} has no simulation; its steps can be checked")
        where, notes = self._start(cell, batch, seed)
        try:
            reason = self.formula.failing(self.formula.completed(where.point))
        except ValueError as refused:
            reason = str(refused)
        if reason:
            raise HypothesisError(f"{cell}: {reason}")
        return notes

    def task(self, cell: Cell, batch: Batch, networks: int | None, seed: int) -> Task:
        """Return draws of what the formula is about, at the layer's input."""
        where, _ = self._start(cell, batch, seed)
        if cell.depth and "depth" not in self.formula.takes and self.formula.depends_on_input:
            key = words("input", cell.width, cell.depth, cell.digest)
            walk = integer_seed(np.random.SeedSequence(seed, spawn_key=key))
            for layer in BNMLP(cell.width, cell.depth).layers(where.X, networks=1, seed=walk):
                last = layer.output[0]
            where = LayerInput(last, where.name, where.numbers)
        case = Case.of(self.formula, where)
        count = networks or max(_LEAST, min(SAMPLES, _NUMBERS // case.look.numbers))
        return Task(case.look, case.look.numbers, count, partial(_of_case, case, cell))

    def _start(self, cell: Cell, batch: Batch, seed: int) -> tuple[LayerInput, tuple[str, ...]]:
        """Return the batch at the width: all of its samples, unless the formula needs n = d."""
        for whole in (True, False):
            carried = carry(batch, cell.width, seed, whole)
            where = self._input(carried.start.X, cell.depth)
            if not self._failing(where):
                break
        return where, carried.notes

    def _failing(self, where: LayerInput) -> str:
        try:
            return self.formula.failing(self.formula.completed(where.point))
        except ValueError as refused:
            return str(refused)

    def _input(self, X: Array, depth: int) -> LayerInput:
        numbers = dict(self.given)
        if "depth" in self.formula.takes:
            numbers["depth"] = Integer(depth)
        plain = LayerInput(X)
        point = plain.point.with_numbers(numbers)
        return LayerInput(X, "", point)


def _of_case(case: Case, cell: Cell, tally: Tally) -> Outcome:
    """Return the outcome of a formula's cell."""
    row = case.row(tally, 0, None)
    heavy = isinstance(row, HeavyCheck)
    robust = row.robust if isinstance(row, HeavyCheck) else None
    return Outcome(
        cell.what,
        cell.width,
        cell.depth,
        cell.batch,
        tally.count,
        float(row.mean),
        math.nan if heavy else float(row.standard_error),
        float(row.value),
        "==" if isinstance(row, Crosscheck) else row.side,
        case.rounding,
        None if isinstance(row, Crosscheck | HeavyCheck) else row.violations,
        row.tail.index if isinstance(row, HeavyCheck) else None,
        row.tail.margin if isinstance(row, HeavyCheck) else 0.0,
        isinstance(row, HeavyCheck) and row.tail.known,
        row.tail.share if isinstance(row, HeavyCheck) else 0.0,
        None if robust is None else (robust.value, robust.low, robust.high),
    )


@dataclass(frozen=True)
class OfRun:
    """A statistic of networks, at every cell."""

    statistic: RunStatistic
    options: dict[str, Any]
    plain: dict[str, Any]

    @property
    def name(self) -> str:
        """The statistic's name."""
        return self.statistic.name

    @property
    def described(self) -> dict[str, Any]:
        """The network."""
        return {"network": self.plain}

    def default_depths(self) -> list[int]:
        """Refuse: a network has a depth."""
        raise TypeError(f"depths = None: {self.name} is of networks; expected such as [10, 100]")

    def require(self, cell: Cell, batch: Batch, seed: int) -> tuple[str, ...]:
        """Refuse a network that there is not, or a gap that is infinite."""
        if cell.depth < self.statistic.least_depth:
            least = self.statistic.least_depth
            raise ValueError(f"depths: {cell.depth} for {self.name}; expected at least {least}")
        self._network(cell)
        carried = carry(batch, cell.width, seed, whole=True)
        if self.statistic.of_gap and self._theory and not spectrum(carried.start.X).all():
            raise HypothesisError(
                f"{cell}: the gap is infinite at every depth, since {carried.notes[-1]}"
            )
        return carried.notes

    def task(self, cell: Cell, batch: Batch, networks: int | None, seed: int) -> Task:
        """Return runs of networks."""
        start = carry(batch, cell.width, seed, whole=True).start
        d, n = start.X.shape
        predictions = self.statistic.predictions if self._theory else ()
        along = tuple(p.along for p in predictions if p.along is not None)
        work = NetworkWork(
            self._network(cell),
            start.X,
            target(d, n) if self.statistic.backward else None,
            self.name,
            self.statistic.of,
            _of_last(self.statistic.layers, cell.depth - 1) if along else {},
            along,
        )
        said = []
        for prediction in predictions:
            value = math.nan
            if prediction.value is not None:
                value = prediction.value(start.point, cell.depth)
            said.append(Predicted(prediction.name, prediction.kind, value))
        numbers = cell.depth * d * max(d, n)
        return Task(work, numbers, networks or NETWORKS, partial(_of_run, cell, tuple(said)))

    def _network(self, cell: Cell) -> BNMLP:
        return BNMLP(cell.width, cell.depth, **self.options)

    @property
    def _theory(self) -> bool:
        """Whether the network is that of the theory, up to scale."""
        net = BNMLP(1, 1, **{k: v for k, v in self.options.items() if k != "readout"})
        return (net.weights, net.norm, net.activation) == ("orthogonal", "rows", "identity")


def _of_last(layers: Mapping[str, Callable[..., Any]], last: int) -> dict[str, Callable[..., Any]]:
    return {name: partial(function, last=last) for name, function in layers.items()}


@dataclass(frozen=True)
class NetworkWork:
    """Runs of networks, and what is seen of each: the statistic, then what is iterated.

    After each iterated number comes the statistic minus it.
    """

    network: BNMLP
    X: Array
    target: Array | None
    name: str
    of: Callable[..., Any]
    layers: dict[str, Callable[..., Any]]
    along: tuple[Callable[..., Any], ...]

    def __call__(self, count: int, rng: np.random.Generator) -> Array:
        """Return what draws show, shape (networks, 1 + 2 × iterated, 1)."""
        run = self.network.run(
            self.X,
            self.target,
            networks=count,
            seed=int(rng.integers(2**63)),
            statistics=self.layers,
        )
        seen = [self._checked(self.of(run), count)]
        for path in self.along:
            iterated = self._checked(path(run), count)
            seen += [iterated, seen[0] - iterated]
        return np.stack(seen, axis=1)[..., None]

    def _checked(self, values: Any, count: int) -> Array:
        array = floats(f"what the statistic {self.name} returned", values)
        if array.shape != (count,):
            raise ValueError(
                f"the statistic {self.name} returned shape {array.shape}: expected one number for "
                f"each of {count} networks"
            )
        if not np.isfinite(array).all():
            raise ValueError(
                f"the statistic {self.name} is {array[~np.isfinite(array)][0]} in some networks; "
                "expected finite numbers"
            )
        return array


def _of_run(cell: Cell, said: tuple[Predicted, ...], tally: Tally) -> Outcome:
    """Return the outcome of a statistic's cell."""
    mean, error = (part[:, 0] for part in (tally.moments.mean, tally.moments.standard_error))
    predictions, place = [], 1
    for prediction in said:
        if prediction.kind == "iterated":
            prediction = Predicted(
                prediction.prediction,
                prediction.kind,
                *(float(part[k]) for k in (place, place + 1) for part in (mean, error)),
            )
            place += 2
        predictions.append(prediction)
    tail = tally.tail(0)
    heavy = tail is not None and tail.heavy
    robust = tally.robust(0) if heavy else None
    return Outcome(
        cell.what,
        cell.width,
        cell.depth,
        cell.batch,
        tally.count,
        float(mean[0]),
        math.nan if heavy else float(error[0]),
        tail_index=tail.index if tail is not None and heavy else None,
        tail_margin=tail.margin if tail is not None and heavy else 0.0,
        robust=None if robust is None else (robust.value, robust.low, robust.high),
        predictions=tuple(predictions),
    )
