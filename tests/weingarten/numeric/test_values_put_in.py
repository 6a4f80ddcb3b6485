"""Values that are put in for symbols: wherever these stand, or refused."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    I,
    Integer,
    Integral,
    Lambda,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    conjugate,
    cos,
    eye,
    sin,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    compiled,
    crosscheck,
    estimate,
)
from weingarten.expressions.facts import Facts
from weingarten.numeric.program import program_of
from weingarten.values.arguments import with_values

d, m, n, k = symbols("d m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
x = Symbol("x")
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
SYMPLECTIC = HaarSymplectic("S", m)

#: Sums whose limits do not hold the dimension.
SUMS = [
    (Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3}, Rational(2, 3)),
    (Sum(W[i, 0] ** 4, (i, 0, 1)), {d: 3}, Rational(2, 5)),
    (Sum(W[i, 0] ** 2, (i, 0, 1)) ** 2, {d: 3}, Rational(8, 15)),
    (Sum(W[i, 0] ** 2 * W[i, 1] ** 2, (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 15)),
    (Sum(W[i, i] ** 2, (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 3)),
    (Sum(U[i, 0] * conjugate(U[i, 0]), (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 3)),
    (Sum(abs(SYMPLECTIC[i, 0]) ** 2, (i, 0, 1)), {m: 2}, Rational(1, 2)),
    (Sum(W[i, 0] ** 2 * A[i, i], (i, 0, 1)), {d: 3, A: eye(3)}, Rational(2, 3)),
    (W[0, 0] ** 2 * Sum(A[i, 0], (i, 0, 1)), {d: 3, A: eye(3)}, Rational(1, 3)),
    (W[0, 0] ** 2 * Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3}, Rational(4, 15)),
    (Sum(W[i, 0] ** 2 * W[j, 1] ** 2, (i, 0, j), (j, 0, 1)), {d: 3}, Rational(4, 15)),
    (Sum(GaussianMatrix("G", n, 2, variance=1 / n)[i, 0] ** 2, (i, 0, 1)), {n: 3}, Rational(2, 3)),
    (GaussianMatrix("G", n, 2, variance=1 / n)[0, 0] ** 2, {n: 3}, Rational(1, 3)),
    (Matrix([[Sum(W[i, 0] ** 2, (i, 0, 1)), W[0, 0] ** 2]]), {d: 3}, Matrix([[2, 1]]) / 3),
    (Trace(A) * Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3, A: eye(3)}, S(2)),
]


@pytest.mark.parametrize(("expr", "at", "want"), SUMS)
def test_the_dimension_is_put_into_sums(expr, at, want):
    assert E(expr, at=at) == want
    assert compiled(expr, list(at))(*at.values()) == want
    digits = E(expr, at=at, digits=20)
    assert abs(np.array(digits - want, dtype=float)).max() < 1e-19


@pytest.mark.parametrize(("expr", "at", "want"), SUMS)
def test_a_simulation_has_the_same_sums(expr, at, want):
    check = crosscheck(expr, at=at, samples=400, seed=1)
    assert check.passed
    np.testing.assert_allclose(check.evaluated, np.array(want, dtype=float), rtol=1e-12)
    found = estimate(expr, at=at, samples=400, seed=1)
    off = np.abs(found.mean - np.array(want, dtype=float))
    assert (off <= 6 * np.array(found.standard_error) + 1e-12).all()


@pytest.mark.parametrize("function", [E, crosscheck, estimate])
def test_an_entry_that_does_not_exist_is_refused(function):
    with pytest.raises(ValueError, match="from 0 to 2"):
        function(Sum(W[i, i] ** 2, (i, 0, k - 1)), at={d: 3, k: 5})
    with pytest.raises(ValueError, match="from 0 to 2"):
        compiled(Sum(W[i, i] ** 2, (i, 0, k - 1)), [d, k])(3, 5)


def test_an_index_that_is_summed_keeps_its_name():
    # The free index has a value, the summed one of the same name runs.
    expr = W[i, 0] ** 2 * Sum(W[i, 0] ** 2, (i, 0, 1))
    assert E(expr, at={d: 3, i: 2}) == Rational(2, 15)
    assert crosscheck(expr, at={d: 3, i: 2}, samples=400, seed=1).passed
    two = Integer(2)
    assert with_values(Sum(A[i, j], (i, 0, j), (j, 0, i)), {i: two}) == Sum(
        A[i, j], (i, 0, j), (j, 0, 2)
    )
    assert with_values(Integral(x * Trace(A), (x, 0, k)), {x: two, k: two}) == Integral(
        x * Trace(A), (x, 0, 2)
    )
    assert with_values(Lambda(i, A[i, k]), {i: two, k: two}) == Lambda(i, A[i, 2])


def test_a_program_has_no_symbolic_dimension():
    for matrix in (W, U, SYMPLECTIC, GaussianMatrix("G", n, 2)):
        with pytest.raises(ValueError, match="has the symbolic shape"):
            program_of(matrix[0, 0] ** 2, Facts())


def test_a_variance_that_is_not_positive_is_refused():
    expr = GaussianMatrix("G", 2, 2, variance=x)[0, 0] ** 2
    assert E(expr, at={x: Rational(1, 2)}) == Rational(1, 2)
    assert E(expr, at={x: 0.25}) == 0.25
    for value in (-1.0, -1, Rational(-1, 2)):
        with pytest.raises(ValueError, match="expected a positive expression"):
            E(expr, at={x: value})


def test_an_explicit_matrix_beside_a_symbolic_dimension():
    assert E(W[0, 0] ** 2 * Trace(Matrix([[1, 2], [3, 4]]))) == 5 / d
