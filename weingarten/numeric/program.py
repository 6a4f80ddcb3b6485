"""An expression, read and integrated once, as sums over chains that are evaluated many times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat
from sympy import Expr, I, Rational

from weingarten.combinatorics.coset_types import relations
from weingarten.combinatorics.pairings import coset_type
from weingarten.combinatorics.partitions import number_of_partitions, partitions
from weingarten.ensembles.base import RandomMatrix, random_matrices
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.entrywise import as_matrix, has_entrywise
from weingarten.expressions.facts import Facts
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.index_words import as_words, with_free_ends
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Chain,
    Letter,
    Monomial,
    Polynomial,
    Word,
    points,
    random_bases,
)
from weingarten.functions.spherical import Transform, class_table
from weingarten.integration.agenda import Agenda, split
from weingarten.integration.diagram import Cut, Outcome, without_inverses
from weingarten.integration.routes import ROUTES, Task, one_by_one
from weingarten.integration.routes.base import found, has_closed_form
from weingarten.integration.sides import Side
from weingarten.limits import Cost, check_cost
from weingarten.numeric.central import in_central_sums
from weingarten.numeric.sums import ChainSum, Places, Products, TwoClasses, TwoLists, padded
from weingarten.numeric.words import Words
from weingarten.values.numbers import Array

#: Sums over indices are written out up to so many terms.
_POINTS = 1_000_000
#: A term that is written out takes so long.
_SECONDS_PER_POINT = 1.3e-4
#: Two lists of so many pairings are summed by a table of all pairs.
_LISTED = 1000
#: From so many pairs on most of their sum cancels.
_MANY_PAIRS = 1000
#: Products of two power sums are weighted by an exact matrix product up to this degree.
_CLASSES_TO = 14


class SeenFacts(Facts):
    """What is seen of the arrays that stand for matrices, in place of what is given.

    Parameters
    ----------
    seen : dict from MatrixSymbol to (bool, bool, bool)
        Whether each is symmetric, real, Hermitian.
    """

    def __init__(self, seen: dict[Any, tuple[bool, bool, bool]]) -> None:
        super().__init__()
        self._seen = seen

    def of(self, matrix: Any) -> tuple[bool, bool, bool]:
        """Return whether a constant matrix is symmetric, real, Hermitian, as far as is seen."""
        return self._seen[matrix] if matrix in self._seen else super().of(matrix)


class Term(NamedTuple):
    """A coefficient, a product of chains, and a sum."""

    coefficient: Expr
    beside: Places
    sum: ChainSum


@dataclass
class Program:
    """The expectation of a scalar or a matrix, as sums over chains of constants.

    Attributes
    ----------
    words : Words
        How chains and words are made of the values of letters.
    table : list of int or number
        What stands in the table at 1, 2, ...: the step that makes a chain, or a number.
    terms : dict from Word to list of Term
        The terms, by the word of a matrix-valued one (None in a scalar one).
    shape : tuple of int
        That of the value.
    is_real : bool
        Whether it holds no imaginary unit.
    has_floats : bool
        Whether it holds floats.
    """

    words: Words
    table: list[Any]
    terms: dict[Word | None, list[Term]]
    shape: tuple[int, ...] = ()
    is_real: bool = True
    has_floats: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether there is a sum over many pairs of pairings."""
        sums = (term.sum for terms in self.terms.values() for term in terms)
        return any(isinstance(s, TwoLists) and s.types.size > _MANY_PAIRS for s in sums)


def program_of(expr: Any, facts: Facts) -> Program:
    """Read and integrate an expression in which all dimensions are integers.

    Raises
    ------
    ValueError
        As `E` raises, for the same expressions; and if a dimension is no integer.
    """
    _check_dimensions(expr)
    is_matrix = bool(getattr(expr, "is_Matrix", False))
    by_entries = is_matrix and has_entrywise(expr)
    builder = _Builder(facts, expr.shape if by_entries else None)
    reader = Reader(builder.alphabet, Conditions())
    if by_entries:
        builder.integrate(reader.entry_valued(expr))
    elif is_matrix:
        builder.integrate(reader.matrix_valued(expr))
    elif random_matrices(expr):
        builder.integrate(reader.scalar(unfolded(expr)))
    else:
        builder.integrate({Monomial(): expr})
    program = builder.program(tuple(map(int, expr.shape)) if is_matrix else ())
    program.is_real = not expr.has(I)
    return program


def _check_dimensions(expr: Any) -> None:
    """Let pass an expression in which the sizes of all random matrices are integers."""
    for matrix in sorted(expr.atoms(RandomMatrix), key=str):
        sizes = (matrix.dimension, *matrix.shape)
        if not all(size.is_Integer for size in sizes):
            rows, columns = matrix.shape
            raise ValueError(
                f"{matrix} has the symbolic shape {rows} x {columns}; expected integers in `at` "
                "for the symbols in it"
            )


class CentralSum(NamedTuple):
    """The trace of a power of a square word less the mean of its eigenvalues."""

    word: Word
    power: int


class _Builder:
    """Integrates one random matrix after the other; of the last one it keeps the two sides.

    The shape is that of a matrix which is read entry by entry.
    """

    def __init__(self, facts: Facts, shape: tuple[Expr, Expr] | None = None) -> None:
        self._shape = shape
        self.alphabet = Alphabet(facts)
        self._index_sums = IndexSums(self.alphabet, Conditions())
        self._agenda = Agenda(self.alphabet, self._index_sums)
        self._places: dict[Any, int] = {}
        self._plain: dict[tuple[Word | None, Expr], dict[Places, Any]] = defaultdict(dict)
        self._terms: dict[Word | None, list[Term]] = defaultdict(list)

    def program(self, shape: tuple[int, ...]) -> Program:
        """Return what was made."""
        for (word, coefficient), products in self._plain.items():
            nonzero = {places: weight for places, weight in products.items() if weight}
            if nonzero:
                made = Products(list(nonzero.values()), padded(list(nonzero)))
                self._terms[word].append(Term(coefficient, (), made))
        words = Words(self.alphabet)
        # Parts of long words are there for shorter ones.
        chains = [x for x in self._places if isinstance(x, Chain)]
        chains.sort(key=lambda chain: len(chain.word), reverse=True)
        steps: dict[Any, int] = {chain: words.chain(chain) for chain in chains}
        sums = [x for x in self._places if isinstance(x, CentralSum)]
        sums.sort(key=lambda central: central.power, reverse=True)
        steps |= {central: words.central_sum(*central) for central in sums}
        table = [steps.get(x, x) for x in self._places]
        for word in filter(None, self._terms):
            words.product(word)
        return Program(words, table, dict(self._terms), shape)

    def integrate(self, polynomial: Polynomial) -> None:
        """Add the expectation of a polynomial in chains."""
        left: dict[Monomial, list[tuple[Expr, Any]]] = {}
        for monomial, weight in self._agenda.begun(polynomial):
            left.setdefault(monomial, []).append((weight, fmpq(1)))
        while left:
            monomial, weights = left.popitem()
            matrix = self._agenda.matrix(monomial)
            if matrix is None:
                self._add_constant(monomial, weights)
                continue
            reduced, empty = without_inverses(matrix, monomial.chains, self.alphabet)
            touched = [c for c in reduced if matrix in random_bases(c)]
            others = [c for c in reduced if c not in touched]
            scale = matrix.shape[0] ** empty
            if not touched:
                self._carry_on(left, Monomial(self.alphabet.sort(others), monomial.sums),
                               weights, scale, fmpq(1))  # fmt: skip
                continue
            task = Task(Cut(matrix, touched, self.alphabet))
            if not task.cut.possible:
                continue
            is_last = not monomial.sums and set(self._agenda.random(monomial)) == {matrix}
            if is_last and self._kept(task, others, weights, scale):
                continue
            for term in one_by_one(task):  # all dimensions are numbers
                rest = Monomial(self.alphabet.sort([*others, *term.chains]), monomial.sums)
                rest = self._agenda.summed(rest, term.sums)
                self._carry_on(left, rest, weights, scale * term.scale, _constant(term.value))

    def _carry_on(self, left: Any, rest: Monomial, weights: Any, scale: Expr, value: Any) -> None:
        for coefficient, weight in weights:
            done = self._index_sums.carried_out(rest, coefficient)
            if done:
                left.setdefault(done[0], []).append((done[1] * scale, weight * value))

    # Constants ------------------------------------------------------------------------------------

    def _add_constant(self, monomial: Monomial, weights: Sequence[tuple[Expr, Any]]) -> None:
        """Add a product of constant chains, its sums over indices written out."""
        word: Word | None = None
        coefficients = [weight for weight, _ in weights]
        if self._shape is None:
            monomial = with_free_ends(monomial, self.alphabet, coefficients)
        else:
            matrix, monomial = as_matrix(monomial, coefficients, self._shape, self.alphabet)
            word = (Letter(matrix),)
        if monomial.sums:
            monomial = as_words(monomial, self.alphabet, coefficients)
        if not monomial.sums:
            self._add_product(monomial.chains, weights, word)
            return
        listed = points(monomial.sums)
        values = [] if listed is None else list(islice(listed, _POINTS + 1))
        if listed is None or len(values) > _POINTS:
            raise ValueError(
                f"expr leaves a sum over indices of more than {_POINTS:,} terms; expected a sum "
                "that runs through whole rows and columns, or a shorter one"
            )
        check_cost(
            Cost(
                f"expr leaves a sum over indices: it is written out in {len(values):,} terms",
                seconds=len(values) * len(weights) * _SECONDS_PER_POINT,
                smaller="a sum that runs through whole rows and columns costs far less",
            )
        )
        for point in values:
            self._add_product(
                self._agenda.at(monomial, point).chains,
                [(coefficient.xreplace(point), weight) for coefficient, weight in weights],
                word,
            )

    def _add_product(self, chains: Collection[Chain], weights: Any, word: Word | None) -> None:
        scalars = chains
        if word is None:
            word, scalars = split(chains)
        places = self._all_placed(scalars)
        if places is None:
            return
        for coefficient, weight in weights:
            number, rest = coefficient.as_coeff_Mul(rational=True)
            products = self._plain[word, rest]
            weight = weight * fmpq(int(number.p), int(number.q))
            products[places] = products.get(places, fmpq(0)) + weight

    def _all_placed(self, chains: Any, empty: int = 1) -> Places | None:
        """Return the places of chains, and of a number; None where a delta is zero."""
        found = [] if empty == 1 else [self._placed(fmpq(empty))]
        for chain in chains:
            if chain.word:
                found.append(self._placed(chain))
            elif chain.ends[0] != chain.ends[1]:
                return None
        return tuple(sorted(found))

    def _placed(self, chain: Any) -> int:
        return self._places.setdefault(chain, len(self._places) + 1)

    # The last random matrix -----------------------------------------------------------------------

    def _kept(self, task: Task, others: Any, weights: Any, scale: Expr) -> bool:
        """Add the sum over a diagram by its two sides, if it has them and that is short."""
        matrix = task.cut.matrix
        if not matrix.is_haar or matrix.law != "pairings" or self._shape is not None:
            return False
        if task.rows is None or task.columns is None:
            return False
        if any({LEFT, RIGHT} & set(c.ends or ()) for c in [*others, *task.cut.chains]):
            return False
        if has_closed_form(task):
            made = self._two_classes(task) if task.cut.n <= _CLASSES_TO else None
        else:
            made = self._two_lists(task) if _is_short(task) else None
        beside = self._all_placed(others)
        if made is None:
            return False
        if beside is not None:
            for coefficient, weight in weights:
                factor = coefficient * scale * Rational(int(weight.p), int(weight.q))
                self._terms[None].append(Term(factor, beside, made))
        return True

    def _two_lists(self, task: Task) -> ChainSum:
        cut = task.cut
        pairings, types = relations(cut.n, cut.bipartite)
        sides = []
        for side in (found(task.rows), found(task.columns)):
            places = {
                k: self._outcome(side, outcome) for k, outcome in side.listed_by_position(pairings)
            }
            kept = {k: p for k, p in places.items() if p is not None}
            sides.append((np.array(sorted(kept), dtype=np.intp), padded(list(kept.values()))))
        (rows, left), (columns, right) = sides
        values = class_table(cut.matrix.group, cut.n, cut.matrix.dimension)
        return TwoLists(left, right, [*map(_constant, values)], types[np.ix_(rows, columns)])

    def _outcome(self, side: Side, outcome: Outcome) -> Places | None:
        return self._all_placed(outcome.chains, int(side.cut.size(outcome)))

    def _two_classes(self, task: Task) -> ChainSum:
        one, other = found(task.classes)
        weights = fmpq_mat(_weights(task, one.base, other.base))
        left, change = self._power_sums(one)
        right, other_change = self._power_sums(other)
        made = (change.transpose() * weights * other_change).tolist()
        return TwoClasses((left, right), padded(partitions(task.cut.n)), made)

    def _power_sums(self, side: Side) -> tuple[Array, Any]:
        """Return the places of sums of degrees 1 to n, and the usual products in those of them."""
        n = side.cut.n
        ((_, first),) = side.power_sums((1,))
        if len(first.chains) != 1 or first.chains[0].ends is not None:  # no trace of a word
            usual = [self._power_sum(side, k + 1) for k in range(n)]
            size = number_of_partitions(n)
            unit = [[int(i == j) for j in range(size)] for i in range(size)]
            return padded(usual), fmpq_mat(unit)
        ((word, _, _),) = first.chains
        central = [(self._placed(CentralSum(word, k)),) for k in range(2, n + 1)]
        size = int(word[0].rows)
        return padded([self._power_sum(side, 1), *central]), in_central_sums(n, size)

    def _power_sum(self, side: Side, k: int) -> Places:
        ((_, outcome),) = side.power_sums((k,))
        return found(self._outcome(side, outcome))


def _weights(task: Task, one: Any, other: Any) -> list[list[Any]]:
    """Return the weight of each two products of power sums."""
    cut, n = task.cut, task.cut.n
    parts = partitions(n)
    table = Transform(cut.matrix.group, cut.matrix.dimension, n)
    size = len(parts)
    units = [[int(i == j) for j in range(size)] for i in range(size)]
    share = [_constant(value) for value in table.sums(units)]
    start = table.scaled(2, table.column(coset_type(one or (), other or ())))
    columns = fmpq_mat([table.column(mu) for mu in parts])
    scaled = fmpq_mat(
        [
            [x * s * w for x, s, w in zip(table.column(mu), start, share, strict=True)]
            for mu in parts
        ]
    )
    made = (scaled * columns.transpose()).tolist()
    norms = [table.norm(mu) for mu in parts]
    return [
        [value / (norms[a] * norms[b]) for b, value in enumerate(row)] for a, row in enumerate(made)
    ]


def _is_short(task: Task) -> bool:
    """Return whether two lists are summed at once, and no route has next to nothing to sum."""
    if task.cut.number_of_pairings > _LISTED:
        return False
    offers = (route.cost(task) for route in ROUTES if route.law == task.cut.matrix.law)
    few = number_of_partitions(task.cut.n)
    return all(offer is None or offer.steps > few for offer in offers)


def _constant(value: Any) -> Any:
    """Return the number that a function of an integer dimension is.

    Raises
    ------
    ValueError
        If it is one of a symbol: nothing of it may be dropped.
    """
    if value.denominator or value.numerator.degree() > 0:
        raise ValueError("a weight is a function of a symbolic dimension; expected integers")
    return value.numerator[0]
