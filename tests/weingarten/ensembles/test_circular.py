"""The circular ensembles, and words in the square of a unitary matrix and its transpose."""

import random

import haarpy
import numpy as np
import pytest
from sympy import MatMul, MatrixSymbol, Symbol, Trace, conjugate, factor, symbols
from sympy.combinatorics import Permutation

from weingarten import (
    CircularOrthogonal,
    CircularUnitary,
    E,
    HaarUnitary,
    crosscheck,
    weingarten_circular_orthogonal,
    weingarten_orthogonal,
)
from weingarten.integration.routes import ROUTES

d = symbols("d", integer=True, positive=True)
S = CircularOrthogonal("S", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)


@pytest.fixture
def without_the_route(monkeypatch):
    """Leave the listing of all pairs of permutations."""
    kept = [r for r in ROUTES if not r.terms.__module__.endswith("symmetric_squares")]
    monkeypatch.setattr("weingarten.integration.routes.base.ROUTES", kept)


# Values ------------------------------------------------------------------------------------------


def test_entries():
    assert E(abs(S[0, 0]) ** 2) == 2 / (d + 1)
    assert E(abs(S[0, 1]) ** 4) == 2 / (d * (d + 3))
    assert E(S[0, 0] * S[1, 1] * conjugate(S[0, 1]) ** 2) == -4 / (d * (d + 1) * (d + 3))
    assert E(S[0, 1] * conjugate(S[1, 0])) == 1 / (d + 1)
    assert E(S[0, 0] ** 2) == 0


def test_words():
    assert E(Trace(S * A * S.adjoint() * B)) == (Trace(A * B.T) + Trace(A) * Trace(B)) / (d + 1)
    assert E(S * S.adjoint()) == E(CircularUnitary("V", d) * CircularUnitary("V", d).adjoint())
    assert E(abs(Trace(S)) ** 2) == 2 * d / (d + 1)
    assert E(S.I * A * S).subs(d, 3) == E(S.adjoint() * A * S).subs(d, 3)


def test_the_unitary_ensemble_is_the_haar_measure():
    V = CircularUnitary("V", d)
    assert E(abs(V[0, 0] * V[1, 1]) ** 2) == 1 / ((d - 1) * (d + 1))
    assert E(abs(Trace(V)) ** 6) == 6


# haarpy ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [2, 4, 6])
def test_weingarten_functions_are_those_of_haarpy(points):
    x = Symbol("x")
    rng = random.Random(points)
    for _ in range(4):
        images = rng.sample(range(points), points)
        permutation = Permutation(images)
        theirs = haarpy.weingarten_circular_orthogonal(permutation, x)
        ours = weingarten_circular_orthogonal(permutation, d).subs(d, x)
        assert factor(theirs - ours) == 0
    assert weingarten_circular_orthogonal((2, 1), d) == weingarten_orthogonal((2, 1), d + 1)


@pytest.mark.parametrize("pairs", [1, 2, 3])
def test_moments_are_those_of_haarpy(pairs):
    rng = random.Random(pairs)
    for _ in range(6):
        plain = [rng.randrange(2) for _ in range(2 * pairs)]
        other = rng.sample(plain, 2 * pairs) if rng.random() < 0.8 else plain[::-1]
        product = 1
        for k in range(pairs):
            product *= S[plain[2 * k], plain[2 * k + 1]]
            product *= conjugate(S[other[2 * k], other[2 * k + 1]])
        x = Symbol("d")
        sequences = (tuple(i + 1 for i in plain), tuple(i + 1 for i in other))
        theirs = haarpy.haar_integral_circular_orthogonal(sequences, x)
        assert factor(E(product).subs(d, x) - theirs) == 0


# The route against the listing ------------------------------------------------------------------


def _words(seed, count, size):
    rng = random.Random(seed)
    U = HaarUnitary("U", size)
    a, b = MatrixSymbol("A", size, size), MatrixSymbol("B", size, size)
    made = CircularOrthogonal("S", size)
    for _ in range(count):
        parts = [made, made.adjoint(), rng.choice([a, b, a.T]), rng.choice([a, b, b.adjoint()])]
        rng.shuffle(parts)
        yield rng.choice(
            [
                Trace(MatMul(*parts)),
                abs(Trace(MatMul(made, a))) ** 2,
                abs(made[0, 0]) ** 2 * abs(made[0, size - 1]) ** 2
                if size != d
                else abs(S[0, 1]) ** 2,
                Trace(U * U.T * a) * conjugate(Trace(U * U.T * b)),
            ]
        )


@pytest.mark.parametrize("size", [1, 2, 3, d], ids=str)
def test_words_agree_with_the_listing(size, without_the_route, monkeypatch):
    words = list(_words(str(size), 8, size))
    listed = [E(word) for word in words]
    monkeypatch.undo()
    assert [factor(E(word) - value) for word, value in zip(words, listed, strict=True)] == [0] * 8


@pytest.mark.parametrize("size", [1, 2, 3])
def test_high_powers_of_entries_at_small_dimensions(size):
    # |S_00|² is a Beta number in the mean over the sphere: exact at d = 1, where it is 1.
    made = CircularOrthogonal("S", size)
    value = E(abs(made[0, 0]) ** 8)
    generic = E(abs(S[0, 0]) ** 8).subs(d, size)
    assert value == generic
    assert (value == 1) == (size == 1)


# Simulation --------------------------------------------------------------------------------------


def test_samples_are_symmetric_and_unitary_and_agree():
    made = CircularOrthogonal("S", 3)
    drawn = made.sample(20, seed=0)
    assert np.allclose(drawn, np.swapaxes(drawn, 1, 2))
    assert np.allclose(drawn @ drawn.conj(), np.eye(3))
    for expr in (abs(made[0, 0]) ** 4, abs(made[0, 1]) ** 4, abs(Trace(made)) ** 4):
        assert crosscheck(expr, samples=4000, seed=2)


def test_the_law_is_not_that_of_a_haar_matrix():
    made = CircularOrthogonal("S", 3)
    assert not crosscheck(abs(made[0, 0]) ** 2, exact=1 / 3, samples=4000, seed=2)
