"""Permutation matrices, random signs and phases: moments that are sums over set partitions."""

import itertools
import pickle
import random
from fractions import Fraction
from math import prod

import haarpy
import numpy as np
import pytest
from laws import LAWS
from sympy import (
    Identity,
    KroneckerDelta,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    bell,
    conjugate,
    factor,
    latex,
    symbols,
)

from weingarten import (
    CentredPermutation,
    E,
    HaarOrthogonal,
    RandomPermutation,
    RandomPhases,
    RandomSigns,
    SignedPermutation,
    crosscheck,
    explain,
    lambdify,
    variance,
    weingarten_permutation,
)
from weingarten.combinatorics.set_partitions import into_blocks, set_partitions

d = symbols("d", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
P, Y, S = RandomPermutation("P", d), CentredPermutation("Y", d), SignedPermutation("S", d)
D, F = RandomSigns("D", d), RandomPhases("F", d)
x, z = RandomSigns("x", d, vector=True), RandomPhases("z", d, vector=True)
ALL = [P, Y, S, D, F, x, z]
real = [Q.symmetric(A), Q.real_elements(A)]
total = Sum(A[i, j], (j, 0, d - 1), (i, 0, d - 1))
diagonal_squares = Sum(A[i, i] ** 2, (i, 0, d - 1))


def test_a_matrix_that_ends_in_ones():
    B = MatrixSymbol("B", 1, 1)
    centred = CentredPermutation("X", 1)
    assert E(centred * centred.T * B * centred * centred.T) == ZeroMatrix(1, 1)


# Permutations -------------------------------------------------------------------------------------


def test_entries_of_permutations():
    assert E(P[0, 0] * P[1, 1]) == E(P[0, 1] ** 2 * P[1, 0] ** 3) == 1 / (d * (d - 1))
    assert E(P[0, 0] * P[0, 1]) == E(P[0, 0] * P[1, 0]) == 0
    assert E(P[0, 0] ** 100) == 1 / d
    assert E(P[0, 0] * P[1, 1] * P[2, 2] * P[3, 3], conditions=True)[1] == (d >= 4)
    value = E(P[i, j] * P[k, m])
    for there in itertools.product(range(2), repeat=4):
        a, b, c, e = there
        put = dict(zip((i, j, k, m), there, strict=True))
        assert factor(value.subs(put).doit() - E(P[a, b] * P[c, e])) == 0


@pytest.mark.parametrize("power", range(1, 7))
def test_fixed_points_have_the_moments_of_a_poisson_number(power):
    assert E(Trace(P) ** power, conditions=True) == (bell(power), d >= power if power > 1 else True)
    for size in range(1, 4):
        counts = [
            sum(place == image for place, image in enumerate(p))
            for p in itertools.permutations(range(size))
        ]
        mean = Rational(sum(c**power for c in counts), len(counts))
        assert E(Trace(RandomPermutation("P", size)) ** power) == mean


def test_traces_of_powers_count_cycles():
    # tr P² = C1 + 2 C2 with independent Poisson numbers of mean 1 and 1/2.
    assert E(Trace(P**2)) == 2
    assert variance(Trace(P**2)) == 1 + 4 * Rational(1, 2)
    assert E(Trace(P**2) * Trace(P.T)) == 3
    assert E(Trace(P**6)) == 4
    assert E(Trace(S**2)) == E(Trace(S) ** 2) == 1
    # A fixed point gives 1, a cycle of length 2 has the trace ±2 of its square.
    assert E(Trace(S**2) ** 2) == (1 + 1) + 4 * Rational(1, 2)


def test_long_traces_take_no_list_of_partitions():
    assert E(Trace(P) ** 30) == bell(30)
    few = sum(into_blocks(30, k) for k in range(6))
    assert E(Trace(RandomPermutation("P", 5)) ** 30) == few


def test_conjugating_a_matrix():
    mean = E(P * A * P.T)
    off = (total - Trace(A)) / (d * (d - 1))
    assert E((P * A * P.T)[0, 1]) == E((P * A * P.T)[1, 0]) == off
    assert E((P * A * P.T)[0, 0]) == Trace(A) / d
    a = Matrix(3, 3, range(9))
    explicit = sum(
        (_matrix(p) * a * _matrix(p).T for p in itertools.permutations(range(3))),
        start=Matrix.zeros(3),
    )
    size = MatrixSymbol("A", 3, 3)
    there = E(mean.subs(d, 3), at={size: a})
    assert there == explicit / 6


def _matrix(p):
    return Matrix(len(p), len(p), lambda r, c: int(p[r] == c))


def test_inverses_cancel_but_not_those_of_centred_ones():
    assert E(P * P.T) == E(S.T * S) == E(P.I * P) == Identity(d)
    assert E(Trace(Y * Y.T)) == d - 1
    assert E(Y * Y.T, at={d: 2}) == Matrix([[1, -1], [-1, 1]]) / 2
    with pytest.raises(ValueError, match="Y"):
        E(Y.I)


def test_centred_permutations_are_what_they_are_called():
    ones = MatrixSymbol("J", 3, 3)
    J = Matrix.ones(3)
    made, plain = CentredPermutation("Y", 3), RandomPermutation("P", 3)
    for power in (1, 2, 3):
        word = Trace((plain - ones / 3) ** power)
        assert E(Trace(made**power)) == E(word.doit().expand(), at={ones: J})
    assert E(Y[0, 0] ** 3) == E((P[0, 0] - 1 / d) ** 3)


def test_the_signed_group_is_a_design_of_the_orthogonal_one():
    # Third moments of a uniform symmetry of the cube are those of O(d), the fourth are not.
    W = HaarOrthogonal("W", d)
    assert E(S * A * S.T) == E(W * A * W.T)
    assert E(S[0, 0] ** 2 * S[1, 1] ** 2) == 1 / (d * (d - 1))
    assert E(S[0, 0] ** 4) != E(W[0, 0] ** 4)


# haarpy -------------------------------------------------------------------------------------------


def _blocks_of(rng, n):
    labels = [rng.randrange(n) for _ in range(n)]
    return tuple(
        tuple(p for p in range(n) if labels[p] == label) for label in dict.fromkeys(labels)
    )


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5])
def test_weingarten_functions_are_those_of_haarpy(points):
    rng, t = random.Random(points), Symbol("t")
    for _ in range(4):
        one, other = _blocks_of(rng, points), _blocks_of(rng, points)
        theirs = haarpy.weingarten_permutation(one, other, t)
        assert factor(weingarten_permutation(one, other, d).subs(d, t) - theirs) == 0
        theirs = haarpy.weingarten_centered_permutation(one, other, t)
        ours = weingarten_permutation(one, other, d, centred=True)
        assert factor(ours.subs(d, t) - theirs) == 0
        theirs = haarpy.weingarten_permutation(one, other, 7)
        assert Fraction(str(weingarten_permutation(one, other, 7))) == theirs


@pytest.mark.parametrize("letters", [1, 2, 3])
def test_moments_are_those_of_haarpy(letters):
    rng, t = random.Random(letters), Symbol("t")
    for _ in range(4):
        rows = tuple(rng.randrange(2) for _ in range(letters))
        columns = tuple(rng.randrange(2) if rng.random() < 0.4 else row for row in rows)
        places = list(zip(rows, columns, strict=True))
        theirs = haarpy.haar_integral_permutation(rows, columns, t)
        assert factor(E(prod(P[place] for place in places)).subs(d, t) - theirs) == 0
        theirs = haarpy.haar_integral_centered_permutation(rows, columns, t)
        assert factor(E(prod(Y[place] for place in places)).subs(d, t) - theirs) == 0


def test_the_functions_invert_the_gram_matrix():
    partitions = list(set_partitions(3))
    gram = Matrix(5, 5, lambda a, b: 4 ** len(_joined(partitions[a], partitions[b])))
    values = Matrix(5, 5, lambda a, b: weingarten_permutation(partitions[a], partitions[b], 4))
    assert gram * values == Matrix.eye(5)


def _joined(one, other):
    found = [set(block) for block in one]
    for block in other:
        touched = [part for part in found if part & set(block)]
        found = [part for part in found if part not in touched] + [set().union(*touched)]
    return found


# Signs and phases ---------------------------------------------------------------------------------


def test_hutchinsons_estimator():
    assert E((x.T * A * x)[0, 0]) == E((z.H * A * z)[0, 0]) == Trace(A)
    assert variance((x.T * A * x)[0, 0], real) == 2 * Trace(A**2) - 2 * diagonal_squares
    # With phases half the variance, of a Hermitian matrix.
    spread = variance((z.H * A * z)[0, 0], real)
    assert spread == Trace(A**2) - diagonal_squares
    assert variance((x.T * A * x)[0, 0], at={d: 2, A: [[5, 1], [1, 7]]}) == 4


def test_diagonal_matrices():
    assert D.T == D or E(D.T - D) == E(D - D)
    assert E(D**2) == E(F * F.H) == Identity(d)
    assert E(D[0, 1]) == 0
    assert (
        E(D[i, j] * D[k, m]) == KroneckerDelta(i, j) * KroneckerDelta(k, m) * KroneckerDelta(i, k)
        or E(D[i, j] * D[k, m]).subs({i: 0, j: 0, k: 0, m: 0}) == 1
    )
    assert E(Trace(F) ** 2) == 0
    assert E(abs(Trace(F)) ** 4) == 2 * d**2 - d
    assert E(Trace(D) ** 4) == 3 * d**2 - 2 * d


def test_a_matrix_with_its_diagonal_only():
    made = E(D * A * D)
    value = lambdify([d, A], made)(2, [[1, 2], [3, 4]])
    assert np.allclose(value, [[1, 0], [0, 4]])
    both = E(D * A * D * B * D * A.T * D, at={d: 2, A: [[1, 2], [3, 4]], B: [[0, 1], [5, 2]]})
    listed = sum(
        (s * Matrix([[1, 2], [3, 4]]) * s * Matrix([[0, 1], [5, 2]]) * s
         * Matrix([[1, 3], [2, 4]]) * s
         for s in (Matrix.diag(a, b) for a in (1, -1) for b in (1, -1))),
        start=Matrix.zeros(2),
    )  # fmt: skip
    assert both == listed / 4


def test_beside_other_random_matrices():
    W = HaarOrthogonal("W", d)
    assert E(Trace(W * D * W.T * A)) == 0
    assert E(Trace(W * D * W.T * A * W * D * W.T * A), at={d: 2, A: [[1, 2], [3, 4]]}) == (
        E(E(Trace(W * B * W.T * A * W * B * W.T * A)), at={d: 2, A: [[1, 2], [3, 4]],
          B: [[1, 0], [0, 1]]}) + E(E(Trace(W * B * W.T * A * W * B * W.T * A)),
          at={d: 2, A: [[1, 2], [3, 4]], B: [[1, 0], [0, -1]]})
    ) / 2  # fmt: skip
    # A permutation with independent signs on its rows.
    assert E(Trace(D * P * A * P.T * D * B)) == E(Trace(S * A * S.T * B))
    # A random overlap: the mean over W first leaves |x|² = d.
    assert E((x.T * W * x)[0, 0] ** 2) == d


# As SymPy objects, and samples --------------------------------------------------------------------


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_equal_ones_are_equal_pickle_and_print(matrix):
    assert pickle.loads(pickle.dumps(matrix)) == matrix
    assert matrix.subs(d, 3) == matrix.func(matrix.name, 3, *matrix.args[2:])
    assert matrix.name in latex(matrix[0, 0])
    assert conjugate(matrix[0, 0]) == matrix[0, 0] or not matrix.is_real_valued


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_samples_agree(matrix):
    made = matrix.subs(d, 3)
    drawn = made.sample(40, seed=1)
    if made.is_real_valued:
        name = type(made).__name__ + ", vector" * (made.shape[1] == 1)
        allowed = LAWS[name].design((3,), 1, 1).points
        assert all(any(np.allclose(draw, value) for value in allowed) for draw in drawn)
    last = made[0, 0] if made.shape[1] == 1 else made[1, 1]
    for expr in (abs(made[0, 0] + 2 * last) ** 2, abs(made[0, 0] * last + last**2) ** 2):
        assert crosscheck(expr, samples=4000, seed=5)
    assert made.sample(0).shape == (0, *map(int, made.shape))


def test_a_wrong_law_is_found():
    made = RandomPermutation("P", 3)
    assert not crosscheck(made[0, 0] * made[1, 1], exact=Rational(1, 9), samples=4000)


# Refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [RandomPermutation, CentredPermutation, SignedPermutation,
                                 RandomSigns, RandomPhases])  # fmt: skip
def test_sizes_that_are_none(law):
    with pytest.raises(ValueError, match="d = 0: expected a positive integer"):
        law("X", 0)
    with pytest.raises(ValueError, match="has the symbolic dimension d; to sample it"):
        law("X", d).sample(3)


def test_set_partitions_that_are_none():
    with pytest.raises(ValueError, match="expected the blocks of a partition"):
        weingarten_permutation(((0, 2),), ((0, 1),), d)
    with pytest.raises(TypeError, match="expected the blocks of a partition"):
        weingarten_permutation(3, ((0, 1),), d)
    with pytest.raises(ValueError, match="expected partitions of the same points"):
        weingarten_permutation(((0,),), ((0, 1),), d)


def test_nothing_is_listed_in_pairs():
    with pytest.raises(ValueError, match="a RandomPermutation is summed over set partitions"):
        explain(Trace(P * A * P.T * B))


def test_what_is_too_long_is_refused():
    word = Trace(P * A * P * B)
    with pytest.raises(ValueError, match="pairs of set partitions"):
        E(word**5)


def test_a_matrix_that_is_no_word():
    V = RandomPermutation("V", d)
    with pytest.raises(ValueError, match="expected entries"):
        E(D * V * A * V.T * D * B * D * V * D, over=D)
