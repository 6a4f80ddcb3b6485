"""Repeated pieces by orbits, and many products at once, beside the listing of all pairings.

The oracle goes through all pairs of pairings one by one, and joins all pieces for each of them.
"""

import random
from collections import defaultdict

import pytest
from sympy import (
    Add,
    ImmutableMatrix,
    MatMul,
    MatrixSymbol,
    Mul,
    Pow,
    Q,
    Trace,
    expand,
    srepr,
    symbols,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import Chain
from weingarten.functions.rational import total
from weingarten.integration.diagram import Cut
from weingarten.integration.routes import Pairs, Task
from weingarten.integration.routes.lists import _listed, _two_lists, _two_lists_cost
from weingarten.integration.routes.orbits import _orbits, _orbits_cost

d = symbols("d", integer=True, positive=True)
i, j = symbols("i j", integer=True)


def random_task(rng, *, most=3):
    """Return the diagram of random traces and entries with few constants, no two sides joined."""
    size = rng.choice([d, 1, 2, 3, 4])
    kind = rng.choice(["orthogonal", "orthogonal", "unitary", "unitary", "real", "complex"])
    matrix = {
        "orthogonal": HaarOrthogonal("X", size),
        "unitary": HaarUnitary("X", size),
        "real": GaussianMatrix("X", size, size),
        "complex": GaussianMatrix("X", size, size, complex=True),
    }[kind]
    A, B, S = (MatrixSymbol(name, size, size) for name in "ABS")
    alphabet = Alphabet(Facts([Q.symmetric(S), Q.real_elements(S)]))
    words = [(), (A,), (A,), (A,), (A.T,), (B,), (S,), (A, B)]
    pool = [tuple(_letter(alphabet, X) for X in word) for word in words]
    n = rng.randint(1, most)
    flags = [False] * n + [True] * n
    rng.shuffle(flags)
    chains = []
    while flags:
        count = rng.choice([k for k in (1, 2, 2, 4, 6) if k <= len(flags)])
        word, start = list(rng.choice(pool)), rng.random() < 0.5
        for k in range(count):
            conjugated = flags.pop() and not matrix.is_real_valued
            word += [alphabet.letter(matrix, (k % 2 == 1) ^ start, conjugated), *rng.choice(pool)]
        ends = rng.choice([None, None, (i, i), (0, 1), (0, 0), (i, j)])
        if count % 2:
            ends = ends or (i, i)
        chains.append(Chain(tuple(word), ends and tuple(map(sympify, ends))))
    return Task(Cut(matrix, chains, alphabet))


def _letter(alphabet, X):
    return alphabet.letter(X.arg, True) if X.is_Transpose else alphabet.letter(X)


def summed(route, task):
    """Return the functions of the dimension by what stands beside them."""
    found = defaultdict(list)
    for part in route(task):
        terms = part.terms(task.cut.alphabet) if isinstance(part, Pairs) else [part]
        for scale, value, chains, *_ in terms:
            found[scale, chains].append(value)
    return {key: value for key, values in found.items() if (value := total(values))}


@pytest.mark.parametrize("seed", range(40))
def test_orbits_give_what_all_pairs_of_pairings_give(seed):
    task = random_task(random.Random(seed))
    if not task.cut.possible:
        return
    listed = summed(_listed, task)
    assert summed(_orbits, task) == listed
    if task.cut.matrix.is_haar:
        assert summed(_two_lists, task) == listed


def power(X, n, A, B):
    return Trace((X * A * X.H * B) ** n)


@pytest.mark.parametrize("n", [4, 5])
def test_general_constants_that_become_symmetric_give_what_symmetric_ones_give(n):
    W = HaarOrthogonal("W", d)
    A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    general = E(power(W, n, A, B)).xreplace({A.T: A, B.T: B}).doit()
    symmetric = E(power(W, n, A, B), [Q.symmetric(A), Q.symmetric(B)])
    assert expand(general.subs(d, 11) - symmetric.subs(d, 11)) == 0


@pytest.mark.parametrize("size", [1, 2, 3])
def test_five_equal_pieces_in_small_dimensions_are_a_power_where_one_constant_is_the_unit(size):
    # With the unit on one side, all is the trace of a power of the other constant.
    W, A, B = (
        HaarOrthogonal("W", size),
        MatrixSymbol("A", size, size),
        MatrixSymbol("B", size, size),
    )
    value = E(power(W, 5, A, B))
    numbers = ImmutableMatrix(size, size, lambda r, c: (3 * r + 2 * c) % 5 - 1)
    put_in = {A: numbers, B: ImmutableMatrix.eye(size)}
    traces = {trace: trace.subs(put_in).doit() for trace in value.atoms(Trace, MatrixElement)}
    assert value.xreplace(traces) == (numbers**5).trace()


def offers(expr, matrix):
    """Return whether orbits are cheaper than all pairs of pairings."""
    alphabet = Alphabet(Facts(None))
    (monomial,) = Reader(alphabet, Conditions(set())).scalar(expr)
    task = Task(Cut(matrix, monomial.chains, alphabet))
    orbits, lists = _orbits_cost(task), _two_lists_cost(task)
    return orbits is not None and orbits.seconds < lists.seconds


def test_orbits_are_taken_where_pieces_are_repeated_and_only_there():
    W = HaarOrthogonal("W", d)
    A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
    different = [MatrixSymbol(f"A{k}", d, d) for k in range(10)]
    assert offers(power(W, 6, A, B), W)
    assert offers(power(W, 4, A, B) * power(W, 2, A, C), W)
    assert not offers(power(W, 4, A, B), W)
    word = [X for k in range(5) for X in (W, different[k], W.T, different[5 + k])]
    assert not offers(Trace(MatMul(*word)), W)


def rebuilt(expr):
    """Return a sum, product or power as SymPy makes it of its parts."""
    if not isinstance(expr, Add | Mul | Pow):
        return expr
    number, rest = expr.as_coeff_Mul()
    if number != 1 and rest.is_Add:
        # A number in front of a sum stays there, as factor() leaves it.
        return Mul(number, rebuilt(rest), evaluate=False)
    return expr.func(*map(rebuilt, expr.args))


@pytest.mark.parametrize(
    "case", ["distinct", "repeated", "unitary", "shared", "sum", "coefficient"]
)
def test_answers_put_together_by_places_are_what_sympy_makes_of_their_parts(case):
    W, U = HaarOrthogonal("W", d), HaarUnitary("U", 2 * d)
    A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
    F, G = MatrixSymbol("F", 2 * d, 2 * d), MatrixSymbol("G", 2 * d, 2 * d)
    different = [MatrixSymbol(f"A{k}", d, d) for k in range(6)]
    word = [X for k in range(3) for X in (W, different[k], W.T, different[3 + k])]
    expr = {
        "distinct": Trace(MatMul(*word)),
        "repeated": power(W, 5, A, B),
        "unitary": Trace(U * F * U.H * G * U * G * U.H * F.T) * Trace(U * F * U.H),
        "shared": Trace(W * A * W.T * B * W * B * W.T * A) * Trace(W * A * W.T * A),
        "sum": power(W, 2, A, B) + 3 * power(W, 2, A, C) + power(W, 1, A, B) + 5,
        "coefficient": (d + 1) * (i + 2) * power(W, 3, A, B) / d,
    }[case]
    value = E(expr)
    again = rebuilt(value)
    assert again == value
    assert hash(again) == hash(value)
    assert srepr(again) == srepr(value)
