"""Factors found modulo primes beside FLINT's own."""

import random

from flint import fmpz_poly

from weingarten.functions.factoring import _PRIMES, factors, is_irreducible


def in_order(found):
    content, parts = found
    return content, sorted((str(part), power) for part, power in parts)


def some_factor(source):
    if source.random() < 0.4:
        return fmpz_poly([source.randint(-2000, 2000), 1])
    degree = source.randint(1, 8)
    leading = source.choice([-1, 1, 2, _PRIMES[0]])
    made = fmpz_poly([source.randint(-9, 9) for _ in range(degree)] + [leading])
    return made(fmpz_poly([0, 0, 1])) if source.random() < 0.3 else made


def test_factors_are_those_of_flint():
    source = random.Random(1)
    for _ in range(150):
        product = fmpz_poly([source.choice([-3, -2, 2, 5])])
        for _ in range(source.randint(1, 4)):
            product *= some_factor(source) ** source.choice([1, 1, 2])
        assert in_order(factors(product)) == in_order(product.factor())


def test_what_is_reducible_is_never_called_irreducible():
    # x**4 + 1 has factors modulo every prime, and none over the rationals.
    assert not is_irreducible(fmpz_poly([1, 0, 0, 0, 1]))
    source = random.Random(2)
    for _ in range(50):
        assert not is_irreducible(some_factor(source) * some_factor(source))


def test_long_irreducible_polynomials_are_seen():
    # Schur: the first terms of the exponential series, times a factorial.
    coefficients = [1]
    for k in range(40, 0, -1):
        coefficients.append(coefficients[-1] * k)
    series = fmpz_poly(coefficients[::-1])
    assert is_irreducible(series)
    assert in_order(factors(-2 * series)) == (-2, [(str(series), 1)])
