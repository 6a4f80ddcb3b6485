r"""Matrices of determinant 1: the mean over the whole group, and the terms that it lacks.

For the rotations among the orthogonal matrices ``E_SO f = E_O f + E_O f det``, for the unitary
matrices of determinant 1 ``E_SU f = E_U f conj(det)^r`` where f has ``r d`` more letters than
conjugate ones, and 0 where their difference is no multiple of d. The means with a determinant are
found in three ways:

- letter by letter: the tensors that change by it are products of Levi-Civita symbols and deltas
  (`weingarten.combinatorics.epsilons`), and the symbol of the row indices times that of the column
  indices is a determinant of deltas, each of a row index and a column index;
- beside entries, the determinant is written in entries;
- or else in traces of powers: it is an elementary symmetric function of the eigenvalues.

The last two leave means over the whole group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations, product
from math import comb, factorial, prod
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mat
from sympy import Integer, S

from weingarten.combinatorics.epsilons import (
    EpsilonTensor,
    Points,
    basis,
    dimension,
    number_of_tensors,
)
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    merge,
    number_of_partitions,
    partitions,
)
from weingarten.combinatorics.permutations import sign
from weingarten.expressions.words import Chain
from weingarten.functions.rational import constant
from weingarten.integration.diagram import Cut, Outcome
from weingarten.integration.entries import Factor, is_concrete
from weingarten.integration.routes.base import (
    LISTED,
    Effort,
    Integrated,
    Task,
    cheapest,
    found,
    route,
    terms_of,
)
from weingarten.integration.sides import whole

TENSORS = "pairs of tensors"
#: How many scalar products of tensors there are in a second, and terms of a determinant.
_MULTIPLIED, _EXPANDED = 60_000, 300
#: So few take less time than any estimate.
_FEW = 300


class _Power(NamedTuple):
    """The power of the determinant that stands beside the letters: of its conjugate or not."""

    exponent: int
    conjugated: bool


def _points(cut: Cut) -> Points:
    plain, conjugate = cut.kinds
    d = int(cut.matrix.dimension)
    return Points(d, plain, conjugate) if cut.bipartite else Points(d, plain)


def _power(cut: Cut) -> _Power:
    plain, conjugate = cut.kinds
    return _Power(_points(cut).number_of_groups, cut.bipartite and plain > conjugate)


def _has_determinant(task: Task) -> bool:
    """Return whether there may be terms with a determinant, at an integer dimension."""
    cut = task.cut
    if not cut.matrix.dimension.is_Integer or not _points(cut).number_of_groups:
        return False
    entries = _concrete(task)
    return entries is None or _only_dimension(entries, cut.bipartite) == cut.matrix.dimension


def _concrete(task: Task) -> list[Factor] | None:
    entries = task.entries
    return entries if entries is not None and is_concrete(entries) else None


def _only_dimension(entries: Iterable[Factor], is_unitary: bool) -> int:
    """Return the only dimension at which the entries may have a determinant beside them, or 0.

    Multiplied by a diagonal matrix, they have to change by a power of its determinant: all rows
    are there equally often, and all columns; for a real matrix, oddly often.
    """
    entries = list(entries)
    sizes = []
    for which in (0, 1):
        net: Counter[Any] = Counter()
        for f in entries:
            net[f[which]] += f.power * (-1 if is_unitary and f.conjugated else 1)
        counts = {count if is_unitary else count % 2 for count in net.values()}
        if len(counts) != 1 or counts == {0}:
            return 0
        sizes.append(len(net))
    return sizes[0] if sizes[0] == sizes[1] else 0


def _least(task: Task) -> int:
    """Return from which dimension on there is certainly no term with a determinant."""
    cut, entries = task.cut, _concrete(task)
    if cut.matrix.dimension.is_Integer:
        return 1
    if entries is not None:
        return 1 + _only_dimension(entries, cut.bipartite)
    plain, conjugate = cut.kinds
    return 1 + (abs(plain - conjugate) if cut.bipartite else plain)


def _over_whole(task: Task) -> Iterator[Integrated]:
    """Yield the same letters of the matrix of the whole group."""
    if task.cut.bipartite and _has_determinant(task):
        return
    yield Integrated(S.One, constant(1), _of_whole(task), _least(task))


def _of_whole(task: Task, more: Iterable[Chain] = ()) -> tuple[Chain, ...]:
    """Return the chains with the matrix of the whole group in place of the other, and some more."""
    matrix, alphabet = task.cut.matrix, task.cut.alphabet
    chains = [
        chain._replace(
            word=tuple(
                letter._replace(base=matrix.whole) if letter.base == matrix else letter
                for letter in chain.word
            )
        )
        for chain in task.cut.chains
    ]
    return alphabet.sort([*chains, *more])


# Letter by letter ---------------------------------------------------------------------------------


def _tensors_cost(task: Task) -> Effort | None:
    if not _has_determinant(task):
        return Effort(0, 1)
    points = _points(task.cut)
    size, number = dimension(points), number_of_tensors(points)
    multiplied = size * number
    if _concrete(task) is not None:
        return Effort(multiplied if multiplied > _FEW else 0, _MULTIPLIED, TENSORS)
    joined = size**2 * factorial(points.d) ** points.number_of_groups
    steps = joined + multiplied * LISTED // _MULTIPLIED
    return Effort(steps if steps > _FEW else 0, LISTED, TENSORS)


@route(_tensors_cost, law="determinant")
def _by_tensors(task: Task) -> Iterator[Integrated]:
    """Yield the mean over the whole group, and the projection on the tensors of the determinant."""
    yield from _over_whole(task)
    if not _has_determinant(task):
        return
    cut, made = task.cut, basis(_points(task.cut))
    if (entries := _concrete(task)) is not None:
        value = _projected(_in_order(cut, entries), made)
        if value:
            yield Integrated(S.One, constant(value), ())
        return
    everything = whole(cut)
    totals: dict[Outcome, Any] = defaultdict(fmpq)
    for a, row in zip(made.tensors, made.weights, strict=True):
        for b, weight in zip(made.tensors, row, strict=True):
            for joins, direction in _joined(a, b) if weight else ():
                outcome = everything.outcome(joins)
                if outcome is not None:
                    totals[outcome] += weight * direction
    for outcome, value in totals.items():
        yield from terms_of(cut, [(everything, outcome)], constant(value))


def _in_order(cut: Cut, entries: list[Factor]) -> list[Factor]:
    """Return the entries in the order of the letters: conjugate ones last."""
    return sorted(entries, key=lambda f: f.conjugated) if cut.bipartite else entries


def _projected(entries: list[Factor], made: Any) -> Any:
    rows, columns = ([int(f[which]) for f in entries] for which in (0, 1))
    left = fmpq_mat([[tensor.at(rows) for tensor in made.tensors]])
    right = fmpq_mat([[tensor.at(columns)] for tensor in made.tensors])
    return (left * fmpq_mat(list(map(list, made.weights))) * right)[0, 0]


def _joined(
    rows: EpsilonTensor, columns: EpsilonTensor
) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """Yield the joins of indices that two tensors are the sum of, and their signs."""
    paired = [(2 * a, 2 * b) for a, b in rows.pairs]
    paired += [(2 * a + 1, 2 * b + 1) for a, b in columns.pairs]
    orders = [list(permutations(group)) for group in columns.groups]
    signs = [[sign(order) for order in permutations(range(len(g)))] for g in columns.groups]
    for choice in product(*(range(len(each)) for each in orders)):
        through = [
            (2 * a, 2 * b + 1)
            for group, each, k in zip(rows.groups, orders, choice, strict=True)
            for a, b in zip(group, each[k], strict=True)
        ]
        direction = prod(each[k] for each, k in zip(signs, choice, strict=True))
        yield [*paired, *through], direction


# With the determinant written out -----------------------------------------------------------------


def _entries_cost(task: Task) -> Effort | None:
    if _concrete(task) is None or not _has_determinant(task):
        return None
    points = _points(task.cut)
    number = points.number_of_groups
    return Effort(comb(factorial(points.d) + number - 1, number), _EXPANDED, "terms")


@route(_entries_cost, law="determinant")
def _by_entries(task: Task) -> Iterator[Integrated]:
    """Yield the entries beside each term of the determinant."""
    yield from _over_whole(task)
    cut, power = task.cut, _power(task.cut)
    d = int(cut.matrix.dimension)
    determinant = {order: sign(order) for order in permutations(range(d))}
    letter = cut.alphabet.letter(cut.matrix.whole, False, power.conjugated)
    for places, coefficient in _powers(determinant, power.exponent).items():
        made = [
            chain
            for i, j in places
            for chain in cut.alphabet.open((letter,), (Integer(i), Integer(j)))
        ]
        yield Integrated(S.One, constant(coefficient), _of_whole(task, made))


def _powers(
    determinant: dict[tuple[int, ...], int], exponent: int
) -> dict[tuple[tuple[int, int], ...], int]:
    """Return a power of a determinant, as coefficients of products of entries."""
    total: dict[tuple[tuple[int, int], ...], int] = {(): 1}
    for _ in range(exponent):
        grown: Counter[tuple[tuple[int, int], ...]] = Counter()
        for places, coefficient in total.items():
            for order, direction in determinant.items():
                grown[tuple(sorted((*places, *enumerate(order))))] += coefficient * direction
        total = {places: value for places, value in grown.items() if value}
    return total


def _traces_cost(task: Task) -> Effort | None:
    if not _has_determinant(task):
        return None
    points = _points(task.cut)
    classes, number = number_of_partitions(points.d), points.number_of_groups
    terms = comb(classes + number - 1, number)
    # All terms have as many letters, and take about as long.
    beside = _beside(task, (1,) * (points.d * number))
    effort, _ = cheapest(Task(Cut(found(task.cut.matrix.whole), beside, task.cut.alphabet)))
    return effort._replace(steps=terms * max(effort.steps, effort.rate // _EXPANDED))


@route(_traces_cost, law="determinant")
def _by_traces(task: Task) -> Iterator[Integrated]:
    """Yield the traces beside each term of the determinant as a symmetric function."""
    yield from _over_whole(task)
    d, exponent = int(task.cut.matrix.dimension), _power(task.cut).exponent
    for mu, coefficient in _in_power_sums(d, exponent).items():
        yield Integrated(S.One, constant(coefficient), _beside(task, mu))


def _beside(task: Task, mu: Partition) -> tuple[Chain, ...]:
    """Return the chains of the whole group beside the traces of powers of the determinant."""
    cut = task.cut
    letter = cut.alphabet.letter(cut.matrix.whole, False, _power(cut).conjugated)
    made = (chain for part in mu for chain in cut.alphabet.closed((letter,) * part))
    return _of_whole(task, made)


def _in_power_sums(d: int, exponent: int) -> dict[Partition, Any]:
    """Return a power of the determinant in power sums of the eigenvalues."""
    total: dict[Partition, Any] = {(): fmpq(1)}
    for _ in range(exponent):
        grown: dict[Partition, Any] = defaultdict(fmpq)
        for mu, coefficient in total.items():
            for nu in partitions(d):
                share = fmpq((-1) ** (d - len(nu)), centralizer_order(nu))
                grown[merge(mu, *nu)] += coefficient * share
        total = grown
    return total
