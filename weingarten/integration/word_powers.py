"""Products of traces of powers of one word: of X C, with one constant word C between the letters.

Such a product is a class function of X C, so that no pairing has to be followed. It joins row with
column indices of X: what is left between two letters leads from a column to a row.
"""

from __future__ import annotations

from typing import NamedTuple

from weingarten.combinatorics.partitions import Partition
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Word
from weingarten.integration.diagram import Cut, without_conjugates
from weingarten.integration.symplectic import reduced


class WordPowers(NamedTuple):
    """Traces of powers of ``X C``, and of ``conj(X) D``, times a sign.

    A matrix whose conjugate is written through X itself has the former alone.
    """

    sign: int
    constant: Word
    powers: Partition
    conjugate_constant: Word
    conjugate_powers: Partition

    @property
    def is_pure(self) -> bool:
        """Whether no constant stands between the letters."""
        return not self.constant and not self.conjugate_constant


def word_powers(cut: Cut) -> WordPowers | None:
    """Return the traces of powers that all chains are; None if one is something else."""
    matrix, alphabet = cut.matrix, cut.alphabet
    words: dict[bool, set[Word]] = {False: set(), True: set()}
    powers: dict[bool, list[int]] = {False: [], True: []}
    sign = 1
    for chain in cut.chains:
        if matrix.form is not None and not is_power(chain, matrix):
            (chain,) = without_conjugates(matrix, [chain], alphabet)
        constants = None if chain.ends else _between(chain.word, matrix, alphabet)
        if constants is None:
            return None
        conjugated, pieces = constants
        # The trace of a power of a symplectic matrix is real.
        conjugated = conjugated and cut.bipartite
        for factor, word in map(reduced, pieces):
            sign *= factor
            words[conjugated].add(word)
        powers[conjugated].append(len(pieces))
    if any(len(found) > 1 for found in words.values()):
        return None
    (plain, mu), (bar, nu) = (
        (next(iter(words[which]), ()), tuple(sorted(powers[which], reverse=True)))
        for which in (False, True)
    )
    return WordPowers(sign, plain, mu, bar, nu)


def is_power(chain: Chain, matrix: RandomMatrix) -> bool:
    """Return whether a chain is the trace of a power of the matrix, or of its inverse."""
    return chain.ends is None and len(set(chain.word)) == 1 and chain.word[0].base == matrix


def _between(
    word: Word, matrix: RandomMatrix, alphabet: Alphabet
) -> tuple[bool, list[Word]] | None:
    """Return what stands between the letters of a trace, read so that none is transposed.

    With whether they are conjugated; None if they are not all alike.
    """
    letters = {letter for letter in word if letter.base == matrix}
    if len(letters) != 1:
        return None
    (letter,) = letters
    if letter.transposed:
        word = alphabet.transpose(word)
    places = [k for k, letter in enumerate(word) if letter.base == matrix]
    turned = word[places[0] :] + word[: places[0]]
    starts = [k - places[0] for k in places]
    stops = [*starts[1:], len(word)]
    pieces = [turned[a + 1 : b] for a, b in zip(starts, stops, strict=True)]
    return letter.conjugated, pieces
