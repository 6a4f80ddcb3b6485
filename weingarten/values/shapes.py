"""What fits at numbers: shapes in products, sums, traces and diagonals, read off the expression.

With a number for each size this is seen at once, before SymPy or samples run over rows that are
not there: SymPy writes an entry of a product as a sum over the columns of the one factor, however
many rows the other has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sympy import (
    Determinant,
    DiagMatrix,
    Dummy,
    HadamardProduct,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    Sum,
    Trace,
    preorder_traversal,
)
from sympy.matrices.expressions import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

#: The names of the indices in an entry of a product that SymPy writes out.
_NAME = re.compile(r"i_\d+")

#: Takes the size of a matrix; returns the number that it is.
Sizes = Callable[[Any], Any]


def check_shapes(expr: Any, size: Sizes) -> None:
    """Let pass an expression whose matrices fit.

    Parameters
    ----------
    expr : Basic
        A scalar or a matrix.
    size : callable
        Takes the size of a matrix, and returns the number that it is.

    Raises
    ------
    ValueError
        If they do not; the message names the part and its shapes.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> M = MatrixSymbol("M", d, n)
    >>> check_shapes(Trace(M.T*M), lambda size: size.subs({d: 3, n: 2}))
    """
    for part in preorder_traversal(expr):
        for kinds, check in _CHECKS:
            if isinstance(part, kinds):
                check(part, size)


def _product(expr: Any, size: Sizes) -> None:
    matrices = [factor for factor in expr.args if getattr(factor, "is_Matrix", False)]
    for one, other in pairwise(matrices):
        if size(one.shape[1]) != size(other.shape[0]):
            raise ValueError(
                f"expr contains {expr}, where {_described(one, size)} stands before "
                f"{_described(other, size)}; expected as many columns as rows"
            )


def _one_shape(expr: Any, size: Sizes) -> None:
    first, *others = (arg for arg in expr.args if getattr(arg, "is_Matrix", False))
    for other in others:
        if any(size(a) != size(b) for a, b in zip(first.shape, other.shape, strict=True)):
            raise ValueError(
                f"expr contains {expr}, where {_described(first, size)} stands beside "
                f"{_described(other, size)}; expected one shape"
            )


def _square(expr: Any, size: Sizes) -> None:
    matrix = expr.args[0]
    if getattr(matrix, "is_Matrix", False) and size(matrix.shape[0]) != size(matrix.shape[1]):
        raise ValueError(
            f"expr contains {expr}, where {_described(matrix, size)}; expected a square one"
        )


def _vector(expr: Any, size: Sizes) -> None:
    matrix = expr.args[0]
    if all(size(length) != 1 for length in matrix.shape):
        raise ValueError(
            f"expr contains {expr}, where {_described(matrix, size)}; expected a row or a column"
        )


def _joined(total: Any, size: Sizes) -> None:
    """Let pass a sum that SymPy wrote for an entry of a product, if its factors fit."""
    for index, *limits in total.limits:
        if not isinstance(index, Dummy) or index.is_integer or not _NAME.fullmatch(index.name):
            continue
        last = size(limits[-1])
        found = sorted(
            {
                (size(length) - 1 != last, str(entry.parent), entry.parent)
                for entry in total.function.atoms(MatrixElement)
                for end, length in zip(entry.indices, entry.parent.shape, strict=True)
                if end == index
            },
            key=lambda item: item[:2],
        )
        if found and found[-1][0]:
            raise ValueError(
                "expr contains an entry of a product in which "
                f"{_described(found[0][2], size)} stands beside {_described(found[-1][2], size)}; "
                "expected as many columns as rows"
            )


_CHECKS: tuple[tuple[Any, Callable[[Any, Sizes], None]], ...] = (
    (MatMul, _product),
    (MatAdd | HadamardProduct | HadamardPower, _one_shape),
    (Trace | Determinant | Inverse | MatPow, _square),
    (DiagMatrix, _vector),
    (Sum, _joined),
)


def _described(matrix: Any, size: Sizes) -> str:
    name = "a matrix" if isinstance(matrix, MatrixBase) else str(matrix)
    written = " x ".join(map(str, matrix.shape))
    at = " x ".join(str(size(length)) for length in matrix.shape)
    return f"{name} of shape {at}" + (f" ({written})" if at != written else "")
