"""The checks of the isometry law's steps.

Each takes the step's claim and compares its right side, as it is written there, with something
found in another way: a definition, a closed form, an integral over the circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import mpmath
from sympy import (
    Add,
    Eq,
    Expr,
    Integral,
    Matrix,
    Poly,
    Rational,
    Symbol,
    diag,
    diff,
    exp,
    expand,
    factorial,
    factorial2,
    gamma,
    integrate,
    lambdify,
    log,
    oo,
    pi,
    prod,
    rf,
    simplify,
    sqrt,
    symbols,
    sympify,
)

from derivations.formulas.examples import rational_orthogonal
from derivations.notation import Mean, X, a, d, i, k, lam, phi, written_out
from derivations.rows import mean_by_rows
from weingarten import E, HaarOrthogonal
from weingarten.caches import cached

__all__ = [
    "row_norm_moment",
    "gap_by_eigenvalues",
    "gap_after_a_layer",
    "rows_exchangeable",
    "gaussian_row",
    "frullani",
    "gaussian_integral",
    "log_quadratic",
    "log_chi_square",
    "moments",
    "digamma_free",
    "over_normal",
    "circle",
    "same_integrand",
    "theta_form",
    "unit_interval",
]

z = Symbol("z", real=True)
x, s = symbols("x s", positive=True)

DIGITS = 30
PAIRS = ((1, 4), (2, 7))
"""Pairs of eigenvalues at which both sides of a claim are compared."""


def row_norm_moment(q: int, eigenvalues: Sequence[Expr]) -> Expr:
    """Moment E a^q of a squared row norm, from the generating function of its Gaussian form.

    Parameters
    ----------
    q : int
        Order, not negative.
    eigenvalues : sequence of sympy.Expr
        The spectrum; its length is the width.

    Returns
    -------
    sympy.Expr
        q! [t^q] Π_k (1 - t λ_k)^(-1/2) / (d/2)_q, expanded.

    Examples
    --------
    >>> row_norm_moment(2, symbols("u v"))
    3*u**2/8 + u*v/4 + 3*v**2/8
    """
    # Coefficients of the product, one factor (1 - t v)^(-1/2) = Σ (1/2)_r (t v)^r / r! at a time.
    series: list[Expr] = [Rational(1)] + [Rational(0)] * q
    for v in eigenvalues:
        factor = [rf(Rational(1, 2), r) * v**r / factorial(r) for r in range(q + 1)]
        series = [Add(*(series[r - n] * factor[n] for n in range(r + 1))) for r in range(q + 1)]
    return expand(factorial(q) * series[q] / rf(Rational(len(eigenvalues), 2), q))


def gap_by_eigenvalues(claim: Eq) -> bool:
    """Compare φ of a matrix, from its determinant and trace, with what its eigenvalues give."""
    X_, _ = _example()
    A = mpmath.matrix((X_ * X_.T).tolist())
    return _close(_gap(A), _value(claim.rhs, list(mpmath.eigsy(A, eigvals_only=True))))


def gap_after_a_layer(claim: Eq) -> bool:
    """Compare φ after a layer, from its definition, with what the row norms predict."""
    X_, W_ = _example()
    A, H = X_ * X_.T, W_ * X_
    norms = [(H * H.T)[n, n] for n in range(3)]
    after = diag(*(1 / sqrt(value) for value in norms)) * H
    at = {phi(X): _gap(_numeric(A)), **{a[n]: norms[n] for n in range(3)}}
    eigenvalues = list(mpmath.eigsy(_numeric(A), eigvals_only=True))
    return _close(_gap(_numeric(after * after.T)), _value(claim.rhs, eigenvalues, at))


def _example() -> tuple[Matrix, Matrix]:
    """Return an invertible input and a rational orthogonal weight matrix, both 3 × 3."""
    return Matrix([[2, 1, 0], [-1, 3, 1], [0, 1, 1]]), rational_orthogonal()


def _numeric(matrix: Matrix) -> mpmath.matrix:
    return mpmath.matrix(matrix.evalf(40).tolist())


def _gap(A: mpmath.matrix) -> mpmath.mpf:
    """Return φ = -log(det(A)^(1/d) / (tr A / d)), from the definition."""
    trace = mpmath.fsum(A[n, n] for n in range(A.rows))
    return mpmath.log(trace / A.rows) - mpmath.log(mpmath.det(A)) / A.rows


def _value(
    expr: Expr, eigenvalues: Sequence[object], at: Mapping[Expr, object] | None = None
) -> mpmath.mpf:
    """Value of the side of a claim at a spectrum, with integrals by mpmath.

    Parameters
    ----------
    expr : sympy.Expr
        In the letters of `derivations.notation`.
    eigenvalues : sequence of numbers
        Their count is the width.
    at : mapping, optional
        What to put for letters and signs that are not functions of the spectrum.
    """
    with mpmath.workdps(DIGITS):
        put = {key: sympify(value) for key, value in (at or {}).items()}
        written = written_out(expr.xreplace(put), len(eigenvalues))
        put |= {lam[n]: sympify(value) for n, value in enumerate(eigenvalues)}
        number = written.xreplace(put).replace(Integral, _integrated)
        return mpmath.mpf(number.evalf(DIGITS))


def _integrated(integrand: Expr, limits: Expr) -> Expr:
    """Integrate between the limits, in pieces where eigenvalues are of the order of one."""
    variable, *ends = limits
    low, high = (mpmath.inf if end is oo else mpmath.mpf(end) for end in ends)
    function = lambdify(variable, integrand, "mpmath")
    between = (cut for cut in (0.1, 1, 10) if low < cut < high)
    return sympify(mpmath.quad(function, [low, *between, high]))


def _close(first: mpmath.mpf, second: mpmath.mpf) -> bool:
    return bool(abs(first - second) < mpmath.mpf(10) ** -12)


def rows_exchangeable(claim: Eq) -> bool:
    """Compare the mean of φ after a layer with the mean of the first row's logarithm alone."""
    return all(
        _close(
            _over_circle(partial(_gap_after_rotation, *pair)),
            _value(
                claim.rhs,
                pair,
                {
                    phi(X): _gap(mpmath.diag(pair)),
                    Mean(log(a[i])): _over_circle(partial(_log_row, *pair)),
                },
            ),
        )
        for pair in PAIRS
    )


def _over_circle(function: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
    """Mean over all rotations of the plane: what is averaged has period π."""
    with mpmath.workdps(DIGITS):
        return mpmath.quad(function, [0, mpmath.pi / 2, mpmath.pi]) / mpmath.pi


def _log_row(u: float, v: float, angle: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log(u * mpmath.cos(angle) ** 2 + v * mpmath.sin(angle) ** 2)


def _gap_after_rotation(u: float, v: float, angle: mpmath.mpf) -> mpmath.mpf:
    """φ after one layer at d = 2: of two unit rows with cosine r, it is -log(1 - r²) / 2."""
    cos, sin = mpmath.cos(angle), mpmath.sin(angle)
    first, second = u * cos**2 + v * sin**2, u * sin**2 + v * cos**2
    r = (v - u) * sin * cos / mpmath.sqrt(first * second)
    return -mpmath.log(1 - r**2) / 2


def _row_norm(width: int) -> tuple[Expr, tuple[Expr, ...]]:
    V = HaarOrthogonal("W", width)
    v = symbols(f"v:{width}", positive=True)
    return Add(*(v[n] * V[0, n] ** 2 for n in range(width))), v


def _row_norm_mean(q: int, width: int) -> Expr | None:
    """Moment E a^q by the engine, or nothing where the sphere gives another one."""
    power = expand(_row_norm(width)[0] ** q)
    by_engine, by_rows = E(power), mean_by_rows(power)
    return expand(by_engine) if expand(by_engine - by_rows) == 0 else None


def _gaussian_mean(poly: Expr, coordinates: Sequence[Expr]) -> Expr:
    """Mean of a polynomial in standard normal coordinates: E z^n = (n - 1)!! for even n."""
    return expand(
        Add(
            *(
                coefficient * prod(factorial2(n - 1) if n % 2 == 0 else 0 for n in powers)
                for powers, coefficient in Poly(poly, *coordinates).terms()
            )
        )
    )


def gaussian_row(claim: Eq) -> bool:
    """Compare E[a^q] E[χ^(2q)] with E[(a χ²)^q], where the claim says what a χ² is."""
    chi, y = symbols("chi y", positive=True)
    for width in (2, 3):
        v = _row_norm(width)[1]
        zs = symbols(f"z:{width}", real=True)
        square = Add(*(z_**2 for z_ in zs))
        form = Add(*(v[n] * zs[n] ** 2 for n in range(width)))
        claimed = expand(claim.rhs * chi**2).subs({y: form, chi: sqrt(square)})
        for q in (1, 2, 3):
            moment = _row_norm_mean(q, width)
            if moment is None or not claimed.is_polynomial(*zs):
                return False
            product = moment * _gaussian_mean(square**q, zs)
            if expand(product - _gaussian_mean(claimed**q, zs)) != 0:
                return False
    return True


def frullani(claim: Eq) -> bool:
    """Compare both sides at x = 1, and their derivatives in x."""
    slope = diff(claim.rhs, x).doit()
    at_one = claim.rhs.subs(x, 1).doit()
    return bool(at_one == 0 and simplify(slope - diff(claim.lhs, x)) == 0)


def gaussian_integral(claim: Eq) -> bool:
    """Integrate exp(-t v z²) over the normal density."""
    v = Symbol("v", positive=True)
    body, claimed = (side.xreplace({lam[k]: v}) for side in (claim.lhs.args[0], claim.rhs))
    return bool(simplify(over_normal(body) - claimed) == 0)


@cached(maxsize=4)
def over_normal(body: Expr) -> Expr:
    """Return the integral of a function of z over the normal density, by SymPy.

    Examples
    --------
    >>> over_normal(z**4)
    3
    """
    return integrate(exp(-(z**2) / 2) / sqrt(2 * pi) * body, (z, -oo, oo))


def _closed_forms() -> Iterator[tuple[tuple[int, ...], mpmath.mpf]]:
    """Yield spectra for which E log a is elementary, and its value there.

    At d = 2, the mean of log(u cos² + v sin²) over the circle. At d = 4 with eigenvalues
    u, u, v, v, the sum of the first two squares of a uniform unit vector is uniform on [0, 1].
    """
    for u, v in PAIRS:
        yield (u, v), 2 * mpmath.log((mpmath.sqrt(u) + mpmath.sqrt(v)) / 2)
        yield (u, u, v, v), (u * mpmath.log(u) - v * mpmath.log(v)) / (u - v) - 1


def _mean_log_chi_square(width: int) -> mpmath.mpf:
    return mpmath.digamma(mpmath.mpf(width) / 2) + mpmath.log(2)


def log_quadratic(claim: Eq) -> bool:
    """Compare the integral with closed forms: log y = log a + log χ²."""
    return all(
        _close(_value(claim.rhs, spectrum), mean + _mean_log_chi_square(len(spectrum)))
        for spectrum, mean in _closed_forms()
    )


def log_chi_square(claim: Eq) -> bool:
    """Integrate χ^(2s) over its density, and differentiate the result at s = 0."""
    density = x ** (d / 2 - 1) * exp(-x / 2) / (2 ** (d / 2) * gamma(d / 2))
    moment = 2**s * gamma(d / 2 + s) / gamma(d / 2)
    integrated = integrate(x**s * density, (x, 0, oo))
    slope = diff(moment, s).subs(s, 0)
    return bool(simplify(integrated / moment) == 1 and simplify(slope - claim.rhs) == 0)


def moments(claim: Eq) -> bool:
    """Compare E[a^q] with the generating function, and E[log a] with closed forms."""
    for width in (2, 3, 4):
        row, v = _row_norm(width)
        if any(expand(E(expand(row**q)) - row_norm_moment(q, v)) != 0 for q in (1, 2, 3, 4)):
            return False
    return all(_close(_value(claim.rhs, spectrum), mean) for spectrum, mean in _closed_forms())


def digamma_free(claim: Eq) -> bool:
    """Compare the integral without a digamma function with closed forms."""
    return all(
        _close(
            _value(claim.rhs, spectrum),
            mean - mpmath.log(mpmath.mpf(sum(spectrum)) / len(spectrum)),
        )
        for spectrum, mean in _closed_forms()
    )


def circle(claim: Eq) -> bool:
    """Compare the law with the mean of φ(BN(W X)) over the circle, for X = diag(√u, √v)."""
    return all(
        _close(
            _over_circle(partial(_gap_after_rotation, *pair)),
            _value(claim.rhs, pair, {phi(X): _gap(mpmath.diag(pair))}),
        )
        for pair in PAIRS
    )


def unit_interval(claim: Eq) -> bool:
    """Compare both sides as functions of θ, derivatives taken."""
    return bool(simplify(claim.lhs.doit() - claim.rhs) == 0)


def same_integrand(claim: Eq) -> bool:
    """Put t = θ/(2 m (1 - θ)) into the left integrand, times dt/dθ; compare with the right one.

    At d = 1, 2, 4, at rational eigenvalues and θ: what is compared are squares of rational numbers
    under roots, which SymPy decides exactly.
    """
    factor, over_theta = claim.rhs.as_coeff_Mul()
    if not isinstance(over_theta, Integral):
        return False
    (t_, *line), (theta, *unit) = claim.lhs.limits[0], over_theta.limits[0]
    if (*line, *unit) != (0, oo, 0, 1):
        return False
    functions = (claim.lhs.function, factor * over_theta.function)
    for spectrum in ((3,), (1, 4), (Rational(1, 3), 1, 5, Rational(7, 2))):
        m = sum(spectrum, Rational(0)) / len(spectrum)
        put = {lam[n]: sympify(value) for n, value in enumerate(spectrum)}
        left, right = (written_out(function, len(spectrum)).xreplace(put) for function in functions)
        moved = theta / (2 * m * (1 - theta))
        difference = left.subs(t_, moved) * diff(moved, theta) - right
        values = (difference.subs(theta, Rational(n, 7)) for n in range(1, 7))
        if any(simplify(value) != 0 for value in values):
            return False
    return True


def theta_form(claim: Eq) -> bool:
    """Compare the mean of φ by the integral over θ with closed forms, to 30 digits."""
    with mpmath.workdps(2 * DIGITS):
        for spectrum, mean in _closed_forms():
            logs = mpmath.log(mpmath.mpf(sum(spectrum)) / len(spectrum))
            written = written_out(claim.rhs.xreplace({phi(X): Rational(0)}), len(spectrum))
            put = {lam[n]: sympify(value) for n, value in enumerate(spectrum)}
            number = written.xreplace(put).replace(Integral, _integrated_near_zero)
            difference = mpmath.mpf(str(number.evalf(DIGITS + 10))) - (mean - logs)
            if abs(difference) > mpmath.mpf(10) ** -DIGITS:
                return False
    return True


def _integrated_near_zero(integrand: Expr, limits: Expr) -> Expr:
    """Integrate over (0, 1), where the digits that cancel near zero are made up for."""
    variable, *ends = limits
    function = lambdify(variable, integrand, "mpmath")
    with mpmath.workdps(4 * DIGITS):
        value = mpmath.quad(function, [mpmath.mpf(int(end)) for end in ends])
    return sympify(value)
