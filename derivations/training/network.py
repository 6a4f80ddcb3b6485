"""The network in PyTorch's layers, as people build them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

__all__ = ["Network"]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda h: h,
    "tanh": torch.tanh,
    "sin": torch.sin,
    "relu": torch.relu,
}
INITIALISE = {"orthogonal": nn.init.orthogonal_, "gaussian": nn.init.xavier_normal_}


class Network(nn.Module):
    """A fixed first layer, layers σ(gain · BN(W x)), and a readout that is trained with them.

    Batches are samples × features. Normalisation is always by the batch at hand.

    Parameters
    ----------
    first : torch.Tensor
        Shape (width, features).
    gains : sequence of float
        One for each layer.
    classes : int
    weights, activation : str
    random : torch.Generator
        Where the weights come from.
    """

    def __init__(
        self,
        first: Tensor,
        gains: Sequence[float],
        classes: int,
        weights: str,
        activation: str,
        random: torch.Generator,
    ) -> None:
        super().__init__()
        width = len(first)
        self.first, self.gains, self.activation = first, tuple(gains), ACTIVATIONS[activation]
        # Left empty by PyTorch, whose own start would take numbers from its global generator.
        self.linear = nn.ModuleList(_linear(width, width) for _ in gains)
        self.norm = nn.BatchNorm1d(width, affine=False, track_running_stats=False)
        self.readout = _linear(width, classes)
        for layer in self.weights:
            INITIALISE[weights](layer, generator=random)
        nn.init.xavier_normal_(self.readout.weight, generator=random)

    @property
    def weights(self) -> list[Tensor]:
        """The weights W_l."""
        return [layer.weight for layer in self.linear]

    def forward(self, x: Tensor) -> Tensor:
        """Logits, samples × classes."""
        h = x @ self.first.T
        for layer, gain in zip(self.linear, self.gains, strict=True):
            h = self.activation(gain * self.norm(layer(h)))
        logits: Tensor = self.readout(h)
        return logits


def _linear(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.utils.skip_init(nn.Linear, inputs, outputs, bias=False)
    assert isinstance(layer, nn.Linear)
    return layer
