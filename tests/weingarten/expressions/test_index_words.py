"""Sums in which more than two words meet in an index, as words."""

import numpy as np
import pytest
from sympy import Dummy, Integer, MatrixSymbol, Mul, OneMatrix, S

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.index_words import as_words
from weingarten.expressions.words import Chain, Letter, Monomial, Range
from weingarten.expressions.writer import to_sympy
from weingarten.simulation.evaluation import Evaluator

A, B, C = (MatrixSymbol(name, 3, 3) for name in "ABC")
a, b, c, ones = (Letter(matrix) for matrix in (A, B, C, OneMatrix(3, 1)))
i, j, k = (Dummy(name, integer=True) for name in "ijk")
ARRAYS = {X: np.random.default_rng(n).integers(-3, 4, (3, 3)) for n, X in enumerate((A, B, C))}


@pytest.mark.parametrize(
    ("chains", "sums", "sum_by_hand"),
    [
        # The 0 of an entry beside the 0 of a vector.
        ([((a,), (S.Zero, i)), ((b, ones), (i, S.Zero)), ((c,), (i, S.One))], (i,), "i,ij,i"),
        ([((a,), (S.Zero, i)), ((b,), (S.Zero, i)), ((c,), (i, S.One))], (i,), "i,i,i"),
        ([((a,), (i, i)), ((b,), (i, i)), ((c,), (i, i))], (i,), "ii,ii,ii"),
        ([((a,), (i, j)), ((b,), (i, j)), ((c,), (j, i))], (i, j), "ij,ij,ji"),
        ([((a,), (i, j)), ((b,), (i, k)), ((c,), (i, i))], (i, j, k), "ij,ik,ii"),
        ([((a,), (i, j)), ((b,), (j, k)), ((c,), (k, i))], (i, j, k), "ij,jk,ki"),
    ],
    ids=str,
)
def test_words_are_the_sums(chains, sums, sum_by_hand):
    monomial = Monomial(
        tuple(Chain(word, ends) for word, ends in chains),
        tuple(Range(index, S.Zero, Integer(2)) for index in sums),
    )
    made = as_words(monomial, Alphabet())
    assert not made.sums
    values = {X: array.astype(float) for X, array in ARRAYS.items()}
    found = Evaluator(values)(Mul(*map(to_sympy, made.chains)))
    operands = [ARRAYS[X] for X in (A, B, C)]
    if sum_by_hand == "i,ij,i":
        operands = [ARRAYS[A][0], ARRAYS[B], ARRAYS[C][:, 1]]
    elif sum_by_hand == "i,i,i":
        operands = [ARRAYS[A][0], ARRAYS[B][0], ARRAYS[C][:, 1]]
    assert float(found) == np.einsum(sum_by_hand + "->", *operands)


def test_a_part_of_a_range_stays_a_sum():
    part = Monomial((Chain((a,), (i, i)),), (Range(i, S.One, Integer(2)),))
    assert as_words(part, Alphabet()) == part
    weighted = Monomial((Chain((a,), (i, i)),), (Range(i, S.Zero, Integer(2)),))
    assert as_words(weighted, Alphabet(), [i + 1]) == weighted
