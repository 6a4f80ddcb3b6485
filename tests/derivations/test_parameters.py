"""The arguments of a formula: which it takes, what they may be, what is said of others."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq, Rational, Symbol, log, oo, sqrt, symbols

from derivations import catalogue
from derivations.formula import Hypothesis, HypothesisError
from derivations.notation import L, Mean, X, X_next, alpha, d, iso, l, n, phi, phi_0, q, r
from derivations.parameters import PARAMETERS, SCALARS
from derivations.point import Point

MEAN = catalogue["row-norm-mean"]
BATCH = np.random.default_rng(0).standard_normal((5, 3))


def of(value, **fields):
    return replace(MEAN, statement=Eq(Mean(phi(X_next)), value, evaluate=False), **fields)


def test_a_formula_takes_what_its_letters_say():
    assert catalogue["entry-same-row"].takes == ("d", "digits")
    assert MEAN.takes == ("d", "spectrum", "batch", "digits")
    assert of(n * phi_0 * q / L).takes == (
        "d", "spectrum", "batch", "n", "gap", "depth", "q", "digits",
    )  # fmt: skip
    assert of(phi(X) + alpha + l + r).takes == (
        "d", "spectrum", "batch", "gap", "layer", "r", "alpha", "digits",
    )  # fmt: skip
    assert of(iso(X) * d, arguments=("batch",)).takes == ("batch", "digits")
    assert "gap" not in catalogue["isometry-gap-step"].takes


@pytest.mark.parametrize("name", ["spectrum", "batch", "n", "gap", "depth", "alpha"])
@pytest.mark.parametrize("method", ["evaluate", "crosscheck"])
def test_an_argument_that_is_not_taken_is_refused_by_name(name, method):
    call = getattr(catalogue["entry-same-row"], method)
    with pytest.raises(TypeError, match=f"^entry-same-row takes no {name}; it takes d and digits$"):
        call(**{name: PARAMETERS[name].example})


def test_an_unknown_argument_is_refused_with_the_one_that_was_meant():
    with pytest.raises(TypeError, match=r"'spectra'; did you mean spectrum\?"):
        MEAN.evaluate(spectra=[1, 2])
    with pytest.raises(TypeError, match="'zzz'; known: d, spectrum, batch, n, gap"):
        MEAN.evaluate(zzz=1)


def test_what_is_not_given_stays_a_symbol():
    formula = of(n * phi_0 / L)
    assert formula.evaluate() == n * phi_0 / L
    assert formula.evaluate(n=6, depth=3) == 2 * phi_0
    assert formula.evaluate(n=6, depth=3, gap=Rational(1, 2)) == 1
    assert formula.evaluate(n=6, depth=3, gap=0.5) == 1.0
    assert isinstance(formula.evaluate(n=6, depth=3, gap=0.5), float)
    m = Symbol("m", integer=True)
    assert formula.evaluate(n=m, depth=m, gap=1) == 1


BAD = {
    "n": [(0, ValueError, "out of range"), (2.0, TypeError, "write n=2"), ("2", TypeError, "'2'")],
    "gap": [
        (-1, ValueError, "gap = -1 is negative; expected one that is not negative, such as gap=1"),
        (float("nan"), ValueError, "not finite"),
        (oo, ValueError, "not finite"),
        (1j, TypeError, "not real"),
        ("1", TypeError, "not a number"),
        (True, TypeError, "not a number"),
    ],
    "depth": [(-1, ValueError, "depth = -1 is out of range; expected an integer of at least 0")],
    "layer": [(-1, ValueError, "out of range"), (0.5, TypeError, "not an integer")],
    "q": [(-2, ValueError, "out of range"), (Rational(1, 2), TypeError, "not an integer")],
    "r": [(-2, ValueError, "out of range")],
    "alpha": [
        (0, ValueError, "alpha = 0 is zero; expected a positive one"),
        (-1.0, ValueError, ""),
    ],
    "exponent": [(-0.1, ValueError, "negative")],
    "threshold": [(0, ValueError, "threshold = 0 is zero"), (-1, ValueError, "")],
}


@pytest.mark.parametrize(
    ("name", "value", "error", "says"),
    [(name, *case) for name, cases in BAD.items() for case in cases],
)
def test_a_number_that_cannot_be_is_refused(name, value, error, says):
    with pytest.raises(error, match=rf"{name} = .*{says}|{says}"):
        Point.of(4, **{name: value})


def test_every_single_number_has_a_bad_value_and_a_good_example():
    assert set(BAD) == set(SCALARS)
    for name in SCALARS:
        assert Point.of(4, **{name: PARAMETERS[name].example}).has(name)


def test_a_layer_lies_within_the_depth():
    with pytest.raises(ValueError, match=r"layer = 4 is out of range; .* the depth, 3"):
        Point.of(2, layer=4, depth=3)
    assert Point.of(2, layer=3, depth=3)["layer"] == 3


def test_a_batch_is_samples_by_features():
    A = BATCH.T @ BATCH
    assert MEAN.evaluate(batch=BATCH) == pytest.approx(np.trace(A) / 3)
    assert MEAN.evaluate(3, batch=BATCH.tolist()) == pytest.approx(np.trace(A) / 3)
    point = Point.of(batch=BATCH)
    assert (point.width, point["n"], point.exact) == (3, 5, False)
    assert sorted(point.floats()) == pytest.approx(sorted(np.linalg.eigvalsh(A)))


def test_a_batch_may_be_a_frame_or_a_tensor():
    class Frame:
        def __array__(self, dtype=None, copy=None):
            return BATCH

    assert MEAN.evaluate(batch=Frame()) == MEAN.evaluate(batch=BATCH)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"batch": BATCH, "d": 4}, "batch has 3 features but d = 4; expected as many, or carry it"),
        ({"batch": BATCH, "spectrum": [1, 2, 3]}, "spectrum and batch both give the input"),
        ({"batch": [1.0, 2.0]}, r"batch has shape \(2,\): expected a matrix"),
        ({"batch": [["a"]]}, "batch is not numeric"),
        ({"batch": [[np.nan]]}, r"batch\[0, 0\] = nan: expected finite"),
        ({"batch": np.zeros((2, 2))}, "batch is zero everywhere"),
    ],
)
def test_a_batch_that_cannot_be_used_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        MEAN.evaluate(**given)


def test_the_gap_is_given_once():
    with pytest.raises(ValueError, match="gap and spectrum both say what the gap is"):
        of(phi_0).evaluate(spectrum=[1, 2], gap=1)
    with pytest.raises(ValueError, match="gap and batch both say what the gap is"):
        of(phi_0).evaluate(batch=BATCH, gap=1)
    with pytest.raises(ValueError, match="batch has 5 samples but n = 4"):
        of(phi_0 * n).evaluate(batch=BATCH, n=4)


def test_gap_and_isometry_follow_from_a_spectrum():
    u, v = symbols("u v", positive=True)
    for letter in (phi_0, phi(X)):
        assert of(letter).evaluate(spectrum=[1, 4]) == log(Rational(5, 2)) - log(4) / 2
        assert of(letter).evaluate(spectrum=[1.0, 4.0]) == pytest.approx(np.log(1.25), rel=1e-15)
        assert of(letter).evaluate(gap=3) == 3
    assert of(iso(X)).evaluate(spectrum=[1, 4]) == Rational(4, 5)
    assert of(iso(X)).evaluate(spectrum=[u, v]) == sqrt(u * v) / (u / 2 + v / 2)
    assert of(iso(X)).evaluate(gap=log(2)) == Rational(1, 2)
    assert of(iso(X)).evaluate(spectrum=[1e-14, 1.0, 1.0]) == pytest.approx(
        np.exp(np.log(1e-14) / 3 - np.log(2 / 3)), rel=1e-14
    )


def test_eigenvalues_of_mean_one_may_have_any_scale():
    formula = replace(catalogue["row-norm-variance"], mean_one=True)
    values = {formula.evaluate(spectrum=[scale, 3 * scale]) for scale in (1, 7, Rational(1, 3))}
    assert values == {
        catalogue["row-norm-variance"].evaluate(spectrum=[Rational(1, 2), Rational(3, 2)])
    }


def test_a_spectrum_of_zeros_is_none():
    with pytest.raises(ValueError, match="spectrum is zero everywhere"):
        MEAN.evaluate(spectrum=[0, 0])


def test_a_hypothesis_that_fails_says_what_still_holds_and_what_to_evaluate():
    with pytest.raises(HypothesisError) as caught:
        catalogue["isometry-gap-step"].evaluate(batch=BATCH.T[:2] @ BATCH)
    assert "isometry-gap-step does not apply: it needs d linearly independent samples" in str(
        caught.value
    )
    assert "evaluate row-norm-mean or row-norm-variance" in str(caught.value)


def test_every_formula_named_in_place_of_another_exists():
    for formula in catalogue.values():
        for hypothesis in formula.hypotheses:
            assert set(hypothesis.instead) <= set(catalogue), formula.name
    assert Hypothesis("anything").failure(Point.of(2)) == ""


def test_points_with_numbers_can_be_sent_to_another_process():
    point = Point.of(3, depth=4, gap=0.5)
    copy = pickle.loads(pickle.dumps(point))
    assert copy == point and copy["depth"] == 4 and not copy.exact


def test_a_large_float_spectrum_is_quick():
    values = np.random.default_rng(1).exponential(size=1000)
    found = catalogue["row-norm-variance"].evaluate(spectrum=values)
    p1, p2 = values.sum(), (values**2).sum()
    assert found == pytest.approx(2 * (1000 * p2 - p1**2) / (1000**2 * 1002), rel=1e-12)
