"""The paper's first layer with a small gap, and what is left after it: lemmas C.5 and C.6."""

from __future__ import annotations

import math

from sympy import (
    Derivative,
    Eq,
    Expr,
    Integer,
    Rational,
    Sum,
    Symbol,
    cancel,
    exp,
    integrate,
    log,
    sqrt,
)

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas.again import Again
from derivations.formulas.backward_checks import cited, derivative
from derivations.formulas.backward_letters import m, steps_to, x
from derivations.formulas.common import PAPER, of_many_widths
from derivations.formulas.gap_fall import constant as rate
from derivations.formulas.gap_fall import fall_at_least, least_fall
from derivations.formulas.paper_network import (
    FOR_A_NETWORK,
    INFINITE,
    MEANS,
    SPECTRAL,
    TANGENT,
    TAU,
    THRESHOLD,
    width_and_gap,
)
from derivations.inequalities import Coefficients, OnBox
from derivations.notation import L, Mean, X, X_next, at_least, at_most, d, phi, phi_0
from derivations.numeric.gradient_draws import hitting_time, root_gap_sum
from derivations.point import Point

__all__ = ["lemma_c5", "lemma_c6"]

PAPER_C5 = 512 * d**4 * phi_0**2
FIRST = Hypothesis(r"$S$ is the first $l$ with $\phi(X_l) \le 1/(16 d)$; it is 0 if $l = 0$ is.")
WHOLE = (d + 2) * (log(x) + 4 * sqrt(2 * d * x) + 2 * d * x) / 2
"""An integral of 1 over the least mean fall of a gap x."""


def _climb() -> tuple[Step, ...]:
    return (
        Step(
            Eq(Derivative(WHOLE, x), 1 / fall_at_least(x)),
            r"this function of the gap $x$ has as derivative the inverse of the least mean "
            r"fall; it is concave, so its mean falls by 1 at least while $x > 1/(16 d)$",
            derivative,
            "SymPy: differentiation",
        ),
    )


def _hitting_time() -> Expr:
    """Integrate the inverse of the least fall from the threshold up, and add what lies below it."""
    below = (x / fall_at_least(x)).subs(x, THRESHOLD)
    return WHOLE.subs(x, phi_0) - WHOLE.subs(x, THRESHOLD) + below


def _evidence_c5() -> tuple[Step, ...]:
    """With x = 16 d φ_0 ≥ 1 and y = √x: the sharper bound is below 2 d² x²."""
    return (
        TANGENT,
        MEANS,
        Step(
            at_least(Rational(37, 20), (1 + sqrt(Rational(1, 8))) ** 2),
            r"with $x = 16 d \phi_0 \ge 1$, the sharper bound is $(d + 2)/2$ times "
            r"$\log x + \sqrt{2} (\sqrt{x} - 1) + (x - 1)/8 + (1 + 8^{-1/2})^2$",
            OnBox({}),
        ),
        Step(
            at_least(4 * x**2, (x - 1) * (1 + Rational(3, 4) + Rational(1, 8)) + Rational(37, 20)),
            r"which is at most $4 x^2$: $\log x \le x - 1$, $\sqrt{2} (\sqrt{x} - 1) \le "
            r"\frac{3}{4} (x - 1)$",
            Coefficients({x: 1}),
        ),
        Step(
            at_least(Rational(3, 2), sqrt(Integer(2))),
            r"as $\sqrt{x} \le (1 + x)/2$",
            OnBox({}),
        ),
        Step(
            at_least(cancel(PAPER_C5.subs(phi_0, x * THRESHOLD) / (4 * x**2)), (d + 2) / 2),
            r"and $512 d^4 \phi_0^2 = 2 d^2 x^2$",
            Coefficients({d: 2}),
        ),
    )


def lemma_c5() -> Formula:
    """Derive the paper's bound on the first layer with a small gap.

    Examples
    --------
    >>> lemma_c5().evaluate(d=2, gap=1), lemma_c5().evaluate(d=2, gap=Rational(1, 32))
    (8192, 0)
    """
    left = Mean(steps_to)
    lost = (
        log(16 * d * phi_0)
        + 4 * sqrt(2 * d * phi_0)
        - sqrt(2)
        + 2 * d * phi_0
        - Rational(1, 8)
        + (1 + sqrt(2) / 4) ** 2
    )
    ours = at_most(left, (d + 2) * lost / 2)
    paper = at_most(left, PAPER_C5)
    return Formula(
        name="paper-lemma-c5",
        title="The first layer with a small gap",
        statement=paper,
        kind="bound",
        hypotheses=(
            *FOR_A_NETWORK,
            FIRST,
            Hypothesis(r"For $\phi_0 > 1/(16 d)$; else $S = 0$, and so is the bound."),
        ),
        source=f"{PAPER}, lemma C.5",
        steps=(
            cited(least_fall()[-1], "gradient-bound"),
            *_climb(),
            Step(
                ours,
                r"so $\mathbb{E}[S]$ is at most its fall from $\phi_0$ to $1/(16 d)$ and, below, "
                r"along its tangent there to zero",
                Again(left, _hitting_time, "SymPy: the integral and the tangent", lemmas=_climb()),
            ),
            Step(
                paper,
                r"weaker than that: see the evidence",
                Again(left, _paper_c5, "SymPy and arb", lemmas=_evidence_c5()),
            ),
        ),
        singular="The gap is infinite, and so are both.",
        arguments=SPECTRAL,
        value=_first_layer,
        draw=hitting_time,
        layers=of_many_widths,
        verdict=Verdict(
            "holds",
            r"The proof reads $P(S \ge l)$ off layer $l$ in place of $l - 1$, which would give "
            r"$1 + 16 d \phi_0 k$ with the $k$ of theorem 1; the sharper bound implies the "
            r"statement all the same.",
            evidence=_evidence_c5(),
            sharper=Sharper(ours, factor=_c5_factor, of="bound"),
        ),
    )


def _paper_c5() -> Expr:
    return PAPER_C5


def _first_layer(formula: Formula, point: Point) -> Expr:
    gap = point.gap
    known = not gap.free_symbols and point.width.is_Integer
    if known and not (gap - THRESHOLD.subs(d, point.width)).evalf().is_positive:
        return Integer(0)
    return point.substitute(formula.statement.rhs)


def _c5_factor(point: Point) -> float | None:
    numbers = width_and_gap(point)
    if numbers is None or 16 * numbers[0] * numbers[1] <= 1:
        return None
    d_, gap = numbers
    ratio = 16 * d_ * gap
    ours = math.log(ratio) + math.sqrt(2) * (math.sqrt(ratio) - 1) + (ratio - 1) / 8
    return 2 * d_**2 * ratio**2 / ((d_ + 2) / 2 * (ours + (1 + math.sqrt(1 / 8)) ** 2))


# Lemma C.6: what is left after the first small gap.

AFTER = Sum(sqrt(d * phi(Symbol("X_{m}"))), (m, steps_to + 1, L))


def _k() -> Expr:
    """Return k near isometry: the gap falls at least by one k-th on average, below 1/(16 d)."""
    return rate(THRESHOLD)


def _geometric() -> Expr:
    shrink = sqrt(1 - 1 / _k())
    return sqrt(d * phi_0) * shrink * (1 - shrink**L) / (1 - shrink)


def _evidence_c6() -> tuple[Step, ...]:
    return (
        TANGENT,
        Step(
            at_least(Rational(37, 20), (1 + sqrt(Rational(1, 8))) ** 2),
            r"$k = (d + 2)/2$ times this",
            OnBox({}),
        ),
        Step(
            at_least(TAU / 2, Rational(37, 40) * (d + 2)),
            r"so $1/k \ge 2/(32 d^4)$, and $(1 - 1/k)^{m/2} \le e^{-m/(32 d^4)}$, as "
            r"$1 - x \le e^{-x}$; the sum over $m = 1, \dots, L$ of these is below the integral",
            Coefficients({d: 2}),
        ),
    )


def _paper_c6() -> Expr:
    """Integrate √(d φ_0) e^(-m/τ) over m from 0 to L."""
    return sqrt(d * phi_0) * integrate(exp(-x / TAU), (x, 0, L))


def lemma_c6() -> Formula:
    """Derive the paper's bound on the roots of the gaps after the first small one.

    Examples
    --------
    >>> lemma_c6().evaluate(d=4, gap=1, depth=0)
    0
    """
    left = Mean(AFTER)
    after = Mean(phi(X_next), X)
    k_ = (d + 2) * (1 + sqrt(2) / 4) ** 2 / 2
    shrink = sqrt(1 - 1 / k_)
    ours = at_most(left, sqrt(d * phi_0) * shrink * (1 - shrink**L) / (1 - shrink))
    paper = at_most(left, TAU * sqrt(d) * sqrt(phi_0) * (1 - exp(-L / TAU)))
    return Formula(
        name="paper-lemma-c6",
        title="Roots of the gaps after the first small one",
        statement=paper,
        kind="bound",
        hypotheses=(*FOR_A_NETWORK, FIRST, Hypothesis("The width is $d \\ge 2$.")),
        source=f"{PAPER}, lemma C.6",
        steps=(
            cited(least_fall()[-1], "gradient-bound"),
            Step(
                at_most(after, phi(X) * (1 - 1 / k_)),
                r"for $\phi(X_l) \le 1/(16 d)$, where $1 + \sqrt{2 d \phi} \le 1 + 8^{-1/2}$",
                Again(after, _near_isometry, "SymPy: the least fall again"),
            ),
            MEANS,
            Step(
                ours,
                r"the mean of a root is at most the root of the mean, which is the last step at "
                r"$y = 1$; the gap never grows, so $\phi(X_S) \le \phi_0$, and at most $L$ terms "
                r"follow",
                Again(left, _geometric, "SymPy: the geometric sum again"),
            ),
            Step(
                paper,
                r"weaker than that: see the evidence",
                Again(left, _paper_c6, "SymPy and arb", lemmas=_evidence_c6()),
            ),
        ),
        singular=INFINITE,
        arguments=(*SPECTRAL, "depth"),
        draw=root_gap_sum,
        verdict=Verdict(
            "holds",
            r"The proof's step from (120) to (121) sums from $0$, one term too many for its bound; "
            r"from $1$ on it is right, and near isometry $k$ is of order $d$ and not $d^4$.",
            evidence=_evidence_c6(),
            sharper=Sharper(ours, factor=_c6_factor, of="bound"),
        ),
    )


def _near_isometry() -> Expr:
    return phi(X) * (1 - 1 / _k())


def _c6_factor(point: Point) -> float | None:
    numbers = width_and_gap(point)
    if numbers is None or not point["depth"].is_Integer or point["depth"] < 1 or numbers[0] < 2:
        return None
    d_, depth = numbers[0], int(point["depth"])
    shrink = math.sqrt(1 - 2 / ((d_ + 2) * (1 + math.sqrt(1 / 8)) ** 2))
    ours = shrink * (1 - shrink**depth) / (1 - shrink)
    return -32 * d_**4 * math.expm1(-depth / (32 * d_**4)) / ours
