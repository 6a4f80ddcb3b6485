"""The report: files, self-containedness, honesty about failure, reproducibility."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from sympy import Eq, Ge, Gt, Le, Lt, Ne

from derivations import catalogue
from derivations.cli.inputs import at_width
from derivations.formula import HypothesisError, Step
from derivations.letters import letters_in
from derivations.notation import Mean, a, d, i, p
from derivations.numeric.batch import Batch
from derivations.numeric.family import Family
from derivations.numeric.heavy import HeavyCheck
from derivations.numeric.tails import Tail
from derivations.registry import HEADLINES
from weingarten.simulation.results import Estimate

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")
pytest.importorskip("latex2mathml")
from derivations import report
from derivations.figures.interactive import available
from derivations.report import Settings, study, write
from derivations.report.document import document, text
from derivations.report.mathml import math
from derivations.report.page import page

FORMULAS = [catalogue[name] for name in (*HEADLINES, "paper-corollary-4", "paper-corollary-c10")]
# Checking every step of every derivation takes seconds; one study does.
FEW_STEPS = [
    replace(f, steps=tuple(step for step in f.steps if step.claim in f.claimed)) for f in FORMULAS
]
BATCH = Batch(np.random.default_rng(0).standard_normal((9, 7)), "50 % of my_data <&> ł")
SETTINGS = Settings(width=6, depth=5, networks=3, samples=400, seed=2)


@pytest.fixture(autouse=True)
def one_figure_to_move(monkeypatch):
    # It takes half a second, and one report, that of the module, has it.
    monkeypatch.setattr("derivations.report.folder.available", lambda: False)


@pytest.fixture(scope="module")
def result():
    return study(FORMULAS, BATCH, SETTINGS)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "deeper"
    write(result, folder)
    return folder


def test_everything_agrees(result):
    assert [row for row in result.rows if not row.agrees] == []
    assert result.agrees
    assert {row.where for row in result.rows} == {"", "first layer", "layer 5"}


def test_all_files_are_written(folder):
    figures = ("gradient-norm", "isometry-gap", "one-step-factor")
    names = [f"{figure}.{kind}" for figure in figures for kind in ("png", "svg")]
    names = sorted([*names, *(["interactive.html"] if available() else [])])
    assert sorted(path.name for path in (folder / "figures").iterdir()) == names
    assert (folder / "figures" / names[0]).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / "figures" / names[1]).read_text(encoding="utf-8")


def test_the_verdict_table_is_on_the_page_and_in_the_document(folder, result):
    html = (folder / "index.html").read_text(encoding="utf-8")
    table = html[html.index('<table class="verdicts"') :]
    table = table[: table.index("</table>")]
    judged = [formula for formula in FORMULAS if formula.verdict]
    names = re.findall("<tr[^>]*><td[^>]*><code>([^<]+)", table)
    assert names == [formula.name for formula in judged]
    factors = [row.factor for row in result.verdicts if row.factor is not None]
    assert len(factors) >= 3
    assert table.count("in the ") >= len(factors)
    assert "What is found of the paper" in (folder / "formulas.tex").read_text(encoding="utf-8")


def test_every_cell_of_a_check_says_on_a_phone_what_it_is(folder, result):
    # There the head of the table is not shown, and a row is a card.
    html = (folder / "index.html").read_text(encoding="utf-8")
    rows = re.findall('<tr role="row" class="check">(.*?)</tr>', html, re.DOTALL)
    assert len(rows) == len(result.rows)
    for row in rows:
        classes = re.findall('<td class="([a-z]+)"', row)
        assert (classes[:2], len(classes)) == (["margin", "where"], 7)
        labels = re.findall('<td class="number" role="cell" data-label="([^"]+)">', row)
        assert labels == ["exact", "simulated", "standard error", "z"]
        assert classes[-1] in ("agrees", "disagrees", "unjudged")


def test_no_column_is_hidden_at_any_width():
    style = (Path(report.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    hidden = set(re.findall(r"([^{}]*)\{[^{}]*display: none", style))
    assert {rule.strip() for rule in hidden} <= {"td.margin", "iframe, .by-itself"}


class _Page(HTMLParser):
    """Collects what a browser would load, the identifiers, and unclosed elements."""

    VOID = ("meta", "br", "img", "link", "path", "use", "rect", "mspace", "dc:type", "hr")

    def __init__(self):
        super().__init__()
        self.loads, self.ids, self.open, self.stray = [], [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object"):
            self.loads.append(tag)
        self.loads += [v for k, v in attrs if k in ("src", "srcset", "data") and v]
        reference = attributes.get("xlink:href") or (tag != "a" and attributes.get("href"))
        if reference and not reference.startswith("#"):
            self.loads.append(reference)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.stray.append(tag)


def test_page_loads_nothing(folder):
    html = (folder / "index.html").read_text(encoding="utf-8")
    parser = _Page()
    parser.feed(html)
    beside = ["iframe", "figures/interactive.html"] if available() else []
    assert parser.loads == beside
    assert all((folder / name).exists() for name in beside[1:])
    assert not re.search(r"@import|url\(\s*['\"]?https?:", html)


def test_page_is_well_formed_with_distinct_identifiers(folder):
    parser = _Page()
    parser.feed((folder / "index.html").read_text(encoding="utf-8"))
    assert (parser.stray, parser.open) == ([], [])
    assert len(parser.ids) == len(set(parser.ids))


def test_references_inside_the_drawings_resolve(folder):
    html = (folder / "index.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', html))
    assert targets
    assert targets <= set(re.findall(r'\bid="([^"]+)"', html))


def test_page_shows_every_formula_value_and_verdict(folder, result):
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f"<code>{formula.name}</code>" in html for formula in FORMULAS)
    assert html.count('class="agrees"') == len(result.rows)
    assert "50 % of my_data &lt;&amp;&gt;" in html
    assert html.count("<details>") == len(FORMULAS)


def test_page_shows_a_failed_check_and_a_broken_step(result):
    wrong_row = replace(result.rows[0], exact=99.0)
    slip = Step(Eq(a[i], p(1) / d), "a slip")
    bad = replace(
        result, family=Family.of((wrong_row, *result.rows[1:])), broken=((FORMULAS[4], slip),)
    )
    html = page(bad, {})
    assert not bad.agrees
    assert html.count('class="disagrees"') == 1
    assert "1 disagree" in html
    assert "1 of" in html and "do not hold" in html


@pytest.mark.parametrize(
    ("relation", "in_page", "in_document"),
    [
        (Eq, "=", "="),
        (Ne, "≠", r"\neq"),
        (Ge, "≥", r"\geq"),
        (Le, "≤", r"\leq"),
        (Gt, "&gt;", ">"),
        (Lt, "&lt;", "<"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_page_and_document_show_relations_as_what_they_are(result, relation, in_page, in_document):
    claim = relation(Mean(a[i]), p(1) / d)
    bound = replace(FORMULAS[4], statement=claim, steps=(Step(claim, "a bound", lambda: True),))
    shown = replace(result, formulas=(bound,), family=Family.of(result.of(bound)))
    # In the table, above the derivation, and in its step; every other formula is in a sentence.
    signs = []
    for formula in re.findall('<math display="block">.*?</math>', page(shown, {})):
        signs += re.findall("<mo>(=|≠|≥|≤|&gt;|&lt;)</mo>", formula)
    table = re.search('<div class="title">.*?</math>', page(shown, {}), re.DOTALL).group()
    assert signs == [in_page] * 2
    assert re.findall("<mo>(=|≠|≥|≤|&gt;|&lt;)</mo>", table) == [in_page]
    claims = re.findall(r"\\\[ (.*) \\\]", document(shown))
    assert claims == [rf"\mathbb{{E}}\left[a_{{i}}\right] {in_document} \frac{{p_{{1}}}}{{d}}"] * 2


def test_templates_escape_what_they_are_given(result):
    formula = replace(FORMULAS[4], title="<b> 50 % of a_b & c", singular="& <i>, $x < y_1$")
    shown = replace(result, formulas=(formula,), notes=("a note_1 <b> & more",))
    html, tex = page(shown, {}), document(shown)
    assert "<summary>&lt;b&gt; 50 % of a_b &amp; c <span" in html
    assert "a note_1 &lt;b&gt; &amp; more" in html
    assert "<b>" not in html.replace("<p><b>When", "") and "<i>" not in html
    assert r"\section*{\textless{}b\textgreater{} 50 \% of a\_b \& c}" in tex
    assert r"\item a note\_1 \textless{}b\textgreater{} \& more." in tex
    assert r"\& \textless{}i\textgreater{}, $x < y_1$" in tex


@pytest.mark.parametrize(
    ("value", "in_page", "in_document"),
    [
        (-1.25e-12, "−1.25·10<sup>−12</sup>", r"$-1.25 \cdot 10^{-12}$"),
        (3e20, "3·10<sup>20</sup>", r"$3 \cdot 10^{20}$"),
        (0.5, "0.5", "$0.5$"),
        (0.0, "0", "$0$"),
    ],
)
def test_numbers_are_written_out(result, value, in_page, in_document):
    shown = replace(result, family=Family.of([replace(result.rows[0], exact=value)]))
    cells = dict(re.findall('data-label="([^"]+)">(.*?)</td>', page(shown, {})))
    assert cells["exact"] == in_page
    assert in_document in document(shown)


def test_notes_on_how_the_batch_was_read_come_first():
    read = replace(BATCH, notes=("row 1 is taken for a header",))
    notes = study(FORMULAS[4:5], read, replace(SETTINGS, samples=20)).notes
    assert notes[0] == "row 1 is taken for a header"
    assert len(notes) == 3


def test_same_seed_gives_the_same_page(tmp_path):
    for again in ("first", "second"):
        write(study(FEW_STEPS[::3], BATCH, SETTINGS), tmp_path / again)
    for name in ("index.html", "formulas.tex", "figures/isometry-gap.svg"):
        first, second = ((tmp_path / again / name).read_bytes() for again in ("first", "second"))
        assert first == second


def test_another_seed_gives_other_numbers(result):
    other = study(FORMULAS[:1], BATCH, replace(SETTINGS, seed=3))
    assert other.rows[0].mean != result.rows[0].mean


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_document_compiles(folder, tmp_path):
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-output-directory"]
    run = subprocess.run(
        [*command, str(tmp_path), str(folder / "formulas.tex")],
        capture_output=True, text=True, errors="replace", check=False, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
    assert "Overfull" not in run.stdout


def test_document_has_statement_hypotheses_steps_source_and_values(folder, result):
    tex = (folder / "formulas.tex").read_text(encoding="utf-8")
    assert tex.count(r"\section*") == len(FORMULAS) + 1  # and the table of verdicts
    for formula in FORMULAS:
        assert formula.latex() in tex
    assert tex.count("Checked:") == sum(len(formula.steps) for formula in FORMULAS)
    assert tex.count("toprule") == len(FORMULAS) + 1
    assert tex.count(r"\textbf{Source.}") == tex.count(r"\textbf{Hypotheses.}") == len(FORMULAS)


def test_what_has_no_standard_error_has_none_on_page_and_document(result):
    few = Estimate(2.1, 0.3, samples=100, seed=0)
    heavy = HeavyCheck(2.0, few, Tail(1.5, known=True), None, formula=FORMULAS[0].name)
    shown = replace(result, formulas=tuple(FORMULAS[:1]), family=Family.of([heavy]))
    assert "& none & none" in document(shown) and "nan" not in document(shown)
    html = page(shown, {})
    assert html.count(">none</td>") == 2 and "tail index is 1.5" in html


def test_letters_are_explained_above_the_table(folder, result):
    html = (folder / "index.html").read_text(encoding="utf-8")
    above = html[: html.index('<table class="values"')]
    explained = re.findall("<div><dt>(<math.*?)</dt><dd>(.*?)</dd>", above, re.DOTALL)
    letters = letters_in(formula.holding for formula in result.formulas)
    assert [sign for sign, _ in explained] == [str(math(x.written)) for x in letters]
    assert len(letters) > 20 and "the isometry gap" in above


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("a_b", r"a\_b"),
        ("50%", r"50\%"),
        ("C:\\x", r"C:\textbackslash{}x"),
        ("~", r"\~{}"),
        ("数", "?"),
        ("Ŧ\x80", "??"),
        ("a ≥ b", r"a $\ge$ b"),
        ("a\tb\nc", "a b c"),
        ('"$1"', r"\textquotedbl{}\$1\textquotedbl{}"),
    ],
)
def test_text_is_escaped_for_latex(raw, escaped):
    assert text(raw) == escaped


@pytest.mark.parametrize("name", ["width", "depth", "networks", "samples", "seed"])
def test_settings_are_checked(name):
    with pytest.raises(ValueError, match=f"{name} = -1 is too small"):
        Settings(**{name: -1})


def test_singular_batch_is_refused_before_the_work():
    flat = Batch(np.ones((6, 6)), "ones")
    with pytest.raises(HypothesisError, match="isometry-gap-step"):
        study(FORMULAS, flat, SETTINGS)


def test_isotropic_batch_makes_a_report(tmp_path):
    # Every row norm is then the same in every draw: nothing may divide by zero on the way.
    result = study(FEW_STEPS, Batch(3 * np.eye(6), "isotropic"), SETTINGS)
    assert result.agrees
    index = write(result, tmp_path)
    assert "The input is isotropic" in index.read_text(encoding="utf-8")
    assert not (tmp_path / "figures" / "one-step-factor.png").exists()


@pytest.mark.parametrize("networks", [1, 2])
def test_smallest_report(tmp_path, networks):
    smallest = Settings(width=2, depth=1, networks=networks, samples=50)
    index = write(
        study(
            at_width(FEW_STEPS, 2)[0], Batch(np.array([[1.0, 2.0], [3.0, 5.0]]), "two"), smallest
        ),
        tmp_path,
    )
    words = re.sub(r"<svg.*?</svg>", "", index.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\b(nan|inf)\b", words)


def test_shown_shape_of_the_paper_bound_is_labelled_as_ours(folder):
    assert "is our choice" in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "formulas.tex", "figures"])
def test_files_of_others_are_not_replaced(result, tmp_path, name):
    if name == "figures":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match=f"holds {name}, which no report wrote"):
        write(result, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_earlier_report_is_replaced_and_the_rest_of_a_folder_is_not(result, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    first = write(result, tmp_path).read_text(encoding="utf-8")
    assert write(result, tmp_path).read_text(encoding="utf-8") == first
    assert (tmp_path / "thesis.tex").read_text() == "mine"
    names = {"thesis.tex", "index.html", "formulas.tex", "figures"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_report_that_cannot_be_finished_leaves_nothing(result, tmp_path, monkeypatch):
    def fails(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr("derivations.report.folder.page", fails)
    with pytest.raises(OSError, match="no space left"):
        write(result, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(result, tmp_path):
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(NotADirectoryError, match="file' is a file; expected a folder"):
            write(result, folder)
