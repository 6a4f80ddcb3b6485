"""The checks of what activations do: Gaussian moments by the engine, integrals, networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import numpy as np
from sympy import (
    Add,
    Eq,
    Expr,
    Float,
    Limit,
    Rational,
    Symbol,
    cancel,
    cos,
    exp,
    expand,
    integrate,
    lambdify,
    limit,
    oo,
    pi,
    powsimp,
    series,
    simplify,
    sin,
    solve,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derivations.inequalities import only
from derivations.notation import L, Mean, alpha, exponent
from derivations.numeric.gaussian_means import slope_ratio
from derivations.numeric.network import BNMLP
from weingarten import E, GaussianMatrix

__all__ = [
    "AtSmallGain",
    "GrowthBelow",
    "GrowthByDepth",
    "GrowthOfNetworks",
    "ShareOfSine",
    "SlopeOfSine",
    "TanhByQuadrature",
    "by_engine",
    "condensed",
    "growth",
    "linear_fit",
    "normal_integral",
    "same",
    "series_of",
    "share",
    "share_below",
    "slope",
    "threshold",
]

z, c, c5 = Symbol("z", real=True), Symbol("c", positive=True), Symbol("c_5", real=True)
CUBIC = z - c * z**3 + c5 * z**5
"""An odd activation of slope 1, up to sixth order."""


def by_engine(poly: Expr) -> Expr:
    """Mean of a polynomial in a standard normal z, by the engine.

    Examples
    --------
    >>> by_engine(z**4)
    3
    """
    G = GaussianMatrix("G", 1, 1)
    return expand(E(expand(poly).subs(z, G[0, 0])))


def share(activation: Expr) -> Expr:
    """Return f(α) of a polynomial activation."""
    value = activation.subs(z, alpha * z)
    return 1 - by_engine(z * value) ** 2 / by_engine(value**2)


def slope(activation: Expr) -> Expr:
    """Return χ(α) of a polynomial activation."""
    value, derivative = activation.subs(z, alpha * z), activation.diff(z).subs(z, alpha * z)
    return alpha**2 * by_engine(derivative**2) / by_engine(value**2)


@dataclass(frozen=True)
class AtSmallGain:
    """A limit α → 0, from the moments of z and the series of the activation.

    Parameters
    ----------
    quantity : callable
        `share` or `slope`, less one where that is its limit.
    activation : sympy.Expr, optional
        In z; by default any odd one of slope 1.
    """

    quantity: Callable[[Expr], Expr]
    activation: Expr = CUBIC
    how = "engine, Gaussian moments of the activation's series, for every $c$ and $c_5$"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is that limit."""
        if not isinstance(claim.lhs, Limit) or claim.lhs.args[1:3] != (alpha, 0):
            return False
        (sign,) = claim.lhs.args[0].atoms(AppliedUndef)
        polynomial = series(self.activation, z, 0, 6).removeO()
        ratio = cancel(claim.lhs.args[0].subs(sign, self.quantity(polynomial)))
        return bool(cancel(limit(ratio, alpha, 0) - claim.rhs) == 0)


def series_of(claim: Eq) -> bool:
    """Compare c with the series of the activation: σ = x - c x³ + …."""
    activation = {"tanh": tanh(z), "sin": sin(z)}[str(claim.lhs).removeprefix("c_")]
    return bool(-series(activation, z, 0, 4).removeO().coeff(z, 3) == claim.rhs)


def same(claim: Eq) -> bool:
    """Subtract both sides."""
    return bool(simplify((claim.lhs - claim.rhs).rewrite(exp)) == 0)


def linear_fit(claim: Eq) -> bool:
    """Expand the mean square of what a line leaves, with a cubic activation."""
    beta, m, s = (Symbol(name, real=True) for name in ("beta", "m", "s"))
    left = by_engine((CUBIC - beta * z) ** 2)
    put = {m: by_engine(z * CUBIC), s: by_engine(CUBIC**2)}
    return bool(expand(left - claim.rhs.subs(put)) == 0)


def normal_integral(claim: Eq) -> bool:
    """Integrate over the normal density."""
    body = claim.lhs.args[0]
    found = integrate(body.rewrite(cos) * exp(-(z**2) / 2) / sqrt(2 * pi), (z, -oo, oo))
    return bool(simplify((found - claim.rhs).rewrite(exp)) == 0)


GRID = np.linspace(-14.0, 14.0, 100_001)
DENSITY = np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi) * (GRID[1] - GRID[0])


@dataclass(frozen=True)
class TanhByQuadrature:
    """Means as they are written, on a grid, against the integrals that give the value."""

    value: Callable[[mpmath.mpf, int], mpmath.mpf]
    how = "NumPy: the means as written, by the trapezoidal rule, against mpmath at four gains"

    def __call__(self, claim: Eq) -> bool:
        """Say whether both agree to ten digits."""
        for gain in (Rational(1, 4), Rational(1), Rational(5, 2), Rational(8)):
            at = claim.rhs.subs(alpha, gain).replace(Mean, _on_grid)
            value = float(self.value(mpmath.mpf(gain.p) / gain.q, 15))
            if not abs(float(at) - value) <= 1e-11 * max(1, value):
                return False
        return True


def _on_grid(body: Expr) -> Expr:
    with np.errstate(invalid="ignore"):  # what is not real says so by a nan
        values = lambdify(z, body, "numpy")(GRID)
    return Float(float((DENSITY * values).sum()))


@dataclass(frozen=True)
class ShareOfSine:
    """The share of the sine from its two means."""

    how = "SymPy: the quotient again, from the two integrals"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is one minus that quotient."""
        linear, square = alpha * exp(-(alpha**2) / 2), (1 - exp(-2 * alpha**2)) / 2
        return bool(simplify((1 - linear**2 / square - claim.rhs).rewrite(exp)) == 0)


@dataclass(frozen=True)
class SlopeOfSine:
    """The slope of the sine from its two means."""

    how = "SymPy: the quotient again, from the two integrals"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is that quotient."""
        wave = exp(-2 * alpha**2)
        found = alpha**2 * (1 + wave) / (1 - wave)
        return bool(simplify((found - claim.rhs).rewrite(exp)) == 0)


class GrowthBelow:
    """Networks against the sum of the shares, measured."""

    how = (
        "measured, no proof: 40 networks with $d = n = 12$ and 60 layers of tanh at "
        "$e = 0.1, 0.2, 0.4$, seed 0; and the engine: the sum of the leading shares"
    )

    def __call__(self, claim: Relational) -> bool:
        """Say whether no mean growth is above the claimed sum."""
        if claim.rel_op != "<=" or not self._is_sum_of_shares(claim.rhs):
            return False
        for tenths in (1, 2, 4):
            e = tenths / 10
            norms = growth(12, 60, 40, lambda layer, e=e: (layer + 1) ** -e)
            bound = claim.rhs.subs({L: 60, exponent: Rational(tenths, 10)})
            if norms[0] - norms[-1] > float(bound):
                return False
        return True

    def _is_sum_of_shares(self, total: Expr) -> bool:
        """Compare the sum with the engine's leading share of each gain, at exact exponents."""
        polynomial = series(tanh(z), z, 0, 6).removeO()
        leading = limit(cancel(share(polynomial) / alpha**4), alpha, 0)
        for e in (Rational(1, 4), Rational(1, 2), Rational(2)):
            shares = Add(*(leading * (Rational(n) ** -e) ** 4 for n in range(1, 6)))
            if total.subs({L: 5, exponent: e}) != shares:
                return False
        return True


@only("<=")
def share_below(claim: Relational) -> bool:
    """Compare f(α) of tanh with a multiple of α⁴, at gains from 1/10 to 30, on a grid."""
    bound = claim.rhs.subs(alpha, 1)
    if simplify(claim.rhs / alpha**4 - bound) != 0:
        return False
    for gain in np.geomspace(0.1, 30, 100):
        values = np.tanh(gain * GRID)
        linear, energy = (DENSITY * GRID * values).sum(), (DENSITY * values**2).sum()
        if (DENSITY * (values - linear * GRID) ** 2).sum() > float(bound) * gain**4 * energy:
            return False
    return True


def condensed(claim: Eq) -> bool:
    """Compare a term of the condensed series with that of a geometric one."""
    return bool(simplify(powsimp(claim.lhs / claim.rhs, force=True)) == 1)


def threshold(claim: Eq) -> bool:
    """Solve for the exponent at which the ratio of the geometric series is one."""
    ratio = 2 ** (1 - 4 * exponent)
    found = solve(Eq(ratio, 1), exponent)
    falling = ratio.subs(exponent, Rational(1, 4) + Rational(1, 100)) < 1
    return bool(found == [claim.rhs] and falling)


def growth(width: int, depth: int, networks: int, gain: object, seed: int = 0) -> np.ndarray:
    """Return log‖∂L/∂W_l‖ of tanh networks from an isotropic input, averaged over networks."""
    net = BNMLP(width, depth, activation="tanh", gain=gain, scale="sqrt_n")  # type: ignore[arg-type]
    target = np.random.default_rng(seed).standard_normal((width, width))
    norms = net.run(np.eye(width), target=target, networks=networks, seed=seed).log_gradient_norms
    assert norms is not None
    mean: np.ndarray = norms.mean(axis=0)
    return mean


@dataclass(frozen=True)
class GrowthOfNetworks:
    """The growth per layer at a fixed strong gain, measured, within a share of what is claimed."""

    within: float
    how = (
        "measured, no proof: 20 networks with $d = n = 30$ and 60 layers of tanh, gains 1, 2, 4, "
        "seed 0, to within 15 %"
    )

    def __call__(self, claim: Eq) -> bool:
        """Say whether networks grow so."""
        (sign,) = claim.rhs.atoms(AppliedUndef)
        for gain in (1, 2, 4):
            norms = growth(30, 60, 20, float(gain))
            rate = (norms[10] - norms[50]) / 40
            chi = float(slope_ratio(mpmath.mpf(gain), 15))
            expected = float(claim.rhs.subs(sign, chi))
            if abs(rate - expected) > self.within * expected:
                return False
        return True


class GrowthByDepth:
    """Growth between two depths at exponents on either side of the threshold, measured."""

    how = (
        "measured, no proof: 20 networks with $d = n = 20$ and 120 layers of tanh, layers 40 to "
        "110, seed 0"
    )

    def __call__(self, claim: Relational) -> bool:
        """Say whether the deep layers add so much less."""
        added = {}
        for e in (0.1, 0.4):
            norms = growth(20, 120, 20, lambda layer, e=e: (layer + 1) ** -e)
            added[e] = norms[40] - norms[110]
        signs = sorted(claim.atoms(AppliedUndef), key=lambda sign: sign.args[0])
        put = dict(zip(signs, (added[0.1], added[0.4]), strict=True))
        return bool(claim.subs(put))
