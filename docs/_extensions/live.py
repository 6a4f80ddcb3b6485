"""Directives whose text is made at the build: what a command prints, formulas, figures."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from derivations import catalogue
from derivations.formula import KINDS, Formula
from derivations.parameters import known

_log = logging.getLogger(__name__)


class Command(SphinxDirective):
    """``{command} derive row-norm-mean``: the command line, and what it printed."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Run the command; one that fails is a warning."""
        line = " ".join(self.arguments[0].split())
        run = subprocess.run(
            [sys.executable, "-m", "derivations", *shlex.split(line)],
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        )
        if run.returncode:
            _log.warning(
                "weingarten %s: status %s: %s",
                line,
                run.returncode,
                run.stderr.strip(),
                location=self.get_location(),
            )
        printed = run.stdout.strip("\n")
        block = nodes.literal_block("", f"$ weingarten {line}\n{printed}")
        block["language"] = "text"
        return [block]


class Figures(SphinxDirective):
    """``{figures} 1 E2``: figures of the paper at quick sizes, with their captions."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Make the figures beside the pages, and show them."""
        from derivations.figures.paper import figure, make

        folder = Path(self.env.srcdir) / "_figures"
        text = []
        for made in make([figure(n) for n in self.arguments[0].split()], folder, quick=True):
            text.append(f"![{made.figure.title}](_figures/{made.files[0].name})")
            text.append(f"**{made.figure.name}: {made.figure.title}.** {made.caption}")
        return self.parse_text_to_nodes("\n\n".join(text))


class Formulas(SphinxDirective):
    """``{formulas}``: a section for each formula of the catalogue."""

    def run(self) -> list[nodes.Node]:
        """Write the formulas as MyST and parse it."""
        text = "\n\n".join(map(section, catalogue.values()))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def section(formula: Formula) -> str:
    """Return a formula as MyST."""
    hypotheses = "\n".join(f"- {h.text}" for h in formula.hypotheses)
    steps = "\n".join(
        f"1. {_sentence(step.because)}\n\n   $${step_latex}$$\n\n   Checked: {step.how()}.\n"
        for step, step_latex in zip(formula.steps, map(_latex_of, formula.steps), strict=True)
    )
    return f"""({formula.name})=
## {formula.title}

`catalogue["{formula.name}"]`

$${formula.latex()}$$

**Kind.** {formula.kind}, {KINDS[formula.kind]}. Takes {known(formula.takes)}.
{_verdict(formula)}
**Hypotheses**

{hypotheses}

**When $A$ is singular.** {formula.singular}

**Derivation**

{steps}

**Source.** {formula.source}.
"""


def _verdict(formula: Formula) -> str:
    """Return what is found of a result of the paper, with what is right and what is sharper."""
    from derivations.writing import latex

    verdict = formula.verdict
    if verdict is None:
        return ""
    parts = [f"\n**Verdict: {verdict.word}.** {verdict.because}\n"]
    if verdict.right is not None:
        parts.append(f"Right is\n\n$${latex(verdict.right)}$$\n")
    if verdict.sharper is not None:
        parts.append(f"Sharper is\n\n$${latex(verdict.sharper.statement)}$$\n")
    return "\n".join(parts)


def _latex_of(step: Any) -> str:
    from derivations.writing import latex

    return latex(step.claim)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(":")
    return text[:1].upper() + text[1:] + ":"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("command", Command)
    app.add_directive("figures", Figures)
    app.add_directive("formulas", Formulas)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
