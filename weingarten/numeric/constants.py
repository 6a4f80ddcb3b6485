"""What constant scalars and matrices are, in one of the arithmetics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product as cartesian
from numbers import Integral
from typing import Any

import numpy as np
from flint import acb, acb_mat, arb, arb_mat, ctx, fmpq, fmpz
from sympy import (
    Add,
    Adjoint,
    Determinant,
    DiagMatrix,
    Expr,
    Float,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
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
from sympy.core.evalf import PrecisionExhausted
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.polys.domains import QQ_I
from sympy.polys.matrices import DomainMatrix

from weingarten.expressions.words import Diagonal
from weingarten.numeric.arithmetic import Balls, Gaussians, Rationals
from weingarten.numeric.floats import Floats
from weingarten.numeric.pairs import Pair
from weingarten.values.arguments import Array, is_known, is_out_of_range, with_values

#: A constant sum under a function has at most so many terms in each index.
_TERMS = 10_000


class IrrationalError(ValueError):
    """A number that is exact, but has no rational parts."""


def exactly(number: Any) -> Any:
    """Return a SymPy number as a rational number or a `Pair`; a float as what it is.

    Raises
    ------
    IrrationalError
        If its parts are not rational.
    """
    if number.is_Rational:
        return fmpq(int(number.p), int(number.q))
    if number.is_Float:
        return exactly(Rational(number))
    re, im = number.as_real_imag()
    parts = [Rational(part) if part.is_Float else part for part in (re, im)]
    if not all(part.is_Rational for part in parts):
        raise IrrationalError(f"{number} is not rational")
    return Pair(*map(exactly, parts)) if parts[1] else exactly(parts[0])


def as_sympy(number: Any) -> Any:
    """Return a rational number or a `Pair` as a SymPy number."""
    if isinstance(number, Pair):
        return as_sympy(number.re) + as_sympy(number.im) * I
    return Rational(int(number.p), int(number.q))


@dataclass(frozen=True)
class Constant:
    """A matrix of numbers, as it was given.

    Attributes
    ----------
    array : ndarray
        Its entries, rounded to floats or complex numbers.
    entries : list of list, optional
        Its entries as SymPy numbers, where they are not those of the array.
    inexact : bool
        Whether the entries were worked out from floats.
    """

    array: Array
    entries: Any = None
    inexact: bool = False

    @classmethod
    def of(cls, value: Any, array: Array) -> Constant:
        """Read a matrix as a user gives it, with its entries rounded."""
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return cls(array)
        if isinstance(value, np.ndarray) and value.dtype.kind == "c":
            return cls(array)
        rows = value.tolist() if hasattr(value, "tolist") else [list(row) for row in value]
        return cls(array, [[_entry(entry) for entry in row] for row in rows])

    @cached_property
    def is_float(self) -> bool:
        """Whether there is a float among the entries."""
        return (
            self.inexact
            or self.entries is None
            or any(x.has(Float) for row in self.entries for x in row)
        )

    @cached_property
    def is_real(self) -> bool:
        """Whether all entries are given as real numbers."""
        return not np.iscomplexobj(self.array)

    @cached_property
    def facts(self) -> tuple[bool, bool, bool]:
        """Whether it is symmetric, real, Hermitian."""
        if self.entries is None:
            square = self.array.shape[0] == self.array.shape[1]
            symmetric = square and np.array_equal(self.array, self.array.T)
            if self.is_real:
                return symmetric, True, symmetric
            return symmetric, False, square and np.array_equal(self.array, self.array.conj().T)
        turned = [list(column) for column in zip(*self.entries, strict=True)]
        symmetric = turned == self.entries
        if self.is_real:
            return symmetric, True, symmetric
        return symmetric, False, [[conjugate(x) for x in row] for row in turned] == self.entries

    @cached_property
    def rational(self) -> list[list[Any]]:
        """The entries as rational numbers or pairs; IrrationalError if they are none."""
        if self.entries is not None:
            return [[exactly(entry) for entry in row] for row in self.entries]
        return [[_of_float(entry) for entry in row] for row in self.array.tolist()]

    @cached_property
    def is_out_of_range(self) -> bool:
        """Whether an entry that was given exactly is too large or too small for a float."""
        if self.entries is None:
            return False
        return is_out_of_range(self.array, self.entries)

    def as_sympy(self) -> Any:
        """Return the matrix as SymPy holds it, exactly."""
        if self.entries is not None:
            return ImmutableMatrix(self.entries)
        return ImmutableMatrix([[as_sympy(x) for x in row] for row in self.rational])


def _entry(entry: Any) -> Any:
    if isinstance(entry, Integral):
        return sympify(int(entry))
    if isinstance(entry, Fraction):
        return Rational(entry.numerator, entry.denominator)
    if isinstance(entry, np.generic):
        return sympify(entry.item())
    return sympify(entry)


def _of_float(entry: Any) -> Any:
    if isinstance(entry, complex):
        return Pair(_of_float(entry.real), _of_float(entry.imag))
    return fmpq(*entry.as_integer_ratio())


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
        if value.is_finite is False or not value.is_number:
            raise ValueError(f"{expr} is {value}; expected a finite number")
        return value

    def converted(self, value: Any) -> Any:
        """Return an exact SymPy number in the arithmetic."""
        try:
            return self.arithmetic.number(exactly(value))
        except IrrationalError:
            if isinstance(self.arithmetic, Floats):
                re, im = evaluated(value, 30)
                return self.arithmetic.number(exactly(re + im * I))
            if isinstance(self.arithmetic, Balls):
                return _ball(value)
            raise

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
        known = {symbol: value.as_sympy() for symbol, value in self.matrices.items()}
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
            return self._given(self.matrices[expr])
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

    def _given(self, constant: Constant) -> Any:
        arithmetic = self.arithmetic
        if isinstance(arithmetic, Floats):
            if constant.is_out_of_range:
                raise OverflowError("an entry is too large or too small for a float")
            return arithmetic.given(constant.array, rounded=constant.entries is not None)
        if isinstance(arithmetic, Balls) and constant.entries is None:
            return (arb_mat if arithmetic.real else acb_mat)(constant.array.tolist())
        if constant.entries is None or isinstance(arithmetic, Rationals | Gaussians):
            return arithmetic.from_entries(
                [[arithmetic.number(x) for x in row] for row in constant.rational]
            )
        return arithmetic.from_entries(
            [[self.converted(x) for x in row] for row in constant.entries]
        )

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


def _ball(value: Any) -> Any:
    """Return the ball about a number that SymPy evaluates to any precision."""
    digits = int(ctx.prec * 0.302) + 5
    re, im = evaluated(value, digits)
    parts = [_about(part, digits) for part in (re, im)]
    return acb(*parts) if im else parts[0]


def evaluated(value: Any, digits: int) -> tuple[Any, Any]:
    """Return the real and the imaginary part of a number, both to so many digits.

    Raises
    ------
    ValueError
        If they are not seen: where a part may be 0.
    """
    try:
        re, im = value.evalf(digits, strict=True).as_real_imag()
    except PrecisionExhausted:
        re, im = (_part_of(part, digits, value) for part in value.as_real_imag())
    return re, im


def _part_of(part: Any, digits: int, value: Any) -> Any:
    try:
        return part.evalf(digits, strict=True)
    except PrecisionExhausted:
        if part.equals(0):
            return S.Zero
    raise ValueError(
        f"expr holds the number {value}, of which no digits are seen: it may be 0; expected it in "
        "a simpler form"
    )


def _determinant(matrix: Any) -> Any:
    """Return the determinant of an exact matrix."""
    if not isinstance(matrix, Pair):
        return as_sympy(matrix.det())
    rows = [[as_sympy(x) for x in row] for row in Gaussians().entries(matrix)]
    domain = DomainMatrix.from_list_sympy(len(rows), len(rows), rows).convert_to(QQ_I)
    return QQ_I.to_sympy(domain.det())


def _about(value: Any, digits: int) -> Any:
    if value.is_Rational:
        return arb(exactly(value))
    middle = arb(exactly(value))
    return arb(middle, abs(middle) * arb(fmpq(1, fmpz(10) ** (digits - 2))))
