"""Sizes at the door: what an argument n asks for, whether it fits in memory, and in the day."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from operator import index
from typing import Any

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


#: Beyond this the number of partitions is estimated: 10**31 is too many in any case.
_COUNTED_TO = 1000


#: Returns how many classes there are at n, such as `number_of_partitions`.
Count = Callable[[int], int]


def check_table_size(n: int, number_of_classes: Count) -> int:
    """Return `n` when a table over its partitions fits in memory.

    Raises
    ------
    ValueError
        If it does not; the message says how large the table would be.
    """
    classes = number_of_classes(min(n, _COUNTED_TO))
    needed = classes**2 * _BYTES_PER_ENTRY
    if needed > MEMORY_LIMIT:
        raise ValueError(
            f"n = {n}: a table over the {_many(n, classes)} partitions of {n} has at least "
            f"{_readable(classes**2)} entries, "
            f"about {_readable(needed // 2**30)} GiB; expected an n whose table fits in "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB"
        )
    return n


def check_column_size(n: int, number_of_classes: Count) -> int:
    """Return `n` when what is computed for a single class fits in memory.

    Raises
    ------
    ValueError
        If it does not; the message says how large it would be.
    """
    classes = number_of_classes(min(n, _COUNTED_TO))
    # For each partition a polynomial of degree about 3n with coefficients of about n words.
    needed = classes * 3 * n * (8 * n + 16)
    if needed > MEMORY_LIMIT:
        raise ValueError(
            f"mu is a partition of n = {n}: the sum over the {_many(n, classes)} partitions needs "
            f"about {_readable(needed // 2**30)} GiB; expected an n that fits in "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB"
        )
    return n


def check_order(order: int, n: int) -> int:
    """Return `order` when an expansion to that order fits in memory.

    Raises
    ------
    ValueError
        If it does not; the message says how large it would be.
    """
    # The coefficient of x**-k has about k digits in the base of the largest root, below 2n.
    needed = order**2 * (2 * n + 2).bit_length() // 16
    if needed > MEMORY_LIMIT:
        raise ValueError(
            f"order = {order}: the coefficients up to there take about "
            f"{_readable(needed // 2**30)} GiB; expected an order whose expansion fits in "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB"
        )
    return order


def _many(n: int, classes: int) -> str:
    return _readable(classes) if n <= _COUNTED_TO else f"more than {classes:.0e}"


def _readable(count: int) -> str:
    if count < 10**15:
        return f"{count:,}"
    # The number may be too large for a float, and for its digits.
    exponent, first = divmod(math.log10(count), 1)
    return f"{Decimal(10**first).scaleb(int(exponent)):.0e}"


#: What is announced before it starts, and what is not started at all, in seconds.
_LONG, _TOO_LONG = 60, 2 * 3600


PAIRINGS = (
    "pairings or pairs of pairings, as for constants in general position (repeated constants, and "
    "symmetric ones declared with Q.symmetric, cost far less)"
)


def check_effort(
    count: int, n: int, rate: int, at_most: float = math.inf, what: str = PAIRINGS
) -> None:
    """Let pass a sum over this many things; announce a long one.

    Raises
    ------
    ValueError
        If it would take hours, or there are more than what fits in memory.

    Warns
    -----
    UserWarning
        If it will take minutes.
    """
    seconds = count // rate
    if seconds < _LONG and count <= at_most:
        return
    message = (
        f"expr is of degree n = {n} in pairs of random matrices: this is a sum over "
        f"{_readable(count)} {what}"
    )
    if count > at_most:
        raise ValueError(f"{message}, more than fit in memory ({at_most:,.0f})")
    if seconds > _TOO_LONG:
        raise ValueError(f"{message}, about {_readable((seconds + 1800) // 3600)} hours")
    warn_user(f"{message}, about {seconds / 60:,.0f} minutes")


#: From here on an answer is announced before it is written, in seconds.
_LONG_ANSWER = 10


def check_answer(products: int, n: int, *, rate: int, size: int, origin: str, instead: str) -> None:
    """Let pass an answer with this many products of traces; announce a long one.

    Parameters
    ----------
    products : int
        How many there are at most.
    n : int
        The degree in pairs of random matrices.
    rate, size : int
        How many are written in a second, and the bytes that each takes.
    origin, instead : str
        Where they come from, and what is possible, for the message.

    Raises
    ------
    ValueError
        If they do not fit in memory.

    Warns
    -----
    UserWarning
        If writing them takes more than some seconds.
    """
    needed, seconds = products * size, products // rate
    fits = needed <= MEMORY_LIMIT
    if fits and seconds < _LONG_ANSWER:
        return
    message = (
        f"expr is of degree n = {n} in pairs of random matrices: this is {origin}, with up to "
        f"{_readable(products)} products of traces in the answer"
    )
    if not fits:
        raise ValueError(
            f"{message}, about {_readable(-(-needed // 2**30))} GiB, more than fit in memory "
            f"({MEMORY_LIMIT / 2**30:.0f} GiB); expected {instead}"
        )
    time = f"{seconds} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    warn_user(f"{message}: about {time} and {needed / 2**30:.1f} GiB to write them")


#: Whose lines a warning does not point at: this project's, and those of what calls it back.
_INNER = ("weingarten", "derivations", "sympy")


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the user's that led here: the first outside of this project."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in _INNER:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
