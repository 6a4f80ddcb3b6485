"""The eigenvalues of a layer's input: exact numbers, or an array of floats that stays one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, overload

import numpy as np
from sympy import Add, Expr, Max, Min, Rational

from derivations.numeric.relative import Relative
from derivations.numeric.weights import Array
from derivations.scalars import as_fraction

__all__ = ["FloatSpectrum", "Spectrum"]


class Spectrum(Sequence[Expr]):
    """Eigenvalues of A = X Xᵀ, equal to the tuple of them.

    Parameters
    ----------
    values : iterable of sympy.Expr
        Numbers or expressions, no floats.

    Examples
    --------
    >>> from sympy import Integer
    >>> Spectrum([Integer(1), Integer(3)]).scaled_to_mean_one()
    (1/2, 3/2)
    """

    def __init__(self, values: Iterable[Expr]) -> None:
        self._values = tuple(values)

    @property
    def numbers(self) -> tuple[Expr, ...]:
        """The eigenvalues, each as SymPy has it."""
        return self._values

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, where: int) -> Expr: ...
    @overload
    def __getitem__(self, where: slice) -> tuple[Expr, ...]: ...
    def __getitem__(self, where: Any) -> Any:
        return self.numbers[where]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spectrum | tuple) and self.numbers == tuple(other)

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __repr__(self) -> str:
        return repr(self.numbers)

    @property
    def has_symbols(self) -> bool:
        """Whether one of them is no number."""
        return any(value.free_symbols for value in self.numbers)

    @property
    def is_rational(self) -> bool:
        """Whether all are known to be rational."""
        return all(value.is_Rational for value in self.numbers)

    @property
    def zeros(self) -> int:
        """How many are known to be zero."""
        return sum(value.is_zero is True for value in self.numbers)

    def floats(self) -> Array:
        """Return them as floats."""
        return np.array([float(value) for value in self.numbers])

    def fractions(self) -> list[Fraction]:
        """Return them as rational numbers, irrational ones to 60 digits."""
        return [as_fraction(value) for value in self.numbers]

    def relative(self) -> Relative:
        """Return them over their mean."""
        return Relative.exactly(self.fractions())

    def power_sum(self, order: int) -> Expr:
        """Return the sum of their powers."""
        if not self.is_rational:
            return Add(*(value**order for value in self.numbers))
        total = sum((value**order for value in self.fractions()), Fraction(0))
        return Rational(total.numerator, total.denominator)

    def ends(self) -> tuple[Expr, Expr]:
        """Return the least and the largest."""
        if self.is_rational:
            return min(self.numbers), max(self.numbers)
        return Min(*self.numbers), Max(*self.numbers)

    def scaled_to_mean_one(self) -> Spectrum:
        """Return them divided by their mean."""
        mean = Add(*self.numbers) / len(self)
        return Spectrum(value / mean for value in self.numbers)


class FloatSpectrum(Spectrum):
    """Eigenvalues that came as floats: what needs no more than floats sees the array.

    Each stands for the dyadic rational that it is, over a divisor that all share.

    Parameters
    ----------
    values : numpy.ndarray
        Of type float64, shape (d,); finite, none negative, not all zero.
    divisor : fractions.Fraction, optional

    Examples
    --------
    >>> FloatSpectrum(np.array([0.5, 1.5])).power_sum(2)
    5/2
    >>> FloatSpectrum(np.array([1.0, 2.0])).scaled_to_mean_one()
    (2/3, 4/3)
    """

    has_symbols = False
    is_rational = True

    def __init__(self, values: Array, divisor: Fraction = Fraction(1)) -> None:
        self._floats, self._divisor = values, divisor

    @cached_property
    def numbers(self) -> tuple[Expr, ...]:
        """The eigenvalues, each as SymPy has it."""
        return tuple(Rational(v.numerator, v.denominator) for v in self.fractions())

    def __len__(self) -> int:
        return len(self._floats)

    @property
    def zeros(self) -> int:
        """How many are zero."""
        return int(np.count_nonzero(self._floats == 0))

    def floats(self) -> Array:
        """Return them as floats."""
        if self._divisor == 1:
            return self._floats
        return np.array([float(value) for value in self.fractions()])

    def fractions(self) -> list[Fraction]:
        """Return them as rational numbers."""
        values = map(Fraction, self._floats.tolist())
        return list(values) if self._divisor == 1 else [v / self._divisor for v in values]

    def relative(self) -> Relative:
        """Return them over their mean."""
        return Relative.of_one(self._floats)

    def power_sum(self, order: int) -> Expr:
        """Return the sum of their powers, exactly."""
        if order < 0:
            return super().power_sum(order)
        integers, exponent = _over_a_power_of_two(self._floats)
        total = sum(value**order for value in integers) * Fraction(2) ** (exponent * order)
        total /= self._divisor**order
        return Rational(total.numerator, total.denominator)

    def ends(self) -> tuple[Expr, Expr]:
        """Return the least and the largest."""
        ends = FloatSpectrum(np.array([self._floats.min(), self._floats.max()]), self._divisor)
        return ends.numbers[0], ends.numbers[1]

    def scaled_to_mean_one(self) -> Spectrum:
        """Return them divided by their mean."""
        first = self.power_sum(1)
        mean = Fraction(int(first.p), int(first.q)) / len(self)
        return FloatSpectrum(self._floats, self._divisor * mean)


def _over_a_power_of_two(values: Array) -> tuple[list[int], int]:
    """Return integers and an exponent e with values = integers · 2^e, and no rounding.

    Examples
    --------
    >>> _over_a_power_of_two(np.array([0.75, 2.0]))[0][1] == 2**55 // 2
    True
    """
    mantissas, exponents = np.frexp(values)
    lowest = int(exponents[values != 0].min())
    wholes = np.ldexp(mantissas, 53).astype(np.int64).tolist()
    shifts = np.maximum(exponents - lowest, 0).tolist()
    return [whole << shift for whole, shift in zip(wholes, shifts, strict=True)], lowest - 53
