"""Mean, variance and covariance of the squared row norms a_i = ‖h_i‖² of a layer's W X."""

from __future__ import annotations

from functools import partial

from sympy import (
    Eq,
    Expr,
    IndexedBase,
    Matrix,
    Sum,
    cancel,
    diag,
    expand,
    factor,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formula import Formula, Hypothesis, Step, holds_both_ways
from derivations.formulas.entries import HAAR, SOURCE, width_at_least
from derivations.formulas.examples import rational_orthogonal
from derivations.formulas.following import mean_of_forms
from derivations.notation import (
    Covariance,
    Mean,
    Variance,
    W,
    a,
    d,
    evaluated,
    i,
    j,
    k,
    l,
    lam,
    over_eigenvalues,
    p,
    written_out,
)
from derivations.numeric import statistics

__all__ = ["covariance", "mean", "variance"]

MEANING = Hypothesis(
    r"$a_i = \|h_i\|^2$ is the squared norm of row $i$ of $H = W X$, and "
    r"$p_r = \sum_k \lambda_k^r$ for the eigenvalues $\lambda_k$ of $A = X X^{\top}$."
)
SINGULAR = (
    r"Holds for every $A$, singular or not, and for any number of samples: "
    r"only power sums enter."
)
BATCH_NORM = (
    r"Row norms are what batch normalisation divides by: A. Meterez et al., arXiv:2310.02012. "
) + SOURCE


def mean() -> Formula:
    """Derive E a_i.

    Examples
    --------
    >>> mean()
    row-norm-mean: E[a[i]] = p_1/d
    """
    split = p(1) * Mean(W[i, j] ** 2)
    value = factor(evaluated(split))
    return Formula(
        name="row-norm-mean",
        title="Mean squared row norm",
        statement=Eq(Mean(a[i]), value),
        hypotheses=(HAAR, MEANING),
        source=BATCH_NORM,
        steps=(
            _in_the_eigenbasis(),
            Step(Eq(Mean(a[i]), split), "every column has the same law, so the mean comes out"),
            Step(Eq(Mean(W[i, j] ** 2), Mean(W[i, j] ** 2).doit()), "by the Weingarten function"),
            Step(Eq(Mean(a[i]), value), "put together"),
            _for_every_width(a[i], value, 0),
        ),
        singular=SINGULAR,
        observe=statistics.row_norm,
        degree=1,
    )


def variance() -> Formula:
    """Derive Var a_i.

    Examples
    --------
    >>> variance()
    row-norm-variance: Var(a[i]) = 2*(d*p_2 - p_1**2)/(d**2*(d + 2))
    """
    same, different = W[i, j] ** 4, W[i, j] ** 2 * W[i, k] ** 2
    split = p(2) * Mean(same) + (p(1) ** 2 - p(2)) * Mean(different)
    value = factor(evaluated(split) - mean().statement.rhs ** 2)
    return Formula(
        name="row-norm-variance",
        title="Variance of a squared row norm",
        statement=Eq(Variance(a[i]), value),
        hypotheses=(HAAR, MEANING),
        source=BATCH_NORM,
        steps=(
            _in_the_eigenbasis(),
            Step(
                Eq(Mean(a[i] ** 2), split),
                r"square the sum: pairs of equal columns carry $\sum_k \lambda_k^2 = p_2$, pairs "
                r"of different ones the rest of $p_1^2$, and all pairs of a kind have one mean",
            ),
            Step(Eq(Mean(same), Mean(same).doit()), "by the Weingarten function"),
            Step(Eq(Mean(different), Mean(different).doit()), "by the Weingarten function"),
            _for_every_width(a[i] ** 2, factor(evaluated(split)), 0, 0),
            Step(Eq(Variance(a[i]), value), r"subtract the square of the mean, $(p_1/d)^2$"),
        ),
        singular=SINGULAR + r" It vanishes exactly when $A$ is a multiple of the identity.",
        observe=statistics.row_norm_square,
        degree=2,
    )


def covariance() -> Formula:
    """Derive Cov(a_i, a_j) for two different rows.

    Examples
    --------
    >>> covariance()
    row-norm-covariance: Cov(a[i], a[j]) = -2*(d*p_2 - p_1**2)/(d**2*(d - 1)*(d + 2))
    """
    same, different = W[i, k] ** 2 * W[j, k] ** 2, W[i, k] ** 2 * W[j, l] ** 2
    split = p(2) * Mean(same) + (p(1) ** 2 - p(2)) * Mean(different)
    value = factor(evaluated(split) - mean().statement.rhs ** 2)
    return Formula(
        name="row-norm-covariance",
        title="Covariance of two squared row norms",
        statement=Eq(Covariance(a[i], a[j]), value),
        hypotheses=(HAAR, MEANING, Hypothesis(r"$i \neq j$."), width_at_least(2)),
        source=BATCH_NORM,
        steps=(
            _in_the_eigenbasis(),
            Step(
                Eq(Mean(a[i] * a[j]), split),
                r"multiply out the sums of rows $i$ and $j$; collect equal and different columns",
            ),
            Step(Eq(Mean(same), Mean(same).doit()), "by the Weingarten function"),
            Step(Eq(Mean(different), Mean(different).doit()), "by the Weingarten function"),
            _for_every_width(a[i] * a[j], factor(evaluated(split)), 0, 1),
            Step(
                Eq(Covariance(a[i], a[j]), value),
                r"subtract the product of the means, $(p_1/d)^2$",
            ),
            Step(
                Eq(Variance(a[i]) + (d - 1) * Covariance(a[i], a[j]), 0),
                r"a second way: $\sum_i a_i = \operatorname{tr} W A W^{\top} = p_1$ is the same "
                r"for every $W$, so its covariance with $a_i$ vanishes",
            ),
        ),
        singular=SINGULAR,
        observe=statistics.row_norm_product,
        degree=2,
    )


def _for_every_width(product: Expr, value: Expr, *rows: int) -> Step:
    """Return the claim that a product of row norms has this mean, checked on whole matrices."""
    return Step(
        Eq(Mean(product), value),
        r"the same without choosing a basis: the engine averages entries of $W A W^{\top}$ for a "
        r"symmetric matrix $A$ and finds its traces",
        partial(_holds_for_matrices, rows),
        r"engine, for every $d$ and every symmetric $A$; and row by row on the sphere, written "
        r"out at $d = 4, 5$",
    )


def _holds_for_matrices(rows: tuple[int, ...], claim: Eq) -> bool:
    """Compare a claim with the mean over whole matrices, and with the mean row by row."""
    return cancel(mean_of_forms(*rows) - claim.rhs) == 0 and holds_both_ways(claim)


def _in_the_eigenbasis() -> Step:
    return Step(
        Eq(a[i], over_eigenvalues(Sum, lam[k] * W[i, k] ** 2)),
        r"$a_i = (V A V^{\top})_{i i}$ for weights $V$; with $A = Q \Lambda Q^{\top}$ and "
        r"$W = V Q$, which is again Haar distributed, only the eigenvalues remain",
        _check_eigenbasis,
        "SymPy, for a rational $Q$ with $d = 3$ and free $W$ and eigenvalues",
    )


def _check_eigenbasis(claim: Eq) -> bool:
    """Compare the claim, written out, with the diagonal entry of a product of matrices."""
    W_, Q = Matrix(3, 3, symbols("w:9")), rational_orthogonal()
    eigenvalues = symbols("v:3")
    V = W_ * Q.T
    form = (V * (Q * diag(*eigenvalues) * Q.T) * V.T)[0, 0]
    entry = IndexedBase("W")
    # The letter i is row 0; entries stand as indexed symbols while d is replaced.
    right = claim.rhs.replace(
        lambda e: isinstance(e, MatrixElement), lambda e: entry[e.i, e.j].subs(i, 0)
    )
    put = {entry[0, n]: W_[0, n] for n in range(3)} | {lam[n]: eigenvalues[n] for n in range(3)}
    return bool(expand(form - written_out(right, 3).xreplace(put)) == 0)
