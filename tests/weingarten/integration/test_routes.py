"""Every way of summing pairings gives the same answer where two of them apply.

What is known of a constant decides how the sum is done: with `Q.symmetric` it depends on types
alone, without it pairings are listed. A symmetric matrix put in afterwards must not tell the
answers apart.
"""

import pytest
from entrywise import numbers, symmetric
from sympy import (
    DiagMatrix,
    Identity,
    ImmutableMatrix,
    MatrixSymbol,
    Q,
    Rational,
    Trace,
    expand,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary

d = symbols("d", integer=True, positive=True)
SIZE = 4

A, B, C, F = (MatrixSymbol(name, d, d) for name in "ABCF")
VALUES = {
    MatrixSymbol(str(X), SIZE, SIZE): ImmutableMatrix(symmetric(numbers(seed, SIZE, SIZE)))
    for seed, X in enumerate((A, B, C, F))
}
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
G = GaussianMatrix("G", d, d, variance=1 / d)
Z = GaussianMatrix("Z", d, d, variance=1 / d, complex=True)
REAL = [W, G]
ALL = [W, U, G, Z]


def value(expression, declared=()):
    """The number that an answer is at the symmetric values, some constants declared symmetric."""
    occurring = [Q.symmetric(X) for X in declared if X in expression.atoms(MatrixSymbol)]
    answer = E(expression, occurring)
    return expand(answer.subs(d, SIZE).subs(VALUES).doit())


SUBSETS = [(A,), (B,), (A, B)]
WORDS = {
    "one trace": lambda X: Trace((X * A * X.H * B) ** 3),
    "traces": lambda X: Trace(X * A * X.H * B) * Trace((X * A * X.H * B) ** 2),
    "square of a trace": lambda X: Trace(X * A * X.H * B) ** 3,
    "entry": lambda X: MatrixElement(X * A * X.H, 0, 0) ** 3,
    "two entries": lambda X: MatrixElement(X * A * X.H, 0, 0) * MatrixElement(X * A * X.H, 1, 1),
    "entry and trace": lambda X: (
        MatrixElement(X * A * X.H, 0, 1) * MatrixElement(X * A * X.H, 1, 0) * Trace(X * A * X.H * B)
    ),
}


@pytest.mark.parametrize("word", list(WORDS))
@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_declaring_symmetry_does_not_change_the_value(matrix, word):
    expression = WORDS[word](matrix)
    listed = value(expression)
    assert listed != 0
    assert [value(expression, declared) for declared in SUBSETS] == [listed] * len(SUBSETS)


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_constants_that_become_equal_give_what_one_constant_gives(matrix):
    distinct = E(Trace(matrix * A * matrix.H * B * matrix * C * matrix.H * F))
    repeated = E(Trace((matrix * A * matrix.H * B) ** 2))
    assert expand(distinct.xreplace({C: A, F: B}) - repeated) == 0


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_words_that_join_rows_to_columns_agree_with_a_second_matrix_pulled_out(matrix):
    # V X has the distribution of X, so that averaging over V as well changes nothing.
    V = (HaarOrthogonal if matrix in REAL else HaarUnitary)("V", d)
    mixed = Trace(matrix * A * matrix.H * B * matrix * matrix.H * C)
    turned = Trace(V * matrix * A * matrix.H * V.H * B * V * matrix * matrix.H * V.H * C)
    assert value(mixed) == value(turned)


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_a_word_and_its_transpose_together_are_invariant_under_rotations(matrix):
    V = HaarOrthogonal("V", d)
    mixed = Trace(matrix * A * matrix * B * matrix.H * C * matrix.H)
    turned = mixed.subs(matrix, V * matrix).doit()
    assert value(mixed) == value(turned)


@pytest.mark.parametrize("matrix", REAL, ids=str)
def test_a_visible_symmetry_is_as_good_as_a_declared_one(matrix):
    visible = E(Trace((matrix * (A * A.T) * matrix.T * B) ** 2))
    declared = E(Trace((matrix * F * matrix.T * B) ** 2), Q.symmetric(F))
    value = ImmutableMatrix(numbers(7, SIZE, SIZE))
    b = {MatrixSymbol("B", SIZE, SIZE): ImmutableMatrix(numbers(8, SIZE, SIZE))}
    one = visible.subs(d, SIZE).subs({MatrixSymbol("A", SIZE, SIZE): value, **b})
    two = declared.subs(d, SIZE).subs({MatrixSymbol("F", SIZE, SIZE): value * value.T, **b})
    assert expand(one.doit() - two.doit()) == 0


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_the_identity_among_the_constants_is_no_constant(matrix):
    general = E(Trace((matrix * A * matrix.H * B) ** 2))
    with_identity = E(Trace((matrix * A * matrix.H * Identity(d)) ** 2))
    expected = general.subs(d, SIZE).subs({MatrixSymbol("B", SIZE, SIZE): Identity(SIZE)})
    a = {MatrixSymbol("A", SIZE, SIZE): VALUES[MatrixSymbol("A", SIZE, SIZE)]}
    assert expand(with_identity.subs(d, SIZE).subs(a).doit() - expected.subs(a).doit()) == 0


@pytest.mark.parametrize("matrix", ALL, ids=str)
def test_a_diagonal_constant_gives_what_a_general_one_with_these_entries_gives(matrix):
    v = MatrixSymbol("v", d, 1)
    spectrum = ImmutableMatrix([1, -2, 3, 5])
    diagonal = E(Trace((matrix * DiagMatrix(v) * matrix.H * B) ** 2))
    general = E(Trace((matrix * A * matrix.H * B) ** 2))
    b = {X: Y for X, Y in VALUES.items() if X.name == "B"}
    one = diagonal.subs(d, SIZE).subs({MatrixSymbol("v", SIZE, 1): spectrum, **b}).doit()
    a = {
        MatrixSymbol("A", SIZE, SIZE): ImmutableMatrix(
            SIZE, SIZE, lambda r, c: spectrum[r] * (r == c)
        )
    }
    assert expand(one - general.subs(d, SIZE).subs({**a, **b}).doit()) == 0


def test_three_routes_give_one_mean_cube_of_a_quadratic_form():
    # Free and class, class and list, two lists; the last with a constant instead of the indices.
    power_sums = [
        Rational(VALUES[MatrixSymbol("A", SIZE, SIZE)].__pow__(k).trace()) for k in (1, 2, 3)
    ]
    p1, p2, p3 = power_sums
    expected = (p1**3 + 6 * p1 * p2 + 8 * p3) / (SIZE * (SIZE + 2) * (SIZE + 4))
    entry = MatrixElement(W * A * W.T, 0, 0) ** 3
    unit = ImmutableMatrix(SIZE, SIZE, lambda r, c: int(r == c == 0))
    traces = E(Trace(W * A * W.T * B) ** 3)
    put_in = {**VALUES, MatrixSymbol("B", SIZE, SIZE): unit}
    assert value(entry) == value(entry, (A,)) == expected
    assert expand(traces.subs(d, SIZE).subs(put_in).doit()) == expected
