"""One verdict for many checks: the chance that any of them fails falsely is stated, and shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scipy.stats import norm

from derivations.numeric.bounds import BoundCheck
from derivations.numeric.heavy import HeavyCheck
from derivations.numeric.montecarlo import LayerCheck
from weingarten.simulation.results import Crosscheck

__all__ = ["FAMILY_RATE", "Family"]

FAMILY_RATE = 1e-3
"""Chance at most, for normal draws, that any check of a family of true formulas fails."""

_SURE = float(norm.isf(0.01))
_ERROR = 0.01


@dataclass(frozen=True)
class Family:
    """Checks that are judged together.

    Every check by chance gets the same part of the rate (Bonferroni); a claim about every draw has
    no false alarms, and takes none. The draws of different checks may depend on each other.

    Parameters
    ----------
    rows : tuple of LayerCheck
        The checks, each with its part.
    rate : float
        The chance that any of them fails although all that they check is true.

    Examples
    --------
    >>> from weingarten.simulation.results import Estimate
    >>> off = Crosscheck(1.0, Estimate(1.37, 0.1, samples=10_000, seed=0))
    >>> bool(Family.of([off])), bool(Family.of([off] * 100))
    (False, True)
    """

    rows: tuple[LayerCheck, ...]
    rate: float = FAMILY_RATE

    @classmethod
    def of(cls, rows: Sequence[LayerCheck], rate: float = FAMILY_RATE) -> Family:
        """Share out a rate among checks."""
        part = rate / max(1, sum(row.false_alarm_rate > 0 for row in rows))
        return cls(tuple(_with_rate(row, part) for row in rows), rate)

    @property
    def judged(self) -> list[Crosscheck | BoundCheck]:
        """The checks by chance."""
        return [r for r in self.rows if not isinstance(r, HeavyCheck) and r.false_alarm_rate > 0]

    @property
    def heavy(self) -> list[HeavyCheck]:
        """The checks that are not judged."""
        return [row for row in self.rows if isinstance(row, HeavyCheck)]

    @property
    def failed(self) -> list[LayerCheck]:
        """The checks that fail."""
        return [row for row in self.rows if not row.agrees]

    @property
    def agrees(self) -> bool:
        """The verdict: whether no check fails."""
        return not self.failed

    def __bool__(self) -> bool:
        return self.agrees

    def sentence(self) -> str:
        """Say the verdict, and what it is worth.

        Examples
        --------
        >>> from weingarten.simulation.results import Estimate
        >>> row = Crosscheck(1.0, Estimate(1.001, 0.001, samples=10_000, seed=0), formula="one")
        >>> print(Family.of([row]).sentence())
        Verdict: the check agrees, at a family-wise false-alarm rate of 0.001 (|z| ≤ 3.29). An error
        of 1 % would be caught with 99 % chance in 1 of 1 exact values.
        """
        always = len(self.rows) - len(self.judged) - len(self.heavy)
        count = len(self.judged) + always
        failed = len(self.failed)
        if not count:
            unjudged = f" Not judged, for tails too heavy: {_named(self.heavy)}."
            return f"No verdict: nothing is judged here.{unjudged if self.heavy else ''}"
        said = f"{failed} of {count} checks FAIL" if failed else _all_agree(count)
        parts = [f"Verdict: {said}, at a family-wise false-alarm rate of {self.rate:g}"]
        if self.judged:
            limits = sorted({f"{row.threshold:.2f}" for row in self.judged}, key=float)
            parts[0] += f" (|z| ≤ {limits[0]}{f' to {limits[-1]}' if limits[1:] else ''})"
        parts[0] += "."
        if failed:
            parts.append(f"Failed: {_named(self.failed)}.")
        if always:
            parts.append(f"{always} are of every draw, and have no false alarms.")
        if self.heavy:
            parts.append(f"Not judged, for tails too heavy: {_named(self.heavy)}.")
        return " ".join(filter(None, [*parts, self._power()]))

    def _power(self) -> str:
        """Say in how many exact values an error of 1 % would be seen, and where least."""
        rows = [row for row in self.judged if isinstance(row, Crosscheck) and row.value]
        if not rows:
            return ""
        errors = [(row.threshold + _SURE) * row.standard_error / abs(row.value) for row in rows]
        seen = sum(error <= _ERROR for error in errors)
        worst = max(errors)
        blunt = _named([rows[errors.index(worst)]])
        least = f"; the least sharp, {blunt}, shows {worst:.2g} of its value"
        return (
            f"An error of 1 % would be caught with 99 % chance in {seen} of {len(errors)} exact "
            f"values{least if worst > _ERROR else ''}."
        )


def _with_rate(row: LayerCheck, part: float) -> LayerCheck:
    if isinstance(row, HeavyCheck) or not row.false_alarm_rate:
        return row
    return replace(row, false_alarm_rate=part)


def _all_agree(count: int) -> str:
    return "the check agrees" if count == 1 else f"all {count} checks agree"


def _named(rows: Sequence[LayerCheck]) -> str:
    return ", ".join(f"{r.formula}{f' ({r.where})' if r.where else ''}" for r in rows)
