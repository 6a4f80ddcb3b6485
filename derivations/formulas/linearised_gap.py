"""The gap near isometry at every depth, layers being linear there: its mean and its square."""

from __future__ import annotations

from sympy import (
    Eq,
    Expr,
    Function,
    Integer,
    Limit,
    Matrix,
    MatrixSymbol,
    Mul,
    Q,
    Sum,
    Symbol,
    Trace,
    cancel,
    expand,
    factor,
    log,
    symbols,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import MEAN_ONE, PAPER
from derivations.formulas.entries import HAAR, SOURCE
from derivations.formulas.following import SPREAD
from derivations.notation import (
    L,
    Mean,
    W,
    d,
    k,
    lam,
    over_eigenvalues,
)
from derivations.numeric import depth_draws
from derivations.point import Point
from weingarten import E

__all__ = ["linearised", "linearised_square"]

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
