"""The paper's Weingarten computation, equations 40 to 45: E1, E2, and what follows from them."""

from __future__ import annotations

from functools import partial

from sympy import Add, Eq, Expr, cancel, factor, sqrt, symbols

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas.common import MEAN_ONE, PAPER
from derivations.formulas.entries import HAAR, entry_formula, width_at_least
from derivations.formulas.following import SPREAD, AtMeanOne, at_mean_one, follows, mean_of_forms
from derivations.inequalities import Squares
from derivations.notation import Mean, W, a, at_most, d, i, j, k, l, over_rows, p
from derivations.numeric.isometry_statistics import norm_product as observed
from derivations.point import Point

__all__ = [
    "e1",
    "e2",
    "lost_in_the_product",
    "mean_total",
    "norm_product",
    "norm_product_bound",
    "product_step",
]

x, y = symbols("x y", positive=True)

PRODUCT = Mean(sqrt(a[i]) * sqrt(a[j]))
SAME_COLUMN, DISJOINT = W[i, k] ** 2 * W[j, k] ** 2, W[i, k] ** 2 * W[j, l] ** 2


def e1() -> Formula:
    """Derive E1 = E W_ik² W_jq².

    Examples
    --------
    >>> e1().statement.rhs
    (d + 1)/(d*(d - 1)*(d + 2))
    """
    unit_row = Step(
        Eq(Mean(SAME_COLUMN) + (d - 1) * Mean(DISJOINT), 1 / d),
        r"the row $W_{j}$ has unit norm: multiply $\sum_l W_{j l}^2 = 1$ by $W_{i k}^2$",
    )
    return entry_formula(
        "paper-weingarten-e1",
        "The paper's E1: squares of two entries that share no line",
        DISJOINT,
        2,
        (2, 0, 0, 2),
        [unit_row],
        f"{PAPER}, equations 40–42",
        Verdict("holds", "The engine finds the same value, which is entry-disjoint."),
    )


def e2() -> Formula:
    """Derive E2 = E W_ik² W_jk².

    Examples
    --------
    >>> e2().statement.rhs
    1/(d*(d + 2))
    """
    transposed = Step(
        Eq(Mean(SAME_COLUMN), Mean(W[k, i] ** 2 * W[k, j] ** 2)),
        r"$W^{\top}$ has the law of $W$",
    )
    return entry_formula(
        "paper-weingarten-e2",
        "The paper's E2: squares of two entries of one column",
        SAME_COLUMN,
        2,
        (2, 0, 2, 0),
        [transposed],
        f"{PAPER}, equations 40–42",
        Verdict(
            "holds",
            r"The engine finds the same value: the paper writes "
            r"$(d - 1)/(d (d + 2) (d - 1))$, where $d - 1$ cancels.",
        ),
    )


def norm_product_bound() -> Expr:
    """Return the bound on E √(a_i a_j) that is derived here: twice as far from 1 as the paper's.

    Examples
    --------
    >>> norm_product_bound()
    1 - Sum((lambda[k] - 1)**2, (k, 0, d - 1))/(d*(d - 1)*(d + 2))
    """
    return 1 - SPREAD / (d * (d - 1) * (d + 2))


def product_step() -> Step:
    """Return the step that bounds E √(a_i a_j) by the mean of a_i a_j.

    Examples
    --------
    >>> product_step().check()
    True
    """
    return Step(
        at_most(PRODUCT, norm_product_bound()),
        r"put $a_i$ and $a_j$ for $x$ and $y$ and take the mean: $\mathbb{E}[a_i a_j]$ is known",
        follows(PRODUCT, _half_of_one_and, "SymPy and the engine: both steps put together"),
    )


def norm_product() -> Formula:
    """Derive the bound on E ‖X'_i‖ ‖X'_j‖, the paper's equation 45.

    Examples
    --------
    >>> norm_product().evaluate(spectrum=[1, 3])
    31/32
    """
    split = p(2) * Mean(SAME_COLUMN) + (p(1) ** 2 - p(2)) * Mean(DISJOINT)
    second = factor(mean_of_forms(0, 1))
    ours = product_step().claim
    paper = at_most(PRODUCT, 1 - SPREAD / (2 * d * (d + 2) * (d - 1)))
    total = at_most(Mean(over_rows(sqrt(a[i])) ** 2), d**2 - SPREAD / (2 * (d + 2)))
    return Formula(
        name="paper-norm-product",
        title="Mean product of the norms of two rows",
        statement=paper,
        kind="bound",
        hypotheses=(
            HAAR,
            Hypothesis(r"$\sqrt{a_i} = \|X'_i\|$ is the norm of row $i$ of $W X$; $i \neq j$."),
            MEAN_ONE,
            width_at_least(2),
        ),
        source=f"{PAPER}, equation 45",
        steps=(
            Step(
                Eq(Mean(a[i] * a[j]), split),
                r"multiply out the sums of rows $i$ and $j$; collect equal and different columns: "
                r"these are $E_2$ and $E_1$",
            ),
            Step(Eq(Mean(a[i] * a[j]), second), "put $E_1$ and $E_2$ in"),
            Step(
                Eq(Mean(a[i] * a[j]), 1 - 2 * SPREAD / (d * (d - 1) * (d + 2))),
                r"the eigenvalues have mean 1: $p_1 = d$ and "
                r"$p_2 = d + \sum_k (\lambda_k - 1)^2$",
                AtMeanOne((0, 1)),
            ),
            Step(
                at_most(sqrt(x) * sqrt(y), (1 + x * y) / 2),
                "the geometric mean of 1 and $x y$ is at most their arithmetic mean",
                Squares((1 - sqrt(x * y)) ** 2 / 2),
            ),
            product_step(),
            Step(
                paper,
                "the paper's bound is weaker: it lies half as far below 1",
                follows(PRODUCT, partial(_loosened, 2), "SymPy and the engine: half as far"),
            ),
            Step(
                total,
                r"add the $d (d - 1)$ products of different rows to $\sum_i a_i = d$",
                follows(total.lhs, partial(mean_total, 2), "SymPy and the engine: the sum again"),
            ),
        ),
        singular="Holds for every $A$, singular or not: only $p_1$ and $p_2$ enter.",
        observe=observed,
        mean_one=True,
        verdict=Verdict(
            "holds",
            r"$\sqrt{x y} \le (1 + x y)/2$ and the exact $\mathbb{E}[a_i a_j]$ give twice as much.",
            sharper=Sharper(ours, factor=_twice, of="distance from 1"),
        ),
    )


def _half_of_one_and() -> Expr:
    """Return (1 + E a_i a_j)/2 at mean one, from the engine."""
    return cancel((1 + at_mean_one(mean_of_forms(0, 1))) / 2)


def _loosened(factor_: int) -> Expr:
    """Return 1 minus a part of what the derived bound takes off."""
    return 1 - lost_in_the_product() / factor_


def lost_in_the_product() -> Expr:
    """Return by how much the mean product of two norms is at least below 1, from the engine.

    Examples
    --------
    >>> lost_in_the_product().subs({d: 2, p(2): 4})
    1/4
    """
    return factor(1 - _half_of_one_and())


def mean_total(loosened: int) -> Expr:
    """Return the bound on E (Σ √a_i)² that the one on two norms gives, with a part of its gain.

    Examples
    --------
    >>> mean_total(1).subs({d: 2, p(2): 4})
    7/2
    """
    return Add(d, d * (d - 1) * _loosened(loosened), evaluate=True).factor()


def _twice(_point: Point) -> float:
    return 2.0
