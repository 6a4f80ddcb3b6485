"""The backward pass through one layer: the chain rule, and how large its Jacobian may be."""

from __future__ import annotations

import mpmath
import numpy as np
from sympy import (
    Derivative,
    Eq,
    Expr,
    Float,
    Integer,
    KroneckerDelta,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import backward_checks as checks
from derivations.formulas.again import Again
from derivations.formulas.backward_checks import cited
from derivations.formulas.backward_letters import (
    C,
    D,
    J,
    M,
    M_before,
    N,
    Norm,
    a_min,
    fall,
    g,
    jac,
    row,
    u,
    vector,
    x,
    y,
)
from derivations.formulas.common import (
    LAYER,
    MEAN_ONE,
    PAPER,
    REGULAR_BACKWARD,
    of_a_gradient,
    of_width,
)
from derivations.inequalities import Derivatives
from derivations.notation import W, X_next, a, at_most, d, i, j, k, over_rows, phi
from derivations.numeric import gradient_statistics as observed
from derivations.numeric.sums import row_squares
from derivations.point import Point

__all__ = [
    "PASS",
    "chain",
    "fall_steps",
    "jacobian_bound",
    "jacobian_norm",
    "jacobian_of_a_row",
    "half_root",
    "largest_row",
    "log_jacobian_bound",
    "sharp_jacobian_bound",
    "surplus",
    "tangent",
]

s = Symbol("s", positive=True)
PASS = Hypothesis(
    r"$H_l = W_l X_l$ has rows $h_i$ with $a_i = \|h_i\|^2 > 0$, the rows of $X_{l+1}$ are "
    r"$x_i = h_i/\sqrt{a_i}$, and the gradient $G$ of the loss at $X_{l+1}$ has rows $g_i$; "
    r"$M = G X_{l+1}^{\top}$, $C = X_{l+1} X_{l+1}^{\top}$, $\tilde{M}$ is $M$ one layer before."
)
ORTHOGONAL = Hypothesis("$W$ is orthogonal: any one.")
ANY = r"Holds for every $A$, singular or not, and for any number of samples."
BY_DIFFERENTIATION = r"SymPy: gradients by differentiation at a rational $3 \times 4$ input"


def chain() -> Formula:
    """Derive N with ∂ℒ/∂W = N W, from M at the layer's output.

    Examples
    --------
    >>> chain().statement.lhs
    N[i, j]
    """
    statement = Eq(N[i, j], (M[i, j] - M[i, i] * C[i, j]) * sqrt(a[j] / a[i]))
    turned = Sum(W[i, k] * M_before[k, j], (k, 0, d - 1))
    return Formula(
        name="gradient-chain",
        title="The chain rule of a layer, any input",
        statement=statement,
        hypotheses=(
            ORTHOGONAL,
            PASS,
            Hypothesis(r"$N W$ is the gradient of the loss at $W$."),
        ),
        source="The chain rule for BN: S. Ioffe and C. Szegedy, arXiv:1502.03167; " + PAPER,
        steps=(
            jacobian_of_a_row(),
            Step(
                Eq(D[i, j], (g[i, j] - M[i, i] * row[i, j]) / sqrt(a[i])),
                r"so the gradient $D$ at $H_l$ has the rows "
                r"$(g_i - (g_i \cdot x_i) x_i)/\sqrt{a_i}$, and $g_i \cdot x_i = M_{i i}$",
                checks.chain,
                BY_DIFFERENTIATION,
            ),
            Step(
                statement,
                r"the gradient at $W$ is $D X_l^{\top} = N W$, so $N = D H_l^{\top}$, and "
                r"row $j$ of $H_l$ is $\sqrt{a_j} x_j$",
                checks.chain,
                BY_DIFFERENTIATION,
            ),
            Step(
                Eq(turned, Sum(N[i, k] * W[k, j], (k, 0, d - 1))),
                r"the gradient at $X_l$ is $W^{\top} D$, so $\tilde{M} = W^{\top} N W$: the "
                r"layer before starts from this",
                checks.chain,
                BY_DIFFERENTIATION,
            ),
            Step(
                Eq(Sum(M_before[k, k], (k, 0, d - 1)), 0),
                r"the diagonal of $N$ is $M_{i i} (1 - C_{i i}) = 0$: a loss does not change with "
                r"the length of a row",
                checks.chain,
                BY_DIFFERENTIATION,
            ),
        ),
        singular=ANY,
        observe=observed.gradient_square,
        against=observed.chain_square,
        every_draw=True,
        arguments=("d",),
        layers=of_a_gradient,
    )


def jacobian_of_a_row() -> Step:
    """Return the step that differentiates x/‖x‖.

    Examples
    --------
    >>> jacobian_of_a_row().check()
    True
    """
    length = Norm(vector)
    return Step(
        Eq(jac[i, j], (KroneckerDelta(i, j) - row[i] * row[j] / length**2) / length),
        r"differentiate $x_i/\|x\|$ by $x_j$",
        checks.jacobian_of_a_row,
        "SymPy: all nine derivatives in three variables",
    )


def largest_row() -> list[Step]:
    """Return the steps to ‖J‖ = max a_i^(-1/2)."""
    return [
        jacobian_of_a_row(),
        Step(
            Eq(Norm(jac[i]), 1 / sqrt(a[i])),
            r"the Jacobian $J_i$ of row $i$ is a projection over $\sqrt{a_i}$",
            checks.row_jacobian_norm,
            "SymPy: singular values of derivatives at vectors of two to four entries",
        ),
        Step(
            Eq(Norm(J), 1 / sqrt(a_min)),
            "the rows are normalised one by one, so the largest of their norms is that of all",
            checks.jacobian_norm,
            r"NumPy: the spectral norm of all $12 \times 12$ derivatives at a $3 \times 4$ input",
        ),
    ]


def jacobian_norm() -> Formula:
    """Derive ‖J_l‖ = max_i a_i^(-1/2).

    Examples
    --------
    >>> jacobian_norm().evaluate(batch=[[3.0, 0.0], [0.0, 0.5]])
    2.0
    """
    steps = largest_row()
    return Formula(
        name="bn-jacobian-norm",
        title="Norm of the Jacobian of batch normalisation",
        statement=steps[-1].claim,
        hypotheses=(
            PASS,
            Hypothesis(
                r"$J_l$ is the Jacobian of BN at $H_l$, and $a_{min} = \min_i a_i$; a batch that "
                "is given stands for $H_l$."
            ),
            Hypothesis(
                r"There are $n \ge 2$ samples: for $n = 1$ the Jacobian is zero.", one_sample
            ),
            Hypothesis("No row of $H_l$ is zero.", _zero_row),
        ),
        source=f"{PAPER}, appendix C",
        steps=tuple(steps),
        singular=ANY,
        observe=observed.jacobian_norm,
        layers=of_width,
        against=observed.largest_inverse_norm,
        every_draw=True,
        arguments=("d", "batch"),
        value=_norm_of_batch,
    )


def one_sample(point: Point) -> str:
    """Say that there is one sample, where that is so."""
    return "it needs n ≥ 2 samples, and n = 1" if point["n"] == 1 else ""


def _zero_row(point: Point) -> str:
    if point.input is None or row_squares(point.input).min() > 0:
        return ""
    return f"feature {int(np.argmin(row_squares(point.input)))} of the batch is zero"


def _norm_of_batch(formula: Formula, point: Point) -> Expr:
    if point.input is None:
        return point.substitute(formula.statement.rhs)
    return Float(1 / np.sqrt(row_squares(point.input).min()), 17)


def tangent() -> Step:
    """Return the step log x ≤ x - 1: no h(a_i) = a_i - 1 - log a_i is negative."""
    return Step(
        at_most(log(x), x - 1),
        "the logarithm lies below its tangent at 1, so no $a_i - 1 - \\log a_i$ is negative",
        Derivatives(x, 1, 0, oo),
    )


def surplus() -> Step:
    """Return the step Σ h(a_i) = d (φ - φ'), h(z) = z - 1 - log z."""
    return Step(
        Eq(over_rows(a[i] - 1 - log(a[i])), d * fall),
        r"a layer divides $\det A$ by $\prod_i a_i$ and leaves the trace $\sum_i a_i = d$",
        checks.of_rows,
        r"SymPy, from the definition of $\phi$, for a $3 \times 4$ input of trace 3",
    )


def _below_the_log() -> Step:
    return Step(
        at_most(log(1 - s), -s - s**2 / 2),
        r"the next tangent, at 0, for $0 < s < 1$; so $-\log a_{min} \ge s + s^2/2$ would give "
        r"$a_{min} - 1 - \log a_{min} \ge s^2/2$, which it has at most: $d$ times the fall",
        Derivatives(s, 0, 0, 1),
    )


def fall_steps() -> list[Step]:
    """Return the steps to log‖J‖ ≤ ½(y + √(2y)), y = d Δ."""
    bound = (d * fall + sqrt(2 * d * fall)) / 2
    return [
        cited(largest_row()[-1], "bn-jacobian-norm"),
        surplus(),
        tangent(),
        _below_the_log(),
        Step(
            at_most(log(Norm(J)), bound),
            r"$\log \|J_l\| = -\frac{1}{2} \log a_{min}$, with $s^2 = 2 d (\phi(X_l) - "
            r"\phi(X_{l+1}))$",
            Again(log(Norm(J)), log_jacobian_bound, "SymPy: $(s + s^2/2)/2$ at this $s$"),
        ),
    ]


def log_jacobian_bound(of: Expr = d * fall) -> Expr:
    """Return half of s + s²/2 from the tangent of the logarithm, where s²/2 is what is given.

    Examples
    --------
    >>> log_jacobian_bound(y)
    sqrt(2)*sqrt(y)/2 + y/2
    """
    return (-_below_the_log().claim.rhs / 2).subs(s, sqrt(2 * of)).expand()


ROOT = Hypothesis(
    r"$u(y) \ge 0$ is the root of $-u + (d - 1) \log((d - e^{-u})/(d - 1)) + y = 0$ for $d \ge 2$; "
    r"at $d = 1$ it is 0."
)
MARGIN = Hypothesis(
    r"The fall of the gap is at most the gap: evaluated at a gap, a spectrum or a batch, the bound "
    r"is that for $\phi(X_{l+1}) = 0$."
)


def jacobian_bound() -> Formula:
    """Derive log‖J_l‖ ≤ ½(dΔ + √(2dΔ)), Δ the fall of the gap.

    Examples
    --------
    >>> jacobian_bound().evaluate(d=4, gap=2)
    6
    """
    steps = fall_steps()
    return Formula(
        name="bn-jacobian-bound",
        title="The Jacobian is bounded by the fall of the gap",
        statement=steps[-1].claim,
        kind="bound",
        hypotheses=(ORTHOGONAL, PASS, LAYER, MEAN_ONE, REGULAR_BACKWARD, MARGIN),
        source=f"Sharper than {PAPER}, lemmas C.4 and C.7",
        steps=tuple(steps),
        singular="Both gaps are infinite, and their difference says nothing.",
        observe=observed.log_jacobian,
        against=observed.jacobian_bound,
        every_draw=True,
        mean_one=True,
        arguments=("d", "spectrum", "batch", "gap"),
        value=_at_the_gap,
    )


def _at_the_gap(formula: Formula, point: Point) -> Expr:
    return point.substitute(formula.holding.rhs.xreplace({phi(X_next): Integer(0)}))


def sharp_jacobian_bound() -> Formula:
    """Derive log‖J_l‖ ≤ u/2, u the root of an equation in the fall of the gap.

    Examples
    --------
    >>> round(sharp_jacobian_bound().evaluate(d=4, gap=2.0), 5)
    4.43147
    """
    statement = at_most(log(Norm(J)), u(d * fall) / 2)
    others = (d - 1) * log((d - exp(-y)) / (d - 1)) - y
    return Formula(
        name="bn-jacobian-bound-sharp",
        title="The best bound by the fall of the gap",
        statement=statement,
        kind="bound",
        hypotheses=(ORTHOGONAL, PASS, LAYER, MEAN_ONE, REGULAR_BACKWARD, MARGIN, ROOT),
        source="The logarithm is concave",
        steps=(
            cited(largest_row()[-1], "bn-jacobian-norm"),
            tangent(),
            Step(
                at_most(over_rows(log(a[i])), log(a_min) + (d - 1) * log((d - a_min) / (d - 1))),
                r"put $a_i$ over their mean for $x$, for all rows but the least, and add up; they "
                r"add up to $d - a_{min}$",
                checks.others_alike,
                r"SymPy: equality at $a = (1/3, 4/3, 4/3)$, and not beyond at another triple",
            ),
            Step(
                Eq(Derivative(others, y), d * (exp(-y) - 1) / (d - exp(-y))),
                r"the right side, with $a_{min} = e^{-y}$, falls with $y > 0$, so $-\log a_{min}$ "
                r"is at most where it equals $-d (\phi(X_l) - \phi(X_{l+1}))$, which is the left",
                checks.derivative,
                "SymPy: differentiation",
            ),
            Step(
                statement,
                r"$\log \|J_l\| = -\frac{1}{2} \log a_{min}$; equal when all other rows are alike",
                checks.root_is_reached,
                "mpmath: the root at $a = (1/3, 4/3, 4/3)$, where it is $\\log 3$",
            ),
        ),
        singular="Both gaps are infinite, and their difference says nothing.",
        observe=observed.log_jacobian,
        against=observed.sharp_jacobian_bound,
        every_draw=True,
        mean_one=True,
        arguments=("d", "spectrum", "batch", "gap"),
        value=_root_at_the_gap,
    )


def _root_at_the_gap(formula: Formula, point: Point) -> Expr:
    gap = point.gap
    if gap.free_symbols or not point.width.is_Integer:
        return _at_the_gap(formula, point)
    return half_root(int(point.width), point.width * gap, point.digits or 30)


def half_root(width: int, y_: Expr, digits: int) -> Expr:
    """Return half of the root u of -u + (d - 1) log((d - e^(-u))/(d - 1)) + y = 0, u ≥ 0.

    Examples
    --------
    >>> from sympy import Rational
    >>> half_root(3, log(3) - 2*log(Rational(4, 3)), 20)
    0.54930614433405484570
    """
    if width == 1 or y_ == 0:
        return Integer(0)
    # Near zero the equation is quadratic in u: as many digits again cancel as u is small.
    lost = max(0, -round(float(log(y_).evalf(15)) / 2.3))
    with mpmath.workdps(digits + 2 * lost + 20):
        value = mpmath.mpf(y_.evalf(digits + 2 * lost + 20))

        def excess(z: mpmath.mpf) -> mpmath.mpf:
            rest = mpmath.log1p(-mpmath.expm1(-z) / (width - 1))
            return value + (width - 1) * rest - z

        above = value + mpmath.sqrt(2 * value)
        root = mpmath.findroot(excess, (above / 1000, 2 * above), solver="anderson", verify=False)
        return Float(root / 2, digits)
