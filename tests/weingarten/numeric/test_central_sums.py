"""Power sums about the mean of the eigenvalues: the change of basis, and what is lost no more."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from sympy import MatMul, Matrix, MatrixSymbol, Rational, Trace, eye, symbols

from weingarten import E, HaarOrthogonal, HaarUnitary
from weingarten.combinatorics.partitions import partitions
from weingarten.numeric.arithmetic import Balls, Gaussians, Rationals
from weingarten.numeric.central import in_central_sums
from weingarten.numeric.doubles import Doubles
from weingarten.numeric.floats import Floats
from weingarten.numeric.pairs import Pair

d = symbols("d", integer=True, positive=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)


@pytest.mark.parametrize("n", range(1, 8))
def test_products_of_power_sums_are_those_of_central_ones(n):
    for size in (1, 2, 3, 7):
        values = [fmpq((3 * k + n) % 11 - 4, k + 2) for k in range(size)]
        mean = sum(values, fmpq(0)) / size
        usual = {k: sum((x**k for x in values), fmpq(0)) for k in range(1, n + 1)}
        central = {k: sum(((x - mean) ** k for x in values), fmpq(0)) for k in range(2, n + 1)}
        central[1] = usual[1]
        rows, columns = (
            fmpq_mat([[prod((sums[k] for k in mu), start=fmpq(1))] for mu in partitions(n)])
            for sums in (usual, central)
        )
        assert in_central_sums(n, size) * columns == rows


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("arithmetic", "share"), [(Floats(), 1e-17), (Doubles(), 1e-14)])
def test_the_bound_of_a_matrix_less_its_mean_holds(arithmetic, share, seed):
    """Of entries of any size, real or complex, beside a large mean or none."""
    rng = np.random.default_rng(seed)
    n = 2 + 3 * seed
    array = rng.standard_normal((n, n)) * np.exp(4 * rng.standard_normal((n, n)))
    array += 10.0 ** (2 * seed) * np.eye(n) * (seed % 3)
    if seed % 2:
        array = array + 1j * rng.standard_normal((n, n))
    given = arithmetic.given(array, rounded=False)
    found = arithmetic.centred(given)
    square = Fraction(0)
    for part in (np.real, np.imag):
        exact = [[Fraction(*x.as_integer_ratio()) for x in row] for row in part(array).tolist()]
        mean = sum(exact[i][i] for i in range(n)) / n
        for i in range(n):
            for j in range(n):
                made = Fraction(*part(found.value)[i, j].as_integer_ratio())
                square += (made - exact[i][j] + mean * (i == j)) ** 2
    assert square <= Fraction(*float(found.error).as_integer_ratio()) ** 2
    assert found.error < share * (1 + n**0.5) * given.size


@pytest.mark.parametrize("size", [1, 2, 3])
def test_exact_matrices_less_their_mean(size):
    rows = [[fmpq(i + 2 * j * j, 3) for j in range(size)] for i in range(size)]
    for arithmetic in (Rationals(), Balls(real=True), Balls(real=False)):
        given = arithmetic.from_entries([[arithmetic.number(x) for x in row] for row in rows])
        made = arithmetic.centred(given)
        mean = arithmetic.trace(given) / size
        for i in range(size):
            for j in range(size):
                want = given[i, j] - mean if i == j else given[i, j]
                assert made[i, j] == want or made[i, j].overlaps(want)
    given = Gaussians().from_entries([[Pair(x, x * x) for x in row] for row in rows])
    assert Gaussians().centred(given).re == Rationals().centred(given.re)
    assert Gaussians().centred(given).im == Rationals().centred(given.im)


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("arithmetic", [Floats(), Doubles()])
@pytest.mark.parametrize("seed", range(4))
def test_the_bounds_of_powers_hold(arithmetic, hermitian, seed):
    """Of squares and products of these, where the norm of one is read off its square."""
    rng = np.random.default_rng(seed)
    n = 3 + seed
    array = rng.standard_normal((n, n)) * np.exp(3 * rng.standard_normal((n, n)))
    array = array + array.T
    given = arithmetic.centred(arithmetic.given(array, rounded=False, hermitian=hermitian))
    exact = fmpq_mat([[fmpq(*x.as_integer_ratio()) for x in row] for row in array.tolist()])
    exact = Rationals().centred(exact)
    square = arithmetic.mul(given, given)
    fourth = arithmetic.mul(square, square)
    fifth = arithmetic.mul(fourth, given)
    for found, power in ((given, 1), (square, 2), (fourth, 4), (fifth, 5)):
        want = exact**power
        distance = sum(
            (Fraction(*found.value[i, j].as_integer_ratio()) - Fraction(int(x.p), int(x.q))) ** 2
            for i, row in enumerate(want.tolist())
            for j, x in enumerate(row)
        )
        assert distance <= Fraction(*float(found.error).as_integer_ratio()) ** 2
        largest = np.abs(np.linalg.eigvalsh(found.narrow)).max()
        assert (1 - 1e-12) * largest <= found.norm <= (1 + 1e-12) * found.size
    assert found.error < 1e-12 * found.size * n


@pytest.mark.parametrize("kind", [HaarOrthogonal, HaarUnitary])
@pytest.mark.parametrize(("size", "k"), [(2, 3), (4, 2), (3, 4)])
def test_numbers_are_those_of_the_formula(kind, size, k):
    """Two routes: sums about the mean, and the usual ones of the formula."""
    V = kind("V", size)
    inverse = V.T if kind is HaarOrthogonal else V.H
    rows = [[Rational((3 * i * j + i + j) % 7, 2) for j in range(size)] for i in range(size)]
    a, b = Matrix(rows), Matrix(rows) ** 2 + 3 * eye(size)
    letters = [MatrixSymbol(name, size, size) for name in "AB"]
    expr = Trace(MatMul(*[V, letters[0], inverse, letters[1]] * k))
    want = E(expr).subs(dict(zip(letters, (a, b), strict=True))).doit()
    assert E(expr, at=dict(zip(letters, (a, b), strict=True))) == want
    floats = {x: np.array(v, dtype=float) for x, v in zip(letters, (a, b), strict=True)}
    assert E(expr, at=floats) == pytest.approx(float(want), rel=1e-12)


def test_matrices_about_a_multiple_of_the_identity_cancel_nothing():
    """Floats are enough where the usual sums lose six digits of them."""
    rng = np.random.default_rng(0)
    n, k = 12, 6
    W = HaarOrthogonal("W", d)
    a, b = (np.eye(n) + 1e-3 * (x + x.T) for x in rng.standard_normal((2, n, n)))
    expr = Trace(MatMul(*[W, A, W.T, B] * k))
    exact = E(expr, at={d: n, A: a, B: b}, digits=25)
    assert E(expr, at={d: n, A: a, B: b}) == pytest.approx(float(exact), rel=1e-12)
    assert E(expr, at={d: n, A: np.eye(n), B: b}) == pytest.approx(
        float(np.trace(np.linalg.matrix_power(b, k))), rel=1e-12
    )
    third = {d: n, A: (np.eye(n) / 3).tolist(), B: np.zeros((n, n))}
    assert not E(expr, at=third, digits=10)
