"""The checks of the paper's forward results: from definitions, on small matrices, or by algebra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Matrix,
    Rational,
    diag,
    log,
    prod,
    simplify,
    sqrt,
)
from sympy.core.relational import Relational

from derivations.formulas.examples import rational_orthogonal
from derivations.inequalities import only
from derivations.notation import Mean, X, X_next, a, i, iso, lam, phi, written_out

__all__ = [
    "LogOfRows",
    "gap_of_rows",
    "isometry_after",
    "isometry_by_eigenvalues",
    "rows_in_singular_basis",
    "singular_basis_is_isotropic",
]

WIDTH = 3
ROWS = tuple(tuple(map(Rational, rows)) for rows in ((2, 3, 7), ("1/3", 5, "11/4")))
"""Squared row norms at which both sides of a claim in them are compared."""


def _rows_put(expr: Expr, values: Any) -> Expr:
    """Write an expression in row norms out at the width, with these for them."""
    return written_out(expr, WIDTH).xreplace({a[n]: value for n, value in enumerate(values)})


def _isometry(X_: Matrix) -> Expr:
    """Return det(A)^(1/d) / (tr A / d), from the definition."""
    A = X_ * X_.T
    return A.det() ** Rational(1, A.rows) / (A.trace() / A.rows)


def _example() -> tuple[Matrix, Matrix]:
    """Return an invertible input, 3 × 4, and a rational orthogonal matrix."""
    return Matrix([[2, 1, 0, 1], [-1, 3, 1, 0], [0, 1, 1, 2]]), rational_orthogonal()


def _normalised(H: Matrix) -> Matrix:
    return diag(*(1 / sqrt((H * H.T)[n, n]) for n in range(H.rows))) * H


def _about(claim: Relational, left: Expr) -> bool:
    return bool(claim.lhs == left)


def _equal(x: Expr, y: Expr) -> bool:
    return bool(abs((x - y).evalf(40)) < Rational(1, 10**30))


def isometry_after(claim: Eq) -> bool:
    """Compare I(BN(W X)), from its definition, with what I(X) and the row norms predict."""
    X_, W_ = _example()
    H = W_ * X_
    rows = [(H * H.T)[n, n] for n in range(WIDTH)]
    right = _rows_put(claim.rhs, rows).xreplace({iso(X): _isometry(X_)})
    return _about(claim, iso(X_next)) and _equal(_isometry(_normalised(H)), right)


def isometry_by_eigenvalues(claim: Eq) -> bool:
    """Compare I(X), from its definition, with what the eigenvalues of X Xᵀ give."""
    X_, _ = _example()
    with mpmath.workdps(40):
        values = mpmath.eigsy(mpmath.matrix((X_ * X_.T).tolist()), eigvals_only=True)
        put = {lam[n]: Rational(str(values[n])) for n in range(WIDTH)}
    right = written_out(claim.rhs, WIDTH).xreplace(put)
    return _about(claim, iso(X)) and _equal(_isometry(X_), right)


def _singular_example() -> tuple[Matrix, Matrix, list[Expr]]:
    """Return an input with known left singular vectors U and eigenvalues: X = U diag(1, 2, 5) V."""
    U = rational_orthogonal()
    V = (U * U).T
    return U * diag(1, 2, 5) * V, U, [Rational(1), Rational(4), Rational(25)]


def rows_in_singular_basis(claim: Eq) -> bool:
    """Compare the row norms of Uᵀ X with the eigenvalues, for an input whose U is known."""
    X_, U, eigenvalues = _singular_example()
    H = U.T * X_
    rows = [(H * H.T)[n, n] for n in range(WIDTH)]
    put = {lam[n]: value for n, value in enumerate(eigenvalues)}
    sides = [written_out(claim.rhs.subs(i, n), WIDTH).xreplace(put) for n in range(WIDTH)]
    return _about(claim, a[i]) and all(_equal(x, y) for x, y in zip(rows, sides, strict=True))


def singular_basis_is_isotropic(claim: Eq) -> bool:
    """Compute I(BN(Uᵀ X)) exactly, for an input whose U is known."""
    X_, U, _ = _singular_example()
    exact = _isometry(_normalised(U.T * X_))
    return _about(claim, iso(X_next)) and bool(simplify(exact - claim.rhs) == 0)


@dataclass(frozen=True)
class LogOfRows:
    """A claim in row norms, whose two sides are compared at numbers for them, to 30 digits.

    Parameters
    ----------
    left : sympy.Expr
        What the claim is about.
    again : callable
        Takes the row norms a_0, a_1, … and returns what the right side, over I(X), should be.
    how : str
        From what, for the reader.
    relation : str
        "<=", ">=" or "==", as it has to be.
    """

    left: Expr
    again: Callable[..., Expr]
    how: str
    relation: str

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim has the right side that follows."""
        right = [_rows_put(claim.rhs, rows).xreplace({iso(X): Integer(1)}) for rows in ROWS]
        should = [self.again(*rows) for rows in ROWS]
        about = _about(claim, self.left) and claim.rel_op == self.relation
        return about and all(map(_equal, right, should))


def arithmetic_over_geometric(*rows: Expr) -> Expr:
    """Return the arithmetic over the geometric mean."""
    return sum(rows) / len(rows) / prod(rows) ** Rational(1, len(rows))


def spread(*rows: Expr) -> Expr:
    """Return the arithmetic mean of squares over the square of the mean."""
    return sum(rows) / len(rows) / (sum(map(sqrt, rows)) / len(rows)) ** 2


@only("<=")
def geometric_at_most_arithmetic(claim: Relational) -> bool:
    """Show Π x_i^(1/d) ≤ Σ x_i / d from log x ≤ x - 1, at x = x_i over their mean m.

    The logarithm of left over right is Σ log(x_i/m)/d, and Σ (x_i/m - 1)/d is zero.
    """
    for rows in ROWS:
        xs = [sqrt(row) for row in rows]
        left, right = (_rows_put(side, rows) for side in claim.args)
        logarithms = Add(*(log(value / right) for value in xs)) / WIDTH
        tangents = Add(*(value / right - 1 for value in xs))
        if not (_equal(log(left / right), logarithms) and _equal(tangents, Integer(0))):
            return False
    return True


@only(">=")
def mean_log_of_rows(claim: Relational) -> bool:
    """Compare the logarithm of the right side over I(X) with that of I', all log a_i of one mean.

    At mean one the arithmetic mean of the a_i is 1, so log(I'/I) = -(1/d) Σ log a_i.
    """
    mean = Rational(-2, 7)
    over = claim.rhs.xreplace({Mean(log(a[i])): mean, iso(X): Integer(1)})
    factor = arithmetic_over_geometric(*ROWS[0]) * WIDTH / sum(ROWS[0])
    exact = -Add(*(log(row) for row in ROWS[0])) / WIDTH
    right = _equal(log(factor), exact) and _equal(log(over), -mean)
    return _about(claim, Mean(iso(X_next), X)) and right


def gap_of_rows(claim: Eq) -> bool:
    """Compare φ after a layer, from its definition, with φ before and the row norms, at trace d."""
    X_, W_ = _example()
    X_ = X_ * sqrt(WIDTH / (X_ * X_.T).trace())
    H = W_ * X_
    rows = [(H * H.T)[n, n] for n in range(WIDTH)]
    right = _rows_put(claim.rhs, rows).xreplace({phi(X): -log(_isometry(X_))})
    return _about(claim, phi(X_next)) and _equal(-log(_isometry(_normalised(H))), right)
