"""What several commands take: formulas by name, lists of numbers, a seed, a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from derivations.cli.errors import BadInput, bad_input, in_options
from derivations.formula import Formula, HypothesisError
from derivations.numeric.batch import Batch, carry, read_batch
from derivations.numeric.montecarlo import LayerInput
from derivations.registry import catalogue
from derivations.writing import plain

__all__ = ["BatchFile", "carried", "cells", "every", "named", "seed", "with_batch"]

seed = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all draws."
)


def named(name: str) -> Formula:
    """Derive the formula of this name."""
    with bad_input():
        return catalogue[name]


def every() -> list[Formula]:
    """Derive all formulas."""
    return list(catalogue.values())


def cells(text: str) -> list[str]:
    """Cut a list such as ``1,2`` or ``[1 2]`` into its parts.

    Examples
    --------
    >>> cells("(3, 1)")
    ['3', '1']
    """
    return text.strip("()[] ").replace(",", " ").split()


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


def with_batch(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a batch; it gets them as ``batch``, a `BatchFile` or None."""

    @click.option(
        "--batch",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Batch, samples × features: .npy, .npz, .csv or .tsv.",
    )
    @click.option(
        "--header/--no-header",
        default=None,
        help="Whether the first row of a table names its columns.  [default: found out]",
    )
    @click.option(
        "--index/--no-index",
        default=None,
        help="Whether the first column of a table numbers its rows.  [default: found out]",
    )
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


def carried(
    batch: Batch, width: int | None, seed: int, formulas: Sequence[Formula] = ()
) -> LayerInput:
    """Carry a batch to the width, say what was done, and refuse where a formula does not hold."""
    result = carry(batch, width or batch.default_width, seed)
    failing = [formula for formula in formulas if formula.failing(result.start.point)]
    if failing:
        holding = [formula.name for formula in every() if not formula.failing(result.start.point)]
        raise HypothesisError(
            f"{', '.join(f.name for f in failing)} needs n = d linearly independent samples, or more: "
            f"{plain(result.notes[-1])}. Still exact there: {', '.join(holding)}"
        )
    for note in result.notes:
        click.echo(f"batch: {plain(note)}", err=True)
    return result.start
