"""Moments of the squared row norms of every order, of two rows together, and of their inverse."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Any

import mpmath
from sympy import (
    QQ,
    Add,
    Derivative,
    Eq,
    Expr,
    Float,
    IndexedBase,
    Integer,
    Integral,
    Matrix,
    Mul,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    cancel,
    diag,
    exp,
    expand,
    eye,
    factor,
    factorial,
    gamma,
    gammasimp,
    integrate,
    lambdify,
    oo,
    rf,
    simplify,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.polys.rings import ring

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas import isometry_checks
from derivations.formulas.again import Again
from derivations.formulas.common import PAPER, inverse_norm_tail
from derivations.formulas.entries import HAAR, SOURCE, width_at_least
from derivations.formulas.following import mean_of_forms
from derivations.formulas.row_norms import MEANING
from derivations.notation import (
    Mean,
    W,
    a,
    d,
    i,
    j,
    k,
    lam,
    over_eigenvalues,
    p,
    q,
    r,
    t,
    written_out,
)
from derivations.numeric import row_draws
from derivations.numeric.joint_moments import joint_moment
from derivations.numeric.row_integrals import inverse_moment as inverse_number
from derivations.numeric.row_moments import row_moments
from derivations.point import Point
from derivations.rows import mean_by_rows
from weingarten import E, HaarOrthogonal

__all__ = ["gaussian_row_step", "integral_to_infinity", "inverse_moment", "joint", "moment"]

z = Symbol("z", real=True)
x = Symbol("x", positive=True)
chi, quadratic = symbols("chi y", positive=True)
HALF = Rational(1, 2)
EVERY = r"Holds for every $A$, singular or not, and for any number of samples."
ORDERS = Hypothesis("The orders $q$ and $r$ are integers that are not negative.")
ROWS = f"Row norms are what batch normalisation divides by: {PAPER}. {SOURCE}"


def gaussian_row_step() -> Step:
    """Return the step from a row of W to a Gaussian vector."""
    return Step(
        Eq(a[i], quadratic / chi**2),
        r"a row of $W$ is a uniform unit vector, that is $z/\|z\|$ for a standard Gaussian $z$; "
        r"write $y = \sum_k \lambda_k z_k^2$ and $\chi = \|z\|$, which the direction does not "
        r"depend on",
        isometry_checks.gaussian_row,
        r"engine, and row by row on the sphere, against Gaussian moments at $d = 2, 3$, $q \le 3$",
    )


def gaussian_integral_step() -> Step:
    """Return the mean of an exponential of one squared Gaussian coordinate."""
    return Step(
        Eq(Mean(exp(-t * lam[k] * z**2)), (1 + 2 * t * lam[k]) ** -HALF),
        r"a Gaussian integral, for one coordinate $z$; the coordinates are independent, so the "
        r"mean of $e^{-t y}$ is the product over $k$",
        isometry_checks.gaussian_integral,
        "SymPy's integral over the normal density",
    )


def moment() -> Formula:
    """Derive E a_i^q.

    Examples
    --------
    >>> moment().evaluate(d=5, q=2)
    p_1**2/35 + 2*p_2/35
    >>> moment().evaluate(spectrum=[1, 2, 3], q=20).is_Rational
    True
    """
    product = over_eigenvalues(Product, (1 - t * lam[k]) ** -HALF)
    value = Subs(Derivative(product, (t, q)), t, 0) / rf(d / 2, q)
    statement = Eq(Mean(a[i] ** q), value)
    return Formula(
        name="row-norm-moment",
        title="Moments of a squared row norm",
        statement=statement,
        hypotheses=(HAAR, MEANING, ORDERS),
        source=ROWS,
        steps=(
            gaussian_row_step(),
            gaussian_integral_step(),
            Step(
                Eq(Mean(chi ** (2 * q)), 2**q * rf(d / 2, q)),
                r"the moments of $\chi$ itself",
                chi_moments,
                "SymPy: the integral over the density of $\\chi^2$, for every $d$ and $q$",
            ),
            Step(
                statement,
                r"compare the coefficients of $t^q$ in the mean of $e^{t y/2}$, and divide: "
                r"$\mathbb{E}[y^q] = \mathbb{E}[a_i^q] \, \mathbb{E}[\chi^{2 q}]$",
                moments_both_ways,
                r"engine, and row by row on the sphere, at $d = 2, 3$ and $q \le 4$",
            ),
            *(
                Step(
                    Eq(Mean(a[i] ** order), _in_power_sums(order)),
                    rf"for example $q = {order}$",
                    Again(
                        Mean(a[i] ** order),
                        partial(mean_of_forms, *[0] * order),
                        "engine, for every $d$ and every symmetric $A$",
                        "==",
                    ),
                )
                for order in (2, 3, 4)
            ),
        ),
        singular=EVERY,
        arguments=("d", "spectrum", "batch", "q"),
        value=_moment,
        draw=row_draws.row_norm_power,
    )


def _in_power_sums(order: int) -> Expr:
    """Return E a^q in power sums, by the recursion 2 n c_n = Σ_r p_r c_(n-r)."""
    if not order:
        return Integer(1)
    one, *sums = ring([f"p_{n}" for n in range(1, order + 1)], QQ)
    c = [one(1)]
    for n in range(1, order + 1):
        c.append(sum((sums[m - 1] * c[n - m] for m in range(1, n + 1)), one(0)) / (2 * n))
    letters = [p(n) for n in range(1, order + 1)]
    numerator = (c[order] * (2**order * factorial(order))).as_expr(*letters)
    return numerator / prod(d + 2 * n for n in range(order))


def _moment(formula: Formula, point: Point) -> Expr:
    order = point["q"]
    if not order.is_Integer:
        return point.substitute(formula.holding.rhs)
    if point.spectrum is not None and point.spectrum.is_rational:
        value = row_moments(point.fractions(), int(order))[int(order)]
        return Rational(value.numerator, value.denominator)
    return point.substitute(_in_power_sums(int(order)))


def chi_moments(claim: Eq) -> bool:
    """Integrate χ^(2q) over the density of χ², for any order q that is not negative."""
    order = Symbol("q", positive=True)
    density = x ** (d / 2 - 1) * exp(-x / 2) / (2 ** (d / 2) * gamma(d / 2))
    integrated = integrate(x**order * density, (x, 0, oo))
    return bool(gammasimp(integrated / claim.rhs.subs(q, order).rewrite(gamma)) == 1)


def moments_both_ways(claim: Eq) -> bool:
    """Differentiate the right side, and take the mean of the power by two routes."""
    for width in (2, 3):
        row = _row(width)
        for order in range(1, 5):
            right = expand(written_out(claim.rhs.xreplace({q: Integer(order)}), width).doit())
            power = expand(row**order)
            if any(expand(mean(power) - right) != 0 for mean in (E, mean_by_rows)):
                return False
    return bool(claim.lhs == Mean(a[i] ** q))


def _row(width: int, number: int = 0) -> Expr:
    V = HaarOrthogonal("W", width)
    return Add(*(lam[n] * V[number, n] ** 2 for n in range(width)))


def joint() -> Formula:
    """Derive E a_i^q a_j^r for two different rows.

    Examples
    --------
    >>> joint().evaluate(d=3, q=1, r=1)
    2*p_1**2/15 - p_2/15
    >>> joint().evaluate(spectrum=[2, 2], q=3, r=1)
    16
    """
    product = over_eigenvalues(Product, (1 - t * lam[k]) ** -HALF)
    form = over_eigenvalues(Sum, W[i, k] ** 2 / (1 - t * lam[k]))
    inside = product * Mean(a[i] ** q * form**-HALF)
    value = Subs(Derivative(inside, (t, r)), t, 0) / rf((d - 1) / 2, r)
    statement = Eq(Mean(a[i] ** q * a[j] ** r), value)
    volume = Symbol("Delta")
    return Formula(
        name="row-norm-joint-moment",
        title="Joint moments of two squared row norms",
        statement=statement,
        hypotheses=(HAAR, MEANING, ORDERS, Hypothesis(r"$i \neq j$."), width_at_least(2)),
        source=ROWS,
        steps=(
            Step(
                Eq(volume, over_eigenvalues(Product, 1 - t * lam[k]) * form),
                r"given row $i$ of $W$, row $j$ is a uniform unit vector of its orthogonal "
                r"complement, in which $A$ becomes $P A P$ with $P$ the projection; there "
                r"$\Delta = \det(1 - t P A P)$",
                determinant_of_complement,
                "SymPy: that determinant, for a rational unit vector and free eigenvalues, $d = 3$",
            ),
            Step(
                statement,
                r"the moments of one row, in dimension $d - 1$, with this determinant",
                joint_moments_both_ways,
                r"engine, and row by row on the sphere, at $d = 2, 3$ and $q + r \le 4$",
            ),
            *(
                Step(
                    Eq(Mean(a[i] ** m * a[j] ** n), _joint_in_power_sums(m, n)),
                    rf"for example $q = {m}$, $r = {n}$: a second way, by zonal polynomials of "
                    r"partitions with two parts",
                    Again(
                        Mean(a[i] ** m * a[j] ** n),
                        partial(mean_of_forms, *[0] * m, *[1] * n),
                        "engine, for every $d$ and every symmetric $A$",
                        "==",
                    ),
                )
                for m, n in ((1, 1), (2, 1), (2, 2), (3, 1))
            ),
        ),
        singular=EVERY,
        arguments=("d", "spectrum", "batch", "q", "r"),
        value=_joint,
        draw=row_draws.row_norm_joint_power,
    )


def _joint_in_power_sums(m: int, n: int) -> Expr:
    if not m + n:
        return Integer(1)
    _, *sums = ring([f"p_{s}" for s in range(1, m + n + 1)], QQ)
    letters = [p(s) for s in range(1, m + n + 1)]
    parts = joint_moment(m, n, dict(enumerate(sums, start=1)))
    total = Add(*(value.as_expr(*letters) / _norm(parts_, d) for parts_, value in parts.items()))
    return factor(total)


def _norm(parts: tuple[int, int], width: Expr) -> Expr:
    """Return (d/2)_first ((d - 1)/2)_second."""
    first, second = parts
    return Mul(
        *(width / 2 + s for s in range(first)), *((width - 1) / 2 + s for s in range(second))
    )


def _joint(formula: Formula, point: Point) -> Expr:
    m, n = point["q"], point["r"]
    if not (m.is_Integer and n.is_Integer):
        return point.substitute(formula.holding.rhs)
    m, n = int(m), int(n)
    if point.spectrum is None or not point.spectrum.is_rational:
        return point.substitute(_joint_in_power_sums(m, n))
    sums = {s: QQ(*_ratio(point.power_sum(s))) for s in range(1, m + n + 1)}
    parts = joint_moment(m, n, sums)
    return Add(*(Rational(*_ratio(v)) / _norm(parts_, point.width) for parts_, v in parts.items()))


def _ratio(value: Any) -> tuple[int, int]:
    return int(value.numerator), int(value.denominator)


def determinant_of_complement(claim: Eq) -> bool:
    """Compute det(1 - t P A P) for a rational unit vector, and put both into the claim."""
    row = Matrix([Rational(2, 7), Rational(3, 7), Rational(6, 7)])
    values = symbols("v:3")
    projection = eye(3) - row * row.T
    exact = (eye(3) - t * projection * diag(*values) * projection).det()
    # Entries stand as indexed symbols while d is replaced: W itself carries d as its shape.
    entry, put = IndexedBase("w"), {lam[n]: values[n] for n in range(3)}
    right = claim.rhs.replace(lambda e: isinstance(e, MatrixElement), lambda e: entry[e.j])
    put |= {entry[n]: row[n] for n in range(3)}
    right = written_out(right, 3).xreplace(put)
    return bool(claim.lhs == Symbol("Delta") and cancel(exact - right) == 0)


def joint_moments_both_ways(claim: Eq) -> bool:
    """Differentiate under the mean, and compare with means of the products by two routes."""
    if claim.lhs != Mean(a[i] ** q * a[j] ** r):
        return False
    for width, m, n in ((2, 1, 1), (3, 1, 1), (3, 2, 1), (3, 1, 2), (2, 2, 2)):
        right = _inside(claim.rhs, width, m, n)
        left = expand(_row(width, 0) ** m * _row(width, 1) ** n)
        if right is None:
            return False
        if any(expand(mean(left) - mean(right)) != 0 for mean in (E, mean_by_rows)):
            return False
    return True


def _inside(expr: Expr, width: int, m: int, n: int) -> Expr | None:
    """Return what the right side is the mean of, as a polynomial in entries of row 0."""
    names = symbols(f"w:{width}", positive=True)
    put = {q: Integer(m), r: Integer(n), a[i]: over_eigenvalues(Sum, lam[k] * W[i, k] ** 2)}
    bare = expr.replace(lambda e: isinstance(e, Mean), lambda e: e.args[0]).xreplace(put)
    entry = IndexedBase("w")
    bare = bare.replace(lambda e: isinstance(e, MatrixElement), lambda e: entry[e.j])
    written = written_out(bare, width).xreplace({entry[s]: names[s] for s in range(width)})
    done = written.doit().subs(Add(*(w**2 for w in names)), 1)
    done = expand(done)
    if not done.is_polynomial(*names):
        return None
    V = HaarOrthogonal("W", width)
    return done.xreplace({names[s]: V[0, s] for s in range(width)})


def inverse_moment() -> Formula:
    """Derive E 1/a_i.

    Examples
    --------
    >>> round(inverse_moment().evaluate(spectrum=[1.0, 1.0, 3.0, 3.0]), 14)  # log(3)/2
    0.54930614433405
    """
    product = over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** -HALF)
    statement = Eq(Mean(1 / a[i]), (d - 2) * Integral(product, (t, 0, oo)))
    return Formula(
        name="row-norm-inverse-moment",
        title="Mean of the inverse of a squared row norm",
        statement=statement,
        hypotheses=(HAAR, MEANING, WIDE, RANK),
        source=ROWS,
        steps=(
            gaussian_row_step(),
            gaussian_integral_step(),
            Step(
                Eq(1 / x, Integral(exp(-t * x), (t, 0, oo))),
                r"put $y$ for $x$: the mean of $1/y$ is the integral of the product",
                _integral_over_t,
                "SymPy: the integral",
            ),
            Step(
                Eq(Mean(1 / chi**2), 1 / (d - 2)),
                r"for $d > 2$",
                inverse_chi_square,
                "SymPy: the integral over the density at $d = 3, 4, 5, 8$",
            ),
            Step(
                statement,
                r"divide: $\mathbb{E}[1/y] = \mathbb{E}[1/a_i] \, \mathbb{E}[1/\chi^2]$",
                inverse_closed_forms,
                r"mpmath, to 20 digits: eigenvalues in pairs at $d = 4$, where $a_i$ is uniform "
                r"between the two; one apart at $d = 3$, where $W_{i k}$ is uniform",
            ),
        ),
        singular=(
            r"Holds if $A$ has rank 3 or more; with rank 1 or 2 the mean is infinite. With rank "
            r"3 or 4 the variance of $1/a_i$ is infinite, and a simulation cannot judge its mean."
        ),
        degree=-1,
        arguments=("d", "spectrum", "batch"),
        value=_inverse,
        number=_inverse_to_digits,
        error=_inverse_error,
        draw=row_draws.inverse_row_norm,
        tail=inverse_norm_tail,
    )


def _rank(point: Point) -> str:
    rank = point.rank
    known = rank is not None and rank < 3
    return f"the mean is infinite: A = X X^T has rank {rank}" if known else ""


def _narrow(point: Point) -> str:
    narrow = point.width.is_Integer and int(point.width) < 3
    return f"it needs width d ≥ 3, and d = {point.width}" if narrow else ""


WIDE = Hypothesis(
    r"The width is $d \ge 3$.",
    _narrow,
    "for an invertible A the mean is 1/λ_1 at d = 1 and 1/√(λ_1 λ_2) at d = 2",
)
RANK = Hypothesis(
    r"$A$ has rank 3 or more.",
    _rank,
    "moments of positive order are finite for every A",
    ("row-norm-moment",),
)


def _inverse(formula: Formula, point: Point) -> Expr:
    if point.spectrum is None or point.exact:
        return point.substitute(formula.holding.rhs)
    return Float(inverse_number(point.fractions()), 17)


def _inverse_to_digits(_formula: Formula, point: Point, digits: int) -> Expr:
    return Float(inverse_number(point.fractions(), digits), digits)


def _inverse_error(point: Point) -> float:
    """Bound the error of the value at floats: the rounding of a product of d factors."""
    if point.exact:
        return 0.0
    factors: float = 16 + point.integer_width() ** 0.5
    return 1e-15 * factors * float(inverse_number(point.fractions()))


def _integral_over_t(claim: Eq) -> bool:
    return bool(simplify(claim.lhs - claim.rhs.doit()) == 0)


def inverse_chi_square(claim: Eq) -> bool:
    """Integrate 1/χ² over the density of χ²."""
    return all(
        simplify(
            integrate(
                x ** (Rational(n, 2) - 2) * exp(-x / 2) / (2 ** Rational(n, 2) * gamma(HALF * n)),
                (x, 0, oo),
            )
            - claim.rhs.subs(d, n)
        )
        == 0
        for n in (3, 4, 5, 8)
    )


def inverse_closed_forms(claim: Eq) -> bool:
    """Compare the integral with elementary means: see the step."""
    with mpmath.workdps(40):
        for u, v in ((1, 4), (7, 2)):
            root = mpmath.sqrt(mpmath.mpf(u) / abs(v - u))
            tail = mpmath.atan(1 / root) if v > u else mpmath.atanh(1 / root)
            cases = {
                (u, u, v, v): (mpmath.log(u) - mpmath.log(v)) / (u - v),
                (u, u, v): tail * root / u,
            }
            for spectrum, exact in cases.items():
                put = {lam[n]: Integer(value) for n, value in enumerate(spectrum)}
                written = written_out(claim.rhs, len(spectrum)).xreplace(put)
                found = written.replace(Integral, integral_to_infinity).evalf(30)
                if abs(mpmath.mpf(str(found)) - exact) > mpmath.mpf(10) ** -20:
                    return False
    return bool(claim.lhs == Mean(1 / a[i]))


def integral_to_infinity(integrand: Expr, limits: Any) -> Expr:
    """Integrate over (0, ∞) after t = e^u, by mpmath."""
    variable, *ends = limits
    if ends != [0, oo]:
        raise ValueError(f"an integral over {ends}; expected one over (0, oo)")
    function = lambdify(variable, integrand, "mpmath")
    step = mpmath.mpf(3) / 20
    total = mpmath.fsum(
        function(mpmath.exp(n * step)) * mpmath.exp(n * step) for n in range(-400, 900)
    )
    return Add(Integer(0), total * step)
