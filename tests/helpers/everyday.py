"""Symbols and matrices of everyday input, and what a right answer is compared with."""

import re

from expansion import constant, expectation, value_of
from sympy import (
    Identity,
    MatrixSymbol,
    OneMatrix,
    expand,
    simplify,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
)

a, b, d, m, n = symbols("a b d m n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
V = HaarSymplectic("V", m)
W3, U3, V2 = HaarOrthogonal("W", 3), HaarUnitary("U", 3), HaarSymplectic("V", 2)
R2 = HaarOrthogonal("R", 2)
G = GaussianMatrix("G", d, n)
A, B, K = (MatrixSymbol(name, d, d) for name in "ABK")
SYM = MatrixSymbol("S", d, d)
X, M = MatrixSymbol("X", d, n), MatrixSymbol("M", d, n)
row, column = MatrixSymbol("v", 1, d), MatrixSymbol("y", d, 1)
ALL, ALSO = (i, 0, d - 1), (j, 0, d - 1)
CENTRED = Identity(n) - OneMatrix(n, n) / n


def same(one, other):
    return simplify(one - other) == 0


def assert_right(expr, given=None, points=({d: 3, n: 4}, {d: 4, n: 2})):
    """E at each point is the value of the expression written out."""
    answer = E(expr, given=given)
    for point in points:
        assert expand(value_of(answer, point) - expectation(expr, point)) == 0, answer


def assert_right_or_refused(expr, message, points=({d: 3, n: 4}, {d: 4, n: 2}), given=None):
    """The same, but a refusal of one clear line will do."""
    try:
        E(expr, given=given)
    except (ValueError, TypeError, NotImplementedError) as error:
        assert re.search(message, str(error)), error
    else:
        assert_right(expr, given, points)


def symmetric(name, size):
    """The constant of a name and its transpose together."""
    entries = constant(name, size, size)
    return [[entries[x][y] + entries[y][x] for y in range(size)] for x in range(size)]
