"""The directive ``{paper}``: every numbered result of the paper, from the catalogue."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from derivations import catalogue
from derivations.formula import Formula
from derivations.writing import latex

#: What stands before the number in the source of a result.
_PAPER = "arXiv:2310.02012v1, "
_KINDS = ("Equation", "Theorem", "Lemma", "Corollary")


class Paper(SphinxDirective):
    """``{paper} table`` or ``{paper} results``: the verdicts, or each with what it rests on."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write it as MyST and parse it."""
        made = {"table": table, "results": results}[self.arguments[0]]()
        return self.parse_text_to_nodes(made, allow_section_headings=True)


def numbered() -> list[tuple[str, Formula]]:
    """Return the results of the paper with their numbers, in the order of the paper."""
    names = [name for name in catalogue if name.startswith("paper-")]  # no other is derived
    found = [(number(f), f) for f in map(catalogue.__getitem__, names) if f.verdict is not None]
    return sorted(found, key=lambda pair: _place(pair[0]))


def number(formula: Formula) -> str:
    """Return how the paper numbers a result, such as "Lemma A.1"."""
    said = formula.source.split(_PAPER)[1]
    short = re.split(r"[:,]", said)[0].strip()
    return short[:1].upper() + short[1:]


def _place(numbered: str) -> tuple[str, int, str]:
    """Return a key that sorts 1 to 5 before A.1, and equations at the end."""
    kind, _, place = numbered.partition(" ")
    letter, _, digits = place.rpartition(".")
    first = re.match(r"\d+", digits)
    assert kind.rstrip("s") in _KINDS and first, numbered
    return ("~" if kind.startswith("Equation") else letter, int(first[0]), numbered)


def table() -> str:
    """Return one line for each result."""
    rows = ["| result | statement | formula | verdict |", "| --- | --- | --- | --- |"]
    counts: dict[str, int] = {}
    for place, formula in numbered():
        assert formula.verdict is not None
        rows.append(
            f"| {place} | ${_cell(formula.latex())}$ | [`{formula.name}`](#{formula.name}) "
            f"| {word if (word := formula.verdict.word) == 'holds' else f'**{word}**'} |"
        )
        counts[formula.verdict.word] = counts.get(formula.verdict.word, 0) + 1
    found = ", ".join(f"{count} {word}" for word, count in counts.items())
    return "\n".join(rows) + f"\n\n{len(numbered())} results: {found}.\n"


def results() -> str:
    """Return a section for each result: statement, verdict, what is right and sharper, evidence."""
    return "\n\n".join(_result(place, formula) for place, formula in numbered())


def _result(place: str, formula: Formula) -> str:
    verdict = formula.verdict
    assert verdict is not None
    parts = [
        f"## {place}: {formula.title[:1].lower()}{formula.title[1:]}",
        f"[`{formula.name}`](#{formula.name})",
        f"$${formula.latex()}$$",
        f"**{verdict.word[:1].upper()}{verdict.word[1:]}.** {verdict.because}",
    ]
    if verdict.right is not None:
        parts.append(f"Right is\n\n$${latex(verdict.right)}$$")
    if verdict.sharper is not None:
        where = verdict.sharper.formula
        by = f" ([`{where}`](#{where}))" if where else ""
        parts.append(f"Sharper is{by}\n\n$${latex(verdict.sharper.statement)}$$")
    checked = f"{len(formula.steps)} step{'s' * (len(formula.steps) != 1)} of a derivation"
    if verdict.evidence:
        lines = "\n".join(f"- {_plain(step.because)}: {step.how()}." for step in verdict.evidence)
        parts.append(f"Evidence, beside {checked}{_met(formula)}:\n\n{lines}")
    else:
        parts.append(f"Evidence: {checked}, which `check()` verifies again{_met(formula)}.")
    return "\n\n".join(parts)


def _met(formula: Formula) -> str:
    return ", and simulated layers, by `crosscheck()`" if formula.simulated else ""


def _plain(because: str) -> str:
    return because[:1].upper() + because[1:].rstrip(".:")


def _cell(source: str) -> str:
    """Write LaTeX without the bars that would end a cell of a table."""
    return source.replace(r"\|", r"\Vert ").replace("|", r"\vert ")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("paper", Paper)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
