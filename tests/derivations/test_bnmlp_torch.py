"""Networks against PyTorch's layers, as people use them; where PyTorch is installed."""

from itertools import product

import numpy as np
import pytest

from derivations.numeric import BNMLP

torch = pytest.importorskip("torch")
EPS = 1e-14  # BatchNorm1d wants one
D, N, DEPTH, FEATURES, CLASSES = 6, 9, 4, 5, 3
RNG = np.random.default_rng(0)
X, Y, LABELS = RNG.standard_normal((FEATURES, N)), RNG.standard_normal((D, N)), np.arange(N) % 3
FIRST = RNG.standard_normal((D, FEATURES))
ACTIVATIONS = {
    "identity": torch.nn.Identity(),
    "tanh": torch.nn.Tanh(),
    "sin": torch.sin,
    "relu": torch.nn.ReLU(),
}


def linear(matrix):
    layer = torch.nn.Linear(matrix.shape[1], matrix.shape[0], bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(matrix))
    return layer


def torch_gradients(net, weights, loss):
    """Gradients by PyTorch, whose batches are samples × features."""
    layers = [linear(W) for W in weights]
    bn = torch.nn.BatchNorm1d(D, eps=EPS, affine=False, dtype=torch.float64)
    activation = ACTIVATIONS[net.activation]
    h = linear(FIRST)(torch.from_numpy(X.T))
    for layer in layers:
        if net.order == "norm-act":
            h = activation(net.gain * bn(layer(h)))
        else:
            h = bn(activation(net.gain * layer(h)))
    if loss == "squared":
        value = ((h - torch.from_numpy(Y.T)) ** 2).sum() / 2
    else:
        logits = h if net.readout is None else linear(net.readout_matrix)(h)
        value = torch.nn.functional.cross_entropy(logits, torch.from_numpy(LABELS))
    value.backward()
    return value.item(), [layer.weight.grad.numpy() for layer in layers]


@pytest.mark.parametrize(
    "loss, readout", list(product(("squared", "cross-entropy"), (None, CLASSES)))
)
@pytest.mark.parametrize("order", ["norm-act", "act-norm"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_losses_and_gradients(activation, order, loss, readout):
    net = BNMLP(
        D,
        DEPTH,
        norm="batchnorm",
        scale="sqrt_n",
        activation=activation,
        order=order,
        gain=0.8,
        first=FIRST,
        readout=readout,
    )
    target = Y if loss == "squared" else LABELS
    seed = 1 if (activation, order) == ("relu", "act-norm") else 0
    weights = [W[0] for W in net.draw(networks=1, seed=seed)]
    value, expected = torch_gradients(net, weights, loss)
    assert net.run(X, target, loss, 1, seed).losses[0] == pytest.approx(value, rel=1e-9)
    found = net.gradients(X, target, weights, loss)
    size = max(np.abs(g).max() for g in expected)
    assert np.allclose(found, expected, rtol=0, atol=1e-9 * size)
    assert not np.allclose(found, [g.T for g in expected], rtol=0, atol=1e-3 * size)


@pytest.mark.parametrize("law", ["orthogonal", "xavier"])
def test_initialisations_have_the_same_law(law):
    d, size = 4, 2000
    initialise = {
        "orthogonal": torch.nn.init.orthogonal_,
        "xavier": torch.nn.init.xavier_normal_,
    }[law]
    torch.manual_seed(0)
    theirs = np.stack([initialise(torch.empty(d, d)).numpy() for _ in range(size)]).astype(float)
    (ours,) = BNMLP(d, 1, weights=law).draw(networks=size)
    for moment in (
        lambda W: W[:, 0, 0] ** 2,
        lambda W: W[:, 0, 0] ** 4,
        lambda W: W[:, 0, 0] * W[:, 0, 1] * W[:, 1, 0] * W[:, 1, 1],
    ):
        a, b = moment(ours), moment(theirs)
        assert abs(a.mean() - b.mean()) < 4.5 * np.sqrt((a.var() + b.var()) / size)


def test_gaussian_and_xavier_are_one_law():
    (gaussian,), (xavier,) = (BNMLP(5, 1, weights=law).draw(3) for law in ("gaussian", "xavier"))
    assert np.array_equal(gaussian, xavier)


def test_log_norms_of_a_deep_network():
    net = BNMLP(D, 100, "gaussian", norm="batchnorm", scale="sqrt_n", first=FIRST, readout=CLASSES)
    run = net.run(X, LABELS, "cross-entropy", networks=1)
    _, expected = torch_gradients(net, [W[0] for W in net.draw(networks=1)], "cross-entropy")
    norms = [np.log(np.linalg.norm(g)) for g in expected]
    assert np.allclose(run.log_gradient_norms[0], norms, atol=1e-6)
