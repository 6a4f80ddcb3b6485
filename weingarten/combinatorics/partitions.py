"""Partitions of an integer: weakly decreasing tuples of positive integers.

Boxes are counted from zero: the box in row ``i`` and column ``j`` of the diagram of ``lam``
exists when ``j < lam[i]``. The parameter ``alpha`` is that of Jack polynomials: 1 for the unitary
group (Schur functions, characters), 2 for the orthogonal group (zonal polynomials).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import factorial, prod
from operator import index
from typing import Any

from weingarten.caches import cached

Partition = tuple[int, ...]

#: From here on the partitions of a single n take more than ten megabytes.
_MANY = 40


@cached(maxsize=64, large=lambda n: n > _MANY)
def partitions(n: int) -> tuple[Partition, ...]:
    """Return all partitions of `n`, in reverse lexicographic order.

    Parameters
    ----------
    n : int
        A non-negative integer.

    Examples
    --------
    >>> partitions(4)
    ((4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1))
    """
    return tuple(_partitions(n, n))


def _partitions(n: int, largest: int) -> Iterator[Partition]:
    if n == 0:
        yield ()
    for first in range(min(n, largest), 0, -1):
        for rest in _partitions(n - first, first):
            yield (first, *rest)


@cached(maxsize=64, large=lambda n: n > _MANY)
def partition_index(n: int) -> dict[Partition, int]:
    """Return the position of each partition of `n` in `partitions(n)`."""
    return {mu: position for position, mu in enumerate(partitions(n))}


def partitions_in_rows(n: int, rows: int, largest: int | None = None) -> Iterator[Partition]:
    """Yield the partitions of `n` with at most `rows` parts, none above `largest`.

    They come in reverse lexicographic order, and no other one is looked at.

    Examples
    --------
    >>> list(partitions_in_rows(6, 2)), list(partitions_in_rows(6, 3, 2))
    ([(6,), (5, 1), (4, 2), (3, 3)], [(2, 2, 2)])
    """
    if n == 0:
        yield ()
    elif rows > 0:
        for first in range(min(n, largest or n), (n - 1) // rows, -1):
            for rest in partitions_in_rows(n - first, rows - 1, first):
                yield (first, *rest)


def number_of_partitions(n: int, rows: int | None = None) -> int:
    """Return the number of partitions of `n`, with at most `rows` parts, without listing them.

    Examples
    --------
    >>> [number_of_partitions(n) for n in (4, 20, 24, 100)]
    [5, 627, 1575, 190569292]
    >>> number_of_partitions(6, 2)
    4
    """
    counts = [1] + [0] * n
    for part in range(1, (n if rows is None else min(n, rows)) + 1):
        for total in range(part, n + 1):
            counts[total] += counts[total - part]
    return counts[n]


def as_partition(parts: Iterable[int], argument: str = "mu") -> Partition:
    """Return `parts` as a partition, sorted in decreasing order.

    Raises
    ------
    TypeError
        If `parts` is not an iterable of integers.
    ValueError
        If a part is not positive.

    Examples
    --------
    >>> as_partition([1, 3, 2])
    (3, 2, 1)
    """
    expected = "expected a partition: a tuple of positive integers such as (2, 1)"
    try:
        given: list[Any] = [parts] if isinstance(parts, str | Mapping) else list(parts)
        if any(isinstance(part, bool) for part in given):
            raise TypeError
        mu = sorted(map(index, given), reverse=True)
    except TypeError:
        raise TypeError(f"{argument} = {parts!r}: {expected}") from None
    if mu and mu[-1] < 1:
        raise ValueError(f"{argument} = {parts!r} has the part {mu[-1]}; {expected}")
    return tuple(mu)


def conjugate(lam: Partition) -> Partition:
    """Return the partition whose diagram is that of `lam` reflected in its diagonal.

    Examples
    --------
    >>> conjugate((4, 1))
    (2, 1, 1, 1)
    """
    return tuple(sum(part > j for part in lam) for j in range(lam[0] if lam else 0))


def merge(mu: Partition, *parts: int) -> Partition:
    """Return `mu` with `parts` added as parts.

    Examples
    --------
    >>> merge((3, 1), 2)
    (3, 2, 1)
    """
    return tuple(sorted((*mu, *parts), reverse=True))


def boxes(lam: Partition) -> Iterator[tuple[int, int]]:
    """Yield the boxes (row, column) of the diagram of `lam`."""
    return ((i, j) for i, part in enumerate(lam) for j in range(part))


def content(i: int, j: int, alpha: int) -> int:
    """Return the content ``alpha j - i`` of the box in row `i` and column `j`."""
    return alpha * j - i


def contents(lam: Partition, alpha: int) -> Counter[int]:
    """Return how often each content occurs among the boxes of `lam`.

    Examples
    --------
    >>> sorted(contents((2, 2), 1).items())
    [(-1, 1), (0, 2), (1, 1)]
    """
    return Counter(content(i, j, alpha) for i, j in boxes(lam))


def hook_product(lam: Partition) -> int:
    """Return the product of the hook lengths of `lam`; ``n!`` over it is the dimension in S_n.

    Examples
    --------
    >>> hook_product((2, 1)), factorial(3) // hook_product((2, 1))
    (3, 2)
    """
    last = len(lam) - 1
    if last * len(lam) > 2 * sum(lam):  # fewer boxes than differences
        columns = conjugate(lam)
        return prod(lam[i] - j + columns[j] - i - 1 for i, j in boxes(lam))
    # Over the differences of the numbers lam_i + r - i, that of their factorials [Frobenius].
    shifted = [part + last - i for i, part in enumerate(lam)]
    return prod(map(factorial, shifted)) // prod(a - b for a, b in combinations(shifted, 2))


def jack_norm(lam: Partition, alpha: int) -> int:
    """Return the product of the hook lengths of `lam` (alpha 1) or of 2 `lam` (alpha 2).

    For alpha 2 it is the squared norm of the zonal polynomial of `lam` in the scalar product
    that gives ``p_mu`` the squared norm ``2**len(mu) z_mu`` [Macdonald VII (2.24)].
    """
    return hook_product(tuple(alpha * part for part in lam))


def centralizer_order(mu: Partition) -> int:
    """Return ``z_mu``, the number of permutations that commute with one of cycle type `mu`.

    Examples
    --------
    >>> centralizer_order((2, 1, 1))
    4
    """
    return prod(part**count * factorial(count) for part, count in Counter(mu).items())


def class_size(mu: Partition) -> int:
    """Return the number of permutations of cycle type `mu`.

    Examples
    --------
    >>> [class_size(mu) for mu in partitions(3)]
    [2, 3, 1]
    """
    return factorial(sum(mu)) // centralizer_order(mu)
