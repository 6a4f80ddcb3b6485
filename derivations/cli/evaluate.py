"""``weingarten evaluate``: the value of a formula at a point."""

from __future__ import annotations

from dataclasses import replace

import click

from derivations.cli import inputs
from derivations.cli.errors import BadInput, bad_input

__all__ = ["evaluate"]


@click.command(
    epilog="\b\nExamples:\n"
    "  weingarten evaluate row-norm-variance --spectrum 1,2,3\n"
    "  weingarten evaluate entry-disjoint --width 50\n"
    "  weingarten evaluate isometry-gap-step --width 100 --batch batch.npy\n"
    "  weingarten evaluate paper-corollary-4 --spectrum 1,2,3 --digits 50"
)
@click.argument("name")
@click.option("--width", type=click.IntRange(min=1), help="Rows of each layer.")
@inputs.with_batch
@click.option(
    "--spectrum", metavar="LIST", help="Eigenvalues of X Xᵀ, such as 1,2,7/2 (exact) or 0.5,2."
)
@inputs.with_numbers
@click.option("--digits", type=click.IntRange(min=1), help="Decimal digits of the value.")
@inputs.seed
def evaluate(
    name: str,
    width: int | None,
    batch: inputs.BatchFile | None,
    spectrum: str | None,
    given: dict[str, object],
    digits: int | None,
    seed: int,
) -> None:
    """Evaluate the formula NAME at what it takes: a width, a spectrum or a batch, numbers."""
    formula = inputs.named(name)
    if batch and spectrum:
        raise BadInput("--batch and --spectrum both give the spectrum; expected one of them")
    with bad_input():
        eigenvalues = None if spectrum is None else inputs.numbers("spectrum", spectrum)
        formula.require_taken({"spectrum": spectrum, "batch": batch, "d": width, **given})
        if batch:
            start = inputs.carried(batch.read(), width, seed, [formula])
            point = formula.point(batch=start.X.T, **given)
        else:
            point = formula.point(width, eigenvalues, **given)
        value = formula.at(point) if digits is None else formula.to_digits(point, digits)
        click.echo(value)
        written = isinstance(value, float) or value.is_Rational or value.free_symbols
        if digits is None and not written:
            click.echo(f"≈ {formula.at(replace(point, exact=False))}")
    error = 0.0 if digits else formula.error(point)
    if error:
        click.echo(f"numerical error at most {error:.1g}", err=True)
