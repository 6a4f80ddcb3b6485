"""What is given in `at`, read at the door: an expression, and values for what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import (
    Basic,
    Expr,
    Float,
    I,
    Integer,
    Lambda,
    MatrixBase,
    MatrixExpr,
    MatrixSymbol,
    Rational,
    S,
    Symbol,
    SympifyError,
    postorder_traversal,
    sympify,
)
from sympy.concrete.expr_with_limits import ExprWithLimits

from weingarten.ensembles.base import IndexOutOfRangeError, RandomMatrix
from weingarten.values.shapes import check_all

Array: TypeAlias = NDArray[Any]

_INFINITE = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)

#: Facts about a symbol, the telling ones first.
_FACTS = ("integer", "real", "positive", "nonnegative", "negative", "nonpositive", "nonzero")


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
            symbol: _number(symbol, value, symbol in sizes)
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
                given = _as_rows(symbol, value)
                values.arrays[symbol] = _array(symbol, given, values)
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
        if made.has(*_INFINITE) and not expr.has(*_INFINITE):
            raise not_finite(expr, self.integers)
        return made

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
            **{symbol: _as_float(number) for symbol, number in self.numbers.items()},
            **{self.substituted(matrix): array for matrix, array in self.arrays.items()},
            **self.arrays,
        }


def with_values(expr: Any, values: Mapping[Any, Any]) -> Any:
    """Put values for symbols wherever these stand, in the shapes of matrices as well.

    SymPy's ``subs`` leaves a sum alone whose free symbols are not those to be replaced, and the
    dimension is no free symbol of an entry: so expressions that hold matrices are rebuilt from
    their parts.

    Parameters
    ----------
    expr : Basic
        An expression, a matrix or a fact.
    values : mapping from Symbol to Expr
        What is put in; not for an index that is summed.

    Examples
    --------
    >>> from sympy import Sum, symbols
    >>> from weingarten import HaarOrthogonal
    >>> d, i = symbols("d i", integer=True, positive=True)
    >>> total = with_values(Sum(HaarOrthogonal("W", d)[i, 0]**2, (i, 0, 1)), {d: Integer(3)})
    >>> [matrix.shape for matrix in total.atoms(MatrixSymbol)]
    [(3, 3)]
    """
    return _Rebuilt(values).of(expr) if values else expr


def not_finite(expr: Any, values: Mapping[Any, Any]) -> ValueError:
    """Return the error for an expression that is not finite at some values: it names the part.

    Examples
    --------
    >>> from sympy.abc import x, y
    >>> print(not_finite(y + 1/x, {x: Integer(0), y: Integer(2)}))
    expr contains 1/x, which has no finite value at x = 0; expected other values
    """
    parts = (part for part in postorder_traversal(expr) if isinstance(part, Expr))
    part = next((p for p in parts if with_values(p, values).has(*_INFINITE)), expr)
    at = ", ".join(f"{s} = {values[s]}" for s in sorted(part.free_symbols & set(values), key=str))
    where = f" at {at}" if at else ""
    return ValueError(
        f"expr contains {part}, which has no finite value{where}; expected other values"
    )


class _Rebuilt:
    """Expressions with values put in, each part once."""

    def __init__(self, values: Mapping[Any, Any]) -> None:
        self._values = dict(values)
        self._made: dict[Any, Any] = {}

    def of(self, expr: Any) -> Any:
        if expr not in self._made:
            self._made[expr] = self._of(expr)
        return self._made[expr]

    def _of(self, expr: Any) -> Any:
        if expr in self._values:
            return self._values[expr]
        if isinstance(expr, MatrixBase):
            return expr.applyfunc(self.of)
        if not isinstance(expr, Basic) or not expr.args:
            return expr
        if not expr.has(MatrixExpr, MatrixBase):
            return expr.subs(self._values)
        if isinstance(expr, ExprWithLimits):
            return self._summed(expr)
        if isinstance(expr, Lambda):
            own = set(expr.bound_symbols)
            inside = _Rebuilt({s: v for s, v in self._values.items() if s not in own})
            return Lambda(expr.signature, inside.of(expr.expr))
        made = [self.of(arg) for arg in expr.args]
        changed = any(new is not old for new, old in zip(made, expr.args, strict=True))
        if not changed:
            return expr
        try:
            return expr.func(*made)
        except IndexOutOfRangeError:
            raise
        except IndexError:
            matrix, *indices = made
            raise IndexOutOfRangeError(
                f"expr contains {expr} with the indices {', '.join(map(str, indices))} in the "
                f"shape {matrix.shape}; expected indices from 0 that are below these"
            ) from None

    def _summed(self, expr: Any) -> Any:
        """Return a sum; its own indices are no symbols that have a value."""
        limits: list[Any] = []
        inside = self
        for index, *ends in reversed(expr.limits):  # the last one is the outermost
            limits.append((index, *map(inside.of, ends)))
            if index in inside._values:
                left = {s: v for s, v in inside._values.items() if s != index}
                inside = _Rebuilt(left)
        return expr.func(inside.of(expr.function), *reversed(limits))


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


def _number(symbol: Any, value: Any, is_size: bool) -> Any:
    """Return the SymPy number that a value is, if the symbol may have it."""
    shown = f"at={{{symbol}: {value!r}}}"
    if isinstance(value, np.longdouble | np.clongdouble):
        _require_double(f"{shown}: a number", np.asarray(value))
    number = _as_number(value)
    if number is None:
        raise TypeError(f"{shown}: expected a number for {symbol}")
    if number.is_finite is not True:
        raise ValueError(f"{shown}: expected a finite number for {symbol}")
    if (is_size or symbol.is_integer) and not number.is_Integer:
        whole = number.is_real and float(number).is_integer()
        write = f"write {int(number)}" if whole else "such as 5"
        raise TypeError(f"{shown}: expected an integer for {symbol}, {write}")
    known = symbol.assumptions0
    for fact in (*_FACTS, *known):
        holds = getattr(number, f"is_{fact}", None)
        if known.get(fact) is not None and holds is not None and holds != known[fact]:
            expected = fact if known[fact] else f"not {fact}"
            raise ValueError(f"{shown}: {symbol} is {expected} by its assumptions")
    return number


def _as_number(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Expr):
        return value if value.is_number and not value.has(MatrixSymbol) else None
    if isinstance(value, Integral):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Real):
        return Float(float(value))
    if isinstance(value, complex | np.complexfloating):
        value = complex(value)
        return Float(value.real) + (I * Float(value.imag) if value.imag else 0)
    return None


def _as_float(number: Any) -> complex | float | int:
    value = complex(number)
    return value if value.imag else value.real


def _as_rows(matrix: Any, value: Any) -> Any:
    """Return a value as an array, an explicit matrix, or as it is: rows of numbers."""
    if isinstance(value, MatrixExpr):
        try:
            made = value.as_explicit()
        except (ValueError, TypeError, AttributeError, NotImplementedError):
            made = None
        if not isinstance(made, MatrixBase) or any(_as_number(entry) is None for entry in made):
            raise TypeError(
                f"at={{{matrix}: ...}}: the value of {matrix}, of type {type(value).__name__} and "
                f"shape {value.shape[0]} x {value.shape[1]}, has entries that are not known "
                "numbers; expected a matrix of numbers, such as Identity(2) or an array"
            )
        return made
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray | MatrixBase):
        return np.asarray(value)
    return value


def _array(matrix: Any, value: Any, values: Values) -> Array:
    """Return the array that a value is, if it fits the matrix."""
    expected = tuple(map(values.substituted, matrix.shape))
    if not all(size.is_Integer for size in expected):
        symbols = set().union(*(size.free_symbols for size in expected))
        _require_all(symbols, values.numbers)
    shape = tuple(map(int, expected))
    _require_whole(matrix, value)
    try:
        given = np.asarray(value.tolist() if isinstance(value, MatrixBase) else value)
        array = _rounded(given)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"at={{{matrix}: ...}}: the value of {matrix} is no array of numbers; expected one of "
            f"shape {shape}"
        ) from None
    _require_double(f"{matrix} has entries", given)
    if array.shape != shape:
        write = f"; write numpy.reshape(..., {shape})" if array.size == np.prod(shape) else ""
        raise ValueError(f"{matrix} has the shape {array.shape}; expected {shape}{write}")
    if not all(map(_is_finite, given.ravel()[~np.isfinite(array.ravel())])):
        raise ValueError(f"{matrix} has entries that are not finite; expected numbers")
    return array


def _require_whole(matrix: Any, value: Any) -> None:
    """Let pass a value of which nothing is masked."""
    rows = [value, *value] if isinstance(value, list | tuple) else [value]
    if any(np.ma.is_masked(row) for row in rows):
        raise ValueError(
            f"{matrix} has entries that are masked; expected numbers, such as ....filled(0)"
        )


def _require_double(what: str, given: Any) -> None:
    """Let pass numbers of more digits than a double has only where they do not need them."""
    long = (np.longdouble, np.clongdouble)
    numbers = given.ravel() if given.dtype == object or given.dtype.type in long else ()
    for number in numbers:
        if isinstance(number, long) and np.isfinite(number) and complex(number) != number:
            raise TypeError(
                f"{what} of type {type(number).__name__}, whose last digits a float does not hold; "
                "expected floats (....astype(float) cuts them off), or exact numbers"
            )


def _rounded(given: Array) -> Array:
    """Return floats, or complex numbers; what is exact may be too large or too small for them."""
    if given.dtype == object and given.size:
        numbers = [rounded_number(entry) for entry in given.ravel()]
        given = np.array(numbers).reshape(given.shape)
    return given.astype(complex if _is_complex(given) else float)


def rounded_number(entry: Any) -> complex | float:
    """Return the float or complex number next to a number: infinite if it is too large for one.

    Raises
    ------
    TypeError
        If it is none.
    """
    if type(entry) is float:
        return entry
    number = _as_number(entry)
    if number is None:
        raise TypeError
    re, im = (number, 0) if number.is_Rational else number.as_real_imag()
    return complex(_rounded_part(re), _rounded_part(im)) if im != 0 else _rounded_part(re)


def _rounded_part(part: Any) -> float:
    if not getattr(part, "is_Rational", False):
        return float(part)
    try:
        return int(part.p) / int(part.q)
    except OverflowError:
        return inf if part > 0 else -inf


def is_out_of_range(array: Array, entries: Any) -> bool:
    """Return whether one of some exact entries is too large or too small for the float it became.

    Parameters
    ----------
    array : ndarray
        The floats or complex numbers.
    entries : list of list of Expr
        What they were made of.
    """
    sizes = np.stack([array.real, array.imag], axis=-1)
    wrong = ~np.isfinite(sizes) | (np.abs(sizes) < np.finfo(float).tiny)
    return any(
        entries[i][j].as_real_imag()[part] != 0
        for i, j, part in np.argwhere(wrong).tolist()
        if entries[i][j] != 0
    )


def _is_finite(entry: Any) -> bool:
    number = _as_number(entry)
    return number is not None and bool(number.is_finite)


def _is_complex(array: Array) -> bool:
    if array.dtype.kind in "US":
        raise TypeError
    return np.iscomplexobj(array)
