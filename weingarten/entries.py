"""Moments of matrix entries: the expectation of one monomial, by the cheapest route.

A monomial is a list of factors: the row and the column of an entry, whether it is conjugated, and
its power. With concrete indices its moment is a rational function of the dimension, valid from
the least dimension in which the indices exist; with symbolic ones it is a sum over pairings, with
a `KroneckerDelta` for each pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from sympy import Expr, Integer, KroneckerDelta, Mul, S, default_sort_key

from weingarten.columns import Powers, canonical, moment_by_columns, number_of_terms
from weingarten.combinatorics.contraction import loop_types
from weingarten.combinatorics.partitions import Partition
from weingarten.functions import Group, class_sum
from weingarten.rational import Factored, constant


class Factor(NamedTuple):
    """A power of a matrix entry or of its conjugate."""

    row: Expr
    column: Expr
    conjugated: bool
    power: int


def is_concrete(monomial: Iterable[Factor]) -> bool:
    """Return whether all indices are numbers."""
    return all(f.row.is_Integer and f.column.is_Integer for f in monomial)


# Concrete indices --------------------------------------------------------------------------------


def moment(group: Group, monomial: Iterable[Factor]) -> Factored:
    """Return the expectation of a monomial with concrete indices.

    Examples
    --------
    >>> from sympy import S, Symbol
    >>> moment("orthogonal", [Factor(S(0), S(0), False, 4)]).to_sympy(Symbol("d"))
    3/(d*(d + 2))
    """
    powers = _matrix_of_powers(group, monomial)
    if not powers:
        return constant(1)
    alpha = len(powers[0][0]) % 2 + 1
    lines = [*powers, *zip(*powers, strict=True)]
    if not all(_can_be_paired(line, alpha) for line in lines):
        return constant(0)
    return _moment(group, min(canonical(powers), canonical(_transposed(powers)), key=_narrowness))


@lru_cache(maxsize=10_000)
def _moment(group: Group, powers: Powers) -> Factored:
    alpha = len(powers[0][0]) % 2 + 1
    if _pairs_to_join(powers, alpha) <= number_of_terms(powers, alpha):
        return class_sum(group, type_counts(group, powers))
    return moment_by_columns(powers, alpha)


def _matrix_of_powers(group: Group, monomial: Iterable[Factor]) -> Powers:
    """Return the powers at the rows and columns that occur: (m,), or (m, m') with conjugates."""
    real = group != "unitary"
    powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0] if real else [0, 0])
    for f in monomial:
        powers[f.row, f.column][int(f.conjugated and not real)] += f.power
    rows = sorted({row for row, _ in powers})
    columns = sorted({column for _, column in powers})
    return canonical(tuple(tuple(tuple(powers[i, j]) for j in columns) for i in rows))


def _can_be_paired(line: Iterable[tuple[int, ...]], alpha: int) -> bool:
    """Return whether the ends on a row or column can all be joined."""
    total = [sum(part) for part in zip(*line, strict=True)]
    return not total[0] % 2 if alpha == 2 else total[0] == total[1]


def _transposed(powers: Powers) -> Powers:
    return tuple(zip(*powers, strict=True))


def _narrowness(powers: Powers) -> tuple[int, Powers]:
    return len(powers[0]), powers


def _pairs_to_join(powers: Powers, alpha: int) -> int:
    """Return the number of pairs of pairings (of permutations) that join all ends."""
    lines = [*powers, *zip(*powers, strict=True)]
    step = 2 if alpha == 2 else 1
    return prod(prod(range(1, sum(power[0] for power in line) + 1, step)) for line in lines)


def type_counts(group: Group, powers: Powers) -> dict[Partition, int]:
    """Return the number of pairs of pairings of each coset type (of permutations, cycle type).

    Examples
    --------
    >>> sorted(type_counts("orthogonal", (((4,),),)).items())
    [((1, 1), 3), ((2,), 6)]
    """
    monomial = (
        Factor(Integer(i), Integer(j), conjugated == 1, count)
        for i, row in enumerate(powers)
        for j, power in enumerate(row)
        for conjugated, count in enumerate(power)
    )
    return {mu: ways for (mu, _), ways in _joined(group, monomial).items()}


# Symbolic indices --------------------------------------------------------------------------------


def symbolic_moment(group: Group, monomial: Iterable[Factor]) -> dict[Expr, dict[Partition, int]]:
    """Return the number of pairs of pairings of each type, by their product of deltas.

    The expectation is the sum of delta product times number times Weingarten function.

    Examples
    --------
    >>> from sympy import S, symbols
    >>> i, j, k, l = symbols("i j k l")
    >>> symbolic_moment("orthogonal", [Factor(i, j, False, 1), Factor(k, l, False, 1)])
    {KroneckerDelta(i, k)*KroneckerDelta(j, l): {(1,): 1}}
    """
    found: dict[Expr, dict[Partition, int]] = defaultdict(dict)
    for (mu, marks), ways in _joined(group, monomial).items():
        deltas = Mul(*(KroneckerDelta(*pair) for pair in marks))
        found[deltas][mu] = found[deltas].get(mu, 0) + ways
    return dict(found)


def _joined(
    group: Group, monomial: Iterable[Factor]
) -> dict[tuple[Partition, tuple[Any, ...]], int]:
    """Join the indices of a monomial; the marks are the index pairs that must be equal."""
    factors = [f for f in monomial for _ in range(f.power)]
    names = sorted({index for f in factors for index in (f.row, f.column)}, key=default_sort_key)
    number = {index: k for k, index in enumerate(names)}
    # An end is: row or column, which index, whether of a conjugate entry.
    edges = [
        ((0, number[f.row], f.conjugated), (1, number[f.column], f.conjugated)) for f in factors
    ]

    def joins(end: tuple[int, int, bool]) -> Iterator[tuple[Any, int, tuple[Any, ...]]]:
        side, index, conjugated = end
        for other, name in enumerate(names):
            delta = KroneckerDelta(names[index], name)
            if delta is not S.Zero:
                marks = () if delta is S.One else (tuple(sorted((index, other))),)
                yield (side, other, conjugated ^ (group == "unitary")), 1, marks

    joined = loop_types(edges, joins)
    return {
        (mu, tuple((names[a], names[b]) for a, b in marks)): ways
        for (mu, marks), ways in joined.items()
    }
