from collections import Counter
from fractions import Fraction
from math import factorial, prod

import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weingarten.combinatorics import partitions, zonal_spherical, zonal_table
from weingarten.combinatorics.partitions import centralizer_order
from weingarten.combinatorics.zonal import hyperoctahedral_order

two_of_one_size = st.integers(1, 7).flatmap(
    lambda n: st.tuples(*[st.sampled_from(partitions(n))] * 2)
)


def number_of_pairings(mu):
    """How many pairings have coset type mu with a given one: |H_n| / z_2mu, Macdonald VII.2."""
    return hyperoctahedral_order(sum(mu)) // (2 ** len(mu) * centralizer_order(mu))


# zonal_spherical ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_zonal_spherical_functions_are_averages_of_characters_of_doubled_partitions(n):
    for lam in partitions(n):
        for mu in partitions(n):
            assert zonal_spherical(lam, mu) == oracles.zonal_spherical(lam, mu)


def test_zonal_spherical_has_the_known_value():
    assert zonal_spherical((2, 1), (2, 1)) == Fraction(1, 6)


@given(two_of_one_size)
def test_zonal_spherical_is_one_at_the_identity_and_for_the_trivial_partition(pair):
    lam, mu = pair
    n = sum(lam)
    assert zonal_spherical(lam, (1,) * n) == zonal_spherical((n,), mu) == 1


@given(two_of_one_size)
def test_zonal_spherical_functions_are_orthogonal_over_pairings(pair):
    lam, nu = pair
    n = sum(lam)
    total = sum(
        number_of_pairings(mu) * zonal_spherical(lam, mu) * zonal_spherical(nu, mu)
        for mu in partitions(n)
    )
    # The squared norm is the index of H_n over the dimension of 2 lam, Macdonald VII (1.4).
    hooks = prod(oracles.hook_lengths(tuple(2 * part for part in lam)).values())
    assert total == (Fraction(hooks, hyperoctahedral_order(n)) if lam == nu else 0)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_pairings_of_each_coset_type_are_as_many_as_the_weights_say(n):
    counted = Counter(oracles.relations("orthogonal", n)[0])
    assert {mu: number_of_pairings(mu) for mu in partitions(n)} == counted


def test_the_last_zonal_spherical_function_is_a_power_of_minus_one_half():
    # omega^(1^n)(mu) = (-1/2)^(n - len(mu)), Macdonald VII, example 2 (b).
    for mu in partitions(6):
        assert zonal_spherical((1,) * 6, mu) == Fraction(-1, 2) ** (6 - len(mu))


def test_zonal_spherical_refuses_partitions_of_different_numbers():
    with pytest.raises(ValueError, match=r"mu = \(2, 1\) is a partition of 3; expected one of 2"):
        zonal_spherical((2,), (2, 1))


@pytest.mark.parametrize(("lam", "mu", "name"), [(3, (3,), "lam"), ((3,), None, "mu")])
def test_zonal_spherical_names_the_argument_that_is_no_partition(lam, mu, name):
    with pytest.raises(TypeError, match=rf"^{name} = .*expected a partition"):
        zonal_spherical(lam, mu)


# zonal_table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(1, 8))
def test_zonal_polynomials_in_monomials_obey_james_recursion(n):
    table = zonal_table(n)
    for lam in partitions(n):
        expanded = Counter()
        for mu in partitions(n):
            for monomial, count in oracles.power_sum_in_monomials(mu).items():
                expanded[monomial] += table[lam, mu] * count
        assert dict(expanded) == oracles.zonal_in_monomials(lam)


@given(two_of_one_size)
def test_the_table_is_the_spherical_function_times_the_row_of_the_trivial_partition(pair):
    lam, mu = pair
    n = sum(lam)
    table = zonal_table(n)
    assert table[lam, mu] == zonal_spherical(lam, mu) * table[(n,), mu]
    assert table[(n,), mu] == number_of_pairings(mu)


@given(two_of_one_size)
def test_zonal_polynomials_at_the_identity_matrix_are_products_over_boxes(pair):
    lam, _ = pair
    table = zonal_table(sum(lam))
    for d in range(1, 5):
        value = sum(table[lam, mu] * d ** len(mu) for mu in partitions(sum(lam)))
        assert value == prod(d + 2 * j - i for i, j in oracles.diagram(lam))


@pytest.mark.parametrize("n", range(1, 7))
def test_zonal_polynomials_weighted_by_dimension_add_up_to_a_power_of_the_trace(n):
    # p_1^n = n! 2^n sum over lam of Z_lam / h_2lam, Macdonald VII (2.24).
    table = zonal_table(n)
    hooks = {
        lam: prod(oracles.hook_lengths(tuple(2 * part for part in lam)).values())
        for lam in partitions(n)
    }
    for mu in partitions(n):
        total = sum(Fraction(table[lam, mu], hooks[lam]) for lam in partitions(n))
        assert total * 2**n * factorial(n) == (mu == (1,) * n)


@pytest.mark.parametrize(
    ("n", "error"), [(-2, ValueError), (1.5, TypeError), ("4", TypeError), (70, ValueError)]
)
def test_zonal_table_refuses_a_size_that_is_wrong_or_too_large(n, error):
    with pytest.raises(error, match=r"^n = .*expected"):
        zonal_table(n)


# hyperoctahedral_order ---------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(5))
def test_hyperoctahedral_order_counts_the_group(n):
    assert hyperoctahedral_order(n) == len(set(oracles.hyperoctahedral_group(n)))
