"""The checks of the backward formulas: from definitions, on small matrices, or worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import Any

import mpmath
import numpy as np
from sympy import (
    Eq,
    Expr,
    Float,
    ImmutableMatrix,
    IndexedBase,
    Integer,
    Matrix,
    Min,
    Rational,
    diag,
    diff,
    eye,
    log,
    sqrt,
    symbols,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.indexed import Indexed

from derivations.formulas.again import close, same
from derivations.formulas.backward_letters import J, Norm, a_min, jac, lam_min, row, u, vector
from derivations.formulas.examples import rational_orthogonal
from derivations.inequalities import only
from derivations.notation import L, W, X, X_next, a, d, i, j, l, lam, n, phi, written_out
from derivations.steps import Step
from weingarten.caches import cached

__all__ = [
    "chain",
    "cited",
    "derivative",
    "eigenvalues_at_122",
    "gain",
    "jacobian_norm",
    "jacobian_of_a_row",
    "layer_jacobian",
    "least_is_reached",
    "multiplicity",
    "of_rows",
    "others_alike",
    "root_is_reached",
    "row_jacobian_norm",
    "rows_above_least",
]

WIDTH = 3


def cited(step: Step, formula: str) -> Step:
    """Return a step of another formula, which leads to it: the claim is checked here too.

    Examples
    --------
    >>> from sympy import Eq
    >>> cited(Step(Eq(d, d, evaluate=False), "a name"), "row-norm-mean").because
    'a name: see row-norm-mean'
    """
    return replace(step, because=f"{step.because}: see {formula}")


# A small network: one layer at a rational input, normalised by hand.


@cached(maxsize=1)
def example() -> tuple[ImmutableMatrix, ImmutableMatrix, ImmutableMatrix, tuple[Expr, ...]]:
    """Return an input with trace A = d, a rotation, their product, and its squared row norms."""
    X_ = Matrix([[2, 1, 0, 1], [-1, 3, 1, 0], [0, 1, 1, 2]])
    X_ = X_ * sqrt(WIDTH / (X_ * X_.T).trace())
    W_ = rational_orthogonal()
    H = W_ * X_
    rows = tuple((H * H.T)[k, k] for k in range(WIDTH))
    return ImmutableMatrix(X_), ImmutableMatrix(W_), ImmutableMatrix(H), rows


def normalised(H: Matrix) -> Matrix:
    """Scale the rows to unit norm."""
    return diag(*(1 / sqrt((H * H.T)[k, k]) for k in range(H.rows))) * H


def gap(X_: Matrix) -> Expr:
    """Return φ of a matrix, from the definition."""
    A = X_ * X_.T
    return log(A.trace() / A.rows) - log(A.det()) / A.rows


def rows_put(expr: Expr) -> Expr:
    """Write an expression out for the example: its row norms, and the gaps around the layer."""
    X_, _, H, rows = example()
    put = {a[k]: value for k, value in enumerate(rows)}
    put |= {a_min: Min(*rows), phi(X): gap(X_), phi(X_next): gap(normalised(H))}
    return written_out(expr, WIDTH).xreplace(put)


def of_rows(claim: Relational) -> bool:
    """Compare both sides of an equation in row norms and gaps, at the example."""
    return isinstance(claim, Eq) and close(*map(rows_put, claim.args))


# Jacobians.


def jacobian_of_a_row(claim: Eq) -> bool:
    """Differentiate x/‖x‖ in three variables, and compare all nine entries."""
    xs = symbols("x:3", real=True)
    norm = sqrt(sum(v**2 for v in xs))
    values = dict(zip(xs, (Integer(2), Integer(-3), Integer(5)), strict=True))
    if claim.lhs != jac[i, j]:
        return False
    for r in range(3):
        for c in range(3):
            put = {Norm(vector): norm, **{row[k]: xs[k] for k in range(3)}}
            written = claim.rhs.subs({i: r, j: c}, simultaneous=True).xreplace(put)
            if not close(written.subs(values), diff(xs[r] / norm, xs[c]).subs(values)):
                return False
    return True


def _jacobian_of(entries: list[int]) -> Matrix:
    """Return the Jacobian of x/‖x‖ at a vector, by differentiation."""
    xs = symbols(f"x:{len(entries)}", real=True)
    norm = sqrt(sum(v**2 for v in xs))
    at = dict(zip(xs, entries, strict=True))
    return Matrix(len(xs), len(xs), lambda r, c: diff(xs[r] / norm, xs[c]).subs(at))


VECTORS = ([3, 4], [1, 2, 2], [1, 1, 1, 1], [2, 4, 5, 6])
"""Vectors of rational norm."""


def multiplicity(claim: Eq) -> bool:
    """Count the eigenvalues 1/‖x‖ of the Jacobian at vectors of two to four entries."""
    for entries in VECTORS:
        norm = sqrt(sum(v**2 for v in entries))
        found = _jacobian_of(entries).eigenvals().get(1 / norm, 0)
        if claim.rhs.xreplace({n: Integer(len(entries)), d: Integer(len(entries))}) != found:
            return False
    return True


def row_jacobian_norm(claim: Eq) -> bool:
    """Compare the largest singular value of the Jacobian at vectors of two to four entries."""
    for entries in VECTORS:
        square = Integer(sum(v**2 for v in entries))
        J_ = _jacobian_of(entries)
        largest = max((J_.T * J_).eigenvals())
        if not close(claim.rhs.xreplace({a[i]: square}), sqrt(largest)):
            return False
    return True


@cached(maxsize=1)
def _whole_jacobian() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the Jacobian of BN at the example, 12 × 12, by differentiation."""
    H = example()[2]
    names = Matrix(3, 4, symbols("h:12", real=True))
    out = Matrix(3, 4, lambda r, c: names[r, c] / sqrt(sum(v**2 for v in names.row(r))))
    at = dict(zip(names, H, strict=True))
    whole = np.array([[float(diff(o, v).subs(at).evalf(20)) for v in names] for o in out])
    whole.flags.writeable = False
    return whole


def jacobian_norm(claim: Eq) -> bool:
    """Compare with the spectral norm of the whole Jacobian at the example."""
    largest = np.linalg.norm(_whole_jacobian(), 2)
    return bool(abs(float(rows_put(claim.rhs)) / largest - 1) < 1e-12)


@only(">=")
def least_is_reached(claim: Relational) -> bool:
    """Compare least row norm and least eigenvalue: equal at W = 1, not below at another."""
    Q, eigenvalues = rational_orthogonal(), (Integer(2), Integer(7), Integer(11))
    for turn in (eye(WIDTH), Q):
        A = turn * diag(*eigenvalues) * turn.T
        least, right = Min(*A.diagonal()), claim.rhs.xreplace({lam_min: Min(*eigenvalues)})
        if least < right or (turn.is_diagonal() and not close(least, right)):
            return False
    return bool(claim.lhs == a_min)


def rows_above_least(claim: Eq) -> bool:
    """Compare both sides at a rational rotation of known eigenvalues."""
    Q, eigenvalues = rational_orthogonal(), (Integer(7), Integer(2), Integer(11))
    A = Q * diag(*eigenvalues) * Q.T
    put = {lam[k]: value for k, value in enumerate(eigenvalues)} | {lam_min: Integer(2)}
    put |= {W[0, k]: Q[0, k] for k in range(WIDTH)} | {a[0]: A[0, 0]}
    entry = IndexedBase("W")
    left, right = (
        written_out(
            side.replace(lambda e: isinstance(e, MatrixElement), lambda e: entry[e.i, e.j]).subs(
                i, 0
            ),
            WIDTH,
        )
        for side in claim.args
    )
    put |= {entry[0, k]: Q[0, k] for k in range(WIDTH)}
    return close(left.xreplace(put), right.xreplace(put))


def eigenvalues_at_122(claim: Eq) -> bool:
    """Count the eigenvalues 1/3 at the vector (1, 2, 2), where d² - 1 is 8."""
    found = _jacobian_of([1, 2, 2]).eigenvals()[Rational(1, 3)]
    return bool(claim.rhs == found != WIDTH**2 - 1)


def layer_jacobian(claim: Relational) -> bool:
    """Compare the norm of ∂X_{l+1}/∂X_l, that is J (W ⊗ 1), with that of J, both as they are."""
    whole = _whole_jacobian()
    W_ = np.kron(np.array(rational_orthogonal().tolist(), float), np.eye(4))
    norms = [log(Rational(float(np.linalg.norm(m, 2)))) for m in (whole @ W_, whole)]
    put = {log(Norm(J)): norms[1]}
    return bool(abs((claim.rhs.xreplace(put) - norms[0]).evalf()) < 1e-12)


ALIKE = [Rational(1, 3), Rational(4, 3), Rational(4, 3)]
"""Squared row norms of mean one, all but the least alike."""


@only("<=")
def others_alike(claim: Relational) -> bool:
    """Say whether both sides agree where all other rows are alike, and not wrongly elsewhere."""
    put = {a_min: ALIKE[0], **{a[k]: value for k, value in enumerate(ALIKE)}}
    left, right = (written_out(side, WIDTH).xreplace(put) for side in claim.args)
    below = rows_put(claim.rhs) - rows_put(claim.lhs)
    return close(left, right) and below.evalf(30) > 0


def derivative(claim: Eq) -> bool:
    """Differentiate the left side, and compare."""
    return same(claim.lhs.doit(), claim.rhs)


@only("<=")
def root_is_reached(claim: Relational) -> bool:
    """Find the root where it is known, and compare with the norm that it bounds."""
    falls = -sum(log(value) for value in ALIKE)

    def root(value: Expr) -> Expr:
        with mpmath.workdps(40):
            number = mpmath.mpf(value.evalf(40))

            def excess(z: mpmath.mpf) -> mpmath.mpf:
                return 2 * mpmath.log((3 - mpmath.exp(-z)) / 2) - z + number

            return Float(mpmath.findroot(excess, (0.5, 3), solver="anderson"), 35)

    put = {d: Integer(WIDTH), phi(X): falls / WIDTH + 5, phi(X_next): Integer(5)}
    right = claim.rhs.xreplace(put).replace(u, root)
    return bool(claim.lhs == log(Norm(J)) and close(right, -log(ALIKE[0]) / 2))


# The chain rule.


@cached(maxsize=1)
def _chain() -> Mapping[str, ImmutableMatrix]:
    """Return gradients by differentiation at the example, by letter, for ℒ = Σ Y BN(W X)."""
    X_, W_, H, rows = example()
    Y = Matrix([[1, -2, 0, 3], [2, 1, -1, 1], [0, 5, 2, -3]])
    names = Matrix(3, 4, symbols("h:12", real=True))
    loss = sum(Y.row(r).dot(names.row(r)) / sqrt(names.row(r).dot(names.row(r))) for r in range(3))
    at = dict(zip(names, H, strict=True))
    D_ = Matrix(3, 4, lambda r, c: diff(loss, names[r, c]).subs(at)).evalf(40)
    out, gradient = normalised(H), D_ * X_.T
    made = {
        "g": Y,
        "x": out,
        "D": D_,
        "M": Y * out.T,
        "C": out * out.T,
        "N": gradient * W_.T,
        "Mtilde": W_.T * D_ * X_.T,
        "W": W_,
        "a": Matrix(rows),
    }
    return MappingProxyType({letter: ImmutableMatrix(matrix) for letter, matrix in made.items()})


def _entries(expr: Expr, r: int, c: int) -> Expr:
    written = written_out(expr.subs({i: r, j: c}, simultaneous=True), WIDTH)
    known = _chain()

    def value(e: Any) -> Expr:
        if isinstance(e, MatrixElement):
            return known[e.parent.name][e.i, e.j]
        return known[str(e.base)][e.indices if len(e.indices) > 1 else (e.indices[0], 0)]

    return written.replace(lambda e: isinstance(e, Indexed | MatrixElement), value)


def chain(claim: Eq) -> bool:
    """Compare both sides, entry by entry, with gradients by differentiation."""
    places = product(range(WIDTH), repeat=2)
    return all(close(*(_entries(side, r, c) for side in claim.args)) for r, c in places)


@only("<=")
def gain(claim: Relational) -> bool:
    """Compare both sides at small networks, some isotropic with a skew gradient."""
    rng = np.random.default_rng(0)
    for trial in range(60):
        depth, skew = 1 + trial % 4, trial % 8 < 4
        X_ = np.eye(3) if skew else rng.standard_normal((3, 4))
        layers = []
        for _ in range(depth):
            W_ = np.linalg.qr(rng.standard_normal((3, 3)))[0]
            X_ = X_ / np.sqrt((X_**2).sum(axis=1, keepdims=True))
            layers.append((X_, W_))
            X_ = W_ @ X_
        lengths = [np.sqrt(((W_ @ Z) ** 2).sum(axis=1)) for Z, W_ in layers]
        out = X_ / lengths[-1][:, None]
        G = rng.standard_normal(out.shape)
        G = (G - G.T) @ out if skew else G
        size, start = np.linalg.norm(G), trial % depth
        for (Z, W_), norms in reversed(list(zip(layers, lengths, strict=True))[start:]):
            after = (W_ @ Z) / norms[:, None]
            D_ = (G - (G * after).sum(axis=1, keepdims=True) * after) / norms[:, None]
            G = W_.T @ D_
        norm = np.linalg.norm(D_ @ layers[start][0].T)
        left = np.log(norm / (np.sqrt(3) * size))
        right = claim.rhs.subs({L: depth, l: start}).doit()
        put = {Norm(jac[k]): Float(1 / norms.min()) for k, norms in enumerate(lengths)}
        if not left <= float(right.xreplace(put)) + 1e-12:
            return False
    return True
