"""Two rules for one integral, a closed form, and what both must respect."""

import math

import numpy as np
import pytest

from derivations.numeric.quadrature import log_mean_shift, log_mean_shift_reference
from derivations.numeric.stable import log1p_minus

SPECTRA = [
    [1.0, 4.0],
    [1.0, 2.0, 3.0, 4.0, 5.0],
    [1.0, 1.0 + 1e-7],
    [1e-6] * 9 + [1e5],
    list(np.linspace(0.5, 1.5, 30)),
    [3.0, 0.0, 0.0, 0.0],
    [0.0, 1.0],
]


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_trapezoidal_rule_agrees_with_mpmath_within_the_stated_errors(spectrum):
    fast = log_mean_shift(np.array(spectrum))
    value, error = log_mean_shift_reference(spectrum)
    assert abs(float(fast.value) - value) <= float(fast.error) + error
    assert float(fast.error) < 1e-11
    assert error < 1e-11


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_both_rules_are_accurate_relative_to_the_value(spectrum):
    value, _ = log_mean_shift_reference(spectrum, digits=40)
    assert float(log_mean_shift(np.array(spectrum)).value) == pytest.approx(value, rel=1e-12)


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
        assert together[index] == pytest.approx(alone, rel=1e-12)


def test_value_is_never_positive_and_scale_free():
    rng = np.random.default_rng(1)
    spectra = rng.exponential(size=(50, 8))
    values = log_mean_shift(spectra).value
    assert (values < 0).all()
    assert np.allclose(log_mean_shift(1e-5 * spectra).value, values, rtol=1e-12)


@pytest.mark.parametrize("x", [1e-12, -1e-3, 0.049, 0.051, -0.5, 3.0])
def test_log1p_minus_is_accurate_on_both_branches(x):
    import mpmath

    with mpmath.workdps(50):
        exact = float(mpmath.log1p(mpmath.mpf(x)) - mpmath.mpf(x))
    assert float(log1p_minus(np.array([x]))[0]) == pytest.approx(exact, rel=1e-13)
