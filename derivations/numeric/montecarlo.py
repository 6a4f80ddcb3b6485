"""Simulated layers against exact formulas: one set of draws serves every formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from derivations.numeric.isometry import spectrum
from derivations.numeric.layers import Layer
from derivations.numeric.observation import Observable
from derivations.numeric.weights import Array, Sampler, haar_orthogonal
from derivations.point import Point
from weingarten.simulation.results import Crosscheck, Estimate
from weingarten.simulation.sampling import check_samples, generator, sampled

__all__ = [
    "FALSE_ALARM",
    "Z_LIMIT",
    "CrossCheck",
    "LayerInput",
    "crosscheck",
    "input_with_spectrum",
]

Z_LIMIT = 4.0
"""A check agrees when the z-score lies within ± this."""

FALSE_ALARM = math.erfc(Z_LIMIT / math.sqrt(2))
"""Chance that a true formula fails one check, for a normal mean: 6.3e-5."""

CrossCheck = Crosscheck
"""The engine's own: a row of the table has the names of a formula and of an input besides."""


@dataclass(frozen=True)
class LayerInput:
    """What a layer is fed, with a name for it.

    Parameters
    ----------
    X : numpy.ndarray
        Features × samples, shape (d, n).
    name : str, optional
        Where in the network it stands.

    Examples
    --------
    >>> LayerInput(np.diag([1.0, 2.0]), "first layer").point.spectrum
    (4, 1)
    """

    X: Array = field(repr=False)
    name: str = ""

    @cached_property
    def point(self) -> Point:
        """Width and spectrum, where a formula is evaluated."""
        return Point.of(None, spectrum(self.X).tolist())


def input_with_spectrum(point: Point, name: str = "") -> LayerInput:
    """Input whose A = X Xᵀ is diagonal with the given eigenvalues.

    The law of a layer's row norms and isometry gap sees A through its eigenvalues alone, since
    W Q is distributed as W.

    Examples
    --------
    >>> input_with_spectrum(Point.of(None, [1, 4])).X
    array([[1., 0.],
           [0., 2.]])
    """
    return LayerInput(np.diag(np.sqrt(point.floats())), name)


def crosscheck(
    formulas: Sequence[Observable],
    inputs: Sequence[LayerInput],
    samples: int,
    seed: int,
    weights: Sampler = haar_orthogonal,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Crosscheck]:
    """Compare formulas with simulated layers, all with the same draws of the weights.

    Parameters
    ----------
    formulas : sequence of Formula
        What to check.
    inputs : sequence of LayerInput
        At which inputs, all of one width. A formula that does not depend on the input is
        checked once.
    samples, seed : int
        How many weight matrices, at least 2, and the seed (not negative).
    weights : callable, optional
        The sampler: takes width, count and generator.
    executor : concurrent.futures.Executor, optional
        Runs the chunks of draws; the result does not depend on it.
    progress : callable, optional
        Called with the number of draws in each chunk as it is done.

    Returns
    -------
    list of Crosscheck
        One for each formula and input, formula by formula.

    Raises
    ------
    TypeError, ValueError
        For a sample count or a seed that is none.
    HypothesisError
        When a formula does not apply at an input.

    Examples
    --------
    >>> from derivations import catalogue
    >>> at = input_with_spectrum(Point.of(None, [1, 2, 3]), "a spectrum")
    >>> [row.agrees for row in crosscheck([catalogue["row-norm-mean"]], [at], 500, 0)]
    [True]
    """
    check_samples(samples)
    _require_seed(seed)
    cases = tuple(
        (formula, where)
        for formula in formulas
        for where in (inputs if formula.depends_on_input else inputs[:1])
    )
    if not cases:
        return []
    exact = [float(formula.at(where.point)) for formula, where in cases]
    d = inputs[0].point.integer_width()
    simulation = _Simulation(cases, tuple(inputs), d, weights)
    most = d * max(d, *(where.X.shape[-1] for where in inputs))
    moments = sampled(simulation, samples, seed, most, executor, progress)
    return [
        Crosscheck(
            value,
            Estimate(float(mean), float(error), moments.count, seed),
            FALSE_ALARM,
            _rounding(formula, where.point, value),
            formula=formula.name,
            where=where.name if formula.depends_on_input else "",
        )
        for (formula, where), value, mean, error in zip(
            cases, exact, moments.mean, moments.standard_error, strict=True
        )
    ]


def _require_seed(seed: object) -> None:
    # It is printed beside the numbers, so that they can be made again.
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed = {seed!r}: expected a non-negative integer")
    generator(seed)


@dataclass(frozen=True)
class _Simulation:
    """Draws of the weights, and what each formula is about in each layer."""

    cases: tuple[tuple[Observable, LayerInput], ...]
    inputs: tuple[LayerInput, ...]
    width: int
    weights: Sampler

    def __call__(self, count: int, rng: np.random.Generator) -> Array:
        """Return the observed values, draws × cases."""
        W = self.weights(self.width, count, rng)
        layers = {id(where): Layer(where.X, W) for where in self.inputs}
        return np.stack([f.observe(layers[id(where)]) for f, where in self.cases], axis=-1)


def _rounding(formula: Observable, point: Point, value: float) -> float:
    """Bound the floating-point error of a simulated mean.

    An isotropic input makes the row norms deterministic, and then only rounding is left in
    them: relative 1e-12 of the value, or of the mean eigenvalue squared for what is quadratic.
    """
    scale = float(point.power_sum(1) / point.width)
    return 1e-11 * abs(value) + float(1e-24 * scale**formula.degree)
