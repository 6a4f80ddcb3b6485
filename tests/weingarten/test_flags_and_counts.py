"""Arguments that count, and arguments that are true or false: neither is taken for the other."""

import warnings

import numpy as np
import pytest
from sympy import I, Matrix, MatrixSymbol, Trace, symbols

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarStiefel,
    HaarUnitary,
    InverseWishart,
    RandomPermutation,
    RandomPhases,
    RandomSigns,
    RandomUnitVector,
    Wishart,
    cumulant,
    estimate,
    hciz,
    weingarten_permutation,
    weingarten_series,
    weingarten_table,
)
from weingarten.ensembles.base import as_flag

d, n = symbols("d n", integer=True, positive=True)
W = HaarOrthogonal("W", d)
A, R = MatrixSymbol("A", d, d), MatrixSymbol("R", d, d)


@pytest.mark.parametrize("flag", [True, False, np.True_])
@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda x: E(W[0, 0] ** 2, order=x), "order"),
        (lambda x: E(W[0, 0] ** 2, at={d: 3}, digits=x), "digits"),
        (lambda x: hciz([1, 2], [1, 2], digits=x), "digits"),
        (lambda x: weingarten_series("unitary", (2,), d, x), "order"),
        (lambda x: weingarten_table("unitary", x, d), "n"),
        (lambda x: HaarUnitary("U", 2).sample(x), "size"),
        (lambda x: estimate(W[0, 0] ** 2, samples=x, at={d: 3}), "samples"),
        (lambda x: HaarUnitary("U", 2).sample(2, seed=x), "seed"),
        (lambda x: GaussianMatrix("G", 2, 2).sample(2, seed=x), "seed"),
        (lambda x: HaarStiefel("V", 2, 1).sample(2, seed=x), "seed"),
        (lambda x: estimate(W[0, 0] ** 2, samples=10, at={d: 3}, seed=x), "seed"),
        (lambda x: weingarten_permutation([[x]], [[0]], d), "one"),
    ],
)
def test_true_is_no_number(call, argument, flag):
    with pytest.raises(TypeError, match=rf"{argument} = .*{flag}"):
        call(flag)


@pytest.mark.parametrize("value", [2, -1, 1.0, "no", None, d])
@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda x: RandomSigns("s", d, x), "vector"),
        (lambda x: RandomPhases("s", d, vector=x), "vector"),
        (lambda x: GaussianMatrix("G", d, d, complex=x), "complex"),
        (lambda x: HaarStiefel("V", d, 2, x), "complex"),
        (lambda x: RandomUnitVector("v", d, x), "complex"),
        (lambda x: Wishart("S", d, n, x), "complex"),
        (lambda x: InverseWishart("S", d, n, complex=x), "complex"),
        (lambda x: weingarten_permutation([[0]], [[0]], d, centred=x), "centred"),
    ],
)
def test_only_true_and_false_are_flags(call, argument, value):
    with pytest.raises(TypeError, match=f"{argument} = .*: expected True or False"):
        call(value)


def test_flags_of_all_kinds():
    assert RandomSigns("s", d, np.True_) == RandomSigns("s", d, True) == RandomSigns("s", d, 1)
    made = GaussianMatrix("G", d, d, complex=True)
    assert made.func(*made.args) == made
    assert as_flag(np.int64(0), "complex") == 0


@pytest.mark.parametrize("point", [0.0, 1.7, "1", None])
def test_points_of_set_partitions_are_integers(point):
    with pytest.raises(TypeError, match=r"one = .*: expected the blocks of a partition"):
        weingarten_permutation([[point, 1]], [[0, 1]], d)
    with pytest.raises(TypeError, match=r"other = .*: expected the blocks of a partition"):
        weingarten_permutation([[0, 1]], [[point], [1]], d)


def test_a_constant_has_another_name_than_a_random_matrix():
    other = MatrixSymbol("W", d, d)
    with pytest.raises(ValueError, match="'W' stands for a random matrix, HaarOrthogonal of shape"):
        E(Trace(W * other * W.T))
    m = MatrixSymbol("G", d, d)
    for keyword in ("mean", "row_covariance", "column_covariance"):
        with pytest.raises(ValueError, match="name = 'G' is also that of a constant"):
            GaussianMatrix("G", d, d, **{keyword: m * m.T})
    assert E(GaussianMatrix("X", d, d, mean=m)) == m


def test_copies_are_named_like_no_constant():
    x = Trace(W * MatrixSymbol("W_1", d, d) * W.T * A)
    y = Trace(W * MatrixSymbol("B", d, d) * W.T * A)
    found = cumulant(x, x).xreplace({MatrixSymbol("W_1", d, d): MatrixSymbol("B", d, d)})
    assert found == cumulant(y, y)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2], [3, 4]], "at: R, a covariance of x: expected a symmetric matrix"),
        ([[1, 1j], [-1j, 1]], "at: R, a covariance of x: expected a symmetric matrix"),
        ([[1, 2], [2, 1]], "at: R, a covariance of x: expected a matrix without negative"),
    ],
)
def test_a_covariance_that_is_none_is_named_as_one(value, message):
    x = GaussianMatrix("x", d, 1, row_covariance=R)
    with pytest.raises(ValueError, match=message):
        E((x.T * A * x)[0, 0], at={d: 2, A: [[1, 2], [3, 4]], R: value})


def test_a_covariance_of_a_complex_vector_and_a_mean():
    x = GaussianMatrix("x", d, 1, row_covariance=R, complex=True)
    with pytest.raises(ValueError, match="at: R, a covariance of x: expected a Hermitian matrix"):
        E((x.H * x)[0, 0], at={d: 2, R: [[1, 1], [-1, 1]]})
    mean = MatrixSymbol("mu", d, 1)
    y = GaussianMatrix("y", d, 1, mean=mean)
    with pytest.raises(ValueError, match=r"at: mu, of which y is made: .*Q\.real_elements"):
        E((y.T * y)[0, 0], at={d: 2, mean: Matrix([1, I])})


def test_what_permutations_make_of_six_letters_is_announced():
    # Two sides of words with sums over indices: each product of what they become is written.
    P, B = RandomPermutation("P", d), MatrixSymbol("B", d, d)
    with warnings.catch_warnings(), pytest.raises(UserWarning, match="set partitions, about"):
        warnings.simplefilter("error")
        E(Trace((P * A * P.T * B) ** 3))
    assert E(Trace(P * A * P.T * B)).has(Trace(A))
