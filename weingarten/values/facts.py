"""Facts that a check is given must hold of the values it is made at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Eq, Q
from sympy.assumptions import AppliedPredicate
from sympy.logic.boolalg import And

from weingarten.values.arguments import Array

#: How far off a fact may be, relative to the matrix: numbers are rarely exact.
_ROUNDING = 1e-9


def _transposed(matrix: Array) -> Array:
    return np.swapaxes(matrix, -2, -1)


#: What vanishes where a fact holds.
_DEFECTS: dict[Any, Callable[[Array], Array]] = {
    Q.symmetric: lambda m: m - _transposed(m),
    Q.orthogonal: lambda m: m @ _transposed(m) - np.eye(len(m)),
    Q.unitary: lambda m: m @ np.conj(_transposed(m)) - np.eye(len(m)),
    Q.diagonal: lambda m: m * (1 - np.eye(*m.shape)),
    Q.hermitian: lambda m: m - np.conj(_transposed(m)),
    Q.real_elements: lambda m: m.imag,
    Q.zero: lambda m: m,
}


def require(facts: Any, values: Callable[[Any], Any]) -> None:
    """Let pass facts that hold of the values; those not known here are let pass too.

    Parameters
    ----------
    facts : Boolean, or list of Boolean
        The facts.
    values : callable
        Returns the value of an expression.

    Raises
    ------
    ValueError
        If one fails: samples could not agree with what follows from it.

    Examples
    --------
    >>> from sympy import MatrixSymbol
    >>> A = MatrixSymbol("A", 2, 2)
    >>> values = {A: np.array([[1, 2], [2, 1]])}
    >>> require(Q.symmetric(A), values.__getitem__)
    >>> require(Q.diagonal(A), values.__getitem__)
    Traceback (most recent call last):
    ValueError: given = Q.diagonal(A) does not hold of the value of A in `at`
    """
    for fact in _listed(facts):
        if isinstance(fact, AppliedPredicate) and fact.function in _DEFECTS:
            value = np.asarray(values(fact.arg))
            defect, scale = _DEFECTS[fact.function](value), value
            what = fact.arg
        elif isinstance(fact, Eq):
            left, scale = values(fact.lhs), np.asarray(values(fact.rhs))
            defect, what = left - scale, fact.lhs
        else:
            continue
        if np.abs(defect).max(initial=0) > _ROUNDING * (1 + np.abs(scale).max(initial=0)):
            raise ValueError(f"given = {fact} does not hold of the value of {what} in `at`")


def _listed(facts: Any) -> list[Any]:
    if facts is None:
        return []
    if isinstance(facts, list | tuple | set | frozenset):
        return [one for fact in facts for one in _listed(fact)]
    return list(facts.args) if isinstance(facts, And) else [facts]
