"""``weingarten evaluate``: the value of a formula at a point."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import click

from derivations.cli import inputs
from derivations.cli.errors import BadInput, bad_input
from derivations.point import Point

__all__ = ["evaluate"]


@click.command(
    epilog="\b\nExamples:\n"
    "  weingarten evaluate row-norm-variance --spectrum 1,2,3\n"
    "  weingarten evaluate entry-disjoint --width 50\n"
    "  weingarten evaluate isometry-gap-step --width 100 --batch batch.npy"
)
@click.argument("name")
@click.option("--width", type=click.IntRange(min=1), help="Rows of each layer.")
@inputs.with_batch
@click.option(
    "--spectrum", metavar="LIST", help="Eigenvalues of X Xᵀ, such as 1,2,7/2 (exact) or 0.5,2."
)
@inputs.seed
def evaluate(
    name: str,
    width: int | None,
    batch: inputs.BatchFile | None,
    spectrum: str | None,
    seed: int,
) -> None:
    """Evaluate the formula NAME at a width, and where it needs one at a spectrum or a batch."""
    formula = inputs.named(name)
    if batch and spectrum:
        raise BadInput("--batch and --spectrum both give the spectrum; expected one of them")
    with bad_input():
        if batch:
            point = inputs.carried(batch.read(), width, seed).point
        else:
            point = Point.of(width, None if spectrum is None else _numbers(spectrum))
        value = formula.at(point)
    click.echo(value)
    if not isinstance(value, float) and not (value.is_Rational or value.free_symbols):
        click.echo(f"≈ {formula.at(replace(point, exact=False))}")
    error = formula.error(point)
    if error:
        click.echo(f"numerical error at most {error:.1g}", err=True)


def _numbers(text: str) -> list[Fraction | float]:
    return [_number(cell, text) for cell in inputs.cells(text)]


def _number(cell: str, text: str) -> Fraction | float:
    try:
        return Fraction(cell) if cell.replace("/", "").isdigit() else float(cell)
    except (ValueError, ZeroDivisionError) as reason:
        raise ValueError(
            f"spectrum {text!r}: {cell!r} is not a number; expected a list such as 1,2,7/2"
        ) from reason
