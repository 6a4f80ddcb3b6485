"""The command line: derive, evaluate, check, report, and Weingarten functions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from derivations.registry import UnknownFormulaError, catalogue

if TYPE_CHECKING:
    from derivations.formula import Formula
    from derivations.numeric.batch import Batch
    from derivations.numeric.montecarlo import CrossCheck, LayerInput

__all__ = ["cli", "run"]

INTERRUPTED = 130
FAILED = 1
BAD_INPUT = 2
MOST_THREADS = 8  # each holds a chunk of draws


class BadInput(click.ClickException):
    """What the user gave cannot be used; ends the command with status 2."""

    exit_code = BAD_INPUT


@contextmanager
def bad_input() -> Iterator[None]:
    """Turn what the library says about its arguments into one line and exit status 2."""
    try:
        yield
    except (ValueError, TypeError, UnknownFormulaError, OSError) as reason:
        raise BadInput(str(reason)) from reason


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Returns
    -------
    int
        0 when all is well, 1 when a check fails, 2 for bad input, 130 after an interrupt.

    Examples
    --------
    >>> run(["wg", "orthogonal", "2,1", "--dim", "3"])
    -1/42
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks λ still gets the rest
    try:
        status = cli.main(args=arguments, prog_name="weingarten", standalone_mode=False)
    except click.ClickException as problem:
        click.echo(f"weingarten: {problem.format_message()}", err=True)
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("weingarten: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has had enough; nothing is left to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  weingarten derive row-norm-variance --steps",
)
@click.version_option(package_name="weingarten", prog_name="weingarten")
@click.pass_context
def cli(context: click.Context) -> None:
    """Exact averages over random matrices, and the formulas of deep networks that follow."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_width = click.option("--width", type=click.IntRange(min=1), help="Rows of each layer.")
_seed = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all draws."
)
_batch = click.option(
    "--batch",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Batch, samples × features: .npy, .npz or .csv.",
)
_spectrum = click.option(
    "--spectrum", metavar="LIST", help="Eigenvalues of X Xᵀ, such as 1,2,7/2 (exact) or 0.5,2."
)


@cli.command(epilog="\b\nExamples:\n  weingarten derive\n  weingarten derive row-norm-mean --latex")
@click.argument("name", required=False)
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
@click.option("--steps", is_flag=True, help="Print every step, and check it.")
def derive(name: str | None, as_latex: bool, steps: bool) -> int:
    """Derive the formula NAME, or list all formulas."""
    console = Console(highlight=False)
    if name is None:
        for formula in catalogue.values():
            console.print(Text(f"{formula.name}  ", "bold").append(formula.title, "not bold"))
            console.print(_indented(formula.latex() if as_latex else formula.line(), 4))
        return 0
    formula = _formula(name)
    if as_latex:
        click.echo(formula.latex(steps=steps))
        return 0
    click.echo(str(formula))
    return _print_steps(formula) if steps else 0


def _indented(text: str, by: int) -> Text:
    margin = " " * by
    return Text(fill(text, 80, initial_indent=margin, subsequent_indent=margin))


def _print_steps(formula: Formula) -> int:
    from derivations.writing.writing import plain, terminal

    status = 0
    for number, step in enumerate(formula.steps, start=1):
        holds = step.check()
        status = status if holds else FAILED
        verdict = "holds" if holds else "DOES NOT HOLD"
        click.echo("\n" + fill(f"{number}. {plain(step.because)}", 80) + "\n")
        click.echo("\n".join("     " + row for row in terminal(step.claim).splitlines()))
        click.echo("\n" + str(_indented(f"{verdict} ({plain(step.how())})", 3)))
    return status


@cli.command(
    epilog="\b\nExamples:\n"
    "  weingarten evaluate row-norm-variance --spectrum 1,2,3\n"
    "  weingarten evaluate entry-disjoint --width 50\n"
    "  weingarten evaluate isometry-gap-step --width 100 --batch batch.npy"
)
@click.argument("name")
@_width
@_batch
@_spectrum
@_seed
def evaluate(
    name: str, width: int | None, batch: Path | None, spectrum: str | None, seed: int
) -> None:
    """Evaluate the formula NAME at a width, and where it needs one at a spectrum or a batch."""
    from derivations.point import Point

    formula = _formula(name)
    if batch and spectrum:
        raise BadInput("--batch and --spectrum both give the spectrum; expected one of them")
    with bad_input():
        if batch:
            point = _input_from(batch, width, seed).point
        else:
            point = Point.of(width, _numbers(spectrum) if spectrum else None)
        value = formula.at(point)
    click.echo(value)
    if not isinstance(value, float) and not (value.is_Rational or value.free_symbols):
        click.echo(f"≈ {formula.at(replace(point, exact=False))}")
    error = formula.error(point)
    if error:
        click.echo(f"numerical error at most {error:.1g}", err=True)


def _numbers(text: str) -> list[Fraction | float]:
    cells = text.strip("()[] ").replace(",", " ").split()
    return [_number(cell, text) for cell in cells]


def _number(cell: str, text: str) -> Fraction | float:
    try:
        return Fraction(cell) if cell.replace("/", "").isdigit() else float(cell)
    except (ValueError, ZeroDivisionError) as reason:
        raise ValueError(
            f"spectrum {text!r}: {cell!r} is not a number; expected a list such as 1,2,7/2"
        ) from reason


@cli.command(
    epilog="\b\nExamples:\n  weingarten check --all\n"
    "  weingarten check row-norm-mean row-norm-variance --width 30 --samples 50000\n"
    "  weingarten check --all --batch batch.csv"
)
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Check every formula.")
@_seed
@click.option("--samples", type=click.IntRange(min=2), default=20_000, show_default=True)
@_width
@_batch
def check(
    names: tuple[str, ...],
    everything: bool,
    seed: int,
    samples: int,
    width: int | None,
    batch: Path | None,
) -> int:
    """Check formulas: every step of the derivation again, and the value against simulation.

    Without --batch, at the spectrum 1, 2, …, width; the width is 12 unless given.
    """
    from derivations.numeric.montecarlo import crosscheck, input_with_spectrum
    from derivations.point import Point

    if not names and not everything:
        raise BadInput("nothing to check; give names of formulas, or --all")
    formulas = [_formula(name) for name in (catalogue if everything else dict.fromkeys(names))]
    with bad_input():
        if batch:
            start = _input_from(batch, width, seed, formulas)
        else:
            start = input_with_spectrum(Point.of(None, range(1, (width or 12) + 1)))
        for formula in formulas:
            formula.at(start.point)
    with _progress() as task, _threads() as threads:
        rows = crosscheck(
            formulas, [start], samples, seed, executor=threads, progress=task("draws", samples)
        )
        done = task("derivations", len(formulas))
        broken = []
        for formula in formulas:
            broken += [f"{formula.name}: {step.claim}" for step in formula.check()]
            done(1)
    console = Console(highlight=False)
    _print_rows(console, formulas, rows)
    for line in broken:
        console.print(Text(f"step does not hold in {line}", "red"))
    return _summary(console, all(row.agrees for row in rows) and not broken, samples, seed)


@cli.command(
    epilog="\b\nExamples:\n  weingarten report\n"
    "  weingarten report --width 30 --depth 200 --batch batch.npy --out report/mine"
)
@click.option("--width", type=click.IntRange(min=2), default=50, show_default=True)
@click.option("--depth", type=click.IntRange(min=1), default=100, show_default=True)
@_batch
@click.option("--networks", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--samples", type=click.IntRange(min=2), default=20_000, show_default=True)
@_seed
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder to write to.",
)
def report(
    width: int, depth: int, batch: Path | None, networks: int, samples: int, seed: int, out: Path
) -> int:
    """Write a report: formulas, values, simulation, figures.

    Without --batch, on scikit-learn's handwritten digits. Writes index.html, formulas.tex and
    figures/ to the folder --out.
    """
    try:
        from derivations.report.study import Settings, study, write
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "matplotlib":
            raise
        raise BadInput(
            'figures need matplotlib; install it with: pip install "weingarten[figures]"'
        ) from missing
    formulas = list(catalogue.values())
    with bad_input():
        out.mkdir(parents=True, exist_ok=True)
        _require_writable(out)
        source = _read(batch)
        # A batch that the theory does not cover is found out before the long work, not after.
        start = _carried(source, width, seed, formulas)
        for formula in formulas:
            formula.at(start.point)
    settings = Settings(width, depth, networks, samples, seed)
    with _progress() as task, _threads() as threads:
        result = study(formulas, source, settings, task, threads)
    with bad_input():
        index = write(result, out)
    console = Console(highlight=False)
    _print_rows(console, formulas, result.rows)
    for formula, step in result.broken:
        console.print(Text(f"step does not hold in {formula.name}: {step.claim}", "red"))
    status = _summary(console, result.agrees, samples, seed)
    click.echo(f"\nReport: {index}\nLaTeX:  {out / 'formulas.tex'}\nFigures: {out / 'figures'}")
    return status


def _require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"folder {str(folder)!r} cannot be written")


@cli.command(
    epilog="\b\nExamples:\n  weingarten wg unitary 2,1\n  weingarten wg orthogonal 3 --dim 5"
)
@click.argument("group", type=click.Choice(["unitary", "orthogonal", "symplectic"]))
@click.argument("partition")
@click.option(
    "--dim",
    type=int,
    metavar="N",
    help="Dimension (for Sp, half the size); without it, the symbol d.",
)
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
def wg(group: str, partition: str, dim: int | None, as_latex: bool) -> None:
    """Print the Weingarten function of a PARTITION such as 2,1.

    The partition is a cycle type for the unitary group, a coset type for the others.
    """
    from derivations.notation import d
    from derivations.writing.writing import latex
    from weingarten import weingarten_orthogonal, weingarten_symplectic, weingarten_unitary

    function = {
        "unitary": weingarten_unitary,
        "orthogonal": weingarten_orthogonal,
        "symplectic": weingarten_symplectic,
    }[group]
    with bad_input():
        value = function(_partition(partition), d if dim is None else dim)
    click.echo(latex(value) if as_latex else value)


def _partition(text: str) -> tuple[int, ...]:
    cells = text.strip("()[] ").replace(",", " ").split()
    if not cells:
        raise ValueError(f"partition {text!r} has no parts; expected parts such as 3,1")
    try:
        parts = tuple(int(cell) for cell in cells)
    except ValueError as reason:
        raise ValueError(
            f"partition {text!r} has a part that is no integer; expected parts such as 3,1"
        ) from reason
    if min(parts) < 1:
        raise ValueError(f"partition {text!r} has the part {min(parts)}; expected positive parts")
    return parts


def _formula(name: str) -> Formula:
    with bad_input():
        return catalogue[name]


def _read(path: Path | None) -> Batch:
    from derivations.numeric.batch import digits, read_batch

    return digits() if path is None else read_batch(path)


def _input_from(
    path: Path, width: int | None, seed: int, formulas: Sequence[Formula] = ()
) -> LayerInput:
    batch = _read(path)
    return _carried(batch, width or batch.default_width, seed, formulas)


def _carried(batch: Batch, width: int, seed: int, formulas: Sequence[Formula] = ()) -> LayerInput:
    """Carry a batch to the width, say what was done, and refuse where a formula does not hold."""
    from derivations.formula import HypothesisError
    from derivations.numeric.batch import carry
    from derivations.writing.writing import plain

    carried = carry(batch, width, seed)
    failing = [formula for formula in formulas if formula.failing(carried.start.point)]
    if failing:
        holding = [f.name for f in catalogue.values() if not f.failing(carried.start.point)]
        raise HypothesisError(
            f"{', '.join(f.name for f in failing)} needs n = d linearly independent samples: "
            f"{plain(carried.notes[-1])}. Still exact there: {', '.join(holding)}"
        )
    for note in carried.notes:
        click.echo(f"batch: {plain(note)}", err=True)
    return carried.start


def _threads() -> ThreadPoolExecutor:
    """Return threads for the draws: NumPy's linear algebra lets others run meanwhile."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS))


@contextmanager
def _progress() -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Show bars on a terminal; in a pipe or a file, nothing."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>12}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:

        def start(name: str, total: int) -> Callable[[int], None]:
            task = bars.add_task(name, total=total)
            return lambda done: bars.advance(task, done)

        yield start


def _print_rows(console: Console, formulas: Sequence[Formula], rows: Sequence[CrossCheck]) -> None:
    """Print the table in 80 columns: a formula, and below it a line for each input."""
    by_name = {formula.name: formula for formula in formulas}
    console.print()
    console.print(Text(f"  {'':13}{'exact':>15}{'simulated':>16}{'std. error':>12}{'z':>8}", "dim"))
    for name, group in groupby(rows, key=lambda row: row.formula):
        console.print(Text(name, "bold"))
        console.print(_indented(by_name[name].line(), 2))
        for row in group:
            console.print(_row(row), soft_wrap=True)


def _row(row: CrossCheck) -> Text:
    text = Text(f"  {row.where or 'any input':13}{row.exact:>15.8g}{row.mean:>16.8g}")
    text.append(f"{row.standard_error:>12.2g}{row.z:>+8.2f}  ")
    return text.append(
        "agrees" if row.agrees else "DISAGREES", "green" if row.agrees else "bold red"
    )


def _summary(console: Console, agrees: bool, samples: int, seed: int) -> int:
    from derivations.numeric.montecarlo import FALSE_ALARM, Z_LIMIT

    console.print()
    console.print(
        f"{samples} draws, seed {seed}; agrees means |z| ≤ {Z_LIMIT:g}, "
        f"false-alarm rate {FALSE_ALARM:.1e} per check."
    )
    if not agrees:
        console.print(Text("Not everything agrees.", "bold red"))
    return 0 if agrees else FAILED
