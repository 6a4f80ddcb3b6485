"""The circular symplectic ensemble: joins of ends, its Weingarten function, its definition."""

import pickle
import random
from fractions import Fraction
from math import factorial, prod

import haarpy
import numpy as np
import pytest
from routes import only
from sympy import (
    Identity,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    conjugate,
    expand,
    factor,
    latex,
    limit,
    oo,
    symbols,
)
from sympy.combinatorics import Permutation

from weingarten import (
    CircularOrthogonal,
    CircularSymplectic,
    E,
    HaarUnitary,
    crosscheck,
    explain,
    weingarten_circular_symplectic,
    weingarten_orthogonal,
    weingarten_symplectic,
)
from weingarten.combinatorics.loop_counts import loop_types
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.functions.groups import CIRCULAR_SYMPLECTIC
from weingarten.functions.spherical import class_sum, class_table
from weingarten.integration.routes import ROUTES

m = symbols("m", integer=True, positive=True)
i, j, k, q = symbols("i j k q", integer=True)
S = CircularSymplectic("S", m)
A, B = MatrixSymbol("A", 2 * m, 2 * m), MatrixSymbol("B", 2 * m, 2 * m)
J = SymplecticForm(2 * m)


# Values ------------------------------------------------------------------------------------------


def test_entries():
    assert E(abs(S[0, 0]) ** 2) == E(abs(S[0, 2]) ** 2) == 1 / (2 * m - 1)
    assert E(abs(S[0, 1]) ** 2) == 0
    # Self-dual: equal on the diagonal of a block, of opposite sign across.
    assert E(S[0, 0] * conjugate(S[1, 1])) == 1 / (2 * m - 1)
    assert E(S[0, 2] * conjugate(S[3, 1])) == 1 / (2 * m - 1)
    assert E(S[0, 3] * conjugate(S[2, 1])) == -1 / (2 * m - 1)
    assert E(S[0, 0] ** 2) == E(S[0, 0]) == 0
    assert E(abs(S[0, 2]) ** 8) == 6 / (m * (m + 1) * (2 * m - 1) * (2 * m + 1))


def test_one_block_is_a_phase():
    # For m = 1 it is det(U) times the identity.
    made = CircularSymplectic("S", 1)
    assert E(abs(made[0, 0]) ** 20) == E(made[0, 0] * conjugate(made[1, 1])) == 1
    assert E(abs(Trace(made)) ** 6) == 64
    assert E(made.H * made * made.H * made) == Identity(2)


def test_words():
    assert E(Trace(S * A * S.H * B)) == (Trace(A) * Trace(B) + Trace(A * J * B.T * J)) / (2 * m - 1)
    assert E(abs(Trace(S)) ** 2) == 4 * m / (2 * m - 1)
    assert E(Trace(S * S * S.H * S.H)) == E(Trace(S.I * S)) == 2 * m
    value = E(S[i, j] * conjugate(S[k, q])).subs({i: 0, j: 3, k: 2, q: 1, m: 2})
    assert value.doit() == -Rational(1, 3)
    value = E(S[2 * i, 2 * j] * conjugate(S[2 * k, 2 * q]))
    assert value.subs({i: 1, k: 1, j: 0, q: 0}) == 1 / (2 * m - 1)
    assert value.subs({i: 1, k: 0, j: 0, q: 0}) == 0


def test_self_dual_words_are_equal():
    # J S^T J^T = S: both are integrated, by different words.
    word, dual = Trace(S * A * conjugate(S) * B), Trace(J * S.T * J.T * A * conjugate(S) * B)
    there = {m: 2, A: _integers(1, 4), B: _integers(2, 4)}
    assert E(word, at=there) == E(dual, at=there) != 0


def _integers(seed, n):
    return np.random.default_rng(seed).integers(-3, 4, (n, n)).tolist()


def test_two_ensembles_are_one_at_minus_twice_the_size():
    # Averages of traces of powers are those of the COE at -2m, with a sign for each trace.
    d = symbols("d", integer=True, positive=True)
    other = CircularOrthogonal("O", d)
    for powers in ((1,), (2,), (1, 1)):

        def expr(X, powers=powers):
            made = 1
            for power in powers:
                made *= Trace(X**power)
            return made * conjugate(Trace(X ** sum(powers)))

        there = E(expr(other)).subs(d, -2 * m)
        assert factor(E(expr(S)) - (-1) ** (len(powers) + 1) * there) == 0


@pytest.mark.parametrize(
    ("mu", "nu"),
    [((1,), (1,)), ((2,), (1, 1)), ((1, 1), (1, 1)), ((3,), (2, 1)), ((1, 1, 1), (3,)),
     ((2, 1), (2, 1)), ((1, 1, 1), (1, 1, 1)), ((2,), (1,))],
)  # fmt: skip
def test_traces_of_powers_are_those_of_the_list(mu, nu):
    for size in (m, 1, 2, 3):
        X = CircularSymplectic("X", size)
        expr = prod(Trace(X**k) for k in mu) * conjugate(prod(Trace(X**k) for k in nu))
        answer, condition = E(expr, conditions=True)
        assert condition == True  # noqa: E712 - SymPy's three truth values
        with only("circular"):
            ROUTES[:] = [route for route in ROUTES if route.terms.__name__ != "_traces"]
            assert factor(answer - E(expr)) == 0


def test_high_powers_of_a_trace():
    # Of size 2 it is a phase times the identity.
    for k in (1, 4, 9, 20):
        assert E(abs(Trace(CircularSymplectic("X", 1))) ** (2 * k)) == 4**k
    value, condition = E(abs(Trace(S)) ** 8, conditions=True)
    assert condition == (m >= 2)
    assert value.subs(m, 2) == E(abs(Trace(CircularSymplectic("X", 2))) ** 8) == Rational(3584, 3)
    assert value.subs(m, 1) != 4**4
    # At large size it is a complex Gaussian number of variance 2.
    assert limit(E(abs(Trace(S)) ** 12), m, oo) == factorial(6) * 2**6


# haarpy -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [2, 4, 6])
def test_weingarten_functions_are_those_of_haarpy(points):
    x, rng = Symbol("x"), random.Random(points)
    for _ in range(4):
        permutation = Permutation(rng.sample(range(points), points))
        theirs = haarpy.weingarten_circular_symplectic(permutation, x)
        ours = weingarten_circular_symplectic(permutation, m).subs(m, x)
        assert factor(theirs - ours) == 0
        number = haarpy.weingarten_circular_symplectic(permutation, 4)
        assert Fraction(str(weingarten_circular_symplectic(permutation, 4))) == number


@pytest.mark.parametrize("pairs", [1, 2, 3])
def test_moments_are_those_of_haarpy(pairs):
    rng, size, nonzero = random.Random(pairs), 4, 0
    made = CircularSymplectic("S", size)

    def theirs(index):
        # Their form pairs k and m + k.
        return index // 2 + size * (index % 2)

    for _ in range(10):
        plain = [rng.randrange(4) for _ in range(2 * pairs)]
        other = _like(plain, rng)
        product = 1
        for a in range(0, 2 * pairs, 2):
            product *= made[plain[a], plain[a + 1]] * conjugate(made[other[a], other[a + 1]])
        sequences = (tuple(map(theirs, plain)), tuple(map(theirs, other)))
        right = haarpy.haar_integral_circular_symplectic(sequences, size)
        value = E(product)
        assert Fraction(str(value)) == right
        nonzero += value != 0
    assert nonzero > 2


def _like(plain, rng):
    """The same entries in another order, some of them by their partners."""
    entries = [plain[a : a + 2] for a in range(0, len(plain), 2)]
    rng.shuffle(entries)
    turned = ([b ^ 1, a ^ 1] if rng.random() < 0.5 else [a, b] for a, b in entries)
    return [index for entry in turned for index in entry]


# The function -------------------------------------------------------------------------------------


def test_the_function_is_that_of_the_symplectic_group_at_a_half_less():
    x = symbols("x")
    for mu in ((1,), (2,), (1, 1), (2, 1), (3,), (2, 2)):
        there = weingarten_symplectic(mu, x).subs(x, m - Rational(1, 2))
        assert factor(weingarten_circular_symplectic(mu, m) - there) == 0
        assert (
            factor(there - (-1) ** len(mu) * weingarten_orthogonal(mu, x).subs(x, 1 - 2 * m)) == 0
        )
        for value in (4, 5, 9):
            assert weingarten_circular_symplectic(mu, value) == there.subs(m, value)


def test_below_the_degree_tables_and_single_values_agree():
    for n in (2, 3, 5):
        for size in range(1, n + 1):
            table = class_table(CIRCULAR_SYMPLECTIC, n, Rational(size))
            from weingarten.combinatorics.partitions import partitions

            for mu, value in zip(partitions(n), table, strict=True):
                one = class_sum(CIRCULAR_SYMPLECTIC, {mu: 1}, Rational(size))
                assert one.to_sympy(m) == value.to_sympy(m)


def test_bad_arguments_of_the_function():
    with pytest.raises(ValueError, match="m = 0: expected a positive integer"):
        weingarten_circular_symplectic((1,), 0)
    with pytest.raises(ValueError, match="permutes 3 points"):
        weingarten_circular_symplectic(Permutation(2), 3)


# By its definition --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2])
def test_entries_are_those_of_the_definition(size):
    made, form = CircularSymplectic("S", size), SymplecticForm(2 * size).as_explicit()
    U = HaarUnitary("U", 2 * size)
    whole = U.as_explicit() * form * U.T.as_explicit() * form.T
    rng, nonzero = random.Random(size), 0
    for _ in range(8):
        a, b = rng.randrange(2 * size), rng.randrange(2 * size)
        c, e = rng.choice([(a, b), (b ^ 1, a ^ 1), (a ^ 1, b ^ 1)])
        value = E(made[a, b] * conjugate(made[c, e]))
        assert value == E(expand(whole[a, b] * conjugate(whole[c, e])))
        nonzero += value != 0
    assert nonzero > 2


def test_entries_agree_with_the_listing_of_joins(monkeypatch):
    exprs = [
        abs(S[0, 2]) ** 4,
        S[0, 2] * S[1, 3] * conjugate(S[0, 3] * S[1, 2]),
        S[0, 0] * S[2, 3] * conjugate(S[0, 0]) * conjugate(S[2, 3]),
        S[0, 2] * S[2, 0] * conjugate(S[0, 0] * S[2, 2]),
    ]
    found = [E(expr) for expr in exprs]
    kept = [r for r in ROUTES if r.law != "circular" or r.terms.__name__ == "_words"]
    monkeypatch.setattr("weingarten.integration.routes.base.ROUTES", kept)
    assert [factor(E(expr) - value) for expr, value in zip(exprs, found, strict=True)] == [0] * 4
    assert len([value for value in found if value != 0]) == 3


def _across(label):
    return [({"a": "b", "b": "a", "c": "e", "e": "c"}[label], 1, ())]


def test_antisymmetric_edges():
    # One with two equal ends is its own negative.
    assert loop_types([("a", "a"), ("b", "b")], _across, antisymmetric=True) == {}
    # Turning one of two turns the sign of all loops.
    ways = loop_types([("a", "c"), ("b", "e")], _across, antisymmetric=True)
    back = loop_types([("a", "c"), ("e", "b")], _across, antisymmetric=True)
    assert ways == {key: -value for key, value in back.items()} != {}


# Simulation, bad input ----------------------------------------------------------------------------


def test_samples_are_self_dual_and_unitary_and_agree():
    made = CircularSymplectic("S", 2)
    drawn = made.sample(20, seed=0)
    form = np.array(SymplecticForm(4).as_explicit(), dtype=float)
    assert np.allclose(form @ np.swapaxes(drawn, 1, 2) @ form.T, drawn)
    assert np.allclose(drawn @ np.conj(np.swapaxes(drawn, 1, 2)), np.eye(4))
    for expr in (abs(made[0, 2]) ** 4, abs(Trace(made)) ** 4, made[0, 3] * conjugate(made[2, 1])):
        assert crosscheck(expr, samples=4000, seed=2)
    assert not crosscheck(abs(made[0, 0]) ** 2, exact=Rational(1, 4), samples=4000, seed=2)


def test_numbers_at_arrays():
    value = {m: 2, A: _integers(3, 4), B: _integers(4, 4)}
    word = Trace(S * A * S.H * B)
    assert E(word, at=value) == E(E(word), at=value)
    assert crosscheck(word, at=value, samples=4000, seed=3)


def test_conditions_and_refusals():
    assert E(abs(S[0, 2]) ** 2, conditions=True)[1] == (m >= 2)
    value, condition = E(abs(Trace(S)) ** 4, conditions=True)
    assert condition == True  # noqa: E712
    assert [value.subs(m, size) for size in (1, 2)] == [
        E(abs(Trace(CircularSymplectic("S", size))) ** 4) for size in (1, 2)
    ]
    with pytest.raises(ValueError, match="m = 0: expected a positive integer"):
        CircularSymplectic("S", 0)
    with pytest.raises(ValueError, match="joined with its conjugate alone"):
        explain(abs(Trace(S)) ** 2)
    with pytest.raises(ValueError, match="a sum over"):
        E(abs(Trace(S * A)) ** 16)
    with pytest.raises(ValueError, match="row index of S = 4"):
        CircularSymplectic("S", 2)[4, 0]


def test_equal_ones_are_equal_and_pickle():
    assert pickle.loads(pickle.dumps(S)) == S != CircularOrthogonal("S", m)
    assert S.subs(m, 2).shape == (4, 4)
    assert latex(Trace(S)) == latex(Trace(HaarUnitary("S", 2 * m)))
