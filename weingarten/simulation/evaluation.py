"""Evaluate a SymPy expression in matrices on NumPy arrays, many draws at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, reduce
from math import prod
from typing import Any

import numpy as np
from sympy import (
    Adjoint,
    Determinant,
    DiagMatrix,
    Dummy,
    Expr,
    HadamardProduct,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    OneMatrix,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    conjugate,
    lambdify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import Alphabet, to_sympy


class Evaluator:
    """Evaluates expressions with arrays for their matrices and numbers for their symbols.

    Parameters
    ----------
    values : mapping from MatrixSymbol or Symbol to array or number
        Arrays of draws have the draw as the first axis.

    Examples
    --------
    >>> from sympy import Trace
    >>> A = MatrixSymbol("A", 2, 2)
    >>> float(Evaluator({A: np.eye(2)})(Trace(A*A.T)))
    2.0
    """

    def __init__(self, values: Mapping[Any, Any]):
        self._values = dict(values)

    def __call__(self, expr: Any) -> Any:
        """Return the value of an expression.

        Raises
        ------
        ValueError
            If a symbol or matrix has no value.
        """
        if expr not in self._values:
            self._values[expr] = self._evaluated(expr)
        return self._values[expr]

    def _evaluated(self, expr: Any) -> Any:
        if isinstance(expr, MatrixElement):
            for index in expr.indices:
                if not index.is_Integer:
                    raise ValueError(f"{expr} has the index {index}; expected a number for it")
            return self._entry(expr.parent, *map(int, expr.indices))
        if isinstance(expr, Trace):
            return np.trace(self(expr.arg), axis1=-2, axis2=-1)
        if isinstance(expr, Determinant):
            return np.linalg.det(self(expr.arg))
        if isinstance(expr, Sum):
            return self._sum(expr)
        if getattr(expr, "is_Matrix", False):
            return self._matrix(expr)
        return self._scalar(expr)

    def _entry(self, matrix: Any, i: int, j: int) -> Any:
        """Return an entry, of a product as a row times matrices: the product is not needed."""
        if not isinstance(matrix, MatMul) or not all(factor.is_Matrix for factor in matrix.args):
            return self(matrix)[..., i, j]
        first, *others = map(self, matrix.args)
        row = first[..., i, :]
        for other in others:
            row = np.einsum("...a,...ab->...b", row, other)
        return row[..., j]

    def _sum(self, expr: Sum) -> Any:
        """Return a sum over indices: as entries of products where they join matrices."""
        try:
            polynomial = Reader(Alphabet()).scalar(expr)
        except ValueError:
            return self(expr.doit())
        total = 0
        for chains, coefficient in polynomial.items():
            total = total + self(coefficient) * prod(self(to_sympy(chain)) for chain in chains)
        return total

    def _scalar(self, expr: Expr) -> Any:
        if expr.is_number and not expr.args:
            return complex(expr) if expr.is_real is False else float(expr)
        if not expr.args:
            raise ValueError(f"{expr} has no value; expected one in `at`, such as at={{{expr}: 5}}")
        function = _function(expr.func, len(expr.args))
        return function(*(self(arg) for arg in expr.args))

    def _matrix(self, expr: Any) -> Any:
        if isinstance(expr, MatMul):
            return reduce(_times, map(self._factor, expr.args))
        if isinstance(expr, MatAdd):
            return sum(map(self, expr.args))
        if isinstance(expr, MatPow):
            return np.linalg.matrix_power(self(expr.base), int(expr.exp))
        if isinstance(expr, Inverse):
            return np.linalg.inv(self(expr.arg))
        if isinstance(expr, Transpose):
            return np.swapaxes(self(expr.arg), -2, -1)
        if isinstance(expr, Adjoint):
            return np.conj(np.swapaxes(self(expr.arg), -2, -1))
        if isinstance(expr, conjugate):
            return np.conj(self(expr.args[0]))
        if isinstance(expr, HadamardProduct):
            return reduce(np.multiply, map(self, expr.args))
        if isinstance(expr, DiagMatrix):
            return self(expr.args[0]) * np.eye(int(expr.shape[0]))
        if isinstance(expr, MatrixBase):
            entries = [np.asarray(self(entry)) for entry in expr]
            stacked = np.stack(np.broadcast_arrays(*entries), axis=-1)
            return stacked.reshape(*stacked.shape[:-1], *expr.shape)
        shape = tuple(map(int, expr.shape)) if all(s.is_Integer for s in expr.shape) else None
        if type(expr) is MatrixSymbol or isinstance(expr, RandomMatrix) or shape is None:
            raise ValueError(f"{expr} has no value; expected an array for it in `at`")
        if isinstance(expr, Identity):
            return np.eye(shape[0])
        if isinstance(expr, ZeroMatrix):
            return np.zeros(shape)
        if isinstance(expr, OneMatrix):
            return np.ones(shape)
        return self(expr.as_explicit())

    def _factor(self, factor: Any) -> Any:
        value = self(factor)
        return value if getattr(factor, "is_Matrix", False) else np.asarray(value)[..., None, None]


def _times(one: Any, other: Any) -> Any:
    # A scalar factor has two axes of length one behind those of the draws.
    scalar = one.shape[-2:] == (1, 1) or other.shape[-2:] == (1, 1)
    matching = one.shape[-1] == other.shape[-2]
    return one * other if scalar and not matching else one @ other


@lru_cache(maxsize=256)
def _function(function: Any, count: int) -> Any:
    arguments = [Dummy() for _ in range(count)]
    return lambdify(arguments, function(*arguments), modules=["scipy", "numpy"])
