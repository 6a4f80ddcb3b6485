"""Sizes at the door: what a call asks for in time and memory; what is announced, what refused.

One model for everything: who starts something large says what it costs, with constants that were
measured where the work is done, and `check_cost` decides.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import index
from typing import Any

from weingarten.memory import free_memory

#: What is announced before it starts, and what is not started at all, in seconds.
_LONG, _TOO_LONG = 10, 3600
#: How many bytes are announced beside the time.
_LARGE = 2**28


@dataclass(frozen=True)
class Cost:
    """What a call asks for.

    Attributes
    ----------
    what : str
        What is large: which argument, and how many things it asks for.
    seconds : int or float
        About how long it takes on a common machine.
    memory : int
        About how many bytes it takes at its peak, the answer with it.
    smaller : str
        What works instead, or costs less.

    Examples
    --------
    >>> check_cost(Cost("n = 8: a table of 484 entries", seconds=0.1, memory=10**6))
    >>> check_cost(Cost("n = 99: a table", seconds=10**6, smaller="n = 30 can be done"))
    Traceback (most recent call last):
    ...
    ValueError: n = 99: a table, about 278 hours; n = 30 can be done
    """

    what: str
    seconds: float = 0
    memory: int = 0
    smaller: str = ""

    @property
    def refusal(self) -> str:
        """What is too much of it: empty where it can be done."""
        if self.memory > 0 and self.memory > (free := free_memory()):
            return f"about {_gigabytes(self.memory)} of memory where {_gigabytes(free)} are free"
        return f"about {_duration(self.seconds)}" if self.seconds > _TOO_LONG else ""


def check_cost(cost: Cost) -> None:
    """Let pass what is short, announce what is long, and refuse what cannot be done.

    Raises
    ------
    ValueError
        If it would take more memory than is free, or more than an hour.

    Warns
    -----
    UserWarning
        If it takes more than ten seconds.
    """
    smaller = f"; {cost.smaller}" if cost.smaller else ""
    if refusal := cost.refusal:
        raise ValueError(f"{cost.what}, {refusal}{smaller}")
    if cost.seconds >= _LONG:
        size = f" and {_gigabytes(cost.memory)}" if cost.memory >= _LARGE else ""
        warn_user(f"{cost.what}, about {_duration(cost.seconds)}{size}{smaller}")


def largest(fits: Callable[[int], Cost], below: int) -> int | None:
    """Return the last of 0, 1, ... below a number before the first that cannot be done.

    Examples
    --------
    >>> largest(lambda n: Cost("", seconds=10**n), below=100)
    3
    """
    for n in range(below):
        if fits(n).refusal:
            return n - 1 if n else None
    return below - 1 if below else None


def _duration(seconds: float) -> str:
    for unit, length in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        # Counts may be too large for a float.
        if seconds > length * (1 if unit == "hours" else 1.5) or length == 1:
            count = int(seconds + length // 2) // length
            return f"{readable(count)} {unit if count != 1 else unit[:-1]}"
    raise AssertionError


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size < 10 * 2**30 else f"{readable(size // 2**30)} GiB"


def as_integer(n: Any) -> int:
    """Return an integer of any library as an int; True and False are none.

    Raises
    ------
    TypeError
        If it is no integer.

    Examples
    --------
    >>> as_integer(3)
    3
    >>> as_integer(True)
    Traceback (most recent call last):
    ...
    TypeError: True is no integer
    """
    if isinstance(n, bool):
        raise TypeError(f"{n!r} is no integer")
    return index(n)


def check_size(n: Any, argument: str = "n") -> int:
    """Return `n` as a non-negative int.

    Raises
    ------
    TypeError, ValueError
        If it is not one.
    """
    expected = "expected a non-negative integer"
    try:
        size = as_integer(n)
    except TypeError:
        raise TypeError(f"{argument} = {n!r}: {expected}") from None
    if size < 0:
        raise ValueError(f"{argument} = {n!r}: {expected}")
    return size


#: Beyond this the number of partitions is estimated: 10**31 is too many in any case.
_COUNTED_TO = 1000


#: Returns how many classes there are at n, such as `number_of_partitions`.
Count = Callable[[int], int]


def check_table_size(
    n: int, number_of_classes: Count, seconds: float = 1e-6, memory: int = 60
) -> int:
    """Return `n` when a table over its partitions can be made.

    Parameters
    ----------
    n : int
        The degree.
    number_of_classes : callable
        Returns how many partitions there are.
    seconds, memory : float, int
        What an entry costs.

    Raises
    ------
    ValueError
        If it cannot; the message says how large the table would be, and which n can be done.
    """

    def cost(n: int) -> Cost:
        classes = number_of_classes(min(n, _COUNTED_TO))
        return Cost(
            f"n = {n}: a table over the {_many(n, classes)} partitions of {n} has at least "
            f"{readable(classes**2)} entries",
            seconds=times(classes**2, seconds),
            memory=classes**2 * memory,
        )

    needed = cost(n)
    if needed.refusal:
        needed = replace(needed, smaller=f"expected an n up to {largest(cost, n)}")
    check_cost(needed)
    return n


def check_order(order: int, n: int) -> int:
    """Return `order` when an expansion to that order can be made.

    Raises
    ------
    ValueError
        If it cannot; the message says how large it would be, and which order can be done.
    """

    def cost(order: int) -> Cost:
        # The coefficient of x**-k has about k digits in the base of the largest root, below 2n.
        size = order**2 * (2 * n + 2).bit_length() // 16
        return Cost(
            f"order = {order}: an expansion up to there",
            # A division of polynomials, and a SymPy number for each coefficient.
            seconds=times(size, _SECONDS_PER_BYTE),
            memory=4 * size,
        )

    needed = cost(order)
    if needed.refusal:
        powers = largest(lambda power: cost(2**power), order.bit_length()) or 0
        needed = replace(needed, smaller=f"expected an order such as {2**powers}")
    check_cost(needed)
    return order


#: Of the coefficients of an expansion.
_SECONDS_PER_BYTE = 2e-8


def times(count: int, seconds: float) -> float:
    """Return a product, also of a count that is too large for a float."""
    return count * seconds if count < 10**200 else count // max(int(1 / seconds), 1)


def _many(n: int, classes: int) -> str:
    return readable(classes) if n <= _COUNTED_TO else f"more than {classes:.0e}"


def readable(count: int) -> str:
    """Return a count as it is read, whatever its size.

    Examples
    --------
    >>> readable(12345), readable(10**400)
    ('12,345', '1e+400')
    """
    if count < 10**15:
        return f"{count:,}"
    # The number may be too large for a float, and for its digits.
    exponent, first = divmod(math.log10(count), 1)
    return f"{Decimal(10**first).scaleb(int(exponent)):.0e}"


PAIRINGS = (
    "pairings or pairs of pairings, as for constants in general position (repeated constants, and "
    "symmetric ones declared with Q.symmetric, cost far less)"
)


def sum_over(n: int, count: int, what: str) -> str:
    """Say which sum an expression of this degree is."""
    return (
        f"expr is of degree n = {n} in pairs of random matrices: this is a sum over "
        f"{readable(count)} {what}"
    )


def duration(count: int, rate: int) -> float:
    """Return the seconds that so many things take, also where they are too many for a float."""
    return count / rate if count < 10**200 else count // rate


def check_effort(count: int, n: int, rate: int, what: str = PAIRINGS, size: int = 0) -> None:
    """Let pass a sum over this many things, so many a second, each of which takes `size` bytes.

    Raises
    ------
    ValueError
        If it would take more than an hour, or more memory than is free.

    Warns
    -----
    UserWarning
        If it will take more than ten seconds.
    """
    check_cost(Cost(sum_over(n, count, what), duration(count, rate), count * size))


#: Whose lines a warning does not point at: this project's, and those of what calls it back.
_INNER = ("weingarten", "derivations", "sympy")


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the user's that led here: the first outside of this project."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in _INNER:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
