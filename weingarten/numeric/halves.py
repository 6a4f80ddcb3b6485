"""Matrices as sums of two of doubles, the first of few bits: products of those are exact.

Entries of the first matrix are multiples of one power of two, so few of them that doubles hold sums
of products of two exactly, in whatever order they are added. The second one is smaller by these
bits, and so is what rounding makes of the products that it has a part in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from weingarten.values.numbers import Array

#: How many bits a double has, the error of rounding to one, and of one too small to be normal.
_BITS, _UNIT, _TINY = 53, np.finfo(float).eps / 2, np.finfo(float).tiny
#: The same of a long double, with room for complex ones.
_WIDE_BITS, _WIDE_UNIT = np.finfo(np.longdouble).nmant + 1, 2 * float(np.finfo(np.longdouble).eps)
#: Exponents of entries that are multiplied here.
_RANGE = 480


@dataclass(frozen=True)
class Halves:
    """A matrix as the sum of two.

    Attributes
    ----------
    high, low : ndarray
        The two, of doubles or complex numbers.
    bits : int
        So many bits the first one has.
    error : float
        A bound on the Frobenius norm of what the sum lacks.

    Examples
    --------
    >>> matrix = halves_of(np.array([[1 / 3, 1.0], [2.0, 0.0]]))
    >>> matrix.high[0, 0].item(), (matrix.high + matrix.low)[0, 0].item()
    (0.33333325386047363, 0.3333333333333333)
    >>> square, error = matrix.times(matrix)
    >>> square.whole.tolist(), bool(error < 1e-20)
    ([[2.111111111111111, 0.3333333333333333], [0.6666666666666666, 2.0]], True)
    """

    high: Array
    low: Array
    bits: int
    error: float = 0.0

    @cached_property
    def whole(self) -> Array:
        """The sum, rounded."""
        return self.high + self.low

    @cached_property
    def sizes(self) -> tuple[float, float]:
        """Bounds on the Frobenius norms of the two."""
        return _norm(self.high), _norm(self.low)

    def times(self, other: Halves) -> tuple[Halves, float]:
        """Return the product, and a bound on its error."""
        one, two = _alike(self, other)
        exact = one.high @ two.high
        rest = one.high @ two.low
        rest += one.low @ two.whole
        made = _divided(exact, one.bits)
        exact -= made
        exact += rest
        product = Halves(made, exact, one.bits)
        error = one._rounding(two, one.high.shape[1]) + _UNIT * product.sizes[1]
        return product, error + _passed_on(one, two)

    def trace(self) -> tuple[Any, float]:
        """Return the trace, and a bound on its error."""
        high, low = np.diagonal(self.high), np.diagonal(self.low)
        total, error = _sum(high, self.bits)
        total = total + np.sum(low)
        error += 2 * len(low) * _UNIT * float(np.sum(np.abs(low))) + _WIDE_UNIT * float(abs(total))
        return total, error + np.sqrt(float(len(high))) * self.error

    def less(self, number: Any) -> tuple[Halves, float]:
        """Return the matrix less a multiple of the identity, and a bound on its error."""
        kind = np.result_type(self.high, complex if np.iscomplexobj(number) else float)
        whole, low = self.high.astype(kind), self.low.astype(kind)
        on = np.diag_indices(len(whole))
        diagonal = (whole[on] + np.longdouble(0)) + low[on] - number
        whole[on] = diagonal.astype(kind)
        low[on] = (diagonal - whole[on]).astype(kind)
        high = _divided(whole, self.bits)
        low += whole - high
        size = sum(self.sizes) + len(whole) ** 0.5 * float(abs(number))
        error = 4 * _WIDE_UNIT * size + 2 * _UNIT * _norm(low) + _TINY * low.size
        return Halves(high, low, self.bits, self.error), error

    def dot(self, other: Halves) -> tuple[Any, float]:
        """Return the sum of the products of the entries, and a bound on its error."""
        one, two = _alike(self, other)
        bits = 2 * one.bits + one.high.shape[1].bit_length()
        total, error = _sum(_row_sums(one.high, two.high), bits)
        # Of the other one, which changes more often, less is read so.
        total = total + (_flat_sum(one.whole, two.low) + _flat_sum(one.low, two.high))
        error += _WIDE_UNIT * float(abs(total))
        return total, error + one._rounding(two, one.high.size) + _passed_on(one, two)

    def _rounding(self, other: Halves, terms: int) -> float:
        """Return a bound on what rounding does to the products with a second half, and their sum.

        The sum of the other one is rounded, too.
        """
        (high, low), (other_high, other_low) = self.sizes, other.sizes
        parts = 3 if np.iscomplexobj(self.high) or np.iscomplexobj(other.high) else 1
        count = parts * (terms + 4) * (1 + 1e-6)
        size = high * other_low + low * (other_high + other_low)
        return float(count * (_UNIT * size + len(self.high) * other.high.shape[1] * _TINY))


def _passed_on(one: Halves, two: Halves) -> float:
    if not (one.error or two.error):
        return 0.0
    size, other = sum(one.sizes), sum(two.sizes)
    return one.error * (other + two.error) + size * two.error


def halves_of(matrix: Any, terms: int = 0) -> Halves:
    """Return a matrix of doubles, or of wider floats, as the sum of two of doubles.

    The first one has so many bits that sums of as many products as rows or columns are exact, or
    of `terms` products.

    Raises
    ------
    FloatingPointError
        If the entries are too large, or too small.
    """
    bits = _bits(max(terms, *matrix.shape))
    double = matrix.astype(complex if np.iscomplexobj(matrix) else float)
    high = _divided(double, bits)
    if matrix.dtype == double.dtype:
        return Halves(high, matrix - high, bits)
    low = (matrix - high).astype(double.dtype)
    return Halves(high, low, bits, 2 * _UNIT * _norm(low) + _TINY * low.size)


def _bits(terms: int) -> int:
    # A complex product adds twice as many, and may add parts before it multiplies.
    return (_BITS - terms.bit_length() - 3) // 2


def _divided(matrix: Array, bits: int) -> Array:
    """Return the matrix rounded to so many bits below its largest entry."""
    if np.iscomplexobj(matrix):
        return _divided(matrix.real, bits) + 1j * _divided(matrix.imag, bits)
    largest = max(matrix.max(initial=0), -matrix.min(initial=0))
    exponent = int(np.frexp(largest)[1])
    if largest and not -_RANGE < exponent < _RANGE:
        raise FloatingPointError(f"{largest} is too large or too small")
    # What is added and taken away leaves the multiples of its last bit.
    shift = 1.5 * 2.0 ** (exponent - bits + _BITS - 1)
    made = matrix + shift
    made -= shift
    return made


def _alike(one: Halves, two: Halves) -> tuple[Halves, Halves]:
    """Return two matrices with first halves of as many bits, the fewer of both."""
    terms = max(*one.high.shape, *two.high.shape)
    bits = min(one.bits, two.bits, _bits(terms))
    return _coarser(one, bits), _coarser(two, bits)


def _coarser(matrix: Halves, bits: int) -> Halves:
    """Return the matrix with a first half of fewer bits."""
    if matrix.bits == bits:
        return matrix
    high = _divided(matrix.high, bits)
    low = matrix.high - high
    low += matrix.low
    return Halves(high, low, bits, matrix.error + 2 * _UNIT * _norm(low))


def _norm(matrix: Array) -> float:
    """Return a bound on the Frobenius norm."""
    square = np.vdot(matrix, matrix).real
    return float(np.sqrt(square) * (1 + matrix.size * _UNIT) + np.sqrt(_TINY) * matrix.size)


def _sum(numbers: Array, bits: int) -> tuple[Any, float]:
    """Return the sum of numbers of so many bits, and a bound on what rounding does to it."""
    total = numbers.sum(dtype=np.clongdouble if numbers.dtype.kind == "c" else np.longdouble)
    if bits + len(numbers).bit_length() < _WIDE_BITS:
        return total, 0.0
    return total, 2 * len(numbers) * _WIDE_UNIT * float(np.sum(np.abs(numbers)))


def _flat_sum(left: Array, right: Array) -> Any:
    """Return the sum of the products of entries, which are small: that is fast."""
    return np.dot(left.ravel(), right.ravel())


def _row_sums(left: Array, right: Array) -> Array:
    made: Array = np.einsum("ij,ij->i", left, right)
    return made
