"""The verdict table: what is found of each result of the paper, and how much sharper it gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy.core.relational import Relational

from derivations.formula import Formula
from derivations.point import Point

__all__ = ["Judged", "judged"]


@dataclass(frozen=True)
class Judged:
    """A row of the table.

    Parameters
    ----------
    formula : Formula
        A result of the paper.
    verdict : str
        What is found of it.
    because : str
        The evidence in words; may hold LaTeX between dollar signs.
    right, sharper : sympy.Rel, optional
        What is right in its place, and a stronger statement.
    by : str
        The formula that derives the stronger one.
    factor : float, optional
        By how much the stronger one is better at the point; none where that has no number, or
        where a hypothesis fails.
    of : str
        What the factor is of.
    failing : str
        Why the result says nothing at the point, if so.
    """

    formula: Formula
    verdict: str
    because: str
    right: Relational | None
    sharper: Relational | None
    by: str
    factor: float | None
    of: str
    failing: str


def judged(formulas: Iterable[Formula], point: Point) -> Iterator[Judged]:
    """Yield the rows of the table, for those formulas that are results of the paper.

    Parameters
    ----------
    formulas : iterable of Formula
        Those without a verdict are left out.
    point : Point
        Where the factors are compared.

    Examples
    --------
    >>> from derivations import catalogue
    >>> (row,) = judged([catalogue["paper-norm-product"]], Point.of(None, [1, 2]))
    >>> row.verdict, row.factor
    ('holds', 2.0)
    """
    for formula in formulas:
        verdict = formula.verdict
        if verdict is None:
            continue
        sharper, here = verdict.sharper, formula.completed(point)
        failing = formula.failing(here)
        factor = None
        if sharper is not None and sharper.factor is not None and not failing:
            factor = sharper.factor(here)
        yield Judged(
            formula,
            verdict.word,
            verdict.because,
            verdict.right,
            sharper.statement if sharper else None,
            (sharper.formula or formula.name) if sharper else "",
            factor,
            sharper.of if sharper else "",
            failing,
        )
