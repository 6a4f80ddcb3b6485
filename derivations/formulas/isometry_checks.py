"""The checks of the isometry law's steps: each compares two things found in different ways."""

from __future__ import annotations

from collections.abc import Sequence

import mpmath
import numpy as np
from sympy import (
    Add,
    Expr,
    Matrix,
    Poly,
    Rational,
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

from derivations.formulas.examples import rational_orthogonal
from derivations.notation import d, t
from derivations.numeric.network import gap_of_spectrum
from derivations.numeric.quadrature import log_mean_shift_reference
from weingarten import E, HaarOrthogonal

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
    "circle",
]

z = Symbol("z", real=True)
x, s = symbols("x s", positive=True)


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


def _gap_power(A: Matrix) -> Expr:
    """Return exp(-d φ) = det A / (tr A / d)^d, a rational number for a rational matrix."""
    return A.det() / (A.trace() / A.rows) ** A.rows


def _example() -> tuple[Matrix, Matrix]:
    """Return an invertible input and a rational orthogonal weight matrix, both 3 × 3."""
    return Matrix([[2, 1, 0], [-1, 3, 1], [0, 1, 1]]), rational_orthogonal()


def gap_by_eigenvalues() -> bool:
    """Compare det A / (tr A / d)^d with the coefficients of A's characteristic polynomial."""
    X_, _ = _example()
    A = X_ * X_.T
    T = Symbol("T")
    # The eigenvalues are roots of a cubic; their product and sum are its coefficients.
    product, total = -A.charpoly(T).eval(0), -A.charpoly(T).all_coeffs()[1]
    return bool(product / (total / 3) ** 3 == _gap_power(A))


def gap_after_a_layer() -> bool:
    """Compare exp(-d φ) after a layer, from its definition, with what the row norms predict."""
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


def rows_exchangeable() -> bool:
    """Compare the engine's moments of the first and the last row norm."""
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


def gaussian_row() -> bool:
    """Compare E[a^q] E[χ^(2q)] from the engine with E[(Σ_k λ_k z_k²)^q] from Gaussian moments."""
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


def frullani() -> bool:
    """Compare both sides at x = 1, and their derivatives in x."""
    integrand = (exp(-t) - exp(-t * x)) / t
    slope = integrate(diff(integrand, x), (t, 0, oo))
    return bool(integrand.subs(x, 1) == 0 and simplify(slope - diff(log(x), x)) == 0)


def gaussian_integral() -> bool:
    """Integrate exp(-t v z²) over the normal density."""
    v = Symbol("v", positive=True)
    density = exp(-(z**2) / 2) / sqrt(2 * pi)
    mean = integrate(density * exp(-t * v * z**2), (z, -oo, oo))
    return bool(simplify(mean - (1 + 2 * t * v) ** Rational(-1, 2)) == 0)


def _mean_log_quadratic(eigenvalues: Sequence[float]) -> mpmath.mpf:
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


def log_quadratic() -> bool:
    """Compare the integral with a closed form at d = 2."""
    return all(
        _close(
            _mean_log_quadratic(pair),
            _closed_form_at_two(*pair) + mpmath.digamma(1) + mpmath.log(2),
        )
        for pair in ((1, 1), (1, 4), (2, 7))
    )


def log_chi_square() -> bool:
    """Integrate χ^(2s) over its density, and differentiate the result at s = 0."""
    density = x ** (d / 2 - 1) * exp(-x / 2) / (2 ** (d / 2) * gamma(d / 2))
    moment = 2**s * gamma(d / 2 + s) / gamma(d / 2)
    integrated = integrate(x**s * density, (x, 0, oo))
    slope = diff(moment, s).subs(s, 0)
    return bool(
        simplify(integrated / moment) == 1 and simplify(slope - digamma(d / 2) - log(2)) == 0
    )


def moments() -> bool:
    """Compare the engine's E[a^q] with the generating function, and E[log a] at d = 2."""
    for width in (2, 3, 4):
        row, v = _row_norm(width)
        if any(expand(E(expand(row**q)) - row_norm_moment(q, v)) != 0 for q in (1, 2, 3, 4)):
            return False
    at_two = _mean_log_quadratic((1, 4)) - mpmath.digamma(1) - mpmath.log(2)
    return _close(at_two, _closed_form_at_two(1, 4))


def digamma_free() -> bool:
    """Compare the integral that needs a digamma function with the one that does not."""
    for eigenvalues in ((1, 4), (1, 2, 3), (0.5, 1, 1, 6)):
        width, m = len(eigenvalues), mpmath.fsum(eigenvalues) / len(eigenvalues)
        mean_log = (
            _mean_log_quadratic(eigenvalues) - mpmath.digamma(mpmath.mpf(width) / 2) - mpmath.log(2)
        )
        if not _close(mean_log - mpmath.log(m), log_mean_shift_reference(eigenvalues)[0]):
            return False
    return True


def circle() -> bool:
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
