"""Random products of traces and entries of words agree with integration entry by entry."""

import pytest
from entrywise import (
    ENSEMBLES,
    as_sympy,
    haar_moment_by_entries,
    haar_moment_by_invariants,
    integrate,
    square_constants,
    word_as_sympy,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from share import examples
from strategies import products
from sympy import DiagMatrix, MatrixSymbol, Trace, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, HaarOrthogonal

d = symbols("d", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)

NAMES = ["A", "A", "B", "S", "R", "K", "1", "A+2B", "AA.T", "M"]
KIND = {"orthogonal": "real", "unitary": "complex"}
#: The largest number of pairs of random letters for each size.
PAIRS = {"orthogonal": {2: 3, 3: 3, 4: 2, 5: 2}, "unitary": {2: 3, 3: 2, 4: 2, 5: 1}}

both_groups = pytest.mark.parametrize("group", list(ENSEMBLES))
#: Examples are short as they are drawn: none is spent on making a failing one shorter.
some = settings(max_examples=examples(30), phases=[Phase.generate])


@st.composite
def cases(draw, group, sizes=(2, 2, 3, 3, 4, 5), names=NAMES, **options):
    size = draw(st.sampled_from(sizes))
    pairs = PAIRS[group][size]
    return size, draw(products("W", KIND[group], names, pairs, size=size, **options))


def setting(group, size):
    """The random matrix, the constants, and what each name stands for."""
    complex = group == "unitary"
    matrix = ENSEMBLES[group]("W", size)
    constants = square_constants(size, complex=complex)
    return matrix, constants, {"W": matrix, **constants.written}


def exact(group, size, factors, constants, moment):
    shape = (size, size)
    return integrate(factors, "W", shape, constants, moment, complex=group == "unitary")


def check(group, size, factors, route):
    matrix, constants, matrices = setting(group, size)
    value = constants.evaluate(constants.expectation(as_sympy(factors, matrices)))
    assert value == exact(group, size, factors, constants, route(matrix))


@both_groups
@given(data=st.data())
@some
def test_products_of_traces_and_entries_agree_with_moments_of_entries(group, data):
    size, factors = data.draw(cases(group))
    check(group, size, factors, haar_moment_by_entries)


@both_groups
@given(data=st.data())
@some
def test_products_of_traces_and_entries_agree_with_a_sum_over_invariants(group, data):
    size, factors = data.draw(cases(group, sizes=(2, 3)))
    check(group, size, factors, haar_moment_by_invariants)


@both_groups
@given(data=st.data())
@some
def test_indices_put_in_afterwards_give_the_concrete_entries(group, data):
    size, factors = data.draw(cases(group, sizes=(2, 3, 4), indices=[i, j, k, 0, 1]))
    label = st.integers(0, size - 1)
    at = data.draw(st.fixed_dictionaries({i: label, j: label, k: label}))
    matrix, constants, matrices = setting(group, size)
    answer = constants.expectation(as_sympy(factors, matrices))
    concrete = [
        f._replace(ends=f.ends and tuple(at.get(end, end) for end in f.ends)) for f in factors
    ]
    value = exact(group, size, concrete, constants, haar_moment_by_entries(matrix))
    assert constants.evaluate(answer.subs(at)) == value


@both_groups
@given(data=st.data())
@some
def test_a_symbolic_dimension_gives_what_its_value_gives(group, data):
    names = [name for name in NAMES if name != "M"]
    pairs = data.draw(st.integers(1, 3))
    size = data.draw(st.integers(max(pairs, 2), 4 if pairs < 3 else 3))
    factors = data.draw(products("W", KIND[group], names, pairs, size=2))
    constants = square_constants(size, complex=group == "unitary", written_size=d)
    matrix = ENSEMBLES[group]("W", d)
    answer = constants.expectation(as_sympy(factors, {"W": matrix, **constants.written}))
    at_size = constants.evaluate(answer.subs(d, size))
    moment = haar_moment_by_entries(ENSEMBLES[group]("W", size))
    assert at_size == exact(group, size, factors, constants, moment)


@both_groups
@given(data=st.data())
@some
def test_every_entry_of_a_matrix_valued_answer_is_the_expectation_of_the_entry(group, data):
    size, (factor, *_) = data.draw(cases(group, sizes=(2, 3)))
    matrix, constants, matrices = setting(group, size)
    answer = constants.expectation(word_as_sympy(factor.word, matrices))
    explicit = answer.subs(constants.put_in).doit().as_explicit()
    for a in range(size):
        for b in range(size):
            entry = [factor._replace(ends=(a, b), power=1)]
            value = exact(group, size, entry, constants, haar_moment_by_entries(matrix))
            assert constants.evaluate(explicit[a, b]) == value


@both_groups
@given(data=st.data())
@some
def test_diagonal_constants_agree_with_moments_of_entries(group, data):
    # Few factors: the answer is a polynomial in the entries of the diagonal, and long.
    size, factors = data.draw(cases(group, sizes=(4, 5), names=["D", "1", "S"]))
    trace = [factor._replace(ends=None) for factor in factors[:1]]
    check(group, size, trace, haar_moment_by_entries)


@pytest.mark.parametrize("size", [d, 3], ids=str)
@both_groups
def test_an_entry_off_the_diagonal_of_a_conjugated_matrix_vanishes(group, size):
    X, A = ENSEMBLES[group]("X", size), MatrixSymbol("A", size, size)
    assert E(MatrixElement(X * A * X.H, 0, 1)) == 0


def test_long_answers_with_diagonal_constants_are_given():
    size = 3
    W, A, B = (
        HaarOrthogonal("W", size),
        MatrixSymbol("A", size, size),
        MatrixSymbol("B", size, size),
    )
    D = DiagMatrix(MatrixSymbol("v", size, 1))
    value = E(Trace(B * W * D * W.T * B * W) * Trace(B * W * W * A * W))
    assert value.has(A) and not value.has(W)
