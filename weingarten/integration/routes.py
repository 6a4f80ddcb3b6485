r"""Integrate one random matrix out of a product of chains, by the cheapest route.

Cutting the chains at the letters of a random matrix X leaves pieces of constant words, each of
which connects two indices of X, or one of them with a free index. The expectation joins the row
indices of X by a pairing p and the column indices by a pairing q; every pair of pairings gives new
chains, with the weight ``Wg(type(p, q))``. For U(d) and complex Gaussian matrices a pair must hold
one plain and one conjugate letter. For Gaussian matrices p = q, with the variance as the weight.

When no piece connects a row with a column index, the chains on the row side depend on p alone and
those on the column side on q alone: ``sum_{p, q} R(p) Wg(p, q) C(q)``. What R and C look like
(`weingarten.integration.sides`) decides what this costs. Two class functions cost one matrix
product over the partitions of n [Collins & Sniady 2006; Macdonald VII.5], a class function and a
list one sum over pairings, two lists all pairs.

A route is a function that yields the terms, registered with one that says what it costs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product as cartesian
from math import factorial, prod
from typing import Any, NamedTuple, TypeVar

from flint import fmpq
from sympy import Expr, Mul, S

from weingarten.combinatorics.coset_types import all_pairings, relations
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.pairings import coset_type
from weingarten.combinatorics.partitions import (
    Partition,
    number_of_partitions,
    partition_index,
    partitions,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import LEFT, RIGHT, Chain
from weingarten.functions.rational import Factored, as_flint, constant
from weingarten.functions.spherical import Transform, basis_sums, class_sum
from weingarten.integration.contractions import contractions
from weingarten.integration.diagram import Cut, Outcome, without_inverses
from weingarten.integration.entries import Factor, is_concrete, moment, symbolic_moment
from weingarten.integration.sides import Side, side_of, whole
from weingarten.limits import PAIRINGS, check_effort


class Integrated(NamedTuple):
    """What integrating one matrix gives: a scalar, a function of the dimension, the chains left."""

    scale: Expr
    value: Factored
    chains: tuple[Chain, ...]


class Effort(NamedTuple):
    """What a route costs: a number of things to go through, and how many of them in a second."""

    steps: int
    rate: int
    what: str = PAIRINGS
    at_most: float = math.inf


@dataclass(frozen=True)
class Task:
    """A diagram to be summed, and its two sides where no piece connects them."""

    cut: Cut

    @cached_property
    def rows(self) -> Side | None:
        """The pieces between row indices; None if one connects the two sides."""
        return self._side(0)

    @cached_property
    def columns(self) -> Side | None:
        """The pieces between column indices; None if one connects the two sides."""
        return self._side(1)

    def _side(self, which: int) -> Side | None:
        # Joins through a form have signs, which belong to both sides together.
        return side_of(self.cut, which) if self.cut.matrix.form is None else None

    @cached_property
    def classes(self) -> tuple[Side, Side] | None:
        """A side that is a class function, and the other one."""
        rows, columns = self.rows, self.columns
        if rows is None or columns is None:
            return None
        if columns.base is not None:
            return columns, rows
        return (rows, columns) if rows.base is not None else None

    @cached_property
    def free(self) -> tuple[Side, Side] | None:
        """A side that is free, and the other one, a class function."""
        rows, columns = self.rows, self.columns
        if rows is None or columns is None:
            return None
        for one, other in ((rows, columns), (columns, rows)):
            if one.is_free and other.symmetrised is not None:
                return one, other
        return None

    @cached_property
    def entries(self) -> list[Factor] | None:
        """The entries that all chains are, or None."""
        found = []
        for word, ends, _ in self.cut.chains:
            if len(word) != 1 or ends is None or {LEFT, RIGHT} & set(ends):
                return None
            (letter,) = word
            i, j = ends[::-1] if letter.transposed else ends
            found.append(Factor(i, j, letter.conjugated, 1))
        return found


class Route(NamedTuple):
    """A way to sum a diagram: what it costs (None where it does not apply), and its terms."""

    cost: Callable[[Task], Effort | None]
    terms: Callable[[Task], Iterator[Integrated]]


#: All routes; of those that apply, the cheapest is taken.
ROUTES: list[Route] = []

Terms = Callable[[Task], Iterator[Integrated]]


def route(cost: Callable[[Task], Effort | None]) -> Callable[[Terms], Terms]:
    """Register a function that yields the terms of a task, with what it costs."""

    def register(terms: Terms) -> Terms:
        ROUTES.append(Route(cost, terms))
        return terms

    return register


#: How many pairings a second are followed one by one, or counted in bulk, on a common machine.
LISTED, _COUNTED = 30_000, 20_000_000
#: How many products of traces with a factored coefficient are written in a second.
_WRITTEN = 600
#: The types of all pairs of pairings are held in a table of bytes.
_PAIRS_IN_MEMORY = 400_000_000
_PRODUCTS = "products of two power sums"


def integrate(
    matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet
) -> Iterator[Integrated]:
    """Yield the terms of the expectation over one random matrix of a product of chains.

    Raises
    ------
    ValueError
        If the pairs of pairings are too many to be listed; the message says how many.
    """
    reduced, empty = without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    others = [c for c in reduced if c not in touched]
    scale = matrix.shape[0] ** empty
    if not touched:
        yield Integrated(scale, constant(1), alphabet.sort(others))
        return
    for rest, value, made in integrated(Task(Cut(matrix, touched, alphabet))):
        yield Integrated(scale * rest, value, alphabet.sort([*others, *made]))


def integrated(task: Task) -> Iterator[Integrated]:
    """Yield the terms of the expectation of a diagram, by the cheapest route."""
    if not task.cut.possible:
        return
    offers: list[tuple[Effort, Terms]] = []
    for cost, terms in ROUTES:
        effort = cost(task)
        if effort is not None:
            offers.append((effort, terms))
            if not effort.steps:
                break
    effort, terms = min(offers, key=lambda offer: offer[0].steps / offer[0].rate)
    check_effort(effort.steps, task.cut.n, effort.rate, at_most=effort.at_most, what=effort.what)
    yield from terms(task)


_Found = TypeVar("_Found")


def _found(part: _Found | None) -> _Found:
    """Return a part of a task that the cost of the route has asked for."""
    assert part is not None
    return part


# Entries -----------------------------------------------------------------------------------------


def _entries_cost(task: Task) -> Effort | None:
    """Return next to nothing, where all chains are entries whose joins can be told apart."""
    entries, matrix = task.entries, task.cut.matrix
    if entries is None or (not matrix.is_haar and not is_concrete(entries)):
        return None
    indices = [index for f in entries for index in (f.row, f.column)]
    if matrix.form is not None and any(index.is_even is None for index in indices):
        return None
    return Effort(0, LISTED)


@route(_entries_cost)
def _entries(task: Task) -> Iterator[Integrated]:
    """Sum a product of entries: counted by type, or a moment of independent Gaussians."""
    matrix, monomial = task.cut.matrix, _found(task.entries)
    if not matrix.is_haar:
        yield from _gaussian_entries(matrix, monomial)
        return
    group, d = matrix.group, matrix.dimension
    if is_concrete(monomial):
        value = moment(group, monomial)
        value = constant(as_flint(value.at(int(d)))) if d.is_Integer else value
        if value:
            yield Integrated(S.One, value, ())
        return
    for deltas, counts in symbolic_moment(group, monomial).items():
        # Halves of the indices of a symplectic matrix are below half its size.
        chains = tuple(Chain((), pair, d) for pair in deltas)
        if value := class_sum(group, counts, d):
            yield Integrated(S.One, value, chains)


def _gaussian_entries(matrix: RandomMatrix, monomial: Sequence[Factor]) -> Iterator[Integrated]:
    """Yield the expectation of a product of Gaussian entries with concrete indices."""
    powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0, 0])
    for f in monomial:
        powers[f.row, f.column][f.conjugated] += f.power
    real = matrix.is_real_valued
    value = prod(_gaussian_power(m, other, real=real) for m, other in powers.values())
    if value:
        yield Integrated(matrix.scale(len(monomial) // 2), constant(value), ())


def _gaussian_power(plain: int, conjugated: int, *, real: bool) -> int:
    """Return the expectation of a power of a standard Gaussian variable and its conjugate."""
    if real:
        return 0 if plain % 2 else int(prod(range(1, plain, 2)))
    return factorial(plain) if plain == conjugated else 0


# Two sides --------------------------------------------------------------------------------------


def _has_closed_form(task: Task) -> bool:
    """Return whether both sides are class functions: a list would end in the same products."""
    return task.classes is not None and task.classes[1].base is not None


def _classes_cost(task: Task) -> Effort | None:
    if not _has_closed_form(task):
        return None
    return Effort(number_of_partitions(task.cut.n) ** 2, _WRITTEN, _PRODUCTS)


@route(_classes_cost)
def _two_classes(task: Task) -> Iterator[Integrated]:
    """Sum two class functions: their transforms multiply, class by class of the basis."""
    cut, (one, other) = task.cut, _found(task.classes)
    parts = partitions(cut.n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, cut.n)
    start = table.column(coset_type(one.base or (), other.base or ()))
    pairs = list(cartesian(parts, parts))
    if cut.matrix.is_haar:
        rows = [table.scaled(2, start, table.column(mu), table.column(nu)) for mu, nu in pairs]
        values = table.sums(rows)
    else:
        values = [
            constant(table.gaussian(start, table.column(mu), table.column(nu))) for mu, nu in pairs
        ]
    for (mu, nu), value in zip(pairs, values, strict=True):
        for weight, first in one.power_sums(mu):
            for factor, second in other.power_sums(nu):
                share = fmpq(weight * factor) / (table.norm(mu) * table.norm(nu))
                yield from _terms(cut, [(one, first), (other, second)], value.scaled(share))


def _free_cost(task: Task) -> Effort | None:
    if task.free is None or not task.cut.matrix.is_haar:
        return None
    return Effort(number_of_partitions(task.cut.n), _COUNTED)


@route(_free_cost)
def _free_and_class(task: Task) -> Iterator[Integrated]:
    """Sum a class function over all pairings: the first element of the basis is left."""
    cut, (free, classes) = task.cut, _found(task.free)
    parts = partitions(cut.n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, cut.n)
    rows = [table.first(nu) for nu in parts]
    outcome = free.outcome((k, k + cut.n) for k in range(cut.n)) or Outcome((), (0, 0))
    for nu, value in zip(parts, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from _terms(cut, [(classes, sums), (free, outcome)], value.scaled(share))


def _class_and_list_cost(task: Task) -> Effort | None:
    if task.classes is None or _has_closed_form(task) or not task.cut.matrix.is_haar:
        return None
    return Effort(task.cut.number_of_pairings, LISTED)


@route(_class_and_list_cost)
def _class_and_list(task: Task) -> Iterator[Integrated]:
    """Sum a class function against a list: one sum over pairings."""
    cut, (classes, listed) = task.cut, _found(task.classes)
    base = classes.base or ()
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for pairing, outcome in listed.listed(all_pairings(cut.n, cut.bipartite)):
        counts[outcome][coset_type(pairing, base)] += 1
    parts = partitions(cut.n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, cut.n)
    pairs = list(cartesian(counts, parts))
    total = {outcome: table.total(types) for outcome, types in counts.items()}
    rows = [table.scaled(1, total[outcome], table.column(nu)) for outcome, nu in pairs]
    for (outcome, nu), value in zip(pairs, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from _terms(cut, [(listed, outcome), (classes, sums)], value.scaled(share))


def _two_lists_cost(task: Task) -> Effort | None:
    if task.rows is None or task.columns is None or not task.cut.matrix.is_haar:
        return None
    if _has_closed_form(task):
        return None
    pairs = task.cut.number_of_pairings**2
    return Effort(pairs, _COUNTED, at_most=_PAIRS_IN_MEMORY)


@route(_two_lists_cost)
def _two_lists(task: Task) -> Iterator[Integrated]:
    """Sum over all pairs of pairings, counted by what they give and by their type."""
    import numpy as np

    cut, rows, columns = task.cut, _found(task.rows), _found(task.columns)
    pairings, types = relations(cut.n, cut.bipartite)
    classes = len(partitions(cut.n))
    made = [dict(side.listed_by_position(pairings)) for side in (rows, columns)]
    if not all(made):
        return
    (row_code, row_outcomes), (code, outcomes) = map(_coded, made)
    chosen = np.array(sorted(made[1]), dtype=np.intp)
    offsets = np.array([code[k] * classes for k in chosen], dtype=np.intp)
    counts = np.zeros((len(row_outcomes), len(outcomes) * classes), dtype=np.int64)
    for k, which in row_code.items():
        counts[which] += np.bincount(offsets + types[k][chosen], minlength=counts.shape[1])
    table = counts.reshape(-1, classes)
    pairs = list(cartesian(row_outcomes, outcomes))
    for (first, second), value in zip(pairs, _class_sums(cut, table), strict=True):
        yield from _terms(cut, [(rows, first), (columns, second)], value)


# All pairs of pairings ---------------------------------------------------------------------------


def _listed_cost(task: Task) -> Effort | None:
    if _has_closed_form(task):
        return None
    exponent = 2 if task.cut.matrix.is_haar else 1
    return Effort(task.cut.number_of_pairings**exponent, LISTED)


@route(_listed_cost)
def _listed(task: Task) -> Iterator[Integrated]:
    """Sum over all pairs of pairings, each of which joins all indices."""
    cut, everything = task.cut, whole(task.cut)
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for contraction in contractions(cut):
        counts[contraction.outcome][contraction.kind] += contraction.sign
    if cut.matrix.is_haar:
        position = partition_index(cut.n)
        table = [[types[mu] for mu in position] for types in counts.values()]
        values = _class_sums(cut, table)
    else:
        values = [constant(sum(types.values())) for types in counts.values()]
    for outcome, value in zip(counts, values, strict=True):
        yield from _terms(cut, [(everything, outcome)], value)


def _class_sums(cut: Cut, counts: Any) -> list[Factored]:
    """Return the sum of count times Weingarten function, for each row of counts by class."""
    import numpy as np

    if not len(counts):
        return []
    group, d = cut.matrix.group, cut.matrix.dimension
    signs = [group.class_sign(mu) for mu in partitions(cut.n)]
    distinct, which = np.unique(np.asarray(counts) * signs, axis=0, return_inverse=True)
    table = power_sum_table(cut.n, group.alpha).T
    rows = distinct.astype(object) @ table.astype(object)
    values = basis_sums(group, cut.n, rows.tolist(), d)
    return [values[k] for k in which.ravel()]


def _terms(cut: Cut, made: Sequence[tuple[Side, Outcome]], value: Factored) -> Iterator[Integrated]:
    """Yield what the sides give: loops without a letter become the size of the matrix."""
    if value:
        scale = cut.matrix.scale(cut.n) * Mul(*(cut.size(outcome) for _, outcome in made))
        chains = [chain for _, outcome in made for chain in outcome.chains]
        yield Integrated(scale, value, cut.alphabet.sort(chains))


def _coded(made: dict[int, Outcome]) -> tuple[dict[int, int], list[Outcome]]:
    """Return the number of the outcome at each position, and the outcomes by number."""
    numbers: dict[Outcome, int] = {}
    codes = {k: numbers.setdefault(outcome, len(numbers)) for k, outcome in made.items()}
    return codes, list(numbers)
