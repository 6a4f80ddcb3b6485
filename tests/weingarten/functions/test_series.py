import itertools
from functools import cache
from math import comb, prod

import flint
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import D
from sympy import Rational, limit, oo, symbols, sympify
from sympy.combinatorics import Permutation

from weingarten import (
    weingarten_leading,
    weingarten_orthogonal,
    weingarten_series,
    weingarten_symplectic,
    weingarten_unitary,
)
from weingarten.combinatorics import partitions

FUNCTIONS = {
    "unitary": weingarten_unitary,
    "orthogonal": weingarten_orthogonal,
    "symplectic": weingarten_symplectic,
}
all_groups = pytest.mark.parametrize("group", list(FUNCTIONS))
classes = st.integers(1, 5).flatmap(lambda n: st.sampled_from(partitions(n)))


A, B = symbols("a b", integer=True, positive=True)


def coefficient(expression, power):
    return sympify(expression).coeff(D, -power)


# weingarten_series -------------------------------------------------------------------------------


def number_of_monotone_factorisations(target, length):
    """Products of transpositions (a b), a < b, with b never falling, that make up a permutation."""
    n = len(target)

    @cache
    def ways(permutation, left, largest):
        if left == 0:
            return int(permutation == tuple(range(n)))
        total = 0
        for a, b in itertools.combinations(range(n), 2):
            if b <= largest:
                images = list(permutation)
                images[a], images[b] = images[b], images[a]
                total += ways(tuple(images), left - 1, b)
        return total

    return ways(tuple(target), length, n - 1)


@pytest.mark.parametrize("mu", [mu for n in (1, 2, 3, 4) for mu in partitions(n)], ids=str)
def test_unitary_coefficients_count_monotone_factorisations(mu):
    n = sum(mu)
    target = next(p for p in oracles.permutations(n) if oracles.cycle_type(p) == mu)
    series = weingarten_series("unitary", mu, D, n + 6)
    for length in range(7):
        expected = (-1) ** length * number_of_monotone_factorisations(target, length)
        assert coefficient(series, n + length) == expected


@all_groups
@given(mu=classes, more=st.integers(0, 5))
def test_the_rest_after_a_series_is_of_higher_order(group, mu, more):
    order = 2 * sum(mu) - len(mu) + more
    series = weingarten_series(group, mu, D, order)
    rest = FUNCTIONS[group](mu, D) - series
    as_fraction = oracles.as_function(rest)
    if as_fraction:
        assert as_fraction.denom.degree() - as_fraction.numer.degree() > order
    assert weingarten_series(group, mu, D, order - more - 1) == 0


def test_a_series_goes_on_to_the_order_that_is_asked_for():
    assert weingarten_series("unitary", (2,), D, 28) == -sum(D**-k for k in range(3, 28, 2))
    assert weingarten_series("unitary", (1, 1), D, 200) == sum(D**-k for k in range(2, 201, 2))


@all_groups
@pytest.mark.parametrize("mu", [(3,), (2, 2), (3, 1, 1)], ids=str)
def test_the_rest_after_two_hundred_orders_is_of_higher_order(group, mu):
    rest = oracles.as_function(FUNCTIONS[group](mu, D) - weingarten_series(group, mu, D, 200))
    assert 200 < rest.denom.degree() - rest.numer.degree() <= 202


def test_the_precision_of_the_arithmetic_library_is_neither_used_nor_changed():
    before = flint.ctx.cap
    try:
        flint.ctx.cap = 3
        assert weingarten_series("unitary", (2,), D, 28).coeff(D, -27) == -1
        assert flint.ctx.cap == 3
    finally:
        flint.ctx.cap = before


@all_groups
@given(
    mu=classes,
    slope=st.sampled_from([1, 2, -2, Rational(1, 2)]),
    offset=st.integers(-2, 2),
    more=st.integers(0, 8),
)
def test_a_dimension_that_is_a_line_is_expanded_in_its_symbol(group, mu, slope, offset, more):
    first = 2 * sum(mu) - len(mu)
    at = slope * D + offset
    found = weingarten_series(group, mu, at, first + more)
    rest = oracles.as_function(FUNCTIONS[group](mu, at) - found)
    if rest:
        assert rest.denom.degree() - rest.numer.degree() > first + more
    assert weingarten_leading(group, mu, at) == weingarten_series(group, mu, at, first)


def test_a_series_has_the_known_terms():
    series = weingarten_series("unitary", (2, 1), D, 8)
    assert series == -(D**-4) - 5 * D**-6 - 21 * D**-8


@all_groups
def test_the_series_of_the_empty_class_is_one(group):
    assert weingarten_series(group, (), D, 3) == 1


def test_a_permutation_stands_for_its_class_with_its_sign_for_sp():
    swap = Permutation([0, 2, 1, 3])
    other = Permutation([2, 0, 1, 3])
    for group in ("orthogonal", "symplectic"):
        expected = weingarten_series(group, (2,), D, 6)
        assert {abs(coefficient(weingarten_series(group, p, D, 6), 3)) for p in (swap, other)} == {
            abs(coefficient(expected, 3))
        }
    values = [weingarten_series("symplectic", p, D, 6) for p in (swap, other)]
    assert values[0] == -values[1]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("u", (1,), D, 3), ValueError, "^group = 'u': expected one of unitary"),
        (("unitary", (0,), D, 3), ValueError, r"^mu = \(0,\).*expected a partition"),
        (("unitary", (1,), 4, 3), ValueError, "^d = 4: expected a symbol"),
        (("symplectic", (1,), 4, 3), ValueError, "^m = 4: expected a symbol"),
        (
            ("unitary", (1,), A * B, 3),
            ValueError,
            r"^d = a\*b: expected a symbol, to expand in 1/d",
        ),
        (("symplectic", (1,), A**2, 3), ValueError, r"^m = a\*\*2: expected a symbol"),
        (("unitary", (1,), "d", 3), TypeError, "^d = 'd': expected"),
        (("unitary", (1,), D, -1), ValueError, "^order = -1: expected a non-negative integer"),
        (
            ("unitary", (2,), D, 10**9),
            ValueError,
            "^order = 1000000000: .* GiB .*; expected an order",
        ),
        (("unitary", (1,), D, 1.5), TypeError, "^order = 1.5: expected a non-negative integer"),
    ],
)
def test_series_refuse_arguments_that_are_wrong(arguments, error, message):
    with pytest.raises(error, match=message):
        weingarten_series(*arguments)


# weingarten_leading ------------------------------------------------------------------------------


@all_groups
@given(mu=classes)
def test_the_leading_term_is_the_first_of_the_series(group, mu):
    order = 2 * sum(mu) - len(mu)
    assert weingarten_leading(group, mu, D) == weingarten_series(group, mu, D, order)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_the_leading_term_is_a_signed_product_of_catalan_numbers(mu):
    catalan = prod((-1) ** (k - 1) * Rational(comb(2 * k - 2, k - 1), k) for k in mu)
    for group in ("unitary", "orthogonal"):
        assert weingarten_leading(group, mu, D) == catalan * D ** (len(mu) - 2 * sum(mu))


@all_groups
def test_the_ratio_to_the_leading_term_tends_to_one(group):
    ratio = FUNCTIONS[group]((3, 1), D) / weingarten_leading(group, (3, 1), D)
    assert limit(ratio, D, oo) == 1


def test_the_leading_term_of_a_large_class_needs_no_large_computation():
    assert weingarten_leading("orthogonal", (1,) * 300, D) == D**-300
