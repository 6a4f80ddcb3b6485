"""A colon in the first line of a property: napoleon takes what stands before it for a type."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

_TYPE = ":type: "


def whole(lines: list[str]) -> list[str]:
    """Put what was taken for a type back in front of the sentence that it begins.

    Examples
    --------
    >>> whole(["zero where the value is exact.", "", ":type: A bound", ""])
    ['A bound: zero where the value is exact.', '']
    """
    for place, line in enumerate(lines):
        if line.startswith(_TYPE):
            first = f"{line.removeprefix(_TYPE)}: {lines[0]}"
            return [first, *lines[1 : place - 1], *lines[place + 1 :]]
    return lines


def _restore(
    _app: Sphinx, what: str, _name: str, _of: Any, _options: Any, lines: list[str]
) -> None:
    if what == "property":
        lines[:] = whole(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Do it after napoleon, which stands at 500."""
    app.connect("autodoc-process-docstring", _restore, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
