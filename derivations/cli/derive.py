"""``weingarten derive``: a formula and how it follows, or the list of all."""

from __future__ import annotations

from textwrap import fill

import click
from rich.text import Text

from derivations.cli.errors import FAILED
from derivations.cli.inputs import every, named
from derivations.cli.output import console, indented
from derivations.formula import Formula
from derivations.writing import plain, terminal

__all__ = ["derive"]


@click.command(
    epilog="\b\nExamples:\n  weingarten derive\n  weingarten derive row-norm-mean --latex"
)
@click.argument("name", required=False)
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
@click.option("--steps", is_flag=True, help="Print every step, and check it.")
def derive(name: str | None, as_latex: bool, steps: bool) -> int:
    """Derive the formula NAME, or list all formulas."""
    if name is None:
        _print_all(as_latex)
        return 0
    formula = named(name)
    if as_latex:
        click.echo(formula.latex(steps=steps))
        return 0
    click.echo(str(formula))
    return _print_steps(formula) if steps else 0


def _print_all(as_latex: bool) -> None:
    screen = console()
    for formula in every():
        screen.print(Text(f"{formula.name}  ", "bold").append(formula.title, "not bold"))
        screen.print(indented(formula.latex() if as_latex else formula.line(), 4))


def _print_steps(formula: Formula) -> int:
    status = 0
    for number, step in enumerate(formula.steps, start=1):
        holds = step.check()
        status = status if holds else FAILED
        verdict = "holds" if holds else "DOES NOT HOLD"
        click.echo("\n" + fill(f"{number}. {plain(step.because)}", 80) + "\n")
        click.echo("\n".join("     " + row for row in terminal(step.claim).splitlines()))
        click.echo("\n" + str(indented(f"{verdict} ({plain(step.how())})", 3)))
    return status
