"""A class function on one side at least: sums over partitions, or one sum over pairings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product as cartesian

from flint import fmpq

from weingarten.combinatorics.coset_types import all_pairings
from weingarten.combinatorics.pairings import coset_type
from weingarten.combinatorics.partitions import (
    Partition,
    number_of_partitions,
    partitions,
)
from weingarten.functions.rational import constant
from weingarten.functions.spherical import Transform
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    BYTES,
    COUNTED,
    FEW,
    LISTED,
    WRITTEN_APART,
    Effort,
    Integrated,
    Task,
    found,
    has_closed_form,
    route,
    terms_of,
)
from weingarten.integration.sides import Side

#: How many products of traces with a factored coefficient are written in a second.
WRITTEN = 600
PRODUCTS = "products of two power sums"
#: More pairings than this are listed in hours only, whatever they give.
_MOST = 10**9


def _classes_cost(task: Task) -> Effort | None:
    if not has_closed_form(task):
        return None
    return Effort(number_of_partitions(task.cut.n) ** 2, WRITTEN, PRODUCTS)


@route(_classes_cost)
def _two_classes(task: Task) -> Iterator[Integrated]:
    """Sum two class functions: their transforms multiply, class by class of the basis."""
    cut, (one, other) = task.cut, found(task.classes)
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
                yield from terms_of(cut, [(one, first), (other, second)], value.scaled(share))


def _free_cost(task: Task) -> Effort | None:
    if task.free is None or not task.cut.matrix.is_haar:
        return None
    return Effort(number_of_partitions(task.cut.n), COUNTED)


@route(_free_cost)
def _free_and_class(task: Task) -> Iterator[Integrated]:
    """Sum a class function over all pairings: the first element of the basis is left."""
    cut, (free, classes) = task.cut, found(task.free)
    parts = partitions(cut.n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, cut.n)
    rows = [table.first(nu) for nu in parts]
    outcome = free.outcome((k, k + cut.n) for k in range(cut.n)) or Outcome((), (0, 0))
    for nu, value in zip(parts, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from terms_of(cut, [(classes, sums), (free, outcome)], value.scaled(share))


def _class_and_list_cost(task: Task) -> Effort | None:
    if task.classes is None or has_closed_form(task) or not task.cut.matrix.is_haar:
        return None
    cut, (_, listed) = task.cut, found(task.classes)
    if not FEW <= cut.number_of_pairings**2 <= _MOST**2:
        return Effort(cut.number_of_pairings, LISTED)
    outcomes = task.orbits[0 if listed is task.rows else 1]
    return Effort(
        cut.number_of_pairings,
        LISTED,
        products=outcomes * number_of_partitions(cut.n),
        written=WRITTEN_APART,
        size=BYTES,
    )


@route(_class_and_list_cost)
def _class_and_list(task: Task) -> Iterator[Integrated]:
    """Sum a class function against a list: one sum over pairings."""
    cut, (classes, listed) = task.cut, found(task.classes)
    base = classes.base or ()
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for pairing, outcome in listed.listed(all_pairings(cut.n, cut.bipartite)):
        counts[outcome][coset_type(pairing, base)] += 1
    yield from against_counts(classes, listed, counts)


def against_counts(
    classes: Side, other: Side, counts: Mapping[Outcome, Mapping[Partition, int]]
) -> Iterator[Integrated]:
    """Sum a class function against the numbers of pairings, by what the other side makes of them.

    The types of the pairings are relative to the one by the pieces of the class function.
    """
    cut = classes.cut
    parts = partitions(cut.n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, cut.n)
    pairs = list(cartesian(counts, parts))
    total = {outcome: table.total(types) for outcome, types in counts.items()}
    rows = [table.scaled(1, total[outcome], table.column(nu)) for outcome, nu in pairs]
    for (outcome, nu), value in zip(pairs, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from terms_of(cut, [(other, outcome), (classes, sums)], value.scaled(share))
