from collections import Counter
from fractions import Fraction
from math import gcd, prod

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles import FIELD, D, as_function
from sympy import Rational, S, Symbol, exp, factor, symbols

from weingarten.functions.rational import Factored, as_flint, collect, constant, total

linear = st.tuples(st.sampled_from([1, 2, 3]), st.integers(-4, 4)).filter(
    lambda factor: factor[0] == 1 or factor[1] % factor[0]
)
numerators = st.lists(st.fractions(-9, 9, max_denominator=6), max_size=4)
denominators = st.dictionaries(linear, st.integers(1, 2), max_size=3)
functions = st.tuples(numerators, denominators)


def factored(parts):
    coefficients, denominator = parts
    return Factored(
        fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients]), denominator
    )


def in_field(parts):
    coefficients, denominator = parts
    top = sum((as_function(Rational(c) * D**k) for k, c in enumerate(coefficients)), FIELD(0))
    return top / prod(
        (FIELD(a * D + b) ** power for (a, b), power in denominator.items()), start=FIELD(1)
    )


@given(functions)
def test_to_sympy_is_the_function_in_the_form_that_factor_gives(parts):
    value = factored(parts).to_sympy(D)
    assert as_function(value) == in_field(parts)
    assert value == factor(value)


@given(functions)
def test_equal_functions_are_equal_objects(parts):
    coefficients, denominator = parts
    # Multiply above and below by x + 7.
    longer = fmpq_poly([7, 1]) * factored((coefficients, {})).numerator
    one = Factored(longer, Counter(denominator) + Counter({(1, 7): 1}))
    assert one == factored(parts)
    assert hash(one) == hash(factored(parts))


@given(functions, functions)
def test_products_are_products(one, other):
    value = factored(one) * factored(other)
    assert as_function(value.to_sympy(D)) == in_field(one) * in_field(other)


@given(st.lists(functions, max_size=4))
def test_totals_are_sums(terms):
    expected = sum((in_field(parts) for parts in terms), FIELD(0))
    assert as_function(total(map(factored, terms)).to_sympy(D)) == expected


@given(functions, st.fractions(-5, 5, max_denominator=4))
def test_scaled_is_a_product_with_a_number(parts, number):
    value = factored(parts).scaled(fmpq(number.numerator, number.denominator))
    assert as_function(value.to_sympy(D)) == in_field(parts) * as_function(Rational(number))


@given(functions, st.sampled_from([-2, -1, 2, 3]))
def test_composed_is_the_function_of_a_multiple(parts, multiple):
    value = factored(parts)
    expected = value.to_sympy(D).subs(D, multiple * D)
    assert as_function(value.composed(multiple).to_sympy(D)) == as_function(expected)


nonzero = st.fractions(-4, 4, max_denominator=5).filter(bool)


@given(functions, nonzero, st.fractions(-5, 5, max_denominator=5))
def test_composed_is_the_function_of_a_line(parts, slope, offset):
    value = factored(parts).composed(as_flint(Rational(slope)), as_flint(Rational(offset)))
    expected = factored(parts).to_sympy(D).subs(D, Rational(slope) * D + Rational(offset))
    assert as_function(value.to_sympy(D)) == as_function(expected)
    # Linear factors are primitive, so that equal functions are equal objects.
    assert all(a > 0 and gcd(a, b) == 1 for a, b in value.denominator)
    back = value.composed(as_flint(1 / Rational(slope)), as_flint(-Rational(offset / slope)))
    assert back == factored(parts)


@given(functions, st.integers(-6, 6))
def test_at_is_the_value_at_an_integer(parts, x):
    _, denominator = parts
    assume(all(a * x + b for a, b in denominator))
    assert factored(parts).at(x) == factored(parts).to_sympy(D).subs(D, x)


def test_at_a_pole_is_refused():
    with pytest.raises(ZeroDivisionError):
        factored(([Fraction(1)], {(1, -2): 1})).at(2)


def test_zero_is_false_and_has_no_denominator():
    zero = factored(([], {(1, 0): 2}))
    assert not zero
    assert zero == constant(0)
    assert zero.to_sympy(D) == 0


# collect -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("abc"), functions), max_size=4))
def test_collect_is_the_sum_of_the_terms(terms):
    a, b = symbols("a b")
    names = {"a": a, "b": b, "c": S.One}
    by_name = {}
    for name, parts in terms:
        by_name.setdefault(names[name], []).append(factored(parts))
    value = collect(by_name, D)
    # It is linear in a and b: three points tell.
    for at in ({a: 0, b: 0}, {a: 1, b: 0}, {a: 0, b: 1}):
        expected = sum(
            (in_field(parts) * int(names[name].subs(at)) for name, parts in terms), FIELD(0)
        )
        assert as_function(value.subs(at)) == expected


@given(
    st.lists(st.tuples(st.sampled_from("abc"), functions), max_size=4),
    st.sampled_from([2 * D, 3 * D - 1, D**2, D**2 + D]),
)
def test_collect_at_an_expression_is_the_sum_there(terms, at):
    a, b = symbols("a b")
    names = {"a": a, "b": b, "c": S.One}
    by_name = {}
    for name, parts in terms:
        by_name.setdefault(names[name], []).append(factored(parts))
    found, expected = collect(by_name, at), collect(by_name, D).subs(D, at)
    for point in ({a: 0, b: 0}, {a: 1, b: 0}, {a: 0, b: 1}):
        assert as_function(found.subs(point)) == as_function(expected.subs(point))


def test_collect_of_nothing_is_zero():
    assert collect({}, D) == 0


def test_collect_takes_coefficients_that_contain_the_variable():
    x = Symbol("x")
    value = collect({exp(x): [constant(1)], x: [Factored(fmpq_poly([1]), {(1, 0): 1})]}, x)
    assert (value - exp(x) - 1).simplify() == 0


@given(
    st.lists(st.lists(st.integers(-4, 4), min_size=2, max_size=4), min_size=2, max_size=4),
    st.booleans(),
    st.integers(0, 3),
)
def test_an_even_or_odd_numerator_is_written_as_sympy_factors_it(parts, halves, power):
    # Polynomials in the square, and products g(x) g(-x) that split only in x itself.
    square, turned = fmpq_poly([0, 0, 1]), fmpq_poly([0, -1])
    product = fmpq_poly([fmpq(-3, 2)]) * fmpq_poly([0, 1]) ** power
    for part in parts:
        polynomial = fmpq_poly(part)
        product *= polynomial(square) if halves else polynomial * polynomial(turned)
    value = Factored(product)
    plain = sum(Rational(int(c.p), int(c.q)) * D**k for k, c in enumerate(product.coeffs()))
    assert value.to_sympy(D) == factor(plain)
    assert len(value.numerator.coeffs()) == len(product.coeffs())


def test_scaled_and_multiplied_by_a_constant_functions_stay_in_lowest_terms():
    half = Factored(fmpq_poly([1, 1]), {(1, 0): 1})
    for made in (half.scaled(3), half * constant(3), constant(3) * half):
        assert made == Factored(fmpq_poly([3, 3]), {(1, 0): 1})
    assert half.scaled(0) == half * constant(0) == constant(0)
    assert not half.scaled(0).denominator
