import itertools
from collections import Counter
from math import prod

import oracles
from hypothesis import given
from hypothesis import strategies as st

from weingarten.combinatorics.loop_counts import loop_types, with_path, without
from weingarten.combinatorics.partitions import class_size, partitions

labelled_edges = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=8)


def counted(types):
    """The counts by partition, of a contraction without marks."""
    return {mu: number for (mu, marks), number in types.items() if marks == ()}


@given(labelled_edges)
def test_loop_types_count_all_pairs_of_pairings_that_join_equal_labels(edges):
    rows, columns = zip(*edges, strict=True) if edges else ((), ())
    listed = oracles.orthogonal_type_counts(rows, columns)
    assert counted(loop_types(edges)) == listed


@given(labelled_edges)
def test_all_loop_types_together_are_the_pairings_of_rows_times_those_of_columns(edges):
    ends = Counter(label for edge in edges for label in edge)
    pairings = [prod(range(1, n, 2)) if n % 2 == 0 else 0 for n in ends.values()]
    assert sum(loop_types(edges).values()) == prod(pairings)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), max_size=4), st.data())
def test_loop_types_of_entries_and_conjugates_count_all_pairs_of_permutations(entries, data):
    rows, columns = zip(*entries, strict=True) if entries else ((), ())
    other_rows, other_columns = (
        data.draw(st.permutations(rows)),
        data.draw(st.permutations(columns)),
    )
    edges = [((i, 0), (j, 0)) for i, j in zip(rows, columns, strict=True)]
    edges += [((i, 1), (j, 1)) for i, j in zip(other_rows, other_columns, strict=True)]
    listed = oracles.unitary_type_counts(rows, columns, other_rows, other_columns)

    def to_the_other_kind(end):
        return [((end[0], 1 - end[1]), 1, ())]

    assert counted(loop_types(edges, to_the_other_kind)) == listed


def test_no_edges_close_in_one_way():
    assert loop_types([]) == {((), ()): 1}


def test_ends_that_cannot_all_be_joined_give_nothing():
    assert loop_types([("a", "x"), ("a", "y")]) == {}


def test_equal_entries_give_each_coset_type_as_often_as_pairings_have_it():
    # All pairs of the 945 pairings of 10 points: 945 times one row of the types.
    types = counted(loop_types([("a", "x")] * 10))
    row = {mu: class_size(mu) * 2 ** (5 - len(mu)) for mu in partitions(5)}
    assert types == {mu: 945 * number for mu, number in row.items()}


def test_distinct_entries_each_squared_have_one_type():
    edges = [(f"a{k}", f"x{k}") for k in range(12) for _ in range(2)]
    assert counted(loop_types(edges)) == {(1,) * 12: 1}


def test_marks_are_kept_sorted_and_tell_the_ways_apart():
    # Labels 0 and 1 join in all ways; a pair of different labels leaves a mark.
    def joins(label):
        side, k = label
        return [((side, other), 1, ((min(k, other), max(k, other)),)) for other in (0, 1)]

    types = loop_types([(("row", 0), ("column", 0)), (("row", 1), ("column", 1))], joins)
    assert types == {((1,), ((0, 1), (0, 1))): 1}


def test_signs_of_joins_are_multiplied():
    def antisymmetric(label):
        side, k = label
        return [((side, 1 - k), (-1) ** k if side == "row" else 1, ())]

    one = loop_types([(("row", 0), ("column", 0)), (("row", 1), ("column", 1))], antisymmetric)
    other = loop_types([(("row", 1), ("column", 0)), (("row", 0), ("column", 1))], antisymmetric)
    assert {abs(value) for value in [*one.values(), *other.values()]} == {1}


def test_with_path_and_without_undo_each_other():
    state = ((("a", "b", 1), 2), (("b", "b", 2), 1))
    for path in [("a", "b", 1), ("b", "b", 2), ("a", "a", 1)]:
        assert without(with_path(state, path), path) == state
    assert without(state, ("b", "b", 2)) == ((("a", "b", 1), 2),)


def test_every_order_of_the_edges_gives_the_same_counts():
    edges = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    counts = [loop_types(order) for order in itertools.permutations(edges)]
    assert all(count == {((2,), ()): 1} for count in counts)
