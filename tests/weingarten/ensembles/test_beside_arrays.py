"""Random matrices beside NumPy arrays: matrix products, never entry by entry."""

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
    Expr,
    ImmutableMatrix,
    Matrix,
    Rational,
    expand,
)

from weingarten import (
    E,
)

# NumPy arrays ---------------------------------------------------------------------------------

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
