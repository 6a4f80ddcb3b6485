"""Cut chains at the letters of a random matrix: the diagram of letters and pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import factorial
from typing import Any, NamedTuple

from sympy import Expr, Mul, S

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word


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
    for chain in chains:
        word = _cancelled(matrix, chain.word, alphabet, closed=chain.ends is None)
        if word or chain.ends:
            size = chain.size if word or not chain.word else matrix.shape[0]
            reduced.append(Chain(word, chain.ends, size))
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
    if not (one.base == other.base == matrix and matrix.is_haar):
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
        self.chains = tuple(chains)
        if matrix.form is not None:
            chains = without_conjugates(matrix, chains, alphabet)
        self._cut = chains
        letters = [
            (c, position)
            for c, chain in enumerate(chains)
            for position, letter in enumerate(chain.word)
            if letter.base == matrix
        ]
        conjugated = [chains[c].word[position].conjugated for c, position in letters]
        order = sorted(range(len(letters)), key=lambda k: conjugated[k])
        self.number = {letters[k]: place for place, k in enumerate(order)}
        self._letters = letters
        #: Whether each letter is conjugate, in the order of their numbers.
        self.conjugated = sorted(conjugated)
        #: The numbers of plain and of conjugate letters.
        self.kinds = len(letters) - sum(conjugated), sum(conjugated)
        in_pairs = matrix.law not in ("blocks", "ends")
        self.bipartite = in_pairs and matrix.group.bipartite
        self.possible = (
            not in_pairs
            or matrix.whole is not None
            or (2 * sum(conjugated) == len(letters) if self.bipartite else len(letters) % 2 == 0)
        )
        self.n = len(letters) // 2

    @cached_property
    def indices(self) -> list[tuple[int, int]]:
        """The numbers of the left and right index of each letter, in the order of the chains."""
        words = [chain.word for chain in self._cut]
        return [(self._left(c, k, words[c]), self._right(c, k, words[c])) for c, k in self._letters]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The pieces between the letters, in the order of the chains."""
        return [piece for c, chain in enumerate(self._cut) for piece in self._pieces(c, chain)]

    def _pieces(self, c: int, chain: Chain) -> Iterator[Piece]:
        word, ends, _ = chain
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
        return number_of_pairings(self.n, self.bipartite)


def number_of_pairings(n: int, bipartite: bool) -> int:
    """Return the number of pairings of 2n letters, or of n plain with n conjugate ones."""
    return factorial(n) if bipartite else factorial(2 * n) // (2**n * factorial(n))


def letter_of(end: Any) -> Any:
    """Return the number of the letter that an index belongs to; a free index stays."""
    return end // 2 if isinstance(end, int) else end


def without_conjugates(
    matrix: RandomMatrix, chains: Iterable[Chain], alphabet: Alphabet
) -> list[Chain]:
    """Write each conjugate letter of a matrix through the form that joins its indices."""
    form = alphabet.letter(matrix.form)
    turned = alphabet.letter(form.base, True)

    def written(letter: Letter) -> Word:
        if letter.base != matrix or not letter.conjugated:
            return (letter,)
        return form, Letter(matrix, letter.transposed), turned

    return [
        chain._replace(word=tuple(x for letter in chain.word for x in written(letter)))
        for chain in chains
    ]
