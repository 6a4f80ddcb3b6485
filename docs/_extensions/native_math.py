"""Formulas as MathML, which browsers draw themselves: no script, no font, no network."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

_log = logging.getLogger(__name__)

#: Names of functions are operators to the converter, which spaces them apart.
_NAME = re.compile(r"<mo>([A-Za-z]{2,})</mo>")
#: What the converter leaves of a command that it does not know.
_UNKNOWN = re.compile(r"\\[A-Za-z]+")


def mathml(source: str, node: nodes.Element, *, display: bool) -> str:
    """Return LaTeX as a MathML element; warn of commands that are not converted."""
    source = source.replace(r"\displaystyle", "").replace(r"\limits", "").strip()
    made = convert(source, display="block" if display else "inline")
    for command in sorted(set(_UNKNOWN.findall(made))):
        _log.warning("no MathML for %s in %r", command, source, location=node)
    made = _NAME.sub(r"<mi>\1</mi>", made)
    return made.replace("<math ", f'<math title="{escape(source, quote=True)}" ', 1)


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
