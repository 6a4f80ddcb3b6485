"""The isometry law and its parts to the last digits, at every scale and spread.

The references are closed forms, and an integral over a finite interval, in mpmath at so many
digits that what cancels in them does not matter. Each error must cover the difference.
"""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mean_logs import gap, shift_by_theta, shift_of_pairs, shift_of_two

from derivations import catalogue
from derivations.numeric.isometry import gap_of_spectrum, isometry_gap
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.relative import EPS, Bounded, Relative
from derivations.numeric.shift_digits import law_to_digits
from derivations.point import Point

LAW = catalogue["isometry-gap-step"]


def covered(found, exact):
    """Whether a stated error covers the difference, rounding of the comparison included."""
    return abs(mpmath.mpf(float(found.value)) - exact) <= mpmath.mpf(float(found.error))


def check(spectrum, shift, digits, relative=1e-12):
    with mpmath.workdps(digits):
        exact_shift, exact_gap = shift(), gap(spectrum)
        floats = Relative.of(np.array(spectrum))
        assert covered(floats.gap, exact_gap)
        assert covered(log_mean_shift(floats), exact_shift)
        law = exact_gap + exact_shift
        value, error = LAW.evaluate(spectrum=spectrum), LAW.error(Point.of(None, spectrum))
        assert covered(Bounded(value, error), law)
        assert np.isfinite(value) and error <= relative * value
        # No statement can be better than the rounding of the gap and of the drift.
        assert error >= 4 * EPS * max(exact_gap, -exact_shift)


def test_issue_case_at_width_two():
    u, v = 1.0, 1e-12
    with mpmath.workdps(60):
        exact = gap([u, v]) + shift_of_two(u, v)
        value, error = LAW.evaluate(spectrum=[u, v]), LAW.error(Point.of(None, [u, v]))
        assert abs(value - exact) <= error < 1e-12
    assert value == pytest.approx(12.4292181968433835, rel=1e-14)


@pytest.mark.parametrize("seed", range(40))
def test_two_eigenvalues_of_any_sizes(seed):
    u, v = 10.0 ** np.random.default_rng(seed).uniform(-300, 300, 2)
    check([u, v], lambda: shift_of_two(u, v), 700)


@pytest.mark.parametrize("seed", range(40))
def test_two_eigenvalues_nearly_equal_at_any_scale(seed):
    rng = np.random.default_rng(seed)
    u = 10.0 ** rng.uniform(-300, 300)
    v = u * (1 + 10.0 ** rng.uniform(-15, 0))
    check([u, v], lambda: shift_of_two(u, v), 100)


@pytest.mark.parametrize("seed", range(12))
def test_pairs_of_any_sizes(seed):
    rng = np.random.default_rng(seed)
    values = 10.0 ** (rng.uniform(-100, 100) + rng.uniform(0, 200, rng.integers(2, 9)))
    check(sorted([*values, *values]), lambda: shift_of_pairs(values), 2500)


@pytest.mark.parametrize("seed", range(12))
def test_pairs_of_one_size(seed):
    rng = np.random.default_rng(seed)
    values = rng.exponential(size=rng.integers(2, 20)) ** rng.integers(1, 5)
    check(sorted([*values, *values]), lambda: shift_of_pairs(values), 300)


@pytest.mark.parametrize("size", [1e-1, 1e-6, 1e-11, 1e-15])
def test_pairs_nearly_equal(size):
    values = 1 + size * np.array([0.0, 1.0, 3.0, -2.0, 5.0])
    check(sorted([*values, *values]), lambda: shift_of_pairs(values), 300)


@pytest.mark.parametrize(
    "values",
    [np.linspace(0.5, 1.5, 500), np.append(np.linspace(0.6, 1.4, 499), 2.5)],
    ids=["spread", "one out"],
)
def test_width_one_thousand(values):
    check([*values, *values], lambda: shift_of_pairs(values), 500)


@pytest.mark.parametrize(
    "spectrum",
    [[1.0, 2.0, 4.0], [1e-9, 1.0, 1.0], [1e5, 1.0, 1e-5, 3.0, 3.5], [0.9, 1.0, 1.1] * 5],
)
def test_odd_widths_by_an_integral_over_a_finite_interval(spectrum):
    check(spectrum, lambda: shift_by_theta(spectrum), 40)


def test_two_references_agree():
    with mpmath.workdps(40):
        for values in ([1, 4], [2, 7, 8], [Fraction(1, 100), 3, 5]):
            theta = shift_by_theta([*values, *values])
            assert abs(theta - shift_of_pairs(values)) < mpmath.mpf(10) ** -25
        assert abs(shift_by_theta([1, 4]) - shift_of_two(1, 4)) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("d", [2, 3, 10, 1000])
@pytest.mark.parametrize("scale", [1e-300, 1e-5, 1.0, 1e300])
def test_extreme_scales_and_spreads_stay_finite(d, scale):
    for low in (1e-200, 1e-3, 1 - 1e-12, 1.0):
        spectrum = [scale] * (d - d // 2) + [max(scale * low, 5e-324)] * (d // 2)
        value = LAW.evaluate(spectrum=spectrum)
        assert np.isfinite(value) and value >= 0
        assert np.isfinite(gap_of_spectrum(np.array(spectrum)))


def test_value_is_the_same_at_every_scale():
    spectrum = np.array([0.1, 1.0, 3.0, 3.0])
    values = {LAW.evaluate(spectrum=spectrum * 2.0**n) for n in (-1000, -3, 0, 900)}
    assert len(values) == 1


def test_isotropic_spectrum_is_zero_without_error():
    point = Point.of(None, [0.1] * 7)
    assert (LAW.at(point), LAW.error(point)) == (0.0, 0.0)


def test_gap_of_a_singular_spectrum_is_infinite():
    spectra = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 5e-324]])
    assert list(np.isinf(gap_of_spectrum(spectra))) == [True, True, False]


def test_gap_of_an_input_keeps_the_small_singular_value():
    gap_ = float(isometry_gap(np.diag([1.0, 1e-6])))
    with mpmath.workdps(40):
        assert gap_ == pytest.approx(float(gap([1, mpmath_square(1e-6)])), rel=1e-14)


def mpmath_square(x):
    return Fraction(x) ** 2


def test_shift_of_singular_spectra_is_finite():
    found = log_mean_shift(np.array([[2.0, 0.0], [1.0, 0.0]]))
    # There a = λ cos², and the mean of log cos² over the circle is -2 log 2.
    assert np.allclose(found.value, -np.log(2), rtol=0, atol=found.error.max())


@pytest.mark.parametrize("digits", [1, 15, 50, 70])
def test_digits_that_are_asked_for(digits):
    value = LAW.evaluate(spectrum=[1.0, 1e-12], digits=digits)
    with mpmath.workdps(200):
        exact = gap([1.0, 1e-12]) + shift_of_two(1.0, 1e-12)
        assert abs(mpmath.mpf(str(value.n(digits))) / exact - 1) < mpmath.mpf(10) ** (1 - digits)


@pytest.mark.parametrize(
    "values", [[1, 4], [1, 2, 3], [Fraction(1, 10**40), 1], [10**20, 10**20 + 1]]
)
def test_fifty_digits_against_the_closed_form(values):
    with mpmath.workdps(1000):
        exact = gap([*values, *values]) + shift_of_pairs(values)
    found = law_to_digits([Fraction(v) for v in (*values, *values)], 50)
    with mpmath.workdps(80):
        assert abs(found / exact - 1) < mpmath.mpf(10) ** -50


def test_digits_of_a_rational_value():
    value = catalogue["row-norm-variance"].evaluate(spectrum=[1, 2, 4], digits=40)
    assert str(value) == "0.6222222222222222222222222222222222222222"
    assert value == catalogue["row-norm-variance"].evaluate(spectrum=[1, 2, 4]).evalf(40)


@pytest.mark.parametrize(
    ("digits", "error", "says"),
    [
        (0, ValueError, "digits = 0 is too small"),
        (2.5, TypeError, "digits = 2.5 is not an integer"),
        (True, TypeError, "digits = True"),
    ],
)
def test_digits_are_a_positive_integer(digits, error, says):
    with pytest.raises(error, match=says):
        LAW.evaluate(spectrum=[1, 2], digits=digits)


def test_digits_need_numbers():
    with pytest.raises(ValueError, match="no digits while p_1 are symbols"):
        catalogue["row-norm-mean"].evaluate(d=3, digits=20)


def test_value_outside_the_floats_is_refused_and_has_digits():
    variance = catalogue["row-norm-variance"]
    for scale, word in ((1e300, "large"), (1e-300, "small")):
        with pytest.raises(ValueError, match=f"too {word} for a float; scale"):
            variance.evaluate(spectrum=[scale, 2 * scale])
        expected = Fraction(scale) ** 2 / 8
        found = variance.evaluate(spectrum=[scale, 2 * scale], digits=30)
        with mpmath.workdps(40):
            exact = mpmath.mpf(expected.numerator) / expected.denominator
            assert abs(mpmath.mpf(str(found)) / exact - 1) < 1e-28


@pytest.mark.parametrize("width", [4, 400])
def test_the_gram_kernel_states_the_error_of_its_rounding(width):
    kernel = catalogue["gram-kernel-step"]
    spectrum = [1 + k / width for k in range(width)]
    value, error = kernel.evaluate(spectrum=spectrum), kernel.error(Point.of(None, spectrum))
    exact = kernel.evaluate(spectrum=[Fraction(x) for x in spectrum], digits=25)
    assert abs(value - float(exact)) <= error <= 4e-14 * width


@pytest.mark.parametrize("width", [4, 400])
def test_the_inverse_moment_states_the_error_of_its_rounding(width):
    inverse = catalogue["row-norm-inverse-moment"]
    spectrum = [1 + k / width for k in range(width)]
    value, error = inverse.evaluate(spectrum=spectrum), inverse.error(Point.of(None, spectrum))
    exact = inverse.evaluate(spectrum=[Fraction(x) for x in spectrum], digits=25)
    assert abs(value - float(exact)) <= error <= 4e-14 * value
