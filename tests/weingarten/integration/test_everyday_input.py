"""Input that people write, with its right value, or a refusal that says what to write instead.

Where a value is not plain to see, it is compared with the same expression written out entry by
entry at numbers (`expansion`), constants being matrices of Gaussian integers.
"""

import re
import threading

import numpy as np
import pytest
from expansion import constant, expectation, expected_matrix, value_of
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    DiagMatrix,
    Expr,
    Identity,
    ImmutableMatrix,
    KroneckerDelta,
    MatPow,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Q,
    Rational,
    S,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    adjoint,
    conjugate,
    expand,
    simplify,
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
    crosscheck,
    estimate,
    weingarten_orthogonal,
    weingarten_series,
    weingarten_symplectic,
    weingarten_unitary,
)

a, b, d, m, n = symbols("a b d m n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
V = HaarSymplectic("V", m)
W3, U3, V2 = HaarOrthogonal("W", 3), HaarUnitary("U", 3), HaarSymplectic("V", 2)
R2 = HaarOrthogonal("R", 2)
G = GaussianMatrix("G", d, n)
A, B, K = (MatrixSymbol(name, d, d) for name in "ABK")
SYM = MatrixSymbol("S", d, d)
X, M = MatrixSymbol("X", d, n), MatrixSymbol("M", d, n)
row, column = MatrixSymbol("v", 1, d), MatrixSymbol("y", d, 1)
ALL, ALSO = (i, 0, d - 1), (j, 0, d - 1)
CENTRED = Identity(n) - OneMatrix(n, n) / n


def same(one, other):
    return simplify(one - other) == 0


def assert_right(expr, given=None, points=({d: 3, n: 4}, {d: 4, n: 2})):
    """E at each point is the value of the expression written out."""
    answer = E(expr, given=given)
    for point in points:
        assert expand(value_of(answer, point) - expectation(expr, point)) == 0, answer


def assert_right_or_refused(expr, message, points=({d: 3, n: 4}, {d: 4, n: 2}), given=None):
    """The same, but a refusal of one clear line will do."""
    try:
        E(expr, given=given)
    except (ValueError, TypeError, NotImplementedError) as error:
        assert re.search(message, str(error)), error
    else:
        assert_right(expr, given, points)


# 1. Wrong values ---------------------------------------------------------------------------------
# The sums over indices are in test_random_sums.py.


def test_a_series_goes_on_as_long_as_it_is_asked_to():
    # Wg((2)) of U(d) is -1/((d - 1) d (d + 1)) = -(d^-3 + d^-5 + d^-7 + ...).
    series = weingarten_series("unitary", (2,), d, 28)
    assert expand(series + sum(d**-k for k in range(3, 28, 2))) == 0
    # Wg((1, 1)) is 1/(d^2 - 1) = d^-2 + d^-4 + ...
    long = weingarten_series("unitary", (1, 1), d, 61)
    assert expand(long - sum(d**-k for k in range(2, 61, 2))) == 0
    # Of O(d): -1/((d - 1) d (d + 2)), whose recursion from (d^3 + d^2 - 2 d) s = -1 is
    # s_3 = -1, s_(k+1) = -s_k + 2 s_(k-1).
    terms = {2: 0, 3: -1}
    for power in range(4, 32):
        terms[power] = -terms[power - 1] + 2 * terms[power - 2]
    orthogonal = weingarten_series("orthogonal", (2,), d, 31)
    assert expand(orthogonal - sum(t * d**-power for power, t in terms.items())) == 0


def test_a_root_of_a_constant_is_one_or_is_refused():
    A2 = MatrixSymbol("A", 2, 2)
    root = Trace(R2 * A2 ** Rational(1, 2) * R2.T)
    # The trace of the root of diag(4, 9) is 2 + 3.
    try:
        check = crosscheck(root, samples=100, seed=0, at={A2: [[4, 0], [0, 9]]})
    except (ValueError, TypeError) as error:
        assert re.search(r"A\*\*\(1/2\)|sqrt\(A\)|A has|power", str(error))
    else:
        assert check
        assert np.allclose(check.value, 5)


@pytest.mark.parametrize(
    "build",
    [
        lambda: W * M * W.T,
        lambda: W.T * M * W,
        lambda: U * M * U.H,
        lambda: Trace(W * M * W.T),
        lambda: G * A * G.T,
        lambda: W + M,
        lambda: Trace(W * A) * Trace(M * W),
        lambda: DiagMatrix(MatrixSymbol("v", n, 1)) * W,
        lambda: Trace(M) * W[0, 0],
    ],
)
def test_shapes_that_do_not_fit_are_refused(build):
    with pytest.raises(
        (ValueError, TypeError), match=r"(?s)(d.*n|shape|[Ss]quare|align|dimension)"
    ):
        E(build() * 1)


def test_the_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"(?s)W.*d.*d.*M.*d.*n|M.*d.*n.*W.*d.*d"):
        E(W * M * W.T)


def test_facts_do_not_pass_from_one_thread_to_another():
    expr = (W * A * W.T)[0, 0] ** 2
    plain, symmetric = E(expr), E(expr, given=Q.symmetric(A))
    assert plain != symmetric
    found = []

    def ask(fact, right):
        found.extend(E(expr, given=fact) == right for _ in range(15))

    threads = [
        threading.Thread(target=ask, args=both)
        for both in [(None, plain), (Q.symmetric(A), symmetric)] * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 60
    assert all(found)


def test_the_determinant_of_a_subclass_is_no_zero():
    class SU(HaarUnitary):
        """Not known to the engine: unitary matrices of determinant 1."""

    try:
        value = E(Determinant(SU("V", 2)))
    except (ValueError, TypeError, NotImplementedError) as error:
        assert re.search("SU|subclass|Determinant", str(error))
    else:
        assert value == 1


def test_a_subclass_is_not_taken_for_its_parent():
    class Half(HaarOrthogonal):
        """Not known to the engine, whatever its law may be."""

    with pytest.raises((ValueError, TypeError, NotImplementedError), match=r"Half|subclass"):
        E(Half("H", d)[0, 0] ** 2)


# 2. Identity, zero and one matrices in a trace ---------------------------------------------------


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


# 2. Vectors and shapes ---------------------------------------------------------------------------


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


# 2. Inverses and negative powers -----------------------------------------------------------------


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


# 2. Mean subtraction, deltas with a range, adjoints ----------------------------------------------


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


# 2. NumPy arrays ---------------------------------------------------------------------------------

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


# 2. Dimensions that are expressions --------------------------------------------------------------


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


# 2. Determinants ---------------------------------------------------------------------------------


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


# 2. Indices, facts, points -----------------------------------------------------------------------


def test_shifted_indices_out_of_range_are_refused():
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W3[i + 1, 0] ** 2, (i, 0, 2)))
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W[i + 1, 0] ** 2, ALL))
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W[i - 1, 0] ** 2, ALL))


def test_indices_inside_a_sum_count_in_the_conditions():
    for expr, least in [
        (Sum(W[i, 0] ** 2, (i, 0, 3)), 4),
        (Sum(W[i + 2, 0] ** 2, (i, 0, 3)), 6),
        (Sum(W[0, 2 * i] ** 2, (i, 0, 1)), 3),
        (Sum((W * A * W.T)[i, i], (i, 0, 2)), 3),
        (Sum(W[0, i] ** 2 * W[4, 0] ** 2, (i, 0, 1)), 5),
    ]:
        _, condition = E(expr, conditions=True)
        assert [bool(condition.subs(d, size)) for size in range(1, 9)] == [
            size >= least for size in range(1, 9)
        ]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Q.symmetric(W), r"Q\.symmetric\(W\)"),
        (Q.positive_definite(A), r"Q\.positive_definite\(A\)"),
        (Q.positive(d), r"Q\.positive\(d\)"),
        (Q.symmetric(B), r"Q\.symmetric\(B\)"),
        ([Q.symmetric(A), Q.positive_definite(A)], r"Q\.positive_definite\(A\)"),
        (Q.symmetric(A) | Q.hermitian(A), r"given"),
    ],
    ids=str,
)
def test_a_fact_that_is_not_used_is_named(fact, words):
    expr = Trace(W * A * W.T * A)
    with pytest.raises((ValueError, UserWarning), match=words):
        E(expr, given=fact)


def test_facts_one_or_several():
    expr = Trace(W * A * W.T * A.T) + Trace(U * B * U.H * B)
    assert_right(expr)
    both = [Q.symmetric(A), Q.symmetric(B)]
    assert same(E(expr, given=both), E(expr, both))
    assert E((W * A * W.T)[0, 0] ** 2, given=Q.symmetric(A)) == E(
        (W * A * W.T)[0, 0] ** 2, Q.symmetric(A)
    )
    with pytest.raises(TypeError, match="given = 'symmetric'"):
        E(expr, given="symmetric")


#: A point of a wrong kind, or none; and what the line that refuses it has to name.
POINTS = [
    ({"at": 5}, (TypeError, ValueError), r"at = 5"),
    ({"at": {d: 3.0}}, (TypeError, ValueError), r"d.*3\.0|3\.0.*d"),
    ({"at": {d: -1}}, (TypeError, ValueError), r"d.*-1|-1.*d"),
    ({"at": {d: 2.5}}, (TypeError, ValueError), r"d.*2\.5|2\.5.*d"),
    ({"at": "d"}, (TypeError, ValueError), r"at = 'd'"),
    ({}, (TypeError, ValueError), r"at=\{.*d|dimension d"),
    ({"at": {}}, (TypeError, ValueError), r"at=\{.*d|dimension d"),
]


@pytest.mark.parametrize(("options", "error", "words"), POINTS, ids=str)
@pytest.mark.parametrize("function", [estimate, crosscheck])
def test_a_point_that_makes_no_sense_is_refused_in_one_line(function, options, error, words):
    with pytest.raises(error, match=words) as caught:
        function(W[0, 0] ** 2, samples=10, **options)
    assert len(str(caught.value).splitlines()) == 1


def test_a_root_of_what_is_negative_is_said_to_be_no_number():
    # Tr R is below zero for half of the matrices; real arithmetic gives nan there.
    try:
        found = estimate(sqrt(Trace(R2)), samples=200, seed=0)
    except ValueError as error:
        assert re.search("nan|sqrt", str(error))
    else:
        # Complex numbers are as good an answer: E sqrt(2 cos t), half of the time imaginary.
        assert np.isfinite(found.mean)
        assert abs(np.imag(found.mean)) > 0.1


# 3. Right, and readable --------------------------------------------------------------------------

SYMMETRIC = Q.symmetric(A)


def test_the_sum_of_the_squared_diagonal_entries():
    right = (2 * Trace(A**2) + Trace(A) ** 2) / (d + 2)
    assert E(Sum((W.T * A * W)[i, i] ** 2, ALL), given=SYMMETRIC) == right
    assert E(Sum((W * A * W.T)[i, i] ** 2, ALL), given=SYMMETRIC) == right
    assert E(Sum((W * A * W.T)[i, i] ** 2, ALL) / d, given=SYMMETRIC) == right / d


def test_without_symmetry_the_transpose_stays():
    answer = E(Sum((W.T * A * W)[i, i] ** 2, ALL))
    assert not answer.has(Sum, KroneckerDelta)
    assert same(answer, (Trace(A * A.T) + Trace(A**2) + Trace(A) ** 2) / (d + 2))


@pytest.mark.parametrize(
    ("expr", "given"),
    [
        (Sum((W.T * A * W)[i, i] ** 2, ALL), SYMMETRIC),
        (Sum((W.T * A * W)[i, i] * (W.T * B * W)[i, i], ALL), [SYMMETRIC, Q.symmetric(B)]),
        (Sum((W.T * A * W)[i, j] ** 2, ALL, ALSO), SYMMETRIC),
        (Sum((W.T * A * W)[i, i] * (W.T * A * W)[j, j], ALL, ALSO), SYMMETRIC),
        (Sum((W.T * A * W)[i, i] ** 3, ALL), SYMMETRIC),
        (Sum((W.T * A * W)[i, i] ** 2, (i, 0, n - 1)), SYMMETRIC),  # a block, n <= d
        (Sum((W.T * A * W)[i, j] ** 2, (i, 0, n - 1), (j, 0, n - 1)), SYMMETRIC),
        (Sum((W.T * A * W)[i, i], (i, 0, n - 1)) ** 2, SYMMETRIC),
        (Sum(Abs((U.H * K * U)[i, i]) ** 2, ALL), Q.hermitian(K)),
        ((column.T * W.T * A * W * column)[0, 0] ** 2, SYMMETRIC),
        ((column.T * A * column)[0, 0] * Trace(W * A * W.T * A), SYMMETRIC),
        ((W * SYM * W.T)[0, 0] * (W * SYM**3 * W.T)[0, 0], Q.symmetric(SYM)),
        ((W * SYM * W.T)[0, 0] * (W * SYM * W.T)[1, 1], Q.symmetric(SYM)),
        (Sum(G[i, 0] * (A * G)[i, 0], ALL), None),
    ],
    ids=str,
)
def test_an_answer_holds_no_sum_and_no_delta(expr, given):
    answer = E(expr, given=given)
    assert not answer.has(Sum, KroneckerDelta), answer
    facts = [] if given is None else given if isinstance(given, list) else [given]
    known = {fact.arguments[0] for fact in facts}
    for size in (3, 4):
        values = {matrix: symmetric(matrix.name, size) for matrix in known - {K}}
        point = {d: size, n: 2, **values}
        assert expand(value_of(answer, point) - expectation(expr, point)) == 0


def symmetric(name, size):
    """The constant of a name and its transpose together."""
    entries = constant(name, size, size)
    return [[entries[x][y] + entries[y][x] for y in range(size)] for x in range(size)]


def test_two_entries_of_words_in_one_symmetric_matrix():
    first, third = (W * SYM * W.T)[0, 0], (W * SYM**3 * W.T)[0, 0]
    right = (2 * Trace(SYM**4) + Trace(SYM) * Trace(SYM**3)) / (d * (d + 2))
    assert E(first * third, given=Q.symmetric(SYM)) == right


def test_words_in_a_vector_times_itself_are_one_scalar():
    y, S2 = column, Trace(W * column * column.T * W.T)
    one, other = E(Trace(W * y * y.T * y * y.T * W.T)), E(S2**2)
    assert one == other
    assert E(Trace(y * y.T * y * y.T)) == E(Trace(y * y.T) ** 2)
    third = E((y.T * W * W.T * y)[0, 0] ** 2)
    assert third == one
    for size in (2, 3):
        point = {d: size}
        assert expand(value_of(one, point) - expectation(S2**2, point)) == 0


def test_a_vector_in_a_quadratic_form_factors():
    y = column
    answer = E((y.T * W * A * W.T * y)[0, 0] ** 2, given=SYMMETRIC)
    square = E(Trace(y * y.T))
    assert same(answer, square**2 * (2 * Trace(A**2) + Trace(A) ** 2) / (d * (d + 2)))


def test_a_matrix_valued_answer_agrees_entry_by_entry():
    answer = E(W * X * CENTRED * X.T * W.T)
    point = {d: 3, n: 2}
    right = expected_matrix(W * X * CENTRED * X.T * W.T, point)
    for x in range(3):
        for y in range(3):
            entry = value_of(answer[x, y], point)
            assert expand(entry - right[x][y]) == 0


def test_transposes_are_no_other_matrices():
    assert same(E(Trace(Transpose(W) * A * W)), Trace(A))
