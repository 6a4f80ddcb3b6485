"""Pairings (perfect matchings) of points, and the loops that two of them form."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from weingarten.combinatorics.partitions import Partition

Pairing = tuple[tuple[int, int], ...]


def pairings(labels: Sequence[Hashable]) -> Iterator[Pairing]:
    """Yield the pairings of the positions of `labels` that join equal labels only.

    Examples
    --------
    >>> list(pairings("aaaa"))
    [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
    >>> list(pairings("abab"))
    [((0, 2), (1, 3))]
    """

    def extend(free: tuple[int, ...]) -> Iterator[Pairing]:
        if not free:
            yield ()
            return
        first, *others = free
        for other in others:
            if labels[first] == labels[other]:
                rest = tuple(point for point in others if point != other)
                for pairing in extend(rest):
                    yield ((first, other), *pairing)

    return extend(tuple(range(len(labels))))


def partners(pairing: Pairing) -> list[int]:
    """Return the partner of each point.

    Examples
    --------
    >>> partners(((0, 2), (1, 3)))
    [2, 3, 0, 1]
    """
    partner = [0] * (2 * len(pairing))
    for a, b in pairing:
        partner[a], partner[b] = b, a
    return partner


def loops(first: Pairing, second: Pairing) -> list[list[int]]:
    """Return the loops of two pairings: each a list of points, joined by `first`, then `second`.

    Examples
    --------
    >>> loops(((0, 1), (2, 3)), ((0, 2), (1, 3)))
    [[0, 1, 3, 2]]
    """
    one, other = partners(first), partners(second)
    seen: set[int] = set()
    found = []
    for start in range(len(one)):
        loop: list[int] = []
        point = start
        while point not in seen:
            loop += [point, one[point]]
            seen.update(loop[-2:])
            point = other[one[point]]
        if loop:
            found.append(loop)
    return found


def coset_type(first: Pairing, second: Pairing) -> Partition:
    """Return the half lengths of the loops of two pairings, in decreasing order.

    Examples
    --------
    >>> coset_type(((0, 1), (2, 3)), ((0, 2), (1, 3)))
    (2,)
    """
    return tuple(sorted((len(loop) // 2 for loop in loops(first, second)), reverse=True))


def standard_pairing(n: int) -> Pairing:
    """Return the pairing of neighbours among 2n points.

    Examples
    --------
    >>> standard_pairing(2)
    ((0, 1), (2, 3))
    """
    return tuple((2 * k, 2 * k + 1) for k in range(n))


def moved(pairing: Pairing, permutation: Sequence[int]) -> Pairing:
    """Return the pairing that a permutation of the points makes of `pairing`.

    Examples
    --------
    >>> moved(((0, 1), (2, 3)), (0, 2, 1, 3))
    ((0, 2), (1, 3))
    """
    images = ((permutation[a], permutation[b]) for a, b in pairing)
    return tuple(sorted((min(pair), max(pair)) for pair in images))
