"""``weingarten figures``: the figures of the paper, and beside them what the paper lacks."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import click

from derivations.cli import inputs
from derivations.cli.errors import bad_input
from derivations.cli.output import progress, threads
from derivations.cli.streams import echo
from derivations.figures.paper import FIGURES, Work, figure, make, require_ours
from derivations.writing import plain

__all__ = ["figures"]


@click.command(
    epilog="\b\nExamples:\n  weingarten figures --quick\n"
    "  weingarten figures 1 E2 --out figures/mine --seed 1"
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("figures"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--quick", is_flag=True, help="Small sizes, a second or two each.")
@inputs.seed
def figures(names: tuple[str, ...], out: Path, quick: bool, seed: int) -> None:
    """Draw figures of the paper again: 1, 2, 3, 5, E1, E2, G5, G6 and table D1.

    Without NAME, all of them, which takes minutes. Each is written as PNG, SVG, its numbers as CSV,
    and a page with its caption, as soon as it is finished.
    """
    with bad_input():
        chosen = [figure(name) for name in dict.fromkeys(names)] or list(FIGURES.values())
        require_ours(out, chosen)
        with progress() as task, threads() as pool:
            for made in make(chosen, out, seed, quick, Work(pool, task)):
                echo(f"{made.files[0]}: {made.figure.title}")
                echo(fill(plain(made.caption), 80, initial_indent="  ", subsequent_indent="  "))
