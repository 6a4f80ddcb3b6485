"""Statistics of a layer, from their definitions, and a new one beside them."""

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from sympy import Eq

from derivations import catalogue
from derivations.notation import Mean, a, d, i, p
from derivations.numeric import statistics
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.layers import Layer
from derivations.numeric.weights import haar_orthogonal

RNG = np.random.default_rng(0)
LAYER = Layer(RNG.standard_normal((3, 3)), haar_orthogonal(3, 4, RNG))


def test_row_norms_by_loops():
    A = LAYER.X @ LAYER.X.T
    mean = np.trace(A) / 3
    for n, W in enumerate(LAYER.W):
        a_ = [W[row] @ A @ W[row] - mean for row in range(3)]
        assert statistics.row_norm(LAYER)[n] == pytest.approx(a_[0] + mean)
        assert statistics.row_norm_square(LAYER)[n] == pytest.approx(sum(x**2 for x in a_) / 3)
        around = a_[0] * a_[1] + a_[1] * a_[2] + a_[2] * a_[0]
        assert statistics.row_norm_product(LAYER)[n] == pytest.approx(around / 3)


def test_gap_is_that_of_the_output():
    assert np.allclose(statistics.gap(LAYER), isometry_gap(LAYER.output), rtol=1e-12)


@pytest.mark.parametrize("powers", [(4, 0, 0, 0), (2, 2, 0, 0), (2, 0, 0, 2), (1, 1, 1, 1)])
def test_corners_by_loops(powers):
    for n, W in enumerate(LAYER.W):
        total = 0.0
        for row, column in itertools.product(range(3), repeat=2):
            below, right = (row + 1) % 3, (column + 1) % 3
            corners = (W[row, column], W[row, right], W[below, column], W[below, right])
            total += np.prod([c**q for c, q in zip(corners, powers, strict=True)])
        assert statistics.corners(LAYER, powers)[n] == pytest.approx(total / 9)


def second_row_square(layer):
    """A statistic that the package does not know."""
    return layer.row_norms[:, 1] ** 2


def test_a_new_statistic_is_one_function():
    # E a² = (2 p_2 + p_1²)/(d (d + 2)); the second claim forgets the 2.
    known = catalogue["row-norm-variance"]
    right = Eq(Mean(a[i] ** 2), (2 * p(2) + p(1) ** 2) / (d * (d + 2)))
    wrong = Eq(Mean(a[i] ** 2), (p(2) + p(1) ** 2) / (d * (d + 2)))
    claims = [replace(known, statement=s, observe=second_row_square) for s in (right, wrong)]
    assert [claim.crosscheck(5000, 0, d=4).agrees for claim in claims] == [True, False]


def test_a_statistic_may_have_parameters():
    observe = partial(statistics.corners, powers=(0, 0, 0, 2))
    assert observe(LAYER).shape == (4,)
