r"""Words in a symplectic matrix.

For S in Sp(m), ``conjugate(S) = J S J^T``, so that every letter is S or its transpose once the
form J stands in the words. Averaging joins indices through J: ``E S_ij S_kl = J_ik J_jl / (2m)``.
As J is antisymmetric, joins have a direction, and every pair of pairings a sign: around each loop
the row joins are read forwards and the column joins backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sympy import Expr

from weingarten.combinatorics.pairings import Pairing, partners
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import LEFT, RIGHT, Chain, Letter, Word
from weingarten.integration.diagram import Cut, Outcome
from weingarten.integration.sides import Side


def reduced(word: Word, *, closed: bool = False) -> tuple[int, Word]:
    """Cancel the forms that stand side by side: ``J J = -1``, ``J^T = -J``; return the sign, too.

    A word without a form stays as it is.
    """
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


#: Returns the same word, spelled otherwise.
Spelling = Callable[[Word], Word]


def _as_it_stands(word: Word) -> Word:
    return word


def standard_closed(
    alphabet: Alphabet, word: Word, spelled: Spelling = _as_it_stands
) -> tuple[int, Word]:
    """Return the standard form of a trace, and its sign: 0 if it is its own negative."""
    sign, straight = reduced(word, closed=True)
    other, turned = reduced(spelled(alphabet.transpose(straight)), closed=True)
    one, two = (alphabet.least_rotation(w) for w in (straight, turned))
    if one == two:
        return (sign if other > 0 else 0), one
    least = min((one, two), key=alphabet.key)
    return sign * (other if least == two else 1), least


def standard_open(
    alphabet: Alphabet,
    word: Word,
    ends: tuple[Expr, Expr],
    size: Expr,
    spelled: Spelling = _as_it_stands,
) -> tuple[int, Chain]:
    """Return the standard form of an entry, and its sign: 0 if it is its own negative."""
    sign, along = reduced(word)
    other, turned = reduced(spelled(alphabet.transpose(along)))
    known = None if along else size
    straight = Chain(along, ends, known)
    reverse = Chain(turned, (ends[1], ends[0]), known)
    if straight == reverse:
        return (sign if other > 0 else 0), straight
    if ends[0] is LEFT or ends[1] is RIGHT:
        return sign, straight
    if ends[0] is RIGHT or ends[1] is LEFT:
        return sign * other, reverse
    if alphabet.sort([straight, reverse])[0] == straight:
        return sign, straight
    return sign * other, reverse


def standard_chains(
    alphabet: Alphabet,
    opened: Iterable[tuple[Word, tuple[Expr, Expr]]],
    closed: Iterable[Word],
    size: Expr,
    spelled: Spelling = _as_it_stands,
) -> tuple[int, list[Chain], int]:
    """Return the sign of a product of entries and traces, its chains, and its empty loops."""
    sign, empty = 1, 0
    chains: list[Chain] = []
    cut_open = [part for word, ends in opened for part in alphabet.parts(word, ends)]
    for word in closed:
        parts = alphabet.parts(word, None)
        cut_open += [part for part in parts if part[1]]
        for whole, _ in (part for part in parts if not part[1]):
            factor, standard = standard_closed(alphabet, whole, spelled)
            sign *= factor
            if standard:
                chains.append(Chain(standard))
            else:
                empty += 1
    for word, ends in cut_open:
        factor, chain = standard_open(alphabet, word, ends or (LEFT, RIGHT), size, spelled)
        sign *= factor
        chains.append(chain)
    return sign, chains, empty


class SymplecticSide(Side):
    """Pieces that are joined through the form, with the sign of what they become."""

    def _join(self, a: Any, b: Any) -> Word:
        return (self.alphabet.letter(self.cut.matrix.form, a > b),)

    def signed_outcome(self, pairs: Iterable[tuple[int, int]]) -> tuple[int, Outcome]:
        """Return what joining pairs of ends makes of the pieces, up to a sign, and the sign."""
        opened, closed = self._followed(pairs)
        sign, chains, empty = standard_chains(
            self.alphabet,
            [(word, ends) for word, ends, _ in opened],
            [word for word, _ in closed],
            self.cut.matrix.shape[0],
        )
        return sign, Outcome(self.alphabet.sort(chains), (empty, 0))


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
    everything = SymplecticSide(cut, cut.pieces, None)
    found = list(found)
    for p in found:
        rows = [(2 * a, 2 * b) for a, b in p]
        for q in found:
            sign, outcome = everything.signed_outcome(
                [*rows, *((2 * a + 1, 2 * b + 1) for a, b in q)]
            )
            if sign:
                yield p, q, sign * orientation(p, q), outcome
