"""E log a for a row of a Haar layer, without the law's integral over t.

Two routes: a closed form where every eigenvalue comes twice, and an integral over a finite
interval whose terms are all positive. Everything is relative to the mean of the eigenvalues.
"""

from fractions import Fraction

import mpmath


def gap(eigenvalues):
    """log(mean λ) - mean(log λ) at the working precision."""
    values = _numbers(eigenvalues)
    mean = mpmath.fsum(values) / len(values)
    return mpmath.log(mean) - mpmath.fsum(map(mpmath.log, values)) / len(values)


def shift_of_pairs(eigenvalues):
    """E log(a/m) for the spectrum in which each of these distinct eigenvalues comes twice.

    Then a = Σ μ_j B_j with B uniform on the simplex of n weights, and by Hermite and Genocchi
    E g^(n-1)(a) = (n-1)! g[μ_1, …, μ_n], a divided difference, of g = x^(n-1) (log x - H_(n-1)).
    """
    values = _numbers(eigenvalues)
    n = len(values)
    mean = mpmath.fsum(values) / n
    values = [value / mean for value in values]
    harmonic = mpmath.fsum(mpmath.mpf(1) / r for r in range(1, n))
    terms = (
        value ** (n - 1)
        * (mpmath.log(value) - harmonic)
        / mpmath.fprod(value - other for other in values if other != value)
        for value in values
    )
    return mpmath.fsum(terms)


def shift_of_two(u, v):
    """E log(a/m) at d = 2: the mean of log(u cos² + v sin²) over the circle."""
    u, v = _numbers((u, v))
    return 2 * mpmath.log((mpmath.sqrt(u) + mpmath.sqrt(v)) / 2) - mpmath.log((u + v) / 2)


def shift_by_theta(eigenvalues):
    """E log(a/m) as -∫_0^1 (1-θ)^(d/2-1) (Π (1 + θ δ_k)^(-1/2) - 1) dθ/θ."""
    values = _numbers(eigenvalues)
    d = len(values)
    mean = mpmath.fsum(values) / d
    ratios = [value / mean for value in values]

    # With 1 - θ = e^(-v) the integrand has no end point at 1, and 1 + θ δ = e^(-v) + θ x.
    def integrand(v):
        theta, rest = -mpmath.expm1(-v), mpmath.exp(-v)
        product = mpmath.fprod(rest + theta * x for x in ratios)
        return rest ** (mpmath.mpf(d) / 2) * (1 / mpmath.sqrt(product) - 1) / theta

    turns = sorted(float(mpmath.log(1 + 1 / x)) for x in ratios)
    ends = [0.0, *turns, turns[-1] + 2, turns[-1] + 10, turns[-1] + 50, turns[-1] + 400]
    return -mpmath.quad(integrand, sorted(set(ends)))


def _numbers(eigenvalues):
    fractions = (Fraction(value) for value in eigenvalues)
    return [mpmath.mpf(f.numerator) / f.denominator for f in fractions]
