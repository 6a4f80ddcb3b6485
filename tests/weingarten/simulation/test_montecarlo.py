"""estimate and crosscheck: right values pass, wrong ones do not, inputs are checked."""

import pickle

import numpy as np
import pytest
from sympy import (
    DiagMatrix,
    Eq,
    KroneckerDelta,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    S,
    Sum,
    Trace,
    Transpose,
    log,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    crosscheck,
    estimate,
)
from weingarten.simulation.evaluation import Evaluator
from weingarten.simulation.montecarlo import _Simulation
from weingarten.values.arguments import Values
from weingarten.values.facts import require

d, m, n = symbols("d m n", integer=True, positive=True)
k = symbols("k", integer=True)
x = symbols("x")
W, U, Y = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("Y", m)
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
    Y * C * Y.H * C * Y * C * Y.H,
    Trace(Y * C * Y.T * C),
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
    monkeypatch.setattr("weingarten.simulation.sampling.NUMBERS_PER_CHUNK", 9 * 100)
    parts = estimate(W[0, 0] ** 2, samples=1050, seed=1, at={d: 3})
    assert (whole.samples, parts.samples) == (1000, 1050)
    assert abs(parts.mean - whole.mean) < 4 * (parts.standard_error + whole.standard_error)
    assert parts.standard_error == pytest.approx(whole.standard_error, rel=0.15)


def test_the_same_seed_gives_the_same_numbers():
    one, two = (estimate(Trace(W * A), samples=100, seed=5, at=AT) for _ in range(2))
    assert one.mean == two.mean


def test_what_is_no_polynomial_can_be_estimated():
    assert estimate(log(W[0, 0] ** 2), samples=100, at={d: 3}).mean < 0


def test_a_constant_quantity_agrees_within_rounding():
    assert crosscheck(Trace(W * W.T * A), samples=50, at=AT)


def test_a_false_alarm_rate_is_a_probability():
    with pytest.raises(ValueError, match=r"false_alarm_rate = 2\.0"):
        crosscheck(W[0, 0] ** 2, at={d: 2}, false_alarm_rate=2.0)


R = HaarOrthogonal("R", 2)
A2 = MatrixSymbol("A2", 2, 2)
i, j = symbols("i j", integer=True)
p = symbols("p", positive=True)


def test_a_fractional_power_of_a_matrix_is_not_cut_down_to_an_integer():
    expr = Trace(R * A2 ** Rational(1, 2) * R.T)
    check = crosscheck(expr, samples=100, at={A2: [[4, 0], [0, 9]]})
    assert check
    assert check.value == pytest.approx(5)
    assert estimate(expr, samples=10, at={A2: [[4, 0], [0, 9]]}).mean == pytest.approx(5)
    assert not crosscheck(expr, samples=100, at={A2: [[4, 0], [0, 9]]}, exact=2)


V = HaarUnitary("V", 8)

# Sums that were once read with the engine's own code: their right values.
SUMS = [
    (Sum(R[i, 0] ** 2 * R[1 - i, 0] ** 2, (i, 0, 1)), {}, Rational(1, 4)),
    (
        Sum(abs(V[2 * i, 0]) ** 2 - abs(V[2 * i + 1, 0]) ** 2, (i, 0, 3)) ** 2,
        {},
        Rational(1, 9),
    ),
    (
        Sum(KroneckerDelta(i, j + 1) * W[i, 0] ** 2 * W[j, 0] ** 2, (i, 0, d - 1), (j, 0, d - 1)),
        {d: 4},
        (d - 1) / (d * (d + 2)),
    ),
    (
        Sum(KroneckerDelta(i, j) * W[j, 0] ** 2, (i, 0, 2), (j, 0, d - 1)),
        {d: 5},
        3 / d,
    ),
    (Sum(KroneckerDelta(i, 5) * W[i, 0] ** 2, (i, 0, 3)), {d: 4}, S.Zero),
    (Sum(W[i, 0] ** 2, (i, 3, 2)), {d: 4}, S.Zero),
    (Sum(W[i, 0] ** 2 * W[j, 0] ** 2, (j, 0, i - 1), (i, 0, d - 1)) * 2, {d: 3}, Rational(2, 5)),
]


@pytest.mark.parametrize(("expr", "at", "right"), SUMS, ids=str)
def test_samples_know_the_right_value_of_a_sum(expr, at, right):
    assert crosscheck(expr, samples=20_000, at=at, exact=right)
    assert not crosscheck(expr, samples=20_000, at=at, exact=right + Rational(1, 5))


def test_a_variance_has_its_value_in_at():
    H = GaussianMatrix("H", d, 2, variance=p / d)
    found = estimate(H[0, 0] ** 2, samples=20_000, at={d: 3, p: 0.6})
    assert abs(found.mean - 0.2) < 5 * found.standard_error
    B2 = MatrixSymbol("B2", 2, 2)
    K = GaussianMatrix("K", 2, 2, variance=Trace(B2))
    found = estimate(K[0, 0] ** 2, samples=20_000, at={B2: [[1, 2], [3, 1]]})
    assert abs(found.mean - 2) < 5 * found.standard_error


def test_facts_are_passed_on_to_the_exact_value():
    expr = (W * A * W.T)[0, 0] ** 2
    symmetric = AT[A] + AT[A].T
    check = crosscheck(expr, samples=4000, at={d: 4, A: symmetric}, given=Q.symmetric(A))
    assert check
    # With the fact the transpose does not occur, so that it was used, at the dimension put in.
    assert not check.exact.atoms(Transpose)
    assert crosscheck(expr, samples=4000, at=AT).exact.atoms(Transpose)
    with pytest.raises(TypeError, match="given and exact"):
        crosscheck(expr, at=AT, given=Q.symmetric(A), exact=1)


@pytest.mark.parametrize(
    "fact",
    [
        Q.symmetric(A),
        Q.diagonal(A),
        Q.orthogonal(A),
        Q.unitary(A),
        Q.real_elements(B),
        Eq(A * A, A),
    ],
    ids=str,
)
def test_a_fact_that_the_values_do_not_obey_is_refused(fact):
    values = Evaluator({A: AT[A], B: AT[B], d: 4})
    with pytest.raises(ValueError, match="does not hold of the value of"):
        require(fact, values)
    with pytest.raises(ValueError, match="does not hold of the value of"):
        require([Q.invertible(A), fact], values)
    good = Evaluator({A: np.eye(4), B: np.eye(4), d: 4})
    require(fact & Q.invertible(A), good)
    with pytest.raises(ValueError, match=r"given = Q.symmetric\(A\) does not hold"):
        crosscheck((W * A * W.T)[0, 0] ** 2, samples=100, at=AT, given=Q.symmetric(A))


def test_a_large_value_is_drawn_in_small_chunks():
    large = MatrixSymbol("large", 300, 300)
    values = Values.of({large: np.ones((300, 300))}, [large])
    assert _Simulation.of(large, values).numbers == 90_000
    assert _Simulation.of(W * A, Values.of(AT, [W * A])).numbers == 16 + 16
    wide = GaussianMatrix("H", 2, 300)
    assert _Simulation.of(Trace(wide * wide.T), Values.of({}, [wide])).numbers == 600 + 1
    assert estimate(large, samples=500, at={large: np.ones((300, 300))}).mean.sum() == 90_000


def test_a_process_may_draw():
    # What a pool of processes gets is pickled.
    simulation = _Simulation.of(W * A, Values.of(AT, [W * A]))
    again = pickle.loads(pickle.dumps(simulation))
    one, two = (run(5, np.random.default_rng(1)) for run in (simulation, again))
    np.testing.assert_array_equal(one, two)


def test_a_matrix_is_not_compared_with_a_number():
    with pytest.raises(ValueError, match=r"exact value has the shape \(\), expr \(4, 4\)"):
        crosscheck(W * A * W.T, samples=10, at=AT, exact=1)


# Scale and rounding -------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_a_wrong_value_is_caught_at_any_scale(scale):
    expr, at = (W * A * W.T)[0, 0] ** 2, {d: 4, A: AT[A] * scale}
    assert crosscheck(expr, samples=4000, at=at)
    assert not crosscheck(expr, samples=4000, at=at, exact=E(expr) * 2)
    constant = Trace(W * A * W.T)
    assert crosscheck(constant, samples=50, at=at)
    assert not crosscheck(constant, samples=50, at=at, exact=Trace(A) * (1 + Rational(1, 10**8)))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_what_cancels_agrees_with_zero_within_rounding(scale):
    expr = Trace(W * A * W.T) - Trace(A)
    # In so many samples rounding alone is tens of standard errors off.
    assert crosscheck(expr, samples=5000, at={d: 4, A: AT[A] * scale}, exact=0)
    assert not crosscheck(expr, samples=5000, at={d: 4, A: AT[A] * scale}, exact=scale * 1e-8)


# What comes back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("expr", [W[0, 0] ** 2, U * A * U.H, Trace(U * A)], ids=str)
def test_results_pickle(expr):
    check = crosscheck(expr, samples=100, at=AT)
    again = pickle.loads(pickle.dumps(check))
    assert repr(again) == repr(check)
    assert (again.z, again.passed) == (check.z, check.passed)
    np.testing.assert_array_equal(again.mean, check.mean)


def test_a_check_reads_as_one_line():
    check = crosscheck(W[0, 0] ** 2, samples=10_000, at={d: 4})
    assert repr(check).startswith("agrees: exact 0.25, estimate 0.2")
    assert repr(check).endswith("(limit 3.89, false alarms 0.0001)")
    wrong = crosscheck(W[0, 0] ** 2, samples=10_000, at={d: 4}, exact=1)
    assert repr(wrong).startswith("DISAGREES: exact 1, estimate 0.2")
    assert wrong.z < -3.9


def test_complex_roots_are_averaged_as_complex_numbers():
    found = estimate(sqrt(W[0, 0]), samples=4000, at={d: 3})
    # An entry is uniform on [-1, 1]: the mean of the root is (1 + i)/2 times 2/3.
    assert abs(found.mean - (1 + 1j) / 3) < 5 * abs(found.standard_error)
