r"""From adding one box to a partition to every power sum.

Let ``J_lam`` be the Schur functions (alpha = 1) or the zonal polynomials (alpha = 2). What is
needed of them is how the power sums pair with them, ``<p_mu, J_lam>``: these are the characters
of S_n, and the zonal spherical functions up to a known factor. Two linear maps give them all.

- *Adding a box* (Pieri rule): multiplication by ``p_1``.
- *Adding a box, weighted with its content*: the commutator ``E = [D, p_1]`` of multiplication by
  ``p_1`` with the Laplace-Beltrami operator ``D``, whose eigenvalue on ``J_lam`` is the sum of
  the contents of ``lam``. In power sums, ``E = alpha sum_j j p_{j+1} d/dp_j``.

So ``E p_mu`` is a sum over the ways to make one part of ``mu`` longer by one, and a column of the
table at size ``n`` comes from one column at size ``n - 1`` and columns at size ``n`` that are
already there. And ``[E, p_k] = alpha k p_{k+1}``, so that ``p_k`` is, up to a factor, the
``(k-1)``-fold commutator of ``E`` with ``p_1``: one column alone needs no table.

The rule for alpha = 2 is in Kerov's form [Kerov, *Anisotropic Young diagrams and Jack symmetric
functions*, 2000]; ``D`` is in Macdonald VI.4, example 3, and Stanley 1989, theorem 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb, factorial, gcd, lcm, prod
from typing import Any, NamedTuple

from flint import fmpz

from weingarten.caches import cached
from weingarten.combinatorics.partitions import (
    Partition,
    boxes,
    content,
    jack_norm,
    merge,
    partition_index,
    partitions,
)
from weingarten.progress import progress

#: From here on a rule, or a table, takes about fifty megabytes: only the last one is kept.
_LARGE_RULE, _LARGE_TABLE = 40, 22

# numpy is loaded where it is used: importing the package should cost little more than SymPy.


class Box(NamedTuple):
    """A removable box of a partition: what is left without it, its content, its weight."""

    rest: int
    content: int
    weight: int


class Rule(NamedTuple):
    """The value at a partition: sum of weight times value at rest, over the boxes; by divisor."""

    boxes: tuple[Box, ...]
    divisor: int


@cached(maxsize=32, large=lambda n, alpha: n > _LARGE_RULE)
def branching(n: int, alpha: int) -> tuple[Rule, ...]:
    """Return the rule for each partition of `n`, with rests as positions in `partitions(n-1)`.

    Examples
    --------
    >>> branching(2, 1)[0]
    Rule(boxes=(Box(rest=0, content=1, weight=1),), divisor=1)
    """
    position = partition_index(n - 1)
    if alpha == 1:
        return tuple(
            Rule(
                tuple(Box(position[rest], content(i, j, 1), 1) for i, j, rest in _removable(lam)),
                1,
            )
            for lam in partitions(n)
        )
    rules = []
    for lam in partitions(n):
        removable = list(_removable(lam))
        weights = _weights(lam, removable, alpha)
        divisor = lcm(*(below for _, below in weights))
        rules.append(
            Rule(
                tuple(
                    Box(position[rest], content(i, j, alpha), above * (divisor // below))
                    for (i, j, rest), (above, below) in zip(removable, weights, strict=True)
                ),
                divisor,
            )
        )
    return tuple(rules)


def _removable(lam: Partition) -> Iterator[tuple[int, int, Partition]]:
    """Yield row, column and rest for each box that can be taken from `lam`."""
    for i, part in enumerate(lam):
        if i + 1 == len(lam) or lam[i + 1] < part:
            rest = lam[:i] + ((part - 1,) if part > 1 else ()) + lam[i + 1 :]
            yield i, part - 1, rest


def _weights(
    lam: Partition, removable: list[tuple[int, int, Partition]], alpha: int
) -> list[tuple[int, int]]:
    """Return for each box the coefficient of ``J_lam`` in ``p_1 J_rest``, times a ratio of norms.

    The squared norm of ``J_lam`` stands above that of ``J_rest``. The weight is minus the residue
    of Kerov's ``prod(z - x) / prod(z - y)`` over the corners of the profile of `lam`: the contents
    ``x`` where a box fits, the corners ``y`` past a box that can go. A positive fraction each.
    """
    fits = [i for i in range(len(lam) + 1) if i in (0, len(lam)) or lam[i] < lam[i - 1]]
    outer = [content(i, lam[i] if i < len(lam) else 0, alpha) for i in fits]
    inner = [content(i + 1, j + 1, alpha) for i, j, _ in removable]
    found = []
    for y in inner:
        above = prod(y - x for x in outer)
        below = prod(y - other for other in inner if other != y)
        common = gcd(above, below)
        found.append((abs(above) // common, abs(below) // common))
    return found


@cached(maxsize=4, large=lambda n, alpha: n > _LARGE_TABLE)
def power_sum_table(n: int, alpha: int) -> Any:
    """Return ``<p_mu, J_lam>`` for all partitions of `n`: rows lam, columns mu, a NumPy array.

    For alpha = 1 these are the characters of S_n; for alpha = 2, ``2**n n!`` times the zonal
    spherical functions. The entries are exact: Python integers, or 64-bit ones where they fit.

    Examples
    --------
    >>> power_sum_table(3, 1).tolist()
    [[1, 1, 1], [-1, 0, 2], [1, -1, 1]]
    >>> power_sum_table(2, 2).tolist()
    [[8, 8], [-4, 8]]
    """
    if alpha == 1 and factorial(n) * n**4 < 2**126:
        # |character| <= sqrt(n!), and no intermediate value is more than n**2 times that.
        table = _columns(n, 1, [0])[0].T
    else:
        # ``<p_mu, J_lam>`` is at most what it is at the identity.
        primes = [_LARGEST_PRIME]
        while prod(primes) <= 4 * alpha**n * factorial(n):
            primes.append(_prime_below(primes[-1]))
        table = _from_residues(_columns(n, alpha, primes), primes).T
    table.flags.writeable = False
    return table


#: The last prime below 2**29: so many products of two residues are added in 64 bits.
_LARGEST_PRIME, _PRODUCTS = 2**29 - 3, 16
#: How many columns are worked on at once: few enough for a processor's cache.
_AT_ONCE = 64


def _prime_below(p: int) -> int:
    return next(q for q in range(p - 2, 2, -2) if fmpz(q).is_prime())


def _columns(n: int, alpha: int, moduli: Sequence[int]) -> list[Any]:
    """Return the columns of the table, as the rows of an array, for each modulus; 0 is none."""
    import numpy as np

    found = [np.ones((1, 1), dtype=np.int64) for _ in moduli]
    for size in progress(range(1, n + 1), n, "sizes"):
        boxes = _boxes(size, alpha)
        found = [
            _grown(columns, size, boxes.weighted(alpha, p), p)
            for columns, p in zip(found, moduli, strict=True)
        ]
    return found


def _grown(columns: Any, n: int, boxes: tuple[Any, Any, Any], p: int) -> Any:
    """Return the columns of size `n` from those of size `n` - 1."""
    import numpy as np

    parts, smaller, here = partitions(n), partition_index(n - 1), partition_index(n)
    result = np.empty((len(parts), len(parts)), dtype=np.int64)
    rests, plain, weighted = boxes

    def add_box(target: list[Partition], source: list[Partition], weights: Any) -> None:
        for start in range(0, len(target), _AT_ONCE):
            block = slice(start, start + _AT_ONCE)
            before = columns[[smaller[mu] for mu in source[block]]]
            steps = zip(rests, weights, strict=True)
            added = sum(before[:, rest] * weight for rest, weight in steps)
            result[[here[mu] for mu in target[block]]] = added % p if p else added

    ones = [mu for mu in parts if mu[-1] == 1]
    longer = [mu for mu in parts if mu[-1] > 1]
    add_box(ones, [mu[:-1] for mu in ones], plain)
    add_box(longer, [(*mu[:-1], mu[-1] - 1) for mu in longer], weighted)
    # With the least part k shortened by one, E restores it or lengthens another part, which
    # leaves the least part k - 1: columns in order of their least part.
    for mu in sorted(longer, key=lambda mu: mu[-1]):
        k, others = mu[-1], mu[:-1]
        column = result[here[mu]]
        for j in set(others):
            lengthened = list(others)
            lengthened.remove(j)
            target = here[merge(tuple(lengthened), j + 1, k - 1)]
            column -= j * others.count(j) * result[target]
        if p:
            column %= p
            column *= pow(k - 1, -1, p)
            column %= p
        else:
            column //= k - 1
    return result


class _Boxes(NamedTuple):
    """The rule for all partitions as arrays, with a row for each box, of weight 0 beyond the last.

    The weights are Python's integers, the rests, contents and divisors of 64 bits.
    """

    rests: Any
    weights: Any
    contents: Any
    divisors: list[int]

    def weighted(self, alpha: int, p: int) -> tuple[Any, Any, Any]:
        """Return rests and weights modulo `p`, the latter also times content over alpha."""
        if not p:
            weights = self.weights.astype("int64")
            return self.rests, weights, weights * self.contents
        inverse = [pow(divisor, -1, p) for divisor in self.divisors]
        weights = (self.weights % p).astype("int64") * inverse % p
        return self.rests, weights, weights * (self.contents * pow(alpha, -1, p) % p) % p


def _boxes(n: int, alpha: int) -> _Boxes:
    import numpy as np

    rules = branching(n, alpha)
    rows = max(len(rule.boxes) for rule in rules)
    assert rows <= _PRODUCTS
    rests, weights, contents = (np.zeros((rows, len(rules)), dtype=t) for t in ("i8", "O", "i8"))
    for at, rule in enumerate(rules):
        for row, box in enumerate(rule.boxes):
            rests[row, at], contents[row, at], weights[row, at] = box
    return _Boxes(rests, weights, contents, [rule.divisor for rule in rules])


def _from_residues(residues: list[Any], primes: list[int]) -> Any:
    """Return the integers of least absolute value with given residues, an array of Python's.

    Garner's algorithm: digits in a system of mixed radices, of which the last one has a sign.
    """
    import numpy as np

    digits: list[Any] = []
    for residue, p in zip(residues, primes, strict=True):
        digit, radix = residue, 1
        for lower, q in zip(digits, primes, strict=False):
            digit = (digit - lower * radix) % p
            radix = radix * q % p
        digits.append(digit * pow(radix, -1, p) % p)
    half = primes[-1] // 2
    digits[-1] = np.where(digits[-1] > half, digits[-1] - primes[-1], digits[-1])
    # Two digits at a time fit in 64 bits.
    value: Any = 0
    for at in reversed(range(0, len(digits), 2)):
        pair, radices = digits[at : at + 2], primes[at : at + 2]
        low = pair[0] + (radices[0] * pair[1] if len(pair) > 1 else 0)
        value = low.astype(object) + prod(radices) * value
    return value


def power_sum_column(mu: Partition, alpha: int) -> list[int]:
    """Return ``<p_mu, J_lam>`` for each lam in `partitions(n)`, without the other columns.

    Examples
    --------
    >>> power_sum_column((2, 1), 1)
    [1, 0, -1]
    """
    if not mu:
        return [1]
    largest, *others = mu
    size = largest
    # The coefficient of p_n in J_lam is the product of the contents but the first [Stanley 1989,
    # theorem 5.4]; a Schur function is J_lam over the product of its hooks.
    column = [_longest_cycle(lam, alpha) for lam in partitions(size)]
    for k in sorted(others, reverse=True):
        column = _multiply(column, size, k, alpha)
        size += k
    return column


def _longest_cycle(lam: Partition, alpha: int) -> int:
    n = sum(lam)
    product = prod(content(i, j, alpha) for i, j in boxes(lam) if (i, j) != (0, 0))
    return n * product // jack_norm(lam, 1) if alpha == 1 else alpha * n * product


def _multiply(column: list[int], size: int, k: int, alpha: int) -> list[int]:
    """Return the column times ``p_k``: the (k-1)-fold commutator of E with ``p_1``, expanded.

    ``alpha^(k-1) (k-1)! p_k = sum_j (-1)^j comb(k-1, j) E^(k-1-j) p_1 E^j``.
    """
    before = column
    total = [0] * len(partitions(size + 1))
    for j in range(k):
        total = _add_box(total, size + j, alpha, weighted=True) if j else total
        sign = (-1) ** j * comb(k - 1, j)
        step = _add_box(before, size + j, alpha, weighted=False)
        total = [a + sign * b for a, b in zip(total, step, strict=True)]
        if j < k - 1:
            before = _add_box(before, size + j, alpha, weighted=True)
    scale = alpha ** (k - 1) * factorial(k - 1)
    return [value // scale for value in total]


def _add_box(column: list[int], size: int, alpha: int, *, weighted: bool) -> list[int]:
    return [
        sum(b.weight * (b.content if weighted else 1) * column[b.rest] for b in rule.boxes)
        // rule.divisor
        for rule in branching(size + 1, alpha)
    ]
