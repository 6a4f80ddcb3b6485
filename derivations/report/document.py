"""The formulas of a report as a LaTeX document."""

from __future__ import annotations

import re

from derivations.formula import Formula, Step
from derivations.numeric.montecarlo import CrossCheck
from derivations.report.study import Study
from derivations.writing.writing import latex

__all__ = ["document"]

_HEAD = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage[margin=2.5cm]{geometry}
\usepackage{booktabs}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}
"""

_SPECIAL = re.compile(r"([#%&_{}])|(\\)|([~^])|(×)|(–)")
# What pdflatex knows without further packages; a file name may hold more.
_BEYOND = re.compile("[^\\x20-\\u017f–×]")


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
    s = result.settings
    setting = (
        f"Width $d = {s.width}$, depth {s.depth}, {s.samples} draws, seed {s.seed}. "
        f"Batch: {text(result.source)}."
    )
    notes = "".join(rf" \item {prose(note)}." + "\n" for note in result.notes)
    body = [
        _HEAD,
        r"\title{Exact formulas for batch-normalised layers\\ with orthogonal weights}",
        r"\author{}\date{}",
        r"\begin{document}",
        r"\maketitle",
        setting,
        rf"\begin{{itemize}}{notes}\end{{itemize}}" if notes else "",
        *(_section(formula, result.of(formula)) for formula in result.formulas),
        r"\vfill\footnotesize " + text(result.versions()) + ".",
        r"\end{document}",
    ]
    return "\n".join(body) + "\n"


def _section(formula: Formula, rows: list[CrossCheck]) -> str:
    hypotheses = "\n".join(rf"\item {prose(h.text)}" for h in formula.hypotheses)
    steps = "\n".join(_item(step) for step in formula.steps)
    return rf"""
\section*{{{text(formula.title)}}}
\[ {latex(formula.statement)} \]
\textbf{{Hypotheses.}}
\begin{{itemize}}\setlength{{\itemsep}}{{0pt}}
{hypotheses}
\end{{itemize}}
\textbf{{When $A$ is singular.}} {prose(formula.singular)}

\textbf{{Derivation.}}
\begin{{enumerate}}
{steps}
\end{{enumerate}}
\textbf{{Values.}}

{_table(rows)}

\textbf{{Source.}} {prose(formula.source)}.
"""


def _item(step: Step) -> str:
    return (
        rf"\item {prose(step.because)}:"
        rf"\[ {latex(step.claim)} \]"
        rf"{{\footnotesize Checked: {prose(step.how())}.}}"
    )


def _table(rows: list[CrossCheck]) -> str:
    lines = "\n".join(
        rf"{text(row.where or 'any input')} & ${_number(row.exact, 8)}$ & ${_number(row.mean, 8)}$"
        rf" & ${_number(row.standard_error, 2)}$ & ${row.z:+.2f}$ \\"
        for row in rows
    )
    return (
        r"\begin{tabular}{lrrrr}\toprule at & exact & simulated & standard error & $z$ \\ \midrule"
        f"\n{lines}\n" + r"\bottomrule\end{tabular}"
    )


def _number(value: float, digits: int) -> str:
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return mantissa + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")


def prose(sentence: str) -> str:
    r"""Return a sentence with LaTeX between dollar signs, its plain parts escaped.

    Examples
    --------
    >>> prose("width & $d_1$")
    'width \\& $d_1$'
    """
    pieces = sentence.split("$")
    return "".join(f"${p}$" if n % 2 else text(p) for n, p in enumerate(pieces))


def text(sentence: str) -> str:
    r"""Escape plain text for LaTeX.

    Examples
    --------
    >>> print(text("50 % of a_b"))
    50 \% of a\_b
    """

    def escaped(found: re.Match[str]) -> str:
        special, backslash, accent, times, _dash = found.groups()
        if special:
            return "\\" + special
        if backslash:
            return r"\textbackslash{}"
        if accent:
            return "\\" + accent + "{}"
        return r"$\times$" if times else "--"

    return _SPECIAL.sub(escaped, _BEYOND.sub("?", sentence))
