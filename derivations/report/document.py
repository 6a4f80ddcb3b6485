"""The formulas of a report as a LaTeX document."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from sympy import Basic

from derivations.report.study import Study
from derivations.writing import latex, pieces

__all__ = ["Latex", "document", "prose", "templates", "text"]

_SPECIAL = {character: "\\" + character for character in "#%&_{}$"} | {
    "\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "–": "--", "—": "---",
    "…": r"\dots{}", "‘": "`", "’": "'", "“": "``", "”": "''", "−": "$-$", "×": r"$\times$",
    "·": r"$\cdot$", "\u00a0": "~", "\u202f": r"\,", "\n": " ", "\t": " ",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "∞": r"$\infty$",
}  # fmt: skip
_BEYOND = "ĦħĸĿŀŉŦŧſ"  # letters before U+0180 that the fonts of pdflatex lack


class Latex(str):
    """Text that is LaTeX already; any other text in the template is escaped."""


def document(result: Study) -> str:
    """Write the formulas, their derivations and their values as a LaTeX document.

    Parameters
    ----------
    result : Study
        What was computed.

    Returns
    -------
    str
        A complete document for pdflatex, with packages of every TeX distribution.
    """
    return templates().get_template("formulas.tex.j2").render(result=result)


def templates() -> Environment:
    """Return the environment of the LaTeX templates: what is no LaTeX is escaped."""
    environment = Environment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        loader=PackageLoader("derivations.report"),
        autoescape=False,  # which is for HTML; `finalize` does it for LaTeX
        finalize=lambda value: value if isinstance(value, Latex) else text(str(value)),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"latex": _latex, "number": _number, "prose": prose}
    return environment


def _latex(expr: Basic) -> Latex:
    return Latex(latex(expr))


def _number(value: float, digits: int) -> Latex:
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return Latex(mantissa + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else ""))


def prose(sentence: str) -> Latex:
    r"""Return a sentence with LaTeX between dollar signs, its plain parts escaped.

    Examples
    --------
    >>> print(prose("width & $d_1$"))
    width \& $d_1$
    """
    return Latex("".join(f"${p}$" if is_latex else text(p) for p, is_latex in pieces(sentence)))


def text(sentence: str) -> Latex:
    r"""Escape plain text for LaTeX; what pdflatex cannot write without further packages is "?".

    Examples
    --------
    >>> print(text("50 % of a_b"))
    50 \% of a\_b
    """
    return Latex("".join(_SPECIAL.get(c) or (c if _in_fonts(c) else "?") for c in sentence))


def _in_fonts(character: str) -> bool:
    return character.isprintable() and character < "\u0180" and character not in _BEYOND
