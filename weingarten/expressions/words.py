"""Words in matrices, and the chains that a product of traces and entries is made of.

A letter is a matrix, perhaps transposed or conjugated. A chain is a word that is closed (a trace)
or has two ends (an entry of a product, or the product itself). Equal chains have one form: a
closed word is the least of its rotations and of those of its transpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

from sympy import (
    Adjoint,
    DiagMatrix,
    Dummy,
    Expr,
    FunctionMatrix,
    Identity,
    KroneckerDelta,
    Lambda,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    Mul,
    Q,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ask,
    conjugate,
    default_sort_key,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix, is_real_ensemble

#: Stands for the free left or right index of a matrix-valued expression.
LEFT, RIGHT = Dummy("left"), Dummy("right")

#: The index of every power sum, so that equal ones are equal.
_INDEX = Symbol("k", integer=True)


class Diagonal(NamedTuple):
    """A diagonal matrix given by its entries as a function of the index."""

    entry: Lambda
    size: Expr

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.size, self.size

    def as_matrix(self) -> Expr:
        """Return the matrix as a SymPy expression."""
        i, j = Dummy("i"), Dummy("j")
        return FunctionMatrix(*self.shape, Lambda((i, j), self.entry(i) * KroneckerDelta(i, j)))


class Letter(NamedTuple):
    """A matrix in a word."""

    base: Any
    transposed: bool = False
    conjugated: bool = False

    def matrix(self) -> Expr:
        """Return the letter as a SymPy expression."""
        base = self.base.as_matrix() if isinstance(self.base, Diagonal) else self.base
        if self.transposed and self.conjugated:
            return Adjoint(base).doit()
        if self.transposed:
            return Transpose(base).doit()
        return conjugate(base) if self.conjugated else base


Word = tuple[Letter, ...]


class Chain(NamedTuple):
    """A word with its two ends, or a closed one: ``ends`` is None."""

    word: Word
    ends: tuple[Expr, Expr] | None = None


class Alphabet:
    """The letters of one calculation: what is known of each matrix, and an order on them.

    What SymPy's assumptions say of a matrix (`Q.symmetric`, `Q.real_elements`, `Q.hermitian`) is
    asked once.
    """

    def __init__(self) -> None:
        self._facts: dict[Any, tuple[bool, bool, bool]] = {}
        self._keys: dict[Letter, Any] = {}
        self._closed: dict[Word, Chain] = {}
        self._places: dict[Chain, Any] = {}

    def letter(self, base: Any, transposed: bool = False, conjugated: bool = False) -> Letter:
        """Return a letter in its standard form."""
        symmetric, real, hermitian = self._known(base)
        conjugated = conjugated and not real
        if hermitian and conjugated:
            transposed, conjugated = not transposed, False
        return Letter(base, transposed and not symmetric, conjugated)

    def _known(self, base: Any) -> tuple[bool, bool, bool]:
        if base not in self._facts:
            self._facts[base] = _facts(base)
        return self._facts[base]

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

    def key(self, word: Word) -> Any:
        """Return what words are ordered by: few transposes first, then by name."""
        return sum(map(_plainness, word)), [self._key(letter) for letter in word]

    def _key(self, letter: Letter) -> Any:
        if letter not in self._keys:
            self._keys[letter] = (
                str(letter.base),
                letter.transposed,
                letter.conjugated,
            )
        return self._keys[letter]

    def closed(self, word: Word) -> Chain:
        """Return the trace of a word in its standard form."""
        if word not in self._closed:
            turned = self.transpose(word)
            rotations = (self.least_rotation(w) for w in (word, turned))
            self._closed[word] = Chain(min(rotations, key=self.key))
        return self._closed[word]

    def least_rotation(self, word: Word) -> Word:
        """Return the least of the rotations of a word."""
        keys = tuple(map(self._key, word))
        start = min(range(len(word)), key=lambda k: keys[k:] + keys[:k], default=0)
        return word[start:] + word[:start]

    def open(self, word: Word, ends: tuple[Expr, Expr]) -> Chain:
        """Return the entry of a word between two indices in its standard form."""
        if ends[0] is LEFT or ends[1] is RIGHT:
            return Chain(word, ends)
        turned = Chain(self.transpose(word), (ends[1], ends[0]))
        if turned.ends == (LEFT, RIGHT) or LEFT in ends or RIGHT in ends:
            return turned
        return min(Chain(word, ends), turned, key=self._open_key)

    def _open_key(self, chain: Chain) -> Any:
        return [default_sort_key(end) for end in chain.ends or ()], self.key(chain.word)

    def sort(self, chains: Iterable[Chain]) -> tuple[Chain, ...]:
        """Return chains in their standard order."""
        return tuple(sorted(chains, key=self._place))

    def _place(self, chain: Chain) -> Any:
        if chain not in self._places:
            self._places[chain] = bool(chain.ends), self._open_key(chain)
        return self._places[chain]


def _plainness(letter: Letter) -> int:
    # A, then its transpose and adjoint, then its conjugate, for which SymPy has no sign.
    return 2 * letter.conjugated + letter.transposed * (1 - 2 * letter.conjugated)


def _facts(base: Any) -> tuple[bool, bool, bool]:
    """Return whether a matrix is symmetric, real, hermitian, as far as is known."""
    if isinstance(base, RandomMatrix):
        return False, is_real_ensemble(base), False
    if isinstance(base, Diagonal):
        return True, False, False
    if isinstance(base, MatrixBase):
        return bool(base.is_symmetric()), base == base.conjugate(), bool(base.is_hermitian)
    if isinstance(base, DiagMatrix):
        return True, bool(ask(Q.real_elements(base.args[0]))), False
    square = base.shape[0] == base.shape[1]
    return (
        square and bool(ask(Q.symmetric(base))),
        bool(ask(Q.real_elements(base))),
        square and bool(ask(Q.hermitian(base))),
    )


def random_bases(chain: Chain) -> Iterator[RandomMatrix]:
    """Yield the random matrix of each letter that has one."""
    return (letter.base for letter in chain.word if isinstance(letter.base, RandomMatrix))


# Back to SymPy -----------------------------------------------------------------------------------


def product(word: Word) -> Expr:
    """Return the product of the letters, with powers of equal neighbours, and scalars in front."""
    factors = []
    for letter, run in groupby(word):
        count = len(list(run))
        factors.append(letter.matrix() if count == 1 else MatPow(letter.matrix(), count).doit())
    explicit = [_in_numbers(factor) for factor in factors]
    if any(isinstance(f, MatrixBase) for f in factors) and None not in explicit:
        return prod(explicit[1:], start=explicit[0])
    return factors[0] if len(factors) == 1 else MatMul(*factors)


def _in_numbers(factor: Any) -> Any:
    """Return a matrix written out, if it is one or its entries are numbers; None otherwise."""
    if isinstance(factor, MatrixBase):
        return factor
    if isinstance(factor, MatrixSymbol) and factor.shape[0].is_Integer:
        made = factor.as_explicit()
        return None if made.free_symbols else made
    return None


def to_sympy(chain: Chain) -> Expr:
    """Return the trace, or the entry, that a chain is."""
    word, ends = chain
    if ends:
        i, j = ends
        return _entry(word, i, j)
    if all(isinstance(letter.base, Diagonal | DiagMatrix) for letter in word):
        size = word[0].base.shape[0]
        total = Sum(
            Mul(*(_diagonal_entry(letter, _INDEX) for letter in word)), (_INDEX, 0, size - 1)
        )
        return total.doit() if size.is_Integer else total
    matrix = product(word)
    return matrix.trace() if isinstance(matrix, MatrixBase) else Trace(matrix)


def _entry(word: Word, i: Expr, j: Expr) -> Expr:
    if not word:
        return KroneckerDelta(i, j)
    if all(isinstance(letter.base, Diagonal | DiagMatrix) for letter in word):
        return KroneckerDelta(i, j) * Mul(*(_diagonal_entry(letter, i) for letter in word))
    matrix = product(word)
    if isinstance(matrix, MatrixBase) or len(word) == 1:
        return matrix[i, j]
    return MatrixElement(matrix, i, j)


def _diagonal_entry(letter: Letter, k: Expr) -> Expr:
    base = letter.base
    entry = base.entry(k) if isinstance(base, Diagonal) else base.args[0][k, 0]
    return conjugate(entry) if letter.conjugated else entry


def matrix_to_sympy(word: Word, size: Expr) -> Expr:
    """Return the product that an open chain between the free ends is."""
    return product(word) if word else Identity(size)
