"""Characters by rim hooks, within a number of rows, against the table by adding boxes."""

import pytest

from weingarten.combinatorics.jack import power_sum_column
from weingarten.combinatorics.partitions import (
    conjugate,
    number_of_partitions,
    partitions,
    partitions_in_rows,
)
from weingarten.combinatorics.rim_hooks import (
    paired,
    schur_coefficients,
    with_even_columns,
    with_even_rows,
)

SIZES = range(8)


@pytest.mark.parametrize("n", SIZES)
def test_coefficients_are_characters_of_the_partitions_with_few_rows(n):
    for mu in partitions(n):
        characters = zip(partitions(n), power_sum_column(mu, 1), strict=True)
        nonzero = {lam: value for lam, value in characters if value}
        for rows in range(n + 2):
            expected = {lam: value for lam, value in nonzero.items() if len(lam) <= rows}
            assert schur_coefficients(mu, rows) == expected


@pytest.mark.parametrize("n", range(1, 8))
def test_pairing_with_weights_is_the_sum_over_the_table(n):
    weights = {lam: 3 * k - 5 for k, lam in enumerate(partitions(n)) if k % 3}
    for mu in partitions(n):
        column = dict(zip(partitions(n), power_sum_column(mu, 1), strict=True))
        assert paired(weights, mu) == sum(w * column[lam] for lam, w in weights.items())
    assert paired({}, (n,)) == 0


@pytest.mark.parametrize("n", SIZES)
def test_partitions_in_rows_are_those_of_all_that_fit(n):
    for rows in range(n + 2):
        found = list(partitions_in_rows(n, rows))
        assert found == [lam for lam in partitions(n) if len(lam) <= rows]
        assert number_of_partitions(n, rows) == len(found)
        for largest in range(1, n + 1):
            fit = [lam for lam in found if not lam or lam[0] <= largest]
            assert list(partitions_in_rows(n, rows, largest)) == fit


@pytest.mark.parametrize("n", range(5))
def test_even_rows_and_columns_are_those_of_all_that_are_even(n):
    for rows in range(2 * n + 2):
        fit = {lam for lam in partitions(2 * n) if len(lam) <= rows}
        assert set(with_even_rows(n, rows)) == {
            lam for lam in fit if all(part % 2 == 0 for part in lam)
        }
        assert set(with_even_columns(n, rows)) == {
            lam for lam in fit if all(part % 2 == 0 for part in conjugate(lam))
        }
