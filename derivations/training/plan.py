"""What is trained, and what is written down on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from derivations.numeric.arguments import count, finite, one_of, positive

__all__ = ["SHAPED", "TRAINING", "UNSHAPED", "Case", "Plan", "Row"]

SHAPED, UNSHAPED = "shaped", "unshaped"
WEIGHTS = ("orthogonal", "gaussian")
TRAINING = 1500  # of 1797 samples
WIDEST = 50  # scikit-learn's digits have 61 dimensions


@dataclass(frozen=True)
class Case:
    """One network that is trained.

    Parameters
    ----------
    depth : int
    weights : str
        ``"orthogonal"`` or ``"gaussian"``, at the start.
    gains : str
        ``"shaped"``: (l + 1)^(-e). ``"unshaped"``: one.
    """

    depth: int
    weights: str
    gains: str


@dataclass(frozen=True)
class Row:
    """What is seen of one network before a step.

    Parameters
    ----------
    depth, weights, gains
        The network, see `Case`.
    step : int
        How many steps were taken.
    loss : float
        Cross-entropy of the training samples.
    train_accuracy, test_accuracy : float
        Share of samples whose class is found, with normalisation over all of them.
    log_gradient_first, log_gradient_last : float
        log‖∂L/∂W_l‖ of the training samples in the first and in the last layer.
    weight_gap : float
        Isometry gap of the weights W_l, averaged over the layers.
    """

    depth: int
    weights: str
    gains: str
    step: int
    loss: float
    train_accuracy: float
    test_accuracy: float
    log_gradient_first: float
    log_gradient_last: float
    weight_gap: float


@dataclass(frozen=True)
class Plan:
    """What is trained on scikit-learn's digits, and how.

    Parameters
    ----------
    depths : tuple of int, optional
        Each with orthogonal and with Gaussian weights, shaped and not.
    width : int, optional
        At most 50: a fixed first layer with orthonormal rows takes 64 pixels to it.
    activation : str, optional
        ``"tanh"``, ``"sin"``, ``"relu"`` or ``"identity"``.
    exponent : float, optional
        e of the gains (l + 1)^(-e).
    steps, every : int, optional
        How many steps of descent, and how many from one row to the next.
    rate : float, optional
        Step size of plain stochastic gradient descent.
    batch : int, optional
        Samples of a step, at least 2.
    seed : int, optional
        Of weights, of the split into training and test samples, and of the order of these.
    """

    depths: tuple[int, ...] = (10, 50, 100, 200)
    width: int = 32
    activation: str = "tanh"
    exponent: float = 0.4
    steps: int = 100
    every: int = 10
    rate: float = 0.1
    batch: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.depths:
            raise ValueError("depths = (): expected at least one")
        for depth in self.depths:
            count("depths", depth, 1)
        if count("width", self.width, 10) > WIDEST:
            raise ValueError(
                f"width = {self.width}: expected at most {WIDEST}, since the digits span 61 "
                "dimensions only"
            )
        one_of("activation", self.activation, ("tanh", "sin", "relu", "identity"))
        finite("exponent", self.exponent)
        count("steps", self.steps, 1)
        count("every", self.every, 1)
        positive("rate", self.rate)
        if count("batch", self.batch, 2) > TRAINING:
            raise ValueError(f"batch = {self.batch}: expected at most {TRAINING}, as many as train")
        count("seed", self.seed, 0)

    @property
    def cases(self) -> Iterator[Case]:
        """Every network, from the shallow ones on."""
        for depth, weights, gains in product(
            dict.fromkeys(self.depths), WEIGHTS, (UNSHAPED, SHAPED)
        ):
            yield Case(depth, weights, gains)

    def gain(self, case: Case, layer: int) -> float:
        """Gain of a layer of a network.

        Examples
        --------
        >>> Plan(exponent=0.5).gain(Case(10, "orthogonal", "shaped"), 3)
        0.5
        """
        return float(layer + 1) ** -self.exponent if case.gains == SHAPED else 1.0
