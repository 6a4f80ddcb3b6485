"""The result of a sweep: a tidy table, what is predicted apart from it, and one verdict."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from derivations.numeric.family import FAMILY_RATE, Family
from derivations.sweeps.outcome import Outcome
from weingarten.markup import html_table

__all__ = ["COLUMNS", "Sweep"]

COLUMNS = ("what", "width", "depth", "batch", "exact", "mean", "standard_error", "z")
"""The columns of every table."""

HEAVY = ("robust_mean", "robust_low", "robust_high", "tail_index")
"""Those of a table with a mean whose draws have, or may have, an infinite variance."""

PREDICTED = (
    "what", "width", "depth", "batch", "prediction", "kind", "value", "standard_error", "z",
)  # fmt: skip
_TEXTS = ("what", "batch", "prediction", "kind")
_COUNTS = ("width", "depth")


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep found, cell by cell; it is read like a structured array.

    Parameters
    ----------
    outcomes : tuple of Outcome
        The cells: what by what, then width, depth and batch.
    seed : int
        The seed of the sweep.
    notes : tuple of str
        What was done to the batches.

    Examples
    --------
    >>> from derivations import sweep
    >>> found = sweep("row-norm-mean", widths=[3, 4], networks=500)
    >>> found.dtype.names
    ('what', 'width', 'depth', 'batch', 'exact', 'mean', 'standard_error', 'z')
    >>> found["width"]
    array([3, 4])
    >>> bool(found.verdict)
    True
    """

    outcomes: tuple[Outcome, ...]
    seed: int
    notes: tuple[str, ...] = ()

    @cached_property
    def verdict(self) -> Family:
        """All checks of the sweep together, those of what is iterated among them."""
        # A check is false where it fails.
        checks = [o.check for o in self.outcomes if o.check is not None]
        iterated = [row for outcome in self.outcomes for row in outcome.iterated]
        return Family.of([*checks, *iterated], FAMILY_RATE)

    @cached_property
    def table(self) -> np.ndarray[Any, Any]:
        """A structured array, one row for each cell.

        Its columns are `COLUMNS`. Where some draws have, or may have, an infinite variance, there
        are ``robust_mean``, ``robust_low``, ``robust_high`` and ``tail_index`` besides, and
        ``standard_error`` and ``z`` of those cells are nan. So is ``exact`` of a statistic.
        """
        return _array(self.columns, [_row(outcome) for outcome in self.outcomes])

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return COLUMNS + HEAVY * any(outcome.heavy for outcome in self.outcomes)

    @cached_property
    def predictions(self) -> np.ndarray[Any, Any]:
        """What the theory says of statistics at depths where they have no exact value.

        A structured array apart from the table: nothing in it is simulated alone. The ``kind``
        of a prediction is ``iterated`` (the exact law of a layer at the spectra that the networks
        met before the last one, with the standard error of its mean, and in ``z`` the distance of
        the simulated mean from it),
        ``bound`` or ``limit``.
        """
        rows = []
        for outcome in self.outcomes:
            checks = {row.formula: row.z for row in outcome.iterated}
            for p in outcome.predictions:
                rows.append(
                    {
                        **_place(outcome),
                        "prediction": p.prediction,
                        "kind": p.kind,
                        "value": p.value,
                        "standard_error": p.standard_error,
                        "z": checks.get(f"{outcome.what}, {p.prediction}", math.nan),
                    }
                )
        return _array(PREDICTED, rows)

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of the table."""
        kind: np.dtype[Any] = self.table.dtype
        return kind

    def __len__(self) -> int:
        return len(self.outcomes)

    def __getitem__(self, key: Any) -> Any:
        return self.table[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.table)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self.table, dtype=dtype, copy=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries; None where there is no number.

        Examples
        --------
        >>> from derivations import sweep
        >>> sweep("gap", [3], [2], networks=4).records()[0]["exact"] is None
        True
        """
        rows = [_row(outcome) for outcome in self.outcomes]
        return [{name: _plain(row[name]) for name in self.columns} for row in rows]

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the table as CSV, and write it if a path is given; no number is an empty cell.

        Examples
        --------
        >>> from derivations import sweep
        >>> sweep("row-norm-mean", [3], networks=100).to_csv().splitlines()[0]
        'what,width,depth,batch,exact,mean,standard_error,z'
        """
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.records())
        return _written(text.getvalue(), path)

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the table as JSON, a list of objects; no number is null."""
        return _written(json.dumps(self.records(), indent=1, ensure_ascii=False) + "\n", path)

    def to_frame(self) -> Any:
        """Return the table as a data frame.

        Raises
        ------
        ImportError
            When pandas is not installed.
        """
        try:
            import pandas
        except ImportError as missing:
            raise ImportError(
                "a data frame needs pandas; install it, or use .table, .to_csv() or .to_json()"
            ) from missing
        return pandas.DataFrame({name: self.table[name] for name in self.columns})

    def __bool__(self) -> bool:
        return self.verdict.agrees

    def _repr_html_(self) -> str:
        rows = ([_cell(value) for value in record.values()] for record in self.records())
        return html_table(self.columns, rows, len(self), self.verdict.sentence())

    def __repr__(self) -> str:
        lines = [f"{len(self)} cells, seed {self.seed}"]
        checks = iter(self.verdict.rows)  # those of the outcomes come first, in their order
        for outcome in self.outcomes:
            check = None if outcome.check is None else next(checks)
            lines.append(_simulated(outcome) if check is None else repr(check))
        return "\n".join([*lines, self.verdict.sentence()])


def _place(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in COLUMNS[:4]}


def _row(outcome: Outcome) -> dict[str, Any]:
    check = outcome.check
    robust = outcome.robust if outcome.heavy and outcome.robust else (math.nan,) * 3
    return {
        **_place(outcome),
        "exact": outcome.exact,
        "mean": outcome.mean,
        "standard_error": math.nan if outcome.heavy else outcome.standard_error,
        "z": math.nan if check is None else float(check.z),
        **dict(zip(HEAVY, (*robust, outcome.tail_index if outcome.heavy else math.nan),
                   strict=True)),
    }  # fmt: skip


def _array(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    kinds = []
    for name in columns:
        if name in _TEXTS:
            longest = max([len(row[name]) for row in rows], default=1)
            kinds.append((name, f"U{max(1, longest)}"))
        else:
            kinds.append((name, "i8" if name in _COUNTS else "f8"))
    array = np.array([tuple(row[name] for name in columns) for row in rows], dtype=kinds)
    array.flags.writeable = False
    return array


def _plain(value: Any) -> Any:
    """Return a number as JSON has it: none for nan, and a word for what is infinite."""
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return None if math.isnan(value) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _written(text: str, path: str | os.PathLike[str] | None) -> str:
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def _simulated(outcome: Outcome) -> str:
    error = "no standard error" if outcome.heavy else f"± {outcome.standard_error:.2g}"
    tail = f"; {outcome.beside()}" if outcome.heavy else ""
    return f"{outcome.what} at {outcome.place}: {outcome.mean:.6g} {error}{tail}"
