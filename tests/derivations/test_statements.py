"""A statement with one number changed by one per cent is found out, and verdicts are complete."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from share import share
from sympy import Expr, Integer, Number, Rational

from derivations import catalogue
from derivations.point import Point
from derivations.verdicts import judged
from derivations.writing import line

NAMES = list(catalogue)
PAPER = [name for name in NAMES if name.startswith("paper-")]


def spots(expr: Expr) -> Iterator[Expr]:
    """Yield the expression with one of its numbers changed, each in turn."""
    if isinstance(expr, Number):
        yield expr * Rational(101, 100) if expr else Integer(1)
        return
    for place, part in enumerate(expr.args):
        for changed in spots(part):
            args = [*expr.args[:place], changed, *expr.args[place + 1 :]]
            yield expr.func(*args, evaluate=False) if expr.is_Relational else expr.func(*args)


def changed(name):
    """Yield the formula with changes of its statement, and of the steps that claim it."""
    formula = catalogue[name]
    claims = set(spots(formula.holding)) - {formula.holding}
    for claim in share(sorted(claims, key=str), 3):
        steps = [s for s in formula.steps if s.claim == formula.holding]
        yield claim, [replace(step, claim=claim) for step in steps]


@pytest.mark.parametrize("name", share(NAMES, 4))
def test_a_statement_with_another_number_is_found_out(name):
    seen = 0
    for claim, steps in changed(name):
        seen += 1
        assert steps
        for step in steps:
            try:
                holds = step.check()
            except (TypeError, ValueError, NotImplementedError):  # it makes no sense any more
                holds = False
            assert not holds, claim
    assert seen or not catalogue[name].holding.atoms(Number)


def granted(claim):
    """Take a step as it is: `test_catalogue` checks them all."""
    return True


def with_steps_granted(formula):
    verdict = formula.verdict
    if verdict is not None:
        evidence = tuple(replace(step, verify=granted) for step in verdict.evidence)
        verdict = replace(verdict, evidence=evidence)
    steps = tuple(replace(step, verify=granted) for step in formula.steps)
    return replace(formula, steps=steps, verdict=verdict)


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_that_its_steps_do_not_claim_is_found_out(name):
    formula = with_steps_granted(catalogue[name])
    assert formula.check() == []
    if formula.verdict is None or formula.verdict.right is None:
        left, right = formula.statement.args
        beyond = formula.statement.func(left, right + 1, evaluate=False)  # where it has no number
        claim = next(spots(formula.statement), beyond)
        assert [step.claim for step in replace(formula, statement=claim).check()] == [claim]


@pytest.mark.parametrize("name", PAPER)
def test_a_result_of_the_paper_has_a_verdict_with_evidence(name):
    formula = catalogue[name]
    verdict = formula.verdict
    assert verdict is not None and verdict.because
    assert "arXiv:2310.02012" in formula.source
    if verdict.sharper:
        other = catalogue[verdict.sharper.formula] if verdict.sharper.formula else formula
        assert verdict.sharper.statement in [step.claim for step in other.steps]
        assert verdict.sharper.factor is None or verdict.sharper.of


def test_the_table_has_a_row_for_each_result_of_the_paper():
    rows = list(judged(catalogue.values(), Point.of(None, [1, 2, 4]).scaled_to_mean_one()))
    assert [row.formula.name for row in rows] == [n for n in NAMES if catalogue[n].verdict]
    assert all(line(row.formula.statement) for row in rows)
    factors = {row.formula.name: row.factor for row in rows}
    assert factors["paper-norm-product"] == 2.0
    assert all(factor is None or factor >= 1 for factor in factors.values())


@pytest.mark.parametrize("width", [2, 5, 40])
def test_near_isometry_corollary_4_loses_twice_the_width(width):
    spectrum = [1 + Rational((-1) ** n, 10**5) for n in range(width - width % 2)]
    spectrum += [Integer(1)] * (width % 2)
    (row,) = judged([catalogue["paper-corollary-4"]], Point.of(None, spectrum))
    assert row.factor == pytest.approx(2 * width, rel=1e-4)


def test_a_hypothesis_that_fails_is_said_in_the_table():
    (row,) = judged([catalogue["paper-theorem-3"]], Point.of(None, [1, 0]))
    assert row.factor is None and "linearly independent" in row.failing
