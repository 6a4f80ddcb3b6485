"""The paper's lemmas B.1 and B.2 and its first theorem: how fast the gap falls with depth."""

from __future__ import annotations

from math import log1p

from sympy import Expr, Min, Rational, Symbol, exp, log, oo, sqrt, symbols
from sympy.core.relational import Relational

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas.again import Again
from derivations.formulas.common import LAYER, PAPER, REGULAR
from derivations.formulas.contraction import (
    AFTER,
    INFINITE,
    LAYERS,
    contraction,
    gap_error,
    h,
    one_layer,
    rate,
)
from derivations.formulas.contraction_checks import beta_weight
from derivations.formulas.entries import HAAR, width_at_least
from derivations.inequalities import Coefficients, Derivatives, enclose, excess
from derivations.notation import X_L, L, Mean, X, at_least, at_most, d, phi, phi_0
from derivations.numeric import depth_draws, statistics
from derivations.numeric.isometry_statistics import gap_times_width, largest_deviation
from derivations.point import Point

__all__ = ["lemma_b1", "lemma_b2", "theorem_1"]

x, y = symbols("x y", positive=True)
c = Symbol("c", nonnegative=True)

DEVIATION = Hypothesis(
    r"$c = \max_k \lvert \lambda_k - 1 \rvert$, for eigenvalues $\lambda_k$ of $A$ of mean 1: the "
    r"paper puts them in $[1 - c, 1 + c]$ where $\phi \le c/(16 d)$."
)


def _gap_of_pair(deviation: Rational) -> Expr:
    """Return the gap of the eigenvalues 1 ± δ, at d = 2."""
    return -(log(1 - deviation) + log(1 + deviation)) / 2


COUNTER = Rational(279, 5000)  # δ = 0.0558 > c = 0.05
COUNTER_C = Rational(1, 20)


def lemma_b1() -> Formula:
    """Derive what a small gap says of the eigenvalues, and refute the paper's version.

    Examples
    --------
    >>> lemma = lemma_b1()
    >>> lemma.verdict.word, lemma.holding
    ('false', c - log(c + 1) <= d*phi(X_l))
    """
    statement = at_most(c, 16 * d * phi(X))
    right = at_most(c - log(1 + c), d * phi(X))
    allowed = COUNTER_C / (16 * 2)
    return Formula(
        name="paper-lemma-b1",
        title="Eigenvalues of an input with a small isometry gap",
        statement=statement,
        kind="bound",
        hypotheses=(DEVIATION, REGULAR),
        source=f"{PAPER}, lemma B.1",
        steps=(
            Step(
                at_most(0, h(x)),
                r"no term of $d \phi = \sum_k h(\lambda_k)$ is negative, with "
                r"$h(x) = x - 1 - \log x$: none is larger than $d \phi$",
                Derivatives(x, 1, 0, oo),
            ),
            Step(
                at_least(h(1 - x), h(1 + x)),
                r"an eigenvalue below 1 costs more than one as far above it",
                Derivatives(x, 0, 0, 1),
            ),
            Step(
                right,
                r"so that $h(1 + c) \le d \phi$",
                Again(c - log(1 + c), _all_of_the_gap, "SymPy: $h(1 + c)$ is the left side"),
            ),
        ),
        singular="The gap is infinite, and bounds nothing.",
        observe=largest_deviation,
        against=gap_times_width,
        every_draw=True,
        error=_times_width,
        verdict=Verdict(
            "false",
            r"For small $c$: at $d = 2$ and $c = 0.05$ the eigenvalues $1 \pm 0.0558$ have a gap "
            r"below $c/(16 d)$. A gap is of second order in the deviation, the bound of first. "
            r"Right is $\phi \le (c - \log(1 + c))/d$.",
            evidence=(
                Step(
                    at_most(_gap_of_pair(COUNTER), allowed),
                    r"the gap of $1 \pm 0.0558$ at $d = 2$ is below $c/(16 d)$ for $c = 0.05$",
                    _enclosed,
                    "interval arithmetic (arb)",
                ),
            ),
            right=right,
        ),
    )


def _all_of_the_gap() -> Expr:
    return d * phi(X) * (h(1 + c) / (c - log(1 + c)))


def _enclosed(claim: Relational) -> bool:
    """Enclose the difference of the sides, two numbers."""
    return bool(enclose(excess(claim), {}) > 0) and COUNTER > COUNTER_C


def _times_width(point: Point) -> float:
    return 0.0 if point.exact else point.integer_width() * gap_error(point)


SHARE = 1 / (2 * d**2)
"""The paper's share that a layer takes off a mean gap of up to 1/(16d)."""
SMALL = 1 / (16 * d)
PAPER_K = 2 * d**2 * (1 + d * phi_0)
"""The paper's number of layers after which the mean gap is e times smaller, with C = 2."""


def _over_small(gap: Expr) -> Expr:
    """Return the paper's fall of the mean gap: φ/(2d²) where φ ≤ 1/(16d), else 1/(32d³)."""
    return Min(gap, SMALL) * SHARE


def lemma_b2() -> Formula:
    """Derive the paper's fall of the mean gap in a layer.

    Examples
    --------
    >>> lemma_b2().evaluate(d=2, gap=1)
    255/256
    """
    statement = at_most(AFTER, phi(X) - _over_small(phi(X)))
    ours = at_most(AFTER, phi(X) * (1 - rate(phi(X))))
    return Formula(
        name="paper-lemma-b2",
        title="Fall of the mean isometry gap in a layer",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, REGULAR, width_at_least(2)),
        source=f"{PAPER}, lemma B.2",
        steps=(
            *one_layer(),
            Step(
                at_least((x + y) / (1 + x + y), x / (1 + x)),
                r"what a layer takes away grows with the gap, as $x = \sqrt{2 d \phi}$ does: above "
                r"$1/(16 d)$ it is at least what it is there",
                Coefficients({x: 0, y: 0}),
            ),
            Step(
                at_most((1 + sqrt(2 * d * SMALL)) ** 2, 2),
                r"up to $\phi = 1/(16 d)$, where $2 d \phi = 1/8$, this is at most 2",
                _numbers,
                "interval arithmetic (arb)",
            ),
            Step(
                at_least(1 / (d + 2), SHARE),
                r"so a layer takes away a share of $1/(d + 2)$ at least, and more than the paper's",
                Coefficients({d: 2}),
            ),
            Step(
                statement,
                r"the fall of the paper, in both ranges; its proof gives $2 d (d + 2)$ where the "
                r"statement has $2 d^2$, and the statement holds all the same",
                Again(AFTER, _paper_fall, "SymPy: the share, up to $1/(16 d)$, over the paper's"),
            ),
        ),
        singular=INFINITE,
        observe=statistics.gap,
        error=gap_error,
        verdict=Verdict(
            "holds",
            r"Its proof gives $2 d (d + 2)$ and $32 d^2 (d + 2)$ in place of $2 d^2$ and "
            r"$32 d^3$; with the sharper bound the statement holds as it stands, for $d \ge 2$.",
            sharper=Sharper(ours, factor=_fall_over_paper, of="fall of the mean gap"),
        ),
    )


def _numbers(claim: Relational) -> bool:
    """Enclose both sides, two numbers."""
    return bool(enclose(excess(claim), {}) > 0)


def _paper_fall() -> Expr:
    ours = beta_weight() / 2 * d / 2  # half the weight, times d over a square of at most 2
    assert Coefficients({d: 2})(at_least(ours, SHARE))
    return phi(X) - _over_small(phi(X))


def _fall_over_paper(point: Point) -> float | None:
    """Compare the bounds' falls of the gap at a point."""
    if not point.has("gap") or not point.width.is_Integer:
        return None
    gap, width = float(point.gap), point.integer_width()
    if not gap:
        return None
    paper = min(gap, 1 / (16 * width)) / (2 * width**2)
    return float(2 * gap / ((width + 2) * (1 + (2 * width * gap) ** 0.5) ** 2) / paper)


def theorem_1() -> Formula:
    """Derive E φ(X_L) ≤ φ_0 exp(-L/k) with k = 2 d² (1 + d φ_0).

    Examples
    --------
    >>> theorem_1().evaluate(d=2, gap=1, depth=24)
    exp(-1)
    """
    end = Mean(phi(X_L))
    statement = at_most(end, phi_0 * exp(-L / PAPER_K))
    ours = contraction()
    return Formula(
        name="paper-theorem-1",
        title="The mean isometry gap falls exponentially with depth",
        statement=statement,
        kind="bound",
        hypotheses=(LAYERS, REGULAR, width_at_least(2)),
        source=f"{PAPER}, theorem 1: $k = C d^2 (1 + d \\phi_0)$ with a constant $C$",
        steps=(
            *ours.steps,
            Step(
                at_most(log(1 - x), -x),
                r"so $(1 - 1/k)^L \le e^{-L/k}$",
                Derivatives(x, 0, 0, 1),
            ),
            Step(
                at_most((d + 2) * (1 + 2 * y), PAPER_K.subs(phi_0, y / d)),
                r"with $y = d \phi_0$: $k$ is at most the left side, and that at most the paper's "
                r"with $C = 2$, for $d \ge 2$",
                Coefficients({d: 2, y: 0}),
            ),
            Step(
                statement,
                "put together",
                Again(end, _with_constant, "SymPy: the exponential with this $k$"),
            ),
        ),
        singular=INFINITE,
        error=gap_error,
        draw=depth_draws.gap_at_depth,
        verdict=Verdict(
            "holds",
            r"With $C = 2$. The paper's proof gives $k = \max(2 d (d + 2), "
            r"32 d^2 (d + 2) \phi_0)$; $k$ need not grow like $d^2$ when $d \phi_0$ stays bounded.",
            sharper=Sharper(
                ours.statement,
                "isometry-gap-contraction",
                _rate_over_paper,
                "rate of decay per layer",
            ),
        ),
    )


def _with_constant() -> Expr:
    return phi_0 * exp(-L / PAPER_K)


def _rate_over_paper(point: Point) -> float | None:
    """Compare the logarithms of the factors of a layer."""
    if not point.has("gap") or not point.width.is_Integer:
        return None
    gap, width = float(point.gap), point.integer_width()
    ours = -log1p(-2 / ((width + 2) * (1 + (2 * width * gap) ** 0.5) ** 2))
    return ours * 2 * width**2 * (1 + width * gap)
