"""Theorems on random matrices that `E` must reproduce."""

from itertools import permutations, product
from math import factorial, prod

import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import D
from sympy import (
    Add,
    Identity,
    Integer,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Symbol,
    Trace,
    conjugate,
    expand,
    rf,
    symbols,
    sympify,
    together,
)

from weingarten import E, HaarOrthogonal, HaarUnitary

d = symbols("d", integer=True, positive=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B, S = (MatrixSymbol(name, d, d) for name in "ABS")


def is_zero(expression):
    return expand(together(sympify(expression)).as_numer_denom()[0]) == 0


# Traces of powers --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, d], ids=str)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_the_mean_square_of_the_trace_of_a_power_is_the_smaller_of_power_and_size(k, size):
    U = HaarUnitary("U", size)
    expected = k if size == d else min(k, size)
    assert E(Trace(U**k) * Trace(U.H**k)) == expected
    assert E(Trace(U**k)) == E(Trace(U**k) * Trace(U.H ** (k + 1))) == 0


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_the_mean_trace_of_a_power_of_an_orthogonal_matrix_is_one_if_it_is_even(k):
    assert E(Trace(W**k)) == (k + 1) % 2


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_variance_of_the_trace_of_a_power_of_an_orthogonal_matrix_is_the_power(k):
    assert E(Trace(W**k) ** 2) - E(Trace(W**k)) ** 2 == k


def longest_increase(images):
    lengths = []
    for k, image in enumerate(images):
        lengths.append(1 + max([lengths[i] for i in range(k) if images[i] < image], default=0))
    return max(lengths)


def is_fixed_point_free_involution(images):
    return all(images[images[k]] == k != images[k] for k in range(len(images)))


@pytest.mark.parametrize(("size", "k"), [(1, 3), (2, 1), (2, 2), (2, 3), (3, 3), (2, 4), (5, 3)])
def test_moments_of_a_trace_count_permutations_without_long_increases(size, k):
    # Rains 1998: permutations of k for U(d), involutions of 2k without fixed points for O(d).
    U, W = HaarUnitary("U", size), HaarOrthogonal("W", size)
    unitary = sum(longest_increase(p) <= size for p in permutations(range(k)))
    assert E((Trace(U) * Trace(U.H)) ** k) == unitary
    if k < 4:
        involutions = filter(is_fixed_point_free_involution, permutations(range(2 * k)))
        assert E(Trace(W) ** (2 * k)) == sum(longest_increase(p) <= size for p in involutions)
        assert E(Trace(W) ** (2 * k - 1)) == 0


# The circular orthogonal ensemble ----------------------------------------------------------------

V = U * U.T


def circular_moment(plain, conjugated):
    """The sum over permutations of the orthogonal function at d + 1 [Matsumoto 2012]."""
    first, second = (list(sum(entries, ())) for entries in (plain, conjugated))
    values = oracles.weingarten_values("orthogonal", len(plain))
    base = frozenset(frozenset((k, k + 1)) for k in range(0, len(first), 2))
    total = 0
    for s in permutations(range(len(first))):
        if all(first[s[k]] == second[k] for k in range(len(first))):
            moved = frozenset(frozenset(s[k] for k in pair) for pair in base)
            total += values[oracles.coset_type(base, moved)]
    return sympify(oracles.FIELD.to_sympy(total)).subs(D, d + 1) if total else 0


def test_entries_of_the_circular_ensemble_have_the_known_mean_square():
    i, j = symbols("i j", integer=True)
    value = E(V[i, j] * conjugate(V[i, j]))
    for a, b in product(range(2), repeat=2):
        assert is_zero(value.subs({i: a, j: b}) - Rational(1 + (a == b)) / (d + 1))
    assert E(Trace(V)) == E(Trace(V) ** 2) == 0
    assert is_zero(E(Trace(V) * conjugate(Trace(V))) - 2 * d / (d + 1))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_moments_of_a_diagonal_entry_of_the_circular_ensemble_are_a_product(n):
    value = E((V[0, 0] * conjugate(V[0, 0])) ** n)
    expected = 2**n * factorial(n) / Mul(*(d + 2 * k + 1 for k in range(n)))
    assert is_zero(value - expected)


@given(st.lists(st.integers(0, 2), min_size=4, max_size=4), st.permutations(range(4)))
def test_fourth_moments_of_the_circular_ensemble_are_sums_over_permutations(indices, order):
    others = [indices[k] for k in order]
    plain, conjugated = ([(x[0], x[1]), (x[2], x[3])] for x in (indices, others))
    entries = [V[place] for place in plain] + [conjugate(V[place]) for place in conjugated]
    assert is_zero(E(Mul(*entries)) - circular_moment(plain, conjugated))


# Row norms of W S W^T ----------------------------------------------------------------------------

X = W * S * W.T
p1, p2 = Trace(S), Trace(S**2)


def test_row_norms_have_the_known_mean_variance_and_covariance():
    mean, square, mixed = (
        E(product, Q.symmetric(S)) for product in (X[0, 0], X[0, 0] ** 2, X[0, 0] * X[1, 1])
    )
    variance = 2 * (d * p2 - p1**2) / (d**2 * (d + 2))
    assert mean == p1 / d
    assert is_zero(square - mean**2 - variance)
    assert is_zero(mixed - mean**2 + variance / (d - 1))


@pytest.mark.parametrize("q", range(8))
def test_every_moment_of_a_row_norm_is_a_coefficient_of_a_generating_function(q):
    # prod_k (1 - t lam_k)^(-1/2) = exp(sum_k p_k t^k / 2k), term by term.
    t = Symbol("t")
    exponent = Add(*(Trace(S**k).doit() * t**k / (2 * k) for k in range(1, q + 1)))
    series = expand(Add(*(exponent**n / Integer(factorial(n)) for n in range(q + 1))))
    expected = factorial(q) * series.coeff(t, q) / rf(d / 2, q)
    assert is_zero(E(X[0, 0] ** q, Q.symmetric(S) if q else None) - expected)


def test_row_norms_with_symbolic_indices_have_the_covariance_of_concrete_ones():
    i, j = symbols("i j", integer=True)
    value = E(X[i, i] * X[j, j], Q.symmetric(S))
    assert is_zero(value.subs({i: 0, j: 0}) - E(X[0, 0] ** 2, Q.symmetric(S)))
    assert is_zero(value.subs({i: 0, j: 1}) - E(X[0, 0] * X[1, 1], Q.symmetric(S)))


# Zonal polynomials and Schur functions -----------------------------------------------------------

shapes = pytest.mark.parametrize(
    "lam", [lam for n in (1, 2, 3, 4) for lam in oracles.partitions(n)], ids=str
)


def power_sums(mu, matrix):
    return Mul(*(Trace(matrix**part).doit() for part in mu))


def centralizer(mu):
    return prod(k ** mu.count(k) * factorial(mu.count(k)) for k in set(mu))


def schur(lam, matrix):
    types = oracles.partitions(sum(lam))
    return sum(
        Rational(oracles.character(lam, mu), centralizer(mu)) * power_sums(mu, matrix)
        for mu in types
    )


def zonal(lam, matrix):
    types = oracles.partitions(sum(lam))
    doubled = {mu: 2 ** len(mu) * centralizer(mu) for mu in types}
    return sum(
        Rational(oracles.zonal_spherical(lam, mu), doubled[mu]) * power_sums(mu, matrix)
        for mu in types
    )


@shapes
def test_schur_functions_multiply_under_unitary_averages(lam):
    value = E(schur(lam, A * U * B * U.H))
    expected = schur(lam, A) * schur(lam, B) / schur(lam, Identity(d))
    assert is_zero(value - expected)


@shapes
def test_zonal_polynomials_multiply_under_orthogonal_averages(lam):
    if sum(lam) > 3:
        lam = lam[:1] if lam[0] < 4 else (3,)
    value = E(zonal(lam, A * W * B * W.T), [Q.symmetric(A), Q.symmetric(B)])
    expected = zonal(lam, A) * zonal(lam, B) / zonal(lam, Identity(d))
    assert is_zero(value - expected)


@shapes
def test_schur_functions_of_a_unitary_matrix_are_orthonormal(lam):
    for mu in oracles.partitions(sum(lam)):
        assert E(expand(schur(lam, U) * schur(mu, U.H))) == int(lam == mu)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_average_of_a_conjugated_matrix_is_a_multiple_of_the_identity(n):
    assert E((U * A * U.H) ** n) == Trace(A**n).doit() / d * Identity(d)
    assert E((W * A * W.T) ** n) == Trace(A**n).doit() / d * Identity(d)
