"""The functions of haarpy by its names: its own values at random calls, and what is refused."""

import ast
import inspect
import random
from fractions import Fraction

import haarpy
import pytest
from sympy import Basic, Rational, Symbol, factor, symbols, sympify
from sympy.combinatorics import Permutation

from weingarten import haarpy as moved

d = Symbol("d")


def agree(name, *call, **keywords):
    """Both values of a call; ours is a SymPy expression, and the same number or function."""
    ours, theirs = getattr(moved, name)(*call, **keywords), getattr(haarpy, name)(*call, **keywords)
    assert isinstance(ours, Basic)
    assert factor(ours - sympify(theirs)) == 0, (name, call, keywords)
    return ours


def test_signatures_are_those_of_haarpy():
    for name in moved.__all__:
        theirs, ours = (inspect.signature(getattr(m, name)).parameters for m in (haarpy, moved))
        assert list(theirs) == list(ours), name
        assert [p.default for p in theirs.values()] == [p.default for p in ours.values()], name


def test_every_integral_and_weingarten_function_is_here_but_those_of_quantum_groups():
    public = {n for n in haarpy.__all__ if n.startswith(("haar_integral", "weingarten"))}
    assert public - set(moved.__all__) == {
        "haar_integral_free_orthogonal",
        "haar_integral_free_symmetric",
    }
    assert set(moved.__all__) <= public


def test_haarpy_itself_is_not_loaded():
    tree = ast.parse(inspect.getsource(moved))
    loaded = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not any(isinstance(n, ast.Import) for n in ast.walk(tree))
    assert {name.split(".")[0] for name in loaded} == {
        "__future__", "collections", "sympy", "typing", "weingarten"
    }  # fmt: skip


# Integrals ----------------------------------------------------------------------------------------


def labels(rng, count, kinds=3):
    """Labels, not from 0, that repeat."""
    return tuple(rng.choice([1, 5, 8][:kinds]) for _ in range(count))


def shuffled(rng, sequence):
    return tuple(rng.sample(sequence, len(sequence)))


@pytest.mark.parametrize("size", [d, 3, 4])
def test_unitary_integrals(size):
    rng, nonzero = random.Random(1), 0
    for _ in range(8):
        count = rng.randrange(4)
        rows, columns = labels(rng, count), labels(rng, count)
        monomial = rows, columns
        other = shuffled(rng, rows), shuffled(rng, columns)
        value = agree("haar_integral_unitary", monomial, other, size)
        assert value == moved.haar_integral_unitary(monomial, other, size, "Gorin")
        nonzero += value != 0
    assert nonzero > 4
    assert agree("haar_integral_unitary", ((0, 1), (0, 1)), ((0, 0), (0, 1)), size) == 0


@pytest.mark.parametrize("size", [d, 3, 5])
def test_orthogonal_integrals(size):
    rng, nonzero = random.Random(2), 0
    for _ in range(8):
        pairs = rng.randrange(4)
        monomial = tuple(shuffled(rng, labels(rng, pairs) * 2) for _ in range(2))
        nonzero += agree("haar_integral_orthogonal", monomial, size) != 0
    assert nonzero > 4


@pytest.mark.parametrize("size", [d, 3])
def test_matrices_of_powers(size):
    rng, nonzero = random.Random(3), 0
    for _ in range(3):
        powers = tuple(tuple(rng.choice([0, 0, 1, 2]) for _ in range(2)) for _ in range(3))
        call = powers, size, "Gorin", "matrix"
        nonzero += agree("haar_integral_orthogonal", *call) != 0
        call = powers, powers, size, "gorin", "Matrix"
        nonzero += agree("haar_integral_unitary", *call) != 0
    assert nonzero > 2
    keywords = {"structure": "matrix", "algorithm": "Gorin"}
    turned = ((0, 1), (1, 0))
    agree("haar_integral_unitary", ((1, 0), (0, 1)), turned, unitary_dimension=size, **keywords)


def like(rng, places):
    """Indices of a symplectic basis, each of which meets its partner."""
    return shuffled(rng, [x for k in places for x in ((k, 0), (k, 1))])


@pytest.mark.parametrize("size", [d, 2, 3])
def test_symplectic_integrals(size):
    rng, nonzero = random.Random(4), 0
    for _ in range(6):
        pairs = rng.choice([0, 1, 2, 2])
        sequences = tuple(
            tuple(k + size * s if s else k for k, s in like(rng, [rng.randrange(2)] * pairs))
            for _ in range(2)
        )
        nonzero += agree("haar_integral_symplectic", sequences, size) != 0
    assert nonzero > 2
    assert agree("haar_integral_symplectic", ((0,), (0,)), size) == 0


@pytest.mark.parametrize("size", [d, 3, 4])
def test_circular_orthogonal_integrals(size):
    rng, nonzero = random.Random(5), 0
    for _ in range(8):
        plain = labels(rng, 2 * rng.randrange(3))
        sequences = plain, shuffled(rng, plain)
        nonzero += agree("haar_integral_circular_orthogonal", sequences, size) != 0
    assert nonzero > 4
    assert agree("haar_integral_circular_orthogonal", ((0, 0, 1, 1), (0, 1)), size) == 0


@pytest.mark.parametrize("size", [d, 2, 3])
def test_circular_symplectic_integrals(size):
    rng, nonzero = random.Random(6), 0
    for _ in range(8):
        entries = [[(rng.randrange(2), rng.randrange(2)) for _ in "ij"] for _ in range(2)]
        # The same entries in another order, one of them by its partner.
        (a, i), (b, j) = entries[0]
        other = [entries[1], [(b, 1 - j), (a, 1 - i)]] if rng.random() < 0.6 else entries
        sequences = tuple(
            tuple(k + size * s if s else k for pair in side for k, s in pair)
            for side in (entries, other)
        )
        nonzero += agree("haar_integral_circular_symplectic", sequences, size) != 0
    assert nonzero > 4


@pytest.mark.parametrize("size", [d, 4])
@pytest.mark.parametrize("kind", ["permutation", "centered_permutation"])
def test_permutation_integrals(kind, size):
    rng, nonzero = random.Random(7), 0
    for _ in range(6):
        rows = labels(rng, rng.randrange(1, 4))
        columns = tuple(3 * x for x in rows) if rng.random() < 0.6 else shuffled(rng, rows)
        nonzero += agree(f"haar_integral_{kind}", rows, columns, size) != 0
    assert nonzero > 1


def test_no_entries_have_the_mean_one():
    # haarpy's centred permutation has 0 there.
    empty = ((), ())
    assert moved.haar_integral_centered_permutation((), (), 3) == 1
    assert agree("haar_integral_unitary", empty, empty, d) == 1
    assert agree("haar_integral_permutation", (), (), d) == 1
    assert agree("haar_integral_orthogonal", ((0, 0), (0, 0)), d, "Gorin", "matrix") == 1


def test_labels_may_be_letters_and_lists_are_lists():
    assert agree("haar_integral_unitary", ("ab", "aa"), ("ba", "aa"), 3) == Rational(1, 12)
    assert moved.haar_integral_unitary([[0, 1], [0, 0]], [[1, 0], [0, 0]], 3) == Rational(1, 12)


def test_matrices_of_other_shapes_name_other_entries():
    # haarpy compares as many rows as the smaller one has.
    assert moved.haar_integral_unitary(((1, 0), (0, 1)), ((1,),), d, "Gorin", "matrix") == 0
    value = moved.haar_integral_unitary(((1, 0), (0, 0)), ((1,),), d, "Gorin", "matrix")
    assert value == 1 / d


# Weingarten functions -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [d, 2, 5])
def test_weingarten_functions(size):
    rng = random.Random(8)
    for points in (2, 4):
        permutation = Permutation(rng.sample(range(points), points))
        for group in ("unitary", "orthogonal", "symplectic", "circular_orthogonal",
                      "circular_symplectic"):  # fmt: skip
            agree(f"weingarten_{group}", permutation, size)
    agree("weingarten_unitary", cycle=(2, 1), unitary_dimension=size)
    agree("weingarten_orthogonal", (2, 1), size)
    agree("weingarten_circular_orthogonal", (2, 1), size)


@pytest.mark.parametrize("size", [d, 6])
def test_weingarten_functions_of_set_partitions(size):
    # The points are counted from 1 here.
    one, other = ((1, 2), (3,), (4,)), ((1,), (2, 3), (4,))
    agree("weingarten_permutation", one, other, size)
    agree("weingarten_centered_permutation", one, other, dimension=size)


def test_a_power_that_haarpy_does_not_reach():
    n = 30
    value = moved.haar_integral_unitary(((0,) * n, (0,) * n), ((0,) * n, (0,) * n), 2)
    assert value == Rational(1, n + 1)
    assert Fraction(str(moved.haar_integral_orthogonal(((40,),), 2, "Gorin", "matrix"))) > 0


# What is refused ----------------------------------------------------------------------------------

m = symbols("m", integer=True, positive=True)


@pytest.mark.parametrize(
    ("name", "call", "error", "message"),
    [
        ("unitary", (((0, 1, 2),) * 2, ((0, 1, 2),) * 2, 2), ValueError,
         "names 3 rows, 0, 1, 2, of a matrix of size 2; expected no more than 2 different rows"),
        ("orthogonal", (((0, 0), (0, 1)), 1), ValueError, "names 2 columns"),
        ("orthogonal", (((0, 0), (0,)), d), ValueError, "monomial = .*: expected two sequences"),
        ("orthogonal", (((0, 0),), d), ValueError, "expected two sequences of one length"),
        ("orthogonal", (3, d), TypeError, "monomial = 3: expected two sequences"),
        ("orthogonal", (((0, -1), (0, 1)), d), ValueError, "holds the index -1"),
        ("orthogonal", (((0.5, 1), (0, 1)), d), TypeError, "holds the index 0.5"),
        ("orthogonal", (((True, 1), (0, 1)), d), TypeError, "holds the index True"),
        ("orthogonal", (((m, m), (0, 0)), d), TypeError, r"write E\(...\) of entries"),
        ("orthogonal", (((0, 0), (0, 0)), d, "weyl"), ValueError, "algorithm = 'weyl'"),
        ("orthogonal", (((0, 0), (0, 0)), d, 1), TypeError, "algorithm = 1"),
        ("orthogonal", (((0, 0), (0, 0)), d, "gorin", "list"), ValueError, "structure = 'list'"),
        ("orthogonal", (((2, 0), (0,)), d, "gorin", "matrix"), ValueError, "a matrix of powers"),
        ("orthogonal", (((-2, 0),), d, "gorin", "matrix"), ValueError, "a matrix of powers"),
        ("orthogonal", (((2.0, 0),), d, "gorin", "matrix"), TypeError, "a matrix of powers"),
        ("unitary", (((0,), (0,)), ((0,), (0,)), 0), ValueError, "unitary_dimension = 0"),
        ("unitary", (((0,), (0,)), ((0,), (0,)), -3), ValueError, "unitary_dimension = -3"),
        ("unitary", (((0,), (0,)), ((0,), (0,)), True), TypeError, "unitary_dimension = True"),
        ("symplectic", (((0, d - 1), (0, d)), d), ValueError, r"index d - 1: expected k or d \+ k"),
        ("symplectic", (((0, 4), (0, 1)), 2), ValueError, "holds the index 4.*from 0 to 3"),
        ("symplectic", (((0, d), (0, d)), 2), ValueError, "holds the index d"),
        ("symplectic", (("01", "01"), 2), TypeError, "holds the index '0'"),
        ("symplectic", (((0, 2 * m), (0, m)), m), ValueError, r"holds the index 2\*m"),
        ("circular_orthogonal", (((0, 0, 1), (1, 0, 0)), d), ValueError, "of even length"),
        ("circular_orthogonal", (((0, 1), (0, 1)), 1), ValueError, "names 2 indices"),
        ("circular_symplectic", (((0, 5), (0, 5)), 2), ValueError, "holds the index 5"),
        ("permutation", ((0, 1), (0, 1), 1), ValueError, "row_indices names 2 rows"),
        ("permutation", ((0, 1), (0,), d), ValueError, "row_indices has 2 indices"),
        ("centered_permutation", (0, (0,), d), TypeError, "row_indices = 0"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(name, call, error, message):
    with pytest.raises(error, match=message):
        getattr(moved, f"haar_integral_{name}")(*call)
