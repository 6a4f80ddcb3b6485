"""Explicit matrices of exact numbers that are not rational: exact in, exact out."""

import pytest
from sympy import Abs, I, Integer, Matrix, Rational, Trace, diag, exp, expand, log, pi, sqrt

from weingarten import E, HaarOrthogonal, HaarUnitary

W, U = HaarOrthogonal("W", 2), HaarUnitary("U", 2)
A = Matrix([[sqrt(2), 3], [0, pi]])
B = Matrix([[1, sqrt(5)], [log(2), 2]])


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Trace(W * A * W.T), A.trace()),
        (Trace(W * A * W.T) ** 2, A.trace() ** 2),
        (Trace(W * A * W.T * B), A.trace() * B.trace() / 2),
        (Trace(W * A) ** 2, (A.T * A).trace() / 2),
        (Abs(Trace(U * A)) ** 2, (A.T * A).trace() / 2),
        (Abs(Trace(U * I * A)) ** 2 / pi, (A.T * A).trace() / 2 / pi),
        (exp(1) * Trace(W * A * W.T), exp(1) * A.trace()),
        (Trace(W * diag(1, 2) * W.T) / sqrt(3), sqrt(3)),
    ],
)
def test_a_value_is_exact(expr, value):
    found = E(expr)
    assert expand(found - value) == 0
    assert not found.atoms(type(Rational(1, 2).evalf()))


def test_a_float_makes_it_a_float():
    found = E(Trace(W * Matrix([[sqrt(2), 0], [0, 0.5]]) * W.T))
    assert found.is_Float
    assert abs(found - sqrt(2) - Integer(1) / 2) < 1e-14
