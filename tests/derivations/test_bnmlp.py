"""Networks forwards and backwards, against their definition."""

import pickle
from itertools import product

import naive_network as naive
import numpy as np
import pytest

from derivations.numeric import BNMLP

RNG = np.random.default_rng(0)
X = RNG.standard_normal((3, 5))
WIDE = RNG.standard_normal((4, 5))
WEIGHTS = list(RNG.standard_normal((3, 3, 3)))
TARGETS = {"squared": RNG.standard_normal((3, 5)), "cross-entropy": np.array([0, 1, 1, 0, 1])}


def shrinking(layer):
    return 1.5 / (layer + 1)


CHOICES = {
    "norm": ("rows", "batchnorm"),
    "scale": ("unit", "sqrt_n"),
    "activation": ("identity", "tanh", "sin", "relu"),
    "order": ("norm-act", "act-norm"),
    "gain": (1.0, -0.7, shrinking),
    "first": (None, RNG.standard_normal((3, 4))),
    "readout": (None, 2),
}


def networks():
    for values in product(*CHOICES.values()):
        yield BNMLP(3, 3, **dict(zip(CHOICES, values, strict=True)))


def batch(net):
    return X if net.first is None else WIDE


@pytest.mark.parametrize("loss", TARGETS)
def test_gradients_of_every_kind_of_network_by_complex_steps(loss):
    checked = 0
    for net in networks():
        try:
            found = net.gradients(batch(net), TARGETS[loss], WEIGHTS, loss)
        except ValueError as zero:  # a row that ReLU cut off, of which BN is undefined
            assert "relu(gain · W X)" in str(zero)
            assert np.isnan(naive.output(net, batch(net), WEIGHTS)).any()
            continue
        expected = naive.gradients(net, batch(net), TARGETS[loss], WEIGHTS, loss)
        size = max(np.abs(g).max() for g in expected)
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-13 * max(size, 1)), net
        checked += 1
    assert checked > 350


def test_relu_by_finite_differences():
    net = BNMLP(3, 3, activation="relu", norm="batchnorm")
    (found, *_), step = net.gradients(X, TARGETS["squared"], WEIGHTS), 1e-6
    for i, j in np.ndindex(3, 3):
        moved = [[W.copy() for W in WEIGHTS] for _ in range(2)]
        moved[0][0][i, j] += step
        moved[1][0][i, j] -= step
        up, down = (naive.loss(net, X, TARGETS["squared"], W, "squared") for W in moved)
        assert found[i, j] == pytest.approx((up - down) / (2 * step), abs=1e-7)


def test_a_wrong_gradient_is_seen():
    net = BNMLP(3, 3, norm="batchnorm")
    other = BNMLP(3, 3, norm="batchnorm", scale="sqrt_n")
    expected = naive.gradients(net, X, TARGETS["squared"], WEIGHTS, "squared")
    assert not np.allclose(other.gradients(X, TARGETS["squared"], WEIGHTS), expected, rtol=1e-3)


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("law", ["orthogonal", "gaussian", "xavier"])
def test_run_agrees_with_gradients_for_the_same_weights(law, loss):
    net = BNMLP(3, 6, weights=law, activation="tanh", norm="batchnorm", readout=2)
    run = net.run(X, TARGETS[loss], loss, networks=4, seed=7)
    weights = list(net.draw(networks=4, seed=7))
    gradients = net.gradients(X, TARGETS[loss], weights, loss)
    norms = [np.linalg.norm(g, axis=(1, 2)) for g in gradients]
    assert np.allclose(run.log_gradient_norms, np.log(norms).T, rtol=0, atol=1e-13)
    assert np.allclose(run.losses, naive.loss(net, X, TARGETS[loss], weights, loss), rtol=1e-13)


def test_stacks_of_weights_are_networks():
    net = BNMLP(3, 2)
    weights = list(net.draw(networks=5, seed=1))
    together = net.gradients(X, TARGETS["squared"], weights)
    for k in range(5):
        alone = net.gradients(X, TARGETS["squared"], [W[k] for W in weights])
        assert all(np.array_equal(a, t[k]) for a, t in zip(alone, together, strict=True))


def test_layers_are_those_of_the_definition():
    net = BNMLP(3, 4, activation="sin", gain=shrinking, order="act-norm", scale="sqrt_n")
    *_, last = net.layers(X, networks=6, seed=3)
    assert np.allclose(last.output, naive.output(net, X, list(net.draw(6, 3))), rtol=1e-12)


def test_a_gain_of_the_layer_counts_from_zero():
    asked = []
    BNMLP(3, 4, gain=lambda layer: asked.append(layer) or 1.0).run(X, networks=1)
    assert asked == [0, 1, 2, 3]


def test_laws_of_the_weights():
    for law, fourth in (("orthogonal", 3 / (4 * 6)), ("gaussian", 3 / 16), ("xavier", 3 / 16)):
        (W,) = BNMLP(4, 1, weights=law).draw(networks=20_000)
        assert (W**2).mean() == pytest.approx(1 / 4, rel=0.01)
        assert (W**4).mean() == pytest.approx(fourth, rel=0.02)
        assert bool(np.allclose(W @ W.swapaxes(1, 2), np.eye(4))) == (law == "orthogonal")


def test_weights_of_ones_own():
    def identity(normals):
        return np.broadcast_to(np.eye(3), normals.shape)

    run = BNMLP(3, 2, weights=identity).run(np.diag([1.0, 2.0, 3.0]), networks=2)
    assert np.allclose(run.gaps[:, 1:], 0)
    assert run.gaps[0, 0] > 0.1


def test_readout_has_orthonormal_rows_and_does_not_change():
    net = BNMLP(6, 1, readout=4)
    assert np.allclose(net.readout_matrix @ net.readout_matrix.T, np.eye(4))
    assert np.array_equal(net.readout_matrix, BNMLP(6, 9, readout=4).readout_matrix)


def test_same_seed_same_numbers_however_many_networks_run_together(monkeypatch):
    net = BNMLP(100, 3, activation="tanh", weights="gaussian")
    start, goal = RNG.standard_normal((2, 100, 7))
    ten = net.run(start, goal, networks=10, seed=4)
    three = net.run(start, goal, networks=3, seed=4)
    monkeypatch.setattr("derivations.numeric.network._BLOCK", 1)
    alone = net.run(start, goal, networks=10, seed=4)
    for name in ("gaps", "log_gradient_norms", "losses"):
        assert np.array_equal(getattr(ten, name), getattr(alone, name))
        assert np.array_equal(getattr(ten, name)[:3], getattr(three, name))
    other = net.run(start, goal, networks=3, seed=5)
    assert not np.isclose(other.losses, three.losses).any()
    assert len(set(ten.losses)) == 10


def test_small_networks_share_streams_and_keep_their_numbers(monkeypatch):
    net = BNMLP(3, 4)
    many = net.run(X, TARGETS["squared"], networks=4000)
    monkeypatch.setattr("derivations.numeric.network._BLOCK", 1)
    blocks = net.run(X, TARGETS["squared"], networks=4000)
    assert np.array_equal(many.log_gradient_norms, blocks.log_gradient_norms)
    assert np.array_equal(many.gaps[:30], net.run(X, networks=30).gaps)


def test_statistics_are_asked_at_every_layer():
    net = BNMLP(3, 4)
    asked = {
        "index": lambda layer: np.full(len(layer.W), layer.index),
        "trace": lambda layer: np.einsum("kij,kij->k", layer.output, layer.output),
        "norms": lambda layer: layer.row_norms,
    }
    run = net.run(X, networks=2, statistics=asked)
    assert np.array_equal(run.statistics["index"], [[0, 1, 2, 3]] * 2)
    assert np.allclose(run.statistics["trace"], 3)
    assert run.statistics["norms"].shape == (2, 4, 3)


def test_without_a_target_nothing_runs_backwards():
    run = BNMLP(3, 4).run(X, networks=2)
    assert run.log_gradient_norms is None
    assert run.losses is None
    assert np.array_equal(run.gaps, BNMLP(3, 4).run(X, TARGETS["squared"], networks=2).gaps)


def test_results_and_networks_can_be_pickled():
    net = BNMLP(3, 4, gain=shrinking, first=CHOICES["first"][1], readout=2)
    run = pickle.loads(pickle.dumps(net)).run(WIDE, TARGETS["cross-entropy"], "cross-entropy")
    again = pickle.loads(pickle.dumps(run))
    assert np.array_equal(again.log_gradient_norms, run.log_gradient_norms)
    with pytest.raises(AttributeError):
        run.gaps = None


def test_progress_counts_layers():
    done = []
    BNMLP(3, 5).run(X, progress=done.append)
    assert sum(done) == 5
