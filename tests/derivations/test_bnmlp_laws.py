"""Networks against exact laws, exact arithmetic, and at great depth."""

import os
import tracemalloc
from fractions import Fraction
from math import log

import mpmath
import numpy as np
import pytest
from share import WHOLE

from derivations.numeric import BNMLP
from derivations.numeric.checkpoints import MEMORY
from derivations.numeric.isometry import isometry_gap


def normal(*shape, seed=1):
    return np.random.default_rng(seed).standard_normal(shape)


def z_scores(simulated, expected):
    """Mean minus expected, in standard errors, over the networks."""
    error = simulated.std(axis=0, ddof=1) / np.sqrt(len(simulated))
    return (simulated.mean(axis=0) - expected) / error


def test_squared_gradients_at_isometry_follow_their_law():
    # E‖∂L/∂W_l‖² = ½‖Y‖²(1 - 1/d)(1 + ρ^(L-1-l)), ρ = d/(d+2), for ½‖X_L - Y‖² from X_0 = 1.
    d, depth = 4, 6
    Y = normal(d, d)
    run = BNMLP(d, depth).run(np.eye(d), Y, networks=6000, seed=2)
    squares, after = np.exp(2 * run.log_gradient_norms), depth - 1 - np.arange(depth)

    def law(rate):
        return (Y**2).sum() / 2 * (1 - 1 / d) * (1 + rate**after)

    # Six comparisons at 4.5 standard errors: a true law fails one time in 25,000.
    assert np.abs(z_scores(squares, law(d / (d + 2)))).max() < 4.5
    assert np.abs(z_scores(squares, law(d / (d + 1)))).max() > 10
    assert np.abs(z_scores(squares, 1.1 * law(d / (d + 2)))).max() > 4.5


def test_a_biased_sampler_breaks_the_law():
    d = 4

    def not_haar(normals):
        return np.linalg.qr(normals + 10 * np.eye(d))[0]

    Y = normal(d, d)
    run = BNMLP(d, 4, weights=not_haar).run(np.eye(d), Y, networks=6000, seed=2)
    law = (Y**2).sum() / 2 * (1 - 1 / d) * (1 + (d / (d + 2)) ** np.arange(4)[::-1])
    assert np.abs(z_scores(np.exp(2 * run.log_gradient_norms), law)).max() > 10


def test_row_length_scales_squared_gradients_by_the_samples():
    start, labels = normal(3, 7), np.arange(7) % 3
    W = list(BNMLP(3, 4).draw(1))
    unit = BNMLP(3, 4).gradients(start, np.zeros((3, 7)), W)
    root = BNMLP(3, 4, scale="sqrt_n").gradients(start, np.zeros((3, 7)), W)
    assert np.allclose(unit, 0, atol=1e-14)  # ‖X_L‖ is fixed, whatever the weights
    assert np.allclose(root, 0, atol=1e-13)
    for net in (BNMLP(3, 4), BNMLP(3, 4, scale="sqrt_n")):
        (first, *_) = net.gradients(start, labels, W, "cross-entropy")
        assert abs((first * W[0]).sum()) < 1e-14  # nor does the scale of a layer's weights matter


@pytest.mark.parametrize("law", ["orthogonal", "gaussian"])
def test_log_norms_stay_below_the_pathwise_bound(law):
    # For orthogonal weights Σ log‖J_k‖ ≤ ½ d φ + √(d m φ / 2) over the last m layers, on every
    # path; ‖X_l‖² is at most d.
    d, depth = 6, 200
    start = normal(d, d)
    start *= np.sqrt(d) / np.linalg.norm(start)
    Y = normal(d, d)
    asked = {"J": lambda layer: -np.log(layer.row_norms.min(axis=-1)) / 2}
    run = BNMLP(d, depth, weights=law).run(start, Y, networks=20, statistics=asked)
    left, gaps = depth - np.arange(depth), run.gaps[:, :-1]
    bound = d * gaps / 2 + np.sqrt(d * left * gaps / 2)
    jacobians = np.cumsum(run.statistics["J"][:, ::-1], axis=1)[:, ::-1]
    at_output = np.log(2 * run.losses)[:, None] / 2
    chained = jacobians + at_output + np.log(d) / 2
    assert (run.log_gradient_norms <= chained + 1e-12).all()
    assert (jacobians <= bound + 1e-12).all() == (law == "orthogonal")


def determinant(rows):
    """Determinant of a square matrix of fractions, by elimination."""
    rows, value = [list(row) for row in rows], Fraction(1)
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        if pivot != k:
            rows[k], rows[pivot], value = rows[pivot], rows[k], -value
        value *= rows[k][k]
        for i in range(k + 1, len(rows)):
            ratio = rows[i][k] / rows[k][k]
            rows[i] = [a - ratio * b for a, b in zip(rows[i], rows[k], strict=True)]
    return value


def product(A, B):
    return [
        [
            sum((a * b for a, b in zip(row, col, strict=True)), Fraction(0))
            for col in zip(*B, strict=True)
        ]
        for row in A
    ]


@pytest.mark.parametrize("norm", ["rows", "batchnorm"])
@pytest.mark.parametrize("law", ["orthogonal", "gaussian"])
def test_gap_after_a_layer_by_rational_arithmetic(law, norm):
    start = normal(3, 5)
    net = BNMLP(3, 1, weights=law, norm=norm, gain=3.0, scale="sqrt_n")
    run = net.run(start, networks=4)
    (weights,) = net.draw(networks=4)
    for W, gap in zip(weights, run.gaps[:, 1], strict=True):
        H = product(
            [[Fraction(w) for w in row] for row in W], [[Fraction(x) for x in r] for r in start]
        )
        if norm == "batchnorm":
            H = [[h - sum(row, Fraction(0)) / 5 for h in row] for row in H]
        A = product(H, list(zip(*H, strict=True)))
        ratio = determinant(A) / (A[0][0] * A[1][1] * A[2][2])
        assert gap == pytest.approx(-log(ratio) / 3, rel=1e-12)


def precise_gaps(net, start, weights, digits):
    """Gaps of one network with rows of unit norm, in so many digits."""
    with mpmath.workdps(digits):
        X, gaps = mpmath.matrix(start.tolist()), []
        for W in weights:
            H = mpmath.matrix(W.tolist()) * X
            d, n = H.rows, H.cols
            if net.norm == "batchnorm":
                for i in range(d):
                    mean = mpmath.fsum(H[i, :]) / n
                    for k in range(n):
                        H[i, k] -= mean
            for i in range(d):
                norm = mpmath.sqrt(mpmath.fsum(h**2 for h in H[i, :]))
                for k in range(n):
                    H[i, k] /= norm
            X = H
            gaps.append(-mpmath.log(mpmath.det(X * X.T)) / d)
        return [float(gap) for gap in gaps]


@pytest.mark.parametrize("norm", ["rows", "batchnorm"])
def test_gaps_that_explode_keep_their_digits(norm):
    net = BNMLP(4, 80, weights="gaussian", norm=norm)
    start = normal(4, 5)
    weights = [W[0] for W in net.draw(networks=1, seed=3)]
    (gaps,) = net.run(start, networks=1, seed=3).gaps
    expected = precise_gaps(net, start, weights, 150)
    assert expected[-1] > 30  # singular values lose an eigenvalue below e^-72 of the largest
    assert np.allclose(gaps[1:], expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_gaps_that_vanish_keep_their_digits(seed):
    net = BNMLP(4, 60)
    start = normal(4, 4, seed=seed)
    weights = [W[0] for W in net.draw(networks=1, seed=3)]
    (gaps,) = net.run(start, networks=1, seed=3).gaps
    expected = np.array(precise_gaps(net, start, weights, 60))
    assert expected[-1] < 1e-7
    # Increments are good to 1e-11; a gap by itself is a square, its root off by the rounding of X.
    assert (np.abs(gaps[1:] - expected) <= 1e-11 * expected + 1e-14 * np.sqrt(expected)).all()


@pytest.mark.parametrize("norm", ["rows", "batchnorm"])
@pytest.mark.parametrize("order", ["norm-act", "act-norm"])
@pytest.mark.parametrize("activation", ["identity", "tanh", "relu"])
def test_gaps_are_those_of_the_outputs(activation, order, norm):
    depth = 2 if activation == "relu" else 12  # before it cuts off whole rows
    net = BNMLP(5, depth, norm=norm, order=order, activation=activation, weights="gaussian")
    start = normal(5, 40)
    gaps = net.run(start, networks=3).gaps
    for layer in net.layers(start, networks=3):
        assert np.allclose(gaps[:, layer.index + 1], layer.gap, rtol=1e-8, atol=1e-13)


def test_dependent_rows_have_an_infinite_gap():
    square, tall = normal(5, 5), normal(5, 4)
    assert np.isfinite(BNMLP(5, 3).run(square).gaps).all()
    assert np.isinf(BNMLP(5, 3).run(tall).gaps).all()
    centred = BNMLP(5, 3, norm="batchnorm").run(square).gaps
    assert np.isfinite(centred[:, 0]).all()
    assert np.isinf(centred[:, 1:]).all()  # the mean takes one of five dimensions
    assert np.isfinite(BNMLP(5, 3, norm="batchnorm").run(normal(5, 6)).gaps).all()
    lifted = BNMLP(5, 3, norm="batchnorm", activation="tanh", gain=2.0).run(square).gaps
    assert np.isfinite(lifted).all()  # what is bent has five again
    repeated = np.column_stack([square[:, :2], square[:, :2], square[:, :2]])
    assert np.isinf(BNMLP(5, 3).run(repeated).gaps).all()


def test_gradients_that_explode_have_finite_log_norms():
    # Few samples, mean subtracted, Gaussian weights: about ½ log((n-2)/(n-3)) per layer at great
    # width, so e^300 and more at depth 1000 here, and out of the floats at a strong gain.
    start, Y = normal(2, 20, 4)
    net = BNMLP(20, 1000, weights="gaussian", norm="batchnorm", activation="sin", gain=6.0)
    run = net.run(start, Y, networks=2, seed=0)
    assert np.isfinite(run.log_gradient_norms).all()
    assert (run.log_gradient_norms[:, 0] > 710).all()  # e^710 is no float
    assert (np.diff(run.log_gradient_norms[:, ::100], axis=1) < 0).all()
    with pytest.raises(OverflowError, match="gradient at layer 0 leaves the floats"):
        net.gradients(start, Y, list(net.draw(networks=1)))


def test_checkpoints_change_nothing(monkeypatch):
    net = BNMLP(6, 50, activation="tanh")
    start, Y = normal(2, 6, 8)
    held = net.run(start, Y, networks=3)
    monkeypatch.setattr("derivations.numeric.checkpoints.MEMORY", 1)
    again = net.run(start, Y, networks=3)
    assert np.array_equal(held.log_gradient_norms, again.log_gradient_norms)


def peak(net, start, Y, networks):
    tracemalloc.start()
    try:
        run = net.run(start, Y, networks=networks)
        return tracemalloc.get_traced_memory()[1], run
    finally:
        tracemalloc.stop()


def test_memory_grows_with_the_root_of_the_depth(monkeypatch):
    for module in ("network", "checkpoints"):
        monkeypatch.setattr(f"derivations.numeric.{module}.MEMORY", 1)
    start, Y = normal(2, 40, 10)
    peaks = {L: peak(BNMLP(40, L, weights="gaussian"), start, Y, 10)[0] for L in (64, 576)}
    # A layer of ten networks takes 192 kB, so that all would take 110 MB at depth 576.
    assert peaks[576] < 4 * peaks[64] < 15e6


def test_memory_of_a_forward_pass_does_not_grow():
    start = normal(40, 10)
    peaks = [peak(BNMLP(40, L, weights="gaussian"), start, None, 10)[0] for L in (20, 200)]
    assert peaks[1] < 1.1 * peaks[0] < 2e6


def test_a_thousand_layers_of_width_a_hundred_stay_within_their_memory():
    start, Y = normal(2, 100, 20)
    used, run = peak(BNMLP(100, 1000, weights="gaussian"), start, Y, 2)
    assert np.isfinite(run.log_gradient_norms).all()
    assert used < 1.2 * MEMORY


@pytest.mark.skipif(not os.environ.get(WHOLE), reason="takes a minute: make search runs it")
def test_width_and_depth_a_thousand_take_less_than_two_gigabytes(monkeypatch):
    # Everything a tenth as wide, and so a hundredth of the memory; see also the test above.
    monkeypatch.setattr("derivations.numeric.checkpoints.MEMORY", MEMORY // 100)
    start, Y = normal(2, 100, 100)
    net = BNMLP(100, 1000, activation="tanh", norm="batchnorm")
    used, run = peak(net, start, Y, 1)
    assert np.isfinite(run.log_gradient_norms).all()
    assert 0.5e9 < 100 * used < 2e9


def test_depth_a_thousand_of_orthogonal_weights_keeps_gradients():
    d = 20
    start, labels = normal(d, d), np.arange(d)
    run = BNMLP(d, 1000).run(start, labels, "cross-entropy", networks=4)
    assert np.isfinite(run.log_gradient_norms).all()
    assert np.ptp(run.log_gradient_norms[:, 500:]) < 3
    assert (run.gaps[:, -1] < 1e-25).all()
    assert run.gaps[0, 0] == isometry_gap(start)
