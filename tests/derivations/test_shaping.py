"""Activation shaping: values against definitions, limits, edges, and wrong coefficients."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from sympy import Rational, cosh, log, sinh

from derivations import catalogue
from derivations.formulas.shaping_checks import share_below
from derivations.notation import at_most

SHARE, SHARE_SIN, SLOPE, SLOPE_SIN, GAINS = (
    catalogue[f"shaping-{name}"]
    for name in ("nonlinear-share", "nonlinear-share-sin", "slope", "slope-sin", "exponent")
)


def mean(function):
    return quad(lambda z: function(z) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi), -12, 12,
                limit=200)[0]  # fmt: skip


@pytest.mark.parametrize("alpha", [0.5, 1.0, 3.0])
@pytest.mark.parametrize(
    ("share", "slope", "value", "derivative"),
    [
        (SHARE, SLOPE, np.tanh, lambda x: 1 / np.cosh(x) ** 2),
        (SHARE_SIN, SLOPE_SIN, np.sin, np.cos),
    ],
)
def test_values_are_those_of_the_definition(share, slope, value, derivative, alpha):
    energy = mean(lambda z: value(alpha * z) ** 2)
    linear = mean(lambda z: z * value(alpha * z))
    slopes = mean(lambda z: derivative(alpha * z) ** 2)
    assert share.evaluate(alpha=alpha) == pytest.approx(1 - linear**2 / energy, rel=1e-8)
    assert slope.evaluate(alpha=alpha) == pytest.approx(alpha**2 * slopes / energy, rel=1e-8)


@pytest.mark.parametrize(("share", "c"), [(SHARE, 3), (SHARE_SIN, 6)])
@pytest.mark.parametrize("alpha", [1e-2, 1e-6, 1e-10])
def test_weak_gains(share, c, alpha):
    assert share.evaluate(alpha=alpha) == pytest.approx(6 / c**2 * alpha**4, rel=20 * alpha**2)


def test_strong_gains():
    # tanh becomes the sign, whose best line leaves 1 - 2/π.
    assert SHARE.evaluate(alpha=1e8) == pytest.approx(1 - 2 / np.pi, rel=1e-7)
    assert SHARE_SIN.evaluate(alpha=20.0) == 1.0


def test_closed_forms_and_digits():
    assert SHARE_SIN.evaluate(alpha=1) == 1 - 1 / sinh(1)
    assert SLOPE_SIN.evaluate(alpha=1).equals(cosh(1) / sinh(1))
    short, long = (SHARE.evaluate(alpha=1, digits=n) for n in (20, 40))
    assert abs(short - long) < Rational(1, 10**19)


@pytest.mark.parametrize("exponent", [Rational(1, 10), Rational(1, 4), Rational(2, 5)])
@pytest.mark.parametrize("depth", [0, 1, 100, 5000])
def test_the_sum_of_shares(exponent, depth):
    with mpmath.workdps(30):
        terms = (mpmath.mpf(n) ** (-4 * mpmath.mpf(exponent.p) / exponent.q)
                 for n in range(1, depth + 1))  # fmt: skip
        expected = 2 * mpmath.fsum(terms) / 3
    found = GAINS.evaluate(exponent=exponent, depth=depth, digits=15)
    assert float(found) == pytest.approx(float(expected), rel=1e-14)
    assert GAINS.evaluate(exponent=float(exponent), depth=depth) == pytest.approx(float(expected))


def test_the_sum_is_bounded_above_one_quarter_alone():
    totals = {e: [GAINS.evaluate(exponent=e, depth=10**n) for n in (3, 6, 9)] for e in (0.25, 0.4)}
    first, second, third = totals[0.25]
    assert third - second == pytest.approx(second - first, rel=1e-3)
    first, second, third = totals[0.4]
    assert third - second < 0.02 * (second - first)
    assert second - first < float(log(10))


@pytest.mark.parametrize(
    "formula", [SHARE, SHARE_SIN, SLOPE, SLOPE_SIN, GAINS], ids=lambda f: f.name
)
def test_all_steps_hold_and_simulations_agree(formula):
    assert formula.check() == []
    assert formula.crosscheck(4000, 1).agrees


def test_a_wrong_sum_is_found_out():
    (step,) = (step for step in GAINS.steps if step.claim == GAINS.statement)
    lhs, rhs = GAINS.statement.args
    assert not replace(step, claim=at_most(lhs, rhs * Rational(101, 100))).check()


@pytest.mark.parametrize("given", [{"alpha": 0}, {"alpha": -1}])
def test_gains_that_are_none(given):
    with pytest.raises(ValueError, match="alpha = "):
        SHARE.evaluate(**given)


def test_the_share_is_below_no_less_than_its_limit():
    (step,) = [s for s in catalogue["shaping-nonlinear-share"].steps if s.verify is share_below]
    left, right = step.claim.args
    assert step.check()
    # At the smallest gain of the grid the share is 0.629 gain**4.
    assert not replace(step, claim=at_most(left, right * Rational(15, 16))).check()
