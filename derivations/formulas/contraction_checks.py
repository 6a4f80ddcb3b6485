"""Checks of the contraction's steps: constants found again, and both sides compared at numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Integral,
    Product,
    Rational,
    Sum,
    Symbol,
    cancel,
    diff,
    integrate,
    lambdify,
    limit,
    oo,
    simplify,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derivations.inequalities import excess
from derivations.notation import Mean, d, lam, written_out

__all__ = ["Again", "Agree", "InUnit", "beta_weight", "by_integral", "same"]

u = Symbol("u", positive=True)

SPECTRA = (
    (Rational(1, 2), Rational(3, 4), Rational(7, 4)),
    (Rational(1, 5), Rational(9, 5), Integer(1)),
)
"""Eigenvalues of mean one at which both sides of a claim are compared."""
CLOSE = Rational(1, 10**25)


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
class Again:
    """A claim whose right side is put together again from what was shown before.

    Parameters
    ----------
    left : sympy.Expr
        What the claim is about.
    again : callable
        Takes nothing and returns what the right side should be, with its constants computed.
    how : str
        From what, for the reader.
    relation : str, optional
        "<=", ">=" or "==", as it has to be.
    """

    left: Expr
    again: Callable[[], Expr]
    how: str
    relation: str = "<="

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is what follows."""
        about = claim.lhs == self.left and claim.rel_op == self.relation
        return bool(about) and same(claim.rhs, self.again())


def same(x: Expr, y: Expr) -> bool:
    """Say whether two expressions are one, or agree to 25 digits at several numbers."""
    return x == y or all(abs(value) < CLOSE for value in _values(x - y))


def _values(expr: Expr) -> Iterator[Expr]:
    """Yield values of an expression with numbers for its letters, eigenvalues of mean one."""
    for trial, spectrum in enumerate(SPECTRA):
        counts = sorted((x for x in expr.free_symbols - {d} if x.is_integer), key=str)
        expr_ = expr.xreplace({x: _number(x, n + trial) for n, x in enumerate(counts)})
        written = written_out(expr_, len(spectrum))
        written = written.xreplace({lam[n]: value for n, value in enumerate(spectrum)})
        if written.atoms(Sum, Product):  # between limits that are no integers
            yield oo
            return
        signs = sorted(written.atoms(AppliedUndef, Mean), key=str)
        written = written.xreplace({s: Rational(n + 2 + trial, 7) for n, s in enumerate(signs)})
        bound = {v for part in written.atoms(Integral) for v in part.variables}
        letters = sorted(written.free_symbols - {lam.label} - bound, key=str)
        written = written.xreplace({s: _number(s, n + trial) for n, s in enumerate(letters)})
        yield written.replace(Integral, _integrated).evalf(40)


def _number(letter: Symbol, n: int) -> Expr:
    return Integer(n + 3) if letter.is_integer else Rational(n + 3, 11)


def _integrated(integrand: Expr, limits: Any) -> Expr:
    """Integrate over a finite range, where the digits that cancel near zero are made up for."""
    variable, *ends = limits
    function = lambdify(variable, integrand, "mpmath")
    with mpmath.workdps(100):
        value = mpmath.quad(function, [mpmath.mpf(int(end)) for end in ends])
    return Add(Integer(0), value)


@dataclass(frozen=True)
class Agree:
    """An equation of elementary functions: SymPy finds the difference to be zero."""

    how: str = "SymPy: the difference of the two sides is zero"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim holds."""
        difference = (claim.lhs - claim.rhs).doit()
        letters = sorted(difference.free_symbols, key=str)
        trial = difference.subs({s: _number(s, n) for n, s in enumerate(letters)})
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
