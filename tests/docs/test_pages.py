"""The documentation: what its pages show is what there is, and no hidden cell hides a name."""

import ast
import importlib
import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import derivations
import weingarten
from derivations import catalogue

pytest.importorskip("sphinx")
pytest.importorskip("latex2mathml")

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if not p.relative_to(DOCS).parts[0].startswith("_"))
HIDDEN = ("hide-input", "hide-cell", "remove-input", "remove-cell")


def extension(name):
    spec = spec_from_file_location(f"docs_{name}", DOCS / "_extensions" / f"{name}.py")
    module = sys.modules.setdefault(spec.name, module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


def cells(text):
    """Whether each cell of a page is hidden, and its code."""
    for body in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", text, re.DOTALL):
        lines = body.splitlines()
        tags = " ".join(line for line in lines if line.startswith(":tags:"))
        code = "\n".join(line for line in lines if not line.startswith((":", "%")))
        yield any(tag in tags for tag in HIDDEN), ast.parse(code)


def names(tree, kind):
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)}
    if kind is ast.Store:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
    return found


def hidden_names(text):
    """The names that visible cells use and hidden ones alone define."""
    shown, hidden, used = set(), set(), set()
    for is_hidden, tree in cells(text):
        if is_hidden:
            hidden |= names(tree, ast.Store) - shown
        else:
            used |= names(tree, ast.Load)
            shown |= names(tree, ast.Store)
    return (used & hidden) - shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_visible_code_uses_no_name_of_a_hidden_cell(page):
    assert hidden_names(page.read_text(encoding="utf-8")) == set()


def test_a_name_that_is_hidden_is_found():
    cell = "```{{code-cell}} python3\n{}```\n"
    text = cell.format(":tags: [hide-input]\nx = 1\n") + cell.format("y = x\n")
    assert hidden_names(text) == {"x"}
    assert hidden_names(cell.format("x = 2\n") + text) == set()


def test_every_result_of_the_paper_is_shown_with_its_number_in_order():
    results = extension("results")
    numbers = [number for number, _ in results.numbered()]
    papers = {name for name in catalogue if name.startswith("paper-")}
    assert {formula.name for _, formula in results.numbered()} == papers
    assert numbers[:6] == [
        "Theorem 1", "Lemma 2", "Theorem 3", "Corollary 4", "Theorem 5", "Lemma A.1",
    ]  # fmt: skip
    assert numbers.index("Lemma C.9") + 1 == numbers.index("Corollary C.10")
    page = results.table() + results.results()
    for number, formula in results.numbered():
        assert f"| {number} | " in page and f"## {number}: " in page
        assert page.count(f"(#{formula.name})") >= 2
        assert formula.verdict.because in page
        assert all(step.how() in page for step in formula.verdict.evidence)


def test_no_bar_of_a_formula_is_lost_in_a_table():
    from derivations.report.mathml import math

    rows = [row for row in extension("results").table().splitlines() if row.startswith("| ")]
    for row, (_, formula) in zip(rows[2:], extension("results").numbered(), strict=True):
        assert row.count("|") == 5
        shown = math(row.split("|")[2].strip().strip("$"))
        assert shown.count("‖") == formula.latex().count(r"\|")


MEASURED = """Measured on a day.

## Words

| case | here | best peer | memory here |
| --- | --: | --: | --: |
| short | 5 ms | 1 s | 10 MB |
| long | 0.5 s | 2 s | 20 MB |
| longer | 2 min | 1 s | 30 MB |
| refused | refused | 1 s |  |

## Import

| fresh process | median |
| --- | --: |
| x | 306 ms |
"""


def test_measured_rows_are_those_of_the_benchmark():
    text = extension("measured").longest(MEASURED, 0.1)
    assert text.startswith("Measured on a day.\n")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows == [
        "| Words | time | memory |",
        "| --- | --: | --: |",
        "| long | 0.5 s | 20 MB |",
        "| longer | 2 min | 30 MB |",
    ]


def test_the_benchmarks_own_file_has_rows_to_show():
    text = extension("measured").longest((DOCS / "_measured.md").read_text(encoding="utf-8"), 0.1)
    assert text.count("\n| ") > 10


def test_links_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"></p><a href="b.html#there">b</a><a href="#here">c</a>'
        '<a href="https://example.org/x">d</a><img src="gone.png">'
    )
    (tmp_path / "b.html").write_text('<p id="there"></p><a href="a.html#gone">a</a>')
    broken = extension("links").broken(tmp_path)
    assert broken == ["a.html: gone.png", "b.html: a.html#gone"]


@pytest.mark.parametrize(
    ("module", "page", "without"),
    [
        (weingarten, "reference.md", set()),
        (derivations, "derivations.md", set()),
        ("derivations.numeric", "derivations.md", set()),
        ("derivations.sweeps", "derivations.md", {"STATISTICS"}),
        ("derivations.report", "derivations.md", set()),
    ],
    ids=str,
)
def test_every_public_name_has_its_place_in_the_reference(module, page, without):
    if isinstance(module, str):
        module = importlib.import_module(module)
    documented = set(
        re.findall(r"(?:auto\w+|py:data):: [\w.]+\.(\w+)", (DOCS / page).read_text("utf-8"))
    )
    assert set(module.__all__) - without <= documented


def test_notebooks_to_download_hold_no_signs_of_the_pages(tmp_path):
    notebooks = extension("notebooks")
    for page in sorted((DOCS / "gallery").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"\A---.*?---|```\{code-cell\}.*?```", "", text, flags=re.DOTALL)
        shown = notebooks.cleaned(prose)
        assert "nb-download" in prose and "nb-download" not in shown
        assert "](../" not in shown and not re.search(r"\{[\w-]+\}`", shown)
        assert ".  " not in shown and "To download" not in shown
    offer = "Of [this](../a.md#b). To download: {nb-download}`b.ipynb`.\n"
    cell = {"cell_type": "markdown", "metadata": {}, "source": [offer, "c"]}
    path = tmp_path / "b.ipynb"
    whole = {"metadata": {"source_map": [1], "kernelspec": {"name": "python3"}}, "cells": [cell]}
    path.write_text(json.dumps(whole), encoding="utf-8")
    notebooks._clean(path)
    after = json.loads(path.read_text(encoding="utf-8"))
    assert after["metadata"] == {"kernelspec": {"name": "python3"}}
    assert after["cells"][0]["source"] == ["Of this.\n", "c"]


def test_a_colon_in_the_first_line_of_a_property_makes_no_type():
    whole = extension("properties").whole
    assert whole(["the steps.", "", ":type: What it is"]) == ["What it is: the steps.", ""][:1]
    assert whole(["One.", "", "More."]) == ["One.", "", "More."]
