"""The paper's forward results: what one layer does to the isometry (lemma A.1 to corollary 4)."""

from __future__ import annotations

from functools import partial

import numpy as np
from sympy import (
    Eq,
    Expr,
    Float,
    Product,
    Sum,
    cancel,
    exp,
    log,
    oo,
    sqrt,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas import paper_forward_checks as checks
from derivations.formulas.common import LAYER, MEAN_ONE, PAPER, REGULAR
from derivations.formulas.entries import HAAR
from derivations.formulas.following import SPREAD, at_mean_one, follows, mean_of_forms
from derivations.formulas.isometry import step_law
from derivations.formulas.isometry_checks import gap_after_a_layer
from derivations.formulas.paper_weingarten import mean_total, product_step
from derivations.inequalities import Derivatives, Squares
from derivations.notation import (
    Mean,
    Variance,
    X,
    X_next,
    a,
    at_least,
    at_most,
    d,
    i,
    iso,
    k,
    lam,
    over_eigenvalues,
    over_rows,
    p,
    phi,
)
from derivations.numeric import statistics
from derivations.numeric.isometry_statistics import (
    isometry,
    isometry_in_singular_basis,
    spread_bound,
)
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.relative import Relative
from derivations.numeric.sums import row_squares
from derivations.point import Point

__all__ = ["corollary_4", "corollary_a3", "lemma_a1", "lemma_a2", "theorem_3"]

x, z, m = symbols("x z m", positive=True)

MEAN_NORM = over_rows(sqrt(a[i])) / d
SPREAD_OF_NORMS = over_rows(a[i]) / d / MEAN_NORM**2
"""1 + var/mean² of the row norms ‖X_j‖ = √a_j: their mean square over the square of their mean."""
EXACT_FACTOR = over_rows(a[i]) / d / Product(a[i], (i, 0, d - 1)) ** (1 / d)

ROWS = Hypothesis(
    r"$X_{l+1} = \operatorname{BN}(X_l)$ scales each row of $X_l$ to unit norm, "
    r"$a_j$ is the squared norm of row $j$ of $X_l$, and "
    r"$I(X) = \det(A)^{1/d} / (\operatorname{tr} A / d)$ with $A = X X^{\top}$."
)
ROTATED = Hypothesis("$W$ is orthogonal: any one.")
BOTH_ZERO = r"Both isometries are 0, and the bound holds as $0 \ge 0$."


def _isometry_of_rows() -> list[Step]:
    """Return the steps from the row norms to the bound by their variance."""
    return [
        Step(
            Eq(iso(X_next), EXACT_FACTOR * iso(X)),
            r"the determinant of $A$ is divided by $\prod_j a_j$, and the trace, which was "
            r"$\sum_j a_j$, becomes $d$; a rotation changes neither",
            checks.isometry_after,
            "SymPy, from the definition, for a rational $3 \\times 4$ input and rotation",
        ),
        _tangent_of_log(),
        Step(
            at_most(Product(sqrt(a[i]), (i, 0, d - 1)) ** (1 / d), MEAN_NORM),
            r"put $\sqrt{a_j}$ over their mean for $x$ and add up: the geometric mean is at most "
            r"the arithmetic one",
            checks.geometric_at_most_arithmetic,
            "SymPy: the sum of these logarithms and tangents, at two triples of row norms",
        ),
        Step(
            Eq(1 + (x - z**2) / z**2, x / z**2, evaluate=False),
            r"$1 + \operatorname{var}/\operatorname{mean}^2$ of the norms $\sqrt{a_j}$, where $z$ "
            r"is their mean and $x$ their mean square",
            _same,
            "SymPy: both sides over one denominator",
        ),
        Step(
            at_least(iso(X_next), SPREAD_OF_NORMS * iso(X)),
            r"put $\prod_j a_j^{1/d} \le (\sum_j \sqrt{a_j}/d)^2$ into the exact factor",
            checks.LogOfRows(
                iso(X_next),
                checks.spread,
                "SymPy: the exact factor with the square of the mean norm below, at two triples",
                ">=",
            ),
        ),
    ]


def _same(claim: Eq) -> bool:
    return bool(cancel(claim.lhs - claim.rhs) == 0)


def _tangent_of_log() -> Step:
    return Step(
        at_most(log(x), x - 1),
        "the logarithm lies below its tangent at 1",
        Derivatives(x, 1, 0, oo),
    )


def lemma_a1() -> Formula:
    """Derive I(BN(X)) ≥ (1 + var/mean²) I(X).

    Examples
    --------
    >>> round(lemma_a1().evaluate(batch=[[3.0, 0.0], [0.0, 1.0]]), 12)
    0.75
    """
    steps = _isometry_of_rows()
    return Formula(
        name="paper-lemma-a1",
        title="Batch normalisation raises the isometry",
        statement=steps[-1].claim,
        kind="bound",
        hypotheses=(ROWS, REGULAR),
        source=f"{PAPER}, lemma A.1",
        steps=tuple(steps),
        singular=BOTH_ZERO,
        observe=isometry,
        against=spread_bound,
        every_draw=True,
        arguments=("d", "batch"),
        value=_at_the_rows,
        error=_error,
        verdict=Verdict(
            "holds",
            r"An identity stands behind it: the factor is exactly the arithmetic over the "
            r"geometric mean of the $a_j$.",
            sharper=Sharper(steps[0].claim, factor=_exact_over_spread, of="logarithm of the gain"),
        ),
    )


def lemma_a2() -> Formula:
    """Derive I(BN(W X)) ≥ (1 + var/mean²) I(X), with the row norms of W X.

    Examples
    --------
    >>> lemma_a2().side
    '>='
    """
    steps = _isometry_of_rows()
    return Formula(
        name="paper-lemma-a2",
        title="Batch normalisation after a rotation raises the isometry",
        statement=steps[-1].claim,
        kind="bound",
        hypotheses=(ROTATED, LAYER, REGULAR),
        source=f"{PAPER}, lemma 2, proved as A.2",
        steps=tuple(steps),
        singular=BOTH_ZERO,
        observe=isometry,
        against=spread_bound,
        every_draw=True,
        verdict=Verdict(
            "holds",
            r"A rotation changes neither determinant nor trace of $A$, so it is lemma A.1 for "
            r"$W X$, with the same identity behind it.",
            sharper=Sharper(steps[0].claim),
        ),
    )


def corollary_a3() -> Formula:
    """Derive I(BN(Uᵀ X)) = 1 for the left singular vectors U.

    Examples
    --------
    >>> corollary_a3().evaluate(spectrum=[1, 2, 3])
    1
    """
    mean = over_eigenvalues(Sum, lam[k]) / d
    geometric = over_eigenvalues(Product, lam[k]) ** (1 / d)
    statement = Eq(iso(X_next), 1, evaluate=False)
    return Formula(
        name="paper-corollary-a3",
        title="A layer in the singular basis is isotropic at once",
        statement=statement,
        hypotheses=(
            Hypothesis(
                r"$X_{l+1} = \operatorname{BN}(U^{\top} X_l)$ where $X_l = U \Sigma V^{\top}$ is a "
                r"singular value decomposition; $a_i$ is the squared norm of row $i$ of "
                r"$U^{\top} X_l$."
            ),
            REGULAR,
        ),
        source=f"{PAPER}, corollary A.3",
        steps=(
            Step(
                Eq(a[i], lam[i]),
                r"the rows of $U^{\top} X_l = \Sigma V^{\top}$ have the squared norms $\lambda_i$",
                checks.rows_in_singular_basis,
                "SymPy, exactly, for a $3 \\times 3$ input with rational singular vectors",
            ),
            Step(
                Eq(iso(X), geometric / mean),
                "determinant and trace, by the eigenvalues",
                checks.isometry_by_eigenvalues,
                "mpmath's eigenvalues against SymPy's determinant and trace",
            ),
            Step(
                Eq(iso(X_next), EXACT_FACTOR * iso(X)),
                r"as in lemma A.1; with $a_i = \lambda_i$ the factor is the inverse of $I(X_l)$",
                checks.isometry_after,
                "SymPy, from the definition, for a rational $3 \\times 4$ input and rotation",
            ),
            Step(
                statement,
                "put the three together",
                checks.singular_basis_is_isotropic,
                "SymPy, exactly, for a $3 \\times 3$ input with rational singular vectors",
            ),
        ),
        singular=r"The rows of $\Sigma V^{\top}$ that are zero cannot be normalised.",
        observe=isometry_in_singular_basis,
        every_draw=True,
        arguments=("d", "spectrum", "batch"),
        verdict=Verdict("holds", "Computed exactly, and in every draw."),
    )


def _squared_mean_norm() -> list[Step]:
    """Return the steps to E Z and its bounds, Z = (Σ √a_i / d)²."""
    Z = Mean(MEAN_NORM**2)
    return [
        product_step(),
        Step(
            at_most(Z, 1 - SPREAD / (d**2 * (d + 2))),
            r"add the products of the norms of all pairs of different rows to $\sum_i a_i = d$, "
            r"and divide by $d^2$",
            follows(Z, partial(_squared_mean, 1), "SymPy and the engine: the sum again"),
        ),
    ]


def _squared_mean(loosened: int) -> Expr:
    return cancel(mean_total(loosened) / d**2)


def theorem_3() -> Formula:
    """Derive the bound on the mean isometry after one layer.

    Examples
    --------
    >>> theorem_3().evaluate(spectrum=[1, 3])
    32*sqrt(3)/63
    """
    after = Mean(iso(X_next), X)
    statement = at_least(after, iso(X) / (1 - SPREAD / (2 * d**2 * (d + 2))))
    ours = at_least(after, iso(X) * exp(-Mean(log(a[i]))))
    return Formula(
        name="paper-theorem-3",
        title="The mean isometry grows in every layer",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, MEAN_ONE, REGULAR),
        source=f"{PAPER}, theorem 3, proved as A.4",
        steps=(
            *_isometry_of_rows(),
            *_squared_mean_norm(),
            Step(
                at_least(1 / z, 2 / m - z / m**2),
                r"$1/z$ lies above its tangent at $m$: put the mean for $m$, and take means",
                Squares((z - m) ** 2 / (z * m**2)),
            ),
            Step(
                at_least(after, iso(X) / (1 - SPREAD / (d**2 * (d + 2)))),
                r"so $\mathbb{E}[1/Z] \ge 1/\mathbb{E}[Z]$, where $I(X_{l+1}) \ge I(X_l)/Z$ with "
                r"$Z = (\sum_i \sqrt{a_i}/d)^2$, as the $a_i$ have mean 1",
                follows(
                    after, partial(_over_mean, 1), "SymPy and the engine: $1/\\mathbb{E}[Z]$", ">="
                ),
            ),
            Step(
                statement,
                "the paper's bound takes off half as much",
                follows(after, partial(_over_mean, 2), "SymPy and the engine: exactly half", ">="),
            ),
            Step(
                ours,
                r"sharper: $I(X_{l+1}) = I(X_l) e^{y}$ with $y = -\sum_i \log a_i / d$, and "
                r"$\mathbb{E} e^{y} \ge e^{\mathbb{E} y}$, which is $\log x \le x - 1$ again",
                checks.mean_log_of_rows,
                "SymPy: the logarithm of the exact factor, all $\\log a_i$ of one mean, at $d = 3$",
            ),
        ),
        singular=BOTH_ZERO,
        observe=isometry,
        error=_error,
        mean_one=True,
        verdict=Verdict(
            "holds",
            r"It loses a factor 2 in the mean product of two norms, and a factor of order $d$ in "
            r"$\log$ of the geometric mean against the square of the mean.",
            sharper=Sharper(ours, factor=_drift_over_paper, of="logarithm of the gain"),
        ),
    )


def _over_mean(loosened: int) -> Expr:
    return iso(X) / _squared_mean(loosened)


def corollary_4() -> Formula:
    """Derive the bound on the mean isometry gap after one layer.

    Examples
    --------
    >>> corollary_4().evaluate(spectrum=[1.0, 3.0])
    0.12809267925775128
    """
    after = Mean(phi(X_next), X)
    gain = SPREAD / (2 * d**2 * (d + 2))
    statement = at_most(after, phi(X) + log(1 - gain))
    average = p(1) / d
    rows = over_rows(log(a[i])) / d
    return Formula(
        name="paper-corollary-4",
        title="The mean isometry gap falls in every layer",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, MEAN_ONE, REGULAR),
        source=f"{PAPER}, corollary 4, proved as A.5",
        steps=(
            Step(
                Eq(phi(X_next), phi(X) - log(average) + rows),
                r"the determinant of $A$ is divided by $\prod_i a_i$, the trace becomes $d$",
                gap_after_a_layer,
                "mpmath, from the definition, for matrices with $d = 3$",
            ),
            Step(
                Eq(phi(X_next), phi(X) + rows),
                "the eigenvalues have mean 1",
                checks.gap_of_rows,
                "SymPy, from the definition, for a $3 \\times 4$ input of trace 3",
            ),
            _tangent_of_log(),
            *_squared_mean_norm(),
            Step(
                at_most(after, phi(X) + log(1 - 2 * gain)),
                r"$\sum_i \log a_i / d \le \log Z$ with $Z = (\sum_i \sqrt{a_i}/d)^2$, and "
                r"$\mathbb{E} \log Z \le \log \mathbb{E} Z$: both are $\log x \le x - 1$, at "
                r"$\sqrt{a_i}$ over their mean and at $Z$ over its mean",
                follows(after, partial(_gap_bound, 1), "SymPy and the engine: $\\log E Z$ again"),
            ),
            Step(
                statement,
                "the paper's bound takes off half as much",
                follows(after, partial(_gap_bound, 2), "SymPy and the engine: exactly half"),
            ),
            Step(
                Eq(Variance(a[i]) / 2, SPREAD / (d * (d + 2))),
                r"what is lost near isometry: there the exact fall of the gap is "
                r"$\operatorname{Var}(a_i)/2$ to leading order, which is $2 d$ times the paper's",
                follows(
                    Variance(a[i]) / 2,
                    partial(_half_variance, gain),
                    "engine, for every $d$: half the variance, and $2 d$ times the paper's fall",
                    "==",
                ),
            ),
        ),
        singular="Both sides are infinite.",
        observe=statistics.gap,
        error=_error,
        mean_one=True,
        verdict=Verdict(
            "holds",
            r"Near isometry it loses a factor $2 d$ against the exact law.",
            sharper=Sharper(
                step_law().statement,
                "isometry-gap-step",
                _drift_over_paper,
                "fall of the gap",
            ),
        ),
    )


def _gap_bound(loosened: int) -> Expr:
    return phi(X) + log(_squared_mean(loosened))


def _half_variance(paper: Expr) -> Expr:
    """Return half the variance of a row norm, or ∞ where it is not 2d times the paper's fall."""
    half = cancel(at_mean_one(mean_of_forms(0, 0) - mean_of_forms(0) ** 2) / 2)
    return half if cancel(half - 2 * d * at_mean_one(paper)) == 0 else oo


def _at_the_rows(formula: Formula, point: Point) -> Expr:
    """Value of lemma A.1 at the rows of a batch."""
    if point.input is None:
        return point.substitute(formula.statement.rhs)
    norms = np.sqrt(row_squares(point.input))
    return Float(1 + norms.var() / norms.mean() ** 2) * point.isometry.evalf()


def _error(point: Point) -> float:
    """Bound the error of the value at floats: that of the gap, which is doubled at most."""
    return 0.0 if point.exact else 2 * float(point.relative().gap.error)


def _exact_over_spread(point: Point) -> float | None:
    """Compare the logarithms of the exact factor and of the lemma's, where the rows are known."""
    if point.input is None:
        return None
    squares = row_squares(point.input)
    bound = np.log1p(np.sqrt(squares).var() / np.sqrt(squares).mean() ** 2)
    return float(Relative.of(squares).gap.value / bound) if bound else 1.0


def _drift_over_paper(point: Point) -> float:
    """Compare the exact mean fall of the gap with the paper's, on a logarithmic scale."""
    relative = point.relative()
    width = len(relative.x)
    paper = -np.log1p(-(relative.delta**2).sum() / (2 * width**2 * (width + 2)))
    return float(-log_mean_shift(relative).value / paper) if paper else 2.0 * width
