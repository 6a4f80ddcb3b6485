"""The catalogue of formulas: lookup, laziness, and what every formula in it must satisfy."""

import subprocess
import sys

import pytest
from sympy import Eq, Integer

from derivations import catalogue
from derivations.formula import Formula, HypothesisError, Step
from derivations.notation import Mean, W, a, at_width, d, i, j, k, lam, p
from derivations.registry import Catalogue, UnknownFormulaError

NAMES = list(catalogue)


def test_lookup_derives_once():
    assert catalogue["row-norm-mean"] is catalogue["row-norm-mean"]


def test_unknown_name_suggests_close_ones():
    with pytest.raises(UnknownFormulaError, match=r"'row-norm-varience'.*row-norm-variance"):
        catalogue["row-norm-varience"]


def test_unknown_name_without_close_ones_lists_all():
    with pytest.raises(KeyError, match="known: only"):
        Catalogue({"only": "nowhere:none"})["zzzzzz"]


def test_membership_derives_nothing():
    shelf = Catalogue({"a": "no.such.module:f"})
    assert "a" in shelf
    assert "b" not in shelf
    assert len(shelf) == 1


def test_import_derives_nothing_and_loads_no_sympy():
    code = "import sys, derivations; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_step_holds(name):
    assert catalogue[name].check() == []


@pytest.mark.parametrize("name", NAMES)
def test_formula_is_complete(name):
    formula = catalogue[name]
    assert formula.name == name
    assert isinstance(formula.statement, Eq)
    assert formula.title and formula.source and formula.singular
    assert formula.hypotheses and formula.steps
    assert all(step.because and step.how() for step in formula.steps)


@pytest.mark.parametrize("name", NAMES)
def test_statement_is_the_claim_of_a_step(name):
    formula = catalogue[name]
    assert formula.statement in [step.claim for step in formula.steps]


@pytest.mark.parametrize("name", NAMES)
def test_latex_with_steps_has_statement_and_every_claim(name):
    formula = catalogue[name]
    assert formula.latex() in formula.latex(steps=True)
    assert formula.latex(steps=True).count(r"\item") == len(formula.steps)
    assert formula._repr_latex_() == f"$\\displaystyle {formula.latex()}$"


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        (Eq(Mean(W[i, j] ** 4), 3 / (d * (d + 2))), True),
        (Eq(Mean(W[i, j] ** 4), 3 / d**2), False),
        (Eq(Mean(a[i]), p(1) / d), True),
        (Eq(Mean(a[i]), p(1)), False),
        (Eq(Mean(a[i] ** 2), p(1) ** 2 / d**2), False),
    ],
)
def test_step_check_tells_true_from_false(claim, holds):
    assert Step(claim, "a trial").check() is holds


def test_check_names_the_broken_step():
    true = catalogue["row-norm-mean"]
    wrong = Step(Eq(Mean(a[i]), 2 * p(1) / d), "a slip")
    broken = Formula(**{**vars(true), "steps": (*true.steps, wrong)})
    assert broken.check() == [wrong]


def test_at_width_writes_sums_out():
    from sympy import Sum

    assert at_width(Sum(lam[k] ** 2, (k, 0, d - 1)) - p(2), 3) == 0


def test_hypothesis_error_names_formula_and_reason():
    with pytest.raises(HypothesisError, match=r"entry-disjoint .* d ≥ 2, and d = 1"):
        catalogue["entry-disjoint"].evaluate(d=1)


def test_evaluate_keeps_a_symbolic_width():
    assert catalogue["entry-same-row"].evaluate() == 1 / (d * (d + 2))
    assert catalogue["entry-same-row"].evaluate(d=3) == Integer(1) / 15
