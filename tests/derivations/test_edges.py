"""Lower ranks and mean subtraction: values, the networks that show them, and refusals."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Eq, Min, Rational, log

from derivations import catalogue
from derivations.formula import HypothesisError
from derivations.notation import at_least
from derivations.numeric.network import BNMLP

RATE, RANK = catalogue["singular-jacobian-rate"], catalogue["mean-subtraction-rank"]


@pytest.mark.parametrize(("d", "r"), [(10, 9), (100, 99), (1000, 3), (2, 1)])
def test_the_rate_is_half_a_mean_logarithm(d, r):
    a, b = mpmath.mpf(r) / 2, mpmath.mpf(d - r) / 2

    def integrand(x):
        return mpmath.log(x) * x ** (a - 1) * (1 - x) ** (b - 1) / mpmath.beta(a, b)

    mean = mpmath.quad(integrand, [0, a / (a + b), 1]) + mpmath.log(mpmath.mpf(d) / r)
    assert float(RATE.evaluate(d=d, r=r)) == pytest.approx(float(-mean / 2), rel=1e-4, abs=1e-7)


def test_rate_at_known_places():
    assert RATE.evaluate(d=4, r=2) == Rational(1, 2) - log(2) / 2
    assert RATE.evaluate(d=7, r=7) == 0
    assert RATE.evaluate(d=100, r=99, digits=10) < Rational(1, 15000)


@pytest.mark.parametrize("r", [1, 2, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_rank_violates_the_bound(r, seed):
    assert RATE.crosscheck(20_000, seed, d=6, r=r).agrees


def test_networks_with_mean_subtraction_grow_at_n_equal_d_alone():
    d, depth = 10, 300
    rng = np.random.default_rng(1)
    net = BNMLP(d, depth, norm="batchnorm")
    rates = {}
    for n in (d, d + 1):
        X, target = rng.standard_normal((2, d, n))
        norms = net.run(X, target=target, networks=20).log_gradient_norms.mean(axis=0)
        rates[n] = (norms[50] - norms[250]) / 200
    law = float(RATE.evaluate(d=d, r=d - 1))  # proved for Jacobians; gradients follow it roughly
    assert law / 2 < rates[d] < 2 * law
    assert abs(rates[d + 1]) < 0.2 * rates[d]


def test_ranks():
    assert RANK.evaluate(d=10, n=10) == 9
    assert RANK.evaluate(d=10, n=11) == 10
    assert RANK.evaluate(d=3, n=1) == 0
    rng = np.random.default_rng(0)
    for n, d in ((3, 5), (5, 5), (6, 5), (9, 5)):
        for offset in (0, 1e6):
            assert RANK.evaluate(batch=offset + rng.random((n, d))) == min(d, n - 1)
    assert RANK.crosscheck(500, 0, d=5, n=5).agrees
    assert RANK.crosscheck(500, 0, d=5, n=6).agrees


@pytest.mark.parametrize(
    ("given", "message"),
    [({"d": 4, "r": 5}, "1 ≤ r ≤ d"), ({"d": 4, "r": 0}, "r = 0 is no rank")],
)
def test_ranks_that_are_none(given, message):
    with pytest.raises(HypothesisError, match=message):
        RATE.evaluate(**given)


def test_a_repeated_sample_is_named_with_what_to_do():
    batch = np.eye(4)[[0, 1, 2, 0]]
    with pytest.raises(HypothesisError, match=r"dimension 2, where 3 .* singular-jacobian-rate"):
        RANK.evaluate(batch=batch)


@pytest.mark.parametrize("formula", [RATE, RANK], ids=lambda f: f.name)
def test_all_steps_hold(formula):
    assert formula.check() == []


def test_wrong_statements_are_found_out():
    lhs, rhs = RATE.statement.args
    assert replace(RATE, statement=at_least(lhs, rhs * Rational(101, 100))).check()
    (step,) = (s for s in RATE.steps if s.claim == RATE.statement)
    assert not replace(step, claim=at_least(lhs, rhs * Rational(101, 100))).check()
    (d, n) = sorted(RANK.statement.rhs.free_symbols, key=str)
    (step,) = (s for s in RANK.steps if s.claim == RANK.statement)
    for wrong in (Min(d, n), Min(d, n - 2), Min(d - 1, n - 1)):
        assert not replace(step, claim=Eq(RANK.statement.lhs, wrong, evaluate=False)).check()
