"""Matrices, their powers, and functions of entries, against their explicit forms in SymPy."""

import numpy as np
import pytest
from drawn_values import (
    RNG,
    VALUES,
    A,
    B,
    C,
    explicit,
    i,
    j,
    v,
    w,
    x,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from share import examples
from sympy import (
    Abs,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    Eq,
    FunctionMatrix,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    S,
    Trace,
    ZeroMatrix,
    acos,
    adjoint,
    conjugate,
    exp,
    factorial,
    floor,
    gamma,
    im,
    log,
    pi,
    re,
    sqrt,
)
from sympy.matrices.expressions import HadamardPower
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from weingarten import HaarOrthogonal
from weingarten.simulation.evaluation import Evaluator

# Random matrix expressions ------------------------------------------------------------------------


def matrix_expressions():
    leaves = st.sampled_from(
        [A, B, C, Identity(3), OneMatrix(3, 3), ZeroMatrix(3, 3), DiagMatrix(v), DiagMatrix(w),
         v * w, v * v.T, w.T * w, FunctionMatrix(3, 3, Lambda((i, j), i - 2 * j))]
    )  # fmt: skip

    def bigger(inner):
        return st.one_of(
            st.builds(MatAdd, inner, inner),
            st.builds(MatMul, inner, inner),
            st.builds(lambda m: MatMul(Trace(m), m), inner),
            st.builds(lambda m: 2 * m, inner),
            st.builds(lambda m: m.T, inner),
            st.builds(adjoint, inner),
            st.builds(conjugate, inner),
            st.builds(HadamardProduct, inner, inner),
            st.builds(lambda m: MatPow(m, 2), inner),
            st.builds(DiagonalMatrix, inner),
            st.builds(lambda m: HadamardPower(m, 2), inner),
        )

    return st.recursive(leaves, bigger, max_leaves=3)


@settings(max_examples=examples(30))
@given(matrix_expressions(), st.sampled_from(["matrix", "trace", "entry"]))
def test_a_random_matrix_expression_is_what_its_explicit_form_gives(matrix, part):
    if part == "trace":
        expected = explicit(matrix).trace(axis1=1, axis2=2)
        found = Evaluator(VALUES)(Trace(matrix))
    else:
        expected = explicit(matrix)
        found = Evaluator(VALUES)(matrix)
        if part == "entry":
            expected, found = expected[:, 0, 2], Evaluator(VALUES)(matrix[0, 2])
    found = np.broadcast_to(found, expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + abs(expected).max()))


MATRICES = [
    KroneckerProduct(A, B),
    KroneckerProduct(A, w, v),
    BlockMatrix([[A, v], [w, Identity(1)]]),
    MatrixSymbol("A", 3, 3)[0:2, 1:3],
    DiagMatrix(w),
    DiagMatrix(v),
    DiagonalOf(A),
    DiagonalMatrix(A * B),
    HadamardPower(B, 3),
    HadamardProduct(A, B, C),
    FunctionMatrix(3, 2, Lambda((i, j), i**2 - j * I)),
    B.applyfunc(Lambda(x, x**2 + x)),
    ImmutableMatrix([[B[0, 0], 1, x * 0], [2, A[1, 1] * B[2, 2], 3]]),
    A**3,
    A**0,
]


@pytest.mark.parametrize("matrix", MATRICES, ids=str)
def test_a_matrix_is_what_its_explicit_form_gives(matrix):
    expected = explicit(matrix)
    found = np.broadcast_to(Evaluator(VALUES)(matrix), expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_inverses_and_determinants():
    regular = RNG.normal(size=(4, 3, 3))
    value = Evaluator({B: regular})
    np.testing.assert_allclose(value(B.I * B), np.broadcast_to(np.eye(3), (4, 3, 3)), atol=1e-9)
    np.testing.assert_allclose(value(B**-2 * B * B), [np.eye(3)] * 4, atol=1e-9)
    np.testing.assert_allclose(value((B.I)[0, 1]), np.linalg.inv(regular)[:, 0, 1])
    np.testing.assert_allclose(value(Determinant(B * B.T)), np.linalg.det(regular) ** 2)


# Powers of matrices -------------------------------------------------------------------------------

HALF, THIRD = Rational(1, 2), Rational(1, 3)


@pytest.mark.parametrize(
    "matrix",
    [
        [[4, 0], [0, 9]],
        [[2, 1], [1, 2]],
        [[1, 1], [1, 1]],
        [[5, 1], [2, 4]],
        [[-4, 0], [0, 9]],
        [[1, 2], [3, 4]],
        [[2, I], [-I, 2]],
        [[0, -1], [1, 0]],
        [[0, 0], [0, 0]],
    ],
)
@pytest.mark.parametrize("exponent", [HALF, THIRD, Rational(3, 2)])
def test_a_fractional_power_of_a_matrix_is_that_of_sympy(matrix, exponent):
    M = MatrixSymbol("M", 2, 2)
    numbers = np.array(Matrix(matrix).tolist(), dtype=complex)
    numbers = numbers if numbers.imag.any() else numbers.real
    expected = np.array((Matrix(matrix) ** exponent).evalf().tolist(), dtype=complex)
    np.testing.assert_allclose(Evaluator({M: numbers})(M**exponent), expected, atol=1e-10)
    stack = np.stack([numbers, numbers])
    np.testing.assert_allclose(Evaluator({M: stack})(M**exponent), [expected] * 2, atol=1e-10)


def test_an_exponent_may_be_a_symbol():
    M = MatrixSymbol("M", 2, 2)
    found = Evaluator({M: np.diag([4.0, 9.0]), x: 0.5})(M**x)
    np.testing.assert_allclose(found, np.diag([2, 3]))


@pytest.mark.parametrize(
    ("matrix", "exponent", "message"),
    [
        ([[1, 1], [0, 1]], HALF, "no basis of eigenvectors"),
        ([[1, 2], [2, 4]], -HALF, "not a finite number"),
        ([[4, 2, 6], [2, 1, 3], [6, 3, 9]], -HALF, "not a finite number"),
        ([[1, 2], [2, 4]], -1, "singular"),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], -1, "singular"),
        ([[1, 1], [1, 1 + 1e-13]], -3, "singular up to rounding"),
    ],
)
def test_a_power_that_does_not_exist_is_refused(matrix, exponent, message):
    M = MatrixSymbol("M", len(matrix), len(matrix))
    with pytest.raises(ValueError, match=message):
        Evaluator({M: np.array(matrix, dtype=float)})(Trace(M**exponent))


# Functions of numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        sqrt,
        log,
        exp,
        lambda z: z**THIRD,
        lambda z: z ** Rational(-5, 2),
        lambda z: z**-3,
        lambda z: 2**z,
        lambda z: z**z,
        lambda z: (I + z) ** (z / 3),
        acos,
        lambda z: conjugate(z) * re(z) + im(I * z),
        Abs,
        gamma,
        lambda z: Max(z, 1) - floor(z),
        lambda z: factorial(2 * Abs(z)),
        lambda z: Piecewise((log(z), z > 1), (z**2, z < 0), (pi, True)),
        lambda z: Piecewise((1 / (z - 3), Eq(z, -2) | (z >= 4)), (0, True)),
    ],
)
def test_a_function_is_that_of_sympy_complex_where_it_is(function):
    points = [-2.5, -2.0, -0.5, 0.5, 1.0, 3.0, 4.0]
    M = MatrixSymbol("M", 1, 1)
    if function is gamma:
        points.remove(-2.0)
    draws = np.array(points).reshape(-1, 1, 1)
    found = Evaluator({M: draws})(function(M[0, 0]))
    expected = [complex(function(S(point))) for point in points]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("function", [sqrt, log, exp, acos, gamma, Abs, lambda z: z**z])
def test_a_function_of_a_complex_number_is_that_of_sympy(function):
    points = [1 + 2j, -1 + 1j, -1 - 1j, 2 - 0.5j, 3.0, -3.0]
    M = MatrixSymbol("M", 1, 1)
    if function is gamma:
        points.remove(-3.0)
    found = Evaluator({M: np.array(points).reshape(-1, 1, 1)})(function(M[0, 0]))
    expected = [complex(function(S(point.real) + I * S(point.imag)).evalf()) for point in points]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_a_complex_number_without_imaginary_part_is_real(zero):
    M = MatrixSymbol("M", 1, 1)
    value = Evaluator({M: np.array([[[complex(-1, zero)]], [[complex(-4, zero)]]])})
    np.testing.assert_allclose(value(log(M[0, 0])), [np.pi * 1j, np.log(4) + np.pi * 1j])
    np.testing.assert_allclose(value(sqrt(M[0, 0])), [1j, 2j])
    np.testing.assert_allclose(value(Max(M[0, 0], -2)), [-1, -2])
    np.testing.assert_allclose(value(acos(2 * M[0, 0] / M[0, 0])), [1.3169578969248166j] * 2)


@pytest.mark.parametrize("function", [sqrt, log, lambda z: z**x])
def test_where_a_principal_value_jumps_rounding_does_not_decide(function):
    M = MatrixSymbol("M", 1, 1)
    with pytest.raises(ValueError, match="negative number up to rounding"):
        Evaluator({M: np.array([[[-1 + 1e-16j]], [[-1 - 1e-16j]]]), x: 0.3})(function(M[0, 0]))


def test_the_inverse_of_a_random_matrix_is_evaluated_as_an_inverse():
    W = HaarOrthogonal("W", 3)
    draws = W.sample(5, 0)
    np.testing.assert_allclose(Evaluator({W: draws})(Inverse(W)), draws.swapaxes(1, 2), atol=1e-12)
