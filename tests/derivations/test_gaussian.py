"""Gaussian weights: values against definitions, edges, and steps that find a wrong coefficient."""

from dataclasses import replace
from math import factorial

import mpmath
import numpy as np
import pytest
from sympy import Eq, Rational, digamma, series, symbols

from derivations import catalogue
from derivations.formula import HypothesisError

MOMENT, GAP, STEP, RATE = (
    catalogue[f"gaussian-{name}"]
    for name in ("row-norm-moment", "isometry-gap-step", "gradient-step", "gradient-rate")
)
t = symbols("t")


@pytest.mark.parametrize("spectrum", [[3], [1, 2], [5, 5, 1, 0]])
@pytest.mark.parametrize("q", [0, 1, 2, 5])
def test_moments_are_coefficients_of_the_product(spectrum, q):
    product = 1
    for value in spectrum:
        product *= (1 - t * value) ** Rational(-1, 2)
    coefficient = series(product, t, 0, q + 1).removeO().coeff(t, q)
    expected = factorial(q) * Rational(2, len(spectrum)) ** q * coefficient
    assert MOMENT.evaluate(spectrum=spectrum, q=q) == expected
    assert MOMENT.evaluate(spectrum=[float(v) for v in spectrum], q=q) == pytest.approx(
        float(expected)
    )


def test_the_moment_of_order_twenty_at_width_1000():
    # n eigenvalues of one: d a is chi square.
    value = MOMENT.evaluate(spectrum=[1.0] * 1000, q=20)
    expected = mpmath.rf(500, 20) * mpmath.mpf(2) ** 20 / mpmath.mpf(1000) ** 20
    assert value == pytest.approx(float(expected), rel=1e-14)


def shift(width):
    logs = mpmath.fsum(mpmath.digamma(mpmath.mpf(j) / 2) for j in range(1, width + 1))
    return mpmath.digamma(mpmath.mpf(width) / 2) - logs / width


@pytest.mark.parametrize("spectrum", [[1.0, 4.0], [2.0], [1e-14] + [1.0] * 30, [1.0] * 1000])
def test_the_gap_is_that_of_orthogonal_weights_and_a_shift(spectrum):
    orthogonal = catalogue["isometry-gap-step"].evaluate(spectrum=spectrum)
    expected = orthogonal + float(shift(len(spectrum)))
    assert GAP.evaluate(spectrum=spectrum) == pytest.approx(expected, rel=1e-13, abs=1e-14)


def test_the_gap_at_width_two_in_closed_form():
    # φ - D = log(9/8) for the eigenvalues 1 and 4; c_2 = ψ(1) - (ψ(1/2) + ψ(1))/2 = log 2.
    with mpmath.workdps(40):
        expected = mpmath.log(mpmath.mpf(9) / 8) + mpmath.log(2)
        found = GAP.evaluate(spectrum=[1, 4], digits=30)
        assert abs(mpmath.mpf(str(found)) - expected) < mpmath.mpf(10) ** -29
    assert GAP.evaluate(spectrum=[7]) == 0
    exact = GAP.evaluate(spectrum=[3, 3, 3])
    assert exact.equals(2 * digamma(Rational(3, 2)) / 3 - digamma(Rational(1, 2)) / 3
                        - digamma(1) / 3)  # fmt: skip


def test_gradients_at_numbers():
    assert RATE.evaluate(n=10) == Rational(9, 8)
    assert STEP.evaluate(d=100, n=10) == Rational(9 * 98, 8 * 100)
    assert STEP.evaluate(d=7, n=7) == Rational(6, 7)


@pytest.mark.parametrize(
    ("formula", "given", "message"),
    [
        (RATE, {"n": 2}, "n ≥ 3"),
        (STEP, {"d": 5, "n": 6}, "n ≤ d"),
        (GAP, {"spectrum": [1, 0]}, "evaluate gaussian-row-norm-moment instead"),
    ],
)
def test_hypotheses(formula, given, message):
    with pytest.raises(HypothesisError, match=message):
        formula.evaluate(**given)


@pytest.mark.parametrize("formula", [MOMENT, GAP, STEP, RATE], ids=lambda f: f.name)
def test_all_steps_hold_and_the_simulation_agrees(formula):
    assert formula.check() == []
    given = {"spectrum": [1, 2, 10]} if "spectrum" in formula.takes else {}
    given |= {"q": 2} if "q" in formula.takes else {}
    assert formula.crosscheck(20_000, 3, **given).agrees


def test_the_step_agrees_with_simulation_where_samples_are_fewer():
    assert STEP.crosscheck(20_000, 0, d=20, n=6).agrees


@pytest.mark.parametrize("formula", [MOMENT, GAP, STEP, RATE], ids=lambda f: f.name)
def test_one_percent_more_is_found_out(formula):
    statement = formula.statement
    if formula is GAP:
        wrong = Eq(statement.lhs, statement.rhs + Rational(1, 100))
    else:
        wrong = Eq(statement.lhs, statement.rhs * Rational(101, 100))
    for step in formula.steps:
        if step.claim == statement:
            assert not replace(step, claim=wrong).check()
    assert replace(formula, statement=wrong).check()


def test_the_gap_of_networks_grows_by_the_law():
    rng = np.random.default_rng(5)
    W = rng.standard_normal((4000, 6, 6)) / np.sqrt(6)
    X = np.diag(np.sqrt([1.0, 1, 2, 3, 5, 9]))
    H = W @ X
    H /= np.linalg.norm(H, axis=-1, keepdims=True)
    gaps = -np.linalg.slogdet(H @ H.swapaxes(1, 2))[1] / 6
    z = (gaps.mean() - GAP.evaluate(spectrum=[1.0, 1, 2, 3, 5, 9])) / gaps.std() * np.sqrt(4000)
    assert abs(z) < 4
