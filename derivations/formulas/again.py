"""Claims that are put together again from what was shown before, and compared as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import mpmath
from sympy import (
    Add,
    Expr,
    Integer,
    Integral,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
    expand,
    lambdify,
    oo,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derivations.formulas.backward_letters import Norm
from derivations.notation import Mean, d, lam, written_out
from derivations.steps import Step

__all__ = ["CLOSE", "Again", "close", "number", "same"]

SPECTRA = (
    (Rational(1, 2), Rational(3, 4), Rational(7, 4)),
    (Rational(1, 5), Rational(9, 5), Rational(1, 2), Rational(3, 2)),
)
"""Eigenvalues of mean one at which both sides of a claim are compared, at two widths."""
CLOSE = Rational(1, 10**25)


@dataclass(frozen=True)
class Again:
    """A claim whose right side is put together again, from lemmas that are proved again too.

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
    lemmas : tuple of Step, optional
        What it rests on.
    agree : callable, optional
        Takes both right sides, and says whether they are one: by default, at several numbers.
    """

    left: Expr
    again: Callable[[], Expr] = field(repr=False)
    how: str
    relation: str = "<="
    lemmas: tuple[Step, ...] = ()
    agree: Callable[[Expr, Expr], bool] | None = None

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is what follows."""
        about = claim.lhs == self.left and claim.rel_op == self.relation
        agree = self.agree or same
        if not about or not agree(claim.rhs, self.again()):
            return False
        return all(step.check() for step in self.lemmas)


def close(first: Expr, second: Expr) -> bool:
    """Say whether two numbers agree to 25 digits, relative to the larger, or absolutely."""
    numbers = [(Integer(0) + value).evalf(40) for value in (first, second)]
    if not all(value.is_number and value.is_finite for value in numbers):
        return False
    scale = max(1, *(abs(value) for value in numbers))
    return bool(abs(numbers[0] - numbers[1]) < scale * CLOSE)


def same(first: Expr, second: Expr) -> bool:
    """Say whether two expressions are one, or agree to 25 digits at several numbers."""
    if first == second or expand(first - second) == 0:
        return True
    return all(close(*pair) for pair in _values(first, second))


def _values(first: Expr, second: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield values of two expressions with numbers for their letters, eigenvalues of mean one."""
    both = Tuple(first, second)
    signs = sorted(both.atoms(AppliedUndef, Mean, Norm), key=str)
    for trial, spectrum in enumerate(SPECTRA):
        put = {s: Rational(n + 2 + trial, 7) for n, s in enumerate(signs)}
        chosen = both.xreplace(put)
        one, other = (_at(side, chosen, spectrum, trial) for side in chosen)
        yield one, other


def _at(side: Expr, both: Tuple, spectrum: tuple[Expr, ...], trial: int) -> Expr:
    """Return a value of one side; letters have the same numbers in both."""
    counts = sorted((x for x in both.free_symbols - {d} if x.is_integer), key=str)
    chosen = side.xreplace({x: number(x, n + trial) for n, x in enumerate(counts)})
    written = written_out(chosen, len(spectrum))
    written = written.xreplace({lam[n]: value for n, value in enumerate(spectrum)})
    if written.atoms(Sum, Product):  # between limits that are no integers
        return oo
    bound = {v for part in written.atoms(Integral) for v in part.variables}
    letters = sorted(both.free_symbols - {lam.label} - bound - set(counts), key=str)
    written = written.xreplace({s: number(s, n + trial) for n, s in enumerate(letters)})
    return written.replace(Integral, _integrated)


def number(letter: Symbol, n: int) -> Expr:
    """Return the n-th number for a letter: an integer for what is one."""
    return Integer(n + 3) if letter.is_integer else Rational(n + 3, 11)


def _integrated(integrand: Expr, limits: Any) -> Expr:
    """Integrate with so many digits that those which cancel near zero are made up for."""
    variable, *ends = limits
    function = lambdify(variable, integrand, "mpmath")
    with mpmath.workdps(100):
        value = mpmath.quad(function, [end._to_mpmath(mpmath.mp.prec) for end in ends])
    return Add(Integer(0), value)
