"""Bounds on the errors of products and norms, against rational numbers."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import (
    MatrixSymbol,
    Symbol,
    symbols,
)

from weingarten import (
    HaarOrthogonal,
    HaarUnitary,
)
from weingarten.numeric.doubles import Doubles
from weingarten.numeric.floats import Bounded, Floats

d, m = symbols("d m", integer=True, positive=True)
x = Symbol("x")
i, j = symbols("i j", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
v = MatrixSymbol("v", d, 1)


@pytest.mark.parametrize(
    ("value", "error", "right"),
    [
        (1.0, 1e-13, True),
        (1.0, 1e-11, False),
        (-3 + 4j, 4e-12, True),
        (0.0, 0.0, False),
        (1e-310, 0.0, False),
        (np.inf, 0.0, False),
        (np.nan, 0.0, False),
    ],
)
def test_what_the_bound_says(value, error, right):
    assert Bounded(np.asarray(value), np.asarray(error)).is_right(1e-12) is right


def rationals(array):
    """Return the entries of a matrix as pairs of fractions."""
    return [
        [(Fraction(*z.real.as_integer_ratio()), Fraction(*z.imag.as_integer_ratio())) for z in row]
        for row in array
    ]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("arithmetic", "share"), [(Floats(), 1e-15), (Doubles(), 1e-12)])
def test_the_bound_of_a_product_holds(arithmetic, share, seed):
    """Of matrices with entries of any size, real or complex, against rational numbers."""
    rng = np.random.default_rng(seed)
    n = 4 + seed
    one, other = rng.standard_normal((2, n, n)) * np.exp(9 * rng.standard_normal((2, n, n)))
    if seed % 2:
        one = one + 1j * rng.standard_normal((n, n))
    left, right = Bounded.exact(one * 10.0 ** (-12 * seed)), Bounded.exact(other)
    found = arithmetic.mul(arithmetic.mul(left, right), right)
    a, b = rationals(left.value), rationals(right.value)
    for _ in range(2):
        a = [
            [
                tuple(sum(a[i][k][part] * b[k][j][0] for k in range(n)) for part in (0, 1))
                for j in range(n)
            ]
            for i in range(n)
        ]
    made = rationals(found.value)
    square = sum(
        (x - y) ** 2
        for row, want in zip(made, a, strict=True)
        for pair, other_pair in zip(row, want, strict=True)
        for x, y in zip(pair, other_pair, strict=True)
    )
    assert 0 < square <= Fraction(*found.error.as_integer_ratio()) ** 2
    assert found.error < share * left.size * right.size**2
    # The sum of the products of entries, and the trace.
    b = [[x for x, _ in row] for row in b]
    for number, want in (
        (arithmetic.dot(found, right), [(a[i][j], b[i][j]) for i in range(n) for j in range(n)]),
        (arithmetic.trace(found), [(a[i][i], 1) for i in range(n)]),
    ):
        parts = [sum(x[part] * y for x, y in want) for part in (0, 1)]
        made = [Fraction(*z.as_integer_ratio()) for z in (number.value.real, number.value.imag)]
        distance = sum((x - y) ** 2 for x, y in zip(made, parts, strict=True))
        assert distance <= Fraction(*np.longdouble(number.error).as_integer_ratio()) ** 2


@pytest.mark.parametrize("seed", range(6))
def test_a_norm_is_at_least_the_largest_singular_value(seed):
    """Of a matrix, of products, and where one singular value is all there is."""
    rng = np.random.default_rng(seed)
    n = 2 + 3 * seed
    matrix = rng.standard_normal((n, n)) + 1j * (seed % 2) * rng.standard_normal((n, n))
    if seed > 3:
        matrix = np.outer(matrix[0], matrix[1])
    matrix = matrix if seed % 2 else matrix.real
    for arithmetic in (Floats(), Doubles()):
        one = arithmetic.given(matrix, rounded=False)
        square = arithmetic.mul(one, one)
        for made, exact in ((one, matrix), (square, matrix @ matrix)):
            largest = np.linalg.svd(exact, compute_uv=False)[0]
            assert (1 - 1e-12) * largest <= made.norm <= (1 + 1e-12) * np.linalg.norm(exact)
