"""The standard forms of letters and chains: equal ones have one form.

A closed word is the least of its rotations and of those of its transpose, an open one the lesser
of itself and its transpose. Where an index can only be 0, as between a vector and its transpose, a
word is cut there: what is a product of scalars is written as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sympy import DiagMatrix, Expr, Identity, OneMatrix, Q, S, default_sort_key, sympify
from sympy.matrices.expressions.slice import MatrixSlice

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.facts import Facts
from weingarten.expressions.words import LEFT, RIGHT, Chain, Diagonal, Letter, Word

if TYPE_CHECKING:
    from weingarten.expressions.rules import Rules


class Alphabet:
    """The letters of one calculation: what is known of each matrix, and an order on them."""

    def __init__(self, facts: Facts | None = None) -> None:
        self.facts = facts or Facts()
        #: What equations between words make of one; None where none are given.
        self.rules: Rules | None = None
        self._known: dict[Any, tuple[bool, bool, bool]] = {}
        self._keys: dict[Letter, Any] = {}
        self._closed: dict[Word, Word] = {}
        self._places: dict[Chain, Any] = {}

    def letter(self, base: Any, transposed: bool = False, conjugated: bool = False) -> Letter:
        """Return a letter in its standard form."""
        if base not in self._known:
            self._known[base] = self._facts(base)
        symmetric, real, hermitian = self._known[base]
        conjugated = conjugated and not real
        if hermitian and conjugated:
            transposed, conjugated = not transposed, False
        return Letter(base, transposed and not symmetric, conjugated)

    def _facts(self, base: Any) -> tuple[bool, bool, bool]:
        """Return whether a matrix is symmetric, real, hermitian, as far as is known."""
        if isinstance(base, RandomMatrix):
            own_adjoint, real = base.is_self_adjoint, base.is_real_valued
            diagonal = base.blocks is not None and base.blocks.is_diagonal
            symmetric = diagonal or (own_adjoint and real)
            return symmetric, real, own_adjoint or (diagonal and real)
        if isinstance(base, Diagonal):
            return True, False, False
        if isinstance(base, DiagMatrix):
            return True, self.facts.ask(Q.real_elements(base.args[0])), False
        if is_selection(base):
            return False, True, False
        if isinstance(base, OneMatrix):
            return base.shape[0] == base.shape[1], True, False
        if base.atoms(RandomMatrix):  # made of entries of random matrices
            return False, False, False
        return self.facts.of(base)

    def transpose(self, word: Word) -> Word:
        """Return the transpose of a word."""
        return tuple(
            self.letter(letter.base, not letter.transposed, letter.conjugated)
            for letter in reversed(word)
        )

    def conjugate(self, word: Word) -> Word:
        """Return the complex conjugate of a word."""
        return tuple(
            self.letter(letter.base, letter.transposed, not letter.conjugated) for letter in word
        )

    def is_symmetric(self, word: Word) -> bool:
        """Return whether a word is its own transpose."""
        return word == self.transpose(word)

    # Chains ---------------------------------------------------------------------------------------

    def parts(
        self, word: Word, ends: tuple[Expr, Expr] | None
    ) -> list[tuple[Word, tuple[Expr, Expr] | None]]:
        """Cut a word where an index can only be 0; the free ends of a matrix stay together."""
        if ends is None:
            start = next((k for k, letter in enumerate(word) if letter.rows is S.One), None)
            if start is None:
                return [(word, None)]
            word, ends = word[start:] + word[:start], (S.Zero, S.Zero)
        if {LEFT, RIGHT} & set(ends):
            return [(word, ends)]
        cuts = [k for k in range(1, len(word)) if word[k].rows is S.One]
        stops = [ends[0], *(S.Zero for _ in cuts), ends[1]]
        return [
            (word[a:b], (stops[k], stops[k + 1]))
            for k, (a, b) in enumerate(pairwise([0, *cuts, len(word)]))
        ]

    def closed(self, word: Word) -> list[Chain]:
        """Return the trace of a word, which has a letter: one chain, or several with ends."""
        if self.rules is None:
            return self._closed_parts(word)
        factor, word = self.rules.closed(word)
        return self.rules.valued(self._closed_parts(word) if word else (), factor)

    def _closed_parts(self, word: Word) -> list[Chain]:
        ((first, ends), *rest) = self.parts(word, None)
        if ends:
            return [self._piece(*part) for part in ((first, ends), *rest)]
        return [Chain(self.least(word))]

    def least(self, word: Word) -> Word:
        """Return the least of the rotations of a word and of its transpose."""
        if word not in self._closed:
            turned = self.transpose(word)
            rotations = (self.least_rotation(w) for w in (word, turned))
            self._closed[word] = min(rotations, key=self.key)
        return self._closed[word]

    def open(self, word: Word, ends: tuple[Expr, Expr], size: Expr | None = None) -> list[Chain]:
        """Return the entry of a word between two indices: a chain, or several."""
        if self.rules is None or not word:
            return self._open_parts(word, ends, size)
        rows = word[0].rows
        factor, word = self.rules.reduced(word)
        chains = self._open_parts(word, ends, None if word else rows)
        return self.rules.valued(chains, factor)

    def _open_parts(self, word: Word, ends: tuple[Expr, Expr], size: Expr | None) -> list[Chain]:
        if ends[0] is LEFT or ends[1] is RIGHT:
            return [Chain(word, ends, size)]
        if LEFT in ends or RIGHT in ends:
            return [Chain(self.transpose(word), ends[::-1], size)]
        return [self._piece(piece, stops, size) for piece, stops in self.parts(word, ends)]

    def _piece(self, word: Word, ends: Any, size: Expr | None = None) -> Chain:
        word, ends, size = _placed(word, ends, size)
        turned = Chain(self.transpose(word), (ends[1], ends[0]), size)
        return min(Chain(word, ends, size), turned, key=self._open_key)

    def standard(self, chain: Chain) -> list[Chain]:
        """Return a chain in its standard form."""
        if chain.ends:
            return self.open(chain.word, chain.ends, chain.size)
        return self.closed(chain.word)

    # Order ----------------------------------------------------------------------------------------

    def key(self, word: Word) -> Any:
        """Return what words are ordered by: few transposes first, then by name."""
        return sum(map(_plainness, word)), [self._key(letter) for letter in word]

    def _key(self, letter: Letter) -> Any:
        if letter not in self._keys:
            self._keys[letter] = (str(letter.base), letter.transposed, letter.conjugated)
        return self._keys[letter]

    def least_rotation(self, word: Word) -> Word:
        """Return the least of the rotations of a word."""
        keys = tuple(map(self._key, word))
        start = min(range(len(word)), key=lambda k: keys[k:] + keys[:k], default=0)
        return word[start:] + word[:start]

    def _open_key(self, chain: Chain) -> Any:
        return [default_sort_key(end) for end in chain.ends or ()], self.key(chain.word)

    def sort(self, chains: Iterable[Chain]) -> tuple[Chain, ...]:
        """Return chains in their standard order."""
        return tuple(sorted(chains, key=self._place))

    def _place(self, chain: Chain) -> Any:
        if chain not in self._places:
            self._places[chain] = bool(chain.ends), self._open_key(chain)
        return self._places[chain]


def is_selection(base: Any) -> bool:
    """Return whether a letter stands for selected columns of an identity."""
    return isinstance(base, MatrixSlice) and isinstance(base.parent, Identity)


def _placed(word: Word, ends: Any, size: Expr | None) -> tuple[Word, Any, Expr | None]:
    """Put the place that an index selects for it, at the ends of a word."""
    left, right = ends
    while word and is_selection(word[-1].base) and not word[-1].transposed:
        word, right, size = word[:-1], place_of(word[-1], right), word[-1].rows
    while word and is_selection(word[0].base) and word[0].transposed:
        word, left, size = word[1:], place_of(word[0], left), word[0].columns
    return word, (left, right), None if word else size


def place_of(letter: Letter, index: Expr) -> Expr:
    """Return the row of the identity that a column of selected ones has its one in."""
    start, _, step = map(sympify, letter.base.colslice)
    place: Expr = start + step * index
    return place


def _plainness(letter: Letter) -> int:
    # A, then its transpose and adjoint, then its conjugate, for which SymPy has no sign.
    return 2 * letter.conjugated + letter.transposed * (1 - 2 * letter.conjugated)
