"""The GSE and Gaussian matrices of independent quaternions."""

import pickle
import random
from math import comb

import numpy as np
import pytest
from sympy import (
    I,
    MatMul,
    MatrixSymbol,
    Rational,
    Sum,
    Symbol,
    Trace,
    conjugate,
    expand,
    latex,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    GaussianOrthogonal,
    GaussianSymplectic,
    HaarSymplectic,
    SymplecticGinibre,
    crosscheck,
    cumulant,
    explain,
    variance,
)
from weingarten.ensembles.symplectic import SymplecticForm, conjugated_by_form
from weingarten.integration.routes import ROUTES

d, m = symbols("d m", integer=True, positive=True)
i, j, k, q = symbols("i j k q", integer=True)
H, G = GaussianSymplectic("H", m), SymplecticGinibre("G", m)
A, B = MatrixSymbol("A", 2 * m, 2 * m), MatrixSymbol("B", 2 * m, 2 * m)
J = SymplecticForm(2 * m)


# Values ------------------------------------------------------------------------------------------


def test_second_moments_of_entries():
    assert [E(abs(H[x]) ** 2) for x in ((0, 0), (0, 1), (0, 2), (0, 3), (3, 0))] == [1, 0, 1, 1, 1]
    assert E(H[0, 0] * H[1, 1]) == 1
    assert E(H[0, 2] * H[1, 3]) == E(H[0, 2] * H[2, 0]) == E(H[0, 2] * H[3, 1].conjugate()) == 1
    assert E(H[0, 3] * H[1, 2]) == -1
    assert E(H[0, 2] ** 2) == E(H[0, 2] * H[0, 3]) == 0
    assert E(abs(G[0, 1]) ** 4) == 2
    assert E(G[0, 0] * G[1, 1]) == 1
    assert E(G[0, 1] * G[1, 0]) == -1
    assert E(abs(G[0, 0]) ** 2 * abs(G[0, 1]) ** 2) == 1


@pytest.mark.parametrize("X", [H, G], ids=str)
def test_symbolic_indices_are_those_of_numbers(X):
    value = E(X[i, j] * X[k, q]).subs(m, 2)
    barred = E(X[i, j] * conjugate(X[k, q])).subs(m, 2)
    made = X.subs(m, 2)
    rng = random.Random(1)
    for _ in range(30):
        places = [rng.randrange(4) for _ in range(4)]
        there = dict(zip((i, j, k, q), places, strict=True))
        one, other = made[places[0], places[1]], made[places[2], places[3]]
        assert value.subs(there).doit() == E(one * other)
        assert barred.subs(there).doit() == E(one * conjugate(other))


def test_entries_agree_with_the_joins_of_ends(monkeypatch):
    rng, exprs = random.Random(2), []
    for X in (H, G):
        for _ in range(10):
            places = [(rng.randrange(4), rng.randrange(4)) for _ in range(2)]
            places += [(a ^ 1, b ^ 1) for a, b in places]
            entries = [X[p] if rng.random() < 0.6 else conjugate(X[p]) for p in places]
            exprs.append(entries[0] * entries[1] * entries[2] * entries[3])
    found = [E(expr) for expr in exprs]
    kept = [r for r in ROUTES if not r.terms.__module__.endswith("quaternions")]
    monkeypatch.setattr("weingarten.integration.routes.base.ROUTES", kept)
    assert [E(expr) for expr in exprs] == found
    assert any(found)


def test_words():
    assert E(H * A * H) == Trace(A) * SymplecticIdentity + J * A.T * J
    assert E(Trace(H * A * H * B)) == Trace(A) * Trace(B) + Trace(A * J * B.T * J)
    assert E(G * A * G.H) == Trace(A) * SymplecticIdentity
    assert E(G * A * G) == J * A.T * J
    assert E(Trace(G * A * G.T * B)) == -Trace(A * J) * Trace(B * J)
    assert E(Trace(H) * H) == 2 * SymplecticIdentity


SymplecticIdentity = E(HaarSymplectic("S", m) * HaarSymplectic("S", m).H)


# By theorem ---------------------------------------------------------------------------------------


def test_moments_are_those_of_the_orthogonal_ensemble_at_minus_twice_the_size():
    O = GaussianOrthogonal("O", d)  # noqa: E741
    for powers in ((2,), (4,), (6,), (2, 2), (3, 1), (3, 3), (1, 1, 2)):
        ours, theirs = 1, 1
        for power in powers:
            ours, theirs = ours * Trace(H**power), theirs * Trace(O**power)
        sign = (-1) ** (sum(powers) // 2 + len(powers))
        assert expand(E(ours) - sign * E(theirs).subs(d, -2 * m)) == 0


def test_moments_for_one_block_are_those_of_a_normal_number():
    made = GaussianSymplectic("H", 1)
    assert E(Trace(made**12)) == 2 * 10395
    assert E(Trace(made) ** 6) == 64 * 15
    assert E(Trace(H**12)).subs(m, 1) == 2 * 10395


def test_leading_terms_are_those_of_the_semicircle():
    for power in range(1, 7):
        catalan = comb(2 * power, power) // (power + 1)
        value = expand(E(Trace(H ** (2 * power))))
        assert value.coeff(m, power + 1) == catalan * 2 ** (power + 1)


def test_moments_of_independent_quaternions():
    assert E(Trace(G * G.H)) == 4 * m**2
    assert E(Trace(G * G.H) ** 2) == 16 * m**4 + 8 * m**2
    assert E(Trace(G * G.H * G * G.H)) == 16 * m**3 - 4 * m**2
    # A single quaternion: its squared length is a Gamma number of shape 2.
    one = SymplecticGinibre("G", 1)
    assert E(Trace((one * one.H) ** 3)) == 2 * 24
    # The real Wishart matrix at -2m, with a sign.
    X = GaussianMatrix("X", d, d)
    for power in (1, 2, 3, 4):
        ours, theirs = E(Trace((G * G.H) ** power)), E(Trace((X * X.T) ** power))
        assert expand(ours - (-1) ** (power + 1) * theirs.subs(d, -2 * m)) == 0


# By definition ------------------------------------------------------------------------------------


@pytest.mark.parametrize("X", [GaussianSymplectic("H", 2), SymplecticGinibre("G", 2)], ids=str)
def test_words_are_those_of_complex_matrices(X):
    # X as a sum of words in a matrix Z of independent complex entries, with the form written out.
    form = SymplecticForm(4).as_explicit()
    Z = GaussianMatrix("Z", 4, 4, complex=True)
    half = (Z + Z.adjoint()) / sqrt(2) if X.is_self_adjoint else Z
    written = (half + form * conjugate(half) * form.T) / sqrt(2)
    a, b = MatrixSymbol("A", 4, 4), MatrixSymbol("B", 4, 4)
    there = {a: _integers(1), b: _integers(2)}
    for word in (
        lambda M: Trace(MatMul(M, a, M, b)),
        lambda M: Trace(MatMul(M, a, M.T, b)),
        lambda M: Trace(MatMul(M, a, conjugate(M), b)),
        lambda M: Trace(MatMul(M, a)) * Trace(MatMul(M.adjoint(), b)),
    ):
        assert expand(E(word(X), at=there) - E(word(written), at=there)) == 0


def _integers(seed):
    return np.random.default_rng(seed).integers(-3, 4, (4, 4)).tolist()


# Beside others ------------------------------------------------------------------------------------


def test_beside_other_random_matrices():
    S = HaarSymplectic("S", m)
    # Invariant under the group.
    turned = S * H * S.H
    assert E(Trace(turned * A) * Trace(turned * B)) == E(Trace(H * A) * Trace(H * B))
    assert E(Trace(S * H * S.H * A * H * B)) == Trace(A * B) / m
    assert E(Trace(H * G * H * G.H)) == E(Trace(H) ** 2) == 4 * m
    assert E(Trace(H * G)) == 0
    assert E(H[0, 0] * Trace(H)) == 2


def test_sums_over_entries_and_variances():
    assert expand(E(Sum(H[i, i] ** 2, (i, 0, 2 * m - 1)))) == 2 * m
    assert variance(Trace(H)) == 4 * m
    assert variance(Trace(G)) == 2 * m
    assert cumulant(Trace(H**2), Trace(H**2)) == 16 * m**2 - 8 * m


def test_a_variance_multiplies_second_moments():
    s = Symbol("s", positive=True)
    for law in (GaussianSymplectic, SymplecticGinibre):
        X, one = law("X", m, variance=s / m), law("X", m)
        assert expand(E(Trace(X * X.H) ** 2) - (s / m) ** 2 * E(Trace(one * one.H) ** 2)) == 0
        assert E(X[0, 0] * X[1, 1]) == s / m
        with pytest.raises(ValueError, match="variance = -1: expected a positive expression"):
            law("X", m, variance=-1)
        with pytest.raises(ValueError, match="m = 0: expected a positive integer"):
            law("X", 0)
        with pytest.raises(ValueError, match="substitute numbers for the symbols"):
            X.sample(3)
        with pytest.raises(ValueError, match=f"a {law.__name__} is joined pair by pair"):
            explain(Trace(X * X.H))


# Simulation ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [GaussianSymplectic, SymplecticGinibre])
def test_samples_have_the_symmetry_and_agree(law):
    made = law("X", 2, variance=Rational(1, 2))
    drawn = made.sample(50, seed=2)
    assert drawn.shape == (50, 4, 4)
    assert np.allclose(conjugated_by_form(np.conj(drawn)), drawn)
    if made.is_self_adjoint:
        assert np.allclose(drawn, np.conj(np.swapaxes(drawn, 1, 2)))
    exprs = [abs(made[0, 2]) ** 2, made[0, 0] * made[1, 1], made[0, 3] * made[1, 2]]
    for expr in (*exprs, Trace(made * made.H * made * made.H), Trace(made**4)):
        assert crosscheck(expr, samples=4000, seed=4)
    assert not crosscheck(abs(made[0, 2]) ** 2, exact=1, samples=4000, seed=4)


def test_numbers_at_arrays():
    for X in (H, G):
        word = Trace(X * A * X.H * B) * Trace(X * X.H)
        there = {m: 2, A: _integers(1), B: _integers(2)}
        assert E(word, at=there) == E(E(word), at=there)
        assert crosscheck(word, at=there, samples=4000, seed=6)


def test_equal_ones_are_equal_and_pickle():
    for X in (H, G):
        assert pickle.loads(pickle.dumps(X)) == X
        assert X.subs(m, 2).shape == (4, 4)
        assert X.func("X", m) != X
        assert latex(Trace(X)) == latex(Trace(MatrixSymbol(X.name, 2, 2)))
    assert E(I * H[0, 2] * conjugate(H[0, 2])) == I
    assert H.func("G", m) != G
