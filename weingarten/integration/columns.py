r"""Moments of entries by integrating out one column at a time.

Given the other columns, a column of a Haar matrix is uniform on the unit sphere of the space
orthogonal to them, of dimension ``D = d - R + 1`` when ``R`` columns occur. With ``P`` the
projection on that space, for real columns

.. math:: E \Big[\prod_i w_i^{m_i}\Big] = \frac{\prod_i m_i!}{2^k k! \, D (D+2) \cdots (D+2k-2)}
          \, [t^m] \Big(\sum_i t_i^2 - \sum_c \big(\sum_i t_i W_{ic}\big)^2\Big)^k ,
          \qquad 2k = \sum_i m_i ,

a sum of monomials in the other columns, and likewise for complex ones. [Gorin & Lopez 2008]

So the moment is a polynomial over ``prod (d + alpha j - i)``, the product over the boxes counted
from zero with ``(i + 1)(j + 1) <= n`` and ``i < R``; it is valid wherever ``d`` is no less than
the number of rows and columns. The numerators alone are computed here.

A monomial is a matrix of powers, as a tuple of rows. A power is a tuple: ``(m,)`` for real
entries (alpha = 2), ``(m, m')`` for complex ones (alpha = 1), ``m'`` the power of the conjugate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from math import comb, factorial, prod
from typing import Any

from flint import fmpq, fmpq_poly

from weingarten.caches import cached
from weingarten.functions.rational import Factored, Linear, expand
from weingarten.integration.few_columns import compositions
from weingarten.integration.few_columns import numerator as numerator_of_few

Power = tuple[int, ...]
Powers = tuple[tuple[Power, ...], ...]


#: Up to so many columns are integrated out at once.
_FEW = 3


def moment_by_columns(powers: Powers, alpha: int) -> Factored:
    """Return the moment of a monomial whose row and column sums admit a pairing.

    Parameters
    ----------
    powers : tuple of tuples of powers
        The matrix of powers.
    alpha : {1, 2}
        1 for the unitary group, 2 for the orthogonal one.

    Examples
    --------
    >>> from sympy import Symbol
    >>> moment_by_columns((((2,), (0,)), ((0,), (2,))), 2).to_sympy(Symbol("d"))
    (d + 1)/(d*(d - 1)*(d + 2))
    """
    powers = canonical(powers)
    n, width = _degree(powers, alpha), _width(powers)
    return Factored(_numerator(powers, alpha), _denominator(n, width, alpha))


def canonical(powers: Powers) -> Powers:
    """Return the powers without empty rows and columns, and with both sorted.

    Moments do not change when rows or columns are permuted; the order found here is the same for
    most such monomials, not for all.
    """
    rows = [row for row in powers if any(map(any, row))]
    columns = sorted(column for column in zip(*rows, strict=True) if any(map(any, column)))
    for _ in range(4):
        rows = sorted(zip(*columns, strict=True))
        columns, before = sorted(zip(*rows, strict=True)), columns
        if columns == before:
            break
    return tuple(rows)


@cached(maxsize=200_000)
def _numerator(powers: Powers, alpha: int) -> Any:
    """Return the numerator over `_denominator`, for canonical powers."""
    if not powers:
        return fmpq_poly([1])
    n, width = _degree(powers, alpha), _width(powers)
    if width <= _FEW:
        return numerator_of_few(powers, alpha, _denominator(n, width, alpha))
    # The column of least degree k has k <= n / R: what it adds to the denominator is in there.
    last = _least(powers)
    column = [row[last] for row in powers]
    k = _column_degree(powers, last) // alpha
    others = [row[:last] + row[last + 1 :] for row in powers]

    sums: dict[tuple[int, int], Any] = defaultdict(fmpq_poly)
    for (rest, kept), weight in _expansion(others, column, alpha).items():
        sums[n - kept, _width(rest)] += weight * _numerator(rest, alpha)

    target = _denominator(n, width - 1, alpha)
    total = sum(
        (
            part * _expanded(target, _denominator(degree, columns, alpha))
            for (degree, columns), part in sums.items()
        ),
        fmpq_poly(),
    )
    scale = fmpq(prod(factorial(m) for power in column for m in power), alpha**k)
    own = {(1, 1 - width + alpha * j): 1 for j in range(k, n // width)}
    return total * scale * expand(own)


def _expansion(
    others: list[tuple[Power, ...]], column: list[Power], alpha: int
) -> dict[tuple[Powers, int], Any]:
    """Return the weights of the monomials, by powers and by the factors kept by ``sum t_i^2``."""
    width = len(others[0])
    k = sum(power[0] for power in column) // alpha
    weights: dict[tuple[Powers, int], Any] = defaultdict(fmpq)
    same_rows = Counter(zip(others, column, strict=True)).items()
    choices = (
        _shared_choices(tuple(_row_choices(power, width, alpha)), count)
        for (_, power), count in same_rows
    )
    for choice in product(*choices):
        totals = [
            tuple(
                sum(added[c][part] for group, _ in choice for _, added in group)
                for part in range(len(column[0]))
            )
            for c in range(width)
        ]
        if any(t % alpha or t != total[0] for total in totals for t in total):
            continue
        kept = sum(r for group, _ in choice for r, _ in group)
        weight = fmpq(
            prod(ways for _, ways in choice)
            * prod(prod(map(factorial, total)) // factorial(total[0] // alpha) for total in totals)
            * (-1) ** (k - kept),
            prod(
                factorial(r) * prod(factorial(s) for power in added for s in power)
                for group, _ in choice
                for r, added in group
            ),
        )
        rest = canonical(
            tuple(
                tuple(
                    tuple(map(sum, zip(power, more, strict=True)))
                    for power, more in zip(row, added, strict=True)
                )
                for ((row, _), _), (group, _) in zip(same_rows, choice, strict=True)
                for _, added in group
            )
        )
        weights[rest, kept] += weight
    return weights


def _row_choices(power: Power, width: int, alpha: int) -> Iterator[tuple[int, tuple[Power, ...]]]:
    """Yield the ways to share out a row's power: r pairs to itself, the rest to the others."""
    for r in range(min(power) // alpha + 1):
        parts = (list(compositions(m - alpha * r, width)) for m in power)
        for spread in product(*parts):
            yield r, tuple(zip(*spread, strict=True)) if width else ()


def _shared_choices(
    choices: tuple[tuple[int, tuple[Power, ...]], ...], count: int
) -> list[tuple[tuple[tuple[int, tuple[Power, ...]], ...], int]]:
    """Return the choices of `count` equal rows up to order, with the number of orders."""
    return [
        (
            group,
            factorial(count) // prod(factorial(same) for same in Counter(group).values()),
        )
        for group in combinations_with_replacement(choices, count)
    ]


def number_of_terms(powers: Powers, alpha: int) -> int:
    """Return a bound on the terms that the first column integrated out expands into."""
    powers = canonical(powers)
    width, last = _width(powers), _least(powers)
    terms = 1
    for row, count in Counter(powers).items():
        choices = _number_of_choices(row[last], width, alpha)
        terms *= comb(choices + count - 1, count)
    return terms


def _least(powers: Powers) -> int:
    """Return the column of least degree."""
    return min(range(_width(powers)), key=lambda c: _column_degree(powers, c))


def _number_of_choices(power: Power, width: int, alpha: int) -> int:
    return sum(
        prod(comb(m - alpha * r + width - 2, width - 2) if width > 1 else 1 for m in power)
        for r in range(min(power) // alpha + 1)
    )


#: How many terms of an expansion become one when rows and columns are permuted, as measured.
_MERGED = 25


def number_of_steps(powers: Powers, alpha: int) -> int:
    """Return about how many terms are expanded before `_FEW` columns are left.

    After the first column rows are no longer equal, and the next column has about the same powers.
    """
    powers = canonical(powers)
    width, last = _width(powers), _least(powers)
    if width <= _FEW:
        return 1
    steps = number_of_terms(powers, alpha)
    for left in range(width - 1, _FEW, -1):
        steps = steps * prod(_number_of_choices(row[last], left, alpha) for row in powers)
        steps //= _MERGED
    return steps


@cached(maxsize=4096)
def _denominator_items(n: int, width: int, alpha: int) -> tuple[tuple[Linear, int], ...]:
    return tuple(
        Counter(
            (1, alpha * j - i) for i in range(width) for j in range(n) if (i + 1) * (j + 1) <= n
        ).items()
    )


def _denominator(n: int, width: int, alpha: int) -> Counter[Linear]:
    return Counter(dict(_denominator_items(n, width, alpha)))


def _expanded(target: Counter[Linear], divisor: Counter[Linear]) -> Any:
    return expand(target - divisor)


def _width(powers: Powers) -> int:
    return len(powers[0]) if powers else 0


def _degree(powers: Powers, alpha: int) -> int:
    return sum(power[0] for row in powers for power in row) // alpha


def _column_degree(powers: Powers, column: int) -> int:
    return sum(row[column][0] for row in powers)
