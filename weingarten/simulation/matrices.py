"""Rules for matrices: arithmetic, powers, products of other kinds, matrices that are built."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
from sympy import (
    Adjoint,
    BlockMatrix,
    DiagMatrix,
    FunctionMatrix,
    HadamardProduct,
    Identity,
    ImmutableMatrix,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixExpr,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions import HadamardPower, MatrixPermute, PermutationMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from weingarten.simulation.frame import (
    Array,
    Frame,
    is_matrix,
    matrix_value,
    missing,
    refused,
)
from weingarten.simulation.functions import power
from weingarten.values.arguments import is_known

#: Beyond this condition number a matrix counts as singular: no digit of a statistic is left.
_SINGULAR = 1e12
#: Rounding of an eigenvalue, relative to the largest.
_ROUNDING = 1e-14


# Arithmetic ---------------------------------------------------------------------------------------


@matrix_value.register(MatrixSymbol)
def _symbol(expr: Any, frame: Frame) -> Array:
    if expr not in frame.values:
        if not is_known(expr):
            raise missing(expr)
        rows, columns = frame.shape(expr)
        return frame.matrix(ImmutableMatrix(rows, columns, lambda i, j: expr[i, j]))
    value: Array = frame.values[expr][:, None]
    expected = frame.shape(expr)
    if value.shape[-2:] != expected:
        raise ValueError(f"{expr} has the shape {value.shape[-2:]}; expected {expected}")
    return value


@matrix_value.register(MatrixBase)
def _explicit(expr: Any, frame: Frame) -> Array:
    entries = np.broadcast_arrays(*map(frame.scalar, expr)) if len(expr) else [np.zeros((1, 1))]
    stacked = np.stack(entries[: len(expr)] or [np.zeros((1, 1))], axis=-1)
    return stacked[..., : len(expr)].reshape(*stacked.shape[:2], *expr.shape)


@matrix_value.register(MatAdd)
@matrix_value.register(HadamardProduct)
def _entry_by_entry(expr: Any, frame: Frame) -> Array:
    values = [frame.matrix(arg) for arg in expr.args]
    _require_one_shape(expr, [value.shape[-2:] for value in values])
    value: Array = reduce(np.add if isinstance(expr, MatAdd) else np.multiply, values)
    return value


@matrix_value.register(MatMul)
def _product(expr: Any, frame: Frame) -> Array:
    scalars = [frame.scalar(arg)[..., None, None] for arg in expr.args if not is_matrix(arg)]
    matrices = [frame.matrix(arg) for arg in expr.args if is_matrix(arg)]
    shapes = [value.shape[-2:] for value in matrices]
    if any(left[1] != right[0] for left, right in pairwise(shapes)):
        raise refused(expr, f"the shapes {_listed(shapes)} do not fit a product")
    value: Array = reduce(np.multiply, scalars, reduce(np.matmul, matrices))
    return value


@matrix_value.register(Transpose)
def _transpose(expr: Any, frame: Frame) -> Array:
    return np.swapaxes(frame.matrix(expr.arg), -2, -1)


@matrix_value.register(Adjoint)
def _adjoint(expr: Any, frame: Frame) -> Array:
    return np.conj(np.swapaxes(frame.matrix(expr.arg), -2, -1))


# Powers -------------------------------------------------------------------------------------------


@matrix_value.register(Inverse)
def _inverse(expr: Any, frame: Frame) -> Array:
    return inverse(expr, frame.square(expr.arg))


@matrix_value.register(MatPow)
def _power(expr: Any, frame: Frame) -> Array:
    base, exponents = frame.square(expr.base), frame.scalar(expr.exp)
    if len(exponents) > 1:
        raise refused(expr, "its exponent differs between draws")
    different, where = np.unique(exponents[0], return_inverse=True)
    powers = [matrix_power(expr, base, exponent) for exponent in different.tolist()]
    if len(powers) == 1:
        return powers[0]
    point = np.arange(frame.count) if base.shape[1] > 1 else np.zeros(frame.count, dtype=int)
    return np.stack(powers, axis=1)[:, where.ravel(), point]


def inverse(expr: Any, matrix: Array) -> Array:
    """Return the inverse of each matrix of a stack; ValueError where one is singular."""
    try:
        value = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise ValueError(f"{expr} is the inverse of a singular matrix") from None
    condition = _norm(matrix) * _norm(value)
    if (condition > _SINGULAR).any():
        raise ValueError(f"{expr} is the inverse of a matrix that is singular up to rounding")
    return value


def matrix_power(expr: Any, matrix: Array, exponent: complex) -> Array:
    """Return the principal power of each matrix of a stack.

    Examples
    --------
    >>> matrix_power("sqrt", np.diag([4.0, 9.0]), 0.5)
    array([[2., 0.],
           [0., 3.]])
    """
    if exponent == np.rint(exponent.real):
        whole = int(exponent.real)
        base = matrix if whole >= 0 else inverse(expr, matrix)
        return np.asarray(np.linalg.matrix_power(base, abs(whole)))
    hermitian = np.abs(matrix - np.conj(np.swapaxes(matrix, -2, -1))).max() <= _ROUNDING * max(
        np.abs(matrix).max(), np.finfo(float).tiny
    )
    values, vectors = np.linalg.eigh(matrix) if hermitian else np.linalg.eig(matrix)
    largest = np.abs(values).max(axis=-1, keepdims=True)
    values = np.where(np.abs(values) <= _ROUNDING * largest, 0, values)
    if hermitian:
        back = np.conj(np.swapaxes(vectors, -2, -1))
    else:
        back = _inverse_of_eigenvectors(expr, vectors)
    result = (vectors * power(expr, values, np.asarray(exponent))[..., None, :]) @ back
    real = not np.iscomplexobj(matrix) and np.isreal(exponent)
    # A real matrix without negative eigenvalues has a real principal power.
    on_the_cut = (np.imag(values) == 0) & (np.real(values) < 0)
    return np.asarray(result.real if real and not on_the_cut.any() else result)


def _inverse_of_eigenvectors(expr: Any, vectors: Array) -> Array:
    try:
        return inverse(expr, vectors)
    except ValueError:
        raise refused(
            expr,
            "the power is not an integer and the matrix has, up to rounding, no basis of "
            "eigenvectors",
        ) from None


def _norm(matrix: Array) -> Array:
    return np.asarray(np.abs(matrix).sum(axis=-2).max(axis=-1))


# Products of other kinds --------------------------------------------------------------------------


@matrix_value.register(HadamardPower)
def _hadamard_power(expr: Any, frame: Frame) -> Array:
    base, exponent = (
        frame.matrix(arg) if is_matrix(arg) else frame.scalar(arg)[..., None, None]
        for arg in expr.args
    )
    shapes = [v.shape[-2:] for v, arg in zip((base, exponent), expr.args, strict=True)
              if is_matrix(arg)]  # fmt: skip
    _require_one_shape(expr, shapes)
    return power(expr, base, exponent)


@matrix_value.register(KroneckerProduct)
def _kronecker_product(expr: Any, frame: Frame) -> Array:
    return reduce(_kron, map(frame.matrix, expr.args))


def _kron(left: Array, right: Array) -> Array:
    product = left[..., :, None, :, None] * right[..., None, :, None, :]
    (a, b), (c, d) = left.shape[-2:], right.shape[-2:]
    return product.reshape(*product.shape[:2], a * c, b * d)


@matrix_value.register(ElementwiseApplyFunction)
def _function_of_entries(expr: Any, frame: Frame) -> Array:
    matrix = frame.matrix(expr.expr)
    draws, _, rows, columns = matrix.shape
    matrix = np.broadcast_to(matrix, (draws, frame.count, rows, columns))
    origin = np.repeat(np.arange(frame.count), rows * columns)
    (entry,) = expr.function.variables
    value = frame.bound({entry: matrix.reshape(draws, -1)}, origin).scalar(expr.function.expr)
    return _from_points(value, (frame.count, rows, columns))


# Matrices that are built --------------------------------------------------------------------------


@matrix_value.register(Identity)
def _identity(expr: Any, frame: Frame) -> Array:
    return np.eye(*frame.shape(expr))[None, None]


@matrix_value.register(ZeroMatrix)
def _zero(expr: Any, frame: Frame) -> Array:
    return np.zeros((1, 1, *frame.shape(expr)))


@matrix_value.register(OneMatrix)
def _ones(expr: Any, frame: Frame) -> Array:
    return np.ones((1, 1, *frame.shape(expr)))


@matrix_value.register(FunctionMatrix)
def _formula(expr: Any, frame: Frame) -> Array:
    rows, columns = frame.shape(expr)
    i, j = expr.lamda.variables
    cells = frame.grid({i: range(rows), j: range(columns)})
    return _from_points(cells.scalar(expr.lamda.expr), (frame.count, rows, columns))


def _from_points(value: Array, shape: tuple[int, int, int]) -> Array:
    points, rows, columns = shape
    value = np.broadcast_to(value, (len(value), points * rows * columns))
    return value.reshape(len(value), *shape)


@matrix_value.register(DiagMatrix)
def _diagonal_of_a_vector(expr: Any, frame: Frame) -> Array:
    vector = frame.matrix(expr.args[0])
    if 1 not in vector.shape[-2:]:
        raise refused(expr, "expected a row or a column for a diagonal")
    entries = vector.reshape(*vector.shape[:2], -1)
    return np.asarray(entries[..., None] * np.eye(entries.shape[-1]))


@matrix_value.register(DiagonalMatrix)
def _diagonal_part(expr: Any, frame: Frame) -> Array:
    matrix = frame.matrix(expr.arg)
    return np.asarray(matrix * np.eye(*matrix.shape[-2:]))


@matrix_value.register(DiagonalOf)
def _diagonal_as_a_column(expr: Any, frame: Frame) -> Array:
    return np.diagonal(frame.matrix(expr.arg), axis1=-2, axis2=-1)[..., None]


@matrix_value.register(BlockMatrix)
def _blocks(expr: Any, frame: Frame) -> Array:
    rows, columns = expr.blocks.shape
    grid = [[frame.matrix(expr.blocks[i, j]) for j in range(columns)] for i in range(rows)]
    return _joined([_joined(row, -1) for row in grid], -2)


def _joined(parts: list[Array], axis: int) -> Array:
    draws, points = (max(part.shape[n] for part in parts) for n in (0, 1))
    shaped = [np.broadcast_to(part, (draws, points, *part.shape[2:])) for part in parts]
    return np.concatenate(shaped, axis=axis)


@matrix_value.register(MatrixSlice)
def _slice(expr: Any, frame: Frame) -> Array:
    matrix = frame.matrix(expr.parent)
    rows, columns = (
        np.arange(size)[slice(*map(frame.size, part))]
        for size, part in zip(matrix.shape[-2:], (expr.rowslice, expr.colslice), strict=True)
    )
    return matrix[..., rows[:, None], columns]


@matrix_value.register(PermutationMatrix)
@matrix_value.register(MatrixPermute)
def _permutation(expr: Any, frame: Frame) -> Array:
    return frame.matrix(expr.as_explicit().as_immutable())


@matrix_value.register(MatrixExpr)
def _unknown(expr: Any, frame: Frame) -> Array:
    raise refused(expr)


def _require_one_shape(expr: Any, shapes: list[tuple[int, ...]]) -> None:
    if len(set(shapes)) > 1:
        raise refused(expr, f"the shapes {_listed(shapes)} differ")


def _listed(shapes: list[tuple[int, ...]]) -> str:
    return " and ".join(" x ".join(map(str, shape)) for shape in shapes)
