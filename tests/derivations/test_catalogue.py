"""The catalogue of formulas: lookup, laziness, and what every formula in it must satisfy."""

import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest
from share import share
from sympy import Eq, Ge, Integer, Le, Rational, Sum

from derivations import catalogue, notation, steps
from derivations.formula import Formula, HypothesisError, Step
from derivations.formulas import entries, following, isometry_checks, row_norms
from derivations.notation import Mean, W, a, at_width, d, i, j, k, lam, p
from derivations.numeric.montecarlo import crosscheck, input_with_spectrum
from derivations.point import Point
from derivations.registry import Catalogue, UnknownFormulaError
from derivations.rows import mean_by_rows
from weingarten import E

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
    shown = catalogue[name]
    assert shown.name == name
    assert isinstance(shown.statement, Eq | Le | Ge)
    assert isinstance(shown.statement, Eq) or shown.kind != "exact"
    assert shown.title and shown.source and shown.singular
    assert shown.hypotheses and shown.steps
    assert all(step.because and step.how() for step in shown.steps)


@pytest.mark.parametrize("name", NAMES)
def test_statement_is_the_claim_of_a_step(name):
    formula = catalogue[name]
    assert formula.holding in [step.claim for step in formula.steps]


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


#: What is measured holds within what is said there, and not to five digits.
STEPS = [
    (name, n)
    for name in NAMES
    for n, step in enumerate(catalogue[name].steps)
    if not step.how().startswith("measured")
]


@pytest.mark.parametrize(("name", "number"), share(STEPS, 4))
def test_every_step_rejects_a_wrong_right_side(name, number):
    step = catalogue[name].steps[number]
    left, right = step.claim.args
    if isinstance(step.claim, Eq):
        changed = {right + 1, right * (1 + Rational(1, 10**5))} - {right}
    else:  # what claims more than can be proved
        changed = {right + 1 if isinstance(step.claim, Ge) else right - 1}
    for wrong in changed:
        assert not replace(step, claim=step.claim.func(left, wrong, evaluate=False)).check()


MAKERS = {
    "entry-fourth-moment": entries.fourth_moment,
    "entry-same-row": entries.same_row,
    "entry-disjoint": entries.disjoint,
    "entry-rectangle": entries.rectangle,
    "row-norm-mean": row_norms.mean,
    "row-norm-variance": row_norms.variance,
    "row-norm-covariance": row_norms.covariance,
}


INEQUALITIES = [
    (name, n)
    for name in NAMES
    for n, step in enumerate(catalogue[name].steps)
    if not isinstance(step.claim, Eq)
]
TURNED = {"<=": Ge, "<": Ge, ">=": Le, ">": Le}


@pytest.mark.parametrize(("name", "number"), share(INEQUALITIES, 3))
def test_an_inequality_turned_round_is_found_out(name, number):
    step = catalogue[name].steps[number]
    claim = TURNED[step.claim.rel_op](*step.claim.args, evaluate=False)
    assert not replace(step, claim=claim).check()


@pytest.mark.parametrize("name", MAKERS)
def test_formula_derived_with_a_wrong_engine_is_found_out(name, monkeypatch):
    # Twice the value everywhere: relations between means still hold, and the engine would agree
    # with itself on every value that it wrote.
    for module in (notation, following):
        monkeypatch.setattr(module, "E", lambda *args: 2 * E(*args))
    wrong = MAKERS[name]()
    true = catalogue[name]
    assert wrong.statement != true.statement
    rewritten = [n for n, s in enumerate(wrong.steps) if s.claim != true.steps[n].claim]
    assert rewritten
    assert not any(wrong.steps[n].check() for n in rewritten)


@pytest.mark.parametrize("module", [notation, steps])
@pytest.mark.parametrize("name", MAKERS)
def test_a_step_needs_both_routes(name, module, monkeypatch):
    if module is notation:
        monkeypatch.setattr(notation, "by_engine", wrong_engine := lambda x: E(x) + 1)
        monkeypatch.setattr(steps, "by_engine", wrong_engine)
    else:
        monkeypatch.setattr(steps, "mean_by_rows", lambda x: mean_by_rows(x) + 1)
    by_both = [s for s in catalogue[name].steps if s.verify is None or "sphere" in s.how()]
    assert by_both
    assert not any(step.check() for step in by_both)


@pytest.mark.parametrize("name", ["E", "mean_by_rows"])
def test_moments_of_a_row_in_the_isometry_law_need_both_routes(name, monkeypatch):
    true = getattr(isometry_checks, name)
    monkeypatch.setattr(isometry_checks, name, lambda x: true(x) + 1)
    (step,) = [s for s in catalogue["isometry-gap-step"].steps if "sphere" in s.how()]
    assert not step.check()


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_can_be_sent_to_another_process(name):
    formula_ = catalogue[name]
    copy = pickle.loads(pickle.dumps(formula_))
    assert copy.statement == formula_.statement
    assert [step.claim for step in copy.steps] == [step.claim for step in formula_.steps]
    if name in share(NAMES, 4):
        assert copy.steps[0].check()


def test_draws_may_be_made_in_other_processes():
    chosen = [catalogue["entry-disjoint"], catalogue["row-norm-variance"]]
    at = [input_with_spectrum(Point.of(None, [1, 2, 3]))]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = crosscheck(chosen, at, 200, 0, executor=pool)
    here = crosscheck(chosen, at, 200, 0)
    assert [row.mean for row in there] == [row.mean for row in here]


def test_formula_beyond_the_second_power_sum():
    third = replace(catalogue["row-norm-mean"], statement=Eq(Mean(a[i] ** 3), p(3) / d + p(7)))
    assert third.evaluate(spectrum=[1, 2, 3]) == 12 + 1 + 2**7 + 3**7
    assert third.evaluate(d=5) == p(3) / 5 + p(7)
    assert third.depends_on_input
    assert Step(Eq(p(6), Sum(lam[k] ** 6, (k, 0, d - 1))), "the definition").check()
    assert not Step(Eq(p(6), Sum(lam[k] ** 5, (k, 0, d - 1))), "a slip").check()


def test_power_sums_sort_and_pickle_as_symbols_with_an_order():
    assert str(d * p(2) - p(1) ** 2 + p(12)) == "d*p_2 - p_1**2 + p_12"
    assert pickle.loads(pickle.dumps(p(12))) == p(12)
    assert pickle.loads(pickle.dumps(p(12))).order == 12
    for order in (2.5, True, "2"):
        with pytest.raises(TypeError, match="is no power sum; expected an integer order"):
            p(order)


def test_letters_are_numbered_beside_the_numbers_that_occur():
    assert Mean(W[i, j] ** 2 * W[0, 1] ** 2).doit() == (d + 1) / (d * (d - 1) * (d + 2))
    assert mean_by_rows(W[i, j] * W[0, j]) == Mean(W[i, j] * W[0, j]).doit() == 0


def test_at_width_writes_sums_out():
    assert at_width(Sum(lam[k] ** 2, (k, 0, d - 1)) - p(2), 3) == 0


def test_hypothesis_error_names_formula_and_reason():
    with pytest.raises(HypothesisError, match=r"entry-disjoint .* d ≥ 2, and d = 1"):
        catalogue["entry-disjoint"].evaluate(d=1)


def test_evaluate_keeps_a_symbolic_width():
    assert catalogue["entry-same-row"].evaluate() == 1 / (d * (d + 2))
    assert catalogue["entry-same-row"].evaluate(d=3) == Integer(1) / 15
