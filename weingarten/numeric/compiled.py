"""An expectation as a function of dimensions and arrays, to be called many times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sympy import Basic, MatrixSymbol, Symbol

from weingarten.ensembles.base import RandomMatrix
from weingarten.numeric.given import Constant
from weingarten.numeric.value import Point
from weingarten.values.arguments import Values, read_expression


class Compiled:
    """What `compiled` returns: call it with values, in the order of the symbols.

    Attributes
    ----------
    expr : Expr or Matrix
        What it is the expectation of.
    args : tuple of Symbol or MatrixSymbol
        What its arguments stand for.
    """

    def __init__(self, expr: Any, args: Sequence[Any]) -> None:
        self.expr = read_expression(expr)
        if isinstance(args, Basic | str) or not isinstance(args, Iterable):
            raise TypeError(f"args = {args!r}: expected a list of symbols, such as [{args}]")
        self.args = tuple(args)
        for symbol in self.args:
            if not isinstance(symbol, Symbol | MatrixSymbol) or isinstance(symbol, RandomMatrix):
                raise TypeError(
                    f"args contains {symbol!r}: expected symbols, and matrix symbols that are not "
                    "random"
                )
        if len(set(self.args)) < len(self.args):
            raise ValueError(f"args = {list(self.args)}: expected each symbol once")
        #: The last values of the symbols, and the expression with these put in.
        self._last: tuple[Any, Any] = (None, None)

    def __call__(self, *values: Any, digits: int | None = None) -> Any:
        """Return the expectation, as ``E(expr, at=…, digits=…)`` does."""
        if len(values) != len(self.args):
            raise TypeError(
                f"{len(values)} values for {list(self.args)}; expected {len(self.args)}"
            )
        point = self._known(values) or self._read(values)
        return point.value(digits)

    def _read(self, values: Sequence[Any]) -> Point:
        """Read values as `E` does, and keep the expression for the next ones of these shapes."""
        at = dict(zip(self.args, values, strict=True))
        point = Point.of(self.expr, Values.of(at, [self.expr]))
        if not point.has_powers and all(_is_plain(s, v) for s, v in at.items()):
            arrays = {s: v.shape for s, v in at.items() if isinstance(s, MatrixSymbol)}
            names = {s: MatrixSymbol(s.name, *shape) for s, shape in arrays.items()}
            self._last = (_numbers(at), (point, arrays, names))
        return point

    def _known(self, values: Sequence[Any]) -> Point | None:
        """Return the last point with other arrays, if that is all that differs."""
        numbers, last = self._last
        at = dict(zip(self.args, values, strict=True))
        if last is None or not all(_is_plain(s, v) for s, v in at.items()):
            return None
        point, shapes, names = last
        arrays = {s: v for s, v in at.items() if isinstance(s, MatrixSymbol)}
        if _numbers(at) != numbers or any(v.shape != shapes[s] for s, v in arrays.items()):
            return None
        if not all(np.isfinite(v).all() for v in arrays.values()):
            return None
        if len(set(names.values())) < len(names):
            return None  # two of one name and shape: read, and refused unless they are equal
        given = {names[s]: Constant(v) for s, v in arrays.items()}
        kept = {s: c for s, c in point.inputs[1].items() if s not in given}
        return Point(point.expr, (point.inputs[0], {**given, **kept}))

    def __repr__(self) -> str:
        return f"<compiled E({self.expr}) of {', '.join(map(str, self.args))}>"


def compiled(expr: Any, args: Sequence[Any]) -> Compiled:
    """Return the expectation of an expression as a function of dimensions and arrays.

    The expression is read and integrated in the first call for each choice of dimensions; later
    ones sum over partitions, or pairings, with what the arrays are. What a call returns is right
    to the same precision as ``E(expr, at=…)``.

    Parameters
    ----------
    expr : Expr or Matrix
        As for `E`.
    args : list of Symbol and MatrixSymbol
        The arguments of the function, in order.

    Returns
    -------
    Compiled
        A function of their values: integers for dimensions, numbers, arrays.

    Raises
    ------
    TypeError, ValueError
        If `args` holds what is no symbol, or one twice; by a call, if values do not fit.

    Examples
    --------
    >>> from sympy import Basic, MatrixSymbol, Trace, symbols
    >>> from weingarten import HaarOrthogonal, compiled
    >>> d = symbols("d", integer=True, positive=True)
    >>> A, W = MatrixSymbol("A", d, d), HaarOrthogonal("W", d)
    >>> f = compiled(Trace(W*A*W.T*A), [d, A])
    >>> f(2, np.array([[1.0, 2.0], [0.0, 3.0]]))
    8.0
    >>> f(2, [[1, 2], [0, 3]])
    8
    """
    return Compiled(expr, args)


def _numbers(at: dict[Any, Any]) -> dict[Any, Any]:
    return {s: (type(v), v) for s, v in at.items() if not isinstance(s, MatrixSymbol)}


def _is_plain(symbol: Any, value: Any) -> bool:
    """Return whether a value is what is read without a look at the symbol's neighbours."""
    if isinstance(symbol, MatrixSymbol):
        return type(value) is np.ndarray and value.dtype in (np.float64, np.complex128)
    return type(value) in (int, float, complex)
