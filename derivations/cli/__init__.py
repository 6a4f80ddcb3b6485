"""The command line: one file a command."""

from derivations.cli.main import cli, run

__all__ = ["cli", "run"]
