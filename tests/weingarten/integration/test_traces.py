"""Traces of powers of a Haar matrix, alone, beside a constant, beside other words.

Each route by partitions is compared with the listing of all pairings, from dimension 1 on.
"""

from math import factorial, prod
from random import Random

import pytest
from routes import only
from sympy import (
    Adjoint,
    Identity,
    ImmutableMatrix,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    Mul,
    Rational,
    S,
    Trace,
    ZeroMatrix,
    conjugate,
    expand,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    explain,
)
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter
from weingarten.integration.diagram import Cut
from weingarten.integration.routes import Task, conjugated, trace_of_word, trace_powers
from weingarten.integration.routes.base import ROUTES, cheapest

d, m = symbols("d m", integer=True, positive=True)
W, U, X = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("X", m)
A, B, C, D = (MatrixSymbol(name, d, d) for name in "ABCD")
K = MatrixSymbol("K", 2 * m, 2 * m)
KINDS = [HaarOrthogonal, HaarUnitary, HaarSymplectic]


# Known values ------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", range(1, 6))
def test_powers_of_the_trace_are_moments_of_a_normal_variable_from_half_the_degree_on(k):
    double = prod(range(1, 2 * k, 2))
    assert E(Trace(W) ** (2 * k), conditions=True) == (double, d >= k if k > 1 else True)
    assert E(Trace(X) ** (2 * k), conditions=True) == (double, m >= k if k > 1 else True)
    expected = (factorial(k), d >= k if k > 1 else True)
    assert E(abs(Trace(U)) ** (2 * k), conditions=True) == expected


def test_products_of_traces_of_powers():
    assert E(Trace(W**2) * Trace(W) ** 4) == 3
    assert E(Trace(W**2)) == 1 == -E(Trace(X**2))
    assert E(Trace(U**3) * conjugate(Trace(U)) ** 3, conditions=True) == (0, d >= 3)
    assert E(Trace(U**3) * Trace(Adjoint(U) ** 3)) == 3
    assert E(Trace(U.T) * Trace(conjugate(U)) * Trace(U**2) * conjugate(Trace(U**2))) == 2
    assert E(Trace(W.T**2) * Trace(W**-2)) == E(Trace(W**2) ** 2) == 3
    assert E(Trace(X.T) * conjugate(Trace(X)) * Trace(X.inverse()) * Trace(conjugate(X))) == 3


def test_integer_dimensions_below_the_range():
    W5, W1, U1, X1 = (
        HaarOrthogonal("W", 5),
        HaarOrthogonal("W", 1),
        HaarUnitary("U", 1),
        HaarSymplectic("X", 1),
    )
    assert E(Trace(W5) ** 40) == 1555788699527063688453
    assert E(W1[0, 0] ** 10) == E(Trace(W1) ** 10) == 1
    assert E(Trace(U1**3) * conjugate(Trace(U1)) ** 3) == 1
    assert [E(Trace(X1) ** (2 * k)) for k in range(1, 6)] == [1, 2, 5, 14, 42]
    assert E(Trace(HaarOrthogonal("W", 2)) ** 10) == 126


def test_conditions_of_a_line_and_of_a_product():
    k, a = symbols("k a", integer=True, positive=True)
    V = HaarOrthogonal("V", 2 * k + 1)
    assert E(Trace(V) ** 12, conditions=True) == (10395, k >= 3)
    V = HaarOrthogonal("V", a * k)
    assert E(Trace(V) ** 4, conditions=True) == (3, a * k >= 2)


def test_a_zero_has_its_condition_and_a_matrix_of_zeros_is_one():
    vanishing = Trace(U**2) * conjugate(Trace(U)) ** 2
    assert E(vanishing, conditions=True) == (0, d >= 2)
    assert E(vanishing * A) == ZeroMatrix(d, d)
    assert E(vanishing.subs(d, 1)) == 1


def test_traces_of_a_word_with_one_constant():
    p1, p2 = Trace(C * C.T), Trace(C * C.T * C * C.T)
    expected = 3 * ((d + 1) * p1**2 - 2 * p2) / (d * (d - 1) * (d + 2))
    answer, condition = E(Trace(W * C) ** 4, conditions=True)
    assert (expand(answer - expected), condition) == (0, d >= 2)
    q1, q2 = Trace(C * Adjoint(C)), Trace(C * Adjoint(C) * C * Adjoint(C))
    expected = 2 * (d * q1**2 - q2) / (d * (d - 1) * (d + 1))
    answer, condition = E(abs(Trace(U * C)) ** 4, conditions=True)
    assert (expand(answer - expected), condition) == (0, d >= 2)
    assert E(Trace(U * C) * conjugate(Trace(U * D))) == Trace(C * Adjoint(D)) / d
    assert E(Trace(U * C) * conjugate(Trace(U))) == Trace(C) / d
    J = SymplecticForm(2 * m)
    assert E(Trace(X * K) ** 2) == -Trace(J * K * J * K.T) / (2 * m)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("kind", [HaarOrthogonal, HaarUnitary])
def test_a_word_beside_a_constant_of_rank_one_is_an_entry(kind, size):
    matrix, constant = kind("X", size), MatrixSymbol("C", size, size)
    unit = ImmutableMatrix(size, size, lambda r, c: int(r == c == 0))
    for k in (1, 3):
        general = E((Trace(matrix * constant) * conjugate(Trace(matrix * constant))) ** k)
        entry = matrix[0, 0]
        assert general.subs(constant, unit).doit() == E((entry * conjugate(entry)) ** k)


def test_gaussian_traces_are_wicks_formula():
    G = GaussianMatrix("G", d, d, variance=1 / d)
    Z = GaussianMatrix("Z", d, d, complex=True)
    assert E(Trace(G * C) ** 8) == 105 * Trace(C * C.T) ** 4 / d**4
    assert E(abs(Trace(Z * C)) ** 8) == 24 * Trace(C * Adjoint(C)) ** 4
    assert E(Trace(G) ** 8) == 105
    assert E(Trace(G**2)) == 1
    with only("lists"):
        listed = E(Trace((G * C) ** 2) * Trace(G * C) ** 2)
    assert E(Trace((G * C) ** 2) * Trace(G * C) ** 2) == listed


def test_a_class_function_beside_a_word_is_spread_over_the_identity():
    assert E(Trace(W) ** 9 * W) == E(Trace(W) ** 10) / d * Identity(d)
    assert E(Trace(W) ** 9 * W[0, 1]) == 0
    assert E(Trace(W) ** 3 * Trace(W * A), conditions=True) == (3 * Trace(A) / d, d >= 2)
    assert E(Trace(X) ** 5 * Trace(X * K)) == 15 * Trace(K) / (2 * m)
    assert E(abs(Trace(U)) ** 2 * U * A * Adjoint(U)) == E(
        Trace(U) * Trace(Adjoint(U)) * U * A * Adjoint(U)
    )
    traced = E(abs(Trace(U)) ** 8 * Trace(U * A * Adjoint(U) * B))
    assert traced.subs({A: Identity(d)}).doit().equals(24 * Trace(B))


def test_explanations_list_and_agree():
    for expr in (Trace(W) ** 4, Trace(W * C) ** 2 * Trace(W) ** 2, abs(Trace(U * C)) ** 4):
        assert explain(expr).check()


# Against the listing ------------------------------------------------------------------------------


def standing(matrix):
    """The matrix, its transpose, adjoint and conjugate."""
    return [matrix, matrix.T, Adjoint(matrix), conjugate(matrix)]


def split(rng, number):
    """Positive numbers that add up to a number."""
    parts = []
    while number:
        parts.append(rng.randint(1, number))
        number -= parts[-1]
    return parts


def powers(rng, matrix, letters):
    """A product of traces of powers."""
    return Mul(
        *(Trace(MatPow(rng.choice(standing(matrix)), k).doit()) for k in split(rng, letters))
    )


def word_powers(rng, matrix, constants, letters):
    """A product of traces of powers of one word."""

    def traces(word, number):
        return Mul(*(Trace(MatMul(*[word] * k)) for k in split(rng, number)))

    one, other = constants[0], rng.choice([constants[0], constants[1], Identity(matrix.shape[0])])
    if not isinstance(matrix, HaarUnitary):
        return traces(rng.choice([matrix * one, one.T * matrix.T]), letters)
    turned = rng.choice([conjugate(matrix) * other, other.T * Adjoint(matrix)])
    return traces(matrix * one, letters // 2) * traces(turned, letters // 2)


def beside(rng, matrix, constants, letters):
    """Traces of powers times a word with one or two runs."""
    runs = rng.randint(1, min(2, letters))
    parts = [rng.choice(pair) for _ in range(runs) for pair in (standing(matrix), constants)]
    word = MatMul(*parts).doit()
    rest = powers(rng, matrix, letters - runs) if letters > runs else S.One
    shape = rng.choice(["trace", "entry", "matrix"])
    if shape == "trace":
        return rest * Trace(word)
    if shape == "entry" or matrix.shape[0] == 1:
        return rest * MatrixElement(word, 0, 0 if matrix.shape[0] == 1 else rng.randint(0, 1))
    return rest * word


CASES = {
    "powers": (lambda rng, matrix, _, letters: powers(rng, matrix, letters), (6, 6, 4)),
    "word": (word_powers, (6, 6, 4)),
    "beside": (beside, (4, 4, 4)),
}


def in_numbers(answer):
    """An answer at fixed constants: below the range, one number has many polynomials."""
    values = {}
    for symbol in sorted(answer.atoms(MatrixSymbol), key=str):
        rng, (rows, columns) = Random(str(symbol)), symbol.shape
        entries = [rng.randint(-5, 5) for _ in range(rows * columns)]
        values[symbol] = ImmutableMatrix(rows, columns, entries)
        if isinstance(symbol, SymplecticForm):
            values[symbol] = symbol.as_explicit()
    answer = answer.subs(values).doit()
    return answer if isinstance(answer, MatrixBase) or answer.is_number else answer.as_explicit()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(18))
def test_partitions_give_what_the_listing_gives(name, seed):
    rng = Random(f"{name} {seed}")
    make, most = CASES[name]
    position = seed % 3
    kind = KINDS[position]
    dimension = rng.choice([1, 2, 3, 4, m if kind is HaarSymplectic else d])
    matrix = kind("X", dimension)
    constants = [MatrixSymbol(symbol, *matrix.shape) for symbol in "ABC"]
    expr = make(rng, matrix, constants, rng.choice(range(2, most[position] + 1, 2)))
    answer, condition = E(expr, conditions=True)
    with only("lists", "power_sums", "entries"):
        listed, listed_condition = E(expr, conditions=True)
    assert condition == listed_condition
    if answer != listed:
        assert matrix.dimension.is_Integer
        assert in_numbers(answer) == in_numbers(listed)


def task(matrix, *words):
    return Task(Cut(matrix, [Chain(tuple(word)) for word in words], Alphabet()))


def test_each_route_takes_what_it_is_for():
    w, t, c = Letter(W), Letter(W, True), Letter(C)
    terms = {
        "powers": task(W, [w], [w, w, w]),
        "word": task(W, [w, c], [w, c, w, c], [w, c]),
        "beside": task(W, [w], [w], [w], [w, c, t, c, w]),
    }
    expected = {"powers": trace_powers, "word": trace_of_word, "beside": conjugated}
    for name, what in terms.items():
        assert cheapest(what)[1].__module__ == expected[name].__name__
    kept = {"powers": trace_powers, "word": trace_of_word, "beside": conjugated}
    assert {r.terms.__module__ for r in ROUTES} > {module.__name__ for module in kept.values()}


def test_two_constants_are_no_single_word():
    w, c = Letter(W), Letter(C)
    for words in ([[w, c], [w]], [[w, c], [w, Letter(D)]], [[w, c], [w, Letter(C, True)]]):
        assert trace_of_word._cost(task(W, *words)) is None
    assert trace_powers._cost(task(W, [w, c], [w])) is None


def test_what_is_too_large_is_refused_with_what_it_is():
    with pytest.raises(ValueError, match="characters of products of traces"):
        E(Trace(W * C) ** 100)
    assert E(Trace(W) ** 100) == prod(range(1, 100, 2))
    assert E(Trace(W) ** 2 * Rational(1, 2)) == Rational(1, 2)


def test_a_trace_beside_the_matrix_at_dimension_one():
    one, phase = HaarOrthogonal("W", 1), HaarUnitary("U", 1)
    A = MatrixSymbol("A", 1, 1)
    assert E(Trace(one) * one) == Identity(1)
    assert E(Trace(phase) * phase.H) == Identity(1)
    assert E(Trace(phase) * phase) == ZeroMatrix(1, 1)
    assert E(abs(Trace(phase)) ** 2 * phase * A * phase.H) == A[0, 0] * Identity(1)
