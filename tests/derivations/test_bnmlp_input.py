"""Bad input to a network: one line that names it."""

import re

import numpy as np
import pytest

from derivations.numeric import BNMLP

X = np.random.default_rng(0).standard_normal((3, 5))
Y = np.zeros((3, 5))
LABELS = np.array([0, 1, 2, 1, 0])
NET = BNMLP(3, 2)
W = [np.eye(3), np.eye(3)]


def text_of(error, call):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "given, error, words",
    [
        ({"width": 0}, ValueError, "width = 0: expected an integer, at least 1"),
        ({"width": 2.5}, TypeError, "width = 2.5: expected an integer"),
        ({"depth": -1}, ValueError, "depth = -1"),
        ({"depth": True}, TypeError, "depth = True"),
        ({"weights": "haar"}, ValueError, "weights = 'haar': expected 'orthogonal' or 'gaussian'"),
        ({"norm": "layer"}, ValueError, "norm = 'layer': expected 'rows' or 'batchnorm'"),
        ({"scale": 1}, ValueError, "scale = 1: expected 'unit' or 'sqrt_n'"),
        ({"activation": "gelu"}, ValueError, "activation = 'gelu': expected 'identity' or 'tanh'"),
        ({"order": "post"}, ValueError, "order = 'post': expected 'norm-act' or 'act-norm'"),
        ({"gain": 0}, ValueError, "gain = 0: expected a finite number other than zero"),
        ({"gain": float("nan")}, ValueError, "gain = nan"),
        ({"gain": "2"}, TypeError, "gain = '2': expected a finite number"),
        ({"first": np.ones((2, 4))}, ValueError, r"first has shape \(2, 4\): expected \(3, fea"),
        ({"first": np.full((3, 4), np.inf)}, ValueError, r"first\[0, 0\] = inf: expected finite"),
        ({"readout": 4}, ValueError, "readout = 4: expected at most width = 3 classes"),
        ({"readout": np.eye(3)}, TypeError, "readout = .*expected an integer"),
    ],
)
def test_arguments_of_a_network(given, error, words):
    assert re.search(words, text_of(error, lambda: BNMLP(**{"width": 3, "depth": 2, **given})))


@pytest.mark.parametrize(
    "given, error, words",
    [
        (
            {"X": X[:2]},
            ValueError,
            r"X has shape (2, 5): expected (3, samples), features × samples",
        ),
        ({"X": X[0]}, ValueError, "X has shape (5,): expected a matrix"),
        ({"X": np.where(X[1, 2] == X, np.nan, X)}, ValueError, "X[1, 2] = nan: expected finite"),
        ({"X": 0 * X}, ValueError, "X is zero everywhere"),
        ({"X": 1e40 * X}, ValueError, "expected numbers up to 1e+30; scale them"),
        ({"X": 1e-40 * X}, ValueError, "scale it to between 1e-30 and 1e+30"),
        ({"X": X + 1j}, ValueError, "X is not numeric: its entries are complex128"),
        ({"X": [["a"]]}, ValueError, "X is not numeric"),
        ({"target": Y.T}, ValueError, "target has shape (5, 3): the squared loss"),
        ({"target": LABELS}, ValueError, "target has shape (5,): expected a matrix"),
        ({"target": np.full((3, 5), np.nan)}, ValueError, "target[0, 0] = nan"),
        ({"loss": "hinge"}, ValueError, "loss = 'hinge': expected 'squared' or 'cross-entropy'"),
        ({"loss": "cross-entropy"}, TypeError, "target = None: loss = 'cross-entropy' needs"),
        ({"networks": 0}, ValueError, "networks = 0: expected an integer, at least 1"),
        ({"seed": -1}, ValueError, "seed = -1: expected an integer, at least 0"),
        ({"seed": None}, TypeError, "seed = None: expected an integer"),
        (
            {"statistics": {"mine": lambda layer: 1.0}},
            ValueError,
            "statistics['mine'] returned shape (): expected one entry for each of 10 networks",
        ),
    ],
)
def test_arguments_of_a_run(given, error, words):
    assert words in text_of(error, lambda: NET.run(**{"X": X, **given}))


@pytest.mark.parametrize(
    "law, error, words",
    [
        (lambda normals: normals[:, :2], ValueError, "weights(normals) has shape (10, 2, 3): expe"),
        (lambda normals: np.eye(3), ValueError, "expected (10, 3, 3), that of the normals"),
        (lambda normals: normals * np.nan, ValueError, "weights(normals)[0, 0, 0] = nan: expected"),
        (lambda normals: normals * 1j, ValueError, "is not numeric: its entries are complex128"),
        (lambda normals: None, ValueError, "weights(normals) is no array of numbers"),
        (lambda normals: normals * 0, ValueError, "layer 0, row 0 of W X in network 0 is zero"),
    ],
)
def test_laws_of_ones_own(law, error, words):
    assert words in text_of(error, lambda: BNMLP(3, 2, weights=law).run(X))


@pytest.mark.parametrize(
    "given, words",
    [
        ({"statistics": [np.mean]}, "statistics is a list: expected a mapping from names to"),
        ({"statistics": {"a": 1}}, "statistics['a'] = 1: expected a function of a layer"),
        ({"progress": True}, "progress = True: expected a function of the number of layers done"),
    ],
)
def test_what_should_be_functions(given, words):
    assert words in text_of(TypeError, lambda: NET.run(X, **given))


def test_what_statistics_return_is_numbers():
    named = {"mine": lambda layer: np.array(["x"] * len(layer.W))}
    message = text_of(ValueError, lambda: NET.run(X, statistics=named))
    assert message.startswith("what statistics['mine'] returned is not numeric")


@pytest.mark.parametrize("weights", [None, 3, "WW", {0: np.eye(3)}])
def test_explicit_weights_are_a_list(weights):
    message = text_of(TypeError, lambda: NET.gradients(X, Y, weights))
    assert "expected a list of 2 matrices, one for each layer" in message


@pytest.mark.parametrize(
    "labels, error, words",
    [
        (LABELS.astype(float), TypeError, "target has entries of type float64"),
        (LABELS > 0, TypeError, "target has entries of type bool"),
        (LABELS[:4], ValueError, "target has shape (4,): cross-entropy expects 5 integer labels"),
        (np.eye(3, 5, dtype=int), ValueError, "target has shape (3, 5): cross-entropy expects 5"),
        (LABELS + 1, ValueError, "target[2] = 3: expected a label from 0 to 2"),
        (LABELS - 1, ValueError, "target[0] = -1: expected a label from 0 to 2"),
    ],
)
def test_labels(labels, error, words):
    assert words in text_of(error, lambda: NET.run(X, labels, "cross-entropy"))


def test_labels_are_those_of_the_readout():
    message = text_of(ValueError, lambda: BNMLP(3, 2, readout=2).run(X, LABELS, "cross-entropy"))
    assert message == (
        "target[2] = 2: expected a label from 0 to 1, since the readout's classes give 2 logits"
    )


def test_squared_loss_does_not_read_out():
    message = text_of(ValueError, lambda: BNMLP(3, 2, readout=2).run(X, np.zeros((2, 5))))
    assert "expects (3, 5), width × samples; the readout serves cross-entropy alone" in message


@pytest.mark.parametrize(
    "weights, words",
    [
        (W[:1], "weights are 1 arrays: expected one for each of 2 layers"),
        ([], "weights are 0 arrays"),
        (
            [np.eye(3), np.eye(2)],
            "weights[1] has shape (2, 2): expected (3, 3), or (networks, 3, 3)",
        ),
        ([np.eye(3), np.ones((2, 3, 3))], "weights[1] has shape (2, 3, 3)"),
        ([np.eye(3), np.full((3, 3), np.nan)], "weights[1][0, 0] = nan"),
        ([np.ones(3), np.ones(3)], "weights[0] has shape (3,)"),
    ],
)
def test_explicit_weights(weights, words):
    assert words in text_of(ValueError, lambda: NET.gradients(X, Y, weights))


def test_gradients_need_a_target():
    assert "target = None" in text_of(TypeError, lambda: NET.gradients(X, None, W))


def test_a_gain_of_the_layer_is_checked_where_it_is_used():
    net = BNMLP(3, 4, gain=lambda layer: 1.0 - layer)
    assert text_of(ValueError, lambda: net.run(X)).startswith("gain(1) = 0.0: expected")


def test_first_is_named_when_the_batch_does_not_fit_it():
    net = BNMLP(3, 2, first=np.ones((3, 7)))
    message = text_of(ValueError, lambda: net.run(X))
    assert message == (
        "X has shape (3, 5): expected (7, samples), features × samples; the features are as many "
        "as `first` takes"
    )


def dead(row):
    return np.array([[1.0, 0.5, -1.0] if i != row else [0.0] * 3 for i in range(3)]) + (
        np.diag([1.0, 2.0, 3.0]) * (np.arange(3) != row)
    )


def test_a_zero_row_is_named():
    message = text_of(ValueError, lambda: NET.gradients(X, Y, [np.eye(3), dead(2)]))
    assert message == (
        "layer 1, row 2 of W X in network 0 is zero, and batch normalisation is undefined there: "
        "it divides by the row's norm"
    )


def test_the_network_of_a_zero_row_is_named():
    weights = [np.stack([np.eye(3), np.eye(3), dead(1)]), np.stack([np.eye(3)] * 3)]
    message = text_of(ValueError, lambda: NET.gradients(X, Y, weights))
    assert message.startswith("layer 0, row 1 of W X in network 2 is zero")


def test_a_constant_row_is_named():
    net = BNMLP(3, 2, norm="batchnorm")
    repeated = np.repeat(X[:, :1], 4, axis=1)
    message = text_of(ValueError, lambda: net.run(repeated))
    assert message == (
        "layer 0, row 0 of W X in network 0 is the same at every sample, and batch normalisation "
        "is undefined there: it divides by the row's norm after its mean is subtracted"
    )
    assert "the same at every sample" in text_of(ValueError, lambda: net.run(X[:, :1]))


def test_a_row_cut_off_by_relu_is_named():
    net = BNMLP(3, 50, activation="relu", order="act-norm")
    message = text_of(ValueError, lambda: net.run(X))
    assert re.match(r"layer \d+, row \d of relu\(gain · W X\) in network \d is zero, and", message)


def test_a_row_that_only_rounding_keeps_from_zero_is_named():
    # Rows of X are alike, and 0.1 + 0.2 - 0.3 is 5.6e-17.
    alike = np.ones((3, 1)) * X[:1]
    weights = [np.array([[0.1, 0.2, -0.3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.eye(3)]
    message = text_of(ValueError, lambda: NET.gradients(alike, Y, weights))
    assert message.startswith("layer 0, row 0 of W X in network 0 is zero up to rounding")


def test_a_small_row_is_no_zero_row():
    small = np.diag([1.0, 1.0, 1e-25]) @ X
    found = NET.gradients(small, Y + 1, W)
    assert np.isfinite(found).all()
