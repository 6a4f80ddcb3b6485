"""The exact one-step law of the isometry gap: its mean after one batch-normalised layer."""

from __future__ import annotations

from collections.abc import Sequence

import mpmath
import numpy as np
from sympy import (
    Add,
    Eq,
    Expr,
    Float,
    Integral,
    Matrix,
    Mul,
    Poly,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    diag,
    diff,
    digamma,
    exp,
    expand,
    factorial,
    factorial2,
    gamma,
    integrate,
    log,
    oo,
    pi,
    prod,
    rf,
    simplify,
    sqrt,
    symbols,
)

from derivations.entries import HAAR, SOURCE
from derivations.examples import rational_orthogonal
from derivations.formula import Formula, Hypothesis, Step
from derivations.notation import Mean, X, X_next, a, d, i, k, lam, over_eigenvalues, p, phi, t
from derivations.numeric.network import gap_of_spectrum
from derivations.numeric.quadrature import log_mean_shift, log_mean_shift_reference
from derivations.point import Point
from weingarten import E, HaarOrthogonal

__all__ = ["row_norm_moment", "step_law"]

z = Symbol("z", real=True)
x, s = symbols("x s", positive=True)
chi = Symbol("chi", positive=True)
"""χ = ‖z‖, the norm of a standard Gaussian vector in d dimensions."""
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
            Hypothesis(
                r"There are $n = d$ linearly independent samples, so that $A$ is invertible.",
                _singular,
            ),
        ),
        source=(
            r"The isometry gap and its decay: A. Meterez et al., arXiv:2310.02012, theorem 1, "
            r"which bounds what is exact here. " + SOURCE
        ),
        steps=(
            Step(
                Eq(phi(X), before),
                r"write the determinant as the product of the eigenvalues",
                _check_gap_by_eigenvalues,
                "SymPy, exactly, for a rational matrix with $d = 3$",
            ),
            Step(
                Eq(phi(X_next), phi(X) - log(m) + over_rows(log(a[i])) / d),
                r"$X_{l+1} = D^{-1/2} W X_l$ with $D = \operatorname{diag}(a_i)$, so its "
                r"determinant squared is $\det A / \prod_i a_i$; its rows are unit vectors, so its "
                r"trace is $d$",
                _check_gap_after_a_layer,
                "SymPy, exactly, for rational matrices with $d = 3$",
            ),
            Step(
                Eq(after, phi(X) - log(m) + Mean(log(a[i]))),
                r"permuting the rows of $W$ does not change its law: all $\log a_i$ have one mean",
                _check_rows_exchangeable,
                r"engine, $\mathbb{E}[a_i^q]$ for two rows at $d = 3$, $q \le 3$",
            ),
            Step(
                Eq(a[i], quadratic / chi**2),
                r"a row of $W$ is a uniform unit vector, that is $z/\|z\|$ for a standard Gaussian "
                r"$z$; write $y = \sum_k \lambda_k z_k^2$ and $\chi = \|z\|$, and note that the "
                r"direction and $\chi$ are independent",
                _check_gaussian_row,
                r"engine against Gaussian moments: $\mathbb{E}[a^q]\,\mathbb{E}[\chi^{2q}] = "
                r"\mathbb{E}[(\sum_k \lambda_k z_k^2)^q]$ at $d = 2, 3$, $q \le 3$",
            ),
            Step(
                Eq(log(x), Integral(_over_t(exp(-t), exp(-t * x)), (t, 0, oo))),
                r"Frullani's integral, for $x > 0$",
                _check_frullani,
                "SymPy: both sides vanish at $x = 1$ and have the derivative $1/x$",
            ),
            Step(
                Eq(Mean(exp(-t * lam[k] * z**2)), (1 + 2 * t * lam[k]) ** Rational(-1, 2)),
                r"a Gaussian integral, for one coordinate $z$",
                _check_gaussian_integral,
                "SymPy's integral over the normal density",
            ),
            Step(
                Eq(Mean(log(quadratic)), Integral(_over_t(exp(-t), _general()), (t, 0, oo))),
                r"put $y$ for $x$ in Frullani's integral and take the mean inside; the coordinates "
                r"of $z$ are independent, so the mean of $e^{-t y}$ is a product",
                _check_log_quadratic,
                r"mpmath against the closed form $2 \log((\sqrt{\lambda_0} + "
                r"\sqrt{\lambda_1})/2) + \psi(1) + \log 2$ at $d = 2$",
            ),
            Step(
                Eq(Mean(log(chi**2)), digamma(d / 2) + log(2)),
                r"differentiate $\mathbb{E}[\chi^{2 s}] = 2^s \Gamma(d/2 + s) / \Gamma(d/2)$ at "
                r"$s = 0$",
                _check_log_chi_square,
                "SymPy: the moment by integration, its derivative for every $d$",
            ),
            Step(
                Eq(Mean(log(a[i])), with_digamma),
                r"subtract: $\log a_i = \log y - \log \chi^2$",
                _check_moments,
                r"engine, $\mathbb{E}[a^q] = q!\,[t^q] \prod_k (1 - t \lambda_k)^{-1/2} / (d/2)_q$ "
                r"for $q \le 4$ at $d = 2, 3, 4$; mpmath against the closed form at $d = 2$",
            ),
            Step(
                Eq(Mean(log(a[i])) - log(m), drift),
                r"apply the last step to $\lambda_k = p_1/d$, where $a_i$ is that constant, and "
                r"subtract: the digamma function cancels, and what remains decays at both ends",
                _check_digamma_free,
                "mpmath, both integrals at three spectra",
            ),
            Step(
                Eq(after, phi(X) + drift),
                "put the third and the last step together",
                _check_circle,
                r"mpmath at $d = 2$: the mean of $\phi$, from its definition, over all rotations",
            ),
        ),
        singular=(
            r"Both sides are infinite and say nothing. The law of $\log a_i$ still holds for "
            r"every $A \neq 0$, singular or not."
        ),
        observe=lambda layer: layer.gap,
        value=_value,
        error=_error,
    )


def over_rows(body: Expr) -> Expr:
    """Sum over the index i of the rows.

    Examples
    --------
    >>> over_rows(a[i])
    Sum(a[i], (i, 0, d - 1))
    """
    return Sum(body, (i, 0, d - 1))


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


def _isotropic(m: Expr) -> Expr:
    return (1 + 2 * t * m) ** (-d / 2)


def _general() -> Expr:
    return over_eigenvalues(Product, (1 + 2 * t * lam[k]) ** Rational(-1, 2))


def _over_t(first: Expr, second: Expr) -> Expr:
    return (first - second) / t


def _singular(point: Point) -> str:
    zeros = sum(value.is_zero is True for value in point.spectrum or ())
    if not zeros:
        return ""
    return (
        f"it needs n = d linearly independent samples, and {zeros} of the {point.width} "
        "eigenvalues of A = X X^T are zero"
    )


def _value(formula: Formula, point: Point) -> Expr:
    """Evaluate the law: as an integral for exact eigenvalues, else by the trapezoidal rule."""
    if point.spectrum is None:
        raise ValueError("spectrum is missing; the isometry gap needs the d eigenvalues of A")
    if not point.exact:
        eigenvalues = np.array(point.floats())
        return Float(float(gap_of_spectrum(eigenvalues) + log_mean_shift(eigenvalues).value), 17)
    m = point.power_sum(1) / point.width
    gap = log(m) - Add(*(log(v) for v in point.spectrum)) / point.width
    product = Mul(*(Pow(1 + 2 * t * v, Rational(-1, 2)) for v in point.spectrum))
    integrand = _over_t(_isotropic(m).subs(d, point.width), product)
    drift = Integral(integrand, (t, 0, oo)) if integrand != 0 else Rational(0)
    return simplify(gap) + drift if gap.is_number else gap + drift


def _error(point: Point) -> float:
    return 0.0 if point.exact else float(log_mean_shift(np.array(point.floats())).error)


# The checks of the steps. Each compares two things that were computed in different ways.


def _gap_power(A: Matrix) -> Expr:
    """Return exp(-d φ) = det A / (tr A / d)^d, a rational number for a rational matrix."""
    return A.det() / (A.trace() / A.rows) ** A.rows


def _example() -> tuple[Matrix, Matrix]:
    """Return an invertible input and a rational orthogonal weight matrix, both 3 × 3."""
    return Matrix([[2, 1, 0], [-1, 3, 1], [0, 1, 1]]), rational_orthogonal()


def _check_gap_by_eigenvalues() -> bool:
    X_, _ = _example()
    A = X_ * X_.T
    T = Symbol("T")
    # The eigenvalues are roots of a cubic; their product and sum are its coefficients.
    product, total = -A.charpoly(T).eval(0), -A.charpoly(T).all_coeffs()[1]
    return bool(product / (total / 3) ** 3 == _gap_power(A))


def _check_gap_after_a_layer() -> bool:
    X_, W_ = _example()
    H = W_ * X_
    norms = [(H * H.T)[n, n] for n in range(3)]
    after = diag(*(1 / sqrt(value) for value in norms)) * H
    before = X_ * X_.T
    mean = before.trace() / 3
    predicted = _gap_power(before) * mean**3 / prod(norms)
    return bool(simplify(_gap_power(after * after.T) - predicted) == 0)


def _row_norm(width: int, row: int = 0) -> tuple[Expr, tuple[Expr, ...]]:
    V = HaarOrthogonal("W", width)
    v = symbols(f"v:{width}", positive=True)
    return Add(*(v[n] * V[row, n] ** 2 for n in range(width))), v


def _check_rows_exchangeable() -> bool:
    first, last = _row_norm(3, 0)[0], _row_norm(3, 2)[0]
    return all(expand(E(expand(first**q)) - E(expand(last**q))) == 0 for q in (1, 2, 3))


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


def _check_gaussian_row() -> bool:
    for width in (2, 3):
        row, v = _row_norm(width)
        zs = symbols(f"z:{width}", real=True)
        form = Add(*(v[n] * zs[n] ** 2 for n in range(width)))
        square = Add(*(y**2 for y in zs))
        for q in (1, 2, 3):
            product = E(expand(row**q)) * _gaussian_mean(square**q, zs)
            if expand(product - _gaussian_mean(form**q, zs)) != 0:
                return False
    return True


def _check_frullani() -> bool:
    integrand = _over_t(exp(-t), exp(-t * x))
    slope = integrate(diff(integrand, x), (t, 0, oo))
    return bool(integrand.subs(x, 1) == 0 and simplify(slope - diff(log(x), x)) == 0)


def _check_gaussian_integral() -> bool:
    v = Symbol("v", positive=True)
    density = exp(-(z**2) / 2) / sqrt(2 * pi)
    mean = integrate(density * exp(-t * v * z**2), (z, -oo, oo))
    return bool(simplify(mean - (1 + 2 * t * v) ** Rational(-1, 2)) == 0)


def _log_quadratic(eigenvalues: Sequence[float]) -> mpmath.mpf:
    """Mean of log y by mpmath, from the integral with e^(-t)."""

    def integrand(at: mpmath.mpf) -> mpmath.mpf:
        product = mpmath.fprod(1 + 2 * at * value for value in eigenvalues)
        return (mpmath.exp(-at) - 1 / mpmath.sqrt(product)) / at

    return mpmath.quad(integrand, [0, 0.1, 1, 10, mpmath.inf])


def _closed_form_at_two(u: float, v: float) -> mpmath.mpf:
    """E log a at d = 2: the mean of log(u cos² + v sin²) over the circle."""
    return 2 * mpmath.log((mpmath.sqrt(u) + mpmath.sqrt(v)) / 2)


def _close(first: mpmath.mpf, second: mpmath.mpf) -> bool:
    return bool(abs(first - second) < mpmath.mpf(10) ** -12)


def _check_log_quadratic() -> bool:
    return all(
        _close(_log_quadratic(pair), _closed_form_at_two(*pair) + mpmath.digamma(1) + mpmath.log(2))
        for pair in ((1, 1), (1, 4), (2, 7))
    )


def _check_log_chi_square() -> bool:
    density = x ** (d / 2 - 1) * exp(-x / 2) / (2 ** (d / 2) * gamma(d / 2))
    moment = 2**s * gamma(d / 2 + s) / gamma(d / 2)
    integrated = integrate(x**s * density, (x, 0, oo))
    slope = diff(moment, s).subs(s, 0)
    return bool(
        simplify(integrated / moment) == 1 and simplify(slope - digamma(d / 2) - log(2)) == 0
    )


def _check_moments() -> bool:
    for width in (2, 3, 4):
        row, v = _row_norm(width)
        if any(expand(E(expand(row**q)) - row_norm_moment(q, v)) != 0 for q in (1, 2, 3, 4)):
            return False
    at_two = _log_quadratic((1, 4)) - mpmath.digamma(1) - mpmath.log(2)
    return _close(at_two, _closed_form_at_two(1, 4))


def _check_digamma_free() -> bool:
    for eigenvalues in ((1, 4), (1, 2, 3), (0.5, 1, 1, 6)):
        width, m = len(eigenvalues), mpmath.fsum(eigenvalues) / len(eigenvalues)
        mean_log = (
            _log_quadratic(eigenvalues) - mpmath.digamma(mpmath.mpf(width) / 2) - mpmath.log(2)
        )
        if not _close(mean_log - mpmath.log(m), log_mean_shift_reference(eigenvalues)[0]):
            return False
    return True


def _check_circle() -> bool:
    """Compare the law with the mean of φ(BN(W X)) over the circle, for X = diag(√u, √v)."""
    return all(
        _close(
            mpmath.quad(lambda angle, p=pair: _gap_after_rotation(angle, *p), [0, mpmath.pi / 2])
            / (mpmath.pi / 2),
            float(gap_of_spectrum(np.array(pair, float))) + log_mean_shift_reference(pair)[0],
        )
        for pair in ((1, 4), (2, 7))
    )


def _gap_after_rotation(angle: mpmath.mpf, u: float, v: float) -> mpmath.mpf:
    """φ after one layer at d = 2: of two unit rows with cosine r, it is -log(1 - r²) / 2."""
    cos, sin = mpmath.cos(angle), mpmath.sin(angle)
    first, second = u * cos**2 + v * sin**2, u * sin**2 + v * cos**2
    r = (v - u) * sin * cos / mpmath.sqrt(first * second)
    return -mpmath.log(1 - r**2) / 2
