"""Verifiers of inequalities prove true claims, refuse false ones, and say which means they used."""

import pytest
from sympy import Ge, Gt, Le, Lt, Rational, Sum, Symbol, exp, log, oo, sqrt, symbols

from derivations.inequalities import (
    Coefficients,
    Derivatives,
    OnBox,
    Search,
    Squares,
    Termwise,
    excess,
)
from derivations.notation import d, k, lam, over_eigenvalues
from derivations.steps import Step

x, y = symbols("x y", positive=True)
SLIP = Rational(101, 100)


def h(u):
    return u - 1 - log(u)


TRUE = [
    (Coefficients({d: 1}), Ge(1 / d, 1 / (d + 2))),
    (Coefficients({d: 2}), Ge((d + 1) / (d - 1), 1 + 2 / d)),
    (Coefficients({d: 3, x: 0}), Gt(d + x, 2, evaluate=False)),
    (Squares((x - y) ** 2 / (x * y**2)), Ge(1 / x, 2 / y - x / y**2)),
    (Derivatives(x, 1, 0, oo), Le(log(x), x - 1)),
    (Derivatives(x, 1, 0, oo), Ge(h(x), (x - 1) ** 2 / (x + 1) ** 2 / 2)),
    (Derivatives(x, 1, 1, oo), Le(x * log(x), (x**2 - 1) / 2)),
    (Derivatives(x, 1, 0, 1), Ge(h(x), (x - 1) ** 2 / 2)),
    (OnBox({x: (0, 3)}, contact=(x, 0, 3)), Ge(exp(x), 1 + x + x**2 / 2)),
    (OnBox({x: (Rational(1, 2), 3)}, contact=(x, 1, 2)), Ge(x - 1, log(x))),
    (OnBox({x: (1, 2), y: (0, 1)}), Ge(x + y**2, y)),
    (OnBox({x: (1, 2)}), Lt(log(x), sqrt(x))),
]


@pytest.mark.parametrize(("proof", "claim"), TRUE)
def test_true_inequality_is_proved(proof, claim):
    assert proof(claim.func(*claim.args, evaluate=False))
    assert proof.how and "no proof" not in proof.how


FALSE = [
    (Coefficients({d: 1}), Ge(1 / d, SLIP / (d + 2) + 1)),
    (Coefficients({d: 1}), Ge(1 / (d - 1), 0)),  # undefined at d = 1
    (Coefficients({d: 2}), Gt(d, 2)),  # equal at d = 2
    (Coefficients({d: 2}), Ge(x, y)),  # says nothing of x
    (Squares((x - y) ** 2 / (x * y**2)), Ge(1 / x, SLIP * 2 / y - x / y**2)),
    (Squares(x - y), Ge(x, y)),
    (Derivatives(x, 1, 0, oo), Le(log(x), SLIP * (x - 1))),
    (Derivatives(x, 1, 0, oo), Ge(h(x), (x - 1) ** 2 / 2)),  # fails to the right of 1
    (Derivatives(x, 1, 0, oo), Lt(log(x), x - 1)),  # equal at 1
    (Derivatives(x, 2, 0, oo), Le(log(x), x - 1)),  # they do not touch there
    (OnBox({x: (0, 3)}, contact=(x, 0, 3)), Ge(exp(x), 1 + x + SLIP * x**2 / 2)),
    (OnBox({x: (0, 3)}), Ge(exp(x), 1 + SLIP * x)),
    (OnBox({x: (1, 2)}), Ge(x + y, 1)),
    (OnBox({x: (0, 2)}, contact=(x, 1, 3)), Ge((x - 1) ** 3, 0)),  # odd order inside the range
]


@pytest.mark.parametrize(("proof", "claim"), FALSE)
def test_false_or_unproved_inequality_is_not(proof, claim):
    assert not proof(claim.func(*claim.args, evaluate=False))


def test_claims_about_spectra_are_proved_term_by_term():
    proof = Termwise(x, Derivatives(x, 1, 0, oo))
    logs, others = (over_eigenvalues(Sum, body) for body in (log(lam[k]), lam[k] - 1))
    assert proof(Le(logs / d, others / d, evaluate=False))
    assert not proof(Le(logs / d, SLIP * others / d, evaluate=False))
    assert not proof(Le(logs, d, evaluate=False))


def test_a_search_says_that_it_is_none():
    search = Search(lambda rng: {x: rng.uniform(0, 2)}, 100, "0 ≤ x ≤ 2")
    assert search(Ge(exp(x), 1 + x))
    assert not search(Ge(exp(x), 1 + SLIP * x + x**2))
    assert "no proof" in search.how and "100 points" in search.how


def test_a_step_with_an_inequality_needs_a_verifier():
    claim = Ge(exp(x), 1 + x, evaluate=False)
    with pytest.raises(TypeError, match="is no equation: expected verify="):
        Step(claim, "a trial")
    step = Step(claim, "a trial", OnBox({x: (0, 1)}, contact=(x, 0, 2)))
    assert step.check() and step.how() == step.verify.how


def test_an_equation_has_no_excess():
    with pytest.raises(TypeError, match="is no inequality"):
        excess(Symbol("x"))
