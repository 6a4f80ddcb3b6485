"""The form of collected functions: one sign convention, whatever the numbers."""

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import assume, given
from hypothesis import strategies as st
from sympy import Mul, expand, symbols

from weingarten.functions.rational import Factored, collect

a, b, d = symbols("a b d")
small = st.integers(-2, 2)
numerators = st.lists(st.one_of(small, st.just(0)), min_size=1, max_size=3)


def over_d(coefficients, scale):
    return Factored(fmpq_poly([fmpq(c, scale) for c in coefficients]), {(1, 0): 1, (1, 1): 1})


@given(numerators, numerators, st.integers(1, 4))
def test_the_sum_with_the_highest_power_is_positive_and_the_sign_stands_in_front(one, other, scale):
    # The sign of a factored answer is that of its numerator for large d where a = b = 1.
    functions = {a: over_d(one, scale), b: over_d(other, scale)}
    assume(all(functions.values()))
    value = collect({rest: [f] for rest, f in functions.items()}, d)
    negative = collect({rest: [f.scaled(fmpq(-1))] for rest, f in functions.items()}, d)
    highest = max(f.numerator.degree() for f in functions.values())
    leading = sum(f.numerator[highest] for f in functions.values())
    if leading:
        assert value.could_extract_minus_sign() != negative.could_extract_minus_sign()
        front = [value.as_coeff_Mul()[0] > 0, negative.as_coeff_Mul()[0] > 0]
        assert front == [leading > 0, leading < 0]
    assert expand(value + negative) == 0


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_small_negative_leading_coefficient_is_negative(scale):
    value = collect({a: [over_d([1, -1], scale)], b: [over_d([2], scale)]}, d)
    assert value == Mul(-1, a * (d - 1) - 2 * b, 1 / (d * (d + 1))) / scale
