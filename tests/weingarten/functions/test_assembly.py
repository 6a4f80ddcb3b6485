"""Products and sums put together by places are what SymPy's own constructors make of them."""

import random

import pytest
from sympy import Add, Integer, KroneckerDelta, MatrixSymbol, Mul, Pow, Rational, S, Trace, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.functions.assembly import (
    Order,
    combination,
    is_plain,
    polynomial,
    powers,
    product_of,
    product_of_all,
    products_of_pairs,
    sum_of_groups,
)

d, x, y = symbols("d x y")
i, j = symbols("i j", integer=True)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
BASES = [
    Trace(A),
    Trace(B),
    Trace(A * B),
    Trace(A**2),
    Trace(A * B.T * C),
    MatrixElement(A * B, i, j),
    A[0, 1],
    x,
    y,
]


def random_factors(rng, most=4):
    return [rng.choice(BASES) for _ in range(rng.randint(0, most))]


@pytest.mark.parametrize("seed", range(10))
def test_products_of_pairs_are_sympys_products(seed):
    rng = random.Random(seed)
    first, second = ([random_factors(rng) for _ in range(8)] for _ in range(2))
    expected = [[Mul(*one, *other) for other in second] for one in first]
    found = list(products_of_pairs(first, second))
    assert found == expected
    assert [[p.args for p in row] for row in found] == [[p.args for p in row] for row in expected]


@pytest.mark.parametrize("seed", range(10))
def test_a_product_of_factors_is_sympys_product(seed):
    rng = random.Random(seed)
    more = [x**-2, Trace(A) ** 3, KroneckerDelta(i, j), Integer(3), x + y, S.Zero]
    for choices in (BASES + more[:3], BASES + more):
        factors = rng.choices(choices, k=rng.randint(0, 8))
        found, expected = product_of_all(factors), Mul(*factors)
        assert found == expected
        assert found.args == expected.args


@pytest.mark.parametrize("seed", range(10))
def test_sums_of_terms_are_sympys_sums(seed):
    rng = random.Random(seed)
    terms = list({Mul(*random_factors(rng)): None for _ in range(rng.randint(2, 40))})
    rng.shuffle(terms)
    order = Order([*terms, Trace(C)])
    assert order.is_plain
    assert order.sum(terms).args == Add(*terms).args
    assert order.sum(terms[:1]) == terms[0]


@pytest.mark.parametrize("seed", range(10))
def test_combinations_of_terms_are_sympys_sums(seed):
    rng = random.Random(seed)
    numbers = {
        Mul(*random_factors(rng)): Rational(rng.choice([1, -1, 2, -3]), rng.choice([1, 1, 2, 7]))
        for _ in range(rng.randint(0, 40))
    }
    expected = Add(*(number * term for term, number in numbers.items()))
    assert combination(numbers) == expected
    assert combination(numbers).args == expected.args


def test_combinations_with_sums_are_left_to_sympy():
    numbers = {x + 1: Integer(2), Trace(A): Integer(-1), S.One: Integer(5)}
    assert combination(numbers) == 2 * (x + 1) - Trace(A) + 5


@pytest.mark.parametrize(
    "term", [2 * x, x + 1, Integer(3), x * (y + 1), Pow(2, x), Rational(1, 2) * Trace(A)]
)
def test_terms_with_numbers_and_sums_are_left_to_sympy(term):
    terms = [x, term, Trace(A), 2 * x]
    order = Order(terms)
    assert not order.is_plain
    assert order.sum(terms) == Add(*terms)


@pytest.mark.parametrize(
    ("factor", "plain"),
    [
        (x, True),
        (Trace(A) ** 3, True),
        (KroneckerDelta(i, j), True),
        (A[0, 1], True),
        (S.One, False),
        (x + y, False),
        ((x + y) ** 2, False),
        (x**y, False),
        (symbols("q", commutative=False), False),
    ],
)
def test_what_is_plain(factor, plain):
    assert is_plain(factor) is plain


@pytest.mark.parametrize("seed", range(20))
def test_polynomials_are_sympys_sums(seed):
    rng = random.Random(seed)
    numbers = [rng.choice([0, 1, -1, 2, -2, 5, -7, 10**20]) for _ in range(rng.randint(1, 9))]
    expected = Add(*(c * x**k for k, c in enumerate(numbers)))
    assert polynomial(numbers, x).args == expected.args
    assert polynomial(numbers, x) == expected


def test_powers_and_products_are_sympys():
    parts = [(x, -1), (x + 1, -2), (x**2 + 3, 1), (x - 1, 3)]
    expected = Mul(*(base**exponent for base, exponent in parts))
    assert powers(parts).args == expected.args
    assert powers([]) == 1
    for first in (x, 3 * x * (x + 1), expected, Rational(1, 2) * x, S.One, Integer(3)):
        for second in (Trace(A), Trace(A) * Trace(B) ** 2, Trace(A) + Trace(B), S.One):
            assert product_of(first, second).args == Mul(first, second).args


@pytest.mark.parametrize(
    "groups",
    [
        [Trace(A) + Trace(B), 2 * Trace(C), (x + 1) * (Trace(A * B) + Trace(A**2))],
        [Trace(A) * Trace(B) + 1, x * Trace(C), -Trace(A * B)],
        [x + 1, Trace(A) + Trace(B), 3 * Trace(C)],
        [Integer(2), 3 * Trace(A), Trace(B) + Trace(C)],
        [x * Trace(A), Trace(B)],
        [Trace(B)],
        [],
    ],
)
def test_sums_of_groups_are_sympys(groups):
    assert sum_of_groups(groups) == Add(*groups)
    assert sum_of_groups(groups[::-1]).args == Add(*groups).args
