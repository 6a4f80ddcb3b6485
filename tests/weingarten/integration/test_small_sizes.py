"""Sizes of one, odd powers and existence, for Gaussian matrices, moduli and ratios."""

import pytest
from sympy import Abs, I, ImmutableMatrix, Matrix, MatrixSymbol, Rational, Trace, gamma, pi, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    CircularSymplectic,
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSpecialOrthogonal,
    HaarSpecialUnitary,
    HaarUnitary,
)

d, p = symbols("d p", integer=True, positive=True)
R2 = Matrix([[2, 1], [1, 3]])
K, K1, M1 = MatrixSymbol("K", d, d), MatrixSymbol("K", 1, 1), MatrixSymbol("M", 1, 1)


def test_a_covariance_of_size_one_is_a_number():
    x = GaussianMatrix("X", 1, 1, row_covariance=Matrix([[5]]))
    assert (E(x[0, 0] ** 2), E(x[0, 0] ** 4)) == (5, 75)
    assert E(GaussianMatrix("X", 1, 1, column_covariance=Matrix([[0]]))[0, 0] ** 2) == 0
    z = GaussianMatrix("X", 1, 1, complex=True, row_covariance=Matrix([[5]]))
    assert E(Abs(z[0, 0]) ** 4) == 50


@pytest.mark.parametrize("turned", [False, True])
def test_a_vector_may_have_a_covariance_of_size_one_beside_another(turned):
    ways = {"row_covariance": R2, "column_covariance": Matrix([[5]])}
    if turned:
        ways = dict(zip(ways, reversed(ways.values()), strict=True))
    x = GaussianMatrix("X", *((1, 2) if turned else (2, 1)), **ways)
    y = x.T if turned else x
    assert E(y * y.T) == 5 * R2
    assert E(y[0, 0] ** 2 * y[1, 0] ** 2) == 25 * (2 * 3 + 2 * 1)


def test_letters_of_size_one_are_joined_as_well():
    x = GaussianMatrix("x", d, 1, row_covariance=K)
    assert E(x[0] ** 2) == K[0, 0]
    assert E(x[0] ** 2, at={d: 1, K: [[5]]}) == 5
    G = GaussianMatrix("G", 1, 1, mean=M1, row_covariance=K1)
    assert E(Trace(G * G)) == K1[0, 0] + M1[0, 0] ** 2
    assert E(Trace(G * G), at={M1: [[2]], K1: [[3]]}) == 7


@pytest.mark.parametrize("mean", [Matrix([[1, I], [-I, 1]]), Matrix([[1, I * p], [0, 1]])])
def test_a_real_matrix_has_a_real_mean(mean):
    with pytest.raises(ValueError, match="expected real numbers, or complex=True"):
        GaussianMatrix("X", 2, 2, mean=mean)
    assert E(GaussianMatrix("X", 2, 2, complex=True, mean=mean)[1, 0]) == mean[1, 0]


@pytest.mark.parametrize("m", [1, 2])
def test_a_row_of_the_circular_symplectic_ensemble_is_on_no_sphere(m):
    S = CircularSymplectic("S", m)
    with pytest.raises(ValueError, match="nor of one row"):
        E(Abs(S[0, 0]))


def test_moduli_at_dimension_one():
    R, U = HaarSpecialOrthogonal("R", 1)[0, 0], HaarSpecialUnitary("U", 1)[0, 0]
    W, V = HaarOrthogonal("W", 1)[0, 0], HaarUnitary("V", 1)[0, 0]
    assert E(R * Abs(R)) == E(U * Abs(U) ** 3) == E(1 / Abs(W)) == E(Abs(V) ** p) == 1
    assert E(W * Abs(W)) == E(V * Abs(V)) == 0


def test_an_odd_modulus_of_determinant_one_is_zero_from_dimension_two_on():
    R = HaarSpecialOrthogonal("R", d)[0, 0]
    assert E(R * Abs(R), conditions=True) == (0, d >= 2)
    half = Rational(1, 2)
    assert E(Abs(R)) == gamma(d * half) / (pi**half * gamma(d * half + half))


@pytest.mark.parametrize(
    ("power", "complex", "margin"),
    [
        (1, False, d - 1),
        (5, False, d - 9),
        (p, False, d - 2 * p + 1),
        (2, True, d - 3 * p / (2 * p)),
    ],
)
def test_an_odd_ratio_is_zero_where_it_has_a_mean(power, complex, margin):
    x = GaussianMatrix("x", d, 1, complex=complex)
    value, condition = E(x[0] / (x.H * x)[0, 0] ** power, conditions=True)
    assert value == 0
    assert condition == (margin > 0)


def test_an_odd_ratio_without_a_mean_is_refused():
    x = GaussianMatrix("x", 2, 1)
    with pytest.raises(ValueError, match="no mean; it would have one with 2 or more"):
        E(x[0] / (x.T * x)[0, 0] ** 2)
    y = GaussianMatrix("x", d, 1)
    with pytest.raises(ValueError, match="mean"):
        E(y[0] / (y.T * y)[0, 0], at={d: 1})


def test_an_explicit_matrix_has_plain_integers_for_sizes():
    P, A = ImmutableMatrix([[1, 2], [3, 4]]), MatrixSymbol("A", 2, 2)
    g = GaussianMatrix("g", 2, 1)
    assert E(MatrixElement(P * A * g * g.T, 0, 0)) == MatrixElement(P * A, 0, 0)
