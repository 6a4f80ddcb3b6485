"""Expansions in 1/d against counts of factorisations and against SymPy's own expansion."""

from collections import Counter

import oracles
import pytest
from oracles import D
from sympy import Poly, Symbol, expand, series, sympify

from weingarten import (
    E,
    HaarOrthogonal,
    HaarUnitary,
    weingarten_leading,
    weingarten_orthogonal,
    weingarten_series,
    weingarten_symplectic,
    weingarten_unitary,
)

FUNCTIONS = {
    "unitary": weingarten_unitary,
    "orthogonal": weingarten_orthogonal,
    "symplectic": weingarten_symplectic,
}
small = pytest.mark.parametrize(
    "mu", [mu for n in (1, 2, 3, 4) for mu in oracles.partitions(n)], ids=str
)


def coefficients(expression, start, count):
    return [sympify(expression).coeff(D, -(start + k)) for k in range(count)]


def permuted(pairing, a, b):
    turn = {a: b, b: a}
    return frozenset(frozenset(turn.get(x, x) for x in pair) for pair in pairing)


def monotone_matchings(n, length):
    """How often a pairing is reached by transpositions (s t), t even and never falling.

    Applied to {0,1}, {2,3}, ...; s runs over the points below t. These are the products of the
    odd Jucys-Murphy elements [Matsumoto 2011].
    """
    base = frozenset(frozenset((2 * k, 2 * k + 1)) for k in range(n))
    reached = Counter({(base, 0): 1})
    for _ in range(length):
        grown = Counter()
        for (pairing, largest), ways in reached.items():
            for t in range(max(largest, 2), 2 * n, 2):
                for s in range(t):
                    grown[permuted(pairing, s, t), t] += ways
        reached = grown
    totals = Counter()
    for (pairing, _), ways in reached.items():
        totals[pairing] += ways
    return base, totals


@small
def test_orthogonal_coefficients_count_monotone_matchings(mu):
    n, terms = sum(mu), 5
    found = coefficients(weingarten_series("orthogonal", mu, D, n + terms), n, terms)
    for length in range(terms):
        base, totals = monotone_matchings(n, length)
        pairing = next(p for p in oracles.pairings(2 * n) if oracles.coset_type(base, p) == mu)
        assert found[length] == (-1) ** length * totals[pairing]


@small
def test_symplectic_series_are_orthogonal_ones_at_minus_twice_the_half_dimension(mu):
    order = 2 * sum(mu) + 3
    orthogonal = weingarten_series("orthogonal", mu, D, order)
    symplectic = weingarten_series("symplectic", mu, D, order)
    turned = orthogonal.subs(D, -2 * D)
    assert symplectic != 0
    # The sign depends on the permutation that stands for the class.
    assert expand(symplectic - turned) == 0 or expand(symplectic + turned) == 0


@small
@pytest.mark.parametrize("group", list(FUNCTIONS))
def test_a_series_is_the_expansion_that_sympy_makes_of_the_function(mu, group):
    x = Symbol("x", positive=True)
    order = 2 * sum(mu) - len(mu) + 3
    exact = series(FUNCTIONS[group](mu, D).subs(D, 1 / x).cancel(), x, 0, order + 1).removeO()
    found = weingarten_series(group, mu, D, order)
    assert Poly(found.subs(D, 1 / x), x) == Poly(exact, x)


@small
@pytest.mark.parametrize("group", list(FUNCTIONS))
def test_the_leading_term_is_the_first_term_of_the_exact_function(mu, group):
    exact = oracles.as_function(FUNCTIONS[group](mu, D))
    leading = oracles.as_function(weingarten_leading(group, mu, D))
    difference = oracles.as_function(FUNCTIONS[group](mu, D) - weingarten_leading(group, mu, D))
    assert leading
    assert degree(leading) == degree(exact) == len(mu) - 2 * sum(mu)
    assert not difference or degree(difference) < degree(exact)


def degree(fraction):
    return fraction.numer.degree() - fraction.denom.degree()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_large_orthogonal_or_unitary_matrix_has_gaussian_diagonal_moments(n):
    # d^n E W_00^2n tends to (2n-1)!! and d^n E |U_00|^2n to n!.
    W, U = HaarOrthogonal("W", D), HaarUnitary("U", D)
    real = oracles.as_function(D**n * E(W[0, 0] ** (2 * n)))
    complex = oracles.as_function(D**n * E(abs(U[0, 0]) ** (2 * n)))
    assert degree(real) == degree(complex) == 0
    assert oracles.double_factorial(2 * n - 1) == real.numer.LC / real.denom.LC
    assert oracles.factorial(n) == complex.numer.LC / complex.denom.LC
