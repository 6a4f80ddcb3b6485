"""The vectorised rule, and the elementary function under it."""

import math

import numpy as np
import pytest

from derivations.numeric import quadrature
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.relative import EPS
from derivations.numeric.stable import log1p_minus


@pytest.mark.parametrize(("u", "v"), [(1.0, 1.0), (1.0, 4.0), (1e-8, 1.0), (2.0, 0.0)])
def test_closed_form_at_width_two(u, v):
    exact = 2 * math.log((math.sqrt(u) + math.sqrt(v)) / 2) - math.log((u + v) / 2)
    assert float(log_mean_shift(np.array([u, v])).value) == pytest.approx(exact, abs=1e-14)


def test_many_spectra_at_once_give_what_each_gives_alone():
    rng = np.random.default_rng(0)
    spectra = rng.exponential(size=(3, 4, 6))
    together = log_mean_shift(spectra).value
    assert together.shape == (3, 4)
    for index in np.ndindex(3, 4):
        alone = float(log_mean_shift(spectra[index]).value)
        assert together[index] == pytest.approx(alone, rel=1e-13)


def test_near_and_far_spectra_share_a_call():
    spectra = np.array([[1.0, 1.0 + 1e-9], [1.0, 1e-9], [1.0, 1.0]])
    together = log_mean_shift(spectra)
    alone = [float(log_mean_shift(row).value) for row in spectra]
    assert together.value == pytest.approx(alone, rel=1e-12, abs=1e-30)
    assert (together.value[:2] < 0).all()


def test_value_is_never_positive_and_scale_free():
    rng = np.random.default_rng(1)
    spectra = rng.exponential(size=(50, 8))
    values = log_mean_shift(spectra).value
    assert (values < 0).all()
    assert np.allclose(log_mean_shift(1e-5 * spectra).value, values, rtol=1e-12)


def test_stated_error_includes_rounding():
    # Both rules are exact to more digits than floats have: what is left to state is rounding.
    shift = log_mean_shift(np.random.default_rng(2).exponential(size=(30, 12)))
    assert (shift.error >= 8 * EPS * np.abs(shift.value)).all()
    assert (shift.error <= 1e-13 * np.abs(shift.value)).all()


@pytest.mark.parametrize("x", [1e-12, -1e-3, 0.049, 0.051, -0.5, -0.499, -0.9, 0.999, 1.0, 3.0])
def test_log1p_minus_is_accurate_on_both_branches(x):
    import mpmath

    with mpmath.workdps(50):
        exact = float(mpmath.log1p(mpmath.mpf(x)) - mpmath.mpf(x))
    for beside in ([x], [x, 5.0]):
        assert float(log1p_minus(np.array(beside))[0]) == pytest.approx(exact, rel=1e-15)


@pytest.mark.parametrize("step", [0.75, 1.0, 2.0])
def test_stated_error_includes_what_the_step_leaves(step, monkeypatch):
    # So coarse a rule is off by more than rounding: the difference of the two must cover it.
    exact = math.log(9 / 10)
    monkeypatch.setattr(quadrature, "STEP", step)
    shift = log_mean_shift(np.array([1.0, 4.0]))
    assert abs(float(shift.value) - exact) <= float(shift.error)
