"""``weingarten evaluate``: the value of a formula at a point, or at several widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import click

from derivations.cli import inputs
from derivations.cli.counts import Count
from derivations.cli.errors import BadInput, bad_input
from derivations.cli.output import in_place
from derivations.cli.streams import echo
from derivations.cli.tables import beside, nearest, sizes, table, with_form
from derivations.formula import Formula
from derivations.point import Point
from derivations.writing import line

__all__ = ["evaluate"]

COLUMNS = ("formula", "width", "exact", "value", "error")


@click.command(
    epilog="\b\nExamples:\n"
    "  weingarten evaluate row-norm-variance --spectrum 1,2,3\n"
    "  weingarten evaluate entry-disjoint --width 10,20,50 --csv\n"
    "  weingarten evaluate isometry-gap-step --width 100 --batch batch.npy\n"
    "  weingarten evaluate paper-corollary-4 --spectrum 1,2,3 --digits 50"
)
@click.argument("name", shell_complete=inputs.completed)
@click.option(
    "--width",
    metavar="LIST",
    callback=sizes,
    help="Rows of each layer, one or several: 10,20,50. Of a batch by default its features, or its "
    "samples where these are fewer and the formula needs as many.",
)
@inputs.with_batch
@click.option(
    "--spectrum", metavar="LIST", help="Eigenvalues of X Xᵀ, such as 1,2,7/2 (exact) or 0.5,2."
)
@inputs.with_numbers
@click.option("--digits", type=Count(min=1), help="Decimal digits of the value.")
@with_form
@inputs.seed
def evaluate(
    name: str,
    width: list[int] | None,
    batch: inputs.BatchFile | None,
    spectrum: str | None,
    given: dict[str, object],
    digits: int | None,
    form: str | None,
    seed: int,
) -> None:
    """Evaluate the formula NAME at what it takes: a width, a spectrum or a batch, numbers.

    The columns of --csv and --json are: formula, width, exact (empty where a number that is given
    has a decimal point, or comes from a batch), value (the float nearest to it), and error, by how
    much the value may be off beyond its last digit: of a batch, at the eigenvalues of its X Xᵀ as
    they are computed in floats.
    """
    formula = inputs.named(name)
    if batch and spectrum:
        raise BadInput("--batch and --spectrum both give the spectrum; expected one of them")
    with bad_input():
        formula.require_taken({"spectrum": spectrum, "batch": batch, "d": width, **given})
        points = _points(formula, width, batch, spectrum, given, seed)
        rows = [_row(formula, point, digits) for point in points]
    if in_place(formula):
        echo(f"{formula.name}: {in_place(formula)} {line(formula.holding)}", err=True)
    if form is not None:
        columns = (*COLUMNS, "digits") if digits else COLUMNS
        echo(table(form, columns, rows), nl=False)
        return
    for row in rows:
        place = f"d = {row['width']}: " if len(rows) > 1 else ""
        echo(f"{place}{row['digits'] if digits else beside(row['shown'], row['value'])}")
        if row["error"] and not digits:
            echo(f"numerical error at most {row['error']:.1g}", err=True)


def _points(
    formula: Formula,
    widths: list[int] | None,
    batch: inputs.BatchFile | None,
    spectrum: str | None,
    given: dict[str, object],
    seed: int,
) -> Iterator[Point]:
    """Yield the point at each width."""
    eigenvalues = None if spectrum is None else inputs.numbers("spectrum", spectrum)
    read = batch.read() if batch else None
    wanted: Sequence[int | None] = widths or (None,)
    for width in wanted:
        if read:
            start = inputs.carried(read, width, seed, [formula])
            yield formula.point(batch=start.X.T, **given)
        else:
            yield formula.point(width, eigenvalues, **given)


def _row(formula: Formula, point: Point, digits: int | None) -> dict[str, Any]:
    """Return what is printed of the value at a point."""
    row: dict[str, Any] = {
        "formula": formula.name,
        "width": int(point.width) if point.width.is_Integer else point.width,
    }
    if digits is not None:
        written = formula.to_digits(point, digits)
        return {**row, "value": nearest(written), "error": 0.0, "digits": written}
    value = formula.at(point)
    exact = None if isinstance(value, float) else value
    if exact is None or exact.is_Rational or exact.free_symbols:
        number = nearest(value)
    else:
        number = nearest(formula.at(replace(point, exact=False)))
    error = formula.error(point)
    return {**row, "exact": exact, "value": number, "error": error, "shown": value}
