"""Moments of matrix entries: the expectation of one monomial, by the cheapest route.

A monomial is a list of factors: the row and the column of an entry, whether it is conjugated, and
its power. With concrete indices its moment is a rational function of the dimension, valid from
the least dimension in which the indices exist; with symbolic ones it is a sum over pairings, with
a `KroneckerDelta` for each pair.

The entries of a symplectic matrix S are those of a unitary one with ``S J S^T = J``, where ``J``
pairs the indices 2k and 2k + 1: ``J[2k, 2k+1] = 1 = -J[2k+1, 2k]``. Hence
``conjugate(S[i, j]) = J[i, i'] J[j, j'] S[i', j']`` with ``i'`` the partner of ``i``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any, NamedTuple

from sympy import Expr, Integer, KroneckerDelta, S, default_sort_key

from weingarten.caches import cached
from weingarten.combinatorics.joinings import number_of_joinings
from weingarten.combinatorics.loop_counts import loop_types
from weingarten.combinatorics.partitions import Partition
from weingarten.functions.groups import UNITARY, Group
from weingarten.functions.rational import Factored, constant
from weingarten.functions.spherical import class_sum
from weingarten.integration.columns import (
    Power,
    Powers,
    canonical,
    moment_by_columns,
    number_of_steps,
    number_of_terms,
)
from weingarten.limits import check_effort

#: How many terms of the first degree are expanded in a second, and products of deltas written.
_EXPANDED, _DELTAS = 10_000, 600
TERMS = "terms of an expansion in the columns of a matrix"
DELTAS = "products of deltas"


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
    >>> from weingarten.functions.groups import ORTHOGONAL
    >>> moment(ORTHOGONAL, [Factor(S(0), S(0), False, 4)]).to_sympy(Symbol("d"))
    3/(d*(d + 2))
    """
    if group.signed:
        return _symplectic_moment(group, tuple(monomial))
    powers = _matrix_of_powers(group, monomial)
    if not powers:
        return constant(1)
    if not all(_can_be_paired(line, group.alpha) for line in _lines(powers)):
        return constant(0)
    return _moment(group, min(powers, canonical(_transposed(powers)), key=_narrowness))


@cached(maxsize=10_000)
def _moment(group: Group, powers: Powers) -> Factored:
    if _joining_is_cheaper(powers, group.alpha):
        return class_sum(group, type_counts(group, powers))
    n = sum(power[0] for row in powers for power in row) // group.alpha
    check_effort(number_of_steps(powers, group.alpha), n, max(1, _EXPANDED // n), what=TERMS)
    return moment_by_columns(powers, group.alpha)


def _joining_is_cheaper(powers: Powers, alpha: int) -> bool:
    """Return whether to count joins by type rather than to integrate out the columns.

    Measured on random monomials: each further column makes the expansion about five times as
    long, and past six columns joining one end at a time always wins.
    """
    width = len(powers[0])
    terms = number_of_terms(powers, alpha) * 5 ** (width - 1)
    return width > 6 or _number_of_joins(powers, alpha) <= terms


def _matrix_of_powers(group: Group, monomial: Iterable[Factor]) -> Powers:
    """Return the powers at the rows and columns that occur: (m,), or (m, m') with conjugates."""
    real = not group.bipartite
    powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0] if real else [0, 0])
    for f in monomial:
        powers[f.row, f.column][int(f.conjugated and not real)] += f.power
    rows = sorted({row for row, _ in powers})
    columns = sorted({column for _, column in powers})
    return canonical(tuple(tuple(tuple(powers[i, j]) for j in columns) for i in rows))


def _lines(powers: Powers) -> list[tuple[Power, ...]]:
    """Return the rows and the columns."""
    return [*powers, *_transposed(powers)]


def _transposed(powers: Powers) -> Powers:
    return tuple(zip(*powers, strict=True))


def _can_be_paired(line: Iterable[Power], alpha: int) -> bool:
    """Return whether the ends on a row or column can all be joined."""
    total = [sum(part) for part in zip(*line, strict=True)]
    return not total[0] % 2 if alpha == 2 else total[0] == total[1]


def _narrowness(powers: Powers) -> tuple[int, Powers]:
    return len(powers[0]), powers


def _number_of_joins(powers: Powers, alpha: int) -> int:
    """Return the number of pairs of pairings (of permutations) that join all ends."""
    return prod(
        prod(range(1, sum(power[0] for power in line) + 1, alpha)) for line in _lines(powers)
    )


def type_counts(group: Group, powers: Powers) -> dict[Partition, int]:
    """Return the number of pairs of pairings of each coset type (of permutations, cycle type).

    Examples
    --------
    >>> from weingarten.functions.groups import ORTHOGONAL
    >>> sorted(type_counts(ORTHOGONAL, (((4,),),)).items())
    [((1, 1), 3), ((2,), 6)]
    """
    return _without_marks(
        _joined(
            group,
            (
                Factor(Integer(i), Integer(j), conjugated == 1, count)
                for i, row in enumerate(powers)
                for j, power in enumerate(row)
                for conjugated, count in enumerate(power)
            ),
        )
    )


def _without_marks(joined: dict[tuple[Partition, Any], int]) -> dict[Partition, int]:
    return {mu: ways for (mu, _), ways in joined.items()}


# The symplectic group ----------------------------------------------------------------------------


def partner(index: Expr) -> Expr:
    """Return the index that the symplectic form pairs with `index`.

    Raises
    ------
    ValueError
        If it cannot be seen whether a symbolic index is even or odd.

    Examples
    --------
    >>> from sympy import S
    >>> partner(S(4)), partner(S(5))
    (5, 4)
    """
    return index + form_sign(index)


def form_sign(index: Expr) -> int:
    """Return the entry of the symplectic form at the index and its partner: 1 for an even index."""
    if index.is_even is None:
        raise ValueError(
            f"index {index} of a symplectic matrix may be even or odd; expected a number, or an "
            "expression such as 2*k or 2*k + 1 with an integer symbol k"
        )
    return 1 if index.is_even else -1


def _without_conjugates(monomial: Iterable[Factor]) -> tuple[int, list[Factor]]:
    """Write conjugate entries of a symplectic matrix as entries; return the sign, and factors."""
    sign, plain = 1, []
    for f in monomial:
        if f.conjugated:
            sign *= (form_sign(f.row) * form_sign(f.column)) ** f.power
            f = Factor(partner(f.row), partner(f.column), False, f.power)
        plain.append(f)
    return sign, plain


@cached(maxsize=10_000)
def _symplectic_moment(group: Group, monomial: tuple[Factor, ...]) -> Factored:
    for turned in (monomial, tuple(f._replace(row=f.column, column=f.row) for f in monomial)):
        if len({f.column // 2 for f in turned}) == 1:
            return _symplectic_column(turned)
    return class_sum(group, _without_marks(_joined(group, monomial)))


def _symplectic_column(monomial: tuple[Factor, ...]) -> Factored:
    """Return the moment of entries in two paired columns: both are one column of U(2m)."""
    sign, plain = _without_conjugates(monomial)
    unitary = []
    for f in plain:
        if f.column.is_even:
            unitary.append(f)
        else:
            sign *= (-form_sign(f.row)) ** f.power
            unitary.append(Factor(partner(f.row), f.column - 1, True, f.power))
    return moment(UNITARY, unitary).composed(2).scaled(sign)


# Symbolic indices --------------------------------------------------------------------------------


#: What must hold for indices to be joined: that the two of each pair are equal.
Deltas = tuple[tuple[Expr, Expr], ...]


def symbolic_moment(group: Group, monomial: Iterable[Factor]) -> dict[Deltas, dict[Partition, int]]:
    """Return the number of pairs of pairings of each type, by the indices that must be equal.

    The expectation is the sum of product of deltas times number times Weingarten function.

    Examples
    --------
    >>> from sympy import S, symbols
    >>> from weingarten.functions.groups import ORTHOGONAL
    >>> i, j, k, l = symbols("i j k l")
    >>> symbolic_moment(ORTHOGONAL, [Factor(i, j, False, 1), Factor(k, l, False, 1)])
    {((i, k), (j, l)): {(1,): 1}}
    """
    found: dict[Deltas, dict[Partition, int]] = defaultdict(dict)
    for (mu, deltas), ways in _joined(group, monomial).items():
        found[deltas][mu] = found[deltas].get(mu, 0) + ways
    return dict(found)


#: An end of an edge: 0 for a row or 1 for a column, the number of the index, and whether the
#: entry is a conjugate one (which only the unitary group tells apart).
_End = tuple[int, int, bool]


def _joined(group: Group, monomial: Iterable[Factor]) -> dict[tuple[Partition, Deltas], int]:
    """Join the indices of a monomial; the marks are the indices that must be equal."""
    sign, monomial = _with_form(group, monomial)
    factors = [f for f in monomial for _ in range(f.power)]
    names = sorted({index for f in factors for index in (f.row, f.column)}, key=default_sort_key)
    number = {index: k for k, index in enumerate(names)}
    unitary = group.bipartite
    edges = [
        (
            (0, number[f.row], f.conjugated and unitary),
            (int(not group.is_circular), number[f.column], f.conjugated and unitary),
        )
        for f in factors
    ]
    # The form is antisymmetric: it is read along the loop on rows, against it on columns.
    condition, against = (_equality, 1)
    if group.signed:
        condition, against = (_likeness, 1) if group.is_circular else (_partnership, -1)

    def joins(end: _End) -> Iterator[tuple[_End, int, tuple[tuple[int, int], ...]]]:
        side, index, conjugated = end
        for other, name in enumerate(names):
            pair, sign_of_form = condition(names[index], name)
            delta = KroneckerDelta(*pair)
            if delta is not S.Zero:
                marks = () if delta is S.One else ((min(index, other), max(index, other)),)
                yield (
                    (side, other, conjugated ^ unitary),
                    sign_of_form * (against if side else 1),
                    marks,
                )

    if not is_concrete(factors):
        ends = Counter(end for edge in edges for end in edge)
        partners = {end: [other for other, *_ in joins(end)] for end in ends}
        check_effort(number_of_joinings(ends, partners), len(edges) // 2, _DELTAS, what=DELTAS)
    joined = loop_types(
        edges,
        joins,
        oriented=group.signed and not group.is_circular,
        antisymmetric=group.is_circular,
    )
    found: dict[tuple[Partition, Deltas], int] = defaultdict(int)
    for (mu, marks), ways in joined.items():
        deltas = tuple(condition(names[a], names[b])[0] for a, b in dict.fromkeys(marks))
        found[mu, deltas] += sign * ways
    return found


def _with_form(group: Group, monomial: Iterable[Factor]) -> tuple[int, list[Factor]]:
    """Write entries so that only those of one antisymmetric or unsigned matrix are joined."""
    if not group.signed:
        return 1, [*monomial]
    if not group.is_circular:
        return _without_conjugates(monomial)
    # S = T J^T; around a loop plain edges are read forwards and conjugate ones backwards.
    sign, made = 1, []
    for f in monomial:
        sign *= form_sign(f.column) ** f.power * (-1) ** (f.power * f.conjugated)
        made.append(f._replace(column=partner(f.column)))
    return sign, made


def _likeness(one: Expr, other: Expr) -> tuple[tuple[Expr, Expr], int]:
    """Return what must be equal for two indices of the same parity to be."""
    return _equal(one, other), 1


def _equality(one: Expr, other: Expr) -> tuple[tuple[Expr, Expr], int]:
    """Return what must be equal for two indices to be, and the sign of joining them."""
    return (one, other), 1


def _partnership(one: Expr, other: Expr) -> tuple[tuple[Expr, Expr], int]:
    """Return what must be equal for two indices to be partners, and the form at them in order."""
    if one.is_even is None and other.is_even is not None:
        return _equal(one, partner(other)), -form_sign(other)
    return _equal(partner(one), other), form_sign(one)


def _equal(one: Expr, other: Expr) -> tuple[Expr, Expr]:
    """Return two indices, or their halves where both are even or both are odd."""
    if one.is_even and other.is_even:
        return one / 2, other / 2
    if one.is_odd and other.is_odd:
        return (one - 1) / 2, (other - 1) / 2
    return one, other
