"""Gaussian matrices and vectors with a mean, and with covariances on either side."""

import pickle

import numpy as np
import pytest
from sympy import (
    I,
    Identity,
    Matrix,
    MatrixSymbol,
    Q,
    Sum,
    Trace,
    ZeroMatrix,
    conjugate,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, crosscheck, cumulant, explain, variance

d, n = symbols("d n", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", d, d)
R, C = MatrixSymbol("R", d, d), MatrixSymbol("C", n, n)
M, m = MatrixSymbol("M", d, n), MatrixSymbol("m", d, 1)
X = GaussianMatrix("X", d, n, row_covariance=R, column_covariance=C)
Z = GaussianMatrix("Z", d, n, complex=True, row_covariance=R, column_covariance=C)
x = GaussianMatrix("x", d, 1, mean=m, row_covariance=R)
real = [Q.symmetric(B), Q.real_elements(B)]


# Values -------------------------------------------------------------------------------------------


def test_words():
    assert E(X * A * X.T) == Trace(A * C) * R
    assert E(X.T * B * X) == Trace(B * R) * C
    assert E(Z * A * Z.H) == Trace(A * C.T) * R
    assert E(abs(Z[0, 1]) ** 2) == R[0, 0] * C[1, 1]
    assert E(X[0, 1] * X[2, 3]) == R[0, 2] * C[1, 3]
    assert E(Trace(X * A * X.T * B) ** 2) == (
        Trace(A * C) ** 2 * Trace(B * R) ** 2
        + Trace(A * C * A * C) * Trace(B * R * B * R)
        + Trace(A * C * A.T * C) * Trace(B * R * B.T * R)
    )


def test_quadratic_forms_in_a_vector():
    form = (x.T * B * x)[0, 0]
    assert E(form) == Trace(B * R) + MatrixElement(m.T * B * m, 0, 0)
    assert variance(form, real) == 2 * Trace(B * R * B * R) + 4 * MatrixElement(
        m.T * B * R * B * m, 0, 0
    )
    centred = GaussianMatrix("x", d, 1, row_covariance=R)
    third = cumulant(*[(centred.T * B * centred)[0, 0]] * 3, given=real)
    assert third == 8 * Trace(B * R * B * R * B * R)


def test_a_mean_alone():
    Y = GaussianMatrix("Y", d, n, mean=M)
    assert E(Y) == M
    assert E(Y[0, 0] ** 2) == M[0, 0] ** 2 + 1
    assert E(Y * A * Y.T) == M * A * M.T + Trace(A) * Identity(d)
    # The fourth moment of N(m, 1).
    mu = symbols("mu", real=True)
    y = GaussianMatrix("y", 1, 1, mean=Matrix([[mu]]))
    assert E(y[0, 0] ** 4).expand() == mu**4 + 6 * mu**2 + 3


def test_identities_are_no_covariances():
    plain = GaussianMatrix("X", d, n, row_covariance=Identity(d), mean=ZeroMatrix(d, n))
    assert plain == GaussianMatrix("X", d, n)
    one = GaussianMatrix("X", d, n, column_covariance=C)
    assert E(one * A * one.T) == Trace(A * C) * Identity(d)


def test_a_vector_of_ones_beside_numbers_is_written_out():
    # 2 sum_rk R_rk C_0k, and the sums of rows and columns of what words leave.
    R, C = Matrix([[1, 2], [2, 5]]), Matrix([[2, 1], [1, 1]])
    Y = GaussianMatrix("Y", 2, 2, 2, row_covariance=R, column_covariance=C)
    r = symbols("r", integer=True)
    column, row = Sum(Y[r, 0], (r, 0, 1)), Sum(Y[1, r], (r, 0, 1))
    assert E(column * Trace(Y)) == 2 * (1 * 2 + 2 * 1 + 2 * 2 + 5 * 1)
    assert E(row * Trace(Y)) == 2 * (2 * 3 + 5 * 2)
    assert E(column * row) == 2 * (2 + 5) * (2 + 1)
    shifted = GaussianMatrix("Y", 2, 2, 2, mean=[[1, 0], [-1, 2]], row_covariance=R)
    assert E(Sum(shifted[r, 0], (r, 0, 1)) * Trace(shifted)) == 2 * (1 + 2)


def test_simulation_agrees():
    at = {d: 2, B: [[1, 2], [0, 1]], m: [[1], [2]], R: [[2, 1], [1, 3]]}
    form = (x.T * B * x)[0, 0]
    assert E(form**2, at=at) == 606
    assert crosscheck(form**2, at=at, samples=4000)
    assert not crosscheck(form**2, at=at, samples=4000, exact=500)
    at = {d: 2, n: 2, R: [[2, I], [-I, 1]], C: [[1, 0], [0, 2]]}
    assert crosscheck(Z[0, 0] * conjugate(Z[1, 0]), at=at, samples=4000)
    one = GaussianMatrix("X", 2, 1, row_covariance=Matrix([[1, 1], [1, 1]]))
    drawn = one.sample(3, seed=1)
    assert np.allclose(drawn[:, 0], drawn[:, 1])


def test_they_pickle_and_take_values():
    for made in (X, Z, x):
        assert pickle.loads(pickle.dumps(made)) == made
    there = X.subs({d: 2, n: 2}).subs({MatrixSymbol("R", 2, 2): Matrix([[2, 1], [1, 1]])})
    assert E(there[0, 1] * there[1, 1]) == MatrixSymbol("C", 2, 2)[1, 1]


# Refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mean": MatrixSymbol("m", d, d)}, "mean = m has the shape d x d; expected .* d x n"),
        ({"mean": 3}, "mean = 3: expected a constant matrix of shape d x n"),
        ({"row_covariance": C}, "row_covariance = C has the shape n x n"),
        ({"mean": X}, "mean = X is random"),
    ],
)
def test_parameters_that_are_none(options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        GaussianMatrix("G", d, n, **options)


def test_covariances_that_are_none():
    with pytest.raises(ValueError, match=r"row_covariance = .*expected a symmetric matrix"):
        GaussianMatrix("G", 2, 1, row_covariance=[[1, 1], [0, 1]])
    with pytest.raises(ValueError, match="expected a matrix without negative eigenvalues"):
        GaussianMatrix("G", 2, 1, row_covariance=np.array([[1, 2], [2, 1]]))
    with pytest.raises(ValueError, match="expected a symmetric matrix"):
        GaussianMatrix("G", 2, 1, row_covariance=Matrix([[1, I], [-I, 1]]))
    at = {d: 2, B: [[1, 2], [0, 1]], m: [[1], [2]], R: [[1, 2], [2, 1]]}
    with pytest.raises(ValueError, match=r"at: R, a covariance of x: expected .* eigenvalues"):
        E((x.T * B * x)[0, 0], at=at)
    with pytest.raises(ValueError, match="at: R, a covariance of x: expected a symmetric matrix"):
        E((x.T * B * x)[0, 0], at={**at, R: [[1, 2], [0, 1]]})


def test_nothing_is_listed_or_sampled_in_symbols():
    with pytest.raises(ValueError, match="what joins its indices are covariances"):
        explain(X[0, 0] ** 2)
    with pytest.raises(ValueError, match="substitute numbers"):
        X.sample(2)
