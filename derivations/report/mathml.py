r"""LaTeX as MathML, which browsers draw themselves: no script, no font, no network.

latex2mathml converts; here stands what it leaves to do. A command that it does not know it passes
on as text, which is refused, so that a formula is never shown with a piece missing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert
from markupsafe import Markup

from derivations.writing import pieces
from weingarten.caches import cached

__all__ = ["UnknownLatexError", "math", "prose"]

_THIN = "0.17em"
_FENCES = tuple("([{|‖")
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2} | {
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
_TALL = ("mfrac", "msqrt", "mroot", "munder", "mover", "munderover", "mtable")


class UnknownLatexError(ValueError):
    """LaTeX that cannot be shown as MathML."""


@cached(maxsize=1024)
def math(source: str, display: bool = False) -> Markup:
    r"""Convert LaTeX to a MathML element.

    Parameters
    ----------
    source : str
        LaTeX of one formula, without dollar signs.
    display : bool
        Whether the formula stands on a line of its own.

    Raises
    ------
    UnknownLatexError
        For LaTeX that would be shown with a piece missing.

    Examples
    --------
    >>> print(math(r"a \ge 2"))
    <math display="inline"><mrow><mi>a</mi><mo>≥</mo><mn>2</mn></mrow></math>
    """
    tree = _tree(source, "block" if display else "inline")
    for row in list(tree.iter("mrow")):
        _mark_signs(row)
        _lower_fences(row)
        row[:] = _spaced(list(row))
    return Markup(ElementTree.tostring(tree, encoding="unicode"))


def prose(sentence: str) -> Markup:
    """Convert a sentence with LaTeX between dollar signs to HTML.

    Examples
    --------
    >>> print(prose("width $d$ & more"))
    width <math display="inline"><mrow><mi>d</mi></mrow></math> &amp; more
    """
    return Markup("").join(math(p) if is_latex else p for p, is_latex in pieces(sentence))


def _tree(source: str, display: str) -> Element:
    bare = re.sub(r"\\[{}]", "", source)
    if bare.count("{") != bare.count("}"):
        raise UnknownLatexError(f"{source!r}: braces that do not match")
    try:
        # Integrals of the page carry their limits beside the sign, where they need less height.
        tree = ElementTree.fromstring(convert(source.replace(r"\limits", ""), "", display))
    except Exception as reason:  # the converter's exceptions share no class of their own
        raise UnknownLatexError(f"{source!r}: no MathML, {type(reason).__name__}") from reason
    for element in tree.iter():
        if len(element) != _PARTS.get(element.tag, len(element)):
            raise UnknownLatexError(f"{source!r}: a part of {element.tag} is missing")
        if "\\" in (element.text or ""):
            raise UnknownLatexError(f"{source!r}: no MathML for {element.text}")
    return tree


def _mark_signs(row: Element) -> None:
    """Tell the browser which signs stand close: bars that enclose, slashes, a sign of a number."""
    for sign in row.iterfind("mo"):
        if sign.text in ("|", "‖", "/"):
            sign.attrib = {"lspace": "0", "rspace": "0"} | sign.attrib
    for left, right in pairwise(row):
        if right.text in ("−", "±") and left.tag == "mo" and left.text not in tuple(")]}|‖"):
            right.set("form", "prefix")


def _lower_fences(row: Element) -> None:
    """Stretch no fence that has nothing tall to enclose: browsers set stretched ones apart."""
    if not any(part.tag in _TALL for part in row.iter()):
        for fence in row.iterfind("mo[@stretchy='true']"):
            fence.set("stretchy", "false")


def _spaced(row: list[Element]) -> list[Element]:
    """Space names of functions, such as log, as LaTeX does, not as signs between two numbers."""
    spaced = row[:1]
    for left, right in pairwise(row):
        if _is_name(left) and not _first_text(right).startswith(_FENCES):
            spaced.append(Element("mspace", width=_THIN))
        if _is_name(right) and left.tag not in ("mo", "mspace"):
            spaced.append(Element("mspace", width=_THIN))
        spaced.append(right)
    for element in filter(_is_name, row):
        element.tag, element.attrib = "mi", {}
    return spaced


def _is_name(element: Element) -> bool:
    text = element.text or ""
    return element.tag in ("mi", "mo") and len(text) > 1 and text.isalpha()


def _first_text(element: Element) -> str:
    return next((part.text for part in element.iter() if part.text), "")
