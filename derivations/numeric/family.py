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
        Verdict: the check agrees. A mean may be off by 3.29 standard errors: the chance that true
        formulas fail anywhere is then at most 0.001. A value that is wrong by 1 % would be noticed,
        with a chance of 99 %, in 1 of 1 exact values.
        """
        always = len(self.rows) - len(self.judged) - len(self.heavy)
        count = len(self.judged) + always
        failed = len(self.failed)
        unjudged = f"Not judged, since the means settle too slowly: {_named(self.heavy)}."
        if not count:
            return f"No verdict: nothing is judged here.{f' {unjudged}' if self.heavy else ''}"
        parts = [f"Verdict: {f'{failed} of {count} checks FAIL' if failed else _all_agree(count)}."]
        if failed:
            parts.append(f"Failed: {_named(self.failed)}.")
        if self.judged:
            parts.append(self._limits())
        if always:
            checks = "check is" if always == 1 else "checks are"
            parts.append(f"{always} {checks} of every draw, where one exception is enough to fail.")
        if self.heavy:
            parts.append(unjudged)
        return " ".join(filter(None, [*parts, self._power()]))

    def _limits(self) -> str:
        """Say how far a mean may be off, and how often it is further off by chance."""
        limits = sorted({f"{row.threshold:.2f}" for row in self.judged}, key=float)
        most = f", of few draws by {limits[-1]}" if limits[1:] else ""
        return (
            f"A mean may be off by {limits[0]} standard errors{most}: the chance that true "
            f"formulas fail anywhere is then at most {self.rate:g}."
        )

    def _power(self) -> str:
        """Say in how many exact values an error of 1 % would be seen, and where least."""
        rows = [row for row in self.judged if isinstance(row, Crosscheck) and row.value]
        if not rows:
            return ""
        errors = [(row.threshold + _SURE) * row.standard_error / abs(row.value) for row in rows]
        seen = sum(error <= _ERROR for error in errors)
        worst = max(errors)
        blunt = _named([rows[errors.index(worst)]])
        least = f"; the least sharp, {blunt}, notices {100 * worst:.2g} %"
        return (
            "A value that is wrong by 1 % would be noticed, with a chance of 99 %, in "
            f"{seen} of {len(errors)} exact values{least if worst > _ERROR else ''}."
        )


def _with_rate(row: LayerCheck, part: float) -> LayerCheck:
    if isinstance(row, HeavyCheck) or not row.false_alarm_rate:
        return row
    return replace(row, false_alarm_rate=part)


def _all_agree(count: int) -> str:
    return "the check agrees" if count == 1 else f"all {count} checks agree"


def _named(rows: Sequence[LayerCheck]) -> str:
    return ", ".join(f"{r.formula}{f' ({r.where})' if r.where else ''}" for r in rows)
