"""What several commands take: formulas by name, lists of numbers, a seed, a batch."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from derivations.cli.cells import cells
from derivations.cli.counts import Count
from derivations.cli.errors import BadInput, bad_input, in_options
from derivations.cli.streams import echo
from derivations.formula import Formula, HypothesisError
from derivations.numeric.batch import Batch, Carried, carry, read_batch
from derivations.numeric.montecarlo import LayerInput, input_at
from derivations.parameters import PARAMETERS, SCALARS
from derivations.point import Point
from derivations.registry import catalogue
from derivations.writing import plain

__all__ = [
    "BatchFile",
    "carried",
    "completed",
    "every",
    "named",
    "numbers",
    "reading",
    "seed",
    "with_batch",
    "with_numbers",
    "with_some_numbers",
]

seed = click.option(
    "--seed", type=Count(min=0), default=0, show_default=True, help="Seed of all draws."
)


def completed(_context: object, _parameter: object, begun: str) -> list[str]:
    """Name the formulas that begin so, for completion in a shell."""
    return [name for name in catalogue if name.startswith(begun)]


def named(name: str) -> Formula:
    """Derive the formula of this name."""
    with bad_input():
        return catalogue[name]


def every() -> list[Formula]:
    """Derive all formulas."""
    return list(catalogue.values())


def among(names: Collection[str]) -> list[Formula]:
    """Derive those formulas of the catalogue that have one of these names."""
    return [catalogue[name] for name in catalogue if name in names]


_EXACT = re.compile(r"[+-]?[0-9]+(/[0-9]+)?")


def numbers(name: str, text: str) -> list[Fraction | float]:
    """Read a list of numbers, those without a decimal point exactly.

    Examples
    --------
    >>> numbers("spectrum", "1, 7/2, 0.5, -2")
    [Fraction(1, 1), Fraction(7, 2), 0.5, Fraction(-2, 1)]
    """
    return [_number(name, cell, text) for cell in cells(text)]


def _number(name: str, cell: str, text: str) -> Fraction | float:
    try:
        return Fraction(cell) if _EXACT.fullmatch(cell) else float(cell)
    except (ValueError, ZeroDivisionError) as reason:
        expected = "a list such as 1,2,7/2" if name == "spectrum" else "one such as 3, 7/2 or 0.5"
        raise ValueError(f"{name} {text!r}: {cell!r} is not a number; expected {expected}") from (
            reason
        )


def with_numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each single number of a formula; it gets those given."""
    return with_some_numbers(SCALARS)(command)


def with_some_numbers(
    names: Sequence[str],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each of some single numbers; it gets those given."""
    return partial(_with_options, names)


def _with_options(names: Sequence[str], command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def taking_numbers(**options: Any) -> Any:
        texts = {name: options.pop(name) for name in names}
        with bad_input():
            given = {name: _single(name, t) for name, t in texts.items() if t is not None}
        return command(given=given, **options)

    for name in reversed(names):
        parameter = PARAMETERS[name]
        help_text = plain(parameter.meaning[0].upper() + parameter.meaning[1:]) + "."
        taking_numbers = click.option(f"--{name}", metavar="NUMBER", help=help_text)(taking_numbers)
    return taking_numbers


def _single(name: str, text: str) -> int | Fraction | float:
    value = _number(name, text.strip(), text)
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


@dataclass(frozen=True)
class BatchFile:
    """A file with a batch, and what the user says about its first row and column.

    Parameters
    ----------
    path : pathlib.Path
        Where it is.
    header, index : bool, optional
        Whether it has a header or an index; None where that is to be found out.
    """

    path: Path
    header: bool | None
    index: bool | None

    def read(self) -> Batch:
        """Read the batch; what is said about it names the options."""
        batch = read_batch(self.path, header=self.header, index=self.index)
        return replace(batch, notes=tuple(map(in_options, batch.notes)))


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a table is read, ``header`` and ``index``."""
    header = click.option(
        "--header/--no-header",
        default=None,
        help="Whether the first row of a table names its columns.  [default: found out]",
    )
    index = click.option(
        "--index/--no-index",
        default=None,
        help="Whether the first column of a table numbers its rows.  [default: found out]",
    )
    return header(index(command))


def with_batch(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a batch; it gets them as ``batch``, a `BatchFile` or None."""

    @click.option(
        "--batch",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Batch, samples × features: .npy, .npz, .csv, .tsv or .parquet.",
    )
    @reading
    @wraps(command)
    def taking_batch(
        batch: Path | None, header: bool | None, index: bool | None, **options: Any
    ) -> Any:
        for name, value in (("header", header), ("index", index)):
            if value is not None and batch is None:
                flag = f"--{name}" if value else f"--no-{name}"
                raise BadInput(f"{flag} says how to read a batch; expected --batch FILE with it")
        return command(batch=BatchFile(batch, header, index) if batch else None, **options)

    return taking_batch


def at_width(
    formulas: Sequence[Formula], width: int
) -> tuple[list[Formula], list[tuple[Formula, str]]]:
    """Return the formulas that hold somewhere at a width, and the others with the reason."""
    point = input_at(Point.of(None, range(1, width + 1)), "").point
    reasons = [(formula, formula.failing(formula.completed(point))) for formula in formulas]
    return [f for f, reason in reasons if not reason], [(f, r) for f, r in reasons if r]


def carried(
    batch: Batch, width: int | None, seed: int, formulas: Sequence[Formula] = (), whole: bool = True
) -> LayerInput:
    """Carry a batch to the width, say what was done, and refuse where a formula does not hold.

    With ``whole``, samples beyond the width are left out only if a formula does not hold else.
    Without a width it is that of the batch, as far as the formulas hold there.
    """
    if width is None and whole:
        as_it_is = carry(batch, batch.values.shape[1], seed, whole)
        width = batch.default_width if _failing(formulas, as_it_is) else batch.values.shape[1]
    width = width or batch.default_width
    result = carry(batch, width, seed, whole)
    if whole and _failing(formulas, result):
        result = carry(batch, width, seed)
    failing = _failing(formulas, result)
    if failing:
        holding = [formula.name for formula in every() if not formula.failing(result.start.point)]
        reason = result.notes[-1] if result.notes else next(iter(failing.values()))
        raise HypothesisError(
            f"{', '.join(failing)} needs what the batch does not have: {plain(reason)}. "
            f"What applies there: {', '.join(holding)}"
        )
    for note in result.notes:
        echo(f"batch: {in_options(plain(note))}", err=True)
    return result.start


def _failing(formulas: Sequence[Formula], carried: Carried) -> dict[str, str]:
    """Name the formulas that do not hold, and say why."""
    reasons = {formula.name: formula.failing(carried.start.point) for formula in formulas}
    return {name: reason for name, reason in reasons.items() if reason}
