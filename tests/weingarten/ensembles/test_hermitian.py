"""Symmetric and Hermitian Gaussian matrices, and Wishart matrices."""

import pickle
import random
from math import comb

import numpy as np
import pytest
from sympy import (
    Dummy,
    MatMul,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    conjugate,
    expand,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    GaussianOrthogonal,
    GaussianUnitary,
    HaarOrthogonal,
    Wishart,
    crosscheck,
    cumulant,
    explain,
    variance,
)

d, n = symbols("d n", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True)
S, H = GaussianOrthogonal("S", d), GaussianUnitary("H", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)

# By definition: a matrix of independent entries, and its adjoint.
G, Z = GaussianMatrix("G", d, d), GaussianMatrix("Z", d, d, complex=True)
WRITTEN = {S: (G + G.T) / sqrt(2), H: (Z + Z.adjoint()) / sqrt(2)}


def by_definition(expr):
    return expand(E(expr.xreplace(WRITTEN).doit()))


@pytest.mark.parametrize("X", [S, H], ids=str)
def test_second_moments_of_entries(X):
    value = E(X[i, j] * X[k, m])
    for p, q, r, s in [(0, 1, 1, 0), (0, 1, 0, 1), (0, 0, 0, 0), (0, 0, 1, 1), (0, 1, 2, 0)]:
        there = {i: p, j: q, k: r, m: s}
        assert value.subs(there) == E(X[p, q] * X[r, s]) == by_definition(X[p, q] * X[r, s])


def _words(X, seed, count):
    """Products of one or two traces of words in X, its transpose and constants."""
    rng = random.Random(seed)
    for _ in range(count):
        letters = [X] * rng.choice([2, 4]) + rng.choices([A, B, A.T, X.T, X.adjoint()], k=2)
        if sum(letter.has(X) for letter in letters) % 2:
            letters.append(X)
        rng.shuffle(letters)
        cut = rng.randint(1, len(letters))
        yield Trace(MatMul(*letters[:cut])) * (
            Trace(MatMul(*letters[cut:])) if letters[cut:] else 1
        )


@pytest.mark.parametrize("X", [S, H], ids=str)
def test_words_agree_with_the_definition(X):
    for word in _words(X, str(X), 12):
        assert expand(E(word) - by_definition(word)) == 0, word


@pytest.mark.parametrize("X", [S, H], ids=str)
def test_products_of_entries_agree_with_the_definition(X):
    rng = random.Random(5)
    for _ in range(12):
        entries = [X[rng.randrange(2), rng.randrange(2)] for _ in range(4)]
        entries[0] = conjugate(entries[0])
        product = entries[0] * entries[1] * entries[2] * entries[3]
        assert E(product) == by_definition(product), product


def test_matrices_agree_with_the_definition():
    assert E(S * A * S) == E((G + G.T) * A * (G + G.T) / 2)
    assert E(H * A * H) == E((Z + Z.adjoint()) * A * (Z + Z.adjoint()) / 2)


def test_traces_of_powers_obey_the_recursion_of_harer_and_zagier():
    # (k + 1) c_k = 2 (2k - 1) d c_(k-1) + (k - 1) (2k - 1) (2k - 3) c_(k-2)
    values = [expand(E(Trace(H ** (2 * power)))) if power else d for power in range(9)]
    for power in range(2, 9):
        right = (
            2 * (2 * power - 1) * d * values[power - 1]
            + (power - 1) * (2 * power - 1) * (2 * power - 3) * values[power - 2]
        )
        assert expand((power + 1) * values[power] - right) == 0


def test_leading_terms_are_those_of_the_semicircle():
    for power in range(1, 7):
        catalan = comb(2 * power, power) // (power + 1)
        for X in (S, H):
            assert expand(E(Trace(X ** (2 * power)))).coeff(d, power + 1) == catalan


def test_moments_of_the_orthogonal_ensemble():
    # Ledoux (2009), in this normalisation.
    assert E(Trace(S**4)) == 2 * d**3 + 5 * d**2 + 5 * d
    assert E(Trace(S**6)) == 5 * d**4 + 22 * d**3 + 52 * d**2 + 41 * d
    # d = 1: a Gaussian number of variance 2.
    assert E(Trace(S**12)).subs(d, 1) == 2**6 * 10395
    assert E(Trace(H**12)).subs(d, 1) == 10395


def test_sums_over_entries():
    assert expand(E(Sum(S[i, j] ** 2, (i, 0, d - 1), (j, 0, d - 1)))) == d**2 + d
    assert E(Sum(H[i, i] ** 2, (i, 0, d - 1))) == d


def test_beside_other_random_matrices():
    W = HaarOrthogonal("W", d)
    assert E(Trace(W * S * W.T * A) * Trace(S)) == 2 * Trace(A)
    assert E(Trace(S * H * S * H)) == E(Trace(S * A * S * A).xreplace({A: H}))


def test_variances_and_cumulants():
    assert variance(Trace(S)) == 2 * d
    assert variance(Trace(H)) == d
    assert cumulant(*[Trace(H**2)] * 3) == 8 * d**2


def test_a_variance_multiplies_second_moments():
    s = Symbol("s", positive=True)
    X = GaussianOrthogonal("X", d, variance=s / d)
    assert expand(E(Trace(X**2)) - s * (d + 1)) == 0
    with pytest.raises(ValueError, match="variance = -1: expected a positive expression"):
        GaussianUnitary("X", d, variance=-1)


@pytest.mark.parametrize("law", [GaussianOrthogonal, GaussianUnitary, Wishart])
def test_samples_agree(law):
    made = law("X", 3, 4) if law is Wishart else law("X", 3, variance=Rational(1, 2))
    drawn = made.sample(50, seed=2)
    assert drawn.shape == (50, 3, 3)
    assert np.allclose(drawn, np.conj(np.swapaxes(drawn, 1, 2)))
    for expr in (made[0, 0] ** 2, abs(made[0, 1]) ** 2, Trace(made**3) * made[1, 1]):
        assert crosscheck(expr, samples=4000, seed=4)


def test_a_wrong_second_moment_is_found():
    made = GaussianOrthogonal("X", 3)
    assert not crosscheck(made[0, 0] ** 2, exact=1, samples=4000, seed=4)


@pytest.mark.parametrize("is_complex", [False, True])
def test_moments_of_wishart_matrices(is_complex):
    made = Wishart("X", d, n, complex=is_complex)
    factor = GaussianMatrix("F", d, n, complex=is_complex)
    for power in (1, 2, 3):
        assert E(Trace(made**power)) == E(Trace((factor * factor.adjoint()) ** power))
    assert E(made) == n * E(factor * factor.adjoint() / n)
    # One entry of one degree of freedom is a chi-square number.
    assert E(Wishart("X", 1, 1)[0, 0] ** 3) == 15


def test_numbers_at_dimensions():
    a = [[1, 2, 0], [0, 3, 1], [1, 0, 1]]
    word = Trace(S * A * S * B) ** 2
    value = E(word, at={d: 3, A: a, B: a})
    assert value == E(by_definition(word), at={d: 3, A: a, B: a})


def test_the_listing_is_not_that_of_independent_entries():
    with pytest.raises(ValueError, match="a GaussianUnitary is joined pair by pair"):
        explain(Trace(H**2))


def test_equal_ones_are_equal_and_pickle():
    for made in (S, H, Wishart("X", d, n)):
        assert pickle.loads(pickle.dumps(made)) == made
        assert made.subs(d, 4).shape == (4, 4)
    assert conjugate(S[0, 1]) == S[0, 1]
    assert E(Trace(H * A), Q.symmetric(A)) == 0
    assert H.func("S", d) != S
    assert Dummy() != S
