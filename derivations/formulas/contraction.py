"""How fast layers bring an input to isometry: bounds on the gap at any depth, with constants."""

from __future__ import annotations

from functools import partial

from sympy import (
    Derivative,
    Eq,
    Expr,
    Integer,
    Integral,
    Max,
    Min,
    Pow,
    Sum,
    Symbol,
    diff,
    exp,
    log,
    oo,
    sqrt,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import PAPER, REGULAR, of_many_widths
from derivations.formulas.contraction_checks import Agree, InUnit, beta_weight, by_integral
from derivations.formulas.following import at_mean_one
from derivations.formulas.isometry import fall_over_theta, theta
from derivations.formulas.paper_forward_checks import gap_of_rows
from derivations.inequalities import Coefficients, Derivatives, Squares
from derivations.notation import (
    X_L,
    L,
    Mean,
    X,
    X_next,
    a,
    at_least,
    at_most,
    d,
    eta,
    i,
    k,
    lam,
    over_eigenvalues,
    over_rows,
    p,
    phi,
    phi_0,
)
from derivations.numeric import depth_draws
from derivations.point import Point

__all__ = [
    "AFTER",
    "INFINITE",
    "LAYERS",
    "contraction",
    "h",
    "hitting_time",
    "one_layer",
    "potential",
    "rate",
    "typical_rate",
]

x, y, v, w = symbols("x y v w", positive=True)
S = Symbol("S", nonnegative=True)

AFTER = Mean(phi(X_next), X)
LAYERS = Hypothesis(
    r"$X_L$ comes after $L$ layers $X_{l+1} = \operatorname{BN}(W_l X_l)$ with independent "
    r"weights, each Haar distributed on $O(d)$; $\operatorname{BN}$ scales rows to unit norm, and "
    r"$\phi_0 = \phi(X_0)$ is the isometry gap of the input."
)
INFINITE = r"The gap is infinite before and after every layer, and so is the bound."
SOURCE = f"It makes the constant in theorem 1 explicit: {PAPER}"
MOST_EXACT = 64  # a power beyond this is kept as one


def h(value: Expr) -> Expr:
    """Return x - 1 - log x, the share of an eigenvalue in the gap: φ = Σ h(λ_k)/d at mean one."""
    return value - 1 - log(value)


def rate(gap: Expr) -> Expr:
    """Return 2/((d + 2)(1 + √(2dφ))²), the share of the gap that a layer takes away at least.

    Examples
    --------
    >>> rate(phi_0).subs({d: 2, phi_0: 1})
    1/18
    """
    return 2 / ((d + 2) * (1 + sqrt(2 * d * gap)) ** 2)


def _rate_again(gap: Expr) -> Expr:
    """Return it with its constant computed: half the integral over θ, times d over (1 + …)²."""
    return beta_weight() / 2 * d / (1 + sqrt(2 * d * gap)) ** 2


def _share(of: Expr) -> Expr:
    """Return what an eigenvalue adds to the fall, over ½ ∫ θ (1 - θ)^(d/2 - 1) dθ."""
    return h(Max(of, 1)) + (1 - Min(of, 1)) ** 2 / 2


def _over_theta(inner: Expr) -> Integral:
    return Integral((1 - theta) ** (d / 2 - 1) * inner / theta, (theta, 0, 1))


def one_layer() -> list[Step]:
    """Return the steps from the step law to a bound by the gap alone."""
    along = over_eigenvalues(Sum, h(1 + theta * (lam[k] - 1))) / 2
    exact = Eq(AFTER, phi(X) - _over_theta(exp(along) - 1))
    tangent = at_most(AFTER, phi(X) - _over_theta(along))
    weight = Integral(theta * (1 - theta) ** (d / 2 - 1), (theta, 0, 1))
    split = over_eigenvalues(Sum, 2 * h(Max(lam[k], 1)) + (1 - Min(lam[k], 1)) ** 2)
    root = sqrt(2 * h(x))
    return [
        Step(
            exact,
            r"the step law as an integral over $\theta$: at mean one $\sum_k (\lambda_k - 1) = 0$, "
            r"so the product in it is $\exp(\frac12 \sum_k h(1 + \theta(\lambda_k - 1)))$ with "
            r"$h(x) = x - 1 - \log x$",
            Again(
                AFTER,
                _by_the_law,
                "mpmath: the integral of the step law, to 25 digits at two spectra",
                "==",
            ),
        ),
        Step(
            at_most(log(x), x - 1),
            r"the logarithm lies below its tangent; at $x = e^y$ this is $e^y - 1 \ge y$",
            Derivatives(x, 1, 0, oo),
        ),
        Step(
            tangent,
            r"put the exponent for $y$",
            Again(AFTER, partial(_linear, exact), "SymPy: $y$ for $e^y - 1$ under the integral"),
        ),
        Step(
            Eq(h(1 + x), x**2 * Integral(v / (1 + v * x), (v, 0, 1))),
            r"how $h$ grows from 1 upwards",
            by_integral,
            "SymPy: both sides vanish at $x = 0$ and have one derivative",
        ),
        Step(
            at_least(v / (1 + v * theta * x), v / (1 + v * x)),
            r"under this integral, so that $h(1 + \theta x) \ge \theta^2 h(1 + x)$ for $x \ge 0$",
            InUnit(theta, Coefficients({theta: 0, v: 0, x: 0})),
        ),
        Step(
            at_least(h(1 - x), x**2 / 2),
            r"below 1, where it is taken at $\theta(1 - \lambda_k)$",
            Derivatives(x, 0, 0, 1),
        ),
        Step(
            Eq(weight, 4 / (d * (d + 2))),
            r"both bounds have a factor $\theta^2$, and leave this integral",
            Again(weight, beta_weight, "SymPy, for every $d$", "=="),
        ),
        Step(
            at_most(AFTER, phi(X) - split / (d * (d + 2))),
            r"put together: eigenvalues above 1 take part with $h$, those below with a square",
            Again(
                AFTER,
                _by_shares,
                "SymPy: half the weight times the bounds of each eigenvalue",
            ),
        ),
        Step(
            at_least((1 / x - 1) ** 2, 2 * h(x)),
            r"below 1, so that $\sqrt{2 h} \le 1/x - 1$",
            Derivatives(x, 1, 0, 1),
        ),
        Step(
            Eq((1 / x - 1) / (1 + (1 / x - 1)), 1 - x),
            r"solve for $1 - x$",
            Agree(),
        ),
        Step(
            at_least((w + y) / (1 + w + y), w / (1 + w)),
            r"as $w/(1 + w)$ grows",
            Coefficients({w: 0, y: 0}),
        ),
        Step(
            at_least((1 - x) ** 2, 2 * h(x) / (1 + root) ** 2),
            r"the square below 1 against $h$: put $w = \sqrt{2 h(x)}$",
            Again(
                (1 - x) ** 2,
                _square_again,
                "SymPy: the square of the bound of the last step, to 25 digits",
                ">=",
            ),
        ),
        Step(
            at_most(AFTER, phi(X) * (1 - rate(phi(X)))),
            r"no $h(\lambda_k)$ is larger than $d \phi = \sum_k h(\lambda_k)$: each eigenvalue, on "
            r"either side of 1, takes part with at least $2 h(\lambda_k)/(1 + \sqrt{2 d \phi})^2$",
            Again(
                AFTER,
                partial(_contracted, phi(X), Integer(1)),
                "SymPy: half the weight, times $d \\phi$ over that square",
            ),
        ),
    ]


def _by_the_law() -> Expr:
    return phi(X) - fall_over_theta(p(1) / d)


def _by_shares() -> Expr:
    return phi(X) - beta_weight() / 2 * over_eigenvalues(Sum, _share(lam[k]))


def _square_again() -> Expr:
    return (w / (1 + w)).subs(w, sqrt(2 * h(x))) ** 2


def _contracted(gap: Expr, layers: Expr) -> Expr:
    """Return a gap after so many layers, each with its share computed again."""
    return gap * (1 - _rate_again(gap)) ** layers


def _simple_again() -> Expr:
    return (2 * (1 + x**2)).subs(x, sqrt(2 * d * phi_0)) / (beta_weight() / 2 * d)


def _by_tangents() -> Expr:
    return phi(X) + at_mean_one(p(1)) / d - 1


def _linear(exact: Eq) -> Expr:
    """Put the exponent y for e^y - 1 on the right side of the law."""
    return exact.rhs.replace(exp, lambda exponent: 1 + exponent)


def never_grows() -> list[Step]:
    """Return the steps to φ(X_(l+1)) ≤ φ(X_l) in every draw."""
    rows = over_rows(log(a[i])) / d
    return [
        Step(
            Eq(phi(X_next), phi(X) + rows),
            r"in every draw, as $a_i$ are the squared row norms, which have mean 1",
            gap_of_rows,
            "SymPy, from the definition, for a $3 \\times 4$ input of trace 3",
        ),
        Step(
            at_most(phi(X_next), phi(X)),
            r"by $\log a_i \le a_i - 1$: no layer raises the gap",
            Again(
                phi(X_next),
                _by_tangents,
                "SymPy: the sum of the tangents, $\\sum_i a_i/d - 1 = 0$",
            ),
        ),
    ]


def _power(formula: Formula, point: Point) -> Expr:
    """Evaluate the bound, a power of many layers kept as one."""
    base = point.substitute(1 - rate(phi_0))
    layers, gap = point["depth"], point.gap
    if layers.is_Integer and layers > MOST_EXACT:
        base = base if point.exact else base.evalf(40)
        return gap * Pow(base, layers, evaluate=not point.exact)
    return point.substitute(formula.holding.rhs)


def gap_error(point: Point) -> float:
    """Bound the error of a value that grows at most twice as fast as the gap that it is from."""
    if point.exact or point.spectrum is None:
        return 0.0
    return 2 * float(point.relative().gap.error)


def contraction() -> Formula:
    """Derive E φ(X_L) ≤ φ_0 (1 - 1/k)^L.

    Examples
    --------
    >>> contraction().evaluate(d=2, gap=1, depth=1)
    17/18
    """
    statement = at_most(Mean(phi(X_L)), phi_0 * (1 - rate(phi_0)) ** L)
    simple = (d + 2) * (1 + 2 * d * phi_0)
    return Formula(
        name="isometry-gap-contraction",
        title="Mean isometry gap at any depth",
        statement=statement,
        kind="bound",
        hypotheses=(LAYERS, REGULAR),
        source=SOURCE,
        steps=(
            *one_layer(),
            *never_grows(),
            Step(
                at_least(1 / (1 + x) ** 2, 1 / (1 + x + y) ** 2),
                r"the share that a layer takes away does not fall as the gap does: it is at least "
                r"what it is at $\phi_0$",
                Coefficients({x: 0, y: 0}),
            ),
            Step(
                statement,
                r"so every layer multiplies the mean by at most this factor",
                Again(
                    Mean(phi(X_L)),
                    partial(_contracted, phi_0, L),
                    "SymPy: the factor of one layer, to the power of the depth",
                ),
            ),
            Step(
                at_most((1 + x) ** 2, 2 * (1 + x**2)),
                r"a simpler form",
                Squares((1 - x) ** 2),
            ),
            Step(
                at_most(1 / rate(phi_0), simple),
                r"with $x = \sqrt{2 d \phi_0}$: the number $k$ of layers that take away a factor "
                r"$e$ grows with $d$, not with $d^2$, at a given $d \phi_0$",
                Again(
                    1 / rate(phi_0),
                    _simple_again,
                    "SymPy: the square of the last step over the constant of a layer",
                ),
            ),
        ),
        singular=INFINITE,
        value=_power,
        error=gap_error,
        draw=depth_draws.gap_at_depth,
    )


def potential(gap: Expr) -> Expr:
    """Return F = log φ + 4√(2dφ) + 2dφ, which falls by 2/(d + 2) or more in the mean of a layer.

    Examples
    --------
    >>> potential(x).subs({d: 2, x: 1})
    12
    """
    return log(gap) + 4 * sqrt(2 * d * gap) + 2 * d * gap


def _isotropic(point: Point) -> str:
    gap = point.gap if point.has("gap") else None
    return "the gap of the input is zero, and has no logarithm" if gap == 0 else ""


POSITIVE = Hypothesis(
    r"The input is not isotropic: $\phi_0 > 0$.",
    _isotropic,
    "the gap stays zero at every layer",
    ("isometry-gap-contraction",),
)


def _concave_steps() -> list[Step]:
    """Return the steps to E F(φ(X_(l+1))) ≤ F(φ(X_l)) - 2/(d + 2)."""
    slope = (1 + sqrt(2 * d * x)) ** 2 / x
    return [
        *one_layer(),
        Step(
            Eq(Derivative(potential(x), x), slope),
            r"let $F(x) = \log x + 4 \sqrt{2 d x} + 2 d x$",
            Agree("SymPy: the derivative"),
        ),
        Step(
            Eq(slope, (1 / sqrt(x) + sqrt(2 * d)) ** 2, evaluate=False),
            r"which falls as $x$ grows: $F$ is concave, and lies below its tangent at $\phi(X_l)$",
            Agree(),
        ),
        Step(
            at_most(Mean(potential(phi(X_next)), X), potential(phi(X)) - 2 / (d + 2)),
            r"take means of this tangent: the slope cancels the share that a layer takes away",
            Again(
                Mean(potential(phi(X_next)), X),
                partial(_potential_after, phi(X), Integer(1)),
                "SymPy: the derivative times the fall of the mean gap",
            ),
        ),
    ]


def _drop(gap: Expr) -> Expr:
    return diff(potential(x), x).subs(x, gap) * _rate_again(gap) * gap


def _potential_after(gap: Expr, layers: Expr) -> Expr:
    return potential(gap) - layers * _drop(gap)


def _time_again() -> Expr:
    lost = potential(phi_0) - potential(eta) + eta * diff(potential(eta), eta)
    return lost / _drop(phi_0)


def typical_rate() -> Formula:
    """Derive the bound on E log φ(X_L).

    Examples
    --------
    >>> typical_rate().evaluate(d=2, gap=1, depth=6)
    9
    """
    end = Mean(log(phi(X_L)))
    statement = at_most(end, potential(phi_0) - 2 * L / (d + 2))
    return Formula(
        name="isometry-gap-typical-rate",
        title="Mean logarithm of the isometry gap at any depth",
        statement=statement,
        kind="bound",
        hypotheses=(LAYERS, REGULAR, POSITIVE),
        source=SOURCE,
        steps=(
            *_concave_steps(),
            Step(
                statement,
                r"add up over the layers; $F(x) \ge \log x$",
                Again(
                    end,
                    partial(_potential_after, phi_0, L),
                    "SymPy: so many times the fall of $F$ in a layer",
                ),
            ),
        ),
        singular=INFINITE,
        error=_potential_error,
        draw=depth_draws.log_gap_at_depth,
    )


def _potential_error(point: Point) -> float:
    """Bound the error of the potential: its slope times the error of the gap."""
    if point.exact or point.spectrum is None:
        return 0.0
    gap = point.relative().gap
    value, error = float(gap.value), float(gap.error)
    root = (2 * point.integer_width() * value) ** 0.5
    return 2 * (1 + root) ** 2 * error / value if value else 0.0


def _reached(point: Point) -> str:
    gap, goal = point.gap, point["threshold"]
    reached = point.has("gap") and (goal - gap).evalf(30).is_nonnegative
    return f"the gap is at most the threshold {goal} before any layer: S = 0" if reached else ""


BEYOND = Hypothesis(
    r"$S$ is the first $l$ with $\phi(X_l) \le \eta$, for a threshold $0 < \eta < \phi_0$.",
    _reached,
)


def hitting_time() -> Formula:
    """Derive the bound on the mean number of layers until the gap is at most η.

    Examples
    --------
    >>> hitting_time().evaluate(d=2, gap=4, threshold=1)
    2*log(4) + 58
    """
    tangent_at_zero = (1 + sqrt(2 * d * eta)) ** 2
    lost = (
        log(phi_0 / eta)
        + 4 * sqrt(2 * d) * (sqrt(phi_0) - sqrt(eta))
        + 2 * d * (phi_0 - eta)
        + tangent_at_zero
    )
    bound = (d + 2) * lost / 2
    statement = at_most(Mean(S), bound)
    return Formula(
        name="isometry-gap-hitting-time",
        title="Layers until the isometry gap is small",
        statement=statement,
        kind="bound",
        hypotheses=(LAYERS, REGULAR, BEYOND),
        source=SOURCE,
        steps=(
            *_concave_steps(),
            Step(
                Eq(eta * Derivative(potential(eta), eta), tangent_at_zero),
                r"below $\eta$ let $F$ go on along its tangent there: it stays concave, and at 0 "
                r"it is $F(\eta)$ less this",
                Agree("SymPy: the derivative"),
            ),
            Step(
                statement,
                r"stop at $S$: until then every layer takes $2/(d + 2)$ off the mean of $F$ or "
                r"more, and in all no more than $F(\phi_0)$ minus the least value that $F$ has",
                Again(
                    Mean(S),
                    _time_again,
                    "SymPy: what $F$ can lose, over its fall in a layer",
                ),
            ),
        ),
        singular=r"The gap is infinite at every layer, and $S$ is too.",
        error=_time_error,
        draw=depth_draws.hitting_time,
        layers=of_many_widths,
    )


def _time_error(point: Point) -> float:
    return _potential_error(point) * (point.integer_width() + 2) / 2
