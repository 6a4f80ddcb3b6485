r"""Moments of entries in few columns: all columns integrated out at once.

Integrating out the columns from the last to the first, as `weingarten.integration.columns` does
it, the power ``M_ic`` of row i in column c, with what later columns have added, is shared out:
``2 r_ic`` stay and ``a_icb`` go to each earlier column b. With ``2 s_cb = sum_i a_icb`` and
``2 k_c = sum_i M_ic`` the moment of real entries is

.. math:: \sum \prod_i \Big[\prod_c \frac{M_{ic}!}{r_{ic}! \prod_b a_{icb}!}\Big]
          \prod_{c > b} \frac{(-1)^{s_{cb}} (2 s_{cb})!}{s_{cb}!}
          \prod_c \frac{1}{2^{k_c} D_c (D_c + 2) \cdots (D_c + 2 k_c - 2)} ,
          \qquad D_c = d - c ,

with columns counted from zero. All but the brackets depends on the sums over the rows alone: with a
variable for each pair of columns, each row is a polynomial, and these are multiplied. Complex
entries have the same with a and a' for their conjugates, whose sums must be equal,
``s_cb!`` for the factor with factorials, and ``D_c (D_c + 1) ... (D_c + k_c - 1)``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import reduce
from itertools import product
from math import comb, factorial, prod
from operator import or_
from typing import Any

from flint import Ordering, fmpq, fmpq_poly, fmpz_mpoly_ctx

from weingarten.functions.rational import Linear, expand

#: The power of an entry: (m,), or (m, m') with that of the conjugate of a complex one.
Power = tuple[int, ...]
Row = tuple[Power, ...]


def numerator(powers: tuple[Row, ...], alpha: int, denominator: Counter[Linear]) -> Any:
    """Return the moment times a polynomial that it is a polynomial over.

    Parameters
    ----------
    powers : tuple of tuples of powers
        The matrix of powers, whose row and column sums admit a pairing.
    alpha : {1, 2}
        1 for the unitary group, 2 for the orthogonal one.
    denominator : Counter
        The linear factors of the polynomial.

    Examples
    --------
    >>> numerator((((2,), (0,)), ((0,), (2,))), 2, Counter({(1, -1): 1, (1, 0): 1, (1, 2): 1}))
    x + 1
    """
    width = len(powers[0])
    parts: dict[tuple[int, ...], Any] = defaultdict(fmpq)
    for shares, ways in _shares(powers, alpha).items():
        halves = [total // alpha for total in shares]
        degrees = _degrees(powers, width, halves, alpha)
        signed = (-1) ** sum(halves) * int(ways)
        factors = prod(factorial(alpha * s) // factorial(s) ** (alpha - 1) for s in halves)
        parts[degrees] += fmpq(signed * factors, alpha ** sum(degrees))
    below = {degrees: _factors(degrees, alpha) for degrees in parts}
    common: Counter[Linear] = reduce(or_, below.values(), Counter())
    total = sum(
        (value * expand(common - below[degrees]) for degrees, value in parts.items()), fmpq_poly()
    )
    return total * expand(denominator - common) // expand(common - denominator)


def _shares(powers: tuple[Row, ...], alpha: int) -> dict[tuple[int, ...], Any]:
    """Return the product over the rows, by what each column gives to each earlier one.

    Only what all rows give together in pairs counts.
    """
    width = len(powers[0])
    pairs, kinds = comb(width, 2), len(powers[0][0])
    ring = fmpz_mpoly_ctx.get(("s", max(1, pairs * kinds)), Ordering.lex)
    total = ring.constant(1)
    for row, count in Counter(powers).items():
        shares = {exponents or (0,): ways for exponents, ways in _row(row, alpha).items()}
        total *= ring.from_dict(shares) ** count
    found = {}
    for exponents, ways in total.to_dict().items():
        plain = tuple(map(int, exponents[:pairs]))
        if kinds == 2 and exponents[pairs : 2 * pairs] != exponents[:pairs]:
            continue
        if alpha == 1 or not any(share % 2 for share in plain):
            found[plain] = ways
    return found


def _row(row: Row, alpha: int) -> dict[tuple[int, ...], int]:
    """Return the ways to share out the powers of a row, by the exponents of the variables."""
    ways: Counter[tuple[Row, tuple[tuple[int, ...], ...]]] = Counter(
        {(row, ((),) * len(row[0])): 1}
    )
    for c in reversed(range(len(row))):
        after: Counter[tuple[Row, tuple[tuple[int, ...], ...]]] = Counter()
        for (left, shares), number in ways.items():
            for choice, count in _sharings(left[c], c, alpha):
                rest = tuple(
                    tuple(m + part[b] for m, part in zip(left[b], choice, strict=True))
                    for b in range(c)
                )
                grown = tuple(map(tuple.__add__, shares, choice))
                after[rest, grown] += number * count
        ways = after
    return {sum(shares, ()): number for (_, shares), number in ways.items()}


def _sharings(
    power: Power, earlier: int, alpha: int
) -> Iterator[tuple[tuple[tuple[int, ...], ...], int]]:
    """Yield what goes to each earlier column from a power, and from the conjugate; and the ways."""
    for kept in range(min(power) // alpha + 1):
        given = [m - alpha * kept for m in power]
        for choice in product(*(compositions(m, earlier) for m in given)):
            parts = prod(factorial(a) for part in choice for a in part)
            yield choice, prod(map(factorial, power)) // (factorial(kept) * parts)


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a number as a sum of so many non-negative ones, in order."""
    if parts == 0:
        if total == 0:
            yield ()
        return
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def _degrees(powers: tuple[Row, ...], width: int, halves: list[int], alpha: int) -> tuple[int, ...]:
    """Return the degree of each column when it is integrated out, in pairs."""
    degrees = [sum(row[c][0] for row in powers) // alpha for c in range(width)]
    pairs = ((c, b) for c in reversed(range(width)) for b in range(c))
    for (_, b), half in zip(pairs, halves, strict=True):
        degrees[b] += half
    return tuple(degrees)


def _factors(degrees: tuple[int, ...], alpha: int) -> Counter[Linear]:
    return Counter((1, alpha * j - c) for c, k in enumerate(degrees) for j in range(k))
