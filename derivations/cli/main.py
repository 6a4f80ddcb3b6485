"""The command ``weingarten``: which commands there are, and what their endings mean."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

import click

from derivations.cli.errors import INTERRUPTED, BadInput, extras
from derivations.cli.streams import echo, failed_output, readable_everywhere, warned

__all__ = ["cli", "run"]

COMMANDS = {
    "expect": "Print the expectation of an expression in random matrices.",
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

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called, or say which ones are called nearly so."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS, n=2)
            hint = (
                f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(COMMANDS)}"
            )
            context.fail(f"no command is called {args[0]!r}; {hint}")
        return super().resolve_command(context, args)

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
        echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Returns
    -------
    int
        0 when all is well, 1 when a check fails, 2 for bad input or output, 130 after an interrupt.

    Examples
    --------
    >>> run(["wg", "orthogonal", "2,1", "--dim", "3"])
    -1/42
    0
    """
    readable_everywhere()
    try:
        with warned():
            status = cli.main(args=arguments, prog_name="weingarten", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as problem:
        echo(f"weingarten: {_usage(problem)}", err=True)
        return problem.exit_code
    except click.ClickException as problem:
        echo(f"weingarten: {problem.format_message()}", err=True)
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        echo("weingarten: interrupted", err=True)
        return INTERRUPTED
    except SystemExit:
        return 0  # so click leaves where the reader, such as `head`, has had enough
    except OSError as reason:
        said = failed_output(reason)
        if said is None:
            raise
        echo(f"weingarten: {said}", err=True)
        return BadInput.exit_code
    return status if isinstance(status, int) else 0


def _usage(problem: click.UsageError) -> str:
    """Say what is wrong with a call, and where to read how it is made."""
    said = " ".join(problem.format_message().split())
    command = problem.ctx.command_path if problem.ctx else "weingarten"
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} See {command} --help"
