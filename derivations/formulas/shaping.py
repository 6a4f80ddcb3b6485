"""Activation shaping: how nonlinear an activation is at a gain, and which gains keep gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import mpmath
import numpy as np
from sympy import (
    Eq,
    Expr,
    Float,
    Function,
    Limit,
    Rational,
    Symbol,
    cos,
    coth,
    exp,
    harmonic,
    log,
    sin,
    sinh,
    symbols,
    tanh,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import shaping_checks as checks
from derivations.formulas.common import PAPER
from derivations.formulas.entries import HAAR
from derivations.formulas.normal_integral import NormalIntegral
from derivations.notation import L, Mean, alpha, at_most, exponent, k
from derivations.numeric.gaussian_means import nonlinear_share, slope_ratio
from derivations.numeric.layers import ACTIVATIONS
from derivations.numeric.network import BNMLP
from derivations.numeric.weights import Array
from derivations.point import Point

__all__ = ["exponent_of_gains", "share_of_sin", "share_of_tanh", "slope_of_sin", "slope_of_tanh"]

z = Symbol("z", real=True)
beta, m, s = symbols("beta m s", real=True)
c, c_tanh, c_sin = symbols("c c_tanh c_sin", positive=True)
f, chi, R, D = (Function(name, real=True) for name in ("f", "chi", "R", "Delta"))
R_L, e_c = symbols("R_L e_c", real=True)

NORMAL = Hypothesis(
    r"The entries of a row of unit variance are taken as standard normal $z$; the activation "
    r"$\sigma$ is applied to $\alpha z$."
)
SOURCE = f"{PAPER}, section 5 and appendix E"
NO_INPUT = "No input occurs."
NONLINEAR = r"$f = 1 - \mathbb{E}[z \sigma(\alpha z)]^2/\mathbb{E}[\sigma(\alpha z)^2]$"


def _cubic(name: Symbol, value: Expr, activation: str) -> Step:
    return Step(
        Eq(name, value, evaluate=False),
        rf"for $\sigma = \{activation}$: the coefficient $c$ of $\sigma(x) = x - c x^3 + \dots$",
        checks.series_of,
        "SymPy's series",
    )


def _share_steps() -> list[Step]:
    return [
        Step(
            Eq(Mean((Function("sigma")(z) - beta * z) ** 2), s - m**2 + (beta - m) ** 2),
            rf"with $m = \mathbb{{E}}[z \sigma]$, $s = \mathbb{{E}}[\sigma^2]$: the best line has "
            rf"the slope $m$ and leaves $s - m^2$. Its share of $s$ is {NONLINEAR}",
            checks.linear_fit,
            "engine, for $\\sigma = x - c x^3 + c_5 x^5$",
        ),
        Step(
            Eq(Limit(f(alpha) / alpha**4, alpha, 0), 6 * c**2),
            r"put $\sigma(x) = x - c x^3 + c_5 x^5 + \dots$ in: at weak gain the share falls like "
            r"$\alpha^4$, and $c_5$ does not enter",
            checks.AtSmallGain(checks.share),
        ),
    ]


def share_of_tanh() -> Formula:
    """Derive the share of the energy of tanh(αz) that is not linear in z.

    Examples
    --------
    >>> share_of_tanh().evaluate(alpha=0.1)
    6.28892389819308e-05
    """
    value = 1 - Mean(z * tanh(alpha * z)) ** 2 / Mean(tanh(alpha * z) ** 2)
    return Formula(
        name="shaping-nonlinear-share",
        title="Share of the energy that is not linear, tanh",
        statement=Eq(f(alpha), value),
        hypotheses=(NORMAL, Hypothesis(rf"{NONLINEAR}, with $\sigma = \tanh$.")),
        source=SOURCE,
        steps=(
            *_share_steps(),
            Step(
                Eq(f(alpha), value),
                r"the same for $\sigma = \tanh$, whose means are integrals over the normal density",
                checks.TanhByQuadrature(nonlinear_share),
            ),
            _cubic(c_tanh, Rational(1, 3), "tanh"),
            Step(
                Eq(Limit(f(alpha) / alpha**4, alpha, 0), Rational(2, 3)),
                r"so $6 c^2$ is $2/3$",
                checks.AtSmallGain(checks.share, tanh(z)),
                "engine, Gaussian moments of the series of tanh",
            ),
            Step(
                at_most(f(alpha), Rational(2, 3) * alpha**4),
                r"and at every gain it is no more",
                checks.share_below,
                "no proof: tried at 100 gains from $1/10$ to 30",
            ),
        ),
        singular=NO_INPUT,
        arguments=("alpha",),
        value=partial(_value, nonlinear_share),
        number=partial(_number, nonlinear_share),
        draw=partial(_share_of, np.tanh),
    )


def share_of_sin() -> Formula:
    """Derive the share of the energy of sin(αz) that is not linear in z.

    Examples
    --------
    >>> share_of_sin().evaluate(alpha=1, digits=15)
    0.149081871760678
    """
    statement = Eq(f(alpha), 1 - alpha**2 / sinh(alpha**2))
    return Formula(
        name="shaping-nonlinear-share-sin",
        title="Share of the energy that is not linear, sine",
        statement=statement,
        hypotheses=(NORMAL, Hypothesis(rf"{NONLINEAR}, with $\sigma = \sin$.")),
        source=SOURCE,
        steps=(
            *_share_steps(),
            *_sine_integrals(),
            Step(
                statement,
                r"divide: $e^{-\alpha^2} \alpha^2$ by $\mathbb{E}[\sin^2] = "
                r"e^{-\alpha^2} \sinh \alpha^2$",
                checks.ShareOfSine(),
            ),
            _cubic(c_sin, Rational(1, 6), "sin"),
            Step(
                Eq(Limit(f(alpha) / alpha**4, alpha, 0), Rational(1, 6)),
                r"so $6 c^2$ is $1/6$",
                checks.AtSmallGain(checks.share, sin(z)),
                "engine, Gaussian moments of the series of sine",
            ),
        ),
        singular=NO_INPUT,
        arguments=("alpha",),
        draw=partial(_share_of, np.sin),
    )


def _sine_integrals() -> list[Step]:
    return [
        Step(
            Eq(Mean(z * sin(alpha * z)), alpha * exp(-(alpha**2) / 2)),
            "a Gaussian integral",
            checks.normal_integral,
            "SymPy's integral over the normal density",
        ),
        Step(
            Eq(Mean(sin(alpha * z) ** 2), (1 - exp(-2 * alpha**2)) / 2),
            r"$\sin^2 x = (1 - \cos 2 x)/2$, and $\mathbb{E} \cos 2 \alpha z = e^{-2 \alpha^2}$",
            checks.normal_integral,
            "SymPy's integral over the normal density",
        ),
    ]


def _slope_steps() -> list[Step]:
    return [
        Step(
            Eq(Limit((chi(alpha) - 1) / alpha**4, alpha, 0), 12 * c**2),
            r"for $\sigma(x) = x - c x^3 + c_5 x^5 + \dots$: $\chi - 1 \approx 2 f$ at weak gain",
            checks.AtSmallGain(checks.slope),
        ),
    ]


def _slope_meaning(activation: str) -> Hypothesis:
    return Hypothesis(
        r"$\chi = \alpha^2 \mathbb{E}[\sigma'(\alpha z)^2]/\mathbb{E}[\sigma(\alpha z)^2]$ with "
        rf"$\sigma = \{activation}$: what the activation makes of the square of a gradient, "
        r"relative to what it makes of the square of a row."
    )


def slope_of_tanh() -> Formula:
    """Derive χ of tanh.

    Examples
    --------
    >>> slope_of_tanh().evaluate(alpha=1.0)
    1.1778072323041797
    """
    ratio = Mean((1 - tanh(alpha * z) ** 2) ** 2) / Mean(tanh(alpha * z) ** 2)
    statement = Eq(chi(alpha), alpha**2 * ratio)
    return Formula(
        name="shaping-slope",
        title="What the activation adds to the square of a gradient, tanh",
        statement=statement,
        hypotheses=(NORMAL, _slope_meaning("tanh")),
        source=SOURCE,
        steps=(
            *_slope_steps(),
            Step(
                statement,
                r"the derivative of $\tanh$ is $1 - \tanh^2$",
                checks.TanhByQuadrature(slope_ratio),
            ),
            Step(
                Eq(Limit((chi(alpha) - 1) / alpha**4, alpha, 0), Rational(4, 3)),
                r"$12 c^2$ with $c = 1/3$",
                checks.AtSmallGain(checks.slope, tanh(z)),
                "engine, Gaussian moments of the series of tanh",
            ),
            Step(
                Eq(R(alpha), log(chi(alpha)) / 2, evaluate=False),
                r"measured: at strong gain the log-norm of gradients grows by about $R$ per layer",
                checks.GrowthOfNetworks(0.15),
            ),
        ),
        singular=NO_INPUT,
        arguments=("alpha",),
        value=partial(_value, slope_ratio),
        number=partial(_number, slope_ratio),
        draw=partial(_slope_of, "tanh"),
    )


def slope_of_sin() -> Formula:
    """Derive χ of the sine.

    Examples
    --------
    >>> slope_of_sin().evaluate(alpha=1, digits=15)
    1.31303528549933
    """
    statement = Eq(chi(alpha), alpha**2 * coth(alpha**2))
    return Formula(
        name="shaping-slope-sin",
        title="What the activation adds to the square of a gradient, sine",
        statement=statement,
        hypotheses=(NORMAL, _slope_meaning("sin")),
        source=SOURCE,
        steps=(
            *_slope_steps(),
            _sine_integrals()[1],
            Step(
                Eq(Mean(cos(alpha * z) ** 2), (1 + exp(-2 * alpha**2)) / 2),
                r"$\cos^2 = 1 - \sin^2$",
                checks.normal_integral,
                "SymPy's integral over the normal density",
            ),
            Step(statement, "divide", checks.SlopeOfSine()),
            Step(
                Eq(Limit((chi(alpha) - 1) / alpha**4, alpha, 0), Rational(1, 3)),
                r"$12 c^2$ with $c = 1/6$",
                checks.AtSmallGain(checks.slope, sin(z)),
                "engine, Gaussian moments of the series of sine",
            ),
        ),
        singular=NO_INPUT,
        arguments=("alpha",),
        draw=partial(_slope_of, "sin"),
    )


def exponent_of_gains() -> Formula:
    """Bound the growth of gradients over L layers with gains (l + 1)^(-e).

    Examples
    --------
    >>> growth = exponent_of_gains()
    >>> growth.evaluate(exponent=0.4, depth=100), growth.evaluate(exponent=0.2, depth=100)
    (1.4539471637837786, 5.422957618694009)
    """
    total = Rational(2, 3) * harmonic(L, 4 * exponent)
    return Formula(
        name="shaping-exponent",
        title="Growth of gradients with gains that fall with depth",
        statement=at_most(Mean(R_L), total),
        kind="measured",
        hypotheses=(
            HAAR,
            Hypothesis(
                r"$X_{l+1} = \tanh(\alpha_l \operatorname{BN}(W_l X_l))$ with rows of unit "
                r"variance and the gains $\alpha_l = (l + 1)^{-e}$, from an isotropic input."
            ),
            Hypothesis(
                r"$R_L = \log \|\partial \mathcal{L}/\partial W_0\| - "
                r"\log \|\partial \mathcal{L}/\partial W_{L-1}\|$. "
                r"To leading order in the gain each layer adds a "
                r"multiple of its nonlinear share $f \approx \frac{2}{3} \alpha_l^4$; that "
                r"is derived. That the sum of these bounds the growth of a network is measured."
            ),
        ),
        source=SOURCE,
        steps=(
            Step(
                Eq(Limit(f(alpha) / alpha**4, alpha, 0), Rational(2, 3)),
                r"the nonlinear share of one layer, see shaping-nonlinear-share",
                checks.AtSmallGain(checks.share, tanh(z)),
                "engine, Gaussian moments of the series of tanh",
            ),
            Step(
                Eq(2**k * (2**k) ** (-4 * exponent), (2 ** (1 - 4 * exponent)) ** k),
                r"$\sum_l (l + 1)^{-4 e}$ converges when the condensed series does, whose terms "
                r"are those of a geometric series",
                checks.condensed,
                "SymPy: the quotient of both sides",
            ),
            Step(
                Eq(e_c, Rational(1, 4)),
                r"so the sum is bounded in $L$ exactly for $e > e_c$, where the ratio is less "
                r"than 1: to leading order, gradients are bounded exactly for $e > 1/4$; the "
                r"paper's $e = 0.4$ is",
                checks.threshold,
                "SymPy: the equation for the ratio solved",
            ),
            Step(
                at_most(Mean(R_L), total),
                r"measured: networks grow no more than the sum",
                checks.GrowthBelow(),
            ),
            Step(
                at_most(D(Rational(2, 5)), D(Rational(1, 10)) / 4),
                r"measured beyond leading order: what layers 40 to 110 add at $e = 0.4$ is less "
                r"than a quarter of what they add at $e = 0.1$",
                checks.GrowthByDepth(),
            ),
        ),
        singular="An isotropic input is regular.",
        arguments=("depth", "exponent"),
        value=_total,
        number=_total_to_digits,
        draw=_draw_growth,
    )


Means = Callable[[mpmath.mpf, int], mpmath.mpf]


def _value(means: Means, formula: Formula, point: Point) -> Expr:
    """Return the value of a formula whose means are integrals: left as such where it is exact."""
    if point.exact:
        return point.substitute(formula.statement.rhs).replace(Mean, _as_integral)
    return Float(_number(means, formula, point, 17), 17)


def _as_integral(body: Expr) -> Expr:
    return NormalIntegral.of(body, z)


def _number(means: Means, formula: Formula, point: Point, digits: int) -> Expr:
    gain = point["alpha"]
    if gain.free_symbols:
        return point.substitute(formula.statement.rhs).replace(Mean, _as_integral)
    with mpmath.workdps(digits + 60):
        return Float(means(gain._to_mpmath(mpmath.mp.prec), digits + 2), digits)


def _total(_formula: Formula, point: Point) -> Expr:
    depth, e = point["depth"], point["exponent"]
    if not point.exact and depth.is_Integer and not e.free_symbols:
        return _total_to_digits(_formula, point, 17)
    # SymPy would add all terms, as fractions.
    few = not depth.is_Integer or depth <= DIRECT
    return Rational(2, 3) * harmonic(depth, 4 * e, evaluate=few)


def _total_to_digits(_formula: Formula, point: Point, digits: int) -> Expr:
    depth, e = point["depth"], point["exponent"]
    if depth.free_symbols or e.free_symbols:
        return Rational(2, 3) * harmonic(depth, 4 * e)
    with mpmath.workdps(digits + 15):
        return Float(2 * _sum_of_powers(4 * e._to_mpmath(mpmath.mp.prec), int(depth)) / 3, digits)


DIRECT = 1000
"""Terms that are added one by one; from there on, Euler and Maclaurin's formula needs few."""


def _sum_of_powers(s_: mpmath.mpf, count: int) -> mpmath.mpf:
    """Return Σ_(n ≤ count) n^(-s)."""
    total = mpmath.fsum(mpmath.mpf(n) ** -s_ for n in range(1, min(count, DIRECT) + 1))
    if count <= DIRECT:
        return total
    low, high = mpmath.mpf(DIRECT), mpmath.mpf(count)
    span = mpmath.log(high / low)
    # The integral, without a pole at s = 1.
    area = span if s_ == 1 else mpmath.expm1((1 - s_) * span) / (1 - s_)
    total += low ** (1 - s_) * area + (high**-s_ - low**-s_) / 2
    for order in range(1, 100):
        rising = mpmath.rf(s_, 2 * order - 1) * mpmath.bernoulli(2 * order)
        rising /= mpmath.factorial(2 * order)
        term = rising * (low ** (1 - s_ - 2 * order) - high ** (1 - s_ - 2 * order))
        total += term
        if abs(term) < total * mpmath.eps:
            return total
    raise ArithmeticError(f"the sum of {count} powers n^-{s_} is not reached")


GRID = np.linspace(-12.0, 12.0, 48_001)
DENSITY = np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi) * (GRID[1] - GRID[0])


_NORMALS = 400  # of them a draw takes the mean


def _share_of(
    activation: Callable[[Array], Array], point: Point, count: int, rng: np.random.Generator
) -> Array:
    """Draw the square of what the best line leaves, over the mean square, as a mean of some."""
    gain = float(point["alpha"])
    values, normals = activation(gain * GRID), rng.standard_normal((count, _NORMALS))
    slope = (DENSITY * GRID * values).sum()
    left = activation(gain * normals) - slope * normals
    shares: Array = (left**2).mean(axis=-1) / (DENSITY * values**2).sum()
    return shares


def _slope_of(activation: str, point: Point, count: int, rng: np.random.Generator) -> Array:
    """Draw the square of the derivative, over the mean square, as a mean of some."""
    gain, function = float(point["alpha"]), ACTIVATIONS[activation]
    energy = (DENSITY * function.value(gain * GRID) ** 2).sum()
    normals = rng.standard_normal((count, _NORMALS))
    slopes: Array = ((gain * function.derivative(gain * normals)) ** 2).mean(axis=-1) / energy
    return slopes


def _draw_growth(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Draw how much the log-norm of gradients grows backwards through a network."""
    depth, e = point.integer("depth"), float(point["exponent"])
    width = point.integer_width()
    if depth == 0:
        return np.zeros(count)
    net = BNMLP(
        width, depth, activation="tanh", gain=lambda layer: (layer + 1) ** -e, scale="sqrt_n"
    )
    target = rng.standard_normal((width, width))
    run = net.run(np.eye(width), target=target, networks=count, seed=int(rng.integers(2**31)))
    norms = run.log_gradient_norms
    assert norms is not None
    growth: Array = norms[:, 0] - norms[:, -1]
    return growth
