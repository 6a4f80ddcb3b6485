"""Stochastic gradient descent on digits, and what is seen on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from derivations.numeric.batch import digits
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.packaged import digit_labels
from derivations.numeric.weights import haar_orthogonal
from derivations.training.network import Network
from derivations.training.plan import TRAINING, Case, Plan, Row

__all__ = ["train"]

CLASSES = 10
_SPLIT, _FIRST, _ORDER = 20, 21, 22  # streams of one seed


def train(plan: Plan, progress: Callable[[int], None] = lambda _done: None) -> Iterator[list[Row]]:
    """Train one network after the other.

    Parameters
    ----------
    plan : Plan
        The same plan gives the same numbers, on one kind of machine.
    progress : callable, optional
        Called with the number of layers that a step went through.

    Yields
    ------
    list of Row
        Of one network.

    Raises
    ------
    BatchError
        When scikit-learn is not installed.
    """
    data = _Data.split(plan)
    for case in plan.cases:
        with _one_thread():  # many small matrices
            rows = list(_descend(plan, case, data, progress))
        yield rows


@dataclass(frozen=True)
class _Data:
    """Digits, samples × pixels, with their classes, and the fixed first layer."""

    first: Tensor
    train: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]

    @classmethod
    def split(cls, plan: Plan) -> _Data:
        pixels, labels = digits().values / 16, digit_labels()
        order = np.random.default_rng((plan.seed, _SPLIT)).permutation(len(pixels))
        first = haar_orthogonal(pixels.shape[1], 1, np.random.default_rng((plan.seed, _FIRST)))
        both = [
            (torch.tensor(pixels[part], dtype=torch.float32), torch.tensor(labels[part]))
            for part in (order[:TRAINING], order[TRAINING:])
        ]
        return cls(torch.tensor(first[0, : plan.width], dtype=torch.float32), both[0], both[1])


def _descend(plan: Plan, case: Case, data: _Data, progress: Callable[[int], None]) -> Iterator[Row]:
    random = torch.Generator().manual_seed(plan.seed)
    gains = [plan.gain(case, layer) for layer in range(case.depth)]
    net = Network(data.first, gains, CLASSES, case.weights, plan.activation, random)
    descent = torch.optim.SGD(net.parameters(), lr=plan.rate)
    rng = np.random.default_rng((plan.seed, _ORDER))
    samples, labels = data.train
    for step in range(plan.steps + 1):
        if step % plan.every == 0 or step == plan.steps:
            yield _seen(net, case, step, data)
        if step < plan.steps:
            chosen = torch.tensor(rng.choice(len(samples), plan.batch, replace=False))
            descent.zero_grad()
            _loss(net, samples[chosen], labels[chosen]).backward()
            descent.step()
            progress(case.depth)


def _seen(net: Network, case: Case, step: int, data: _Data) -> Row:
    net.zero_grad()
    logits = net(data.train[0])
    loss = cross_entropy(logits, data.train[1])
    loss.backward()
    first, last = net.weights[0].grad, net.weights[-1].grad
    with torch.no_grad():
        test = _accuracy(net(data.test[0]), data.test[1])
    stack = np.stack([weight.detach().numpy() for weight in net.weights]).astype(float)
    gap = float(isometry_gap(stack).mean()) if np.isfinite(stack).all() else math.nan
    return Row(
        case.depth,
        case.weights,
        case.gains,
        step,
        loss.item(),
        _accuracy(logits, data.train[1]),
        test,
        _log_norm(first),
        _log_norm(last),
        gap,
    )


def _loss(net: Network, samples: Tensor, labels: Tensor) -> Tensor:
    loss: Tensor = cross_entropy(net(samples), labels)
    return loss


def _log_norm(gradient: Tensor | None) -> float:
    """Logarithm of a Frobenius norm, in double precision; nan where it has left the floats."""
    assert gradient is not None
    norm = float(gradient.double().norm())
    return math.log(norm) if 0 < norm < math.inf else math.nan


def _accuracy(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(dim=1) == labels).double().mean())


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
