"""What does not fit is refused wherever it stands, in constants too; unusual dimensions do fit."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    MatrixSymbol,
    Max,
    Q,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
    factorial,
    nan,
    oo,
    symbols,
    zoo,
)

from weingarten import E, HaarOrthogonal, HaarUnitary
from weingarten.ensembles.base import SquareRandomMatrix

d, n, m = symbols("d n m", integer=True, positive=True)
i = symbols("i", integer=True)
W, R = HaarOrthogonal("W", d), HaarOrthogonal("R", 2)
A, M, P = MatrixSymbol("A", d, d), MatrixSymbol("M", d, n), MatrixSymbol("P", n, n)
C = MatrixSymbol("C", 2, 2)
Z = np.array([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "size", [2**m, 2**m - 1, 3 * 2**m, 2**m * n, m**n, factorial(m), Max(m, 2), m**2], ids=str
)
def test_a_dimension_may_be_any_expression(size):
    there = {m: 3, n: 2}
    value = E(HaarOrthogonal("W", size)[0, 0] ** 4)
    assert value.free_symbols <= {m, n}
    assert value.subs(there) == E(HaarOrthogonal("W", size.subs(there))[0, 0] ** 4)


def test_traces_at_such_a_dimension():
    made, B = HaarOrthogonal("W", 2**m), MatrixSymbol("B", 2**m, 2**m)
    value = E(Trace(made * B) ** 4, Q.symmetric(B))
    generic = E(Trace(W * A) ** 4, Q.symmetric(A)).subs(d, 8)
    there = value.subs(m, 3)
    small = MatrixSymbol("A", 8, 8), MatrixSymbol("B", 8, 8)
    numbers = {Trace(x**k): k for x in small for k in (2, 4)}
    assert there.subs(numbers) == generic.subs(numbers)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Trace(W * Identity(n) * W), "where W.* stands before"),
        (W + ZeroMatrix(d, n), "is added to 0 of shape d x n"),
        (W - ZeroMatrix(d, n), "is added to 0 of shape d x n"),
        (Inverse(M)[0, 0] * W[0, 0] ** 2, "M of shape d x n; expected a square one"),
        ((W * A * W.T)[0, 0] * Determinant(M), "M of shape d x n; expected a square one"),
        (Trace(HadamardProduct(A, M) * W * A * W.T), "is multiplied entry by entry with M"),
        (Trace(HadamardProduct(A, P) * W * A * W.T), "is multiplied entry by entry with P"),
        (W.T * DiagMatrix(M) * W, "M of shape d x n; expected a column or a row"),
        (R * nan, "expected finite numbers"),
        (R * oo, "expected finite numbers"),
        (W[0, 0] * zoo, "expected finite numbers"),
        (W[0, 0] ** 2 - oo, "expected a finite number"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(expr, message):
    with pytest.raises(ValueError, match=message):
        E(expr)


def test_an_entry_of_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="expected a column or a row"):
        (W.T * DiagMatrix(M) * W)[0, 0]
    with pytest.raises(IndexError, match=r"W\*A\*W.T of shape d x d has no entry \(0, d\)"):
        (W * A * W.T)[0, d]


# Beside arrays, lists and nothing ----------------------------------------------------------------


def test_arrays_of_expressions_are_refused():
    # NumPy makes Z*C entry by entry.
    with pytest.raises(TypeError, match=r"entry by entry; write sympy\.Matrix"):
        Z * C * R


@pytest.mark.parametrize("other", [[[1, 2], [3, 4]], ((1, 2), (3, 4))])
def test_lists_are_refused(other):
    for operation in (lambda: R * other, lambda: other * R, lambda: R + other):
        with pytest.raises(TypeError, match=r"write sympy.Matrix\(...\) of it"):
            operation()


@pytest.mark.parametrize("exponent", [None, [[1, 2]], Z, C], ids=str)
def test_an_exponent_is_a_number_or_a_symbol(exponent):
    for base in (R, R.T, 2 * R):
        with pytest.raises(TypeError, match="expected a number or a symbol"):
            base**exponent


def test_a_quotient_by_an_array_is_refused():
    with pytest.raises(TypeError, match="write a product with its inverse"):
        R / Z


@pytest.mark.parametrize("expr", [R, R.T, R * R, 2 * R], ids=str)
def test_no_expression_is_equal_to_an_array(expr):
    assert (expr == Z) is False
    assert expr != Z


# Laws --------------------------------------------------------------------------------------------


class Lawless(SquareRandomMatrix):
    """A matrix of which nobody said the law."""


class Derived(HaarUnitary):
    """One that inherits its law without saying so."""


@pytest.mark.parametrize("law", [Lawless, Derived])
def test_a_law_that_nobody_stated_is_refused_with_the_first_entry(law):
    made = law("V", 2)
    for use in (lambda: made[0, 0], lambda: E(made), lambda: E(Determinant(made))):
        with pytest.raises(TypeError, match="without a law of its own"):
            use()


# Long ranges, and roots --------------------------------------------------------------------------


def test_long_ranges_are_not_run_through():
    assert E(Sum(W[i, 0] ** 2, (i, 0, 10**12))) == (10**12 + 1) / d
    assert E(Sum(W[i + 1, 0] ** 2, (i, 0, 10**12))) == (10**12 + 1) / d
    assert E(Sum(W[10**12 - i, 0] ** 2, (i, 0, 10**12))) == (10**12 + 1) / d


def test_a_root_of_a_symmetric_matrix_is_symmetric():
    root = A ** Rational(1, 2)
    value = E((W * root * W.T)[0, 0] ** 2, Q.symmetric(A))
    assert value == (2 * Trace(A) + Trace(root) ** 2) / (d * (d + 2))
