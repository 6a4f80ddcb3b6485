"""Batch-normalised multilayer perceptrons, many at once: forward, backward, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from derivations.numeric.arguments import (
    count,
    drawn,
    floats,
    function,
    matrix,
    nonzero,
    one_of,
    require_scale,
    stacks,
)
from derivations.numeric.backward import backward
from derivations.numeric.blas import blas_threads_for
from derivations.numeric.checkpoints import MEMORY, Checkpoints, segment_length
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.layers import (
    ACTIVATIONS,
    ORDERS,
    Layer,
    Normalisation,
    Transform,
    ZeroRowError,
)
from derivations.numeric.losses import LOSSES, Loss
from derivations.numeric.run import Run
from derivations.numeric.running_gap import RunningGap
from derivations.numeric.weights import (
    LAWS,
    Array,
    Law,
    Source,
    WeightStreams,
    haar_orthogonal,
)

__all__ = ["BNMLP", "Run"]

_BLOCK = 2**17  # entries of one array that go through a layer together: 1 MB, which caches hold
_READOUT = 5  # seed of the readout, which belongs to the network and not to a run


@dataclass(frozen=True, eq=False)
class BNMLP:
    """A multilayer perceptron with batch normalisation, of one width at every layer.

    X_(l+1) = σ(gain · BN(W_l X_l)), or BN(σ(gain · W_l X_l)), for l = 0, …, depth - 1, with X
    features × samples. BN scales each row to one length, and adds no epsilon.

    Parameters
    ----------
    width, depth : int
        d, and how many layers.
    weights : str or callable, optional
        ``"orthogonal"``: Haar. ``"gaussian"``: independent N(0, 1/d). ``"xavier"``: PyTorch's
        ``nn.init.xavier_normal_``, of variance 2/(fan_in + fan_out), which for layers of one
        width is the same law as ``"gaussian"``. A law of one's own takes standard normal
        matrices, shape (networks, d, d), to as many weight matrices.
    norm : str, optional
        ``"rows"`` as in the theory, or ``"batchnorm"``, which subtracts the mean over the samples
        first.
    scale : str, optional
        Length of a normalised row: ``"unit"``, or ``"sqrt_n"`` with n samples, which is unit
        variance.
    activation : str, optional
        ``"identity"``, ``"tanh"``, ``"sin"`` or ``"relu"``.
    gain : float or callable, optional
        Not zero; a callable is given the layer l.
    order : str, optional
        ``"norm-act"``: σ(gain · BN(W X)). ``"act-norm"``: BN(σ(gain · W X)).
    first : array_like, optional
        A fixed matrix of shape (width, features) that takes the batch to X_0. It counts as no
        layer.
    readout : int, optional
        A number of classes: logits are then a fixed matrix of that many orthonormal rows times
        X_L. Without it cross-entropy takes the rows of X_L as logits. The squared loss compares
        X_L itself, with or without a readout.

    Raises
    ------
    TypeError, ValueError
        For an argument that is none of these, here and in every method, in one line.

    Examples
    --------
    >>> net = BNMLP(width=3, depth=50, activation="tanh", gain=lambda l: (l + 1) ** -0.4)
    >>> run = net.run(np.diag([1.0, 2.0, 3.0]), target=[0, 1, 2], loss="cross-entropy")
    >>> run.gaps.shape, run.log_gradient_norms.shape
    ((10, 51), (10, 50))
    >>> BNMLP(3, 1).run(np.diag([1.0, 2.0, 0.0])).gaps[0]
    array([inf, inf])
    """

    width: int
    depth: int
    weights: str | Law = "orthogonal"
    norm: str = "rows"
    scale: str = "unit"
    activation: str = "identity"
    gain: float | Callable[[int], float] = 1.0
    order: str = "norm-act"
    first: Array | None = None
    readout: int | None = None

    def __post_init__(self) -> None:
        count("width", self.width, 1)
        count("depth", self.depth, 1)
        if not callable(self.weights):
            one_of("weights", self.weights, LAWS)
        one_of("norm", self.norm, ("rows", "batchnorm"))
        one_of("scale", self.scale, ("unit", "sqrt_n"))
        one_of("activation", self.activation, ACTIVATIONS)
        one_of("order", self.order, ORDERS)
        if not callable(self.gain):
            nonzero("gain", self.gain)
        if self.first is not None:
            first = matrix("first", self.first)
            if len(first) != self.width:
                raise ValueError(
                    f"first has shape {first.shape}: expected ({self.width}, features), as many "
                    "rows as the width"
                )
            object.__setattr__(self, "first", first)
        if self.readout is not None and count("readout", self.readout, 1) > self.width:
            raise ValueError(
                f"readout = {self.readout}: expected at most width = {self.width} classes, since "
                "the rows of the readout are orthonormal"
            )

    def run(
        self,
        X: Any,
        target: Any = None,
        loss: str = "squared",
        networks: int = 10,
        seed: int = 0,
        statistics: Mapping[str, Callable[[Layer], Array]] | None = None,
        progress: Callable[[int], None] = lambda _done: None,
    ) -> Run:
        """Run independent networks on one batch, forwards, and with a target backwards too.

        Memory stays bounded at any depth: layers are made again where they do not fit. The
        numbers of a network do not depend on how many others run with it.

        Parameters
        ----------
        X : array_like
            The batch, features × samples.
        target : array_like, optional
            For ``"squared"`` a matrix of shape (width, samples), for ``"cross-entropy"`` an
            integer label for each sample.
        loss : str, optional
            ``"squared"``: ½‖X_L - target‖², summed. ``"cross-entropy"``: mean over the samples.
        networks, seed : int, optional
            How many networks, and the seed of their weights.
        statistics : mapping, optional
            From names to functions of a `derivations.numeric.layers.Layer`, each of which returns
            an array with one entry for each network.
        progress : callable, optional
            Called with the number of layers done, after each layer of each block of networks.

        Returns
        -------
        Run

        Raises
        ------
        ValueError
            Also when a row to be normalised is zero, or constant where its mean is subtracted.

        Notes
        -----
        Gradients are followed on a logarithmic scale, so that they neither overflow nor vanish.
        A norm below the rounding of the gradient that it is a part of, about 10⁻¹⁶ of the norm at
        the output, is rounding itself.

        Examples
        --------
        >>> from derivations.numeric import statistics
        >>> net = BNMLP(width=2, depth=1000, weights="gaussian")
        >>> run = net.run(np.eye(2), target=np.ones((2, 2)), statistics={"a": statistics.row_norm})
        >>> run.statistics["a"].shape, bool(np.isfinite(run.log_gradient_norms).all())
        ((10, 1000), True)
        """
        X = self._start(X)
        objective = self._objective(target, loss, X.shape[1])
        asked = _asked(statistics)
        function("progress", progress, "the number of layers done")
        streams = self._streams(seed)
        total = count("networks", networks, 1)
        size = self._block_size(X.shape[1], objective is not None, streams.group)
        blocks = [range(k, min(k + size, total)) for k in range(0, total, size)]
        with blas_threads_for(self.width):
            return Run.join(
                [self._block(X, objective, streams, b, asked, progress) for b in blocks]
            )

    def gradients(
        self, X: Any, target: Any, weights: Iterable[Any], loss: str = "squared"
    ) -> list[Array]:
        """Gradients of the loss for given weights.

        Parameters
        ----------
        X, target, loss
            As for `run`.
        weights : sequence of array_like
            W_0, …, W_(depth-1), each of shape (d, d) or each (networks, d, d).

        Returns
        -------
        list of numpy.ndarray
            ∂L/∂W_l, each of the shape of its weights.

        Raises
        ------
        OverflowError
            When a gradient leaves the floats; `run` gives the logarithm of its norm.

        Examples
        --------
        >>> net = BNMLP(width=2, depth=1)
        >>> net.gradients(np.eye(2), np.zeros((2, 2)), [np.diag([1.0, 2.0])])  # ‖X_1‖ is fixed
        [array([[0., 0.], [0., 0.]])]
        """
        X = self._start(X)
        if target is None:
            raise TypeError("target = None: gradients are those of a loss, which needs a target")
        objective = self._objective(target, loss, X.shape[1])
        assert objective is not None
        W, single = stacks(weights, self.depth, self.width)
        with blas_threads_for(self.width):
            layers = list(self._forward(lambda layer: W[layer], 0, X, 0, self.depth))
            G = objective.gradient(layers[-1].output)
            found = [gradient.value for gradient in backward(reversed(layers), G)][::-1]
        for layer, gradient in enumerate(found):
            if not np.isfinite(gradient).all():
                raise OverflowError(
                    f"the gradient at layer {layer} leaves the floats; run(…) gives the logarithm "
                    "of its norm"
                )
        return [gradient[0] for gradient in found] if single else found

    def draw(self, networks: int = 10, seed: int = 0) -> Iterator[Array]:
        """Yield the weights that `run` uses, layer by layer, each (networks, d, d).

        Examples
        --------
        >>> [W.shape for W in BNMLP(width=3, depth=2).draw(networks=5)]
        [(5, 3, 3), (5, 3, 3)]
        """
        streams, block = self._streams(seed), range(count("networks", networks, 1))
        return (streams.draw(layer, block) for layer in range(self.depth))

    def layers(self, X: Any, networks: int = 10, seed: int = 0) -> Iterator[Layer]:
        """Yield the layers of a forward pass; only one is held at a time.

        Examples
        --------
        >>> [layer.output.shape for layer in BNMLP(2, 3).layers(np.eye(2), networks=5)]
        [(5, 2, 2), (5, 2, 2), (5, 2, 2)]
        """
        streams, block = self._streams(seed), range(count("networks", networks, 1))
        draw = partial(streams.draw, networks=block)
        return self._forward(draw, 0, self._start(X), 0, self.depth)

    @cached_property
    def readout_matrix(self) -> Array | None:
        """The readout, shape (classes, d), with orthonormal rows; None without one.

        Examples
        --------
        >>> R = BNMLP(width=5, depth=1, readout=2).readout_matrix
        >>> bool(np.allclose(R @ R.T, np.eye(2)))
        True
        """
        if self.readout is None:
            return None
        rng = np.random.default_rng((_READOUT, self.width))
        return haar_orthogonal(self.width, 1, rng)[0, : self.readout]

    # What a run is made of.

    def _block(
        self,
        X: Array,
        objective: Loss | None,
        streams: WeightStreams,
        networks: range,
        asked: Mapping[str, Callable[[Layer], Array]],
        progress: Callable[[int], None],
    ) -> Run:
        """Run networks that fit in memory together."""
        forward = partial(self._forward, partial(streams.draw, networks=networks), networks.start)
        held = segment_length(self.depth, len(networks) * self._bytes(X.shape[1]))
        passes = Checkpoints(forward, X, self.depth, held)
        # What is never gone through backwards need not be kept.
        layers = passes.forwards() if objective is not None else forward(X, 0, self.depth)
        running = self._running_gap(X, len(networks))
        gaps = [np.full(len(networks), float(isometry_gap(X)))]
        seen: dict[str, list[Array]] = {name: [] for name in asked}
        output = X
        for layer in layers:
            gaps.append(running.after(layer))
            for name, statistic in asked.items():
                seen[name].append(_observed(name, statistic(layer), len(networks)))
            output = layer.output
            progress(1)
        run = Run(
            np.stack(gaps, axis=1),
            None,
            None,
            {name: np.stack(values, axis=1) for name, values in seen.items()},
            streams.seed,
        )
        if objective is None:
            return run
        norms = [g.log_norm for g in backward(passes.backwards(), objective.gradient(output))]
        return Run(
            run.gaps,
            np.stack(norms[::-1], axis=1),
            objective.value(output),
            run.statistics,
            run.seed,
        )

    def _forward(
        self, draw: Callable[[int], Array], offset: int, X: Array, start: int, stop: int
    ) -> Iterator[Layer]:
        """Run layers on the input of the first of them; networks are counted from the offset."""
        for index in range(start, stop):
            try:
                with blas_threads_for(self.width):
                    layer = Layer(X, draw(index), self._transform(index), index)
                    layer.require_digits()
                    X = layer.output
            except ZeroRowError as zero:
                raise ValueError(
                    f"layer {index}, row {zero.row} of {self._normalised} in network "
                    f"{offset + zero.network} {zero.reason}, and batch normalisation "
                    "is undefined there: it divides by the row's norm"
                    + (" after its mean is subtracted" if self.norm == "batchnorm" else "")
                ) from None
            yield layer

    @property
    def _normalised(self) -> str:
        plain = self.order == "norm-act" or self.activation == "identity"
        return "W X" if plain else f"{self.activation}(gain · W X)"

    @property
    def _normalisation(self) -> Normalisation:
        return Normalisation(self.norm == "batchnorm", self.scale == "sqrt_n")

    def _transform(self, index: int) -> Transform:
        gain = self.gain
        if callable(gain):
            gain = nonzero(f"gain({index})", gain(index))
        return ORDERS[self.order](self._normalisation, ACTIVATIONS[self.activation], float(gain))

    def _running_gap(self, X: Array, networks: int) -> RunningGap:
        linear = ACTIVATIONS[self.activation].linear
        orthogonal = self.weights == "orthogonal"
        return RunningGap(
            X,
            networks,
            self._normalisation,
            linear,
            _no_volume if orthogonal else _log_volume,
            self.norm == "batchnorm" and (linear or self.order == "act-norm"),
        )

    def _streams(self, seed: Any) -> WeightStreams:
        if callable(self.weights):
            source = Source(partial(drawn, self.weights))
        else:
            source = LAWS[self.weights]
        return WeightStreams(self.width, source, count("seed", seed, 0))

    def _bytes(self, samples: int) -> int:
        """Return what a layer of one network holds: weights, pre-activations, output."""
        return 8 * self.width * (self.width + 2 * samples)

    def _block_size(self, samples: int, held: bool, group: int) -> int:
        """Return how many networks to run together, in whole groups."""
        fitting = _BLOCK // (self.width * max(self.width, samples))
        if held:
            fitting = min(fitting, MEMORY // (self.depth * self._bytes(samples)))
        return max(1, fitting // group) * group

    # What comes in.

    def _start(self, X: Any) -> Array:
        """Return X_0, from a batch that fits."""
        batch = matrix("X", X)
        features = self.width if self.first is None else self.first.shape[1]
        if len(batch) != features:
            source = "as wide as the network" if self.first is None else "as many as `first` takes"
            raise ValueError(
                f"X has shape {batch.shape}: expected ({features}, samples), features × samples; "
                f"the features are {source}"
            )
        if self.first is None:
            return require_scale("X", batch)
        return require_scale("first @ X", self.first @ batch)

    def _objective(self, target: Any, loss: str, samples: int) -> Loss | None:
        make = LOSSES[one_of("loss", loss, LOSSES)]
        if target is None:
            if loss != "squared":
                raise TypeError(f"target = None: loss = {loss!r} needs a target")
            return None
        return make(target, (self.width, samples), self.readout_matrix)


def _asked(statistics: Any) -> dict[str, Callable[[Layer], Array]]:
    if not isinstance(statistics, Mapping | None):
        raise TypeError(
            f"statistics is a {type(statistics).__name__}: expected a mapping from names to "
            "functions of a layer, such as {'gap': statistics.gap}"
        )
    return {
        name: function(f"statistics[{name!r}]", statistic, "a layer")
        for name, statistic in (statistics or {}).items()
    }


def _observed(name: str, values: Any, networks: int) -> Array:
    array = floats(f"what statistics[{name!r}] returned", values)
    if array.shape[:1] != (networks,):
        raise ValueError(
            f"statistics[{name!r}] returned shape {array.shape}: expected one entry for each of "
            f"{networks} networks"
        )
    return array


def _no_volume(W: Array) -> Array:
    return np.zeros(len(W))


def _log_volume(W: Array) -> Array:
    volume: Array = np.linalg.slogdet(W)[1]
    return volume
