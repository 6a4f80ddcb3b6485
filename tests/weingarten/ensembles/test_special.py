"""Rotations and unitary matrices of determinant 1: the terms with a determinant."""

import pickle
import random
from itertools import permutations
from itertools import product as cartesian
from math import factorial, prod

import numpy as np
import pytest
from parametrised import (
    integrated,
    rotation_of_space,
    rotation_of_the_plane,
    special_unitary_2,
)
from sympy import (
    Determinant,
    MatMul,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Trace,
    conjugate,
    expand,
    latex,
    symbols,
)

from weingarten import (
    E,
    HaarOrthogonal,
    HaarSpecialOrthogonal,
    HaarSpecialUnitary,
    HaarUnitary,
    crosscheck,
    explain,
    variance,
)
from weingarten.combinatorics.epsilons import (
    Points,
    basis,
    contracted,
    dimension,
    epsilon,
    number_of_tensors,
    product,
    tensors,
)
from weingarten.combinatorics.permutations import sign
from weingarten.integration.routes import ROUTES

d = symbols("d", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True)


def determinant(W):
    """The determinant of a matrix of size 1 to 4, in traces of its powers."""
    t = [Trace(W**power) for power in range(1, 5)]
    return [
        t[0],
        (t[0] ** 2 - t[1]) / 2,
        (t[0] ** 3 - 3 * t[0] * t[1] + 2 * t[2]) / 6,
        (t[0] ** 4 - 6 * t[0] ** 2 * t[1] + 3 * t[1] ** 2 + 8 * t[0] * t[2] - 6 * t[3]) / 24,
    ][int(W.shape[0]) - 1]


def by_determinant(expr, X):
    """The mean over the whole group, with the determinant written in traces beside it."""
    n = int(X.shape[0])
    if X.is_real_valued:
        W = HaarOrthogonal(X.name, n)
        inner = expr.xreplace({X: W})
        return expand(E(inner) + E(inner * determinant(W)))
    W = HaarUnitary(X.name, n)
    inner = expr.xreplace({X: W})
    return expand(
        sum(E(inner * determinant(W) ** r) for r in range(1, 4))
        + sum(E(inner * conjugate(determinant(W)) ** r) for r in range(4))
    )


# Values ------------------------------------------------------------------------------------------


def test_products_along_the_diagonal():
    for n in (2, 3, 4, 8):
        R, U = HaarSpecialOrthogonal("R", n), HaarSpecialUnitary("U", n)
        assert E(prod(R[k, k] for k in range(n))) == Rational(1, factorial(n))
        assert E(prod(U[k, k] for k in range(n))) == Rational(1, factorial(n))
        shifted = prod(U[k, (k + 1) % n] for k in range(n))
        assert E(shifted) == E(conjugate(shifted)) == Rational((-1) ** (n - 1), factorial(n))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_determinant_is_one(n):
    for law in (HaarSpecialOrthogonal, HaarSpecialUnitary):
        X = law("X", n)
        assert E(X.as_explicit().det(method="berkowitz")) == E(Determinant(X)) == 1
        assert E(determinant(X)) == 1
        assert E(determinant(X) ** 2 * X[0, 0] * conjugate(X[0, 0])) == Rational(1, n)


def test_entries_are_their_cofactors():
    R, U = HaarSpecialOrthogonal("R", 3), HaarSpecialUnitary("U", 3)
    for X in (R, U):
        cofactor = X[1, 1] * X[2, 2] - X[1, 2] * X[2, 1]
        assert E(expand((X[0, 0] - conjugate(cofactor)) * conjugate(X[0, 0] - cofactor))) == 0
        assert E(cofactor * X[0, 0]) == Rational(1, 3)


def test_traces_count_invariants():
    # Riordan numbers for SO(3), those of Catalan for SU(2), of three dimensions for SU(3).
    R = HaarSpecialOrthogonal("R", 3)
    assert [E(Trace(R) ** n) for n in range(1, 10)] == [0, 1, 1, 3, 6, 15, 36, 91, 232]
    U = HaarSpecialUnitary("U", 2)
    assert [E(Trace(U) ** n) for n in range(2, 13, 2)] == [1, 2, 5, 14, 42, 132]
    U = HaarSpecialUnitary("U", 3)
    assert [E(Trace(U) ** n) for n in range(1, 10)] == [0, 0, 1, 0, 0, 5, 0, 0, 42]
    assert E(Trace(U) ** 5 * conjugate(Trace(U)) ** 2) == 11 == dimension(Points(3, 5, 2))
    # A rotation in the plane: traces of powers are 2 cos(k phi).
    R = HaarSpecialOrthogonal("R", 2)
    assert E(Trace(R**3) * Trace(R**2) * Trace(R)) == 2
    assert E(Trace(R) ** 20) == 184756


def test_words():
    A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
    U, R = HaarSpecialUnitary("U", 2), HaarSpecialOrthogonal("R", 2)
    assert expand(2 * E(Trace(U * A * U * B)) - Trace(A * B) + Trace(A) * Trace(B)) == 0
    assert expand(2 * E(Trace(U * A) ** 2) - Trace(A) ** 2 + Trace(A**2)) == 0
    # R A R for a symmetric A without a trace stays as it is: R turns it back and forth.
    assert (
        E(R * A * R).subs(A, MatrixSymbol("A", 2, 2)).doit() == E(R * A * R)
        and E((R * A * R)[0, 1], Q.symmetric(A)) == A[0, 1]
    )
    assert E(U * U) == -E(U * U.H) / 2


# By integration over a circle and a sphere --------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "model", "most"),
    [
        (HaarSpecialOrthogonal("R", 2), rotation_of_the_plane(), 8),
        (HaarSpecialUnitary("U", 2), special_unitary_2(), 8),
        (HaarSpecialOrthogonal("R", 3), rotation_of_space(), 5),
    ],
    ids=["SO(2)", "SU(2)", "SO(3)"],
)
def test_entries_by_integration(X, model, most):
    rng, nonzero = random.Random(str(X)), 0
    n = len(model.rows)
    for _ in range(20):
        size = rng.randint(1, most)
        # Rows and columns come about equally often: the mean of many others is zero.
        rows, columns = (rng.sample([k % n for k in range(size)], size) for _ in range(2))
        bars = [n == 2 and rng.random() < 0.3 for _ in range(size)]
        letters = [X[place] for place in zip(rows, columns, strict=True)]
        expr = prod(conjugate(x) if bar else x for x, bar in zip(letters, bars, strict=True))
        factors = [([(False, bar)], p) for bar, *p in zip(bars, rows, columns, strict=True)]
        value = E(expr)
        assert value == integrated(model, factors, {})
        nonzero += value != 0
    assert nonzero


def test_the_oracle_is_of_rotations():
    for model in (rotation_of_the_plane(), rotation_of_space()):
        for x, y in ((0, 0), (0, 1)):
            assert model.mean(sum(row[x] * row[y] for row in model.rows)) == (x == y)


# By the determinant in traces ---------------------------------------------------------------------


def _words(X, rng, letters):
    """A product of traces of words with so many letters of X, some of them beside constants."""
    A, B = MatrixSymbol("A", *X.shape), MatrixSymbol("B", *X.shape)
    forms = [X, X, X.T, conjugate(X)] if not X.is_real_valued else [X, X, X.T]
    word = []
    for _ in range(letters):
        word += [rng.choice(forms), *rng.choices([[], [A], [B], [A.T]], [3, 2, 2, 1])[0]]
    cut = rng.randint(1, len(word))
    return prod(Trace(MatMul(*part)) for part in (word[:cut], word[cut:]) if part)


@pytest.mark.parametrize(
    ("X", "letters"),
    [
        (HaarSpecialOrthogonal("R", 1), 3),
        (HaarSpecialOrthogonal("R", 2), 2),
        (HaarSpecialOrthogonal("R", 2), 4),
        (HaarSpecialOrthogonal("R", 3), 3),
        (HaarSpecialUnitary("U", 1), 3),
        (HaarSpecialUnitary("U", 2), 2),
        (HaarSpecialUnitary("U", 2), 4),
        (HaarSpecialUnitary("U", 3), 3),
    ],
    ids=str,
)
def test_words_are_means_beside_the_determinant(X, letters):
    rng = random.Random(str(X.args) + str(letters))
    for _ in range(3):
        word = _words(X, rng, letters)
        # At arrays: traces of small matrices are not independent.
        values = {
            MatrixSymbol(name, *X.shape): Matrix(*X.shape, lambda *_: rng.randint(-3, 3))
            for name in "AB"
        }
        there = {matrix: value for matrix, value in values.items() if word.has(matrix)}
        found, right = E(word), by_determinant(word, X)
        assert (found - right).subs(there).doit() == 0, word


def test_the_three_routes_agree(monkeypatch):
    U, R = HaarSpecialUnitary("U", 2), HaarSpecialOrthogonal("R", 3)
    entries = [U[0, 0] ** 3 * U[1, 1] ** 3, U[0, 0] ** 2 * U[1, 0] * U[0, 1] * U[1, 1] ** 2]
    entries += [R[0, 0] ** 3 * R[1, 1] * R[2, 2], conjugate(entries[0]) * U[0, 1] * U[1, 0]]
    traces = [Trace(R) ** 5, Trace(R**2) * Trace(R), Trace(U**3) * Trace(U) ** 3]
    for exprs, names in (
        (entries, ["_by_tensors", "_by_entries"]),
        (traces, ["_by_tensors", "_by_traces"]),
    ):
        found = []
        for name in names:
            kept = [r for r in ROUTES if r.law != "determinant" or r.terms.__name__ == name]
            monkeypatch.setattr("weingarten.integration.routes.base.ROUTES", kept)
            found.append([E(expr) for expr in exprs])
        assert found[0] == found[1]
        assert any(found[0])
        monkeypatch.undo()


def test_symbolic_indices():
    for X in (HaarSpecialOrthogonal("R", 2), HaarSpecialUnitary("U", 2)):
        value = E(X[i, j] * X[k, m])
        for places in ((0, 0, 1, 1), (0, 1, 1, 0), (0, 0, 0, 0), (0, 1, 0, 1)):
            there = dict(zip((i, j, k, m), places, strict=True))
            assert value.subs(there) == E(X[places[:2]] * X[places[2:]])
    R = HaarSpecialOrthogonal("R", 3)
    assert E(Sum(R[i, i] * R[0, 1] * R[1, 0], (i, 0, 2))) == E(Trace(R) * R[0, 1] * R[1, 0])
    assert E(Trace(R) * R[0, 1] * R[1, 0]) == -Rational(1, 6)


# Symbolic dimension -------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [HaarSpecialOrthogonal, HaarSpecialUnitary])
def test_an_answer_for_a_symbol_says_where_it_holds(law):
    rng = random.Random(3)
    for size in (1, 2, 3, 4):
        places = [(rng.randrange(2), rng.randrange(2)) for _ in range(size)]

        def expr(n, places=places, size=size):
            X = law("X", n)
            return [prod(X[p] for p in places), prod(X[p] for p in places) * X[0, 0].conjugate(),
                    Trace(X) ** size, Trace(X) ** size * X[0, 1]]  # fmt: skip

        for which in range(4):
            value, condition = E(expr(d)[which], conditions=True)
            for n in range(2, 6):
                if condition.subs(d, n) == True:  # noqa: E712
                    assert value.subs(d, n) == E(expr(n)[which]), (expr(n)[which], condition)


def test_conditions_are_not_larger_than_they_have_to_be():
    R, U = HaarSpecialOrthogonal("R", d), HaarSpecialUnitary("U", d)
    assert E(R[0, 0] ** 4, conditions=True) == E(HaarOrthogonal("R", d)[0, 0] ** 4, conditions=True)
    assert E(R[0, 0] * R[1, 1], conditions=True) == (0, d >= 3)
    assert E(abs(U[0, 0] * U[1, 1]) ** 2, conditions=True)[1] == (d >= 2)
    assert E(U[0, 0] * U[1, 1] * U[0, 1], conditions=True) == (0, d >= 2)
    assert E(U[0, 0] * U[1, 1] * U[2, 2], conditions=True) == (0, d >= 4)
    assert E(Trace(U) ** 3 * conjugate(Trace(U)), conditions=True) == (0, d >= 3)


# Beside others ------------------------------------------------------------------------------------


def test_beside_other_random_matrices():
    R, W = HaarSpecialOrthogonal("R", 2), HaarOrthogonal("W", 2)
    A = MatrixSymbol("A", 2, 2)
    assert E(Trace(R * A) ** 2 * Trace(W) ** 2) == E(Trace(R * A) ** 2)
    # The determinant of R W takes both values.
    assert E(Trace(R * W * A) ** 2) == E(Trace(W * A) ** 2)
    Z = HaarSpecialOrthogonal("Z", 2)
    assert expand(E(Trace(R * Z * A) ** 2) - E(Trace(R * A) ** 2)) == 0


def test_over_one_of_them():
    R, W = HaarSpecialOrthogonal("R", 2), HaarOrthogonal("W", 2)
    value = E(Trace(R * W) ** 2, over=R)
    assert expand(E(value) - E(Trace(R * W) ** 2)) == 0
    assert value.has(W) and not value.has(R)


def test_slices_and_inverses():
    R = HaarSpecialOrthogonal("R", 2)
    assert E((R[:, :1].T * R[:, 1:])[0, 0] ** 2) == 0
    assert E(Trace(R.I * R)) == 2
    assert E(R[0, 0] * R.I[1, 1]) == Rational(1, 2)


def test_variances():
    R = HaarSpecialOrthogonal("R", 2)
    assert variance(R[0, 0] * R[1, 1]) == Rational(1, 8)
    assert variance(Trace(R)) == 2


def test_numbers_at_arrays():
    R, U = HaarSpecialOrthogonal("R", d), HaarSpecialUnitary("U", d)
    A = MatrixSymbol("A", d, d)
    array = [[1, 2, 0], [0, 3, 1], [1, 0, 1]]
    for X in (R, U):
        word = Trace(X * A) ** 3
        exact = E(word.subs(d, 3))
        assert E(word, at={d: 3, A: array}) == E(exact, at={MatrixSymbol("A", 3, 3): array}) != 0
        assert crosscheck(word, at={d: 3, A: array}, samples=4000, seed=1)


# Simulation, bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("law", [HaarSpecialOrthogonal, HaarSpecialUnitary])
def test_samples_have_determinant_one_and_agree(law):
    for n in (1, 2, 3):
        drawn = law("X", n).sample(20, seed=0)
        assert np.allclose(np.linalg.det(drawn), 1)
        assert np.allclose(drawn @ np.conj(np.swapaxes(drawn, 1, 2)), np.eye(n))
    X = law("X", 3)
    for expr in (X[0, 1] * X[1, 2] * X[2, 0], Trace(X) ** 3, abs(X[0, 0]) ** 4, Trace(X**3)):
        assert crosscheck(expr, samples=4000, seed=5)


def test_samples_of_the_whole_group_do_not_pass():
    W = HaarOrthogonal("W", 3)
    expr = Trace(W) ** 3
    assert not crosscheck(expr, exact=E(expr.xreplace({W: HaarSpecialOrthogonal("R", 3)})))


def test_bad_sizes_and_refusals():
    for law in (HaarSpecialOrthogonal, HaarSpecialUnitary):
        with pytest.raises(ValueError, match="d = 0: expected a positive integer"):
            law("X", 0)
        with pytest.raises(ValueError, match="have a part with its determinant"):
            explain(Trace(law("X", 3)) ** 2)
    R, A = HaarSpecialOrthogonal("R", 12), MatrixSymbol("A", 12, 12)
    with pytest.raises(ValueError, match="pairs of tensors, about"):
        E(Trace(R * A) ** 14)
    # More terms than a float can count; the entries are those of a single tensor.
    R, A = HaarSpecialOrthogonal("R", 180), MatrixSymbol("A", 180, 180)
    assert E(prod(R[k, k] for k in range(180))) == Rational(1, factorial(180))
    with pytest.raises(ValueError, match="pairs of tensors, about"):
        E(Trace(R * A) ** 180)


def test_equal_ones_are_equal_and_pickle():
    R = HaarSpecialOrthogonal("R", d)
    assert pickle.loads(pickle.dumps(R)) == R != HaarOrthogonal("R", d)
    assert R.subs(d, 3) == HaarSpecialOrthogonal("R", 3)
    assert latex(R[0, 1] * Trace(R)) == latex(
        HaarOrthogonal("R", d)[0, 1] * Trace(HaarOrthogonal("R", d))
    )
    with pytest.raises(ValueError, match="stands for two random matrices"):
        E(R[0, 0] * HaarOrthogonal("R", d)[0, 0])


# The tensors --------------------------------------------------------------------------------------


def _listed(tensor, points):
    """The entries of a tensor at all indices, by their definition."""
    n = points.plain + (points.conjugate or 0)
    value = np.ones((points.d,) * n, dtype=int)
    labels = np.indices(value.shape)
    for one, other in tensor.pairs:
        value *= labels[one] == labels[other]
    for group in tensor.groups:
        symbol = np.zeros((points.d,) * points.d, dtype=int)
        for order in permutations(range(points.d)):
            symbol[order] = sign(order)
        value *= symbol[tuple(labels[x] for x in group)]
    return value


@pytest.mark.parametrize(
    "points",
    [Points(1, 3), Points(2, 4), Points(3, 5), Points(2, 4, 0), Points(2, 6, 0), Points(2, 1, 5),
     Points(3, 6, 0), Points(3, 4, 1)],
    ids=str,
)  # fmt: skip
def test_scalar_products_and_dimensions_by_listing(points):
    found = list(tensors(points))
    assert len(found) == number_of_tensors(points)
    arrays = [_listed(tensor, points) for tensor in found]
    for one, first in zip(found[:6], arrays, strict=False):
        place = tuple(np.argwhere(first)[-1])
        assert one.at(place) == first[place]
        for other, second in zip(found, arrays, strict=True):
            assert product(one, other, points.d) == (first * second).sum()
    rank = np.linalg.matrix_rank(np.array([x.ravel() for x in arrays]))
    assert rank == dimension(points) == len(basis(points).tensors)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (((0, 1), (2, 3), (4, 5)), ((1, 2), (3, 4), (5, 0))),
        (((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((0, 3, 6), (1, 4, 7), (2, 5, 8))),
        (((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((0, 1, 6), (2, 3, 4), (5, 7, 8))),
    ],
)
def test_products_of_three_symbols(left, right):
    size = len(left[0])
    total = 0
    for choice in cartesian(permutations(range(size)), repeat=3):
        value = dict(zip(sum(left, ()), sum(choice, ()), strict=True))
        total += prod(map(sign, choice)) * prod(epsilon([value[x] for x in g]) for g in right)
    assert contracted(left, right) == total
