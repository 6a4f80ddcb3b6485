"""One-sided checks: a true bound holds, a violated one is found, and tightness is told."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq

from derivations import catalogue
from derivations.formula import Formula, Step, Verdict
from derivations.notation import L, Mean, a, at_least, at_most, d, i, p, phi, phi_0
from derivations.numeric import statistics
from derivations.numeric.montecarlo import (
    FALSE_ALARM,
    BoundCheck,
    input_with_spectrum,
)
from derivations.point import Point

MEAN = catalogue["row-norm-mean"]
#: What is a claim about each network, and not about a mean over networks.
EVERY_DRAW = {
    "paper-lemma-a1", "paper-lemma-a2", "paper-corollary-a3", "paper-lemma-b1", "gradient-chain",
    "bn-jacobian-norm", "bn-jacobian-bound", "bn-jacobian-bound-sharp",
    "bn-jacobian-product-bound", "paper-lemma-c2", "paper-lemma-c4", "paper-lemma-c7",
    "paper-lemma-c8", "paper-lemma-c9", "paper-corollary-c10", "paper-lemma-c11",
    "paper-lemma-c12", "mean-subtraction-rank",
}  # fmt: skip


def bound(statement, **fields):
    return replace(MEAN, statement=statement, kind="bound", **fields)


@pytest.mark.parametrize(
    ("claim", "factor", "holds"),
    [(at_most, 1.01, True), (at_most, 0.9, False), (at_least, 0.99, True), (at_least, 1.1, False)],
)
def test_a_bound_of_a_mean_is_one_sided(claim, factor, holds):
    row = bound(claim(Mean(a[i]), factor * p(1) / d)).crosscheck(2000, 0, d=4)
    assert isinstance(row, BoundCheck)
    assert row.agrees is row.passed is bool(row) is holds
    assert row.false_alarm_rate == FALSE_ALARM / 2
    assert row.ratio == pytest.approx(1 / factor, rel=0.02)
    assert ("holds" if holds else "VIOLATED") in repr(row)
    assert f"{row.ratio:.4g} of it" in row.tightness()


def test_a_tight_bound_is_not_violated():
    assert bound(at_most(Mean(a[i]), p(1) / d)).crosscheck(2000, 0, d=4).agrees
    assert bound(at_least(Mean(a[i]), p(1) / d)).crosscheck(2000, 0, d=4).agrees


@pytest.mark.parametrize(("limit", "violations"), [(4, 0), (3, None)])
def test_a_bound_of_every_draw_counts_the_draws_that_violate_it(limit, violations):
    # a ≤ max λ = 4 in every draw; a ≤ 3 in most.
    row = bound(
        at_most(a[i], limit + 0 * d), every_draw=True, arguments=("d", "spectrum")
    ).crosscheck(2000, 0, spectrum=[1, 2, 4])
    assert row.false_alarm_rate == 0.0
    if violations is None:
        assert 0 < row.violations < 1000 and not row.agrees
    else:
        assert row.violations == 0 and row.agrees
        assert "at most the bound in 2000 of 2000 draws" in row.tightness()


def test_the_right_side_may_be_random():
    def least(layer):
        return layer.row_norms.min(axis=-1)

    true = bound(at_least(a[i], 0), every_draw=True, against=least, arguments=("spectrum",))
    row = true.crosscheck(500, 0, spectrum=[1, 2, 4])
    assert row.agrees and 0 < row.value < row.mean
    assert (
        not replace(true, observe=least, against=statistics.row_norm)
        .crosscheck(500, 0, spectrum=[1, 2, 4])
        .agrees
    )


def test_an_equality_of_every_draw_is_checked_draw_by_draw():
    total = replace(
        MEAN, statement=Eq(a[i], p(1)), every_draw=True, observe=lambda s: s.row_norms.sum(axis=-1)
    )
    row = total.crosscheck(300, 0, spectrum=[1, 2, 4])
    assert row.agrees and row.tightness() == "equal to the value in 300 of 300 draws"
    assert not replace(total, observe=statistics.row_norm).crosscheck(300, 0, d=3).agrees


def test_a_formula_may_draw_for_itself():
    def draw(point, count, rng):
        assert point["depth"] == 5
        return rng.standard_normal(count) + float(point.gap)

    formula = bound(at_most(Mean(phi(L)), phi_0 + L / 50), observe=None, draw=draw)
    assert formula.takes == ("d", "spectrum", "batch", "gap", "depth", "digits")
    row = formula.crosscheck(400, 0, spectrum=[1, 2], depth=5)
    assert row.agrees and row.z < 0
    with pytest.raises(ValueError, match="gap is no input to simulate with"):
        formula.crosscheck(400, 0, gap=1)


def test_without_a_simulation_there_is_no_crosscheck():
    formula = replace(MEAN, observe=None)
    assert not formula.simulated
    with pytest.raises(ValueError, match="row-norm-mean has no simulation"):
        formula.crosscheck()


def test_an_input_may_have_more_samples_than_features():
    wide = input_with_spectrum(Point.of(None, [1, 0, 4], n=5))
    assert wide.X.shape == (3, 5)
    assert sorted(wide.point.spectrum) == [0, 1, 4]
    assert input_with_spectrum(Point.of(None, [1, 0, 4], n=2)).X.shape == (3, 2)
    with pytest.raises(ValueError, match=r"n = 1: expected at least as many .* which are 2"):
        input_with_spectrum(Point.of(None, [1, 0, 4], n=1))


def test_a_batch_is_simulated_as_it_is():
    batch = np.random.default_rng(0).standard_normal((6, 3))
    row = MEAN.crosscheck(500, 0, batch=batch)
    assert row.agrees and row.value == pytest.approx((batch**2).sum() / 3)


def test_a_statement_that_no_step_leads_to_is_no_formula():
    (loose,) = bound(at_most(Mean(a[i]), p(1))).check()
    assert loose.claim == at_most(Mean(a[i]), p(1))


def test_kinds_and_verdicts_are_those_that_there_are():
    with pytest.raises(ValueError, match="kind 'sure': expected one of exact, bound"):
        replace(MEAN, kind="sure")
    with pytest.raises(ValueError, match="verdict 'false': expected evidence"):
        Verdict("false", "because")


def test_evidence_of_a_verdict_is_checked_with_the_steps():
    slip = Step(Eq(Mean(a[i]), 2 * p(1) / d), "a slip")
    judged: Formula = replace(MEAN, verdict=Verdict("misprint", "so", evidence=(slip,)))
    assert judged.check() == [slip]


def test_what_is_right_stands_in_for_a_misprint():
    wrong = Eq(Mean(a[i]), p(1))
    proof = MEAN.steps[-1]
    verdict = Verdict("misprint", "so", evidence=(proof,), right=MEAN.statement)
    formula = replace(MEAN, statement=wrong, verdict=verdict)
    assert formula.evaluate(spectrum=[1, 3]) == 2
    assert formula.check() == [] and formula.crosscheck(500, 0, d=3).agrees


def test_claims_about_every_network_are_not_checked_as_means():
    assert {name for name in catalogue if catalogue[name].every_draw} == EVERY_DRAW
