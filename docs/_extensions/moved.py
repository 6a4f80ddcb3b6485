"""The directive ``{interactive}``: a figure in which width and depth are moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_FILE = "_static/interactive.html"
_WIDTHS, _DEPTHS = (5, 10, 20, 50), (10, 20, 50, 100, 200)


class Interactive(SphinxDirective):
    """``{interactive}``: networks at several widths and depths, on a Gaussian batch."""

    def run(self) -> list[nodes.Node]:
        """Show the figure; it is made when the pages are written."""
        frame = (
            f'<iframe class="interactive" src="{_FILE}" loading="lazy" '
            'title="Gaps and gradients by width and depth"></iframe>\n'
            f'<p><a href="{_FILE}">The figure by itself</a></p>'
        )
        return [nodes.raw("", frame, format="html")]


def _make(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    from derivations.figures.interactive import interactive
    from derivations.numeric.batch import Batch
    from derivations.numeric.grid import grid_of

    values = np.random.default_rng(0).standard_normal((_WIDTHS[-1], _WIDTHS[-1]))
    made = interactive(grid_of(Batch(values, "a Gaussian batch"), _WIDTHS, _DEPTHS))
    file = Path(app.outdir) / _FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and make the figure after the pages."""
    app.add_directive("interactive", Interactive)
    app.connect("build-finished", _make, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
