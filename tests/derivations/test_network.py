"""Layers and the isometry gap, against their definitions."""

import mpmath
import numpy as np
import pytest
from flint import fmpz_mat
from threadpoolctl import threadpool_info, threadpool_limits

from derivations.numeric.blas import blas_threads_for, one_blas_thread
from derivations.numeric.isometry import (
    SMALLEST_PIVOT,
    gap_by_pivots,
    gap_of_rows,
    isometry_gap,
    spectrum,
)
from derivations.numeric.layers import Layer, Normalisation, ZeroRowError
from derivations.numeric.network import BNMLP
from derivations.numeric.reflections import packed_shape, reflected, triangle
from derivations.numeric.weights import haar_orthogonal


def test_layer_is_batch_normalised_product():
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((4, 4)), haar_orthogonal(4, 3, rng)
    layer = Layer(X, W)
    for n in range(3):
        H = W[n] @ X
        D = np.diag(1 / np.sqrt(np.diag(H @ H.T)))
        assert np.allclose(layer.output[n], D @ H)
        assert np.allclose(layer.row_norms[n], np.diag(W[n] @ X @ X.T @ W[n].T))


def test_rows_of_the_output_are_unit_vectors():
    for layer in BNMLP(3, 4).layers(np.diag([1.0, 5.0, 9.0]), networks=2):
        assert np.allclose(np.linalg.norm(layer.output, axis=-1), 1)


def test_networks_are_independent_and_reproducible():
    def last(seed):
        *_, layer = BNMLP(3, 3).layers(np.diag([1.0, 2.0, 3.0]), networks=2, seed=seed)
        return layer.output

    assert np.array_equal(last(5), last(5))
    assert not np.allclose(last(5), last(6))
    assert not np.allclose(last(5)[0], last(5)[1])


def test_gap_by_its_definition():
    X = np.random.default_rng(0).standard_normal((5, 4, 4))
    A = X @ X.swapaxes(1, 2)
    expected = -np.log(np.linalg.det(A) ** (1 / 4) / (np.trace(A, axis1=1, axis2=2) / 4))
    assert np.allclose(isometry_gap(X), expected)


def test_gap_never_grows_over_a_layer():
    before = np.random.default_rng(1).standard_normal((6, 6))
    for layer in BNMLP(6, 10).layers(before, networks=5):
        assert (layer.gap <= isometry_gap(np.asarray(layer.X)) + 1e-12).all()


def test_gap_of_dependent_samples_is_infinite():
    X = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 5.0]])
    assert np.isinf(isometry_gap(X))
    assert np.isinf(isometry_gap(np.ones((3, 2))))


def test_small_gap_keeps_its_digits():
    X = np.diag(np.sqrt(np.array([1 + 2.0**-28, 1 - 2.0**-28])))
    assert float(isometry_gap(X)) == pytest.approx(2.0**-57, rel=1e-6)


def test_spectrum_is_that_of_the_gram_matrix():
    X = np.random.default_rng(2).standard_normal((3, 5))
    assert np.allclose(spectrum(X), np.linalg.eigvalsh(X @ X.T)[::-1])


@pytest.mark.parametrize("spread", [0, 1e-12, 1e-7, 1e-3, 0.3, 1.0])
def test_gap_by_pivots_is_that_by_singular_values(spread):
    rng = np.random.default_rng(4)
    X = np.eye(6, 9) + spread * rng.standard_normal((5, 6, 9))
    X *= rng.uniform(0.1, 10, (5, 6, 1)) if spread > 1e-3 else 1.0
    gap, smallest = gap_by_pivots(X)
    assert (smallest > SMALLEST_PIVOT).all()
    assert np.allclose(gap, isometry_gap(X), rtol=1e-10 + 1e-14 / max(spread, 1e-15), atol=1e-28)


def test_gap_by_pivots_says_where_it_knows_nothing():
    good, dependent, dead = np.eye(3), np.ones((3, 3)), np.diag([1.0, 1.0, 0.0])
    nearly = np.array([[1.0, 0.0, 0.0], [1.0, 1e-3, 0.0], [0.0, 0.0, 1.0]])
    gap, smallest = gap_by_pivots(np.array([good, dependent, dead, nearly]))
    assert list(smallest > SMALLEST_PIVOT) == [True, False, False, False]
    assert gap[0] == 0
    assert gap_by_pivots(dependent[None])[1] < 1e-14


@pytest.mark.parametrize("samples", [6, 9])
@pytest.mark.parametrize("spread", [1e-1, 1e-3, 1e-5, 1e-6, 1e-8])
def test_gap_of_rows_that_are_nearly_dependent(spread, samples):
    rng = np.random.default_rng(3)
    X = rng.standard_normal((8, 6, samples))
    X[::2, 5] = X[::2, 0] + spread * X[::2, 5]
    X[:, 3] *= 1e3
    assert np.allclose(gap_of_rows(X), isometry_gap(X), rtol=1e-13 / spread + 1e-11, atol=0)


def test_gap_of_rows_that_are_dependent_is_infinite():
    rows = np.random.default_rng(3).standard_normal((3, 4, 4))
    rows[1, 2] = rows[1, 0] - 0.3 * rows[1, 1]
    rows[2, 2] = 0
    assert np.isinf(gap_of_rows(rows)).tolist() == [False, True, True]


@pytest.mark.parametrize("spread", [1e-1, 1e-3, 1e-5, 1e-6, 1e-8])
def test_gap_of_square_rows_by_elimination(spread):
    X = np.random.default_rng(3).standard_normal((5, 40, 40))
    X[::2, 5] = X[::2, 0] + spread * X[::2, 5]
    X[:, 3] *= 1e3
    assert np.allclose(gap_of_rows(X), isometry_gap(X), rtol=1e-13 / spread + 1e-11, atol=0)


@pytest.mark.parametrize("spread", [1e-2, 1e-4, 1e-7])
def test_small_gaps_of_wide_rows_keep_their_digits(spread):
    X = np.eye(40) + spread * np.random.default_rng(4).standard_normal((3, 40, 40))
    gaps = gap_of_rows(X)
    assert np.allclose(gaps, isometry_gap(X), rtol=1e-10, atol=0)
    assert (gaps < 1e-2).all()


def test_dependent_wide_rows_have_an_infinite_gap():
    X = np.random.default_rng(5).standard_normal((3, 40, 40))
    X[1, 7] = X[1, 0] - 0.3 * X[1, 9]
    X[2, 7] = 0
    assert np.isinf(gap_of_rows(X)).tolist() == [False, True, True]


@pytest.mark.parametrize("samples", [30, 40, 60])
def test_zero_rows_in_some_of_a_stack_leave_the_others_their_gap(samples):
    X = np.random.default_rng(6).standard_normal((6, 40, samples))
    X[1, 7] = 0
    X[4] = 0
    X[2] *= 1e-100
    X[5, 3, 1:] = 0
    X[3, 2] *= 1e-9
    gaps = gap_of_rows(X)
    assert np.allclose(gaps, isometry_gap(X), rtol=1e-6, atol=0)
    assert np.isinf(gaps).tolist() == (
        [True] * 6 if samples < 40 else [k in (1, 4) for k in range(6)]
    )


def precise_gap(X):
    """Return the gap of a square matrix of floats from its determinant, which is an integer."""
    unit = 2.0 ** -int(np.frexp(np.abs(X[X != 0]).min())[1] - 53)
    rows = fmpz_mat([[int(x * unit) for x in row] for row in X])
    trace = sum(int(x) ** 2 for x in rows.entries())
    return float(mpmath.log(trace) - mpmath.log(len(X)) - mpmath.log(int(rows.det()) ** 2) / len(X))


@pytest.mark.parametrize("scale", ["unit", "sqrt_n"])
def test_gaps_with_relu_are_those_of_the_outputs(scale):
    net = BNMLP(32, 12, activation="relu", scale=scale)
    start = np.random.default_rng(7).standard_normal((32, 32))
    gaps = net.run(start, networks=3).gaps
    finite = 0
    for layer in net.layers(start, networks=3):
        for X, gap in zip(layer.output, gaps[:, layer.index + 1], strict=True):
            if not X.any(axis=1).all():
                assert gap == np.inf
            elif np.isfinite(isometry_gap(X)):
                assert gap == pytest.approx(precise_gap(X), rel=1e-11)
                finite += 1
            else:
                assert gap == np.inf
    assert 3 < finite < 33  # both kinds are met


def threads_seen(call):
    """How many threads BLAS has in the layers of a run that is allowed two."""
    seen = set()

    def note(layer):
        seen.update(i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas")
        return np.zeros(len(layer.W))

    with threadpool_limits(limits=2, user_api="blas"):
        before = {i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"}
        call(note)
        after = {i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"}
    assert before == after
    return seen


def test_a_narrow_network_holds_blas_to_one_thread():
    net, X = BNMLP(3, 2), np.diag([1.0, 2.0, 3.0])
    assert threads_seen(lambda note: net.run(X, networks=2, statistics={"n": note})) == {1}


def test_threads_are_given_back_between_layers_and_after_an_error():
    with threadpool_limits(limits=2, user_api="blas"):
        before = threadpool_info()
        steps = BNMLP(3, 2).layers(np.eye(3))
        next(steps)
        assert threadpool_info() == before
        with pytest.raises(ValueError, match="zero"):
            BNMLP(3, 2, weights=lambda normals: 0 * normals).run(np.eye(3))
        assert threadpool_info() == before


def test_wide_networks_keep_their_threads():
    with threadpool_limits(limits=2, user_api="blas"):
        before = threadpool_info()
        with blas_threads_for(1000):
            assert threadpool_info() == before
        with blas_threads_for(100), one_blas_thread(), blas_threads_for(1000):
            assert {i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"} == {1}
        assert threadpool_info() == before


def reflection(x, k):
    """Take x, whose entries before k are not looked at, to a multiple of e_k: H, and its sign."""
    v = np.where(np.arange(len(x)) < k, 0.0, x)
    sign = 1.0 if v[k] >= 0 else -1.0
    v[k] += sign * np.linalg.norm(v)
    return np.eye(len(x)) - 2 * np.outer(v, v) / (v @ v), sign


def reflections_one_by_one(lower):
    """Q = H_1 ⋯ H_d D from the definition, R's diagonal positive."""
    Q, d = np.eye(len(lower)), len(lower)
    steps = [reflection(lower[:, k], k) for k in range(d)]
    for H, _ in steps:
        Q = Q @ H
    return Q * [-sign for _, sign in steps]


@pytest.mark.parametrize("d", [1, 2, 3, 4, 7, 9, 10, 11, 31, 64])
def test_reflections_are_multiplied(d):
    packed = np.random.default_rng(d).standard_normal((3, *packed_shape(d)))
    found = reflected(packed)
    assert packed[0].size == d * (d + 1) // 2
    assert np.array_equal(np.sort(triangle(packed)[0][np.tril_indices(d)]), np.sort(packed[0].flat))
    assert np.allclose(found @ found.swapaxes(1, 2), np.eye(d), atol=1e-14 * d)
    expected = [reflections_one_by_one(lower) for lower in triangle(packed)]
    assert np.allclose(found, expected, atol=1e-13)
    assert np.array_equal(found[1], reflected(packed[1]))


@pytest.mark.parametrize("d", [4, 5])
def test_reflections_met_in_a_factorisation_give_its_factor(d):
    Z = np.random.default_rng(d).standard_normal((d, d))
    Q, R = np.linalg.qr(Z)
    left, met = Z.copy(), np.zeros((d, d))
    for k in range(d):
        met[k:, k] = left[k:, k]
        left = reflection(left[:, k], k)[0] @ left
    half = (d + 1) // 2
    packed = np.zeros(packed_shape(d))
    packed[1 - d % 2 :, :half] = met[:, :half]
    packed[: d - half, 2 * half - d :] += met[half:, half:].T  # where zeros were
    assert np.array_equal(triangle(packed), met)
    assert np.allclose(reflected(packed), Q * np.sign(np.diagonal(R)))


def test_haar_samples_have_the_moments_of_the_engine():
    from weingarten import E, HaarOrthogonal

    W, size = HaarOrthogonal("W", 4), 40_000
    drawn = haar_orthogonal(4, size, np.random.default_rng(5))
    for places in (
        ((0, 0),) * 4,
        ((0, 3), (0, 3), (1, 2), (1, 2)),
        ((0, 0), (0, 1), (1, 0), (1, 1)),
        ((3, 3), (3, 3), (2, 3), (2, 3)),
        ((2, 2), (3, 3), (2, 3), (3, 2)),
    ):
        exact, found = 1, np.ones(size)
        for row, column in places:
            exact, found = exact * W[row, column], found * drawn[:, row, column]
        assert abs(found.mean() - float(E(exact))) < 4 * found.std() / np.sqrt(size)


@pytest.mark.parametrize("centred", [False, True])
def test_normalised_rows_of_any_size_keep_their_digits(centred):
    H = np.array([[3.0, 4.0, 0.5], [1.0, -2.0, 7.0]])
    plain = Normalisation(centred)
    for size in (1e-300, 1e-170, 1e200):
        assert np.allclose(plain(size * H), plain(H), rtol=1e-14)
    assert np.allclose(plain.length(H) ** 2, (plain(H) ** 2).sum(axis=-1))


def test_a_row_that_cannot_be_normalised_is_named():
    with pytest.raises(ZeroRowError, match="row 1 of network 0 is zero"):
        Normalisation()(np.array([[1.0, 2.0], [0.0, 0.0]]))
    with pytest.raises(ZeroRowError, match="row 0 of network 2 is the same at every sample"):
        rows = np.tile([[0.1, 0.7, 0.3]], (3, 2, 1))
        rows[2, 0] = 0.1
        Normalisation(centred=True)(rows)


def test_haar_sample_is_orthogonal_with_both_signs_of_determinant():
    W = haar_orthogonal(3, 200, np.random.default_rng(0))
    assert np.allclose(W @ W.swapaxes(1, 2), np.eye(3))
    signs = np.sign(np.linalg.det(W))
    assert {-1.0, 1.0} == set(signs)


def test_haar_sample_has_mean_zero_entries_where_plain_qr_does_not():
    size = 4000
    rng = np.random.default_rng(0)
    haar = haar_orthogonal(3, size, rng)[:, 0, 0]
    plain = np.linalg.qr(rng.standard_normal((size, 3, 3)))[0][:, 0, 0]
    error = np.sqrt(1 / 3 / size)
    assert abs(haar.mean()) < 4 * error
    assert abs(plain.mean()) > 4 * error
