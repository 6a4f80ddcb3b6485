"""Formulas as MathML, which browsers draw themselves: no script, no font, no network."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from derivations.report.mathml import UnknownLatexError, math

_log = logging.getLogger(__name__)

#: What SymPy's LaTeX and the pages hold beyond the report's, and what stands for it.
_LIKE = {
    r"\displaystyle": "",
    r"\mathbb{I}": "I",  # which few fonts have
    "{aligned}": "{align*}",
}


def mathml(source: str, node: nodes.Element, *, display: bool) -> str:
    """Return LaTeX as a MathML element; warn of what cannot be converted, and show it as it is."""
    large = display or source.startswith(r"\displaystyle")
    for command, like in _LIKE.items():
        source = source.replace(command, like)
    source = source.strip()
    try:
        made = str(math(source, display))  # plain text, of which nothing is escaped again
    except UnknownLatexError as reason:
        _log.warning("%s", reason, location=node)
        return f"<code>{escape(source)}</code>"
    attributes = f'title="{escape(source, quote=True)}" displaystyle="{str(large).lower()}" '
    return made.replace("<math ", f"<math {attributes}", 1)


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), node, display=False))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(mathml(node.astext(), node, display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer under the name ``native``."""
    app.add_html_math_renderer("native", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
