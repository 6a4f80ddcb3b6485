"""The exact one-step law of the isometry gap: its mean after one batch-normalised layer."""

from __future__ import annotations

from sympy import (
    Add,
    Derivative,
    Eq,
    Expr,
    Float,
    Integral,
    Product,
    Rational,
    Sum,
    Symbol,
    digamma,
    exp,
    log,
    oo,
    simplify,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import isometry_checks as checks
from derivations.formulas.common import REGULAR
from derivations.formulas.entries import HAAR, SOURCE
from derivations.formulas.shift import ShiftIntegral
from derivations.notation import (
    Mean,
    X,
    X_next,
    a,
    d,
    i,
    k,
    lam,
    over_eigenvalues,
    over_rows,
    p,
    phi,
    t,
)
from derivations.numeric import statistics
from derivations.numeric.quadrature import log_mean_shift
from derivations.numeric.relative import Bounded
from derivations.numeric.shift_digits import law_to_digits
from derivations.point import Point

__all__ = ["fall_over_theta", "step_law", "theta"]

z = Symbol("z", real=True)
x, s = symbols("x s", positive=True)
chi = Symbol("chi", positive=True)
"""χ = ‖z‖, the norm of a standard Gaussian vector in d dimensions."""
theta = Symbol("theta", positive=True)
quadratic = Symbol("y", positive=True)
"""y = Σ_k λ_k z_k² = zᵀ Λ z for the same vector."""


def step_law() -> Formula:
    """Derive E[φ(X_(l+1)) | X_l].

    Examples
    --------
    >>> law = step_law()
    >>> law.name, law.statement.lhs
    ('isometry-gap-step', E[phi(X_{l+1}) | X_l])
    >>> law.evaluate(spectrum=[3, 3])
    0
    """
    m = p(1) / d
    drift = Integral(_over_t(_isotropic(m), _general()), (t, 0, oo))
    with_digamma = Integral(_over_t(exp(-t), _general()), (t, 0, oo)) - digamma(d / 2) - log(2)
    after = Mean(phi(X_next), X)
    before = log(p(1) / d) - over_eigenvalues(Sum, log(lam[k])) / d
    return Formula(
        name="isometry-gap-step",
        title="Mean isometry gap after one layer",
        statement=Eq(after, phi(X) + drift),
        hypotheses=(
            HAAR,
            Hypothesis(
                r"$X_{l+1} = \operatorname{BN}(W X_l)$ scales each row of $W X_l$ to unit norm; "
                r"$\phi(X) = -\log(\det(A)^{1/d} / (p_1/d))$ with $A = X X^{\top}$, "
                r"eigenvalues $\lambda_k$ and $p_1 = \sum_k \lambda_k$."
            ),
            REGULAR,
        ),
        source=(
            r"The isometry gap and its decay: A. Meterez et al., arXiv:2310.02012, theorem 1, "
            r"which bounds what is exact here. " + SOURCE
        ),
        steps=(
            Step(
                Eq(phi(X), before),
                r"write the determinant as the product of the eigenvalues",
                checks.gap_by_eigenvalues,
                "mpmath, for a matrix with $d = 3$: determinant and trace against eigenvalues",
            ),
            Step(
                Eq(phi(X_next), phi(X) - log(m) + over_rows(log(a[i])) / d),
                r"$X_{l+1} = D^{-1/2} W X_l$ with $D = \operatorname{diag}(a_i)$, so its "
                r"determinant squared is $\det A / \prod_i a_i$; its rows are unit vectors, so its "
                r"trace is $d$",
                checks.gap_after_a_layer,
                "mpmath, from the definition, for matrices with $d = 3$",
            ),
            Step(
                Eq(after, phi(X) - log(m) + Mean(log(a[i]))),
                r"permuting the rows of $W$ does not change its law: all $\log a_i$ have one mean",
                checks.rows_exchangeable,
                r"mpmath at $d = 2$: the mean of $\phi$, from its definition, over all rotations",
            ),
            Step(
                Eq(a[i], quadratic / chi**2),
                r"a row of $W$ is a uniform unit vector, that is $z/\|z\|$ for a standard Gaussian "
                r"$z$; write $y = \sum_k \lambda_k z_k^2$ and $\chi = \|z\|$, and note that the "
                r"direction and $\chi$ are independent",
                checks.gaussian_row,
                r"engine, and row by row on the sphere, against Gaussian moments: "
                r"$\mathbb{E}[a^q]\,\mathbb{E}[\chi^{2q}] = "
                r"\mathbb{E}[(\sum_k \lambda_k z_k^2)^q]$ at $d = 2, 3$, $q \le 3$",
            ),
            Step(
                Eq(log(x), Integral(_over_t(exp(-t), exp(-t * x)), (t, 0, oo))),
                r"Frullani's integral, for $x > 0$",
                checks.frullani,
                "SymPy: both sides vanish at $x = 1$ and have the derivative $1/x$",
            ),
            Step(
                Eq(Mean(exp(-t * lam[k] * z**2)), (1 + 2 * t * lam[k]) ** Rational(-1, 2)),
                r"a Gaussian integral, for one coordinate $z$",
                checks.gaussian_integral,
                "SymPy's integral over the normal density",
            ),
            Step(
                Eq(Mean(log(quadratic)), Integral(_over_t(exp(-t), _general()), (t, 0, oo))),
                r"put $y$ for $x$ in Frullani's integral and take the mean inside; the coordinates "
                r"of $z$ are independent, so the mean of $e^{-t y}$ is a product",
                checks.log_quadratic,
                r"mpmath against closed forms of the mean of $\log a$: over the circle at $d = 2$, "
                r"with eigenvalues in pairs at $d = 4$; plus the mean of $\log \chi^2$",
            ),
            Step(
                Eq(Mean(log(chi**2)), digamma(d / 2) + log(2)),
                r"differentiate $\mathbb{E}[\chi^{2 s}] = 2^s \Gamma(d/2 + s) / \Gamma(d/2)$ at "
                r"$s = 0$",
                checks.log_chi_square,
                "SymPy: the moment by integration, its derivative for every $d$",
            ),
            Step(
                Eq(Mean(log(a[i])), with_digamma),
                r"subtract: $\log a_i = \log y - \log \chi^2$",
                checks.moments,
                r"engine, $\mathbb{E}[a^q] = q!\,[t^q] \prod_k (1 - t \lambda_k)^{-1/2} / (d/2)_q$ "
                r"for $q \le 4$ at $d = 2, 3, 4$; mpmath against closed forms at $d = 2, 4$",
            ),
            Step(
                Eq(Mean(log(a[i])) - log(m), drift),
                r"apply the last step to $\lambda_k = p_1/d$, where $a_i$ is that constant, and "
                r"subtract: the digamma function cancels, and what remains decays at both ends",
                checks.digamma_free,
                "mpmath against closed forms at $d = 2, 4$",
            ),
            Step(
                Eq(after, phi(X) + drift),
                "put the third and the last step together",
                checks.circle,
                r"mpmath at $d = 2$: the mean of $\phi$, from its definition, over all rotations",
            ),
            *_over_theta(m, after, drift),
        ),
        singular=(
            r"Both sides are infinite and say nothing. The law of $\log a_i$ still holds for "
            r"every $A \neq 0$, singular or not."
        ),
        observe=statistics.gap,
        value=_value,
        error=_error,
        number=_number,
    )


def fall_over_theta(m: Expr) -> Integral:
    """Return the mean fall of the gap as an integral over θ in (0, 1): no term is negative."""
    product = over_eigenvalues(Product, (1 + theta * (lam[k] / m - 1)) ** Rational(-1, 2))
    return Integral((1 - theta) ** (d / 2 - 1) * (product - 1) / theta, (theta, 0, 1))


def _over_theta(m: Expr, after: Expr, drift: Integral) -> list[Step]:
    """Return the steps from the integral over t to the one over θ."""
    s_ = theta / (1 - theta)
    return [
        Step(
            Eq(1 + s_ * lam[k] / m, (1 + theta * (lam[k] / m - 1)) / (1 - theta)),
            r"a second form: put $2 t p_1/d = \theta/(1 - \theta)$, which runs from 0 to "
            r"$\infty$ as $\theta$ runs from 0 to 1; then this is $1 + 2 t \lambda_k$",
            checks.unit_interval,
            "SymPy, over one denominator",
        ),
        Step(
            Eq(Derivative(log(s_), theta), 1 / (theta * (1 - theta))),
            r"and this is what $dt/t$ becomes, over $d\theta$",
            checks.unit_interval,
            "SymPy: the derivative",
        ),
        Step(
            Eq(drift, -fall_over_theta(m), evaluate=False),
            r"so the two integrals are equal, integrand by integrand: with "
            r"$\phi_\theta = -\frac{1}{d} \sum_k \log(1 + \theta(\lambda_k d/p_1 - 1))$ the "
            r"product is $e^{d \phi_\theta/2} \ge 1$",
            checks.same_integrand,
            "SymPy, exactly, at $d = 1, 2, 4$ and rational eigenvalues",
        ),
        Step(
            Eq(after, phi(X) - fall_over_theta(m)),
            "the law again, with an integrand that is nowhere negative",
            checks.theta_form,
            "mpmath against closed forms at $d = 2, 4$, to 30 digits",
        ),
    ]


def _isotropic(m: Expr) -> Expr:
    return (1 + 2 * t * m) ** (-d / 2)


def _general() -> Expr:
    return over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2))


def _over_t(first: Expr, second: Expr) -> Expr:
    return (first - second) / t


def _value(formula: Formula, point: Point) -> Expr:
    """Evaluate the law: as an integral for exact eigenvalues, else by the trapezoidal rule."""
    spectrum = point.eigenvalues()
    if not point.exact:
        return Float(float(_law(point).value), 17)
    m = point.power_sum(1) / point.width
    gap = log(m) - Add(*(log(v) for v in spectrum)) / point.width
    drift = ShiftIntegral.of(spectrum)
    return simplify(gap) + drift if gap.is_number else gap + drift


def _error(point: Point) -> float:
    """Bound the error of the value at floats: rounding of the gap and of the drift included."""
    return 0.0 if point.exact else float(_law(point).error)


def _number(_formula: Formula, point: Point, digits: int) -> Expr:
    return Float(law_to_digits(point.fractions(), digits), digits)


def _law(point: Point) -> Bounded:
    """Gap plus drift, from the eigenvalues as they are: no digit is lost in their ratios."""
    relative = point.relative()
    return relative.gap + log_mean_shift(relative)
