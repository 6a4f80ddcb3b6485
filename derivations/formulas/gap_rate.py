"""The rate at which a gap falls near isometry, from both sides."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import mpmath
from sympy import (
    Abs,
    Eq,
    Expr,
    Float,
    Integral,
    Limit,
    Poly,
    Rational,
    Symbol,
    cancel,
    log,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import LAYER, MEAN_ONE, REGULAR
from derivations.formulas.contraction import AFTER, POSITIVE, h
from derivations.formulas.contraction_checks import Agree, InUnit, by_integral
from derivations.formulas.entries import HAAR
from derivations.formulas.following import SPREAD, at_mean_one, mean_of_forms
from derivations.formulas.step_bounds import (
    SOURCE,
    g_high,
    g_low,
    law_by_rows,
    v,
    x,
    y,
)
from derivations.inequalities import Coefficients, Squares
from derivations.notation import (
    Mean,
    Variance,
    X,
    a,
    at_least,
    at_most,
    d,
    i,
    phi,
    phi_0,
)
from derivations.numeric import depth_draws
from derivations.numeric.isometry_statistics import share_left_off_its_limit
from derivations.point import Point

__all__ = ["limiting_rate", "rate_margin"]


def _g(value: Expr) -> Expr:
    """Return h(x)/(x - 1)², which falls as x grows: ∞ at 0, 1/2 at 1."""
    return h(value) / (value - 1) ** 2


def _variance() -> Expr:
    return at_mean_one(mean_of_forms(0, 0)) - at_mean_one(mean_of_forms(0)) ** 2


def _margin_steps() -> list[Step]:
    """Return the steps to bounds on the fall of the gap over the gap, from both sides."""
    fall = phi(X) - AFTER
    return [
        law_by_rows(),
        Step(
            Eq(Mean(h(a[i])), -Mean(log(a[i]))),
            r"the mean of $a_i - 1$ is 0: the fall is the mean of $h(a_i)$ for "
            r"$h(x) = x - 1 - \log x$, and the gap is that of $h(\lambda_k)$ over all $k$",
            mean_of_surplus,
            "engine: the mean of what the logarithms leave, at mean one",
        ),
        Step(
            Eq(h(1 + x), x**2 * _falling()),
            r"so $g(x) = h(x)/(x - 1)^2$ is an integral",
            by_integral,
            "SymPy: both sides vanish at $x = 0$ and have one derivative",
        ),
        Step(
            at_least(1 + v * (x + y - 1), 1 + v * (x - 1)),
            r"whose denominator grows: $g$ falls from $g_m = g(\lambda_{\min})$ to "
            r"$g_M = g(\lambda_{\max})$, and every $a_i$ lies between these eigenvalues",
            InUnit(v, Coefficients({v: 0, x: 0, y: 0})),
        ),
        Step(
            Eq(Variance(a[i]), 2 * SPREAD / (d * (d + 2))),
            "by the Weingarten function",
            Again(Variance(a[i]), _variance, "engine, for every $d$ and every symmetric $A$", "=="),
        ),
        Step(
            at_most(fall, 2 * phi(X) * g_low / ((d + 2) * g_high)),
            r"at most $g_m$ for the mean of $h(a_i)$, at least $g_M$ for that of $h(\lambda_k)$",
            Again(
                fall, partial(_quotient, g_low, g_high), "SymPy and the engine: the variance again"
            ),
        ),
        Step(
            at_least(fall, 2 * phi(X) * g_high / ((d + 2) * g_low)),
            "and the other way round",
            Again(
                fall,
                partial(_quotient, g_high, g_low),
                "SymPy and the engine: the variance again",
                ">=",
            ),
        ),
        Step(
            at_most(1 - 1 / x, x - 1),
            r"the lower bound is no farther from 1 than the upper one",
            Squares((x - 1) ** 2 / x),
        ),
        Step(
            at_most(Abs(AFTER / phi(X) - d / (d + 2)), (g_low / g_high - 1) / (d + 2) * 2),
            r"solve for what is left of the gap",
            Again(
                Abs(AFTER / phi(X) - cancel(1 - _share())),
                _margin_again,
                "SymPy and the engine: the variance of $a_i$ over that of the eigenvalues",
            ),
        ),
    ]


def mean_of_surplus(claim: Eq) -> bool:
    """Find the mean of both sides of a claim about E h(a_i), but for the logarithm, to be alike.

    Examples
    --------
    >>> mean_of_surplus(Eq(Mean(h(a[i])), -Mean(log(a[i]))))
    True
    >>> mean_of_surplus(Eq(Mean(h(a[i])), -2 * Mean(log(a[i]))))
    False
    """
    if claim.lhs != Mean(h(a[i])):
        return False
    # What the logarithm leaves is linear: put the mean of a_i in.
    slope, rest = Poly(h(a[i]) + log(a[i]), a[i]).all_coeffs()
    mean = slope * at_mean_one(mean_of_forms(0)) + rest - Mean(log(a[i]))
    return bool(cancel(mean - claim.rhs) == 0)


def _falling() -> Expr:
    return Integral(v / (1 + v * x), (v, 0, 1))


def _share() -> Expr:
    """Return the variance of a row norm over the mean square of the λ_k - 1: 2/(d + 2)."""
    return cancel(d * _variance() / at_mean_one(SPREAD))


def _quotient(above: Expr, below: Expr) -> Expr:
    """Bound the fall by the gap: above times a variance, below times the mean square of λ_k - 1."""
    return phi(X) * above * _variance() / (below * SPREAD / d)


def _margin_again() -> Expr:
    return _share() * (g_low / g_high - 1)


def limiting_rate() -> Formula:
    """Derive that near isometry a layer leaves d/(d + 2) of the mean gap.

    Examples
    --------
    >>> limiting_rate().evaluate(d=100)
    50/51
    """
    left = Limit(Mean(phi(Symbol("X_1"))) / phi_0, phi_0, 0)
    statement = Eq(left, d / (d + 2))
    return Formula(
        name="isometry-gap-rate",
        title="What a layer leaves of a small isometry gap",
        statement=statement,
        kind="limit",
        hypotheses=(HAAR, LAYER, MEAN_ONE, REGULAR, POSITIVE),
        source=SOURCE,
        steps=(
            *_margin_steps(),
            Step(
                Eq(Limit(_g(x), x, 1), Rational(1, 2)),
                r"as the gap goes to 0, all eigenvalues go to 1, and $g_m/g_M$ too",
                Agree("SymPy: the limit"),
            ),
            Step(
                statement,
                r"so what is left tends to $1 - 2/(d + 2)$",
                Again(left, _left_over, "SymPy and the engine: one minus that quotient", "=="),
            ),
        ),
        singular="No singular $A$ is near isometry.",
        draw=depth_draws.near_isometry_ratio,
        arguments=("d",),
    )


def _left_over() -> Expr:
    return 1 - _share()


def rate_margin() -> Formula:
    """Derive how far the share that a layer leaves may be from d/(d + 2).

    Examples
    --------
    >>> rate_margin().evaluate(spectrum=[1.0, 1.0, 1.0])
    0.0
    >>> round(rate_margin().evaluate(spectrum=[0.9, 1.0, 1.1]), 9)
    0.057204365
    """
    steps = _margin_steps()
    last = steps[-1]
    return Formula(
        name="isometry-gap-rate-margin",
        title="What a layer leaves of a gap, from both sides",
        statement=last.claim,
        kind="bound",
        hypotheses=(
            HAAR,
            LAYER,
            MEAN_ONE,
            REGULAR,
            Hypothesis(
                r"$g(x) = (x - 1 - \log x)/(x - 1)^2$ with $g(1) = 1/2$; $g_m$ and $g_M$ are its "
                r"values at the smallest and at the largest eigenvalue. The gap is positive; at "
                r"isometry both gaps are 0, and so is the bound."
            ),
        ),
        source=SOURCE,
        steps=tuple(steps),
        singular="There $g_m$ is infinite.",
        observe=share_left_off_its_limit,
        arguments=("d", "spectrum", "batch"),
        value=_margin,
        number=_margin_to_digits,
        mean_one=True,
    )


def _margin(formula: Formula, point: Point) -> Expr:
    if point.exact:
        least, most = point.eigenvalues().ends()
        values = {g_low: _g_at(least), g_high: _g_at(most)}
        return formula.holding.rhs.xreplace({**values, d: point.width})
    return _margin_to_digits(formula, point, 20)


def _g_at(value: Expr) -> Expr:
    return Rational(1, 2) if value == 1 else _g(value)


def _margin_to_digits(_formula: Formula, point: Point, digits: int) -> Expr:
    values = point.fractions()
    mean = sum(values, Fraction(0)) / len(values)
    least, most = min(values) / mean, max(values) / mean
    lost = sum(_bits(abs(end - 1)) for end in (least, most))
    with mpmath.workdps(digits + lost + 15):
        quotient = _g_number(least) / _g_number(most) - 1
        return Float(2 * quotient / (len(values) + 2), digits)


def _bits(size: Fraction) -> int:
    """Bound the decimal digits that cancel where a number differs by so much from 1, twice over."""
    if not size:
        return 0
    return max(0, size.denominator.bit_length() - size.numerator.bit_length()) + 5


def _g_number(value: Fraction) -> mpmath.mpf:
    if value == 1:
        return mpmath.mpf(1) / 2
    x_ = mpmath.mpf(value.numerator) / value.denominator
    return (x_ - 1 - mpmath.log(x_)) / (x_ - 1) ** 2
