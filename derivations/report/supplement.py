"""All formulas as one LaTeX document, that reads like a paper's supplement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr
from sympy.core.relational import Relational

from derivations.formula import KINDS, Formula
from derivations.report.document import Latex, prose, templates
from derivations.report.works import cited, referred
from derivations.steps import Step
from derivations.writing import latex

__all__ = ["BEGINS", "equation", "supplement"]

BEGINS = "% Written by weingarten derive"
"""The first line of a document, by which it is known."""

WIDE = 68
"""Signs of an equation beyond which it is broken: about as many fit between the margins."""
WIDEST = 72
"""Signs beyond which what cannot be broken is made smaller."""


def supplement(formulas: Sequence[Formula]) -> str:
    """Write all formulas and derivations as a LaTeX document.

    Parameters
    ----------
    formulas : sequence of Formula

    Returns
    -------
    str
        A complete document for pdflatex: numbered equations, each formula a section, a table of
        verdicts, and references. Steps that several formulas share are shown once.
    """
    labels: dict[tuple[Relational, str], str] = {}
    environment = templates()
    environment.filters |= {
        "equation": equation,
        "cited": cited,
        "result": _result,
        "sentence": lambda text: prose(text[:1].upper() + text[1:].rstrip(".:")),
    }
    return environment.get_template("supplement.tex.j2").render(
        derived=[(formula, _items(formula, labels)) for formula in formulas],
        judged=[formula for formula in formulas if formula.verdict],
        sources=referred([formula.source for formula in formulas]),
        kinds=KINDS,
    )


@dataclass(frozen=True)
class _Item:
    """A step with the label of its equation, or the labels of steps that were shown before."""

    step: Step
    label: str
    last: str = ""
    again: bool = False


def _items(formula: Formula, labels: dict[tuple[Relational, str], str]) -> list[_Item]:
    """Return the steps of a formula; a run of steps that stands elsewhere is one item."""
    items: list[_Item] = []
    for number, step in enumerate(formula.steps, 1):
        key = (step.claim, step.because)
        known = labels.get(key, "")
        if known and items and items[-1].again and _follows(items[-1].last, known):
            items[-1] = replace(items[-1], last=known)
        elif known:
            items.append(_Item(step, known, known, again=True))
        else:
            labels[key] = f"eq:{formula.name}:{number}"
            items.append(_Item(step, labels[key]))
    return items


def _follows(first: str, second: str) -> bool:
    """Say whether a label is the next one of the same formula."""
    (one, m), (other, n) = (label.rsplit(":", 1) for label in (first, second))
    return one == other and int(n) == int(m) + 1


def _result(name: str) -> str:
    """Return what the paper calls a result.

    Examples
    --------
    >>> _result("paper-lemma-a1"), _result("paper-theorem-3"), _result("paper-norm-product")
    ('Lemma A.1', 'Theorem 3', '')
    """
    found = re.fullmatch(r"paper-(lemma|corollary|theorem)-([a-z]?)(\d+)", name)
    if not found:
        return ""
    kind, letter, number = found.groups()
    return f"{kind.capitalize()} {letter.upper() + '.' if letter else ''}{number}"


def equation(claim: Relational, label: str = "") -> Latex:
    r"""Return a claim as a numbered equation, broken at its signs where it is wide.

    Examples
    --------
    >>> from sympy import Eq
    >>> from derivations.notation import d
    >>> print(equation(Eq(d, 2, evaluate=False)))
    \begin{equation} d = 2 \end{equation}
    """
    mark = rf" \label{{{label}}}" if label else ""
    whole = latex(claim)
    if _width(whole) <= WIDE:
        return Latex(rf"\begin{{equation}}{mark} {whole} \end{{equation}}")
    left, right = (latex(side) for side in claim.args)
    sign = whole[len(left) :].strip().split(" ", 1)[0]
    lines = [f"& {sign} {line}" for line in _lines(claim.rhs, right)]
    first = rf"& {left} \\" if _width(left) > 12 or len(lines) > 1 else rf"{left} "
    if not first.startswith("&"):
        lines[0] = lines[0].removeprefix("& ")
        first = rf"& {left} "
    body = f"{first} " + r" \\ ".join(lines)
    return Latex(
        rf"\begin{{equation}}{mark} \begin{{aligned}} {body} \end{{aligned}} \end{{equation}}"
    )


def _lines(side: Expr, whole: str) -> list[str]:
    """Break a sum into lines that fit."""
    if _width(whole) > WIDEST and not isinstance(side, Add):
        return [rf"\resizebox{{0.8\linewidth}}{{!}}{{$\displaystyle {whole}$}}"]
    if _width(whole) <= WIDE or not isinstance(side, Add):
        return [whole]
    lines: list[str] = [""]
    for term in side.as_ordered_terms():
        negative = term.could_extract_minus_sign()
        written = latex(-term if negative else term)
        sign = "- " if negative else "+ " if any(lines) else ""
        if lines[-1] and _width(lines[-1]) + _width(written) > WIDE - 6:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{sign}{written}"
    return [lines[0], *(rf"\quad {line}" for line in lines[1:])]


def _width(source: str) -> int:
    r"""Estimate how many signs wide LaTeX is: of a fraction, the wider part.

    Examples
    --------
    >>> _width(r"\frac{a + b}{c}"), _width(r"\lambda_{k}")
    (3, 2)
    """
    innermost = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
    text = re.sub(r"[_^]\{([^{}]*)\}", r" \1", source)
    while innermost.search(text):
        text = innermost.sub(lambda found: max(found[1], found[2], key=_plain_width), text)
        text = re.sub(r"[_^]\{([^{}]*)\}", r" \1", text)
    return _plain_width(text)


def _plain_width(text: str) -> int:
    text = re.sub(r"\\(left|right|middle|operatorname|mathbb|limits)|\\[,;]", "", text)
    text = re.sub(r"\\[A-Za-z]+", "x", text)
    return len(re.sub(r"[\s{}_^\\]", "", text))
