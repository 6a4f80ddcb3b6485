"""The isometry gap over depth, and the exact law along the way."""

import numpy as np
import pytest

from derivations import catalogue
from derivations.numeric.depth import gap_over_depth
from derivations.numeric.montecarlo import LayerInput

START = LayerInput(np.random.default_rng(3).standard_normal((8, 8)))
RUN = gap_over_depth(START, depth=30, networks=40, seed=0)


def test_shapes_and_start():
    assert RUN.gaps.shape == (31, 40)
    assert RUN.drift.shape == (30, 40)
    assert np.ptp(RUN.gaps[0]) == 0
    assert RUN.law[0] == RUN.gaps[0, 0]


def test_law_of_the_first_layer_is_the_formula():
    assert RUN.law[1] == pytest.approx(catalogue["isometry-gap-step"].at(START.point), rel=1e-12)


def test_law_follows_the_simulated_mean():
    assert abs(RUN.z) < 4.5
    assert RUN.mean[-1] == pytest.approx(RUN.law[-1], abs=0.1)
    assert RUN.mean[-1] < 0.2 * RUN.mean[0]


def test_deviation_from_a_wrong_law_is_seen():
    from dataclasses import replace

    assert abs(replace(RUN, drift=1.3 * RUN.drift).z) > 5


def test_factor_tends_to_d_over_d_plus_two():
    deep = gap_over_depth(START, depth=80, networks=10, seed=1)
    assert deep.gaps[-1].max() < 1e-3
    assert deep.factor[-1].mean() == pytest.approx(8 / 10, abs=0.01)


def test_paper_shape_decays_from_the_input_with_its_rate():
    shape, gap = RUN.paper_bound(constant=2.0), RUN.gaps[0, 0]
    assert shape[0] == gap
    assert np.log(shape[0] / shape[1]) == pytest.approx(1 / (2 * 64 * (1 + 8 * gap)), rel=1e-6)


def test_one_network_has_no_standard_error():
    assert np.isnan(gap_over_depth(START, 2, 1, 0).z)


def test_same_seed_same_run():
    assert np.array_equal(gap_over_depth(START, 3, 2, 5).gaps, gap_over_depth(START, 3, 2, 5).gaps)
    assert not np.allclose(
        gap_over_depth(START, 3, 2, 5).gaps[1:], gap_over_depth(START, 3, 2, 6).gaps[1:]
    )
