"""Cut chains at the letters of a random matrix, and join what is left by pairings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from itertools import product as cartesian
from math import factorial
from typing import Any, NamedTuple

from flint import fmpq
from sympy import Expr, KroneckerDelta, Mul, S

from weingarten.combinatorics.pairings import Pairing
from weingarten.combinatorics.partitions import Partition
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.words import LEFT, RIGHT, Alphabet, Chain, Letter, Word


class Outcome(NamedTuple):
    """What a pairing makes of the pieces.

    Chains, and how many loops of row indices and of column indices hold no letter.
    """

    chains: tuple[Chain, ...]
    empty: tuple[int, int]


class Piece(NamedTuple):
    """A constant word between two ends: numbers of indices of X, or free indices."""

    start: Any
    stop: Any
    word: Word


def without_inverses(
    matrix: RandomMatrix, chains: Iterable[Chain], alphabet: Alphabet
) -> tuple[list[Chain], int]:
    """Cancel each X beside its inverse; return the chains left, and how many closed up."""
    reduced, empty = [], 0
    for word, ends in chains:
        word = _cancelled(matrix, word, alphabet, closed=ends is None)
        if word or ends:
            reduced.append(Chain(word, ends))
        else:
            empty += 1
    return reduced, empty


def _cancelled(matrix: RandomMatrix, word: Word, alphabet: Alphabet, *, closed: bool) -> Word:
    kept: list[Letter] = []
    for letter in word:
        if kept and _are_inverse(matrix, kept[-1], letter, alphabet):
            kept.pop()
        else:
            kept.append(letter)
    while closed and len(kept) > 1 and _are_inverse(matrix, kept[-1], kept[0], alphabet):
        kept = kept[1:-1]
    return tuple(kept)


def _are_inverse(matrix: RandomMatrix, one: Letter, other: Letter, alphabet: Alphabet) -> bool:
    if not (one.base == other.base == matrix and matrix.is_unitary):
        return False
    return other == alphabet.letter(matrix, not one.transposed, not one.conjugated)


class Cut:
    """The letters of X in a product of chains, numbered, and the pieces between them.

    The row index of the letter k has the number 2k, its column index the number 2k + 1. For
    complex matrices the plain letters come first, then the conjugate ones.
    """

    def __init__(self, matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet):
        self.matrix = matrix
        self.alphabet = alphabet
        letters = [
            (c, position)
            for c, chain in enumerate(chains)
            for position, letter in enumerate(chain.word)
            if letter.base == matrix
        ]
        conjugated = [chains[c].word[position].conjugated for c, position in letters]
        order = sorted(range(len(letters)), key=lambda k: conjugated[k])
        self.number = {letters[k]: place for place, k in enumerate(order)}
        #: The numbers of the left and the right index of each letter, in the order of the chains.
        self.indices = [
            (self._left(c, position, chains[c].word), self._right(c, position, chains[c].word))
            for c, position in letters
        ]
        self.bipartite = matrix.group == "unitary"
        self.possible = (
            2 * sum(conjugated) == len(letters) if self.bipartite else len(letters) % 2 == 0
        )
        self.n = len(letters) // 2
        self.pieces = [piece for c, chain in enumerate(chains) for piece in self._pieces(c, chain)]

    def _pieces(self, c: int, chain: Chain) -> Iterator[Piece]:
        word, ends = chain
        cuts = [k for k in range(len(word)) if (c, k) in self.number]
        first, last = cuts[0], cuts[-1]
        if ends:
            yield Piece(ends[0], self._left(c, first, word), word[:first])
            yield Piece(self._right(c, last, word), ends[1], word[last + 1 :])
        else:
            yield Piece(
                self._right(c, last, word),
                self._left(c, first, word),
                word[last + 1 :] + word[:first],
            )
        for one, other in pairwise(cuts):
            yield Piece(
                self._right(c, one, word), self._left(c, other, word), word[one + 1 : other]
            )

    def _left(self, c: int, position: int, word: Word) -> int:
        return 2 * self.number[c, position] + int(word[position].transposed)

    def _right(self, c: int, position: int, word: Word) -> int:
        return 2 * self.number[c, position] + 1 - int(word[position].transposed)

    def side(self, which: int) -> Side | None:
        """Return the pieces on the row side or the column side, None if one connects the two."""
        own = []
        for piece in self.pieces:
            start, stop, word = piece
            sides = {end % 2 for end in (start, stop) if isinstance(end, int)}
            if sides == {0, 1}:
                return None
            if which in sides:
                own.append(Piece(_letter_of(start), _letter_of(stop), word))
        return Side(self, own, which)

    def size(self, outcome: Outcome) -> Expr:
        """Return what the loops without a letter give: the sizes of the matrix."""
        if outcome.empty == (0, 0):
            return S.One
        return Mul(
            *(size**count for size, count in zip(self.matrix.shape, outcome.empty, strict=True))
        )

    @property
    def number_of_pairings(self) -> int:
        """The number of pairings of the letters, before deltas make any of them zero."""
        n = self.n
        return factorial(n) if self.bipartite else factorial(2 * n) // (2**n * factorial(n))


class Side:
    """The pieces on the row side or the column side, between letters; or all between indices."""

    def __init__(self, cut: Cut, pieces: Sequence[Piece], which: int | None):
        self.cut = cut
        self.alphabet = cut.alphabet
        self.which = which
        # Where a piece leads from each end of it, with the word on the way.
        self._links: dict[Any, tuple[Any, Word]] = {}
        self._power_sums: dict[int, list[tuple[Outcome, Any]]] = {}
        self.pieces = pieces
        for number, (start, stop, word) in enumerate(pieces):
            begin, finish = (
                end if isinstance(end, int) else ("free", number, k, end)
                for k, end in enumerate((start, stop))
            )
            self._links[begin] = (finish, word)
            self._links[finish] = (begin, self.alphabet.transpose(word))

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
        total: dict[Outcome, Any] = {self._nothing: fmpq(1)}
        for part in mu:
            grown: dict[Outcome, Any] = defaultdict(fmpq)
            for one, weight in total.items():
                for other, factor in self._power_sum(part):
                    grown[self._together(one, other)] += weight * factor
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

    # What a pairing gives -------------------------------------------------------------------------

    def listed(self, pairings: Iterable[Pairing]) -> Iterator[tuple[Pairing, Outcome]]:
        """Yield the pairings whose outcome is not zero, with it."""
        for pairing in pairings:
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
        chains = []
        for word, ends in opened:
            if not word and not _may_be_equal(*ends):
                return None
            if word or ends[0] != ends[1]:
                chains.append(self.alphabet.open(word, ends))
        return self._traces([word for word, _ in closed], chains, [start for _, start in closed])

    def _followed(
        self, pairs: Iterable[tuple[int, int]]
    ) -> tuple[list[tuple[Word, tuple[Expr, Expr]]], list[tuple[Word, int]]]:
        """Follow pieces and joins: the words between free indices, and those of loops."""
        joined: dict[Any, Any] = {}
        for a, b in pairs:
            joined[a], joined[b] = b, a
        seen: set[Any] = set()
        opened, closed = [], []
        for start in self._links:
            if not isinstance(start, int) and start not in seen:
                stop, word = self._walk(start, joined, seen)
                opened.append((word, (start[3], stop[3])))
        for start in self._links:
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
            stop, letters = self._links[end]
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
                empty[self.which if self.which is not None else starts[k] % 2] += 1
        made = [*chains, *(self.alphabet.closed(word) for word in closed if word)]
        return Outcome(self.alphabet.sort(made), (empty[0], empty[1]))

    @property
    def _nothing(self) -> Outcome:
        return Outcome((), (0, 0))

    def _together(self, one: Outcome, other: Outcome) -> Outcome:
        return Outcome(
            self.alphabet.sort(one.chains + other.chains),
            (one.empty[0] + other.empty[0], one.empty[1] + other.empty[1]),
        )


def _letter_of(end: Any) -> Any:
    """Return the number of the letter that an index belongs to; a free index stays."""
    return end // 2 if isinstance(end, int) else end


def _may_be_equal(i: Expr, j: Expr) -> bool:
    if {i, j} & {LEFT, RIGHT}:
        return True
    return KroneckerDelta(i, j) is not S.Zero
