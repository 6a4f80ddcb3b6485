"""Sizes at the door: what an argument n asks for, and whether it fits in memory."""

from __future__ import annotations

from operator import index
from typing import Any

from weingarten.combinatorics.partitions import number_of_partitions

#: Bytes of an exact integer as it stands in a table, a list and an array on the way.
_BYTES_PER_ENTRY = 150
#: What a single call may ask for.
MEMORY_LIMIT = 8 * 2**30


def check_size(n: Any, argument: str = "n") -> int:
    """Return `n` as a non-negative int.

    Raises
    ------
    TypeError, ValueError
        If it is not one.
    """
    expected = "expected a non-negative integer"
    try:
        size = index(n)
    except TypeError:
        raise TypeError(f"{argument} = {n!r}: {expected}") from None
    if size < 0:
        raise ValueError(f"{argument} = {n!r}: {expected}")
    return size


def check_table_size(n: int) -> int:
    """Return `n` when a table over its partitions fits in memory.

    Raises
    ------
    ValueError
        If it does not; the message says how large the table would be.
    """
    classes = number_of_partitions(n)
    needed = classes**2 * _BYTES_PER_ENTRY
    if needed > MEMORY_LIMIT:
        raise ValueError(
            f"n = {n}: a table over the {classes:,} partitions of {n} has {classes**2:,} entries, "
            f"about {needed / 2**30:,.0f} GiB; expected an n whose table fits in "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB"
        )
    return n


def check_column_size(n: int) -> int:
    """Return `n` when what is computed for a single class fits in memory.

    Raises
    ------
    ValueError
        If it does not; the message says how large it would be.
    """
    classes = number_of_partitions(n)
    # For each partition a polynomial of degree about 3n with coefficients of about n words.
    needed = classes * 3 * n * (8 * n + 16)
    if needed > MEMORY_LIMIT:
        raise ValueError(
            f"mu is a partition of n = {n}: the sum over the {classes:,} partitions of {n} needs "
            f"about {needed / 2**30:,.0f} GiB; expected an n that fits in "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB"
        )
    return n


#: What can be listed: about a minute of pairings, or a table of the types of their pairs.
PAIRS_LIMIT = 2 * 10**8


def check_pairs(count: int, n: int) -> None:
    """Let pass a sum over this many pairings, or pairs of them.

    Raises
    ------
    ValueError
        If there are too many to be listed.
    """
    if count > PAIRS_LIMIT:
        raise ValueError(
            f"expr is of degree n = {n} in pairs of random matrices: constants in general position "
            f"take a sum over {count:,} pairings or pairs of them; expected at most "
            f"{PAIRS_LIMIT:,} (repeated constants, and symmetric ones declared with Q.symmetric, "
            "cost far less)"
        )
