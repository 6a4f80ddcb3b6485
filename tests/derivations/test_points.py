"""Widths and spectra as users write them."""

import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import (
    Float,
    I,
    Matrix,
    MatrixSymbol,
    Product,
    Rational,
    Sum,
    Symbol,
    oo,
    sqrt,
    symbols,
)

from derivations import catalogue
from derivations.notation import d, k, lam, over_eigenvalues, p
from derivations.numeric.relative import EPS, Relative
from derivations.point import Point
from derivations.spectrum import FloatSpectrum, Spectrum


@pytest.mark.parametrize("width", [0, -1])
def test_width_must_be_positive(width):
    with pytest.raises(ValueError, match=rf"d = {width} is not a dimension"):
        Point.of(width, None)


@pytest.mark.parametrize("width", [2.5, "x y", True, (3,), Rational(3, 2), float("inf")])
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
    ("width", "says"),
    [
        (3.0, r"d = 3.0 is not a dimension; write d=3"),
        (np.float64(3.0), r"d = 3.0 is not a dimension; write d=3"),
        (Float(4), r"write d=4"),
        (True, r"d = True is not a dimension; expected a positive integer such as 50"),
        ([1, 2], r"d = \[1, 2\] is not .* eigenvalues go into spectrum="),
        ("3", r"d = '3' is not a dimension"),
    ],
)
def test_what_to_write_for_the_width_is_said(width, says):
    with pytest.raises(TypeError, match=says):
        catalogue["entry-same-row"].evaluate(width)


@pytest.mark.parametrize("width", [Symbol("m", negative=True), Symbol("x", integer=False), -d])
def test_symbols_that_are_no_dimension_are_refused(width):
    with pytest.raises(ValueError, match="is not a dimension"):
        Point.of(width, None)


def test_width_may_be_an_expression():
    assert catalogue["entry-same-row"].evaluate(d=2 * d) == 1 / (2 * d * (2 * d + 2))


@pytest.mark.parametrize(
    ("spectrum", "says"),
    [
        (5, r"spectrum = 5 is not a list of numbers; expected the d eigenvalues .*\[1, 2, 3\]"),
        (np.array(5.0), r"spectrum = array\(5.\) is not a list of numbers"),
        ("1,2,3", r"spectrum = '1,2,3' is text; expected"),
        ({1, 2}, r"spectrum = \{1, 2\} is a set; expected"),
        ({1: 2}, r"is a dict; expected"),
        (np.eye(3), r"spectrum has shape \(3, 3\); expected .*batch="),
        (Matrix([[1, 2], [2, 1]]), r"spectrum has shape \(2, 2\)"),
        (["1", 2], r"spectrum\[0\] = '1' is not a number"),
        ([None], r"spectrum\[0\] = None is not a number"),
        ([True, 1], r"spectrum\[0\] = True is not a number"),
        (np.array([1 + 0j, 2]), r"spectrum\[0\] = \(1\+0j\) is not real; .*batch="),
        ([1, 2j], r"spectrum\[1\] = 2j is not real"),
        ([I, 1], r"spectrum\[0\] = I is not real"),
        ([MatrixSymbol("A", 2, 2)], r"spectrum\[0\] = A is not real"),
    ],
)
@pytest.mark.parametrize("name", ["row-norm-mean", "isometry-gap-step", "row-norm-variance"])
def test_what_is_no_spectrum_is_refused_in_one_line(name, spectrum, says):
    for call in (catalogue[name].evaluate, catalogue[name].crosscheck):
        with pytest.raises(TypeError, match=says) as caught:
            call(spectrum=spectrum)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("spectrum", "says"),
    [
        ([1, -1e-17], r"spectrum\[1\] = -1e-17 is negative; .*batch="),
        (np.array([-2.0, 1]), r"spectrum\[0\] = -2.0 is negative"),
        ([complex("nan")], r"spectrum\[0\] = .*nan.* is not finite"),
        ([oo, 1], r"spectrum\[0\] = oo is not finite"),
        (np.array([]), "spectrum is empty"),
    ],
)
def test_eigenvalues_that_cannot_be_are_refused(spectrum, says):
    with pytest.raises(ValueError, match=says):
        catalogue["row-norm-mean"].evaluate(spectrum=spectrum)


@pytest.mark.parametrize(
    "spectrum",
    [(1, 2, 3), range(1, 4), (n for n in (1, 2, 3)), np.array([[1, 2, 3]]), Matrix([1, 2, 3])],
)
def test_spectrum_may_be_anything_with_an_order(spectrum):
    assert Point.of(None, spectrum).spectrum == (1, 2, 3)


def test_numbers_keep_the_digits_they_have():
    third = np.longdouble(1) / 3
    exact = Rational(*map(int, third.as_integer_ratio()))
    with mpmath.workdps(40):
        tenth = mpmath.mpf(1) / 10
    assert Point.of(None, [third]).spectrum == (exact,)
    assert abs(Point.of(None, [tenth]).spectrum[0] - Rational(1, 10)) < Rational(1, 10**39)
    assert not Point.of(None, [Symbol("x", positive=True) * 0.5]).exact


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5, 17])
def test_power_sums_of_any_order_are_substituted(order):
    value = Point.of(None, [1, 2, 3]).substitute(p(order) / d)
    assert value == Rational(1 + 2**order + 3**order, 3)


def test_negative_orders_need_an_invertible_input():
    assert Point.of(None, [1, 2]).substitute(p(-2)) == Rational(5, 4)
    with pytest.raises(ValueError, match="p_-2 is infinite: an eigenvalue"):
        Point.of(None, [1, 0]).substitute(p(-2))


def test_sums_over_eigenvalues_are_substituted():
    body = over_eigenvalues(Sum, lam[k] ** 3) + over_eigenvalues(Product, 1 + lam[k])
    assert Point.of(None, [1, 2]).substitute(body) == 9 + 6


def test_a_symbol_of_the_spectrum_is_not_taken_for_the_width():
    assert Point.of(None, [d, 2 * d]).substitute(p(2) / d) == 5 * d**2 / 2


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


@pytest.mark.parametrize("spectrum", [[0.5, 1.5, 0.0], np.array([1e-300, 3.0, 2e300])])
def test_floats_stay_an_array_that_stands_for_what_they_are(spectrum):
    point = Point.of(None, spectrum)
    exact = tuple(Rational(float(value)) for value in spectrum)
    assert isinstance(point.spectrum, FloatSpectrum) and not point.exact
    assert np.array_equal(point.floats(), spectrum)
    assert point.spectrum == exact and hash(point.spectrum) == hash(exact)
    assert point.rank == np.count_nonzero(spectrum)
    scaled = point.scaled_to_mean_one().spectrum
    assert scaled == Spectrum(exact).scaled_to_mean_one()
    for found, values in ((point.spectrum, exact), (scaled, tuple(scaled))):
        assert found.ends() == (min(values), max(values))
        for order in (1, 2, 5):
            assert found.power_sum(order) == sum(value**order for value in values)
    assert pickle.loads(pickle.dumps(point)) == point


@pytest.mark.parametrize("seed", range(20))
def test_an_array_over_its_mean_has_the_digits_of_its_fractions(seed):
    rng = np.random.default_rng(seed)
    values = rng.choice([1.0, 1e-200, 1e200]) * (1 + 10.0 ** rng.uniform(-15, 0) * rng.random(9))
    found, exact = Relative.of_one(values), Relative.exactly([Fraction(v) for v in values])
    scale = np.abs(exact.delta).max()
    assert np.abs(found.delta - exact.delta).max() <= 4 * EPS * scale
    assert found.gap.value == pytest.approx(exact.gap.value, rel=1e-14, abs=0)


def test_a_float_spectrum_of_a_thousand_builds_no_numbers_of_sympy(monkeypatch):
    spectrum = np.random.default_rng(0).uniform(0.1, 3, 1000)
    monkeypatch.setattr(FloatSpectrum, "numbers", property(lambda self: 1 / 0))
    for name in ("row-norm-variance", "isometry-gap-step", "isometry-gap-contraction"):
        assert catalogue[name].evaluate(spectrum=spectrum) > 0


def test_other_floats_and_floats_beside_whole_numbers_are_kept():
    assert Point.of(None, [1, 0.5]).spectrum == (1, Rational(1, 2))
    single = Point.of(None, np.array([1, 0.1], dtype=np.float32)).spectrum
    assert isinstance(single, FloatSpectrum)
    assert single[1] == Rational(float(np.float32(0.1)))


def test_points_of_equal_inputs_are_equal():
    # The input is an array, of which == is none; its spectrum and sizes say what counts.
    X = np.diag([1.0, 2.0, 3.0])
    one, other = Point.of_input(X), Point.of_input(X.copy())
    assert one == other
    assert one != Point.of_input(2 * X)
