"""Read a SymPy expression in matrices as a polynomial in chains.

Traces, entries, products, and sums over indices become chains; what is no polynomial of these, and
holds no random matrix, becomes a coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sympy import (
    Add,
    Adjoint,
    BlockMatrix,
    Determinant,
    Dummy,
    Expr,
    Identity,
    ImmutableMatrix,
    Inverse,
    KroneckerDelta,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    Mul,
    OneMatrix,
    Pow,
    S,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    adjoint,
    conjugate,
    expand,
    sympify,
    transpose,
)
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.entrywise import Cut, cut, factors, is_entrywise
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.inverses import inverse_law, is_haar
from weingarten.expressions.polynomials import added, renewed, terms_in
from weingarten.expressions.refusals import NotPolynomialError, refusal
from weingarten.expressions.selections import last, selection
from weingarten.expressions.words import (
    COLUMN,
    LEFT,
    RIGHT,
    ROW,
    Chain,
    Letter,
    Monomial,
    Polynomial,
    Range,
    Word,
)
from weingarten.expressions.writer import written
from weingarten.values.shapes import (
    check_indices,
    check_joined,
    check_product,
    check_square,
    check_sum,
)

_ONE = Monomial()
#: What has more factors is no expression that anybody wrote out.
_MOST_FACTORS = 10_000

#: Matrices that are no words, of which SymPy writes an entry with entries of others.
_MADE_OF_ENTRIES = (KroneckerProduct, BlockMatrix)


class MatrixTerm(NamedTuple):
    """A term of a matrix expression: scalar chains, a word, and a coefficient."""

    scalars: Monomial
    word: Word
    coefficient: Expr


class Reader:
    """Reads expressions into polynomials in chains.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    conditions : Conditions
        Where to note under which conditions the indices exist.
    """

    def __init__(self, alphabet: Alphabet, conditions: Conditions):
        self.alphabet = alphabet
        self._sums = IndexSums(alphabet, conditions)
        #: The indices that are summed where the reader stands.
        self._bound: dict[Dummy, Range] = {}

    # Scalars --------------------------------------------------------------------------------------

    def scalar(self, expr: Expr) -> Polynomial:
        """Return a scalar expression as a polynomial in chains.

        Raises
        ------
        NotPolynomialError
            If a random matrix occurs other than in a polynomial of traces and entries; the
            message names the part.
        ValueError
            If shapes do not fit, or an index runs out of the range of a matrix.
        """
        parts: dict[Expr, Dummy] = {}
        replaced = self._with_names(expr, parts)
        if not parts:
            return {_ONE: expr}
        read = {name: self._part(part) for part, name in parts.items()}
        return added(
            self._product(
                coefficient, [(read[name], k) for name, k in zip(names, powers, strict=True) if k]
            )
            for names, powers, coefficient in terms_in(replaced, list(read))
        )

    def constant(self, expr: Expr) -> Expr:
        """Return a constant scalar with its traces and entries as they are written in answers."""
        parts: dict[Expr, Dummy] = {}
        replaced = self._with_names(expr, parts)
        written_parts = {
            name: Add(*(written(*item) for item in self._part(part).items()))
            for part, name in parts.items()
        }
        value = replaced.xreplace(written_parts)
        # SymPy keeps the trace of a matrix of zeros, and such a sum.
        value = value.replace(
            lambda e: isinstance(e, Trace) and isinstance(e.arg, ZeroMatrix), lambda e: S.Zero
        )
        return value.replace(lambda e: isinstance(e, Sum) and e.function.is_zero, lambda e: S.Zero)

    def _with_names(self, expr: Expr, parts: dict[Expr, Dummy]) -> Expr:
        """Put a name for each part that is read, and leave coefficients as they are."""
        if not self._is_read(expr):
            return expr
        if isinstance(expr, Add | Mul):
            return expr.func(*(self._with_names(arg, parts) for arg in expr.args))
        if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0:
            return self._with_names(expr.base, parts) ** expr.exp
        if not expr.atoms(RandomMatrix) and not self._is_part(expr):
            return expr
        if expr not in parts:
            parts[expr] = Dummy()
        return parts[expr]

    def _is_read(self, expr: Expr) -> bool:
        """Return whether an expression holds a matrix, or a delta of an index being summed."""
        return expr.has(MatrixElement, Trace, RandomMatrix) or (
            bool(self._bound) and expr.has(KroneckerDelta)
        )

    def _is_part(self, expr: Expr) -> bool:
        """Return whether a constant scalar is one that is read."""
        if isinstance(expr, conjugate):
            return self._is_part(expr.args[0])
        if isinstance(expr, KroneckerDelta):
            return bool(expr.free_symbols & set(self._bound))
        if isinstance(expr, Sum):
            try:
                self._summed(expr)
            except NotPolynomialError:
                return False
            return True
        return isinstance(expr, Trace | MatrixElement)

    def _part(self, expr: Expr) -> Polynomial:
        """Read a part that is no sum, product or power."""
        if isinstance(expr, MatrixElement):
            return self._entry(expr)
        if isinstance(expr, KroneckerDelta):
            return self._delta(expr)
        if isinstance(expr, Trace):
            return self._trace(expr)
        if isinstance(expr, Determinant) and expr.arg.shape[0].is_Integer:
            return self.scalar(expand(expr.arg.as_explicit().det(method="berkowitz")))
        if isinstance(expr, conjugate | adjoint):
            return self.conjugated(self.scalar(expr.args[0]))
        if isinstance(expr, transpose):
            return self.scalar(expr.args[0])
        if isinstance(expr, Sum):
            return self._summed(expr)
        raise refusal(expr)

    def _entry(self, entry: MatrixElement) -> Polynomial:
        ends = (entry.i, entry.j)
        if any(end.atoms(RandomMatrix) for end in ends):
            raise refusal(entry)
        for end, size in zip(ends, entry.parent.shape, strict=True):
            self._sums.bounds.check_place(end, size, self._bound, entry.parent)
        if isinstance(entry.parent, _MADE_OF_ENTRIES):
            found = entry.parent[ends]
            if found == entry:
                raise refusal(entry.parent)
            return self.scalar(found)
        return added(
            self._opened(scalars, self._chains(word, ends, entry.parent.shape[0]), coefficient)
            for scalars, word, coefficient in self.matrix(entry.parent)
        )

    def _chains(self, word: Word, ends: tuple[Expr, Expr], size: Expr) -> list[Chain]:
        return self.alphabet.open(word, ends, None if word else size)

    def _delta(self, delta: KroneckerDelta) -> Polynomial:
        """Read a delta; one with a range is a sum over the range of two without."""
        left, right = delta.args[:2]
        if delta.atoms(RandomMatrix):
            raise refusal(delta)
        if delta.delta_range is None:
            return {Monomial((Chain((), (left, right)),)): S.One}
        index = Dummy("t", integer=True)
        chains = (Chain((), (left, index)), Chain((), (index, right)))
        return {Monomial(chains, (Range(index, *delta.delta_range),)): S.One}

    def _trace(self, trace: Trace) -> Polynomial:
        check_square(trace.arg, trace)
        size = trace.arg.shape[0]
        return added(
            self._opened(scalars, self.alphabet.closed(word), coefficient)
            if word
            else {scalars: coefficient * size}
            for scalars, word, coefficient in self.matrix(trace.arg)
        )

    def _opened(self, scalars: Monomial, chains: Iterable[Chain], coefficient: Expr) -> Polynomial:
        """Return a product of chains, with entries in place of the letters made of entries."""
        cuts = [(chain, cut(chain)) for chain in chains]
        whole = self._with(scalars, [chain for chain, parts in cuts if parts is None])
        made = [(self._cut_up(parts), 1) for _, parts in cuts if parts is not None]
        if not made:
            return {whole: coefficient}
        return self._product(S.One, [({whole: coefficient}, 1), *made])

    def _cut_up(self, parts: Cut) -> Polynomial:
        """Return the sum over the indices of a chain that is cut, as far as it can be done."""
        outer = self._bound
        self._bound = {**outer, **{r.index: r for r in parts.sums}}
        try:
            entries = [(self._entry_of(*entry), 1) for entry in parts.entries]
            pieces = [c for word, ends in parts.pieces for c in self.alphabet.open(word, ends)]
            monomial = Monomial(self.alphabet.sort(pieces))
            polynomial = self._product(S.One, [({monomial: S.One}, 1), *entries])
        finally:
            self._bound = outer
        return self._summed_over(parts.sums, polynomial)

    def _entry_of(self, letter: Letter, row: Expr, column: Expr) -> Polynomial:
        """Return the entry of a letter that is made of entries of others."""
        if letter.transposed:
            row, column = column, row
        parts = [
            (
                {Monomial((Chain((), (i, j), letter.base.shape[0]),)): S.One}
                if matrix is None
                else self._entry(MatrixElement(matrix, i, j)),
                power,
            )
            for matrix, i, j, power in factors(letter.base, row, column)
        ]
        polynomial = self._product(S.One, parts)
        return self.conjugated(polynomial) if letter.conjugated else polynomial

    def _with(self, scalars: Monomial, chains: Iterable[Chain]) -> Monomial:
        return Monomial(self.alphabet.sort([*scalars.chains, *chains]), scalars.sums)

    def conjugated(self, polynomial: Polynomial) -> Polynomial:
        """Return the complex conjugate of a polynomial."""
        return added(
            {self._conjugate(monomial): conjugate(coefficient)}
            for monomial, coefficient in polynomial.items()
        )

    def _conjugate(self, monomial: Monomial) -> Monomial:
        chains = (
            standard
            for chain in monomial.chains
            for standard in self.alphabet.standard(
                chain._replace(word=self.alphabet.conjugate(chain.word))
            )
        )
        return Monomial(self.alphabet.sort(chains), monomial.sums)

    def _product(self, coefficient: Expr, factors: Iterable[tuple[Polynomial, int]]) -> Polynomial:
        chains: list[Chain] = []
        sums: list[tuple[Polynomial, int]] = []
        for polynomial, power in factors:
            first, value = next(iter(polynomial.items()), (_ONE, S.Zero))
            if len(polynomial) > 1 or first.sums:
                sums.append((polynomial, power))
            else:
                if len(first.chains) * power > _MOST_FACTORS:
                    raise ValueError(
                        f"expr has a power of {power:,}; expected at most {_MOST_FACTORS:,} factors"
                    )
                chains += first.chains * power
                coefficient *= value**power
        total: Polynomial = {Monomial(self.alphabet.sort(chains)): coefficient}
        for polynomial, power in sums:
            for _ in range(power):
                total = added(
                    {self._together(one, other): a * b}
                    for one, a in total.items()
                    for other, b in (renewed(*item) for item in polynomial.items())
                )
        return total

    def _together(self, one: Monomial, other: Monomial) -> Monomial:
        return Monomial(self.alphabet.sort(one.chains + other.chains), one.sums + other.sums)

    # Sums over indices ----------------------------------------------------------------------------

    def _summed(self, expr: Sum) -> Polynomial:
        """Read a sum over indices, as far as it can be carried out."""
        check_indices(expr)
        check_joined(expr)
        fresh: dict[Any, Dummy] = {}
        ranges = []
        outer = self._bound
        try:
            # The last limits are the outermost: what stands in limits is an index of later ones,
            # or else free, also where an earlier one has its name.
            for limits in reversed(expr.limits):
                if len(limits) != 3:
                    raise ValueError(f"expr contains {expr}: expected a first and a last value")
                index, *ends = limits
                name = Dummy(index.name, integer=True)
                range_ = Range(name, *(end.xreplace(fresh) for end in ends))
                fresh[index] = name
                self._sums.bounds.check_range(range_, self._bound, expr)
                ranges.append(range_)
                self._bound = {**self._bound, range_.index: range_}
            polynomial = self.scalar(expr.function.xreplace(fresh))
        finally:
            self._bound = outer
        return self._summed_over(ranges, polynomial)

    def _summed_over(self, ranges: Iterable[Range], polynomial: Polynomial) -> Polynomial:
        """Return the sum of a polynomial over indices in it, as far as it can be carried out."""
        return added(
            {found[0]: found[1]}
            for monomial, coefficient in polynomial.items()
            if (
                found := self._sums.carried_out(
                    Monomial(monomial.chains, (*ranges, *monomial.sums)), coefficient
                )
            )
        )

    # Matrices -------------------------------------------------------------------------------------

    def matrix(self, expr: Any) -> list[MatrixTerm]:
        """Return a matrix expression as terms.

        Raises
        ------
        NotPolynomialError
            If a random matrix occurs other than in a polynomial; the message names the part.
        ValueError
            If shapes do not fit.
        """
        if isinstance(expr, MatMul):
            check_product(expr)
            return self._matrix_product(expr.args)
        if isinstance(expr, MatAdd):
            check_sum(expr)
            return [term for arg in expr.args for term in self.matrix(arg)]
        if isinstance(expr, Inverse):
            return self._inverse(expr)
        if isinstance(expr, MatPow) and expr.exp.is_Integer:
            check_square(expr.base, expr)
            base = expr.base if expr.exp >= 0 else Inverse(expr.base)
            return self._matrix_product([base] * abs(int(expr.exp)))
        if isinstance(expr, Transpose | transpose):
            return [
                term._replace(word=self.alphabet.transpose(term.word))
                for term in self.matrix(expr.args[0])
            ]
        if isinstance(expr, Adjoint | adjoint):
            return [
                term._replace(word=self.alphabet.transpose(term.word))
                for term in self._conjugate_matrix(expr.args[0])
            ]
        if isinstance(expr, conjugate):
            return self._conjugate_matrix(expr.args[0])
        if isinstance(expr, Identity):
            return [MatrixTerm(_ONE, (), S.One)]
        if isinstance(expr, ZeroMatrix):
            return []
        return self._letter(expr)

    def _letter(self, expr: Any) -> list[MatrixTerm]:
        if isinstance(expr, OneMatrix):
            # A column of ones times a row of them; of a single one nothing is left.
            sides = ((expr.shape[0], False), (expr.shape[1], True))
            word = tuple(
                self.alphabet.letter(OneMatrix(size, 1), transposed)
                for size, transposed in sides
                if size != 1
            )
            return [MatrixTerm(_ONE, word, S.One)]
        definition = expr.definition if isinstance(expr, RandomMatrix) else None
        if definition is not None:
            return self.matrix(definition)
        if isinstance(expr, RandomMatrix) or not expr.atoms(RandomMatrix):
            if not isinstance(expr, RandomMatrix) and self.alphabet.facts.is_zero(expr):
                return []
            return [MatrixTerm(_ONE, (self.alphabet.letter(expr),), S.One)]
        if is_entrywise(expr):
            return [MatrixTerm(_ONE, (self.alphabet.letter(expr),), S.One)]
        if isinstance(expr, MatrixBase):
            return self._explicit(expr)
        if isinstance(expr, MatrixSlice):
            return self._slice(expr)
        raise refusal(expr)

    def _explicit(self, matrix: MatrixBase) -> list[MatrixTerm]:
        """Return an explicit matrix of random entries as a sum over its places."""
        return [
            MatrixTerm(monomial, (self.alphabet.letter(_unit(matrix, i, j)),), coefficient)
            for i in range(matrix.rows)
            for j in range(matrix.cols)
            for monomial, coefficient in self.scalar(sympify(matrix[i, j])).items()
            if coefficient is not S.Zero
        ]

    def _slice(self, expr: MatrixSlice) -> list[MatrixTerm]:
        """Return a slice as a product with selected columns of identities."""
        sides: list[Word] = []
        for size, limits in zip(expr.parent.shape, (expr.rowslice, expr.colslice), strict=True):
            place = last(limits)
            if place is None:
                raise ValueError(
                    f"expr contains {expr}, where SymPy counts fewer places than a slice takes; "
                    "expected a step that divides the length of the range"
                )
            self._sums.bounds.check_place(place, size, self._bound, expr.parent)
            columns = selection(size, limits)
            sides.append(() if columns is None else (self.alphabet.letter(columns),))
        rows, columns = self.alphabet.transpose(sides[0]), sides[1]
        return [
            term._replace(word=(*rows, *term.word, *columns)) for term in self.matrix(expr.parent)
        ]

    def _conjugate_matrix(self, expr: Any) -> list[MatrixTerm]:
        return [
            MatrixTerm(
                self._conjugate(scalars), self.alphabet.conjugate(word), conjugate(coefficient)
            )
            for scalars, word, coefficient in self.matrix(expr)
        ]

    def _matrix_product(self, factors: Iterable[Any]) -> list[MatrixTerm]:
        total = [MatrixTerm(_ONE, (), S.One)]
        for factor in factors:
            if getattr(factor, "is_Matrix", False):
                terms = self.matrix(factor)
            else:
                read = self.scalar(unfolded(factor))
                terms = [MatrixTerm(m, (), c) for m, c in read.items()]
            total = [
                MatrixTerm(self._together(one, fresh), left + right, a * c)
                for one, left, a in total
                for other, right, b in terms
                for fresh, c in [renewed(other, b)]
            ]
        return total

    def _inverse(self, expr: Inverse) -> list[MatrixTerm]:
        inner = expr.arg
        if not expr.atoms(RandomMatrix):
            return self._letter(expr)
        scale, law = inverse_law(inner)
        if law is not None:
            return [t._replace(coefficient=scale * t.coefficient) for t in self.matrix(law)]
        if is_haar(inner):
            return self.matrix(Adjoint(inner))
        if isinstance(inner, Transpose | Adjoint | conjugate) and is_haar(inner.args[0]):
            return self.matrix(Adjoint(inner))
        if isinstance(inner, MatPow) and inner.exp.is_Integer:
            return self._matrix_product([Inverse(inner.base)] * int(inner.exp))
        if isinstance(inner, MatMul):
            check_product(inner)
            scalar, matrices = inner.as_coeff_matrices()
            return self._matrix_product([1 / scalar, *(Inverse(m) for m in reversed(matrices))])
        raise refusal(expr)

    def matrix_valued(self, expr: Any) -> Polynomial:
        """Return a matrix expression as a polynomial in chains with one between the free ends."""
        return added(
            {self._with(scalars, [Chain(word, (LEFT, RIGHT))]): coefficient}
            for scalars, word, coefficient in self.matrix(expr)
        )

    def entry_valued(self, expr: Any) -> Polynomial:
        """Return the entry of a matrix expression in its row `ROW` and column `COLUMN`."""
        places = zip((ROW, COLUMN), expr.shape, strict=True)
        ends = tuple(S.Zero if size is S.One else index for index, size in places)
        return self._entry(MatrixElement(expr, *ends))


def _unit(matrix: MatrixBase, i: int, j: int) -> ImmutableMatrix:
    """Return the matrix of this shape with a single one."""
    return ImmutableMatrix(*matrix.shape, lambda a, b: int((a, b) == (i, j)))
