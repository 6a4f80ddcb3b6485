"""MathML of formulas and sentences: what a browser is given, and what is refused."""

import re
from xml.etree import ElementTree

import pytest
from sympy import Eq, Ge, Gt, Le, Lt, Ne

from derivations import catalogue
from derivations.notation import Mean, a, d, i, p
from derivations.writing import latex

pytest.importorskip("latex2mathml")
pytest.importorskip("markupsafe")
from derivations.report.mathml import UnknownLatexError, math, prose

FORMULAS = list(catalogue.values())
CLAIMS = [step.claim for formula in FORMULAS for step in formula.steps]
CLAIMS += [formula.statement for formula in FORMULAS]


OPERATORS = r"\\(log|det|max|min|lim|exp|sinh|sin|cosh|cos|tanh|tan|coth)(?![a-z])"


def inside(element):
    return re.sub(r'^<math display="inline"><mrow>|</mrow></math>$', "", element)


def letters(text):
    """The letters, digits and relations of LaTeX or MathML, in order of the alphabet."""
    return sorted(re.sub(r"[^A-Za-z0-9=<>+]", "", text))


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_every_claim_is_shown_whole(claim):
    element = ElementTree.fromstring(math(latex(claim), display=True))
    assert element.tag == "math"
    assert element.get("display") == "block"
    # Of LaTeX without its commands no letter, digit or sign is missing, and none is added.
    source = re.sub(OPERATORS, r"\1", latex(claim))
    source = re.sub(r"\\math(bb|cal)\{[EL]\}", "", source)  # signs of their own
    assert letters("".join(element.itertext())) == letters(re.sub(r"\\[A-Za-z]+", "", source))


@pytest.mark.parametrize(
    "sentence",
    [
        sentence
        for formula in FORMULAS
        for sentence in (
            *(hypothesis.text for hypothesis in formula.hypotheses),
            *(text for step in formula.steps for text in (step.because, step.how())),
            formula.source,
            formula.singular,
        )
    ],
)
def test_every_sentence_is_well_formed(sentence):
    ElementTree.fromstring(f"<p>{prose(sentence)}</p>")


@pytest.mark.parametrize(
    ("relation", "sign"),
    [(Eq, "="), (Ne, "≠"), (Ge, "≥"), (Le, "≤"), (Gt, ">"), (Lt, "<")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_relations_are_shown_as_what_they_are(relation, sign):
    element = ElementTree.fromstring(math(latex(relation(Mean(a[i]), p(1) / d))))
    signs = {mark.text for mark in element.iter("mo")} & set("=≠≥≤<>")
    assert signs == {sign}


@pytest.mark.parametrize(
    "source", [r"\unknown x", r"\left( x", "{x", "x}", "a & b", r"\frac{1}", "x_1_2", "x^"]
)
def test_what_would_lose_a_piece_is_refused(source):
    with pytest.raises(UnknownLatexError) as caught:
        math(source)
    assert repr(source) in str(caught.value)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\sum_k x", "<msub><mo>∑</mo><mi>k</mi></msub><mi>x</mi>"),
        ("a-b", "<mi>a</mi><mo>−</mo><mi>b</mi>"),
        ("-b", "<mo>−</mo><mi>b</mi>"),
        ("a=-b", '<mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mi>b</mi>'),
        (")-b", '<mo stretchy="false">)</mo><mo>−</mo><mi>b</mi>'),
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\sqrt{2}", "<msqrt><mrow><mn>2</mn></mrow></msqrt>"),
        (r"\log a", '<mi>log</mi><mspace width="0.17em" /><mi>a</mi>'),
        (r"2\det A", '<mn>2</mn><mspace width="0.17em" /><mi>det</mi><mspace width="0.17em" />'
         "<mi>A</mi>"),
        (r"\det(A)", '<mi>det</mi><mo stretchy="false">(</mo><mi>A</mi>'
         '<mo stretchy="false">)</mo>'),
        (r"\|h\|", '<mo lspace="0" rspace="0" fence="false" stretchy="false">‖</mo><mi>h</mi>'
         '<mo lspace="0" rspace="0" fence="false" stretchy="false">‖</mo>'),
    ],
)  # fmt: skip
def test_mathml(source, expected):
    assert inside(math(source)) == expected


def test_fences_stretch_around_what_is_tall_only():
    assert "stretchy='true'" not in math(r"\left(d + 2\right)").replace('"', "'")
    assert math(r"\left(\frac{d}{2}\right)").count('stretchy="true"') == 2


def test_prose_escapes_what_is_not_latex():
    assert prose("<b> & $x$") == (
        '&lt;b&gt; &amp; <math display="inline"><mrow><mi>x</mi></mrow></math>'
    )
