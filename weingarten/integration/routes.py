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
from itertools import product as cartesian
from math import factorial, prod
from typing import Any, NamedTuple

from flint import fmpq
from sympy import Expr, Mul, S

from weingarten.combinatorics.coset_types import all_pairings, relations
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.pairings import Pairing, coset_type
from weingarten.combinatorics.partitions import (
    Partition,
    number_of_partitions,
    partition_index,
    partitions,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.words import LEFT, RIGHT, Alphabet, Chain, to_sympy
from weingarten.functions.rational import Factored, as_flint, constant
from weingarten.functions.transform import Transform
from weingarten.functions.values import ALPHA, basis_sums, class_sign, class_sum
from weingarten.integration.diagram import Cut, Outcome, Side, without_inverses
from weingarten.integration.entries import Factor, is_concrete, moment, symbolic_moment
from weingarten.integration.symplectic import signed_contractions, without_conjugates
from weingarten.limits import check_effort

#: What integrating one matrix gives: a scalar, a function of the dimension, the chains left.
Integrated = tuple[Expr, Factored, tuple[Chain, ...]]

#: How many pairings a second are followed one by one, or counted in bulk, on a common machine.
_LISTED, _COUNTED = 30_000, 20_000_000
#: How many products of traces with a factored coefficient are written in a second.
_WRITTEN = 600
#: The types of all pairs of pairings are held in a table of bytes.
_PAIRS_IN_MEMORY = 400_000_000


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
    reduced, empty = without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    others = [c for c in reduced if c not in touched]
    scale = size**empty
    if not touched:
        yield scale, constant(1), alphabet.sort(others)
    elif matrix.is_unitary and all(len(c.word) == 1 and _has_free_indices(c) for c in touched):
        for rest, value in _of_entries(matrix, touched):
            yield scale * rest, value, alphabet.sort(others)
    else:
        if matrix.group == "symplectic":
            touched = without_conjugates(matrix, touched, alphabet)
        cut = Cut(matrix, touched, alphabet)
        for rest, value, made in joined(cut):
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
    for scale, value, made in joined(Cut(matrix, chains, alphabet)):
        yield scale * Mul(*map(to_sympy, made)), value


def _gaussian_power(plain: int, conjugated: int, *, real: bool) -> int:
    """Return the expectation of a power of a standard Gaussian variable and its conjugate."""
    if real:
        return 0 if plain % 2 else int(prod(range(1, plain, 2)))
    return factorial(plain) if plain == conjugated else 0


def joined(cut: Cut) -> Iterator[Integrated]:
    """Yield the terms of the expectation."""
    if not cut.possible:
        return
    if cut.matrix.group == "symplectic":
        yield from _mixed(cut)
    elif cut.matrix.is_unitary:
        yield from _haar(cut)
    else:
        yield from _gaussian(cut)


def _haar(cut: Cut) -> Iterator[Integrated]:
    rows = cut.side(0)
    columns = cut.side(1)
    if rows is None or columns is None:
        yield from _mixed(cut)
        return
    for one, other in ((rows, columns), (columns, rows)):
        if one.is_free and other.symmetrised is not None:
            yield from _free_and_class(cut, one, other)
            return
    if rows.base is not None and columns.base is not None:
        yield from _two_classes(cut, rows, columns)
    elif columns.base is not None:
        yield from _class_and_list(cut, columns, rows)
    elif rows.base is not None:
        yield from _class_and_list(cut, rows, columns)
    else:
        yield from _two_lists(cut, rows, columns)


def _two_classes(cut: Cut, one: Side, other: Side) -> Iterator[Integrated]:
    """Sum two class functions: their transforms multiply, class by class of the basis."""
    check_effort(
        number_of_partitions(cut.n) ** 2, cut.n, _WRITTEN, what="products of two power sums"
    )
    parts = partitions(cut.n)
    table = Transform(cut.matrix, cut.n)
    start = table.column(coset_type(one.base or (), other.base or ()))
    pairs = list(cartesian(parts, parts))
    rows = [table.scaled(2, start, table.column(mu), table.column(nu)) for mu, nu in pairs]
    for (mu, nu), value in zip(pairs, table.sums(rows), strict=True):
        for weight, first in one.power_sums(mu):
            for factor, second in other.power_sums(nu):
                share = fmpq(weight * factor) / (table.norm(mu) * table.norm(nu))
                yield from _terms(cut, [(one, first), (other, second)], value.scaled(share))


def _free_and_class(cut: Cut, free: Side, classes: Side) -> Iterator[Integrated]:
    """Sum a class function over all pairings: the first element of the basis is left."""
    parts = partitions(cut.n)
    table = Transform(cut.matrix, cut.n)
    rows = [table.first(nu) for nu in parts]
    outcome = free.outcome((k, k + cut.n) for k in range(cut.n)) or Outcome((), (0, 0))
    for nu, value in zip(parts, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from _terms(cut, [(classes, sums), (free, outcome)], value.scaled(share))


def _class_and_list(cut: Cut, classes: Side, listed: Side) -> Iterator[Integrated]:
    """Sum a class function against a list: one sum over pairings."""
    check_effort(cut.number_of_pairings, cut.n, _LISTED)
    base = classes.base or ()
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for pairing, outcome in listed.listed(all_pairings(cut.n, cut.bipartite)):
        counts[outcome][coset_type(pairing, base)] += 1
    parts = partitions(cut.n)
    table = Transform(cut.matrix, cut.n)
    pairs = list(cartesian(counts, parts))
    total = {outcome: table.total(types) for outcome, types in counts.items()}
    rows = [table.scaled(1, total[outcome], table.column(nu)) for outcome, nu in pairs]
    for (outcome, nu), value in zip(pairs, table.sums(rows), strict=True):
        for weight, sums in classes.power_sums(nu):
            share = fmpq(weight) / table.norm(nu)
            yield from _terms(cut, [(listed, outcome), (classes, sums)], value.scaled(share))


def _two_lists(cut: Cut, rows: Side, columns: Side) -> Iterator[Integrated]:
    """Sum over all pairs of pairings, counted by what they give and by their type."""
    import numpy as np

    check_effort(cut.number_of_pairings**2, cut.n, _COUNTED, at_most=_PAIRS_IN_MEMORY)
    pairings, types = relations(cut.n, cut.bipartite)
    classes = len(partitions(cut.n))
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
    for (first, second), value in zip(pairs, _class_sums(cut, table), strict=True):
        yield from _terms(cut, [(rows, first), (columns, second)], value)


def _mixed(cut: Cut) -> Iterator[Integrated]:
    """Sum over all pairs of pairings, each of which joins all indices."""
    whole = Side(cut, cut.pieces, None)
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for contraction in contractions(cut):
        counts[contraction.outcome][contraction.kind] += contraction.sign
    position = partition_index(cut.n)
    table = [[types[mu] for mu in position] for types in counts.values()]
    for outcome, value in zip(counts, _class_sums(cut, table), strict=True):
        yield from _terms(cut, [(whole, outcome)], value)


class Contraction(NamedTuple):
    """Row and column pairing, their type, what joining all indices gives, and its sign."""

    rows: Pairing
    columns: Pairing
    kind: Partition
    outcome: Outcome
    sign: int = 1


def contractions(cut: Cut) -> Iterator[Contraction]:
    """Yield every pair of pairings that survives: for Gaussian matrices, the two are equal."""
    if not cut.possible:
        return
    exponent = 2 if cut.matrix.is_unitary else 1
    check_effort(cut.number_of_pairings**exponent, cut.n, _LISTED)
    found = all_pairings(cut.n, cut.bipartite)
    if cut.matrix.group == "symplectic":
        for p, q, sign, made in signed_contractions(cut, found):
            yield Contraction(p, q, coset_type(p, q), made, sign)
        return
    whole = Side(cut, cut.pieces, None)
    for p in found:
        rows = [(2 * a, 2 * b) for a, b in p]
        for q in found if cut.matrix.is_unitary else [p]:
            outcome = whole.outcome([*rows, *((2 * a + 1, 2 * b + 1) for a, b in q)])
            if outcome is not None:
                yield Contraction(p, q, coset_type(p, q), outcome)


def _class_sums(cut: Cut, counts: Any) -> list[Factored]:
    """Return the sum of count times Weingarten function, for each row of counts by class."""
    import numpy as np

    if not len(counts):
        return []
    group, d = cut.matrix.group, cut.matrix.args[1]
    signs = [class_sign(group, mu) for mu in partitions(cut.n)]
    distinct, which = np.unique(np.asarray(counts) * signs, axis=0, return_inverse=True)
    table = power_sum_table(cut.n, ALPHA[group]).T
    rows = distinct.astype(object) @ table.astype(object)
    values = basis_sums(group, cut.n, rows.tolist(), d)
    return [values[k] for k in which.ravel()]


def _gaussian(cut: Cut) -> Iterator[Integrated]:
    """Sum over the pairings, each of which joins rows and columns alike."""
    rows, columns = cut.side(0), cut.side(1)
    if rows and columns and rows.base is not None and columns.base is not None:
        yield from _gaussian_classes(cut, rows, columns)
        return
    whole = Side(cut, cut.pieces, None)
    counts = Counter(contraction.outcome for contraction in contractions(cut))
    for outcome, count in counts.items():
        yield from _terms(cut, [(whole, outcome)], constant(count))


def _gaussian_classes(cut: Cut, one: Side, other: Side) -> Iterator[Integrated]:
    parts = partitions(cut.n)
    table = Transform(cut.matrix, cut.n)
    start = table.column(coset_type(one.base or (), other.base or ()))
    for mu, nu in cartesian(parts, parts):
        value = table.gaussian(start, table.column(mu), table.column(nu))
        for weight, first in one.power_sums(mu):
            for factor, second in other.power_sums(nu):
                share = fmpq(weight * factor) / (table.norm(mu) * table.norm(nu))
                yield from _terms(cut, [(one, first), (other, second)], constant(value * share))


def _terms(cut: Cut, made: Sequence[tuple[Side, Outcome]], value: Factored) -> Iterator[Integrated]:
    """Yield what the sides give: loops without a letter become the size of the matrix."""
    if value:
        scale = cut.matrix.scale(cut.n) * Mul(*(cut.size(outcome) for _, outcome in made))
        chains = [chain for _, outcome in made for chain in outcome.chains]
        yield scale, value, cut.alphabet.sort(chains)


def _coded(made: dict[int, Outcome]) -> tuple[dict[int, int], list[Outcome]]:
    """Return the number of the outcome at each position, and the outcomes by number."""
    numbers: dict[Outcome, int] = {}
    codes = {k: numbers.setdefault(outcome, len(numbers)) for k, outcome in made.items()}
    return codes, list(numbers)
