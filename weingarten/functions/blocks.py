r"""Moments that are sums over set partitions: indices are equal within blocks.

Of a permutation matrix, ``E P[i1, j1] ... P[in, jn]`` is ``1/(d (d-1) ... (d-k+1))`` where the
lists i and j have one kernel of k blocks, else 0. By Moebius inversion it is the sum over pairs of
partitions, of the indices in whose blocks all must be equal, with the weight

    Wg(p, q) = sum over r <= p, q of mu(r, p) mu(r, q) / (d (d-1) ... (d-|r|+1)).

Only r of even blocks count for a permutation with signs. Independent entries have the product of
the cumulants of the blocks for a weight, whatever the dimension.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from itertools import product as cartesian
from math import comb, prod
from typing import Any, NamedTuple

from flint import fmpq, fmpq_poly
from sympy import Expr

from weingarten.caches import cached
from weingarten.combinatorics.set_partitions import (
    SetPartition,
    cells,
    into_blocks,
    joint_cumulant,
    mobius,
    number_of_set_partitions,
    set_partitions,
)
from weingarten.functions.dimension import as_dimension
from weingarten.functions.rational import Factored, constant, total
from weingarten.limits import as_integer, check_effort

__all__ = ["IndependentLaw", "Law", "PermutationLaw", "Power", "weingarten_permutation"]

#: So many products of different centred entries are written in a second.
_PRODUCTS = 20_000

#: The size of each block of a meet, and which block of either partition it lies in.
_Cells = tuple[tuple[int, int, int], ...]


class Power(NamedTuple):
    """A power of the entry at two numbers, and of its conjugate."""

    row: int
    column: int
    plain: int
    conjugated: int


class Law:
    """How the moments of a random matrix are sums over set partitions of its letters."""

    #: Whether row and column of a letter are one index.
    is_diagonal = False
    #: Whether the matrix is a column, of which only the row counts.
    is_vector = False
    #: Whether its moments are functions of the dimension.
    depends_on_dimension = False

    def least(self, letters: int) -> int:
        """Return the least dimension at which the sum over so many letters holds."""
        return 1

    def partitions(self, conjugated: Sequence[bool]) -> Iterator[SetPartition]:
        """Yield the partitions of the letters, some of them conjugate, that have a weight."""
        raise NotImplementedError

    def count(self, conjugated: Sequence[bool]) -> int:
        """Return how many these are at most."""
        raise NotImplementedError

    def weight(
        self, rows: SetPartition, columns: SetPartition, conjugated: Sequence[bool], d: Expr
    ) -> Factored:
        """Return the weight of a pair of partitions; for independent entries they are equal."""
        raise NotImplementedError

    def moment(self, powers: Sequence[Power]) -> Factored:
        """Return the expectation of a product of powers of entries, each named once."""
        raise NotImplementedError


# Permutations -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PermutationLaw(Law):
    """A uniform permutation matrix.

    Attributes
    ----------
    signed : bool
        Whether each row has a sign of its own.
    centred : bool
        Whether the mean, ``1/d`` in every place, is taken off.
    """

    signed: bool = False
    centred: bool = False

    depends_on_dimension = True

    def least(self, letters: int) -> int:
        """Return the least dimension at which the sum over so many letters holds."""
        return max(1, letters // 2 if self.signed else letters)

    def partitions(self, conjugated: Sequence[bool]) -> Iterator[SetPartition]:
        """Yield the partitions of the letters that have a weight."""
        return set_partitions(len(conjugated), _is_even if self.signed else None)

    def count(self, conjugated: Sequence[bool]) -> int:
        """Return how many these are."""
        return number_of_set_partitions(len(conjugated), even=self.signed)

    def weight(
        self, rows: SetPartition, columns: SetPartition, conjugated: Sequence[bool], d: Expr
    ) -> Factored:
        """Return the weight of a pair of partitions."""
        size = int(d) if d.is_Integer else None
        return _weight(_renumbered(cells(rows, columns)), size, self.signed, self.centred)

    def moment(self, powers: Sequence[Power]) -> Factored:
        """Return the expectation of a product of powers of entries, each named once."""
        places = [(p.row, p.column) for p in powers]
        exponents = [p.plain + p.conjugated for p in powers]
        if self.signed and any(m % 2 for m in exponents):
            return constant(0)
        if not self.centred:
            return _placed(places)
        check_effort(2 ** len(places), len(places), _PRODUCTS, "products of entries")
        return total(
            Factored(_centred(exponents, chosen), {(1, 0): sum(exponents)})
            * _placed([places[k] for k in chosen])
            for count in range(len(places) + 1)
            for chosen in combinations(range(len(places)), count)
        )


def _is_even(block: tuple[int, ...]) -> bool:
    return len(block) % 2 == 0


def _centred(exponents: Sequence[int], chosen: Sequence[int]) -> Any:
    """Return what stands before the chosen entries in a product of powers of centred ones.

    As an entry P is 0 or 1, ``d**m (P - 1/d)**m`` is ``((d - 1)**m - (-1)**m) P + (-1)**m``.
    """
    return prod(
        (
            fmpq_poly([-1, 1]) ** m - (-1) ** m if k in chosen else fmpq_poly([(-1) ** m])
            for k, m in enumerate(exponents)
        ),
        start=fmpq_poly([1]),
    )


def _placed(places: Sequence[tuple[int, int]]) -> Factored:
    """Return the probability that a permutation matrix has ones at different places."""
    rows, columns = zip(*places, strict=True) if places else ((), ())
    if len(set(rows)) < len(places) or len(set(columns)) < len(places):
        return constant(0)
    return _over_falling(fmpq(1), len(places))


def _over_falling(value: Any, k: int) -> Factored:
    """Return a number over ``d (d-1) ... (d-k+1)``."""
    return Factored(fmpq_poly([value]), {(1, -j): 1 for j in range(k)})


def _renumbered(found: _Cells) -> _Cells:
    """Return cells with the blocks numbered as they come, the large cells first."""
    rows: dict[int, int] = {}
    columns: dict[int, int] = {}
    return tuple(
        (size, rows.setdefault(a, len(rows)), columns.setdefault(b, len(columns)))
        for size, a, b in sorted(found, key=lambda cell: -cell[0])
    )


@cached(maxsize=20_000)
def _weight(found: _Cells, d: int | None, signed: bool, centred: bool) -> Factored:
    """Return the sum over all partitions below the meet, at a dimension or as a function of it."""
    alone = _alone(found) if centred else []
    parts = []
    for taken in range(len(alone) + 1):
        # Of the letters that are alone on both sides, so many stand for their mean.
        kept = [cell for cell in found if cell not in alone[:taken]]
        ways = (-1) ** taken * comb(len(alone), taken)
        parts += [
            Factored(fmpq_poly([ways * number]), {(1, 0): taken}) * _over_falling(fmpq(1), k)
            if d is None
            else constant(fmpq(ways * number, d**taken * prod(range(d, d - k, -1))))
            for k, number in _by_blocks(kept, signed).items()
            if d is None or k <= d
        ]
    return total(parts) if parts else constant(0)


def _alone(found: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the cells of one letter that are a block of both partitions."""
    rows, columns = Counter(a for _, a, _ in found), Counter(b for _, _, b in found)
    return [c for c in found if c[0] == 1 and rows[c[1]] == columns[c[2]] == 1]


def _by_blocks(found: Sequence[tuple[int, int, int]], signed: bool) -> Counter[int]:
    """Return the sum of products of Moebius functions, by the number of blocks below the meet."""
    sums: Counter[int] = Counter()
    for choice in cartesian(*(range(1, size + 1) for size, _, _ in found)):
        ways = prod(
            into_blocks(size, k, even=signed) for (size, _, _), k in zip(found, choice, strict=True)
        )
        if not ways:
            continue
        inside: Counter[tuple[int, int]] = Counter()
        for (_, a, b), k in zip(found, choice, strict=True):
            inside[0, a] += k
            inside[1, b] += k
        sums[sum(choice)] += ways * prod(map(mobius, inside.values()))
    return sums


def weingarten_permutation(one: Any, other: Any, d: Any, *, centred: bool = False) -> Expr:
    """Return the Weingarten function of permutation matrices at two set partitions.

    Parameters
    ----------
    one, other : sequence of sequences of int
        Two partitions of the points 0, 1, ..., n - 1, given by their blocks.
    d : Symbol, Expr or int
        The dimension. The value for a symbol holds from n on; for an integer it is exact.
    centred : bool, optional
        Whether for permutation matrices with the mean 1/d taken off.

    Raises
    ------
    TypeError, ValueError
        If `one` and `other` are no partitions of the same points, or `d` is no dimension.

    Examples
    --------
    >>> from sympy import symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> weingarten_permutation(((0, 1, 2), (3,)), ((0,), (1, 2, 3)), d)
    (d + 1)/(d*(d - 3)*(d - 2)*(d - 1))
    >>> weingarten_permutation([[0], [1], [2]], [[0, 2], [1]], d, centred=True)
    -2/(d**2*(d - 2)*(d - 1))

    References
    ----------
    B. Collins & M. Nagatsu, arXiv:2503.18453 (2025).
    """
    if not isinstance(centred, bool):
        raise TypeError(f"centred = {centred!r}: expected True or False")
    size = as_dimension(d)
    first, second = as_set_partition(one, "one"), as_set_partition(other, "other")
    points = [sum(map(len, blocks)) for blocks in (first, second)]
    if points[0] != points[1]:
        raise ValueError(
            f"one has {points[0]} points, other {points[1]}: expected partitions of the same points"
        )
    law = PermutationLaw(centred=centred)
    return law.weight(first, second, [False] * points[0], size).to_sympy(size)


def as_set_partition(blocks: Any, argument: str) -> SetPartition:
    """Return blocks of integers as a partition of the points 0, 1, ..., n - 1.

    Raises
    ------
    TypeError, ValueError
        If they are none.
    """
    expected = "expected the blocks of a partition of 0, 1, ..., n - 1, such as ((0, 2), (1,))"
    try:
        read = [tuple(sorted(map(as_integer, block))) for block in blocks]
    except (TypeError, ValueError):
        raise TypeError(f"{argument} = {blocks!r}: {expected}") from None
    points = sorted(point for block in read for point in block)
    if () in read or points != list(range(len(points))):
        raise ValueError(f"{argument} = {blocks!r}: {expected}")
    return tuple(sorted(read))


# Independent entries ------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndependentLaw(Law):
    """Independent signs or phases, on a diagonal or as a column.

    Attributes
    ----------
    phases : bool
        Whether they are uniform on the circle; signs if not.
    vector : bool
        Whether they are a column; the diagonal of a matrix if not.
    """

    phases: bool = False
    vector: bool = False

    @property
    def is_diagonal(self) -> bool:  # type: ignore[override]
        """Whether row and column of a letter are one index."""
        return not self.vector

    @property
    def is_vector(self) -> bool:  # type: ignore[override]
        """Whether the matrix is a column, of which only the row counts."""
        return self.vector

    def partitions(self, conjugated: Sequence[bool]) -> Iterator[SetPartition]:
        """Yield the partitions of the letters whose blocks have cumulants."""

        def has_cumulant(block: tuple[int, ...]) -> bool:
            bars = sum(conjugated[k] for k in block)
            return 2 * bars == len(block) if self.phases else len(block) % 2 == 0

        return set_partitions(len(conjugated), has_cumulant)

    def count(self, conjugated: Sequence[bool]) -> int:
        """Return how many these are at most."""
        return number_of_set_partitions(len(conjugated), even=True)

    def weight(
        self, rows: SetPartition, columns: SetPartition, conjugated: Sequence[bool], d: Expr
    ) -> Factored:
        """Return the product of the cumulants of the blocks."""
        return constant(prod(_cumulant(len(block), self.phases) for block in rows))

    def moment(self, powers: Sequence[Power]) -> Factored:
        """Return 1 if every entry is known by the powers of it, else 0."""
        plain: Counter[int] = Counter()
        for p in powers:
            if self.is_diagonal and p.row != p.column:
                return constant(0)
            plain[p.row] += p.plain - p.conjugated if self.phases else p.plain + p.conjugated
        known = (m == 0 if self.phases else m % 2 == 0 for m in plain.values())
        return constant(int(all(known)))


@cached(maxsize=64)
def _cumulant(size: int, phases: bool) -> int:
    """Return the cumulant of so many copies of a sign; of a phase and as often its conjugate."""
    if phases:
        return joint_cumulant(lambda p, q: int(p == q), size // 2, size // 2)
    return joint_cumulant(lambda p, q: 1 - (p + q) % 2, size, 0)
