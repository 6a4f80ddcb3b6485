"""What is found in one cell of a sweep: plain numbers, that a file can keep."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from derivations.numeric.bounds import BoundCheck
from derivations.numeric.heavy import HeavyCheck, beside
from derivations.numeric.montecarlo import FALSE_ALARM, LayerCheck
from derivations.numeric.tails import Robust, Tail
from weingarten.simulation.results import Crosscheck, Estimate

__all__ = ["Outcome", "Predicted"]


@dataclass(frozen=True)
class Predicted:
    """A prediction beside a statistic: see `derivations.sweeps.statistics.Prediction`.

    Parameters
    ----------
    prediction, kind : str
        Which one, and what it is: ``"iterated"``, ``"bound"`` or ``"limit"``.
    value, standard_error : float
        What it says; an iterated one with the error of a mean over the networks, others without.
    difference, difference_error : float
        The mean of simulated minus iterated in the same networks, and its standard error. It
        has the mean zero: sampling noise alone.
    """

    prediction: str
    kind: str
    value: float
    standard_error: float = 0.0
    difference: float = math.nan
    difference_error: float = math.nan


@dataclass(frozen=True)
class Outcome:
    """What was simulated in a cell, beside what is exact.

    Parameters
    ----------
    what : str
        The formula or the statistic.
    width, depth : int
    batch : str
        The name of the batch.
    networks : int
        How many independent draws.
    mean, standard_error : float
        Over these.
    exact : float
        The exact value, or the bound; nan for a statistic, which has none.
    side : str
        How the mean stands to it: "==", "<=" or ">=".
    rounding : float
        By how much the mean may be off for rounding alone.
    violations : int or None
        Of a claim about every draw: in how many it did not hold.
    tail_index, tail_margin : float or None
        How the draws fall off; None where nothing is known.
    tail_known : bool
        Whether it follows from the law of the draws.
    tail_share : float
        How much of their spread one draw makes up.
    robust : tuple of float, or None
        A median of means with its interval.
    predictions : tuple of Predicted
        What the theory says besides.
    """

    what: str
    width: int
    depth: int
    batch: str
    networks: int
    mean: float
    standard_error: float
    exact: float = math.nan
    side: str = "=="
    rounding: float = 0.0
    violations: int | None = None
    tail_index: float | None = None
    tail_margin: float = 0.0
    tail_known: bool = False
    tail_share: float = 0.0
    robust: tuple[float, float, float] | None = None
    predictions: tuple[Predicted, ...] = ()

    @property
    def place(self) -> str:
        """Where it was simulated, in words."""
        return f"width {self.width}, depth {self.depth}, {self.batch}"

    @property
    def tail(self) -> Tail | None:
        """How the draws fall off."""
        if self.tail_index is None:
            return None
        return Tail(self.tail_index, self.tail_known, self.tail_margin, self.tail_share)

    @property
    def heavy(self) -> bool:
        """Whether the mean of the draws has no standard error that says how far it may be off."""
        return self.tail is not None and self.tail.heavy

    @property
    def _robust(self) -> Robust | None:
        return None if self.robust is None else Robust(*self.robust)

    def beside(self) -> str:
        """Say what there is beside the mean, where the draws have no variance."""
        return "" if self.tail is None else beside(self.tail, self._robust)

    @property
    def check(self) -> LayerCheck | None:
        """The check of the exact value; None where there is none."""
        if math.isnan(self.exact):
            return None
        estimate = Estimate(self.mean, self.standard_error, self.networks, None)
        names: dict[str, Any] = {"formula": self.what, "where": self.place}
        if self.violations is not None:
            return BoundCheck(
                self.exact, estimate, self.side, 0.0, self.rounding, self.violations, **names
            )
        if self.tail is not None and self.heavy:
            return HeavyCheck(self.exact, estimate, self.tail, self._robust, self.side, **names)
        if self.side == "==":
            return Crosscheck(self.exact, estimate, FALSE_ALARM, self.rounding, **names)
        return BoundCheck(self.exact, estimate, self.side, FALSE_ALARM / 2, self.rounding, **names)

    @property
    def iterated(self) -> list[Crosscheck]:
        """The checks of what is iterated: simulated minus iterated has the mean zero."""
        return [
            Crosscheck(
                0.0,
                Estimate(p.difference, p.difference_error, self.networks, None),
                FALSE_ALARM,
                1e-11 * abs(p.value),
                formula=f"{self.what}, {p.prediction}",
                where=self.place,
            )
            for p in self.predictions
            if p.kind == "iterated"
        ]

    def as_json(self) -> dict[str, Any]:
        """Return plain numbers; what is not finite becomes a word."""
        return {name: _out(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Outcome:
        """Return what `as_json` was made of.

        Examples
        --------
        >>> import json
        >>> one = Outcome("gap", 3, 2, "gaussian", 10, 0.1, math.inf, robust=(0.1, 0.0, 0.2))
        >>> text = json.dumps(one.as_json(), allow_nan=False)
        >>> repr(Outcome.from_json(json.loads(text))) == repr(one)
        True
        """
        fields = {name: _in(value) for name, value in found.items()}
        if fields.get("robust") is not None:
            fields["robust"] = tuple(fields["robust"])
        fields["predictions"] = tuple(Predicted(**p) for p in fields.get("predictions", ()))
        return cls(**fields)


_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _out(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, list | tuple):
        return [_out(part) for part in value]
    if isinstance(value, dict):
        return {name: _out(part) for name, part in value.items()}
    return value


def _in(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"float"}:
        return _WORDS[value["float"]]
    if isinstance(value, list):
        return [_in(part) for part in value]
    if isinstance(value, dict):
        return {name: _in(part) for name, part in value.items()}
    return value
