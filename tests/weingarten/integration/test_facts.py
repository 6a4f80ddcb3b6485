"""Facts of the theory that are not about one function: entries, row norms, counting of pairs."""

import itertools
from math import prod

import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import D, as_function
from sympy import Poly, Rational, symbols

from weingarten import E, HaarOrthogonal, weingarten_orthogonal
from weingarten.combinatorics.partitions import centralizer_order, partitions
from weingarten.functions.groups import ORTHOGONAL, UNITARY
from weingarten.integration.entries import type_counts

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)


# Entries, for any indices ------------------------------------------------------------------------


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_fourth_order_orthogonal_moments_depend_only_on_which_indices_agree(rows, columns):
    (i, k, *_), (j, m, *_) = rows, columns
    assert E(W[i, j] ** 4) == 3 / (d * (d + 2))
    assert E(W[i, j] ** 2 * W[i, m] ** 2) == 1 / (d * (d + 2))
    assert E(W[i, j] ** 2 * W[k, m] ** 2) == (d + 1) / (d * (d - 1) * (d + 2))
    assert E(W[i, j] * W[i, m] * W[k, j] * W[k, m]) == -1 / (d * (d - 1) * (d + 2))


# Row norms of W A W^T ----------------------------------------------------------------------------


def row_norm(matrix, row, spectrum):
    """The entry (row, row) of W A W^T with A diagonal."""
    return sum(value * matrix[row, k] ** 2 for k, value in enumerate(spectrum))


spectra = st.lists(st.integers(-3, 5), min_size=2, max_size=4)


@given(spectra)
def test_row_norms_have_the_known_mean_variance_and_covariance(spectrum):
    size = len(spectrum)
    matrix = HaarOrthogonal("W", size)
    a, b = row_norm(matrix, 0, spectrum), row_norm(matrix, 1, spectrum)
    p1, p2 = sum(spectrum), sum(value**2 for value in spectrum)
    mean = Rational(p1, size)
    variance = Rational(2 * (size * p2 - p1**2), size**2 * (size + 2))
    assert E(a) == E(b) == mean
    assert E(a**2) - mean**2 == variance
    assert E(a * b) - mean**2 == -variance / (size - 1)


@given(spectra, st.integers(0, 4))
@settings(max_examples=15)
def test_every_moment_of_a_row_norm_is_a_coefficient_of_a_product_of_square_roots(spectrum, q):
    # E a^q = q! [t^q] prod_k (1 - t lam_k)^(-1/2) / (d/2)_q, the product as a power series.
    size = len(spectrum)
    series = [Rational(1)] + [Rational(0)] * q
    for value in spectrum:
        root = [
            Rational(prod(range(1, 2 * k, 2)), prod(range(2, 2 * k + 1, 2))) for k in range(q + 1)
        ]
        series = [
            sum(series[k] * root[n - k] * value ** (n - k) for k in range(n + 1))
            for n in range(q + 1)
        ]
    rising = prod(Rational(size, 2) + k for k in range(q))
    factorial = prod(range(1, q + 1))
    assert (
        E(row_norm(HaarOrthogonal("W", size), 0, spectrum) ** q) == factorial * series[q] / rising
    )


@given(st.lists(st.integers(0, 4), min_size=2, max_size=4))
@settings(max_examples=10)
def test_row_norms_add_up_to_the_trace(spectrum):
    size = len(spectrum)
    total = sum(row_norm(HaarOrthogonal("W", size), row, spectrum) for row in range(size))
    assert E(total) == sum(spectrum)
    assert E(total**2) == sum(spectrum) ** 2


# Counting pairs of pairings by a coefficient -----------------------------------------------------


def coefficient(polynomial, variables, powers):
    """The coefficient of a monomial; powers and variables are given in the same order."""
    return Poly(polynomial, *variables).coeff_monomial(
        prod(v**power for v, power in zip(variables, powers, strict=True))
    )


def matrix_product(one, other):
    return [
        [sum(a * b for a, b in zip(r, c, strict=True)) for c in zip(*other, strict=True)]
        for r in one
    ]


def power_traces(gram, n):
    """The traces of the first n powers."""
    traces, power = [], gram
    for _ in range(n):
        traces.append(sum(power[k][k] for k in range(len(gram))))
        power = matrix_product(power, gram)
    return traces


def factorials(powers):
    return prod(prod(range(1, power + 1)) for power in powers)


@pytest.mark.parametrize(
    "powers",
    [((4,),), ((2, 2),), ((1, 1), (1, 1)), ((2, 1), (0, 1)), ((2, 0), (0, 4)), ((3, 1), (1, 1))],
)
def test_pairs_of_pairings_by_type_are_coefficients_in_products_of_traces(powers):
    # N_mu(m) = (prod m_ij! / z_2mu) [x^m] prod_i tr (X X^T)^mu_i.
    rows, columns = len(powers), len(powers[0])
    variables = symbols(f"x:{rows * columns}")
    X = [variables[k * columns : (k + 1) * columns] for k in range(rows)]
    flat = list(itertools.chain(*powers))
    n = sum(flat) // 2
    traces = power_traces(matrix_product(X, list(zip(*X, strict=True))), n)
    counts = type_counts(ORTHOGONAL, tuple(tuple((m,) for m in row) for row in powers))
    for mu in partitions(n):
        weight = prod(2 for _ in mu) * centralizer_order(mu)
        found = coefficient(prod(traces[part - 1] for part in mu), variables, flat)
        expected = Rational(factorials(flat) * found, weight) if sum(flat) % 2 == 0 else 0
        assert counts.get(mu, 0) == expected


@pytest.mark.parametrize(
    ("powers", "conjugates"),
    [
        (((2,),), ((2,),)),
        (((1, 1),), ((1, 1),)),
        (((1, 0), (0, 1)), ((0, 1), (1, 0))),
        (((2, 1), (0, 1)), ((1, 2), (1, 0))),
    ],
)
def test_pairs_of_permutations_by_type_are_coefficients_in_products_of_traces(powers, conjugates):
    # N_mu = (prod m_ij! m'_ij! / z_mu) [x^m y^m'] prod_i tr (X Y^T)^mu_i.
    rows, columns = len(powers), len(powers[0])
    variables = symbols(f"x:{2 * rows * columns}")
    half = len(variables) // 2
    X = [variables[k * columns : (k + 1) * columns] for k in range(rows)]
    Y = [variables[half + k * columns : half + (k + 1) * columns] for k in range(rows)]
    flat = [*itertools.chain(*powers), *itertools.chain(*conjugates)]
    n = sum(flat) // 2
    traces = power_traces(matrix_product(X, list(zip(*Y, strict=True))), n)
    both = tuple(tuple(zip(*pair, strict=True)) for pair in zip(powers, conjugates, strict=True))
    counts = type_counts(UNITARY, both)
    for mu in partitions(n):
        found = coefficient(prod(traces[part - 1] for part in mu), variables, flat)
        assert counts.get(mu, 0) == Rational(factorials(flat) * found, centralizer_order(mu))


def test_type_counts_of_fourth_powers_are_the_known_ones():
    assert type_counts(ORTHOGONAL, (((4,),),)) == {(1, 1): 3, (2,): 6}
    assert type_counts(UNITARY, (((2, 2),),)) == {(1, 1): 2, (2,): 2}


def test_twenty_different_squares_need_one_value_only():
    squares = tuple(tuple((2 * (r == c),) for c in range(20)) for r in range(20))
    assert type_counts(ORTHOGONAL, squares) == {(1,) * 20: 1}


# The definition ----------------------------------------------------------------------------------


def test_a_product_of_four_entries_is_the_sum_over_three_by_three_pairings():
    same, other = weingarten_orthogonal((1, 1), D), weingarten_orthogonal((2,), D)
    matrix = HaarOrthogonal("W", D)
    rows = (0, 0, 1, 1)
    for columns in set(itertools.permutations(rows)):
        value = E(prod(matrix[r, c] for r, c in zip(rows, columns, strict=True)))
        counts = oracles.orthogonal_type_counts(rows, columns)
        expected = counts[1, 1] * same + counts[2,] * other
        assert as_function(value) == as_function(expected)
