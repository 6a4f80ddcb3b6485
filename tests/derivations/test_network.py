"""The forward pass and the isometry gap, against their definitions."""

import numpy as np
import pytest

from derivations.numeric.network import Layer, forward, isometry_gap, spectrum, unit_rows
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
    for layer in forward(np.diag([1.0, 5.0, 9.0]), 4, 2, np.random.default_rng(0)):
        assert np.allclose(np.linalg.norm(layer.output, axis=-1), 1)


def test_networks_are_independent_and_reproducible():
    def last(seed):
        *_, layer = forward(np.diag([1.0, 2.0, 3.0]), 3, 2, np.random.default_rng(seed))
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
    for layer in forward(before, 10, 5, np.random.default_rng(0)):
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


def test_unit_rows_keeps_directions():
    H = np.array([[0.0, 2.0], [3.0, 4.0]])
    assert np.allclose(unit_rows(H), [[0, 1], [0.6, 0.8]])


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
