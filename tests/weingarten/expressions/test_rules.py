"""Equations between words of constants: what is known shortens the answer, and keeps its value."""

import random
from itertools import product

import numpy as np
import pytest
from sympy import (
    Eq,
    Identity,
    MatMul,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
    symbols,
)

from weingarten import E, HaarOrthogonal, HaarUnitary, explain, lambdify

d, k = symbols("d k", integer=True, positive=True)
c = symbols("c", positive=True)
W = HaarOrthogonal("W", d)
A, B, P = (MatrixSymbol(name, d, d) for name in "ABP")
J, x = MatrixSymbol("J", d, k), MatrixSymbol("x", d, 1)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
ONE = Identity(d)

#: Some of the facts are used by some of the words.
unused_facts_are_fine = pytest.mark.filterwarnings(
    "ignore:(given|at).*(is not used|speaks of|stand in expr):UserWarning"
)

PROJECTOR = [Eq(P * P, P), Q.hermitian(P), Eq(Trace(P), k)]


# Values ------------------------------------------------------------------------------------------


@unused_facts_are_fine
def test_a_projector_of_a_rank():
    assert E(abs((U * P * U.H)[0, 0]) ** 2, PROJECTOR) == k * (k + 1) / (d * (d + 1))
    assert E(Trace(U * P * U.H * A), PROJECTOR) == k * Trace(A) / d
    # The share of a plane that a random line keeps: Beta(k/2, (d-k)/2).
    real = [Eq(P * P, P), Q.symmetric(P), Eq(Trace(P), k)]
    assert E((W * P * W.T)[0, 0] ** 2, real) == k * (k + 2) / (d * (d + 2))


def test_pauli_matrices():
    given = [Eq(A * A, ONE), Eq(B * B, ONE), Eq(Trace(A), 0), Eq(Trace(B), 0)]
    assert E(Trace(U * A * U.H * B) ** 2, given) == d**2 / ((d - 1) * (d + 1))
    # An out-of-time-order correlator of two of them.
    correlator = Trace(U * A * U.H * B * U * A * U.H * B) / d
    assert E(correlator, given) == -1 / ((d - 1) * (d + 1))


def test_matrices_that_anticommute_have_no_trace_together():
    assert E(Trace(U * A * B * U.H), Eq(A * B, -B * A)) == 0
    assert E(U * A * B * U.H, Eq(A * B, -B * A)) == ZeroMatrix(d, d)


@unused_facts_are_fine
def test_a_product_that_vanishes():
    given = Eq(A * B, ZeroMatrix(d, d))
    assert E(Trace(W * A * B * W.T), given) == 0
    assert E(Trace(W * A * W.T * B), given) == Trace(A) * Trace(B) / d


def test_columns_without_overlap():
    given = Eq(J.T * J, Identity(k))
    assert E(Trace(W * J * J.T * W.T * A), given) == k * Trace(A) / d
    assert E(W * J * J.T * W.T, given) == E(W * A * W.T, Eq(Trace(A), k))


def test_vectors_of_a_length():
    entry = (x.T * W * A * W.T * x)[0, 0]
    assert E(entry, Eq(x.T * x, Identity(1))) == Trace(A) / d
    for length in (Eq(Trace(x * x.T), c), Eq((x.T * x)[0, 0], c), Eq(c, Trace(x.T * x))):
        assert E(entry, length) == c * Trace(A) / d


def test_orthogonal_and_unitary_constants():
    assert E(Trace(W * A * W.T * A * A.T), Q.orthogonal(A)) == Trace(A)
    assert E(Trace(U * A * A.adjoint() * U.H * B), Q.unitary(A)) == Trace(B)


def test_antisymmetric_constants_have_no_trace():
    assert E(Trace(W * A * W.T * B), Eq(A.T, -A)) == 0


def test_a_constant_that_is_another():
    assert E(Trace(W * A * W.T * B), Eq(B, A)) == Trace(A) ** 2 / d
    assert E(Trace(W * A * W.T), Eq(A, ONE)) == d
    assert E(Trace(W * A * W.T), Eq(A, 3 * ONE)) == 3 * d


def test_values_of_traces_are_put_in_behind_inverses():
    given = [Eq(Trace(A), 2), Eq(A * A, c * A)]
    assert E(Trace(W * A * W.T) * Trace(A**2), given) == 4 * c
    assert E(Trace(W * P * W.T), Eq(Trace(P), 1)) == 1
    assert E(Trace(W * P * W.T) * Trace(W) ** 2, Eq(Trace(P), 1)) == 1


def test_explain_is_of_the_same_words():
    explained = explain(Trace(W * P * P * W.T * P), given=PROJECTOR)
    assert explained.check()


# Against numbers ---------------------------------------------------------------------------------


def _unit(size):
    return np.eye(size)


CASES = {
    "projector": ([Eq(A * A, A), Q.symmetric(A)], lambda n, rng: _projector(n, rng)),
    "involution": ([Eq(A * A, ONE)], lambda n, rng: _turned(np.diag([1, -1, -1, 1][:n]), rng)),
    "cube root": ([Eq(A**3, ONE)], lambda n, rng: np.roll(_unit(3), 1, 0)),
    "nilpotent": ([Eq(A * A, ZeroMatrix(d, d))], lambda n, rng: np.eye(n, k=n - 1)),
    "orthogonal": ([Q.orthogonal(A)], lambda n, rng: np.linalg.qr(rng.normal(size=(n, n)))[0]),
    "antisymmetric": ([Eq(A.T, -A)], lambda n, rng: _antisymmetric(n, rng)),
    "multiple": ([Eq(A * A, 3 * A)], lambda n, rng: 3 * _projector(n, rng)),
}


def _projector(n, rng):
    v = rng.normal(size=(n, 1))
    return v @ v.T / (v.T @ v)


def _turned(matrix, rng):
    s = rng.normal(size=matrix.shape)
    return s @ matrix @ np.linalg.inv(s)


def _antisymmetric(n, rng):
    m = rng.normal(size=(n, n))
    return m - m.T


def _words(seed, count):
    """Traces of random words in W, its transpose, A and its transpose, and B."""
    rng = random.Random(seed)
    for _ in range(count):
        factors = []
        for _ in range(2):
            inner, outer = (
                [rng.choice([A, A, A.T, B]) for _ in range(rng.randint(1, 3))] for _ in "ab"
            )
            factors += [W, *inner, W.T, *outer]
        yield Trace(MatMul(*factors))


@unused_facts_are_fine
@pytest.mark.parametrize("name", CASES)
def test_what_is_known_changes_no_value(name):
    given, draw = CASES[name]
    rng = np.random.default_rng(1)
    size = 3
    a, b = draw(size, rng), rng.normal(size=(size, size))
    for word in _words(name, 6):
        value = E(word, [*given, Q.real_elements(A), Q.real_elements(B)])
        there = lambdify([d, A, B], value)(size, a, b)
        expected = E(word, at={d: size, A: a, B: b})
        scale = np.linalg.norm(a) ** 6 * np.linalg.norm(b) ** 6
        assert abs(there - expected) <= 1e-9 * scale, (word, value)


@unused_facts_are_fine
def test_two_pauli_matrices_together():
    """All words in two matrices that anticommute and are their own inverses, at X and Z."""
    given = [Eq(A * A, ONE), Eq(B * B, ONE), Eq(A * B, -B * A)]
    x_, z_ = np.array([[0, 1], [1, 0]]), np.array([[1, 0], [0, -1]])
    for inner, outer in product(product([A, B], repeat=3), product([A, B], repeat=2)):
        word = Trace(MatMul(U, *inner, U.H, *outer))
        value = lambdify([d, A, B], E(word, given))(2, x_, z_)
        assert value == pytest.approx(E(word, at={d: 2, A: x_, B: z_}), abs=1e-12)


# Refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([Eq(A * A, ONE), Eq(A * A, 2 * ONE)], "contradict each other: they say that 1 = 2"),
        ([Eq(A * A, ONE), Eq(A, ZeroMatrix(d, d))], "contradict each other"),
        ([Eq(Trace(A), 2), Eq(Trace(A), 3)], r"contradicts the other facts: .* 2 = 3"),
        ([Eq(A * A, A), Eq(Trace(A), 2), Eq(Trace(A * A), 3)], "contradicts the other facts"),
        (Eq(A * B * A, B * A * B), "does not come to an end"),
        (Eq(A + B, ONE), r"A \+ B is a sum; expected one product"),
        (Eq(W * A, A), "W is random"),
        (Eq(x.T * x, 1), r"as in Eq\(x.T\*x, Identity\(1\)\)"),
        (Eq(Trace(A) ** 2, 1), "expected one trace or entry of constants"),
        (Eq(Trace(A), Trace(B)), "expected one trace or entry of constants"),
        (Eq(symbols("t") * A * A, A), "may be 0"),
        (Eq(J.T * J, ONE), "between matrices of different shapes"),
        (Eq(J.T * J, 2), "write a matrix of the shape of the other side"),
    ],
    ids=str,
)
def test_equations_that_say_nothing_of_use_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        E(Trace(W * A * W.T * B), given)


def test_an_equation_that_nothing_uses_is_named():
    with pytest.warns(UserWarning, match=r"Eq\(B\*\*2, B\) is not used"):
        E(Trace(W * A * W.T), Eq(B * B, B))
    with pytest.warns(UserWarning, match=r"Eq\(A\*\*2, A\) is not used"):
        E(Trace(W * A * W.T), Eq(A * A, A))


def test_a_symbol_of_a_fact_may_have_a_value():
    given = [Eq(A * A, A), Eq(Trace(A), k)]
    ones = [[1, 0], [0, 0]]
    assert E(Trace(W * A * W.T * A), given, at={d: 2, A: ones, k: 1}) == Rational(1, 2)
    with pytest.raises(ValueError, match="does not hold of the value of"):
        E(Trace(W * A * W.T * A), given, at={d: 2, A: ones, k: 2})


def test_equations_are_tested_where_there_are_values():
    given = Eq(A * A, A)
    word = Trace(W * A * W.T * A)
    projector = [[Rational(1, 2)] * 2] * 2
    assert E(word, given, at={d: 2, A: projector}) == Rational(1, 2)
    with pytest.raises(ValueError, match="does not hold of the value of"):
        E(word, given, at={d: 2, A: [[1, 2], [3, 4]]})


def test_a_value_that_a_sum_over_indices_leads_to_is_kept():
    # The sum of A[a, b] B[b, a] is the trace of A B, of which the value is given.
    (a, b), c = symbols("a b", integer=True), symbols("c")
    total = Sum(A[a, b] * B[b, a] * W[0, 0] ** 2, (a, 0, d - 1), (b, 0, d - 1))
    assert E(total, given=[Eq(Trace(A * B), c)]) == c / d
    assert E(total, given=[Eq(Trace(A * B), 0)]) == 0
    squared = total.xreplace({B: A})
    assert E(squared, given=[Eq(A * A, A), Eq(Trace(A), c)]) == c / d
