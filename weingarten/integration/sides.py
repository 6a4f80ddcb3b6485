"""The pieces on one side of a diagram, joined by pairings, and what kind of function they are.

A side holds the pieces between row indices, or those between column indices, or all of them. What
a pairing makes of it decides what a sum over pairings costs:

- *class function*: all pieces are one symmetric word (for U(d): any one word) between two letters,
  so that the chains are its power sums at the type of the pairing relative to that by pieces;
- *free*: all indices on the side are the same free index, so that every pairing gives the same;
- anything else is listed, once for each pairing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product as cartesian
from typing import Any

from flint import fmpq
from sympy import Expr, KroneckerDelta, S

from weingarten.combinatorics.orbits import Strand
from weingarten.combinatorics.pairings import Pairing
from weingarten.combinatorics.partitions import Partition
from weingarten.expressions.words import LEFT, RIGHT, Chain, Word
from weingarten.integration.diagram import Cut, Outcome, Piece, letter_of
from weingarten.progress import progress


def side_of(cut: Cut, which: int) -> Side | None:
    """Return the pieces on the row side (0) or column side (1); None if one connects the two."""
    own = []
    for start, stop, word in cut.pieces:
        sides = {end % 2 for end in (start, stop) if isinstance(end, int)}
        if sides == {0, 1}:
            return None
        if which in sides:
            own.append(Piece(letter_of(start), letter_of(stop), word))
    return Side(cut, own, which)


def whole(cut: Cut) -> Side:
    """Return all pieces, between row and column indices."""
    return Side(cut, cut.pieces, None)


class Side:
    """The pieces on the row side or the column side, between letters; or all between indices."""

    def __init__(self, cut: Cut, pieces: Sequence[Piece], which: int | None):
        self.cut = cut
        self.alphabet = cut.alphabet
        self.which = which
        #: Where a piece leads from each end of it, with the word on the way.
        self.links: dict[Any, tuple[Any, Word]] = {}
        self._power_sums: dict[int, list[tuple[Outcome, Any]]] = {}
        self.pieces = pieces
        for number, (start, stop, word) in enumerate(pieces):
            begin, finish = (
                end if isinstance(end, int) else ("free", number, k, end)
                for k, end in enumerate((start, stop))
            )
            self.links[begin] = (finish, word)
            self.links[finish] = (begin, self.alphabet.transpose(word))

    # What kind of function this is ----------------------------------------------------------------

    @cached_property
    def is_free(self) -> bool:
        """Whether every piece leads, without a letter, to the same free index."""
        labels = {end for piece in self.pieces for end in piece[:2] if not isinstance(end, int)}
        return (
            len(labels) == 1
            and not any(piece.word for piece in self.pieces)
            and not any(isinstance(p.start, int) and isinstance(p.stop, int) for p in self.pieces)
        )

    @cached_property
    def _joining(self) -> tuple[Pairing, set[Word]] | None:
        """The pairing by pieces, and their words, each in its direction; None if one is open."""
        pairs, words = [], set()
        for start, stop, word in self.pieces:
            if not (isinstance(start, int) and isinstance(stop, int)):
                return None
            if start > stop:
                start, stop, word = stop, start, self.alphabet.transpose(word)
            if self.cut.bipartite and (start < self.cut.n) == (stop < self.cut.n):
                return None
            pairs.append((start, stop))
            words.add(word)
        return tuple(sorted(pairs)), words

    @cached_property
    def base(self) -> Pairing | None:
        """The pairing by pieces, if the chains are power sums at types relative to it."""
        if self._joining is None:
            return None
        pairing, words = self._joining
        if len(words) != 1:
            return None
        (self._word,) = words
        return pairing if self.cut.bipartite or self.alphabet.is_symmetric(self._word) else None

    @cached_property
    def symmetrised(self) -> Pairing | None:
        """The same, when it does not matter which way round a piece is."""
        if self.base is not None or self._joining is None or self.cut.bipartite:
            return self.base
        pairing, words = self._joining
        word = next(iter(words))
        if words - {word, self.alphabet.transpose(word)}:
            return None
        self._word = word
        return pairing

    def power_sums(self, mu: Partition) -> list[tuple[Any, Outcome]]:
        """Return the product of the power sums of the word, as weights and outcomes."""
        total: dict[Outcome, Any] = {self.nothing: fmpq(1)}
        for part in mu:
            grown: dict[Outcome, Any] = defaultdict(fmpq)
            for one, weight in total.items():
                for other, factor in self._power_sum(part):
                    grown[self.together(one, other)] += weight * factor
            total = grown
        return [(weight, outcome) for outcome, weight in total.items()]

    def _power_sum(self, k: int) -> list[tuple[Outcome, Any]]:
        if k not in self._power_sums:
            self._power_sums[k] = self._traces_of_power(k)
        return self._power_sums[k]

    def _traces_of_power(self, k: int) -> list[tuple[Outcome, Any]]:
        if self.base is not None:
            return [(self._traces([self._word * k]), fmpq(1))]
        turned = self.alphabet.transpose(self._word)
        found = Counter(
            self._traces([sum(choice, ())]) for choice in cartesian((self._word, turned), repeat=k)
        )
        return [(outcome, fmpq(count, 2**k)) for outcome, count in found.items()]

    @cached_property
    def strands(self) -> list[Strand]:
        """The pieces up to their symmetries: two that can be exchanged have the same colours."""
        colours: dict[Any, int] = {}

        def colour(start: Any, stop: Any, word: Word) -> int:
            kinds = [
                (self.cut.bipartite and end >= self.cut.n, None)
                if isinstance(end, int)
                else (False, end)
                for end in (start, stop)
            ]
            return colours.setdefault((*kinds, word), len(colours))

        found = []
        for start, stop, word in self.pieces:
            turned = self.alphabet.transpose(word)
            if not isinstance(stop, int):
                start, stop, word, turned = stop, start, turned, word
            begin = start if isinstance(start, int) else None
            found.append(
                Strand(begin, stop, colour(start, stop, word), colour(stop, start, turned))
            )
        return found

    # What a pairing gives -------------------------------------------------------------------------

    def listed(self, pairings: Iterable[Pairing]) -> Iterator[tuple[Pairing, Outcome]]:
        """Yield the pairings whose outcome is not zero, with it."""
        for pairing in progress(pairings, self.cut.number_of_pairings, "pairings"):
            outcome = self.outcome(pairing)
            if outcome is not None:
                yield pairing, outcome

    def listed_by_position(self, pairings: Sequence[Pairing]) -> Iterator[tuple[int, Outcome]]:
        """Yield the positions of the pairings whose outcome is not zero, with it."""
        for position, pairing in enumerate(pairings):
            outcome = self.outcome(pairing)
            if outcome is not None:
                yield position, outcome

    def outcome(self, pairs: Iterable[tuple[int, int]]) -> Outcome | None:
        """Return the chains that the pieces become when ends are joined; None for zero."""
        opened, closed = self._followed(pairs)
        chains: list[Chain] = []
        for word, ends, start in opened:
            strand = self.strand(word, ends, start)
            if strand is None:
                return None
            chains += strand
        return self._traces([word for word, _ in closed], chains, [start for _, start in closed])

    def strand(self, word: Word, ends: tuple[Expr, Expr], joined: int = 0) -> list[Chain] | None:
        """Return what a word between two free indices is; None for zero.

        `joined` is an index on the way, which matters where the side holds all pieces.
        """
        if not word and not may_be_equal(*ends):
            return None
        if not word and ends[0] == ends[1]:
            return []
        return self.alphabet.open(word, ends, None if word else self._size(joined))

    def loop(self, word: Word) -> Outcome:
        """Return what a closed word is on the row side or the column side."""
        return self._traces([word])

    def _size(self, joined: Any) -> Expr:
        """Return the size that the ends of a path are indices of, from a joined end of it."""
        size: Expr = self.cut.matrix.shape[self._which(joined)]
        return size

    def _which(self, end: Any) -> int:
        """Return whether an end is a row or a column index."""
        return end % 2 if self.which is None else self.which

    def _followed(
        self, pairs: Iterable[tuple[int, int]]
    ) -> tuple[list[tuple[Word, tuple[Expr, Expr], Any]], list[tuple[Word, int]]]:
        """Follow pieces and joins: the words between free indices, and those of loops."""
        joined: dict[Any, Any] = {}
        for a, b in pairs:
            joined[a], joined[b] = b, a
        seen: set[Any] = set()
        opened, closed = [], []
        for start in self.links:
            if not isinstance(start, int) and start not in seen:
                stop, word = self._walk(start, joined, seen)
                opened.append((word, (start[3], stop[3]), self.links[start][0]))
        for start in self.links:
            if start not in seen:
                closed.append((self._walk(start, joined, seen)[1], start))
        return opened, closed

    def _join(self, a: Any, b: Any) -> Word:
        """Return what stands between two joined indices: nothing, they are equal."""
        return ()

    def _walk(self, start: Any, joined: dict[Any, Any], seen: set[Any]) -> tuple[Any, Word]:
        """Follow pieces and joins from an end until a free index, or back to the start."""
        word: Word = ()
        end = start
        while True:
            stop, letters = self.links[end]
            seen.update((end, stop))
            word += letters
            if stop not in joined:
                return stop, word
            word += self._join(stop, joined[stop])
            if joined[stop] == start:
                return stop, word
            end = joined[stop]

    def _traces(
        self, words: Iterable[Word], chains: Iterable[Chain] = (), starts: Sequence[int] = ()
    ) -> Outcome:
        closed = list(words)
        empty = [0, 0]
        for k, word in enumerate(closed):
            if not word:
                empty[self._which(starts[k] if starts else 0)] += 1
        made = [*chains, *(c for word in closed if word for c in self.alphabet.closed(word))]
        return Outcome(self.alphabet.sort(made), (empty[0], empty[1]))

    @property
    def nothing(self) -> Outcome:
        """What no pieces are."""
        return Outcome((), (0, 0))

    def together(self, one: Outcome, other: Outcome) -> Outcome:
        """Return the product of two outcomes."""
        return Outcome(
            self.alphabet.sort(one.chains + other.chains),
            (one.empty[0] + other.empty[0], one.empty[1] + other.empty[1]),
        )


def may_be_equal(i: Expr, j: Expr) -> bool:
    """Return whether two indices may be equal."""
    if {i, j} & {LEFT, RIGHT}:
        return True
    return KroneckerDelta(i, j) is not S.Zero
