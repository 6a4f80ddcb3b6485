"""The Gram matrix of the samples after a layer, in the mean."""

from __future__ import annotations

import mpmath
from sympy import (
    Eq,
    Expr,
    Float,
    IndexedBase,
    Integer,
    Integral,
    Product,
    Rational,
    Sum,
    Symbol,
    diag,
    exp,
    integrate,
    oo,
    pi,
    simplify,
    sqrt,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.common import LAYER, PAPER
from derivations.formulas.contraction_checks import Agree
from derivations.formulas.entries import HAAR
from derivations.formulas.examples import rational_orthogonal
from derivations.formulas.row_norm_moments import integral_to_infinity
from derivations.notation import (
    Mean,
    W,
    a,
    d,
    i,
    k,
    lam,
    over_eigenvalues,
    t,
    written_out,
)
from derivations.numeric import row_draws
from derivations.numeric.row_integrals import kernel_eigenvalue
from derivations.point import Point

__all__ = ["gram_kernel"]


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
