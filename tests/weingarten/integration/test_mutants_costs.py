"""Faults in what routes say that they cost, which no value shows."""

import pytest
from sympy import MatrixSymbol, Q, Trace, symbols

from weingarten import HaarOrthogonal, HaarUnitary
from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.integration.diagram import Cut
from weingarten.integration.routes import Task
from weingarten.integration.routes.base import cheapest

d = symbols("d", integer=True, positive=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)


def effort(expr, matrix, given=None):
    alphabet = Alphabet(Facts(given))
    ((monomial, _),) = Reader(alphabet, Conditions()).scalar(expr).items()
    return cheapest(Task(Cut(matrix, monomial.chains, alphabet)))[0]


@pytest.mark.parametrize("n", [2, 5, 8])
def test_two_class_functions_cost_their_products_of_power_sums(n):
    symmetric = [Q.symmetric(A), Q.symmetric(B)]
    found = effort(Trace(W * A * W.T * B) ** n, W, symmetric)
    assert found.what == "products of two power sums"
    assert found.steps == number_of_partitions(n) ** 2
    assert effort(Trace(U * A * U.H * B) ** n, U).steps == number_of_partitions(n) ** 2
