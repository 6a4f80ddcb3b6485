"""Put an answer together: a sum of terms, each a function of the dimension and what is beside."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sympy import Add, Expr, MatAdd, Mul, S, Symbol, ZeroMatrix, expand, sympify

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.reader import Polynomial
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Alphabet,
    Chain,
    Word,
    matrix_to_sympy,
    random_bases,
    to_sympy,
)
from weingarten.functions.rational import Factored, as_flint, as_function, collect, constant
from weingarten.integration.entries import Factor
from weingarten.integration.routes import integrate, moments_of_entries


class Answer:
    """A sum of terms: what does not depend on the dimension, times a rational function of it."""

    def __init__(self, alphabet: Alphabet, symbol: Symbol | None, least: dict[Symbol, int]) -> None:
        self._alphabet = alphabet
        self._symbol = symbol
        # By the word of a matrix-valued term (None in a scalar one), then by what stands beside.
        self._sums: dict[Word | None, dict[Expr, list[Factored]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._least = least
        self._chains: dict[Chain, Expr] = {}

    def add_entries(self, coefficient: Expr, monomials: dict[RandomMatrix, list[Factor]]) -> None:
        """Add a coefficient times the product of the expectations of independent monomials."""
        terms = [(S.One, constant(1))]
        for matrix, monomial in monomials.items():
            integrated = [
                self._noted(matrix, rest, value)
                for rest, value in moments_of_entries(matrix, monomial)
            ]
            for f in monomial:
                self._note_index(f.row, matrix.shape[0])
                self._note_index(f.column, matrix.shape[1])
            terms = [
                (rest * more, value * other)
                for rest, value in terms
                for more, other in integrated
                if other
            ]
        for rest, value in terms:
            self._add(None, coefficient, value, rest)

    def integrate(self, polynomial: Polynomial) -> None:
        """Add the expectation of a polynomial in chains, one random matrix after the other."""
        left: dict[tuple[Chain, ...], list[tuple[Expr, Expr, Factored]]] = {
            chains: [(coefficient, S.One, constant(1))]
            for chains, coefficient in polynomial.items()
        }
        for chains in polynomial:
            for word, ends in chains:
                if ends and word:
                    self._note_index(ends[0], word[0].base.shape[word[0].transposed])
                    self._note_index(ends[1], word[-1].base.shape[1 - word[-1].transposed])
        while left:
            chains, coefficients = left.popitem()
            matrix = min((m for c in chains for m in random_bases(c)), key=str, default=None)
            if matrix is None:
                self._add_chains(chains, coefficients)
                continue
            for scale, value, rest in integrate(matrix, chains, self._alphabet):
                more, function = self._noted(matrix, scale, value)
                left.setdefault(rest, []).extend(
                    (coefficient, beside * more, factor * function)
                    for coefficient, beside, factor in coefficients
                )

    def _noted(self, matrix: RandomMatrix, rest: Expr, value: Factored) -> tuple[Expr, Factored]:
        """Note the poles of a function of the dimension; write those of a second one out."""
        d = matrix.args[1]
        if d.is_Integer or not matrix.is_unitary:
            return rest, value
        poles = [-b // a for a, b in value.denominator if b % a == 0]
        self._least[d] = max(1 + max([0, *poles]), self._least.get(d, 1))
        if d == self._symbol:
            function, rest = self._split(rest)
            return rest, value * function
        return rest * value.to_sympy(d), constant(1)

    def _note_index(self, index: Expr, size: Any) -> None:
        """Note the least dimension in which an index exists."""
        per_dimension, d = sympify(size).as_coeff_Mul()
        if index.is_Integer and d.is_Symbol and per_dimension.is_Integer:
            self._least[d] = max(1 + int(index) // int(per_dimension), self._least.get(d, 1))

    def _add_chains(
        self, chains: tuple[Chain, ...], coefficients: list[tuple[Expr, Expr, Factored]]
    ) -> None:
        free = [c for c in chains if LEFT in (c.ends or ()) or RIGHT in (c.ends or ())]
        if any(c.ends != (LEFT, RIGHT) for c in free):
            raise ValueError(
                "expr is a product of entries of a random matrix and of the matrix itself, whose "
                "expectation is no product of matrices; expected entries of it throughout, such "
                "as expr[i, j]"
            )
        word = free[0].word if free else None
        made = Mul(*(self._written(c) for c in chains if c not in free))
        for coefficient, beside, value in coefficients:
            self._add(word, coefficient, value, beside * made)

    def _written(self, chain: Chain) -> Expr:
        if chain not in self._chains:
            self._chains[chain] = to_sympy(chain)
        return self._chains[chain]

    def _add(self, word: Word | None, coefficient: Expr, value: Factored, beside: Expr) -> None:
        """Add a coefficient as it was given, a function of the dimension, and what is beside."""
        if coefficient is S.One:
            self._sums[word][beside].append(value)
            return
        for part in Add.make_args(expand(coefficient)) if value else ():
            number, symbols = part.as_coeff_Mul(rational=True)
            function, rest = self._split(symbols)
            self._sums[word][rest * beside].append((value * function).scaled(as_flint(number)))

    def _split(self, coefficient: Expr) -> tuple[Factored, Expr]:
        """Split a product into a function of the dimension and the rest."""
        function, rest = constant(1), []
        for part in Mul.make_args(coefficient):
            read = None if self._symbol is None else as_function(part, self._symbol)
            if read is None:
                rest.append(part)
            else:
                function = function * read
        return function, Mul(*rest)

    def value(self) -> Expr:
        """Return the scalar answer in factored form."""
        return collect(self._sums[None], self._symbol)

    def matrix(self, shape: tuple[Expr, Expr]) -> Any:
        """Return the matrix-valued answer."""
        terms = [
            collect(sums, self._symbol) * matrix_to_sympy(word or (), shape[0])
            for word, sums in sorted(
                self._sums.items(), key=lambda item: self._alphabet.key(item[0] or ())
            )
        ]
        return MatAdd(*terms).doit() if terms else ZeroMatrix(*shape)
