"""Gains that keep gradients from growing: the prediction, its evidence, and networks."""

import pickle

import mpmath
import numpy as np
import pytest

from derivations.numeric import BNMLP, shape_gain
from derivations.numeric.gaussian_means import slope_ratio
from derivations.numeric.shaping import Slopes, log_slope_ratio
from derivations.numeric.shaping.schedule import Confirmation, GainSchedule
from derivations.numeric.shaping.slopes import Setting


@pytest.fixture(scope="module")
def schedule():
    return shape_gain("tanh", depth=60, growth=1.2, width=8, networks=30)


def slopes_with(ratios, errors=None, gains=(0.25, 0.5, 1.0)):
    """Evidence made up: slopes that are these multiples of the theory."""
    theory = log_slope_ratio("tanh", gains)
    errors = theory * (0.1 if errors is None else errors)
    ends = np.array([0.1, 0.2, 0.4])
    X = Setting(np.eye(3), "rows", 2, 0)
    return Slopes("tanh", X, np.array(gains), ratios * theory, errors, ends, ends / 10, theory)


@pytest.mark.parametrize("gain", [0.01, 0.3, 1.0, 4.0])
def test_theory_by_mpmath(gain):
    chi = slope_ratio(mpmath.mpf(gain), 25)
    assert log_slope_ratio("tanh", gain) == pytest.approx(float(mpmath.log(chi) / 2), rel=1e-6)
    assert log_slope_ratio("sin", gain) == pytest.approx(
        float(mpmath.log(gain**2 * mpmath.coth(mpmath.mpf(gain) ** 2)) / 2), rel=1e-6
    )


def test_slopes_go_as_the_fourth_power_at_weak_gain():
    weak = log_slope_ratio("tanh", [0.02, 0.04])
    assert np.log2(weak[1] / weak[0]) == pytest.approx(4, abs=0.02)


def test_fit_of_slopes_that_agree_with_a_factor():
    exact = slopes_with(np.array([1.2, 1.2, 1.2]))
    assert exact.factor == pytest.approx(1.2)
    assert exact.factor_error == pytest.approx(0.1 / np.sqrt(3))
    assert np.allclose(exact.fitted([0.5, 1.0]), 1.2 * exact.theory[1:])


def test_fit_of_slopes_that_scatter_says_so():
    # Ratios 0.8, 1.0, 1.2: their variance is 0.04, of which errors of 0.1 explain 0.01.
    scattered = slopes_with(np.array([0.8, 1.0, 1.2]))
    assert scattered.factor == pytest.approx(1.0)
    assert scattered.factor_error == pytest.approx(np.sqrt(0.03 + 0.04 / 3))


def test_ends_are_nothing_at_gain_zero_and_interpolated():
    made_up = slopes_with(np.ones(3))
    assert made_up.end(0.0) == (0.0, 0.0)
    assert made_up.end(0.75) == pytest.approx((0.3, 0.03))
    assert made_up.end(2.0) == pytest.approx((0.4, 0.04))


def test_prediction_is_the_sum_of_its_parts():
    made_up = slopes_with(np.full(3, 1.1))
    one = GainSchedule("tanh", 3, 1.0, 0.5, 0.0, made_up, -0.3, 0.05)
    # Two layers stand between the last activation and the gradient of W_0.
    assert one.predicted == pytest.approx(-0.3 + 2 * 1.1 * made_up.theory[1] + 0.2)
    fitted = 2 * made_up.factor_error * made_up.theory[1]
    assert one.error == pytest.approx(np.sqrt(0.05**2 + fitted**2 + 0.02**2))


def test_networks_confirm_the_prediction(schedule):
    assert schedule.predicted + 2 * schedule.error <= 1.2
    found = schedule.confirm(networks=60)
    assert found.passed
    error = np.hypot(found.standard_error, schedule.error)
    assert abs(found.mean - schedule.predicted) < 3 * error
    # Without shaping the same networks grow by much more than asked for.
    setting = Setting(schedule.slopes.setting.X, "rows", 30, 1)
    plain = setting.log_norms(60, "tanh", 1.0)
    assert (plain[:, 0] - plain[:, -1]).mean() > 2.5


def test_measured_slopes_are_near_the_theory(schedule):
    # Measured for n = d: ¾ to 1.4 of ½ log χ at gains of at least 1/2.
    ratios = (schedule.slopes.slopes / schedule.slopes.theory)[2:]
    assert ((ratios > 0.7) & (ratios < 1.5)).all()
    assert 0.7 < schedule.slopes.factor < 1.6


def test_a_schedule_is_the_gain_of_a_network(schedule):
    gains = []
    net = BNMLP(8, 60, activation="tanh", gain=schedule, scale="sqrt_n")
    net.run(schedule.slopes.setting.X, networks=1)
    BNMLP(8, 5, gain=lambda layer: gains.append(schedule(layer)) or 1.0).run(np.eye(8), networks=1)
    assert np.allclose(gains, schedule.gains[:5])
    assert schedule(0) == schedule.scale
    assert (np.diff(schedule.gains) <= 0).all()
    again = pickle.loads(pickle.dumps(schedule))
    assert (again(7), again.predicted) == (schedule(7), schedule.predicted)


def test_tighter_bounds_bend_less():
    bounds = [
        shape_gain("sin", depth=40, growth=growth, width=4, networks=5)
        for growth in (1.0, 2.0, 100.0)
    ]
    assert (np.diff([one.gains.sum() for one in bounds]) > 0).all()
    assert bounds[-1].gains.tolist() == [1.0] * 40
    assert all(one.scale == 1 or one.exponent == 0.4 for one in bounds)
    for one in bounds[:-1]:  # as large as the bound allows
        assert one.predicted + 2 * one.error == pytest.approx(one.growth, rel=0.01)


def test_same_seed_same_schedule():
    one, two = (shape_gain("sin", 20, 1.5, width=5, networks=4, seed=3) for _ in range(2))
    assert repr(one) == repr(two)
    assert repr(one) != repr(shape_gain("sin", 20, 1.5, width=5, networks=4, seed=4))


def test_a_confirmation_can_fail():
    growths = np.array([1.0, 1.2, 0.8, 1.0])
    assert Confirmation(growths, 1.3).passed
    assert not Confirmation(growths, 1.05).passed
    assert not Confirmation(growths, 0.5).passed
    assert "not clearly below 0.5" in repr(Confirmation(growths, 0.5))


def test_what_is_said_of_a_schedule(schedule):
    assert "of tanh, 60 layers: growth" in repr(schedule)
    assert "predicted, below 1.2" in repr(schedule)


@pytest.mark.parametrize(
    "given, error, words",
    [
        ({"activation": "relu"}, ValueError, "activation = 'relu': expected 'tanh' or 'sin'"),
        ({"activation": "identity"}, ValueError, "activation = 'identity': expected 'tanh'"),
        ({"depth": 1}, ValueError, "depth = 1: expected an integer, at least 2"),
        ({"growth": 0}, ValueError, "growth = 0: expected a positive number"),
        ({"growth": float("nan")}, ValueError, "growth = nan: expected a positive number"),
        ({"growth": "1"}, TypeError, "growth = '1': expected a positive number"),
        ({"growth": 1e-3, "X": np.diag([1.0, 30.0])}, ValueError, "networks without an activation"),
        ({"norm": "layer"}, ValueError, "norm = 'layer': expected 'rows' or 'batchnorm'"),
        ({"networks": 1}, ValueError, "networks = 1: expected an integer, at least 2"),
        ({"X": [1.0]}, ValueError, "X has shape (1,): expected a matrix"),
    ],
)
def test_bad_input(given, error, words):
    with pytest.raises(error) as caught:
        shape_gain(
            **{"activation": "tanh", "depth": 20, "growth": 1.0, "networks": 4, "width": 3} | given
        )
    assert words in str(caught.value)
