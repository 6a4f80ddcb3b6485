"""Equal indices on one side: pieces joined one by one give what all pairings of them give."""

from math import prod
from random import Random

import pytest
from routes import only
from share import share
from sympy import Integer, MatrixSymbol, Q, Rational, Trace, conjugate, expand, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, HaarOrthogonal, HaarUnitary, clear_caches

d = symbols("d", integer=True, positive=True)


def corner(word):
    """Return an entry of a product that SymPy does not write out at an integer size."""
    return MatrixElement(word, 0, 0)


def orthogonal(source, size):
    """Return a product of entries of words in row 0, and what is symmetric."""
    W = HaarOrthogonal("W", size)
    A, B = (MatrixSymbol(name, size, size) for name in "AB")
    turned = [corner(W * X * W.T) for X in (A, B)]
    pairs = [corner(W * A) * W[0, 0], corner(W * B) ** 2, corner(W * A) * corner(W * B)]
    factors = turned + source.choices([*turned, *pairs, W[0, 0] ** 2], k=source.randint(0, 1))
    given = [Q.symmetric(X) for X in (A, B) if source.random() < 0.5]
    return prod(factors), given


def unitary(source, size):
    """Return a product of entries of words in row 0, also of words in U and its transpose."""
    U = HaarUnitary("U", size)
    A, B = (MatrixSymbol(name, size, size) for name in "AB")
    turned = [corner(U * X * U.H) for X in (A, B)]
    squares = [abs(corner(U * A)) ** 2, abs(U[0, 0]) ** 2, U[0, 0] * conjugate(corner(U * B))]
    alike = [corner(U * A * U.T) * corner(U.conjugate() * B * U.H)]
    factors = source.choice([turned, alike]) + source.choices(turned + squares, k=1)
    return prod(factors), []


@pytest.mark.parametrize("seed", share(range(60), 6))
def test_joined_pieces_are_all_pairings(seed):
    source = Random(seed)
    size = source.choice([d, d, 1, 2, 3, 4])
    expr, given = source.choice([orthogonal, unitary])(source, size)
    values = []
    for module in ("free", "lists"):
        clear_caches()
        with only(module, "entries", "power_sums") if module == "free" else only(module):
            values.append(E(expr, given))
    assert expand((values[0] - values[1]).subs(d, 11)) == 0  # no pole of such degrees


def test_the_route_is_taken_where_pairings_are_many():
    """A product that pairings could not be listed for: a value at A = B = 1."""
    k = 5
    W = HaarOrthogonal("W", d)
    A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    expr = (W * A * W.T)[0, 0] ** k * (W * B * W.T)[0, 0] ** k
    with only("free"):
        value = E(expr, [Q.symmetric(A), Q.symmetric(B)])
    # Of the identity, and of projections on one line: 1, and the power of an entry.
    traces, size = value.atoms(Trace), 7
    assert value.xreplace(dict.fromkeys(traces, Integer(size))).subs(d, size) == 1
    double, ends = prod(range(1, 4 * k, 2)), prod(size + 2 * j for j in range(2 * k))
    assert value.xreplace(dict.fromkeys(traces, Integer(1))).subs(d, size) == Rational(double, ends)
