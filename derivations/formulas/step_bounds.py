"""What the rate, the ceiling and the series of a gap share: letters, and the step law."""

from __future__ import annotations

from sympy import Eq, Expr, log, symbols

from derivations.formula import Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import PAPER
from derivations.formulas.contraction import AFTER
from derivations.formulas.isometry import step_law
from derivations.notation import Mean, X, a, i, phi

__all__ = ["ROWS", "SOURCE", "law_by_rows"]

x, y, v, s, g_low, g_high, low, high = symbols(
    "x y v s g_m g_M lambda_min lambda_max", positive=True
)
SOURCE = f"What is exact or sharp here is bounded there: {PAPER}, theorem 1"
ROWS = Hypothesis("$a_i$ is the squared norm of row $i$ of $W X$, for eigenvalues of mean 1.")


def law_by_rows() -> Step:
    """Return the step law in the mean of log a_i, where the eigenvalues have mean one."""
    return Step(
        Eq(AFTER, phi(X) + Mean(log(a[i]))),
        r"the step law before its integral, at mean one",
        Again(AFTER, _by_the_law, "SymPy: the third step of isometry-gap-step, at mean one", "=="),
    )


def _by_the_law() -> Expr:
    claims = [step.claim for step in step_law().steps]
    (before,) = [claim for claim in claims if claim.lhs == AFTER and claim.rhs.has(Mean)]
    # The same at mean one, where both are compared.
    return before.rhs
