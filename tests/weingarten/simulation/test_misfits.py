"""What does not fit at the values in `at` is refused alike by numbers and by samples."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    Trace,
    ZeroMatrix,
    log,
    symbols,
)

from weingarten import E, HaarOrthogonal, HaarUnitary, compiled, crosscheck, estimate

d, n = symbols("d n", integer=True, positive=True)
s = Symbol("s")
W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
M, v = MatrixSymbol("M", d, n), MatrixSymbol("v", 1, d)
AT = {d: 3, n: 2, M: np.ones((3, 2))}
CALLS = [
    lambda expr, at: E(expr, at=at),
    lambda expr, at: estimate(expr, 10, at=at),
    lambda expr, at: crosscheck(expr, 10, at=at),
    lambda expr, at: compiled(expr, list(at))(*at.values()),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("expr", "at", "message"),
    [
        ((W * M * W.T)[0, 0], AT, r"M of shape 3 x 2 \(d x n\) stands beside W of shape 3 x 3"),
        (W * M * W.T, AT, r"M of shape 3 x 2 \(d x n\) stands before W.T of shape 3 x 3"),
        (
            (W * v)[0, 0],
            {d: 3, v: np.ones((1, 3))},
            r"W of shape 3 x 3 \(d x d\) stands beside v of shape 1 x 3 \(1 x d\)",
        ),
        (Trace(W * M), AT, r"W\*M of shape 3 x 2 \(d x n\); expected a square one"),
        (W + M, AT, r"is added to M of shape 3 x 2 \(d x n\); expected one shape"),
        (Trace(HadamardProduct(W, M)), AT, "expected one shape"),
        (Trace(W * DiagMatrix(M)), AT, r"M of shape 3 x 2 \(d x n\); expected a column or a row"),
    ],
)
def test_shapes(call, expr, at, message) -> None:
    with pytest.raises(ValueError, match=message):
        call(expr, at)


def test_what_fits_at_the_values_passes() -> None:
    at = {d: 3, n: 3, M: np.eye(3)}
    assert E((W * M * W.T)[0, 0], at=at) == 1
    assert estimate((W * M * W.T)[0, 0], 10, at=at).mean == pytest.approx(1)


def test_a_law_that_nobody_stated_is_not_sampled() -> None:
    class Special(HaarUnitary):
        pass

    V = Special("V", 2)
    with pytest.raises(TypeError, match="without a law"):
        estimate(abs(V[0, 0]) ** 2, 10)
    with pytest.raises(TypeError, match="without a law"):
        V.sample(2)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("value", "same"),
    [
        (Identity(2), [[1, 0], [0, 1]]),
        (OneMatrix(2, 2), [[1, 1], [1, 1]]),
        (ZeroMatrix(2, 2), [[0, 0], [0, 0]]),
        (DiagMatrix(Matrix([1, 2])), [[1, 0], [0, 2]]),
        (Identity(2) + OneMatrix(2, 2), [[2, 1], [1, 2]]),
    ],
)
def test_matrices_of_sympy_are_values(call, value, same) -> None:
    expr = Trace(W * A * W.T * A)
    assert str(call(expr, {d: 2, A: value})) == str(call(expr, {d: 2, A: same}))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("value", [Identity(d), MatrixSymbol("B", 2, 2), HaarOrthogonal("V", 2)])
def test_matrices_without_numbers_are_not(call, value) -> None:
    with pytest.raises(TypeError, match="the value of A, of type"):
        call(Trace(W * A * W.T), {d: 2, A: value})


class Frame:
    """Gives an array, and its column names when it is run through, as data frames do."""

    def __init__(self, rows) -> None:
        self._rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self._rows, dtype)

    def __iter__(self):
        return iter("ab")


@pytest.mark.parametrize("call", CALLS)
def test_what_gives_an_array_is_read_as_one(call) -> None:
    expr, rows = Trace(W * A * W.T), [[1, 2], [3, 5]]
    assert str(call(expr, {d: 2, A: Frame(rows)})) == str(call(expr, {d: 2, A: rows}))


@pytest.mark.parametrize(
    ("expr", "part"), [(W[0, 0] ** 2 / s, "1/s"), (W[0, 0] ** 2 * log(s), r"log\(s\)")]
)
@pytest.mark.parametrize("value", [0, 0.0])
def test_what_is_not_finite_is_named(expr, part, value) -> None:
    with pytest.raises(ValueError, match=f"{part}, which has no finite value at s = 0"):
        E(expr, at={d: 3, s: value})
