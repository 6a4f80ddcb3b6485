"""What a simulation found: a mean with its error, and an exact value beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.stats import t as student

from weingarten.markup import html_table
from weingarten.simulation.statistics import Array, Moments

#: An imaginary part below this, relative to the number, is not shown.
_ROUNDING = 1e-12

#: A matrix of so many entries is shown entry by entry.
_SHOWN = 16


@dataclass(frozen=True)
class Estimate:
    """A mean over samples.

    Attributes
    ----------
    mean : float, complex or ndarray
        The mean of the samples.
    standard_error : float, complex or ndarray
        Its standard error: for complex values, that of the real and of the imaginary part.
    samples : int
        The number of samples.
    seed : object
        What the random numbers were seeded with.
    unused : tuple of str
        The names of what has a value in `at`, and does not stand in the expression.
    """

    mean: Any
    standard_error: Any
    samples: int
    seed: Any
    unused: tuple[str, ...] = ()

    @classmethod
    def of(cls, moments: Moments, seed: Any, unused: tuple[str, ...] = ()) -> Estimate:
        """Return the estimate that moments give."""
        mean, error = plain(moments.mean), plain(moments.standard_error)
        return cls(mean, error, moments.count, seed, unused)

    def __repr__(self) -> str:
        unused = f"; not in expr: {', '.join(self.unused)}" if self.unused else ""
        said = f"{self._shown()} ({self.samples:,} samples{unused})"
        if np.size(self.mean) <= _SHOWN:
            return said
        return f"{said}, mean\n{_printed(self.mean, 4)}\nstandard error\n" + _printed(
            self.standard_error, 2
        )

    def _repr_html_(self) -> str:
        columns = ["", "mean", "standard error"]
        rows = _by_entry(np.asarray(self.mean), np.asarray(self.standard_error))
        return html_table(columns, rows, np.size(self.mean), f"{self.samples:,} samples")

    def _shown(self) -> str:
        """Return mean and error; entry by entry for a small matrix."""
        mean, error = np.asarray(self.mean), np.asarray(self.standard_error)
        if mean.ndim != 2 or mean.size > _SHOWN:
            return f"{_short(self.mean)} ± {_short(self.standard_error)}"
        rows = [
            ", ".join(
                f"{_short(m.item(), 4)} ± {_short(e.item(), 2)}" for m, e in zip(*row, strict=True)
            )
            for row in zip(mean, error, strict=True)
        ]
        return f"[{'; '.join(rows)}]"


@dataclass(frozen=True)
class Crosscheck:
    """An exact expectation beside its estimate.

    Attributes
    ----------
    exact : Expr, Matrix or float
        The exact value at the point of the check.
    estimate : Estimate
        The mean of the samples.
    false_alarm_rate : float
        The probability that a right value fails, for normal samples, over all entries and over
        real and imaginary parts together.
    rounding : float or ndarray
        What value and mean may differ by for rounding alone.
    evaluated : float, complex or ndarray, optional
        The value as a number, where `exact` is an expression.
    formula, where : str
        For a formula of the derivations: its name, and the name of the layer's input.

    Examples
    --------
    >>> check = Crosscheck(1.0, Estimate(1.3, 0.1, samples=1000, seed=0))
    >>> check
    agrees: exact 1, estimate 1.3 ± 0.1 (1,000 samples), |z| = 3.00
    (limit 3.91, false alarms 0.0001)
    >>> bool(check)
    True
    """

    exact: Any
    estimate: Estimate
    false_alarm_rate: float = 1e-4
    rounding: Any = 0.0
    evaluated: Any = None
    formula: str = ""
    where: str = ""

    @property
    def value(self) -> Any:
        """The exact value as a number or an array."""
        return self.exact if self.evaluated is None else self.evaluated

    @property
    def z(self) -> float:
        """Estimate minus value in standard errors, where that is largest: which entry or part."""
        distances = self._distances
        return float(distances[np.argmax(np.abs(distances))]) if distances.size else 0.0

    @property
    def threshold(self) -> float:
        """What the size of `z` may be: the false alarms are shared out evenly (Bonferroni).

        A quantile of Student's law, as the error is estimated from the samples.
        """
        part = self.false_alarm_rate / (2 * max(1, self._distances.size))
        return float(student.isf(part, self.estimate.samples - 1))

    @property
    def passed(self) -> bool:
        """Whether the exact value agrees with the estimate."""
        return abs(self.z) <= self.threshold

    @property
    def agrees(self) -> bool:
        """Whether the exact value agrees with the estimate; the same as `passed`."""
        return self.passed

    @property
    def mean(self) -> Any:
        """The mean of the samples."""
        return self.estimate.mean

    @property
    def standard_error(self) -> Any:
        """The standard error of the mean."""
        return self.estimate.standard_error

    @cached_property
    def _distances(self) -> Array:
        """Differences in standard errors, of real parts and of imaginary ones if any."""
        difference = np.asarray(self.mean) - np.asarray(self.value)
        error = np.asarray(self.standard_error)
        parts = [_in_errors(difference.real, error.real, self.rounding)]
        if np.iscomplexobj(difference):
            parts.append(_in_errors(difference.imag, error.imag, self.rounding))
        return np.concatenate([np.ravel(part) for part in parts])

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        large = np.size(self.mean) > _SHOWN
        below = f"\nexact\n{_printed(self.value, 4)}\nestimate\n{self.estimate!r}" if large else ""
        found = _short(self.mean) if large else repr(self.estimate)
        return (
            f"{self._named()}{self._verdict()}: exact {_short(self.value)}, estimate {found}, "
            f"{self._judged()}{below}"
        )

    def _named(self) -> str:
        place = f" at {self.where}" if self.where else ""
        return f"{self.formula}{place}{': ' if self.formula else ''}"

    def _verdict(self) -> str:
        return "agrees" if self.passed else "DISAGREES"

    def _judged(self) -> str:
        return (
            f"|z| = {abs(self.z):.2f} "
            f"(limit {self.threshold:.2f}, false alarms {self.false_alarm_rate:.3g})"
        )

    def _repr_html_(self) -> str:
        arrays = (self.value, self.mean, self.standard_error)
        rows = _by_entry(*map(np.asarray, arrays))
        caption = (
            f"{self._named()}{self._verdict()}, {self._judged()}, {self.estimate.samples:,} samples"
        )
        columns = ["", "exact", "mean", "standard error"]
        return html_table(columns, rows, np.size(self.mean), caption)


def _in_errors(difference: Array, error: Array, rounding: Any) -> Array:
    """Divide by the standard error: zero where it is rounding, infinite where it is sure."""
    only_rounding = (np.abs(difference) <= rounding) & (error <= rounding)
    spread = np.maximum(error, rounding)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(only_rounding, 0.0, difference / spread)


def plain(array: Any) -> Any:
    """Return a number for an array without axes."""
    return array.item() if array.ndim == 0 else array


def _printed(array: Any, digits: int) -> str:
    """Return an array as text; the middle of a large one is left out."""
    entries: Any = {"all": lambda entry: _short(entry.item(), digits)}
    return np.array2string(np.asarray(array), threshold=400, max_line_width=100, formatter=entries)


def _by_entry(*arrays: Array) -> Iterator[tuple[str, ...]]:
    """Yield the entries of arrays of one shape, each with its place."""
    for place in np.ndindex(arrays[0].shape):
        entries = (_short(array[place].item()) for array in arrays)
        yield (f"[{', '.join(map(str, place))}]" if place else "", *entries)


def _short(value: Any, digits: int = 6) -> str:
    if np.ndim(value) == 2 and np.size(value) <= _SHOWN:
        rows = (", ".join(_short(entry.item(), 4) for entry in row) for row in np.asarray(value))
        return f"[{'; '.join(rows)}]"
    if np.ndim(value):
        return f"array of shape {np.shape(value)}"
    if isinstance(value, complex) and abs(value.imag) <= _ROUNDING * (1 + abs(value)):
        value = value.real
    return f"{value:.{digits}g}"
