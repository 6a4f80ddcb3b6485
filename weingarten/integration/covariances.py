"""Gaussian matrices with covariances: a factor on either side of one of independent entries.

``X = L G K^T`` for ``R = L L^*`` and ``C = K K^*``. When G is integrated, its row indices are
joined in pairs, and so are its column indices: an L then stands before the L^* of another letter,
where both are the covariance. A covariance of size 1 is a number, once for each pair of letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Expr, Identity, MatrixSymbol, Mul

from weingarten.ensembles.gaussian import GaussianMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word
from weingarten.integration.diagram import Cut


class Factors:
    """The factors on either side of a Gaussian matrix, which are gone when it is integrated.

    Parameters
    ----------
    matrix : GaussianMatrix
        A centred matrix with covariances.
    alphabet : Alphabet
        The letters.
    """

    def __init__(self, matrix: GaussianMatrix, alphabet: Alphabet) -> None:
        self._matrix = matrix
        self._alphabet = alphabet
        rows, columns = matrix.shape
        self._left = MatrixSymbol(f"\0left of {matrix.name}", rows, rows)
        self._right = MatrixSymbol(f"\0right of {matrix.name}", columns, columns)
        covariances = zip((self._left, self._right), matrix.covariances or (), strict=False)
        known = {f: c for f, c in covariances if not isinstance(c, Identity)}
        self._products = {f: c for f, c in known.items() if c.shape[0] != 1}
        self._number = Mul(*(c[0, 0] for c in known.values() if c.shape[0] == 1))

    def scale(self, pairs: int) -> Expr:
        """Return what the covariances that are numbers contribute to so many pairs of letters."""
        return self._number**pairs

    def cut(self, chains: Iterable[Chain]) -> Cut:
        """Return the diagram of the matrix of independent entries."""
        written = [chain._replace(word=self._written(chain.word)) for chain in chains]
        return Cut(self._matrix.independent, written, self._alphabet)

    def _written(self, word: Word) -> Word:
        return tuple(x for letter in word for x in self._letters(letter))

    def _letters(self, letter: Letter) -> Word:
        if letter.base != self._matrix:
            return (letter,)
        bar = letter.conjugated
        left = (Letter(self._left, False, bar),) if self._left in self._products else ()
        right = (Letter(self._right, True, bar),) if self._right in self._products else ()
        bare = self._alphabet.letter(self._matrix.independent, False, bar)
        made = (*left, bare, *right)
        return self._alphabet.transpose(made) if letter.transposed else made

    def joined(self, chains: Iterable[Chain]) -> tuple[Chain, ...]:
        """Return chains with the covariances where two factors meet."""
        standard = (
            made
            for chain in chains
            for made in self._alphabet.standard(chain._replace(word=self._met(chain)))
        )
        return self._alphabet.sort(standard)

    def _met(self, chain: Chain) -> Word:
        word = chain.word
        if chain.ends is None and word and word[0].base in self._products and word[0].transposed:
            word = word[1:] + word[:1]
        return tuple(self._each(word))

    def _each(self, word: Word) -> Iterator[Letter]:
        waiting: Any = None
        for letter in word:
            if letter.base not in self._products:
                yield letter
            elif waiting is None:
                waiting = letter
            else:
                yield self._alphabet.letter(self._products[letter.base], False, waiting.conjugated)
                waiting = None
        if waiting is not None:
            raise RuntimeError(f"a factor of {self._matrix} is left alone in {word}")
