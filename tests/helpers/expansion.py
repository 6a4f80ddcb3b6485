"""Expectations by writing everything out: an oracle for any expression at numbers.

Every sum is written term by term, every product of matrices entry by entry, until what is left is
a polynomial in single entries with Gaussian rational coefficients; the moment of each monomial is
a double sum over pairings or permutations with the inverse of their Gram matrix (Haar), or a sum
over pairings of equal entries (Gaussian). It is slow and obvious, and uses nothing of the engine
but the classes of its random matrices, to tell them apart.

Constants that have no value given get small ones of their own, the same at every call: `A[i, j]`
of a MatrixSymbol a Gaussian integer, `c[i]` of an IndexedBase an integer.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce
from math import prod
from operator import itemgetter
from typing import Any

from flint import fmpq_mat
from oracles import elements, gram_matrix, invariant, projection_moment, symplectic_form
from sympy import (
    QQ,
    QQ_I,
    Abs,
    Add,
    Adjoint,
    Determinant,
    DiagMatrix,
    Expr,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    Indexed,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    conjugate,
    im,
    re,
    sympify,
)
from sympy.logic.boolalg import Boolean, BooleanFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from weingarten import GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary

#: An entry: the random matrix, whether it is conjugated, the row, the column.
Entry = tuple[Any, bool, int, int]
#: Coefficients (Gaussian rationals) by products of entries.
Polynomial = dict[tuple[Entry, ...], Any]
Matrix = list[list[Polynomial]]
#: Numbers for symbols, rows of numbers for constant matrices.
Values = Mapping[Any, Any]

RANDOM = (HaarOrthogonal, HaarUnitary, HaarSymplectic, GaussianMatrix)


class NoMeaningError(ValueError):
    """The expression names an entry that does not exist, or a range that ends before it starts.

    `sheltered` tells whether that happened beside a factor zero, such as a delta, or with an entry
    of a constant, which the user may be left to see to.
    """

    def __init__(self, message, sheltered=False):
        super().__init__(message)
        self.sheltered = sheltered


class TooLongError(Exception):
    """Writing everything out would take too long."""


class UnknownError(TypeError):
    """The expression holds something that is not written out here."""


# Polynomials -------------------------------------------------------------------------------------

ZERO: Polynomial = {}


def number(value: Any) -> Polynomial:
    return {(): value} if value else {}


ONE = number(QQ_I(1))


def add(*terms: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for term in terms:
        for monomial, coefficient in term.items():
            total[monomial] = total.get(monomial, QQ_I.zero) + coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def conjugated(polynomial: Polynomial) -> Polynomial:
    def other(entry):
        matrix, bar, a, b = entry
        return (matrix, not bar and not is_real(matrix), a, b)

    return {
        tuple(sorted(map(other, monomial), key=_order)): QQ_I(c.x, -c.y)
        for monomial, c in polynomial.items()
    }


def _order(entry):
    matrix, bar, a, b = entry
    return (matrix.name, bar, a, b)


# What an expression says -------------------------------------------------------------------------


class Expansion:
    """Writes expressions out at the numbers given.

    Parameters
    ----------
    values : mapping
        Integers by symbol (dimensions, free indices), and rows of numbers by constant matrix.
    budget : int
        How many products of terms may be made before `TooLongError`.
    """

    def __init__(self, values: Values = {}, budget: int = 200_000):  # noqa: B006 - only read
        self.values = dict(values)
        self.budget = budget
        self._matrices: dict[Any, Matrix] = {}

    # Scalars

    def scalar(self, expr: Any) -> Polynomial:
        """The expression as a polynomial in entries."""
        if expr.is_Rational:
            return number(QQ_I(QQ(int(expr.p), int(expr.q)), 0))
        if expr is I or expr == I:
            return number(QQ_I(0, 1))
        if isinstance(expr, Symbol):
            if expr not in self.values:
                raise UnknownError(f"{expr} has no number")
            return number(_gaussian(self.values[expr]))
        if isinstance(expr, Add):
            return add(*map(self.scalar, expr.args))
        if isinstance(expr, Mul):
            return self._product(expr.args)
        if isinstance(expr, Pow):
            return self._power(*expr.args)
        if isinstance(expr, conjugate):
            return conjugated(self.scalar(expr.args[0]))
        if isinstance(expr, Abs):
            return number(_gaussian(abs(_as_sympy(self.scalar(expr.args[0])))))
        if isinstance(expr, re | im):
            inner = self.scalar(expr.args[0])
            sign, scale = (
                (1, QQ_I(QQ(1, 2), 0)) if isinstance(expr, re) else (-1, QQ_I(0, -QQ(1, 2)))
            )
            both = add(inner, self.times(number(QQ_I(sign, 0)), conjugated(inner)))
            return self.times(number(scale), both)
        if isinstance(expr, MatrixElement):
            return self._entry(expr.parent, self.integer(expr.i), self.integer(expr.j))
        if isinstance(expr, Indexed):
            return number(_weight(expr.base.label.name, *map(self.integer, expr.indices)))
        if isinstance(expr, KroneckerDelta):
            return self._delta(*expr.args)
        if isinstance(expr, Sum):
            return self._sum(expr.function, expr.limits)
        if isinstance(expr, Product):
            return self._product_over(expr.function, expr.limits)
        if isinstance(expr, Trace):
            matrix = self.matrix(expr.arg)
            return add(*(matrix[k][k] for k in range(len(matrix))))
        if isinstance(expr, Determinant):
            return self._determinant(self.matrix(expr.arg))
        if isinstance(expr, Piecewise):
            for value, condition in expr.args:
                if self.holds(condition):
                    return self.scalar(value)
            raise NoMeaningError(f"no case of {expr} holds")
        return self._function(expr)

    def integer(self, expr: Any) -> int:
        """An index or a limit."""
        value = _as_sympy(self.scalar(sympify(expr)))
        if not value.is_Integer:
            raise NoMeaningError(f"{expr} is {value}, no integer")
        return int(value)

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds at the numbers given."""
        if condition in (True, False):
            return bool(condition)
        if isinstance(condition, BooleanFunction):
            inner = [sympify(self.holds(arg)) for arg in condition.args]
            return bool(condition.func(*inner))
        if isinstance(condition, Boolean) and len(condition.args) == 2:
            sides = [_as_sympy(self.scalar(side)) for side in condition.args]
            return bool(condition.func(*sides))
        raise UnknownError(f"{condition} is not decided")

    def times(self, one: Polynomial, other: Polynomial) -> Polynomial:
        self.budget -= len(one) * len(other)
        if self.budget < 0:
            raise TooLongError
        total: Polynomial = {}
        for left, a in one.items():
            for right, b in other.items():
                monomial = tuple(sorted(left + right, key=_order))
                total[monomial] = total.get(monomial, QQ_I.zero) + a * b
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}

    def _product(self, factors: Any) -> Polynomial:
        """A product, read to its end even where a factor is zero."""
        total, missing = ONE, None
        for factor in factors:
            try:
                total = self.times(total, self.scalar(factor))
            except NoMeaningError as error:
                missing = error
        if missing:
            raise NoMeaningError(str(missing), missing.sheltered or not total)
        return total

    def _power(self, base: Any, exponent: Any) -> Polynomial:
        if exponent.is_Integer and exponent > 0:
            if isinstance(base, Abs) and exponent % 2 == 0:
                inner = self.scalar(base.args[0])
                return self._repeated(self.times(inner, conjugated(inner)), int(exponent) // 2)
            return self._repeated(self.scalar(base), int(exponent))
        power = self.integer(exponent)
        value = self.scalar(base)
        if power >= 0:
            return self._repeated(value, power)
        inverse = _as_sympy(value)
        if inverse == 0:
            raise NoMeaningError(f"{base} is zero in a denominator")
        return self._repeated(number(QQ_I.one / _gaussian(inverse)), -power)

    def _repeated(self, base: Polynomial, exponent: int) -> Polynomial:
        return reduce(self.times, [base] * exponent, ONE)

    def _delta(self, i: Any, j: Any, within: Any = None) -> Polynomial:
        one, other = self.integer(i), self.integer(j)
        if within is not None:
            low, high = map(self.integer, within)
            if not (low <= one <= high and low <= other <= high):
                return ZERO
        return ONE if one == other else ZERO

    def _sum(self, summand: Any, limits: Any) -> Polynomial:
        """The last limit is that of the outermost sum."""
        if not limits:
            return self.scalar(summand)
        *inner, (index, low, high) = limits
        return add(*(self._at(index, k, self._sum, summand, inner) for k in self._range(low, high)))

    def _product_over(self, factor: Any, limits: Any) -> Polynomial:
        if not limits:
            return self.scalar(factor)
        *inner, (index, low, high) = limits
        factors = [
            self._at(index, k, self._product_over, factor, inner) for k in self._range(low, high)
        ]
        return reduce(self.times, factors, ONE)

    def _range(self, low: Any, high: Any) -> range:
        first, last = self.integer(low), self.integer(high)
        if last < first - 1:
            raise NoMeaningError(f"a range from {first} to {last}")
        return range(first, last + 1)

    def _at(self, index: Any, value: int, evaluate: Any, *arguments: Any) -> Any:
        hidden = self.values.get(index)
        matrices, self._matrices = self._matrices, {}
        self.values[index] = value
        try:
            return evaluate(*arguments)
        finally:
            self._matrices = matrices
            del self.values[index]
            if hidden is not None:
                self.values[index] = hidden

    def _determinant(self, matrix: Matrix) -> Polynomial:
        size = len(matrix)
        terms = []
        for permutation in itertools.permutations(range(size)):
            pairs = itertools.combinations(permutation, 2)
            sign = number(QQ_I((-1) ** sum(a > b for a, b in pairs), 0))
            terms.append(reduce(self.times, (matrix[k][permutation[k]] for k in range(size)), sign))
        return add(*terms)

    def _function(self, expr: Any) -> Polynomial:
        """Any other function, of numbers."""
        if not expr.args or not isinstance(expr, Expr):
            raise UnknownError(f"{expr} of type {type(expr).__name__}")
        return number(_gaussian(expr.func(*(_as_sympy(self.scalar(arg)) for arg in expr.args))))

    # Matrices

    def shape(self, expr: Any) -> tuple[int, int]:
        rows, columns = expr.shape
        return self.integer(rows), self.integer(columns)

    def matrix(self, expr: Any) -> Matrix:
        """The expression as rows of polynomials."""
        if expr not in self._matrices:
            self._matrices[expr] = self._matrix(expr)
        return self._matrices[expr]

    def _entry(self, matrix: Any, i: int, j: int) -> Polynomial:
        rows, columns = self.shape(matrix)
        if not (0 <= i < rows and 0 <= j < columns):
            message = f"{matrix} of shape {rows} x {columns} has no entry ({i}, {j})"
            raise NoMeaningError(message, not matrix.atoms(*RANDOM))
        if isinstance(matrix, MatMul):
            factors = [f for f in matrix.args if f.is_Matrix]
            scalars = self._product([f for f in matrix.args if not f.is_Matrix])
            row = [self.matrix(factors[0])[i]]
            for factor in factors[1:]:
                row = self._times(row, self.matrix(factor))
            return self.times(scalars, row[0][j])
        return self.matrix(matrix)[i][j]

    def _matrix(self, expr: Any) -> Matrix:
        if isinstance(expr, RANDOM):
            rows, columns = self.shape(expr)
            return [[_single(expr, a, b) for b in range(columns)] for a in range(rows)]
        if isinstance(expr, MatrixSymbol):
            given = self.values.get(expr)
            if given is None:
                given = constant(expr.name, *self.shape(expr))
            return [[number(_gaussian(x)) for x in row] for row in given]
        if isinstance(expr, MatrixBase):
            rows, columns = expr.shape
            return [[self.scalar(expr[a, b]) for b in range(columns)] for a in range(rows)]
        if isinstance(expr, MatMul):
            factors = [f for f in expr.args if f.is_Matrix]
            scalar = self._product([f for f in expr.args if not f.is_Matrix])
            product = reduce(self._times, map(self.matrix, factors))
            return [[self.times(scalar, x) for x in row] for row in product]
        if isinstance(expr, MatAdd):
            terms = list(map(self.matrix, expr.args))
            return [
                [add(*entries) for entries in zip(*rows, strict=True)]
                for rows in zip(*terms, strict=True)
            ]
        if isinstance(expr, HadamardProduct):
            terms = list(map(self.matrix, expr.args))
            return [
                [reduce(self.times, entries) for entries in zip(*rows, strict=True)]
                for rows in zip(*terms, strict=True)
            ]
        if isinstance(expr, HadamardPower):
            power = range(self.integer(expr.exp))
            rows = self.matrix(expr.base)
            return [[reduce(self.times, [x for _ in power], ONE) for x in row] for row in rows]
        if isinstance(expr, MatrixSlice):
            down, across = (
                range(*map(self.integer, map(sympify, limits)))
                for limits in (expr.rowslice, expr.colslice)
            )
            rows = self.matrix(expr.parent)
            return [[rows[a][b] for b in across] for a in down]
        if isinstance(expr, DiagonalMatrix):
            rows = self.matrix(expr.arg)
            return [[x if a == b else ZERO for b, x in enumerate(r)] for a, r in enumerate(rows)]
        if isinstance(expr, DiagonalOf):
            return [[row[a]] for a, row in enumerate(self.matrix(expr.arg))]
        if isinstance(expr, Transpose):
            return _transposed(self.matrix(expr.arg))
        if isinstance(expr, Adjoint):
            return _transposed([[conjugated(x) for x in r] for r in self.matrix(expr.arg)])
        if isinstance(expr, conjugate):
            return [[conjugated(x) for x in r] for r in self.matrix(expr.args[0])]
        if isinstance(expr, Inverse):
            return self._inverse(expr.arg)
        if isinstance(expr, MatPow):
            power = self.integer(expr.exp)
            base = self.matrix(expr.base) if power >= 0 else self._inverse(expr.base)
            return reduce(self._times, [base] * abs(power), _identity(len(base)))
        if isinstance(expr, DiagMatrix):
            entries = [x for row in self.matrix(expr.args[0]) for x in row]
            size = range(len(entries))
            return [[entries[a] if a == b else ZERO for b in size] for a in size]
        rows, columns = self.shape(expr)
        if isinstance(expr, FunctionMatrix):
            of = expr.lamda
            return [[self.scalar(of(a, b)) for b in range(columns)] for a in range(rows)]
        if isinstance(expr, Identity):
            return _identity(rows)
        if isinstance(expr, ZeroMatrix | OneMatrix):
            filling = ONE if isinstance(expr, OneMatrix) else ZERO
            return [[filling] * columns for _ in range(rows)]
        raise UnknownError(f"the matrix {expr} of type {type(expr).__name__}")

    def _times(self, one: Matrix, other: Matrix) -> Matrix:
        columns = _transposed(other)
        return [
            [add(*(self.times(a, b) for a, b in zip(r, c, strict=True))) for c in columns]
            for r in one
        ]

    def _inverse(self, expr: Any) -> Matrix:
        matrix = self.matrix(expr)
        if isinstance(expr, HaarOrthogonal | HaarUnitary | HaarSymplectic):
            return self.matrix(Adjoint(expr))
        from sympy import Matrix as Explicit

        inverse = Explicit([[_as_sympy(x) for x in row] for row in matrix]).inv()
        return [[number(_gaussian(x)) for x in row] for row in inverse.tolist()]


def _single(matrix: Any, a: int, b: int) -> Polynomial:
    return {((matrix, False, a, b),): QQ_I.one}


def _identity(size: int) -> Matrix:
    return [[ONE if a == b else ZERO for b in range(size)] for a in range(size)]


def _transposed(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _gaussian(value: Any) -> Any:
    if isinstance(value, int):
        return QQ_I(value, 0)
    value = sympify(value)
    real, imaginary = value.as_real_imag()
    if not (real.is_Rational and imaginary.is_Rational):
        raise UnknownError(f"{value} is no Gaussian rational")
    return QQ_I(QQ(int(real.p), int(real.q)), QQ(int(imaginary.p), int(imaginary.q)))


def _as_sympy(polynomial: Polynomial) -> Any:
    if any(polynomial):
        raise UnknownError("a random entry where a number is needed")
    return QQ_I.to_sympy(polynomial.get((), QQ_I.zero))


# Constants ---------------------------------------------------------------------------------------


@cache
def constant(name: str, rows: int, columns: int) -> tuple[tuple[Any, ...], ...]:
    """The entries of a constant matrix that has no value given.

    A name that begins with S stands for a symmetric matrix, one with K for a Hermitian one; J is
    the symplectic form.
    """
    if name == "J":
        return tuple(tuple(symplectic_form(a, b) for b in range(columns)) for a in range(rows))
    source = random.Random(f"{name} {rows} {columns}")
    entries = [
        [source.randint(-2, 3) + source.randint(-1, 1) * I for _ in range(columns)]
        for _ in range(rows)
    ]
    if name[0] in "SK" and rows == columns:
        other = conjugate if name[0] == "K" else sympify
        entries = [
            [entries[a][b] + other(entries[b][a]) for b in range(columns)] for a in range(rows)
        ]
    return tuple(map(tuple, entries))


@cache
def _weight(name: str, *indices: int) -> Any:
    return QQ_I(random.Random(f"{name} {indices}").randint(-2, 3), 0)


# Moments -----------------------------------------------------------------------------------------


@cache
def is_real(matrix: Any) -> bool:
    return bool(matrix[0, 0].is_real)


def expectation(expr: Any, values: Values = {}, budget: int = 200_000) -> Any:  # noqa: B006
    """The expectation of a scalar expression at the numbers given, a SymPy number.

    Examples
    --------
    >>> from sympy import symbols
    >>> d, i = symbols("d i", integer=True)
    >>> W = HaarOrthogonal("W", d)
    >>> expectation(Sum(W[i, 0]**2 * W[1 - i, 0]**2, (i, 0, 1)), {d: 2})
    1/4
    """
    expansion = Expansion(values, budget)
    total = QQ_I.zero
    for monomial, coefficient in expansion.scalar(sympify(expr)).items():
        total += coefficient * moment(monomial, expansion)
    return QQ_I.to_sympy(total)


def expected_matrix(expr: Any, values: Values = {}) -> list[list[Any]]:  # noqa: B006
    """The expectation of a matrix expression, entry by entry."""
    rows, columns = Expansion(values).shape(expr)
    return [
        [expectation(MatrixElement(expr, sympify(a), sympify(b)), values) for b in range(columns)]
        for a in range(rows)
    ]


def moment(monomial: tuple[Entry, ...], expansion: Expansion) -> Any:
    """The expectation of a product of entries of independent matrices."""
    found = QQ_I.one
    for matrix, group in itertools.groupby(monomial, key=itemgetter(0)):
        plain: list[tuple[int, int]] = []
        barred: list[tuple[int, int]] = []
        for _, bar, a, b in group:
            (barred if bar else plain).append((a, b))
        if isinstance(matrix, GaussianMatrix):
            variance = expansion.scalar(matrix.variance).get((), QQ_I.zero)
            pairs, odd = divmod(len(plain) + len(barred), 2)
            number_of = 0 if odd else wick(tuple(plain), tuple(barred), is_real(matrix))
            value = number_of * variance**pairs
        else:
            size = expansion.shape(matrix)[0]
            exact = haar_moment(_GROUPS[type(matrix)], size, tuple(plain), tuple(barred))
            value = QQ_I(QQ(exact.numerator, exact.denominator), 0)
        if not value:
            return QQ_I.zero
        found *= value
    return found


_GROUPS = {HaarOrthogonal: "orthogonal", HaarUnitary: "unitary", HaarSymplectic: "symplectic"}


def wick(plain: tuple[Any, ...], barred: tuple[Any, ...], real: bool) -> int:
    """The number of ways to pair equal entries; of a complex matrix, an entry with a conjugate.

    Examples
    --------
    >>> wick(((0, 0),) * 4, (), True), wick(((0, 0), (0, 0)), ((0, 0), (0, 0)), False)
    (3, 2)
    """
    if real:
        plain, barred = plain + barred, ()
        if not plain:
            return 1
        first, *rest = plain
        return sum(
            wick(tuple(rest[:k] + rest[k + 1 :]), (), True)
            for k, other in enumerate(rest)
            if other == first
        )
    if len(plain) != len(barred):
        return 0
    if not plain:
        return 1
    return sum(
        wick(plain[1:], barred[:k] + barred[k + 1 :], False)
        for k, other in enumerate(barred)
        if other == plain[0]
    )


@cache
def haar_moment(group: str, size: int, plain: Any, barred: Any) -> Fraction:
    """The moment of entries (row, column) and of conjugate entries."""
    if group == "symplectic":
        return symplectic_moment(size, plain, barred)
    if group == "unitary" and len(plain) != len(barred):
        return Fraction(0)
    if group == "orthogonal":
        plain, barred = plain + barred, ()
    both = plain + barred
    if len(both) % 2:
        return Fraction(0)
    rows, columns = ([place[side] for place in both] for side in (0, 1))
    return _double_sum(group, size, _relabelled(rows), _relabelled(columns))


def _relabelled(indices: list[int]) -> tuple[int, ...]:
    """The same indices numbered in the order of their appearance."""
    names = {k: n for n, k in enumerate(dict.fromkeys(indices))}
    return tuple(names[k] for k in indices)


@cache
def _double_sum(group: str, size: int, rows: Any, columns: Any) -> Fraction:
    """Over pairs of pairings (permutations) whose deltas are one, weighted by the inverse Gram."""
    n = len(rows) // 2
    places, inverse = _inverse_gram(group, n, size)
    basis = [elements(group, n)[k] for k in places]
    left, right = (
        [k for k, element in enumerate(basis) if invariant(group, element, indices)]
        for indices in (rows, columns)
    )
    total = sum((inverse[a, b] for a in left for b in right), start=fmpq_mat(1, 1)[0, 0])
    return Fraction(int(total.p), int(total.q))


@cache
def _inverse_gram(group: str, n: int, size: int) -> tuple[list[int], Any]:
    """A basis of the invariants, by number, and the inverse of its Gram matrix."""
    gram = fmpq_mat(gram_matrix(group, n, size))
    reduced, rank = gram.rref()
    basis = [next(k for k in range(gram.ncols()) if reduced[row, k] != 0) for row in range(rank)]
    return basis, fmpq_mat([[gram[a, b] for b in basis] for a in basis]).inv()


def symplectic_moment(size: int, plain: Any, barred: Any) -> Fraction:
    """A conjugate entry is an entry at the partners of its indices, up to a sign."""
    entries = [*plain, *((a ^ 1, b ^ 1) for a, b in barred)]
    sign = prod((-1) ** (a + b) for a, b in barred)
    if len(entries) % 2:
        return Fraction(0)
    rows, columns = ([place[side] for place in entries] for side in (0, 1))
    return sign * projection_moment("symplectic", size, rows, columns)


def value_of(answer: Any, values: Values = {}) -> Any:  # noqa: B006
    """The number that an answer without random matrices is, its sums written out."""
    answer = sympify(answer)
    try:
        return _as_sympy(Expansion(values, budget=10**6).scalar(answer))
    except UnknownError:
        found = answer.subs(values).doit()
        if not found.is_number:
            raise
        return found
