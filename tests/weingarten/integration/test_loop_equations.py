"""Expansions without the exact value: the same as from it, and where it is out of reach."""

import itertools
from math import factorial

import pytest
from sympy import MatrixSymbol, Mul, Q, S, Trace, conjugate, symbols

from weingarten import (
    E,
    GaussianMatrix,
    GaussianOrthogonal,
    GaussianUnitary,
    HaarOrthogonal,
    HaarUnitary,
    weingarten_series,
)
from weingarten.integration import large_dimension
from weingarten.integration.large_dimension import law_of, number_of_vector_partitions

d, m = symbols("d m", integer=True, positive=True)
W, U, V = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarUnitary("V", d)
H, S_ = GaussianUnitary("H", d), GaussianOrthogonal("S", d, variance=1 / d)
G = GaussianMatrix("G", d, d, variance=1 / d)
K = GaussianMatrix("K", d, d, variance=1 / d, complex=True)
A, B, C, D = (MatrixSymbol(name, d, d) for name in "ABCD")
Z = HaarOrthogonal("Z", 2 * m)
R = MatrixSymbol("R", 2 * m, 2 * m)

CASES = [
    (Trace((U * A * U.H * B) ** 3), range(2, 6), None),
    (Trace(U * A * U.H * B) ** 2, range(1, 5), None),
    (Trace(U * A * U.T * B) * Trace(conjugate(U) * C * U.H * D), range(1, 4), None),
    (Trace(U * A * conjugate(U) * B * U.T * C * U.H * D), range(1, 4), None),
    (Trace(U * A * U * B) * Trace(U.H * C * U.H * D), range(1, 4), None),
    (Trace(W * A * W.T * B * W * C * W.T * D), range(1, 5), None),
    (Trace(W * A * W.T * B) ** 2, range(1, 4), [Q.symmetric(A)]),
    (Trace(W * A * W * B) * Trace(W * C) ** 2, range(1, 4), None),
    (Trace(W) ** 4 * Trace(W * A * W.T * B), range(3), None),
    (Trace(W * A * W.T * B * U * C * U.H * D), range(1, 4), None),
    (W * A * W.T * B * W * C * W.T, range(1, 4), None),
    (W[0, 0] ** 2 * W[1, 1] ** 2 * Trace(W * A * W.T * B), range(3, 5), None),
    ((U * A * U.H)[0, 1] * (U * B * U.H)[1, 0], range(1, 4), None),
    ((d**2 + d) * Trace((U * A * U.H * B) ** 2), range(3), None),
    (Trace(Z * R * Z.T * R), range(3), None),
    (Trace(H * A * H * B * H.T * C * H * D), range(2), None),
    (Trace(S_ * A * S_ * B) * Trace(S_ * C * S_), range(3), None),
    (Trace(G * A * G.T * B * G * C * G * D), range(1, 3), None),
    (Trace(K * A * K.H * B * conjugate(K) * C * K.T * D), range(1, 3), None),
    (Trace(H * A * H * B) * Trace(W * C * W.T * D), range(2), None),
]


@pytest.mark.parametrize(("expr", "orders", "given"), CASES)
def test_the_expansion_is_that_of_the_exact_value(monkeypatch, expr, orders, given):
    for order in orders:
        monkeypatch.setattr(large_dimension, "_SOON", float("inf"))
        exact = E(expr, given, order=order, conditions=True)
        monkeypatch.setattr(large_dimension, "_SOON", -1)
        found = E(expr, given, order=order, conditions=True)
        assert found[0] == exact[0], order


def test_the_equations_are_used(monkeypatch):
    monkeypatch.setattr(large_dimension, "_SOON", -1)
    monkeypatch.setattr(large_dimension.LargeDimension, "terms", lambda *_: iter(()))
    assert E(Trace(U * A * U.H * B), order=1) == 0


def test_what_the_exact_value_does_not_reach():
    expr = Trace((U * A * U.H * B) ** 8)
    assert E(expr, order=1) == 0
    value = E(Trace((U * A * U.H * B) ** 6), order=6)
    # One product of traces for each permutation.
    assert (value * d**6).xreplace(dict.fromkeys(value.atoms(Trace), S.One)) == factorial(6)


def test_the_leading_order_is_a_sum_over_permutations(monkeypatch):
    monkeypatch.setattr(large_dimension, "_SOON", -1)
    n = 3
    X, Y = ([MatrixSymbol(f"{name}{k}", d, d) for k in range(n)] for name in "XY")
    word = Mul(*(x for k in range(n) for x in (U, X[k], U.H, Y[k])))
    expected = 0
    for sigma in itertools.permutations(range(n)):
        # An index of U in place sigma(k) is that of U* in place k.
        after = [sigma.index((k + 1) % n) for k in range(n)]
        expected += along(X, sigma) * along(Y, after)
    assert E(d**n * Trace(word), order=0) == E(expected)


def along(letters, permutation):
    """The product of the traces of words along the cycles of a permutation."""
    left, product = set(range(len(permutation))), 1
    while left:
        k, cycle = min(left), []
        while k in left:
            left.remove(k)
            cycle.append(letters[k])
            k = permutation[k]
        product *= Trace(Mul(*cycle))
    return product


def test_a_class_of_the_weingarten_function():
    # Of one entry each, all pairings but one give zero.
    n = 3
    value = E(
        Mul(*(U[k, k] for k in range(n))) * Mul(*(conjugate(U[k, (k + 1) % n]) for k in range(n))),
        order=9,
    )
    assert value == weingarten_series("unitary", (3,), d, 9)


def test_which_laws_are_known():
    from weingarten import CircularOrthogonal, HaarSpecialOrthogonal, HaarSymplectic, RandomSigns

    assert [law_of(x) for x in (U, W, H, S_, G, K)] == [
        "unitary", "orthogonal", "hermitian", "symmetric", "real", "complex"
    ]  # fmt: skip
    for other in (CircularOrthogonal, HaarSpecialOrthogonal, HaarSymplectic, RandomSigns):
        assert law_of(other("X", d)) is None


def test_vector_partitions():
    assert [number_of_vector_partitions([n]) for n in (1, 5, 10)] == [1, 7, 42]
    assert [number_of_vector_partitions([1] * n) for n in (1, 4, 6)] == [1, 15, 203]


def test_what_takes_long_is_announced_or_refused():
    letters = [MatrixSymbol(f"X{k}", d, d) for k in range(28)]
    word = Mul(*(x for k in range(14) for x in (U, letters[2 * k], U.H, letters[2 * k + 1])))
    assert E(Trace(word), order=13) == 0
    with pytest.raises(ValueError, match=r"n = 14 .* products of traces, up to the order"):
        E(Trace(word), order=14)
