"""The supplement: every formula and step in it, equations within the margins, and it compiles."""

import re
import shutil
import subprocess

import pytest
from sympy import Eq, symbols

from derivations import catalogue
from derivations.cli import run

pytest.importorskip("jinja2")
from derivations.report.supplement import equation, supplement
from derivations.report.works import WORKS, cited

TEXT = supplement(list(catalogue.values()))


def test_every_formula_and_step_is_there_once():
    shown = {(step.claim, step.because) for f in catalogue.values() for step in f.steps}
    evidence = sum(len(f.verdict.evidence) for f in catalogue.values() if f.verdict)
    assert TEXT.count(r"\checked{") == len(shown) + evidence
    assert len(re.findall(r"\\label\{eq:[^}]+:\d+\}", TEXT)) == len(shown)
    assert re.findall(r"\\texttt\{([^}]+)\}", TEXT) == list(catalogue)
    labels = re.findall(r"\\label\{(eq:[^:}]+)\}", TEXT)
    assert labels == [f"eq:{name}" for name in catalogue]
    assert set(re.findall(r"\\eqref\{([^}]+)\}", TEXT)) <= set(
        re.findall(r"\\label\{([^}]+)\}", TEXT)
    )


def test_every_citation_has_its_reference():
    keys = set(re.findall(r"\\cite\{([^}]+)\}", TEXT))
    assert keys == set(re.findall(r"\\bibitem\{([^}]+)\}", TEXT)) == set(WORKS)


def test_no_work_is_named_without_a_number():
    for formula in catalogue.values():
        left = cited(formula.source)
        assert "arXiv" not in left and not re.search(r"\((19|20)\d\d\)", left)


def test_a_wide_sum_is_broken_and_nothing_is_lost():
    terms = symbols("alpha:40")
    broken = equation(Eq(symbols("y"), sum(terms), evaluate=False))
    assert broken.count(r"\\") >= 2
    assert all(f"alpha_{{{n}}}" in broken for n in range(40))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_it_compiles_without_an_overfull_box(tmp_path):
    assert run(["derive", "--all", "--latex", "--out", str(tmp_path / "all.tex")]) == 0
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=100)
    log = done.stdout.decode(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Overfull" not in log
    assert "undefined" not in log


def test_a_document_wants_all_of_its_options(capsys):
    for arguments in (["--all"], ["--all", "--latex"], ["row-norm-mean", "--out", "x"]):
        assert run(["derive", *arguments]) == 2
    assert "derive --all --latex --out FILE" in capsys.readouterr().err
