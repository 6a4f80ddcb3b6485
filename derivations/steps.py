"""A step of a derivation: one claim, and a check that can refute it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy import Eq, cancel
from sympy.core.relational import Relational

from derivations.notation import PowerSum, Rule, X, a, at_width, by_engine, evaluated, lam
from derivations.rows import mean_by_rows

__all__ = ["Step", "has_spectrum", "holds_both_ways"]

BOTH = "engine, and row by row on the sphere"
WIDTHS = (4, 5)
"""Widths at which a claim about a whole spectrum is written out and compared."""


@dataclass(frozen=True)
class Step:
    """One claim on the way to a formula, and a check that can refute it.

    Parameters
    ----------
    claim : sympy.Eq, sympy.Le or sympy.Ge
        In the letters of `derivations.notation`.
    because : str
        Why it holds; may hold LaTeX between dollar signs.
    verify : callable, optional
        Takes the claim and returns whether it holds, by a route that did not write it; an
        inequality needs one, such as those of `derivations.inequalities`. By default both sides
        of an equation are evaluated twice, by the engine and by
        `derivations.rows.mean_by_rows`, which shares no code with it: for every d where only
        entries of W occur, else written out at widths 4 and 5 with free eigenvalues.
    checked : str, optional
        What ``verify`` compares, for the reader of a report; by default its own ``how``.

    Examples
    --------
    >>> from sympy import Eq
    >>> from derivations.notation import Mean, W, d, i, j
    >>> Step(Eq(Mean(W[i, j]**2), 1/d), "the rows of $W$ are unit vectors").check()
    True
    >>> Step(Eq(Mean(W[i, j]**2), 2/d), "a slip").check()
    False
    """

    claim: Relational
    because: str
    verify: Callable[[Any], bool] | None = field(default=None, repr=False)
    checked: str = ""

    def __post_init__(self) -> None:
        if self.verify is None and not isinstance(self.claim, Eq):
            raise TypeError(
                f"the step {self.claim} is no equation: expected verify=…, such as one of "
                "derivations.inequalities"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        # SymPy would evaluate a claim such as 1 <= 2 when it is loaded, to a plain True.
        claim = self.claim
        return _step, (claim.func, claim.args, self.because, self.verify, self.checked)

    def check(self) -> bool:
        """Verify the claim again; false means that it does not hold."""
        return bool((self.verify or holds_both_ways)(self.claim))

    def how(self) -> str:
        """Say what `check` compares."""
        if self.checked or self.verify is not None:
            return self.checked or str(getattr(self.verify, "how", ""))
        if _is_written_out(self.claim):
            return f"{BOTH}, both sides written out at $d = {WIDTHS[0]}, {WIDTHS[1]}$"
        return f"{BOTH}, for every $d$"


def _step(relation: type[Relational], sides: tuple[Any, Any], *rest: Any) -> Step:
    return Step(relation(*sides, evaluate=False), *rest)


def _is_written_out(claim: Relational) -> bool:
    return bool({lam.label, a.label} & claim.free_symbols or claim.atoms(PowerSum))


def has_spectrum(claim: Relational) -> bool:
    """Say whether a claim is about a layer's input."""
    return _is_written_out(claim) or X in claim.free_symbols


def holds_both_ways(claim: Eq) -> bool:
    """Say whether a claim holds by the engine, and again row by row on the sphere.

    Examples
    --------
    >>> from derivations.notation import W, Mean, d, i, j
    >>> holds_both_ways(Eq(Mean(W[i, j] ** 2), 1 / d))
    True
    """
    return _holds(claim, by_engine) and _holds(claim, mean_by_rows)


def _holds(claim: Eq, mean: Rule) -> bool:
    difference = claim.lhs - claim.rhs
    if _is_written_out(claim):
        return all(at_width(difference, width, mean) == 0 for width in WIDTHS)
    return bool(cancel(evaluated(difference, mean)) == 0)
