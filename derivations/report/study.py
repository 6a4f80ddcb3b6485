"""What a report shows, computed: formulas, their values on one batch, simulation beside them."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib.metadata import version

from sympy import Integer

from derivations.checking import broken_steps
from derivations.formula import Formula, Step
from derivations.numeric.batch import Batch, carry
from derivations.numeric.depth import History, gap_over_depth
from derivations.numeric.family import Family
from derivations.numeric.grid import Grid, grid_of, up_to
from derivations.numeric.montecarlo import LayerCheck, LayerInput, crosscheck
from derivations.parameters import PARAMETERS, short
from derivations.point import Point
from derivations.verdicts import Judged, judged
from derivations.writing import latex

__all__ = ["Settings", "Study", "study"]

PACKAGES = ("weingarten", "sympy", "numpy", "scipy", "mpmath")


@dataclass(frozen=True)
class Settings:
    """What a report is asked for.

    Parameters
    ----------
    width, depth, networks, samples, seed : int
        Rows of each layer; layers; networks in the figures; weight matrices drawn for the
        table; seed of everything random.
    """

    width: int = 50
    depth: int = 100
    networks: int = 20
    samples: int = 20_000
    seed: int = 0

    def __post_init__(self) -> None:
        least = {"width": 2, "depth": 1, "networks": 1, "samples": 2, "seed": 0}
        for name, low in least.items():
            value = getattr(self, name)
            if value < low:
                raise ValueError(f"{name} = {value} is too small; expected at least {low}")


@dataclass(frozen=True)
class Study:
    """Everything a report shows, computed.

    Parameters
    ----------
    settings : Settings
        What was asked for.
    source : str
        Where the batch is from.
    notes : tuple of str
        How the batch was read, and what was done to it.
    formulas : tuple of Formula
        The formulas checked.
    family : Family
        Their values and simulations, judged together.
    history : History
        The isometry gap over depth.
    broken : tuple of (Formula, Step)
        Steps of derivations that did not hold when checked again.
    verdicts : tuple of Judged
        What is found of each result of the paper, with factors at the width, depth and batch.
    grid : Grid, optional
        Networks up to the width and the depth, for a figure in which both are moved.
    """

    settings: Settings
    source: str
    notes: tuple[str, ...]
    formulas: tuple[Formula, ...]
    family: Family
    history: History
    broken: tuple[tuple[Formula, Step], ...]
    verdicts: tuple[Judged, ...] = ()
    grid: Grid | None = None
    #: By formula, the numbers that are examples, such as "$L = 10$".
    assumed: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[LayerCheck, ...]:
        """The checks of the formulas."""
        return self.family.rows

    @property
    def agrees(self) -> bool:
        """Whether every check agrees and every step holds."""
        return self.family.agrees and not self.broken

    def of(self, formula: Formula) -> list[LayerCheck]:
        """Return the rows of one formula."""
        return [row for row in self.rows if row.formula == formula.name]

    @staticmethod
    def versions() -> str:
        """Name the programs that computed it."""
        packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        return f"Python {platform.python_version()}, {packages}"


def _silent(_task: str, _total: int) -> Callable[[int], None]:
    return lambda _done: None


def study(
    formulas: Sequence[Formula],
    batch: Batch,
    settings: Settings,
    progress: Callable[[str, int], Callable[[int], None]] = _silent,
    executor: Executor | None = None,
) -> Study:
    """Compute everything a report shows.

    Parameters
    ----------
    formulas : sequence of Formula
        What to check, at the input of the first layer and of one deep layer.
    batch : Batch
        Samples × features.
    settings : Settings
        Width, depth, counts and seed.
    progress : callable, optional
        Takes the name of a task and its size; returns what to call with each part done.
    executor : concurrent.futures.Executor, optional
        Runs the draws of the table; the result does not depend on it.

    Returns
    -------
    Study
    """
    carried = carry(batch, settings.width, settings.seed)
    start = LayerInput(carried.start.X, "first layer")
    _require_all_apply(formulas, start)
    advance = progress("networks", settings.depth)
    history = gap_over_depth(start, settings.depth, settings.networks, settings.seed, advance)
    advance = progress("draws", settings.samples)
    rows = crosscheck(
        [formula for formula in formulas if formula.simulated],
        [start, history.last],
        settings.samples,
        settings.seed,
        executor=executor,
        progress=advance,
        sparing=True,
    )
    broken = broken_steps(formulas, progress("derivations", len(formulas)))
    at = start.point.with_numbers({"depth": Integer(settings.depth)})
    sizes = up_to(settings.width), up_to(settings.depth)
    return Study(
        settings,
        batch.source,
        carried.notes,
        tuple(formulas),
        Family.of(rows),
        history,
        tuple(broken),
        tuple(judged(formulas, at)),
        grid_of(batch, *sizes, settings.networks, settings.seed),
        {formula.name: _assumed(formula, start.point) for formula in formulas},
    )


def _assumed(formula: Formula, point: Point) -> str:
    """Write the numbers that are examples, as the letters of the formula."""
    numbers = formula.assumed(point).items()
    return ", ".join(
        f"${latex(PARAMETERS[name].symbol)} = {short(number)}$" for name, number in numbers
    )


def _require_all_apply(formulas: Sequence[Formula], start: LayerInput) -> None:
    for formula in formulas:
        if formula.simulated:
            formula.at(formula.completed(start.point))
