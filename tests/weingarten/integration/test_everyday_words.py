"""Words that people write, with their right values.

Where a value is not plain to see, it is compared with the same expression written out entry by
entry at numbers (`expansion`), constants being matrices of Gaussian integers.
"""

import re

import pytest
from everyday import (
    ALL,
    ALSO,
    CENTRED,
    U3,
    W3,
    A,
    B,
    G,
    U,
    W,
    X,
    a,
    assert_right,
    assert_right_or_refused,
    b,
    column,
    d,
    i,
    j,
    m,
    n,
    row,
    same,
)
from expansion import constant, expectation, value_of
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    DiagMatrix,
    Identity,
    KroneckerDelta,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Rational,
    S,
    Sum,
    Trace,
    ZeroMatrix,
    adjoint,
    conjugate,
    expand,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_unitary,
)

# Identity, zero and one matrices in a trace ---------------------------------------------------


def test_a_trace_of_a_sum_with_an_identity():
    # E Tr(W)^2 = 1, E Tr(W) = 0, Tr(I)^2 = d^2.
    assert same(E(Trace(W + Identity(d)) ** 2), d**2 + 1)
    assert same(E(Abs(Trace(U - 3 * Identity(d))) ** 2), 9 * d**2 + 1)
    assert same(E(Trace(W + Identity(d))), d)
    assert E(Trace(Identity(d) * 2)) == 2 * d
    assert same(E(Trace(W * W.T + Identity(d))), 2 * d)
    assert same(E(Trace((W + Identity(d)) * (W.T + Identity(d)))), 2 * d)


def test_a_gaussian_gram_matrix_minus_the_identity():
    # E Tr (G^T G)^2 = n d (n + d + 1), E Tr G^T G = n d.
    right = n * d * (n + d + 1) - 2 * n * d + n
    assert same(E(Trace((G.T * G - Identity(n)) ** 2)), right)
    assert_right(Trace((G.T * G - Identity(n)) ** 2), points=({d: 2, n: 2}, {d: 2, n: 3}))
    assert same(E(Trace(G.T * G - Identity(n)) ** 2), n * d * (n * d + 2) - 2 * n**2 * d + n**2)


@pytest.mark.parametrize(
    "expr",
    [
        Trace(W + ZeroMatrix(d, d)) ** 2,
        Trace(W * (A + ZeroMatrix(d, d)) * W.T),
        Trace(W * (A - Identity(d)) * W.T * B),
        Trace((A - Identity(d)) * W) * Trace((A + Identity(d)) * W),
        Trace((W + W.T - Identity(d)) ** 2),
        Trace((W + A) ** 3),
        Trace((U + Identity(d)) * (U.H + A)),
        Trace((G * G.T - Identity(d)) * (G * G.T - A)),
        Trace(W * OneMatrix(d, d) * W.T * A),
        (W * (Identity(d) - OneMatrix(d, d) / d) * W.T)[0, 0] ** 2,
        Trace(W * (Identity(d) + 2 * Identity(d)) * W.T),
        Trace(-W + Identity(d)) ** 2,
        Trace(ZeroMatrix(d, d) * W),
    ],
    ids=str,
)
def test_identity_zero_and_one_matrices_in_words(expr):
    assert_right(expr, points=({d: 2, n: 2}, {d: 3, n: 2}))


def test_the_trace_of_a_matrix_of_ones():
    assert E(Trace(OneMatrix(n, n))) == n
    assert E(Trace(W * OneMatrix(d, d) * W.T)) == d
    assert same(E(Trace(U * OneMatrix(d, d) * U.H * A)), Trace(A))


# Vectors and shapes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expr",
    [
        (row * W * A * W.T * row.T)[0, 0],
        (row * W * A * W.T * row.T)[0, 0] ** 2,
        (column.T * W * A * W.T * column)[0, 0],
        (row * W * column)[0, 0] ** 2,
        Trace(row * W * A * W.T * row.T),
        (row * U * A * U.H * Adjoint(row))[0, 0],
        (W * row.T)[0, 0] ** 2,
        (row * W)[0, 1] ** 2,
        (row * G)[0, 0] ** 2,
    ],
    ids=str,
)
def test_a_row_vector_in_a_word(expr):
    assert_right(expr)


def test_a_quadratic_form_of_a_row_vector():
    value = E((row * W * A * W.T * row.T)[0, 0])
    for size in (3, 4):
        v = constant("v", 1, size)[0]
        trace = value_of(Trace(A), {d: size})
        assert expand(value_of(value, {d: size}) - sum(x * x for x in v) * trace / size) == 0


@pytest.mark.parametrize("vector", [row, column])
def test_the_diagonal_matrix_of_a_vector(vector):
    D = DiagMatrix(vector)
    words = [
        Trace(W * D * W.T * A),
        Trace(D * U * D * U.H),
        Trace(W * D**2 * W.T) * Trace(D),
        # SymPy itself would write an entry of D as v[k, 0], which a row vector has not.
        MatrixElement(W * D * W.T, S.Zero, S.Zero),
        MatrixElement(W * D * W.T, S.Zero, S.Zero) ** 2,
    ]
    for expr in words:
        assert_right(expr, points=({d: 3},))


def test_an_entry_of_a_vector_that_does_not_exist_is_refused():
    assert_right_or_refused((W * DiagMatrix(row) * W.T)[0, 0], r"\bv\b", points=({d: 3},))
    with pytest.raises(IndexError):
        E(row[i, 0].subs(i, 1) * W[0, 0] ** 2)


def test_an_answer_names_no_entry_that_does_not_exist():
    # The vector has one row: v[0, k]. The engine once wrote v[k, 0].
    answer = E(Trace(W * DiagMatrix(row) * W.T * A))
    for entry in answer.atoms(MatrixElement):
        if entry.parent == row:
            assert entry.i == 0, answer


# Inverses and negative powers -----------------------------------------------------------------


def inverses(size):
    """Expressions in inverses, and the same in transposes and conjugates."""
    W, U, V = HaarOrthogonal("W", size), HaarUnitary("U", size), HaarSymplectic("V", 1)
    return [
        (W.I[0, 1] * W[1, 0], W[1, 0] ** 2),
        (W.inverse()[0, 0] ** 2, W[0, 0] ** 2),
        ((W**-2)[0, 0] * (W**2)[0, 0], (W.T * W.T)[0, 0] * (W * W)[0, 0]),
        ((W**-1 * W)[0, 0], S.One),
        (U.I[0, 1] * U[1, 0], conjugate(U[1, 0]) * U[1, 0]),
        (Abs(U.I[0, 0]) ** 2, Abs(U[0, 0]) ** 2),
        ((U**-1)[0, 1] * conjugate((U**-1)[0, 1]), Abs(U[1, 0]) ** 2),
        (Trace(MatPow(U, -2)) * Trace(U**2), Trace(Adjoint(U) * Adjoint(U)) * Trace(U * U)),
        (Trace(U.I * U), S(size)),
        (V.I[0, 0] * V[0, 0], Abs(V[0, 0]) ** 2),
    ]


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("which", range(len(inverses(2))))
def test_entries_of_inverses_at_a_number_for_the_dimension(size, which):
    expr, plain = inverses(size)[which]
    assert same(E(expr), expectation(plain))


def test_an_entry_of_the_inverse_of_a_transpose_is_right_or_refused():
    # SymPy writes it with a determinant in the denominator before the engine comes to see it.
    try:
        value = E((W3.T**-1)[0, 1] * W3[0, 1])
    except ValueError as error:
        assert re.search(r"inverse|determinant|polynomial", str(error))
    else:
        assert value == Rational(1, 3)


def test_entries_of_inverses_at_a_symbol_for_the_dimension():
    assert same(E(W.I[0, 1] * W[1, 0]), 1 / d)
    assert same(E((W**-2)[0, 0] * (W**2)[0, 0]), E((W.T * W.T)[0, 0] * (W * W)[0, 0]))
    assert same(E(Trace(U**-2) * Trace(U**2)), 2)


# Mean subtraction, deltas with a range, adjoints ----------------------------------------------


@pytest.mark.parametrize(
    "expr",
    [
        (W * X * CENTRED * X.T * W.T)[0, 0],
        (W * X * CENTRED * X.T * W.T)[0, 0] ** 2,
        Trace(W * X * CENTRED * X.T * W.T * A),
        (G * CENTRED * G.T)[0, 0],
        Trace(CENTRED * G.T * A * G),
    ],
    ids=str,
)
def test_the_mean_over_a_batch_is_subtracted(expr):
    assert_right(expr, points=({d: 2, n: 3}, {d: 3, n: 2}))


def test_a_row_norm_after_mean_subtraction():
    # E (W B W^T)_00 = Tr(B)/d, B = X (1 - 11^T/n) X^T: Tr X X^T less the row sums squared over n.
    value = E((W * X * CENTRED * X.T * W.T)[0, 0])
    right = (Trace(X * X.T) - Trace(X * OneMatrix(n, n) * X.T) / n) / d
    for point in ({d: 3, n: 4}, {d: 2, n: 5}):
        assert expand(value_of(value - right, point)) == 0


@pytest.mark.parametrize(
    ("expr", "right"),
    [
        (Sum(Identity(d)[i, j] * W[i, 0] * W[j, 0], ALL, ALSO), 1),
        (Sum(Identity(d)[i, j] * W[i, 0] ** 2 * W[j, 0] ** 2, ALL, ALSO), 3 / (d + 2)),
        (Sum(Identity(d)[0, j] * W[j, 0] ** 2, ALSO), 1 / d),
        (Sum(KroneckerDelta(i, j, (0, 1)) * W[i, 0] * W[j, 0], ALL, ALSO), 2 / d),
        (Sum(KroneckerDelta(i, j, (1, d - 1)) * W[i, 0] * W[j, 0], ALL, ALSO), (d - 1) / d),
        (KroneckerDelta(0, 1, (0, d - 1)) * W[0, 0] ** 2, 0),
    ],
    ids=str,
)
def test_a_delta_that_carries_a_range(expr, right):
    assert same(E(expr), right)


def test_adjoints_of_expressions():
    assert same(E(Trace(adjoint(U * A) * U * A)), Trace(A * Adjoint(A)))
    assert E((adjoint(U) * U)[0, 0]) == 1
    assert same(E(Trace(adjoint(U * A * U.H) * B)), conjugate(Trace(A)) * Trace(B) / d)
    for expr in [
        Trace(adjoint(U * A * U.H) * B),
        Trace(adjoint(U + A) * (U + A)),
        adjoint(U * A * U)[0, 1] * (U * A * U)[1, 0],
        (adjoint(U) * A * U)[0, 0] * conjugate((adjoint(U) * A * U)[0, 0]),
        Trace(adjoint(W * A) * W * B),
        Trace(adjoint(2 * U) * U),
        Trace(adjoint(adjoint(U)) * A * adjoint(U)),
        conjugate(Trace(U * A)) * Trace(U * B),
    ]:
        assert_right(expr, points=({d: 2}, {d: 3}))


# Dimensions that are expressions --------------------------------------------------------------


def test_weingarten_functions_at_an_expression_for_the_dimension():
    x = symbols("x")
    for group in (weingarten_orthogonal, weingarten_unitary, weingarten_symplectic):
        for partition in [(1,), (2,), (1, 1), (2, 1), (3,)]:
            plain = group(partition, d)
            for size in (-2 * d, d + 1, 2 * d, d * n, d - 1):
                assert same(group(partition, size), plain.subs(d, x).subs(x, size))
    # Wg^Sp(mu; m) is (-1)^n eps(mu) Wg^O(mu; -2m): with eps((2, 1)) = -1 and n = 3 the same.
    assert same(weingarten_orthogonal((2, 1), -2 * d), weingarten_symplectic((2, 1), d))


def test_random_matrices_at_an_expression_for_the_dimension():
    assert same(E(Abs(HaarUnitary("U", 2 * m)[0, 0]) ** 2), 1 / (2 * m))
    assert same(E(HaarOrthogonal("W", a * b)[0, 0] ** 4), 3 / (a * b * (a * b + 2)))
    assert same(E(HaarOrthogonal("W", d + 1)[0, 0] ** 2), 1 / (d + 1))
    u = HaarUnitary("u", 2 * m)
    C = MatrixSymbol("C", 2 * m, 2 * m)
    assert same(E(Trace(u * C * u.H * C)), Trace(C) ** 2 / (2 * m))
    z = Sum(Abs(u[2 * i, 0]) ** 2 - Abs(u[2 * i + 1, 0]) ** 2, (i, 0, m - 1))
    # D entries with weights +1 and -1 in equal number: E z^2 = D/(D (D + 1)), D = 2m.
    assert same(E(z**2), 1 / (2 * m + 1))
    assert same(E(GaussianMatrix("g", 2 * m, d + 1)[0, 0] ** 4), 3)


@pytest.mark.parametrize("size", [-d, 0 * d, d / 2 - d, sqrt(-1) * d, Rational(3, 2), 1.5])
def test_what_is_no_dimension_is_refused(size):
    with pytest.raises((TypeError, ValueError), match=r"d = .*expected"):
        HaarOrthogonal("W", size)


# Determinants ---------------------------------------------------------------------------------


@pytest.mark.parametrize("u", [U, HaarUnitary("u", 2), U3])
def test_powers_of_a_determinant_and_its_conjugate(u):
    det = Determinant(u)
    assert E(det * conjugate(det) ** 2 * det) == 1
    assert E(Abs(det) ** 4) == 1
    assert E(det * conjugate(det)) == 1
    assert E(det**2 * conjugate(det) ** 2) == 1
    assert same(E(Abs(u[0, 0]) ** 2 * det * conjugate(det)), 1 / u.shape[0])
    assert E(Determinant(W) ** 2) == 1
    assert E(Determinant(W) ** 4) == 1


def test_a_determinant_beside_its_conjugate_in_another_power_is_not_one():
    det = Determinant(HaarUnitary("u", 2))
    try:
        assert E(det**2 * conjugate(det)) == 0
    except ValueError as error:
        assert "Determinant" in str(error)
