"""The paper's bounds on gradients at any depth: lemma C.3 and theorem 5."""

from __future__ import annotations

import math
from functools import partial

from sympy import Expr, Integer, Rational, Symbol, exp, log, sqrt

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas.again import Again
from derivations.formulas.backward_checks import cited
from derivations.formulas.backward_letters import G_W, Norm, constant, x, y
from derivations.formulas.common import PAPER
from derivations.formulas.gradient_bound import LOG_SUM, bound, gain_step, sum_bound
from derivations.formulas.paper_network import (
    FOR_A_NETWORK,
    INFINITE,
    MEANS,
    SPECTRAL,
    TANGENT,
    TAU,
    width_and_gap,
)
from derivations.inequalities import Coefficients, OnBox, Squares
from derivations.notation import L, Mean, at_least, at_most, d, phi_0
from derivations.numeric.gradient_draws import layers_of_run, log_gradient, log_jacobian_sum
from derivations.point import Point

__all__ = ["lemma_c3", "theorem_5"]

z = Symbol("z", positive=True)
ABSOLUTE = r"$C_0$ is an absolute constant; {} will do, and is put in for a value."
PAPER_C3 = constant * d**5 * (phi_0**3 + 1 - exp(-L / TAU))
PAPER_5 = constant * d**5 * (phi_0**3 + 1)


def _whole(bound_: Expr) -> Expr:
    """Return the paper's bound: the evidence, put together from it, is what can fail."""
    return bound_


def _with_constant(number: Expr, formula: Formula, point: Point) -> Expr:
    return point.substitute(formula.statement.rhs.xreplace({constant: number}))


def _b_above(gap: Expr) -> Expr:
    """Return a polynomial above B: √(d(d+2)) ≤ d + 1, 2√y ≤ 1 + y, √((d+2)/2) ≤ (d + 4)/4."""
    mean = MEANS.claim.rhs
    root = mean.subs({x: d, y: d + 2}, simultaneous=True)
    return (
        d * gap / 2
        + root * mean.subs({x: 1, y: gap}, simultaneous=True)
        + d * mean.subs({x: 1, y: (d + 2) / 2}, simultaneous=True) * gap
    )


def _cube() -> Step:
    return Step(
        at_least(y**3, 3 * z**2 * y - 2 * z**3),
        r"$y^3$ lies above its tangent at $z$",
        Squares((y - z) ** 2 * (y + 2 * z)),
    )


def _cube_above(at: Expr) -> Expr:
    return _cube().claim.rhs.subs(z, at)


EIGHT = Integer(8)
QUARTER = Rational(1, 4)


def _paper_below(at: Expr, decay: Expr) -> Expr:
    """Return what lies below the paper's C.3: the tangent of the cube, and less for the decay."""
    paper = PAPER_C3.xreplace({constant: EIGHT, exp(-L / TAU): decay})
    return paper.xreplace({phi_0**3: _cube_above(at)})


def _evidence_c3() -> tuple[Step, ...]:
    shallow = _paper_below(1 / (4 * d**2), 1 - L / TAU / 2)
    deep = _paper_below(Rational(1, 2), Rational(2, 5))
    return (
        _cube(),
        MEANS,
        Step(
            at_least(1 - exp(-x), x / 2),
            r"for $L \le 32 d^4$, with $x = L/(32 d^4)$",
            OnBox({x: (0, 1)}, contact=(x, 0, 1)),
        ),
        Step(
            at_least(shallow, d * y / 2 + d * L / 16 + 2 * y),
            r"then 8 will do: below stands the bound for any orthogonal weights, with "
            r"$(d L \phi_0/2)^{1/2} \le d L/16 + 2 \phi_0$, and $\phi_0^3$ lies above its tangent "
            r"at $1/(4 d^2)$",
            Coefficients({d: 2, L: 1, y: 0}),
        ),
        Step(
            at_least(1 - exp(Integer(-1)), Rational(3, 5)),
            r"for $L > 32 d^4$",
            OnBox({}),
        ),
        Step(
            at_least(deep, _b_above(y)),
            r"then 8 will do against $B$, and $\phi_0^3$ lies above its tangent at $1/2$",
            Coefficients({d: 2, y: 0}),
        ),
    )


def lemma_c3() -> Formula:
    """Derive the paper's bound on the sum of the logarithms of all Jacobians.

    Examples
    --------
    >>> lemma_c3().evaluate(d=2, gap=1, depth=0)
    256
    """
    steps = sum_bound()
    left = Mean(LOG_SUM)
    paper = at_most(left, PAPER_C3)
    return Formula(
        name="paper-lemma-c3",
        title="Jacobians of all layers, on average",
        statement=paper,
        kind="bound",
        hypotheses=(*FOR_A_NETWORK, Hypothesis(ABSOLUTE.format("8"))),
        source=f"{PAPER}, lemma C.3",
        steps=(
            cited(steps[-1], "gradient-bound"),
            Step(
                paper,
                r"at $d = 1$ the left is zero; from $d = 2$ on, see the evidence: the smaller "
                r"of the bound for any orthogonal weights and of $B$ is below",
                Again(
                    left,
                    partial(_whole, PAPER_C3),
                    "arb and SymPy: the evidence",
                    lemmas=_evidence_c3(),
                ),
            ),
        ),
        singular=INFINITE,
        arguments=(*SPECTRAL, "depth"),
        value=partial(_with_constant, EIGHT),
        draw=log_jacobian_sum,
        verdict=Verdict(
            "holds",
            r"As a statement up to a constant, for which 8 will do. The proof drops a factor 2 in "
            r"its equation (102).",
            evidence=_evidence_c3(),
            sharper=Sharper(steps[-1].claim, factor=_c3_factor, of="bound, with $C_0 = 8$"),
        ),
    )


def _b(d_: float, gap: float) -> float:
    return d_ * gap / 2 + math.sqrt(d_ * (d_ + 2) * gap) + d_ * math.sqrt((d_ + 2) / 2) * gap


def _c3_factor(point: Point) -> float | None:
    """Compare with the smaller of B and the bound for any orthogonal weights."""
    numbers = width_and_gap(point)
    if numbers is None or not point["depth"].is_Integer or not numbers[1] or not point["depth"]:
        return None
    d_, gap = numbers
    depth = int(point["depth"])
    paper = 8 * d_**5 * (gap**3 - math.expm1(-depth / (32 * d_**4)))
    return paper / min(_b(d_, gap), d_ * gap / 2 + math.sqrt(d_ * depth * gap / 2))


def _evidence_5() -> tuple[Step, ...]:
    paper = PAPER_5.xreplace({constant: QUARTER, phi_0**3: _cube_above(Rational(1, 2))})
    return (
        TANGENT,
        _cube(),
        MEANS,
        Step(
            at_least(paper, 2 * d - 1 + _b_above(y)),
            r"$C_0 = 1/4$ will do: $\log 2 d \le 2 d - 1$, roots lie below arithmetic means, and "
            r"$\phi_0^3$ lies above its tangent at $1/2$",
            Coefficients({d: 2, y: 0}),
        ),
    )


def _ours_5() -> Expr:
    """Add the gradient at the output: log 2√d by lemma C.2, and log √d for the input of a layer."""
    return bound() + log(sqrt(d)) + log(2 * sqrt(d))


def theorem_5() -> Formula:
    """Derive the paper's bound on the mean logarithm of a gradient, at any depth.

    Examples
    --------
    >>> theorem_5().evaluate(d=2, gap=1)
    16
    """
    left = Mean(log(Norm(G_W)))
    steps = sum_bound()
    ours = at_most(left, log(2 * d) + steps[-1].claim.rhs)
    paper = at_most(left, PAPER_5)
    return Formula(
        name="paper-theorem-5",
        title="Gradients are bounded at any depth",
        statement=paper,
        kind="bound",
        hypotheses=(
            *FOR_A_NETWORK,
            Hypothesis(
                r"The gradient at the output is at most $2 \sqrt{d}$, as for a sum over $n = d$ "
                r"samples with gradients of at most 2 each: see lemma C.2."
            ),
            Hypothesis(ABSOLUTE.format("1/4")),
        ),
        source=f"{PAPER}, theorem 5, proved as C.1",
        steps=(
            gain_step(),
            cited(steps[-1], "gradient-bound"),
            Step(
                ours,
                r"put in what the gradient at the output is at most, $2 \sqrt{d}$",
                Again(left, _ours_5, "SymPy: both terms and $B$ again"),
            ),
            Step(
                paper,
                r"at $d = 1$ the gradient is zero; from $d = 2$ on, see the evidence",
                Again(left, partial(_whole, PAPER_5), "SymPy: the evidence", lemmas=_evidence_5()),
            ),
        ),
        singular=INFINITE,
        arguments=SPECTRAL,
        value=partial(_with_constant, QUARTER),
        draw=log_gradient,
        layers=layers_of_run,
        verdict=Verdict(
            "holds",
            r"For every depth, with $C_0 = 1/4$; the sharper bound grows like $d^{3/2} \phi_0$ in "
            r"place of $d^5 \phi_0^3$.",
            evidence=_evidence_5(),
            sharper=Sharper(ours, factor=_theorem_factor, of="bound, with $C_0 = 1$"),
        ),
    )


def _theorem_factor(point: Point) -> float | None:
    numbers = width_and_gap(point)
    if numbers is None or numbers[0] == 1:
        return None
    d_, gap = numbers
    return d_**5 * (gap**3 + 1) / (math.log(2 * d_) + _b(d_, gap))
