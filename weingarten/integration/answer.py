"""Put an answer together: a sum of terms, each a function of the dimension and what is beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sympy import (
    Abs,
    Add,
    Determinant,
    Expr,
    KroneckerDelta,
    Mul,
    S,
    Sum,
    Symbol,
    Trace,
    conjugate,
    expand,
    im,
    re,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.entrywise import as_matrix
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.index_words import with_free_ends
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Chain,
    Letter,
    Monomial,
    Polynomial,
    Word,
    places,
    random_bases,
)
from weingarten.expressions.writer import added, matrix_to_sympy, times, to_sympy, written
from weingarten.functions.assembly import is_plain, product_of_all, products_of_pairs
from weingarten.functions.dimension import as_line
from weingarten.functions.rational import (
    Factored,
    as_flint,
    collect,
    constant,
    factored_by_parts,
    split,
    total,
)
from weingarten.functions.series import collect_series
from weingarten.integration.agenda import Agenda
from weingarten.integration.agenda import split as split_chains
from weingarten.integration.diagram import without_inverses
from weingarten.integration.routes import Integrated, Made, Pairs, integrate
from weingarten.limits import check_order

#: What a monomial is weighted with: a coefficient as it was given, what integrating one matrix
#: left beside it, and a function of the dimension.
_Weight = tuple[Expr, Expr, Factored]

#: So many terms are drawn together by SymPy.
_FEW = 300
#: What is a coefficient in an expansion, whatever the sizes of the matrices in it.
_HELD = (Trace, MatrixElement, KroneckerDelta, Sum, Determinant, Abs, conjugate, re, im)


class Answer:
    """A sum of terms: what does not depend on the dimension, times a rational function of it.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    symbol : Symbol, optional
        What the functions in the answer are functions of.
    conditions : Conditions
        Where to note under which conditions the answer holds.
    over : collection of RandomMatrix, optional
        The matrices to average over; by default all.
    shape : (Expr, Expr), optional
        Of a matrix that is read entry by entry, with `ROW` and `COLUMN` for the indices.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        symbol: Symbol | None,
        conditions: Conditions,
        over: Collection[RandomMatrix] | None = None,
        shape: tuple[Expr, Expr] | None = None,
    ) -> None:
        self._alphabet = alphabet
        self._shape = shape
        self._symbol = symbol
        self._conditions = conditions
        self._over = over
        self._index_sums = IndexSums(alphabet, conditions)
        self._agenda = Agenda(alphabet, self._index_sums, over)
        # By the word of a matrix-valued term (None in a scalar one), then by what stands beside.
        self._sums: dict[Word | None, dict[Expr, list[Factored]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._chains: dict[Chain, Expr] = {}
        #: Whether functions of dimensions that are no symbols stand beside others.
        self._is_unsorted = False

    def integrate(self, polynomial: Polynomial) -> None:
        """Add the expectation of a polynomial in chains, one random matrix after the other."""
        left: dict[Monomial, list[_Weight]] = {}
        for monomial, weight in self._agenda.begun(polynomial):
            left.setdefault(monomial, []).append((weight, S.One, constant(1)))
            self._note_indices(monomial)
        while left:
            monomial, coefficients = left.popitem()
            matrix = self._agenda.matrix(monomial)
            if matrix is None:
                self._add_without_inverses(monomial, coefficients)
                continue
            for term in self._terms(matrix, monomial, coefficients):
                scale, value, chains, least, sums = term
                more, function = self._noted(matrix, scale, value, least)
                if not value:
                    continue
                rest = self._agenda.summed(Monomial(chains, monomial.sums), sums)
                for coefficient, beside, factor in coefficients:
                    carried = self._index_sums.carried_out(rest, coefficient)
                    if carried:
                        made = (carried[1], beside * more, factor * function)
                        left.setdefault(carried[0], []).append(made)

    def _terms(
        self, matrix: RandomMatrix, monomial: Monomial, coefficients: list[_Weight]
    ) -> Iterator[Integrated]:
        """Yield the terms of the expectation over one matrix, but for those written at once."""
        for part in integrate(matrix, monomial.chains, self._alphabet):
            if not isinstance(part, Pairs):
                yield part
            elif not self._add_pairs(matrix, part, monomial, coefficients):
                yield from part.terms(self._alphabet)

    def _noted(
        self, matrix: RandomMatrix, rest: Expr, value: Factored, least: int
    ) -> tuple[Expr, Factored]:
        """Note from where on a function holds; write one of a second symbol out."""
        d = matrix.dimension
        if d.is_Integer or not matrix.depends_on_dimension:
            return rest, value
        if not matrix.margins(1):
            poles = [-b // a for a, b in value.denominator if b % a == 0]
            self._conditions.at_least(d, max(least, 1 + max([0, *poles])))
        line = as_line(d)
        if line is not None and line.symbol == self._symbol:
            function, rest = self._split(rest)
            return rest, value.along(line) * function
        self._is_unsorted = True
        return rest * value.to_sympy(d), constant(1)

    def _note_indices(self, monomial: Monomial) -> None:
        """Note the least dimensions in which the indices exist."""
        for chain in set(monomial.chains):
            for end, size in places(chain):
                if end.is_Integer and size is not None and not size.is_Integer:
                    self._conditions.at_least(size, int(end) + 1)

    # Writing --------------------------------------------------------------------------------------

    def _add_without_inverses(self, monomial: Monomial, coefficients: list[_Weight]) -> None:
        """Add what is left when the matrices that stay random cancel beside their inverses."""
        chains, size = monomial.chains, S.One
        for matrix in sorted({m for c in chains for m in random_bases(c) if m.is_haar}, key=str):
            reduced, empty = without_inverses(matrix, chains, self._alphabet)
            standard = (c for chain in reduced for c in self._alphabet.standard(chain))
            chains, size = self._alphabet.sort(standard), size * matrix.shape[0] ** empty
        if chains == monomial.chains:
            self._add_monomial(monomial, coefficients)
            return
        for coefficient, beside, value in coefficients:
            found = self._index_sums.carried_out(
                Monomial(chains, monomial.sums), coefficient * size
            )
            if found:
                self._add_monomial(found[0], [(found[1], beside, value)])

    def _add_monomial(self, monomial: Monomial, coefficients: list[_Weight]) -> None:
        word, scalars, monomial = self._split_off(monomial, [c for c, *_ in coefficients])
        if not monomial.sums:
            made = product_of_all(map(self._written, scalars))
            for coefficient, beside, value in coefficients:
                self._add(word, coefficient, value, beside * made)
            return
        for coefficient, beside, value in coefficients:
            outside, inside = coefficient.as_independent(
                *(r.index for r in monomial.sums), as_Add=False
            )
            made = written(Monomial(tuple(scalars), monomial.sums), inside)
            self._add(word, outside, value, beside * made)

    def _split_off(
        self, monomial: Monomial, coefficients: list[Expr]
    ) -> tuple[Word | None, list[Chain], Monomial]:
        """Return the matrix of a matrix-valued term as a word, and the scalars beside it."""
        if self._shape is None:
            monomial = with_free_ends(monomial, self._alphabet, coefficients)
            return *split_chains(monomial.chains), monomial
        matrix, monomial = as_matrix(monomial, coefficients, self._shape, self._alphabet)
        return (Letter(matrix),), list(monomial.chains), monomial

    def _add_pairs(
        self, matrix: RandomMatrix, pairs: Pairs, monomial: Monomial, coefficients: list[_Weight]
    ) -> bool:
        """Add the terms for all pairs of outcomes, if nothing is left to do to their chains."""
        line = as_line(matrix.dimension)
        is_main = line is not None and line.symbol == self._symbol
        if (
            self._shape
            or monomial.sums
            or not matrix.is_haar
            or not (is_main or matrix.dimension.is_Integer)
        ):
            return False
        sides = [self._with_factors(side) for side in pairs.sides]
        beside = self._with_factors([(pairs.scale, pairs.beside)])
        if None in sides or beside is None:
            return False
        outer = []
        for coefficient, scale, factor in coefficients:
            for part in Add.make_args(expand(coefficient * scale)):
                number, symbols = part.as_coeff_Mul(rational=True)
                function, rest = self._split(symbols)
                if rest is not S.One:
                    return False
                outer.append((factor * function).scaled(as_flint(number)))
        (weight, factors), *_ = beside
        weight = weight * total(outer)
        values = [self._noted(matrix, S.One, value, 1)[1] * weight for value in pairs.values]
        self._add_products(sides, factors, pairs.which, values)
        return True

    def _add_products(self, sides: Any, beside: list[Expr], which: Any, values: Any) -> None:
        (first, second), sums = sides, self._sums[None]
        known: dict[Any, Factored] = {}
        rows = products_of_pairs([beside + f for _, f in first], [f for _, f in second])
        for (size, _), row, made in zip(first, which.tolist(), rows, strict=True):
            for (other_size, _), k, product in zip(second, row, made, strict=True):
                if not values[k]:
                    continue
                key = k, id(size), id(other_size)
                if key not in known:
                    known[key] = values[k] * size * other_size
                sums[product].append(known[key])

    def _with_factors(self, made: Sequence[Made]) -> list[tuple[Factored, list[Expr]]] | None:
        """Return sizes as functions, and chains as factors that SymPy leaves as they are."""
        sizes: dict[Expr, tuple[Factored, Expr]] = {}
        found = []
        for size, chains in made:
            if size not in sizes:
                sizes[size] = self._split(size)
            function, rest = sizes[size]
            factors = [self._factor(chain) for chain in chains]
            if rest is not S.One or None in factors:
                return None
            found.append((function, [factor for factor in factors if factor is not None]))
        return found

    def _factor(self, chain: Chain) -> Expr | None:
        """Return a chain in which nothing is left to be done, as a factor; None for any other."""
        if not chain.word or {LEFT, RIGHT} & set(chain.ends or ()):
            return None
        # A Haar matrix that stays random may cancel beside its inverse.
        for base in random_bases(chain):
            if self._over is None or base in self._over or base.is_haar:
                return None
        written = self._written(chain)
        return written if is_plain(written) else None

    def _written(self, chain: Chain) -> Expr:
        if chain not in self._chains:
            self._chains[chain] = to_sympy(chain)
        return self._chains[chain]

    def _add(self, word: Word | None, coefficient: Expr, value: Factored, beside: Expr) -> None:
        """Add a coefficient as it was given, a function of the dimension, and what is beside."""
        if coefficient is S.One:
            if beside is not S.Zero:
                self._sums[word][beside].append(value)
            return
        for part in Add.make_args(expand(coefficient)) if value else ():
            number, symbols = part.as_coeff_Mul(rational=True)
            function, rest = self._split(symbols)
            self._sums[word][rest * beside].append((value * function).scaled(as_flint(number)))

    def add(self, chains: tuple[Chain, ...], coefficient: Expr) -> None:
        """Add a product of chains without a random letter that is left to be integrated."""
        function, rest = self._split(coefficient)
        self._add_monomial(Monomial(chains), [(rest, S.One, function)])

    def growth(self, coefficient: Expr) -> int | None:
        """Return the power of the symbol that a coefficient grows with; None if there is none."""
        powers: list[int] = []
        for part in Add.make_args(expand(coefficient)):
            function, rest = self._split(part)
            if self._unheld(rest):
                return None
            powers.append(function.numerator.degree() - function.denominator.total())
        return max(powers)

    def _unheld(self, rest: Expr) -> Expr | None:
        """Return a factor that grows with the symbol as it is written; None if there is none."""
        for factor in Mul.make_args(rest):
            if not isinstance(factor.as_base_exp()[0], _HELD) and factor.has_free(self._symbol):
                return factor
        return None

    def _split(self, coefficient: Expr) -> tuple[Factored, Expr]:
        """Split a product into a function of the dimension and the rest."""
        return split(coefficient, self._symbol)

    def value(self, order: int | None = None) -> Expr:
        """Return the scalar answer in factored form, or its expansion to an order."""
        return self._collected(self._sums[None], order)

    def matrix(self, shape: tuple[Expr, Expr], order: int | None = None) -> Any:
        """Return the matrix-valued answer."""
        terms = [
            times(self._collected(sums, order), matrix_to_sympy(word or (), shape[0]))
            for word, sums in sorted(
                self._sums.items(), key=lambda item: self._alphabet.key(item[0] or ())
            )
        ]
        return added(terms, shape)

    def _collected(self, sums: dict[Expr, list[Factored]], order: int | None) -> Expr:
        if order is not None:
            return self._expanded(sums, order)
        value = collect(sums, self._symbol)
        # Given values of traces, and sizes of identities, stand beside the functions.
        may_hold_symbols = self._alphabet.rules is not None and len(sums) <= _FEW
        return factored_by_parts(value) if self._is_unsorted or may_hold_symbols else value

    def _expanded(self, sums: dict[Expr, list[Factored]], order: int) -> Expr:
        """Return the expansion in the symbol, what stands beside its functions being held."""
        roots = [abs(b) for v in sums.values() for value in v for _, b in value.denominator]
        check_order(order, max(roots, default=0))
        held: dict[Expr, list[Factored]] = defaultdict(list)
        for beside, values in sums.items():
            for part in Add.make_args(expand(beside)):
                function, rest = self._split(part)
                self._require_held(rest, order)
                held[rest] += [value * function for value in values]
        return collect_series(held, self._symbol, order)

    def _require_held(self, rest: Expr, order: int) -> None:
        """Let pass what does not grow with the symbol as it is written."""
        factor = self._unheld(rest)
        if factor is not None:
            raise ValueError(
                f"order = {order}: the answer holds {factor}, which is no rational function of "
                f"{self._symbol}; expand E(expr) in place of it"
            )
