"""The directive ``{measured}``: rows of the benchmark's tables, never typed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0}


class Measured(SphinxDirective):
    """``{measured} 0.1``: what took so many seconds or more, with its time and memory."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the tables as MyST and parse them."""
        file = Path(self.env.srcdir) / "_measured.md"
        self.env.note_dependency(str(file))
        text = longest(file.read_text(encoding="utf-8"), float(self.arguments[0]))
        return self.parse_text_to_nodes(text)


def longest(measured: str, seconds: float) -> str:
    """Return the rows of all tables with a time and a memory of this engine.

    Only what takes so many seconds or more.
    """
    machine, *sections = measured.split("\n## ")
    parts = [machine.strip()]
    for section in sections:
        title, _, body = section.partition("\n")
        lines = [_cells(line) for line in body.splitlines() if line.startswith("|")]
        head = lines[0] if lines else []
        if not {"here", "memory here"} <= set(head):
            continue
        here, memory = head.index("here"), head.index("memory here")
        rows = [
            f"| {row[0]} | {row[here]} | {row[memory]} |"
            for row in lines[2:]
            if _duration(row[here]) >= seconds
        ]
        if rows:
            parts.append("\n".join([f"| {title} | time | memory |", "| --- | --: | --: |", *rows]))
    return "\n\n".join(parts)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _duration(written: str) -> float:
    """Read a time such as "5.4 ms"; what is none, such as a refusal, is not shown."""
    value, _, unit = written.partition(" ")
    return float(value) * _SECONDS[unit] if unit in _SECONDS else 0.0


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("measured", Measured)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
