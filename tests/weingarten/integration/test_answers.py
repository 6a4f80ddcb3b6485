"""What answers look like: canonical, collected, exact for small d, at home in SymPy."""

import pickle
from functools import reduce
from itertools import product as cartesian
from operator import mul

import pytest
from entrywise import (
    Factor,
    Letter,
    haar_moment_by_entries,
    integrate,
    numbers,
    square_constants,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Add,
    Float,
    Identity,
    ImmutableMatrix,
    MatrixSymbol,
    Q,
    Rational,
    Trace,
    Transpose,
    conjugate,
    expand,
    latex,
    pretty,
    simplify,
    symbols,
    together,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary, lambdify

d = symbols("d", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
W, V, U = HaarOrthogonal("W", d), HaarOrthogonal("V", d), HaarUnitary("U", d)
A, B, C, F = (MatrixSymbol(name, d, d) for name in "ABCF")


def is_zero(expression):
    return expand(together(expression).as_numer_denom()[0]) == 0


# Canonical ---------------------------------------------------------------------------------------

letters = st.sampled_from([A, B, C, W, W.T, A.T])
words = st.lists(letters, min_size=2, max_size=6).filter(lambda word: W in word or W.T in word)


def trace(word):
    return Trace(reduce(mul, word))


@given(words, st.integers(0, 5))
def test_a_rotated_trace_gives_the_same_answer(word, shift):
    shift %= len(word)
    assert E(trace(word)) == E(trace(word[shift:] + word[:shift]))


@given(words)
def test_a_transposed_trace_gives_the_same_answer(word):
    assert E(trace(word)) == E(trace([Transpose(letter).doit() for letter in reversed(word)]))


@given(words, words)
@settings(max_examples=15)
def test_the_order_of_factors_does_not_matter(one, other):
    assert E(trace(one) * trace(other)) - E(trace(other) * trace(one)) == 0


@given(words)
def test_an_orthogonal_matrix_and_its_transpose_have_one_distribution(word):
    turned = [letter if letter not in (W, W.T) else letter.T for letter in word]
    assert E(trace(word)) == E(trace(turned))


@given(st.permutations([A, B, C, F]))
@settings(max_examples=6)
def test_a_constant_trace_commutes_with_the_average(order):
    one, two, three, four = order
    value = E(Trace(W * one * W.T * two) * Trace(three * four))
    assert expand(value - E(Trace(W * one * W.T * two)) * E(Trace(three * four))) == 0


@given(st.lists(st.sampled_from([A, B, A.T]), min_size=1, max_size=4), st.integers(0, 3))
@settings(max_examples=10)
def test_constant_traces_are_brought_to_the_form_that_averages_have(word, shift):
    shift %= len(word)
    made = E(Trace(reduce(mul, [W, *word, W.T])))
    assert made - E(trace(word[shift:] + word[:shift])) == 0


def test_traces_that_are_transposes_of_each_other_are_merged():
    value = E(Trace(W * A * W.T * B) * Trace(W * A.T * W.T * B.T))
    assert value == E(Trace(W * A * W.T * B) ** 2)


# Collected ---------------------------------------------------------------------------------------


def trace_products(expression):
    """The products of traces in an answer."""
    numerator = expand(together(expression).as_numer_denom()[0])
    terms = Add.make_args(numerator)
    return {term.as_independent(Trace)[1] for term in terms if term.has(Trace)}


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 9), (3, 25), (4, 144)])
def test_the_answer_for_general_constants_is_collected(k, count):
    assert len(trace_products(E(Trace((W * A * W.T * B) ** k)))) == count


def number_of_words(k):
    """The products of traces of words in A and A^T of total length k, up to symmetry."""
    flips = list(cartesian((0, 1), repeat=k))
    found = set()
    for cuts in partitions_of(k):
        for flip in flips:
            rest, necklaces = list(flip), []
            for part in cuts:
                necklaces.append(necklace(tuple(rest[:part])))
                rest = rest[part:]
            found.add(tuple(sorted(necklaces)))
    return len(found)


def partitions_of(k, largest=None):
    if k == 0:
        yield ()
    for part in range(min(k, largest or k), 0, -1):
        for rest in partitions_of(k - part, part):
            yield (part, *rest)


def necklace(word):
    turned = tuple(1 - letter for letter in reversed(word))
    return min(w[r:] + w[:r] for w in (word, turned) for r in range(len(word)))


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_number_of_terms_is_the_square_of_the_number_of_products_of_words(k):
    assert len(trace_products(E(Trace((W * A * W.T * B) ** k)))) == number_of_words(k) ** 2


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_the_number_of_terms_for_symmetric_constants_is_the_square_of_that_of_partitions(k):
    value = E(Trace((W * A * W.T * B) ** k), [Q.symmetric(A), Q.symmetric(B)])
    expected = len(list(partitions_of(k))) ** 2
    assert len(trace_products(value)) == expected
    assert len(trace_products(E(Trace((U * A * U.H * B) ** k)))) == expected


# Small dimension ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("ensemble", [HaarOrthogonal, HaarUnitary])
def test_a_dimension_below_the_degree_is_exact(ensemble, size):
    complex = ensemble is HaarUnitary
    matrix = ensemble("W", size)
    constants = square_constants(size, complex=complex)
    A, B = constants.written["A"], constants.written["B"]
    word = (Letter("W"), Letter("A"), Letter("W", "H"), Letter("B"))
    value = constants.evaluate(E(Trace((matrix * A * matrix.H * B) ** 3)))
    moment = haar_moment_by_entries(matrix)
    expected = integrate([Factor(word * 3)], "W", (size, size), constants, moment, complex=complex)
    assert value == expected


@pytest.mark.parametrize("size", [3, 4, 7])
def test_a_dimension_no_less_than_the_degree_gives_the_symbolic_answer(size):
    for matrix in (W, U):
        expression = Trace((matrix * A * matrix.H * B) ** 3)
        assert expand(E(expression).subs(d, size) - E(expression.subs(d, size))) == 0


def test_conditions_tell_where_a_pole_is():
    value, condition = E(Trace(W * A * W.T * B * W * A * W.T * B), conditions=True)
    assert not condition.subs(d, 1)
    assert condition.subs(d, 2)
    assert value.subs(d, 2).is_finite is not False


# Matrix-valued -----------------------------------------------------------------------------------

MATRICES = {
    "W A W.T": W * A * W.T,
    "with traces": Trace(A * B) * W * A * W.T,
    "longer": W * A * W.T * B * W * A * W.T,
    "outside": A * W * B * W.T * C,
    "plain transpose": W * A * W,
    "sum": W * A * W.T + 2 * B,
    "unitary": U * A * U.H * B * U * C * U.H,
}


@pytest.mark.parametrize("name", list(MATRICES))
def test_a_matrix_answer_agrees_with_the_answer_for_each_entry(name):
    expression = MATRICES[name]
    size = 3
    constants = {
        MatrixSymbol(str(X), size, size): ImmutableMatrix(numbers(seed, size, size))
        for seed, X in enumerate((A, B, C))
    }
    whole = E(expression).subs(d, size).subs(constants).doit()
    whole = ImmutableMatrix(whole.as_explicit())
    for a, b in cartesian(range(2), repeat=2):
        entry = E(MatrixElement(expression, a, b)).subs(d, size).subs(constants).doit()
        assert expand(whole[a, b] - entry) == 0


@pytest.mark.parametrize("name", list(MATRICES))
def test_the_trace_of_a_matrix_answer_is_the_answer_for_the_trace(name):
    one = E(Trace(MATRICES[name] * F))
    two = E(MATRICES[name]) * F
    values = {
        MatrixSymbol(str(X), 3, 3): ImmutableMatrix(numbers(seed, 3, 3))
        for seed, X in enumerate((A, B, C, F))
    }
    one, two = (side.subs(d, 3).subs(values).doit() for side in (one, two))
    assert expand(one - two.as_explicit().trace()) == 0


# SymPy's habits ----------------------------------------------------------------------------------

G = GaussianMatrix("G", d, 3, variance=1 / d)
ANSWERS = {
    "trace": E(Trace((W * A * W.T * B) ** 2)),
    "entry": E((W * A * W.T)[i, j] * (W * B * W.T)[j, k]),
    "matrix": E(W * A * W.T * B * W * A * W.T),
    "unitary": E(Trace(U * A * U.H * B * conjugate(U) * C * U.T)),
    "gaussian": E(G.T * A * G),
    "identity": E(W * W.T),
}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_answers_are_printed(name):
    answer = ANSWERS[name]
    for text in (latex(answer), pretty(answer), str(answer)):
        assert text
        assert "Dummy" not in text


@pytest.mark.parametrize("name", list(ANSWERS))
def test_answers_survive_pickling(name):
    assert pickle.loads(pickle.dumps(ANSWERS[name])) == ANSWERS[name]


@pytest.mark.parametrize("name", [n for n, a in ANSWERS.items() if not a.is_Matrix])
def test_answers_are_their_own_expectation(name):
    assert is_zero(E(ANSWERS[name]) - ANSWERS[name])


def test_an_answer_keeps_its_form_when_averaged_again():
    assert all(E(answer) == answer for answer in ANSWERS.values())


@pytest.mark.parametrize("name", [n for n, a in ANSWERS.items() if a.is_Matrix])
def test_matrix_answers_are_their_own_expectation(name):
    answer = ANSWERS[name]
    difference = (E(answer) - answer).subs(d, 3)
    values = {
        X: ImmutableMatrix(numbers(3, *map(int, X.shape))) for X in difference.atoms(MatrixSymbol)
    }
    assert all(expand(entry) == 0 for entry in difference.subs(values).doit().as_explicit())


def test_explicit_matrices_put_in_give_numbers():
    a, b = ImmutableMatrix([[1, 2], [3, 4]]), ImmutableMatrix([[0, 1], [1, 5]])
    A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
    W = HaarOrthogonal("W", 2)
    value = E(Trace((W * A * W.T * B) ** 2)).subs({A: a, B: b}).doit()
    assert value == E(Trace((W * a * W.T * b) ** 2))
    assert value.is_Rational


def test_answers_are_functions_of_their_constants():
    A = MatrixSymbol("A", 3, 3)
    W = HaarOrthogonal("W", 3)
    f = lambdify(A, E(Trace(W * A * W.T * A)))
    import numpy as np

    a = np.arange(9.0).reshape(3, 3)
    assert f(a) == pytest.approx(np.trace(a) ** 2 / 3)


# Before integration ------------------------------------------------------------------------------

x, y = symbols("x y")
BEFORE = {
    "sum inside": Trace(W * (A + B) * W.T * C),
    "powers": (Trace(W * A * W.T * B) + Trace(C)) ** 2,
    "two matrices": Trace(W * A * W.T * V * B * V.T),
    "scalars": x * Trace(W * A * W.T) / 3,
    "entries": (W[0, 0] + W[0, 1]) ** 2 * Trace(W * A * W.T * B),
}


@pytest.mark.parametrize("name", list(BEFORE))
def test_expanding_or_simplifying_first_changes_nothing(name):
    expression = BEFORE[name]
    value = E(expression)
    assert not value.has(W, V)
    for changed in (expand(expression), simplify(expression), expression.doit()):
        assert expand(E(changed) - value) == 0
    assert expand(E(pickle.loads(pickle.dumps(expression))) - value) == 0


# An expectation ----------------------------------------------------------------------------------

parts = st.sampled_from(
    [
        Trace(W * A * W.T * B),
        Trace(W * A) ** 2,
        Trace(W) * Trace(W.T * B),
        Trace(W * A * V * B * V.T * W.T),
        (W * A * W.T)[0, 0],
        W[0, 0] ** 2,
        Trace(A),
    ]
)


@given(parts, parts)
def test_an_expectation_is_linear(one, other):
    value = E(x * one + y * other + 3)
    assert expand(value - x * E(one) - y * E(other) - 3) == 0


@given(parts)
def test_an_answer_is_its_own_expectation(part):
    assert is_zero(E(E(part)) - E(part))


def test_independent_matrices_are_integrated_one_after_the_other():
    value = E(Trace(W * A * W.T * V * B * V.T))
    assert value == Trace(A) * Trace(B) / d
    inner = E(Trace(W * A * W.T * C))
    outer = E(inner.xreplace({C: V * B * V.T}).doit())
    assert expand(outer - value) == 0


def test_independent_factors_multiply():
    one, other = Trace(W * A * W.T * B) ** 2, Trace(V * A * V.T * B)
    assert expand(E(one * other) - E(one) * E(other)) == 0


def test_a_product_of_independent_haar_matrices_is_a_haar_matrix():
    one = E(Trace((W * V * A * V.T * W.T * B) ** 2))
    assert expand(one - E(Trace((W * A * W.T * B) ** 2))) == 0


def test_orthogonal_inside_unitary_averages_as_unitary():
    one = E(Trace((W * U * A * U.H * W.T * B) ** 2))
    assert expand(one - E(Trace((U * A * U.H * B) ** 2))) == 0


def test_a_matrix_times_its_inverse_is_the_identity():
    for matrix in (W, U):
        assert E(matrix * matrix.inverse()) == E(matrix.H * matrix) == Identity(d)
        assert E(Trace((matrix * A * matrix.inverse()) ** 2)) == Trace(A**2)


def test_a_float_in_front_of_a_word_stays_one():
    word = Trace(W * A * W.T * B * W * C * W.T * A)
    half = E(0.5 * word)
    assert half.has(Float)
    exact = half.xreplace({x: Rational(x) for x in half.atoms(Float)})
    assert simplify(exact - E(word) / 2) == 0
