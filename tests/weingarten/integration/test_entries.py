"""Moments of single monomials: every route against the definition and against integration."""

import itertools
from collections import Counter
from fractions import Fraction
from math import factorial, prod

import monomials
import oracles
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from oracles import FIELD, D, as_function
from share import examples
from sympy import Integer, Mul, Rational, conjugate

from weingarten import (
    E,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    weingarten_orthogonal,
    weingarten_unitary,
)
from weingarten.functions.groups import ORTHOGONAL, SYMPLECTIC, UNITARY
from weingarten.functions.spherical import class_sum
from weingarten.integration.columns import canonical, moment_by_columns
from weingarten.integration.entries import Factor, moment, type_counts


def product(factors):
    return Mul(*factors)


def as_fraction(number):
    assert isinstance(number, Rational)
    return Fraction(int(number.p), int(number.q))


def monomial(matrix, powers, conjugate_powers=None):
    """The product of entries to these powers, given by place or as a tuple of rows."""
    return product(matrix[i, j] ** m for (i, j), m in by_place(powers).items()) * product(
        conjugate(matrix[i, j]) ** m for (i, j), m in by_place(conjugate_powers or {}).items()
    )


def by_place(powers):
    if isinstance(powers, dict):
        return powers
    return {(i, j): m for i, row in enumerate(powers) for j, m in enumerate(row)}


def matrix_of_powers(*powers):
    """The engine's tuple of rows, each place with one power, or with one of entry and conjugate."""
    rows = 1 + max((i for part in powers for i, _ in part), default=-1)
    columns = 1 + max((j for part in powers for _, j in part), default=-1)
    return tuple(
        tuple(tuple(part.get((i, j), 0) for part in powers) for j in range(columns))
        for i in range(rows)
    )


# Against the double sum over pairings or permutations --------------------------------------------


@given(monomials.orthogonal(max_pairs=4))
@settings(max_examples=examples(60))
def test_orthogonal_moments_are_the_double_sum_over_pairings(powers):
    value = E(monomial(HaarOrthogonal("W", D), powers))
    assert as_function(value) == oracles.orthogonal_moment(powers)


@given(monomials.unitary(max_pairs=4))
@settings(max_examples=examples(60))
def test_unitary_moments_are_the_double_sum_over_permutations(powers):
    value = E(monomial(HaarUnitary("U", D), *powers))
    assert as_function(value) == oracles.unitary_moment(*powers)


@given(monomials.any_powers(2, 3))
def test_orthogonal_moments_of_any_powers_are_the_double_sum(powers):
    assume(sum(map(sum, powers)) <= 8)
    value = E(monomial(HaarOrthogonal("W", D), powers))
    assert as_function(value) == oracles.orthogonal_moment(by_place(powers))


@given(monomials.any_powers(2, 2), monomials.any_powers(2, 2))
def test_unitary_moments_of_any_powers_are_the_double_sum(powers, conjugate_powers):
    assume(sum(map(sum, powers)) <= 4)
    value = E(monomial(HaarUnitary("U", D), powers, conjugate_powers))
    expected = oracles.unitary_moment(by_place(powers), by_place(conjugate_powers))
    assert as_function(value) == expected


# The routes agree with one another ---------------------------------------------------------------


@given(monomials.orthogonal(max_pairs=6, labels=4))
@settings(max_examples=examples(60))
@example({(i, j): 2 for i in range(3) for j in range(2)})
@example({(i, i): 4 for i in range(3)})
def test_columns_and_classes_give_one_orthogonal_moment(powers):
    powers = matrix_of_powers(powers)
    assume(powers)
    by_classes = class_sum(ORTHOGONAL, type_counts(ORTHOGONAL, powers))
    assert moment_by_columns(powers, 2) == by_classes


@given(monomials.unitary(max_pairs=5, labels=4))
@settings(max_examples=examples(60))
@example(({(i, j): 1 for i in range(2) for j in range(2)},) * 2)
def test_columns_and_classes_give_one_unitary_moment(powers):
    powers = matrix_of_powers(*powers)
    assume(powers)
    by_classes = class_sum(UNITARY, type_counts(UNITARY, powers))
    assert moment_by_columns(powers, 1) == by_classes


@given(monomials.orthogonal(max_pairs=4))
def test_type_counts_are_those_of_all_listed_pairings(powers):
    assume(powers)
    entries = [place for place, power in powers.items() for _ in range(power)]
    listed = oracles.orthogonal_type_counts(*oracles.indices(entries))
    assert type_counts(ORTHOGONAL, matrix_of_powers(powers)) == listed


@given(monomials.unitary(max_pairs=4))
def test_type_counts_are_those_of_all_listed_permutations(powers):
    assume(powers[0])
    places = [[place for place, m in part.items() for _ in range(m)] for part in powers]
    listed = oracles.unitary_type_counts(*oracles.indices(places[0]), *oracles.indices(places[1]))
    assert type_counts(UNITARY, matrix_of_powers(*powers)) == listed


@given(monomials.orthogonal(max_pairs=5), st.permutations(range(3)), st.permutations(range(3)))
def test_canonical_powers_have_the_moment_of_the_given_ones(powers, rows, columns):
    relabelled = {(rows[i], columns[j]): m for (i, j), m in powers.items()}
    one, other = canonical(matrix_of_powers(powers)), canonical(matrix_of_powers(relabelled))
    assert Counter(itertools.chain(*one)) == Counter(itertools.chain(*other))
    assert moment_by_columns(one, 2) == moment_by_columns(other, 2)


# Closed forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 7, 20])
def test_powers_of_one_orthogonal_entry_are_moments_of_the_sphere(n):
    value = E(HaarOrthogonal("W", D)[0, 0] ** (2 * n))
    expected = prod(FIELD(2 * k + 1) / FIELD(D + 2 * k) for k in range(n))
    assert as_function(value) == expected


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_powers_of_one_unitary_modulus_are_moments_of_the_complex_sphere(n):
    value = E(abs(HaarUnitary("U", D)[0, 0]) ** (2 * n))
    assert as_function(value) == prod(FIELD(k + 1) / FIELD(D + k) for k in range(n))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_even_powers_along_one_column_are_a_dirichlet_integral(halves):
    W = HaarOrthogonal("W", D)
    value = E(product(W[i, 0] ** (2 * m) for i, m in enumerate(halves)))
    above = prod(oracles.double_factorial(2 * m - 1) for m in halves)
    expected = FIELD(above) / prod((FIELD(D + 2 * k) for k in range(sum(halves))), start=FIELD(1))
    assert as_function(value) == expected


@pytest.mark.parametrize("n", [2, 5, 9])
def test_squares_along_the_diagonal_are_one_weingarten_function(n):
    W, U = HaarOrthogonal("W", D), HaarUnitary("U", D)
    assert E(product(W[i, i] ** 2 for i in range(n))) == weingarten_orthogonal((1,) * n, D)
    squares = product(U[i, i] * conjugate(U[i, i]) for i in range(n))
    assert E(squares) == weingarten_unitary((1,) * n, D)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_one_long_loop_of_entries_is_the_weingarten_function_of_one_part(n):
    W, U = HaarOrthogonal("W", D), HaarUnitary("U", D)
    loop = product(W[i, i] * W[i, (i + 1) % n] for i in range(n))
    assert E(loop) == weingarten_orthogonal((n,), D)
    loop = product(U[i, i] * conjugate(U[i, (i + 1) % n]) for i in range(n))
    assert E(loop) == weingarten_unitary((n,), D)


@given(monomials.any_powers(3, 3))
def test_an_odd_row_or_column_makes_an_orthogonal_moment_vanish(powers):
    lines = [*powers, *zip(*powers, strict=True)]
    assume(any(sum(line) % 2 for line in lines))
    assert E(monomial(HaarOrthogonal("W", D), powers)) == 0


@given(monomials.any_powers(2, 3), monomials.any_powers(2, 3))
def test_a_row_without_as_many_conjugates_makes_a_unitary_moment_vanish(powers, conjugates):
    lines = [[*part, *zip(*part, strict=True)] for part in (powers, conjugates)]
    assume([sum(line) for line in lines[0]] != [sum(line) for line in lines[1]])
    assert E(monomial(HaarUnitary("U", D), powers, conjugates)) == 0


# Low dimension, by integration -------------------------------------------------------------------


@pytest.mark.parametrize("m", range(13))
def test_moments_over_o_1_are_averages_over_two_signs(m):
    assert E(HaarOrthogonal("W", 1)[0, 0] ** m) == oracles.integrate_o1(m)


@pytest.mark.parametrize(("m", "n"), [*itertools.product(range(5), repeat=2)])
def test_moments_over_u_1_are_averages_over_the_circle(m, n):
    u = HaarUnitary("U", 1)[0, 0]
    assert E(u**m * conjugate(u) ** n) == oracles.integrate_u1(m, n)


@given(monomials.any_powers(2, 5))
@settings(max_examples=examples(60))
def test_moments_over_o_2_are_averages_over_rotations_and_reflections(powers):
    value = E(monomial(HaarOrthogonal("W", 2), powers))
    assert as_fraction(value) == oracles.integrate_o2(powers)


@given(monomials.orthogonal(max_pairs=7, labels=2))
def test_moments_over_o_2_that_pair_up_are_averages_over_rotations_and_reflections(powers):
    value = E(monomial(HaarOrthogonal("W", 2), powers))
    square = tuple(tuple(powers.get((i, j), 0) for j in range(2)) for i in range(2))
    assert as_fraction(value) == oracles.integrate_o2(square)


@given(monomials.unitary(max_pairs=6, labels=2))
@settings(max_examples=examples(60))
def test_moments_over_u_2_are_averages_over_hopf_coordinates(powers):
    value = E(monomial(HaarUnitary("U", 2), *powers))
    squares = [tuple(tuple(p.get((i, j), 0) for j in range(2)) for i in range(2)) for p in powers]
    assert as_fraction(value) == oracles.integrate_u2(*squares)


@given(monomials.any_powers(2, 2), monomials.any_powers(2, 2))
@settings(max_examples=examples(60))
def test_moments_over_sp_1_are_averages_over_su_2(powers, conjugate_powers):
    assume(sum(map(sum, powers)) + sum(map(sum, conjugate_powers)) <= 10)
    value = E(monomial(HaarSymplectic("S", 1), powers, conjugate_powers))
    assert as_fraction(value) == oracles.integrate_sp1(powers, conjugate_powers)


@pytest.mark.parametrize("d", [1, 2, 3])
@given(data=st.data())
def test_orthogonal_moments_are_entries_of_the_projection_on_invariants(d, data):
    powers = data.draw(monomials.orthogonal(max_pairs=3, labels=d))
    entries = [place for place, power in powers.items() for _ in range(power)]
    expected = oracles.projection_moment("orthogonal", d, *oracles.indices(entries))
    assert as_fraction(E(monomial(HaarOrthogonal("W", d), powers))) == expected


@pytest.mark.parametrize(("d", "pairs"), [(1, 3), (2, 3), (3, 2)])
@given(data=st.data())
def test_unitary_moments_are_entries_of_the_projection_on_invariants(d, pairs, data):
    powers = data.draw(monomials.unitary(max_pairs=pairs, labels=d))
    places = [place for part in powers for place, m in part.items() for _ in range(m)]
    expected = oracles.projection_moment("unitary", d, *oracles.indices(places))
    assert as_fraction(E(monomial(HaarUnitary("U", d), *powers))) == expected


@pytest.mark.parametrize(("m", "pairs"), [(1, 3), (2, 3), (3, 2)])
@given(data=st.data())
@settings(max_examples=examples(60))
def test_symplectic_moments_are_entries_of_the_projection_on_invariants(m, pairs, data):
    places = data.draw(monomials.symplectic(pairs, half=m))
    expected = oracles.projection_moment("symplectic", 2 * m, *oracles.indices(places))
    S = HaarSymplectic("S", m)
    assert as_fraction(E(product(S[i, j] for i, j in places))) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4))
def test_symplectic_moments_of_any_indices_are_entries_of_the_projection_on_invariants(places):
    expected = oracles.projection_moment("symplectic", 4, *oracles.indices(places))
    S = HaarSymplectic("S", 2)
    assert as_fraction(E(product(S[i, j] for i, j in places))) == expected


@given(monomials.symplectic(4, half=2))
def test_a_symplectic_entry_is_its_partners_conjugate_up_to_sign(places):
    # conjugate(S) = J S J^T.
    S = HaarSymplectic("S", D)
    rewritten = product(
        (-1) ** (i + j) * conjugate(S[i ^ 1, j ^ 1]) if k % 2 else S[i, j]
        for k, (i, j) in enumerate(places)
    )
    assert E(rewritten) == E(product(S[i, j] for i, j in places))


def test_three_squared_entries_of_a_unitary_two_by_two_matrix_are_refused():
    with pytest.raises(IndexError, match="index of U = 2: expected an integer from 0 to 1"):
        HaarUnitary("U", 2)[2, 2]


@pytest.mark.parametrize("d", [2, 3, 4])
@given(data=st.data())
def test_an_integer_dimension_is_the_symbolic_moment_there(d, data):
    # However small d is, as long as the indices exist.
    powers = data.draw(monomials.orthogonal(max_pairs=5, labels=d))
    value = E(monomial(HaarOrthogonal("W", d), powers))
    assert value == E(monomial(HaarOrthogonal("W", D), powers)).subs(D, d)


# Symmetry ----------------------------------------------------------------------------------------


@given(monomials.orthogonal(max_pairs=6))
def test_orthogonal_moments_are_those_of_the_transpose(powers):
    W = HaarOrthogonal("W", D)
    transposed = {(j, i): m for (i, j), m in powers.items()}
    assert E(monomial(W, powers)) == E(monomial(W, transposed))


@given(monomials.unitary(max_pairs=5))
def test_unitary_moments_are_those_of_the_transpose_and_of_the_conjugate(powers):
    U = HaarUnitary("U", D)
    transposed = [{(j, i): m for (i, j), m in part.items()} for part in powers]
    value = E(monomial(U, *powers))
    assert E(monomial(U, *transposed)) == E(monomial(U, *powers[::-1])) == value


@given(monomials.orthogonal(max_pairs=6), st.permutations(range(5)), st.permutations(range(5)))
def test_moments_do_not_depend_on_the_names_of_rows_and_columns(powers, rows, columns):
    W = HaarOrthogonal("W", D)
    relabelled = {(rows[i], columns[j]): m for (i, j), m in powers.items()}
    assert E(monomial(W, powers)) == E(monomial(W, relabelled))


@given(monomials.orthogonal(max_pairs=4, labels=3), st.integers(0, 2), st.integers(3, 4))
def test_squares_summed_along_a_row_are_one(powers, row, d):
    W = HaarOrthogonal("W", d)
    f = monomial(W, powers)
    assert sum(E(W[row, j] ** 2 * f) for j in range(d)) == E(f)


@given(monomials.unitary(max_pairs=3, labels=3), st.permutations(range(3)))
def test_products_summed_along_two_unitary_rows_are_zero(powers, rows):
    U = HaarUnitary("U", 3)
    a, b, _ = rows
    f = monomial(U, *powers)
    # To have a moment at all, f must lack an entry of row a and a conjugate one of row b.
    g = U[b, 0] * conjugate(U[a, 0])
    assert sum(E(U[a, j] * conjugate(U[b, j]) * f * g) for j in range(3)) == 0
    assert sum(E(U[a, j] * conjugate(U[a, j]) * f) for j in range(3)) == E(f)


# moment ------------------------------------------------------------------------------------------


def test_moment_of_an_empty_monomial_is_one():
    for group in (UNITARY, ORTHOGONAL, SYMPLECTIC):
        assert moment(group, []).to_sympy(D) == 1


def test_moment_adds_powers_of_one_entry_given_twice():
    zero = Integer(0)
    once = moment(ORTHOGONAL, [Factor(zero, zero, False, 4)])
    assert moment(ORTHOGONAL, [Factor(zero, zero, False, 1), Factor(zero, zero, False, 3)]) == once


@given(monomials.any_powers(2, 2))
def test_symplectic_moments_in_symbolic_dimension_hold_in_concrete_ones(powers):
    assume(sum(map(sum, powers)) <= 6)
    value = E(monomial(HaarSymplectic("S", D), powers, powers))
    for m in (1, 2):
        assert E(monomial(HaarSymplectic("S", m), powers, powers)) == value.subs(D, m)


@pytest.mark.parametrize("n", range(1, 6))
def test_a_symplectic_modulus_is_that_of_a_unitary_matrix_of_its_size(n):
    # A column of a symplectic matrix is uniform on the complex sphere.
    value = E(abs(HaarSymplectic("S", D)[0, 0]) ** (2 * n))
    expected = FIELD(factorial(n)) / prod(FIELD(2 * D + k) for k in range(n))
    assert as_function(value) == expected
