r"""Tensors that change by the determinant: products of Levi-Civita symbols and of deltas.

Of k vectors, the tensors that an orthogonal matrix W turns into ``det(W)`` times themselves are
spanned by those with one symbol on d points, and deltas on pairs of the others. Of plain vectors
and conjugate ones, those that a unitary matrix U turns into ``det(U)**r`` times themselves are
spanned by those with r symbols on d plain points each, and deltas between the other plain points
and the conjugate ones [Weyl, The Classical Groups, II.6 and II.9]. Where they depend on each other
a basis is enough: with its Gram matrix G, the projection on all of them is
:math:`\sum_{a, b} (G^{-1})_{ab}\, t_a t_b^T`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from math import comb, factorial, prod
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mat

from weingarten.caches import cached
from weingarten.combinatorics.pairings import pairings
from weingarten.combinatorics.permutations import sign


class EpsilonTensor(NamedTuple):
    """Levi-Civita symbols on groups of points, and deltas on pairs of the other points."""

    groups: tuple[tuple[int, ...], ...]
    pairs: tuple[tuple[int, int], ...]

    def at(self, labels: Sequence[int]) -> int:
        """Return the entry where each point has a number from 0 to d - 1 for its index.

        Examples
        --------
        >>> EpsilonTensor(((0, 2),), ((1, 3),)).at([1, 5, 0, 5])
        -1
        """
        if any(labels[a] != labels[b] for a, b in self.pairs):
            return 0
        return prod(epsilon([labels[x] for x in group]) for group in self.groups)


class Points(NamedTuple):
    """The points of tensors: plain and conjugate ones, of which only different kinds are paired.

    Without a number of conjugate ones (None), any two are.
    """

    d: int
    plain: int
    conjugate: int | None = None

    @property
    def number_of_groups(self) -> int:
        """The number of symbols in each tensor; 0 where there are none of these tensors."""
        if self.conjugate is None:
            rest = self.plain - self.d
            return int(rest >= 0 and rest % 2 == 0)
        more = abs(self.plain - self.conjugate)
        return more // self.d if more % self.d == 0 else 0


def epsilon(values: Sequence[int]) -> int:
    """Return the Levi-Civita symbol: the sign of an order of d numbers, 0 if two are equal.

    Examples
    --------
    >>> epsilon([1, 0, 2]), epsilon([1, 1, 2])
    (-1, 0)
    """
    if len(set(values)) < len(values):
        return 0
    order = sorted(range(len(values)), key=values.__getitem__)
    return sign(order)


def number_of_tensors(points: Points) -> int:
    """Return how many products of symbols and deltas there are.

    Examples
    --------
    >>> number_of_tensors(Points(3, 5)), number_of_tensors(Points(2, 5, 1))
    (10, 15)
    """
    groups, d = points.number_of_groups, points.d
    if not groups:
        return 0
    if points.conjugate is None:
        rest = points.plain - d
        return comb(points.plain, d) * int(prod(range(1, rest, 2)))
    more, fewer = sorted((points.plain, points.conjugate), reverse=True)
    orders = factorial(groups * d) // (factorial(d) ** groups * factorial(groups))
    return int(comb(more, groups * d) * orders * factorial(fewer))


def tensors(points: Points) -> Iterator[EpsilonTensor]:
    """Yield all products of symbols and deltas.

    Examples
    --------
    >>> [t.groups for t in tensors(Points(2, 4, 0))]
    [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
    """
    if not points.number_of_groups:
        return
    if points.conjugate is None:
        everything = range(points.plain)
        for group in combinations(everything, points.d):
            rest = [x for x in everything if x not in group]
            for pairing in pairings("x" * len(rest)):
                yield EpsilonTensor((group,), tuple((rest[a], rest[b]) for a, b in pairing))
        return
    plain = range(points.plain)
    other = range(points.plain, points.plain + points.conjugate)
    more, fewer = (plain, other) if len(plain) > len(other) else (other, plain)
    for grouped in combinations(more, points.number_of_groups * points.d):
        rest = [x for x in more if x not in grouped]
        for groups in _grouped(grouped, points.d):
            for chosen in permutations(rest):
                yield EpsilonTensor(groups, tuple(zip(fewer, chosen, strict=True)))


def _grouped(points: Sequence[int], size: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield the ways to share points out in groups of a size."""
    if not points:
        yield ()
        return
    first, *others = points
    for more in combinations(others, size - 1):
        rest = [x for x in others if x not in more]
        for groups in _grouped(rest, size):
            yield ((first, *more), *groups)


# Scalar products ----------------------------------------------------------------------------------


def product(one: EpsilonTensor, other: EpsilonTensor, d: int) -> int:
    """Return the scalar product of two tensors: the sum over all indices.

    Examples
    --------
    >>> t, u = EpsilonTensor(((0, 1),), ((2, 3),)), EpsilonTensor(((0, 2),), ((1, 3),))
    >>> product(t, t, 2), product(t, u, 2)
    (4, 2)
    """
    here, there = _partners(one), _partners(other)
    ends: dict[int, int] = {}
    seen: set[int] = set()
    for group in one.groups:
        for start in group:
            point = start
            while point in there:
                back = there[point]
                seen.update((point, back))
                if back not in here:  # two indices of symbols of the same tensor are equal
                    return 0
                point = here[back]
            ends[start] = point
    loops = 0
    for start in here:
        point = start
        loops += start in there and start not in seen
        while point in there and point not in seen:
            seen.update((point, there[point]))
            point = here[there[point]]
    moved = tuple(tuple(ends[x] for x in group) for group in one.groups)
    return int(contracted(moved, other.groups) * d**loops)


def _partners(tensor: EpsilonTensor) -> Mapping[int, int]:
    return {x: y for a, b in tensor.pairs for x, y in ((a, b), (b, a))}


def contracted(left: tuple[tuple[int, ...], ...], right: tuple[tuple[int, ...], ...]) -> int:
    """Return the sum over all indices of two products of symbols, on the same labels.

    Examples
    --------
    >>> contracted(((0, 1, 2),), ((0, 2, 1),))
    -6
    >>> contracted(((0, 1), (2, 3)), ((0, 2), (1, 3)))
    2
    """
    if not left:
        return 1
    pairs = ((one, other) for one in left for other in right)
    one, other = max(pairs, key=lambda pair: len(set(pair[0]) & set(pair[1])))
    shared = [x for x in one if x in other]
    mine, theirs = ([x for x in group if x not in shared] for group in (one, other))
    turned = _moved(one, [*shared, *mine]) * _moved(other, [*shared, *theirs])
    rest, against = (
        tuple(group for group in groups if group is not gone)
        for groups, gone in ((left, one), (right, other))
    )
    total = 0
    for order in permutations(range(len(theirs))):
        names = {theirs[k]: x for x, k in zip(mine, order, strict=True)}
        renamed = tuple(tuple(names.get(x, x) for x in group) for group in rest)
        total += sign(order) * contracted(renamed, against)
    return turned * factorial(len(shared)) * total


def _moved(before: Sequence[int], after: Sequence[int]) -> int:
    place = {x: k for k, x in enumerate(before)}
    return sign([place[x] for x in after])


# A basis ------------------------------------------------------------------------------------------


def dimension(points: Points) -> int:
    """Return the dimension of the space that the tensors span.

    Counted as walks through the irreducible representations, a point a step.

    Examples
    --------
    >>> [dimension(Points(3, k)) for k in (3, 5, 7)], dimension(Points(2, 6, 0))
    ([1, 6, 36], 5)
    """
    groups, d = points.number_of_groups, points.d
    if number_of_tensors(points) < 2:
        return number_of_tensors(points)
    walks: Counter[tuple[int, ...]] = Counter({(0,) * d: 1})
    real = points.conjugate is None
    side = 1 if real or points.plain > (points.conjugate or 0) else -1
    last = (side * groups,) * d
    steps = [(1, -1) if real else (1,)] * points.plain + [(-1,)] * (points.conjugate or 0)
    for taken, step in enumerate(steps, 1):
        after: Counter[tuple[int, ...]] = Counter()
        for weight, number in walks.items():
            for k in range(d):
                for more in step:
                    made = (*weight[:k], weight[k] + more, *weight[k + 1 :])
                    far = sum(abs(a - b) for a, b in zip(made, last, strict=True))
                    if far <= len(steps) - taken and _is_allowed(made, real):
                        after[made] += number
        walks = after
    return walks[last]


def _is_allowed(weight: tuple[int, ...], real: bool) -> bool:
    """Return whether a weight is one of the group: for O(d), a partition with short columns."""
    if any(a < b for a, b in pairwise(weight)):
        return False
    if not real:
        return True
    columns = sum(part > 0 for part in weight) + sum(part > 1 for part in weight)
    return weight[-1] >= 0 and columns <= len(weight)


class Basis(NamedTuple):
    """Independent tensors that span all of them, and the inverse of their Gram matrix."""

    tensors: tuple[EpsilonTensor, ...]
    weights: tuple[tuple[Any, ...], ...]


@cached(maxsize=64)
def basis(points: Points) -> Basis:
    """Return a basis of the tensors, and the weights of the projection on their span.

    Examples
    --------
    >>> found = basis(Points(2, 2))
    >>> found.tensors, found.weights
    ((EpsilonTensor(groups=((0, 1),), pairs=()),), ((1/2,),))
    """
    chosen: list[EpsilonTensor] = []
    inverse: Any = fmpq_mat(0, 0)
    full = dimension(points)
    for tensor in tensors(points):
        if len(chosen) == full:
            break
        column = fmpq_mat([[product(tensor, one, points.d)] for one in chosen] or [])
        along = inverse * column if chosen else column
        left = fmpq(product(tensor, tensor, points.d))
        if chosen:
            left -= (column.transpose() * along)[0, 0]
        if left:
            inverse = _bordered(inverse, along, left, len(chosen))
            chosen.append(tensor)
    return Basis(tuple(chosen), tuple(map(tuple, inverse.tolist())))


def _bordered(inverse: Any, along: Any, left: Any, size: int) -> Any:
    """Return the inverse of a matrix with one more row and column."""
    if not size:
        return fmpq_mat([[1 / left]])
    rows = (inverse + along * along.transpose() * (1 / left)).tolist()
    border = [-value / left for (value,) in along.tolist()]
    made = [[*row, x] for row, x in zip(rows, border, strict=True)]
    return fmpq_mat([*made, [*border, 1 / left]])
