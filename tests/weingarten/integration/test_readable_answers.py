"""Answers that are right, and can be read."""

import pickle

import pytest
from everyday import (
    ALL,
    ALSO,
    CENTRED,
    SYM,
    A,
    B,
    G,
    K,
    M,
    U,
    V,
    W,
    X,
    column,
    d,
    i,
    j,
    m,
    n,
    same,
    symmetric,
)
from expansion import expectation, expected_matrix, value_of
from sympy import (
    Abs,
    Identity,
    ImmutableMatrix,
    KroneckerDelta,
    Matrix,
    Q,
    Rational,
    Sum,
    Trace,
    Transpose,
    expand,
)

from weingarten import CircularSymplectic, E, HaarOrthogonal, HaarUnitary, RandomPermutation

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


@pytest.mark.parametrize(
    ("expr", "right"),
    [
        (W * column * column.T * W.T, "((y.T*y)[0, 0]/d)*I"),
        ((column.T * column)[0, 0] * W * A * W.T, "((y.T*y)[0, 0]*Trace(A)/d)*I"),
        (W * A * column * column.T * W.T * column, "((y.T*A*y)[0, 0]/d)*y"),
        (W * A * W.T - Trace(A) / d * Identity(d), "0"),
        (W * A * W.T + B, "(Trace(A)/d)*I + B"),
    ],
    ids=str,
)
def test_matrix_valued_answers_as_one_would_write_them(expr, right):
    answer = E(expr)
    assert str(answer) == right
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_an_answer_in_two_dimensions_is_over_one_denominator():
    w = HaarOrthogonal("w", n)
    answer = E(Trace(W * M * w * w * M.T * W.T) + (W * M * w)[0, 0] ** 4)
    square, fourth = Trace(M * M.T), Trace(M * M.T * M * M.T)
    top = d * (d + 2) * (n + 2) * square + 3 * square**2 + 6 * fourth
    assert answer == top / (d * n * (d + 2) * (n + 2))
    assert E(W[0, 0] ** 4 * w[0, 0] ** 4 - 9 / (d * n * (d + 2) * (n + 2))) == 0
    three = W[0, 0] ** 2 + w[0, 0] ** 2
    assert E(three) == (d + n) / (d * n)


Y, UN = HaarOrthogonal("Y", d), HaarUnitary("N", d)


@pytest.mark.parametrize(
    ("expr", "right"),
    [
        (Trace(W * Y * A * Y.T * W.T * B), Trace(A) * Trace(B) / d),
        (Trace(W * Y * B * Y.T * W.T * A) * Y[0, 0], Y[0, 0] * Trace(A) * Trace(B) / d),
        (Sum(Y[i, 0] * Y[i, 1] * W[0, 0] ** 2, ALL), 0),
        (Sum(Y[i, 0] ** 2 * W[0, 0] ** 2, ALL), 1 / d),
        (Sum(Y[i, j] ** 2 * W[0, 0] ** 2, ALL, ALSO), 1),
        (Trace(UN * W * A * W.T * UN.H * B), Trace(A) * Trace(B) / d),
        (Trace(V.H * V) * W[0, 0] ** 2, 2 * m / d),
        (Trace(Y * W * A * W.T), Trace(A) * Trace(Y) / d),
        (Trace(Y * Y * W * A * W.T), Trace(A) * Trace(Y**2) / d),
    ],
    ids=str,
)
def test_a_matrix_that_stays_random_cancels_beside_its_inverse(expr, right):
    answer = E(expr, over=W)
    assert same(answer, right)
    assert answer == right


def test_a_matrix_valued_answer_in_which_a_random_matrix_cancels():
    assert E(W * Y * A * Y.T * W.T, over=W) == E(W * A * W.T)
    assert E(Y.T * W * A * W.T * Y, over=W) == E(W * A * W.T)
    assert E(Y * W * A * W.T * Y, over=W) == Trace(A) / d * Y**2


def test_a_condition_that_follows_from_another_is_left_out():
    shifted = Sum(W[i, 0] ** 2 * W[i + 1, 0] ** 2, (i, 0, m - 1))
    _, condition = E(shifted * Sum(W[i, 0] ** 2, (i, 0, m - 1)), conditions=True)
    assert condition == (m <= d - 1)
    _, condition = E(Sum(W[i, 0] ** 2, (i, 0, n - 1)) * shifted, conditions=True)
    assert condition == (m <= d - 1) & (n <= d)


def test_multiples_of_the_identity_beside_numbers_are_explicit():
    given = ImmutableMatrix([[1, 2], [3, 4]])
    two, S = HaarUnitary("U", 2), CircularSymplectic("S", 1)
    assert E(two * given * two.H + given) == Matrix([[Rational(7, 2), 2], [3, Rational(13, 2)]])
    assert E(S * given * S.H) == given
    assert E(two * given * two.H) == Rational(5, 2) * Identity(2)


def test_sums_in_front_of_matrices_are_left_as_they_are(monkeypatch):
    P = RandomPermutation("P", d)
    monkeypatch.setattr(Sum, "doit", None)
    answer = E(P * A * P.T * B * P)
    assert answer.is_Matrix
    assert answer.has(Sum)
