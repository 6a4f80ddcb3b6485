"""Products of entries of W A W.T, and of its traces with constants: counted by loops of edges."""

import random
from math import prod

import pytest
import quadratic_products
from sympy import (
    Add,
    Dummy,
    Integer,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Trace,
    diag,
    expand,
    factorial,
    rf,
    series,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary
from weingarten.integration.routes import base, lists, quadratic

d = symbols("d", integer=True, positive=True)
i, j = symbols("i j", integer=True)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
G = GaussianMatrix("G", d, d, variance=1 / d)
SYMMETRIC = Q.symmetric(A)


def entry(matrix, one, other):
    """An entry of X A X.H that stays one in a product."""
    return MatrixElement(matrix * A * matrix.H, one, other)


def routes_of(module):
    return [r for r in base.ROUTES if r.terms.__module__ == module.__name__]


@pytest.fixture
def by_route(monkeypatch):
    """E with the routes of one module, where they apply; None where they do not."""

    def value(module, expression, given=None):
        used = []

        def noted(route):
            def terms(task):
                used.append(task)
                return route.terms(task)

            def cost(task):
                # Without a cost, so that no other route is taken, nor anything announced.
                return base.Effort(0, 1) if route.cost(task) is not None else None

            return base.Route(cost, terms)

        with monkeypatch.context() as patch:
            patch.setattr(base, "ROUTES", [noted(r) for r in routes_of(module)] + base.ROUTES)
            answer = E(expression, given)
        return answer if used else None

    return value


# Against lists -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(quadratic_products.KINDS))
def test_counting_gives_what_listing_gives(by_route, kind):
    compared = nonzero = 0
    for seed in range(10):
        rng = random.Random(seed)
        dimension = rng.choice([d, d, *map(Integer, (1, 2, 3, 4))])
        pairs = rng.choice([1, 2, 3, 3 if kind == "O" else 4])
        expression, given = quadratic_products.product(rng, kind, dimension, pairs)
        counted = by_route(quadratic, expression, given)
        if counted is not None:
            listed = by_route(lists, expression, given)
            assert expand(counted - listed) == 0, expression
            compared += 1
            nonzero += counted != 0
    assert compared >= 4
    assert nonzero >= 3


WORDS = {
    "rows": lambda X: entry(X, 0, 0) ** 2 * entry(X, 1, 1),
    "off-diagonal": lambda X: entry(X, 0, 1) * entry(X, 1, 0) * entry(X, 0, 0),
    "mixed": lambda X: Trace(X * A * X.H * B) * entry(X, 0, 0) ** 2,
    "two constants": lambda X: Trace(X * A * X.H * B) * Trace(X * A * X.H * C) * entry(X, 1, 1),
    "symbols": lambda X: entry(X, i, i) * entry(X, j, j),
    "symbols that may be a number": lambda X: entry(X, i, 0) * entry(X, 0, j) * entry(X, 0, 0),
}


@pytest.mark.parametrize("matrix", [W, U, G], ids=str)
@pytest.mark.parametrize("word", list(WORDS))
def test_words_of_each_kind_are_counted_as_they_are_listed(by_route, matrix, word):
    expression = WORDS[word](matrix)
    counted = by_route(quadratic, expression, SYMMETRIC)
    assert counted is not None
    assert counted != 0
    assert expand(counted - by_route(lists, expression, SYMMETRIC)) == 0


def test_a_general_constant_counts_on_the_diagonal_and_not_between_labels(by_route):
    diagonal = entry(W, 0, 0) ** 2 * entry(W, 1, 1)
    assert by_route(quadratic, diagonal) == by_route(lists, diagonal)
    assert by_route(quadratic, entry(W, 0, 1) ** 2) is None
    # A general constant beside it is not symmetrised away either.
    assert by_route(quadratic, entry(W, 0, 0) * Trace(W * A * W.T * B)) is None
    assert by_route(quadratic, entry(W, 0, 0) * Trace(W * A * W.T * B), Q.symmetric(B)) is not None


def test_constants_that_lead_from_one_word_to_another_are_left_to_lists(by_route):
    word = MatrixElement(W * A * W.T * B * W * A * W.T, 0, 0)
    assert by_route(quadratic, word, SYMMETRIC) is None
    assert E(word, SYMMETRIC) == by_route(lists, word, SYMMETRIC)


# Against theorems --------------------------------------------------------------------------------


SIZE = 17


def unit_vector(value):
    """What a value is at d = 17 where A projects on a unit vector: traces of its powers are 1."""
    traces = dict.fromkeys(value.atoms(Trace), 1)
    return value.xreplace(traces).subs(d, SIZE)


@pytest.mark.parametrize("powers", [(4, 3), (3, 2, 1), (1, 1, 1, 1)])
def test_squares_of_a_unit_vector_have_the_moments_of_dirichlet(powers):
    n = sum(powers)
    value = E(Mul(*(entry(W, k, k) ** q for k, q in enumerate(powers))), SYMMETRIC)
    expected = prod(rf(Rational(1, 2), q) for q in powers) / rf(Rational(SIZE, 2), n)
    assert unit_vector(value) == expected
    value = E(Mul(*(entry(U, k, k) ** q for k, q in enumerate(powers))))
    expected = prod(factorial(q) for q in powers) / rf(SIZE, n)
    assert unit_vector(value) == expected


def test_off_diagonal_entries_of_a_unit_vector_are_products_of_its_entries():
    # (W A W.T)[0, 1] is x_0 x_1 for x uniform on the sphere.
    value = E(entry(W, 0, 1) ** 4 * entry(W, 0, 0) ** 2 * entry(W, 1, 2) ** 2, SYMMETRIC)
    expected = prod(rf(Rational(1, 2), q) for q in (4, 3, 1)) / rf(Rational(SIZE, 2), 8)
    assert unit_vector(value) == expected


@pytest.mark.parametrize("matrix", [W, U], ids=str)
def test_diagonal_entries_add_up_to_the_trace(matrix):
    # The sum over k of (X A X.H)[k, k] beside others: one index each for 0 and 1, d - 2 others.
    rest = entry(matrix, 0, 0) ** 2 * entry(matrix, 1, 1) ** 2
    total = sum(
        count * E(rest * entry(matrix, k, k), SYMMETRIC)
        for k, count in ((0, 1), (1, 1), (2, d - 2))
    )
    difference = total - Trace(A) * E(rest, SYMMETRIC)
    assert expand(difference.subs(d, SIZE)) == 0


def test_squares_of_a_row_add_up_to_an_entry_of_the_square():
    rest = entry(W, 0, 0) ** 2 * entry(W, 1, 1)
    total = sum(
        count * E(rest * entry(W, 0, k) ** 2, SYMMETRIC)
        for k, count in ((0, 1), (1, 1), (2, d - 2))
    )
    square = MatrixElement(W * A * A * W.T, 0, 0)
    assert expand((total - E(rest * square, SYMMETRIC)).subs(d, SIZE)) == 0


@pytest.mark.parametrize("power", [2, 5])
def test_a_row_moment_is_the_coefficient_of_its_generating_function(by_route, power):
    # E a^q = q! [t^q] prod (1 - t lambda)^(-1/2) / (d/2)_q, at three eigenvalues.
    spectrum = (1, 2, -3)
    value = by_route(quadratic, entry(W, 0, 0) ** power, SYMMETRIC)
    numbers = value.subs(d, 3).subs(MatrixSymbol("A", 3, 3), diag(*spectrum)).doit()
    t = Dummy("t")
    generating = prod((1 - t * x) ** Rational(-1, 2) for x in spectrum)
    coefficient = series(generating, t, 0, power + 1).removeO().coeff(t, power)
    assert numbers == factorial(power) * coefficient / rf(Rational(3, 2), power)


@pytest.mark.parametrize("matrix", [HaarOrthogonal, HaarUnitary])
def test_dimensions_below_the_degree_are_exact(by_route, matrix):
    # At an explicit spectrum the words are polynomials in entries, which another route sums.
    X = matrix("X", 2)
    spectrum = diag(2, 3)
    a = MatrixSymbol("A", 2, 2)
    word = X * a * X.H
    counted = by_route(
        quadratic,
        MatrixElement(word, 0, 0) ** 2 * MatrixElement(word, 0, 1) * MatrixElement(word, 1, 0),
        Q.symmetric(a),
    )
    written = X.as_explicit() * spectrum * X.as_explicit().H
    entries = E(expand(written[0, 0] ** 2 * written[0, 1] * written[1, 0]))
    assert counted.subs(a, spectrum).doit() == entries


def test_a_gaussian_word_is_cheap_as_well():
    value = E(entry(G, 0, 0) ** 6 * entry(G, 1, 1) ** 6, SYMMETRIC)
    # Rows are independent: each is E (sum of lambda g^2)^6.
    row = E(entry(G, 0, 0) ** 6, SYMMETRIC)
    assert expand(value - row**2) == 0


# Sizes -------------------------------------------------------------------------------------------


def test_twelve_words_in_two_rows_are_a_sum_over_partitions():
    # 316,234,143,225 pairings.
    value = E(entry(W, 0, 0) ** 6 * entry(W, 1, 1) ** 6, SYMMETRIC)
    numerator = value.as_numer_denom()[0]
    assert len(max(map(Add.make_args, Mul.make_args(numerator)), key=len)) == 77
    assert unit_vector(value) == rf(Rational(1, 2), 6) ** 2 / rf(Rational(SIZE, 2), 12)


def test_transposed_words_are_those_of_the_transpose():
    of_columns = MatrixElement(W.T * A * W, 0, 0) ** 4 * MatrixElement(W.T * A * W, 1, 1) ** 4
    assert E(of_columns, SYMMETRIC) == E(entry(W, 0, 0) ** 4 * entry(W, 1, 1) ** 4, SYMMETRIC)


def test_what_is_too_long_is_refused_with_its_size():
    long = Mul(*(entry(W, a, b) ** 3 for a in range(5) for b in range(a + 1)))
    with pytest.raises(ValueError, match="of degree n = 45"):
        E(long, SYMMETRIC)
