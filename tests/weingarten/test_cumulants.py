"""Variances, covariances, cumulants, and expectations of several scalars at once."""

import pickle

import numpy as np
import pytest
from sympy import (
    Eq,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    Symbol,
    Trace,
    Tuple,
    conjugate,
    expand,
    symbols,
)
from sympy.utilities.iterables import multiset_partitions

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    covariance,
    cumulant,
    variance,
)

d = symbols("d", integer=True, positive=True)
W, U, S = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("S", d)
G = GaussianMatrix("G", d, d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
X = [[1, 2], [3, 5]]

SCALARS = [
    W[0, 0] ** 2,
    W[0, 0] * W[0, 1],
    G[0, 0] ** 2 + G[0, 1],
    Trace(G * G.T),
    abs(U[0, 0]) ** 2,
]


def agree(one, other):
    """Whether two functions of the dimension of small degree are equal: at many dimensions."""
    return all(expand((one - other).subs(d, size)) == 0 for size in range(5, 15))


def by_definition(parts):
    """The sum over the partitions of the places, each with its Moebius coefficient."""
    total = 0
    for blocks in multiset_partitions(list(range(len(parts)))):
        term = 1
        for k, block in enumerate(blocks):
            term *= -k if k else 1
            product = 1
            for place in block:
                product *= parts[place]
            term *= E(product)
        total += term
    return total


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("k", range(len(SCALARS)))
def test_a_cumulant_is_the_sum_over_partitions(k, order):
    parts = [SCALARS[k]] * (order - 1) + [SCALARS[k - 1]]
    assert agree(cumulant(*parts), by_definition(parts))


@pytest.mark.parametrize("x", [Trace(U * A), U[0, 0] * S[0, 1], Trace(W * A * W.T * B)], ids=str)
def test_a_variance_is_that_of_a_modulus(x):
    mean = E(x)
    expected = E(x * conjugate(x)) - mean * E(conjugate(x))
    assert agree(variance(x), expected)


def test_a_covariance_conjugates_its_second_part():
    x, y = Trace(U * A), Trace(U * B)
    assert covariance(x, y) == Trace(A * B.adjoint()) / d
    assert cumulant(x, y) == 0
    assert covariance(W[0, 0], U[0, 0]) == 0


def test_the_variance_of_a_fraction_kept_by_a_projection():
    # (W A W')_00 with A a projector of rank k is a Beta(k/2, (d-k)/2) variable.
    value = variance((W * A * W.T)[0, 0], [Q.symmetric(A), Q.real_elements(A)])
    for rank in (1, 2, 3):
        beta = Rational(2 * rank * (5 - rank), 25 * 7)
        assert (
            value.subs(d, 5).subs({Trace(A.subs(d, 5)): rank, Trace(A.subs(d, 5) ** 2): rank})
            == beta
        )


def test_one_part_averaged_and_the_other_kept():
    x = Trace(W * A * U * B)
    assert variance(x, over=U) == E(x * conjugate(x), over=U)
    assert variance(x, over=[U, W]) == variance(x)
    assert variance(Trace(W) * Trace(U), over=U) == Trace(W) ** 2


def test_names_of_copies_do_not_meet_those_that_are_there():
    other = HaarOrthogonal("W_1", d)
    assert covariance(W[0, 0] * other[0, 0], W[0, 0] * other[0, 0]) == 1 / d**2


def test_conditions_and_numbers_come_with_it():
    assert covariance(W[0, 0] ** 2, W[1, 1] ** 2, conditions=True)[1] == (d >= 2)
    assert variance(W[0, 0] ** 2, at={d: 4}) == Rational(1, 16)
    # Var = 2 (d-1)/(d² (d+2)): two numbers that agree to nine digits are subtracted.
    value = variance(Trace(A * W) ** 2 + 10**4, at={d: 2, A: [[1.0, 0.0], [0.0, 1.0]]})
    assert value == pytest.approx(2, rel=1e-12)
    assert variance(Trace(W * A * W.T * B), at={d: 2, A: X, B: X}) == pytest.approx(
        np.var(_rotations(), ddof=0), rel=1e-9
    )


def _rotations(points=720):
    """Values of tr(W X W' X) at rotations and reflections of the plane, equally spaced."""
    x = np.array(X, dtype=float)
    angles = np.arange(points) * 2 * np.pi / points
    c, s = np.cos(angles), np.sin(angles)
    turned = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
    drawn = np.concatenate([turned, turned @ np.diag([1.0, -1.0])])
    return np.einsum("nij,jk,nlk,li->n", drawn, x, drawn, x)


@pytest.mark.parametrize("call", [variance, cumulant])
def test_a_matrix_has_none(call):
    with pytest.raises(TypeError, match=r"is a matrix of shape \(d, d\); expected a scalar"):
        call(W * A)


def test_of_nothing_there_is_none():
    with pytest.raises(TypeError, match="expected one scalar or more"):
        cumulant()


def test_too_many_partitions_are_refused():
    with pytest.raises(ValueError, match=r"a sum over .* partitions, about"):
        cumulant(*(Symbol(f"x{k}") for k in range(14)))


# Several scalars at once ------------------------------------------------------------------------


def test_a_list_comes_back_as_a_list():
    assert E([W[0, 0] ** 2, 3]) == [1 / d, 3]
    assert E((W[0, 0] ** 2,), at={d: 3}) == (Rational(1, 3),)
    assert E(Tuple(W[0, 0] ** 2, 0)) == Tuple(1 / d, 0)
    assert E([]) == []


def test_both_sides_of_an_equation_are_averaged():
    assert E(Eq(W[0, 0] ** 2, W[0, 1] ** 4)) == Eq(1 / d, 3 / (d * (d + 2)))
    assert E(Eq(Trace(W) ** 2, 1)) == True  # noqa: E712 - SymPy's


def test_a_fact_that_one_of_a_list_uses_is_used():
    values, condition = E([W[0, 0], (W * A * W.T)[0, 1] ** 2], Q.symmetric(A), conditions=True)
    assert values[1] == E((W * A * W.T)[0, 1] ** 2, Q.symmetric(A))
    assert condition == (d >= 2)


@pytest.mark.parametrize("part", [W, [W[0, 0]], Matrix([[1]])], ids=str)
def test_matrices_in_a_list_are_refused(part):
    with pytest.raises(TypeError, match="at place 1; expected scalars in a list"):
        E([W[0, 0], part])


def test_values_pickle():
    value = variance(Trace(W * A * W.T * B))
    assert pickle.loads(pickle.dumps(value)) == value
