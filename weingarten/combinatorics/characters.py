"""Irreducible characters of the symmetric group."""

from __future__ import annotations

from collections.abc import Sequence

from weingarten.combinatorics.expansions import character_value
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    as_partition,
    number_of_partitions,
    partitions,
)
from weingarten.combinatorics.tables import ClassTable
from weingarten.limits import check_size, check_table_size


def character(lam: Sequence[int], mu: Sequence[int]) -> int:
    """Return the character of S_n of the representation `lam` at the cycle type `mu`.

    Parameters
    ----------
    lam, mu : sequence of int
        Two partitions of the same n, parts in any order.

    Raises
    ------
    TypeError, ValueError
        If one is not a partition, or if they are not partitions of the same number.

    Examples
    --------
    >>> character((2, 1), (3,))
    -1
    """
    lam, mu = as_partition(lam, "lam"), as_partition(mu, "mu")
    if sum(lam) != sum(mu):
        raise ValueError(
            f"mu = {mu} is a partition of {sum(mu)}; expected one of {sum(lam)}, as lam = {lam} is"
        )
    return character_value(lam, mu)


#: Seconds and bytes of an entry.
_ENTRY = (4e-7, 60)


def character_table(n: int) -> ClassTable:
    """Return the character table of S_n.

    Parameters
    ----------
    n : int
        A non-negative integer.

    Returns
    -------
    ClassTable
        ``table[lam, mu]`` is the character of the representation `lam` at the cycle type `mu`.

    Raises
    ------
    TypeError, ValueError
        If `n` is not a non-negative integer, or the table would not fit in memory.

    Examples
    --------
    >>> character_table(3)
             (3)  (2,1)  (1,1,1)
        (3)    1      1        1
      (2,1)   -1      0        2
    (1,1,1)    1     -1        1
    >>> character_table(3)[(2, 1), (1, 1, 1)]
    2
    """
    n = check_table_size(check_size(n), number_of_partitions, *_ENTRY)
    return ClassTable(partitions(n), tuple(map(tuple, power_sum_table(n, 1).tolist())))
