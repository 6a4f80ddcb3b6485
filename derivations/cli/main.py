"""The command ``weingarten``: which commands there are, and what their endings mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from derivations.cli.errors import INTERRUPTED, extras

__all__ = ["cli", "run"]

COMMANDS = {
    "derive": "Derive a formula, or list all of them.",
    "evaluate": "Evaluate a formula at a width, a spectrum or a batch.",
    "check": "Check formulas: every step again, and the value against simulation.",
    "sweep": "Simulate a formula or a statistic at every width, depth and batch.",
    "inspect": "Say what a batch is, and which formulas apply to it.",
    "paper": "Print what is found of each result of the paper.",
    "report": "Write a report: formulas, values, simulation, figures.",
    "figures": "Draw the figures of the paper again, and what it lacks beside them.",
    "train": "Train deep networks on digits, shaped and not (needs PyTorch).",
    "wg": "Print a Weingarten function.",
}


class Commands(click.Group):
    """Commands that are imported when they are called: to list them takes no SymPy."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Name the commands, in the order in which they are listed."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import the command of this name, the function ``name`` of the module ``name``."""
        if name not in COMMANDS:
            return None
        with extras(name):
            module = import_module(f"derivations.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with what they do."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
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
