"""Values put in for the symbols of an expression, in the shapes of its matrices too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import (
    Basic,
    Expr,
    Lambda,
    MatrixBase,
    MatrixExpr,
    S,
    postorder_traversal,
)
from sympy.concrete.expr_with_limits import ExprWithLimits

from weingarten.ensembles.base import IndexOutOfRangeError

INFINITE = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)


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
    >>> from sympy import Integer, MatrixSymbol, Sum, symbols
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
    >>> from sympy import Integer
    >>> from sympy.abc import x, y
    >>> print(not_finite(y + 1/x, {x: Integer(0), y: Integer(2)}))
    expr contains 1/x, which has no finite value at x = 0; expected other values
    """
    parts = (part for part in postorder_traversal(expr) if isinstance(part, Expr))
    part = next((p for p in parts if with_values(p, values).has(*INFINITE)), expr)
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
