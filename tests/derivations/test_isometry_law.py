"""The one-step law of the isometry gap."""

import math
import pickle

import numpy as np
import pytest
from sympy import Integral, Rational, expand, log, sqrt, symbols

from derivations import catalogue
from derivations.formula import HypothesisError
from derivations.formulas.isometry_checks import row_norm_moment
from weingarten import E, HaarOrthogonal

LAW = catalogue["isometry-gap-step"]


def test_value_at_width_two_is_elementary():
    # There E log a = 2 log((√u + √v)/2), so E φ' = φ + 2 log((√u + √v)/2) - log((u + v)/2).
    u, v = 1.0, 9.0
    gap = math.log((u + v) / 2) - (math.log(u) + math.log(v)) / 2
    expected = gap + 2 * math.log(2) - math.log((u + v) / 2)
    assert LAW.evaluate(spectrum=[u, v]) == pytest.approx(expected, rel=1e-14)


def test_exact_spectrum_gives_an_exact_integral():
    value = LAW.evaluate(spectrum=[1, 4])
    assert value.has(Integral)
    assert float(value.evalf(12)) == pytest.approx(LAW.evaluate(spectrum=[1.0, 4.0]), rel=1e-10)


def test_symbolic_spectrum_is_allowed():
    u, v = symbols("u v", positive=True)
    assert {u, v} <= LAW.evaluate(spectrum=[u, v]).free_symbols


def test_isotropic_input_stays_isotropic():
    assert LAW.evaluate(spectrum=[Rational(2, 3)] * 4) == 0
    assert LAW.evaluate(spectrum=[0.7] * 4) == pytest.approx(0.0, abs=1e-30)


def test_value_does_not_depend_on_the_scale():
    spectrum = np.array([0.2, 1.0, 5.0])
    assert LAW.evaluate(spectrum=1e6 * spectrum) == pytest.approx(LAW.evaluate(spectrum=spectrum))


@pytest.mark.parametrize("d", [5, 20, 100])
def test_factor_near_isometry_is_d_over_d_plus_two(d):
    # φ ≈ (1/2) mean δ² and its mean after a layer is d/(d+2) of it, to first order in the gap.
    delta = 1e-6 * np.cos(np.arange(d))
    spectrum = 1 + delta - delta.mean()
    gap = float(np.mean((spectrum - 1) ** 2) / 2)
    assert LAW.evaluate(spectrum=spectrum) / gap == pytest.approx(d / (d + 2), rel=1e-4)


def test_singular_input_is_refused_with_the_hypothesis():
    with pytest.raises(HypothesisError, match="linearly independent samples, and 1 of the 3"):
        LAW.evaluate(spectrum=[1, 2, 0])


def test_missing_spectrum_is_refused():
    with pytest.raises(ValueError, match="spectrum is missing"):
        LAW.evaluate(d=5)


@pytest.mark.parametrize("q", [1, 2, 3])
def test_moments_of_a_row_norm_at_width_five(q):
    W = HaarOrthogonal("W", 5)
    v = symbols("v:5")
    row = sum(v[n] * W[0, n] ** 2 for n in range(5))
    assert expand(E(expand(row**q)) - row_norm_moment(q, v)) == 0


def test_moment_of_order_zero_is_one():
    assert row_norm_moment(0, symbols("u v")) == 1


def test_stated_error_is_small_and_covers_the_truth():
    from derivations.point import Point

    point = Point.of(None, [1.0, 4.0])
    gap = log(Rational(5, 2)) - log(4) / 2
    truth = float(gap + 2 * log(Rational(3, 2)) - log(Rational(5, 2)))
    assert abs(LAW.at(point) - truth) <= LAW.error(point) + 1e-15
    assert LAW.error(point) < 1e-12
    assert LAW.error(Point.of(None, [1, 4])) == 0.0


SPECTRA = [
    [1, 4],
    [1, 1, 4],
    [Rational(1, 2), Rational(3, 7), 5, 5, 5],
    [sqrt(2), 3],
    [10**9, 1, Rational(1, 10**9)],
    [1, 1, 1 + Rational(1, 10**12)],
    list(range(1, 9)),
]


@pytest.mark.parametrize("spectrum", SPECTRA, ids=str)
def test_the_integral_knows_its_number(spectrum):
    value = catalogue["isometry-gap-step"].evaluate(spectrum=spectrum)
    digits = catalogue["isometry-gap-step"].evaluate(spectrum=spectrum, digits=40)
    (integral,) = value.atoms(Integral)
    assert integral._eigenvalues() is not None
    assert abs(value.evalf(30, maxn=200) - digits) <= abs(digits) * Rational(1, 10**28)


def test_the_number_of_the_integral_is_sympys():
    (integral,) = catalogue["isometry-gap-step"].evaluate(spectrum=[1, 3]).atoms(Integral)
    assert abs(integral.evalf(15) - Integral(*integral.args).evalf(15)) < Rational(1, 10**12)


def test_an_integral_that_was_changed_is_no_longer_that_of_the_law():
    (integral,) = catalogue["isometry-gap-step"].evaluate(spectrum=[1, 3]).atoms(Integral)
    doubled = integral.func(2 * integral.function, *integral.limits)
    assert doubled._eigenvalues() is None
    assert abs(doubled.evalf(12) - 2 * integral.evalf(12)) < Rational(1, 10**9)
    lam = symbols("lam", positive=True)
    (open_one,) = catalogue["isometry-gap-step"].evaluate(spectrum=[1, lam]).atoms(Integral)
    assert open_one.evalf().free_symbols == {lam}
    assert open_one.subs(lam, 3).evalf(15) == integral.evalf(15)


def test_printing_a_value_does_not_integrate(monkeypatch):
    from sympy.core import evalf

    def refuse(*_arguments):
        raise AssertionError("SymPy integrates")

    value = catalogue["isometry-gap-step"].evaluate(spectrum=range(1, 21))
    monkeypatch.setattr(evalf, "do_integral", refuse)
    assert repr(value).startswith("Integral(")
    assert pickle.loads(pickle.dumps(value)) == value
