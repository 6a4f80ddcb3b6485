"""The checks of the growth of gradients with Gaussian weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Limit,
    Rational,
    Symbol,
    cancel,
    exp,
    expand,
    expand_func,
    gamma,
    integrate,
    limit,
    oo,
    simplify,
    solve,
    symbols,
)
from sympy.core.relational import Relational

from derivations.formulas.gaussian_checks import ORDERS, row_moment
from derivations.inequalities import excess
from derivations.notation import PowerSum, d, n, q
from derivations.numeric.network import BNMLP
from weingarten import E, HaarOrthogonal

__all__ = [
    "OneLayer",
    "WidthToInfinity",
    "coordinate",
    "cross_terms",
    "fluctuation",
    "inverse_norm",
    "measured_rate",
    "moments_at_isotropy",
    "own_rows",
    "relaxation",
    "stationary",
]

s = Symbol("s", positive=True)


def moments_at_isotropy(claim: Eq) -> bool:
    """Compare moments of a row norm with the engine's, at n eigenvalues d/n."""
    for order in ORDERS:
        moment = row_moment(order)
        sums = {p_r: n * (d / n) ** p_r.order for p_r in moment.atoms(PowerSum)}
        claimed = expand_func(claim.rhs.subs(q, order))
        if simplify(moment.xreplace(sums) - claimed) != 0:
            return False
    return True


def inverse_norm(claim: Eq) -> bool:
    """Integrate n/s over the density of χ², at several n."""
    for size in range(3, 9):
        half = Rational(size, 2)
        density = s ** (half - 1) * exp(-s / 2) / (2**half * gamma(half))
        if simplify(integrate(size / s * density, (s, 0, oo)) - claim.rhs.subs(n, size)) != 0:
            return False
    return True


def _haar(name: str = "W", size: Expr = n) -> Any:
    return HaarOrthogonal(name, size)


def coordinate(claim: Eq) -> bool:
    """Average the square of an entry of a Haar matrix."""
    return bool(cancel(E(_haar()[0, 0] ** 2) - claim.rhs) == 0)


def own_rows(claim: Eq) -> bool:
    """Work the mean out again: what the norms and the directions give, part by part."""
    kept = 1 - E(_haar()[0, 0] ** 2)
    inverse = n / (n - 2)
    # Of ‖w‖²/ρ the part in the span is n/d in every draw; d - n entries of variance 1/d are left.
    return bool(cancel(kept * (n / d + (d - n) / d * inverse) - claim.rhs) == 0)


def _cross(size: int) -> Expr:
    """Return (x·y)(P_x g · P_y h) for rows x, y of independent Haar matrices."""
    W, V = _haar("W", Integer(size)), _haar("V", Integer(size))
    x, y = ([U[0, m] for m in range(size)] for U in (W, V))
    g, h = symbols(f"g:{size}"), symbols(f"h:{size}")

    def dot(u: Any, v: Any) -> Expr:
        return Add(*(a * b for a, b in zip(u, v, strict=True)))

    left = [g[m] - dot(g, x) * x[m] for m in range(size)]
    right = [h[m] - dot(h, y) * y[m] for m in range(size)]
    return expand(dot(x, y) * dot(left, right))


def cross_terms(claim: Eq) -> bool:
    """Average the cross term of two rows over both, at n = 2, 3."""
    return all(simplify(E(_cross(size)) - claim.rhs) == 0 for size in (2, 3))


@dataclass(frozen=True)
class OneLayer:
    """The growth in one layer, from the mean of the terms of one row."""

    left: Expr
    own: Expr
    how = "SymPy: both sides over one denominator"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is that mean."""
        return bool(claim.lhs == self.left and cancel(self.own - claim.rhs) == 0)


@dataclass(frozen=True)
class WidthToInfinity:
    """A limit d → ∞ of the growth in one layer, with some dimensions taken off."""

    left: Expr
    growth: Expr
    lost: int = 0
    how = "SymPy: the limit of the growth in one layer"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is that limit."""
        if claim.lhs != Limit(self.left, d, oo):
            return False
        found = limit(self.growth.subs(n, n - self.lost), d, oo)
        return bool(cancel(found - claim.rhs) == 0)


def relaxation(claim: Eq) -> bool:
    """Average the first-order change of x xᵀ over the sphere, for a diagonal S without trace."""
    W = _haar()
    fourth, mixed = E(W[0, 0] ** 4), E(W[0, 0] ** 2 * W[0, 1] ** 2)
    # With Σ_k S_k = 0, E x_0² Σ_k S_k x_k² = S_0 (fourth - mixed).
    return bool(cancel(n * (E(W[0, 0] ** 2) - (fourth - mixed)) - claim.rhs) == 0)


def fluctuation(claim: Eq) -> bool:
    """Work E‖(n/d) Σ x xᵀ - 1‖² out from the mean square of the cosine of two rows."""
    W, V = _haar("W"), _haar("V")
    # Σ_a Σ_b E W_0a W_0b V_0a V_0b: n equal columns, and pairs of different ones.
    equal = E(W[0, 0] ** 2) * E(V[0, 0] ** 2)
    different = E(W[0, 0] * W[0, 1]) * E(V[0, 0] * V[0, 1])
    cosine = n * equal + n * (n - 1) * different
    square = (n / d) ** 2 * (d + d * (d - 1) * cosine) - n
    return bool(cancel(square - claim.rhs) == 0)


def stationary(claim: Eq) -> bool:
    """Solve v = c² v + n (n - 1)/d again."""
    v = Symbol("v", positive=True)
    kept = n / (n + 2)
    if claim.lhs != v / n:
        return False
    (found,) = solve(Eq(v, kept**2 * v + n * (n - 1) / d), v)
    return bool(cancel(found / n - claim.rhs) == 0)


def measured_rate(claim: Relational) -> bool:
    """Run networks with n = d = 10 and compare the growth per layer of log‖∂L/∂W‖²."""
    depth = 60
    net = BNMLP(10, depth, weights="gaussian")
    rng = np.random.default_rng(0)
    target = rng.standard_normal((10, 10))
    norms = net.run(np.eye(10), target=target, networks=40).log_gradient_norms
    assert norms is not None
    growth = 2 * (norms[:, 0] - norms[:, -1]).mean() / (depth - 1)
    rate = Symbol("R", positive=True)
    return bool(excess(claim).subs(rate, growth) >= 0)
