r"""Words in a symplectic matrix.

For S in Sp(m), ``conjugate(S) = J S J^T``, so that every letter is S or its transpose once the
form J stands in the words. Averaging joins indices through J: ``E S_ij S_kl = J_ik J_jl / (2m)``.
As J is antisymmetric, joins have a direction, and every pair of pairings a sign: around each loop
the row joins are read forwards and the column joins backwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Expr, MatrixSymbol, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.combinatorics.pairings import Pairing, partners
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.words import LEFT, RIGHT, Alphabet, Chain, Letter, Word
from weingarten.integration.diagram import Cut, Outcome, Side


class SymplecticForm(MatrixSymbol):
    """The matrix J of the symplectic form: ``J[2k, 2k+1] = 1 = -J[2k+1, 2k]``, else 0.

    Parameters
    ----------
    size : Expr
        The size 2m of the matrix.

    Examples
    --------
    >>> SymplecticForm(2).as_explicit()
    Matrix([
    [ 0, 1],
    [-1, 0]])
    """

    def __new__(cls, size: Any) -> Any:  # noqa: D102
        return Expr.__new__(cls, sympify(size))

    @property
    def name(self) -> str:
        """How the matrix is printed."""
        return "J"

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[0], self.args[0]

    def _entry(self, i: Expr, j: Expr, **_: Any) -> Expr:
        i, j = sympify(i), sympify(j)
        if not (i.is_Integer and j.is_Integer):
            return MatrixElement(self, i, j)
        return sympify((1 - 2 * (int(i) % 2)) * int(int(i) ^ 1 == int(j)))

    def _sympystr(self, _printer: Any) -> str:
        return self.name

    def _latex(self, _printer: Any) -> str:
        return self.name

    def _pretty(self, printer: Any) -> Any:
        return printer._print(Str(self.name))


def without_conjugates(
    matrix: RandomMatrix, chains: Iterable[Chain], alphabet: Alphabet
) -> list[Chain]:
    """Write each conjugate letter of a symplectic matrix with the form."""
    form = alphabet.letter(SymplecticForm(matrix.shape[0]))
    turned = alphabet.letter(form.base, True)

    def written(letter: Letter) -> Word:
        if letter.base != matrix or not letter.conjugated:
            return (letter,)
        return form, Letter(matrix, letter.transposed), turned

    return [
        Chain(tuple(x for letter in word for x in written(letter)), ends) for word, ends in chains
    ]


class SymplecticSide(Side):
    """Pieces that are joined through the form, with the sign of what they become."""

    def _join(self, a: Any, b: Any) -> Word:
        return (self.alphabet.letter(SymplecticForm(self.cut.matrix.shape[0]), a > b),)

    def signed_outcome(self, pairs: Iterable[tuple[int, int]]) -> tuple[int, Outcome]:
        """Return what joining pairs of ends makes of the pieces, up to a sign, and the sign."""
        opened, closed = self._followed(pairs)
        sign, chains, empty = 1, [], 0
        for word, ends in opened:
            factor, chain = self._standard_open(word, ends)
            sign *= factor
            chains.append(chain)
        for word, _ in closed:
            factor, reduced = self._standard_closed(word)
            sign *= factor
            if reduced:
                chains.append(Chain(reduced))
            else:
                empty += 1
        return sign, Outcome(self.alphabet.sort(chains), (empty, 0))

    def _reduced(self, word: Word, *, closed: bool) -> tuple[int, Word]:
        """Cancel the forms that stand side by side: ``J J = -1``, ``J^T = -J``."""
        sign = 1
        kept: list[Letter] = []
        for letter in word:
            is_form = isinstance(letter.base, SymplecticForm)
            if is_form and letter.transposed:
                sign, letter = -sign, letter._replace(transposed=False)
            if is_form and kept and kept[-1] == letter:
                kept.pop()
                sign = -sign
            else:
                kept.append(letter)
        while closed and len(kept) > 1 and isinstance(kept[0].base, SymplecticForm):
            if kept[-1] != kept[0]:
                break
            kept, sign = kept[1:-1], -sign
        return sign, tuple(kept)

    def _standard_closed(self, word: Word) -> tuple[int, Word]:
        """Return the standard form of a trace, and its sign: 0 if it is its own negative."""
        sign, reduced = self._reduced(word, closed=True)
        other, turned = self._reduced(self.alphabet.transpose(reduced), closed=True)
        one, two = (self.alphabet.least_rotation(w) for w in (reduced, turned))
        if one == two:
            return (sign if other > 0 else 0), one
        least = min((one, two), key=self.alphabet.key)
        return sign * (other if least == two else 1), least

    def _standard_open(self, word: Word, ends: tuple[Expr, Expr]) -> tuple[int, Chain]:
        sign, reduced = self._reduced(word, closed=False)
        other, turned = self._reduced(self.alphabet.transpose(reduced), closed=False)
        straight, reverse = Chain(reduced, ends), Chain(turned, (ends[1], ends[0]))
        if ends[0] is LEFT or ends[1] is RIGHT:
            return sign, straight
        if ends[0] is RIGHT or ends[1] is LEFT:
            return sign * other, reverse
        if self.alphabet.sort([straight, reverse])[0] == straight:
            return sign, straight
        return sign * other, reverse


def orientation(rows: Pairing, columns: Pairing) -> int:
    """Return the sign of two pairings whose pairs are read from the smaller to the larger letter.

    Around each loop the row pairs count forwards and the column pairs backwards.

    Examples
    --------
    >>> orientation(((0, 1),), ((0, 1),))
    1
    """
    along, back = partners(rows), partners(columns)
    seen: set[int] = set()
    sign = 1
    for start in range(len(along)):
        point = start
        while point not in seen:
            after = along[point]
            seen.update((point, after))
            sign *= 1 if point < after else -1
            point = back[after]
            sign *= 1 if point < after else -1
    return sign


def signed_contractions(
    cut: Cut, found: Iterable[Pairing]
) -> Iterator[tuple[Pairing, Pairing, int, Outcome]]:
    """Yield each pair of pairings with its sign and what it gives."""
    whole = SymplecticSide(cut, cut.pieces, None)
    found = list(found)
    for p in found:
        rows = [(2 * a, 2 * b) for a, b in p]
        for q in found:
            sign, outcome = whole.signed_outcome([*rows, *((2 * a + 1, 2 * b + 1) for a, b in q)])
            if sign:
                yield p, q, sign * orientation(p, q), outcome
