"""Floats, each with a bound on what rounding has done to it.

Numbers are long doubles, which are wider than doubles on most machines; where they are not, more is
left to balls. Matrices are multiplied as sums of two of doubles (`halves`). The bound of a matrix
is one on the Frobenius norm of its error, that of a number one on the modulus. It follows the
operations: errors of the operands pass on by the norms of the others, and to a sum of n products
rounding adds at most n units of the sum of their moduli, in whatever order they are added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from weingarten.numeric.halves import Halves, halves_of
from weingarten.numeric.pairs import Pair
from weingarten.values.numbers import Array

_WIDE = np.longdouble
#: A bound on the relative error of an operation, also of complex ones, with room for the rounding
#: of the bounds themselves.
_UNIT = 2 * np.finfo(_WIDE).eps
#: A bound on the error of an operation with a result too small to be normal.
_LEAST = np.finfo(_WIDE).tiny
#: The same two, where values are doubles.
_OF_DOUBLES = 2 * np.finfo(float).eps, np.finfo(float).tiny
#: The first one in single precision.
_SINGLE = 2 * float(np.finfo(np.float32).eps)
#: How many bits of a rational number are kept.
_BITS = 63


def lost_in(kind: Any) -> tuple[Any, Any]:
    """Return the bounds on what an operation with values of a type loses: a share, and a number."""
    return _OF_DOUBLES if kind in (np.float64, np.complex128) else (_UNIT, _LEAST)


@dataclass(frozen=True)
class Bounded:
    """Numbers, or a matrix, with a bound on the error.

    Attributes
    ----------
    value : ndarray
        A number, a list of numbers, or a matrix.
    error : ndarray
        A bound for each number, or one for the matrix, on the Frobenius norm of its error.
    factors : tuple of Bounded
        The two matrices that a product was made of.
    hermitian : bool
        Whether the matrix without the error is known to be its own adjoint.

    Examples
    --------
    >>> half = Bounded.exact(np.array(0.5))
    >>> difference = half * half + Bounded.exact(np.array(-0.25))
    >>> float(difference.value), bool(0 < difference.error < 1e-15)
    (0.0, True)
    """

    value: Any
    error: Any
    factors: tuple[Bounded, ...] = ()
    hermitian: bool = False

    @classmethod
    def exact(cls, array: Array) -> Bounded:
        """Return the numbers of an array, as they are."""
        wide = np.result_type(array, _WIDE)
        return cls(array.astype(wide), np.zeros(() if array.ndim == 2 else array.shape, _WIDE))

    @cached_property
    def narrow(self) -> Array:
        """The value, in doubles."""
        kind = complex if np.iscomplexobj(self.value) else float
        return np.asarray(self.value).astype(kind, copy=False)

    @cached_property
    def moduli(self) -> Any:
        """The modulus of each number."""
        return np.abs(self.value)

    @cached_property
    def size(self) -> Any:
        """The modulus of each number, or the Frobenius norm: not less than it is."""
        if np.ndim(self.narrow) != 2:
            return self.moduli
        # What is lost where a square is too small for a float is added.
        unit, least = _OF_DOUBLES
        square = np.vdot(self.narrow, self.narrow).real
        return float(square**0.5 * (1 + self.narrow.size * unit) + least**0.5 * self.narrow.size)

    @cached_property
    def norm(self) -> Any:
        """A bound on the spectral norm of a matrix X.

        It is that of the square, where X is its own adjoint and was squared. Otherwise it is the
        Frobenius norm of ``(X* X)* (X* X)`` in single precision, with what rounding adds to each of
        the two products.
        """
        square: Bounded | None = self.__dict__.get("square")
        if square is not None:
            return min(self.size, (square.norm + square.error) ** 0.5 + self.error)
        if self.hermitian and self.factors:
            return self.size
        if self.factors:
            # What they are at most is at most what is made of them, but for errors.
            left, right = self.factors
            return min(
                self.size, (left.norm + left.error) * (right.norm + right.error) + self.error
            )
        if not self.size:
            return self.size
        is_complex = self.narrow.dtype.kind == "c"
        scaled = (self.narrow * (1 / self.size)).astype("c8" if is_complex else "f4")
        lost = _SINGLE * sum(scaled.shape)
        norms = [1.0]
        for _ in range(2):
            scaled = (scaled.conj() if is_complex else scaled).T @ scaled
            norms.append(_frobenius(scaled))
        bound = (norms[2] + lost * norms[1] ** 2) ** 0.5 + lost
        bound = self.size * (bound**0.5 + _SINGLE) * (1 + 1e-6)
        return min(self.size, bound)

    @cached_property
    def halves(self) -> Halves:
        """A matrix as the sum of two of doubles, up to the error that is said there."""
        return halves_of(self.value)

    def __add__(self, other: Bounded) -> Bounded:
        made = Bounded(self.value + other.value, np.asarray(0))
        unit, least = lost_in(made.value.dtype)
        error = self.error + other.error + unit * made.size + least * made.value.size
        return Bounded(made.value, error)

    def __mul__(self, other: Bounded) -> Bounded:
        """Return a product of numbers, or of a matrix and a number."""
        made = self.value * other.value
        unit, least = lost_in(made.dtype)
        error = (
            self.error * (other.size + other.error)
            + self.size * (other.error + unit * other.size)
            + least * (np.size(self.value) if np.ndim(self.value) == 2 else 1)
        )
        return Bounded(made, error)

    def is_right(self, tolerance: float) -> bool:
        """Return whether each number is known to a share of its modulus, and fits a double."""
        size = np.abs(self.value)
        doubles = np.finfo(float)
        fits = (size > doubles.tiny) & (size < doubles.max)
        return bool(np.all(fits & (self.error <= tolerance * size)))


class Split(Bounded):
    """A matrix as the sum of two of doubles.

    Parameters
    ----------
    halves : Halves
        The two.
    error : float
        A bound on the Frobenius norm of the error of their sum.
    hermitian : bool
        Whether the matrix without the error is known to be its own adjoint.
    """

    def __init__(self, halves: Halves, error: Any, hermitian: bool = False) -> None:
        self.__dict__.update(
            halves=halves, narrow=halves.whole, error=error, factors=(), hermitian=hermitian
        )

    @cached_property
    def value(self) -> Any:
        """The sum."""
        return _widened(self.halves.high) + self.halves.low


def _frobenius(matrix: Any) -> float:
    """Return the Frobenius norm of a matrix in single precision, to six digits."""
    double = matrix.astype(complex if np.iscomplexobj(matrix) else float)
    return float(np.vdot(double, double).real ** 0.5)


def _added(terms: Any) -> tuple[Any, Any]:
    """Return a sum, by halves, and a bound on what rounding does to it and to its terms."""
    steps = len(terms).bit_length() + 2
    rounding = steps * _UNIT * np.sum(np.abs(terms))
    while len(terms) > 1:
        half = (len(terms) + 1) // 2
        joined = terms[:half].copy()
        joined[: len(terms) - half] += terms[half:]
        terms = joined
    return (terms[0] if len(terms) else _WIDE(0)), rounding


def product(left: Bounded, right: Bounded, made: Bounded, rounding: float) -> Bounded:
    """Return a product of two matrices with what their errors make of it.

    Parameters
    ----------
    left, right : Bounded
        The factors.
    made : Bounded
        The product of their values.
    rounding : float
        A bound on its error, if the factors have none.
    """
    own = made.__dict__
    if left is right and left.hermitian:
        error, size = left.error, left.size
        largest = made.size + rounding + error * (2 * size + error)
        norm = min(size, largest**0.5 + error)
        own.update(error=rounding + error * (2 * norm + error), hermitian=True)
        left.__dict__["square"] = made
    else:
        error = left.error * (right.norm + right.error) if left.error else 0.0
        error += left.norm * right.error if right.error else 0.0
        own.update(error=float(rounding + error))
    own.update(factors=(left, right))
    return made


def _changed(matrix: Bounded, change: Callable[[Array], Array]) -> Bounded:
    """Return some entries of a matrix, in another order or conjugated."""
    halves = matrix.halves
    error = matrix.error + halves.error
    changed = Halves(change(halves.high), change(halves.low), halves.bits)
    return Split(changed, error, matrix.hermitian and changed.high.shape == halves.high.shape)


def _widened(values: Any) -> Any:
    return values.astype(np.result_type(values, _WIDE))


def _together(parts: Sequence[Bounded]) -> Bounded:
    """Return numbers as a list of numbers."""
    return Bounded(np.array([p.value for p in parts]), np.array([p.error for p in parts]))


class Floats:
    """Floats with bounds on their errors."""

    def number(self, value: Any) -> Bounded:
        """Return a rational number or a `Pair`, rounded."""
        if value == 1:
            return Bounded(np.asarray(_WIDE(1)), np.asarray(_WIDE(0)))
        parts = value if isinstance(value, Pair) else (value,)
        re, *im = map(wide, parts)
        made = re + 1j * im[0] if im else re
        return Bounded(np.asarray(made), np.asarray(_UNIT * np.abs(made)))

    def given(self, array: Array, *, rounded: bool, hermitian: bool = False) -> Bounded:
        """Return a matrix of doubles, as it is, or as the rounded form of an exact one."""
        made = Split(halves_of(array), 0.0, hermitian)
        if not rounded:
            return made
        unit, least = _OF_DOUBLES
        return Split(made.halves, unit * made.size + least * array.size, hermitian)

    def table(self, numbers: Sequence[Bounded]) -> Bounded:
        """Return numbers as a list of numbers."""
        return _together(numbers)

    def mul(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the product of two matrices."""
        made, rounding = left.halves.times(right.halves)
        # The value, where it is written out, is rounded.
        rounding += float(_UNIT * sum(made.sizes))
        return product(left, right, Split(made, 0.0), rounding)

    def transposed(self, matrix: Bounded) -> Bounded:
        """Return the transpose."""
        return _changed(matrix, lambda x: x.T)

    def conjugated(self, matrix: Bounded) -> Bounded:
        """Return the complex conjugate, entry by entry."""
        return _changed(matrix, np.conj)

    def trace(self, matrix: Bounded) -> Bounded:
        """Return the trace."""
        total, error = matrix.halves.trace()
        size = np.sqrt(float(len(matrix.narrow)))
        return Bounded(total, size * matrix.error + error)

    def centred(self, matrix: Bounded) -> Bounded:
        """Return a matrix less the multiple of the identity with its trace."""
        size = len(matrix.narrow)
        total, error = matrix.halves.trace()
        made, rounding = matrix.halves.less(total / size)
        # The error of the matrix does not grow: what it makes of the mean is taken away from it.
        error = float(error + _UNIT * np.abs(total)) / size**0.5 + rounding
        return Split(made, float(matrix.error + error), matrix.hermitian)

    def dot(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the sum of the products of the entries of two matrices."""
        total, error = left.halves.dot(right.halves)
        error += left.error * (right.size + right.error) + left.size * right.error
        return Bounded(total, error)

    def entry(self, matrix: Bounded, i: int, j: int) -> Bounded:
        """Return an entry."""
        return Bounded(matrix.value[i, j], matrix.error)

    def row(self, matrix: Bounded, i: int) -> Bounded:
        """Return a row, as a matrix."""
        return _changed(matrix, lambda x: x[i : i + 1])

    def inverse(self, matrix: Bounded) -> Bounded:
        """Return the inverse, with a bound from what is left of the identity."""
        narrow = matrix.narrow
        try:
            first = Bounded.exact(np.linalg.inv(narrow)).value
        except np.linalg.LinAlgError:
            raise ZeroDivisionError from None
        one = np.eye(len(narrow), dtype=_WIDE)
        found = Bounded.exact(first + first @ (one - matrix.value @ first))
        product = self.mul(matrix, found)
        left = Bounded(one - product.value, np.asarray(0)).size
        share = left + product.error + _UNIT * (product.size + len(one))
        if not share < 0.5:
            raise FloatingPointError("the inverse is not known in floats")
        return Bounded(found.value, 2 * share * found.size)

    def from_entries(self, rows: Sequence[Sequence[Bounded]]) -> Bounded:
        """Return the matrix of some numbers."""
        value = np.array([[entry.value for entry in row] for row in rows])
        errors = np.array([[entry.error for entry in row] for row in rows])
        return Bounded(value, Bounded(errors, 0).size if errors.any() else _WIDE(0))

    def entries(self, matrix: Bounded) -> list[list[Bounded]]:
        """Return the numbers that a matrix holds."""
        return [[Bounded(entry, matrix.error) for entry in row] for row in matrix.value]

    def combined(self, weights: Bounded, factors: Array, values: Bounded) -> Bounded:
        """Return a sum of weight times product of values."""
        terms = weights * self.products(factors, values)
        total, rounding = _added(terms.value)
        return Bounded(total, np.sum(terms.error) + rounding)

    def bilinear(self, left: Bounded, weights: Bounded, right: Bounded) -> Bounded:
        """Return ``sum left[i] weights[i, j] right[j]``."""
        terms = sum(weights.value.shape) + 3
        one, most, other = left.moduli, weights.moduli, right.moduli
        inner, passed = most @ other, most @ right.error
        error = (
            left.error @ (inner + passed)
            + one @ passed
            + terms * (_UNIT * (one @ inner) + _LEAST * (1 + one.sum() * len(other)))
        )
        return Bounded(left.value @ (weights.value @ right.value), error)

    def products(self, factors: Array, values: Bounded) -> Bounded:
        """Return products of values: `factors` are their positions, a row for each product."""
        if factors.shape[1] == 1:
            return Bounded(values.value[factors[:, 0]], values.error[factors[:, 0]])
        size = values.moduli
        most = size + values.error
        value, least, largest, beside = (
            np.multiply.reduce(x[factors], axis=1)
            for x in (values.value, size, most, np.maximum(most, 1))
        )
        # What errors make of a product, what rounding makes of it and of the two here, and what is
        # lost below a normal number, times what may stand beside it.
        steps = 4 * factors.shape[1] + 4
        bound = largest - least + steps * (_UNIT * largest + beside * _LEAST)
        return Bounded(value, bound)

    def with_one(self, values: Bounded) -> Bounded:
        """Return values with one before them."""
        one, none = (_WIDE(1),), (_WIDE(0),)
        return Bounded(np.concatenate((one, values.value)), np.concatenate((none, values.error)))

    def weights(self, rows: Sequence[Any], which: Array | None = None) -> Bounded:
        """Return a table of rational weights: the rows, or one by their positions in a list."""
        nested = which is None and isinstance(rows[0], list)
        made = np.array([[wide(x) for x in row] for row in rows] if nested else [*map(wide, rows)])
        made = made if which is None else made[which]
        return Bounded(made, _UNIT * np.abs(made))


def wide(value: Any) -> Any:
    """Return the long double next to a rational number.

    Raises
    ------
    FloatingPointError, OverflowError
        If it is too small or too large for a normal one.

    Examples
    --------
    >>> from flint import fmpq
    >>> float(wide(fmpq(-3, 4)))
    -0.75
    """
    numerator, denominator = int(value.p), int(value.q)
    shift = _BITS - abs(numerator).bit_length() + denominator.bit_length()
    kept = (abs(numerator) << max(shift, 0)) // (denominator << max(-shift, 0))
    high, low = divmod(kept, 2**32)
    made = np.ldexp(_WIDE(high) * 2**32 + _WIDE(low), -shift)
    if numerator and made < _LEAST:
        raise FloatingPointError(f"{value} is too small for a float")
    if not np.isfinite(made):
        raise OverflowError(f"{value} is too large for a float")
    return -made if numerator < 0 else made
