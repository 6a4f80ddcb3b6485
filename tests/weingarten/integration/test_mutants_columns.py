"""The cost of integrating out a column, and the order of a monomial, by counting and permuting."""

from itertools import combinations_with_replacement, product

from hypothesis import given
from hypothesis import strategies as st

from weingarten.integration.columns import canonical, moment_by_columns, number_of_terms


@st.composite
def matrices(draw, alpha, rows=4, columns=3, most=3):
    power = st.tuples(*[st.integers(0, most)] * (3 - alpha))
    shape = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    return tuple(tuple(draw(power) for _ in range(shape[1])) for _ in range(shape[0]))


def shares(power, others, alpha):
    """The ways to share out a row's power: pairs with itself, the rest among other columns."""
    return [
        (pairs, parts)
        for pairs in range(min(power) // alpha + 1)
        for parts in product(
            *(
                [s for s in product(range(m + 1), repeat=others) if sum(s) == m - alpha * pairs]
                for m in power
            )
        )
    ]


@given(st.sampled_from([1, 2]), st.data())
def test_the_number_of_terms_counts_the_ways_to_share_out_the_least_column(alpha, data):
    powers = canonical(data.draw(matrices(alpha)))
    if not powers:
        return
    columns = list(zip(*powers, strict=True))
    column = min(columns, key=lambda c: sum(power[0] for power in c))
    last = columns.index(column)
    expected = 1
    for row in set(powers):
        # Equal rows are told apart by nothing, so that only how many share in each way counts.
        choices = shares(row[last], len(columns) - 1, alpha)
        if len(columns) == 1:  # the bound does not ask whether what is left can be shared at all
            choices = range(min(row[last]) // alpha + 1)
        expected *= len(list(combinations_with_replacement(choices, powers.count(row))))
    assert number_of_terms(powers, alpha) == expected


@given(st.sampled_from([1, 2]), st.data())
def test_a_canonical_monomial_has_no_empty_line_and_is_its_own_canonical_form(alpha, data):
    powers = data.draw(matrices(alpha, columns=4))
    found = canonical(powers)
    assert canonical(found) == found
    assert sorted(found) == list(found)
    assert sorted(zip(*found, strict=True)) == list(zip(*found, strict=True))
    assert all(any(map(any, line)) for line in (*found, *zip(*found, strict=True)))
    flat = sorted(p for row in powers for p in row if any(p))
    assert sorted(p for row in found for p in row if any(p)) == flat


@given(st.sampled_from([1, 2]), st.data())
def test_a_moment_does_not_change_when_lines_are_permuted_or_exchanged(alpha, data):
    # Lines with an odd power have no moment by columns: double each power.
    drawn = data.draw(matrices(alpha, rows=3, columns=3, most=1))
    powers = tuple(tuple((2 * p[0],) if alpha == 2 else (p[0],) * 2 for p in row) for row in drawn)
    order = data.draw(st.permutations(range(len(powers))))
    places = data.draw(st.permutations(range(len(powers[0]))))
    moved = tuple(tuple(powers[i][j] for j in places) for i in order)
    turned = tuple(zip(*powers, strict=True))
    value = moment_by_columns(powers, alpha)
    assert moment_by_columns(moved, alpha) == value
    assert moment_by_columns(turned, alpha) == value
