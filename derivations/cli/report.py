"""``weingarten report``: everything in one folder."""

from __future__ import annotations

from pathlib import Path

import click

from derivations.cli import inputs
from derivations.cli.check import WIDEST
from derivations.cli.counts import Count
from derivations.cli.errors import bad_input
from derivations.cli.output import (
    console,
    print_broken,
    print_rows,
    print_unmet,
    progress,
    summary,
    threads,
)
from derivations.cli.streams import echo
from derivations.numeric.batch import digits
from derivations.numeric.blas import blas_threads_for
from derivations.registry import HEADLINES
from derivations.report import Settings, require_writable, study, write

__all__ = ["report"]


@click.command(
    epilog="\b\nExamples:\n  weingarten report\n"
    "  weingarten report --width 30 --depth 200 --batch batch.npy --out report/mine"
)
@click.option("--width", type=Count(2, WIDEST), default=50, show_default=True)
@click.option("--depth", type=Count(min=1), default=100, show_default=True)
@inputs.with_batch
@click.option("--networks", type=Count(min=1), default=20, show_default=True)
@click.option("--samples", type=Count(min=2), default=20_000, show_default=True)
@inputs.seed
@click.option("--all", "everything", is_flag=True, help="All formulas: takes minutes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder to write to.",
)
def report(
    width: int,
    depth: int,
    batch: inputs.BatchFile | None,
    networks: int,
    samples: int,
    seed: int,
    everything: bool,
    out: Path,
) -> int:
    """Write a report: formulas, values, simulation, figures.

    Without --batch, on scikit-learn's handwritten digits. Writes index.html, formulas.tex and
    figures/ to the folder --out.
    """
    chosen = inputs.every() if everything else inputs.among(HEADLINES)
    formulas, elsewhere = inputs.at_width(chosen, width)
    with bad_input():
        require_writable(out)
        source = batch.read() if batch else digits()
        # A batch that the theory does not cover is found out before the long work, not after.
        start = inputs.carried(source, width, seed, formulas, whole=False)
        for formula in formulas:
            if formula.simulated:
                formula.at(formula.completed(start.point))
    settings = Settings(width, depth, networks, samples, seed)
    with progress() as task, threads() as pool, blas_threads_for(width):
        result = study(formulas, source, settings, task, pool)
    with bad_input():
        index = write(result, out)
    screen = console()
    print_rows(screen, formulas, result.rows)
    print_unmet(screen, elsewhere)
    print_broken(screen, result.broken)
    status = summary(screen, result.family, not result.broken, samples, seed)
    echo(f"\nReport: {index}\nLaTeX:  {out / 'formulas.tex'}\nFigures: {out / 'figures'}")
    return status
