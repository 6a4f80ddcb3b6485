"""Entry moments and row-norm moments, against independent ways to get them."""

from itertools import product

import numpy as np
import pytest
from sympy import Eq, Rational, cos, integrate, pi, rf, simplify, sin, symbols

from derivations import catalogue
from derivations.formulas.row_norm_moments import chi_moments
from derivations.notation import d, q
from weingarten import E, HaarOrthogonal

ENTRIES = {
    # For each formula, the monomial as a list of (row, column).
    "entry-fourth-moment": [(0, 0)] * 4,
    "entry-same-row": [(0, 0)] * 2 + [(0, 1)] * 2,
    "entry-disjoint": [(0, 0)] * 2 + [(1, 1)] * 2,
    "entry-rectangle": [(0, 0), (0, 1), (1, 0), (1, 1)],
}


@pytest.mark.parametrize("name", ENTRIES)
def test_entry_moment_over_the_circle(name):
    # O(2) is two circles of rotations and reflections; every monomial is a trigonometric integral.
    t = symbols("t")
    rotation = [[cos(t), -sin(t)], [sin(t), cos(t)]]
    reflection = [[cos(t), sin(t)], [sin(t), -cos(t)]]
    total = 0
    for matrix in (rotation, reflection):
        monomial = 1
        for row, column in ENTRIES[name]:
            monomial *= matrix[row][column]
        total += integrate(monomial, (t, 0, 2 * pi)) / (4 * pi)
    assert catalogue[name].evaluate(d=2) == simplify(total)


def test_entry_moments_obey_unit_rows_and_orthogonality():
    fourth, same, disjoint, rectangle = (catalogue[name].statement.rhs for name in ENTRIES)
    assert simplify(fourth + (d - 1) * same - 1 / d) == 0
    assert simplify(same + (d - 1) * disjoint - 1 / d) == 0
    assert simplify(same + (d - 1) * rectangle) == 0


def _naive(rows, width):
    """Mean of a product of row norms a_r, r in rows, by summing the engine over every index."""
    W = HaarOrthogonal("W", width)
    v = symbols(f"v:{width}", positive=True)
    total = 0
    for columns in product(range(width), repeat=len(rows)):
        term, weight = 1, 1
        for row, column in zip(rows, columns, strict=True):
            term *= W[row, column] ** 2
            weight *= v[column]
        total += weight * E(term)
    return total, v


@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize(
    ("name", "rows"),
    [("row-norm-mean", (0,)), ("row-norm-variance", (0, 0)), ("row-norm-covariance", (0, 1))],
)
def test_row_norm_moment_by_naive_sums(name, rows, width):
    moment, v = _naive(rows, width)
    centred = moment - (sum(v) / width) ** 2 if len(rows) == 2 else moment
    assert simplify(catalogue[name].evaluate(spectrum=v) - centred) == 0


def test_variance_of_an_isotropic_input_is_zero():
    assert catalogue["row-norm-variance"].evaluate(spectrum=[7] * 5) == 0
    assert catalogue["row-norm-variance"].evaluate(spectrum=[0.1] * 5) == 0.0


def test_row_norm_formulas_hold_for_singular_inputs():
    # A of rank one: a is the square of one entry of W, whose moments are known.
    assert catalogue["row-norm-variance"].evaluate(spectrum=[1, 0, 0]) == Rational(
        3, 15
    ) - Rational(1, 9)


@pytest.mark.parametrize("name", ["row-norm-mean", "row-norm-variance", "row-norm-covariance"])
def test_exact_and_float_spectra_agree(name):
    spectrum = [1, 2, Rational(7, 2), 11]
    exact = catalogue[name].evaluate(spectrum=spectrum)
    floats = catalogue[name].evaluate(spectrum=np.array(spectrum, dtype=float))
    assert isinstance(floats, float)
    assert floats == pytest.approx(float(exact), rel=1e-15)


def test_small_variance_keeps_its_digits():
    # Power sums in floats would lose every digit of this one: 2 (d p2 - p1²) / (d² (d + 2)).
    step = 2.0**-30
    value = catalogue["row-norm-variance"].evaluate(spectrum=[1 + step, 1 - step])
    assert value == pytest.approx(step**2 / 2, rel=1e-15)


def test_moments_of_chi_are_of_every_order_and_width():
    left = catalogue["row-norm-moment"].steps[2].claim.lhs
    assert chi_moments(Eq(left, 2**q * rf(d / 2, q)))
    for wrong in (2**q * rf((d + 1) / 2, q), rf(d / 2, q), 2**q * rf(d / 2, q) + d - 1):
        assert not chi_moments(Eq(left, wrong))
