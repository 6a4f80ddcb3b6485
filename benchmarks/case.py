"""A case: this engine's call and its peers', each set up outside of the measured time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Call = Callable[[], Any]
Setup = Callable[[], Call]


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Parameters
    ----------
    title : str
        What is computed, as Markdown; unique.
    here : callable
        Sets this engine's call up.
    peers : mapping of str to callable
        The peer's ways to compute the same, the likely best first; the best one counts.
    smaller : str
        Title of a smaller case of the same kind: where that one ran out of time at the peer, this
        one is not started there.
    long : bool
        Whether it takes more than seconds somewhere, so that a quick run leaves it out.
    """

    title: str
    here: Setup
    peers: Mapping[str, Setup] = field(default_factory=dict)
    smaller: str = ""
    long: bool = False


def dimension() -> Any:
    """Return the symbol of the dimension."""
    from sympy import symbols

    return symbols("d", integer=True, positive=True)


def haar(group: str, tag: str = "") -> tuple[Any, Any]:
    """Return a Haar matrix and its inverse."""
    from weingarten import HaarOrthogonal, HaarSymplectic, HaarUnitary

    if group == "symplectic":
        matrix = HaarSymplectic("S" + tag, dimension())
        return matrix, matrix.H
    if group == "unitary":
        matrix = HaarUnitary("U" + tag, dimension())
        return matrix, matrix.H
    matrix = HaarOrthogonal("W" + tag, dimension())
    return matrix, matrix.T
