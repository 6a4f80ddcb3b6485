"""Powers of given matrices whose exponents are no integers."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import I, MatrixSymbol, Rational, Symbol, Trace, exp, sqrt, symbols

from weingarten import E, HaarOrthogonal, compiled

d = symbols("d", integer=True, positive=True)
s = Symbol("s")
W, A, B = HaarOrthogonal("W", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
HALF = Rational(1, 2)
ROOT = Trace(W * A**HALF * W.T)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[4, 0], [0, 9]], 5),
        ([[4, 0], [0, 4]], 4),
        ([[5, 4], [4, 5]], 4),
        ([[-4, 0], [0, 9]], 3 + 2 * I),
        ([[0, 0], [0, 9]], 3),
    ],
)
def test_rational_roots_are_exact(matrix, expected) -> None:
    assert E(ROOT, at={d: 2, A: matrix}) == expected


def test_entries_and_coefficients() -> None:
    at = {d: 2, A: [[4, 0], [0, 9]]}
    assert E((W * A**HALF * W.T)[0, 0], at=at) == Rational(5, 2)
    assert E(Trace(A**HALF) * W[0, 0] ** 2, at=at) == Rational(5, 2)
    assert E(Trace(W * A**s * W.T), at={**at, s: Rational(-1, 2)}) == Rational(5, 6)
    assert E(Trace(W * A**s * W.T), at={**at, s: 2}) == 97


def test_floats() -> None:
    assert E(ROOT, at={d: 2, A: [[4.0, 0], [0, 9]]}) == 5.0
    assert E(ROOT, at={d: 2, A: np.diag([4.0, 4.0])}) == 4.0
    # The square root of a 2 x 2 matrix has the trace sqrt(tr + 2 sqrt(det)).
    matrix = [[2, 0.5], [0.5, 1]]
    expected = sqrt(3 + 2 * sqrt(Rational(7, 4)))
    assert E(ROOT, at={d: 2, A: matrix}) == pytest.approx(float(expected), rel=1e-12)
    assert abs(E(ROOT, at={d: 2, A: matrix}, digits=40) - expected.n(50)) < 1e-39


@pytest.mark.parametrize("exponent", [0.5, -0.5, 1 / 3, 1.7])
def test_symmetric_matrices_against_numpy(exponent) -> None:
    matrix = np.cov(np.random.default_rng(0).normal(size=(6, 20)))
    values, vectors = np.linalg.eigh(matrix)
    power = (vectors * values**exponent) @ vectors.T
    other = np.random.default_rng(1).normal(size=(6, 6))
    found = E(Trace(W * A**s * W.T * B), at={d: 6, A: matrix, B: other, s: exponent})
    assert found == pytest.approx(np.trace(power) * np.trace(other) / 6, rel=1e-10)


def test_complex_powers() -> None:
    matrix = np.array([[2, 1j], [-1j, 2]])
    assert E(ROOT, at={d: 2, A: matrix}) == pytest.approx(1 + 3**0.5, rel=1e-12)
    negative = np.array([[-4.0, 0.5], [0.5, 9]])
    roots = np.linalg.eigvalsh(negative).astype(complex) ** 0.5
    assert E(ROOT, at={d: 2, A: negative}) == pytest.approx(roots.sum(), rel=1e-12)


def test_eigenvalues_next_to_each_other() -> None:
    matrix = np.diag([1.0, 1.0 + 2.0**-50, 1.0 + 2.0**-49, 4.0])
    assert E(ROOT, at={d: 4, A: matrix}) == pytest.approx(5.0, rel=1e-12)


def test_under_a_function() -> None:
    expr = exp(Trace(A**HALF)) * W[0, 0] ** 2
    found = E(expr, at={d: 2, A: [[2, 1], [1, 1]]})
    assert float(found) == pytest.approx(np.exp(5**0.5) / 2, rel=1e-12)
    with pytest.raises(ValueError, match=r"a function of A\*\*\(1/2\)"):
        E(expr, at={d: 3, A: [[2, 1, 0], [1, 1, 0], [0, 0, 9]]})


@pytest.mark.parametrize(
    ("exponent", "matrix", "message"),
    [
        (HALF, [[1, 1], [0, 1]], "no basis of eigenvectors"),
        (-HALF, [[1, 1], [1, 1]], "singular"),
        (HALF, [[sqrt(2), 0], [0, 1]], "not rational"),
    ],
)
def test_refusals(exponent, matrix, message) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        E(Trace(W * A**exponent * W.T), at={d: 2, A: matrix})
    assert caught.value.__cause__ is None


def test_compiled_takes_the_power_of_each_array() -> None:
    root = compiled(ROOT, [d, A])
    assert [root(2, np.diag([x, 9.0])) for x in (4.0, 16.0)] == [5.0, 7.0]
