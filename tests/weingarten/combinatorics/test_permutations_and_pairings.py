import itertools
from math import prod

import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weingarten.combinatorics import coset_type, cycle_type, loops, pairings
from weingarten.combinatorics.pairings import moved, partners, standard_pairing
from weingarten.combinatorics.permutations import carrying, compose, cycles, inverse

permutations = st.integers(0, 7).flatmap(lambda n: st.permutations(range(n))).map(tuple)
labels = st.text("abc", max_size=6)


def two_permutations(n):
    return st.tuples(st.permutations(range(n)), st.permutations(range(n)))


def as_sets(pairing):
    return frozenset(map(frozenset, pairing))


# cycles, cycle_type, compose, inverse ------------------------------------------------------------


@given(permutations)
def test_each_cycle_follows_the_permutation_and_together_they_hold_each_point_once(p):
    for cycle in cycles(p):
        assert [p[point] for point in cycle] == cycle[1:] + cycle[:1]
    assert sorted(itertools.chain(*cycles(p))) == list(range(len(p)))


@given(permutations)
def test_cycle_type_is_that_of_the_connected_components(p):
    assert cycle_type(p) == oracles.cycle_type(p)


def test_cycle_type_of_no_points_is_empty():
    assert cycle_type(()) == ()


@given(st.integers(1, 7).flatmap(two_permutations))
def test_compose_applies_the_second_permutation_first(pair):
    p, q = pair
    assert [compose(p, q)[k] for k in range(len(p))] == [p[q[k]] for k in range(len(p))]


@given(permutations)
def test_inverse_undoes_a_permutation_from_both_sides(p):
    assert compose(p, inverse(p)) == compose(inverse(p), p) == tuple(range(len(p)))


@given(st.integers(1, 7).flatmap(two_permutations))
def test_conjugate_permutations_have_one_cycle_type(pair):
    p, q = pair
    assert cycle_type(compose(q, compose(p, inverse(q)))) == cycle_type(p)


# carrying ----------------------------------------------------------------------------------------


@given(labels, labels)
def test_carrying_finds_the_permutations_that_match_labels(source, target):
    expected = [
        p
        for p in oracles.permutations(len(source))
        if len(source) == len(target) and "".join(source[k] for k in p) == target
    ]
    assert sorted(carrying(source, target)) == sorted(expected)


def test_carrying_one_arrangement_to_another_has_the_multinomial_count_of_choices():
    assert len(list(carrying("aaabb", "ababa"))) == 12


def test_carrying_to_other_labels_or_another_length_is_impossible():
    assert list(carrying("aab", "abb")) == []
    assert list(carrying("aab", "aa")) == []


# pairings, partners, loops, coset_type -----------------------------------------------------------


@given(labels)
def test_pairings_join_equal_labels_and_none_is_missing(text):
    expected = {
        pairing
        for pairing in (oracles.pairings(len(text)) if len(text) % 2 == 0 else [])
        if all(len({text[point] for point in pair}) == 1 for pair in pairing)
    }
    found = list(pairings(text))
    assert set(map(as_sets, found)) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("n", range(6))
def test_there_are_odd_factorial_many_pairings_of_equal_labels(n):
    assert sum(1 for _ in pairings("a" * 2 * n)) == prod(range(1, 2 * n, 2))


def test_an_odd_number_of_labels_has_no_pairing():
    assert list(pairings("aaa")) == []


@given(st.sampled_from(list(pairings("a" * 8))))
def test_partners_are_the_other_points_of_the_pairs(pairing):
    partner = partners(pairing)
    assert {frozenset((point, partner[point])) for point in range(8)} == as_sets(pairing)


two_pairings = st.tuples(*[st.sampled_from(list(pairings("a" * 8)))] * 2)


@given(two_pairings)
def test_loops_walk_the_two_pairings_in_turn(pair):
    first, second = pair
    for loop in loops(first, second):
        steps = list(zip(loop, loop[1:] + loop[:1], strict=True))
        assert set(map(frozenset, steps[::2])) <= as_sets(first)
        assert set(map(frozenset, steps[1::2])) <= as_sets(second)
    assert sorted(itertools.chain(*loops(first, second))) == list(range(8))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_coset_types_are_half_the_connected_components(n):
    for first, second in itertools.product(list(pairings("a" * 2 * n))[:9], pairings("a" * 2 * n)):
        expected = oracles.coset_type(as_sets(first), as_sets(second))
        assert coset_type(first, second) == coset_type(second, first) == expected


def test_a_pairing_with_itself_has_loops_of_two_points():
    assert coset_type(standard_pairing(3), standard_pairing(3)) == (1, 1, 1)


@given(two_pairings, st.permutations(range(8)))
def test_moving_both_pairings_keeps_their_coset_type(pair, permutation):
    first, second = pair
    assert coset_type(moved(first, permutation), moved(second, permutation)) == coset_type(*pair)


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_moving_twice_is_moving_by_the_composition(p, q):
    pairing = standard_pairing(4)
    assert moved(moved(pairing, p), q) == moved(pairing, compose(q, p))


def test_the_standard_pairing_is_kept_by_the_hyperoctahedral_group_only():
    keeping = [
        p for p in oracles.permutations(6) if moved(standard_pairing(3), p) == standard_pairing(3)
    ]
    assert sorted(keeping) == sorted(oracles.hyperoctahedral_group(3))
