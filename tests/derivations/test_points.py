"""Widths and spectra as users write them."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Float, Rational, Symbol, sqrt, symbols

from derivations.notation import d, p
from derivations.point import Point


@pytest.mark.parametrize("width", [0, -1])
def test_width_must_be_positive(width):
    with pytest.raises(ValueError, match=rf"d = {width} is not a dimension"):
        Point.of(width, None)


@pytest.mark.parametrize("width", [2.5, "x y", True, (3,)])
def test_width_must_be_an_integer_or_symbol(width):
    with pytest.raises(TypeError, match="is not a dimension"):
        Point.of(width, None)


def test_width_may_be_a_numpy_integer_or_a_symbol():
    assert Point.of(np.int64(4), None).integer_width() == 4
    m = Symbol("m")
    assert Point.of(m, None).width == m
    with pytest.raises(ValueError, match="is a symbol"):
        Point.of(m, None).integer_width()


def test_spectrum_must_have_as_many_eigenvalues_as_the_width():
    with pytest.raises(ValueError, match="spectrum has 2 eigenvalues but d = 3"):
        Point.of(3, [1, 2])


@pytest.mark.parametrize(
    ("spectrum", "error", "says"),
    [
        ([], ValueError, "empty"),
        ([1, -2], ValueError, r"spectrum\[1\] = -2 is negative"),
        ([1.0, float("nan")], ValueError, r"spectrum\[1\] = nan is not finite"),
        ([float("inf"), 1.0], ValueError, r"spectrum\[0\] = inf is not finite"),
        (["1", 2], TypeError, r"spectrum\[0\] = '1' is not a number"),
        ([1, 2j], TypeError, r"spectrum\[1\]"),
    ],
)
def test_spectrum_that_is_none_is_refused(spectrum, error, says):
    with pytest.raises(error, match=says):
        Point.of(None, spectrum)


@pytest.mark.parametrize(
    "spectrum",
    [[1, 2], [Fraction(1, 2), 3], symbols("u v"), [sqrt(2), 1], np.array([1, 2]), [Rational(1, 3)]],
)
def test_exact_spectrum_stays_exact(spectrum):
    assert Point.of(None, spectrum).exact


@pytest.mark.parametrize(
    "spectrum", [[1.0, 2], np.array([0.5, 1.5]), [Float("0.1"), 1], [np.float32(2)]]
)
def test_float_spectrum_is_known_as_such(spectrum):
    assert not Point.of(None, spectrum).exact


def test_floats_stand_as_the_rationals_they_are():
    assert Point.of(None, [0.1]).spectrum == (Rational(*(0.1).as_integer_ratio()),)


def test_power_sums():
    point = Point.of(None, [1, 2, Rational(1, 2)])
    assert [point.power_sum(r) for r in (1, 2)] == [Rational(7, 2), Rational(21, 4)]
    assert Point.of(3, None).power_sum(2) == p(2)


def test_floats_need_numbers():
    with pytest.raises(ValueError, match="has symbols"):
        Point.of(None, symbols("u v")).floats()
    with pytest.raises(ValueError, match="missing"):
        Point.of(2, None).floats()
    assert Point.of(d, None).spectrum is None
