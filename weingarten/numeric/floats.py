"""Floats, each with a bound on what rounding has done to it.

Values are long doubles, which are wider than doubles on most machines; where they are not, more is
left to balls. The bound of a matrix is one on the Frobenius norm of its error, that of a number one
on the modulus. It follows the operations: errors of the operands pass on by the norms of the
others, and to a sum of n products rounding adds at most n units of the sum of their moduli, in
whatever order they are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np

from weingarten.numeric.pairs import Pair
from weingarten.values.arguments import Array

_WIDE = np.longdouble
#: A bound on the relative error of an operation, also of complex ones, with room for the rounding
#: of the bounds themselves.
_UNIT = 2 * np.finfo(_WIDE).eps
#: A bound on the error of an operation with a result too small to be normal.
_LEAST = np.finfo(_WIDE).tiny
#: How many bits of a rational number are kept, and how many a double has.
_BITS, _DOUBLE_BITS = 63, 53
#: A matrix is multiplied as a sum of so many, each of few bits.
_SLICES = 3


@dataclass(frozen=True)
class Bounded:
    """Numbers, or a matrix, with a bound on the error.

    Attributes
    ----------
    value : ndarray
        A number, a list of numbers, or a matrix.
    error : ndarray
        A bound for each number, or one for the matrix, on the Frobenius norm of its error.

    Examples
    --------
    >>> half = Bounded.exact(np.array(0.5))
    >>> difference = half * half + Bounded.exact(np.array(-0.25))
    >>> float(difference.value), bool(0 < difference.error < 1e-15)
    (0.0, True)
    """

    value: Any
    error: Any

    @classmethod
    def exact(cls, array: Array) -> Bounded:
        """Return the numbers of an array, as they are."""
        wide = np.result_type(array, _WIDE)
        return cls(array.astype(wide), np.zeros(() if array.ndim == 2 else array.shape, _WIDE))

    @property
    def narrow(self) -> Array:
        """The value, in doubles."""
        return np.asarray(self.value).astype(complex if np.iscomplexobj(self.value) else float)

    @cached_property
    def size(self) -> Any:
        """The modulus of each number, or the Frobenius norm: not less than it is."""
        if np.ndim(self.value) != 2:
            return np.abs(self.value)
        # What is lost where a square is too small for a float is added.
        lost = np.sqrt(_LEAST) * self.value.size
        square = np.vdot(self.value, self.value).real
        return np.sqrt(square) * (1 + self.value.size * _UNIT) + lost

    @cached_property
    def norm(self) -> Any:
        """A bound on the spectral norm of a matrix: by the Frobenius norm of a fourth power."""
        largest = np.abs(self.value).max(initial=0)
        if not largest:
            return self.size
        scaled = Bounded(self.value / largest, 0).narrow
        square = scaled.conj().T @ scaled
        fourth = np.sqrt(np.sum(np.abs(square @ square) ** 2))
        # Doubles give the fourth power to far better than this.
        return min(self.size, largest * np.sqrt(np.sqrt(fourth)) * (1 + 1e-6 * len(scaled)))

    @cached_property
    def slices(self) -> _Sliced:
        """A matrix in slices, for products with others that are no larger."""
        return _sliced(self.value, max(self.value.shape))

    def __add__(self, other: Bounded) -> Bounded:
        made = Bounded(self.value + other.value, np.asarray(0))
        error = self.error + other.error + _UNIT * made.size + _LEAST * np.size(made.value)
        return Bounded(made.value, error)

    def __mul__(self, other: Bounded) -> Bounded:
        """Return a product of numbers, or of a matrix and a number."""
        error = (
            self.error * (other.size + other.error)
            + self.size * (other.error + _UNIT * other.size)
            + _LEAST * (np.size(self.value) if np.ndim(self.value) == 2 else 1)
        )
        return Bounded(self.value * other.value, error)

    def is_right(self, tolerance: float) -> bool:
        """Return whether each number is known to a share of its modulus, and fits a double."""
        size = np.abs(self.value)
        doubles = np.finfo(float)
        fits = (size > doubles.tiny) & (size < doubles.max)
        return bool(np.all(fits & (self.error <= tolerance * size)))


class _Sliced(NamedTuple):
    """A matrix as ``2**exponent sum_k slices[k] 2**-(bits k)``, and a rest.

    An entry of a slice is an integer of at most ``2**bits``, so that doubles hold the sums of
    products of two exactly. The sizes are Frobenius norms, the last that of what is left.
    """

    exponent: int
    bits: int
    slices: list[Any]
    sizes: list[float]


def _sliced(matrix: Any, terms: int) -> _Sliced:
    """Return slices of a matrix, for products that add so many terms."""
    bits = (_DOUBLE_BITS - terms.bit_length()) // 2
    exponent = int(np.frexp(np.abs(matrix).max(initial=0))[1]) - bits
    scaled = matrix * _power(-exponent)
    slices = [np.rint(scaled.astype(float))]
    # From here on doubles do: what they lose is at most what is left after the last slice.
    rest = (scaled - slices[0]).astype(float)
    for _ in range(_SLICES - 1):
        rest *= 2.0**bits
        slices.append(np.rint(rest))
        rest -= slices[-1]
    sizes = [float(np.linalg.norm(x)) * (1 + 1e-9) for x in slices]
    return _Sliced(exponent, bits, slices, [*sizes, matrix.size**0.5 * 2.0**bits])


def _power(exponent: int) -> Any:
    """Return a power of two that is a normal float."""
    made = np.ldexp(_WIDE(1), exponent)
    if not _LEAST <= made < np.inf:
        raise FloatingPointError(f"2**{exponent} is no normal float")
    return made


def _multiplied(left: Bounded, right: Bounded) -> Bounded:
    """Return the product of two matrices as they are, by products of slices."""
    if np.iscomplexobj(left.value) or np.iscomplexobj(right.value):
        (a, b), (c, e) = _parts(left), _parts(right)
        re = _multiplied(a, c) + _multiplied(Bounded(-b.value, 0), e)
        im = _multiplied(a, e) + _multiplied(b, c)
        return Bounded(re.value + 1j * im.value, re.error + im.error)
    terms = max(*left.value.shape, *right.value.shape)
    one, other = (
        side.slices if max(side.value.shape) == terms else _sliced(side.value, terms)
        for side in (left, right)
    )
    bits, scale = one.bits, _power(one.exponent + other.exponent)
    first, second, third = (
        reduce(np.add, (one.slices[k] @ other.slices[order - k] for k in range(order + 1)))
        for order in range(_SLICES)
    )
    # Slices but the first are at most half as large: the first two sums are exact. What the third
    # one and its addition lose is less than three units of the second.
    second += 2.0**-bits * third
    total = first.astype(_WIDE)
    total += 2.0**-bits * second
    total *= scale
    made = Bounded(total, 0)
    left_out = 3 * 2.0**-bits * total.size**0.5 + sum(
        a * b * 2.0 ** (-bits * (k + m))
        for k, a in enumerate(one.sizes)
        for m, b in enumerate(other.sizes)
        if k + m >= _SLICES
    )
    rounding = 2 * _SLICES * _UNIT * made.size + total.size * _LEAST
    return Bounded(made.value, left_out * scale + rounding)


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


def _parts(matrix: Bounded) -> tuple[Bounded, Bounded]:
    return Bounded(np.real(matrix.value), 0), Bounded(np.imag(matrix.value), 0)


def _together(parts: Sequence[Bounded]) -> Bounded:
    """Return numbers as a list of numbers."""
    return Bounded(np.array([p.value for p in parts]), np.array([p.error for p in parts]))


class Floats:
    """Floats with bounds on their errors."""

    def number(self, value: Any) -> Bounded:
        """Return a rational number or a `Pair`, rounded."""
        parts = value if isinstance(value, Pair) else (value,)
        re, *im = map(wide, parts)
        made = re + 1j * im[0] if im else re
        return Bounded(np.asarray(made), np.asarray(_UNIT * np.abs(made)))

    def given(self, array: Array, *, rounded: bool) -> Bounded:
        """Return a matrix of doubles, as it is, or as the rounded form of an exact one."""
        made = Bounded.exact(array)
        if not rounded:
            return made
        doubles = np.finfo(float)
        return Bounded(made.value, doubles.eps * made.size + doubles.tiny * array.size)

    def table(self, numbers: Sequence[Bounded]) -> Bounded:
        """Return numbers as a list of numbers."""
        return _together(numbers)

    def mul(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the product of two matrices."""
        made = _multiplied(left, right)
        passed_on = left.error * (right.norm + right.error) if left.error else _WIDE(0)
        if right.error:
            passed_on += left.norm * right.error
        return Bounded(made.value, made.error + passed_on)

    def transposed(self, matrix: Bounded) -> Bounded:
        """Return the transpose."""
        return Bounded(np.ascontiguousarray(matrix.value.T), matrix.error)

    def conjugated(self, matrix: Bounded) -> Bounded:
        """Return the complex conjugate, entry by entry."""
        return Bounded(np.conj(matrix.value), matrix.error)

    def trace(self, matrix: Bounded) -> Bounded:
        """Return the trace."""
        diagonal = np.diagonal(matrix.value)
        total, rounding = _added(diagonal)
        return Bounded(total, np.sqrt(_WIDE(len(diagonal))) * matrix.error + rounding)

    def dot(self, left: Bounded, right: Bounded) -> Bounded:
        """Return the sum of the products of the entries of two matrices."""
        rows = np.einsum("ij,ij->i", left.value, right.value)
        total, rounding = _added(rows)
        error = (
            left.error * (right.size + right.error)
            + left.size * right.error
            + (left.value.shape[1] + 1) * _UNIT * left.size * right.size
            + rounding
            + left.value.size * _LEAST
        )
        return Bounded(total, error)

    def entry(self, matrix: Bounded, i: int, j: int) -> Bounded:
        """Return an entry."""
        return Bounded(matrix.value[i, j], matrix.error)

    def row(self, matrix: Bounded, i: int) -> Bounded:
        """Return a row, as a matrix."""
        return Bounded(matrix.value[i : i + 1], matrix.error)

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
        most = np.abs(weights.value)
        terms = sum(weights.value.shape) + 3
        one, other = np.abs(left.value), np.abs(right.value)
        inner = most @ other
        error = (
            left.error @ (inner + most @ right.error)
            + one @ (most @ right.error)
            + terms * (_UNIT * (one @ inner) + _LEAST * (1 + np.sum(one) * len(other)))
        )
        return Bounded(left.value @ (weights.value @ right.value), error)

    def products(self, factors: Array, values: Bounded) -> Bounded:
        """Return products of values: `factors` are their positions, a row for each product."""
        first, *others = factors.T
        made = Bounded(values.value[first], values.error[first])
        for column in others:
            made = made * Bounded(values.value[column], values.error[column])
        return made

    def with_one(self, values: Bounded) -> Bounded:
        """Return values with one before them."""
        return Bounded(np.append(_WIDE(1), values.value), np.append(_WIDE(0), values.error))

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
