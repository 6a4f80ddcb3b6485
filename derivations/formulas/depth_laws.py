"""Exact laws at every depth: layers linearised near isometry, width two; and the Gram kernel."""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import (
    Eq,
    Expr,
    Float,
    Function,
    IndexedBase,
    Integer,
    Integral,
    Limit,
    Matrix,
    MatrixSymbol,
    Mul,
    Product,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    cancel,
    cos,
    diag,
    exp,
    expand,
    factor,
    integrate,
    log,
    oo,
    pi,
    simplify,
    sin,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import LAYER, MEAN_ONE, PAPER, REGULAR
from derivations.formulas.contraction import LAYERS
from derivations.formulas.contraction_checks import Agree
from derivations.formulas.entries import HAAR, SOURCE
from derivations.formulas.examples import rational_orthogonal
from derivations.formulas.following import SPREAD
from derivations.formulas.row_norm_moments import integral_to_infinity
from derivations.notation import (
    X_L,
    L,
    Mean,
    W,
    a,
    d,
    i,
    k,
    lam,
    over_eigenvalues,
    phi,
    phi_0,
    t,
    written_out,
)
from derivations.numeric import depth_draws, row_draws
from derivations.numeric.row_integrals import kernel_eigenvalue
from derivations.point import Point
from weingarten import E

__all__ = ["gram_kernel", "linearised", "linearised_square", "width_two"]

S = MatrixSymbol("S", d, d)
size, size_end = symbols("Sigma Sigma_L", nonnegative=True)
"""Σ = ‖S‖² before a layer, and Σ_L = ‖S_L‖² after L of them."""
s_2, s_4 = symbols("s_2 s_4", nonnegative=True)
T_11, T_12 = (Function(f"T_{{{where}}}", real=True)(L) for where in ("11", "12"))
"""The first row of the power T^L of the 2 × 2 matrix of a layer."""
SYMMETRIC = Q.symmetric(S)

LINEAR = Hypothesis(
    r"$A = 1 + \varepsilon S$ with $\operatorname{tr} S = 0$: to first order in $\varepsilon$ a "
    r"layer takes $S$ to the off-diagonal part of $W S W^{\top}$, and $\phi = \varepsilon^2 "
    r"\|S\|^2/(2 d)$ to leading order. $\Sigma_L = \|S_L\|^2$ after $L$ such layers with "
    r"independent weights, and $S_0 = A - 1$."
)


def _form(row: int, column: int, power: int = 1) -> Expr:
    return (W * S**power * W.T)[row, column]


def _traces(value: Expr) -> Expr:
    """Write traces of powers of S by letters, at trace zero."""
    put = {Trace(S): Integer(0), Trace(S**2): s_2, Trace(S**4): s_4}
    written = value.xreplace(put)
    # Only tr S³ tr S is left, which vanishes with tr S.
    return factor(written.xreplace({Trace(S**3): Integer(0)}))


def _mean(*factors: Expr) -> Expr:
    return _traces(E(Mul(*factors), SYMMETRIC))


def _square_after() -> Expr:
    """Mean of ‖S'‖² = tr S² - Σ_i b_i², with b_i the diagonal of W S Wᵀ."""
    return factor(s_2 - d * _mean(_form(0, 0) ** 2))


def _squared_square_after() -> Expr:
    """Mean of ‖S'‖⁴ = (tr S²)² - 2 tr S² Σ_i b_i² + Σ_ij b_i² b_j²."""
    b, c = _form(0, 0), _form(1, 1)
    both = d * _mean(b**4) + d * (d - 1) * _mean(b**2, c**2)
    return factor(s_2**2 - 2 * s_2 * d * _mean(b**2) + both)


def _fourth_after() -> Expr:
    """Mean of tr S'⁴ for S' = B - D, with B = W S Wᵀ and D its diagonal.

    That is tr B⁴ - 4 tr B³D + 4 tr B²D² + 2 tr BDBD - 3 tr D⁴, as tr BD³ = tr D⁴.
    """
    b, c, off = _form(0, 0), _form(1, 1), _form(0, 1)
    crossed = d * _mean(b**4) + d * (d - 1) * _mean(off**2, b, c)
    total = (
        s_4
        - 4 * d * _mean(_form(0, 0, 3), b)
        + 4 * d * _mean(_form(0, 0, 2), b**2)
        + 2 * crossed
        - 3 * d * _mean(b**4)
    )
    return factor(total)


def _matrix() -> Matrix:
    """Return what a layer does to the means of (s_2², s_4), from the engine."""
    rows = (expand(_squared_square_after()), expand(_fourth_after()))
    return Matrix(
        [[factor(cancel(row.coeff(s_2, 2))), factor(cancel(row.coeff(s_4)))] for row in rows]
    )


def _square_steps() -> list[Step]:
    x = Symbol("x", positive=True)
    return [
        Step(
            Eq(Mean(size), d * s_2 / (d + 2)),
            r"$\Sigma = \|S'\|^2$ after a layer is $s_2 = \operatorname{tr} S^2$ less the squares "
            r"of the diagonal of $W S W^{\top}$",
            Again(Mean(size), _square_after, "engine, for every $d$ and symmetric $S$", "=="),
        ),
        Step(
            Eq(Limit(2 * (x - log(1 + x)) / x**2, x, 0), Integer(1)),
            r"what it says of the gap: $d \phi = \sum_k (x_k - \log(1 + x_k))$ with $x_k$ the "
            r"eigenvalues of $\varepsilon S$",
            at_zero,
            "SymPy: the limit",
        ),
    ]


def at_zero(claim: Eq) -> bool:
    """Find the limit on the left side."""
    return bool(claim.lhs.doit() == claim.rhs)


def linearised() -> Formula:
    """Derive the mean of ‖S_L‖² for linearised layers.

    Examples
    --------
    >>> linearised().evaluate(spectrum=[1, 3], depth=2)
    1/8
    """
    statement = Eq(Mean(size_end), (d / (d + 2)) ** L * SPREAD)
    return Formula(
        name="linearised-gap",
        title="Mean isometry gap at any depth, linearised",
        statement=statement,
        hypotheses=(HAAR, LINEAR, MEAN_ONE),
        source=f"The rate near isometry, at every depth: {PAPER}, theorem 1. {SOURCE}",
        steps=(
            *_square_steps(),
            Step(
                statement,
                r"from layer to layer; at the input $\operatorname{tr} S_0^2 = "
                r"\sum_k (\lambda_k - 1)^2$",
                Again(Mean(size_end), _decayed, "the engine's factor, to the power $L$", "=="),
            ),
        ),
        singular=r"Linearised layers know no singular $A$; the law of $\|S_L\|^2$ holds.",
        arguments=("d", "spectrum", "batch", "depth"),
        mean_one=True,
        draw=depth_draws.linearised_square,
    )


def _decayed() -> Expr:
    return cancel(_square_after() / s_2) ** L * SPREAD


FOURTH = over_eigenvalues(Sum, (lam[k] - 1) ** 4)


def linearised_square() -> Formula:
    """Derive the mean of ‖S_L‖⁴ for linearised layers.

    Examples
    --------
    >>> linearised_square().evaluate(spectrum=[1, 3], depth=1)
    3/32
    """
    matrix = _matrix()
    statement = Eq(Mean(size_end**2), T_11 * SPREAD**2 + T_12 * FOURTH)
    first, second = (row[0] * s_2**2 + row[1] * s_4 for row in matrix.tolist())
    how = "engine, for every $d$ and every symmetric $S$ of trace 0"
    fourth = Symbol("Sigma_4", nonnegative=True)
    return Formula(
        name="linearised-gap-square",
        title="Mean squared isometry gap at any depth, linearised",
        statement=statement,
        hypotheses=(HAAR, LINEAR, MEAN_ONE),
        source=f"How far the gap scatters about its mean: {PAPER}, theorem 1. {SOURCE}",
        steps=(
            Step(
                Eq(Mean(size**2), first),
                r"$\|S'\|^4$ after a layer, with $s_r = \operatorname{tr} S^r$: products of "
                r"diagonal entries of $W S W^{\top}$",
                Again(Mean(size**2), _squared_square_after, how, "=="),
            ),
            Step(
                Eq(Mean(fourth), second),
                r"and $\Sigma_4 = \operatorname{tr} S'^4$: with $S' = B - D$ and $D$ the diagonal "
                r"of $B$, it is $\operatorname{tr} B^4 - 4 \operatorname{tr} B^3 D + "
                r"4 \operatorname{tr} B^2 D^2 + 2 \operatorname{tr} B D B D - "
                r"3 \operatorname{tr} D^4$",
                Again(Mean(fourth), _fourth_after, how, "=="),
            ),
            Step(
                statement,
                r"these two close: a layer acts as the $2 \times 2$ matrix $T$ of their "
                r"coefficients, and $L$ layers as its power $T(L)$",
                matrix_power,
                "SymPy: $L = 0, 1, 3$ layers one by one, at $d = 3$, with the engine's two means",
            ),
        ),
        singular=r"Linearised layers know no singular $A$; the law of $\|S_L\|^2$ holds.",
        arguments=("d", "spectrum", "batch", "depth"),
        value=_matrix_value,
        mean_one=True,
        draw=depth_draws.linearised_square_squared,
    )


def matrix_power(claim: Eq) -> bool:
    """Apply the two means layer by layer, at two widths, and compare."""
    first, second = _squared_square_after(), _fourth_after()
    for width in (3,):
        for layers in (0, 1, 3):
            square, fourth = s_2**2, s_4
            for _ in range(layers):
                square, fourth = (
                    _replaced(form.subs(d, width), square, fourth) for form in (first, second)
                )
            right = claim.rhs.xreplace({SPREAD: s_2, FOURTH: s_4})
            found = _powers_put(right, width, layers)
            if expand(found - square) != 0:
                return False
    return bool(claim.lhs == Mean(size_end**2))


def _powers_put(expr: Expr, width: int, layers: int) -> Expr:
    """Put the power of the engine's matrix for that of T."""
    power = _matrix().subs(d, width) ** layers
    return expr.xreplace({T_11: power[0, 0], T_12: power[0, 1]})


def _replaced(form: Expr, square: Expr, fourth: Expr) -> Expr:
    form = expand(form)
    return expand(form.coeff(s_2, 2) * square + form.coeff(s_4) * fourth)


def _matrix_value(formula: Formula, point: Point) -> Expr:
    """Value by a power of the matrix with a number for d; a symbol where the depth is one."""
    layers = point["depth"]
    if not layers.is_Integer:
        return point.substitute(formula.holding.rhs)
    if not point.width.is_Integer:
        raise ValueError(f"d = {point.width} is a symbol; expected a positive integer here")
    width = point.integer_width()
    return point.substitute(_powers_put(formula.holding.rhs, width, int(layers)))


def _not_two(point: Point) -> str:
    other = point.width.is_Integer and int(point.width) != 2
    return f"it is about width d = 2, and d = {point.width}" if other else ""


TWO = Hypothesis(
    "The width is $d = 2$.",
    _not_two,
    "at any width there is a bound",
    ("isometry-gap-contraction",),
)
angle = Symbol("theta", positive=True)
cosine = Symbol("r", positive=True)


def width_two() -> Formula:
    """Derive the mean of exp(2 φ(X_L)) - 1 at width two.

    Examples
    --------
    >>> width_two().evaluate(spectrum=[1, 4], depth=3)
    9/128
    >>> width_two().evaluate(gap=0, depth=3)
    0
    """
    grown = exp(2 * phi(X_L)) - 1
    statement = Eq(Mean(grown), (exp(2 * phi_0) - 1) / 2**L)
    after = (cosine * sin(angle)) ** 2 / (1 - (cosine * cos(angle)) ** 2)
    logs = Integral(log(sin(angle) ** 2), (angle, 0, pi)) / pi
    return Formula(
        name="width-two-law",
        title="Isometry gap at any depth, at width two",
        statement=statement,
        hypotheses=(TWO, LAYERS, REGULAR),
        source=f"An exact case of theorem 1 of {PAPER}",
        steps=(
            Step(
                Eq(exp(-log(1 - cosine**2)) - 1, cosine**2 / (1 - cosine**2)),
                r"two unit rows with the cosine $r$ have the gap $-\frac12 \log(1 - r^2)$: this is "
                r"$y = e^{2 \phi} - 1$; $A$ has eigenvalues $1 \pm r$",
                Agree(),
            ),
            Step(
                Eq(after / (1 - after), cosine**2 / (1 - cosine**2) * sin(angle) ** 2),
                r"a rotation by $\theta/2$ gives rows of squared norms $1 \pm r \cos\theta$ with "
                r"the product $r \sin\theta$: after normalisation the square of their cosine is "
                r"$r^2 \sin^2\theta/(1 - r^2 \cos^2\theta)$, so a layer multiplies $y$ by "
                r"$\sin^2\theta$, with $\theta$ uniform",
                Agree(),
            ),
            Step(
                statement,
                r"the mean of $\sin^2\theta = 4 W_{11}^2 W_{12}^2$ is $1/2$, and layers are "
                r"independent",
                Again(
                    Mean(grown),
                    _halved,
                    "engine: the mean of $4 W_{11}^2 W_{12}^2$ at $d = 2$",
                    "==",
                ),
            ),
            Step(
                Eq(logs, -2 * log(2)),
                r"typically $y$ falls faster: the mean of its logarithm by twice $\log 2$ a layer",
                log_sine,
                "mpmath, to 30 digits",
            ),
            Step(
                Eq(Mean(log(grown)), log(exp(2 * phi_0) - 1) - 2 * L * log(2)),
                r"so that $\mathbb{E} \log y_L = \log y_0 - 2 L \log 2$",
                Again(Mean(log(grown)), _log_halved, "mpmath: that mean, times the depth", "=="),
            ),
        ),
        singular="The gap is infinite before and after every layer, and both sides are.",
        arguments=("d", "spectrum", "batch", "gap", "depth"),
        error=_grown_error,
        draw=depth_draws.grown_gap,
    )


def _halved() -> Expr:
    share = E(4 * W[0, 0] ** 2 * W[0, 1] ** 2).subs(d, 2)
    return (exp(2 * phi_0) - 1) * share**L


def _mean_log_sine() -> Any:
    with mpmath.workdps(45):
        return mpmath.quad(lambda u: mpmath.log(mpmath.sin(u) ** 2), [0, mpmath.pi]) / mpmath.pi


def log_sine(claim: Eq) -> bool:
    """Integrate numerically."""
    return bool(
        claim.lhs == Integral(log(sin(angle) ** 2), (angle, 0, pi)) / pi
        and abs((claim.rhs - Float(_mean_log_sine(), 40)).evalf(40)) < Rational(1, 10**30)
    )


def _log_halved() -> Expr:
    return log(exp(2 * phi_0) - 1) + L * Float(_mean_log_sine(), 40)


def _grown_error(point: Point) -> float:
    if point.exact or point.spectrum is None:
        return 0.0
    relative = point.relative().gap
    return 4 * float(relative.error) * float(mpmath.exp(2 * float(relative.value)))


def gram_kernel() -> Formula:
    """Derive the mean Gram matrix of the samples after a layer, for any number of samples.

    Examples
    --------
    >>> round(gram_kernel().evaluate(spectrum=[9.0, 1.0]), 14)  # 2·3/(3 + 1)
    1.5
    """
    kernel = Symbol("K_{v v}")
    product = over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2))
    share = lam[0] / (1 + 2 * t * lam[0])
    statement = Eq(Mean(kernel), d * Integral(share * product, (t, 0, oo)))
    z = Symbol("z", real=True)
    x = Symbol("x", positive=True)
    squeezed = Mean(z**2 * exp(-t * lam[k] * z**2))
    return Formula(
        name="gram-kernel-step",
        title="Mean Gram matrix of the samples after a layer",
        statement=statement,
        hypotheses=(
            HAAR,
            LAYER,
            Hypothesis(
                r"$K = X_{l+1}^{\top} X_{l+1}$ is the Gram matrix of the $n$ samples after the "
                r"layer, for any $n$, and $v$ the unit eigenvector of $X_l^{\top} X_l$ with the "
                r"eigenvalue $\lambda_0$, the first that is given; $K_{v v} = v^{\top} K v$. The "
                r"mean of $K$ has the same eigenvectors, so these numbers are all of it."
            ),
        ),
        source=f"What a layer does to the angles between samples: {PAPER}",
        steps=(
            Step(
                Eq(kernel, Sum(lam[0] * W[i, 0] ** 2 / a[i], (i, 0, d - 1))),
                r"with $X = U \Lambda^{1/2} V^{\top}$ and $W$ for $W U$: row $i$ of $W X$ has the "
                r"product $\lambda_0^{1/2} W_{i 0}$ with $v$; changing the sign of a column of $W$ "
                r"shows that $v^{\top} K v'$ has mean zero for another eigenvector $v'$",
                kernel_by_rows,
                "SymPy, from the definition, for a rational $3 \\times 4$ input",
            ),
            Step(
                Eq(1 / x, Integral(exp(-t * x), (t, 0, oo))),
                r"each of the $d$ terms has the mean of $\lambda_0 z_0^2/\sum_k \lambda_k z_k^2$, "
                r"for a standard Gaussian $z$; put the sum for $x$",
                Agree("SymPy: the integral"),
            ),
            Step(
                Eq(squeezed, (1 + 2 * t * lam[k]) ** Rational(-3, 2)),
                r"a Gaussian integral for the coordinate in front; the others give the product",
                gaussian_square,
                "SymPy's integral over the normal density",
            ),
            Step(
                statement,
                r"put together",
                kernel_closed_forms,
                r"mpmath, to 20 digits: $2 \sqrt{\lambda_0}/(\sqrt{\lambda_0} + "
                r"\sqrt{\lambda_1})$ at $d = 2$; the sum over all eigenvalues is $d$ at $d = 3$",
            ),
        ),
        singular=r"Holds for every $A \neq 0$; an eigenvalue 0 stays 0.",
        arguments=("d", "spectrum", "batch"),
        value=_kernel,
        number=_kernel_to_digits,
        error=_kernel_error,
        draw=row_draws.kernel_direction,
    )


def kernel_by_rows(claim: Eq) -> bool:
    """Compute vᵀ X'ᵀ X' v for an input with known singular vectors."""
    U = rational_orthogonal()
    V = (U * U).T
    X_ = U * diag(1, 2, 5) * V
    v = V.T[:, 0]
    H = rational_orthogonal().T * X_
    norms = [(H * H.T)[n, n] for n in range(3)]
    exact = sum(((H * v)[n] ** 2 / norms[n] for n in range(3)), Integer(0))
    rotated = rational_orthogonal().T * U
    entry, put = IndexedBase("w"), {lam[0]: Integer(1)}
    right = claim.rhs.replace(lambda e: isinstance(e, MatrixElement), lambda e: entry[e.i, e.j])
    put |= {entry[n, m]: rotated[n, m] for n in range(3) for m in range(3)}
    put |= {a[n]: norms[n] for n in range(3)}
    found = written_out(right, 3).xreplace(put)
    return bool(claim.lhs == Symbol("K_{v v}") and simplify(found - exact) == 0)


def gaussian_square(claim: Eq) -> bool:
    """Integrate z² exp(-t v z²) over the normal density."""
    v, z = Symbol("v", positive=True), Symbol("z", real=True)
    body, claimed = (side.xreplace({lam[k]: v}) for side in (claim.lhs.args[0], claim.rhs))
    density = exp(-(z**2) / 2) / sqrt(2 * pi)
    return bool(simplify(integrate(density * body, (z, -oo, oo)) - claimed) == 0)


def kernel_closed_forms(claim: Eq) -> bool:
    """Compare with the mean over the circle at d = 2, and with the trace of K at d = 3."""

    def found(spectrum: tuple[int, ...]) -> Expr:
        put = {lam[n]: Integer(value) for n, value in enumerate(spectrum)}
        written = written_out(claim.rhs, len(spectrum)).xreplace(put)
        return written.replace(Integral, integral_to_infinity).evalf(30)

    close = Rational(1, 10**20)
    with mpmath.workdps(40):
        for u, v in ((1, 4), (7, 2)):
            exact = 2 * sqrt(Integer(u)) / (sqrt(Integer(u)) + sqrt(Integer(v)))
            if abs((found((u, v)) - exact).evalf(30)) > close:
                return False
        trace = found((1, 2, 5)) + found((2, 1, 5)) + found((5, 1, 2))
    return bool(abs(trace - 3) < close)


def _kernel(formula: Formula, point: Point) -> Expr:
    if point.spectrum is None or point.exact:
        return point.substitute(formula.holding.rhs)
    return Float(point.integer_width() * kernel_eigenvalue(point.fractions(), 0), 17)


def _kernel_to_digits(_formula: Formula, point: Point, digits: int) -> Expr:
    value = kernel_eigenvalue(point.fractions(), 0, digits)
    with mpmath.workdps(digits + 5):
        return Float(point.integer_width() * value, digits)


def _kernel_error(point: Point) -> float:
    """Bound the error of the value at floats: the rounding of a product of d factors."""
    if point.exact:
        return 0.0
    factors: float = 16 + point.integer_width() ** 0.5
    return 1e-15 * factors * point.integer_width()
