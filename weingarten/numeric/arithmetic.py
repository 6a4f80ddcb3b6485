"""Floats, balls and exact numbers behind one interface, for numbers and for matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flint import acb, acb_mat, arb, arb_mat, fmpq, fmpq_mat

from weingarten.numeric.pairs import Pair
from weingarten.values.numbers import Array

#: A rational number, or a complex one with rational parts.
Exact = Any


class Arithmetic(Protocol):
    """What the tables of words and the sums ask for."""

    def number(self, value: Any) -> Any:
        """Return a rational number or a `Pair` of them."""

    def mul(self, left: Any, right: Any) -> Any:
        """Return the product of two matrices."""

    def transposed(self, matrix: Any) -> Any:
        """Return the transpose."""

    def conjugated(self, matrix: Any) -> Any:
        """Return the complex conjugate, entry by entry."""

    def trace(self, matrix: Any) -> Any:
        """Return the trace."""

    def centred(self, matrix: Any) -> Any:
        """Return a matrix less the multiple of the identity with its trace."""

    def dot(self, left: Any, right: Any) -> Any:
        """Return the sum of the products of the entries of two matrices."""

    def entry(self, matrix: Any, i: int, j: int) -> Any:
        """Return an entry."""

    def row(self, matrix: Any, i: int) -> Any:
        """Return a row, as a matrix."""

    def inverse(self, matrix: Any) -> Any:
        """Return the inverse; ZeroDivisionError where it is not seen to exist."""

    def from_entries(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Return the matrix of some numbers of this arithmetic."""

    def entries(self, matrix: Any) -> list[list[Any]]:
        """Return the numbers that a matrix holds."""

    def combined(self, weights: Sequence[Any], factors: Array, values: Sequence[Any]) -> Any:
        """Return a sum of weight times product of values: `factors` are their positions."""

    def bilinear(self, left: Sequence[Any], weights: Any, right: Sequence[Any]) -> Any:
        """Return ``sum left[i] weights[i, j] right[j]``, the weights as `weights` makes them."""

    def products(self, factors: Array, values: Sequence[Any]) -> Sequence[Any]:
        """Return products of values: `factors` are their positions, a row for each product."""

    def with_one(self, values: Sequence[Any]) -> Sequence[Any]:
        """Return values with one before them."""

    def weights(self, rows: Sequence[Any], which: Array | None = None) -> Any:
        """Return a table of rational weights: the rows, or one by their positions in a list."""


class _Listed:
    """Numbers one by one, in FLINT's matrices."""

    _matrix: Any

    def mul(self, left: Any, right: Any) -> Any:
        return left * right

    def transposed(self, matrix: Any) -> Any:
        return matrix.transpose()

    def trace(self, matrix: Any) -> Any:
        return sum(matrix[i, i] for i in range(matrix.nrows()))

    def centred(self, matrix: Any) -> Any:
        made, mean = self._matrix(matrix), self.trace(matrix) / matrix.nrows()
        for i in range(made.nrows()):
            made[i, i] -= mean
        return made

    def dot(self, left: Any, right: Any) -> Any:
        size = left.nrows() * left.ncols()
        row = self._matrix(1, size, left.entries())
        return (row * self._matrix(size, 1, right.entries()))[0, 0]

    def entry(self, matrix: Any, i: int, j: int) -> Any:
        return matrix[i, j]

    def row(self, matrix: Any, i: int) -> Any:
        return self._matrix(1, matrix.ncols(), [matrix[i, j] for j in range(matrix.ncols())])

    def inverse(self, matrix: Any) -> Any:
        return matrix.inv()

    def from_entries(self, rows: Sequence[Sequence[Any]]) -> Any:
        return self._matrix(len(rows), len(rows[0]), [entry for row in rows for entry in row])

    def entries(self, matrix: Any) -> list[list[Any]]:
        found: list[list[Any]] = matrix.tolist()
        return found

    def combined(self, weights: Sequence[Any], factors: Array, values: Sequence[Any]) -> Any:
        pairs = zip(weights, self.products(factors, values), strict=True)
        return sum((product * weight for weight, product in pairs), fmpq(0))

    def bilinear(self, left: Sequence[Any], weights: Any, right: Sequence[Any]) -> Any:
        return sum(
            (
                sum((b * w for w, b in zip(row, right, strict=True) if w), fmpq(0)) * a
                for a, row in zip(left, weights, strict=True)
            ),
            fmpq(0),
        )

    def products(self, factors: Array, values: Sequence[Any]) -> list[Any]:
        return [_product([values[k] for k in row]) for row in factors.tolist()]

    def with_one(self, values: Sequence[Any]) -> list[Any]:
        return [fmpq(1), *values]

    def weights(self, rows: Sequence[Any], which: Array | None = None) -> Any:
        if which is not None:
            return [[rows[k] for k in positions] for positions in which.tolist()]
        return rows


class Balls(_Listed):
    """Real or complex balls: numbers with a bound on what is not known of them.

    Parameters
    ----------
    real : bool
        Whether all numbers are real.
    """

    def __init__(self, *, real: bool):
        self.real = real
        self._matrix = arb_mat if real else acb_mat

    def number(self, value: Exact) -> Any:
        """Return the ball about a rational number."""
        if isinstance(value, Pair):
            return acb(arb(value.re), arb(value.im))
        return arb(value)

    def conjugated(self, matrix: Any) -> Any:
        """Return the complex conjugate, entry by entry."""
        return matrix if self.real else matrix.conjugate()


class Rationals(_Listed):
    """Rational numbers."""

    _matrix = fmpq_mat

    def number(self, value: Exact) -> Any:
        """Return the number itself."""
        return value

    def conjugated(self, matrix: Any) -> Any:
        """Return the matrix itself."""
        return matrix


class Gaussians(_Listed):
    """Complex numbers with rational parts."""

    def number(self, value: Exact) -> Any:
        """Return the number itself."""
        return value

    def transposed(self, matrix: Any) -> Any:
        """Return the transpose."""
        return Pair(matrix.re.transpose(), matrix.im.transpose())

    def conjugated(self, matrix: Any) -> Any:
        """Return the complex conjugate, entry by entry."""
        return matrix.conjugate()

    def trace(self, matrix: Any) -> Any:
        """Return the trace."""
        return Pair(*(Rationals().trace(part) for part in matrix))

    def centred(self, matrix: Any) -> Any:
        """Return a matrix less the multiple of the identity with its trace."""
        return Pair(*(Rationals().centred(part) for part in matrix))

    def dot(self, left: Any, right: Any) -> Any:
        """Return the sum of the products of the entries of two matrices."""
        dot = Rationals().dot
        return Pair(
            dot(left.re, right.re) - dot(left.im, right.im),
            dot(left.re, right.im) + dot(left.im, right.re),
        )

    def entry(self, matrix: Any, i: int, j: int) -> Any:
        """Return an entry."""
        return Pair(matrix.re[i, j], matrix.im[i, j])

    def row(self, matrix: Any, i: int) -> Any:
        """Return a row, as a matrix."""
        return Pair(*(Rationals().row(part, i) for part in matrix))

    def inverse(self, matrix: Any) -> Any:
        """Return the inverse, from that of the real matrix that it stands for."""
        n = matrix.re.nrows()
        upper = [a + [-x for x in b] for a, b in zip(*(p.tolist() for p in matrix), strict=True)]
        lower = [b + a for a, b in zip(*(p.tolist() for p in matrix), strict=True)]
        found = fmpq_mat([*upper, *lower]).inv().tolist()
        parts = ([row[:n] for row in rows] for rows in (found[:n], found[n:]))
        return Pair(*map(fmpq_mat, parts))

    def from_entries(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Return the matrix of some numbers."""
        pairs = [[x if isinstance(x, Pair) else Pair(x, fmpq(0)) for x in row] for row in rows]
        return Pair(
            fmpq_mat([[x.re for x in row] for row in pairs]),
            fmpq_mat([[x.im for x in row] for row in pairs]),
        )

    def entries(self, matrix: Any) -> list[list[Any]]:
        """Return the numbers that a matrix holds."""
        parts = zip(matrix.re.tolist(), matrix.im.tolist(), strict=True)
        return [[Pair(*x) for x in zip(*rows, strict=True)] for rows in parts]


def _product(values: list[Any]) -> Any:
    made = values[0]
    for value in values[1:]:
        made = made * value
    return made
