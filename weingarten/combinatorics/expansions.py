r"""Products of power sums in Schur functions and zonal polynomials, term by term.

Most coefficients of a power sum vanish: in ``p_n`` only hooks are left of the Schur functions
(alpha = 1), and only the partitions ``(a, b, 1, ..., 1)`` of the zonal polynomials (alpha = 2).
Here an expansion holds only what does not vanish, and grows by one power sum at a time:

- alpha = 1: ``p_k s_lam`` is the sum over the border strips of size k that fit, with signs
  [Murnaghan--Nakayama; Macdonald I.3, example 11];
- alpha = 2: a power sum is a commutator of adding a box, as in `jack`.

A partition is the integer whose bits are the ends of the rows of its diagram, in a frame of so
many rows and columns: to add a strip is to move a bit. What leaves the frame is dropped for good,
since adding boxes never brings it back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import comb, factorial, prod
from typing import Any, NamedTuple

from flint import fmpq

from weingarten.caches import cached
from weingarten.combinatorics.partitions import Partition, content
from weingarten.progress import progress

#: The coefficients of an expansion by the bits of its partitions: integers for Schur functions,
#: FLINT's rational numbers for zonal polynomials.
Expansion = dict[int, Any]


class Frame(NamedTuple):
    """The partitions with at most so many rows and columns, as integers.

    The bit ``lam[i] + rows - 1 - i`` is set for each row i, the empty ones included. The order of
    the integers is that of the partitions, last first.

    Examples
    --------
    >>> frame = Frame(rows=3, columns=4)
    >>> frame.partition(frame.bits((3, 1))), frame.holds((5,)), bin(frame.bits(()))
    ((3, 1), False, '0b111')
    """

    rows: int
    columns: int

    def bits(self, lam: Partition) -> int:
        """Return the integer of a partition that the frame holds."""
        left, found = self.rows, 0
        for part, rows in Counter(lam).items():
            left -= rows
            found |= ((1 << rows) - 1) << (part + left)
        return found | (1 << left) - 1

    def partition(self, bits: int) -> Partition:
        """Return the partition of an integer."""
        runs = f"{bits:b}".split("0")  # of rows of equal length: the last one of empty rows
        lengths = range(len(runs) - 1, 0, -1)
        return tuple(part for part, run in zip(lengths, runs, strict=False) for _ in run)

    def holds(self, lam: Partition) -> bool:
        """Return whether a partition is inside."""
        return len(lam) <= self.rows and (not lam or lam[0] <= self.columns)


def expansion(counts: Mapping[Partition, int], alpha: int, frame: Frame) -> Expansion:
    """Return the sum of count times ``p_mu``, as far as it is in a frame.

    Parameters
    ----------
    counts : mapping from partition to int
        The coefficients of power sums of one degree.
    alpha : {1, 2}
        Whether the basis is that of the Schur functions or of the zonal polynomials.
    frame : Frame
        What is kept.

    Examples
    --------
    >>> frame = Frame(3, 3)
    >>> for bits, value in sorted(expansion({(2, 1): 1}, 1, frame).items(), reverse=True):
    ...     print(frame.partition(bits), value)
    (3,) 1
    (1, 1, 1) -1
    >>> for bits, value in sorted(expansion({(2,): 1}, 2, frame).items(), reverse=True):
    ...     print(frame.partition(bits), value)
    (2,) 1/3
    (1, 1) -1/3
    """
    # As Horner has it: what ends in the same least parts is multiplied by them once.
    result: Expansion = defaultdict(int)
    ending: dict[int, dict[Partition, int]] = defaultdict(dict)
    for mu, count in counts.items():
        if len(mu) > 1:
            ending[mu[-1]][mu[:-1]] = count
            continue
        for lam, value in _one_part(sum(mu), alpha, frame):
            result[lam] += count * value
    for k, others in ending.items():
        multiply = times_power_sum if alpha == 1 else _times_power_sum_zonal
        for lam, value in multiply(expansion(others, alpha, frame), k, frame).items():
            result[lam] += value
    return {lam: value for lam, value in result.items() if value}


class Size(NamedTuple):
    """About how many terms an expansion ends in, and how many it goes through."""

    terms: int
    steps: int


#: Beyond this degree, at this number of rows, an expansion is taken for one of this degree: too
#: large in any case, unless the parts are few. With fewer rows it is higher.
_COUNTED_TO = 400


def expansion_size(mu: Partition, alpha: int, frame: Frame) -> Size:
    """Return about how large the expansion of ``p_mu`` is in a frame, without making it.

    Examples
    --------
    >>> expansion_size((200,), 1, Frame(200, 200)), expansion_size((200,), 2, Frame(200, 200)).terms
    (Size(terms=200, steps=200), 10100)
    """
    rows = min(frame)
    bounds = _counts(min(sum(mu), max(_COUNTED_TO, _COUNTED_TO**2 // max(rows, 1))), rows)
    terms, steps, degree = 1, 0, 0
    for k, times in sorted(Counter(mu).items(), reverse=True):
        # In so many strips of size k there are as many partitions as in k partitions of their
        # number; a zonal polynomial takes two strips where a Schur function takes one.
        strips = _colored(min(times, _COUNTED_TO), k if alpha == 1 else max(k * (k + 2) // 4, 1))
        before = terms
        for made in strips[1:]:
            passed = range(degree + 1, degree + k + 1) if alpha == 2 and degree else ()
            steps += sum(2 * bounds[min(size, len(bounds) - 1)] for size in passed[:-1])
            degree += k
            terms = min(bounds[min(degree, len(bounds) - 1)], before * made)
            steps += terms
        if more := times - len(strips) + 1:
            degree += more * k
            terms = bounds[min(degree, len(bounds) - 1)]
            steps += more * terms
    return Size(terms, steps)


@cached(maxsize=16)
def _counts(n: int, rows: int) -> tuple[int, ...]:
    """Return how many partitions of 0, ..., n have at most so many rows."""
    counts = [1] + [0] * n
    for part in range(1, min(n, rows) + 1):
        for total in range(part, n + 1):
            counts[total] += counts[total - part]
    return tuple(counts)


def _colored(n: int, colors: int) -> list[int]:
    """Return how many partitions of 0, ..., n have parts of so many colors."""
    divisors = [sum(i for i in range(1, m + 1) if m % i == 0) for m in range(n + 1)]
    counts = [1]
    for m in range(1, n + 1):
        counts.append(colors * sum(divisors[i] * counts[m - i] for i in range(1, m + 1)) // m)
    return counts


def _one_part(n: int, alpha: int, frame: Frame) -> Iterator[tuple[int, Any]]:
    """Yield the terms of ``p_n``, of 1 for n = 0."""
    empty = frame.bits(())
    if n == 0:
        yield empty, 1
    elif alpha == 1:
        yield from times_power_sum({empty: 1}, n, frame).items()
    else:
        # No box of content zero but the first: at most one box in each row from the third on.
        for a in range(min(n, frame.columns), 0, -1):
            for b in range(min(n - a, a), min(n - a, 1) - 1, -1):
                c = n - a - b
                lam = (a, *[b] * (b > 0), *[1] * c)
                if frame.holds(lam):
                    yield frame.bits(lam), _longest_cycle(a, b, c)


def _longest_cycle(a: int, b: int, c: int) -> Any:
    """Return the coefficient of the zonal polynomial of ``(a, b, 1^c)`` in ``p_n``.

    The coefficient of ``p_n`` in it is the product of the contents but the first [Stanley 1989,
    theorem 5.4]; the squared norm is the product of the hooks of ``(2a, 2b, 2^c)``.
    """
    n, contents = a + b + c, 2 ** (a - 1) * factorial(a - 1)
    if not b:
        return fmpq(2 * n * contents, factorial(2 * a))
    contents *= (-1) ** (c + 1) * factorial(c + 1) * prod(range(1, 2 * b - 2, 2))
    top = (2 * a + c + 1) * (2 * a + c) * factorial(2 * a - 1) // (2 * a - 2 * b + 1)
    below = (2 * b + c) * (2 * b + c - 1) * factorial(2 * b - 2) * factorial(c) * factorial(c + 1)
    return fmpq(2 * n * contents, top * below)


def times_power_sum(terms: Expansion, k: int, frame: Frame) -> Expansion:
    """Return the product of a sum of Schur functions with ``p_k``, in the frame."""
    result: Expansion = defaultdict(int)
    room = (1 << max(frame.rows + frame.columns - k, 0)) - 1
    for bits, value in progress(terms.items(), len(terms), "partitions"):
        movable = bits & ~(bits >> k) & room
        while movable:
            low = movable & -movable
            movable ^= low
            passed = bits & ((low << k) - (low << 1))
            result[bits ^ low ^ (low << k)] += -value if passed.bit_count() & 1 else value
    return {lam: value for lam, value in result.items() if value}


def character_value(lam: Partition, mu: Partition) -> int:
    """Return the character of S_n of the representation `lam` at the cycle type `mu`.

    Examples
    --------
    >>> character_value((100, 50, 50), (200,)), character_value((3, 1), (2, 2))
    (0, -1)
    """
    frame = Frame(len(lam), lam[0] if lam else 0)
    # Read from the other end, the diagram is what is left of the frame: strips are taken away.
    width = frame.rows + frame.columns
    terms = {_reversed(frame.bits(lam), width): 1}
    for k in mu:
        terms = times_power_sum(terms, k, frame)
    return terms.get(_reversed(frame.bits(()), width), 0)


def _reversed(bits: int, width: int) -> int:
    return int(format(bits, f"0{width}b")[::-1], 2) if width else 0


class _Addition(NamedTuple):
    """A diagram with a box more, the content of the box, its coefficient in ``p_1 J``."""

    bits: int
    content: int
    weight: Any


def _times_power_sum_zonal(terms: Expansion, k: int, frame: Frame) -> Expansion:
    """Return the product of a sum of zonal polynomials with ``p_k``, in the frame.

    With E the weighted addition of a box,
    ``alpha^(k-1) (k-1)! p_k = sum_j (-1)^j comb(k-1, j) E^(k-1-j) p_1 E^j``.
    """
    before, total = terms, _with_box(terms, frame, weighted=False)
    for j in range(1, k):
        before = _with_box(before, frame, weighted=True)
        total = _with_box(total, frame, weighted=True)
        sign = (-1) ** j * comb(k - 1, j)
        for lam, value in _with_box(before, frame, weighted=False).items():
            total[lam] = total.get(lam, 0) + sign * value
    scale = 2 ** (k - 1) * factorial(k - 1)
    return {lam: value / scale for lam, value in total.items() if value}


def _with_box(terms: Expansion, frame: Frame, *, weighted: bool) -> Expansion:
    result: Expansion = defaultdict(fmpq)
    for bits, value in progress(terms.items(), len(terms), "partitions"):
        for addition in _additions(bits, frame):
            weight = addition.weight * addition.content if weighted else addition.weight
            result[addition.bits] += value * weight
    return result


@cached(maxsize=1 << 14)
def _additions(bits: int, frame: Frame) -> tuple[_Addition, ...]:
    """Return the zonal polynomials in the product of one with ``p_1``, in the frame.

    The weight is the residue of Kerov's ``prod(z - y) / prod(z - x)`` over the corners of the
    profile: the contents ``x`` where a box fits, the corners ``y`` past a box that can go.
    """
    outer, inner = [], []
    lam = frame.partition(bits)
    for i, part in enumerate((*lam, 0)):
        if i == 0 or lam[i - 1] > part:
            outer.append((i, part))
        if i < len(lam) and (i + 1 == len(lam) or lam[i + 1] < part):
            inner.append(content(i + 1, part, 2))
    fits = {(i, j): content(i, j, 2) for i, j in outer}
    found = []
    for (i, j), added in fits.items():
        if i < frame.rows and j < frame.columns:
            weight = Fraction(
                prod(added - y for y in inner),
                prod(added - x for x in fits.values() if x != added),
            )
            low = 1 << (j + frame.rows - 1 - i)
            found.append(
                _Addition(
                    bits ^ low ^ (low << 1), added, fmpq(weight.numerator, weight.denominator)
                )
            )
    return tuple(found)
