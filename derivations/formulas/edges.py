"""Where the theory's hypotheses end: inputs of lower rank, and mean subtraction."""

from __future__ import annotations

import numpy as np
from sympy import (
    Derivative,
    Eq,
    Expr,
    Function,
    Integer,
    Min,
    Symbol,
    digamma,
    log,
    oo,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import edges_checks as checks
from derivations.formulas.common import of_width
from derivations.formulas.entries import HAAR, SOURCE
from derivations.inequalities import Derivatives
from derivations.notation import Mean, a, at_least, at_most, d, i, n, q, r
from derivations.numeric.isometry import spectrum
from derivations.numeric.weights import Array
from derivations.point import Point

__all__ = ["jacobian_rate", "rank_after_subtraction"]

x, y = symbols("x y", positive=True)
beta = Symbol("b", positive=True)
permuted = Symbol("a", positive=True)
rank = Function("rank", integer=True, nonnegative=True)
Delta = Function("Delta", real=True)
X_c, Pi = Symbol("X_c"), Symbol("Pi")


def _rank_possible(point: Point) -> str:
    given = point["r"]
    if given.is_zero:
        return "r = 0 is no rank of an input: it would be zero; expected 1 ≤ r ≤ d"
    above = (given - point.width).is_positive
    return f"r = {given} is no rank at d = {point.width}; expected 1 ≤ r ≤ d" if above else ""


def jacobian_rate() -> Formula:
    """Derive by how much the log-norm of a row's Jacobian grows per layer, at rank r.

    Examples
    --------
    >>> jacobian_rate().evaluate(d=4, r=2)
    1/2 - log(2)/2
    """
    bound = (digamma(d / 2) - digamma(r / 2) - log(d / r)) / 2
    per_row = -Mean(log(a[i])) / 2
    moments = checks.rising(r / 2, q) / checks.rising(d / 2, q)
    statement = at_least(per_row, bound)
    return Formula(
        name="singular-jacobian-rate",
        title="Growth of log-norms per layer, at a rank below the width",
        statement=statement,
        kind="bound",
        hypotheses=(
            HAAR,
            Hypothesis(
                r"$A = X X^{\top}$ has rank $r \le d$, and its eigenvalues have mean 1. The rank "
                r"is the same in every layer, since weights and batch normalisation multiply "
                r"$X$ by invertible matrices.",
                _rank_possible,
            ),
            Hypothesis(
                r"$a_i^{-1/2}$ is the norm of the Jacobian of row $i$ of batch normalisation. "
                r"Norms of whole gradients are seen to follow this rate; that is measured, and "
                r"not proved."
            ),
        ),
        source=SOURCE,
        steps=(
            Step(
                Eq(Mean(beta**q), moments),
                r"for $b = \sum_{k \le r} W_{i k}^2$, which is $a_i r/d$ when the $r$ eigenvalues "
                r"that are not zero are equal: $b$ has the beta law of $r/2$ and $(d - r)/2$",
                checks.moments_of_projection,
                "engine, for every $d$ and $r$ and $q = 1, \\dots, 4$",
            ),
            Step(
                Eq(Mean(log(beta)), digamma(r / 2) - digamma(d / 2)),
                r"the moments of the beta law are these for every real $q > 0$: differentiate at "
                r"$q = 0$",
                checks.LogByMoments(moments),
            ),
            Step(
                at_most(log(x), x - 1),
                r"the logarithm lies below its tangent at 1",
                Derivatives(x, 1, 0, oo),
            ),
            Step(
                Eq(permuted, beta * d / r),
                r"average $a_i$ over all permutations of the $r$ eigenvalues. Each has one law; "
                r"put $a_i$ over this average for $x$ and average again: the right side vanishes, "
                r"so the mean of $\log a_i$ is at most that of $\log(b d/r)$",
                checks.permutations,
                "SymPy: all permutations of $r = 2, 3$ eigenvalues whose sum is $d$",
            ),
            Step(
                statement,
                r"so half of $-\mathbb{E} \log a_i$ is at least what equal eigenvalues give, with "
                r"equality there",
                checks.equal_rate,
                "mpmath: the exact integral of isometry-gap-step at $r$ equal eigenvalues of $d$, "
                "six pairs, to 12 digits",
            ),
            Step(
                Eq(Derivative(1 / y - log(1 + 1 / y), y), -1 / (y**2 * (y + 1))),
                r"the bound is $\frac{1}{2} (f(r/2) - f(d/2))$ with $f(y) = \log y - \psi(y)$, "
                r"the sum of $1/y - \log(1 + 1/y)$ over $y, y + 1, \dots$: each term falls",
                checks.derivative,
                "SymPy: the derivative",
            ),
            Step(
                at_least(bound, 0),
                r"so it is not negative, and positive for $r < d$",
                checks.at_all_ranks,
                "arb, besides: at all $1 \\le r \\le d \\le 40$",
            ),
            Step(
                at_most(bound, (1 / r - 1 / d) / 2 + (1 / r**2 - 1 / d**2) / 6),
                r"the asymptotic series of $\psi$, cut after two terms: invisible at $d = 100$, "
                r"$r = 99$ over 1000 layers, plain at $d = 10$, $r = 9$",
                checks.at_all_ranks,
                "no proof: arb at all $1 \\le r \\le d \\le 40$",
            ),
        ),
        singular=r"That is the case $r < d$. At $r = d$ the bound is 0.",
        arguments=("d", "r"),
        draw=_draw_rate,
    )


def _draw_rate(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Draw -log(a)/2 for the eigenvalues 1, …, r, scaled to mean one."""
    d_, r_ = point.integer_width(), point.integer("r")
    eigenvalues = np.zeros(d_)
    eigenvalues[:r_] = np.arange(1, r_ + 1)
    rows = rng.standard_normal((count, d_)) ** 2
    forms = rows @ (eigenvalues / eigenvalues.mean()) / rows.sum(axis=1)
    logs: Array = -np.log(forms) / 2
    return logs


def _independent(point: Point) -> str:
    """Say whether a batch has samples that are affinely dependent beyond what n and d ask for."""
    if point.input is None:
        return ""
    features, samples = point.input.shape
    found, expected = _centred_rank(point.input), min(features, samples - 1)
    if found == expected:
        return ""
    return (
        f"its {samples} samples lie in an affine space of dimension {found}, where {expected} is "
        "possible"
    )


def _centred_rank(batch: Array) -> int:
    centred = batch - batch.mean(axis=1, keepdims=True)
    # The rounding of the mean is relative to the batch, not to what is left of it.
    scale = np.abs(batch).max() * max(batch.shape) * np.finfo(float).eps
    return int(np.count_nonzero(spectrum(centred) > scale**2))


def rank_after_subtraction() -> Formula:
    """Derive the rank of A after mean subtraction.

    Examples
    --------
    >>> f = rank_after_subtraction()
    >>> f.evaluate(d=10, n=10), f.evaluate(d=10, n=11)
    (9, 10)
    """
    statement = Eq(rank(X_c), Min(d, n - 1), evaluate=False)
    return Formula(
        name="mean-subtraction-rank",
        title="Rank after the mean over the samples is subtracted",
        statement=statement,
        hypotheses=(
            Hypothesis(
                r"$X$ is $d \times n$, and $\Pi = 1 - e e^{\top}/n$ with $e = (1, \dots, 1)$ "
                r"subtracts the mean of each row: $X_c = X \Pi$, and $A$ becomes $X \Pi X^{\top}$."
            ),
            Hypothesis(
                r"The samples are in general position: no more of them than necessary lie in an "
                r"affine space of lower dimension.",
                _independent,
                "the rank is then lower still, and the growth is that of rank r",
                ("singular-jacobian-rate",),
            ),
        ),
        source="Linear algebra",
        steps=(
            Step(
                Eq(rank(Pi), n - 1),
                r"$\Pi^2 = \Pi$, so that its rank is its trace",
                checks.projection,
                "SymPy, at $n = 1, \\dots, 6$: square, trace and rank",
            ),
            Step(
                at_most(rank(X_c), Min(d, n - 1)),
                r"a product has at most the rank of each factor",
                checks.rank_of_product,
                "besides, SymPy's exact ranks of 60 random integer matrices, seed 0",
            ),
            Step(
                Eq(Delta(d, n), 1 - d / n),
                r"the bound is reached: for $X = (1, 0)$, the $d$ unit vectors and $n - d$ zeros, "
                r"$X \Pi X^{\top} = 1 - e e^{\top}/n$, with the determinant $\Delta(d, n)$",
                checks.determinants,
                "SymPy's determinant, $d = 1, \\dots, 5$, for every $n$",
            ),
            Step(
                Eq(Delta(d, d), 0, evaluate=False),
                r"at $n = d$ it is singular, whatever the samples are: mean subtraction violates "
                r"the hypothesis of the theory, and log-norms grow as at rank $r = d - 1$",
                checks.determinants,
                "SymPy's determinant, from the definition, $d = 1, \\dots, 5$",
            ),
            Step(
                Eq(Delta(d, d + 1), 1 / (d + 1)),
                r"at $n = d + 1$ it is regular: one sample more is enough",
                checks.determinants,
                "SymPy's determinant, from the definition, $d = 1, \\dots, 5$",
            ),
            Step(
                statement,
                r"ranks are largest on an open dense set, for almost every $X$",
                checks.generic_rank,
                "SymPy's exact ranks of random integer matrices, every $d, n \\le 5$, seed 0",
            ),
        ),
        singular=r"For $n \le d$ the matrix $X \Pi X^{\top}$ is singular always.",
        arguments=("d", "n", "batch"),
        value=_rank,
        draw=_draw_rank,
        layers=of_width,
        every_draw=True,
    )


def _rank(formula: Formula, point: Point) -> Expr:
    if point.input is not None:
        return Integer(_centred_rank(point.input))
    return point.substitute(formula.statement.rhs)


def _draw_rank(point: Point, count: int, rng: np.random.Generator) -> Array:
    d_, n_ = point.integer_width(), point.integer("n")
    X = rng.standard_normal((count, d_, n_))
    centred = X - X.mean(axis=-1, keepdims=True)
    # A generic n - 1 by d matrix has singular values far from the rounding of its largest.
    values = np.linalg.svd(centred, compute_uv=False)
    ranks: Array = (values > 1e-12 * values[:, :1]).sum(axis=1).astype(float)
    return ranks
