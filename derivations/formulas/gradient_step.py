"""One layer backwards, for an upstream gradient without a preferred direction."""

from __future__ import annotations

from functools import partial

import mpmath
from sympy import (
    Add,
    Eq,
    Expr,
    Float,
    Integer,
    Integral,
    Product,
    Rational,
    Sum,
    expand,
    lambdify,
    oo,
    sqrt,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.backward import PASS, chain
from derivations.formulas.backward_checks import cited
from derivations.formulas.backward_letters import G_W, G_X, Gradient, Norm, direction
from derivations.formulas.common import PAPER, inverse_norm_tail
from derivations.formulas.entries import HAAR
from derivations.notation import (
    Mean,
    X_next,
    a,
    d,
    i,
    k,
    lam,
    n,
    over_eigenvalues,
    p,
    t,
    written_out,
)
from derivations.numeric.gradient_draws import input_gradient_square, weight_gradient_square
from derivations.numeric.inverse_norms import inverse_means, inverse_means_to_digits
from derivations.numeric.row_integrals import inverse_moment
from derivations.point import Point
from weingarten import E, HaarOrthogonal
from weingarten.caches import cached

__all__ = ["for_input", "for_weights"]

UPSTREAM = Hypothesis(
    r"The gradient $G$ at $X_{l+1}$ is independent of $W$, and its law does not change when it is "
    r"multiplied by an orthogonal $n \times n$ matrix from the right."
)
STATED = Mean(Norm(Gradient(X_next)) ** 2)
INVERSE = (d - 2) * Integral(
    over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2)), (t, 0, oo)
)
WEIGHTED = (d - 2) * Integral(
    t
    * over_eigenvalues(Sum, lam[k] ** 2 / (1 + 2 * t * lam[k]))
    * over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2)),
    (t, 0, oo),
)
SECOND = direction[i] / a[i] ** 2
"""‖A w‖²/a² for a row w of W."""


def _rank(point: Point) -> str:
    rank = point.rank
    if rank is None or rank >= min(3, point.integer_width()):
        return ""
    nonzero = "1 eigenvalue of A is" if rank == 1 else f"{rank} eigenvalues of A are"
    return f"the mean of 1/a_i is infinite: {nonzero} not zero"


RANK = Hypothesis(
    r"$A = X_l X_l^{\top}$ is invertible, or has rank 3 at least: else the mean of $1/a_i$ is "
    r"infinite. At $d \le 2$ the integrals diverge, and $(d - 2)$ times each stands for its limit: "
    r"$(\lambda_1 \lambda_2)^{-1/2}$ and $(\lambda_1 + \lambda_2) (\lambda_1 \lambda_2)^{-1/2}/2$ "
    r"for two eigenvalues, $1/\lambda$ and 1 for one.",
    _rank,
    "each draw is still bounded by the Jacobian",
    ("bn-jacobian-norm",),
)
SINGULAR = (
    r"Holds for singular $A$ of rank 3 and more; up to rank 4, $1/a_i$ has an infinite variance, "
    r"and a simulation does not settle."
)


def _common() -> list[Step]:
    return [
        cited(chain().steps[1], "gradient-chain"),
        Step(
            Eq(Mean(1 / a[i]), INVERSE),
            r"a row of $W$ is $z/\|z\|$ for a standard Gaussian $z$, whose direction and length "
            r"are independent: $\mathbb{E}[1/z^{\top} A z] = \mathbb{E}[1/a_i]/(d - 2)$, and "
            r"$1/y = \int_0^\infty e^{-t y} dt$",
            partial(_by_pairs, 0),
            r"mpmath against closed forms at $d = 4$ with eigenvalues in pairs, where the sum of "
            r"two squares is uniform",
        ),
    ]


def _by_pairs(which: int, claim: Eq) -> bool:
    """Compare an integral with the mean over s in [0, 1] of what a = u s + v (1 - s) gives."""
    for u, v in ((1, 4), (2, 7)):
        put = {lam[m]: value for m, value in enumerate((u, u, v, v))}
        right = written_out(claim.rhs, 4).xreplace(put)
        functions = (
            (lambda s, u=u, v=v: 1 / (u * s + v * (1 - s))),
            (lambda s, u=u, v=v: (u**2 * s + v**2 * (1 - s)) / (u * s + v * (1 - s)) ** 2),
        )
        with mpmath.workdps(30):
            exact = mpmath.quad(functions[which], [0, 1])
            if abs(mpmath.mpf(right.replace(Integral, _number).evalf(25)) - exact) > 1e-12:
                return False
    return True


def _number(integrand: Expr, limits: Expr) -> Expr:
    function = lambdify(limits[0], integrand, "mpmath")
    return Float(mpmath.quad(function, [0, 0.1, 1, 10, mpmath.inf]), 30)


@cached(maxsize=1)
def _projected() -> Expr:
    """Return E ‖g - (g·x)x‖²/‖g‖² for a direction g without a preference, from the engine."""
    V = HaarOrthogonal("V", n)
    return 1 - E(V[0, 0] ** 2)


def for_input() -> Formula:
    """Derive E‖∂ℒ/∂X_l‖² from E‖∂ℒ/∂X_(l+1)‖².

    Examples
    --------
    >>> for_input().evaluate(spectrum=[2.0, 2.0, 2.0], n=4)
    0.375
    """
    ratio = Mean(Norm(G_X) ** 2) / STATED
    return Formula(
        name="gradient-step",
        title="One layer backwards, for a gradient without a direction",
        statement=Eq(ratio, (1 - 1 / n) * INVERSE),
        hypotheses=(HAAR, PASS, UPSTREAM, RANK),
        source="Gaussian integrals; the paper has no such law: " + PAPER,
        steps=(
            *_common(),
            Step(
                Eq(ratio, (1 - 1 / n) * Mean(1 / a[i])),
                r"the mean square of $g_i \cdot x_i$ is $\|g_i\|^2/n$ for every $x_i$, and all "
                r"rows of $W$ have one law",
                Again(
                    ratio,
                    _inverse_again,
                    "engine: the mean square of an entry in $O(n)$",
                    relation="==",
                ),
            ),
            Step(
                Eq(ratio, (1 - 1 / n) * INVERSE),
                "put the integral in",
                Again(
                    ratio,
                    _input_again,
                    "engine, and the integral again",
                    relation="==",
                    lemmas=tuple(_common()),
                ),
            ),
        ),
        singular=SINGULAR,
        draw=input_gradient_square,
        tail=inverse_norm_tail,
        arguments=("d", "n", "spectrum", "batch"),
        value=partial(_value, 0),
        error=partial(_error, 0),
        number=partial(_digits, 0),
    )


def _inverse_again() -> Expr:
    return _projected() * Mean(1 / a[i])


def _input_again() -> Expr:
    return _projected() * INVERSE


def for_weights() -> Formula:
    """Derive E‖∂ℒ/∂W_l‖² from E‖∂ℒ/∂X_(l+1)‖².

    Examples
    --------
    >>> for_weights().evaluate(spectrum=[2.0, 2.0, 2.0], n=4)
    0.5
    """
    ratio = Mean(Norm(G_W) ** 2) / STATED
    statement = Eq(ratio, (p(1) * INVERSE - WEIGHTED) / n)
    return Formula(
        name="gradient-step-weights",
        title="Its weights, for a gradient without a direction",
        statement=statement,
        hypotheses=(HAAR, PASS, UPSTREAM, RANK),
        source="Gaussian integrals; the paper has no such law: " + PAPER,
        steps=(
            *_common(),
            Step(
                Eq(Mean(SECOND), WEIGHTED),
                r"likewise, with $e_i = (W A^2 W^{\top})_{i i}$ and "
                r"$1/y^2 = \int_0^\infty t e^{-t y} dt$",
                partial(_by_pairs, 1),
                r"mpmath against closed forms at $d = 4$ with eigenvalues in pairs",
            ),
            Step(
                Eq(ratio, (p(1) * Mean(1 / a[i]) - Mean(SECOND)) / n),
                r"row $i$ of the gradient is $X_l D_i$, with the mean square "
                r"$\operatorname{tr} X_l (1 - x_i x_i^{\top}) X_l^{\top} \|g_i\|^2/(n a_i)$",
                Again(
                    ratio,
                    _trace_again,
                    "engine: the mean square over $O(n)$, expanded",
                    relation="==",
                ),
            ),
            Step(
                statement,
                "put the integrals in",
                Again(
                    ratio,
                    _weights_again,
                    "engine, and the integrals again",
                    relation="==",
                    lemmas=tuple(_common()),
                ),
            ),
        ),
        singular=SINGULAR,
        draw=weight_gradient_square,
        tail=inverse_norm_tail,
        arguments=("d", "n", "spectrum", "batch"),
        value=partial(_value, 1),
        error=partial(_error, 1),
        number=partial(_digits, 1),
    )


@cached(maxsize=1)
def _of_projection() -> tuple[Expr, Expr]:
    """Return the factors of tr A/a and of ‖A w‖²/a² in E ‖X (g - (g·x)x)‖²/(‖g‖² a).

    For n = 3, d = 2 and x = (3, 0, 4)/5, the engine's mean over g of all terms, compared at X.
    """
    V = HaarOrthogonal("V", n)
    g_ = [V[0, 0], V[0, 1], V[0, 2]]
    X_ = [symbols("x00:03"), symbols("x10:13")]
    x_ = (Rational(3, 5), Rational(0), Rational(4, 5))
    along = sum(u * v for u, v in zip(g_, x_, strict=True))
    total = expand(
        sum(sum(X_[r][c] * (g_[c] - along * x_[c]) for c in range(3)) ** 2 for r in range(2))
    )
    mean = expand(E(total))
    trace = sum(v**2 for row in X_ for v in row)
    second = expand(sum(sum(v * u for v, u in zip(row, x_, strict=True)) ** 2 for row in X_))
    first = mean.coeff(X_[0][1] ** 2)  # x has no part along this coordinate
    rest = expand(mean - first * trace)
    factor_ = (rest / second).cancel()
    return first, factor_


def _trace_again() -> Expr:
    first, second = _of_projection()
    return first * p(1) * Mean(1 / a[i]) + second * Mean(SECOND)


def _weights_again() -> Expr:
    first, second = _of_projection()
    return first * p(1) * INVERSE + second * WEIGHTED


# Values.


def _value(which: int, formula: Formula, point: Point) -> Expr:
    if point.spectrum is not None and len(point.spectrum) < 3:
        return _elementary(which, point)
    if point.exact or point.spectrum is None or not point["n"].is_Integer:
        return point.substitute(formula.statement.rhs)
    return Float(_by_floats(which, point)[0], 17)


def _elementary(which: int, point: Point) -> Expr:
    """Return the value at one or two eigenvalues: means over the two points, or the circle."""
    spectrum, samples = point.eigenvalues(), point["n"]
    if len(spectrum) == 1:
        first, second = 1 / spectrum[0], Integer(1)
    else:
        first = 1 / sqrt(spectrum[0] * spectrum[1])
        second = Add(*spectrum) * first / 2
    return first * (1 - 1 / samples) if which == 0 else (Add(*spectrum) * first - second) / samples


def _by_floats(which: int, point: Point) -> tuple[float, float]:
    """Return value and error: the first mean has the scale of 1/λ, the second none."""
    first, second = inverse_means(point.relative())
    samples = point.integer("n")
    if which == 0:
        scale = (1 - 1 / samples) / float(point.power_sum(1) / point.width)
        return float(first.value * scale), float(first.error * scale)
    width = point.integer_width()
    value = (width * first.value - second.value) / samples
    return float(value), float(width * first.error + second.error) / samples


def _error(which: int, point: Point) -> float:
    known = point.spectrum is not None and point["n"].is_Integer
    if point.exact or not known or point.integer_width() < 3:
        return 0.0
    return _by_floats(which, point)[1]


def _digits(which: int, formula: Formula, point: Point, digits: int) -> Expr:
    if not point["n"].is_Integer:
        return point["n"]  # which has no digits
    if point.integer_width() < 3:
        return _value(which, formula, point).evalf(digits)
    samples = point["n"]
    if which == 0:
        mean = Float(inverse_moment(point.fractions(), digits + 8), digits + 8)
        return Float(mean * (1 - 1 / samples), digits)
    means = inverse_means_to_digits(point.fractions(), digits + 8)
    one, two = (Float(mean, digits + 8) for mean in means)
    return Float((point.power_sum(1) * one - two) / samples, digits)
