"""Pairings up to the symmetry of equal pieces: their orbits, found in bulk, and counted.

Pieces between 2n points are strung together by a pairing of the points: loops, and paths between
pieces that have one free end. Equal pieces can be exchanged, and one that reads the same both ways
can be turned, so that a pairing is known, up to these symmetries, by the words along its loops and
paths: its *orbit*. There are few of them when pieces are repeated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb, factorial, prod
from typing import Any, NamedTuple

from weingarten.caches import cached
from weingarten.combinatorics.partitions import (
    centralizer_order,
    partitions,
)

# numpy is loaded where it is used: importing the package should cost little more than SymPy.


class Strand(NamedTuple):
    """A piece between two points, or from a free end (start is None) to a point.

    Its colour is what is read from start to stop, and the other way: equal pieces have equal
    colours, and one that can be turned has the same colour both ways.
    """

    start: int | None
    stop: int
    forward: int
    backward: int


# Orbits -------------------------------------------------------------------------------------------

#: A loop or path as it is read, in the standard one of its directions and starts.
_Reading = tuple[int, ...]


class Orbits:
    """The orbits of pairings under the symmetries of equal pieces, numbered as they are met.

    Parameters
    ----------
    strands : sequence of Strand
        The pieces; each of the points 0, ..., 2n - 1 is an end of one of them.

    Examples
    --------
    Two equal pieces that can not be turned:

    >>> orbits = Orbits([Strand(0, 1, 1, 2), Strand(2, 3, 1, 2)])
    >>> [orbits.of(partner).tolist() for partner in all_partners(2, False)]
    [[2, 1, 0]]
    >>> orbits.readings
    [((1, 1),), ((1, 2),), ((1,), (1,))]
    """

    def __init__(self, strands: Sequence[Strand]) -> None:
        import numpy as np

        ordered = sorted(strands, key=lambda s: s.start is not None)
        points = sum(1 if s.start is None else 2 for s in ordered)
        # Going along a strand forwards or backwards: the colour read, and where it leads.
        colours = sorted({c for s in ordered for c in (s.forward, s.backward)})
        number = {colour: k for k, colour in enumerate(colours)}
        self._colours = colours
        self._turned = {a: b for s in ordered for a, b in zip(s[2:], s[:1:-1], strict=True)}
        self._free = {s.forward for s in ordered if s.start is None}
        self._strands = len(ordered)
        read, land = [], []
        leaving = [0] * points
        for k, s in enumerate(ordered):
            read += [number[s.forward], number[s.backward]]
            land += [s.stop, -1 if s.start is None else s.start]
            leaving[s.stop] = 2 * k + 1
            if s.start is not None:
                leaving[s.start] = 2 * k
        self._read = np.array(read)
        self._land = np.array(land)
        self._leaving = np.array(leaving)
        # What is read so far: the loops and paths that are done, and the one that is begun.
        self._states: list[tuple[tuple[_Reading, ...], _Reading]] = [((), ())]
        self._numbers = {self._states[0]: 0}
        self._next = np.full((64, 2 * len(colours)), -1, dtype=np.int64)
        self._orbit: dict[int, int] = {}
        self.readings: list[tuple[_Reading, ...]] = []

    def of(self, partner: Any) -> Any:
        """Return the number of the orbit of each pairing, given by the partners of its points."""
        import numpy as np

        rows = np.arange(len(partner))
        state = np.zeros(len(partner), dtype=np.int64)
        seen = np.zeros(len(partner), dtype=np.int64)
        begin = at = np.zeros(len(partner), dtype=np.int64)
        for _ in range(self._strands):
            seen |= 1 << (at >> 1)
            read, land = self._read[at], self._land[at]
            onward = self._leaving[partner[rows, land]]
            closed = (land < 0) | (onward == begin)
            state = self._step(state, 2 * read + closed)
            fresh = 2 * _lowest_unset(seen)
            begin = np.where(closed, fresh, begin)
            at = np.where(closed, fresh, onward)
        return self._as_orbits(state)

    def _step(self, state: Any, symbol: Any) -> Any:
        """Return the states after a symbol: a colour, and whether the loop or path ends there."""
        import numpy as np

        found = self._next[state, symbol]
        if (found < 0).any():
            width = self._next.shape[1]
            missing = np.unique(state[found < 0] * width + symbol[found < 0])
            for key in missing.tolist():
                self._enter(*divmod(key, width))
            found = self._next[state, symbol]
        return found

    def _enter(self, state: int, symbol: int) -> None:
        import numpy as np

        done, begun = self._states[state]
        begun += (self._colours[symbol // 2],)
        after = (tuple(sorted((*done, self._standard(begun)))), ()) if symbol % 2 else (done, begun)
        number = self._numbers.setdefault(after, len(self._states))
        if number == len(self._states):
            self._states.append(after)
        if number >= len(self._next):
            self._next = np.concatenate([self._next, np.full_like(self._next, -1)])
        self._next[state, symbol] = number

    def _standard(self, reading: _Reading) -> _Reading:
        """Return the least of the ways to read a loop, or a path."""
        back = tuple(self._turned[colour] for colour in reversed(reading))
        if reading[0] in self._free:
            return min(reading, back)
        return min(way[k:] + way[:k] for way in (reading, back) for k in range(len(way)))

    def _as_orbits(self, state: Any) -> Any:
        import numpy as np

        found, inverse = np.unique(state, return_inverse=True)
        for number in found.tolist():
            if number not in self._orbit:
                self._orbit[number] = len(self.readings)
                self.readings.append(self._states[number][0])
        return np.array([self._orbit[number] for number in found.tolist()])[inverse]


def _lowest_unset(mask: Any) -> Any:
    """Return the position of the lowest bit that is not set."""
    import numpy as np

    lowest = ~mask & (mask + 1)
    return np.frexp(lowest.astype(np.float64))[1] - 1


# Pairings in bulk ---------------------------------------------------------------------------------

#: How many pairs are formed in one array: few enough for the caches of a processor.
_PAIRS_AT_ONCE = {False: 6, True: 7}


def all_partners(n: int, bipartite: bool) -> Iterator[Any]:
    """Yield all pairings of 2n points, or those of the first n with the last n, in arrays.

    A row holds the partner of each point.

    Examples
    --------
    >>> [array.tolist() for array in all_partners(2, True)]
    [[[2, 3, 0, 1], [3, 2, 1, 0]]]
    """
    inner = min(n, _PAIRS_AT_ONCE[bipartite])
    table = _few_partners(inner, bipartite)
    for pairs in _begun(tuple(range(2 * n)), n - inner, n if bipartite else None):
        yield _with_pairs(table, pairs)


@cached(maxsize=16)
def _few_partners(n: int, bipartite: bool) -> Any:
    """Return all of them in one array."""
    import numpy as np

    if n == 0:
        return np.empty((1, 0), dtype=np.intp)
    table = _few_partners(n - 1, bipartite)
    begun = _begun(tuple(range(2 * n)), 1, n if bipartite else None)
    return np.concatenate([_with_pairs(table, pairs) for pairs in begun])


def _with_pairs(table: Any, pairs: Sequence[tuple[int, int]]) -> Any:
    """Return the pairings that have these pairs, and are those of the table on other points."""
    import numpy as np

    points = table.shape[1] + 2 * len(pairs)
    taken = {point for pair in pairs for point in pair}
    left = np.array([point for point in range(points) if point not in taken], dtype=np.intp)
    array = np.empty((len(table), points), dtype=np.intp)
    array[:, left] = left[table]
    for a, b in pairs:
        array[:, a], array[:, b] = b, a
    return array


def _begun(
    free: tuple[int, ...], number: int, half: int | None
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the ways to form so many pairs, each with the first of the points that are free."""
    if not number:
        yield ()
        return
    first, *others = free
    for other in others:
        if half is None or other >= half:
            rest = tuple(point for point in others if point != other)
            for pairs in _begun(rest, number - 1, half):
                yield ((first, other), *pairs)


# The number of orbits -----------------------------------------------------------------------------

#: How many cycles of each length a symmetry has on the points: of each of two kinds of points.
_Cycles = tuple[tuple[int, ...], tuple[int, ...]]


def number_of_orbits(strands: Sequence[Strand], n: int, bipartite: bool) -> int:
    """Return the number of orbits without listing pairings: the mean number of fixed ones.

    Parameters
    ----------
    strands : sequence of Strand
        The pieces.
    n : int
        Half the number of points.
    bipartite : bool
        Whether a pair joins one of the first n points to one of the last n.

    Examples
    --------
    >>> number_of_orbits([Strand(0, 1, 1, 2), Strand(2, 3, 1, 2)], 2, False)
    3
    """
    groups: Counter[Any] = Counter()
    for s in strands:
        kinds = tuple(int(bipartite and end >= n) for end in s[:2] if end is not None)
        groups[min(s[2:]), max(s[2:]), tuple(sorted(kinds))] += 1
    total: dict[_Cycles, Fraction] = {((), ()): Fraction(1)}
    for (forward, backward, kinds), count in groups.items():
        grown: dict[_Cycles, Fraction] = defaultdict(Fraction)
        for more, weight in _cycle_index(count, kinds, turns=forward == backward).items():
            for cycles, share in total.items():
                grown[_with_cycles(cycles, *more)] += weight * share
        total = grown
    fixed = _fixed_bijections if bipartite else _fixed_pairings
    return int(sum(weight * fixed(*cycles) for cycles, weight in total.items()))


def _cycle_index(count: int, kinds: tuple[int, ...], *, turns: bool) -> dict[_Cycles, Fraction]:
    """Return the shares of the cycle types of exchanges, and turns, of equal pieces."""
    total: dict[_Cycles, Fraction] = defaultdict(Fraction)
    for mu in partitions(count):
        made: dict[_Cycles, Fraction] = {((), ()): Fraction(1, centralizer_order(mu))}
        for length in mu:
            grown: dict[_Cycles, Fraction] = defaultdict(Fraction)
            for cycles, weight in made.items():
                for points, share in _cycle_on_points(length, kinds, turns):
                    first, last = ([size for kind, size in points if kind == k] for k in (0, 1))
                    grown[_with_cycles(cycles, first, last)] += weight * share
            made = grown
        for cycles, weight in made.items():
            total[cycles] += weight
    return total


def _with_cycles(cycles: _Cycles, first: Sequence[int], last: Sequence[int]) -> _Cycles:
    return tuple(sorted((*cycles[0], *first))), tuple(sorted((*cycles[1], *last)))


def _cycle_on_points(
    length: int, kinds: tuple[int, ...], turns: bool
) -> list[tuple[list[tuple[int, int]], Fraction]]:
    """Return what a cycle of pieces is on their points: kinds and lengths, and with what share."""
    plain = [(kind, length) for kind in kinds]
    if not turns or len(kinds) < 2:
        return [(plain, Fraction(1))]
    return [(plain, Fraction(1, 2)), ([(kinds[0], 2 * length)], Fraction(1, 2))]


def _fixed_pairings(cycles: tuple[int, ...], _: tuple[int, ...]) -> int:
    """Return the number of pairings that a permutation with these cycles leaves as they are."""
    return prod(
        sum(
            comb(count, 2 * j) * factorial(2 * j) // (2**j * factorial(j)) * length**j
            for j in range(count // 2 + 1)
            # A cycle that is not joined to another one is joined to itself, half way round.
            if 2 * j == count or length % 2 == 0
        )
        for length, count in Counter(cycles).items()
    )


def _fixed_bijections(first: tuple[int, ...], last: tuple[int, ...]) -> int:
    """Return the number of bijections that commute with these cycles on both sides."""
    return centralizer_order(first) if Counter(first) == Counter(last) else 0
