"""A network as its definition reads, in complex numbers: its derivatives by complex steps."""

import numpy as np

STEP = 1e-30

ACTIVATIONS = {
    "identity": lambda z: z,
    "tanh": np.tanh,
    "sin": np.sin,
    "relu": lambda z: np.where(z.real > 0, z, 0),
}


def normalised(H, norm, scale):
    if norm == "batchnorm":
        H = H - H.sum(axis=-1, keepdims=True) / H.shape[-1]
    # Squares, not absolute squares: analytic in every entry.
    with np.errstate(invalid="ignore"):
        rows = H / np.sqrt((H * H).sum(axis=-1, keepdims=True))
    return rows * np.sqrt(H.shape[-1]) if scale == "sqrt_n" else rows


def output(net, X, weights):
    X = X if net.first is None else net.first @ X
    activation = ACTIVATIONS[net.activation]
    for layer, W in enumerate(weights):
        gain = net.gain(layer) if callable(net.gain) else net.gain
        if net.order == "norm-act":
            X = activation(gain * normalised(W @ X, net.norm, net.scale))
        else:
            X = normalised(activation(gain * (W @ X)), net.norm, net.scale)
    return X


def loss(net, X, target, weights, name):
    X = output(net, X, weights)
    if name == "squared":
        return ((X - target) ** 2).sum(axis=(-2, -1)) / 2
    logits = X if net.readout is None else net.readout_matrix @ X
    log_odds = logits - np.log(np.exp(logits).sum(axis=-2, keepdims=True))
    return -sum(log_odds[..., c, k] for k, c in enumerate(target)) / len(target)


def gradients(net, X, target, weights, name):
    """Gradients of the loss by complex steps, for one network."""
    d = net.width
    directions = np.eye(d * d).reshape(d * d, d, d)
    found = []
    for layer in range(net.depth):
        moved = [W + 0j for W in weights]
        moved[layer] = moved[layer] + 1j * STEP * directions
        found.append(loss(net, X, target, moved, name).imag.reshape(d, d) / STEP)
    return found
