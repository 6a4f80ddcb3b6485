"""Random matrices beside NumPy arrays: matrix products, never entry by entry."""

import pickle
import re

import numpy as np
import pytest
from everyday import (
    U3,
    W3,
)
from expansion import expectation
from sympy import (
    Abs,
    Adjoint,
    Expr,
    ImmutableMatrix,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    Rational,
    Trace,
    Transpose,
    adjoint,
    conjugate,
    expand,
    latex,
    transpose,
)

from weingarten import (
    E,
)

Z = np.array([[1, 2, 0], [0, 1, 0], [3, 0, 1]])


@pytest.mark.parametrize(
    ("build", "plain"),
    [
        (lambda: U3 @ Z, lambda: U3 * ImmutableMatrix(Z)),
        (lambda: Z @ U3, lambda: ImmutableMatrix(Z) * U3),
        (lambda: U3 * Z, lambda: U3 * ImmutableMatrix(Z)),
        (lambda: Z * U3, lambda: ImmutableMatrix(Z) * U3),
        (lambda: W3 @ Z, lambda: W3 * ImmutableMatrix(Z)),
        (lambda: (W3 * W3.T) @ Z, lambda: W3 * W3.T * ImmutableMatrix(Z)),
    ],
)
def test_an_array_beside_a_letter_is_a_matrix_or_is_refused(build, plain):
    try:
        made = build()
    except (TypeError, ValueError) as error:
        assert re.search("ImmutableMatrix|Matrix|array", str(error))
        return
    if isinstance(made, np.ndarray):
        # SymPy's own products know nothing of arrays: what comes of one is refused at the door.
        with pytest.raises(TypeError, match=r"Matrix\(array\)"):
            E(made)
        return
    product = made if isinstance(made, Expr) else made.as_explicit()
    for x in range(3):
        for y in range(3):
            assert expand(product[x, y] - plain()[x, y]) == 0
    assert np.allclose(
        np.array(Matrix(3, 3, lambda x, y: E(Abs(product[x, y]) ** 2)), dtype=float),
        np.array(Matrix(3, 3, lambda x, y: expectation(Abs(plain()[x, y]) ** 2)), dtype=float),
    )


@pytest.mark.parametrize(
    "array",
    [
        np.array([[W3[0, 0] ** 2, W3[0, 1]]], dtype=object),
        np.array([W3[0, 0] ** 2], dtype=object),
        np.array(W3[0, 0] ** 2, dtype=object),
    ],
)
def test_an_object_array_that_reaches_the_expectation(array):
    try:
        value = E(array)
    except TypeError as error:
        assert re.search("array", str(error))
        assert re.search("Matrix", str(error))
    else:
        assert np.ravel(value)[0] == Rational(1, 3)


A3 = MatrixSymbol("A", 3, 3)

#: What stands beside a matrix, made of random ones in every way that operators offer.
BESIDE = [
    lambda z: z * W3.T,
    lambda z: z @ W3.T,
    lambda z: W3.T * z,
    lambda z: z * (2 * W3),
    lambda z: (W3 / 2) * z,
    lambda z: z * -W3,
    lambda z: z * adjoint(U3),
    lambda z: U3.H * z,
    lambda z: z * transpose(U3),
    lambda z: z * conjugate(U3),
    lambda z: z * W3.I,
    lambda z: z * W3**2,
    lambda z: z * (W3 * A3 * W3.T),
    lambda z: (W3 * A3 * W3.T) * z,
    lambda z: z * (A3 * W3),
    lambda z: z * (A3 * W3).T,
    lambda z: z * (U3 * A3).H,
    lambda z: z * (W3 + A3),
    lambda z: (A3 - W3) * z,
    lambda z: z + W3.T,
    lambda z: 2 * W3 - z,
    lambda z: z - W3 * A3,
    lambda z: z * (W3 * z * W3.T) * z,
    lambda z: z * (W3 * A3).doit(),
    lambda z: z * (W3 * A3).subs(A3, A3.T),
]


@pytest.mark.parametrize("build", BESIDE)
def test_an_array_beside_what_is_made_of_letters_is_a_matrix(build):
    made, right = build(Z), build(ImmutableMatrix(Z))
    assert isinstance(made, MatrixExpr)
    assert made == right
    assert E(made) == E(right)
    assert E(Trace(made * adjoint(made))) == E(Trace(right * adjoint(right)))


def test_the_entry_of_an_array_times_a_transpose_is_that_of_the_product():
    # Entry by entry it would be 1/3; the row (1, 2, 0) of Z has the square 5.
    assert E((Z * W3.T)[0, 0] ** 2) == Rational(5, 3)
    assert E((Z * (2 * W3))[0, 0] ** 2) == Rational(20, 3)
    assert E(Abs((Z * adjoint(U3))[2, 0]) ** 2) == Rational(10, 3)


def test_a_function_of_arrays_takes_no_product_apart():
    for made in (W3, W3.T, 2 * W3, W3 + A3):
        with pytest.raises(TypeError):
            np.multiply(Z, made)
    with pytest.raises(TypeError, match=r"\(3,\).*z\[:, None\]"):
        W3.T * np.ones(3)


@pytest.mark.parametrize(
    ("made", "plain"),
    [
        (W3.T, Transpose(W3)),
        (W3 * A3, MatMul(W3, A3)),
        (W3 + A3, MatAdd(W3, A3)),
        (U3.H, Adjoint(U3)),
        (W3**2, MatPow(W3, 2)),
        (2 * W3.T * A3, MatMul(2, Transpose(W3), A3)),
    ],
    ids=str,
)
def test_what_operators_make_is_equal_to_sympys_own(made, plain):
    assert made == plain
    assert plain == made
    assert hash(made) == hash(plain)
    assert Trace(made) - Trace(plain) == 0
    assert (str(made), latex(made)) == (str(plain), latex(plain))
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert type(again) is type(made)
    assert made.subs(A3, A3) == plain.subs(A3, A3)
    assert made != W3


def test_what_operators_make_is_found_by_substitution():
    B3 = MatrixSymbol("B", 3, 3)
    assert (W3 * A3 * W3.T).subs(W3.T, B3) == W3 * A3 * B3
    assert (U3.H * A3 + U3.H).subs(U3.H, B3) == B3 * A3 + B3
    assert Trace(W3 * A3).subs(W3 * A3, B3) == Trace(B3)
    assert (A3 * (W3 * A3) * (A3 * W3)).args == (A3 * W3 * A3**2 * W3).args
    assert (A3 + (W3 + B3)).args == (A3 + W3 + B3).args
