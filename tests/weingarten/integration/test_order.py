"""Expansions for large dimension: what is left of the exact value is of a higher order."""

import pytest
from sympy import (
    Abs,
    Dummy,
    Eq,
    Identity,
    MatAdd,
    MatrixSymbol,
    Q,
    Sum,
    Trace,
    cancel,
    conjugate,
    degree,
    fraction,
    gamma,
    sqrt,
    symbols,
)

from weingarten import (
    CircularOrthogonal,
    E,
    GaussianMatrix,
    GaussianUnitary,
    HaarOrthogonal,
    HaarStiefel,
    HaarSymplectic,
    HaarUnitary,
    weingarten_orthogonal,
    weingarten_series,
)

d, m, n = symbols("d m n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x = symbols("x")
W, U, Z = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarSymplectic("Z", m)
g = GaussianMatrix("g", d, 1)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
SYMMETRIC = [Q.symmetric(A), Q.symmetric(B)]

CASES = [
    (W[0, 0] ** 4, None, d),
    (W[0, 0] ** 2 * W[1, 1] ** 2 * W[0, 1] ** 2, None, d),
    (Abs(U[0, 0] * U[1, 1] * U[1, 2]) ** 2, None, d),
    (Abs(Z[0, 0]) ** 4, None, m),
    (W[i, j] ** 2 * W[i, k] ** 2, None, d),
    (Trace(U * A * U.H * B) ** 2, None, d),
    (Trace(W * A * W.T * B) ** 3, SYMMETRIC, d),
    (Trace(W * A * W.T * B) ** 2, None, d),
    (x * Trace(W) ** 4 + d**3 * W[0, 0] ** 6 / (d + 1), None, d),
    (Sum(W[i, 0] ** 4, (i, 0, d - 1)), None, d),
    (Trace(GaussianMatrix("G", d, d, variance=1 / d) ** 2) ** 2, None, d),
    (Trace(GaussianUnitary("H", d) ** 6), None, d),
    (HaarStiefel("V", d, 2)[0, 0] ** 4, None, d),
    (Abs(CircularOrthogonal("S", d)[0, 0]) ** 4, None, d),
    (W[0, 0] ** 2 * HaarUnitary("T", d)[0, 0] * conjugate(HaarUnitary("T", d)[0, 0]), None, d),
]


def with_letters(expr):
    """Put a letter for each trace and delta: it is a coefficient."""
    held = sorted(expr.atoms(Trace) | {f for f in expr.atoms() if f.is_Function}, key=str)
    return expr.xreplace({part: Dummy() for part in held})


def power_at_infinity(expr, symbol):
    """The power of the symbol that a rational function grows with; None for zero."""
    over, under = fraction(cancel(expr))
    return None if over == 0 else degree(over, symbol) - degree(under, symbol)


@pytest.mark.parametrize("order", [0, 2, 5])
@pytest.mark.parametrize(("expr", "given", "symbol"), CASES)
def test_the_rest_is_of_a_higher_order(expr, given, symbol, order):
    expansion = E(expr, given, order=order)
    rest = power_at_infinity(with_letters(E(expr, given) - expansion), symbol)
    assert rest is None or rest < -order
    for power in range(1, 12):  # nothing beyond the order stands in it
        assert with_letters(expansion).expand().coeff(symbol, -order - power) == 0


def test_a_weingarten_function_is_an_average():
    value = E(W[0, 0] * W[0, 1] * W[1, 0] * W[1, 1], order=9)
    assert value == weingarten_series("orthogonal", (2,), d, 9)
    assert power_at_infinity(weingarten_orthogonal((2,), d) - value, d) == -10


def test_a_matrix_is_expanded_word_by_word():
    value = E(W * A * W.T * B * W * C * W.T, order=3)
    assert isinstance(value, MatAdd)
    exact = E(W * A * W.T * B * W * C * W.T)
    for word in (B, B.T, Identity(d)):
        found, true = (
            next(arg.as_coeff_mmul()[0] if arg != word else 1 for arg in v.args if arg.has(word))
            for v in (value, exact)
        )
        assert power_at_infinity(with_letters(true - found), d) < -3


def test_constants_beside_it_are_expanded_too():
    assert E([W[0, 0] ** 2, 1 / (d + 1)], order=3) == [1 / d, 1 / d - 1 / d**2 + 1 / d**3]
    assert E(Eq(W[0, 0] ** 4, x), order=3).args == (3 / d**2 - 6 / d**3, x)


def test_values_of_traces_that_are_given_count():
    given = [Eq(Trace(A), d / 2), Q.symmetric(A)]
    assert E(Trace(W * A * W.T * B), given, order=0) == Trace(B) / 2


def test_conditions_come_with_it():
    value, condition = E(W[i, j] ** 4, order=2, conditions=True)
    assert value == 3 / d**2
    assert condition == E(W[i, j] ** 4, conditions=True)[1]


@pytest.mark.parametrize(
    ("expr", "order", "error", "message"),
    [
        (GaussianMatrix("G", d, n)[0, 0] ** 2, 1,
         ValueError, "hold d, n; expected one symbol"),
        (HaarOrthogonal("R", 3)[0, 0] ** 2, 1, ValueError, "hold no symbol"),
        (W[0, 0] ** 2 * gamma(d), 1, ValueError, r"the answer holds gamma\(d\)"),
        (W[0, 0] ** 2 * sqrt(d), 1, ValueError, r"the answer holds sqrt\(d\)"),
        (Abs(W[0, 0]) ** x, 1, ValueError, "with a power that is no polynomial"),
        (g[0, 0] ** 2 / (g.T * g)[0, 0], 1, ValueError, "with a power that is no polynomial"),
        (W[0, 0] ** 2, -1, ValueError, "order = -1: expected a non-negative integer"),
        (W[0, 0] ** 2, 1.5, TypeError, "order = 1.5: expected a non-negative integer"),
        (W[0, 0] ** 4, 10**9, ValueError, "expected an order such as"),
    ],
)  # fmt: skip
def test_what_has_no_expansion_is_refused(expr, order, error, message):
    with pytest.raises(error, match=message):
        E(expr, order=order)


def test_numbers_are_put_in_afterwards():
    with pytest.raises(ValueError, match="an expansion is in a symbol"):
        E(W[0, 0] ** 4, at={d: 3}, order=3)
