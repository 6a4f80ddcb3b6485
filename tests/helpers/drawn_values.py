"""Draws of matrices, and the values of expressions in them written out by SymPy alone."""

from itertools import product

import numpy as np
from sympy import (
    I,
    Integer,
    MatrixSymbol,
    Piecewise,
    Sum,
    Trace,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

i, j, k, n = symbols("i j k n", integer=True)
d = symbols("d", integer=True, positive=True)
x, y = symbols("x y")
SIZE, DRAWS = 3, 2
A, B, C = (MatrixSymbol(name, SIZE, SIZE) for name in "ABC")
v, w = MatrixSymbol("v", SIZE, 1), MatrixSymbol("w", 1, SIZE)
RNG = np.random.default_rng(5)


def integers(*shape):
    return RNG.integers(-3, 4, size=shape)


# Draws of A, B and v; C and w are constants.
VALUES = {
    A: integers(DRAWS, SIZE, SIZE) + 1j * integers(DRAWS, SIZE, SIZE),
    B: integers(DRAWS, SIZE, SIZE),
    C: integers(SIZE, SIZE),
    v: integers(DRAWS, SIZE, 1),
    w: integers(1, SIZE),
}


# The oracle ---------------------------------------------------------------------------------------


class RangeError(ValueError):
    """A range that ends earlier than one before its start."""


def expanded(expr, at):
    """Write out all sums by putting in one value of an index after the other, and all traces."""
    if isinstance(expr, Sum):
        *inner, (index, *ends) = expr.limits
        low, high = (int(end.subs(at)) for end in ends)
        if high < low - 1:
            raise RangeError
        body = Sum(expr.function, *inner) if inner else expr.function
        terms = [expanded(body, {**at, index: value}) for value in range(low, high + 1)]
        return sum(terms, Integer(0))
    if isinstance(expr, Trace):
        matrix = expr.arg.subs(at).doit().as_explicit()
        return expanded(matrix.trace(), at)
    if isinstance(expr, Piecewise):
        return next(expanded(branch, at) for branch, holds in expr.args if holds.subs(at) == True)  # noqa: E712
    if not expr.has(Sum, Trace, Piecewise):
        # SymPy lets negative indices stand, and drops entries beside a zero.
        places = [index.subs(at) for entry in expr.atoms(MatrixElement) for index in entry.indices]
        if any(place < 0 or place >= SIZE for place in places):
            raise IndexError
        return expr.subs(at)
    return expr.func(*(expanded(arg, at) for arg in expr.args))


def _numbers(draw):
    def number(value):
        return Integer(int(value.real)) + I * Integer(int(value.imag))

    return {
        MatrixElement(matrix, a, b): number((array if array.ndim == 2 else array[draw])[a, b])
        for matrix, array in VALUES.items()
        for a, b in product(*map(range, array.shape[-2:]))
    }


NUMBERS = [_numbers(draw) for draw in range(DRAWS)]


def explicit(expr):
    """Return the value of an expression for each draw, from SymPy alone."""
    if getattr(expr, "is_Matrix", False):
        written = expr.as_explicit()
        return np.array([_values(entry) for entry in written]).T.reshape(DRAWS, *written.shape)
    return np.array(_values(expr))


def _values(expr):
    written = expanded(expr, {})
    return [complex(written.xreplace(draw).doit()) for draw in NUMBERS]
