"""The contraction of the isometry gap and its relatives at numbers, by independent routes."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational, log, sqrt

from derivations import catalogue
from derivations.formula import HypothesisError
from derivations.notation import d
from derivations.numeric.isometry import gap_of_spectrum
from derivations.numeric.quadrature import log_mean_shift

NAMES = [
    "isometry-gap-contraction", "isometry-gap-typical-rate", "isometry-gap-ceiling",
    "isometry-gap-series", "isometry-gap-rate-margin", "row-norm-inverse-moment",
    "gram-kernel-step", "linearised-gap", "row-norm-moment", "row-norm-joint-moment",
]  # fmt: skip


def spectra(seed, count):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        d = int(rng.choice([2, 3, 5, 20, 100]))
        yield np.exp(rng.normal(0, rng.choice([0.01, 0.5, 3, 8]), d))


def test_one_layer_bounds_hold_for_the_exact_law():
    for spectrum in spectra(0, 60):
        d, gap = len(spectrum), float(gap_of_spectrum(spectrum))
        fall = -float(log_mean_shift(spectrum).value)
        share = 2 / ((d + 2) * (1 + (2 * d * gap) ** 0.5) ** 2)
        assert fall >= gap * share * (1 - 1e-9)
        ceiling = gap - catalogue["isometry-gap-ceiling"].evaluate(spectrum=spectrum.tolist())
        assert fall <= ceiling * (1 + 1e-9) + 1e-13
        margin = catalogue["isometry-gap-rate-margin"].evaluate(spectrum=spectrum.tolist())
        assert abs(1 - fall / gap - d / (d + 2)) <= margin * (1 + 1e-9) + 1e-9
        paper = min(gap, 1 / (16 * d)) / (2 * d**2)
        assert fall >= paper


@pytest.mark.parametrize("d", [2, 10, 1000])
def test_contraction_and_theorem_1_with_their_constants(d):
    value = catalogue["isometry-gap-contraction"].evaluate(d=d, gap=0.5, depth=7)
    k = (d + 2) / 2 * (1 + d**0.5) ** 2
    assert value == pytest.approx(0.5 * (1 - 1 / k) ** 7, rel=1e-13)
    paper = catalogue["paper-theorem-1"].evaluate(d=d, gap=0.5, depth=7)
    assert paper == pytest.approx(0.5 * np.exp(-7 / (2 * d**2 * (1 + d / 2))), rel=1e-13)
    assert value <= paper


def test_contraction_at_the_edges():
    formula = catalogue["isometry-gap-contraction"]
    assert formula.evaluate(spectrum=[5], depth=3) == 0
    assert formula.evaluate(spectrum=[2.0] * 9, depth=3) == 0
    assert formula.evaluate(spectrum=[1.0, 2.0], depth=0) == pytest.approx(
        np.log(1.5) - np.log(2) / 2
    )
    with pytest.raises(HypothesisError, match="evaluate row-norm-mean"):
        formula.evaluate(spectrum=[1, 0], depth=3)
    with pytest.raises(ValueError, match="depth = -1 is out of range"):
        formula.evaluate(spectrum=[1, 2], depth=-1)


@pytest.mark.parametrize("small", [1e-14, 1e14])
@pytest.mark.parametrize("d", [2, 3, 1000])
@pytest.mark.parametrize("name", NAMES)
def test_one_eigenvalue_of_another_size(name, d, small):
    formula, given = catalogue[name], {"depth": 5, "q": 3, "r": 2}
    given = {key: value for key, value in given.items() if key in formula.takes}
    spectrum = [small] + [1.0] * (d - 1)
    if name == "row-norm-inverse-moment" and d == 2:
        with pytest.raises(HypothesisError, match="1/√"):
            formula.evaluate(spectrum=spectrum)
        return
    value = formula.evaluate(spectrum=spectrum, **given)
    if d < 1000 or name != "isometry-gap-contraction":
        digits = formula.evaluate(spectrum=spectrum, digits=50, **given)
        assert value == pytest.approx(float(digits), rel=1e-12)


def test_series_surrounds_the_law_and_diverges_beyond_its_radius():
    series, law = catalogue["isometry-gap-series"], catalogue["isometry-gap-step"]
    near, far = (
        [Fraction(1, 2), 1, Fraction(3, 2)],
        [Fraction(1, 10), 1, Fraction(29, 10)] + [1] * 2,
    )
    for spectrum in (near, far):
        exact = float(law.evaluate(spectrum=spectrum, digits=20))
        values = [float(series.evaluate(spectrum=spectrum, q=q, digits=20)) for q in (1, 3, 9, 81)]
        assert all(value >= exact for value in values)
        assert (abs(values[-1] - exact) < 1e-12) == (spectrum is near)
    with pytest.raises(HypothesisError, match="q = 4"):
        series.evaluate(spectrum=near, q=4)


def test_lemma_b1_is_false_and_what_is_right_is_not():
    lemma = catalogue["paper-lemma-b1"]
    gap = -(np.log(1 - 0.0558) + np.log(1 + 0.0558)) / 2
    assert gap < 0.05 / 32 and 0.0558 > 0.05
    assert lemma.verdict.word == "false" and lemma.check() == []
    for spectrum in spectra(1, 30):
        values = spectrum / spectrum.mean()
        c = np.abs(values - 1).max()
        assert c - np.log1p(c) <= lemma.evaluate(spectrum=values.tolist()) * (1 + 1e-9)


def test_row_moments_against_sampling_on_the_circle():
    angles = (np.arange(4000) + 0.5) * np.pi / 4000
    u, v = 1.0, 7.0
    first = u * np.cos(angles) ** 2 + v * np.sin(angles) ** 2
    second = u + v - first
    moment, joint = catalogue["row-norm-moment"], catalogue["row-norm-joint-moment"]
    for q in (0, 1, 5, 20):
        assert moment.evaluate(spectrum=[u, v], q=q) == pytest.approx((first**q).mean(), rel=1e-12)
        for r in (0, 1, 4):
            value = joint.evaluate(spectrum=[u, v], q=q, r=r)
            assert value == pytest.approx((first**q * second**r).mean(), rel=1e-11)
    kernel = catalogue["gram-kernel-step"].evaluate(spectrum=[u, v])
    exact = 2 * (u * np.cos(angles) ** 2 / first).mean()
    assert kernel == pytest.approx(exact, rel=1e-12)


def test_joint_moments_of_constant_trace():
    joint, moment = (catalogue[f"row-norm-{name}"] for name in ("joint-moment", "moment"))
    spectrum = [1, 2, 5, 0]
    # Σ_j a_j is the trace for every W.
    for q in range(5):
        rest = 3 * joint.evaluate(spectrum=spectrum, q=q, r=1)
        both = moment.evaluate(spectrum=spectrum, q=q + 1) + rest
        assert both == 8 * moment.evaluate(spectrum=spectrum, q=q)


def test_width_two_is_refused_elsewhere_and_exact_there():
    law = catalogue["width-two-law"]
    assert law.evaluate(spectrum=[1, 3], depth=1) == Rational(1, 6)
    assert law.crosscheck(4000, 1, spectrum=[1, 3], depth=3).agrees
    with pytest.raises(HypothesisError, match="d = 3"):
        law.evaluate(spectrum=[1, 2, 3], depth=1)


def test_hitting_time():
    formula = catalogue["isometry-gap-hitting-time"]
    assert formula.evaluate(d=2, gap=4, threshold=1) == 58 + 2 * log(4)
    with pytest.raises(HypothesisError, match="S = 0"):
        formula.evaluate(spectrum=[1, 1], threshold=1)
    assert formula.crosscheck(500, 2, spectrum=[1, 5, 9], threshold=0.05).agrees


def test_inverse_moments_need_rank_three():
    formula = catalogue["row-norm-inverse-moment"]
    with pytest.raises(HypothesisError, match="rank 2"):
        formula.evaluate(spectrum=[1, 2, 0, 0])
    assert float(formula.evaluate(spectrum=[1.0] * 1000)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(
    "name", [*NAMES, "isometry-gap-rate", "paper-lemma-b1", "paper-lemma-b2", "paper-theorem-1",
             "linearised-gap-square"],
)  # fmt: skip
def test_simulations_agree(name):
    formula = catalogue[name]
    if formula.simulated:
        assert formula.crosscheck(3000, 3).agrees


def test_the_paper_s_share_is_what_the_step_before_it_leaves_of_ours():
    # A layer takes away 2/((d+2) x) of the gap, x = (1 + sqrt(2 d phi))²: what x is at most says
    # how much that is at least.
    steps = [step.claim for step in catalogue["paper-lemma-b2"].checked]
    at = next(k for k, claim in enumerate(steps) if claim.lhs == (1 + sqrt(2) / 4) ** 2)
    assert steps[at + 1].lhs * (d + 2) == 2 / steps[at].rhs


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_linearised_square_in_two_dimensions_is_an_average_over_angles(depth):
    # S = diag(s, -s) becomes s sin(2t) [[0, 1], [1, 0]], and that another s' cos(2t): each layer
    # multiplies the square of the norm by the square of a sine or cosine, of mean square 3/8.
    law = catalogue["linearised-gap-square"]
    spectrum = [Rational(1, 2), Rational(3, 2)]
    assert law.evaluate(spectrum=spectrum, depth=depth) == Rational(1, 4) * Rational(3, 8) ** depth
