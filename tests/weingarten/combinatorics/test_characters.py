from math import factorial, prod

import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weingarten.combinatorics import (
    character,
    character_table,
    class_size,
    conjugate,
    partitions,
)
from weingarten.combinatorics.jack import power_sum_column, power_sum_table
from weingarten.combinatorics.partitions import centralizer_order

two_of_one_size = st.integers(1, 9).flatmap(
    lambda n: st.tuples(*[st.sampled_from(partitions(n))] * 2)
)

# character_table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(1, 8))
def test_characters_obey_the_murnaghan_nakayama_rule(n):
    table = character_table(n)
    assert dict(table) == {key: oracles.character(*key) for key in table}
    assert len(table) == len(oracles.partitions(n)) ** 2


def test_the_table_of_s_3_is_the_known_one():
    assert character_table(3).rows == ((1, 1, 1), (-1, 0, 2), (1, -1, 1))


def test_the_table_of_s_0_has_one_entry():
    assert dict(character_table(0)) == {((), ()): 1}


@given(two_of_one_size)
def test_rows_are_orthonormal_under_the_average_over_the_group(pair):
    lam, nu = pair
    table = character_table(sum(lam))
    total = sum(class_size(mu) * table[lam, mu] * table[nu, mu] for mu in partitions(sum(lam)))
    assert total == (factorial(sum(lam)) if lam == nu else 0)


@given(two_of_one_size)
def test_columns_are_orthogonal_with_the_centralizer_order_as_norm(pair):
    mu, nu = pair
    table = character_table(sum(mu))
    total = sum(table[lam, mu] * table[lam, nu] for lam in partitions(sum(mu)))
    assert total == (centralizer_order(mu) if mu == nu else 0)


@pytest.mark.parametrize("n", [12, 16])
def test_orthogonality_still_holds_where_characters_are_large(n):
    table = power_sum_table(n, 1)
    for k, mu in enumerate(partitions(n)):
        norm = sum(int(value) ** 2 for value in table[:, k])
        assert norm == centralizer_order(mu)


@given(two_of_one_size)
def test_conjugating_the_representation_multiplies_by_the_sign(pair):
    lam, mu = pair
    table = character_table(sum(lam))
    assert table[conjugate(lam), mu] == (-1) ** (sum(mu) - len(mu)) * table[lam, mu]


@given(two_of_one_size)
def test_the_value_at_the_identity_is_the_hook_length_dimension(pair):
    lam, _ = pair
    n = sum(lam)
    dimension = factorial(n) // prod(oracles.hook_lengths(lam).values())
    assert character_table(n)[lam, (1,) * n] == dimension


@pytest.mark.parametrize("n", range(1, 8))
def test_first_row_is_trivial_last_is_the_sign_and_hook_shape_counts_fixed_points(n):
    table = character_table(n)
    for mu in partitions(n):
        assert table[(n,), mu] == 1
        assert table[(1,) * n, mu] == (-1) ** (n - len(mu))
        if n > 1:
            assert table[(n - 1, 1), mu] == mu.count(1) - 1


def test_table_keys_take_parts_in_any_order():
    table = character_table(4)
    assert table[(1, 2, 1), (1, 3)] == table[(2, 1, 1), (3, 1)]


@pytest.mark.parametrize("key", [((3,), (2, 1, 1)), ((4,), (3,)), ((), (4,))])
def test_a_partition_of_another_number_is_no_key(key):
    with pytest.raises(KeyError, match="expected two partitions of 4"):
        character_table(4)[key]


def test_table_prints_with_its_labels():
    lines = repr(character_table(3)).splitlines()
    assert [line.split() for line in lines] == [
        ["(3)", "(2,1)", "(1,1,1)"],
        ["(3)", "1", "1", "1"],
        ["(2,1)", "-1", "0", "2"],
        ["(1,1,1)", "1", "-1", "1"],
    ]


@pytest.mark.parametrize(
    ("n", "error"), [(-1, ValueError), (1.5, TypeError), ("4", TypeError), (80, ValueError)]
)
def test_character_table_refuses_a_size_that_is_wrong_or_too_large(n, error):
    with pytest.raises(error, match=r"^n = .*expected"):
        character_table(n)


# character, power_sum_column ---------------------------------------------------------------------


@given(two_of_one_size)
def test_one_character_is_the_entry_of_the_table(pair):
    assert character(*pair) == character_table(sum(pair[0]))[pair]


@given(st.integers(0, 9).flatmap(lambda n: st.sampled_from(partitions(n))), st.sampled_from([1, 2]))
def test_one_column_is_the_column_of_the_table(mu, alpha):
    n = sum(mu)
    column = power_sum_table(n, alpha)[:, partitions(n).index(mu)]
    assert power_sum_column(mu, alpha) == column.tolist()


@pytest.mark.parametrize("mu", [(16,), (7, 5, 2, 2), (4, 4, 3, 1, 1, 1, 1, 1), (1,) * 16])
def test_a_column_of_integers_that_take_several_primes(mu):
    column = power_sum_table(16, 2)[:, partitions(16).index(mu)]
    assert power_sum_column(mu, 2) == column.tolist()


def test_character_takes_parts_in_any_order():
    assert character([1, 2], (1, 1, 1)) == 2


def test_character_of_nothing_is_one():
    assert character((), ()) == 1


def test_one_character_at_a_size_where_a_table_would_be_slow():
    # The hook shape counts fixed points.
    assert character((25, 1), (2,) + (1,) * 24) == 23


def test_character_refuses_partitions_of_different_numbers():
    with pytest.raises(ValueError, match=r"mu = \(4,\) is a partition of 4; expected one of 3"):
        character((2, 1), (4,))


@pytest.mark.parametrize(("lam", "mu", "name"), [("21", (3,), "lam"), ((3,), (1.5, 1.5), "mu")])
def test_character_names_the_argument_that_is_no_partition(lam, mu, name):
    with pytest.raises(TypeError, match=rf"^{name} = .*expected a partition"):
        character(lam, mu)


def test_the_cached_table_cannot_be_overwritten():
    with pytest.raises(ValueError, match="read-only"):
        power_sum_table(4, 1)[0, 0] = 7
