"""The isometry gap over depth, and the exact law along the way."""

import numpy as np
import pytest

from derivations import catalogue
from derivations.numeric.depth import History, gap_over_depth
from derivations.numeric.isometry import gap_of_spectrum
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


def _history(gaps, drift):
    nothing = np.zeros((len(drift), len(drift[0])))
    return History(np.array(gaps), np.array(drift), LayerInput(np.eye(3)), nothing, nothing[0])


def test_z_of_two_networks_by_hand():
    # Simulated minus predicted changes are 0.1 and 0.5: mean 0.3, standard error 0.4/√2/√2 = 0.2.
    run = _history([[2.0, 2.0], [1.6, 2.0]], [[-0.5, -0.5]])
    assert run.z == pytest.approx(1.5, rel=1e-12)
    assert list(run.law) == [2.0, 1.5]


def test_z_of_four_networks_by_hand():
    off = np.array([1.0, 2.0, 3.0, 6.0])  # mean 3, variance with n - 1: 14/3
    run = _history([[5.0] * 4, 5.0 - 1.0 + off], [[-1.0] * 4])
    assert run.z == pytest.approx(3 / np.sqrt(14 / 3 / 4), rel=1e-12)


def test_drift_is_the_mean_change_with_its_sign():
    law = catalogue["isometry-gap-step"]
    change = law.at(START.point) - RUN.gaps[0, 0]
    assert change < 0
    assert RUN.drift[0] == pytest.approx(change, rel=1e-12)
    assert RUN.factor[0] == pytest.approx(1 + change / RUN.gaps[0, 0], rel=1e-12)


@pytest.mark.parametrize("d", [2, 3, 8])
def test_limiting_rate_is_that_of_the_exact_law_near_isometry(d):
    # φ = δ²/2 on average, and its exact mean after a layer from the closed law.
    spectrum = 1 + 1e-7 * np.cos(np.arange(d))
    gap = float(gap_of_spectrum(spectrum))
    factor = catalogue["isometry-gap-step"].evaluate(spectrum=spectrum) / gap
    run = gap_over_depth(LayerInput(np.eye(d) + 0.1), 3, 2, 0)
    assert run.limiting_rate == pytest.approx(factor, rel=1e-5)
    assert run.limit == pytest.approx(run.gaps[0, 0] * (d / (d + 2.0)) ** np.arange(4), rel=1e-14)


def test_one_network_has_no_standard_error():
    assert np.isnan(gap_over_depth(START, 2, 1, 0).z)


def test_same_seed_same_run():
    assert np.array_equal(gap_over_depth(START, 3, 2, 5).gaps, gap_over_depth(START, 3, 2, 5).gaps)
    assert not np.allclose(
        gap_over_depth(START, 3, 2, 5).gaps[1:], gap_over_depth(START, 3, 2, 6).gaps[1:]
    )


@pytest.mark.parametrize("X", [np.ones((3, 3)), np.eye(3, 2), np.diag([1.0, 2.0, 0.0])])
def test_a_singular_input_is_refused(X):
    with pytest.raises(ValueError, match="has fewer than 3 linearly independent samples"):
        gap_over_depth(LayerInput(X), depth=2, networks=2, seed=0)
