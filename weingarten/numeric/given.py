"""A matrix of numbers, as it was given."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
from flint import acb_mat, arb_mat, fmpq
from sympy import Float, ImmutableMatrix, Rational, conjugate, sympify

from weingarten.numeric.arithmetic import Balls, Gaussians, Rationals
from weingarten.numeric.exact import IrrationalError, as_sympy, converted, exactly
from weingarten.numeric.floats import Floats
from weingarten.numeric.pairs import Pair
from weingarten.values.numbers import Array, is_out_of_range


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

    @property
    def is_irrational(self) -> bool:
        """Whether an entry is exact, but has no rational parts."""
        try:
            return not self.rational
        except IrrationalError:
            return True

    def given(self, arithmetic: Any) -> Any:
        """Return the matrix in an arithmetic."""
        if isinstance(arithmetic, Floats):
            if self.is_out_of_range:
                raise OverflowError("an entry is too large or too small for a float")
            rounded, hermitian = self.entries is not None, self.facts[2]
            return arithmetic.given(self.array, rounded=rounded, hermitian=hermitian)
        if isinstance(arithmetic, Balls) and self.entries is None:
            return (arb_mat if arithmetic.real else acb_mat)(self.array.tolist())
        if self.entries is None or isinstance(arithmetic, Rationals | Gaussians):
            return arithmetic.from_entries(
                [[arithmetic.number(x) for x in row] for row in self.rational]
            )
        return arithmetic.from_entries(
            [[converted(x, arithmetic) for x in row] for row in self.entries]
        )

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
