"""How a command ends: exit statuses, and what the user gave that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from derivations.registry import UnknownFormulaError

__all__ = ["FAILED", "INTERRUPTED", "BadInput", "bad_input"]

FAILED = 1
INTERRUPTED = 130


class BadInput(click.ClickException):
    """What the user gave cannot be used; ends the command with status 2."""

    exit_code = 2


@contextmanager
def bad_input() -> Iterator[None]:
    """Turn what the library says about its arguments into one line and exit status 2."""
    try:
        yield
    except (ValueError, TypeError, UnknownFormulaError, OSError) as reason:
        raise BadInput(str(reason)) from reason
