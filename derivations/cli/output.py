"""What several commands show: progress, the table of values, and its summary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from textwrap import fill
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from derivations.cli.errors import FAILED
from derivations.cli.streams import has_signs, in_letters
from derivations.formula import Formula, Step
from derivations.letters import letters_in
from derivations.numeric.family import Family
from derivations.numeric.montecarlo import BoundCheck, HeavyCheck, LayerCheck
from derivations.writing import line, plain
from derivations.writing.text import errors_off

__all__ = ["console", "indented", "print_broken", "print_rows", "progress", "summary", "threads"]

COLUMNS = {"": 12, "exact": 14, "simulated": 15, "std. error": 11, "z": 7, " ": 10}
"""Headings of the table, and the widths of their columns unless a number needs more."""
WIDEST = 120
SIGNS = 12  # columns for a letter, before what it means
READING = (
    "A formula, and beneath it its exact value, or the bound that it gives; the mean of simulated "
    "draws, with its standard error; and z, by how many standard errors the mean is off."
)
MOST_THREADS = 8  # each holds a chunk of draws


def console() -> Console:
    """Return a console that is never narrow: a terminal breaks lines, but rich cuts numbers."""
    return Console(highlight=False, width=max(Console().width, WIDEST))


def indented(text: str, by: int, first: str | None = None) -> Text:
    """Break a text into lines that begin after a margin; the first one, after what stands there."""
    margin = " " * by
    start = margin if first is None else first
    # Names of formulas have hyphens, and are to be found in one piece.
    return Text(
        fill(text, 80, initial_indent=start, subsequent_indent=margin, break_on_hyphens=False)
    )


def threads() -> ThreadPoolExecutor:
    """Return threads for the draws: NumPy's linear algebra lets others run meanwhile."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS))


@contextmanager
def progress() -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Show bars on a terminal; in a pipe or a file, nothing."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description:>12}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:

        def start(name: str, total: int) -> Callable[[int], None]:
            task = bars.add_task(name, total=total)
            return lambda done: bars.advance(task, done)

        yield start


def print_letters(screen: Console, formulas: Iterable[Formula]) -> None:
    """Say what the letters of formulas mean, those that occur."""
    letters = letters_in(formula.holding for formula in formulas)
    for letter in letters:
        sign = plain(f"${letter.written}$")
        sign = sign if has_signs() else in_letters(sign)
        screen.print(indented(plain(letter.meaning), 3 + SIGNS, f"  {sign:{SIGNS}} "))


def print_rows(screen: Console, formulas: Sequence[Formula], rows: Sequence[LayerCheck]) -> None:
    """Print the letters, and the table in 80 columns: a formula, and a line for each input."""
    by_name = {formula.name: formula for formula in formulas}
    print_letters(screen, [formula for formula in formulas if formula.simulated])
    screen.print()
    if rows:
        screen.print(indented(READING, 0))
        screen.print()
    screen.print(_table((), heading=True))
    for name, group in groupby(rows, key=lambda row: row.formula):
        screen.print(Text(name, "bold"))
        if in_place(by_name[name]):
            screen.print(indented(in_place(by_name[name]), 2))
        screen.print(indented(line(by_name[name].holding), 2))
        for row in group:
            screen.print(_table((row,)))
            if isinstance(row, BoundCheck):
                screen.print(indented(row.tightness(), 3))
            if isinstance(row, HeavyCheck):
                screen.print(indented(row.beside(), 3))
    print_unmet(screen, [(f, "no simulation") for f in formulas if not f.simulated])


_IN_PLACE = {
    "false": "The paper's statement is false; this holds in its place:",
    "misprint": "The paper's statement has a misprint; this holds in its place:",
    "holds with other constants": "With other constants than the paper's:",
}


def in_place(formula: Formula) -> str:
    """Say that what holds is not what the paper has; nothing where it is."""
    if formula.verdict is None or formula.holding == formula.statement:
        return ""
    return _IN_PLACE[formula.verdict.word]


def print_unmet(screen: Console, formulas: Iterable[tuple[Formula, str]]) -> None:
    """Name the formulas that are not met by simulation, each with the reason."""
    for formula, reason in formulas:
        screen.print(Text(formula.name, "bold"))
        screen.print(indented(plain(reason), 2))


def _table(rows: Sequence[LayerCheck], heading: bool = False) -> Table:
    table = Table(box=None, padding=(0, 0, 0, 1), show_header=heading, header_style="dim")
    table.add_column(width=1)
    for name, width in COLUMNS.items():
        justify: Literal["left", "right"] = "right" if name.strip() else "left"
        table.add_column(name, min_width=width, justify=justify)
    for row in rows:
        sign = {"<=": "≤ ", ">=": "≥ "}.get(getattr(row, "side", ""), "")
        numbers = (f"{sign}{row.value:.8g}", f"{row.mean:.8g}", *_errors(row))
        table.add_row("", Text(row.where or "any input"), *numbers, _word(row))
    return table


def _errors(row: LayerCheck) -> tuple[str, str]:
    if isinstance(row, HeavyCheck):
        return "none", "none"
    return f"{row.standard_error:.2g}", errors_off(row.z)


def _word(row: LayerCheck) -> Text:
    if isinstance(row, HeavyCheck):
        return Text(" unjudged", "yellow")
    words = (" holds", " VIOLATED") if isinstance(row, BoundCheck) else (" agrees", " DISAGREES")
    return Text(words[0], "green") if row.agrees else Text(words[1], "bold red")


def print_broken(screen: Console, broken: Sequence[tuple[Formula, Step]]) -> None:
    """Name the steps of derivations that do not hold."""
    for formula, step in broken:
        screen.print(Text(f"step does not hold in {formula.name}: {step.claim}", "red"))


def summary(screen: Console, family: Family, steps_hold: bool, samples: int, seed: int) -> int:
    """End with the one verdict on all checks, and return the exit status."""
    fewest = min((row.estimate.samples for row in family.rows), default=samples)
    fewer = f", down to {fewest} where a draw takes many layers" if fewest < samples else ""
    screen.print()
    screen.print(indented(f"Seed {seed}, {samples} draws{fewer}. {family.sentence()}", 0))
    if not steps_hold:
        screen.print(Text("Not every step of a derivation holds.", "bold red"))
    return 0 if family.agrees and steps_hold else FAILED
