"""Pieces between letters whose indices are equal in blocks: one sum for each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sympy import Dummy, Expr, KroneckerDelta, Mul, OneMatrix, S

from weingarten.combinatorics.set_partitions import SetPartition
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.naming import with_names
from weingarten.expressions.words import LEFT, RIGHT, Chain, Monomial, Range
from weingarten.integration.diagram import Cut, Piece

#: A block of row indices (0) or column indices (1).
Block = tuple[int, int]


class Joined(NamedTuple):
    """What pieces become: a scalar, chains, and sums over the indices of blocks."""

    scale: Expr
    monomial: Monomial


class Joiner:
    """Joins pieces at blocks, for one diagram.

    Parameters
    ----------
    cut : Cut
        The diagram.
    """

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._alphabet = cut.alphabet
        self._sums = IndexSums(cut.alphabet, Conditions())

    def block(self, rows: SetPartition, columns: SetPartition) -> Callable[[int], Any]:
        """Return what says of the number of an index which block it is in, or that it is 0."""
        law = self._cut.matrix.blocks
        number = [
            {letter: b for b, block in enumerate(side) for letter in block}
            for side in (rows, columns)
        ]

        def of(end: int) -> Any:
            letter, side = divmod(end, 2)
            if side and law is not None and law.is_vector:
                return S.Zero
            side = 0 if law is not None and law.is_diagonal else side
            return side, number[side][letter]

        return of

    def joined(self, pieces: Sequence[Piece], block: Callable[[int], Any]) -> Joined | None:
        """Return what pieces become when the indices of each block are equal; None for zero."""
        ends = [tuple(block(e) if isinstance(e, int) else e for e in p[:2]) for p in pieces]
        classes = _Classes()
        between: list[tuple[Any, Any]] = []
        for piece, (start, stop) in zip(pieces, ends, strict=True):
            if piece.word:
                classes.note(start)
                classes.note(stop)
            elif isinstance(start, tuple) or isinstance(stop, tuple):
                classes.join(start, stop)
            else:
                between.append((start, stop))
        made = self._indices(classes, between)
        if made is None:
            return None
        scale, index, chains, sums = made
        for piece, (start, stop) in zip(pieces, ends, strict=True):
            if piece.word:
                where = tuple(
                    index[classes.root(e)] if isinstance(e, tuple) else e for e in (start, stop)
                )
                chains += self._alphabet.open(piece.word, (where[0], where[1]))
        return self._carried_out(scale, chains, sums)

    def _indices(
        self, classes: _Classes, between: list[tuple[Any, Any]]
    ) -> tuple[Expr, dict[Block, Expr], list[Chain], list[Range]] | None:
        """Return what each class of blocks has for an index, deltas beside, and the sums."""
        scale: Expr = S.One
        index: dict[Block, Expr] = {}
        chains: list[Chain] = []
        sums: list[Range] = []
        deltas = [(start, stop, None) for start, stop in between]
        for root, labels in classes.found().items():
            size = self._cut.matrix.shape[root[0]]
            fixed = [x for x in labels if x not in (LEFT, RIGHT)]
            free = [x for x in labels if x in (LEFT, RIGHT)]
            pieces = classes.words[root]
            if not fixed and len(free) + pieces <= 2 and (free or not pieces):
                # The end of a word, the identity between both ends, ones, or a free sum.
                index[root] = free[0] if free else S.Zero
                if len(free) == 2:
                    deltas.append((*free, size))
                elif free and not pieces:
                    ones = self._alphabet.letter(OneMatrix(size, 1))
                    chains += self._alphabet.open((ones,), (free[0], S.Zero))
                elif not free:
                    scale *= size
                continue
            if fixed:
                index[root] = fixed[0]
            else:
                name = Dummy("i", integer=True)
                index[root] = name
                sums.append(Range(name, S.Zero, size - 1))
            deltas += [(x, index[root], size) for x in (*fixed[1:], *free)]
        for start, stop, size in deltas:
            is_free = {start, stop} & {LEFT, RIGHT}
            if not is_free and KroneckerDelta(start, stop) is S.Zero:
                return None
            if start != stop:
                chains += self._alphabet.open((), (start, stop), size)
        return scale, index, chains, sums

    def _carried_out(self, scale: Expr, chains: list[Chain], sums: list[Range]) -> Joined | None:
        found = self._sums.carried_out(Monomial(tuple(chains), tuple(sums)), scale)
        if found is None:
            return None
        monomial, scale = found
        new = {r.index for r in monomial.sums}
        if not new:
            monomial = Monomial(self._alphabet.sort(monomial.chains))
        return Joined(scale, with_names(monomial, new, self._alphabet))

    def together(self, parts: Sequence[Joined]) -> Joined:
        """Return the product of what sides become, with indices of their own."""
        chains: list[Chain] = []
        sums: list[Range] = []
        for part in parts:
            new = {r.index: Dummy(r.index.name, integer=True) for r in part.monomial.sums}
            own = part.monomial.renamed(new)
            chains += own.chains
            sums += own.sums
        scale = Mul(*(part.scale for part in parts))
        return Joined(scale, Monomial(self._alphabet.sort(chains), tuple(sums)))


class _Classes:
    """Blocks that pieces without a word make equal, with the free indices they are equal to."""

    def __init__(self) -> None:
        self._parent: dict[Block, Block] = {}
        self._labels: dict[Block, list[Any]] = defaultdict(list)
        self._words: dict[Block, int] = defaultdict(int)

    def root(self, block: Block) -> Block:
        """Return the block that stands for all that are equal to one."""
        while self._parent.setdefault(block, block) != block:
            block = self._parent[block]
        return block

    def note(self, end: Any) -> None:
        """Note that a word ends in a block, or in a free index."""
        if isinstance(end, tuple):
            self.root(end)
            self._words[end] += 1

    def join(self, one: Any, other: Any) -> None:
        """Note that two ends are equal, at least one of which is a block."""
        if not isinstance(one, tuple):
            one, other = other, one
        first = self.root(one)
        if isinstance(other, tuple):
            self._parent[self.root(other)] = first
        else:
            self._labels[one].append(other)

    def found(self) -> dict[Block, list[Any]]:
        """Return the different free indices that each class is equal to."""
        classes: dict[Block, list[Any]] = {self.root(block): [] for block in list(self._parent)}
        for block, labels in self._labels.items():
            own = classes[self.root(block)]
            own += [label for label in dict.fromkeys(labels) if label not in own]
        return classes

    @property
    def words(self) -> dict[Block, int]:
        """The number of ends of words in each class."""
        counts: dict[Block, int] = defaultdict(int)
        for block, count in self._words.items():
            counts[self.root(block)] += count
        return counts
