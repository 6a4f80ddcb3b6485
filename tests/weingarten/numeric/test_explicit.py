"""Explicit matrices in an expression, as numbers of the same kind."""

import random

import numpy as np
import pytest
from number_matrices import exactly, matrix
from sympy import (
    Float,
    ImmutableMatrix,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    conjugate,
    expand,
    symbols,
)

from weingarten import (
    E,
    HaarOrthogonal,
    HaarUnitary,
)

d, m = symbols("d m", integer=True, positive=True)
x = Symbol("x")
i, j = symbols("i j", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
v = MatrixSymbol("v", d, 1)


@pytest.mark.parametrize(("n", "kind"), [(2, "complex"), (4, "general")])
def test_explicit_matrices(n, kind):
    rng = random.Random(n)
    a, b = matrix(rng, n, kind), matrix(rng, n)
    X, Y = HaarOrthogonal("X", n), HaarUnitary("Y", n)
    P, R = MatrixSymbol("P", n, n), MatrixSymbol("R", n, n)
    vector = ImmutableMatrix(n, 1, range(n))
    for build in (
        lambda p, r: (X * p * X.T)[0, 0] ** 2,
        lambda p, r: (X * p * X.T)[0, 1] * X[1, 0] * X[0, 1],
        lambda p, r: (X.T * p * X)[1, 0],
        lambda p, r: (X * p)[0, 0] ** 4,
        lambda p, r: (p * X)[0, 0] * (X * r)[1, 1],
        lambda p, r: Trace(X * p * X.T * r) + 3,
        lambda p, r: Trace(X * p) ** 2 * 2,
        lambda p, r: (Y * p * Y.H)[0, 1] * (Y * r * Y.H)[1, 0],
        lambda p, r: (Y * p)[0, 0] * conjugate((Y * p)[0, 0]),
        lambda p, r: (X * vector)[0, 0] ** 2,
    ):
        found = E(build(a, b))
        assert found.is_number
        want = E(build(P, R)).xreplace({P: a, R: b}).doit()
        assert expand(found - want) == 0


def test_explicit_matrices_with_symbols_stay_symbolic():
    X = HaarOrthogonal("X", 3)
    a = Matrix(3, 3, [x, 1, 2, 3, 4, 5, 6, 7, 8])
    assert expand(E((X * a * X.T)[0, 0]) - (x + 12) / 3) == 0
    assert E((X * a * X.T)[0, 0], at={x: 3}) == 5
    assert E(Trace(X * a * X.T * a), at={x: Rational(1, 2)}) == Rational(625, 12)


def test_explicit_floats():
    X = HaarOrthogonal("X", 4)
    a = np.arange(16.0).reshape(4, 4) / 10
    found = E((X * Matrix(a.tolist()) * X.T)[0, 0] ** 2)
    assert isinstance(found, Float)
    exact = E((X * exactly(a) * X.T)[0, 0] ** 2)
    assert abs(found - exact) < 1e-14
