r"""Products of power sums in Schur functions with few rows, by adding and removing rim hooks.

A partition with at most r rows is held as the numbers ``lam_i + r - i``, strictly decreasing. In r
variables ``p_k`` times the alternant of these numbers adds k to one of them at a time, and sorting
brings the sign [Macdonald I.3, example 11]: the Murnaghan-Nakayama rule, closed within r rows. So
what holds in r variables costs the partitions with at most r rows, however large the degree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import factorial, prod

from weingarten.combinatorics.partitions import Partition, partitions_in_rows

#: Strictly decreasing numbers: a partition with as many rows, moved up by r - 1, ..., 1, 0.
_Shifted = tuple[int, ...]


def schur_coefficients(mu: Partition, rows: int) -> dict[Partition, int]:
    """Return the coefficients of ``p_mu`` at the Schur functions with at most `rows` rows.

    These are the characters of S_n at `mu`; where one is zero, the partition is left out.

    Examples
    --------
    >>> schur_coefficients((2, 1), 2)
    {(3,): 1}
    >>> schur_coefficients((2, 1), 3)
    {(3,): 1, (1, 1, 1): -1}
    """
    ones = mu.count(1)
    rows = min(rows, sum(mu))
    shifted = [_shifted(lam, rows) for lam in partitions_in_rows(ones, rows)]
    coefficients = {numbers: _dimension(numbers) for numbers in shifted}
    for part in sorted(part for part in mu if part > 1):
        coefficients = _moved(coefficients, part)
    found = {_partition(numbers): value for numbers, value in coefficients.items()}
    return dict(sorted(found.items(), reverse=True))


def paired(weights: Mapping[Partition, int], mu: Partition) -> int:
    """Return the sum of weight times character at `mu`, over the partitions that have a weight.

    Examples
    --------
    >>> paired({(3,): 1, (1, 1, 1): 1}, (2, 1)), paired({(2, 1): 5}, (1, 1, 1))
    (0, 10)
    """
    rows = max(map(len, weights), default=0)
    left = {_shifted(lam, rows): weight for lam, weight in weights.items()}
    for part in sorted((part for part in mu if part > 1), reverse=True):
        left = _moved(left, -part)
    return sum(weight * _dimension(numbers) for numbers, weight in left.items())


def _shifted(lam: Partition, rows: int) -> _Shifted:
    padded = (*lam, *[0] * (rows - len(lam)))
    return tuple(part + rows - 1 - i for i, part in enumerate(padded))


def _partition(numbers: _Shifted) -> Partition:
    last = len(numbers) - 1
    return tuple(x - last + i for i, x in enumerate(numbers) if x > last - i)


def _moved(weights: Mapping[_Shifted, int], step: int) -> dict[_Shifted, int]:
    """Add a rim hook of `step` boxes in every way, or remove one of `-step` boxes."""
    total: dict[_Shifted, int] = defaultdict(int)
    for numbers, weight in weights.items():
        for i, number in enumerate(numbers):
            moved = number + step
            if moved < 0 or moved in numbers:
                continue
            others = numbers[:i] + numbers[i + 1 :]
            place = sum(other > moved for other in others)
            sign = -1 if (place - i) % 2 else 1
            total[(*others[:place], moved, *others[place:])] += sign * weight
    return {numbers: weight for numbers, weight in total.items() if weight}


def _dimension(numbers: _Shifted) -> int:
    """Return the character at the identity: how many ways lead there box by box [Frobenius]."""
    boxes = sum(numbers) - len(numbers) * (len(numbers) - 1) // 2
    differences = prod(a - b for a, b in combinations(numbers, 2))
    return factorial(boxes) * differences // prod(map(factorial, numbers))


def with_even_rows(n: int, rows: int) -> Iterable[Partition]:
    """Yield the partitions of 2n with at most `rows` rows, all even.

    Examples
    --------
    >>> list(with_even_rows(2, 2))
    [(4,), (2, 2)]
    """
    return (tuple(2 * part for part in rho) for rho in partitions_in_rows(n, rows))


def with_even_columns(n: int, rows: int) -> Iterable[Partition]:
    """Yield the partitions of 2n with at most `rows` rows and even columns: rows come in pairs.

    Examples
    --------
    >>> list(with_even_columns(2, 4)), list(with_even_columns(2, 2))
    ([(2, 2), (1, 1, 1, 1)], [(2, 2)])
    """
    halves = partitions_in_rows(n, rows // 2)
    return (tuple(part for part in rho for _ in range(2)) for rho in halves)
