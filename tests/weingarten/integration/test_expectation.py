"""What E reads, what it refuses, and that it is an expectation."""

from itertools import product as cartesian
from math import prod

import monomials
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import D, as_function
from share import examples
from sympy import (
    Abs,
    And,
    Function,
    I,
    ImmutableMatrix,
    KroneckerDelta,
    Matrix,
    MatrixSymbol,
    Mul,
    Piecewise,
    Rational,
    Symbol,
    Trace,
    conjugate,
    cos,
    exp,
    eye,
    factor,
    im,
    log,
    pi,
    re,
    sqrt,
    symbols,
)

from weingarten import E, HaarOrthogonal, HaarSymplectic, HaarUnitary

d = symbols("d", integer=True, positive=True)
i, j, k, m, n, p = symbols("i j k m n p", integer=True)
x, y = symbols("x y")
W, V = HaarOrthogonal("W", d), HaarOrthogonal("V", d)
U = HaarUnitary("U", d)
S = HaarSymplectic("S", d)


def product(factors):
    return Mul(*factors)


def function(expression):
    return as_function(expression.subs(d, D))


def monomial(matrix, powers):
    return product(matrix[a, b] ** power for (a, b), power in powers.items())


# Known values ------------------------------------------------------------------------------------


def test_orthogonal_entry_moments_are_the_known_ones():
    assert E(W[0, 0] ** 4) == 3 / (d * (d + 2))
    assert E(W[0, 0] ** 2 * W[0, 1] ** 2) == 1 / (d * (d + 2))
    assert E(W[0, 0] ** 2 * W[1, 1] ** 2) == (d + 1) / (d * (d - 1) * (d + 2))
    assert E(W[0, 0] * W[0, 1] * W[1, 0] * W[1, 1]) == -1 / (d * (d - 1) * (d + 2))


def test_unitary_entry_moments_are_the_known_ones():
    assert E(abs(U[0, 0]) ** 4) == 2 / (d * (d + 1))
    assert E(abs(U[0, 0] * U[1, 1]) ** 2) == 1 / ((d - 1) * (d + 1))
    crossed = U[0, 0] * U[1, 1] * conjugate(U[0, 1] * U[1, 0])
    assert E(crossed) == -1 / (d * (d - 1) * (d + 1))


def test_a_constant_is_its_own_expectation():
    for constant in [0, 1, Rational(2, 3), x, d, pi * x**2 / d, exp(d)]:
        assert E(constant) == constant


# Traces, determinants and products of whole matrices in low dimension ----------------------------


def explicit(matrix, size):
    return Matrix(size, size, lambda a, b: matrix[a, b])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_matrix_times_its_inverse_is_the_identity_in_expectation(size):
    w = explicit(HaarOrthogonal("W", size), size)
    u = explicit(HaarUnitary("U", size), size)
    assert E(w * w.T) == E(w.T * w) == eye(size)
    assert E(u * u.H) == E(u.H * u) == eye(size)


@pytest.mark.parametrize("size", [1, 2])
def test_the_square_of_a_matrix_times_its_inverse_is_the_identity_in_expectation(size):
    w = explicit(HaarOrthogonal("W", size), size)
    u = explicit(HaarUnitary("U", size), size)
    assert E((w * w.T) ** 2) == eye(size)
    assert E((u * u.H) ** 2) == eye(size)


@pytest.mark.parametrize("size", [1, 2])
def test_a_symplectic_matrix_keeps_its_form_in_expectation(size):
    s = explicit(HaarSymplectic("S", size), 2 * size)
    form = Matrix(2 * size, 2 * size, lambda a, b: (a + 1 == b and b % 2) - (b + 1 == a and a % 2))
    assert E(s * s.H) == eye(2 * size)
    assert E(s * form * s.T) == form


@pytest.mark.parametrize("size", [1, 2, 3])
def test_determinants_have_modulus_one_and_mean_zero(size):
    w = explicit(HaarOrthogonal("W", size), size).det()
    u = explicit(HaarUnitary("U", size), size).det()
    assert E(w) == E(u) == E(u**2) == 0
    assert E(w**2) == E(u * conjugate(u)) == 1


def test_a_symplectic_determinant_is_one():
    assert E(explicit(HaarSymplectic("S", 1), 2).det()) == 1


@pytest.mark.parametrize(
    ("size", "power", "expected"), [(2, 1, 1), (2, 2, 2), (2, 3, 5), (2, 4, 14), (3, 3, 6)]
)
def test_even_moments_of_a_unitary_trace_count_permutations_without_long_increases(
    size, power, expected
):
    # E|tr U|^2k counts the permutations of k with no increasing sequence longer than d [Rains].
    trace = explicit(HaarUnitary("U", size), size).trace()
    assert E((trace * conjugate(trace)) ** power) == expected


@pytest.mark.parametrize(
    ("size", "power", "expected"), [(2, 2, 1), (2, 4, 3), (2, 6, 10), (3, 4, 3)]
)
def test_even_moments_of_an_orthogonal_trace_are_known_numbers(size, power, expected):
    # Over O(2) half the mean of (2 cos)^k, as reflections have trace 0; otherwise (k - 1)!!.
    trace = explicit(HaarOrthogonal("W", size), size).trace()
    assert E(trace**power) == expected


# An expectation ----------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(-3, 3), monomials.orthogonal(3)), max_size=4))
def test_e_is_linear(terms):
    expected = sum(c * E(monomial(W, powers)) for c, powers in terms)
    assert function(E(sum(c * monomial(W, powers) for c, powers in terms))) == (
        function(factor(expected)) if terms else 0
    )


@given(monomials.orthogonal(3), monomials.orthogonal(3), monomials.unitary(2))
def test_independent_matrices_factorise(one, other, third):
    f, g = monomial(W, one), monomial(V, other)
    h = monomial(U, third[0]) * conjugate(monomial(U, third[1]))
    assert function(E(f * g * h)) == function(E(f)) * function(E(g)) * function(E(h))


def test_matrices_of_different_dimension_factorise():
    e = symbols("e", integer=True, positive=True)
    other = HaarUnitary("X", e)
    value = E(W[0, 0] ** 4 * abs(other[0, 0]) ** 4 * HaarOrthogonal("Y", 2)[0, 0] ** 2)
    assert factor(value) == 3 / (d * (d + 2)) / (e * (e + 1))


def test_a_value_in_two_dimensions_comes_factored():
    other = HaarUnitary("X", symbols("e", integer=True, positive=True))
    value = E(W[0, 0] ** 4 * abs(other[0, 0]) ** 4)
    assert value == factor(value)


@given(monomials.orthogonal(3, labels=2), st.sampled_from([2, 3, 5]))
def test_a_square_has_a_non_negative_expectation(powers, size):
    assume(powers)
    f = monomial(HaarOrthogonal("W", size), powers)
    assert E(f**2) > 0
    assert E(f**2) >= E(f) ** 2


# Coefficients ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "coefficient",
    [Rational(-7, 3), sqrt(2), I, pi, x, x**2 - y, exp(x) + log(y), d, 1 / (d + 1), exp(d), 2**d],
    ids=str,
)
def test_coefficients_come_out_in_front(coefficient):
    value = E(coefficient * W[0, 0] ** 2 + W[0, 1])
    assert (value - coefficient / d).simplify() == 0


def test_an_ordinary_matrix_is_a_coefficient():
    A = MatrixSymbol("A", d, d)
    assert E(A[0, 1] * W[0, 0] ** 2) == A[0, 1] / d


def test_coefficients_with_one_moment_are_collected():
    assert E((x * W[0, 0] + y * W[0, 1]) ** 2) == (x**2 + y**2) / d


def test_terms_cancel_before_they_are_shown():
    assert E(d * W[0, 0] ** 2 - 1) == 0
    assert E(x * W[0, 0] ** 2 - x / d) == 0


def test_a_polynomial_with_rational_coefficients_comes_back_factored():
    value = E((W[0, 0] + 2 * W[1, 1]) ** 4 + W[0, 1] ** 2)
    assert value == factor(value)


# Conjugates, moduli, real and imaginary parts ----------------------------------------------------


def test_an_orthogonal_entry_is_its_own_conjugate():
    assert E(conjugate(W[0, 0]) * W[0, 0]) == E(abs(W[0, 0]) ** 2) == E(re(W[0, 0]) ** 2) == 1 / d
    assert E(im(W[0, 0])) == 0


@given(st.integers(0, 4), st.integers(0, 4))
def test_real_and_imaginary_part_of_a_unitary_entry_are_rotation_invariant(a, b):
    # A phase is independent of the modulus: the mean of |u|^2k times that of cos^2a sin^2b.
    value = E(re(U[0, 0]) ** (2 * a) * im(U[0, 0]) ** (2 * b))
    odd = prod(range(1, 2 * a, 2)) * prod(range(1, 2 * b, 2))
    even = prod(range(2, 2 * (a + b) + 1, 2))
    assert function(value) == function(E(abs(U[0, 0]) ** (2 * (a + b)))) * odd / even


def test_moduli_of_sums_and_products_are_read():
    assert E(Abs(U[0, 0] + x * U[0, 1]) ** 2) == (1 + x * conjugate(x)) / d
    assert E(Abs(U[0, 0] * U[0, 1]) ** 2) == 1 / (d * (d + 1))
    assert E(re(U[0, 0] * conjugate(U[0, 0]))) == 1 / d


def test_a_conjugate_reads_through_products_sums_and_powers():
    assert E(U[0, 0] ** 2 * conjugate(U[0, 0] ** 2)) == E(abs(U[0, 0]) ** 4)
    assert E(U[0, 0] * conjugate(x * U[0, 0] + I * U[1, 0])) == conjugate(x) / d


def test_transposes_are_read_by_their_entries():
    assert E(W.T[0, 1] * W[1, 0]) == 1 / d
    assert E(U.H[0, 1] * U[1, 0]) == 1 / d


# Explicit matrices -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Matrix, ImmutableMatrix])
def test_a_matrix_of_expressions_gives_the_matrix_of_expectations(kind):
    value = E(kind([[W[0, 0] ** 2, 1, W[0, 0]], [x, W[0, 0] * W[1, 1], d]]))
    assert value == kind([[1 / d, 1, 0], [x, 0, d]])


def test_a_matrix_holds_where_all_its_entries_do():
    value, condition = E(Matrix([[W[1, 1] ** 2, W[2, 2] ** 2]]), conditions=True)
    assert value == Matrix([[1 / d, 1 / d]])
    assert [bool(condition.subs(d, size)) for size in (1, 2, 3, 4)] == [False, False, True, True]


# Conditions --------------------------------------------------------------------------------------


def test_what_holds_in_every_dimension_has_no_condition():
    assert E(W[0, 0] ** 4, conditions=True) == (3 / (d * (d + 2)), True)
    assert E(HaarOrthogonal("W", 3)[2, 2] ** 2, conditions=True) == (Rational(1, 3), True)


def test_each_symbolic_dimension_has_its_condition():
    e = symbols("e", integer=True, positive=True)
    _, condition = E(W[1, 1] ** 2 * HaarOrthogonal("X", e)[2, 2] ** 2, conditions=True)
    assert condition == And(d >= 2, e >= 3)


def test_the_index_of_a_symplectic_entry_bounds_half_the_size():
    assert E(S[5, 0] * conjugate(S[5, 0]), conditions=True) == (1 / (2 * d), d >= 3)


@given(monomials.orthogonal(4, labels=4))
def test_an_expectation_holds_from_its_condition_on(powers):
    value, condition = E(monomial(W, powers), conditions=True)
    least = next(size for size in range(1, 9) if condition.subs(d, size) == True)  # noqa: E712
    for size in (least, least + 1, least + 4):
        assert value.subs(d, size) == E(monomial(HaarOrthogonal("W", size), powers))


# Symbolic indices --------------------------------------------------------------------------------


def test_two_entries_with_symbolic_indices_give_deltas():
    assert E(W[i, j] * W[k, m]) == KroneckerDelta(i, k) * KroneckerDelta(j, m) / d
    assert E(U[i, j] * conjugate(U[k, m])) == KroneckerDelta(i, k) * KroneckerDelta(j, m) / d
    assert E(U[i, j] * U[k, m]) == E(W[i, j]) == 0


def test_repeated_and_concrete_indices_need_no_delta():
    assert E(W[i, j] ** 2) == E(W[i, i] ** 2) == 1 / d
    assert E(W[i, 0] * W[i, 1]) == E(W[i, 0] * W[i + 1, 0]) == 0
    assert E(W[i, 0] * W[k, 0]) == KroneckerDelta(i, k) / d


def test_a_symbolic_coefficient_may_share_the_index():
    A = MatrixSymbol("A", d, d)
    assert E(A[i, j] * W[i, j] ** 2) == A[i, j] / d


def test_symbolic_indices_hold_from_the_degree_on():
    _, condition = E(W[i, j] * W[k, m] * W[n, p] * W[0, 0], conditions=True)
    assert condition == (d >= 2)


places = st.tuples(*[st.sampled_from([i, j, k, 0, 1])] * 2)
labels = st.integers(0, 2)
values = st.fixed_dictionaries({i: labels, j: labels, k: labels})


def monomial_of_places(group, entries):
    """Entries alternate with conjugate ones for the unitary group, so that moments are not 0."""
    matrix = U if group == "unitary" else W
    return product(
        conjugate(matrix[place]) if group == "unitary" and number % 2 else matrix[place]
        for number, place in enumerate(entries)
    )


@pytest.mark.parametrize("group", ["orthogonal", "unitary"])
@given(entries=st.lists(places, max_size=6), at=values)
@settings(max_examples=examples(40))
def test_concrete_indices_put_in_afterwards_give_the_concrete_moment(group, entries, at):
    f = monomial_of_places(group, entries)
    assert function(E(f).subs(at)) == function(E(f.subs(at)))


@pytest.mark.parametrize("group", ["orthogonal", "unitary"])
@pytest.mark.parametrize("size", [2, 3])
@given(entries=st.lists(places, max_size=6), at=values)
def test_concrete_indices_put_in_afterwards_give_the_concrete_moment_in_low_dimension(
    group, size, entries, at
):
    at = {symbol: value % size for symbol, value in at.items()}
    f = monomial_of_places(group, entries).subs(d, size)
    assert E(f).subs(at) == E(f.subs(at))


@given(st.lists(places, min_size=4, max_size=4), values, st.permutations(range(2)))
def test_products_of_two_matrices_with_symbolic_indices_agree_with_concrete_ones(
    entries, at, order
):
    first, second = ([W, V][which] for which in order)
    f = product(first[place] for place in entries[:2]) * product(
        second[place] for place in entries[2:]
    )
    assert function(E(f).subs(at)) == function(E(f.subs(at)))


symplectic_index = st.sampled_from([0, 1, 2, 3, 2 * i, 2 * i + 1, 2 * j, 2 * k + 1])


@given(
    st.lists(st.tuples(symplectic_index, symplectic_index, st.booleans()), max_size=4),
    st.fixed_dictionaries({symbol: st.integers(0, 1) for symbol in (i, j, k)}),
)
@settings(max_examples=examples(40))
def test_symplectic_indices_put_in_afterwards_give_the_concrete_moment(entries, at):
    f = product(conjugate(S[a, b]) if starred else S[a, b] for a, b, starred in entries)
    assert function(E(f).subs(at)) == function(E(f.subs(at)))


def test_a_symplectic_index_of_unknown_parity_gives_entries_of_the_form():
    value = E(S[i, 0] * S[k, 1])
    (form,) = (X for X in value.atoms(MatrixSymbol) if X.name == "J")
    for a, b in cartesian(range(4), repeat=2):
        assert function(value.subs({form[i, k]: form[a, b]})) == function(E(S[a, 0] * S[b, 1]))


def test_summing_symbolic_indices_gives_the_orthogonality_relations():
    value = E(W[i, k] * W[j, k] * W[m, p] ** 2)
    total = sum(value.subs({k: c, d: 4}) for c in range(4))
    assert total.subs({i: 0, j: 0, m: 1, p: 2}) == Rational(1, 4)
    assert total.subs({i: 0, j: 1, m: 1, p: 2}) == 0


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "culprit"),
    [
        (1 / W[0, 0], r"1/W\[0, 0\]"),
        (x + sqrt(W[0, 0]), r"sqrt\(W\[0, 0\]\)"),
        (W[0, 1] * exp(W[0, 0] ** 2), r"exp\(W\[0, 0\]\*\*2\)"),
        (cos(x * W[0, 0]), r"cos\(x\*W\[0, 0\]\)"),
        (Function("f")(W[0, 0]), r"f\(W\[0, 0\]\)"),
        (abs(1 + W[0, 0]), r"Abs\(W\[0, 0\] \+ 1\)"),
        (abs(U[0, 0] + U[0, 1]) ** 3, r"Abs\(U\[0, 0\] \+ U\[0, 1\]\)"),
        (W[0, 0] ** x, r"W\[0, 0\]\*\*x"),
        (W[0, 0] / (1 + W[0, 1]), r"1/\(W\[0, 1\] \+ 1\)"),
    ],
    ids=str,
)
def test_what_is_no_polynomial_is_refused_by_name(expression, culprit):
    message = rf"expr contains {culprit}, which is not a polynomial in the entries of a random"
    with pytest.raises(ValueError, match=message):
        E(expression)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_traces_and_words_agree_with_their_entries(size):
    whole = HaarOrthogonal("W", size)
    parts = explicit(whole, size)
    for by_word, by_entry in [
        (Trace(whole), parts.trace()),
        (Trace(whole) ** 2, parts.trace() ** 2),
        (whole[0, 0] * Trace(whole), whole[0, 0] * parts.trace()),
        (Trace(whole * whole), (parts * parts).trace()),
        (Trace(whole * whole * whole.T) * whole[0, 0], parts.trace() * whole[0, 0]),
    ]:
        assert E(by_word) == E(by_entry)


@pytest.mark.parametrize(
    ("other", "described"),
    [
        (HaarOrthogonal("W", 3), "HaarOrthogonal of shape 3 x 3"),
        (HaarUnitary("W", d), "HaarUnitary of shape d x d"),
    ],
)
def test_one_name_for_two_matrices_is_refused(other, described):
    with pytest.raises(ValueError, match=r"the name 'W' stands for two random matrices") as caught:
        E(W[0, 0] ** 2 + other[0, 0])
    assert described in str(caught.value)
    assert "HaarOrthogonal of shape d x d" in str(caught.value)


def test_one_name_with_two_symbols_that_print_alike_is_refused():
    with pytest.raises(ValueError, match="'W' stands for two random matrices"):
        E(W[0, 0] ** 2 * HaarOrthogonal("W", Symbol("d"))[0, 0] ** 2)


def test_total_number_of_terms_of_a_large_power_is_no_obstacle():
    value = E((W[0, 0] + W[0, 1]) ** 40)
    # The sum is sqrt(2) times an entry.
    assert value == 2**20 * E(W[0, 0] ** 40)
    assert value.subs(d, 1) == 2**20


@pytest.mark.parametrize(
    "expression",
    [
        W[0, 0] > 0,
        np.array([W[0, 0] ** 2]),
        "W[0, 0]**2",
        {1: W[0, 0]},
        None,
        True,
        Piecewise((W[0, 0] ** 2, x > 0), (0, True)),
    ],
    ids=str,
)
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises((TypeError, ValueError), match=r"^expr "):
        E(expression)


def test_the_strongest_of_several_conditions_is_shown():
    value = Matrix([[W[1, 1] ** 2, W[2, 2] ** 2]])
    assert E(value, conditions=True)[1] == (d >= 3)


def test_a_sum_of_deltas_is_shown_without_needless_signs():
    value = E(W[i, j] * W[k, m] * W[0, 0] * W[0, 1])
    assert "(-d)" not in str(value)
