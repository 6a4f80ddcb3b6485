"""Frames, unit vectors, states, and slices of random matrices as factors of a word."""

import pickle
import random

import numpy as np
import pytest
from sympy import (
    Identity,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    Trace,
    ZeroMatrix,
    rf,
    symbols,
)

from weingarten import (
    E,
    HaarOrthogonal,
    HaarStiefel,
    HaarUnitary,
    RandomState,
    RandomUnitVector,
    crosscheck,
    explain,
    variance,
)

d, k, m = symbols("d k m", integer=True, positive=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
V, Z = HaarStiefel("V", d, k), HaarStiefel("Z", d, k, complex=True)
v, psi = RandomUnitVector("v", d), RandomState("psi", d)
A = MatrixSymbol("A", d, d)
B = MatrixSymbol("B", k, k)
real = [Q.symmetric(A), Q.real_elements(A)]


# Frames ------------------------------------------------------------------------------------------


def test_the_columns_are_orthonormal():
    assert E(V.T * V) == E(Z.H * Z) == Identity(k)
    assert E(V * V.T) == E(W * A * W.T).xreplace({Trace(A): k})
    assert E(V * V.T, conditions=True)[1] == (k <= d)


def test_moments_are_those_of_the_whole_matrix():
    assert E(V[0, 0] ** 2 * V[1, 1] ** 2) == E(W[0, 0] ** 2 * W[1, 1] ** 2)
    assert E(abs(Z[0, 0] * Z[0, 1]) ** 2) == E(abs(U[0, 0] * U[0, 1]) ** 2)
    assert E(V[0, 1] ** 2, conditions=True) == (1 / d, (d >= 2) & (k >= 2) & (k <= d))


def test_a_random_subspace_keeps_a_share():
    # tr(P A) for the projector P = V V': the variance of a random projection.
    value = variance(Trace(V.T * A * V), real)
    expected = 2 * k * (d - k) * (d * Trace(A**2) - Trace(A) ** 2) / (d**2 * (d - 1) * (d + 2))
    assert value == expected
    assert value.subs(k, d) == 0
    assert E((V * V.T)[0, 0] ** 2) == k * (k + 2) / (d * (d + 2))
    assert E((Z * Z.H)[0, 0] ** 2) == k * (k + 1) / (d * (d + 1))


def test_words_with_constants_on_both_sides():
    assert E(Trace(V * B * V.T * A)) == Trace(A) * Trace(B) / d
    square = E(Trace(V * B * V.T * A) ** 2)
    C = MatrixSymbol("C", d, d)
    whole = E(Trace(W * C * W.T * A) ** 2)
    # B is the corner of a matrix C with zeros around it.
    corner = {Trace(C): Trace(B), Trace(C**2): Trace(B**2), Trace(C * C.T): Trace(B * B.T)}
    assert square == whole.xreplace(corner)


@pytest.mark.parametrize("made", [HaarStiefel("V", 3, 2), HaarStiefel("V", 3, 2, complex=True)])
def test_samples_are_frames_and_agree(made):
    drawn = made.sample(5, seed=1)
    gram = np.swapaxes(drawn, 1, 2).conj() @ drawn
    assert np.abs(gram - np.eye(2)).max() < 1e-12
    assert made.sample(0).shape == (0, 3, 2)
    a = [[1, 2, 0], [0, 1, 3], [1, 1, 1]]
    symbol = MatrixSymbol("A", 3, 3)
    assert crosscheck(abs(Trace(made.adjoint() * symbol * made)) ** 2, at={symbol: a}, seed=3)


def test_a_frame_of_all_columns_is_the_whole_matrix():
    whole = HaarStiefel("V", 3, 3)
    assert E(Trace(whole) ** 4) == E(Trace(HaarOrthogonal("W", 3)) ** 4)


def test_explained_as_columns_of_a_haar_matrix():
    assert explain(Trace(V * B * V.T * A)).check()


# Vectors and states ------------------------------------------------------------------------------


@pytest.mark.parametrize("q", range(1, 6))
def test_even_moments_of_a_unit_vector(q):
    # An entry squared is Beta(1/2, (d-1)/2), the modulus of a complex one Beta(1, d-1).
    beta = rf(Rational(1, 2), q) / rf(d / 2, q)
    assert (E(v[0] ** (2 * q)) - beta).simplify() == 0
    assert (E(abs(psi[0]) ** (2 * q)) - rf(1, q) / rf(d, q)).simplify() == 0


def test_hutchinson_with_a_unit_vector():
    assert d * E((v.T * A * v)[0, 0]) == Trace(A)
    spread = variance(d * (v.T * A * v)[0, 0], real)
    assert spread == 2 / (d + 2) * (d * Trace(A**2) - Trace(A) ** 2)


def test_projectors_of_states():
    rho = psi * psi.H
    assert E(Trace(rho)) == E(Trace(rho**2)) == 1
    assert E(abs((psi.H * A * psi)[0, 0]) ** 2) == (
        Trace(A * A.adjoint()) + Trace(A) * Trace(A.adjoint())
    ) / (d * (d + 1))
    assert E(psi) == ZeroMatrix(d, 1)


def test_two_states_that_are_independent():
    phi = RandomState("phi", d)
    assert E(abs((psi.H * phi)[0, 0]) ** 4) == 2 / (d * (d + 1))


# Slices ------------------------------------------------------------------------------------------


def test_slices_of_known_and_unknown_sizes():
    assert E(W[:, 0] * W[:, 0].T) == E(v * v.T)
    assert E(W[:, 0] * W[:, 1].T) == ZeroMatrix(d, d)
    assert E(Trace(W[:k, :] * A * W[:k, :].T)) == k * Trace(A) / d
    assert E(Trace(W[:k, :m] * W[:k, :m].T)) == k * m / d
    assert E(Trace(W[:, 2:5].T * A * W[:, 2:5]), conditions=True) == (3 * Trace(A) / d, d >= 5)
    assert E((W[:, 0].T * A * W[:, 1])[0, 0] ** 2, Q.symmetric(A)) == (
        d * Trace(A**2) - Trace(A) ** 2
    ) / (d * (d - 1) * (d + 2))


def test_a_block_of_a_haar_matrix():
    # The mean purity of a block: E tr (X X')² for the upper left k x m block X.
    block = W[:k, :m]
    value = E(Trace(block * block.T) ** 2)
    assert value.subs({k: d}).factor() == m**2
    assert value.subs({k: 1, m: 1}).factor() == 3 / (d * (d + 2))


def _slices(rng, size):
    for _ in range(2):
        start = rng.randrange(size)
        stop = rng.randint(start + 1, size)
        yield slice(start, stop, 2 if stop - start == 2 and rng.random() < 0.5 else 1)


@pytest.mark.parametrize("seed", range(12))
def test_slices_agree_with_entries_written_out(seed):
    rng = random.Random(seed)
    size = rng.choice([2, 3])
    whole = rng.choice([HaarOrthogonal, HaarUnitary])("H", size)
    rows, columns = _slices(rng, size)
    part = whole[rows, columns]
    written = Matrix(
        *part.shape,
        lambda a, b: whole[range(size)[rows][a], range(size)[columns][b]],
    )
    other = MatrixSymbol("C", part.shape[1], part.shape[1])
    numbers = Matrix(*other.shape, lambda a, b: (a + 2 * b + seed) % 5 - 2)
    word = Trace(part * other * part.adjoint()) * Trace(part * part.adjoint())
    expanded = (written * numbers * written.H).trace() * (written * written.H).trace()
    assert E(word, at={other: numbers}) == E(expanded.expand())
    assert E(word).subs(other, numbers).doit() == E(expanded.expand())


# Refused -----------------------------------------------------------------------------------------


def test_more_columns_than_rows():
    with pytest.raises(ValueError, match="k = 3: expected no more columns than rows"):
        HaarStiefel("V", 2, 3)
    with pytest.raises(IndexError, match="a slice of W runs out of range"):
        W[:, : d + 1]
    with pytest.raises(IndexError, match="runs out of range"):
        E(Trace(W[:, k + d - 1 : k + d].T * W[:, k + d - 1 : k + d]))


def test_a_step_that_sympy_miscounts():
    with pytest.raises(ValueError, match="a step that divides the length of the range"):
        E(Trace(HaarOrthogonal("H", 3)[0:3:2, :] * HaarOrthogonal("H", 3)[0:3:2, :].T))


def test_a_symbolic_frame_is_not_sampled():
    with pytest.raises(ValueError, match="substitute numbers"):
        V.sample(3)


def test_frames_pickle():
    for made in (V, Z, v, psi):
        assert pickle.loads(pickle.dumps(made)) == made
    assert V.subs({d: 4, k: 2}).shape == (4, 2)
