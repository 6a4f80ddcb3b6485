"""Means of ratios: over squared lengths, and of one over quadratic forms."""

import numpy as np
import pytest
from scipy.integrate import quad
from sympy import (
    Integral,
    MatrixSymbol,
    Q,
    Rational,
    Trace,
    factor,
    gamma,
    gammasimp,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    RandomState,
    RandomUnitVector,
    Wishart,
    crosscheck,
    variance,
)
from weingarten.expressions.reader import NotPolynomialError

d, n = symbols("d n", integer=True, positive=True)
s = symbols("s", real=True)
A, B, R = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d), MatrixSymbol("R", d, d)
x, v, y = GaussianMatrix("x", d, 1), RandomUnitVector("v", d), GaussianMatrix("y", 3, 1)
G = GaussianMatrix("G", d, n, variance=Rational(1, 2), complex=True)
form, length = (x.T * A * x)[0, 0], (x.T * x)[0, 0]
positive = [Q.symmetric(A), Q.positive_definite(A)]
real = [Q.symmetric(A), Q.real_elements(A)]
a3 = [[2, 1, 0], [1, 3, 0], [0, 0, 1]]


# Over squared lengths -----------------------------------------------------------------------------


def test_a_quotient_of_equal_degrees_is_that_of_a_unit_vector():
    on_sphere = (v.T * A * v)[0, 0]
    assert E(form / length) == E(on_sphere) == Trace(A) / d
    assert factor(E(form**2 / length**2) - E(on_sphere**2)) == 0
    assert factor(variance(form / length, real) - variance(on_sphere, real)) == 0
    assert E(x[0] ** 4 / length**2) == E(v[0] ** 4)


def test_powers_of_a_length_are_those_of_a_chi_square_number():
    assert E(1 / length, conditions=True) == (1 / (d - 2), d - 2 > 0)
    assert E(length**s) == 2**s * gamma(d / 2 + s) / gamma(d / 2)
    for power in (1, 2, 3):
        assert gammasimp(E(length**s).subs(s, power) - E(length**power)) == 0
        assert gammasimp(E(length**s).subs(s, -power) - E(length**-power)) == 0
    assert E(sqrt((y.T * y)[0, 0])) == sqrt(2) / gamma(Rational(3, 2))
    assert E(y[0] ** 4 / (y.T * y)[0, 0] ** 2) == Rational(1, 5)
    assert E((x[0] + x[1]) ** 2 / length + 1) == (d + 2) / d


def test_induced_density_matrices():
    # Mean purities: of the reduced state of d x n, complex and real.
    Z, S = Wishart("Z", d, n, complex=True), Wishart("S", d, n)
    assert factor(E(Trace(Z**2) / Trace(Z) ** 2) - (d + n) / (d * n + 1)) == 0
    assert factor(E(Trace(S**2) / Trace(S) ** 2) - (d + n + 1) / (d * n + 2)) == 0
    assert factor(E(Trace((G * G.H) ** 2) / Trace(G * G.H) ** 2) - (d + n) / (d * n + 1)) == 0
    there = Wishart("Z", 2, 3, complex=True)
    assert crosscheck(Trace(there**2) / Trace(there) ** 2, samples=4000)


def test_a_variance_scales():
    half = GaussianMatrix("x", d, 1, variance=Rational(1, 2))
    assert E(1 / (half.T * half)[0, 0]) == 2 / (d - 2)
    assert E(Trace(G * G.H) ** -1) == 2 / (d * n - 1)


def test_beside_other_matrices():
    W = HaarOrthogonal("W", d)
    assert E((x.T * W * A * W.T * x)[0, 0] / length) == Trace(A) / d
    assert E(x[0] / length) == 0


# One over a quadratic form ------------------------------------------------------------------------


def test_the_integral_of_the_identity_is_known():
    # With A = c 1 the form is c times a chi-square number.
    value = E(1 / form, positive, at={d: 5, A: np.diag([2.0] * 5)})
    assert value == pytest.approx(1 / (2 * 3), rel=1e-12)
    value = E(1 / form**2, positive, at={d: 6, A: np.diag([2.0] * 6)})
    assert value == pytest.approx(1 / (4 * 4 * 2), rel=1e-12)


@pytest.mark.parametrize("power", [1, 2])
def test_the_integral_agrees_with_quadrature(power):
    values = np.array([1.0, 2.0, 0.5, 3.0, 4.0, 1.5])

    def integrand(t):
        return t ** (power - 1) / np.sqrt(np.prod(1 + 2 * t * values))

    expected = quad(integrand, 0, np.inf, epsrel=1e-11)[0]
    assert E(1 / form**power, positive, at={d: 6, A: np.diag(values)}) == pytest.approx(expected)


def test_forms_in_units_and_with_a_covariance():
    direction = 1 / (v.T * A * v)[0, 0]
    assert E(direction, positive) == (d - 2) * E(1 / form, positive)
    assert crosscheck(
        direction, at={d: 3, A: a3}, exact=E(direction, positive, at={d: 3, A: a3}), samples=4000
    )
    z = GaussianMatrix("z", d, 1, row_covariance=R)
    assert isinstance(E(1 / (z.T * A * z)[0, 0], positive), Integral)
    at = {d: 3, A: a3, R: np.eye(3) * 2}
    turned = E(1 / (z.T * A * z)[0, 0], positive, at=at)
    assert turned == pytest.approx(E(1 / form, positive, at={d: 3, A: a3}) / 2)
    psi = RandomState("psi", d)
    hermitian = [Q.hermitian(A), Q.positive_definite(A)]
    value = E(1 / (psi.H * A * psi)[0, 0], hermitian, at={d: 2, A: [[2, 0], [0, 1]]})
    assert value == pytest.approx(np.log(2))  # the mean of 1/(1 + u) for a uniform u


# Refused ------------------------------------------------------------------------------------------


def test_means_that_do_not_exist():
    with pytest.raises(ValueError, match="it would have one with 2 or more further entries"):
        E((y.T * y)[0, 0] ** -2)
    with pytest.raises(ValueError, match="it would have one with 1 or more further entries"):
        E(1 / length, at={d: 2})
    two = MatrixSymbol("A", 2, 2)
    pair = GaussianMatrix("x", 2, 1)
    facts = [Q.symmetric(two), Q.positive_definite(two)]
    with pytest.raises(ValueError, match="which has no mean"):
        E(1 / Trace(two * pair * pair.T), facts)


def test_a_form_that_is_not_known_to_be_positive():
    with pytest.raises(ValueError, match="whose mean is known for a positive form"):
        E(1 / form)
    with pytest.raises(ValueError, match=r"Q.positive_definite\(A\) does not hold"):
        E(1 / form, positive, at={d: 3, A: [[1, 2, 0], [2, 1, 0], [0, 0, 1]]})
    with pytest.raises(ValueError, match="expected no more than 15"):
        E(1 / form, positive, at={d: 3, A: a3}, digits=30)


@pytest.mark.parametrize(
    "expr", [1 / (1 + length), x[0] ** 2 / form, 1 / (form * length), 1 / x[0]], ids=str
)
def test_other_ratios(expr):
    facts = positive if expr.has(A) else None
    with pytest.raises(NotPolynomialError, match="is not a polynomial"):
        E(expr, facts)


def test_one_matrix_alone():
    with pytest.raises(ValueError, match="y would stay random"):
        E((y.T * y)[0, 0] * form / length, over=x)
