"""``weingarten paper``: what is found of each result of the paper."""

from __future__ import annotations

import click
from rich.text import Text

from derivations.cli import inputs
from derivations.cli.counts import Count
from derivations.cli.errors import bad_input
from derivations.cli.output import console, indented
from derivations.numeric.montecarlo import input_at
from derivations.point import Point
from derivations.verdicts import Judged, judged
from derivations.writing import line, plain

__all__ = ["paper"]

COLOURS = {"holds": "green", "false": "bold red"}


@click.command(
    epilog="\b\nExamples:\n  weingarten paper\n  weingarten paper --width 100 --depth 1000\n"
    "  weingarten paper --batch batch.csv"
)
@click.option("--width", type=Count(min=1), help="Rows of each layer.")
@inputs.with_batch
@inputs.with_numbers
@inputs.seed
def paper(
    width: int | None, batch: inputs.BatchFile | None, given: dict[str, object], seed: int
) -> None:
    """Print the verdict table: each result of the paper, and what is sharper.

    The factors are those at the width, the depth and the batch; without --batch at the spectrum
    1, 2, …, width, and the width is 12 unless given.
    """
    with bad_input():
        numbers = Point.of(**given).given
        if batch:
            start = inputs.carried(batch.read(), width, seed)
            point = Point.of_input(start.X).with_numbers(numbers)
        else:
            point = input_at(Point.of(None, range(1, (width or 12) + 1), **given)).point
        rows = list(judged(inputs.every(), point))
    screen = console()
    for row in rows:
        screen.print(Text(row.formula.name, "bold").append(f"  {row.formula.title}", "not bold"))
        screen.print(indented(row.formula.line(), 2))
        screen.print(Text("  " + row.verdict, COLOURS.get(row.verdict, "yellow")))
        for said in _remarks(row):
            screen.print(indented(said, 4))
        screen.print()
    counts = {row.verdict: sum(r.verdict == row.verdict for r in rows) for row in rows}
    found = ", ".join(f"{count} {word}" for word, count in counts.items())
    screen.print(f"{len(rows)} results: {found}; factors at d = {point.width}.")


def _remarks(row: Judged) -> list[str]:
    """Return what is said below a verdict."""
    remarks = [plain(row.because)]
    if row.right is not None:
        remarks.append(f"right: {line(row.right)}")
    if row.sharper is not None:
        by = f" ({row.by})" if row.by != row.formula.name else ""
        remarks.append(f"sharper{by}: {line(row.sharper)}")
    if row.factor is not None:
        remarks.append(f"factor here: {row.factor:.4g}, in the {plain(row.of)}")
    if row.failing:
        remarks.append(f"says nothing here: {row.failing}")
    return remarks
