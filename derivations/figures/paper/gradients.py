"""Gradients of networks: of the first layer against depth, and their growth per layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derivations.figures.paper.inputs import CLASSES, Start
from derivations.figures.paper.numbers import Curve, simulated
from derivations.figures.paper.work import Work
from derivations.numeric.network import BNMLP
from derivations.numeric.run import Run
from derivations.numeric.weights import Array

__all__ = ["DEPTHS", "FIRST", "Kind", "against_depth", "first_norm", "growth", "runs"]

DEPTHS = (5, 10, 20, 50, 100, 200, 500, 1000)
"""The depths of the paper's figures."""

FIRST = r"$\log \|\nabla_{W_1} \mathcal{L}\|_F$"


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of network, of any depth.

    Parameters
    ----------
    start : Start
        What goes into the first square layer.
    weights, norm, activation : str, optional
    gain : callable, optional
        Of the square layers, counted from 0.
    """

    start: Start
    weights: str = "orthogonal"
    norm: str = "rows"
    activation: str = "identity"
    gain: float | Callable[[int], float] = 1.0

    def run(self, depth: int, networks: int, seed: int) -> Run:
        """Run networks with so many square layers, forwards and backwards.

        Rows have length √n, a fixed readout gives the logits, the loss is cross-entropy.
        """
        width = len(self.start.X)
        net = BNMLP(
            width, depth, self.weights, self.norm, "sqrt_n", self.activation, self.gain,
            readout=min(CLASSES, width),
        )  # fmt: skip
        return net.run(
            self.start.X, self.start.labels, loss="cross-entropy", networks=networks, seed=seed
        )


def runs(
    task: str,
    kinds: Mapping[str, Kind],
    depths: Sequence[int],
    networks: int,
    seed: int,
    work: Work,
) -> dict[tuple[str, int], Run]:
    """Run networks of every kind at every depth.

    The first layer of the paper's networks is the fixed one that carries the batch to the width:
    a network of depth L has L - 1 square layers, and W_1 is the first of these.
    """
    jobs = [(name, depth) for name in kinds for depth in depths]
    found = work.map(
        task,
        lambda job: kinds[job[0]].run(job[1] - 1, networks, seed),
        jobs,
        lambda job: job[1],
    )
    return dict(zip(jobs, found, strict=True))


def against_depth(
    panel: str, found: Mapping[tuple[str, int], Run], what: Callable[[Run], Array]
) -> list[Curve]:
    """Return a curve for each kind: what networks show, against depth."""
    names = dict.fromkeys(name for name, _depth in found)
    return [
        simulated(
            panel,
            name,
            depths := [depth for other, depth in found if other == name],
            [what(found[name, depth]) for depth in depths],
        )
        for name in names
    ]


def first_norm(run: Run) -> Array:
    """log‖∂L/∂W_1‖ of each network."""
    assert run.log_gradient_norms is not None
    return run.log_gradient_norms[:, 0]


def growth(run: Run, begin: int, end: int) -> Array:
    """Growth of log‖∂L/∂W_l‖ per layer of each network, from layer `end` back to `begin`."""
    norms = run.log_gradient_norms
    assert norms is not None
    slope: Array = (norms[:, begin] - norms[:, end]) / (end - begin)
    return slope
