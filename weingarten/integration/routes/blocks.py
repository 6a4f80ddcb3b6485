"""Sums over set partitions: for permutation matrices, and for independent signs and phases.

The indices of a block are equal: what stands between them is a product of words that meet in an
index, and becomes a trace where only two meet, a sum over the index where there are more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import factorial, prod

from sympy import Expr, S

from weingarten.combinatorics.set_partitions import SetPartition
from weingarten.ensembles.base import RandomMatrix
from weingarten.functions.blocks import Law, PermutationLaw, Power
from weingarten.functions.cycles import mean_of_cycle_traces, number_of_cycle_terms
from weingarten.functions.rational import Factored, as_flint, constant, total
from weingarten.integration.blocks import Joined, Joiner
from weingarten.integration.diagram import Cut, Piece
from weingarten.integration.entries import is_concrete
from weingarten.integration.routes.base import Effort, Integrated, Task, found, route

#: How many joins, and how many weights, are made in a second.
_JOINED, _WEIGHTS, _CYCLES = 700, 40_000, 20_000
#: How many products of what two sides become are written in a second: measured, of words with sums
#: over indices, whose names are tried in all orders, for up to so many letters; and of entries.
_WRITTEN, _FEW_LETTERS, _WRITTEN_ENTRIES = 100, 5, 1_500
BLOCKS = "pairs of set partitions"


def _law(matrix: RandomMatrix) -> Law:
    return found(matrix.blocks)


# Entries ------------------------------------------------------------------------------------------


def _entries_cost(task: Task) -> Effort | None:
    """Return next to nothing, where all chains are entries at numbers."""
    entries = task.entries
    return Effort(0, 1) if entries is not None and is_concrete(entries) else None


@route(_entries_cost, law="blocks")
def _entries(task: Task) -> Iterator[Integrated]:
    """Yield the expectation of a product of entries."""
    powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0, 0])
    for f in found(task.entries):
        powers[f.row, f.column][f.conjugated] += f.power
    matrix = task.cut.matrix
    listed = [Power(int(i), int(j), *counts) for (i, j), counts in powers.items()]
    value = _law(matrix).moment(listed)
    if matrix.dimension.is_Integer and value:
        value = constant(as_flint(value.at(int(matrix.dimension))))
    if value:
        yield Integrated(S.One, value, ())


# Traces of powers ---------------------------------------------------------------------------------


def _powers(task: Task) -> list[int] | None:
    """Return the powers of a permutation matrix whose traces all chains are, or None."""
    law, chains = task.cut.matrix.blocks, task.cut.chains
    if not isinstance(law, PermutationLaw) or law.centred:
        return None
    if any(c.ends is not None or len(set(c.word)) > 1 for c in chains):
        return None
    return [len(chain.word) for chain in chains]


def _cycles_cost(task: Task) -> Effort | None:
    powers = _powers(task)
    return None if powers is None else Effort(number_of_cycle_terms(powers), _CYCLES, "cycle types")


@route(_cycles_cost, law="blocks")
def _cycles(task: Task) -> Iterator[Integrated]:
    """Yield the mean of a product of traces of powers, by the numbers of cycles."""
    powers, matrix = found(_powers(task)), task.cut.matrix
    signed = isinstance(matrix.blocks, PermutationLaw) and matrix.blocks.signed
    d = int(matrix.dimension) if matrix.dimension.is_Integer else None
    value, least = mean_of_cycle_traces(powers, signed=signed, d=d)
    if value:
        yield Integrated(S.One, constant(value), (), least)


# Words --------------------------------------------------------------------------------------------


def _sides(cut: Cut) -> list[list[Piece]] | None:
    """Return the pieces between row indices and those between column ones, if these are all."""
    law = _law(cut.matrix)
    if law.is_diagonal or law.is_vector:
        return None
    sides: list[list[Piece]] = [[], []]
    for piece in cut.pieces:
        own = {end % 2 for end in piece[:2] if isinstance(end, int)}
        if len(own) != 1:
            return None
        sides[own.pop()].append(piece)
    return sides


def _cost(task: Task) -> Effort:
    law = _law(task.cut.matrix)
    count = law.count(task.cut.conjugated)
    if law.is_diagonal or law.is_vector:
        return Effort(count, _JOINED, "set partitions")
    if not count:  # a mean of an odd number of signs
        return Effort(0, 1)
    sides = _sides(task.cut)
    if sides is None:
        return Effort(count**2, _JOINED, BLOCKS)
    products = prod(_outcomes(side, count) for side in sides)
    has_words = any(piece.word for side in sides for piece in side)
    written = _written(len(task.cut.conjugated)) if has_words else _WRITTEN_ENTRIES
    seconds = count**2 / _WEIGHTS + 2 * count / _JOINED + products / written
    return Effort(count**2, max(1, int(count**2 / seconds)), BLOCKS)


def _outcomes(side: Sequence[Piece], count: int) -> int:
    """Return about how many outcomes a side has: exchanges of equal pieces leave it the same."""
    ends = Counter((p.word, *(e for e in p[:2] if not isinstance(e, int))) for p in side)
    exchanges = prod(map(factorial, ends.values()))
    return min(count, 3 * count // (2 * exchanges) + 1)


def _written(letters: int) -> int:
    """Return how many products of words are written in a second: their indices are named."""
    return _WRITTEN if letters <= _FEW_LETTERS else 1 + _WRITTEN // 8 ** (letters - _FEW_LETTERS)


@route(_cost, law="blocks")
def _blocks(task: Task) -> Iterator[Integrated]:
    """Yield the terms of the sum over the blocks of row indices and of column indices."""
    cut = task.cut
    law, sides = _law(cut.matrix), _sides(cut)
    partitions = list(law.partitions(cut.conjugated))
    if sides is not None:
        yield from _by_sides(cut, sides, partitions)
        return
    joiner = Joiner(cut)
    alone = law.is_diagonal or law.is_vector
    weights: dict[Joined, list[Factored]] = defaultdict(list)
    for rows in partitions:
        for columns in [rows] if alone else partitions:
            made = joiner.joined(cut.pieces, joiner.block(rows, columns))
            if made is not None:
                weights[made].append(
                    law.weight(rows, columns, cut.conjugated, cut.matrix.dimension)
                )
    for made, values in weights.items():
        yield from _term(cut, joiner.together([made]), total(values))


def _by_sides(
    cut: Cut, sides: Sequence[Sequence[Piece]], partitions: Sequence[SetPartition]
) -> Iterator[Integrated]:
    """Yield the terms where what rows give depends on their blocks alone, and columns likewise."""
    law, joiner = _law(cut.matrix), Joiner(cut)
    outcomes: list[dict[Joined, list[SetPartition]]] = []
    for side in sides:
        grouped: dict[Joined, list[SetPartition]] = defaultdict(list)
        for blocks in partitions:
            made = joiner.joined(side, joiner.block(blocks, blocks))
            if made is not None:
                grouped[made].append(blocks)
        outcomes.append(grouped)
    rows, columns = outcomes
    for one, first in rows.items():
        for other, second in columns.items():
            value = total(
                [
                    law.weight(p, q, cut.conjugated, cut.matrix.dimension)
                    for p in first
                    for q in second
                ]
            )
            yield from _term(cut, joiner.together([one, other]), value)


def _term(cut: Cut, made: Joined, value: Factored) -> Iterator[Integrated]:
    if value:
        least = 1 if cut.matrix.dimension.is_Integer else _law(cut.matrix).least(2 * cut.n)
        scale = cut.matrix.scale(cut.n) * made.scale
        yield Integrated(scale, value, made.monomial.chains, least, made.monomial.sums)
