"""Equal indices on one side: the pieces of the other side are joined one by one, and merged.

Where all indices on a side are the same, every pairing of it gives the same: for the pairings of
the other side the weights are sums of a Weingarten function over all pairings,
``1/(d (d + alpha) ... (d + alpha (n - 1)))``. A vector on a sphere has such moments.

What is left of the other side after each join is a few pieces, whichever they were: words with few
different pieces lead to few of these, whatever the number of pairings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from flint import fmpq, fmpq_poly

from weingarten.expressions.words import Word
from weingarten.functions.rational import Factored, constant
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    BYTES,
    Effort,
    Integrated,
    Task,
    found,
    route,
    terms_of,
)
from weingarten.integration.sides import Side

#: How many joins are made in a second, and how many products are written.
_JOINED, _WRITTEN = 20_000, 2_000


class _Strand(NamedTuple):
    """A piece between two ends: each a kind of index, or a free index."""

    start: Any
    stop: Any
    word: Word


def _cost(task: Task) -> Effort | None:
    other = _other(task)
    if other is None:
        return None
    cut = task.cut
    outcomes = task.orbits[0 if other is task.rows else 1]
    return Effort(
        min(cut.number_of_pairings, outcomes) * cut.n,
        _JOINED,
        "joins of pieces",
        products=outcomes,
        written=_WRITTEN,
        size=BYTES,
    )


def _other(task: Task) -> Side | None:
    """Return the side beside one with equal indices, unless it is a class function."""
    rows, columns = task.rows, task.columns
    if rows is None or columns is None or not task.cut.matrix.is_haar:
        return None
    if task.free is not None or not (rows.is_free or columns.is_free):
        return None
    return columns if rows.is_free else rows


@route(_cost)
def _free_and_any(task: Task) -> Iterator[Integrated]:
    """Join the pieces of the side whose indices are not equal."""
    cut, other = task.cut, found(_other(task))
    free = found(task.columns if other is task.rows else task.rows)
    outcome = free.outcome((k, k + cut.n) for k in range(cut.n))
    alpha, d = cut.matrix.group.alpha, cut.matrix.dimension
    weight = Factored(fmpq_poly([1]), {(1, alpha * j): 1 for j in range(cut.n)})
    if d.is_Integer:
        weight = constant(fmpq(weight.at(int(d)).p, weight.at(int(d)).q))
    if outcome is None:
        return
    for made, count in _joined(other).items():
        yield from terms_of(cut, [(other, made), (free, outcome)], weight.scaled(fmpq(count)))


def _joined(side: Side) -> Counter[Outcome]:
    """Return how many pairings give each outcome."""
    start = _sorted(side, [_strand(side, *piece) for piece in side.pieces])
    states: Counter[tuple[tuple[_Strand, ...], Outcome]] = Counter({(start, side.nothing): 1})
    while any(strands for strands, _ in states):
        grown: Counter[tuple[tuple[_Strand, ...], Outcome]] = Counter()
        for (strands, outcome), count in states.items():
            for left, made, ways in _first_joined(side, strands):
                whole = outcome if made == side.nothing else side.together(outcome, made)
                grown[left, whole] += count * ways
        states = grown
    return Counter({outcome: count for (_, outcome), count in states.items()})


def _first_joined(
    side: Side, strands: tuple[_Strand, ...]
) -> Iterator[tuple[tuple[_Strand, ...], Outcome, int]]:
    """Join the end of the first piece with each other end: what is left, what is made, how often.

    The first is the longest: it is followed until it is a loop, or leads to a free index.
    """
    (begin, stop, word), *rest = strands
    if not _is_free(begin) and _can_meet(side, begin, stop):
        yield tuple(rest), side.loop(word), 1
    for other, ways in Counter(rest).items():
        left = list(rest)
        left.remove(other)
        for start, end, more in {other, _turned(side, other)}:
            if _is_free(start) or not _can_meet(side, stop, start):
                continue
            # A piece that is its own transpose has two ends that give the same.
            both = 2 if _turned(side, other) == other else 1
            joined = word + more
            if not (_is_free(begin) and _is_free(end)):
                new = _strand(side, begin, end, joined)
                yield _sorted(side, [new, *left]), side.nothing, ways * both
                continue
            chains = side.strand(joined, (begin[1], end[1]))
            if chains is not None:
                made = Outcome(side.alphabet.sort(chains), (0, 0))
                yield tuple(left), made, ways * both


def _strand(side: Side, start: Any, stop: Any, word: Word) -> _Strand:
    """Return a piece in the direction that it is kept in: a free end first."""
    n = side.cut.n
    begin, end = (
        (side.cut.bipartite and x >= n, None) if isinstance(x, int) else _end(x)
        for x in (start, stop)
    )
    made = _Strand(begin, end, word)
    return min(made, _turned(side, made), key=lambda strand: _key(side, strand))


def _end(end: Any) -> tuple[Any, ...]:
    """Return an end that may be one already: a kind of index without a name, or a free index."""
    return end if isinstance(end, tuple) else (False, end)


def _turned(side: Side, strand: _Strand) -> _Strand:
    return _Strand(strand.stop, strand.start, side.alphabet.transpose(strand.word))


def _is_free(end: tuple[Any, ...]) -> bool:
    return end[1] is not None


def _can_meet(side: Side, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return not side.cut.bipartite or one[0] != other[0]


def _key(side: Side, strand: _Strand) -> Any:
    ends = [(end[1] is None, end[0], str(end[1])) for end in (strand.start, strand.stop)]
    return -len(strand.word), ends, side.alphabet.key(strand.word)


def _sorted(side: Side, strands: list[_Strand]) -> tuple[_Strand, ...]:
    return tuple(sorted(strands, key=lambda strand: _key(side, strand)))
