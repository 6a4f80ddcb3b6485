"""``weingarten sweep``: a formula or a statistic at every width, depth and batch."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derivations.cli import inputs
from derivations.cli.cells import cells
from derivations.cli.counts import Count
from derivations.cli.errors import FAILED, BadInput, bad_input
from derivations.cli.output import console, indented, progress
from derivations.cli.streams import echo
from derivations.cli.tables import with_form
from derivations.numeric.batch import Batch
from derivations.numeric.layers import ACTIVATIONS
from derivations.sweeps import STATISTICS, Sweep, SweepError
from derivations.sweeps import sweep as simulated
from derivations.sweeps.simulate import GIVEN
from derivations.sweeps.table import COLUMNS

__all__ = ["sweep"]

STATISTICS_HELP = "\b\nStatistics:\n" + "\n".join(
    f"  {name}: {one.meaning}" for name, one in STATISTICS.items()
)


LONGEST = 10_000  # columns of a line


class Broken(click.ClickException):
    """A sweep broke off; ends the command with status 1."""

    exit_code = FAILED


def _counts(_context: object, parameter: click.Parameter, text: str | None) -> list[int] | None:
    if text is None:
        return None
    counts = cells(text)
    if not counts:
        raise BadInput(f"--{parameter.name} {text!r} is empty; expected a list such as 10,20,50")
    for cell in counts:
        if not (cell.isascii() and cell.isdigit()):
            raise BadInput(
                f"--{parameter.name} {text!r}: {cell!r} is no count; expected a list such as "
                "10,20,50"
            )
    return [int(cell) for cell in counts]


@click.command(
    epilog=f"{STATISTICS_HELP}\n\n\b\nExamples:\n"
    "  weingarten sweep isometry-gap-step --width 10,20,50 --depth 0,10\n"
    "  weingarten sweep gap --width 10,20 --depth 10,100 --networks 50 --csv\n"
    "  weingarten sweep log-gradient-slope --width 20 --depth 100 --weights gaussian\n"
    "  weingarten sweep gap --width 100 --depth 1000 --store sweeps/gap --workers 4"
)
@click.argument("what", nargs=-1, required=True)
@click.option(
    "--width", metavar="LIST", callback=_counts, required=True, help="Rows of each layer."
)
@click.option("--depth", metavar="LIST", callback=_counts, help="Layers; of a formula, which one.")
@click.option(
    "--batch",
    "batches",
    multiple=True,
    metavar="FILE",
    help="Batch, samples × features: .npy, .npz, .csv, .tsv or .parquet; may be given more "
    "than once. [default: a Gaussian one at each width]",
)
@inputs.reading
@click.option("--networks", type=Count(min=2), help="Independent draws in each cell.")
@inputs.seed
@click.option("--weights", type=click.Choice(["orthogonal", "gaussian", "xavier"]))
@click.option("--norm", type=click.Choice(["rows", "batchnorm"]))
@click.option("--activation", type=click.Choice(list(ACTIVATIONS)))
@click.option("--gain", type=float, help="Before the activation.")
@inputs.with_some_numbers(GIVEN)
@with_form
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder that keeps each finished cell; the same command goes on from there.",
)
@click.option("--workers", type=Count(min=1), default=1, show_default=True, help="Processes.")
def sweep(
    what: tuple[str, ...],
    width: list[int],
    depth: list[int] | None,
    batches: tuple[str, ...],
    header: bool | None,
    index: bool | None,
    networks: int | None,
    seed: int,
    given: dict[str, object],
    form: str | None,
    store: Path | None,
    workers: int,
    **network: object,
) -> int:
    """Simulate WHAT, a formula or a statistic, at every width, depth and batch.

    A formula is checked in each cell, and the chance that any check fails falsely is shared among
    them; a statistic is a mean over independent networks. The same seed gives the same numbers,
    whatever --workers is.
    """
    options = {name: value for name, value in network.items() if value is not None}
    with bad_input(), progress() as task, _executor(workers) as pool:
        bar = task("cells", len(what) * len(width) * len(depth or [0]) * max(1, len(batches)))
        done = 0

        def advance(finished: int, _all: int) -> None:
            nonlocal done
            bar(finished - done)
            done = finished

        try:
            found = simulated(
                list(what),
                width,
                depth,
                _batches(batches, header, index),
                networks,
                seed,
                pool,
                store,
                given=given,
                network=options,
                progress=advance,
            )
        except SweepError as broken:
            raise Broken(_in_options(str(broken))) from broken
    for note in found.notes:
        echo(f"batch: {note}", err=True)
    return _shown(found, form)


def _batches(
    paths: tuple[str, ...], header: bool | None, index: bool | None
) -> dict[str, Batch] | None:
    """Read the batches, each once; what is said about how names the options."""
    if len(set(paths)) < len(paths):
        raise BadInput("--batch: a file comes twice; expected each once")
    return {p: inputs.BatchFile(Path(p), header, index).read() for p in paths} or None


def _in_options(message: str) -> str:
    return (
        message.replace("with store=… a sweep can go on", "with --store DIR a sweep can go on")
        .replace(", and are in .finished of this error", "")
        .replace("the same call with a new executor and this store", "the same command")
    )


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    if workers == 1:
        yield None
        return
    # A worker begins afresh: a fork would copy the threads' locks of this process.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _shown(found: Sweep, form: str | None) -> int:
    """Print the table and the verdict, which goes apart from a table for other programs."""
    status = 0 if found.verdict.agrees else FAILED
    if form is not None:
        echo(found.to_csv() if form == "csv" else found.to_json(), nl=False)
        for outcome in found.outcomes:
            if outcome.heavy:
                echo(f"{outcome.what} at {outcome.place}: {outcome.beside()}", err=True)
        echo(found.verdict.sentence(), err=True)
        return status
    screen = console()
    _print(COLUMNS, found.records())
    for outcome in found.outcomes:
        if outcome.heavy:
            screen.print(indented(f"{outcome.what} at {outcome.place}: {outcome.beside()}", 0))
    if len(found.predictions):
        screen.print()
        screen.print(Text("Predicted, not simulated", "bold"))
        names = found.predictions.dtype.names or ()
        rows = [dict(zip(names, row.tolist(), strict=True)) for row in found.predictions]
        _print(names, rows)
    screen.print()
    screen.print(indented(found.verdict.sentence(), 0))
    return status


def _print(columns: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    texts = ("what", "batch", "prediction", "kind")
    for name in columns:
        table.add_column(name, justify="left" if name in texts else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_cell(name, row[name])) for name in columns))
    # Rich would cut numbers where a line is longer than the terminal.
    Console(highlight=False, width=LONGEST).print(table)


def _cell(name: str, value: object) -> str:
    if value is None or value != value:
        return "-"
    if not isinstance(value, float):
        return str(value)
    return f"{value:+.2f}" if name == "z" else f"{value:.2g}" if "error" in name else f"{value:.7g}"
