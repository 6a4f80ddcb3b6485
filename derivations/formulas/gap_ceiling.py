"""The most that a layer takes off a gap: its ceiling, reached at rank one."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    Add,
    Eq,
    EulerGamma,
    Expr,
    Ge,
    Integer,
    Rational,
    Sum,
    Symbol,
    diff,
    digamma,
    gamma,
    log,
    oo,
    simplify,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formula import Formula, Step
from derivations.formulas.again import Again
from derivations.formulas.common import LAYER, REGULAR
from derivations.formulas.contraction import AFTER, gap_error
from derivations.formulas.entries import HAAR
from derivations.formulas.step_bounds import (
    SOURCE,
    law_by_rows,
    s,
    x,
)
from derivations.inequalities import Derivatives
from derivations.notation import (
    Mean,
    W,
    X,
    a,
    at_least,
    at_most,
    d,
    i,
    j,
    k,
    lam,
    over_eigenvalues,
    phi,
)
from derivations.numeric import statistics
from weingarten import E

__all__ = ["ceiling"]


def ceiling() -> Formula:
    """Derive that no layer takes more than a constant off the mean gap.

    Examples
    --------
    >>> ceiling().evaluate(d=2, gap=5)
    5 - log(2)
    """
    most = digamma(d / 2) - digamma(Rational(1, 2)) - log(d)
    statement = at_least(AFTER, phi(X) - most)
    row = Mean(log(W[i, j] ** 2))
    concave = at_least(log(a[i]), over_eigenvalues(Sum, lam[k] / d * log(d * W[i, k] ** 2)))
    return Formula(
        name="isometry-gap-ceiling",
        title="The most that a layer takes off the mean isometry gap",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, REGULAR),
        source=SOURCE,
        steps=(
            law_by_rows(),
            Step(
                at_most(log(x), x - 1),
                "the logarithm lies below its tangent at 1",
                Derivatives(x, 1, 0, oo),
            ),
            Step(
                concave,
                r"put $d W_{i k}^2/a_i$ for $x$; with weights $\lambda_k/d$ these have mean 1, as "
                r"$a_i = \sum_k \lambda_k W_{i k}^2$",
                logarithm_is_concave,
                "SymPy: the weighted sum of these logarithms and tangents, at rational numbers",
            ),
            Step(
                Eq(row, digamma(Rational(1, 2)) - digamma(d / 2)),
                r"differentiate $\mathbb{E}[W_{i j}^{2 s}] = \frac{\Gamma(1/2 + s)\,\Gamma(d/2)}"
                r"{\Gamma(1/2)\,\Gamma(d/2 + s)}$ at $s = 0$",
                mean_log_entry,
                "engine, for every $d$: this moment at $s = 1, 2, 3$; SymPy: its derivative",
            ),
            Step(
                statement,
                r"take means: the weights add up to 1, and every entry has the same law",
                Again(AFTER, _ceiling_again, "SymPy: $\\log d$ and the mean logarithm", ">="),
            ),
            Step(
                at_most(most, EulerGamma + log(2)),
                r"at any width: $\psi(d/2) + \log 2 = \mathbb{E} \log \chi^2 \le "
                r"\log \mathbb{E} \chi^2 = \log d$",
                Again(most, _any_width, "SymPy: the value of $\\psi(1/2)$"),
            ),
        ),
        singular=r"Both sides are infinite.",
        observe=statistics.gap,
        error=gap_error,
    )


def logarithm_is_concave(claim: Relational) -> bool:
    """Compare left minus right with the weighted sum of -log x_k, where Σ (λ_k/d)(x_k - 1) = 0."""
    for squares, eigenvalues in _rows_of_rationals():
        width = len(squares)
        put = {lam[n]: value for n, value in enumerate(eigenvalues)}
        norm = sum((u * w for u, w in zip(eigenvalues, squares, strict=True)), Integer(0))
        ratios = [width * w / norm for w in squares]
        weights = [value / width for value in eigenvalues]
        tangents = sum((u * (z - 1) for u, z in zip(weights, ratios, strict=True)), Integer(0))
        logs = Add(*(-u * log(z) for u, z in zip(weights, ratios, strict=True)))
        entries = {n: squares[n] for n in range(width)}
        right = _entries_put(claim.rhs, entries).xreplace(put)
        if claim.lhs != log(a[i]) or not isinstance(claim, Ge) or tangents != 0:
            return False
        if abs((log(norm) - right - logs).evalf(40)) > Rational(1, 10**30):
            return False
    return True


def _rows_of_rationals() -> Iterator[tuple[list[Rational], list[Rational]]]:
    """Yield squares of a unit row, and eigenvalues of mean one."""
    for squares, eigenvalues in (((4, 9, 2), (1, 2, 6)), ((1, 1, 7, 3), (5, 1, 2, 2))):
        total, trace = sum(squares), sum(eigenvalues)
        yield (
            [Rational(w, total) for w in squares],
            [Rational(u * len(squares), trace) for u in eigenvalues],
        )


def _entries_put(expr: Expr, squares: dict[int, Rational]) -> Expr:
    """Write a sum over eigenvalues out, with square roots of these for the entries of a row."""
    (total,) = expr.atoms(Sum)
    index = total.limits[0][0]
    outside = expr.xreplace({total: Symbol("T")})
    terms = (_one_entry(total.function, index, n, w) for n, w in squares.items())
    written = Add(*terms)
    return outside.xreplace({Symbol("T"): written}).xreplace({d: Integer(len(squares))})


def _one_entry(term: Expr, index: Expr, n: int, square: Rational) -> Expr:
    entry = square ** Rational(1, 2)
    return term.replace(lambda e: isinstance(e, MatrixElement), lambda _: entry).subs(index, n)


def mean_log_entry(claim: Eq) -> bool:
    """Compare the moment with the engine's, and its derivative at 0 with the right side."""
    half = Rational(1, 2)
    moment = gamma(half + s) * gamma(d / 2) / (gamma(half) * gamma(d / 2 + s))
    engine = all(
        simplify(moment.subs(s, n).rewrite(gamma).simplify() - E(W[0, 0] ** (2 * n))) == 0
        for n in (1, 2, 3)
    )
    return engine and bool(simplify(diff(moment, s).subs(s, 0) - claim.rhs) == 0)


def _ceiling_again() -> Expr:
    half = Rational(1, 2)
    return phi(X) + log(d) + digamma(half) - digamma(d / 2)


def _any_width() -> Expr:
    return (log(d) - log(2)) - digamma(Rational(1, 2)) - log(d)
