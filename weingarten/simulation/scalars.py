"""Rules for scalars: numbers, symbols, arithmetic, entries, traces, conditions."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from sympy import (
    Add,
    And,
    Determinant,
    Eq,
    Function,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Mod,
    Mul,
    Ne,
    Not,
    Number,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Symbol,
    Trace,
)
from sympy.core.numbers import ImaginaryUnit
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import IndexOutOfRangeError
from weingarten.simulation.frame import Array, Frame, is_matrix, missing, refused, scalar_value
from weingarten.simulation.functions import applied, power

_COMPARISONS: dict[Any, Any] = {
    Eq: np.equal,
    Ne: np.not_equal,
    Lt: np.less,
    Le: np.less_equal,
    Gt: np.greater,
    Ge: np.greater_equal,
}


@scalar_value.register(Number)
@scalar_value.register(NumberSymbol)
def _number(expr: Any, frame: Frame) -> Array:
    try:
        return np.full((1, 1), float(expr))
    except OverflowError:
        return np.full((1, 1), np.inf)


@scalar_value.register(ImaginaryUnit)
def _imaginary_unit(expr: Any, frame: Frame) -> Array:
    return np.full((1, 1), 1j)


@scalar_value.register(Symbol)
def _symbol(expr: Any, frame: Frame) -> Array:
    if expr in frame.indices:
        return frame.indices[expr]
    if expr not in frame.values:
        raise missing(expr)
    return np.full((1, 1), frame.values[expr])


@scalar_value.register(Add)
@scalar_value.register(Mul)
def _arithmetic(expr: Any, frame: Frame) -> Array:
    if any(map(is_matrix, expr.args)):
        raise refused(expr, "a matrix stands among numbers; write MatMul or MatAdd for matrices")
    operation = np.add if isinstance(expr, Add) else np.multiply
    value: Array = reduce(operation, map(frame.scalar, expr.args))
    return value


@scalar_value.register(Pow)
def _power(expr: Any, frame: Frame) -> Array:
    return power(expr, frame.scalar(expr.base), frame.scalar(expr.exp))


@scalar_value.register(Function)
@scalar_value.register(Mod)
def _function(expr: Any, frame: Frame) -> Array:
    if any(map(is_matrix, expr.args)):
        raise refused(expr)
    return applied(expr, [frame.scalar(arg) for arg in expr.args])


@scalar_value.register(Max)
@scalar_value.register(Min)
def _extreme(expr: Any, frame: Frame) -> Array:
    operation = np.maximum if isinstance(expr, Max) else np.minimum
    value: Array = reduce(operation, (_real(arg, expr, frame) for arg in expr.args))
    return value


@scalar_value.register(KroneckerDelta)
def _delta(expr: Any, frame: Frame) -> Array:
    i, j = map(frame.scalar, expr.indices)
    equal = i == j
    if expr.delta_range:
        # SymPy's deltas with a range are 0 outside of it.
        low, high = map(frame.scalar, expr.delta_range)
        equal = equal & (low <= i) & (i <= high)
    return np.asarray(equal, dtype=float)


@scalar_value.register(MatrixElement)
def _entry(expr: Any, frame: Frame) -> Array:
    matrix = frame.matrix(expr.parent)
    draws, points, rows, columns = matrix.shape
    i = _index(expr, expr.i, rows, "row", frame)
    j = _index(expr, expr.j, columns, "column", frame)
    flat = matrix.reshape(draws, points * rows * columns)
    places = (np.arange(points) * rows + i) * columns + j
    return np.asarray(np.take(flat, places, axis=1))


def _index(expr: Any, index: Any, size: int, which: str, frame: Frame) -> Array:
    """Return an index at all points; out of range it is refused, never counted from the end."""
    values = frame.integers(index)
    wrong = (values < 0) | (values >= size)
    if wrong.any():
        found = values[wrong.argmax()]
        raise IndexOutOfRangeError(
            f"{which} index {index} of {expr.parent} = {found}: expected an integer from 0 to "
            f"{size - 1}"
        )
    return values


@scalar_value.register(Trace)
def _trace(expr: Any, frame: Frame) -> Array:
    return np.asarray(np.trace(frame.square(expr.arg), axis1=-2, axis2=-1))


@scalar_value.register(Determinant)
def _determinant(expr: Any, frame: Frame) -> Array:
    return np.asarray(np.linalg.det(frame.square(expr.arg)))


@scalar_value.register(Piecewise)
def _piecewise(expr: Any, frame: Frame) -> Array:
    value = np.zeros((1, 1))
    left = np.ones((1, 1), dtype=bool) if frame.relevant is None else frame.relevant
    for branch, condition in expr.args:
        if not left.any():
            break
        # A branch may be undefined where another one is chosen.
        holds = truth(condition, frame.where(left))
        chosen = left & holds
        if chosen.any():
            value = np.where(chosen, frame.where(chosen).scalar(branch), value)
        left = left & ~holds
    if left.any():
        raise refused(expr, "none of its conditions holds in some of the draws")
    return value


def truth(condition: Any, frame: Frame) -> Array:
    """Return where a condition holds, with the axes draw, point."""
    if isinstance(condition, BooleanTrue | BooleanFalse):
        return np.full((1, 1), bool(condition))
    if isinstance(condition, Not):
        return ~truth(condition.args[0], frame)
    if isinstance(condition, And | Or):
        operation = np.logical_and if isinstance(condition, And) else np.logical_or
        value: Array = reduce(operation, (truth(arg, frame) for arg in condition.args))
        return value
    if not isinstance(condition, Relational) or type(condition) not in _COMPARISONS:
        raise refused(condition)
    if isinstance(condition, Eq | Ne):
        sides = [frame.scalar(condition.lhs), frame.scalar(condition.rhs)]
    else:
        sides = [_real(side, condition, frame) for side in (condition.lhs, condition.rhs)]
    return np.asarray(_COMPARISONS[type(condition)](*sides))


def _real(part: Any, expr: Any, frame: Frame) -> Array:
    value = frame.scalar(part)
    if np.iscomplexobj(value) and value.imag.any():
        raise refused(expr, f"{part} is not real")
    return value.real
