"""Sums over an index that joins no two matrices: integrate under the sum, then sum the deltas."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product as cartesian
from typing import Any

from sympy import Add, Dummy, Expr, KroneckerDelta, Mul, Pow, S, Sum, Symbol, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix, check_index

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
    return summand.xreplace(fresh), tuple((fresh[index], low, high) for index, low, high in limits)


def check_limits(expr: Any) -> None:
    """Let pass the sums over entries of random matrices whose limits are within the matrices.

    Raises
    ------
    ValueError
        If a limit depends on an index of the same sum.
    IndexOutOfRangeError
        If an index runs out of the range of a matrix.
    """
    for total in expr.atoms(Sum):
        indices = {index for index, *_ in total.limits}
        for index, low, high in total.limits:
            if indices & (low.free_symbols | high.free_symbols):
                raise ValueError(
                    f"expr contains {total}, where the range of {index} depends on another index; "
                    "expected limits that do not"
                )
            for matrix, size in _places(total.function, index):
                for limit in (low, high):
                    check_index(limit, size, f"a limit of {index} in an index of {matrix}")


def _places(summand: Expr, index: Expr) -> list[tuple[RandomMatrix, Expr]]:
    """Return the random matrices that have the index, with its size there."""
    return [
        (entry.parent, size)
        for entry in summand.atoms(MatrixElement)
        if isinstance(entry.parent, RandomMatrix)
        for place, size in zip(entry.indices, entry.parent.shape, strict=True)
        if place == index
    ]


def is_full(summand: Expr, index: Expr, low: Expr, high: Expr) -> bool:
    """Return whether an index runs through all of the range that it has in random matrices."""
    return low == 0 and all(high == size - 1 for _, size in _places(summand, index))


def summed(expr: Expr, limits: tuple[Limit, ...], full: Collection[Expr] = ()) -> Expr:
    """Sum a polynomial in deltas over indices.

    Parameters
    ----------
    expr : Expr
        The polynomial.
    limits : tuple of (Dummy, Expr, Expr)
        The indices, with their first and last values.
    full : collection of Dummy
        The indices that run through all values that an index can have.

    Examples
    --------
    >>> from sympy import symbols
    >>> i, j, n = symbols("i j n", integer=True)
    >>> k = Dummy("k", integer=True)
    >>> summed(1 + 2*KroneckerDelta(k, i), ((k, S.Zero, n - 1),), {k})
    n + 2
    """
    ranges = {index: (low, high) for index, low, high in limits}
    for limit in limits:
        terms = Add.make_args(expand(expr))
        expr = Add(*(_summed_once(term, limit, limit[0] in full, ranges) for term in terms))
    return expr.xreplace(_names(expr, limits))


def _names(expr: Expr, limits: tuple[Limit, ...]) -> dict[Expr, Expr]:
    """Return a name for each index that is left, none of which is in use."""
    used = {str(symbol) for symbol in expr.free_symbols}
    names: dict[Expr, Expr] = {}
    for index, *_ in limits:
        if expr.has(index):
            name = index.name
            while name in used:
                name += "_"
            used.add(name)
            names[index] = Symbol(name, integer=True)
    return names


def _summed_once(
    term: Expr, limit: Limit, full: bool, ranges: dict[Dummy, tuple[Expr, Expr]]
) -> Expr:
    index, low, high = limit
    if not term.has(index):
        return term * (high - low + 1)
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = (arg for arg in factor.args if arg != index)
            if other.has(index):
                continue
            rest = (term / factor).xreplace({index: other})
            first, last = ranges.get(other, (other, other))
            inside = (low <= first) & (last <= high)
            if inside == True or full:  # noqa: E712 - SymPy's three truth values
                return rest
            if first == last and inside == False:  # noqa: E712
                return S.Zero
    total = Sum(term, limit)
    return total if term.has(KroneckerDelta) else total.doit()
