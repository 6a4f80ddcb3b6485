"""The backward formulas at numbers, against what is written out by hand, and at their edges."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Rational, Symbol, log, sqrt

from derivations import catalogue
from derivations.formula import HypothesisError
from derivations.formulas.backward_checks import same
from derivations.notation import d
from derivations.numeric import BNMLP
from derivations.numeric.gradient_statistics import target
from derivations.numeric.inverse_norms import inverse_means, inverse_means_to_digits
from derivations.numeric.montecarlo import crosscheck, input_with_spectrum
from derivations.numeric.relative import Relative
from derivations.point import Point

BACKWARD = [
    "gradient-chain",
    "bn-jacobian-norm",
    "bn-jacobian-bound",
    "bn-jacobian-bound-sharp",
    "bn-jacobian-product-bound",
    "gradient-bound",
    "gradient-isometry-step",
    "gradient-norm-at-isometry",
    "gradient-step",
    "gradient-step-weights",
]
BOUND, SHARP = catalogue["bn-jacobian-bound"], catalogue["bn-jacobian-bound-sharp"]
AT_ISOMETRY = catalogue["gradient-norm-at-isometry"]
STEP, WEIGHTS = catalogue["gradient-step"], catalogue["gradient-step-weights"]


@pytest.mark.parametrize("spectrum", [[1, 2, 3], [Rational(1, 1000), 1, 1, 50]])
@pytest.mark.parametrize("name", BACKWARD)
def test_simulation_agrees_and_no_draw_violates_a_bound(name, spectrum):
    formula = catalogue[name]
    given = {"spectrum": spectrum} if "spectrum" in formula.takes else {"d": len(spectrum)}
    given = {} if name == "bn-jacobian-norm" else given
    assert formula.crosscheck(2000, 2, **given).agrees


@pytest.mark.parametrize("name", [n for n in BACKWARD if catalogue[n].kind == "exact"])
def test_a_value_one_part_in_ten_off_is_found_out(name):
    formula = catalogue[name]
    off = replace(formula, value=lambda f, point: formula.value(f, point) * Rational(11, 10))
    if formula.against is None:
        assert not off.crosscheck(5000, 0, d=4).agrees
    else:
        wrong = replace(formula, against=lambda layer: formula.against(layer) * 1.000001)
        assert not wrong.crosscheck(100, 0).agrees


# The bound with constants.


@pytest.mark.parametrize(("width", "value"), [(10, 40.5), (100, 865), (1000, 2.39e4)])
def test_the_constant_of_the_gradient_bound(width, value):
    b = catalogue["gradient-bound"].evaluate(d=width, gap=1)
    assert b == Rational(width, 2) + sqrt(width * (width + 2)) + width * sqrt(
        Rational(width + 2, 2)
    )
    assert float(b) == pytest.approx(value, rel=2e-3)


def test_the_gradient_bound_takes_a_spectrum_of_any_scale():
    formula = catalogue["gradient-bound"]
    gap = log(Rational(5, 2)) - log(4) / 2
    by_gap = formula.evaluate(d=2, gap=gap).evalf(30)
    for scale in (1, Rational(1, 7), 10**20):
        value = formula.evaluate(spectrum=[scale, 4 * scale], digits=25)
        assert abs(value - by_gap) < 1e-24
    assert formula.evaluate(spectrum=[3, 3]) == 0
    assert formula.evaluate(d=1, gap=0) == 0


@pytest.mark.parametrize(
    "name", ["gradient-bound", "bn-jacobian-bound", "paper-lemma-c4", "paper-theorem-5"]
)
def test_a_singular_batch_is_refused_with_what_to_do(name):
    with pytest.raises(HypothesisError, match=r"2 of the 3 .* evaluate bn-jacobian-norm"):
        catalogue[name].evaluate(batch=np.ones((3, 3)))
    with pytest.raises(HypothesisError, match="linearly independent"):
        catalogue[name].evaluate(spectrum=[0, 1.0])


# Jacobians.


def test_the_jacobian_of_a_batch_is_that_of_its_shortest_feature():
    formula = catalogue["bn-jacobian-norm"]
    X = np.random.default_rng(0).standard_normal((4, 6))
    assert formula.evaluate(batch=X.T) == pytest.approx(1 / np.linalg.norm(X, axis=1).min())
    with pytest.raises(HypothesisError, match="n ≥ 2 samples"):
        formula.evaluate(batch=[[1.0, 2.0]])
    with pytest.raises(HypothesisError, match="feature 1 of the batch is zero"):
        formula.evaluate(batch=[[1.0, 0.0], [2.0, 0.0]])


@pytest.mark.parametrize("width", [1, 2, 3, 40, 1000])
@pytest.mark.parametrize("gap", [0, 1e-30, 1e-3, 1.0, 50.0])
def test_the_sharp_bound_is_below_the_plain_one_and_solves_its_equation(width, gap):
    if width == 1:
        assert SHARP.evaluate(d=1, gap=gap) == 0
        return
    plain, sharp = (float(f.evaluate(d=width, gap=gap)) for f in (BOUND, SHARP))
    assert sharp <= plain
    assert sharp == 0 if gap == 0 else sharp > 0
    if gap:
        with mpmath.workdps(120):
            root = 2 * mpmath.mpf(str(SHARP.evaluate(d=width, gap=gap, digits=60)))
            inside = (width - mpmath.exp(-root)) / (width - 1)
            left = root - (width - 1) * mpmath.log(inside)
            assert abs(left / (width * mpmath.mpf(gap)) - 1) < 1e-50


def test_the_sharp_bound_is_reached():
    # All rows but the least alike: φ falls by -Σ log a / d.
    for width, least in ((2, Rational(1, 5)), (7, Rational(1, 100))):
        other = (width - least) / (width - 1)
        gap = -(log(least) + (width - 1) * log(other)) / width
        assert abs(SHARP.evaluate(d=width, gap=gap, digits=30) + log(least).evalf(40) / 2) < 1e-28


def test_symbols_stay():
    width = Symbol("w", integer=True, positive=True)
    assert SHARP.evaluate(d=width, gap=1).free_symbols == {width}
    assert BOUND.evaluate(d=width, gap=2) == width + sqrt(width)
    assert AT_ISOMETRY.evaluate(d=2, depth=4, layer=3) == Rational(1, 2)
    with pytest.raises(ValueError, match=r"no digits while .* symbols"):
        SHARP.evaluate(d=width, gap=1, digits=20)


@pytest.mark.parametrize("law", ["orthogonal", "identity"])
def test_jacobians_of_any_orthogonal_weights_never_explode(law):
    X = np.random.default_rng(3).standard_normal((5, 5))
    weights = "orthogonal" if law == "orthogonal" else lambda normals: np.eye(5) + 0 * normals
    start = X * np.sqrt(5 / np.sum(X**2))
    total = np.zeros(20)
    layers = BNMLP(5, 50, weights=weights).layers(start, networks=20)
    for depth, layer in enumerate(layers, start=1):
        total -= np.log(layer.row_norms.min(axis=-1)) / 2
        bound = catalogue["bn-jacobian-product-bound"].evaluate(batch=X.T, depth=depth)
        assert (total <= bound + 1e-12).all()


# At isometry.


def test_gradients_at_isometry_end_to_end():
    width, depth = 3, 4
    Y = target(width, width)
    run = BNMLP(width, depth).run(np.eye(width), Y, networks=20_000, seed=5)
    squares = np.exp(2 * run.log_gradient_norms)
    for layer in range(depth):
        exact = float(AT_ISOMETRY.evaluate(d=width, depth=depth, layer=layer)) * np.sum(Y**2)
        error = squares[:, layer].std() / np.sqrt(len(squares))
        assert abs(squares[:, layer].mean() - exact) < 4 * error


def test_gradients_with_more_samples_than_features_see_the_part_in_the_row_span():
    X = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 3)))[0].T
    Y = target(3, 6)
    run = BNMLP(3, 3).run(X, Y, networks=10_000, seed=2)
    squares = np.exp(2 * run.log_gradient_norms[:, 0])
    exact = float(AT_ISOMETRY.evaluate(d=3, depth=3, layer=0)) * np.sum((Y @ X.T) ** 2)
    assert abs(squares.mean() - exact) < 4 * squares.std() / np.sqrt(len(squares))


def test_layers_that_have_no_weights_are_refused():
    with pytest.raises(HypothesisError, match="layer = 3 has no weights: the last is 2"):
        AT_ISOMETRY.evaluate(d=3, depth=3, layer=3)
    with pytest.raises(HypothesisError, match="depth = 0"):
        AT_ISOMETRY.evaluate(d=3, depth=0)
    with pytest.raises(ValueError, match="layer = 4 is out of range"):
        AT_ISOMETRY.evaluate(d=3, depth=3, layer=4)
    with pytest.raises(HypothesisError, match="d ≥ 2"):
        catalogue["gradient-isometry-step"].evaluate(d=1)


# One layer, upstream gradient without a direction.


def test_one_layer_at_isometry_loses_one_direction():
    for width, samples in ((3, 3), (5, 8)):
        given = {"spectrum": [2] * width, "n": samples, "digits": 20}
        assert abs(STEP.evaluate(**given) - (1 - Rational(1, samples)) / 2) < 1e-19
        assert abs(WEIGHTS.evaluate(**given) - Rational(width - 1, samples)) < 1e-19


SPREAD = [[1.0, 2.0, 3.0], [1e-14, 1.0, 1.0], [1.0, 1e14, 1.0], [0.0, 1.0, 2.0, 3.0], [1.0] * 999]


@pytest.mark.parametrize("formula", [STEP, WEIGHTS])
@pytest.mark.parametrize("spectrum", SPREAD)
def test_floats_are_within_their_stated_error(formula, spectrum):
    given = {"spectrum": spectrum, "n": len(spectrum)}
    value = formula.evaluate(**given)
    exact = mpmath.mpf(str(formula.evaluate(**given, digits=20)))
    error = formula.error(formula.point(**given))
    assert abs(value - exact) <= error + 1e-16 * abs(exact)
    assert error <= 1e-12 * abs(exact)


def test_inverse_means_in_pairs_are_elementary():
    first, second = inverse_means(Relative.of(np.array([0.5, 0.5, 1.5, 1.5])))
    assert float(first.value) == pytest.approx(float(np.log(3.0)), rel=1e-14)
    with mpmath.workdps(40):
        digits = inverse_means_to_digits([Rational(1, 2)] * 2 + [Rational(3, 2)] * 2, 35)
        line = mpmath.quad(lambda s: (0.25 * s + 2.25 * (1 - s)) / (1.5 - s) ** 2, [0, 1])
        assert abs(digits[0] - mpmath.log(3)) < mpmath.mpf(10) ** -34
        assert abs(digits[1] - line) < mpmath.mpf(10) ** -34
    assert float(second.value) == pytest.approx(float(line), rel=1e-13)


def test_infinite_means_are_refused():
    for spectrum, said in (
        ([1, 0], "1 eigenvalue of A is not zero"),
        ([0, 0, 1, 2], "2 eigenvalues of A are not zero"),
        ([0.0, 0.0, 1.0], "1 eigenvalue of A is not zero"),
    ):
        with pytest.raises(HypothesisError, match=f"infinite: {said}"):
            STEP.evaluate(spectrum=spectrum, n=5)


def test_one_and_two_features_are_elementary():
    assert STEP.evaluate(spectrum=[4], n=2) == Rational(1, 8)
    assert WEIGHTS.evaluate(spectrum=[4], n=2) == 0
    assert STEP.evaluate(spectrum=[1, 4], n=2) == Rational(1, 4)
    assert WEIGHTS.evaluate(spectrum=[1.0, 4.0], n=5) == 0.25
    assert abs(WEIGHTS.evaluate(spectrum=[1, 4], n=5, digits=20) - Rational(1, 4)) < 1e-19
    for formula in (STEP, WEIGHTS):
        assert formula.crosscheck(4000, 1, spectrum=[1, 4]).agrees
        assert formula.crosscheck(200, 1, batch=[[2.0], [1.0]]).agrees


def test_the_batch_says_how_many_samples_there_are():
    X = np.random.default_rng(0).standard_normal((7, 4))
    spectrum = np.linalg.svd(X, compute_uv=False) ** 2
    assert WEIGHTS.evaluate(batch=X) == pytest.approx(
        WEIGHTS.evaluate(spectrum=spectrum.tolist(), n=7), rel=1e-12
    )


# The paper.


def test_c10_is_a_misprint_and_n_minus_1_is_right():
    formula = catalogue["paper-corollary-c10"]
    assert formula.verdict.word == "misprint"
    x = np.array([1.0, 2.0, 2.0])
    jacobian = (np.eye(3) - np.outer(x, x) / 9) / 3
    found = np.isclose(np.linalg.eigvalsh(jacobian), 1 / 3).sum()
    assert found == formula.evaluate(n=3) == 2 != formula.statement.rhs.subs(d, 3)
    assert formula.evaluate(n=1) == 0


def test_c7_near_isometry_in_every_draw_and_refused_beyond():
    formula = catalogue["paper-lemma-c7"]
    spectrum = [1 + Rational(k, 40) for k in (-2, -1, 0, 1, 2)]
    bound = float(formula.evaluate(spectrum=spectrum, digits=20))
    start = input_with_spectrum(Point.of(None, spectrum))
    near = replace(formula, observe=BOUND.observe, every_draw=True)
    (row,) = crosscheck([near], [start], 2000, 0)
    assert row.agrees and row.mean < bound / 2
    assert formula.evaluate(d=4, gap=Rational(1, 64)) == Rational(1, 2)
    with pytest.raises(HypothesisError, match=r"at most 1/\(16 d\) = 1/64.*bn-jacobian-bound"):
        formula.evaluate(d=4, gap=Rational(1, 63))


def test_c8_and_c11_at_the_least_eigenvalue():
    assert catalogue["paper-lemma-c8"].evaluate(spectrum=[3.0, 0.5, 2.0]) == 2.0
    assert catalogue["paper-lemma-c11"].evaluate(spectrum=[3.0, 0.0, 2.0]) == 0.0
    with pytest.raises(HypothesisError):
        catalogue["paper-lemma-c8"].evaluate(spectrum=[0, 1])


def test_c5_is_zero_up_to_its_threshold():
    formula = catalogue["paper-lemma-c5"]
    assert formula.evaluate(d=3, gap=Rational(1, 48)) == 0
    assert formula.evaluate(d=3, gap=Rational(1, 47)) == 512 * 81 * Rational(1, 47) ** 2


def test_c6_stops_with_the_network():
    formula = catalogue["paper-lemma-c6"]
    assert formula.evaluate(d=3, gap=1, depth=0) == 0
    deep = formula.evaluate(d=3, gap=1.0, depth=10**6)
    assert deep == pytest.approx(32 * 3**4.5)


def test_theorem_5_for_any_number_of_samples():
    formula = catalogue["paper-theorem-5"]
    assert formula.evaluate(d=10, gap=1) == 50_000
    X = np.random.default_rng(0).standard_normal((6, 4))
    assert formula.crosscheck(500, 0, batch=X).agrees


@pytest.mark.parametrize(
    ("name", "at_least"),
    [("c3", 10), ("c4", 2), ("c5", 1000), ("c6", 1), ("theorem-5", 4000)],
)
def test_how_much_sharper_it_gets(name, at_least):
    formula = catalogue[f"paper-{'' if name.startswith('t') else 'lemma-'}{name}"]
    point = Point.of(10, gap=1, depth=100)
    assert formula.verdict.sharper.factor(point) >= at_least


@pytest.mark.parametrize("name", [n for n in catalogue if n.startswith("paper-")])
def test_factors_are_never_below_one(name):
    sharper = catalogue[name].verdict.sharper
    if sharper is None or sharper.factor is None or "c" not in name.split("-")[-1][:1]:
        return
    for width in (2, 3, 30):
        for gap in (Rational(1, 10**6), Rational(1, 100), 1, 20):
            for depth in (1, 10, 10**5):
                point = Point.of(width, gap=gap, depth=depth)
                factor = None if catalogue[name].failing(point) else sharper.factor(point)
                assert factor is None or factor >= 1, (width, gap, depth)


def test_equality_at_numbers_sees_small_differences():
    x = Symbol("x", positive=True)
    assert same(sqrt(x) ** 2, x)
    assert not same(x, x * (1 + Rational(1, 10**12)))
