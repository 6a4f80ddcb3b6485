"""``weingarten check``: formulas against simulation, and their steps again."""

from __future__ import annotations

from contextlib import suppress

import click

from derivations.checking import broken_steps
from derivations.cli import inputs
from derivations.cli.counts import Count
from derivations.cli.errors import BadInput, bad_input
from derivations.cli.output import (
    console,
    print_broken,
    print_rows,
    print_unmet,
    progress,
    summary,
    threads,
)
from derivations.formula import SAMPLES, Formula
from derivations.hypotheses import HypothesisError
from derivations.numeric.blas import blas_threads_for
from derivations.numeric.family import Family
from derivations.numeric.montecarlo import crosscheck, input_at
from derivations.point import Point

__all__ = ["check"]

WIDEST = 10_000  # a matrix of this width takes 800 MB, and a simulation some of these


@click.command(
    epilog="\b\nExamples:\n  weingarten check --all\n"
    "  weingarten check row-norm-mean row-norm-variance --width 30 --samples 50000\n"
    "  weingarten check --all --full --samples 100000\n"
    "  weingarten check --all --batch batch.csv"
)
@click.argument("names", nargs=-1, shell_complete=inputs.completed)
@click.option("--all", "everything", is_flag=True, help="Check every formula.")
@inputs.seed
@click.option("--samples", type=Count(min=2), default=SAMPLES, show_default=True)
@click.option(
    "--full", is_flag=True, help="With --all: as many draws of what takes many layers, too."
)
@click.option("--width", type=Count(1, WIDEST), help="Rows of each layer.")
@inputs.with_batch
@inputs.with_numbers
def check(
    names: tuple[str, ...],
    everything: bool,
    seed: int,
    samples: int,
    full: bool,
    width: int | None,
    batch: inputs.BatchFile | None,
    given: dict[str, object],
) -> int:
    """Check formulas: every step of the derivation again, and the value against simulation.

    All checks end in one verdict: the chance that any of them fails falsely is shared among them.

    Without --batch, at the spectrum 1, 2, …, width; the width is 12 unless given. A number such as
    --depth goes to the formulas that take it; those without it get an example.
    """
    if not names and not everything:
        raise BadInput("nothing to check; give names of formulas, or --all")
    formulas = inputs.every() if everything else [inputs.named(n) for n in dict.fromkeys(names)]
    elsewhere: list[tuple[Formula, str]] = []
    with bad_input():
        for name in given:
            if name == "gap" or not any(name in formula.takes for formula in formulas):
                raise BadInput(f"--{name}: no formula that is checked here is simulated at it")
        source = batch.read() if batch else None
        width = width or (source.default_width if source else 12)
        if everything:
            formulas, elsewhere = inputs.at_width(formulas, width)
        if source:
            start = inputs.carried(source, width, seed, formulas)
            point = Point.of_input(start.X).with_numbers(Point.of(**given).given)
        else:
            point = Point.of(None, range(1, width + 1), **given)
        start = input_at(point, "input" if batch else "")
        met = [formula for formula in formulas if formula.simulated]
        for formula in met:
            # One that says nothing at the spectrum is simulated nearby.
            with suppress(HypothesisError):
                formula.at(formula.completed(start.point))
    with progress() as task, threads() as pool, blas_threads_for(width):
        rows = crosscheck(
            met,
            [start],
            samples,
            seed,
            executor=pool,
            progress=task("draws", samples),
            sparing=everything and not full,
        )
        broken = broken_steps(formulas, task("derivations", len(formulas)))
    screen = console()
    family = Family.of(rows)
    print_rows(screen, formulas, family.rows)
    print_unmet(screen, elsewhere)
    print_broken(screen, broken)
    return summary(screen, family, not broken, samples, seed)
