"""Where a part of an expression is evaluated: draws of its matrices, and points of its indices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from sympy import MatrixBase, MatrixExpr, Symbol

from weingarten.values.numbers import Array as Array

#: What an index may be off an integer by the rounding of its own formula.
_INTEGER = 1e-9


class Frame:
    """Values of matrices and symbols, and the points at which the indices of sums stand.

    The value of a scalar has the axes draw, point; that of a matrix draw, point, row, column. An
    axis along which it is constant may have length one.

    Parameters
    ----------
    values : mapping
        Arrays with the axes draw, row, column for matrices, numbers for symbols.
    draws : int
        How many draws the arrays hold.
    """

    def __init__(self, values: Mapping[Any, Any], draws: int):
        self.values = values
        self.draws = draws
        self.count = 1
        #: Index → its value, with the axes draw, point.
        self.indices: dict[Any, Array] = {}
        #: Where the values matter; everywhere if None. Elsewhere they may be anything finite.
        self.relevant: Array | None = None
        self._parent: Frame | None = None
        self._own: frozenset[Any] | None = frozenset()
        self._origin: Array = np.zeros(1, dtype=int)
        self._memo: dict[Any, Array] = {}

    # Points ---------------------------------------------------------------------------------------

    @property
    def root(self) -> Frame:
        """The frame without indices."""
        return self if self._parent is None else self._parent.root

    def bound(self, own: Mapping[Any, Array], origin: Array) -> Frame:
        """Return a frame with further indices; each of its points lies over one of these here."""
        frame = Frame(self.values, self.draws)
        frame.count = len(origin)
        frame.indices = {index: _taken(value, origin) for index, value in self.indices.items()}
        frame.indices.update(own)
        frame.relevant = None if self.relevant is None else _taken(self.relevant, origin)
        frame._parent, frame._own, frame._origin = self, frozenset(own), origin
        return frame

    def grid(self, ranges: Mapping[Any, range]) -> Frame:
        """Return a frame in which indices run through ranges, over each point here."""
        frame = self
        for index, values in ranges.items():
            origin = np.repeat(np.arange(frame.count), len(values))
            running = np.tile(np.asarray(values, dtype=float), frame.count)
            frame = frame.bound({index: running[None]}, origin)
        return frame

    def where(self, chosen: Array) -> Frame:
        """Return a frame with the same points in which values matter in fewer places."""
        frame = self.bound({}, np.arange(self.count))
        frame._own = None
        frame.relevant = chosen if self.relevant is None else chosen & self.relevant
        return frame

    # Values ---------------------------------------------------------------------------------------

    def scalar(self, expr: Any) -> Array:
        """Return the value of a scalar, with the axes draw, point."""
        return self._value(expr, scalar_value)

    def matrix(self, expr: Any) -> Array:
        """Return the value of a matrix, with the axes draw, point, row, column."""
        return self._value(expr, matrix_value)

    def square(self, expr: Any) -> Array:
        """Return the value of a square matrix."""
        value = self.matrix(expr)
        if value.shape[-2] != value.shape[-1]:
            raise refused(expr, f"it is {value.shape[-2]} x {value.shape[-1]}; expected it square")
        return value

    def _value(self, expr: Any, rule: Any) -> Array:
        if expr not in self._memo:
            if self._parent is None or self._own is None or self._own & expr.free_symbols:
                self._memo[expr] = self._finite(expr, rule(expr, self))
            else:
                # What does not depend on these indices is evaluated once for all of them.
                self._memo[expr] = _taken(self._parent._value(expr, rule), self._origin)
        return self._memo[expr]

    def _finite(self, expr: Any, value: Array) -> Array:
        if np.isfinite(value).all():
            return value
        wrong = ~np.isfinite(value)
        if self.relevant is not None:
            relevant = self.relevant.reshape(*self.relevant.shape, *[1] * (value.ndim - 2))
            value, relevant = np.broadcast_arrays(value, relevant)
            value, wrong = np.where(relevant, value, 0), ~np.isfinite(value) & relevant
        count = wrong.reshape(len(wrong), -1).any(axis=1).sum()
        if count:
            where = f" in {count} of {self.draws} draws" if len(wrong) > 1 else ""
            raise ValueError(f"{expr} is not a finite number{where}")
        return value

    def integers(self, expr: Any) -> Array:
        """Return the integers that an index or a limit stands for, with the axis point."""
        value = self.scalar(expr)
        if len(value) > 1:
            raise ValueError(f"{expr} differs between draws; expected an integer")
        value = value[0]
        rounded = np.rint(value.real)
        wrong = np.abs(value - rounded) > _INTEGER
        if self.relevant is not None and self.relevant.any():
            # Elsewhere they stand for what they are where they matter first.
            relevant = self.relevant.any(axis=0)
            wrong, rounded, relevant = np.broadcast_arrays(wrong, rounded, relevant)
            wrong = wrong & relevant
            rounded = np.where(relevant, rounded, rounded[relevant.argmax()])
        if wrong.any():
            found = np.broadcast_to(value, wrong.shape)[wrong.argmax()]
            raise ValueError(f"{expr} = {found:g}: expected an integer")
        return np.asarray(rounded, dtype=int)

    def size(self, expr: Any) -> int:
        """Return the number of rows or columns that an expression stands for."""
        values = np.unique(self.integers(expr)) if self.count else np.zeros(1, dtype=int)
        if len(values) > 1 or values[0] < 0:
            raise ValueError(f"{expr} is the size of a matrix; expected one number for it")
        return int(values[0])

    def shape(self, expr: Any) -> tuple[int, int]:
        """Return the number of rows and of columns of a matrix."""
        rows, columns = expr.shape
        return self.size(rows), self.size(columns)


@singledispatch
def scalar_value(expr: Any, frame: Frame) -> Array:
    """Evaluate a scalar: one rule for each kind of expression, registered beside its fellows."""
    raise refused(expr)


@singledispatch
def matrix_value(expr: Any, frame: Frame) -> Array:
    """Evaluate a matrix: one rule for each kind of expression."""
    raise refused(expr)


def is_matrix(expr: Any) -> bool:
    """Return whether an expression is a matrix."""
    return isinstance(expr, MatrixExpr | MatrixBase)


def refused(expr: Any, why: str = "") -> ValueError:
    """Return the error for a part of an expression that is not evaluated."""
    kind = type(expr).__name__
    reason = why or f"there is no rule to evaluate a {kind} on samples; write it in other terms"
    return ValueError(f"expr contains {expr}: {reason}")


def missing(symbol: Any) -> ValueError:
    """Return the error for a symbol or a matrix without a value."""
    value = "5" if isinstance(symbol, Symbol) else f"an array of shape {symbol.shape}"
    return ValueError(
        f"{symbol} has no value; expected one in `at`, such as at={{{symbol}: {value}}}"
    )


def _taken(value: Array, origin: Array) -> Array:
    return value if value.shape[1] == 1 else np.take(value, origin, axis=1)
