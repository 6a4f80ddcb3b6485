"""Words in ``U U.T`` for a unitary U: the column sides of the letters are summed in closed form.

Where each piece on one side joins two plain letters, or two conjugate ones, with nothing between
them, the sum over the permutations on that side of ``Wg(p q⁻¹; d) d^loops`` is the orthogonal
Weingarten function at ``d + 1``, at the coset type of the permutation p on the other side
[Matsumoto, Random Matrices Theory Appl. 1 (2012), 1250005]. Only p is listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sympy import KroneckerDelta, S

from weingarten.combinatorics.pairings import Pairing, coset_type
from weingarten.combinatorics.partitions import Partition
from weingarten.functions.dimension import Line
from weingarten.functions.groups import ORTHOGONAL
from weingarten.functions.spherical import class_sum
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    LISTED,
    Effort,
    Integrated,
    Task,
    route,
    terms_of,
)
from weingarten.integration.sides import Side
from weingarten.limits import PAIRINGS


def _cost(task: Task) -> Effort | None:
    squared = _squared(task)
    if squared is None:
        return None
    return Effort(_number_of_matchings(squared[1]), LISTED // 2, PAIRINGS)


@route(_cost)
def _symmetric_squares(task: Task) -> Iterator[Integrated]:
    """Sum over the permutations on one side, with the orthogonal function for the other."""
    squared = _squared(task)
    assert squared is not None
    pairing, side = squared
    cut = task.cut
    plain = tuple(pair for pair in pairing if pair[0] < cut.n)
    conjugate = [pair for pair in pairing if pair[0] >= cut.n]
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for matching in _matchings(side):
        outcome = side.outcome(matching)
        if outcome is not None:
            back = {other: one for one, other in matching}
            moved = tuple((back[a], back[b]) for a, b in conjugate)
            counts[outcome][coset_type(plain, moved)] += 1
    d = cut.matrix.dimension
    for outcome, types in counts.items():
        if d.is_Integer:
            value = class_sum(ORTHOGONAL, types, d + 1)
        else:
            # As a function of d: the symbol itself does not matter.
            value = class_sum(ORTHOGONAL, types).along(Line(S.One, S.One, S.One))
        yield from terms_of(cut, [(side, outcome)], value)


def _squared(task: Task) -> tuple[Pairing, Side] | None:
    """Return the pairing by pieces of a side that joins like letters, and the other side."""
    cut = task.cut
    if not (cut.bipartite and cut.matrix.is_haar) or task.rows is None or task.columns is None:
        return None
    for one, other in ((task.columns, task.rows), (task.rows, task.columns)):
        pairs = [_like_letters(piece, cut.n) for piece in one.pieces]
        if pairs and None not in pairs:
            return tuple(sorted(pair for pair in pairs if pair)), other
    return None


def _like_letters(piece: Any, n: int) -> tuple[int, int] | None:
    start, stop, word = piece
    if word or not (isinstance(start, int) and isinstance(stop, int)):
        return None
    return (min(start, stop), max(start, stop)) if (start < n) == (stop < n) else None


def _places(side: Side) -> dict[int, Any]:
    """Return the free index that each letter has on a side; None for one with something between."""
    found: dict[int, Any] = {}
    for start, stop, word in side.pieces:
        for letter, end in ((start, stop), (stop, start)):
            if isinstance(letter, int):
                found[letter] = None if word or isinstance(end, int) else end
    return found


def _partners(side: Side) -> list[list[int]]:
    """Return the conjugate letters that each plain one can be matched with."""
    n, places = side.cut.n, _places(side)

    def fit(one: Any, other: Any) -> bool:
        return one is None or other is None or KroneckerDelta(one, other) is not S.Zero

    return [[b for b in range(n, 2 * n) if fit(places[a], places[b])] for a in range(n)]


def _number_of_matchings(side: Side) -> int:
    """Return a bound on the number of matchings."""
    total = 1
    for k, partners in enumerate(sorted(map(len, _partners(side)))):
        total *= max(partners - k, 1) if partners else 0
    return total


def _matchings(side: Side) -> Iterator[Pairing]:
    """Yield the matchings of plain with conjugate letters in which no index differs."""
    partners = _partners(side)

    def grown(a: int, used: frozenset[int]) -> Iterator[tuple[tuple[int, int], ...]]:
        if a == len(partners):
            yield ()
            return
        for b in partners[a]:
            if b not in used:
                for rest in grown(a + 1, used | {b}):
                    yield ((a, b), *rest)

    return grown(0, frozenset())
