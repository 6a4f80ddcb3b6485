"""Products, traces and entries of words in constant letters: each made once, from shorter ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word
from weingarten.numeric.constants import Constants


class Step(NamedTuple):
    """An operation of the arithmetic on what earlier steps made, and places of entries.

    The first step of a letter has no operation, and the matrix that the letter is.
    """

    operation: str
    operands: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    matrix: Any = None


class Words:
    """How the products of letters that are asked for are made, whatever the letters are.

    Parameters
    ----------
    alphabet : Alphabet
        The standard forms of letters.

    Examples
    --------
    >>> from sympy import MatrixSymbol
    >>> from weingarten.numeric.arithmetic import Rationals
    >>> from weingarten.numeric.given import Constant
    >>> A = MatrixSymbol("A", 2, 2)
    >>> words = Words(Alphabet())
    >>> square = words.chain(Chain((Letter(A), Letter(A, transposed=True))))
    >>> values = {A: Constant.of([[1, 2], [3, 4]], None)}
    >>> words.made(Constants(Rationals(), {}, values))[square]
    30
    """

    def __init__(self, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self._steps: list[Step] = []
        self._products: dict[Word, int] = {}
        self._rows: dict[tuple[int, Word], int] = {}
        self._powers: dict[tuple[Word, int], int] = {}
        self._bases: dict[Any, int] = {}

    def made(self, constants: Constants) -> list[Any]:
        """Return what all steps make, in order."""
        arithmetic = constants.arithmetic
        found: list[Any] = [None] * len(self._steps)
        dots = []
        for at, (operation, operands, places, matrix) in enumerate(self._steps):
            if operation == "dot":
                dots.append((operands, at))
                continue
            found[at] = (
                getattr(arithmetic, operation)(*(found[k] for k in operands), *places)
                if operation
                else constants.matrix(matrix)
            )
        # Nothing else needs them: those with one matrix in turn, which stays in a cache.
        for (left, right), at in sorted(dots):
            found[at] = arithmetic.dot(found[left], found[right])
        return found

    def chain(self, chain: Chain) -> int:
        """Return the step that makes the trace or the entry that a chain is."""
        word, ends, _ = chain
        if ends is None:
            return self._trace(word)
        i, j = map(int, ends)
        if len(word) == 1:
            return self._step("entry", self.product(word), places=(i, j))
        return self._step("entry", self._row(i, word), places=(0, j))

    def central_sum(self, word: Word, power: int) -> int:
        """Return the step that makes the trace of a power of a square word less its mean."""
        left = min(
            range((power + 1) // 2, power),
            key=lambda k: sum(j for j in {k, power - k} if (word, j) not in self._powers),
        )
        return self._step("dot", self._power(word, left), self._turned(word, power - left))

    def _turned(self, word: Word, power: int) -> int:
        """Return the step that makes the transpose of such a power."""
        if self._alphabet.is_symmetric(word):
            return self._power(word, power)
        if (word, -power) not in self._powers:
            self._powers[word, -power] = self._step("transposed", self._power(word, power))
        return self._powers[word, -power]

    def _power(self, word: Word, power: int) -> int:
        """Return the step that makes a power of a word less the mean of its eigenvalues.

        Transposes stand at negative ones.
        """
        if (word, power) not in self._powers:
            half, odd = divmod(power, 2)
            self._powers[word, power] = (
                self._step("centred", self.product(word))
                if power == 1
                else self._step("mul", self._power(word, power - 1), self._power(word, 1))
                if odd
                else self._step("mul", self._power(word, half), self._power(word, half))
            )
        return self._powers[word, power]

    def product(self, word: Word) -> int:
        """Return the step that makes the product of the letters of a word, which has one."""
        if word not in self._products:
            self._products[word] = self._made(word)
        return self._products[word]

    def _step(self, operation: str, *operands: int, **more: Any) -> int:
        self._steps.append(Step(operation, operands, **more))
        return len(self._steps) - 1

    def _made(self, word: Word) -> int:
        if len(word) == 1:
            return self._letter(word[0])
        turned = self._alphabet.transpose(word)
        if turned in self._products:
            return self._step("transposed", self._products[turned])
        half = len(word) // 2
        if word[:half] == word[half:]:
            return self._step("mul", self.product(word[:half]), self.product(word[half:]))
        return self._step("mul", self.product(word[:-1]), self.product(word[-1:]))

    def _letter(self, letter: Letter) -> int:
        if letter.base not in self._bases:
            self._bases[letter.base] = self._step("", matrix=letter.base)
        made = self._bases[letter.base]
        if letter.conjugated:
            made = self._step("conjugated", made)
        return self._step("transposed", made) if letter.transposed else made

    def _trace(self, word: Word) -> int:
        if len(word) == 1:
            return self._step("trace", self.product(word))
        # Two halves share more products with other words than a whole and a letter; best are
        # parts that are there already.
        half = (len(word) + 1) // 2
        turned = [word[k:] + word[:k] for k in range(len(word))]
        left, right = min(
            (
                (w[:cut], self._alphabet.transpose(w[cut:]))
                for cut in range(half, len(word))
                for w in turned
            ),
            key=self._missing,
        )
        return self._step("dot", self.product(left), self.product(right))

    def _missing(self, pair: tuple[Word, Word]) -> int:
        """Return how many letters the products have that are not there, nor their transposes."""
        return sum(
            len(word)
            for word in pair
            if word not in self._products and self._alphabet.transpose(word) not in self._products
        )

    def _row(self, i: int, word: Word) -> int:
        if (i, word) not in self._rows:
            self._rows[i, word] = (
                self._step("row", self.product(word), places=(i,))
                if len(word) == 1
                else self._step("mul", self._row(i, word[:-1]), self.product(word[-1:]))
            )
        return self._rows[i, word]
