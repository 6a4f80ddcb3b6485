"""How a command ends: exit statuses, and what the user gave that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from derivations.registry import UnknownFormulaError

__all__ = ["FAILED", "INTERRUPTED", "BadInput", "bad_input", "extras", "in_options"]

FAILED = 1
INTERRUPTED = 130


class BadInput(click.ClickException):
    """What the user gave cannot be used; ends the command with status 2."""

    exit_code = 2


OPTIONS = {
    "header=True": "--header",
    "header=False": "--no-header",
    "index=True": "--index",
    "index=False": "--no-index",
    "spectrum=[1, 2, 3]": "--spectrum 1,2,3",
    "batch=…": "--batch FILE",
}
"""What the library names as arguments, and the options that give them."""


def in_options(text: str) -> str:
    """Name options where the library names arguments.

    Examples
    --------
    >>> in_options("say header=True or header=False")
    'say --header or --no-header'
    """
    for argument, option in OPTIONS.items():
        text = text.replace(argument, option)
    return text


@contextmanager
def bad_input() -> Iterator[None]:
    """Turn what the library says about its arguments into one line and exit status 2."""
    try:
        yield
    except (ValueError, TypeError, UnknownFormulaError, OSError) as reason:
        if isinstance(reason, OSError) and reason.errno is not None and reason.filename is None:
            raise  # the output failed, not a file that was named
        raise BadInput(in_options(str(reason))) from reason


_EXTRAS = {
    "rich": "cli",
    "matplotlib": "report",
    "jinja2": "report",
    "markupsafe": "report",
    "latex2mathml": "report",
    "torch": "torch",
}
"""Which extra installs a package that a command may need."""


@contextmanager
def extras(command: str) -> Iterator[None]:
    """Say what to install where a command imports a package that is not there.

    Raises
    ------
    BadInput
        If it is one that an extra installs.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "").split(".")[0]
        if package not in _EXTRAS:
            raise
        extra = f'"weingarten[{_EXTRAS[package]}]"'
        raise BadInput(
            f"{command} needs {package}; install it with: pip install {extra}"
        ) from missing
