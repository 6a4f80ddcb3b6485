"""Products of power sums in those about the mean of the eigenvalues.

Weingarten functions alternate in sign. Sums of products of power sums cancel where eigenvalues lie
about a number that is not 0; less their mean, they leave sums that hardly do.
"""

from __future__ import annotations

from math import comb
from typing import Any

from flint import fmpq, fmpq_mat

from weingarten.combinatorics.partitions import Partition, partitions

#: A polynomial in power sums: coefficients by their degrees.
_Sums = dict[Partition, Any]


def in_central_sums(n: int, size: int) -> Any:
    """Return the products of power sums of degree n, in those of a matrix less its mean.

    Parameters
    ----------
    n : int
        The degree: rows and columns stand for its partitions.
    size : int
        How many eigenvalues there are.

    Returns
    -------
    fmpq_mat
        Row by row the coefficients of what a column stands for: a part 1 for the sum of the
        eigenvalues, which is as it was; a part k > 1 for that of the k-th powers about their mean.

    Examples
    --------
    >>> in_central_sums(2, 3)  # the partitions (2) and (1, 1)
    [1, 1/3]
    [0,   1]
    """
    table: dict[Partition, _Sums] = {(): {(): fmpq(1)}}
    for degree in range(1, n + 1):
        for first, *rest in partitions(degree):
            table[first, *rest] = _times(_power_sum(first, size), table[tuple(rest)])
    parts = partitions(n)
    return fmpq_mat([[table[row].get(column, fmpq(0)) for column in parts] for row in parts])


def _power_sum(k: int, size: int) -> _Sums:
    """Return a power sum of degree k, by the binomial theorem."""
    if k == 1:
        return {(1,): fmpq(1)}
    mean = fmpq(1, size)
    made: _Sums = {(j, *[1] * (k - j)): comb(k, j) * mean ** (k - j) for j in range(2, k + 1)}
    made[(1,) * k] = size * mean**k
    return made


def _times(one: _Sums, other: _Sums) -> _Sums:
    made: _Sums = {}
    for left, weight in one.items():
        for right, factor in other.items():
            both = tuple(sorted(left + right, reverse=True))
            made[both] = made.get(both, 0) + weight * factor
    return made
