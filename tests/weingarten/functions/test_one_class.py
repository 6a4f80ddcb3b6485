"""One class, summed over the diagrams whose value does not vanish, against tables and theorems."""

from math import comb, factorial, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import S, Symbol, cancel, limit, oo, symbols

from weingarten import (
    weingarten_leading,
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_table,
    weingarten_unitary,
)
from weingarten.combinatorics.characters import character, character_table
from weingarten.combinatorics.expansions import Frame, character_value, expansion, expansion_size
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    class_size,
    contents,
    jack_norm,
    partitions,
)
from weingarten.combinatorics.zonal import zonal_spherical
from weingarten.functions.diagram_sums import diagram_sum
from weingarten.functions.groups import GROUPS
from weingarten.functions.spherical import class_sum

d = symbols("d", integer=True, positive=True)
FUNCTIONS = {
    "unitary": weingarten_unitary,
    "orthogonal": weingarten_orthogonal,
    "symplectic": weingarten_symplectic,
}
groups = st.sampled_from(sorted(FUNCTIONS))


@st.composite
def classes(draw, least=1, most=10):
    return draw(st.sampled_from(partitions(draw(st.integers(least, most)))))


# Against the table: one matrix product over the common denominator of all -------------------------


@pytest.mark.parametrize("group", sorted(FUNCTIONS))
@pytest.mark.parametrize("n", range(8))
def test_each_class_is_that_of_the_table_in_symbolic_dimension(group, n):
    table = weingarten_table(group, n, d)
    for mu in partitions(n):
        assert FUNCTIONS[group](mu, d) == table[mu]


@pytest.mark.parametrize("group", sorted(FUNCTIONS))
@pytest.mark.parametrize("n", [8, 9, 10])
def test_large_classes_are_those_of_the_table_in_symbolic_dimension(group, n):
    table = weingarten_table(group, n, d)
    for mu in partitions(n)[:: n - 5]:
        assert FUNCTIONS[group](mu, d) == table[mu]


@pytest.mark.parametrize("group", sorted(FUNCTIONS))
@pytest.mark.parametrize("n", range(1, 11))
def test_each_class_is_that_of_the_table_at_every_integer(group, n):
    for at in range(1, 2 * n + 1) if n < 7 else range(1 + n % 3, 2 * n + 1, 5):
        table = weingarten_table(group, n, at)
        for mu in partitions(n):
            assert FUNCTIONS[group](mu, at) == table[mu]


@given(groups, st.data())
def test_a_sum_over_classes_is_the_sum_of_their_values(group, data):
    n = data.draw(st.integers(1, 8))
    chosen = data.draw(st.lists(st.sampled_from(partitions(n)), min_size=1, unique=True))
    counts = {mu: data.draw(st.integers(-5, 5)) for mu in chosen}
    known = GROUPS[group]
    at = data.draw(st.integers(1, 2 * n))
    assert class_sum(known, counts, S(at)).at(0) == sum(
        count * FUNCTIONS[group](mu, at) for mu, count in counts.items()
    )


# Theorems -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 7, 40])
def test_a_unitary_cycle_is_a_catalan_number_over_a_product(n):
    catalan = comb(2 * n - 2, n - 1) // n
    assert weingarten_unitary((n,), d) == (-1) ** (n - 1) * catalan / (
        d * prod((d - j) * (d + j) for j in range(1, n))
    )


@given(st.integers(1, 10), st.integers(1, 30))
def test_unitary_values_sum_to_the_total_mass_over_a_rising_product(n, x):
    # The average of the product of all entries of a symmetric power [Collins & Sniady 2006].
    total = sum(class_size(mu) * weingarten_unitary(mu, x) for mu in partitions(n))
    assert total == S(1) / prod(x + j for j in range(n))


@given(st.integers(1, 8), st.integers(1, 20))
def test_orthogonal_values_sum_to_the_total_mass(n, x):
    # 2^n n!/(2^len z) pairings are of type mu.
    sizes = {mu: 2 ** (n - len(mu)) * class_size(mu) for mu in partitions(n)}
    total = sum(size * weingarten_orthogonal(mu, x) for mu, size in sizes.items())
    assert total == S(1) / prod(x + 2 * j for j in range(n))


@pytest.mark.parametrize("group", sorted(FUNCTIONS))
@pytest.mark.parametrize("mu", [(12,), (7, 4), (3, 3, 3, 1)])
def test_the_value_times_its_power_of_d_tends_to_the_leading_term(group, mu):
    x = Symbol("x", positive=True)
    ratio = cancel(FUNCTIONS[group](mu, d) / weingarten_leading(group, mu, d))
    assert limit(ratio.subs(d, x), x, oo) == 1


@pytest.mark.parametrize("n", [24, 60])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_dense_classes_hold_at_small_integers_far_below_the_degree(n, at):
    # E |U_11|^(2n) = n! sum of all values = 1 / comb(d + n - 1, n): at d = 1 each value is 1/n!^2.
    if at == 1:
        assert weingarten_unitary((2, *[1] * (n - 2)), 1) == S(1) / factorial(n) ** 2
    # For two points of the same type the value is what the few rows give.
    lams = _few_rows(n, at)
    mu = (2, *[1] * (n - 2))
    value = sum(
        S(_dimension(lam) * _transposition(lam))
        / (jack_norm(lam, 1) * prod((at + c) ** k for c, k in contents(lam, 1).items()))
        for lam in lams
    )
    assert weingarten_unitary(mu, at) == value


def _few_rows(n, rows, largest=None):
    largest = n if largest is None else largest
    if rows == 0 or n == 0:
        return [()] if n == 0 else []
    return [
        (first, *rest)
        for first in range(min(n, largest), 0, -1)
        for rest in _few_rows(n - first, rows - 1, first)
    ]


def _dimension(lam):
    return factorial(sum(lam)) // jack_norm(lam, 1)


def _transposition(lam):
    """The character at a transposition over the dimension: contents over pairs."""
    n = sum(lam)
    return S(sum(c * k for c, k in contents(lam, 1).items())) / comb(n, 2)


# What a class is expected to cost -----------------------------------------------------------------


@given(st.sampled_from([1, 2]), classes(most=14), st.integers(1, 14))
def test_the_number_of_terms_is_foreseen(alpha, mu, rows):
    frame = Frame(min(rows, sum(mu)), sum(mu))
    terms = len(expansion({mu: 1}, alpha, frame))
    assert terms / 3 - 2 <= expansion_size(mu, alpha, frame).terms <= 5 * terms + 25


def test_the_partitions_of_a_large_number_with_few_rows_are_counted():
    # Into at most two parts there are 5001 partitions of 10000, and 8,338,334 into three.
    for rows, count in ((1, 1), (2, 5001), (3, 8_338_334)):
        assert expansion_size((1,) * 10_000, 1, Frame(rows, 10_000)).terms == count


# expansion, Frame, diagram_sum --------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [1, 2])
@pytest.mark.parametrize("n", range(8))
def test_an_expansion_is_the_column_of_the_table_without_zeros(alpha, n):
    frame, table = Frame(n, n), power_sum_table(n, alpha)
    for column, mu in enumerate(partitions(n)):
        found = {
            frame.partition(bits): value
            * (jack_norm(frame.partition(bits), 2) if alpha == 2 else 1)
            for bits, value in expansion({mu: 1}, alpha, frame).items()
        }
        values = zip(partitions(n), table[:, column].tolist(), strict=True)
        assert found == {lam: value for lam, value in values if value}


@given(st.sampled_from([1, 2]), classes(most=8), st.integers(0, 5), st.integers(0, 5))
def test_a_frame_only_leaves_out_what_is_not_inside(alpha, mu, rows, columns):
    n = sum(mu)
    whole, part = Frame(n, n), Frame(rows, columns)
    everything = {
        whole.partition(bits): value for bits, value in expansion({mu: 1}, alpha, whole).items()
    }
    inside = {lam: value for lam, value in everything.items() if part.holds(lam)}
    found = expansion({mu: 1}, alpha, part)
    assert {part.partition(bits): value for bits, value in found.items()} == inside


@given(classes(least=0, most=12), st.integers(0, 3), st.integers(0, 3))
def test_a_frame_returns_the_partition_it_was_given(lam, rows, columns):
    frame = Frame(len(lam) + rows, (lam[0] if lam else 0) + columns)
    assert frame.holds(lam)
    assert frame.partition(frame.bits(lam)) == lam


@given(st.integers(0, 7))
def test_characters_one_by_one_are_those_of_the_table(n):
    table = character_table(n)
    for lam in partitions(n):
        for mu in partitions(n):
            assert character_value(lam, mu) == table[lam, mu]


def test_characters_far_beyond_a_table():
    # A hook of length 300 at its cycle; and none where no strip fits.
    assert character((200, *[1] * 100), (300,)) == 1
    assert character((150, 150), (300,)) == 0
    assert character((299, 1), [1] * 300) == 299
    assert zonal_spherical((60,), (30, 30)) == 1


@given(st.sampled_from([1, 2]), st.integers(0, 6), st.data())
def test_a_sum_by_halves_is_the_sum(alpha, n, data):
    values = [data.draw(st.integers(-9, 9)) for _ in partitions(n)]
    terms = list(zip(partitions(n), values, strict=True))
    x = 3 * n + 1
    exact = sum(
        S(value) / prod((x + c) ** k for c, k in contents(lam, alpha).items())
        for lam, value in terms
    )
    for at in (x, None):
        diagram, numerator = diagram_sum(terms, alpha, at)
        top = numerator(x) if at is None and n else numerator
        below = prod((x + c) ** k for c, k in contents(diagram, alpha).items())
        assert S(int(top)) / below == exact
