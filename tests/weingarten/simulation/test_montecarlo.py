"""estimate and crosscheck: right values pass, wrong ones do not, inputs are checked."""

import numpy as np
import pytest
from sympy import DiagMatrix, Matrix, MatrixSymbol, Sum, Trace, log, symbols

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    crosscheck,
    estimate,
)

d, m, n = symbols("d m n", integer=True, positive=True)
k = symbols("k", integer=True)
x = symbols("x")
W, U, S = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("S", m)
G = GaussianMatrix("G", d, n, variance=x)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
C = MatrixSymbol("C", 2 * m, 2 * m)
v = MatrixSymbol("v", d, 1)

RNG = np.random.default_rng(7)
AT = {
    d: 4,
    m: 2,
    n: 3,
    x: 0.5,
    A: RNG.normal(size=(4, 4)),
    B: RNG.normal(size=(4, 4)) + 1j * RNG.normal(size=(4, 4)),
    C: RNG.normal(size=(4, 4)),
    v: np.arange(4.0).reshape(4, 1),
}

EXPRESSIONS = [
    W[0, 0] ** 4,
    Trace(W * A * W.T * B),
    W * A * W.T,
    (W * A * W.T)[0, 1] ** 2,
    abs(Trace(U * A)) ** 2,
    U * A * U.H * B * U * A * U.H,
    S * C * S.H * C * S * C * S.H,
    Trace(S * C * S.T * C),
    Trace(G * G.T * A),
    x * Trace(G.T * A * G) ** 2,
    Trace(W * DiagMatrix(v) * W.T * A),
    Sum(W[0, k] ** 4, (k, 0, d - 1)),
    Matrix([[W[0, 0] ** 2, W[0, 1] * W[1, 0]]]),
]


# Each check has a false-alarm rate of 1e-4, and the seeds are fixed.
@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_the_exact_value_agrees_with_samples(expr):
    check = crosscheck(expr, samples=4000, seed=3, at=AT)
    assert check, check


@pytest.mark.parametrize("expr", EXPRESSIONS[:2] + EXPRESSIONS[3:5] + EXPRESSIONS[8:9], ids=str)
def test_a_value_that_is_off_is_caught(expr):
    exact = E(expr)
    assert not crosscheck(expr, samples=40_000, seed=3, at=AT, exact=exact * 2)


def test_a_wrong_matrix_is_caught_entry_by_entry():
    assert not crosscheck(W * A * W.T, samples=4000, at=AT, exact=A)


def test_the_standard_error_is_that_of_the_mean():
    errors = [estimate(W[0, 0] ** 2, samples=500, seed=seed, at={d: 3}) for seed in range(200)]
    means = np.array([e.mean for e in errors])
    stated = np.mean([e.standard_error for e in errors])
    # The spread of 200 means is known to 5 % (one standard deviation).
    assert abs(means.std(ddof=1) / stated - 1) < 0.2


def test_chunks_do_not_change_mean_and_error(monkeypatch):
    whole = estimate(W[0, 0] ** 2, samples=1000, seed=1, at={d: 3})
    monkeypatch.setattr("weingarten.simulation.montecarlo._NUMBERS_PER_CHUNK", 9 * 100)
    parts = estimate(W[0, 0] ** 2, samples=1000, seed=1, at={d: 3})
    assert parts.samples == whole.samples
    assert abs(parts.mean - whole.mean) < 4 * (parts.standard_error + whole.standard_error)
    assert parts.standard_error == pytest.approx(whole.standard_error, rel=0.15)


def test_the_same_seed_gives_the_same_numbers():
    one, two = (estimate(Trace(W * A), samples=100, seed=5, at=AT) for _ in range(2))
    assert one.mean == two.mean


def test_what_is_no_polynomial_can_be_estimated():
    assert estimate(log(W[0, 0] ** 2), samples=100, at={d: 3}).mean < 0


def test_a_constant_quantity_agrees_within_rounding():
    assert crosscheck(Trace(W * W.T * A), samples=50, at=AT)


@pytest.mark.parametrize(
    ("at", "error", "message"),
    [
        ({}, ValueError, "dimension d"),
        ({d: 4}, ValueError, "A has no value"),
        ({d: 3, A: np.eye(4)}, ValueError, r"A has the shape \(4, 4\); expected \(3, 3\)"),
        ({d: 4, "A": np.eye(4)}, TypeError, "'A'"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(at, error, message):
    with pytest.raises(error, match=message):
        estimate(Trace(W * A), samples=10, at=at)


@pytest.mark.parametrize("samples", [1, 0, -3])
def test_a_standard_error_needs_two_samples(samples):
    with pytest.raises(ValueError, match=f"samples = {samples}"):
        estimate(W[0, 0], samples=samples, at={d: 2})


def test_a_false_alarm_rate_is_a_probability():
    with pytest.raises(ValueError, match=r"false_alarm_rate = 2\.0"):
        crosscheck(W[0, 0] ** 2, at={d: 2}, false_alarm_rate=2.0)
