"""Counts as they are written on a command line; reading one takes no engine."""

from __future__ import annotations

from typing import Any

import click

from derivations.cli.errors import BadInput

__all__ = ["Count"]


class Count(click.IntRange):
    """An integer in a range, refused in the same words as any other argument.

    Examples
    --------
    >>> Count(1, 100).convert("20", None, None)
    20
    >>> Count(1).convert("x", click.Option(["--width"]), None)
    Traceback (most recent call last):
        ...
    derivations.cli.errors.BadInput: --width 'x': expected an integer, at least 1
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a value."""
        try:
            count: int = super().convert(value, param, ctx)
        except click.BadParameter as reason:
            name = param.opts[0] if param is not None else self.name
            said = [f"at least {self.min}"] if self.min is not None else []
            said += [f"at most {self.max}"] if self.max is not None else []
            raise BadInput(
                f"{name} {str(value)!r}: expected an integer, {' and '.join(said)}"
            ) from reason
        return count
