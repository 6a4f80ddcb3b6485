"""Products, traces and entries of words in constant letters: each made once, from shorter ones."""

from __future__ import annotations

from typing import Any

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word
from weingarten.numeric.constants import Constants


class Words:
    """Tables of the products of letters, in one arithmetic.

    Parameters
    ----------
    constants : Constants
        What the letters are.
    alphabet : Alphabet
        The standard forms of letters.

    Examples
    --------
    >>> from flint import fmpq_mat
    >>> from sympy import MatrixSymbol
    >>> from weingarten.numeric.arithmetic import Rationals
    >>> from weingarten.numeric.given import Constant
    >>> A = MatrixSymbol("A", 2, 2)
    >>> values = {A: Constant.of([[1, 2], [3, 4]], None)}
    >>> words = Words(Constants(Rationals(), {}, values), Alphabet())
    >>> words.chain(Chain((Letter(A), Letter(A, transposed=True))))
    30
    """

    def __init__(self, constants: Constants, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self.arithmetic = constants.arithmetic
        self._constants = constants
        self._products: dict[Word, Any] = {}
        self._rows: dict[tuple[int, Word], Any] = {}

    def chain(self, chain: Chain) -> Any:
        """Return the trace or the entry that a chain is."""
        word, ends, _ = chain
        if ends is None:
            return self._trace(word)
        i, j = map(int, ends)
        if len(word) == 1:
            return self.arithmetic.entry(self.product(word), i, j)
        return self.arithmetic.entry(self._row(i, word), 0, j)

    def product(self, word: Word) -> Any:
        """Return the product of the letters of a word, which has one."""
        if word not in self._products:
            self._products[word] = self._made(word)
        return self._products[word]

    def _made(self, word: Word) -> Any:
        if len(word) == 1:
            return self._letter(word[0])
        turned = self._alphabet.transpose(word)
        if turned in self._products:
            return self.arithmetic.transposed(self._products[turned])
        return self.arithmetic.mul(self.product(word[:-1]), self.product(word[-1:]))

    def _letter(self, letter: Letter) -> Any:
        made = self._constants.matrix(letter.base)
        if letter.conjugated:
            made = self.arithmetic.conjugated(made)
        return self.arithmetic.transposed(made) if letter.transposed else made

    def _trace(self, word: Word) -> Any:
        if len(word) == 1:
            return self.arithmetic.trace(self.product(word))
        # Two halves share more products with other words than a whole and a letter, those most
        # that are there already.
        half = (len(word) + 1) // 2
        turned = (word[k:] + word[:k] for k in range(len(word)))
        left, right = min(
            ((w[:half], self._alphabet.transpose(w[half:])) for w in turned), key=self._missing
        )
        return self.arithmetic.dot(self.product(left), self.product(right))

    def _missing(self, pair: tuple[Word, Word]) -> int:
        """Return how many letters the products have that are not there, nor their transposes."""
        return sum(
            len(word)
            for word in pair
            if word not in self._products and self._alphabet.transpose(word) not in self._products
        )

    def _row(self, i: int, word: Word) -> Any:
        if (i, word) not in self._rows:
            made = (
                self.arithmetic.row(self.product(word), i)
                if len(word) == 1
                else self.arithmetic.mul(self._row(i, word[:-1]), self.product(word[-1:]))
            )
            self._rows[i, word] = made
        return self._rows[i, word]
