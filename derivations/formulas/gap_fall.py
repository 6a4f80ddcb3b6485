"""By how much the gap falls at least in a layer, and what its falls add up to."""

from __future__ import annotations

from functools import partial

from sympy import Derivative, Eq, Expr, simplify, sqrt

from derivations.formulas.again import Again, close
from derivations.formulas.backward_checks import cited, derivative
from derivations.formulas.backward_letters import fall, x
from derivations.formulas.contraction import one_layer, rate
from derivations.notation import Mean, X, at_least, d, phi
from derivations.steps import Step

__all__ = ["constant", "fall_at_least", "least_fall", "potential", "potential_steps"]

MEAN_FALL = Mean(fall, X)


def fall_at_least(gap: Expr) -> Expr:
    """Return the least mean fall of a gap in a layer.

    Examples
    --------
    >>> fall_at_least(phi(X))
    2*phi(X_l)/((d + 2)*(sqrt(2)*sqrt(d)*sqrt(phi(X_l)) + 1)**2)
    """
    return rate(gap) * gap


def least_fall() -> list[Step]:
    """Return the steps to E[φ - φ' | X] ≥ 2φ/((d + 2)(1 + √(2dφ))²)."""
    layer = one_layer()[-1]
    return [
        cited(layer, "isometry-gap-contraction"),
        Step(
            at_least(MEAN_FALL, fall_at_least(phi(X))),
            "what the gap loses",
            Again(
                MEAN_FALL,
                partial(_lost, layer),
                "SymPy: the gap less the bound of the step before",
                relation=">=",
            ),
        ),
    ]


def _lost(layer: Step) -> Expr:
    return phi(X) - layer.claim.rhs


def potential(gap: Expr) -> Expr:
    """Return F with F' = 1/√D for the least fall D, F(0) = 0.

    Examples
    --------
    >>> potential(x)
    sqrt(d + 2)*(2*sqrt(d)*x + 2*sqrt(2)*sqrt(x))/2
    """
    return sqrt(d + 2) * (2 * sqrt(d) * gap + 2 * sqrt(2) * sqrt(gap)) / 2


def potential_steps() -> list[Step]:
    """Return the steps from the least fall to Σ E √(fall) ≤ F(φ_0)."""
    F = potential(x)
    return [
        Step(
            Eq(Derivative(F, x), sqrt((d + 2) / (2 * x)) * (1 + sqrt(2 * d * x))),
            r"let $F(x)$ be this function of the gap, with $F(0) = 0$: its derivative is "
            r"$D^{-1/2}$ for the least mean fall $D$ of a gap $x$",
            _slope,
            "SymPy: differentiation, and the inverse root of the least fall",
        ),
        Step(
            Eq(Derivative(F, (x, 2)), -sqrt((d + 2) / (8 * x**3))),
            r"so $F$ is concave, $F(\phi) - \mathbb{E} F(\phi') \ge F'(\phi) \mathbb{E}[\phi - "
            r"\phi'] \ge (\mathbb{E}[\phi - \phi'])^{1/2}$, which is at least the mean of "
            r"$(\phi - \phi')^{1/2}$; sum over the layers",
            derivative,
            "SymPy: differentiation",
        ),
    ]


def _slope(claim: Eq) -> bool:
    inverse = 1 / sqrt(fall_at_least(x))
    return derivative(claim) and all(
        close(side.doit().subs({d: 5, x: 3}), inverse.subs({d: 5, x: 3})) for side in claim.args
    )


def constant(eta: Expr) -> Expr:
    """Return k at a gap: it falls at least by one k-th there, and below.

    Examples
    --------
    >>> constant(1 / (8 * d)).factor()
    9*(d + 2)/8
    """
    return simplify(eta / fall_at_least(eta))
