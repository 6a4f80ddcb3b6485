"""Random expressions in every ensemble, beside its definition: a share of `make search`."""

import designs
import ensemble_search
import laws
import numpy as np
import pytest
import weyl
from comparison import AGREED, REFUSED, WRONG
from oracles import projection_moment
from random_products import case
from sympy import MatMul, MatrixSymbol, Sum, Trace, conjugate, simplify, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

import weingarten
from weingarten import (
    CircularSymplectic,
    E,
    GaussianSymplectic,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    SignedPermutation,
    SymplecticGinibre,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.simulation.evaluation import Evaluator

#: How many cases of each ensemble are tried, at least; one of them is not zero.
LEAST = 3


@pytest.mark.parametrize("name", laws.LAWS)
def test_expressions_have_the_mean_of_the_definition(name):
    nonzero = number = 0
    while number < LEAST or not nonzero:
        found = case(name, number)
        outcome, is_zero = ensemble_search.check(found)
        assert outcome.verdict in (AGREED, REFUSED), ensemble_search.described(found)
        nonzero += not is_zero
        number += 1


def test_every_ensemble_has_a_law():
    public = {getattr(weingarten, name) for name in weingarten.__all__}
    ensembles = {
        made for made in public if isinstance(made, type) and issubclass(made, RandomMatrix)
    }
    tried = {type(case(name, 0).matrix) for name in laws.LAWS}
    assert tried == ensembles


def test_a_wrong_mean_is_found():
    for number in (1, 2, 3):
        found = case("Wishart, complex", number)
        assert ensemble_search.check(found)[0].verdict == AGREED
        right, scale = found.by_definition()
        found.by_definition = lambda value=(2 * right, scale): value
        assert ensemble_search.check(found)[0].verdict == WRONG


# Kinds that once were wrong, in their shortest form -----------------------------------------------

d = symbols("d", integer=True, positive=True)
r = symbols("r", integer=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
ARRAYS = {A: [[1, 2, 0], [-1, 1, 3], [2, 0, 1]], B: [[2, 1, -1], [0, 3, 1], [1, 1, 0]]}
X, U = HaarOrthogonal("X", d), HaarUnitary("U", d)


def total(summand):
    return Sum(summand, (r, 0, d - 1))


@pytest.mark.parametrize(
    "expr",
    [
        # The weight of an index at which the two words with free ends meet.
        MatMul(total((r + 1) * X[r, r]), A, X),
        MatMul(total((r + 1) * X[r, r] ** 2), X, B, X.T),
        MatMul(total((r + 1) * X[r, r] ** 2), A, X, B, X.T, B),
        MatMul(total(2**r * X[0, r] ** 2), A, X.T, B, X, B),
        MatMul(total((r + 1) * B[r, r] * X[r, 0] ** 2), A, X, B, X.T, B),
        MatMul(total(r * U[r, 0] * conjugate(U[r, 0])), A, U, B, U.adjoint(), A),
    ],
)
def test_weights_of_indices_stay_in_matrices(expr):
    matrix = X if expr.has(X) else U
    design = laws.LAWS[type(matrix).__name__].design((3,), 2, 2)
    values = {d: 3, **{C: np.array(array) for C, array in ARRAYS.items()}}
    right = design.mean(Evaluator({**values, matrix: design.points})(expr))
    answer = E(expr)
    assert np.allclose(Evaluator(values)(answer), right)
    held = {C: array for C, array in values.items() if C is d or expr.has(C)}
    assert np.allclose(np.array(E(expr, at=held), dtype=complex), right)


m = symbols("m", integer=True, positive=True)
s = symbols("s", integer=True)
ALL = (r, 0, 2 * m - 1), (s, 0, 2 * m - 1)
Y, G = GaussianSymplectic("Y", m), SymplecticGinibre("G", m)
V, S = HaarSymplectic("V", m), CircularSymplectic("S", m)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Sum(Y[r, r] ** 2, ALL[0]) * Trace(Y[:, 0].adjoint() * Y[:, 0]), 4 * m**2 - 2 * m + 4),
        (conjugate(G[0, 0]) * Sum(conjugate(G[r, s]), *ALL), 1),
        (conjugate(G[2, 0]) * Sum(G[r, s], *ALL), 1),
        (G[2, 1] * Sum(G[r, s], *ALL), -1),
        (V[0, 0] * Sum(V[r, s], *ALL), 1 / (2 * m)),
        (V[0, 0] * Sum(V[1, s], ALL[1]), 1 / (2 * m)),
        (V[1, 0] * Sum(V[0, s], ALL[1]), -1 / (2 * m)),
        (S[0, 0] * Sum(conjugate(S[r, s]), *ALL), 2 / (2 * m - 1)),
    ],
)
def test_entries_of_forms_and_ones_are_numbers(expr, value):
    answer = E(expr)
    assert simplify(answer - value) == 0
    assert not answer.atoms(MatrixElement)
    (matrix,) = expr.atoms(RandomMatrix)
    design = laws.LAWS[type(matrix).__name__].design((2,), 2, 2)
    right = design.mean(Evaluator({m: 2, matrix: design.points})(expr))
    assert np.isclose(complex(answer.subs(m, 2)), right)


# The designs -------------------------------------------------------------------------------------


def mean_of_traces(design, plain, bars):
    trace = np.trace(design.points, axis1=1, axis2=2)
    return design.mean(trace**plain * np.conj(trace) ** bars)


def test_designs_have_the_moments_of_their_spheres():
    for size, degree in ((1, 6), (2, 5), (3, 6), (4, 7), (5, 4), (8, 7), (16, 7)):
        points, weights = designs.sphere(size, degree)
        assert np.allclose(np.linalg.norm(points, axis=1), 1)
        assert np.isclose(weights.sum(), 1)
        direction = np.arange(1, size + 1) / np.linalg.norm(np.arange(1, size + 1))
        right = 1.0
        for power in range(2, degree + 1, 2):
            right *= (power - 1) / (size + power - 2)
            assert np.isclose(weights @ (points @ direction) ** power, right)
            assert np.isclose(weights @ (points @ direction) ** (power - 1), 0)


def test_haar_designs_have_as_many_invariants_as_the_group():
    for size in (2, 3, 4):
        made = designs.orthogonal(size, size, 4)
        assert np.isclose(mean_of_traces(made, 4, 0), float(weyl.orthogonal(size, (1,) * 4)))
    for size, k in ((1, 3), (2, 3), (3, 2)):
        made = designs.unitary(size, size, k, k)
        right = float(weyl.unitary(size, (1,) * k, (1,) * k))
        assert np.isclose(mean_of_traces(made, k, k), right)
    for size in (1, 2):
        made = designs.symplectic(size, 6)
        assert np.isclose(mean_of_traces(made, 6, 0), float(weyl.symplectic(size, (1,) * 6)))
    assert np.isclose(mean_of_traces(designs.special_unitary(3, 4), 3, 0), 1)
    assert np.isclose(mean_of_traces(designs.special_orthogonal(3, 5), 5, 0), 6)


def test_haar_designs_have_the_moments_of_the_projection_on_the_invariants():
    rng = np.random.default_rng(0)
    for group, size in (("orthogonal", 3), ("unitary", 2), ("unitary", 3), ("orthogonal", 4)):
        made = (
            designs.orthogonal(size, size, 4)
            if group == "orthogonal"
            else designs.unitary(size, size, 2, 2)
        )
        for _ in range(6):
            half = rng.integers(0, size, (2, 2))
            rows, columns = ([*side, *rng.permutation(side)] for side in half)
            values = np.ones(len(made.weights), dtype=complex)
            for k, (i, j) in enumerate(zip(rows, columns, strict=True)):
                entry = made.points[:, i, j]
                values = values * (np.conj(entry) if group == "unitary" and k > 1 else entry)
            right = float(projection_moment(group, size, rows, columns))
            assert np.isclose(made.mean(values), right)


def test_circular_designs_are_words_in_a_unitary_matrix():
    made = laws.circular_orthogonal(2, 2, 2)
    U = designs.unitary(2, 2, 4, 4)
    whole = designs.Design(U.points @ np.swapaxes(U.points, 1, 2), U.weights)
    for (i, j), (k, m) in (((0, 0), (0, 0)), ((0, 1), (0, 1)), ((0, 0), (1, 1))):
        one, other = (
            law.mean(np.abs(law.points[:, i, j] * law.points[:, k, m]) ** 2)
            for law in (made, whole)
        )
        assert np.isclose(one, other)
    symplectic = laws.circular_symplectic(2, 2, 2)
    form = np.kron(np.eye(2), [[0, 1], [-1, 0]])
    points = symplectic.points
    assert np.allclose(points @ np.conj(np.swapaxes(points, 1, 2)), np.eye(4))
    assert np.allclose(form @ np.swapaxes(points, 1, 2) @ np.linalg.inv(form), points)


def test_words_with_an_odd_number_of_signs_have_no_mean():
    i, j, d = symbols("i j d", integer=True, positive=True)
    X, B = SignedPermutation("X", d), MatrixSymbol("B", d, d)
    column = Sum((B[j, i] + X[j, i]) * X[i, 2], (i, 0, d - 1))
    square = Sum(X[1, i] ** 2, (i, 0, d - 1))
    assert E(column * square) == E(column)
    assert E((X * B * X.T)[0, 1] * (X * B)[2, 0]) == 0
