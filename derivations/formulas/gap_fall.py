"""By how much the gap falls at least in a layer, on average: a chain of checked inequalities.

It stands here as what a bound on gradients rests on.
"""

from __future__ import annotations

from functools import partial

import mpmath
from sympy import (
    Derivative,
    Eq,
    Expr,
    Integer,
    Integral,
    Product,
    Rational,
    Symbol,
    cancel,
    gamma,
    lambdify,
    log,
    oo,
    simplify,
    sqrt,
)

from derivations.formulas.backward_checks import Again, close, derivative
from derivations.formulas.backward_letters import fall, x
from derivations.inequalities import Derivatives
from derivations.notation import (
    Mean,
    X,
    at_least,
    at_most,
    d,
    k,
    lam,
    over_eigenvalues,
    phi,
    written_out,
)
from derivations.steps import Step

__all__ = ["constant", "fall_at_least", "least_fall", "potential", "potential_steps", "theta"]

theta = Symbol("theta", positive=True)
w = Symbol("w", positive=True)
MEAN_FALL = Mean(fall, X)


def _theta_form() -> Step:
    product = over_eigenvalues(Product, (1 + theta * (lam[k] - 1)) ** Rational(-1, 2))
    integral = Integral((1 - theta) ** (d / 2 - 1) * (product - 1) / theta, (theta, 0, 1))
    return Step(
        Eq(MEAN_FALL, integral),
        r"the mean of $-\log a_i$, at mean one, with $2 t = \theta/(1 - \theta)$ in the law of "
        r"isometry-gap-step",
        _closed_forms,
        r"mpmath against closed forms of the mean of $\log a$: over the circle at $d = 2$, with "
        r"eigenvalues in pairs at $d = 4$",
    )


def _closed_forms(claim: Eq) -> bool:
    """Compare the integral with -E log a where that is elementary, at eigenvalues of mean one."""
    for u, v in ((Rational(1, 2), Rational(3, 2)), (Rational(1, 10), Rational(19, 10))):
        circle = -2 * log((sqrt(u) + sqrt(v)) / 2)
        pairs = 1 - (u * log(u) - v * log(v)) / (u - v)
        for spectrum, value in (((u, v), circle), ((u, u, v, v), pairs)):
            put = {lam[n]: value_ for n, value_ in enumerate(spectrum)}
            right = written_out(claim.rhs, len(spectrum)).xreplace(put).replace(Integral, _number)
            if abs((right - value).evalf(30)) > Rational(1, 10**12):
                return False
    return True


def _number(integrand: Expr, limits: Expr) -> Expr:
    variable, *ends = limits
    with mpmath.workdps(30):
        value = mpmath.quad(lambdify(variable, integrand, "mpmath"), list(map(mpmath.mpf, ends)))
        return Integer(0) + value


def _weight() -> Step:
    return Step(
        Eq(Integral(theta * (1 - theta) ** (d / 2 - 1), (theta, 0, 1)), 4 / (d * (d + 2))),
        r"a Beta integral",
        _beta,
        "SymPy: the Beta function, for every $d$",
    )


def _beta(claim: Eq) -> bool:
    """Write ∫ θ^(p-1) (1 - θ)^(q-1) as Γ(p) Γ(q)/Γ(p + q), with p and q read off the integrand."""
    integrand = claim.lhs.function
    first, second = integrand.subs(theta, Rational(1, 3)), integrand.subs(theta, Rational(2, 3))
    p_, q_ = Integer(2), d / 2
    written = integrand == theta ** (p_ - 1) * (1 - theta) ** (q_ - 1) and first != second
    value = gamma(p_) * gamma(q_) / gamma(p_ + q_)
    return bool(written and simplify((value / claim.rhs).rewrite(gamma).gammasimp()) == 1)


def fall_at_least(gap: Expr) -> Expr:
    """Return the least mean fall of a gap in a layer, worked out from the lemmas.

    Examples
    --------
    >>> fall_at_least(phi(X))
    2*phi(X_l)/((d + 2)*(sqrt(2)*sqrt(d)*sqrt(phi(X_l)) + 1)**2)
    """
    # Each eigenvalue gives at least θ² h/(1 + √(2h))², and their h add up to d φ.
    return cancel(_weight().claim.rhs / 2 * d) * gap / (1 + sqrt(2 * d * gap)) ** 2


def least_fall() -> list[Step]:
    """Return the steps to E[φ - φ' | X] ≥ 2φ/((d + 2)(1 + √(2dφ))²)."""
    gap = phi(X)
    return [
        _theta_form(),
        Step(
            at_most(log(x), x - 1),
            r"the logarithm lies below its tangent at 1: so the product less 1 is at least half of "
            r"$\sum_k h(1 + \theta (\lambda_k - 1))$ with $h(z) = z - 1 - \log z$",
            Derivatives(x, 1, 0, oo),
        ),
        Step(
            at_least(2 * (x - log(1 + x)), x**2 / (1 + x)),
            r"so $h(1 + x)/x^2$ falls with $x > 0$: $h(1 + \theta x) \ge \theta^2 h(1 + x)$, for "
            r"$\lambda_k = 1 + x > 1$",
            Derivatives(x, 0, 0, oo),
        ),
        Step(
            at_least(-w - log(1 - w), w**2 / 2),
            r"so $h(1 - \theta w) \ge \theta^2 w^2/2$, for $\lambda_k = 1 - w < 1$",
            Derivatives(w, 0, 0, 1),
        ),
        Step(
            at_least(w**2 / (2 * (1 - w) ** 2), -w - log(1 - w)),
            r"so $\sqrt{2 h} (1 - w) \le w$ with $h = h(1 - w)$, that is "
            r"$w^2/2 \ge h/(1 + \sqrt{2 h})^2$; and no $h$ is larger than their sum, $d \phi$",
            Derivatives(w, 0, 0, 1),
        ),
        _weight(),
        Step(
            at_least(MEAN_FALL, 2 * gap / ((d + 2) * (1 + sqrt(2 * d * gap)) ** 2)),
            r"put together: every term is at least $\theta^2 h/(1 + \sqrt{2 d \phi})^2$",
            Again(
                MEAN_FALL,
                partial(fall_at_least, gap),
                "SymPy: half the Beta integral times $d \\phi/(1 + \\sqrt{2 d \\phi})^2$",
            ),
        ),
    ]


def potential(gap: Expr) -> Expr:
    """Return F with F' = 1/√D for the least fall D, F(0) = 0.

    Examples
    --------
    >>> potential(x)
    sqrt(d + 2)*(2*sqrt(d)*x + 2*sqrt(2)*sqrt(x))/2
    """
    return sqrt(d + 2) * (2 * sqrt(d) * gap + 2 * sqrt(2) * sqrt(gap)) / 2


def potential_steps() -> list[Step]:
    """Return the steps from the least fall to Σ E √(fall) ≤ F(φ_0)."""
    F = potential(x)
    return [
        Step(
            Eq(Derivative(F, x), sqrt((d + 2) / (2 * x)) * (1 + sqrt(2 * d * x))),
            r"let $F(x)$ be this function of the gap, with $F(0) = 0$: its derivative is "
            r"$D^{-1/2}$ for the least mean fall $D$ of a gap $x$",
            _slope,
            "SymPy: differentiation, and the inverse root of the least fall",
        ),
        Step(
            Eq(Derivative(F, (x, 2)), -sqrt((d + 2) / (8 * x**3))),
            r"so $F$ is concave, $F(\phi) - \mathbb{E} F(\phi') \ge F'(\phi) \mathbb{E}[\phi - "
            r"\phi'] \ge (\mathbb{E}[\phi - \phi'])^{1/2}$, which is at least the mean of "
            r"$(\phi - \phi')^{1/2}$; sum over the layers",
            derivative,
            "SymPy: differentiation",
        ),
    ]


def _slope(claim: Eq) -> bool:
    inverse = 1 / sqrt(fall_at_least(x))
    return derivative(claim) and all(
        close(side.doit().subs({d: 5, x: 3}), inverse.subs({d: 5, x: 3})) for side in claim.args
    )


def constant(eta: Expr) -> Expr:
    """Return k at a gap: it falls at least by one k-th there, and below.

    Examples
    --------
    >>> constant(1 / (8 * d)).factor()
    9*(d + 2)/8
    """
    return simplify(eta / fall_at_least(eta))
