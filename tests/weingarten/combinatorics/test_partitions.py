from collections import Counter
from math import factorial, prod

import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weingarten.combinatorics import class_size, conjugate, number_of_partitions, partitions
from weingarten.combinatorics.partitions import (
    as_partition,
    boxes,
    centralizer_order,
    content,
    contents,
    hook_product,
    jack_norm,
    merge,
    partition_index,
)
from weingarten.limits import check_size, check_table_size

any_partition = st.lists(st.integers(1, 6), max_size=6).map(
    lambda parts: tuple(sorted(parts, reverse=True))
)

# partitions, partition_index, number_of_partitions -----------------------------------------------


@pytest.mark.parametrize("n", range(9))
def test_partitions_are_those_found_by_trying_all_tuples(n):
    assert list(partitions(n)) == oracles.partitions(n)[::-1]


def test_partitions_start_with_one_part_and_end_with_all_ones():
    assert partitions(5)[0] == (5,)
    assert partitions(5)[-1] == (1, 1, 1, 1, 1)


def test_zero_has_the_empty_partition_only():
    assert partitions(0) == ((),)


@pytest.mark.parametrize("n", [0, 1, 6])
def test_partition_index_is_the_position_in_the_list(n):
    assert [partitions(n)[k] for k in partition_index(n).values()] == list(partition_index(n))


@pytest.mark.parametrize("n", range(16))
def test_number_of_partitions_counts_the_list(n):
    assert number_of_partitions(n) == len(partitions(n))


def test_number_of_partitions_of_1000_is_the_known_value():
    assert number_of_partitions(1000) == 24061467864032622473692149727991


@given(st.integers(1, 300))
def test_number_of_partitions_obeys_eulers_pentagonal_recurrence(n):
    pentagonal = [(k, k * (3 * k + sign) // 2) for k in range(1, n + 1) for sign in (1, -1)]
    assert number_of_partitions(n) == sum(
        (-1) ** (k - 1) * number_of_partitions(n - step) for k, step in pentagonal if step <= n
    )


# as_partition ------------------------------------------------------------------------------------


@given(any_partition, st.randoms())
def test_as_partition_takes_parts_in_any_order(mu, random):
    parts = list(mu)
    random.shuffle(parts)
    assert as_partition(parts) == as_partition(iter(parts)) == mu


@pytest.mark.parametrize("parts", [(2, -1), (0,), (3, 0)])
def test_as_partition_refuses_parts_below_one(parts):
    with pytest.raises(ValueError, match=r"^lam = \(.*has the part (-1|0); expected a partition"):
        as_partition(parts, "lam")


@pytest.mark.parametrize("parts", ["21", "2,1", (2.0, 1), (1.5,), None, 3, ("a",), (None,)])
def test_as_partition_refuses_what_is_not_integers(parts):
    with pytest.raises(TypeError, match=r"^mu = .*: expected a partition") as caught:
        as_partition(parts)
    assert repr(parts) in str(caught.value)


# conjugate, merge, boxes, contents ---------------------------------------------------------------


@given(any_partition)
def test_conjugate_reflects_the_diagram(lam):
    assert set(boxes(conjugate(lam))) == {(j, i) for i, j in oracles.diagram(lam)}


@given(any_partition)
def test_conjugating_twice_changes_nothing(lam):
    assert conjugate(conjugate(lam)) == lam


@given(any_partition, st.lists(st.integers(1, 5), max_size=3))
def test_merge_is_the_union_of_the_parts(mu, parts):
    merged = merge(mu, *parts)
    assert Counter(merged) == Counter(mu) + Counter(parts)
    assert merged == as_partition(merged)


@given(any_partition)
def test_boxes_are_the_diagram(lam):
    assert sorted(boxes(lam)) == sorted(oracles.diagram(lam))


@given(any_partition, st.sampled_from([1, 2]))
def test_contents_count_alpha_times_column_minus_row(lam, alpha):
    expected = Counter(alpha * j - i for i, j in oracles.diagram(lam))
    assert contents(lam, alpha) == expected
    assert Counter(content(i, j, alpha) for i, j in boxes(lam)) == expected


@given(any_partition)
def test_contents_change_sign_under_conjugation(lam):
    assert contents(conjugate(lam), 1) == Counter(
        {-c: count for c, count in contents(lam, 1).items()}
    )


# hook_product, jack_norm -------------------------------------------------------------------------


@given(any_partition)
def test_hook_product_multiplies_the_hook_lengths(lam):
    assert hook_product(lam) == prod(oracles.hook_lengths(lam).values())


@pytest.mark.parametrize("n", range(1, 9))
def test_squared_dimensions_from_hooks_add_up_to_the_group_order(n):
    assert sum((factorial(n) // hook_product(lam)) ** 2 for lam in partitions(n)) == factorial(n)


@given(any_partition)
def test_jack_norm_at_alpha_2_is_the_hook_product_of_the_doubled_partition(lam):
    assert jack_norm(lam, 1) == hook_product(lam)
    doubled = tuple(2 * part for part in lam)
    assert jack_norm(lam, 2) == prod(oracles.hook_lengths(doubled).values())


# centralizer_order, class_size -------------------------------------------------------------------


@pytest.mark.parametrize("n", range(1, 7))
def test_class_sizes_count_permutations_by_cycle_type(n):
    counted = Counter(map(oracles.cycle_type, oracles.permutations(n)))
    assert {mu: class_size(mu) for mu in partitions(n)} == counted


def test_centralizer_order_counts_commuting_permutations():
    one = (1, 0, 3, 2, 4)
    commuting = [
        other
        for other in oracles.permutations(5)
        if all(one[other[k]] == other[one[k]] for k in range(5))
    ]
    assert centralizer_order((2, 2, 1)) == len(commuting) == 8


# Sizes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "error"), [(-1, ValueError), (2.0, TypeError), ("3", TypeError), (None, TypeError)]
)
def test_check_size_refuses_what_is_not_a_count(n, error):
    with pytest.raises(error, match=r"^n = .*: expected a non-negative integer$"):
        check_size(n)


def test_a_table_that_does_not_fit_is_refused_with_its_size():
    with pytest.raises(
        ValueError, match=r"n = 60: .* 966,467 partitions of 60 .* GiB .*; expected an n up to \d+$"
    ):
        check_table_size(60, number_of_partitions)


def test_sizes_that_fit_pass_unchanged():
    assert (
        check_size(0),
        check_table_size(24, number_of_partitions),
    ) == (0, 24)
