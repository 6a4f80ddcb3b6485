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

#: Names of functions, which browsers would space like signs.
_NAME = re.compile(
    r"<m[io]>([A-Za-z]{2,})</m[io]>(<mrow><mo [^>]*>&#x00028;|<msup><mrow><mo [^>]*>&#x00028;)?"
)
#: Fences around letters, numbers and signs need not be stretched, which would space them apart.
_LOW = re.compile(
    r'<mo stretchy="true"( fence="true" form="prefix">[^<]*</mo>(?:<m[ion]>[^<]*</m[ion]>)*)'
    r'<mo stretchy="true"( fence="true" form="postfix">)'
)
#: What the converter leaves of a command that it does not know.
_UNKNOWN = re.compile(r"\\[A-Za-z]+|<mi>&</mi>")
#: Commands of which the converter knows the like only.
_LIKE = {
    r"\displaystyle": "",
    r"\limits": "",
    r"\mathbb{I}": "I",  # which few fonts have
    "{aligned}": "{align*}",
}


def mathml(source: str, node: nodes.Element, *, display: bool) -> str:
    """Return LaTeX as a MathML element; warn of commands that are not converted."""
    large = display or source.startswith(r"\displaystyle")
    for command, like in _LIKE.items():
        source = source.replace(command, like)
    source = source.strip()
    made = convert(source, display="block" if display else "inline")
    for command in sorted(set(_UNKNOWN.findall(made))):
        _log.warning("no MathML for %s in %r", command, source, location=node)
    made = _NAME.sub(_spaced, made)
    made = _LOW.sub(r'<mo stretchy="false"\1<mo stretchy="false"\2', made)
    attributes = f'title="{escape(source, quote=True)}" displaystyle="{str(large).lower()}" '
    return made.replace("<math ", f"<math {attributes}", 1)


def _spaced(name: re.Match[str]) -> str:
    word, argument = name.groups()
    after = "0" if argument else "0.17em"
    return f'<mo lspace="0.12em" rspace="{after}">{word}</mo>{argument or ""}'


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
