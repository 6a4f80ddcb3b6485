"""Permutations of 0..n-1 as tuples of images."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from weingarten.combinatorics.partitions import Partition

Permutation = tuple[int, ...]


def cycles(permutation: Sequence[int]) -> list[list[int]]:
    """Return the cycles of a permutation given by its images, fixed points included.

    Examples
    --------
    >>> cycles((1, 0, 2))
    [[0, 1], [2]]
    """
    seen: set[int] = set()
    found = []
    for start in range(len(permutation)):
        cycle = []
        point = start
        while point not in seen:
            seen.add(point)
            cycle.append(point)
            point = permutation[point]
        if cycle:
            found.append(cycle)
    return found


def cycle_type(permutation: Sequence[int]) -> Partition:
    """Return the lengths of the cycles of a permutation, in decreasing order.

    Examples
    --------
    >>> cycle_type((1, 0, 2))
    (2, 1)
    """
    return tuple(sorted(map(len, cycles(permutation)), reverse=True))


def sign(permutation: Sequence[int]) -> int:
    """Return the sign of a permutation given by its images.

    Examples
    --------
    >>> sign((1, 0, 2)), sign((1, 2, 0))
    (-1, 1)
    """
    return -1 if (len(permutation) - len(cycles(permutation))) % 2 else 1


def compose(first: Sequence[int], second: Sequence[int]) -> Permutation:
    """Return the permutation that applies `second`, then `first`.

    Examples
    --------
    >>> compose((1, 2, 0), (1, 0, 2))
    (2, 1, 0)
    """
    return tuple(first[image] for image in second)


def inverse(permutation: Sequence[int]) -> Permutation:
    """Return the inverse permutation.

    Examples
    --------
    >>> inverse((1, 2, 0))
    (2, 0, 1)
    """
    return tuple(sorted(range(len(permutation)), key=permutation.__getitem__))


def carrying(source: Sequence[Hashable], target: Sequence[Hashable]) -> Iterator[Permutation]:
    """Yield the permutations s with ``source[s[k]] == target[k]`` for every k.

    Examples
    --------
    >>> list(carrying("aab", "aba"))
    [(0, 2, 1), (1, 2, 0)]
    """

    def extend(images: Permutation) -> Iterator[Permutation]:
        if len(images) == len(target):
            yield images
            return
        for image, label in enumerate(source):
            if image not in images and label == target[len(images)]:
                yield from extend((*images, image))

    if len(source) == len(target):
        yield from extend(())
