"""Matrices of doubles with a bound on the error, which is tried before wider floats.

A product of n terms is within n units of the product of the moduli, in whatever order they are
added. In blocks of few terms, which are added afterwards, that is a bound that mostly suffices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from weingarten.numeric.floats import Bounded, Floats, lost_in, product
from weingarten.values.numbers import Array

#: So many terms are added at once.
_BLOCK = 64
#: What rounding to a double loses, with room for the rounding of the bounds, and below.
_UNIT, _TINY = float(np.finfo(float).eps) * (0.5 + 1e-6), float(np.finfo(float).tiny)
#: What an operation of wide floats loses.
_WIDE = float(lost_in(np.longdouble)[0])


class Doubles(Floats):
    """Floats whose matrices are of doubles: numbers are wide as there.

    Examples
    --------
    >>> arithmetic = Doubles()
    >>> half = arithmetic.given(np.full((2, 2), 0.5), rounded=False)
    >>> product = arithmetic.mul(half, half)
    >>> product.value.tolist(), bool(0 < product.error < 1e-15)
    ([[0.5, 0.5], [0.5, 0.5]], True)
    """

    def given(self, array: Array, *, rounded: bool, hermitian: bool = False) -> Bounded:
        """Return a matrix of doubles, as it is, or as the rounded form of an exact one."""
        made = Bounded(array, 0.0, hermitian=hermitian)
        if not rounded:
            return made
        error = _rounding(array, 2) * made.size + _TINY * array.size
        return Bounded(array, error, hermitian=hermitian)

    def mul(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the product of two matrices."""
        left, right = _narrowed(left), _narrowed(right)
        value, terms = _product(left.value, right.value)
        error = _rounding(value, terms) * (left.size * right.size) + terms * value.size * _TINY
        return product(left, right, Bounded(value, 0.0), error)

    def transposed(self, matrix: Bounded) -> Bounded:
        """Return the transpose."""
        made = Bounded(matrix.value.T, matrix.error, hermitian=matrix.hermitian)
        # Norms that are known need not be found again.
        made.__dict__.update({k: v for k, v in matrix.__dict__.items() if k in ("size", "norm")})
        return made

    def conjugated(self, matrix: Bounded) -> Bounded:
        """Return the complex conjugate, entry by entry."""
        return Bounded(np.conj(matrix.value), matrix.error, hermitian=matrix.hermitian)

    def trace(self, matrix: Bounded) -> Bounded:
        """Return the trace."""
        total, rounding = _sum(matrix.value.diagonal())
        return Bounded(total, len(matrix.value) ** 0.5 * (matrix.error + rounding * matrix.size))

    def centred(self, matrix: Bounded) -> Bounded:
        """Return a matrix less the multiple of the identity with its trace."""
        matrix = _narrowed(matrix)
        size = len(matrix.value)
        total, rounding = _sum(matrix.value.diagonal())
        value = matrix.value.copy()
        value.reshape(-1)[:: size + 1] -= (total / size).astype(value.dtype)
        # What the error makes of the mean is taken away from it. The mean itself is rounded.
        made = Bounded(value, 0.0)
        error = (rounding + _rounding(value, 2) / size**0.5) * matrix.size
        error += _rounding(value, 2) * made.size + size * _TINY
        return Bounded(value, float(matrix.error + error), hermitian=matrix.hermitian)

    def dot(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the sum of the products of the entries of two matrices."""
        terms = left.value.shape[1]
        while terms > _BLOCK and not terms % 2:
            terms //= 2
        one, two = left.value.reshape(-1, terms), right.value.reshape(-1, terms)
        total, rounding = _sum(np.einsum("ij,ij->i", one, two))
        size, other, error = left.size, right.size, left.value.size * _TINY
        error += (_rounding(total, terms) + rounding) * size * other
        if left.error or right.error:
            error += left.error * (other + right.error) + size * right.error
        return Bounded(total, error)

    def row(self, matrix: Bounded, i: int) -> Bounded:
        """Return a row, as a matrix."""
        return Bounded(matrix.value[i : i + 1], matrix.error)


def _product(left: Array, right: Array) -> tuple[Array, int]:
    """Return a product, and how many roundings there are at most on the way of a term."""
    inner = left.shape[1]
    count = max(1, -(-inner // _BLOCK))
    size = -(-inner // count)
    total = left[:, :size] @ right[:size]
    for start in range(size, inner, size):
        total += left[:, start : start + size] @ right[start : start + size]
    return total, size + count


def _narrowed(matrix: Bounded) -> Bounded:
    """Return a matrix of wide floats as one of doubles."""
    if matrix.value.dtype in (np.float64, np.complex128):
        return matrix
    made = Bounded(matrix.narrow, 0.0)
    return Bounded(made.value, matrix.error + _rounding(made.value, 2) * made.size)


def _rounding(value: Any, terms: int) -> float:
    """Return the share of the moduli that is lost in sums of so many products."""
    # Of a complex product each part is a sum of two; both parts together bring the root of two.
    return (3 if value.dtype.kind == "c" else 1) * terms * _UNIT


def _sum(numbers: Array) -> tuple[Any, float]:
    """Return the sum of numbers, and which share of their moduli is lost in it."""
    total = numbers.sum(dtype=np.clongdouble if numbers.dtype.kind == "c" else np.longdouble)
    return total, (len(numbers) + 1) * _WIDE
