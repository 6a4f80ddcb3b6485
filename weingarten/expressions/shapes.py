"""Let pass what fits: the shapes of matrices in products, sums and traces, symbolic ones too."""

from __future__ import annotations

import re
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
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.expressions.conditions import same

#: The names of the indices in an entry of a product that SymPy writes out.
_NAME = re.compile(r"i_\d+")


def check_product(expr: MatMul) -> None:
    """Let pass a product whose neighbours fit.

    Raises
    ------
    ValueError
        If the columns of one are not the rows of the next, or it cannot be seen that they are.
    """
    matrices = [factor for factor in expr.args if getattr(factor, "is_Matrix", False)]
    for one, other in pairwise(matrices):
        if not same(one.shape[1], other.shape[0]):
            raise ValueError(
                f"expr contains {expr}, where {_described(one)} stands before "
                f"{_described(other)}; expected as many columns as rows"
            )


def check_sum(expr: MatAdd | HadamardProduct) -> None:
    """Let pass a sum, or a product entry by entry, of matrices of one shape.

    Raises
    ------
    ValueError
        If the shapes differ, or it cannot be seen that they are equal.
    """
    first, *others = expr.args
    beside = "is added to" if isinstance(expr, MatAdd) else "is multiplied entry by entry with"
    for other in others:
        if not all(same(a, b) for a, b in zip(first.shape, other.shape, strict=True)):
            raise ValueError(
                f"expr contains {expr}, where {_described(first)} {beside} "
                f"{_described(other)}; expected one shape"
            )


def check_all(expr: Any) -> None:
    """Let pass an expression in which everything fits, what is constant in it too.

    Raises
    ------
    ValueError
        If shapes do not fit somewhere, a diagonal matrix is made of no vector, or an infinite or
        undefined number is a term or a factor.
    """
    for part in expr.atoms(*_CHECKED):
        if isinstance(part, MatMul):
            check_product(part)
        elif isinstance(part, MatAdd | HadamardProduct):
            check_sum(part)
        elif isinstance(part, DiagMatrix):
            _check_vector(part)
        elif isinstance(part, Trace | Determinant | Inverse | MatPow):
            check_square(part.args[0], part)
        if any(arg in _NO_NUMBERS for arg in part.args):
            raise ValueError(f"expr contains {part}; expected finite numbers")
    if expr in _NO_NUMBERS:
        raise ValueError(f"expr = {expr}: expected a finite number")


#: What is looked at: products, sums, and what wants a shape of its own.
_CHECKED = (
    *(Mul, Add, MatMul, MatAdd, HadamardProduct),
    *(DiagMatrix, Trace, Determinant, Inverse, MatPow),
)
_NO_NUMBERS = frozenset({S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity})


def _check_vector(expr: DiagMatrix) -> None:
    """Let pass a diagonal matrix of a column or of a row, or one of a single entry."""
    vector = expr.args[0]
    if S.One not in vector.shape:
        raise ValueError(
            f"expr contains {expr}, where {_described(vector)}; expected a column or a row, of "
            "which the entries are put on the diagonal"
        )


def check_square(matrix: Any, expr: Any) -> None:
    """Let pass a square matrix.

    Raises
    ------
    ValueError
        If its numbers of rows and columns differ, or it cannot be seen that they are equal.
    """
    if not same(*matrix.shape):
        raise ValueError(f"expr contains {expr}, where {_described(matrix)}; expected a square one")


def check_joined(total: Sum) -> None:
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
        found = sorted(
            {
                (str(entry.parent), entry.parent, size)
                for entry in total.function.atoms(MatrixElement)
                for end, size in zip(entry.indices, entry.parent.shape, strict=True)
                if end == index
            },
            key=lambda item: (not same(item[2] - 1, limits[-1]), item[0]),
        )
        misfit = [matrix for _, matrix, size in found if not same(size - 1, limits[-1])]
        if misfit:
            raise ValueError(
                f"expr contains an entry of a product in which {_described(found[0][1])} stands "
                f"beside {_described(misfit[-1])}; expected as many columns as rows"
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


def _described(matrix: Any) -> str:
    name = "a matrix" if isinstance(matrix, MatrixBase) else str(matrix)
    return f"{name} of shape {matrix.shape[0]} x {matrix.shape[1]}"
