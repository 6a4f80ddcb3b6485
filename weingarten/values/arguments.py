"""What is given in `at`, read at the door: an expression, and values for what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import (
    Basic,
    Expr,
    MatrixBase,
    MatrixSymbol,
    Symbol,
    SympifyError,
    sympify,
)

from weingarten.ensembles.base import RandomMatrix
from weingarten.values.numbers import Array, array_of, as_float, as_rows, is_out_of_range, number_of
from weingarten.values.shapes import check_all
from weingarten.values.substitution import INFINITE, not_finite, with_values


def read_expression(expr: Any, argument: str = "expr") -> Any:
    """Return a scalar or matrix expression.

    Raises
    ------
    TypeError
        If it is none; the message says what to write.
    """
    if isinstance(expr, np.ndarray):
        raise TypeError(
            f"{argument} is a NumPy array of shape {expr.shape}; expected a SymPy expression or "
            f"matrix: Matrix({argument}.tolist()) for an array of expressions, or a MatrixSymbol "
            "with the array of numbers in `at`"
        )
    try:
        read = sympify(expr, strict=True)
    except SympifyError:
        read = None
    if isinstance(read, MatrixBase):
        return read.as_immutable()
    if isinstance(read, Expr):
        return read
    raise TypeError(
        f"{argument} = {expr!r} is of type {type(expr).__name__}; expected a SymPy expression or "
        "matrix"
    )


@dataclass(frozen=True)
class Values:
    """Values of symbols and of matrices that are not random.

    Attributes
    ----------
    numbers : dict from Symbol to Expr
        SymPy numbers.
    arrays : dict from MatrixSymbol to ndarray
        Arrays of the shape of the matrix, of floats or complex numbers.
    unused : tuple of str
        The names of what has a value, and stands in none of the expressions.
    originals : dict from MatrixSymbol to Any
        The same as they were passed: what is exact there is rounded in the arrays.
    """

    numbers: dict[Any, Any]
    arrays: dict[Any, Array]
    unused: tuple[str, ...] = ()
    originals: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, at: Any, expressions: list[Any]) -> Values:
        """Read what a user passes as `at`, for the symbols of some expressions.

        Raises
        ------
        TypeError, ValueError
            If it is no mapping, a value does not fit its symbol, or one is missing.
        """
        sizes = set().union(*map(_symbols_in_shapes, expressions))
        needed = set().union(sizes, *map(_parameters, expressions))
        needed = needed.union(*(expr.free_symbols for expr in expressions))
        needed = {symbol for symbol in needed if not _has_entries(symbol)}
        if at is None:
            at = {}
        if not isinstance(at, Mapping):
            raise TypeError(
                f"at = {at!r}: expected a mapping from symbols to numbers and from matrix symbols "
                f"to arrays, such as at={_example(needed)}"
            )
        _require_symbols(at, needed)
        numbers = {
            symbol: number_of(symbol, value, symbol in sizes)
            for symbol, value in at.items()
            if isinstance(symbol, Symbol)
        }
        _require_all(needed, at)
        unused = tuple(sorted(str(key) for key in at if key not in needed))
        values = cls(numbers, {}, unused)
        for expr in expressions:
            check_all(expr, values.size)
        for symbol, value in at.items():
            if isinstance(symbol, MatrixSymbol):
                given = as_rows(symbol, value)
                values.arrays[symbol] = array_of(symbol, given, values._shape(symbol))
                values.originals[symbol] = given
        return values

    @property
    def integers(self) -> dict[Any, Any]:
        """Those of the numbers that are integers, and may be sizes."""
        return {symbol: value for symbol, value in self.numbers.items() if value.is_Integer}

    def substituted(self, expr: Any) -> Any:
        """Return an expression, or a list of them, with the integers put in.

        Raises
        ------
        ValueError
            If a part of it has no finite value then.
        """
        if isinstance(expr, list | tuple):
            return type(expr)(map(self.substituted, expr))
        if not isinstance(expr, Basic):
            return expr
        made = with_values(expr, self.integers)
        if made.has(*INFINITE) and not expr.has(*INFINITE):
            raise not_finite(expr, self.integers)
        return made

    def _shape(self, matrix: Any) -> tuple[int, ...]:
        """Return the shape of a matrix, in numbers."""
        expected = tuple(map(self.substituted, matrix.shape))
        if not all(size.is_Integer for size in expected):
            _require_all(set().union(*(size.free_symbols for size in expected)), self.numbers)
        return tuple(map(int, expected))

    def size(self, length: Any) -> Any:
        """Return the number that the size of a matrix is."""
        return with_values(sympify(length), self.integers)

    def for_evaluator(self) -> dict[Any, Any]:
        """Return floats and arrays, of a matrix under its symbol as given and as substituted.

        Raises
        ------
        ValueError
            If a float does not hold an entry that was given exactly.
        """
        for matrix, array in self.arrays.items():
            given = np.asarray(self.originals[matrix])
            if given.dtype == object and is_out_of_range(
                array, [list(map(sympify, row)) for row in given]
            ):
                raise ValueError(
                    f"{matrix} has entries that are too large or too small for floats; expected "
                    "others: samples are made of floats"
                )
        return {
            **{symbol: as_float(number) for symbol, number in self.numbers.items()},
            **{self.substituted(matrix): array for matrix, array in self.arrays.items()},
            **self.arrays,
        }


def is_known(matrix: Any) -> bool:
    """Return whether a named matrix, such as that of a form, says its entries itself."""
    return not isinstance(matrix, RandomMatrix) and type(matrix)._entry is not MatrixSymbol._entry


def _has_entries(symbol: Any) -> bool:
    return isinstance(symbol, MatrixSymbol) and (
        isinstance(symbol, RandomMatrix) or is_known(symbol)
    )


def _symbols_in_shapes(expr: Any) -> set[Any]:
    found: set[Any] = set()
    for matrix in expr.atoms(MatrixSymbol):
        for size in matrix.shape:
            found |= size.free_symbols
    return found


def _parameters(expr: Any) -> set[Any]:
    # A variance, say: what follows the name of a random matrix.
    return {s for m in expr.atoms(RandomMatrix) for arg in m.args[1:] for s in arg.free_symbols}


def _require_symbols(at: Mapping[Any, Any], needed: set[Any]) -> None:
    for key in at:
        if isinstance(key, RandomMatrix):
            raise TypeError(
                f"at has a value for {key}, which is random; expected none: it is drawn"
            )
        if not isinstance(key, Symbol | MatrixSymbol):
            raise TypeError(
                f"at has the key {key!r}; expected symbols and matrix symbols as keys, such as "
                f"at={_example(needed)}"
            )


def _require_all(needed: set[Any], at: Mapping[Any, Any]) -> None:
    missing = {symbol for symbol in needed if symbol not in at}
    if not missing:
        return
    names = {str(symbol) for symbol in missing}
    listed = ", ".join(sorted(names))
    alike = sorted(names & {str(key) for key in at})
    hint = (
        f"; the {', '.join(alike)} in `at` is another symbol, of other assumptions or another shape"
        if alike
        else ""
    )
    raise ValueError(
        f"{listed} {'has' if len(missing) == 1 else 'have'} no value; expected one in `at`, such "
        f"as at={_example(missing)}{hint}"
    )


def _example(symbols: set[Any]) -> str:
    """Write values for symbols as one would pass them."""

    def value(symbol: Any) -> str:
        if isinstance(symbol, MatrixSymbol):
            return f"<array of shape {' x '.join(map(str, symbol.shape))}>"
        return "0.5" if symbol.is_integer is None and symbol.is_positive is None else "5"

    order = sorted(symbols, key=lambda s: (isinstance(s, MatrixSymbol), str(s)))
    return "{" + ", ".join(f"{symbol}: {value(symbol)}" for symbol in order or ["d"]) + "}"
