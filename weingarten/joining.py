r"""Integrate one random matrix out of a product of chains.

Cutting the chains at the letters of a random matrix X leaves pieces of constant words, each of
which connects two indices of X, or one of them with a free index. The expectation joins the row
indices of X by a pairing p and the column indices by a pairing q; every pair of pairings gives new
chains, with the weight ``Wg(type(p, q))``. For U(d) and complex Gaussian matrices a pair must hold
one plain and one conjugate letter. For Gaussian matrices p = q, with the variance as the weight.

When no piece connects a row with a column index, the chains on the row side depend on p alone and
those on the column side on q alone: ``sum_{p, q} R(p) Wg(p, q) C(q)``. What R and C look like
decides what this costs:

- *class function*: all pieces are one symmetric word (for U(d): any one word) between two letters,
  so that the chains are its power sums at the type of p relative to the pairing by pieces;
- *free*: all indices on the side are the same free index, so that every p gives the same;
- anything else is listed, once for each pairing.

Two class functions cost one matrix product over the partitions of n [Collins & Sniady 2006;
Macdonald VII.5], a class function and a list one sum over pairings, two lists all pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from itertools import product as cartesian
from math import factorial, prod
from typing import Any, NamedTuple

from flint import fmpq
from sympy import Expr, KroneckerDelta, Mul, S

from weingarten.combinatorics.branching import power_sum_table
from weingarten.combinatorics.pairings import Pairing, coset_type
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    jack_norm,
    partition_index,
    partitions,
)
from weingarten.combinatorics.relations import all_pairings, relations
from weingarten.combinatorics.size import check_pairs
from weingarten.ensembles import RandomMatrix
from weingarten.entries import Factor, is_concrete, moment, symbolic_moment
from weingarten.functions import ALPHA, basis_sums, class_sum
from weingarten.rational import Factored, as_flint, constant
from weingarten.words import LEFT, RIGHT, Alphabet, Chain, Letter, Word, to_sympy

#: What integrating one matrix gives: a scalar, a function of the dimension, the chains left.
Integrated = tuple[Expr, Factored, tuple[Chain, ...]]


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


def integrate(
    matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet
) -> Iterator[Integrated]:
    """Yield the terms of the expectation over one random matrix of a product of chains.

    Raises
    ------
    ValueError
        If the pairs of pairings are too many to be listed; the message says how many.
    """
    size = matrix.shape[0]
    reduced, empty = _without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    others = [c for c in reduced if c not in touched]
    scale = size**empty
    if not touched:
        yield scale, constant(1), alphabet.sort(others)
    elif matrix.is_unitary and all(len(c.word) == 1 and _has_free_indices(c) for c in touched):
        for rest, value in _of_entries(matrix, touched):
            yield scale * rest, value, alphabet.sort(others)
    else:
        cut = _Cut(matrix, touched, alphabet)
        for rest, value, made in cut.integrated():
            yield scale * rest, value, alphabet.sort([*others, *made])


def _has_free_indices(chain: Chain) -> bool:
    return chain.ends is not None and LEFT not in chain.ends and RIGHT not in chain.ends


def _of_entries(matrix: RandomMatrix, chains: Iterable[Chain]) -> Iterator[tuple[Expr, Factored]]:
    """Yield the terms of the expectation of a product of entries."""
    monomial = []
    for (letter,), ends in chains:
        i, j = ends or (LEFT, RIGHT)
        i, j = (j, i) if letter.transposed else (i, j)
        monomial.append(Factor(i, j, letter.conjugated, 1))
    yield from moments_of_entries(matrix, monomial)


def moments_of_entries(
    matrix: RandomMatrix, monomial: Sequence[Factor]
) -> Iterator[tuple[Expr, Factored]]:
    """Yield the terms of the expectation of a monomial in the entries of one matrix."""
    group, d = matrix.group, matrix.args[1]
    if not matrix.is_unitary:
        yield from _gaussian_entries(matrix, monomial)
        return
    if is_concrete(monomial):
        value = moment(group, monomial)
        yield S.One, constant(as_flint(value.at(int(d)))) if d.is_Integer else value
        return
    for deltas, counts in symbolic_moment(group, monomial).items():
        yield deltas, class_sum(group, counts, d)


def _gaussian_entries(
    matrix: RandomMatrix, monomial: Sequence[Factor]
) -> Iterator[tuple[Expr, Factored]]:
    """Yield the terms of the expectation of a product of Gaussian entries: Wick's formula."""
    if is_concrete(monomial):
        powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0, 0])
        for f in monomial:
            powers[f.row, f.column][f.conjugated] += f.power
        real = matrix.is_real_valued
        moment_of_all = prod(_gaussian_power(m, other, real=real) for m, other in powers.values())
        degree = sum(m + other for m, other in powers.values())
        if moment_of_all:
            yield matrix.scale(degree // 2), constant(moment_of_all)
        return
    alphabet = Alphabet()
    chains = [
        alphabet.open((alphabet.letter(matrix, conjugated=f.conjugated),), (f.row, f.column))
        for f in monomial
        for _ in range(f.power)
    ]
    for scale, value, made in _Cut(matrix, chains, alphabet).integrated():
        yield scale * Mul(*map(to_sympy, made)), value


def _gaussian_power(plain: int, conjugated: int, *, real: bool) -> int:
    """Return the expectation of a power of a standard Gaussian variable and its conjugate."""
    if real:
        return 0 if plain % 2 else int(prod(range(1, plain, 2)))
    return factorial(plain) if plain == conjugated else 0


# Cutting -----------------------------------------------------------------------------------------


def _without_inverses(
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


class _Cut:
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
        self.bipartite = not matrix.is_real_valued
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

    # Integrating ----------------------------------------------------------------------------------

    def integrated(self) -> Iterator[Integrated]:
        """Yield the terms of the expectation."""
        if not self.possible:
            return
        if self.matrix.is_unitary:
            yield from self._haar()
        else:
            yield from self._gaussian()

    def _haar(self) -> Iterator[Integrated]:
        rows = self._side(0)
        columns = self._side(1)
        if rows is None or columns is None:
            yield from self._mixed()
            return
        for one, other in ((rows, columns), (columns, rows)):
            if one.is_free and other.symmetrised is not None:
                yield from self._free_and_class(other)
                return
        if rows.base is not None and columns.base is not None:
            yield from self._two_classes(rows, columns)
        elif columns.base is not None:
            yield from self._class_and_list(columns, rows)
        elif rows.base is not None:
            yield from self._class_and_list(rows, columns)
        else:
            yield from self._two_lists(rows, columns)

    def _side(self, which: int) -> _Side | None:
        """Return the pieces on the row side or the column side, None if one connects the two."""
        own = []
        for piece in self.pieces:
            start, stop, word = piece
            sides = {end % 2 for end in (start, stop) if isinstance(end, int)}
            if sides == {0, 1}:
                return None
            if which in sides:
                own.append(Piece(_letter_of(start), _letter_of(stop), word))
        return _Side(self, own, which)

    def _two_classes(self, one: _Side, other: _Side) -> Iterator[Integrated]:
        """Sum two class functions: their transforms multiply, class by class of the basis."""
        parts = partitions(self.n)
        table = _Transform(self.matrix, self.n)
        start = table.column(coset_type(one.base or (), other.base or ()))
        pairs = list(cartesian(parts, parts))
        rows = [table.scaled(2, start, table.column(mu), table.column(nu)) for mu, nu in pairs]
        for (mu, nu), value in zip(pairs, table.sums(rows), strict=True):
            for weight, first in one.power_sums(mu):
                for factor, second in other.power_sums(nu):
                    share = fmpq(weight * factor) / (table.norm(mu) * table.norm(nu))
                    yield from self._terms([(one, first), (other, second)], value.scaled(share))

    def _free_and_class(self, classes: _Side) -> Iterator[Integrated]:
        """Sum a class function over all pairings: the first element of the basis is left."""
        parts = partitions(self.n)
        table = _Transform(self.matrix, self.n)
        rows = [table.first(nu) for nu in parts]
        free = self._side(0) if classes.which else self._side(1)
        first = tuple((k, k + self.n) for k in range(self.n))
        outcome = free.outcome(first) if free else None
        for nu, value in zip(parts, table.sums(rows), strict=True):
            for weight, sums in classes.power_sums(nu):
                share = fmpq(weight) / table.norm(nu)
                if free and outcome:
                    yield from self._terms([(classes, sums), (free, outcome)], value.scaled(share))

    def _class_and_list(self, classes: _Side, listed: _Side) -> Iterator[Integrated]:
        """Sum a class function against a list: one sum over pairings."""
        check_pairs(_count(self.n, self.bipartite), self.n)
        base = classes.base or ()
        counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
        for pairing, outcome in listed.listed(all_pairings(self.n, self.bipartite)):
            counts[outcome][coset_type(pairing, base)] += 1
        parts = partitions(self.n)
        table = _Transform(self.matrix, self.n)
        pairs = list(cartesian(counts, parts))
        total = {outcome: table.total(types) for outcome, types in counts.items()}
        rows = [table.scaled(1, total[outcome], table.column(nu)) for outcome, nu in pairs]
        for (outcome, nu), value in zip(pairs, table.sums(rows), strict=True):
            for weight, sums in classes.power_sums(nu):
                share = fmpq(weight) / table.norm(nu)
                yield from self._terms([(listed, outcome), (classes, sums)], value.scaled(share))

    def _two_lists(self, rows: _Side, columns: _Side) -> Iterator[Integrated]:
        """Sum over all pairs of pairings, counted by what they give and by their type."""
        import numpy as np

        check_pairs(_count(self.n, self.bipartite) ** 2, self.n)
        pairings, types = relations(self.n, self.bipartite)
        classes = len(partitions(self.n))
        made = [dict(side.listed_by_position(pairings)) for side in (rows, columns)]
        if not all(made):
            return
        (row_code, row_outcomes), (code, outcomes) = map(_coded, made)
        chosen = np.array(sorted(made[1]), dtype=np.intp)
        offsets = np.array([code[k] * classes for k in chosen], dtype=np.intp)
        counts = np.zeros((len(row_outcomes), len(outcomes) * classes), dtype=np.int64)
        for k, which in row_code.items():
            counts[which] += np.bincount(offsets + types[k][chosen], minlength=counts.shape[1])
        table = counts.reshape(-1, classes)
        pairs = list(cartesian(row_outcomes, outcomes))
        for (first, second), value in zip(pairs, self._class_sums(table), strict=True):
            yield from self._terms([(rows, first), (columns, second)], value)

    def _mixed(self) -> Iterator[Integrated]:
        """Sum over all pairs of pairings, each of which joins all indices."""
        check_pairs(_count(self.n, self.bipartite) ** 2, self.n)
        whole = _Side(self, self.pieces, None)
        found = all_pairings(self.n, self.bipartite)
        counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
        for p in found:
            rows = [(2 * a, 2 * b) for a, b in p]
            for q in found:
                outcome = whole.outcome([*rows, *((2 * a + 1, 2 * b + 1) for a, b in q)])
                if outcome is not None:
                    counts[outcome][coset_type(p, q)] += 1
        position = partition_index(self.n)
        table = [[types[mu] for mu in position] for types in counts.values()]
        for outcome, value in zip(counts, self._class_sums(table), strict=True):
            yield from self._terms([(whole, outcome)], value)

    def _class_sums(self, counts: Any) -> list[Factored]:
        """Return the sum of count times Weingarten function, for each row of counts by class."""
        import numpy as np

        if not len(counts):
            return []
        group, d = self.matrix.group, self.matrix.args[1]
        distinct, which = np.unique(np.asarray(counts), axis=0, return_inverse=True)
        table = power_sum_table(self.n, ALPHA[group]).T
        rows = distinct.astype(object) @ table.astype(object)
        values = basis_sums(group, self.n, rows.tolist(), d)
        return [values[k] for k in which.ravel()]

    def _gaussian(self) -> Iterator[Integrated]:
        """Sum over the pairings, each of which joins rows and columns alike."""
        rows, columns = self._side(0), self._side(1)
        if rows and columns and rows.base is not None and columns.base is not None:
            yield from self._gaussian_classes(rows, columns)
            return
        check_pairs(_count(self.n, self.bipartite), self.n)
        whole = _Side(self, self.pieces, None)
        counts = Counter(
            whole.outcome([(2 * a + c, 2 * b + c) for a, b in p for c in (0, 1)])
            for p in all_pairings(self.n, self.bipartite)
        )
        for outcome, count in counts.items():
            if outcome is not None:
                yield from self._terms([(whole, outcome)], constant(count))

    def _gaussian_classes(self, one: _Side, other: _Side) -> Iterator[Integrated]:
        parts = partitions(self.n)
        table = _Transform(self.matrix, self.n)
        start = table.column(coset_type(one.base or (), other.base or ()))
        for mu, nu in cartesian(parts, parts):
            value = table.gaussian(start, table.column(mu), table.column(nu))
            for weight, first in one.power_sums(mu):
                for factor, second in other.power_sums(nu):
                    share = fmpq(weight * factor) / (table.norm(mu) * table.norm(nu))
                    yield from self._terms([(one, first), (other, second)], constant(value * share))

    def _terms(
        self, made: Sequence[tuple[_Side, Outcome]], value: Factored
    ) -> Iterator[Integrated]:
        """Yield what the sides give: loops without a letter become the size of the matrix."""
        if not value:
            return
        scale = self.matrix.scale(self.n)
        for _, outcome in made:
            for which, count in enumerate(outcome.empty):
                scale *= self.matrix.shape[which] ** count
        chains = [chain for _, outcome in made for chain in outcome.chains]
        yield scale, value, self.alphabet.sort(chains)


class _Side:
    """The pieces on the row side or the column side, between letters; or all between indices."""

    def __init__(self, cut: _Cut, pieces: Sequence[Piece], which: int | None):
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
        joined: dict[Any, Any] = {}
        for a, b in pairs:
            joined[a], joined[b] = b, a
        seen: set[Any] = set()
        chains: list[Chain] = []
        for start in self._links:
            if isinstance(start, int) or start in seen:
                continue
            stop, word = self._walk(start, joined, seen)
            ends = (start[3], stop[3])
            if not word and not _may_be_equal(*ends):
                return None
            if word or ends[0] != ends[1]:
                chains.append(self.alphabet.open(word, ends))
        closed = []
        for start in self._links:
            if start not in seen:
                closed.append((start, self._walk(start, joined, seen)[1]))
        return self._traces([word for _, word in closed], chains, [start for start, _ in closed])

    def _walk(self, start: Any, joined: dict[Any, Any], seen: set[Any]) -> tuple[Any, Word]:
        """Follow pieces and joins from an end until a free index, or back to the start."""
        word: Word = ()
        end = start
        while True:
            stop, letters = self._links[end]
            seen.update((end, stop))
            word += letters
            if stop not in joined or joined[stop] == start:
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


def _coded(made: dict[int, Outcome]) -> tuple[dict[int, int], list[Outcome]]:
    """Return the number of the outcome at each position, and the outcomes by number."""
    numbers: dict[Outcome, int] = {}
    codes = {k: numbers.setdefault(outcome, len(numbers)) for k, outcome in made.items()}
    return codes, list(numbers)


def _count(n: int, bipartite: bool) -> int:
    """Return the number of pairings of 2n points."""
    return factorial(n) if bipartite else factorial(2 * n) // (2**n * factorial(n))


class _Transform:
    """The table of a class function transform, and the sums it ends in.

    With ``J_lam`` as in `weingarten.functions`, ``b_mu = <p_mu, J_lam>`` and its squared norm
    ``j_lam``, a class function ``p_mu(A)`` is ``sum_lam b_mu J_lam(A) / j_lam``, and averaging
    over the group divides ``J_lam(A) J_lam(B)`` by ``J_lam(1)``.
    """

    def __init__(self, matrix: RandomMatrix, n: int):
        self.group, self.d, self.n = matrix.group, matrix.args[1], n
        self.alpha = ALPHA[self.group]
        self._columns = power_sum_table(n, self.alpha).T.tolist()
        # A Schur function is J_lam over the product of its hooks; a zonal polynomial is J_lam.
        self._hooks = [jack_norm(lam, 1) if self.alpha == 1 else 1 for lam in partitions(n)]
        self._norms = [
            jack_norm(lam, self.alpha) * hook
            for lam, hook in zip(partitions(n), self._hooks, strict=True)
        ]

    def column(self, mu: Partition) -> list[int]:
        """Return the table at the class `mu`."""
        column: list[int] = self._columns[partition_index(self.n)[mu]]
        return column

    def total(self, counts: Counter[Partition]) -> list[int]:
        """Return the sum of count times column."""
        columns = [[count * x for x in self.column(mu)] for mu, count in counts.items()]
        return [sum(values) for values in zip(*columns, strict=True)]

    def norm(self, mu: Partition) -> int:
        """Return the squared norm of ``p_mu``."""
        return int(self.alpha ** len(mu) * centralizer_order(mu))

    def scaled(self, hooks: int, *columns: Sequence[int]) -> list[int]:
        """Return the product of columns and of a power of the hooks, for each lam."""
        return [
            prod(values, start=hook**hooks)
            for *values, hook in zip(*columns, self._hooks, strict=True)
        ]

    def first(self, nu: Partition) -> list[int]:
        """Return the column of one element of the basis, ``J_(n)``, at the class `nu`."""
        value = self.column(nu)[0] * self._norms[0]
        return [value] + [0] * (len(self._columns) - 1)

    def sums(self, rows: Sequence[Sequence[int]]) -> list[Factored]:
        """Return the functions of the dimension that the rows stand for."""
        return basis_sums(self.group, self.n, rows, self.d)

    def gaussian(self, *columns: Sequence[int]) -> Any:
        """Return the sum of the products of columns, for Gaussian matrices."""
        products = self.scaled(len(columns), *columns)
        return sum(
            (fmpq(value, norm) for value, norm in zip(products, self._norms, strict=True)), fmpq(0)
        )
