"""Sums over indices, against the same sums written out at a concrete dimension."""

import pytest
from sympy import (
    Eq,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Mod,
    S,
    Sum,
    Trace,
    expand,
    floor,
    sqrt,
    symbols,
)

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary

d = symbols("d", integer=True, positive=True)
i, j = symbols("i j", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
G = GaussianMatrix("G", d, d, variance=1 / d)
A = MatrixSymbol("A", d, d)
R = HaarOrthogonal("R", 2)
c = IndexedBase("c")
ALL = (i, 0, d - 1)


def written_out(expr, size):
    """Put a number for the dimension, and expand every sum."""
    return expr.xreplace({d: size}).doit()


@pytest.mark.parametrize(
    "expr",
    [
        Sum(W[0, i] ** 4, ALL),
        Sum(W[0, i] ** 4, ALL) ** 2,
        Sum(W[0, i], ALL) ** 2,
        Sum(W[0, i] ** 2, (i, 1, d - 1)) ** 2,
        Sum(W[i, 0], (i, 0, 1)) * W[2, 0],
        Sum(c[i] * W[i, 0], (i, 0, 1)) * W[2, 0],
        Sum(W[i, 0] * W[j, 0], (i, 0, 1), (j, 2, 3)),
        Sum(W[i, 0] * W[j, 0], (i, 0, 2), (j, 0, 3)),
        Sum(W[i, j] * W[j, i], (i, 0, 1), (j, 0, d - 1)),
        Sum(W[0, i] * W[0, d - 1 - i], ALL),
        Sum(c[i, j] * W[i, j] ** 2, ALL, (j, 0, d - 1)),
        Sum(A[i, j] * W[i, 0] ** 2 * W[j, 0] ** 2, ALL, (j, 0, d - 1)),
        Sum(A[i, j] * W[i, j] * W[j, i], ALL, (j, 0, d - 1)),
        Sum(i * j * W[i, 0] ** 2 * W[j, 1] ** 2, ALL, (j, 0, d - 1)),
        Sum(c[i] * W[i, 0] ** 2, ALL) * Trace(W * A * W.T * A),
        Sum(A[i, i] * W[i, 0] ** 2, ALL) * Trace(W * A * W.T * A),
        Sum(c[i] * W[i, 0] * W[i, 1], ALL) * (W.T * A * W)[0, 1],
        Sum((d - i) * abs(U[i, 0]) ** 2, ALL) * Trace(U * A * U.H * A),
        Sum((W * A * W.T)[i, i] * Sum(c[i, j] * W[j, 0] ** 2, (j, 0, d - 1)), ALL),
        Sum(abs(U[i, 0]) ** 4, ALL),
        Sum(c[i] * abs(U[i, 0]) ** 2, ALL) ** 2,
        Sum(G[i, 0], (i, 0, 1)) * G[2, 0],
        Sum(G[i, j] ** 2 * c[i, j], ALL, (j, 0, d - 1)),
    ],
    ids=str,
)
def test_sums_agree_with_their_terms_written_out(expr):
    exact = written_out(E(expr), 4)
    traces = {Trace(A.xreplace({d: 4})): A.xreplace({d: 4}).as_explicit().trace()}
    assert expand(exact.xreplace(traces) - E(written_out(expr, 4)).xreplace(traces)) == 0


def test_an_average_under_a_sum_has_one_form():
    weighted = Sum(c[i, j] * W[i, j] ** 2, ALL, (j, 0, d - 1)) ** 2
    assert E(weighted) == E(weighted)


@pytest.mark.parametrize("limits", [(i, 0, d), (i, -1, 2), (i, 0, 7)])
def test_an_index_that_leaves_the_matrix_is_refused(limits):
    matrix = HaarOrthogonal("W", 3) if limits[2] == 7 else W
    with pytest.raises(IndexError, match=r"entry of W with the index i, which runs out"):
        E(Sum(matrix[i, 0] ** 2, limits))


@pytest.mark.parametrize(
    "expr",
    [
        Sum(R[i * j, 0] ** 2, (i, 0, 2), (j, 0, 1)),
        Sum(R[Mod(i, 3), 0] ** 2, (i, 0, 5)),
        Sum(R[2**i, 0] ** 2, (i, 0, 3)),
        Sum(R[i / 2, 0] ** 2, (i, 0, 2)),
        Sum(W[(i + 1) / 3, 0] ** 2, (i, 0, 2)),
        Sum(W[i**2, 0] ** 2, ALL),
        Sum(W[sqrt(i), 0] ** 2, (i, 0, 2)),
    ],
    ids=str,
)
def test_an_index_that_is_not_seen_to_exist_is_refused(expr):
    with pytest.raises(IndexError, match="with the index"):
        E(expr)


def test_an_index_that_is_no_affine_expression_is_looked_at_value_by_value():
    assert E(Sum(W[2**i, 0] ** 2, (i, 0, 2)), conditions=True) == (3 / d, d >= 5)
    assert E(Sum(W[floor(i / 2), 0] ** 2, (i, 0, 3)), conditions=True) == (4 / d, d >= 2)


def test_fractions_of_a_dimension_are_said_to_be_integers():
    even = Eq(Mod(d, 2), 0)
    assert E(Sum(W[2 * i, 0] ** 2, (i, 0, d / 2 - 1)), conditions=True) == (S(1) / 2, even)
    half = Sum(KroneckerDelta(i, d / 2) * W[i, 0] ** 2, ALL)
    assert E(half, conditions=True) == (1 / d, (d >= 2) & even)


@pytest.mark.parametrize(
    "expr",
    [
        Sum(W[0, 0] ** 2, (d, 2, 4)),
        Sum(GaussianMatrix("G", 2, 1, d)[0, 0] ** 2, (d, 1, 3)),
        KroneckerDelta(R[0, 0], 0) * R[0, 1] ** 2,
        A[R[0, 0], 0] * R[0, 0] ** 2,
        Sum(i, (i, 0, R[0, 0])) * R[0, 0],
    ],
    ids=str,
)
def test_what_is_made_of_a_random_entry_or_of_the_index_is_refused(expr):
    with pytest.raises(ValueError, match="expr contains"):
        E(expr)


def test_limits_that_depend_on_an_index_are_summed():
    assert E(Sum(W[i, 0] * W[j, 0], (j, 0, i), ALL)) == 1
    assert E(Sum(W[i, 0] * W[j, 0], (j, i + 1, d - 1), ALL)) == 0


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="the range of i ends before it begins"):
        E(Sum(W[i, 0], (i, 2, 0)))
    assert E(Sum(W[i, 0] ** 2, (i, 2, 1))) == 0
