"""LaTeX, MathML and plain text of formulas."""

import xml.etree.ElementTree as ElementTree

import pytest
from sympy import digamma

from derivations import catalogue
from derivations.notation import (
    Covariance,
    Mean,
    Variance,
    W,
    X,
    X_next,
    a,
    d,
    i,
    j,
    k,
    lam,
    p,
    phi,
)
from derivations.report.mathml import UnknownLatexError, math, prose
from derivations.writing.writing import latex, line, plain, terminal

CLAIMS = [step.claim for formula in catalogue.values() for step in formula.steps]
SENTENCES = [
    sentence
    for formula in catalogue.values()
    for sentence in (
        *(h.text for h in formula.hypotheses),
        *(text for step in formula.steps for text in (step.because, step.how())),
        formula.source,
        formula.singular,
    )
]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (W[i, j] ** 2, "W_{i j}^{2}"),
        (Mean(a[i]), r"\mathbb{E}\left[a_{i}\right]"),
        (Variance(a[i]), r"\operatorname{Var}\left(a_{i}\right)"),
        (Covariance(a[i], a[j]), r"\operatorname{Cov}\left(a_{i},\, a_{j}\right)"),
        (d * p(2) - p(1) ** 2, "d p_{2} - p_{1}^{2}"),
        (-d, "- d"),
        (digamma(d / 2), r"\psi\left(\frac{d}{2}\right)"),
        (lam[k], r"\lambda_{k}"),
    ],
)
def test_latex_of_the_notation(expr, expected):
    assert latex(expr) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (W[i, j] ** 12, "Wᵢⱼ¹²"),
        (Mean(phi(X_next), X), "E[φ(Xₗ₊₁) | Xₗ]"),
        (Covariance(a[i], a[j]), "Cov(aᵢ, aⱼ)"),
        (p(1) / d**2, "p₁/d²"),
        (1 / lam[k], "1/λₖ"),
    ],
)
def test_line_of_the_notation(expr, expected):
    assert line(expr) == expected


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_every_claim_can_be_written_in_every_way(claim):
    element = ElementTree.fromstring(math(latex(claim), display=True))
    assert element.tag == "math"
    assert "=" in line(claim)
    assert "=" in terminal(claim)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_can_be_written_in_every_way(sentence):
    ElementTree.fromstring(f"<p>{prose(sentence)}</p>")
    assert not set("\\$") & set(plain(sentence))


def test_terminal_lines_of_every_statement_fit_eighty_columns():
    for formula in catalogue.values():
        assert max(map(len, str(formula).splitlines())) <= 80


@pytest.mark.parametrize("source", [r"\unknown x", r"\left( x", "{x", "@"])
def test_what_the_converter_does_not_know_it_refuses(source):
    with pytest.raises(UnknownLatexError):
        math(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\sum_k x", "<munder><mo largeop='true'>∑</mo><mi>k</mi></munder><mi>x</mi>"),
        ("a-b", "<mi>a</mi><mo>−</mo><mi>b</mi>"),
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\sqrt{2}", "<msqrt><mrow><mn>2</mn></mrow></msqrt>"),
    ],
)
def test_mathml(source, expected):
    assert math(source) == f"<math><mrow>{expected}</mrow></math>"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("$n = d$ & more", "n = d & more"),
        (r"$\det(A)^{1/d}$", "det(A)^(1/d)"),
        (r"$W_{i k}^2 \ge \sqrt{x}$", "W_ik² ≥ √x"),
        (r"$\mathbb{E}[\chi^{2 q}]$", "E[χ^(2 q)]"),
        (r"$45^{\circ}$", "45°"),
    ],
)
def test_plain(sentence, expected):
    assert plain(sentence) == expected
