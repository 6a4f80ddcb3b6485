"""Read a SymPy expression in random matrices as a polynomial in chains.

Traces, entries of products, products themselves, and the sums over indices that SymPy writes for
an entry of a product all become chains; what holds no random matrix becomes a coefficient.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sympy import (
    Add,
    Adjoint,
    Determinant,
    Dummy,
    Expr,
    Identity,
    Inverse,
    KroneckerDelta,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    conjugate,
    expand,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix, is_haar
from weingarten.expressions.words import LEFT, RIGHT, Alphabet, Chain, Diagonal, Word, to_sympy

#: Coefficients by products of chains.
Polynomial = dict[tuple[Chain, ...], Expr]

#: The index of every diagonal letter, so that equal ones are equal.
_INDEX = Dummy("k", integer=True)


class NotContractedError(ValueError):
    """A sum over an index that does not join two matrices."""


class Reader:
    """Reads expressions into polynomials in chains."""

    def __init__(self, alphabet: Alphabet):
        self.alphabet = alphabet
        self._bound: frozenset[Symbol] = frozenset()
        # All indices being summed; those that join matrices are bound.
        self._summed: frozenset[Symbol] = frozenset()

    # Scalars --------------------------------------------------------------------------------------

    def scalar(self, expr: Expr) -> Polynomial:
        """Return a scalar expression as a polynomial in chains.

        Raises
        ------
        ValueError
            If a random matrix occurs other than in a polynomial of traces and entries; the
            message names the part.
        """
        if isinstance(expr, MatrixElement):
            return self._entry(expr)
        if not self._is_read(expr):
            return {(): expr}
        if isinstance(expr, Add):
            return self._sum(map(self.scalar, expr.args))
        if isinstance(expr, Mul):
            return self._product(map(self.scalar, expr.args))
        if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0:
            return self._power(self.scalar(expr.base), int(expr.exp))
        if isinstance(expr, Trace):
            terms = self.matrix(expr.arg)
            return self._sum(
                {self.alphabet.sort((*chains, self.alphabet.closed(word))): coefficient}
                for chains, word, coefficient in terms
            )
        if isinstance(expr, Determinant) and expr.arg.shape[0].is_Integer:
            return self.scalar(expand(expr.arg.as_explicit().det(method="berkowitz")))
        if isinstance(expr, conjugate):
            return {
                self.alphabet.sort(
                    self._standard(Chain(self.alphabet.conjugate(c.word), c.ends)) for c in chains
                ): conjugate(coefficient)
                for chains, coefficient in self.scalar(expr.args[0]).items()
            }
        if isinstance(expr, Sum):
            return self._contracted(expr)
        raise refusal(expr)

    def with_standard_traces(self, expr: Any) -> Any:
        """Write the traces of constants in an expression as those in an answer are written."""

        def standard(trace: Expr) -> Expr:
            return Add(
                *(
                    coefficient
                    * Mul(*map(to_sympy, chains))
                    * (to_sympy(self.alphabet.closed(word)) if word else trace.arg.shape[0])
                    for chains, word, coefficient in self.matrix(trace.arg)
                )
            )

        return expr.replace(lambda e: isinstance(e, Trace) and not e.atoms(RandomMatrix), standard)

    def _is_read(self, expr: Expr) -> bool:
        """Return whether an expression holds a random matrix, or an index being summed."""
        return bool(expr.atoms(RandomMatrix)) or (
            bool(self._bound & expr.free_symbols) and bool(expr.atoms(MatrixElement))
        )

    def _standard(self, chain: Chain) -> Chain:
        if chain.ends:
            return self.alphabet.open(chain.word, chain.ends)
        return self.alphabet.closed(chain.word)

    def _entry(self, entry: MatrixElement) -> Polynomial:
        if not entry.parent.atoms(RandomMatrix) and not self._bound & entry.free_symbols:
            return {(): entry}
        ends = (entry.i, entry.j)
        return self._sum(
            {self.alphabet.sort((*chains, self.alphabet.open(word, ends))): coefficient}
            for chains, word, coefficient in self.matrix(entry.parent)
        )

    def _sum(self, parts: Iterable[Polynomial]) -> Polynomial:
        total: dict[tuple[Chain, ...], list[Expr]] = defaultdict(list)
        for part in parts:
            for chains, coefficient in part.items():
                total[chains].append(coefficient)
        return {chains: Add(*coefficients) for chains, coefficients in total.items()}

    def _product(self, factors: Iterable[Polynomial]) -> Polynomial:
        total: Polynomial = {(): S.One}
        for factor in factors:
            total = self._sum(
                {self.alphabet.sort(one + other): a * b}
                for one, a in total.items()
                for other, b in factor.items()
            )
        return total

    def _power(self, base: Polynomial, exponent: int) -> Polynomial:
        if exponent == 1:
            return base
        half = self._power(base, exponent // 2)
        return self._product([half, half] + [base] * (exponent % 2))

    # Sums over indices ----------------------------------------------------------------------------

    def _contracted(self, expr: Sum) -> Polynomial:
        """Read a sum over indices, each of which joins two matrices."""
        limits = []
        summand = expr.function
        for index, low, high in expr.limits:
            fresh = Dummy(index.name, integer=True)
            summand = summand.xreplace({index: fresh})
            if low != 0:
                raise NotContractedError(f"{expr}: the sum over {index} starts at {low}")
            limits.append((fresh, high + 1))
        outer, summed = self._bound, self._summed
        self._bound = outer | {index for index, _ in limits}
        self._summed = summed | {index for index, _ in limits}
        try:
            return self._sum(
                self._joined(term, dict(limits)) for term in Add.make_args(expand(summand))
            )
        finally:
            self._bound, self._summed = outer, summed

    def _joined(self, term: Expr, limits: dict[Symbol, Expr]) -> Polynomial:
        term, limits = _without_deltas(term, limits)
        outer = self._bound
        self._bound = outer - _diagonal_indices(term, limits)
        try:
            total = self.scalar(term)
        finally:
            self._bound = outer
        for index, size in limits.items():
            total = self._sum(
                self._join(chains, coefficient, index, size)
                for chains, coefficient in total.items()
            )
        return total

    def _join(
        self, chains: tuple[Chain, ...], coefficient: Expr, index: Symbol, size: Expr
    ) -> Polynomial:
        """Sum one index: join the two chains that end in it."""
        outside, inside = coefficient.as_independent(index, as_Add=False)
        ending = [c for c in chains for end in c.ends or () if end == index]
        if not ending:
            return {chains: outside * Sum(inside, (index, 0, size - 1)).doit()}
        if len(ending) != 2 or any(size not in letter_sizes(c) for c in ending):
            raise NotContractedError(f"the sum over {index} does not join two matrices")
        middle: Word = ()
        if inside != 1:
            if inside.free_symbols & (self._summed - {index}):
                raise NotContractedError(f"the weight {inside} depends on several indices")
            if any(
                index in inner.atoms() for c in chains if c not in ending for inner in c.ends or ()
            ):
                raise NotContractedError(f"the sum over {index} does not join two matrices")
            entry = Lambda(_INDEX, inside.xreplace({index: _INDEX}))
            middle = (self.alphabet.letter(Diagonal(entry, size)),)
        rest = list(chains)
        first = ending[0]
        rest.remove(first)
        if ending[0] == ending[1] and (first.ends or ()).count(index) == 2:
            joined = self.alphabet.closed(first.word + middle)
        else:
            second = ending[1]
            rest.remove(second)
            start, word = self._towards(first, index)
            stop, onward = self._towards(second, index)
            joined = self.alphabet.open(
                word + middle + self.alphabet.transpose(onward), (start, stop)
            )
        return {self.alphabet.sort([*rest, joined]): outside}

    def _towards(self, chain: Chain, index: Symbol) -> tuple[Expr, Word]:
        """Return a chain's other end, and its word read from there to `index`."""
        left, right = chain.ends or (None, None)
        if right == index:
            return left, chain.word
        return right, self.alphabet.transpose(chain.word)

    # Matrices -------------------------------------------------------------------------------------

    def matrix(self, expr: Any) -> list[tuple[tuple[Chain, ...], Word, Expr]]:
        """Return a matrix expression as terms: scalar chains, a word, a coefficient.

        Raises
        ------
        ValueError
            If a random matrix occurs other than in a polynomial; the message names the part.
        """
        if isinstance(expr, MatMul):
            return self._matrix_product(expr.args)
        if isinstance(expr, MatAdd):
            return [term for arg in expr.args for term in self.matrix(arg)]
        if isinstance(expr, MatPow) and expr.exp.is_Integer and not isinstance(expr, Inverse):
            base = expr.base if expr.exp >= 0 else Inverse(expr.base)
            return self._matrix_product([base] * abs(int(expr.exp)))
        if isinstance(expr, Transpose):
            return [
                (chains, self.alphabet.transpose(word), coefficient)
                for chains, word, coefficient in self.matrix(expr.arg)
            ]
        if isinstance(expr, Adjoint):
            return [
                (
                    self._conjugated(chains),
                    self.alphabet.transpose(self.alphabet.conjugate(word)),
                    conjugate(coefficient),
                )
                for chains, word, coefficient in self.matrix(expr.arg)
            ]
        if isinstance(expr, conjugate):
            return [
                (self._conjugated(chains), self.alphabet.conjugate(word), conjugate(coefficient))
                for chains, word, coefficient in self.matrix(expr.args[0])
            ]
        if isinstance(expr, Inverse) and expr.atoms(RandomMatrix):
            return self._inverse(expr)
        if isinstance(expr, Identity):
            return [((), (), S.One)]
        if isinstance(expr, ZeroMatrix):
            return []
        if isinstance(expr, RandomMatrix) or not expr.atoms(RandomMatrix):
            return [((), (self.alphabet.letter(expr),), S.One)]
        raise refusal(expr)

    def _conjugated(self, chains: tuple[Chain, ...]) -> tuple[Chain, ...]:
        return tuple(self._standard(Chain(self.alphabet.conjugate(c.word), c.ends)) for c in chains)

    def _matrix_product(self, factors: Iterable[Any]) -> list[tuple[tuple[Chain, ...], Word, Expr]]:
        total: list[tuple[tuple[Chain, ...], Word, Expr]] = [((), (), S.One)]
        for factor in factors:
            if getattr(factor, "is_Matrix", False):
                terms = self.matrix(factor)
            else:
                terms = [(chains, (), c) for chains, c in self.scalar(factor).items()]
            total = [
                (one + other, left + right, a * b)
                for one, left, a in total
                for other, right, b in terms
            ]
        return total

    def _inverse(self, expr: Inverse) -> list[tuple[tuple[Chain, ...], Word, Expr]]:
        inner = expr.arg
        if is_haar(inner):
            return self.matrix(Adjoint(inner))
        if isinstance(inner, Transpose | Adjoint | conjugate) and is_haar(inner.args[0]):
            return self.matrix(Adjoint(inner))
        if isinstance(inner, MatMul):
            scalar, matrices = inner.as_coeff_matrices()
            return self._matrix_product([1 / scalar, *(Inverse(m) for m in reversed(matrices))])
        raise refusal(expr)

    def matrix_valued(self, expr: Any) -> Polynomial:
        """Return a matrix expression as a polynomial in chains with one between the free ends."""
        return self._sum(
            {self.alphabet.sort((*chains, Chain(word, (LEFT, RIGHT)))): coefficient}
            for chains, word, coefficient in self.matrix(expr)
        )


def letter_sizes(chain: Chain) -> set[Expr]:
    """Return the sizes of the index at the two ends of a word."""
    first, last = chain.word[0], chain.word[-1]
    return {
        first.base.shape[int(first.transposed)],
        last.base.shape[1 - int(last.transposed)],
    }


def _diagonal_indices(term: Expr, limits: Iterable[Symbol]) -> set[Symbol]:
    """Return the indices that stand in more than two places.

    Two of these are ends of random matrices; what else depends on the index is an entry of a
    diagonal matrix between them.
    """
    places: Counter[Symbol] = Counter()
    for factor in Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        base = base.args[0] if isinstance(base, conjugate) else base
        if isinstance(base, MatrixElement) and exponent.is_Integer:
            places.update({i: int(exponent) for i in base.indices if i in limits})
            if base.i == base.j:
                places[base.i] += int(exponent)
    return {index for index, count in places.items() if count != 2}


def _without_deltas(term: Expr, limits: dict[Symbol, Expr]) -> tuple[Expr, dict[Symbol, Expr]]:
    """Carry out the sums over the indices that a `KroneckerDelta` fixes."""
    limits = dict(limits)
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta):
            for index in factor.args:
                if index in limits:
                    other = next((a for a in factor.args if a != index), index)
                    del limits[index]
                    return _without_deltas((term / factor).xreplace({index: other}), limits)
    return term, limits


def refusal(expr: Any) -> ValueError:
    """Return the error for a part of an expression that cannot be integrated."""
    if isinstance(expr, Determinant):
        reason = (
            "a determinant is integrated when it comes as its squared modulus, or when the "
            "dimension is a number"
        )
    else:
        reason = "expected a polynomial in traces, products and entries of random matrices"
    return ValueError(f"expr contains {expr}: {reason}")
