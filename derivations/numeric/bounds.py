"""A bound, or a claim about every draw, beside its simulation."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import t as student

from weingarten.simulation.results import Estimate

__all__ = ["BoundCheck"]

_WORDS = {"<=": "at most", ">=": "at least", "==": "equal to"}


@dataclass(frozen=True)
class BoundCheck:
    """What was simulated, beside what it should not exceed.

    Parameters
    ----------
    exact : float
        The bound at the point of the check; for one that is random, the mean over the draws.
    estimate : Estimate
        The mean of what is bounded.
    side : str
        How it stands to the bound: "<=", ">=" or "==".
    false_alarm_rate : float
        The chance that a true bound of a mean fails although it is tight, for normal draws. A
        claim about every draw has none.
    rounding : float
        By how much the mean may be off for rounding alone.
    violations : int, optional
        For a claim about every draw: in how many it did not hold.
    formula, where : str
        The names of the formula and of the layer's input.

    Examples
    --------
    >>> row = BoundCheck(2.0, Estimate(1.5, 0.1, samples=100, seed=0), "<=", 3e-5)
    >>> row.agrees, row.z, row.ratio
    (True, -5.0, 0.75)
    >>> BoundCheck(2.0, Estimate(2.5, 0.1, samples=100, seed=0), "<=", 3e-5).agrees
    False
    >>> BoundCheck(2.0, Estimate(1.5, 0.1, samples=100, seed=0), "<=", 0.0, violations=1).agrees
    False
    """

    exact: float
    estimate: Estimate
    side: str
    false_alarm_rate: float
    rounding: float = 0.0
    violations: int | None = None
    formula: str = ""
    where: str = ""

    @property
    def value(self) -> float:
        """The bound as a number."""
        return self.exact

    @property
    def mean(self) -> float:
        """The mean of the draws."""
        return float(self.estimate.mean)

    @property
    def standard_error(self) -> float:
        """Its standard error."""
        return float(self.estimate.standard_error)

    @property
    def z(self) -> float:
        """Mean minus bound in standard errors; zero where they differ by rounding alone."""
        difference = self.mean - self.exact
        if abs(difference) <= self.rounding and self.standard_error <= self.rounding:
            return 0.0
        spread = max(self.standard_error, self.rounding)
        return difference / spread if spread else float("inf") * difference

    @property
    def threshold(self) -> float:
        """How many standard errors a mean may lie beyond its bound."""
        if self.violations is not None:
            return 0.0
        return float(student.isf(self.false_alarm_rate, self.estimate.samples - 1))

    @property
    def agrees(self) -> bool:
        """Whether nothing violates the bound: no draw, or not the mean beyond its error."""
        if self.violations is not None:
            return self.violations == 0
        return (self.z if self.side == "<=" else -self.z) <= self.threshold

    @property
    def passed(self) -> bool:
        """Whether nothing violates the bound; the same as `agrees`."""
        return self.agrees

    @property
    def slack(self) -> float:
        """How far the mean lies on the right side of the bound."""
        return self.exact - self.mean if self.side == "<=" else self.mean - self.exact

    @property
    def ratio(self) -> float:
        """Mean over bound: one where it is tight."""
        return self.mean / self.exact if self.exact else float("nan")

    def tightness(self) -> str:
        """Say how far the bound is from tight.

        Examples
        --------
        >>> BoundCheck(2.0, Estimate(1.5, 0.1, samples=100, seed=0), "<=", 3e-5).tightness()
        'the mean is at most the bound: 0.75 of it, with 0.5 to spare'
        """
        word, draws = _WORDS[self.side], self.estimate.samples
        scale = f"{self.ratio:.4g} of it, " if self.exact else ""
        distance = f"{scale}with {self.slack:.3g} to spare"
        if self.violations is None:
            return f"the mean is {word} the bound: {distance}"
        held = f"in {draws - self.violations} of {draws} draws"
        if self.side == "==":
            return f"equal to the value {held}"
        return f"{word} the bound {held}: the mean is {distance}"

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        name = f"{self.formula}{place}: " if self.formula else ""
        verdict = "holds" if self.agrees else "VIOLATED"
        return (
            f"{name}{verdict}: bound {self.exact:.6g}, estimate {self.estimate}; {self.tightness()}"
        )
