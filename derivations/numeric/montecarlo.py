"""Simulated layers against exact formulas: one set of draws serves every formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from derivations.numeric.network import Layer, spectrum
from derivations.numeric.weights import Array, Sampler, haar_orthogonal
from derivations.point import Point

if TYPE_CHECKING:
    from derivations.formula import Formula

__all__ = [
    "FALSE_ALARM",
    "Z_LIMIT",
    "CrossCheck",
    "LayerInput",
    "Moments",
    "crosscheck",
    "input_with_spectrum",
]

Z_LIMIT = 4.0
"""A check agrees when the z-score lies within ± this."""

FALSE_ALARM = math.erfc(Z_LIMIT / math.sqrt(2))
"""Chance that a true formula fails one check, for a normal mean: 6.3e-5."""

_CHUNK_NUMBERS = 2_000_000  # weight entries held at once, 16 MB


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


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations of numbers seen so far.

    Examples
    --------
    >>> whole = Moments.of(np.array([1.0, 2.0])) + Moments.of(np.array([6.0]))
    >>> whole.count, whole.mean, whole.squares
    (3, 3.0, 14.0)
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Array) -> Moments:
        """Moments of an array of numbers."""
        mean = float(values.mean())
        return cls(len(values), mean, float(((values - mean) ** 2).sum()))

    def __add__(self, other: Moments) -> Moments:
        count = self.count + other.count
        shift = other.mean - self.mean
        mean = self.mean + shift * other.count / count
        squares = self.squares + other.squares + shift**2 * self.count * other.count / count
        return Moments(count, mean, squares)

    @property
    def standard_error(self) -> float:
        """Standard error of the mean."""
        return math.sqrt(self.squares / (self.count - 1) / self.count)


@dataclass(frozen=True)
class CrossCheck:
    """An exact value beside its simulation.

    Parameters
    ----------
    formula, where : str
        Name of the formula and of the input.
    exact, mean, standard_error : float
        Value of the formula; simulated mean and its standard error.
    samples, seed : int
        How many weight matrices were drawn, and the seed.
    rounding : float
        Differences below this are floating-point rounding.

    Examples
    --------
    >>> row = CrossCheck("f", "", exact=1.0, mean=1.3, standard_error=0.1, samples=9, seed=0)
    >>> row
    f: exact 1, simulated 1.3 ± 0.1 (9 draws, seed 0), z = +3.00, agrees
    """

    formula: str
    where: str
    exact: float
    mean: float
    standard_error: float
    samples: int
    seed: int
    rounding: float = 0.0

    @property
    def z(self) -> float:
        """Difference in standard errors; zero where it is rounding, infinite where it is sure."""
        difference = self.mean - self.exact
        if abs(difference) <= self.rounding and self.standard_error <= self.rounding:
            return 0.0
        if self.standard_error == 0:
            return math.copysign(math.inf, difference) if difference else 0.0
        return difference / self.standard_error

    @property
    def agrees(self) -> bool:
        """Whether |z| ≤ 4: a true formula fails this with probability 6.3e-5."""
        return abs(self.z) <= Z_LIMIT

    def __repr__(self) -> str:
        where = f" at {self.where}" if self.where else ""
        return (
            f"{self.formula}{where}: exact {self.exact:.8g}, simulated {self.mean:.8g} "
            f"± {self.standard_error:.2g} ({self.samples} draws, seed {self.seed}), "
            f"z = {self.z:+.2f}, {'agrees' if self.agrees else 'DISAGREES'}"
        )


def crosscheck(
    formulas: Sequence[Formula],
    inputs: Sequence[LayerInput],
    samples: int,
    seed: int,
    weights: Sampler = haar_orthogonal,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[CrossCheck]:
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
    list of CrossCheck
        One for each formula and input, formula by formula.

    Raises
    ------
    ValueError
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
    _require_count("samples", samples, 2)
    _require_count("seed", seed, 0)
    cases = [
        (formula, where)
        for formula in formulas
        for where in (inputs if formula.depends_on_input else inputs[:1])
    ]
    exact = [float(formula.at(where.point)) for formula, where in cases]
    d = inputs[0].point.integer_width()
    simulate = partial(_simulate, cases, inputs, d, weights)
    totals = [Moments()] * len(cases)
    chunks = list(_chunks(samples, seed, max(1, _CHUNK_NUMBERS // d**2)))
    for count, parts in (executor.map if executor else map)(simulate, chunks):
        totals = [total + part for total, part in zip(totals, parts, strict=True)]
        progress(count)
    return [
        CrossCheck(
            formula.name,
            where.name if formula.depends_on_input else "",
            value,
            total.mean,
            total.standard_error,
            samples,
            seed,
            _rounding(formula, where.point, value),
        )
        for (formula, where), value, total in zip(cases, exact, totals, strict=True)
    ]


def _require_count(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} = {value!r} is not an integer")
    if value < least:
        raise ValueError(f"{name} = {value} is too small; expected at least {least}")


def _chunks(samples: int, seed: int, size: int) -> Iterator[tuple[int, np.random.SeedSequence]]:
    """Cut the draws into chunks, each with its own seed: the cut depends on the width alone."""
    counts = [min(size, samples - start) for start in range(0, samples, size)]
    return zip(counts, np.random.SeedSequence(seed).spawn(len(counts)), strict=True)


def _simulate(
    cases: Iterable[tuple[Formula, LayerInput]],
    inputs: Iterable[LayerInput],
    d: int,
    weights: Sampler,
    chunk: tuple[int, np.random.SeedSequence],
) -> tuple[int, list[Moments]]:
    count, seed = chunk
    W = weights(d, count, np.random.default_rng(seed))
    layers = {id(where): Layer(where.X, W) for where in inputs}
    return count, [Moments.of(f.observe(layers[id(where)])) for f, where in cases]


def _rounding(formula: Formula, point: Point, value: float) -> float:
    """Bound the floating-point error of a simulated mean.

    An isotropic input makes the row norms deterministic, and then only rounding is left in
    them: relative 1e-12 of the value, or of the mean eigenvalue squared for what is quadratic.
    """
    scale = float(point.power_sum(1) / point.width)
    return 1e-11 * abs(value) + float(1e-24 * scale**formula.degree)
