"""Partitions of a set into blocks: their lattice, and the cumulants that are sums over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from math import comb, factorial

from weingarten.caches import cached

#: Blocks of the points 0, 1, ..., each in increasing order, by their first points.
SetPartition = tuple[tuple[int, ...], ...]


def set_partitions(
    n: int, admissible: Callable[[tuple[int, ...]], bool] | None = None
) -> Iterator[SetPartition]:
    """Yield the partitions of n points, or those of which all blocks are admissible.

    Examples
    --------
    >>> list(set_partitions(3))
    [((0,), (1,), (2,)), ((0,), (1, 2)), ((0, 1), (2,)), ((0, 2), (1,)), ((0, 1, 2),)]
    >>> list(set_partitions(4, lambda block: len(block) == 2))
    [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
    """
    return _of_points(tuple(range(n)), admissible or (lambda _block: True))


def _of_points(
    points: tuple[int, ...], admissible: Callable[[tuple[int, ...]], bool]
) -> Iterator[SetPartition]:
    if not points:
        yield ()
        return
    first, others = points[0], points[1:]
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            block = (first, *chosen)
            if admissible(block):
                left = tuple(point for point in others if point not in chosen)
                for rest in _of_points(left, admissible):
                    yield (block, *rest)


@cached(maxsize=1024)
def number_of_set_partitions(n: int, *, even: bool = False) -> int:
    """Return the number of partitions of n points, or of those into blocks of even size.

    Examples
    --------
    >>> [number_of_set_partitions(n) for n in range(6)]
    [1, 1, 2, 5, 15, 52]
    >>> [number_of_set_partitions(n, even=True) for n in (2, 4, 6, 8)]
    [1, 4, 31, 379]
    """
    if not n:
        return 1
    sizes = range(2, n + 1, 2) if even else range(1, n + 1)
    return sum(comb(n - 1, k - 1) * number_of_set_partitions(n - k, even=even) for k in sizes)


@cached(maxsize=4096)
def into_blocks(n: int, k: int, *, even: bool = False) -> int:
    """Return in how many ways n points are cut into k blocks, or into k blocks of even size.

    Examples
    --------
    >>> [into_blocks(4, k) for k in range(5)]
    [0, 1, 7, 6, 1]
    >>> [into_blocks(4, k, even=True) for k in range(4)]
    [0, 1, 3, 0]
    """
    if not n or not k:
        return int(n == k)
    sizes = range(2, n + 1, 2) if even else range(1, n + 1)
    return sum(comb(n - 1, s - 1) * into_blocks(n - s, k - 1, even=even) for s in sizes)


def cells(one: SetPartition, other: SetPartition) -> tuple[tuple[int, int, int], ...]:
    """Return the blocks of the meet: the size of each, and which block of each it lies in.

    Examples
    --------
    >>> cells(((0, 1, 2), (3,)), ((0,), (1, 2, 3)))
    ((1, 0, 0), (2, 0, 1), (1, 1, 1))
    """
    second = {point: b for b, block in enumerate(other) for point in block}
    sizes = Counter((a, second[point]) for a, block in enumerate(one) for point in block)
    return tuple((size, a, b) for (a, b), size in sizes.items())


def mobius(k: int) -> int:
    """Return the Moebius function of the lattice between k blocks and one that holds them all.

    Examples
    --------
    >>> [mobius(k) for k in range(1, 5)]
    [1, -1, 2, -6]
    """
    return factorial(k - 1) if k % 2 else -factorial(k - 1)


def kernel(indices: tuple[object, ...]) -> SetPartition:
    """Return the partition of the places of a list by what stands there.

    Examples
    --------
    >>> kernel((5, 7, 5))
    ((0, 2), (1,))
    """
    places: dict[object, list[int]] = {}
    for place, index in enumerate(indices):
        places.setdefault(index, []).append(place)
    return tuple(map(tuple, places.values()))


def joint_cumulant(moment: Callable[[int, int], int], p: int, q: int) -> int:
    """Return the cumulant of p times a variable and q times its conjugate, from their moments.

    Examples
    --------
    >>> [joint_cumulant(lambda p, q: 1 - (p + q) % 2, p, 0) for p in range(1, 7)]
    [0, 1, 0, -2, 0, 16]
    >>> [joint_cumulant(lambda p, q: int(p == q), p, p) for p in (1, 2, 3)]
    [1, -1, 4]
    """
    if not p:
        return 0 if not q else joint_cumulant(lambda a, b: moment(b, a), q, 0)
    smaller = ((a, b) for a in range(1, p + 1) for b in range(q + 1) if (a, b) != (p, q))
    return moment(p, q) - sum(
        comb(p - 1, a - 1) * comb(q, b) * joint_cumulant(moment, a, b) * rest
        for a, b in smaller
        if (rest := moment(p - a, q - b))
    )
