"""Inverse moments of Wishart matrices."""

import pickle
from math import prod

import inverse_words
import numpy as np
import pytest
from share import share
from sympy import Identity, MatrixSymbol, Rational, Trace, factor, symbols

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarUnitary,
    InverseWishart,
    Wishart,
    crosscheck,
    explain,
)

d, n = symbols("d n", integer=True, positive=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
S, Z = Wishart("S", d, n), Wishart("Z", d, n, complex=True)
T = InverseWishart("T", d, n)
LAWS = [InverseWishart("T", 3, 18), InverseWishart("T", 3, 14, complex=True)]


def test_the_mean():
    assert E(S.I) == E(T) == -1 / (d - n + 1) * Identity(d)
    assert E(Z.I) == -1 / (d - n) * Identity(d)
    assert E(S.I, conditions=True)[1] == (d <= n - 2)
    assert E(Trace(Z.I * A * Z.I), conditions=True)[1] == (d <= n - 2)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_one_dimension_is_a_gamma_number(order):
    # 1/chi² of n degrees, and 1/Gamma(n).
    real = prod(n - 2 * k for k in range(1, order + 1))
    assert factor(E(InverseWishart("T", 1, n)[0, 0] ** order) - 1 / real) == 0
    twice = prod(n - k for k in range(1, order + 1))
    made = InverseWishart("T", 1, n, complex=True)
    assert factor(E(made[0, 0] ** order) - 1 / twice) == 0


def test_traces_are_those_of_the_literature():
    # von Rosen (1988), and Graczyk, Letac & Massam (2003).
    below = (n - d) * (n - d - 1) * (n - d - 3)
    assert factor(E(Trace(S**-2)) - d * (n - 1) / below) == 0
    below = (n - d) * (n - d - 1) * (n - d + 1)
    assert factor(E(Trace(Z**-2)) - d * n / below) == 0
    assert factor(E(Trace(Z.I * A) ** 2) - ((n - d) * Trace(A) ** 2 + Trace(A**2)) / below) == 0


def test_the_inverse_solves_steins_equation():
    # Haff: (n - d - 1) E f(S) S^-1 - 2 E df/dS = E f for f = S^-1 A, in coordinates.
    left = (n - d - 1) * E(Trace(S.I * A * S.I * B))
    right = E(Trace(S.I * A) * Trace(S.I * B)) + E(Trace(S.I * A * S.I * B.T))
    assert factor(left - right - E(Trace(A * B * S.I))) == 0


@pytest.mark.parametrize("is_complex", [False, True])
def test_it_is_invariant_under_rotations(is_complex):
    inverse = InverseWishart("T", d, n, is_complex)
    W = (HaarUnitary if is_complex else HaarOrthogonal)("W", d)
    word = Trace(inverse * A * inverse * B)
    turned = Trace(W * inverse * W.adjoint() * A * W * inverse * W.adjoint() * B)
    assert factor(E(word) - E(turned)) == 0


def test_inverses_of_products():
    G = GaussianMatrix("G", d, n, variance=Rational(1, 2))
    assert E((G * G.T).I) == 2 * E(S.I)
    assert factor(E(Trace((3 * G * G.T) ** -1)) - E(Trace(S.I)) * Rational(2, 3)) == 0
    H = GaussianMatrix("H", n, d, complex=True)
    assert E((H.H * H).I) == E(Z.I)
    assert E(Trace((A * S).I * B)) == E(Trace(S.I * A.I * B))
    assert E(T.I) == E(S) == n * Identity(d)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_simulation_agrees(law):
    a = MatrixSymbol("A", 3, 3)
    at = {a: [[1, 2, 0], [0, -1, 1], [1, 0, 3]]}
    drawn = law.sample(20, seed=1)
    assert np.allclose(drawn, np.conj(np.swapaxes(drawn, 1, 2)))
    assert crosscheck(Trace(law * a * law * a.T), at=at, samples=4000)
    assert crosscheck(abs(law[0, 1] * law[1, 2]) ** 2, samples=4000)
    assert not crosscheck(law[0, 0], samples=4000, exact=Rational(1, 9))


@pytest.mark.parametrize("number", share(range(100), 9))
def test_words_obey_integration_by_parts(number):
    assert inverse_words.difference(number) < 1e-9


def test_the_dimension_may_be_odd_or_even_below_zero():
    word = Trace(S.I * A) ** 2
    for freedom in (6, 7, 8, 9):
        at = {d: 2, A: [[1, 2], [3, 4]]}
        exact = E(word.subs(n, freedom), at=at)
        generic = E(word, at={**at, n: freedom})
        assert exact == generic == E(Trace(Wishart("S", d, freedom).I * A) ** 2, at=at)
        below = (freedom - 2) * (freedom - 3) * (freedom - 5)
        assert exact == Rational(25 * (freedom - 4) + 29 + 30, below)


def test_numbers():
    at = {d: 2, n: 9, A: [[1, 2], [3, 4]]}
    assert E(Trace(S.I * A) ** 2, at=at) == Rational(23, 21)


def test_they_pickle():
    assert pickle.loads(pickle.dumps(T)) == T
    assert T.subs({d: 2, n: 5}) == InverseWishart("T", 2, 5)


# Refused ------------------------------------------------------------------------------------------


def test_moments_that_do_not_exist():
    with pytest.raises(ValueError, match="with 3 more degrees of freedom only"):
        E(Trace(Wishart("S", 3, 4) ** -2))
    with pytest.raises(ValueError, match="degree 1 in the inverse T"):
        E(InverseWishart("T", 3, 3, complex=True))
    with pytest.raises(ValueError, match="n = 2: expected no less than d = 3"):
        InverseWishart("T", 3, 2)


def test_a_matrix_beside_its_inverse():
    with pytest.raises(ValueError, match="a product of S and its inverse"):
        E(Trace(S * A * S.I * B))
    assert factor(E(Trace(S + S.I)) - E(Trace(S)) - E(Trace(S.I))) == 0
    with pytest.raises(ValueError, match="is joined at all of its ends"):
        explain(Trace(T * A))
