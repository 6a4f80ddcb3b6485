"""Facts that are given must hold of the values, whatever their scale."""

import warnings

import numpy as np
import pytest
from sympy import Eq, MatrixSymbol, Q, Symbol, Trace, ZeroMatrix, symbols

from weingarten import E, HaarOrthogonal, crosscheck
from weingarten.values.facts import require

d = symbols("d", integer=True, positive=True)
x = Symbol("x")
W, A, B = HaarOrthogonal("W", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
M = MatrixSymbol("M", 2, 2)

GENERAL = np.array([[1.0, 2.0], [3.0, 4.0]])
SYMMETRIC = np.array([[2.0, 1.0], [1.0, 2.0]])
LOWER = np.array([[1.0, 0.0], [3.0, 4.0]])
TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])
SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
COMPLEX = np.array([[1.0, 1j], [-1j, 2.0]])

CASES = [
    (Q.symmetric, [SYMMETRIC, SINGULAR], [GENERAL, TURN, COMPLEX]),
    (Q.hermitian, [SYMMETRIC, COMPLEX], [GENERAL, 1j * SYMMETRIC]),
    (Q.real_elements, [GENERAL, SYMMETRIC + 0j], [COMPLEX]),
    (Q.diagonal, [np.diag([1.0, 2.0])], [LOWER]),
    (Q.lower_triangular, [LOWER], [LOWER.T, GENERAL]),
    (Q.upper_triangular, [LOWER.T], [LOWER, GENERAL]),
    (Q.positive_definite, [SYMMETRIC], [SINGULAR, -SYMMETRIC, TURN, GENERAL - 2 * np.eye(2)]),
    (Q.invertible, [GENERAL, TURN], [SINGULAR]),
    (Q.fullrank, [GENERAL, TURN], [SINGULAR]),
    (Q.singular, [SINGULAR], [GENERAL]),
    (Q.zero, [np.zeros((2, 2))], [GENERAL]),
    (Q.square, [GENERAL], []),
]


@pytest.mark.parametrize("scale", [1e-100, 1e-10, 1, 1e100])
@pytest.mark.parametrize(("predicate", "good", "bad"), CASES)
def test_facts_hold_at_any_scale(predicate, good, bad, scale):
    for fact, right, wrong in ((predicate(M), good, bad), (~predicate(M), bad, good)):
        for value in right:
            require(fact, {M: scale * value}.__getitem__)
        for value in wrong:
            with pytest.raises(ValueError, match="does not hold of the value of M"):
                require(fact, {M: scale * value}.__getitem__)


def test_what_rounding_does_is_let_pass():
    noise = 1 + 1e-14 * np.array([[0, 1], [-1, 0]])
    for scale in (1e-10, 1, 1e10):
        require(Q.symmetric(M), {M: scale * SYMMETRIC * noise}.__getitem__)


@pytest.mark.parametrize("predicate", [Q.orthogonal, Q.unitary])
def test_a_fact_with_a_scale_of_its_own(predicate):
    require(predicate(M), {M: TURN}.__getitem__)
    for value in (1.01 * TURN, 1e-12 * TURN, GENERAL):
        with pytest.raises(ValueError, match="does not hold"):
            require(predicate(M), {M: value}.__getitem__)


@pytest.mark.parametrize("function", [E, crosscheck])
def test_a_small_array_is_no_symmetric_one(function):
    at = {d: 2, A: 1e-10 * GENERAL}
    for fact in (Q.symmetric(A), Q.diagonal(A), Q.hermitian(A)):
        with pytest.raises(ValueError, match="does not hold of the value of A"):
            function((W * A * W.T)[0, 0] ** 2, given=fact, at=at)


def test_facts_of_words_and_of_what_is_not_in_the_expression():
    at = {d: 2, A: GENERAL, B: SYMMETRIC}
    expr = (W * A * W.T)[0, 0] + Trace(B)
    assert E(expr, given=Q.symmetric(A * A.T), at=at) == pytest.approx(6.5)
    with pytest.raises(ValueError, match="does not hold of the value of A"):
        E(expr, given=Q.symmetric(A * B), at=at)
    with pytest.warns(UserWarning, match="B does not stand in expr"):
        E(Trace(A), given=Q.symmetric(B), at=at)
    with (
        pytest.warns(UserWarning, match="B does not stand in expr"),
        pytest.raises(ValueError, match="does not hold of the value of B"),
    ):
        E(Trace(A), given=Q.diagonal(B), at=at)


@pytest.mark.parametrize(
    ("predicate", "good", "bad"),
    [
        (Q.positive, 0.5, -0.5),
        (Q.negative, -0.5, 0.5),
        (Q.real, 0.5, 1j),
        (Q.nonzero, 0.5, 0),
        (Q.integer, 2, 0.5),
        (Q.even, 2, 3),
        (Q.odd, 3, 2),
    ],
)
def test_facts_of_numbers(predicate, good, bad):
    expr = x * W[0, 0] ** 2
    assert complex(E(expr, given=predicate(x), at={d: 2, x: good})) == pytest.approx(good / 2)
    with pytest.raises(ValueError, match="does not hold of the value of x"):
        E(expr, given=predicate(x), at={d: 2, x: bad})
    with pytest.raises(ValueError, match="does not hold of the value of x"):
        E(expr, given=~predicate(x), at={d: 2, x: good})


@pytest.mark.parametrize("fact", [Q.prime(d), Q.symmetric(A) | Q.diagonal(A), Q.normal(A)])
def test_what_is_not_tested_is_said(fact):
    with pytest.warns(UserWarning, match="is not tested"):
        E(Trace(A) * W[0, 0] ** 2, given=fact, at={d: 3, A: np.eye(3)})


def test_equations_are_relative():
    values = {M: 1e-10 * GENERAL, Trace(M): 5e-10, ZeroMatrix(2, 2): np.zeros((2, 2))}
    with pytest.raises(ValueError, match="does not hold"):
        require(Eq(M, ZeroMatrix(2, 2)), values.__getitem__)
    with pytest.raises(ValueError, match="does not hold"):
        require(Eq(Trace(M), 0), {**values, 0: 0}.__getitem__)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        require(Eq(Trace(M), 0), {**values, Trace(M): 1e-27, 0: 0}.__getitem__)
