"""Means and errors: of chunks as of the whole, of real and imaginary parts each for itself."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from weingarten.simulation import sampling
from weingarten.simulation.results import Crosscheck, Estimate
from weingarten.simulation.sampling import sampled
from weingarten.simulation.statistics import Moments

RNG = np.random.default_rng(0)


def _same(one, two):
    assert one.count == two.count
    np.testing.assert_allclose(one.mean, two.mean, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.squares, two.squares, rtol=1e-9, atol=1e-9)


def _draws(kind, count):
    real = RNG.normal(size=(count, 2, 3)) * [1, 10, 100]
    return real if kind == "real" else real + 1j * RNG.normal(size=(count, 2, 3)) + 7j


# Accumulator --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["real", "complex"])
def test_mean_and_error_are_those_of_numpy(kind):
    draws = _draws(kind, 50)
    found = Moments.of(draws)
    np.testing.assert_allclose(found.mean, draws.mean(axis=0))
    np.testing.assert_allclose(
        found.standard_error.real, draws.real.std(axis=0, ddof=1) / np.sqrt(50)
    )
    if kind == "complex":
        np.testing.assert_allclose(
            found.standard_error.imag, draws.imag.std(axis=0, ddof=1) / np.sqrt(50)
        )
    else:
        assert not np.iscomplexobj(found.standard_error)


def test_two_draws_have_the_error_of_their_difference():
    # ddof = 1: half the distance. With ddof = 0 it would be smaller by the root of 2.
    assert Moments.of([1.0, 3.0]).standard_error == 1.0


@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.sampled_from(["real", "complex"]))
def test_chunks_add_up_to_the_whole(sizes, kind):
    draws = _draws(kind, sum(sizes))
    parts = np.split(draws, np.cumsum(sizes)[:-1])
    _same(sum((Moments.of(part) for part in parts), Moments()), Moments.of(draws))


def test_the_spread_between_chunks_counts():
    # Each chunk is constant: all of the spread lies between them.
    whole = Moments.of(np.full(10, 0.0)) + Moments.of(np.full(10, 2.0))
    assert whole.standard_error == pytest.approx(np.sqrt(20 / 19 / 20))
    both = Moments.of(np.full(10, 1j)) + Moments.of(np.full(10, 3j))
    assert both.standard_error == pytest.approx(1j * np.sqrt(20 / 19 / 20))


def test_addition_is_associative_and_has_a_zero():
    a, b, c = (Moments.of(_draws("complex", n)) for n in (3, 5, 2))
    _same((a + b) + c, a + (b + c))
    _same(a + b, b + a)
    _same(Moments() + a, a)
    _same(a + Moments(), a)
    assert (Moments() + Moments()).count == 0


def test_a_chunk_may_be_real_where_another_is_complex():
    draws = np.array([1.0, 2.0, 3.0, 1j, 2 + 1j])
    _same(Moments.of(draws[:3].real) + Moments.of(draws[3:]), Moments.of(draws))
    _same(Moments.of(draws[3:]) + Moments.of(draws[:3].real), Moments.of(draws))


def test_a_large_mean_does_not_hide_the_spread():
    values = RNG.standard_normal(1000) + 1e9
    merged = Moments.of(values[:300]) + Moments.of(values[300:])
    assert merged.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(1000), rel=1e-6)


def test_moments_pickle():
    moments = Moments.of(_draws("complex", 4))
    _same(pickle.loads(pickle.dumps(moments)), moments)


def test_one_draw_has_no_error():
    with pytest.raises(ValueError, match="1 draws have no standard error"):
        _ = Moments.of([1.0]).standard_error


# The loop -----------------------------------------------------------------------------------------


def _uniform(count, rng):
    return rng.random((count, 2))


def test_the_loop_draws_as_many_as_asked_in_chunks_of_the_size_given(monkeypatch):
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 200)
    done = []
    total = sampled(_uniform, 250, 0, 2, progress=done.append)
    assert (total.count, done) == (250, [100, 100, 50])
    assert sampled(_uniform, 5, 0, 10**9).count == 5


def test_no_chunk_repeats_the_numbers_of_another(monkeypatch):
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 10)
    seen = []

    def noted(count, rng):
        values = rng.random(count)
        seen.extend(values.tolist())
        return values

    sampled(noted, 100, 0, 1)
    assert len(set(seen)) == 100


def test_the_result_depends_on_the_seed_and_not_on_the_executor(monkeypatch):
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 20)
    alone = sampled(_uniform, 105, 4, 2)
    with ThreadPoolExecutor(3) as threads:
        together = sampled(_uniform, 105, 4, 2, executor=threads)
    np.testing.assert_array_equal(alone.mean, together.mean)
    np.testing.assert_array_equal(alone.squares, together.squares)
    assert (sampled(_uniform, 105, 5, 2).mean != alone.mean).all()


def test_the_stated_error_covers_the_truth_as_often_as_it_says():
    z = []
    for seed in range(400):
        found = sampled(_uniform, 50, seed, 1)
        z.append((found.mean[0] - 0.5) / found.standard_error[0])
    # Student's law with 49 degrees of freedom: standard deviation 1.02.
    assert abs(np.std(z) - 1.02) < 0.12
    assert abs(np.mean(np.abs(z) > 1.96) - 0.056) < 0.04


# The verdict --------------------------------------------------------------------------------------


def check(value, mean, error, **more):
    return Crosscheck(value, Estimate(mean, error, 100, 0), **more)


def test_z_has_the_sign_of_the_difference():
    assert check(1.0, 1.3, 0.1).z == pytest.approx(3)
    assert check(1.0, 0.7, 0.1).z == pytest.approx(-3)
    assert check(np.zeros(2), np.array([1.0, -4.0]), np.ones(2)).z == -4


@pytest.mark.parametrize(
    ("mean", "error", "agrees"),
    [(1.403, 0.1, True), (1.408, 0.1, False), (float("nan"), 0.1, False), (1.1, 0.0, False),
     (1.0, 0.0, True), (0.592, 0.1, False), (0.597, 0.1, True)],
)  # fmt: skip
def test_the_verdict_is_that_of_the_limit(mean, error, agrees):
    assert check(1.0, mean, error).passed is agrees
    assert check(1.0, mean, error).agrees is agrees
    assert bool(check(1.0, mean, error)) is agrees


def test_an_imaginary_part_is_compared():
    right = check(1 + 1j, 1.1 + 1.1j, 0.1 + 0.1j)
    assert right
    assert not check(1 + 1j, 1 + 1.5j, 0.1 + 0.1j)
    assert not check(1 + 1j, 1.5 + 1j, 0.1 + 0.1j)
    assert not check(1 + 0.5j, 1.0, 0.1)  # a real mean beside a complex value
    # Its error is its own, not that of the real part.
    assert not check(0j, 0.5j, 1 + 0.1j)
    assert check(0j, 0.5j, 0.1 + 1j)


def test_more_comparisons_widen_the_limit():
    rate = 1e-4
    one, many = check(0.0, 0.0, 1.0), check(np.zeros(50), np.zeros(50), np.ones(50))
    assert one.threshold == pytest.approx(student.isf(rate / 2, 99))
    assert many.threshold == pytest.approx(student.isf(rate / 100, 99))
    both = check(0j, 0j, 1 + 1j)
    assert both.threshold == pytest.approx(student.isf(rate / 4, 99))
    assert check(np.zeros(50), np.r_[4.5, np.zeros(49)], np.ones(50))
    assert not check(0.0, 4.5, 1.0)


def test_many_right_entries_fail_together_as_seldom_as_stated():
    rng = np.random.default_rng(1)
    means = rng.standard_normal((1000, 40))
    failed = [not check(np.zeros(40), mean, np.ones(40), false_alarm_rate=0.05) for mean in means]
    # Binomial around 0.049 with standard deviation 0.007; without the correction it is 0.87.
    assert abs(np.mean(failed) - 0.049) < 0.03


def test_a_difference_that_is_rounding_is_none():
    assert check(1.0, 1.0 + 1e-13, 1e-15, rounding=1e-12).z == 0
    assert not check(1.0, 1.0 + 1e-11, 1e-15, rounding=1e-12)
    assert not check(1.0, 1.5, 0.1, rounding=1e-12)


def test_a_row_of_the_table_names_formula_and_input():
    row = check(1.0, 1.0, 0.1, formula="row-norm-mean", where="first layer")
    assert (row.mean, row.standard_error, row.exact) == (1.0, 0.1, 1.0)
    assert repr(row).startswith("row-norm-mean at first layer: agrees: exact 1,")
