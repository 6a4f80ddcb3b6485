"""Vectors and ones: what is a product of scalars is written as one, in one way."""

import pytest
from sympy import (
    Identity,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Q,
    Sum,
    Trace,
    ZeroMatrix,
    ones,
    symbols,
)

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarSymplectic

d, n = symbols("d n", integer=True, positive=True)
i = symbols("i", integer=True)
W = HaarOrthogonal("W", d)
A, X = MatrixSymbol("A", d, d), MatrixSymbol("X", d, n)
x, y = MatrixSymbol("x", d, 1), MatrixSymbol("y", d, 1)
g = GaussianMatrix("g", d, 1)


def test_traces_of_outer_products_are_one_scalar():
    assert E(Trace(x * x.T * x * x.T)) == E(Trace(x * x.T) ** 2)
    assert E(Trace(x * y.T * y * x.T)) == E(Trace(x * x.T) * Trace(y * y.T))
    assert E(Trace(x * x.T)) == E((x.T * x)[0, 0])


def test_a_quadratic_form_of_a_rotated_vector():
    value = E((x.T * W.T * A * W * x)[0, 0], Q.symmetric(A))
    assert value == E(Trace(x * x.T)) * Trace(A) / d
    assert E((g.T * A * g)[0, 0]) == Trace(A)


def test_moments_of_a_gaussian_vector_are_those_of_its_norm():
    norm = (g.T * g)[0, 0]
    assert E(norm) == d
    assert (E(norm**2) - d * (d + 2)).expand() == 0
    assert (E(Trace(g * g.T) ** 3) - d * (d + 2) * (d + 4)).expand() == 0


def test_vectors_beside_a_symplectic_matrix():
    S = HaarSymplectic("S", n)
    v = MatrixSymbol("v", 2 * n, 1)
    # x^T J x = 0, and S v is uniform on the sphere of its norm.
    assert E((v.T * S.H * S * v)[0, 0]) == E((v.T * v)[0, 0])
    J = S.form
    assert E((v.T * J * v)[0, 0] * (S * S.H)[0, 0]) in (0, E((v.T * J * v)[0, 0]))


def test_ones():
    assert E(Trace(OneMatrix(n, n))) == n
    assert E(Trace(OneMatrix(n, d) * OneMatrix(d, n))) == n * d
    assert E(Trace(W * OneMatrix(d, d) * W.T * A)) == Trace(A)
    assert E((W * OneMatrix(d, d) * W.T)[0, 0]) == 1
    assert E(Sum(W[i, 0], (i, 0, d - 1)) ** 2) == 1


def test_mean_subtraction():
    centred = Identity(n) - OneMatrix(n, n) / n
    value = E((W * X * centred * X.T * W.T)[0, 0])
    expected = (Trace(X * X.T) - Trace(X * OneMatrix(n, n) * X.T) / n) / d
    at = {d: 2, n: 3}
    numbers = {MatrixSymbol("X", 2, 3): Matrix([[1, 2, 5], [0, 3, 7]]), OneMatrix(3, 3): ones(3, 3)}
    assert (value - expected).subs(at).subs(numbers).doit() == 0
    assert expected.subs(at).subs(numbers).doit() != 0


@pytest.mark.parametrize("size", [d, 3])
def test_identities_and_zeros_in_sums(size):
    V = HaarOrthogonal("V", size)
    assert (E(Trace(V + Identity(size)) ** 2) - (size**2 + 1)).expand() == 0
    assert E(Trace(V + ZeroMatrix(size, size)) ** 2) == 1
    assert E(Trace(ZeroMatrix(size, size)) * V[0, 0]) == 0
