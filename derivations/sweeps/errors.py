"""What may go wrong in a sweep after it began, and with the folder that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.sweeps.outcome import Outcome

__all__ = ["StoreError", "SweepError"]


class SweepError(RuntimeError):
    """A sweep broke off; what was finished is not lost.

    Parameters
    ----------
    message : str
        What happened, and how to go on.
    finished : tuple of Outcome
        What was finished.
    """

    def __init__(self, message: str, finished: tuple[Outcome, ...] = ()) -> None:
        super().__init__(message)
        self.finished = finished


class StoreError(ValueError):
    """A folder that cannot keep a sweep, and why."""
