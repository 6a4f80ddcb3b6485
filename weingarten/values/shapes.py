"""Let pass what fits: the shapes of matrices in products, sums, traces, as letters or at numbers.

What does not fit is told before SymPy or samples run over rows that are not there: SymPy writes an
entry of a product as a sum over the columns of the one factor, however many rows the other has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sympy import (
    Add,
    Determinant,
    DiagMatrix,
    Dummy,
    Expr,
    HadamardProduct,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    Mul,
    S,
    Sum,
    Trace,
    expand,
    preorder_traversal,
    sympify,
)
from sympy.matrices.expressions import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

#: Takes the size of a matrix; returns what is compared: the size itself, or its number.
Sizes = Callable[[Any], Any]

#: The names of the indices in an entry of a product that SymPy writes out.
_NAME = re.compile(r"i_\d+")


def as_written(size: Any) -> Any:
    """Return a size as it is."""
    return size


def same(one: Any, other: Any) -> bool:
    """Return whether two sizes are equal."""
    return bool(one == other or expand(sympify(one) - sympify(other)) is S.Zero)


def check_all(expr: Any, size: Sizes = as_written) -> None:
    """Let pass an expression in which everything fits, what is constant in it too.

    Parameters
    ----------
    expr : Basic
        A scalar or a matrix.
    size : callable, optional
        Takes the size of a matrix, and returns the number that it is; by default sizes are
        compared as they are written.

    Raises
    ------
    ValueError
        If shapes do not fit somewhere, a diagonal matrix is made of no vector, or an infinite or
        undefined number is a term or a factor; the message names the part.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> M = MatrixSymbol("M", d, n)
    >>> check_all(Trace(M.T*M))
    >>> check_all(Trace(M), lambda size: size.subs({d: 3, n: 3}))
    """
    found = (part for part in preorder_traversal(expr) if isinstance(part, _CHECKED))
    for part in dict.fromkeys(found):
        for kinds, check in _CHECKS:
            if isinstance(part, kinds):
                check(part, size)
        if any(arg in _NO_NUMBERS for arg in part.args):
            raise ValueError(f"expr contains {part}; expected finite numbers")
    if expr in _NO_NUMBERS:
        raise ValueError(f"expr = {expr}: expected a finite number")


def check_product(expr: MatMul, size: Sizes = as_written) -> None:
    """Let pass a product whose neighbours fit.

    Raises
    ------
    ValueError
        If the columns of one are not the rows of the next, or it cannot be seen that they are.
    """
    for one, other in pairwise(_matrices(expr)):
        if not same(size(one.shape[1]), size(other.shape[0])):
            raise ValueError(
                f"expr contains {expr}, where {_described(one, size)} stands before "
                f"{_described(other, size)}; expected as many columns as rows"
            )


def check_sum(expr: MatAdd | HadamardProduct | HadamardPower, size: Sizes = as_written) -> None:
    """Let pass a sum, or a product entry by entry, of matrices of one shape.

    Raises
    ------
    ValueError
        If the shapes differ, or it cannot be seen that they are equal.
    """
    first, *others = _matrices(expr)
    beside = "is added to" if isinstance(expr, MatAdd) else "is multiplied entry by entry with"
    for other in others:
        if not all(same(size(a), size(b)) for a, b in zip(first.shape, other.shape, strict=True)):
            raise ValueError(
                f"expr contains {expr}, where {_described(first, size)} {beside} "
                f"{_described(other, size)}; expected one shape"
            )


def check_square(matrix: Any, expr: Any, size: Sizes = as_written) -> None:
    """Let pass a square matrix.

    Raises
    ------
    ValueError
        If its numbers of rows and columns differ, or it cannot be seen that they are equal.
    """
    if not same(*map(size, matrix.shape)):
        raise ValueError(
            f"expr contains {expr}, where {_described(matrix, size)}; expected a square one"
        )


def check_joined(total: Sum, size: Sizes = as_written) -> None:
    """Let pass a sum that SymPy wrote for an entry of a product, if its factors fit.

    SymPy runs through the columns of the one factor, however many rows the other has.

    Raises
    ------
    ValueError
        If an index of SymPy's runs through the rows or columns of one matrix, but not of another.
    """
    for index, *limits in total.limits:
        if not isinstance(index, Dummy) or index.is_integer or not _NAME.fullmatch(index.name):
            continue
        last = size(limits[-1])
        found = sorted(
            {
                (not same(size(length) - 1, last), str(entry.parent), entry.parent)
                for entry in total.function.atoms(MatrixElement)
                for end, length in zip(entry.indices, entry.parent.shape, strict=True)
                if end == index
            },
            key=lambda item: item[:2],
        )
        if found and found[-1][0]:
            raise ValueError(
                "expr contains an entry of a product in which "
                f"{_described(found[0][-1], size)} stands beside {_described(found[-1][-1], size)}"
                "; expected as many columns as rows"
            )


def check_indices(total: Sum) -> None:
    """Let pass a sum whose indices are not sizes or variances of matrices in it.

    Raises
    ------
    ValueError
        If one is: the matrices would be others in every term.
    """
    indices = {index for index, *_ in total.limits}
    for matrix in total.function.atoms(MatrixSymbol):
        found = indices & {
            s for arg in matrix.args if isinstance(arg, Expr) for s in arg.free_symbols
        }
        if found:
            index = min(found, key=str)
            raise ValueError(
                f"expr contains {total}, a sum over {index}, of which the matrix {matrix} is made; "
                "expected an index that stands in entries only"
            )


def _check_argument(expr: Any, size: Sizes) -> None:
    """Let pass what is made of a square matrix, or of a scalar."""
    if getattr(expr.args[0], "is_Matrix", False):
        check_square(expr.args[0], expr, size)


def _check_vector(expr: DiagMatrix, size: Sizes) -> None:
    """Let pass a diagonal matrix of a column or of a row, or one of a single entry."""
    vector = expr.args[0]
    if not any(same(size(length), 1) for length in vector.shape):
        raise ValueError(
            f"expr contains {expr}, where {_described(vector, size)}; expected a column or a row, "
            "of which the entries are put on the diagonal"
        )


_CHECKS: tuple[tuple[Any, Callable[[Any, Sizes], None]], ...] = (
    (MatMul, check_product),
    (MatAdd | HadamardProduct | HadamardPower, check_sum),
    (Trace | Determinant | Inverse | MatPow, _check_argument),
    (DiagMatrix, _check_vector),
    (Sum, check_joined),
)
#: What is looked at: products, sums, and what wants a shape of its own.
_CHECKED = (
    *(Mul, Add, Sum, MatMul, MatAdd, HadamardProduct, HadamardPower),
    *(DiagMatrix, Trace, Determinant, Inverse, MatPow),
)
_NO_NUMBERS = frozenset({S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity})


def _matrices(expr: Any) -> list[Any]:
    return [factor for factor in expr.args if getattr(factor, "is_Matrix", False)]


def _described(matrix: Any, size: Sizes) -> str:
    name = "a matrix" if isinstance(matrix, MatrixBase) else str(matrix)
    written = " x ".join(map(str, matrix.shape))
    at = " x ".join(str(size(length)) for length in matrix.shape)
    return f"{name} of shape {at}" + (f" ({written})" if at != written else "")
