"""Checks of steps that follow from others by algebra: what the right side should be is found again.

Under the hypothesis that the eigenvalues have mean one, p_1 = d.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    expand,
    simplify,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derivations.formulas.again import Again
from derivations.notation import (
    Rule,
    W,
    at_width,
    by_engine,
    d,
    in_power_sums,
    k,
    lam,
    over_eigenvalues,
    p,
)
from derivations.rows import mean_by_rows
from derivations.steps import BOTH, WIDTHS
from weingarten import E

__all__ = ["SPREAD", "AtMeanOne", "at_mean_one", "follows", "mean_of_forms", "same_at_mean_one"]

SPREAD = over_eigenvalues(Sum, (lam[k] - 1) ** 2)
"""Σ_k (λ_k - 1)², how far the eigenvalues are from their mean."""


def at_mean_one(expr: Expr) -> Expr:
    """Write sums over eigenvalues as power sums, with p_1 = d.

    Examples
    --------
    >>> at_mean_one(SPREAD)
    -d + p_2
    """
    return in_power_sums(expr).xreplace({p(1): d})


def same_at_mean_one(x: Expr, y: Expr) -> bool:
    """Say whether two expressions are equal where the eigenvalues have mean one."""
    difference = at_mean_one(x - y)
    letters = sorted(difference.atoms(Symbol, AppliedUndef), key=str)
    trial = difference.xreplace({s: Integer(n) for n, s in enumerate(letters, start=5)})
    # What is not zero at one place needs no algebra.
    if trial.is_number and abs(trial.evalf(30)) > Rational(1, 10**20):
        return False
    return bool(simplify(difference) == 0)


def mean_of_forms(*rows: int) -> Expr:
    """Return the mean of a product of diagonal entries of W A Wᵀ, in power sums of A.

    Examples
    --------
    >>> mean_of_forms(0)
    p_1/d
    """
    A = MatrixSymbol("A", d, d)
    value = E(Mul(*((W * A * W.T)[row, row] for row in rows)), Q.symmetric(A))
    traces = {Trace(A): p(1)} | {Trace(A**order): p(order) for order in range(2, len(rows) + 1)}
    written = value.xreplace(traces)
    if written.atoms(Trace):
        raise ValueError(f"{written} has traces that are no power sums")
    return written


@dataclass(frozen=True)
class AtMeanOne:
    """A mean of a product of row norms, where the eigenvalues have mean one.

    Parameters
    ----------
    rows : tuple of int
        The rows of the factors a_i on the left side.
    """

    rows: tuple[int, ...]

    @property
    def how(self) -> str:
        """What is compared."""
        return (
            "engine, for every $d$ and every symmetric $A$ of trace $d$; and "
            f"{BOTH}, written out at $d = {WIDTHS[0]}, {WIDTHS[1]}$"
        )

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim holds."""
        if not isinstance(claim, Eq) or not same_at_mean_one(mean_of_forms(*self.rows), claim.rhs):
            return False
        return all(
            _vanishes(claim.lhs - claim.rhs, width, rule)
            for width in WIDTHS
            for rule in (by_engine, mean_by_rows)
        )


def _vanishes(difference: Expr, width: int, rule: Rule) -> bool:
    last = width - Add(*(lam[n] for n in range(width - 1)))
    return bool(expand(at_width(difference, width, rule).xreplace({lam[width - 1]: last})) == 0)


def follows(left: Expr, again: Callable[[], Expr], how: str, relation: str = "<=") -> Again:
    """Return a check of a right side that is worked out again, exactly, at mean one."""
    return Again(left, again, how, relation, agree=same_at_mean_one)
