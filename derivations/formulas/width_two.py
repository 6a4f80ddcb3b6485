"""The exact law of the gap at width two, at every depth."""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import (
    Eq,
    Expr,
    Float,
    Integral,
    Rational,
    Symbol,
    cos,
    exp,
    log,
    pi,
    sin,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import PAPER, REGULAR
from derivations.formulas.contraction import LAYERS
from derivations.formulas.contraction_checks import Agree
from derivations.notation import (
    X_L,
    L,
    Mean,
    W,
    d,
    phi,
    phi_0,
)
from derivations.numeric import depth_draws
from derivations.point import Point
from weingarten import E

__all__ = ["width_two"]


def _not_two(point: Point) -> str:
    other = point.width.is_Integer and int(point.width) != 2
    return f"it is about width d = 2, and d = {point.width}" if other else ""


TWO = Hypothesis(
    "The width is $d = 2$.",
    _not_two,
    "at any width there is a bound",
    ("isometry-gap-contraction",),
)
angle = Symbol("theta", positive=True)
cosine = Symbol("r", positive=True)


def width_two() -> Formula:
    """Derive the mean of exp(2 φ(X_L)) - 1 at width two.

    Examples
    --------
    >>> width_two().evaluate(spectrum=[1, 4], depth=3)
    9/128
    >>> width_two().evaluate(gap=0, depth=3)
    0
    """
    grown = exp(2 * phi(X_L)) - 1
    statement = Eq(Mean(grown), (exp(2 * phi_0) - 1) / 2**L)
    after = (cosine * sin(angle)) ** 2 / (1 - (cosine * cos(angle)) ** 2)
    logs = Integral(log(sin(angle) ** 2), (angle, 0, pi)) / pi
    return Formula(
        name="width-two-law",
        title="Isometry gap at any depth, at width two",
        statement=statement,
        hypotheses=(TWO, LAYERS, REGULAR),
        source=f"An exact case of theorem 1 of {PAPER}",
        steps=(
            Step(
                Eq(exp(-log(1 - cosine**2)) - 1, cosine**2 / (1 - cosine**2)),
                r"two unit rows with the cosine $r$ have the gap $-\frac12 \log(1 - r^2)$: this is "
                r"$y = e^{2 \phi} - 1$; $A$ has eigenvalues $1 \pm r$",
                Agree(),
            ),
            Step(
                Eq(after / (1 - after), cosine**2 / (1 - cosine**2) * sin(angle) ** 2),
                r"a rotation by $\theta/2$ gives rows of squared norms $1 \pm r \cos\theta$ with "
                r"the product $r \sin\theta$: after normalisation the square of their cosine is "
                r"$r^2 \sin^2\theta/(1 - r^2 \cos^2\theta)$, so a layer multiplies $y$ by "
                r"$\sin^2\theta$, with $\theta$ uniform",
                Agree(),
            ),
            Step(
                statement,
                r"the mean of $\sin^2\theta = 4 W_{11}^2 W_{12}^2$ is $1/2$, and layers are "
                r"independent",
                Again(
                    Mean(grown),
                    _halved,
                    "engine: the mean of $4 W_{11}^2 W_{12}^2$ at $d = 2$",
                    "==",
                ),
            ),
            Step(
                Eq(logs, -2 * log(2)),
                r"typically $y$ falls faster: the mean of its logarithm by twice $\log 2$ a layer",
                log_sine,
                "mpmath, to 30 digits",
            ),
            Step(
                Eq(Mean(log(grown)), log(exp(2 * phi_0) - 1) - 2 * L * log(2)),
                r"so that $\mathbb{E} \log y_L = \log y_0 - 2 L \log 2$",
                Again(Mean(log(grown)), _log_halved, "mpmath: that mean, times the depth", "=="),
            ),
        ),
        singular="The gap is infinite before and after every layer, and both sides are.",
        arguments=("d", "spectrum", "batch", "gap", "depth"),
        error=_grown_error,
        draw=depth_draws.grown_gap,
    )


def _halved() -> Expr:
    share = E(4 * W[0, 0] ** 2 * W[0, 1] ** 2).subs(d, 2)
    return (exp(2 * phi_0) - 1) * share**L


def _mean_log_sine() -> Any:
    with mpmath.workdps(45):
        return mpmath.quad(lambda u: mpmath.log(mpmath.sin(u) ** 2), [0, mpmath.pi]) / mpmath.pi


def log_sine(claim: Eq) -> bool:
    """Integrate numerically."""
    return bool(
        claim.lhs == Integral(log(sin(angle) ** 2), (angle, 0, pi)) / pi
        and abs((claim.rhs - Float(_mean_log_sine(), 40)).evalf(40)) < Rational(1, 10**30)
    )


def _log_halved() -> Expr:
    return log(exp(2 * phi_0) - 1) + L * Float(_mean_log_sine(), 40)


def _grown_error(point: Point) -> float:
    if point.exact or point.spectrum is None:
        return 0.0
    relative = point.relative().gap
    return 4 * float(relative.error) * float(mpmath.exp(2 * float(relative.value)))
