"""Simulated layers against exact formulas: one set of draws serves every formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from derivations.numeric.bounds import BoundCheck
from derivations.numeric.heavy import HeavyCheck
from derivations.numeric.layers import Layer
from derivations.numeric.observation import Draw, Observable
from derivations.numeric.statistics import Statistic
from derivations.numeric.tails import Tail, Tally
from derivations.numeric.weights import Array, Sampler, haar_orthogonal
from derivations.point import Point
from weingarten.ensembles.base import generator
from weingarten.simulation.results import Crosscheck, Estimate
from weingarten.simulation.sampling import check_samples, summed

__all__ = [
    "FALSE_ALARM",
    "Z_LIMIT",
    "BoundCheck",
    "Case",
    "CrossCheck",
    "HeavyCheck",
    "LayerCheck",
    "LayerInput",
    "Look",
    "OfLayer",
    "crosscheck",
    "input_at",
    "input_with_spectrum",
]

Z_LIMIT = 4.0
"""A check by itself agrees when the z-score of many draws lies within ± this."""

FALSE_ALARM = math.erfc(Z_LIMIT / math.sqrt(2))
"""Chance that a true formula fails one check, for a normal mean: 6.3e-5."""

CrossCheck = Crosscheck
"""The engine's own: a row of the table has the names of a formula and of an input besides."""

LayerCheck: TypeAlias = Crosscheck | BoundCheck | HeavyCheck
"""A row of the table: of an exact formula, of a bound or a claim about every draw, or of draws
whose mean cannot be judged."""


@dataclass(frozen=True)
class OfLayer:
    """Draws of one layer with orthogonal weights that depend on the numbers of a point too.

    Formulas that are checked together look at the same layers.

    Parameters
    ----------
    of : callable
        Takes a layer and a point, and returns a number for each draw.

    Examples
    --------
    >>> power = OfLayer(lambda layer, point: layer.row_norms[:, 0] ** point.integer("q"))
    >>> power(Point.of(None, [2, 2], q=3), 1, np.random.default_rng(0)).round(9)
    array([8.])
    """

    of: Callable[[Layer, Point], Array]

    def __call__(self, point: Point, count: int, rng: np.random.Generator) -> Array:
        """Return draws of a layer of their own."""
        X = input_at(point).X
        return self.of(Layer(X, haar_orthogonal(len(X), count, rng)), point)


@dataclass(frozen=True)
class LayerInput:
    """What a layer is fed, with a name for it.

    Parameters
    ----------
    X : numpy.ndarray
        Features × samples, shape (d, n).
    name : str, optional
        Where in the network it stands.
    numbers : Point, optional
        A point whose single numbers are taken over; the input is this one.

    Examples
    --------
    >>> LayerInput(np.diag([1.0, 2.0]), "first layer").point.spectrum
    (4, 1)
    """

    X: Array = field(repr=False)
    name: str = ""
    numbers: Point | None = field(default=None, repr=False)

    @cached_property
    def point(self) -> Point:
        """Width, spectrum and single numbers, where a formula is evaluated."""
        point = Point.of_input(self.X)
        if self.numbers is None:
            return point
        others = {name: v for name, v in self.numbers.given.items() if name not in ("n", "gap")}
        return point.with_numbers(others)


def input_with_spectrum(point: Point, name: str = "") -> LayerInput:
    """Input whose A = X Xᵀ is diagonal with the given eigenvalues.

    The law of a layer's row norms and isometry gap sees A through its eigenvalues alone, since
    W Q is distributed as W. There are d samples, or n where the point has that.

    Examples
    --------
    >>> input_with_spectrum(Point.of(None, [1, 4])).X
    array([[1., 0.],
           [0., 2.]])
    """
    values = np.array(point.floats())
    d, samples = len(values), point.integer("n") if point.has("n") else len(values)
    if np.count_nonzero(values) > samples:
        raise ValueError(
            f"n = {samples}: expected at least as many samples as there are eigenvalues that are "
            f"not zero, which are {np.count_nonzero(values)}"
        )
    X = np.zeros((d, samples))
    X[np.arange(min(d, samples)), np.arange(min(d, samples))] = np.sqrt(values)[
        np.argsort(values == 0, kind="stable")
    ][: min(d, samples)]
    return LayerInput(X, name, point)


def input_at(point: Point, name: str = "") -> LayerInput:
    """Input of a point: its own where it has one, else one with its spectrum."""
    if point.input is None:
        return input_with_spectrum(point, name)
    return LayerInput(point.input, name, point)


def crosscheck(
    formulas: Sequence[Observable],
    inputs: Sequence[LayerInput],
    samples: int,
    seed: int,
    weights: Sampler = haar_orthogonal,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _done: None,
    sparing: bool = False,
) -> list[LayerCheck]:
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
    sparing : bool, optional
        Whether that many draws are of what one layer shows, and of what takes many layers there
        are fewer, as many times as it takes.

    Returns
    -------
    list of Crosscheck, BoundCheck and HeavyCheck
        One for each formula and input, formula by formula.

    Raises
    ------
    TypeError, ValueError
        For a sample count or a seed that is none.
    HypothesisError
        When a formula does not apply at an input.
    ValueError
        When a formula has no simulation.

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
        Case.of(formula, where)
        for formula in formulas
        for where in (inputs if formula.depends_on_input else inputs[:1])
    )
    if not cases:
        return []
    rows: dict[int, LayerCheck] = {}
    for count, places in _by_draws(cases, samples, sparing).items():
        chosen = tuple(cases[k] for k in places)
        done = progress if count == samples else _silent
        made = _rows(chosen, inputs, count, seed, weights, executor, done)
        rows.update(zip(places, made, strict=True))
    return [rows[k] for k in range(len(cases))]


#: So many draws there are at least.
LEAST_DRAWS = 50


def _silent(_done: int) -> None:
    pass


def _by_draws(cases: Sequence[Case], samples: int, sparing: bool) -> dict[int, list[int]]:
    """Return the places of the cases that have so many draws."""
    found: dict[int, list[int]] = {}
    for place, case in enumerate(cases):
        layers = _layers(case) if sparing else 1
        count = max(samples // layers, min(samples, LEAST_DRAWS))
        found.setdefault(count, []).append(place)
    return found


#: A draw of a formula's own is dearer than one that all formulas share.
_OWN = 10


def _layers(case: Case) -> int:
    return max(case.formula.layers(case.point), 1 if case.look.of_layer else _OWN)


def _rows(
    cases: tuple[Case, ...],
    inputs: Sequence[LayerInput],
    samples: int,
    seed: int,
    weights: Sampler,
    executor: Executor | None,
    progress: Callable[[int], None],
) -> list[LayerCheck]:
    """Return the rows of cases that share their draws."""
    d = inputs[0].point.integer_width()
    looks = tuple(case.look for case in cases)
    places = {id(where): place for place, where in enumerate(inputs)}
    simulation = _Simulation(
        looks,
        tuple(places[id(case.where)] for case in cases),
        tuple(where.X for where in inputs),
        d,
        weights,
    )
    numbers = max(look.numbers for look in looks)
    tally = summed(simulation, Tally.of, samples, seed, numbers, executor, progress)
    return [case.row(tally, place, seed) for place, case in enumerate(cases)]


@dataclass(frozen=True)
class Look:
    """What draws show of a formula at one input: without the statement, it is cheap to send.

    Parameters
    ----------
    observe, against, draw : callable or None
        As a formula has them.
    side : str
        How the left side stands to the right one.
    value : float
        The right side; nan where it is random.
    point : Point
        Where.
    X : numpy.ndarray
        The input.
    """

    observe: Statistic | None
    against: Statistic | None
    draw: Draw | None
    side: str
    value: float
    point: Point = field(repr=False)
    X: Array = field(repr=False)

    @property
    def of_layer(self) -> bool:
        """Whether a layer with orthogonal weights shows it, which others may look at too."""
        return self.draw is None or isinstance(self.draw, OfLayer)

    @property
    def numbers(self) -> int:
        """How many numbers a draw takes, about."""
        if self.of_layer:
            d, samples = self.X.shape
            return int(d * max(d, samples))
        layers = int(self.point["depth"]) if self.point.has("depth") else 1
        return self.point.integer_width() ** 2 * max(1, layers)

    def __call__(self, count: int, rng: np.random.Generator) -> Array:
        """Return what draws of their own show, shape (draws, 1, 3)."""
        if self.draw is not None:
            return self.compared(self.draw(self.point, count, rng))[:, None]
        return self.at(Layer(self.X, haar_orthogonal(len(self.X), count, rng)))[:, None]

    @property
    def drawn(self) -> tuple[object, ...]:
        """What its draws are of: two looks with draws of the same may have the same draws."""
        return self.draw, id(self.X), frozenset(self.point.given.items())

    def at(self, layer: Layer) -> Array:
        """Return what draws of a layer show, see `compared`."""
        if isinstance(self.draw, OfLayer):
            return self.compared(self.draw.of(layer, self.point), layer)
        assert self.observe is not None
        return self.compared(self.observe(layer), layer)

    def compared(self, left: Array, layer: Layer | None = None) -> Array:
        """Return the left side, the right side, and whether they violate the claim, by draw."""
        right = np.broadcast_to(self.value, left.shape)
        if self.against is not None and layer is not None:
            right = self.against(layer)
        rounding = 1e-9 * np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
        wrong = {
            "==": np.abs(left - right) > rounding,
            "<=": left > right + rounding,
            ">=": left < right - rounding,
        }[self.side]
        return np.stack([left, right, wrong.astype(float)], axis=-1)


@dataclass(frozen=True)
class Case:
    """A formula at one input, with its value there.

    Parameters
    ----------
    formula : Observable
    where : LayerInput
    look : Look
    """

    formula: Observable
    where: LayerInput
    look: Look

    @classmethod
    def of(cls, formula: Observable, where: LayerInput) -> Case:
        """Evaluate a formula at an input, and refuse where it does not hold.

        Raises
        ------
        ValueError
            When a formula has no simulation, or a hypothesis fails.
        """
        if formula.observe is None and formula.draw is None:
            raise ValueError(f"{formula.name} has no simulation; its steps can be checked")
        point = formula.completed(where.point)
        value = math.nan if formula.against is not None else float(formula.at(point))
        parts = (formula.observe, formula.against, formula.draw, formula.side)
        return cls(formula, where, Look(*parts, value, point, where.X))

    @property
    def point(self) -> Point:
        """Where the formula is evaluated."""
        return self.look.point

    @property
    def rounding(self) -> float:
        """Bound the floating-point error of a simulated mean.

        An isotropic input makes the row norms deterministic, and then only rounding is left in
        them: relative 1e-12 of the value, or of the mean eigenvalue squared for what is quadratic.
        """
        scale = float(self.point.power_sum(1) / self.point.width)
        value = 0.0 if self.formula.against is not None else self.look.value
        return 1e-11 * abs(value) + float(1e-24 * scale**self.formula.degree)

    def row(self, tally: Tally, place: int, seed: Any) -> LayerCheck:
        """Return the row of the table that draws give, of which this case is at one place."""
        formula, moments = self.formula, tally.moments
        mean, error = (part[place] for part in (moments.mean, moments.standard_error))
        estimate = Estimate(float(mean[0]), float(error[0]), tally.count, seed)
        names: dict[str, Any] = {
            "formula": formula.name,
            "where": self.where.name if formula.depends_on_input else "",
        }
        value = float(mean[1]) if formula.against is not None else self.look.value
        if formula.every_draw:
            violations = round(float(mean[2]) * tally.count)
            return BoundCheck(
                value, estimate, formula.side, 0.0, self.rounding, violations, **names
            )
        tail = self._tail(tally, place)
        if tail is not None and tail.heavy:
            return HeavyCheck(value, estimate, tail, tally.robust(place), formula.side, **names)
        if formula.side == "==":
            return Crosscheck(value, estimate, FALSE_ALARM, self.rounding, **names)
        return BoundCheck(value, estimate, formula.side, FALSE_ALARM / 2, self.rounding, **names)

    def _tail(self, tally: Tally, place: int) -> Tail | None:
        """Return how the draws fall off: by the law where the formula knows it."""
        index = self.formula.tail_index(self.point)
        if index is None:
            return tally.tail(place)
        # Where all moments are finite, draws may still be too few for the normal law of their mean.
        spread = tally.moments.standard_error[place, 0] > self.rounding
        bounded = math.isinf(index) and self.look.of_layer
        share = tally.share(place) if bounded and spread else 0.0
        return Tail(index, known=True, share=share)


def _require_seed(seed: object) -> None:
    # It is printed beside the numbers, so that they can be made again.
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed = {seed!r}: expected a non-negative integer")
    generator(seed)


@dataclass(frozen=True)
class _Simulation:
    """Draws of the weights, and what each formula is about in each layer."""

    looks: tuple[Look, ...]
    places: tuple[int, ...]
    inputs: tuple[Array, ...]
    width: int
    weights: Sampler

    def __call__(self, count: int, rng: np.random.Generator) -> Array:
        """Return what is seen, draws × cases × three."""
        layers: list[Layer] = []
        if any(look.of_layer for look in self.looks):
            W = self.weights(self.width, count, rng)
            layers = [Layer(X, W) for X in self.inputs]
        own: dict[tuple[object, ...], Array] = {}
        seen = []
        for look, place in zip(self.looks, self.places, strict=True):
            if look.draw is None or look.of_layer:
                seen.append(look.at(layers[place]))
                continue
            if look.drawn not in own:
                own[look.drawn] = look.draw(look.point, count, rng)
            seen.append(look.compared(own[look.drawn]))
        return np.stack(seen, axis=1)
