"""Repeated pieces on both sides: pairings by their orbits under exchanges of equal pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product as cartesian
from typing import Any

from weingarten.combinatorics.double_cosets import shared_pairings, spherical_counts
from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.functions.rational import constant
from weingarten.functions.spherical import basis_sums
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    BYTES,
    FEW,
    WRITTEN_APART,
    Effort,
    Pairs,
    Task,
    found,
    has_closed_form,
    pairs_of,
    route,
)
from weingarten.integration.sides import Side

#: How many steps along pieces, and how many entries of matrices, are done in a second.
_FOLLOWED, _MULTIPLIED = 8_000_000, 3_000_000
#: With more pairings it takes hours, however many orbits there are.
_MOST = 10**9
#: What a number takes in memory, in the matrices and lists that hold one for each partition.
_BYTES_PER_NUMBER = 300


def _orbits_cost(task: Task) -> Effort | None:
    cut, rows, columns = task.cut, task.rows, task.columns
    if rows is None or columns is None or has_closed_form(task):
        return None
    if cut.number_of_pairings**2 < FEW:
        return None
    followed = cut.number_of_pairings * (len(rows.pieces) + len(columns.pieces))
    if cut.number_of_pairings > _MOST:
        return Effort(cut.number_of_pairings, max(1, _FOLLOWED // (4 * cut.n)), "pairings")
    one, other = task.orbits
    classes = number_of_partitions(cut.n) if cut.matrix.is_haar else 1
    # Neighbours of each orbit; powers of the matrix that they are; a sum of them for each class.
    least = min(one, other)
    multiplied = least * cut.n**3 + classes * (classes + least // 100) * one * other
    seconds = followed / _FOLLOWED + multiplied / _MULTIPLIED
    return Effort(
        cut.number_of_pairings,
        max(1, int(cut.number_of_pairings / seconds)),
        "pairings",
        products=one * other,
        written=WRITTEN_APART,
        size=BYTES + classes * _BYTES_PER_NUMBER,
    )


@route(_orbits_cost)
def _orbits(task: Task) -> Iterator[Pairs]:
    """Sum over pairs of orbits: pairings are gone through once, to count what orbits share."""
    import numpy as np

    cut, sides = task.cut, (found(task.rows), found(task.columns))
    shared = shared_pairings(sides[0].strands, sides[1].strands, cut.n, cut.bipartite)
    made = [
        _outcomes(side, examples) for side, examples in zip(sides, shared.examples, strict=True)
    ]
    if cut.matrix.is_haar:
        counts = spherical_counts(shared, cut.n, cut.matrix.group.alpha)
    else:
        counts = [shared.table()]
    (rows, row_codes), (columns, codes) = made
    merged: dict[tuple[int, int], Any] = {}
    flat = zip(*(matrix.entries() for matrix in counts), strict=True)
    for (a, b), row in zip(cartesian(row_codes, codes), flat, strict=True):
        if a is not None and b is not None:
            before = merged.get((a, b))
            merged[a, b] = row if before is None else _sum(before, row)
    distinct = {row: k for k, row in enumerate(dict.fromkeys(merged.values()))}
    which = np.zeros((len(rows), len(columns)), dtype=np.intp)
    for place, row in merged.items():
        which[place] = distinct[row]
    if cut.matrix.is_haar:
        values = basis_sums(cut.matrix.group, cut.n, list(distinct), cut.matrix.dimension)
    else:
        values = [constant(number) for (number,) in distinct]
    yield pairs_of(cut, rows, columns, values, which)


def _sum(one: Iterable[Any], other: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _outcomes(
    side: Side, examples: Sequence[Sequence[int]]
) -> tuple[list[Outcome], list[int | None]]:
    """Return the outcomes of a side without repetition, and which one each orbit has, if any."""
    numbers: dict[Outcome, int] = {}
    codes: list[int | None] = []
    for partner in examples:
        outcome = side.outcome((a, b) for a, b in enumerate(partner) if a < b)
        codes.append(None if outcome is None else numbers.setdefault(outcome, len(numbers)))
    return list(numbers), codes
