"""Fourth moments of the entries of a Haar orthogonal matrix: one for each way they can share lines.

Every moment of degree four that does not vanish is one of these, up to relabelling.
"""

from __future__ import annotations

from functools import partial

from sympy import Eq, Expr

from derivations.formula import Formula, Hypothesis, Step, Verdict
from derivations.notation import Mean, W, d, i, j, k, l
from derivations.numeric.statistics import corners
from derivations.point import Point

__all__ = [
    "HAAR",
    "SOURCE",
    "disjoint",
    "entry_formula",
    "fourth_moment",
    "rectangle",
    "same_row",
    "width_at_least",
]

SOURCE = (
    r"Weingarten calculus for the orthogonal group: B. Collins and P. Śniady, "
    r"Commun. Math. Phys. 264 (2006); S. Matsumoto, arXiv:1301.5401"
)
HAAR = Hypothesis(r"$W$ is Haar distributed on the orthogonal group $O(d)$.")
DISTINCT = Hypothesis("Different letters are different indices.")
NO_INPUT = "The formula knows no input: it holds whatever the samples are."


def width_at_least(least: int) -> Hypothesis:
    """Hypothesis that the width is at least so large."""
    return Hypothesis(rf"The width is $d \ge {least}$.", partial(_too_narrow, least))


def _too_narrow(least: int, point: Point) -> str:
    narrow = point.width.is_Integer and int(point.width) < least
    return f"it needs width d ≥ {least}, and d = {point.width}" if narrow else ""


def fourth_moment() -> Formula:
    """Derive E W_ij⁴.

    Examples
    --------
    >>> fourth_moment()
    entry-fourth-moment: E[W[i, j]**4] = 3/(d*(d + 2))
    """
    gaussian = Step(
        Eq(Mean(W[i, j] ** 4), 3 * Mean(W[i, j] ** 2 * W[i, k] ** 2)),
        r"the row $W_{i}$ is a uniform unit vector, so turning the plane of two of its "
        r"coordinates by 45 degrees does not change its law",
    )
    return entry_formula(
        "entry-fourth-moment",
        "Fourth power of one entry",
        W[i, j] ** 4,
        1,
        (4, 0, 0, 0),
        [gaussian],
    )


def same_row() -> Formula:
    """Derive E W_ij² W_ik².

    Examples
    --------
    >>> same_row()
    entry-same-row: E[W[i, j]**2*W[i, k]**2] = 1/(d*(d + 2))
    """
    unit_row = Step(
        Eq(Mean(W[i, j] ** 4) + (d - 1) * Mean(W[i, j] ** 2 * W[i, k] ** 2), 1 / d),
        r"the row $W_{i}$ has unit norm: multiply $\sum_k W_{i k}^2 = 1$ by $W_{i j}^2$",
    )
    return entry_formula(
        "entry-same-row",
        "Squares of two entries of one row",
        W[i, j] ** 2 * W[i, k] ** 2,
        2,
        (2, 2, 0, 0),
        [unit_row],
    )


def disjoint() -> Formula:
    """Derive E W_ij² W_kl².

    Examples
    --------
    >>> disjoint()
    entry-disjoint: E[W[i, j]**2*W[k, l]**2] = (d + 1)/(d*(d - 1)*(d + 2))
    """
    unit_row = Step(
        Eq(Mean(W[i, j] ** 2 * W[k, j] ** 2) + (d - 1) * Mean(W[i, j] ** 2 * W[k, l] ** 2), 1 / d),
        r"the row $W_{k}$ has unit norm: multiply $\sum_l W_{k l}^2 = 1$ by $W_{i j}^2$",
    )
    return entry_formula(
        "entry-disjoint",
        "Squares of two entries that share neither row nor column",
        W[i, j] ** 2 * W[k, l] ** 2,
        2,
        (2, 0, 0, 2),
        [unit_row],
    )


def rectangle() -> Formula:
    """Derive E W_ij W_ik W_lj W_lk.

    Examples
    --------
    >>> rectangle().statement.rhs
    -1/(d*(d - 1)*(d + 2))
    """
    orthogonal = Step(
        Eq(
            Mean(W[i, j] ** 2 * W[l, j] ** 2)
            + (d - 1) * Mean(W[i, j] * W[i, k] * W[l, j] * W[l, k]),
            0,
        ),
        r"the rows $W_{i}$ and $W_{l}$ are orthogonal: multiply $\sum_k W_{i k} W_{l k} = 0$ "
        r"by $W_{i j} W_{l j}$",
    )
    return entry_formula(
        "entry-rectangle",
        "Product of the four corners of a rectangle",
        W[i, j] * W[i, k] * W[l, j] * W[l, k],
        2,
        (1, 1, 1, 1),
        [orthogonal],
    )


def entry_formula(
    name: str,
    title: str,
    monomial: Expr,
    least_width: int,
    powers: tuple[int, ...],
    relations: list[Step],
    source: str = SOURCE,
    verdict: Verdict | None = None,
) -> Formula:
    """Derive the mean of a monomial, and show how it hangs together with its neighbours.

    Parameters
    ----------
    name, title : str
        Of the formula.
    monomial : sympy.Expr
        In entries of W.
    least_width : int
        From which width on it has the rows and columns.
    powers : tuple of int
        Its exponents, as `derivations.numeric.statistics.corners` takes them.
    relations : list of Step
        What else ties it to others.
    source : str, optional
    verdict : Verdict, optional
        For a result of the paper.

    Returns
    -------
    Formula
    """
    value = Mean(monomial).doit()
    by_engine = Step(
        Eq(Mean(monomial), value),
        "sum the Weingarten function over the pairs of pairings of row and column indices that "
        "the monomial admits; permuting rows or columns leaves the Haar measure as it is, so one "
        "choice of indices stands for all",
    )
    return Formula(
        name=name,
        title=title,
        statement=Eq(Mean(monomial), value),
        hypotheses=(HAAR, DISTINCT, width_at_least(least_width)),
        source=source,
        verdict=verdict,
        steps=(by_engine, *relations),
        singular=NO_INPUT,
        observe=partial(corners, powers=powers),
    )
