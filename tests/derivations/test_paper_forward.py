"""The paper's forward results at numbers, against what is written out by hand."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Rational, log, sqrt

from derivations import catalogue
from derivations.formula import HypothesisError

E1, E2 = (catalogue[f"paper-weingarten-e{n}"] for n in (1, 2))
PRODUCT, THEOREM, COROLLARY = (
    catalogue[f"paper-{name}"] for name in ("norm-product", "theorem-3", "corollary-4")
)


def test_e1_and_e2_are_those_of_the_paper():
    for d in (2, 3, 10, 1000):
        assert E1.evaluate(d) == Rational(d + 1, d * (d + 2) * (d - 1))
        assert E2.evaluate(d) == Rational(d - 1, d * (d + 2) * (d - 1))
    with pytest.raises(HypothesisError, match="d ≥ 2"):
        E1.evaluate(1)


def spread(spectrum):
    mean = Rational(sum(spectrum), len(spectrum))
    return sum((v / mean - 1) ** 2 for v in spectrum)


@pytest.mark.parametrize("spectrum", [[1, 3], [1, 2, 3], [5, 5, 5, 5], [1, 1, 7, 2, 30]])
@pytest.mark.parametrize("scale", [1, Rational(7, 3)])
def test_bounds_are_those_of_the_paper(spectrum, scale):
    d, s = len(spectrum), spread(spectrum)
    scaled = [scale * v for v in spectrum]
    assert PRODUCT.evaluate(spectrum=scaled) == 1 - s / (2 * d * (d + 2) * (d - 1))
    gain = 1 - s / (2 * d**2 * (d + 2))
    mean = Rational(sum(spectrum), d)
    gap = log(mean) - log(Rational(np.prod(spectrum))) / d
    expected = (gap + log(gain)).evalf(30)
    assert abs(COROLLARY.evaluate(spectrum=scaled, digits=25) - expected) < 1e-24
    isometry = Rational(int(np.prod(spectrum))) ** Rational(1, d) / mean
    found = THEOREM.evaluate(spectrum=scaled, digits=25)
    assert abs(found - (isometry / gain).evalf(30)) < 1e-24


def test_values_of_exact_spectra_are_exact():
    assert THEOREM.evaluate(spectrum=[1, 3]) == sqrt(3) / 2 / (1 - Rational(1, 64))
    assert THEOREM.evaluate(spectrum=[4]) == 1
    assert COROLLARY.evaluate(spectrum=[2, 2]) == 0


@pytest.mark.parametrize("small", [1e-14, 1e-16, 1e14])
@pytest.mark.parametrize("d", [2, 3, 1000])
def test_one_eigenvalue_of_another_size(small, d):
    spectrum = [small] + [1.0] * (d - 1)
    with mpmath.workdps(60):
        values = [mpmath.mpf(v) for v in spectrum]
        mean = mpmath.fsum(values) / d
        s = mpmath.fsum((v / mean - 1) ** 2 for v in values)
        gap = mpmath.log(mean) - mpmath.fsum(map(mpmath.log, values)) / d
        gain = 1 - s / (2 * d**2 * (d + 2))
        exact = {COROLLARY: gap + mpmath.log(gain), THEOREM: mpmath.exp(-gap) / gain}
        for formula, value in exact.items():
            assert formula.evaluate(spectrum=spectrum) == pytest.approx(float(value), rel=1e-13)
            digits = formula.evaluate(spectrum=spectrum, digits=50)
            assert abs(mpmath.mpf(str(digits)) / value - 1) < mpmath.mpf(10) ** -49


@pytest.mark.parametrize("size", [1e-3, 1e-9, 1e-15])
def test_digits_near_isometry(size):
    value = COROLLARY.evaluate(spectrum=[1.0, 1.0 + size])
    delta = Fraction(1.0 + size) - 1
    # φ = δ²/8 and the bound takes off δ²/64, to leading order in δ.
    assert value == pytest.approx(float(delta**2 * Fraction(7, 64)), rel=2 * size + 1e-12)


def test_lemma_a1_at_a_batch():
    lemma = catalogue["paper-lemma-a1"]
    X = np.random.default_rng(0).standard_normal((4, 6))
    norms = np.linalg.norm(X, axis=1)
    A = X @ X.T
    isometry = np.linalg.det(A) ** 0.25 / (np.trace(A) / 4)
    expected = (1 + norms.var() / norms.mean() ** 2) * isometry
    assert lemma.evaluate(batch=X.T) == pytest.approx(expected, rel=1e-12)
    after = X / norms[:, None]
    assert np.linalg.det(after @ after.T) ** 0.25 > expected
    factor = lemma.verdict.sharper.factor(lemma.point(batch=X.T))
    gain = np.log(np.linalg.det(after @ after.T) ** 0.25 / isometry)
    assert factor == pytest.approx(gain / np.log(expected / isometry), rel=1e-9)


@pytest.mark.parametrize(
    "name",
    ["paper-lemma-a1", "paper-lemma-a2", "paper-corollary-a3", "paper-theorem-3"],
)
def test_singular_batches_are_refused_with_what_to_do(name):
    formula = catalogue[name]
    with pytest.raises(HypothesisError, match="evaluate row-norm-mean or"):
        formula.evaluate(batch=np.ones((3, 3)))


@pytest.mark.parametrize("spectrum", [[1, 1000], [1, 2, 3], [1] * 3 + [50] * 3])
@pytest.mark.parametrize("name", [n for n in catalogue if n.startswith("paper-")])
def test_no_bound_is_violated_and_every_value_agrees(name, spectrum):
    formula = catalogue[name]
    if formula.simulated:
        given = {"spectrum": spectrum} if "spectrum" in formula.takes else {}
        assert formula.crosscheck(4000, 1, **given).agrees
