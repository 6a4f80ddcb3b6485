"""Checks of the contraction's steps: constants found again, and both sides compared at numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Integral,
    Symbol,
    cancel,
    diff,
    integrate,
    limit,
    simplify,
)
from sympy.core.relational import Relational

from derivations.formulas.again import CLOSE, number
from derivations.inequalities import excess
from derivations.notation import d

__all__ = ["Agree", "InUnit", "beta_weight", "by_integral"]

u = Symbol("u", positive=True)


@dataclass(frozen=True)
class InUnit:
    """A claim for a variable in (0, 1], which 1/(1 + u) runs through for u ≥ 0.

    Parameters
    ----------
    variable : Symbol
    proof : Any
        Proves the claim for the new variable, which goes by the name of the old one.

    Examples
    --------
    >>> from sympy import Ge
    >>> from derivations.inequalities import Coefficients
    >>> proof = InUnit(u, Coefficients({u: 0}))
    >>> proof(Ge(u, u**2, evaluate=False)), proof(Ge(u**2, u, evaluate=False))
    (True, False)
    """

    variable: Symbol
    proof: Any

    @property
    def how(self) -> str:
        """What is compared."""
        x = self.variable
        return f"with {x} = 1/(1 + v), in (0, 1] for v ≥ 0: {self.proof.how}".replace(
            f"{x} ≥ 0", "v ≥ 0"
        )

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        x = self.variable
        moved = cancel(excess(claim).subs(x, 1 / (1 + x)))
        sides = (moved, Integer(0)) if claim.rel_op in (">=", ">") else (Integer(0), moved)
        return bool(self.proof(claim.func(*sides, evaluate=False)))


@dataclass(frozen=True)
class Agree:
    """An equation of elementary functions: SymPy finds the difference to be zero."""

    how: str = "SymPy: the difference of the two sides is zero"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim holds."""
        difference = (claim.lhs - claim.rhs).doit()
        letters = sorted(difference.free_symbols, key=str)
        trial = difference.subs({s: number(s, n) for n, s in enumerate(letters)})
        # What is not zero at one place needs no algebra.
        if trial.is_number and abs(trial.evalf(30)) > CLOSE:
            return False
        return bool(simplify(difference) == 0)


def beta_weight(power: int = 1) -> Expr:
    """Return ∫_0^1 θ^power (1 - θ)^(d/2 - 1) dθ for every d.

    Examples
    --------
    >>> beta_weight()
    4/(d*(d + 2))
    """
    terms = Add.make_args(((1 - u) ** power).expand())
    return cancel(Add(*map(_power_integral, terms))).factor()


def _power_integral(term: Expr) -> Expr:
    factor, exponent = term.as_coeff_exponent(u)
    return factor * integrate(u ** (d / 2 - 1 + exponent), (u, 0, 1))


def by_integral(claim: Eq) -> bool:
    """Compare a function of x with x² times an integral: both vanish at 0, with one slope."""
    (inner,) = claim.rhs.atoms(Integral)
    (x,) = claim.lhs.free_symbols
    done = claim.rhs.xreplace({inner: integrate(inner.function, *inner.limits)})
    difference = claim.lhs - done
    return bool(limit(difference, x, 0) == 0 and simplify(diff(difference, x)) == 0)
