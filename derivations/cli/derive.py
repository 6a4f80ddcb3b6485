"""``weingarten derive``: a formula and how it follows, or the list of all."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import click
from rich.text import Text

from derivations.cli.errors import FAILED, BadInput, bad_input
from derivations.cli.inputs import completed, every, named
from derivations.cli.output import console, in_place, indented
from derivations.cli.streams import echo, has_signs
from derivations.folders import require_file
from derivations.formula import Formula
from derivations.writing import line, plain, terminal

__all__ = ["derive"]


@click.command(
    epilog="\b\nExamples:\n  weingarten derive\n  weingarten derive row-norm-mean --latex\n"
    "  weingarten derive --all --latex --out supplement.tex"
)
@click.argument("name", required=False, shell_complete=completed)
@click.option("--all", "everything", is_flag=True, help="All formulas, as one document.")
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
@click.option("--steps", is_flag=True, help="Print every step, and check it.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write the document to.")
def derive(
    name: str | None, everything: bool, as_latex: bool, steps: bool, out: Path | None
) -> int:
    """Derive the formula NAME, or list all formulas."""
    if everything or out is not None:
        return _write_document(name, everything, as_latex, out)
    if name is None:
        _print_all(as_latex)
        return 0
    formula = named(name)
    if as_latex:
        echo(formula.latex(steps=steps))
        return 0
    echo(formula.text(flat=not has_signs()))
    return _print_steps(formula) if steps else 0


def _write_document(name: str | None, everything: bool, as_latex: bool, out: Path | None) -> int:
    """Write the supplement: LaTeX, with all formulas and their derivations."""
    if name is not None or not (everything and as_latex and out is not None):
        raise BadInput("a document has all formulas, as LaTeX: derive --all --latex --out FILE")
    from derivations.report.supplement import BEGINS, supplement

    with bad_input():
        require_file(out, BEGINS)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(supplement(every()), encoding="utf-8")
    echo(f"LaTeX: {out}")
    return 0


def _print_all(as_latex: bool) -> None:
    screen = console()
    for formula in every():
        screen.print(Text(f"{formula.name}  ", "bold").append(formula.title, "not bold"))
        screen.print(indented(formula.latex() if as_latex else formula.line(), 4))
        if in_place(formula) and not as_latex:
            screen.print(indented(in_place(formula), 4))
            screen.print(indented(line(formula.holding), 4))


def _print_steps(formula: Formula) -> int:
    status = 0
    for number, step in enumerate(formula.steps, start=1):
        holds = step.check()
        status = status if holds else FAILED
        verdict = "holds" if holds else "DOES NOT HOLD"
        echo("\n" + fill(f"{number}. {plain(step.because)}", 80) + "\n")
        claim = terminal(step.claim) if has_signs() else fill(line(step.claim), 75)
        echo("\n".join("     " + row for row in claim.splitlines()))
        echo("\n" + str(indented(f"{verdict} ({plain(step.how())})", 3)))
    return status
