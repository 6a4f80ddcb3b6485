"""What a formula assumes, and what is left where a batch does not satisfy it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from derivations.point import Point

__all__ = ["Hypothesis", "HypothesisError"]


class HypothesisError(ValueError):
    """A formula was asked for at a point where one of its hypotheses fails."""


def _never(_point: Point) -> str:
    return ""


@dataclass(frozen=True)
class Hypothesis:
    """What a formula assumes, and a test of it where a point can be tested.

    Parameters
    ----------
    text : str
        The assumption, a sentence that may hold LaTeX between dollar signs.
    fails : callable, optional
        Takes a `Point` and returns what is wrong with it, or an empty string.
    still : str, optional
        What holds without it.
    instead : tuple of str, optional
        Names of the formulas to evaluate where it fails.
    """

    text: str
    fails: Callable[[Point], str] = field(default=_never, repr=False)
    still: str = ""
    instead: tuple[str, ...] = ()

    @property
    def testable(self) -> bool:
        """Whether a point can be tested."""
        return self.fails is not _never

    def failure(self, point: Point) -> str:
        """Say what is wrong with a point and what to do, or return an empty string."""
        reason = self.fails(point)
        if not reason:
            return ""
        advice = f"evaluate {' or '.join(self.instead)} instead" if self.instead else ""
        return "; ".join(filter(None, (reason, self.still, advice)))
