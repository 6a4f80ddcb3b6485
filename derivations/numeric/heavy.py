"""A mean whose draws have an infinite variance, beside its exact value: told, and not judged."""

from __future__ import annotations

import math
from dataclasses import dataclass

from derivations.numeric.tails import Robust, Tail
from weingarten.simulation.results import Estimate

__all__ = ["HeavyCheck", "beside"]


def beside(tail: Tail, robust: Robust | None) -> str:
    """Say what there is beside a mean without a standard error.

    Examples
    --------
    >>> beside(Tail(1.5, known=True), Robust(1.9, 1.7, 2.0))[:30]
    'median of means 1.9 (1.7 to 2)'
    """
    if robust is None:
        return str(tail)
    return f"median of means {robust.value:.6g} ({robust.low:.6g} to {robust.high:.6g}); {tail}"


@dataclass(frozen=True)
class HeavyCheck:
    """What was simulated with heavy tails, beside the exact value.

    Parameters
    ----------
    exact : float
        The value, or the bound.
    estimate : Estimate
        The mean, and what would be its standard error.
    tail : Tail
        How the draws fall off.
    robust : Robust or None
        A median of means; None from few draws.
    side : str
        How the mean stands to the value: "==", "<=" or ">=".
    formula, where : str
        The names of the formula and of the layer's input.

    Examples
    --------
    >>> few = Estimate(2.1, 0.3, samples=100, seed=0)
    >>> row = HeavyCheck(2.0, few, Tail(1.5, known=True), Robust(1.9, 1.7, 2.0))
    >>> row.z, row.standard_error
    (nan, nan)
    >>> row
    not judged: exact 2, mean 2.1 of 100 samples, median of means 1.9 (1.7 to 2); the variance is
    infinite: the tail index is 1.5, at most 2
    """

    exact: float
    estimate: Estimate
    tail: Tail
    robust: Robust | None
    side: str = "=="
    formula: str = ""
    where: str = ""

    @property
    def value(self) -> float:
        """The exact value as a number."""
        return self.exact

    @property
    def mean(self) -> float:
        """The mean of the draws."""
        return float(self.estimate.mean)

    @property
    def standard_error(self) -> float:
        """Not a number: there is none."""
        return math.nan

    @property
    def z(self) -> float:
        """Not a number: a distance in standard errors says nothing here."""
        return math.nan

    @property
    def false_alarm_rate(self) -> float:
        """Zero: nothing is tested."""
        return 0.0

    @property
    def agrees(self) -> bool:
        """True: nothing is tested, and nothing fails."""
        return True

    @property
    def passed(self) -> bool:
        """The same as `agrees`."""
        return self.agrees

    def beside(self) -> str:
        """Say what there is beside the mean.

        Examples
        --------
        >>> few = Estimate(2.1, 0.3, samples=100, seed=0)
        >>> HeavyCheck(2.0, few, Tail(1.5, known=True), None).beside()
        'the variance is infinite: the tail index is 1.5, at most 2'
        """
        return beside(self.tail, self.robust)

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        name = f"{self.formula}{place}: " if self.formula else ""
        samples = f"{self.estimate.samples:,} samples"
        return (
            f"{name}not judged: exact {self.exact:.6g}, mean {self.mean:.6g} of {samples}, "
            f"{self.beside()}"
        )
