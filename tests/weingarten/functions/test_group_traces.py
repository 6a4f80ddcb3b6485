"""Means of products of traces of one Haar matrix: Weyl's formula, theorems, ranges."""

from math import factorial

import pytest
import weyl
from sympy import Integer

from weingarten.combinatorics.partitions import centralizer_order, partitions
from weingarten.functions.groups import GROUPS, ORTHOGONAL, SYMPLECTIC, UNITARY
from weingarten.functions.traces import (
    generic_from,
    mean_beside_constant,
    mean_of_traces,
    number_of_terms,
)

TO_SIX = [mu for n in range(1, 7) for mu in partitions(n)]


@pytest.mark.parametrize("d", [1, 2, 3])
def test_unitary_means_are_those_of_weyls_formula(d):
    for n in range(1, 5):
        for mu in partitions(n):
            for nu in partitions(n):
                assert mean_of_traces("unitary", mu, nu, d) == weyl.unitary(d, mu, nu)


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_orthogonal_means_are_those_of_weyls_formula(d):
    for mu in TO_SIX:
        assert mean_of_traces("orthogonal", mu, (), d) == weyl.orthogonal(d, mu)


@pytest.mark.parametrize("m", [1, 2])
def test_symplectic_means_are_those_of_weyls_formula(m):
    for mu in TO_SIX:
        assert mean_of_traces("symplectic", mu, (), m) == weyl.symplectic(m, mu)


def test_weyls_formula_knows_the_groups_apart():
    assert weyl.orthogonal(2, (2,)) == 1 != weyl.symplectic(1, (2,))


@pytest.mark.parametrize("n", range(1, 6))
def test_diaconis_and_shahshahani(n):
    for mu in partitions(n):
        for nu in partitions(n):
            expected = centralizer_order(mu) if mu == nu else 0
            assert mean_of_traces("unitary", mu, nu) == expected
            assert mean_of_traces("unitary", mu, nu, n) == expected


@pytest.mark.parametrize("k", range(1, 9))
def test_rains_counts_permutations_by_their_longest_increasing_subsequence(k):
    # In one dimension the trace has modulus 1; in two, permutations without an increase of three.
    assert mean_of_traces("unitary", (1,) * k, (1,) * k, 1) == 1
    catalan = factorial(2 * k) // (factorial(k) * factorial(k + 1))
    assert mean_of_traces("unitary", (1,) * k, (1,) * k, 2) == catalan
    assert mean_of_traces("symplectic", (1,) * (2 * k), d=1) == catalan
    assert mean_of_traces("orthogonal", (1,) * (2 * k), d=1) == 1


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda group: group.name)
@pytest.mark.parametrize("n", range(1, 6))
def test_the_generic_value_holds_from_where_it_is_said_on_and_not_before(group, n):
    pairs = [(mu, nu) for mu in partitions(n) for nu in partitions(n)]
    for mu, nu in pairs if group.bipartite else [(mu, ()) for mu in partitions(2 * n)]:
        start, generic = generic_from(group, mu, nu), mean_of_traces(group, mu, nu)
        found = [mean_of_traces(group, mu, nu, d) == generic for d in range(1, n + 2)]
        assert all(found[start - 1 :])
        assert start == 1 or not found[start - 2]


def test_means_of_odd_and_unbalanced_products_vanish():
    assert mean_of_traces("orthogonal", (2, 1), (), 1) == mean_of_traces("symplectic", (3,)) == 0
    assert mean_of_traces("unitary", (2, 1), (2,), 1) == mean_of_traces("unitary", (2,)) == 0


def test_the_order_of_powers_and_conjugates_of_real_traces_do_not_matter():
    assert mean_of_traces("orthogonal", (1, 3), (2, 4), 2) == mean_of_traces(
        "orthogonal", (4, 3, 2, 1), (), 2
    )
    assert mean_of_traces("unitary", (1, 2), (2, 1), 2) == mean_of_traces(
        "unitary", (2, 1), (2, 1), 2
    )


def test_degree_forty_in_five_dimensions_agrees_with_the_other_way_round():
    # Sp(1) and SO(3): p_1(SO(3)) = p_1(Sp(1))**2 - 1, and O(3) is SO(3) times a sign.
    powers = [mean_of_traces("symplectic", (1,) * (2 * k), d=1) for k in range(21)]
    total = sum(
        (-1) ** k * factorial(20) // factorial(k) // factorial(20 - k) * powers[20 - k]
        for k in range(21)
    )
    assert mean_of_traces("orthogonal", (1,) * 20, d=3) == total
    assert mean_of_traces("orthogonal", (1,) * 40, d=5) == 1555788699527063688453


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda group: group.name)
@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_without_a_constant_the_power_sums_of_the_identity_are_left(group, d):
    for n in range(1, 5):
        pairs = [(mu, nu) for mu in partitions(n) for nu in partitions(n)]
        for mu, nu in pairs if group.bipartite else [(mu, ()) for mu in partitions(2 * n)]:
            terms = mean_beside_constant(group, mu, nu, Integer(d))
            total = sum(value.at(0) * group.rows(d) ** len(kind) for kind, value in terms)
            assert total == mean_of_traces(group, mu, nu, d)


def test_the_count_of_terms_grows_with_the_rows_to_a_bound():
    ones = (1,) * 12
    assert number_of_terms(UNITARY, ones, ones, 3) < number_of_terms(UNITARY, ones, ones, 12)
    assert number_of_terms(ORTHOGONAL, ones, (), 2) == 4
    assert number_of_terms(SYMPLECTIC, (2,) * 6, (), 3) > number_of_terms(SYMPLECTIC, ones, (), 3)
