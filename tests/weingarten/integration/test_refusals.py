"""What cannot be integrated is refused by name; what is too large is refused with its count."""

import re
import warnings

import pytest
from sympy import (
    Determinant,
    HadamardPower,
    HadamardProduct,
    Inverse,
    MatPow,
    MatrixSymbol,
    Trace,
    conjugate,
    cos,
    exp,
    log,
    prod,
    sqrt,
    symbols,
)

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary, limits

d = symbols("d", integer=True, positive=True)
i, j, n = symbols("i j n", integer=True)
x = symbols("x")
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
G = GaussianMatrix("G", d, d)
ROWS, COLUMNS = symbols("r:10", integer=True), symbols("s:10", integer=True)


@pytest.mark.parametrize(
    ("expression", "culprit"),
    [
        (exp(Trace(W)), "exp(Trace(W))"),
        (x + 2 * log(Trace(W * A)), "log(Trace(W*A))"),
        (cos(Trace(W)) * Trace(A), "cos(Trace(W))"),
        (sqrt(Trace(W * A * W.T * B)), "sqrt("),
        (1 / Trace(W), "1/Trace(W)"),
        (Trace(W) / (1 + Trace(W * A)), "1/(Trace(W*A) + 1)"),
        (Trace(W) ** x, "Trace(W)**x"),
        (Trace(MatPow(W, n)), "W**n"),
        (HadamardPower(W, -1), "HadamardPower(W, -1)"),
        (Trace(HadamardProduct(HadamardPower(W, -2), A) * B), "HadamardPower(W, -2)"),
        (Determinant(W), "Determinant(W)"),
        (Inverse(W + A), "(W + A)**(-1)"),
        (Trace(G.inverse() * A), "G**(-1)"),
        (abs(Trace(U)), "Abs(Trace(U))"),
        (abs(Trace(U)) ** 3, "Abs(Trace(U))"),
    ],
    ids=str,
)
def test_what_is_no_polynomial_is_refused_by_name(expression, culprit):
    with pytest.raises(ValueError, match=re.escape(f"expr contains {culprit}")):
        E(expression)


def test_an_entry_beside_the_whole_matrix_is_refused():
    with pytest.raises(ValueError, match="expr is a product of entries of a random matrix"):
        E(W[i, j] * W)


def distinct_constants(count):
    return [MatrixSymbol(f"A{k}", d, d) for k in range(count)]


@pytest.mark.parametrize("matrix", [W, U], ids=str)
def test_sums_over_too_many_pairings_are_refused_with_their_number(matrix):
    word = 1
    for one, other in zip(distinct_constants(12), distinct_constants(24)[12:], strict=True):
        word = word * matrix * one * matrix.H * other
    with pytest.raises(ValueError, match=r"of degree n = 12 in pairs .* a sum over \S*\d\S* pair"):
        E(Trace(word))


def test_eight_distinct_constants_are_refused_with_the_size_of_the_answer(monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 8 * 2**30)
    word = 1
    for one in distinct_constants(8):
        word = word * W * one * W.T * B
    pairings, orbits = 15 * 13 * 11 * 9 * 7 * 5 * 3, 157
    size = rf"n = 8 .*{pairings * orbits:,} products .* of memory .* n = 5 with different ones"
    with pytest.raises(ValueError, match=size):
        E(Trace(word))


@pytest.mark.parametrize(("matrix", "fits"), [(W, 5), (U, 6)], ids=str)
def test_distinct_constants_beyond_the_memory_are_refused_with_what_fits(matrix, fits, monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 8 * 2**30)
    word, n = 1, fits + 1
    for one, other in zip(distinct_constants(n), distinct_constants(2 * n)[n:], strict=True):
        word = word * matrix * one * matrix.H * other
    with pytest.raises(ValueError, match=rf"n = {n} .* GiB.* n = {fits} with different ones"):
        E(Trace(word))


def test_five_distinct_constants_are_announced_with_the_size_of_the_answer():
    word = 1
    for one, other in zip(distinct_constants(5), distinct_constants(10)[5:], strict=True):
        word = word * W * one * W.T * other
    with (
        warnings.catch_warnings(),
        pytest.raises(UserWarning, match=r"893,025 products .* \d+ seconds and 0\.5 GiB"),
    ):
        warnings.simplefilter("error")
        E(Trace(word))


def test_matrices_of_symbolic_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="shape"):
        E(Trace(W * MatrixSymbol("C", d + 1, d) * W.T))


def test_one_name_for_two_matrices_is_refused():
    with pytest.raises(ValueError, match="'W' stands for two random matrices"):
        E(Trace(W * A * W.T) + Trace(HaarOrthogonal("W", 3)))


class StoppedError(Exception):
    pass


@pytest.mark.parametrize(
    ("expr", "seconds", "gigabytes"),
    [
        (prod(W[k, n] for k, n in zip(ROWS, COLUMNS, strict=True)), 1490, 2.9),
        (prod(W[k, n] for k, n in zip(ROWS[:8], COLUMNS, strict=False)), 18, 0.036),
        (prod(U[k, 0] for k in ROWS[:5]) * prod(conjugate(U[k, 0]) for k in ROWS[5:]), 0, 0),
    ],
    ids=["five pairs", "four pairs", "one column"],
)
def test_products_of_deltas_are_announced_with_their_memory(monkeypatch, expr, seconds, gigabytes):
    costs = []

    def stop(cost):
        costs.append(cost)
        raise StoppedError

    monkeypatch.setattr(limits, "check_cost", stop)
    with pytest.raises(StoppedError):
        E(expr)
    (cost,) = costs
    assert abs(cost.seconds - seconds) < 1 + seconds / 10
    assert abs(cost.memory / 1e9 - gigabytes) < 0.01 + gigabytes / 10
