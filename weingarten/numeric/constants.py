"""What constant scalars and matrices are, in one of the arithmetics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, reduce
from itertools import product as cartesian
from typing import Any

from sympy import (
    Add,
    Adjoint,
    Determinant,
    DiagMatrix,
    Expr,
    Float,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    Rational,
    S,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    adjoint,
    conjugate,
    sympify,
    transpose,
)
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.polys.domains import QQ_I
from sympy.polys.matrices import DomainMatrix

from weingarten.expressions.words import Diagonal
from weingarten.numeric.arithmetic import Balls, Gaussians, Rationals
from weingarten.numeric.exact import IrrationalError, as_sympy, converted
from weingarten.numeric.floats import Floats
from weingarten.numeric.given import Constant
from weingarten.numeric.pairs import Pair
from weingarten.numeric.roots import power
from weingarten.values.arguments import is_known
from weingarten.values.substitution import not_finite, with_values

#: A constant sum under a function has at most so many terms in each index.
_TERMS = 10_000


class Constants:
    """Evaluates what is not random.

    Parameters
    ----------
    arithmetic : Arithmetic
        What numbers and matrices are.
    numbers : mapping from Symbol to Expr
        Values of symbols, SymPy numbers.
    matrices : mapping from MatrixSymbol to Constant
        Values of matrices.
    """

    def __init__(
        self, arithmetic: Any, numbers: Mapping[Any, Any], matrices: Mapping[Any, Constant]
    ) -> None:
        self.arithmetic = arithmetic
        self.numbers = numbers
        self.matrices = matrices
        #: The matrices that were asked for.
        self.made: dict[Any, Any] = {}

    # Scalars --------------------------------------------------------------------------------------

    def number(self, expr: Any) -> Any:
        """Return a constant scalar.

        Raises
        ------
        IrrationalError
            If it has no rational parts, and the arithmetic needs them.
        ValueError
            If it is not a finite number, or not known.
        """
        return self.converted(self.exact(expr))

    def exact(self, expr: Any) -> Any:
        """Return a constant scalar as an exact SymPy number."""
        if expr.is_Rational:
            return expr
        parts = {part: self._part(part) for part in _parts(expr)}
        value = expr.xreplace(parts).subs(
            {symbol: _without_floats(number) for symbol, number in self.numbers.items()}
        )
        value = _without_floats(value).doit()
        if value.free_symbols:
            names = ", ".join(sorted(map(str, value.free_symbols)))
            raise ValueError(f"{names} in {expr} has no value; expected one in `at`")
        if value.is_finite is False or not value.is_number or value is S.NaN:
            raise not_finite(expr, self.numbers)
        return value

    def converted(self, value: Any) -> Any:
        """Return an exact SymPy number in the arithmetic."""
        return converted(value, self.arithmetic)

    def _part(self, part: Any) -> Any:
        """Return the exact value of a trace, a determinant, an entry, or a sum of these."""
        if isinstance(part, Sum):
            return self._summed(part)
        args = tuple(_without_floats(a.subs(self.numbers)) for a in part.args[1:])
        try:
            exact = self._rational
            matrix = exact.matrix(part.args[0])
            if isinstance(part, Trace):
                return as_sympy(exact.arithmetic.trace(matrix))
            if isinstance(part, MatrixElement):
                return as_sympy(exact.arithmetic.entry(matrix, *map(int, args)))
            return _determinant(matrix)
        except IrrationalError:
            pass
        known = {
            symbol: value.as_sympy() for symbol, value in self.matrices.items() if part.has(symbol)
        }
        return part.func(part.args[0].xreplace(known).doit().as_explicit(), *args).doit()

    def _summed(self, total: Any) -> Any:
        """Return the exact value of a sum over indices, term by term."""
        *inner, (index, *ends) = total.limits  # the last is the outermost
        low, high = map(self.exact, ends)
        size = high - low + 1
        if not size.is_Integer or not 0 <= size <= _TERMS:
            raise ValueError(
                f"expr contains {total}, where {index} runs from {low} to {high}; expected a range "
                f"of at most {_TERMS:,} integers"
            )
        summand = Sum(total.function, *inner) if inner else total.function
        terms = (with_values(summand, {index: low + k}) for k in range(int(size)))
        return Add(*map(self.exact, terms))

    @cached_property
    def _rational(self) -> Constants:
        real = all(matrix.is_real for matrix in self.matrices.values())
        if isinstance(self.arithmetic, Rationals if real else Gaussians):
            return self
        return Constants(Rationals() if real else Gaussians(), self.numbers, self.matrices)

    # Matrices -------------------------------------------------------------------------------------

    def matrix(self, expr: Any) -> Any:
        """Return a constant matrix.

        Raises
        ------
        ValueError
            If it is not known, or singular where its inverse is asked for.
        """
        if expr not in self.made:
            self.made[expr] = self._matrix(expr)
        return self.made[expr]

    def _matrix(self, expr: Any) -> Any:
        arithmetic = self.arithmetic
        if expr in self.matrices:
            return self.matrices[expr].given(arithmetic)
        if isinstance(expr, MatMul):
            scalar, factors = expr.as_coeff_matrices()
            made = reduce(arithmetic.mul, map(self.matrix, factors))
            return made if scalar is S.One else self._scaled(made, self.number(scalar))
        if isinstance(expr, MatAdd):
            return reduce(lambda a, b: a + b, map(self.matrix, expr.args))
        if isinstance(expr, Transpose | transpose):
            return arithmetic.transposed(self.matrix(expr.args[0]))
        if isinstance(expr, Adjoint | adjoint):
            return arithmetic.conjugated(arithmetic.transposed(self.matrix(expr.args[0])))
        if isinstance(expr, conjugate):
            return arithmetic.conjugated(self.matrix(expr.args[0]))
        if isinstance(expr, Inverse):
            return self._inverse(expr, expr.arg)
        if isinstance(expr, MatPow) and expr.exp.is_Integer and expr.exp:
            base = self.matrix(expr.base) if expr.exp > 0 else self._inverse(expr, expr.base)
            return reduce(arithmetic.mul, [base] * abs(int(expr.exp)))
        if isinstance(expr, MatPow) and expr.exp:
            base, exponent = self._rational.matrix(expr.base), self.exact(expr.exp)
            return power(expr, base, exponent, inexact=False).given(arithmetic)
        return arithmetic.from_entries(self._entries(expr))

    def _inverse(self, expr: Any, inner: Any) -> Any:
        try:
            return self.arithmetic.inverse(self.matrix(inner))
        except ZeroDivisionError:
            raise ZeroDivisionError(
                f"{expr} is the inverse of a matrix that is singular, as far as can be seen"
            ) from None

    def _scaled(self, matrix: Any, number: Any) -> Any:
        if isinstance(self.arithmetic, Floats | Balls):
            return matrix * number
        rows = self.arithmetic.entries(matrix)
        return self.arithmetic.from_entries([[entry * number for entry in row] for row in rows])

    def _entries(self, expr: Any) -> list[list[Any]]:
        """Return the entries of a matrix that is built from scalars."""
        rows, columns = (int(self.exact(sympify(size))) for size in expr.shape)
        zero, one = map(self.converted, (S.Zero, S.One))
        if isinstance(expr, Identity | ZeroMatrix | OneMatrix):
            beside = one if isinstance(expr, OneMatrix) else zero
            on = zero if isinstance(expr, ZeroMatrix) else one
            return [[on if i == j else beside for j in range(columns)] for i in range(rows)]
        if isinstance(expr, Diagonal | DiagMatrix):
            entries = self._diagonal(expr, rows)
            return [[entries[i] if i == j else zero for j in range(rows)] for i in range(rows)]
        if isinstance(expr, DiagonalOf):
            return [
                [row[k]] for k, row in enumerate(self.arithmetic.entries(self.matrix(expr.arg)))
            ]
        if isinstance(expr, HadamardPower) and expr.exp.is_Integer and expr.exp > 0:
            power = int(expr.exp)
            return [
                [x**power for x in row] for row in self.arithmetic.entries(self.matrix(expr.base))
            ]
        if isinstance(expr, HadamardProduct):
            made = [self.arithmetic.entries(self.matrix(arg)) for arg in expr.args]
            cells = cartesian(range(rows), range(columns))
            flat = [reduce(lambda a, b: a * b, (m[i][j] for m in made)) for i, j in cells]
            return [flat[i * columns : (i + 1) * columns] for i in range(rows)]
        explicit = expr if isinstance(expr, MatrixBase) else _explicit(expr)
        return [[self.number(explicit[i, j]) for j in range(columns)] for i in range(rows)]

    def _diagonal(self, expr: Any, size: int) -> list[Any]:
        if isinstance(expr, Diagonal):
            return [self.number(expr.entry(sympify(k))) for k in range(size)]
        entries = self.arithmetic.entries(self.matrix(expr.args[0]))
        return [entry for row in entries for entry in row]


def _explicit(expr: Any) -> Any:
    unknown = isinstance(expr, MatrixSymbol) and not is_known(expr)
    if unknown:
        raise ValueError(f"{expr} has no value; expected an array for it in `at`")
    if is_known(expr) or isinstance(expr, MatrixExpr):
        try:
            made = expr.as_explicit()
        except (NotImplementedError, ValueError, AttributeError, TypeError):
            made = None
        if isinstance(made, MatrixBase):
            return made
    raise ValueError(
        f"expr contains {expr}: its entries are not known here; expected a MatrixSymbol with its "
        "array in `at`, or a product, sum, power or inverse of these"
    )


def _parts(expr: Any) -> set[Any]:
    """Return the largest traces, determinants and entries in a scalar, and sums that hold these."""
    if isinstance(expr, Trace | Determinant | MatrixElement):
        return {expr}
    if isinstance(expr, Sum) and expr.function.has(MatrixExpr):
        return {expr}
    return set().union(*(_parts(arg) for arg in expr.args if isinstance(arg, Expr)))


def _without_floats(value: Any) -> Any:
    """Return an expression with each float as the rational number that it is."""
    return value.xreplace({x: Rational(x) for x in value.atoms(Float)})


def _determinant(matrix: Any) -> Any:
    """Return the determinant of an exact matrix."""
    if not isinstance(matrix, Pair):
        return as_sympy(matrix.det())
    rows = [[as_sympy(x) for x in row] for row in Gaussians().entries(matrix)]
    domain = DomainMatrix.from_list_sympy(len(rows), len(rows), rows).convert_to(QQ_I)
    return QQ_I.to_sympy(domain.det())
