"""Inverse Wishart matrices: all ends of the letters are joined in pairs.

The moments of a Wishart matrix of n degrees of freedom are sums over pairings of ends, weighted by
powers of n; those of its inverse have Weingarten functions for weights, of the pairing relative
to that by letters, at a negative dimension [Matsumoto 2012; Graczyk, Letac & Massam 2003].
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import permutations
from math import factorial

from weingarten.combinatorics.pairings import Pairing, coset_type, pairings
from weingarten.combinatorics.partitions import Partition
from weingarten.combinatorics.permutations import cycle_type
from weingarten.functions.rational import as_flint, constant
from weingarten.functions.spherical import class_sum
from weingarten.integration.diagram import Cut, Outcome
from weingarten.integration.routes.base import LISTED, Effort, Integrated, Task, route
from weingarten.integration.sides import whole
from weingarten.limits import PAIRINGS


def _letters(cut: Cut) -> int:
    return len(cut.conjugated)


def _cost(task: Task) -> Effort:
    k = _letters(task.cut)
    real = task.cut.matrix.is_real_valued
    count = factorial(2 * k) // (2**k * factorial(k)) if real else factorial(k)
    return Effort(count, LISTED // 6, PAIRINGS)


@route(_cost, law="ends")
def _inverses(task: Task) -> Iterator[Integrated]:
    """Yield the terms of the sum over all ways to join the ends."""
    cut, everything = task.cut, whole(task.cut)
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for joins, kind in _joins(cut):
        outcome = everything.outcome(joins)
        if outcome is not None:
            counts[outcome][kind] += 1
    matrix, sign = cut.matrix, (-1) ** _letters(cut)
    for outcome, types in counts.items():
        # Where the moment exists, the dimension is below all poles of the generic function.
        value = class_sum(matrix.group, dict(types)).scaled(sign)
        if matrix.dimension.is_Integer:
            value = constant(as_flint(value.at(int(matrix.dimension))))
        if value:
            yield Integrated(cut.size(outcome), value, outcome.chains)


def _joins(cut: Cut) -> Iterator[tuple[Pairing, Partition]]:
    """Yield the ways to join the ends of the letters, with their types."""
    k = _letters(cut)
    if cut.matrix.is_real_valued:
        own = tuple((2 * letter, 2 * letter + 1) for letter in range(k))
        for pairing in pairings([None] * (2 * k)):
            yield pairing, coset_type(own, pairing)
        return
    for images in permutations(range(k)):
        yield (
            tuple((2 * letter, 2 * image + 1) for letter, image in enumerate(images)),
            cycle_type(images),
        )
