"""Powers of moduli that are no polynomials, by Gamma functions."""

import pytest
from sympy import (
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    conjugate,
    gamma,
    gammasimp,
    pi,
    re,
    sqrt,
    symbols,
)

from weingarten import (
    CircularOrthogonal,
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarStiefel,
    HaarSymplectic,
    HaarUnitary,
    RandomState,
    crosscheck,
    variance,
)
from weingarten.expressions.reader import NotPolynomialError

d, m = symbols("d m", integer=True, positive=True)
s, t = symbols("s t", real=True)
W, U, S = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("S", m)
G = GaussianMatrix("G", d, d, variance=Rational(1, 3))
Z = GaussianMatrix("Z", d, d, variance=Rational(1, 3), complex=True)
V, psi = HaarStiefel("V", d, 2, complex=True), RandomState("psi", d)


def test_values_in_symbols():
    assert E(abs(U[0, 0]) ** (2 * t)) == gamma(d) * gamma(t + 1) / gamma(d + t)
    assert E(abs(W[0, 0])) == gamma(d / 2) / (sqrt(pi) * gamma((d + 1) / 2))
    assert E(abs(W[0, 0]) ** s, conditions=True)[1] == (s > -1)
    assert E(abs(U[2, 0]) ** (2 * t), conditions=True)[1] == (d >= 3) & (t > -1)
    z = Symbol("z")
    assert E(abs(U[0, 0]) ** z, conditions=True)[1] == (re(z) / 2 > -1)


@pytest.mark.parametrize("matrix", [W, U, S, G, Z, V, psi], ids=str)
@pytest.mark.parametrize("powers", [(2, 0), (4, 0), (2, 2), (4, 2)])
def test_even_exponents_give_the_polynomial_moments(matrix, powers):
    # Two routes: Gamma functions at a symbol that is then an even number, and pairings.
    first, second = matrix[0, 0], matrix[1, 0]
    generic = E(abs(first) ** s * abs(second) ** t)
    value = generic.subs({s: powers[0], t: powers[1]})
    assert gammasimp(value - E(abs(first) ** powers[0] * abs(second) ** powers[1])) == 0


@pytest.mark.parametrize("matrix", [W, U, G, Z], ids=str)
def test_entries_beside_moduli(matrix):
    x, y = matrix[0, 0], matrix[0, 1]
    both = E(abs(x) ** s * y * conjugate(y))
    assert gammasimp(both.subs(s, 2) - E(abs(x * y) ** 2)) == 0
    assert E(abs(x) ** s * y) == 0
    assert gammasimp(E(abs(x) ** s * abs(x) ** t) - E(abs(x) ** (s + t))) == 0


def test_dimension_one_is_a_sign():
    assert E(abs(HaarOrthogonal("W", 1)[0, 0]) ** s) == 1
    assert E(abs(HaarOrthogonal("W", 3)[0, 0])) == Rational(1, 2)


def test_sums_variances_and_independent_matrices():
    x = abs(W[0, 0])
    assert gammasimp(variance(x) - (1 / d - E(x) ** 2)) == 0
    assert (E((x + 1) ** 2) - (1 / d + 2 * E(x) + 1)).expand() == 0
    assert E(x**s * abs(U[0, 0]) ** t) == E(x**s) * E(abs(U[0, 0]) ** t)
    A = MatrixSymbol("A", d, d)
    assert E(x**s * Trace(A)) == Trace(A) * E(x**s)


def test_numbers():
    exact = E(abs(HaarOrthogonal("W", 5)[0, 0]) ** s).subs(s, Rational(1, 2))
    assert E(abs(W[0, 0]) ** s, at={d: 5, s: 0.5}) == pytest.approx(float(exact), rel=1e-12)
    assert E(abs(W[0, 0]) ** s, at={d: 5, s: 2}) == Rational(1, 5)
    assert abs(E(abs(W[0, 0]) ** s, at={d: 5, s: Rational(1, 2)}, digits=30) - exact.n(40)) < 1e-29


@pytest.mark.parametrize("matrix", [W, U, Z], ids=str)
def test_simulation_agrees(matrix):
    expr = abs(matrix[0, 0]) ** s * abs(matrix[1, 0])
    assert crosscheck(expr, at={d: 3, s: 0.7}, samples=4000, seed=1)


def test_a_wrong_value_is_found():
    wrong = gamma(d) / gamma(d + s)
    assert not crosscheck(abs(W[0, 0]) ** s, at={d: 3, s: 0.7}, exact=wrong, samples=4000)


# Refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "why"),
    [
        (abs(W[0, 0]) * abs(W[1, 1]), "not independent and centred, nor of one row"),
        (abs(W[0, 0]) * Trace(W), r"Trace\(W\) is none"),
        (abs(CircularOrthogonal("S", d)[0, 0]), "not independent and centred, nor of one row"),
        (abs(W[0, 0] + W[1, 0]), "not a polynomial"),
    ],
    ids=str,
)
def test_what_has_no_closed_form(expr, why):
    with pytest.raises(NotPolynomialError, match=why):
        E(expr)


def test_moments_that_do_not_exist():
    with pytest.raises(ValueError, match=r"to the power of -1 has no mean; .* above -1"):
        E(abs(W[0, 0]) ** -1)
    with pytest.raises(ValueError, match=r"to the power of -2 has no mean; .* above -2"):
        E(abs(Z[0, 0]) ** -2)
    with pytest.raises(ValueError, match="has a mean where s > -1"):
        E(abs(W[0, 0]) ** s, at={d: 5, s: Rational(-3, 2)})
    with pytest.raises(ValueError, match="expected all random matrices"):
        E(abs(W[0, 0]) ** s * abs(U[0, 0]) ** 2, over=W)
