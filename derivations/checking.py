"""The steps of many formulas, checked again: one that several formulas share is checked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derivations.formula import Formula
from derivations.steps import Step

__all__ = ["broken_steps"]


def broken_steps(
    formulas: Sequence[Formula], progress: Callable[[int], None] = lambda _done: None
) -> list[tuple[Formula, Step]]:
    """Return the steps of formulas that do not hold.

    Parameters
    ----------
    formulas : sequence of Formula
    progress : callable, optional
        Called with 1 after each formula.

    Returns
    -------
    list of (Formula, Step)
        Under each formula that has it: empty when all is well.

    Examples
    --------
    >>> from derivations import catalogue
    >>> broken_steps([catalogue["entry-same-row"], catalogue["entry-disjoint"]])
    []
    """
    held: dict[Step, bool] = {}
    broken = []
    for formula in formulas:
        broken += [(formula, step) for step in formula.checked if not _holds(step, held)]
        progress(1)
    return broken


def _holds(step: Step, held: dict[Step, bool]) -> bool:
    """Say whether a step holds: what equals it in claim, reason and check, holds as it does."""
    try:
        known = step in held
    except TypeError:  # its check has parts without a hash
        return step.check()
    if not known:
        held[step] = step.check()
    return held[step]
