"""Sums over an index that joins no two matrices: integrate under the sum, then sum the deltas."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as cartesian
from typing import Any

from sympy import Add, Dummy, Expr, KroneckerDelta, Mul, Pow, S, Sum, expand

#: An index with its first and last value.
Limit = tuple[Dummy, Expr, Expr]


def pulled_out(expr: Expr) -> Iterator[tuple[Expr, tuple[Limit, ...]]]:
    """Yield the terms of an expression as summand and limits, each sum with an index of its own.

    Examples
    --------
    >>> from sympy import symbols, IndexedBase
    >>> k, n = symbols("k n", integer=True)
    >>> x = IndexedBase("x")
    >>> [(summand, len(limits)) for summand, limits in pulled_out(Sum(x[k], (k, 1, n))**2)]
    [(x[_k]*x[_k], 2)]
    """
    if isinstance(expr, Add):
        for term in expr.args:
            yield from pulled_out(term)
    elif isinstance(expr, Mul) or (isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0):
        factors = expr.args if isinstance(expr, Mul) else [expr.base] * int(expr.exp)
        if not any(factor.has(Sum) for factor in factors):
            yield expr, ()
            return
        for choice in cartesian(*(list(pulled_out(factor)) for factor in factors)):
            terms = [_renamed(*term) for term in choice]
            limits = tuple(limit for _, limits in terms for limit in limits)
            yield Mul(*(summand for summand, _ in terms)), limits
    elif isinstance(expr, Sum):
        for summand, inner in pulled_out(expr.function):
            yield _renamed(summand, (*inner, *expr.limits))
    else:
        yield expr, ()


def _renamed(summand: Expr, limits: Any) -> tuple[Expr, tuple[Limit, ...]]:
    """Give each index a fresh name."""
    fresh = {index: Dummy(index.name, integer=True) for index, *_ in limits}
    return summand.xreplace(fresh), tuple(
        (fresh[index], low.xreplace(fresh), high.xreplace(fresh)) for index, low, high in limits
    )


def summed(expr: Expr, limits: tuple[Limit, ...]) -> Expr:
    """Sum a polynomial in deltas over indices.

    Examples
    --------
    >>> from sympy import symbols
    >>> i, j, n = symbols("i j n", integer=True)
    >>> k = Dummy("k", integer=True)
    >>> summed(1 + 2*KroneckerDelta(k, i), ((k, S.Zero, n - 1),))
    n + 2
    """
    for limit in limits:
        expr = Add(*(_summed_once(term, limit) for term in Add.make_args(expand(expr))))
    return expr


def _summed_once(term: Expr, limit: Limit) -> Expr:
    index, low, high = limit
    if not term.has(index):
        return term * (high - low + 1)
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = (arg for arg in factor.args if arg != index)
            rest = (term / factor).xreplace({index: other})
            inside = (low <= other) & (other <= high)
            if inside == True or low == 0:  # noqa: E712 - an index of a matrix is in its range
                return rest
            if inside == False:  # noqa: E712
                return S.Zero
    return Sum(term, limit).doit()
