"""Matrices of doubles with a bound on the error, which is tried before wider floats.

A product of n terms is within n units of the product of the moduli, in whatever order they are
added. In blocks of few terms, which are added afterwards, that is a bound that mostly suffices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from weingarten.numeric.floats import Bounded, Floats, passed_on
from weingarten.values.numbers import Array

#: So many terms are added at once.
_BLOCK = 64
#: What rounding to a double loses, with room for the rounding of the bounds, and below.
_UNIT, _TINY = float(np.finfo(float).eps) * (0.5 + 1e-6), float(np.finfo(float).tiny)


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

    def given(self, array: Array, *, rounded: bool) -> Bounded:
        """Return a matrix of doubles, as it is, or as the rounded form of an exact one."""
        made = Bounded(array, 0.0)
        if not rounded:
            return made
        return Bounded(array, _rounding(array, 2) * made.size + _TINY * array.size)

    def mul(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the product of two matrices."""
        left, right = _narrowed(left), _narrowed(right)
        value, terms = _product(left.value, right.value)
        error = _rounding(value, terms) * (left.size * right.size) + terms * value.size * _TINY
        return Bounded(value, float(error + passed_on(left, right)), (left, right))

    def transposed(self, matrix: Bounded) -> Bounded:
        """Return the transpose."""
        made = Bounded(matrix.value.T, matrix.error)
        # Norms that are known need not be found again.
        made.__dict__.update({k: v for k, v in matrix.__dict__.items() if k in ("size", "norm")})
        return made

    def conjugated(self, matrix: Bounded) -> Bounded:
        """Return the complex conjugate, entry by entry."""
        return Bounded(np.conj(matrix.value), matrix.error)

    def trace(self, matrix: Bounded) -> Bounded:
        """Return the trace."""
        total = matrix.value.diagonal().sum()
        size = len(matrix.value)
        error = matrix.error + _rounding(total, size) * matrix.size
        return Bounded(_wide(total), size**0.5 * error)

    def dot(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the sum of the products of the entries of two matrices."""
        total = np.einsum("ij,ij->i", left.value, right.value).sum()
        size, other, error = left.size, right.size, left.value.size * _TINY
        error += _rounding(total, sum(left.value.shape)) * size * other
        if left.error or right.error:
            error += left.error * (other + right.error) + size * right.error
        return Bounded(_wide(total), error)

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


def _wide(total: Any) -> Any:
    return np.clongdouble(total) if total.dtype.kind == "c" else np.longdouble(total)
