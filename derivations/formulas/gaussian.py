"""Gaussian weights N(0, 1/d) instead of orthogonal ones: row norms, isometry gap, gradients."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import numpy as np
from sympy import (
    Eq,
    Expr,
    Float,
    Integral,
    Limit,
    Product,
    Rational,
    Sum,
    Symbol,
    digamma,
    exp,
    factorial,
    gamma,
    log,
    oo,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import gaussian_checks as checks
from derivations.formulas import gaussian_gradient_checks as gradients
from derivations.formulas.common import REGULAR, all_moments
from derivations.formulas.isometry import step_law
from derivations.notation import (
    Mean,
    Variance,
    X,
    X_next,
    a,
    at_most,
    d,
    i,
    j,
    k,
    lam,
    n,
    over_eigenvalues,
    over_rows,
    p,
    phi,
    q,
    t,
)
from derivations.numeric.layers import Layer
from derivations.numeric.relative import EPS
from derivations.numeric.weights import LAWS, Array
from derivations.point import Point
from derivations.series import Coefficient, coefficients

__all__ = ["gap_step", "gradient_rate", "gradient_step", "row_norm_moment"]

z = Symbol("z", real=True)
Delta = Symbol("Delta", positive=True)
c_d = Symbol("c_d", nonnegative=True)
quadratic = Symbol("y", positive=True)
G, G_next = symbols("g_l g_{l+1}", positive=True)
rho, rate, deviation, factor = symbols("rho R v c", positive=True)
x, cross = symbols("x s_{ij}", real=True)

GAUSSIAN = Hypothesis(r"The entries of $W$ are independent, $N(0, 1/d)$.")
ROWS = Hypothesis(
    r"$a_i$ is the squared norm of row $i$ of $W X$, $\lambda_k$ are the eigenvalues of "
    r"$A = X X^{\top}$ and $p_r = \sum_k \lambda_k^r$."
)
WICK = r"Moments of Gaussian entries: L. Isserlis, Biometrika 12 (1918)"
YANG = (
    r"G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz, A Mean Field Theory of "
    r"Batch Normalization, ICLR 2019, arXiv:1902.08129"
)
UPSTREAM = Hypothesis(
    r"$g_l = \|\partial \mathcal{L}/\partial X_l\|_F^2$, and "
    r"$\partial \mathcal{L}/\partial X_{l+1}$ is independent of $W$. "
    r"That of a network is so only as $d \to \infty$."
)


def _product() -> Expr:
    return over_eigenvalues(Product, (1 - t * lam[k]) ** Rational(-1, 2))


def row_norm_moment() -> Formula:
    """Derive E a_i^q of a Gaussian layer.

    Examples
    --------
    >>> f = row_norm_moment()
    >>> f.evaluate(spectrum=[1, 2], q=2), f.evaluate(d=2, q=2)
    (19/4, p_1**2/4 + p_2/2)
    """
    value = factorial(q) * (2 / d) ** q * Coefficient(_product(), t, q)
    generating = over_eigenvalues(Product, (1 - 2 * t * lam[k] / d) ** Rational(-1, 2))
    moment = checks.MomentsOfRow()
    return Formula(
        name="gaussian-row-norm-moment",
        title="Moments of a squared row norm, Gaussian weights",
        statement=Eq(Mean(a[i] ** q), value),
        hypotheses=(GAUSSIAN, ROWS),
        source=WICK,
        steps=(
            Step(
                Eq(Mean(exp(t * z**2)), (1 - 2 * t) ** Rational(-1, 2)),
                r"a Gaussian integral, for one standard normal $z$ and $t < 1/2$",
                checks.gaussian_integral,
                "SymPy's integral over the normal density",
            ),
            Step(
                Eq(Mean(exp(t * a[i])), generating),
                r"$W Q$ has the law of $W$ for every orthogonal $Q$, so that only the eigenvalues "
                r"of $A$ matter: $a_i = \sum_k \lambda_k z_k^2/d$, with independent $z_k$",
                moment,
            ),
            Step(
                Eq(Mean(a[i] ** q), value),
                r"compare coefficients of $t^q$, and put $t d/2$ for $t$",
                moment,
            ),
            Step(
                Eq(Variance(a[i]), 2 * p(2) / d**2),
                r"the case $q = 2$, less the square of the mean $p_1/d$: orthogonal weights have "
                r"$2 (p_2 - p_1^2/d)/(d (d + 2))$, which vanishes at isometry",
                checks.spread_of_row,
                "engine, Gaussian rows, for every $d$ and every symmetric $A$",
            ),
        ),
        singular="Holds for every $A$, singular or not, and for any number of samples.",
        value=_moment,
        draw=_draw_moment,
        tail=all_moments,
    )


def _moment(formula: Formula, point: Point) -> Expr:
    order = point["q"]
    if not order.is_Integer:
        return point.substitute(formula.statement.rhs)
    series = coefficients([point.power_sum(r) for r in range(1, int(order) + 1)])
    return factorial(order) * (2 / point.width) ** order * series[-1]


def _draw_moment(point: Point, count: int, rng: np.random.Generator) -> Array:
    assert point.input is not None
    d_ = len(point.input)
    norms = Layer(point.input, LAWS["gaussian"].draw(count, d_, rng)).row_norms
    moments: Array = (norms ** point.integer("q")).mean(axis=-1)
    return moments


def gap_step() -> Formula:
    """Derive E[φ(X_(l+1)) | X_l] of a Gaussian layer.

    Examples
    --------
    >>> law = gap_step()
    >>> law.evaluate(spectrum=[1, 1], digits=20)
    0.69314718055994530942
    """
    orthogonal = step_law().statement
    after = Mean(phi(X_next), X)
    added = digamma(d / 2) - Sum(digamma(j / 2), (j, 1, d)) / d
    closed = (
        1
        - 1 / d
        + digamma(d / 2) / 2
        - (d - 1) * digamma((d + 1) / 2) / (2 * d)
        - digamma(Rational(1, 2)) / (2 * d)
    )
    integral = Integral(
        (exp(-t) - over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2))) / t,
        (t, 0, oo),
    )
    chi_squares = Product((2 / d) ** t * gamma(j / 2 + t) / gamma(j / 2), (j, 1, d))
    statement = Eq(after, orthogonal.rhs + c_d)
    return Formula(
        name="gaussian-isometry-gap-step",
        title="Mean isometry gap after one layer, Gaussian weights",
        statement=statement,
        hypotheses=(
            GAUSSIAN,
            Hypothesis(
                r"$X_{l+1} = \operatorname{BN}(W X_l)$ scales each row of $W X_l$ to unit norm, "
                r"for any number $n \ge d$ of samples; $\phi(X) = -\log(\det(A)^{1/d} / (p_1/d))$ "
                r"with $A = X X^{\top}$."
            ),
            replace(REGULAR, instead=("gaussian-row-norm-moment",)),
        ),
        source=r"M. S. Bartlett, Proc. R. Soc. Edinburgh 53 (1933), for the determinant; " + WICK,
        steps=(
            Step(
                Eq(
                    phi(X_next),
                    phi(X) - log(p(1) / d) - log(Delta) / d + over_rows(log(a[i])) / d,
                ),
                r"as for orthogonal weights, but the determinant of $A$ is multiplied by "
                r"$\Delta = \det W W^{\top}$ too",
                checks.gap_after_a_layer,
                "SymPy, from the definition, for $3 \\times 3$ integer matrices, to 25 digits",
            ),
            Step(
                Eq(Mean(Delta**t), chi_squares),
                r"the distance of each row of $W$ from the span of those above is independent of "
                r"them: $d \Delta^{1/d}$ is made of independent $\chi_j^2$, $j = 1, \dots, d$",
                checks.determinant,
                "engine: moments of determinants of Gaussian matrices, $d = 2, 3$",
            ),
            Step(
                Eq(Mean(log(Delta)), Sum(digamma(j / 2) + log(2 / d), (j, 1, d))),
                r"differentiate at $t = 0$",
                checks.log_determinant,
                "SymPy: the derivative of each factor, at $d = 1, 2, 3, 5$",
            ),
            Step(
                Eq(Mean(log(a[i])), integral - log(d)),
                r"$d\, a_i = \sum_k \lambda_k z_k^2$; the mean logarithm of that is Frullani's "
                r"integral of the Gaussian one, as in isometry-gap-step",
                checks.log_row,
                "mpmath against closed forms at $d = 2, 4$",
            ),
            Step(
                statement,
                r"put the three together; orthogonal weights do not have the last part, $c_d$",
                checks.shift,
                "mpmath against closed forms of the mean logarithms at $d = 2, 4$",
            ),
            Step(
                Eq(c_d, added),
                r"and this is $c_d$: the mean logarithm of $\chi_d^2$ less that of $\Delta^{1/d}$",
                checks.shift_alone,
                "mpmath: the two mean logarithms at $d = 1, 2, 5, 30$",
            ),
            Step(
                Eq(added, closed, evaluate=False),
                r"$c_d$ without a sum: $(y - 1) \psi(y) - y$ grows by $\psi(y)$ from $y$ to "
                r"$y + 1$, for the whole and the half integers $y = j/2$",
                checks.sum_of_digammas,
                r"SymPy, by induction: at $d = 1$, and from every $d$ to $d + 1$",
            ),
            Step(
                Eq(Limit(added, d, oo), 1),
                r"so $c_d \to 1$: while the gap is small, it grows by about 1 in every layer",
                checks.limit_of_shift,
                r"arb: $|c_d - 1| \le (\log d + 3)/d$ at $d = 10, 10^2, \dots, 10^{12}$, by the "
                r"form without a sum",
            ),
        ),
        singular="Both sides are infinite.",
        value=_gap,
        error=_gap_error,
        number=_gap_number,
        draw=_draw_gap,
        tail=all_moments,
    )


def _added(width: int) -> mpmath.mpf:
    """Return c_d by the form without a sum."""
    d_ = mpmath.mpf(width)
    half = mpmath.digamma(mpmath.mpf(1) / 2)
    rest = (d_ - 1) * mpmath.digamma((d_ + 1) / 2) + half
    return 1 - 1 / d_ + mpmath.digamma(d_ / 2) / 2 - rest / (2 * d_)


def _gap(_formula: Formula, point: Point) -> Expr:
    law, width = step_law(), point.integer_width()
    value = law.value(law, point)
    if not point.exact:
        with mpmath.workdps(30):
            return Float(float(value) + float(_added(width)), 17)
    logs = Sum(digamma(j / 2), (j, 1, width)) if width > 20 else _sum_of_digammas(width)
    return value + digamma(Rational(width, 2)) - logs / width


def _sum_of_digammas(width: int) -> Expr:
    return Sum(digamma(j / 2), (j, 1, width)).doit()


def _gap_error(point: Point) -> float:
    return 0.0 if point.exact else step_law().error(point) + 8 * EPS


def _gap_number(_formula: Formula, point: Point, digits: int) -> Expr:
    law, width = step_law(), point.integer_width()
    with mpmath.workdps(digits + 20):
        value = law.number(law, point, digits + 10)._to_mpmath(mpmath.mp.prec) + _added(width)
        return Float(value, digits)


def _draw_gap(point: Point, count: int, rng: np.random.Generator) -> Array:
    assert point.input is not None
    d_ = len(point.input)
    gaps: Array = Layer(point.input, LAWS["gaussian"].draw(count, d_, rng)).gap
    return gaps


def _too_many(point: Point) -> str:
    many = (point["n"] - point.width).is_positive
    return f"it needs n ≤ d samples, and n = {point['n']}, d = {point.width}" if many else ""


def _few(point: Point) -> str:
    few = (point["n"] - 2).is_nonpositive
    return f"it needs n ≥ 3 samples, and n = {point['n']}: the mean is infinite" if few else ""


ISOTROPIC = Hypothesis(
    r"The $n$ samples are isotropic, $X_l^{\top} X_l = (d/n) 1$, which needs $n \le d$; rows are "
    r"scaled to unit norm and no mean is subtracted.",
    _too_many,
    "with more samples than dimensions they cannot be isotropic",
)
THREE = Hypothesis(
    r"$n \ge 3$: the mean of $1/\|h_i\|^2$ is infinite for $n \le 2$.",
    _few,
    "moments of positive order of the row norms are finite",
    ("gaussian-row-norm-moment",),
)


def _one_layer() -> list[Step]:
    """Return the steps to the growth of the squared gradient norm in one layer."""
    own = (1 - 1 / n) * (n / d + (1 - n / d) * n / (n - 2))
    return [
        Step(
            Eq(Mean(rho**q), (2 / n) ** q * gamma(n / 2 + q) / gamma(n / 2)),
            r"for $\rho = \|h_i\|^2$: all $n$ eigenvalues of $A$ that are not zero are $d/n$, so "
            r"that $n \rho$ is $\chi_n^2$",
            gradients.moments_at_isotropy,
            "engine, Gaussian rows, orders 1 to 4 and every $n$ and $d$",
        ),
        Step(
            Eq(Mean(1 / rho), n / (n - 2)),
            r"$q = -1$: the integral of $1/\rho$ over the density converges for $n \ge 3$",
            gradients.inverse_norm,
            "SymPy's integral over the density of $\\chi_n^2$, at $n = 3, \\dots, 8$",
        ),
        Step(
            Eq(Mean(x**2), 1 / n),
            r"$x_i = h_i/\|h_i\|$ is uniform on the sphere, and independent of $\rho$; $x$ is its "
            r"coordinate along any fixed unit vector, such as that of the gradient $g_i$ there: "
            r"of its square, $1 - 1/n$ is left in $\partial \mathcal{L}/\partial h_i = "
            r"(g_i - (g_i \cdot x_i) x_i)/\|h_i\|$",
            gradients.coordinate,
            "engine, a row of a Haar matrix, for every $n$",
        ),
        Step(
            Eq(factor, own),
            r"$\partial \mathcal{L}/\partial X_l = "
            r"\sum_i w_i (\partial \mathcal{L}/\partial h_i)^{\top}$; in the square, the terms of "
            r"one row have the mean $c \|g_i\|^2$: of $\|w_i\|^2$, the part "
            r"in the span of the samples is $\rho n/d$, and the rest is independent of $h_i$ and "
            r"has the mean $1 - n/d$",
            gradients.own_rows,
            "SymPy and the engine: the mean again, from the moments above",
        ),
        Step(
            Eq(Mean(cross), 0),
            r"those of two rows vanish: $w_i \cdot w_j$ is $(n/d) h_i \cdot h_j$ in the span, "
            r"the norms cancel, and $s_{i j} = (x_i \cdot x_j) (P_i g_i) \cdot (P_j g_j)$ is left, "
            r"where $P_i = 1 - x_i x_i^{\top}$: it changes its sign with $x_i$",
            gradients.cross_terms,
            "engine, at $n = 2, 3$, for every pair of gradients",
        ),
        Step(
            Eq(Mean(G / G_next), (n - 1) * (d - 2) / ((n - 2) * d)),
            "over one denominator",
            gradients.OneLayer(Mean(G / G_next), own),
        ),
    ]


def gradient_step() -> Formula:
    """Derive the growth of the squared gradient norm in one Gaussian layer, at isotropic samples.

    Examples
    --------
    >>> gradient_step().evaluate(d=100, n=10)
    441/400
    """
    steps = _one_layer()
    return Formula(
        name="gaussian-gradient-step",
        title="Growth of the gradient in one layer, Gaussian weights",
        statement=steps[-1].claim,
        hypotheses=(GAUSSIAN, ISOTROPIC, THREE, UPSTREAM),
        source=YANG,
        steps=tuple(steps),
        singular=r"$A$ has rank $n$, singular for $n < d$; that is allowed.",
        draw=_draw_gradient,
        tail=_inverse_chi_tail,
    )


def _inverse_chi_tail(point: Point) -> float:
    """Return the tail index of 1/ρ, where n ρ is χ² with n degrees of freedom."""
    return point.integer("n") / 2


def _draw_gradient(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Draw ‖∂L/∂X_l‖²/‖∂L/∂X_(l+1)‖² of one layer, for a gradient that is fixed."""
    d_, n_ = point.integer_width(), point.integer("n")
    X_ = np.sqrt(d_ / n_) * np.eye(d_, n_)
    layer = Layer(X_, LAWS["gaussian"].draw(count, d_, rng))
    upstream = np.cos(np.arange(d_ * n_, dtype=float)).reshape(1, d_, n_)
    D = layer.transform.backward(layer.H, np.broadcast_to(upstream, layer.H.shape))
    down = layer.W.swapaxes(-1, -2) @ D
    ratios: Array = (down**2).sum(axis=(-2, -1)) / (upstream**2).sum()
    return ratios


def gradient_rate() -> Formula:
    """Derive the growth per layer of the squared gradient norm, d → ∞ at a fixed n.

    Examples
    --------
    >>> gradient_rate().evaluate(n=10)
    9/8
    """
    steps = _one_layer()
    growth = (n - 1) / (n - 2)
    ratio = Mean(G / G_next)
    return Formula(
        name="gaussian-gradient-rate",
        title="Growth of the gradient per layer, Gaussian weights",
        statement=Eq(Limit(ratio, d, oo), growth),
        kind="limit",
        hypotheses=(
            GAUSSIAN,
            Hypothesis(
                r"$d \to \infty$ at a fixed number $n$ of samples: in a network of finite width "
                r"it needs $d \gg n^2$. Without that the Gram matrix of the samples stays away "
                r"from isotropy, and the gradient grows more slowly."
            ),
            THREE,
            UPSTREAM,
        ),
        source=YANG,
        steps=(
            *steps,
            Step(
                Eq(Limit(ratio, d, oo), growth),
                r"let $d$ grow at a fixed $n$",
                gradients.WidthToInfinity(ratio, steps[-1].claim.rhs),
            ),
            Step(
                Eq(Limit(ratio, d, oo), growth.subs(n, n - 1), evaluate=False),
                r"with mean subtraction, gradients and rows are orthogonal to $(1, \dots, 1)$: the "
                r"same in $n - 1$ dimensions, $n \ge 4$",
                gradients.WidthToInfinity(ratio, steps[-1].claim.rhs, 1),
            ),
            Step(
                Eq(factor, n / (n + 2)),
                r"the condition: near isotropy, $X^{\top} X = (d/n)(1 + S)$ with $\operatorname"
                r"{tr} S = 0$, the mean of $S$ is multiplied by $c$ in a layer, to first order",
                gradients.relaxation,
                "engine: $n\\, \\mathbb{E}[(S x x^{\\top} + x x^{\\top} S)/2 - "
                "x x^{\\top} (x^{\\top} S x)]$ for $x$ on the sphere, for every $n$",
            ),
            Step(
                Eq(Mean(deviation), n * (n - 1) / d),
                r"and $d$ independent rows on the sphere add fluctuations of mean square "
                r"$\|S\|_F^2 = v$",
                gradients.fluctuation,
                "engine: $\\mathbb{E}(x \\cdot y)^2$ of two rows, for every $n$ and $d$",
            ),
            Step(
                Eq(deviation / n, (n - 1) * (n + 2) ** 2 / (4 * d * (n + 1)), evaluate=False),
                r"so the mean square of the eigenvalues of $S$ settles where "
                r"$v = c^2 v + n (n - 1)/d$, at about $n^2/(4 d)$: small where $d \gg n^2$",
                gradients.stationary,
                "SymPy: the equation solved again",
            ),
            Step(
                at_most(rate, log(Rational(9, 8)) / 2),
                r"without it: at $n = d = 10$ the logarithm of the squared norm grows by less than "
                r"half of $\log(9/8)$ per layer",
                gradients.measured_rate,
                "measured, no proof: 40 networks of 60 layers, seed 0",
            ),
        ),
        singular=r"$A$ has rank $n < d$: that is the rule here.",
        arguments=("n",),
        draw=_draw_rate,
        tail=_inverse_chi_tail,
    )


_ROWS = 16  # of them a draw takes the mean


def _draw_rate(point: Point, count: int, rng: np.random.Generator) -> Array:
    """Draw what a row keeps of its squared gradient, where d is infinite, as a mean of some."""
    n_ = point.integer("n")
    h = rng.standard_normal((count, _ROWS, n_)) / np.sqrt(n_)
    squares = (h**2).sum(axis=-1)
    g = np.cos(np.arange(n_, dtype=float))
    kept: Array = ((1 - (h @ g) ** 2 / squares / (g @ g)) / squares).mean(axis=-1)
    return kept
