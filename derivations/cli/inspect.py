"""``weingarten inspect``: what a batch is, which hypotheses hold, and which formulas apply."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.text import Text

from derivations.cli import inputs
from derivations.cli.errors import bad_input
from derivations.cli.output import console, indented
from derivations.formula import Formula
from derivations.numeric.arguments import counted
from derivations.numeric.batch import read_batch
from derivations.parameters import short
from derivations.point import Point
from derivations.writing import plain

__all__ = ["inspect"]


@click.command(
    epilog="\b\nExamples:\n  weingarten inspect batch.npy\n  weingarten inspect batch.csv"
)
@click.argument("batch", type=click.Path(path_type=Path))
@click.option("--header/--no-header", default=None, help="Whether the first row names columns.")
@click.option("--index/--no-index", default=None, help="Whether the first column numbers rows.")
@inputs.with_numbers
def inspect(batch: Path, header: bool | None, index: bool | None, given: dict[str, object]) -> None:
    """Say what BATCH is, samples × features, and what the formulas say at it."""
    with bad_input():
        read = read_batch(batch, header=header, index=index)
        point = Point.of_input(read.values.T).with_numbers(_without_samples(given))
    screen = console()
    for fact in (*_facts(point), *map(plain, read.notes)):
        screen.print(fact)
    formulas = [formula for formula in inputs.every() if formula.depends_on_input]
    failing = {formula.name: formula.failing(formula.completed(point)) for formula in formulas}
    _print_hypotheses(formulas, point)
    screen.print(Text("\nFormulas that apply", "bold"))
    for formula in formulas:
        if not failing[formula.name]:
            screen.print(indented(f"{formula.name} = {_headline(formula, point)}", 2))
    reasons: dict[str, list[str]] = {}
    for name, reason in failing.items():
        reasons.setdefault(reason, []).append(name)
    reasons.pop("", None)
    if reasons:
        screen.print(Text("\nFormulas that do not apply", "bold"))
    for reason, names in reasons.items():
        screen.print(indented(f"{', '.join(names)}: {reason}", 2))


def _without_samples(given: dict[str, object]) -> dict[str, object]:
    for name in ("n", "gap"):
        if name in given:
            raise ValueError(f"{name} is that of the batch; leave --{name} out")
    return dict(Point.of(**given).given)


def _facts(point: Point) -> list[str]:
    assert point.input is not None
    features, samples = point.input.shape
    values = np.array(point.floats())
    rank = int(np.count_nonzero(values))
    condition = values.max() / values.min() if values.min() > 0 else float("inf")
    return [
        f"read as {counted(samples, 'sample')} × {counted(features, 'feature')}: "
        f"n = {samples}, d = {features}",
        f"rank of A = X Xᵀ: {rank} of {features}",
        f"isometry gap: {float(point.gap):.6g}",
        f"condition number of A: {condition:.6g}",
    ]


def _print_hypotheses(formulas: list[Formula], point: Point) -> None:
    """Print each hypothesis that can be tested once, with whether it holds."""
    screen, seen = console(), set()
    screen.print(Text("\nHypotheses", "bold"))
    for formula in formulas:
        for hypothesis in formula.hypotheses:
            if hypothesis.text in seen or not hypothesis.testable:
                continue
            seen.add(hypothesis.text)
            fails = hypothesis.fails(formula.completed(point))
            screen.print(indented(f"{'fails' if fails else 'holds'}: {plain(hypothesis.text)}", 2))


def _headline(formula: Formula, point: Point) -> str:
    """Return the value, and the numbers of the example that it is at."""
    complete = formula.completed(point)
    assumed = [name for name in complete.given if name not in point.given]
    at = ", ".join(f"{name} = {short(complete[name])}" for name in assumed)
    try:
        value = formula.at(complete)
    except (ValueError, ArithmeticError) as reason:
        return str(reason)
    sign = {"<=": "at most ", ">=": "at least "}.get(formula.side, "")
    shown = f"{sign}{value:.8g}" if isinstance(value, float) else "random: one for each draw"
    return f"{shown}, at {at}" if at else shown
