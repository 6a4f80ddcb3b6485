"""Products entry by entry, and diagonals, of random matrices: as scalars and as matrices."""

import numpy as np
import pytest
from entrywise_search import case, difference
from expansion import expected_matrix, value_of
from share import share
from sympy import (
    Adjoint,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Q,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    conjugate,
    simplify,
    symbols,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    E,
    GaussianMatrix,
    GaussianOrthogonal,
    HaarOrthogonal,
    HaarStiefel,
    HaarUnitary,
    crosscheck,
)
from weingarten.expressions.refusals import NotPolynomialError

d, k, n = symbols("d k n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
W, U, H = HaarOrthogonal("W", d), HaarUnitary("U", d), GaussianOrthogonal("H", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
v = MatrixSymbol("v", d, 1)
ones = OneMatrix(d, d)
square = MatrixElement(v.T * v, 0, 0)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Trace(HadamardProduct(W, W) * A), Trace(A * ones) / d),
        (Trace(HadamardProduct(W * A * W.T, B)), Trace(A) * Trace(B) / d),
        (
            Trace(HadamardProduct(W * A * W.T, W * B * W.T)),
            (Trace(A) * Trace(B) + Trace(A * B) + Trace(A * B.T)) / (d + 2),
        ),
        (Trace(HadamardProduct(W, W) * HadamardProduct(U, conjugate(U))), 1),
        ((HadamardProduct(W, W) * A)[0, 1], (ones * A)[0, 1] / d),
        (Trace(DiagMatrix(W * v) ** 2), (v.T * v)[0, 0]),
        (Trace(DiagonalMatrix(W * A * W.T) * B), Trace(A) * Trace(B) / d),
        ((DiagonalOf(W * A * W.T).T * DiagonalOf(B))[0, 0], Trace(A) * Trace(B) / d),
    ],
)
def test_scalars(expr, value):
    # Sums of entries are written in several ways: compared at numbers, of which d is one.
    assert value_of(E(expr) - value, {d: 2}) == 0


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (HadamardProduct(W, W), MatMul(1 / d, ones)),
        (HadamardProduct(U, conjugate(U)), MatMul(1 / d, ones)),
        (HadamardPower(W, 4), MatMul(3 / (d * (d + 2)), ones)),
        (HadamardProduct(W, W) * A, MatMul(1 / d, ones, A)),
        (HadamardProduct(W * A * W.T, B), MatMul(Trace(A) / d, HadamardProduct(Identity(d), B))),
        (DiagonalMatrix(W * A * W.T), MatMul(Trace(A) / d, Identity(d))),
        (DiagonalOf(W * A * W.T), MatMul(Trace(A) / d, OneMatrix(d, 1))),
        (DiagMatrix(DiagonalOf(W * A * W.T)) * B, MatMul(Trace(A) / d, B)),
        (DiagMatrix(W * v), ZeroMatrix(d, d)),
        (HadamardProduct(W * v, W * v), MatMul(square / d, OneMatrix(d, 1))),
        (HadamardProduct(v * v.T, W * v * v.T * W.T),
         MatMul(square / d, HadamardProduct(v * v.T, Identity(d)))),
    ],
)  # fmt: skip
def test_matrices(expr, value):
    assert E(expr) == value.doit(deep=False)


def test_frames_have_rows_and_columns_of_their_own():
    V = HaarStiefel("V", d, k)
    assert E(HadamardProduct(V, V)) == MatMul(1 / d, OneMatrix(d, k))
    g = GaussianMatrix("g", n, k)
    assert E(HadamardProduct(g, g).T) == OneMatrix(k, n)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Trace(HadamardPower(W, 2)[:k, :k]) ** 2,
         k * (d * k + 2 * d + k - 4) / (d * (d - 1) * (d + 2))),
        (Trace(HadamardPower(W, 2)[:k, :k]) * Trace(HadamardPower(W, 2)),
         k * (d + 4) / (d * (d + 2))),
        (Trace(HadamardPower(U, 2)[:k, :k] * Adjoint(HadamardPower(U, 2)[:k, :k])),
         2 * k**2 / (d * (d + 1))),
        (Trace(HadamardPower(U, 2)[:k, :] * Adjoint(HadamardPower(U, 2)[:k, :])), 2 * k / (d + 1)),
        (Trace(HadamardPower(H, 2)[:k, :k]) ** 2, 4 * k * (k + 2)),
    ],
)  # fmt: skip
def test_traces_of_slices(expr, value):
    assert simplify(E(expr) - value) == 0


@pytest.mark.parametrize(
    "expr",
    [
        HadamardProduct(W, A)[:k, :] * W.T,
        HadamardProduct(W, A)[:k, :] * Transpose(HadamardProduct(W, B)[:k, :]),
        HadamardProduct(W * A * W.T, B)[:k, :k],
        HadamardProduct(HadamardProduct(W, A)[:k, :], HadamardProduct(W, B)[:k, :]),
        (HadamardPower(W, 2) + A)[:k, :],
        DiagMatrix(W * W.T * v)[:k, :k],
    ],
)
def test_matrices_of_slices(expr):
    found, at = E(expr), {d: 3, k: 2}
    assert found.shape == expr.shape
    wanted = expected_matrix(expr, at)
    places = [(a, b) for a in range(2) for b in range(len(wanted[0]))]
    assert [value_of(MatrixElement(found, a, b), at) for a, b in places] == [
        wanted[a][b] for a, b in places
    ]


def test_what_is_known_of_a_constant_is_used():
    found = E(Trace(HadamardProduct(W * A * W.T, W * A * W.T)), Q.symmetric(A))
    assert found == (2 * Trace(A**2) + Trace(A) ** 2) / (d + 2)


def test_some_matrices_stay_random():
    found = E(HadamardProduct(W, U) * W.T, over=W)
    sums = U * OneMatrix(d, 1)  # of the rows
    assert found == MatMul(1 / d, HadamardProduct(sums * OneMatrix(1, d), Identity(d)))


def test_numbers():
    given = {A: ((1, 2), (3, 4)), B: ((0, 1), (1, -1))}
    expr = HadamardProduct(W * A * W.T, W * B * W.T)
    at = {d: 2} | {key: np.array(rows, dtype=float) for key, rows in given.items()}
    wanted = np.array(expected_matrix(expr, {d: 2} | given), dtype=float)
    assert np.allclose(E(expr, at=at), wanted, rtol=1e-12, atol=0)
    assert E(Trace(expr), at=at) == pytest.approx(np.trace(wanted), rel=1e-12)
    assert crosscheck(expr, at=at, seed=0).agrees


@pytest.mark.parametrize("power", [-1, Symbol("k")])
def test_a_power_that_is_none_is_refused(power):
    with pytest.raises(NotPolynomialError, match="positive integer exponent"):
        E(HadamardPower(W, power))


def test_a_diagonal_of_what_is_not_square_is_refused_by_name():
    V = HaarStiefel("V", d, k)
    with pytest.raises(NotPolynomialError, match="of a square matrix"):
        E(DiagonalOf(V))


def test_entries_of_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="expected one shape"):
        E(HadamardProduct(W, v))


@pytest.mark.parametrize("seed", share(range(480), 20))
def test_random_expressions_are_what_writing_them_out_gives(seed):
    found = difference(case(seed))
    assert found is None or isinstance(found[0], str)


def test_most_random_expressions_are_neither_refused_nor_hold_from_a_larger_dimension_on():
    found = [difference(case(seed)) for seed in range(1000, 1010)]
    assert found.count(None) == 10
