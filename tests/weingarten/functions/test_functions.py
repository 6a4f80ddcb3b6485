import itertools
import json
from collections import Counter
from fractions import Fraction
from math import comb, factorial, prod
from pathlib import Path

import haarpy
import oracles
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st
from oracles import FIELD, D, as_function
from sympy import QQ, Expr, MatrixSymbol, Rational, Symbol, factor, floor, oo, pi, symbols, sympify
from sympy.combinatorics import Permutation

from weingarten import (
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_table,
    weingarten_unitary,
)
from weingarten.combinatorics import (
    character_table,
    class_size,
    partitions,
    zonal_spherical,
)

FUNCTIONS = {
    "unitary": weingarten_unitary,
    "orthogonal": weingarten_orthogonal,
    "symplectic": weingarten_symplectic,
}
HAARPY = {
    "unitary": haarpy.weingarten_unitary,
    "orthogonal": haarpy.weingarten_orthogonal,
}
ALPHA = {"unitary": 1, "orthogonal": 2}

both_groups = pytest.mark.parametrize("group", ["unitary", "orthogonal"])
all_groups = pytest.mark.parametrize("group", list(FUNCTIONS))
classes = st.integers(1, 8).flatmap(lambda n: st.sampled_from(partitions(n)))


def number_of_elements(group, mu):
    """How many permutations, or pairings, have type mu with a given one."""
    return class_size(mu) * (1 if group == "unitary" else 2 ** (sum(mu) - len(mu)))


# Against the inverse of the Gram matrix ----------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "n"),
    [*itertools.product(["unitary"], range(1, 6)), *itertools.product(["orthogonal"], range(1, 5))],
)
def test_values_are_those_of_the_inverted_gram_matrix(group, n):
    expected = oracles.weingarten_values(group, n)
    assert {mu: as_function(FUNCTIONS[group](mu, D)) for mu in expected} == expected
    assert set(expected) == set(partitions(n))


def product_entry(group, n, row, column):
    """An entry of Gram matrix times Weingarten matrix, summed by the types that meet in it."""
    types = oracles.relations(group, n)
    values = {mu: as_function(FUNCTIONS[group](mu, D)) for mu in partitions(n)}
    meeting = Counter(zip(types[row], types[column], strict=True))
    return sum(
        (number * FIELD(D) ** len(mu) * values[nu] for (mu, nu), number in meeting.items()),
        FIELD(0),
    )


@both_groups
@pytest.mark.parametrize("n", [1, 2, 3])
def test_gram_matrix_times_weingarten_matrix_is_the_identity(group, n):
    size = len(oracles.elements(group, n))
    for row, column in itertools.product(range(size), repeat=2):
        assert product_entry(group, n, row, column) == (row == column)


@both_groups
def test_gram_matrix_times_weingarten_matrix_is_the_identity_for_four_pairs(group):
    # Both matrices commute with relabelling the points, and relabelling carries any permutation
    # or pairing to the first one: the first row says it for all rows.
    for column in range(len(oracles.elements(group, 4))):
        assert product_entry(group, 4, 0, column) == (column == 0)


@both_groups
@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (4, 3)])
def test_below_the_degree_the_weingarten_matrix_is_the_pseudo_inverse(group, n, d):
    gram = fmpq_mat(oracles.gram_matrix(group, n, d))
    table = weingarten_table(group, n, d)
    values = {mu: fmpq(int(value.p), int(value.q)) for mu, value in table.items()}
    inverse = oracles.weingarten_matrix(group, n, values)
    assert gram.det() == 0
    assert gram * inverse * gram == gram
    assert inverse * gram * inverse == inverse


@both_groups
@pytest.mark.parametrize("n", range(1, 8))
def test_in_dimension_one_all_values_are_one_over_the_squared_number_of_elements(group, n):
    # All entries of the Gram matrix are 1 there.
    elements = factorial(n) if group == "unitary" else prod(range(1, 2 * n, 2))
    for mu in partitions(n):
        assert FUNCTIONS[group](mu, 1) == Rational(1, elements**2)


# Against another program -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "n"),
    [*itertools.product(["unitary"], range(1, 8)), *itertools.product(["orthogonal"], range(1, 6))],
)
def test_every_class_agrees_with_haarpy(group, n):
    for mu in partitions(n):
        assert as_function(FUNCTIONS[group](mu, D)) == as_function(HAARPY[group](mu, D))


def test_every_orthogonal_class_of_six_agrees_with_haarpy():
    file = Path(__file__).parent / "data" / "haarpy_orthogonal_6.json"
    values = json.loads(file.read_text())["values"]
    for key, value in values.items():
        mu = tuple(map(int, key.split()))
        assert as_function(weingarten_orthogonal(mu, D)) == as_function(sympify(value).subs("d", D))
    assert len(values) == 11


@both_groups
@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_integer_dimensions_agree_with_haarpy_also_below_the_degree(group, d):
    for mu in partitions(4):
        assert FUNCTIONS[group](mu, d) == sympify(HAARPY[group](mu, d))


@pytest.mark.parametrize("points", [2, 4])
def test_symplectic_values_of_permutations_agree_with_haarpy(points):
    for images in oracles.permutations(points):
        permutation = Permutation(images)
        expected = as_function(haarpy.weingarten_symplectic(permutation, D))
        assert as_function(weingarten_symplectic(permutation, D)) == expected


@given(st.permutations(range(6)).map(Permutation), st.integers(1, 4))
def test_symplectic_values_of_six_points_agree_with_haarpy(permutation, m):
    expected = sympify(haarpy.weingarten_symplectic(permutation, m))
    assert weingarten_symplectic(permutation, m) == expected


# Sums over classes -------------------------------------------------------------------------------


@both_groups
@pytest.mark.parametrize("n", range(1, 10))
def test_total_mass_is_one_over_a_rising_product(group, n):
    total = sum(number_of_elements(group, mu) * v for mu, v in weingarten_functions(group, n))
    assert total == 1 / prod(FIELD(D + ALPHA[group] * k) for k in range(n))


def weingarten_functions(group, n):
    return [(mu, as_function(value)) for mu, value in weingarten_table(group, n, D).items()]


@both_groups
@pytest.mark.parametrize("n", range(1, 7))
def test_each_spherical_transform_is_one_over_the_product_of_its_partition(group, n):
    table = character_table(n)
    for lam in partitions(n):
        total = FIELD(0)
        for mu, value in weingarten_functions(group, n):
            if group == "unitary":
                spherical = Fraction(table[lam, mu], table[lam, (1,) * n])
            else:
                spherical = zonal_spherical(lam, mu)
            number = number_of_elements(group, mu) * spherical
            total += QQ(number.numerator, number.denominator) * value
        factors = [FIELD(D + ALPHA[group] * j - i) for i, j in oracles.diagram(lam)]
        assert total == 1 / prod(factors)


@both_groups
@given(mu=classes)
def test_summing_over_one_more_index_gives_the_value_with_one_pair_less(group, mu):
    # sum_j W_ij W_ij = 1 in the definition: the new pair is alone or joins another loop.
    wg = FUNCTIONS[group]
    longer = [(*mu[:k], part + 1, *mu[k + 1 :]) for k, part in enumerate(mu)]
    total = FIELD(D) * as_function(wg((*mu, 1), D)) + sum(
        ALPHA[group] * part * as_function(wg(nu, D)) for part, nu in zip(mu, longer, strict=True)
    )
    assert total == as_function(wg(mu, D))


# Large dimension ---------------------------------------------------------------------------------


@both_groups
@given(mu=classes)
def test_leading_order_is_a_signed_product_of_catalan_numbers(group, mu):
    value = as_function(FUNCTIONS[group](mu, D))
    power = value.denom.degree() - value.numer.degree()
    catalan = [comb(2 * part - 2, part - 1) // part for part in mu]
    assert power == 2 * sum(mu) - len(mu)
    assert Fraction(int(value.numer.LC), int(value.denom.LC)) == (-1) ** (sum(mu) - len(mu)) * prod(
        catalan
    )


@given(classes, st.integers(0, 20))
def test_the_sign_of_a_unitary_value_is_that_of_the_permutation_from_the_degree_on(mu, more):
    value = weingarten_unitary(mu, sum(mu) + more)
    assert value * (-1) ** (sum(mu) - len(mu)) > 0


@given(classes)
def test_the_sign_of_an_orthogonal_value_is_that_of_the_permutation_in_large_dimension(mu):
    assert weingarten_orthogonal(mu, 1000) * (-1) ** (sum(mu) - len(mu)) > 0


# Dimensions --------------------------------------------------------------------------------------


@all_groups
@given(mu=classes, more=st.integers(0, 30))
def test_from_the_degree_on_integers_agree_with_the_symbol(group, mu, more):
    d = sum(mu) + more
    value = FUNCTIONS[group](mu, d)
    assert isinstance(value, Rational)
    assert value == FUNCTIONS[group](mu, D).subs(D, d)


@given(classes)
def test_symplectic_values_are_orthogonal_ones_at_minus_twice_the_dimension(mu):
    # Wg^Sp(sigma; m) = (-1)^n sign(sigma) Wg^O(sigma; -2m), with sign (-1)^(n - len(mu)).
    expected = (-1) ** len(mu) * weingarten_orthogonal(mu, D).subs(D, -2 * D)
    assert as_function(weingarten_symplectic(mu, D)) == as_function(expected)


@all_groups
def test_the_symbol_may_have_any_name_and_fitting_assumptions(group):
    plain = FUNCTIONS[group]((2, 1), D)
    for symbol in [Symbol("x"), Symbol("N", integer=True, positive=True), Symbol("D", real=True)]:
        assert FUNCTIONS[group]((2, 1), symbol) == plain.subs(D, symbol)


@all_groups
@pytest.mark.parametrize(
    ("d", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (2.5, ValueError),
        (3.0, ValueError),
        (Rational(1, 2), ValueError),
        (pi, ValueError),
        ("x y", TypeError),
        ("d", TypeError),
        (None, TypeError),
        (True, TypeError),
        ([3], TypeError),
        (D + 0.5, ValueError),
        (oo, ValueError),
        (Symbol("d", integer=True) + Rational(1, 2), ValueError),
        (MatrixSymbol("A", 2, 2), TypeError),
        (D > 2, TypeError),
        (Symbol("d", negative=True), ValueError),
        (Symbol("d", integer=False), ValueError),
        (Symbol("d", zero=True), ValueError),
        (Symbol("d", imaginary=True), ValueError),
    ],
    ids=str,
)
def test_a_dimension_that_is_none_is_refused(group, d, error):
    name = "m" if group == "symplectic" else "d"
    pattern = rf"^{name} = .*expected a positive integer or a SymPy symbol"
    with pytest.raises(error, match=pattern) as caught:
        FUNCTIONS[group]((2, 1), d)
    shown = d if isinstance(d, Expr) and not d.is_number else repr(d)
    assert f"{name} = {shown}:" in str(caught.value)
    with pytest.raises(error, match=pattern):
        weingarten_table(group, 2, d)


# Dimensions that are expressions -----------------------------------------------------------------

A, B, M = symbols("a b m", integer=True, positive=True)
lines = st.tuples(
    st.fractions(-4, 4, max_denominator=3).filter(bool), st.fractions(-5, 5, max_denominator=3)
)


def test_known_values_at_expressions():
    d = symbols("d", integer=True, positive=True)
    assert weingarten_unitary((2,), d + 1) == -1 / (d * (d + 1) * (d + 2))
    assert weingarten_orthogonal((1,), -2 * d) == -1 / (2 * d)
    assert weingarten_unitary((2,), 2 * M) == -1 / (2 * M * (2 * M - 1) * (2 * M + 1))
    assert weingarten_unitary((2,), A * B) == -1 / (A * B * (A * B - 1) * (A * B + 1))
    assert weingarten_unitary((2,), A**2) == -1 / (A**2 * (A - 1) * (A + 1) * (A**2 + 1))
    assert weingarten_orthogonal((2,), d / 2) == -8 / (d * (d - 2) * (d + 4))
    assert weingarten_unitary((1, 1), A + B) == 1 / ((A + B - 1) * (A + B + 1))


@all_groups
@given(mu=classes.filter(lambda mu: sum(mu) < 7), line=lines)
def test_the_value_at_a_line_is_the_symbolic_one_there_in_factored_form(group, mu, line):
    slope, offset = map(Rational, line)
    at = slope * D + offset
    value = FUNCTIONS[group](mu, at)
    expected = FUNCTIONS[group](mu, D).subs(D, at)
    assert as_function(value) == as_function(expected)
    assert value == factor(expected)
    assert weingarten_table(group, sum(mu), at)[mu] == value


@all_groups
@pytest.mark.parametrize("at", [A * B, A**2 - 3, A / B, A + 2 * B - 1, floor(A / 3), 2**A, A - B])
@given(mu=classes.filter(lambda mu: 0 < sum(mu) < 5))
def test_the_value_at_another_expression_is_the_symbolic_one_there(group, at, mu):
    value = FUNCTIONS[group](mu, at)
    expected = FUNCTIONS[group](mu, D).subs(D, at)
    assert value == expected or (value / expected).simplify() == 1
    # Numbers again: poles are avoided.
    point = {A: 101, B: 17}
    assert value.subs(point) == FUNCTIONS[group](mu, D).subs(D, at.subs(point))


@given(classes)
def test_symplectic_values_and_orthogonal_ones_meet_at_negative_dimension(mu):
    sign = (-1) ** len(mu)
    assert weingarten_symplectic(mu, M) == sign * weingarten_orthogonal(mu, -2 * M)
    assert weingarten_symplectic(mu, M / 2) == sign * weingarten_orthogonal(mu, -M)
    assert weingarten_orthogonal(mu, M) == sign * weingarten_symplectic(mu, -M / 2)


@given(classes, st.integers(1, 12))
def test_an_expression_that_evaluates_to_an_integer_is_that_integer(mu, d):
    assert weingarten_unitary(mu, (D + d) - D) == weingarten_unitary(mu, d)


# Classes -----------------------------------------------------------------------------------------


def test_known_values():
    d = symbols("d", integer=True, positive=True)
    assert weingarten_unitary((1,), d) == 1 / d
    assert weingarten_unitary((2,), d) == -1 / (d * (d - 1) * (d + 1))
    assert weingarten_orthogonal((2, 1), d) == -1 / (d * (d - 2) * (d - 1) * (d + 4))
    assert weingarten_orthogonal((1, 1), d) == (d + 1) / (d * (d - 1) * (d + 2))


@all_groups
def test_the_empty_class_has_the_value_one(group):
    assert FUNCTIONS[group]((), D) == FUNCTIONS[group]((), 3) == 1


@all_groups
@given(mu=classes, random=st.randoms())
def test_parts_come_in_any_order_and_any_iterable(group, mu, random):
    parts = list(mu)
    random.shuffle(parts)
    expected = FUNCTIONS[group](mu, 5)
    assert FUNCTIONS[group](parts, 5) == FUNCTIONS[group](iter(parts), 5) == expected


@pytest.mark.parametrize("points", [1, 3, 4])
def test_a_permutation_stands_for_its_cycle_type_in_the_unitary_function(points):
    for images in oracles.permutations(points):
        expected = weingarten_unitary(oracles.cycle_type(images), 7)
        assert weingarten_unitary(Permutation(images), 7) == expected


@pytest.mark.parametrize("points", [2, 4, 6])
def test_a_permutation_stands_for_its_coset_type_in_the_orthogonal_function(points):
    standard = frozenset(frozenset((k, k + 1)) for k in range(0, points, 2))
    for images in oracles.permutations(points):
        image = frozenset(frozenset(images[k] for k in pair) for pair in standard)
        expected = weingarten_orthogonal(oracles.coset_type(standard, image), 7)
        assert weingarten_orthogonal(Permutation(images), 7) == expected


@given(
    st.sampled_from(list(oracles.hyperoctahedral_group(3))).map(Permutation),
    st.permutations(range(6)).map(Permutation),
)
def test_the_symplectic_function_changes_by_the_sign_under_the_hyperoctahedral_group(one, other):
    value = weingarten_symplectic(other, D)
    assert weingarten_symplectic(one * other, D) == one.signature() * value
    assert weingarten_symplectic(other * one, D) == one.signature() * value


@pytest.mark.parametrize("group", ["orthogonal", "symplectic"])
def test_a_permutation_of_an_odd_number_of_points_has_no_coset_type(group):
    with pytest.raises(ValueError, match=r"mu = Permutation\(2\)\(0, 1\) permutes 3 points; exp"):
        FUNCTIONS[group](Permutation([1, 0, 2]), 5)


@all_groups
@pytest.mark.parametrize(
    ("mu", "error"),
    [
        ((2, -1), ValueError),
        ((0,), ValueError),
        ((1.5,), TypeError),
        ((2.0, 1), TypeError),
        ("21", TypeError),
        ("2,1", TypeError),
        (3, TypeError),
        (None, TypeError),
        ([[2, 1]], TypeError),
        ((D,), TypeError),
    ],
    ids=str,
)
def test_what_is_no_partition_is_refused(group, mu, error):
    with pytest.raises(error, match=r"^mu = .*expected a partition: a tuple of positive") as caught:
        FUNCTIONS[group](mu, D)
    assert repr(mu) in str(caught.value)


@all_groups
@pytest.mark.parametrize("mu", [(1,) * 150, (2,) * 75, Permutation(199)], ids=["1", "2", "perm"])
def test_a_class_too_large_to_fit_is_refused_with_its_size(group, mu):
    with pytest.raises(
        ValueError, match=r"mu .* n = \d+: .* partitions, .*(GiB|hours).*; expected an n whose"
    ):
        FUNCTIONS[group](mu, D)


# Form of the answer ------------------------------------------------------------------------------


@all_groups
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_values_are_in_the_form_that_factor_gives(group, n):
    d = symbols("d", integer=True, positive=True)
    for mu in partitions(n):
        value = FUNCTIONS[group](mu, d)
        assert value == factor(value)


# Tables ------------------------------------------------------------------------------------------


@all_groups
@pytest.mark.parametrize("d", [D, 1, 2, 3, 9], ids=str)
def test_a_table_has_the_single_values(group, d):
    for n in range(7):
        table = weingarten_table(group, n, d)
        assert dict(table) == {mu: FUNCTIONS[group](mu, d) for mu in partitions(n)}


@both_groups
def test_a_table_where_characters_exceed_64_bits_has_the_single_values(group):
    table = weingarten_table(group, 18, 40)
    for mu in [(18,), (1,) * 18, (5, 4, 3, 3, 2, 1), (2,) * 9]:
        assert table[mu] == FUNCTIONS[group](mu, 40)


def test_a_table_is_a_mapping_with_parts_in_any_order():
    table = weingarten_table("unitary", 4, D)
    assert list(table) == list(partitions(4))
    assert len(table) == 5
    assert table[1, 3] == table[[3, 1]] == weingarten_unitary((3, 1), D)
    assert (2, 2) in table
    assert (3,) not in table
    assert table.get((3,)) is None
    assert "unitary" in repr(table)
    assert "n = 4" in repr(table)


def test_a_partition_of_another_number_is_not_in_the_table():
    with pytest.raises(KeyError, match=r"\(3,\): expected a partition of 2"):
        weingarten_table("unitary", 2, D)[(3,)]


@pytest.mark.parametrize("group", ["u", "Unitary", "", None, 1, []])
def test_a_group_that_does_not_exist_is_refused(group):
    with pytest.raises(ValueError, match=r"^group = .*: expected one of unitary, orthogonal, symp"):
        weingarten_table(group, 2, D)


@pytest.mark.parametrize(("n", "error"), [(-1, ValueError), (2.5, TypeError), ("2", TypeError)])
def test_a_table_size_that_is_no_count_is_refused(n, error):
    with pytest.raises(error, match=r"^n = .*: expected a non-negative integer"):
        weingarten_table("orthogonal", n, D)


@all_groups
def test_a_table_too_large_to_fit_is_refused_with_its_size(group):
    with pytest.raises(
        ValueError, match=r"n = 90: .* 56,634,173 partitions .* GiB .*; expected an n up to"
    ):
        weingarten_table(group, 90, D)
