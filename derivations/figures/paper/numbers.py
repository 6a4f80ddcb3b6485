"""The numbers behind a figure: curves, each of one kind, that make up a tidy table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["COLUMNS", "Curve", "Kind", "Numbers", "curve", "simulated"]

Kind: TypeAlias = Literal[
    "simulated",
    "exact",
    "law along",
    "bound",
    "prediction",
    "weak prediction",
    "fit",
    "paper",
    "data",
]
"""What a number is: the mean of simulated networks; proved to be equal; an exact law applied along
simulated inputs; a proved bound; predicted, without a proof, at any gain or at weak ones; fitted;
the paper's; read off data."""

COLUMNS = ("panel", "curve", "kind", "x", "y", "standard_error", "networks")


@dataclass(frozen=True, eq=False)
class Curve:
    """Points of one curve of one panel.

    Parameters
    ----------
    panel : str
        What is drawn against what.
    name : str
        What tells the curve from others of its kind.
    kind : str
        See `Kind`.
    x, y : numpy.ndarray
        Shape (points,).
    error : numpy.ndarray, optional
        Standard error of y, where that is a mean of independent networks.
    networks : tuple of int, optional
        How many of these, point by point.
    """

    panel: str
    name: str
    kind: Kind
    x: Array
    y: Array
    error: Array | None = None
    networks: tuple[int, ...] = ()

    def at(self, x: float) -> float:
        """Return y at one of the points.

        Examples
        --------
        >>> curve("y against x", "", "exact", [1, 2], [3, 5]).at(2)
        5.0
        """
        return float(self.y[np.flatnonzero(self.x == x)[0]])


def curve(panel: str, name: str, kind: Kind, x: object, y: object) -> Curve:
    """Return a curve without an error."""
    return Curve(panel, name, kind, np.array(x, dtype=float), np.array(y, dtype=float))


def simulated(panel: str, name: str, x: object, samples: Sequence[Array]) -> Curve:
    """Return means of independent networks, with their standard errors.

    Parameters
    ----------
    samples : sequence of numpy.ndarray
        For each point what its networks show: at least two of them, not the same number everywhere.

    Examples
    --------
    >>> mean = simulated("y against x", "", [0], [np.array([1.0, 3.0])])
    >>> mean.y, mean.error, mean.networks
    (array([2.]), array([1.]), (2,))
    """
    means = np.array([sample.mean() for sample in samples])
    errors = np.array([sample.std(ddof=1) / np.sqrt(len(sample)) for sample in samples])
    networks = tuple(len(sample) for sample in samples)
    return Curve(panel, name, "simulated", np.array(x, dtype=float), means, errors, networks)


@dataclass(frozen=True, eq=False)
class Numbers:
    """All curves of a figure, and single numbers that its caption states.

    Parameters
    ----------
    curves : tuple of Curve
    facts : dict, optional
        Numbers that are not drawn, by their names.
    """

    curves: tuple[Curve, ...]
    facts: dict[str, float] = field(default_factory=dict)

    def of(self, panel: str) -> tuple[Curve, ...]:
        """Return the curves of one panel."""
        return tuple(curve for curve in self.curves if curve.panel == panel)

    def one(self, panel: str, name: str, kind: Kind = "simulated") -> Curve:
        """Return one curve.

        Examples
        --------
        >>> line = curve("y against x", "a", "bound", [1], [2])
        >>> Numbers((line,)).one("y against x", "a", "bound") is line
        True
        """
        (found,) = (c for c in self.of(panel) if (c.name, c.kind) == (name, kind))
        return found

    def csv(self) -> str:
        """Return the tidy table as text: a line for each point, blank where there is no error.

        Examples
        --------
        >>> print(Numbers((curve("y against x", "a", "bound", [1], [2.5]),)).csv())
        panel,curve,kind,x,y,standard_error,networks
        y against x,a,bound,1.0,2.5,,
        """
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for c in self.curves:
            errors = [""] * len(c.x) if c.error is None else map(float, c.error)
            networks = c.networks or [""] * len(c.x)
            for row in zip(map(float, c.x), map(float, c.y), errors, networks, strict=True):
                table.writerow((c.panel, c.name, c.kind, *row))
        return text.getvalue()
