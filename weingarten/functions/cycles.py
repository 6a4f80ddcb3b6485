r"""Means of products of traces of powers of a uniform permutation, with or without signs.

``tr P^k`` is the sum of ``c C_c`` over the divisors c of k, for the numbers C_c of cycles of
length c. Their joint factorial moments are those of independent Poisson numbers of mean 1/c as
long as the cycles fit: ``E prod_c C_c (C_c - 1) ... = prod_c c^(-a_c)`` if ``sum c a_c <= d``, else
0. With signs a cycle has the product of the signs along it, which is a fair coin: C_c falls into
cycles of either sign, of mean 1/(2c) each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from flint import fmpq

from weingarten.combinatorics.set_partitions import into_blocks

#: The numbers of cycles by length and sign, each to a power.
_Powers = tuple[tuple[tuple[int, int], int], ...]


def mean_of_cycle_traces(
    powers: Sequence[int], *, signed: bool = False, d: int | None = None
) -> tuple[Any, int]:
    """Return the mean of a product of traces of powers, and the dimension from where it holds.

    Parameters
    ----------
    powers : sequence of int
        The power in each trace.
    signed : bool, optional
        Whether the permutation has signs.
    d : int, optional
        The dimension; if there is none, the value is that for large ones.

    Examples
    --------
    >>> mean_of_cycle_traces([1, 1, 1, 1]), mean_of_cycle_traces([1, 1, 1, 1], d=2)
    ((15, 4), (8, 1))
    >>> mean_of_cycle_traces([2, 2]), mean_of_cycle_traces([1, 1, 1, 1], signed=True)
    ((7, 4), (4, 2))

    References
    ----------
    P. Diaconis & M. Shahshahani, J. Appl. Probab. 31A (1994).
    """
    value, least = fmpq(0), 1
    for counts, number in _expanded(powers, signed).items():
        for size, share in _factorial_moments(counts, signed):
            if d is None or size <= d:
                value += number * share
    return value, 1 if d is not None else max(least, _least(powers, signed))


def _least(powers: Sequence[int], signed: bool) -> int:
    """Return the size of the largest set of cycles whose share does not vanish."""
    sizes: Counter[int] = Counter()
    for counts, number in _expanded(powers, signed).items():
        for size, share in _factorial_moments(counts, signed):
            sizes[size] += number * share
    return max((size for size, share in sizes.items() if share), default=1)


def number_of_cycle_terms(powers: Sequence[int]) -> int:
    """Return a bound on the number of terms: products of numbers of cycles, and their parts."""
    return 2 * prod(2 * len(_divisors(k)) for k in set(powers)) * len(powers) ** 2


def _divisors(k: int) -> list[int]:
    return [c for c in range(1, k + 1) if k % c == 0]


def _expanded(powers: Sequence[int], signed: bool) -> Counter[_Powers]:
    """Return the product of traces as a polynomial in the numbers of cycles."""
    product: Counter[_Powers] = Counter({(): 1})
    for k in powers:
        grown: Counter[_Powers] = Counter()
        for counts, number in product.items():
            for c in _divisors(k):
                for sign in (1, -1) if signed else (1,):
                    made = Counter(dict(counts))
                    made[c, sign] += 1
                    grown[tuple(sorted(made.items()))] += number * c * sign ** (k // c)
        product = Counter({counts: number for counts, number in grown.items() if number})
    return product


def _factorial_moments(counts: _Powers, signed: bool) -> Iterator[tuple[int, Any]]:
    """Yield the mean of a product of powers by the size that so many different cycles have."""
    sums: dict[int, Any] = {0: fmpq(1)}
    for (c, _), power in counts:
        mean = fmpq(1, 2 * c if signed else c)
        grown: dict[int, Any] = {}
        for size, share in sums.items():
            for a in range(1, power + 1):
                more = share * into_blocks(power, a) * mean**a
                grown[size + c * a] = grown.get(size + c * a, fmpq(0)) + more
        sums = grown
    yield from sums.items()
