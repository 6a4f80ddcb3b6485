"""Means row by row, against integrals over the groups themselves and against the engine."""

import ast
import random
from pathlib import Path

import pytest
from sympy import (
    Integer,
    Matrix,
    MatrixSymbol,
    Poly,
    Rational,
    Symbol,
    binomial,
    cancel,
    cos,
    integrate,
    pi,
    sin,
    symbols,
)

from derivations import rows
from derivations.notation import W, d, i, j
from derivations.rows import mean_by_rows
from weingarten import E, HaarOrthogonal


def over_circle(power_of_cos, power_of_sin):
    """Mean of cos^p sin^q over the circle."""
    p, q = power_of_cos, power_of_sin
    if p % 2 or q % 2:
        return Integer(0)
    half = (p + q) // 2
    return binomial(p + q, half) * binomial(half, p // 2) / binomial(p + q, p) / 2 ** (p + q)


def mean_over_rotations(entries):
    """Mean of a product of entries over SO(3), by Euler angles, exactly."""
    ca, sa, cb, sb, cc, sc = symbols("ca sa cb sb cc sc")
    z1 = Matrix([[ca, -sa, 0], [sa, ca, 0], [0, 0, 1]])
    x = Matrix([[1, 0, 0], [0, cb, -sb], [0, sb, cb]])
    z2 = Matrix([[cc, -sc, 0], [sc, cc, 0], [0, 0, 1]])
    rotation = z1 * x * z2
    product = Integer(1)
    for row, column in entries:
        product *= rotation[row, column]
    total = Integer(0)
    for (pa, qa, pb, qb, pc, qc), coefficient in Poly(product, ca, sa, cb, sb, cc, sc).terms():
        outer = over_circle(pa, qa) * over_circle(pc, qc)
        if outer and qb % 2 == 0:
            u = Symbol("u")  # cos b is uniform on [-1, 1]
            total += (
                coefficient * outer * integrate(u**pb * (1 - u**2) ** (qb // 2), (u, -1, 1)) / 2
            )
    return total


def test_powers_over_the_circle():
    t = Symbol("t")
    for p, q in ((2, 0), (2, 2), (4, 2), (6, 0), (1, 2)):
        exact = integrate(cos(t) ** p * sin(t) ** q, (t, 0, 2 * pi)) / (2 * pi)
        assert over_circle(p, q) == exact


@pytest.mark.parametrize("seed", range(15))
def test_against_euler_angles(seed):
    # Up to degree 4 and odd determinants aside, SO(3) and O(3) have the same means of even degree.
    rng = random.Random(seed)
    degree = rng.choice([2, 4, 6])
    half = [(rng.randrange(3), rng.randrange(3)) for _ in range(degree // 2)]
    columns = [column for _, column in half] * 2
    rng.shuffle(columns)
    entries = [(row, column) for (row, _), column in zip(half * 2, columns, strict=True)]
    V = HaarOrthogonal("V", 3)
    product = Integer(1)
    for entry in entries:
        product *= V[entry]
    assert mean_by_rows(product) == mean_over_rotations(entries)


@pytest.mark.parametrize("dimension", [None, 2, 3, 5])
def test_against_the_engine(dimension):
    rng = random.Random(dimension or 0)
    V = W if dimension is None else HaarOrthogonal("V", dimension)
    for _ in range(15):
        most = dimension or 4
        half = [(rng.randrange(most), rng.randrange(most)) for _ in range(rng.choice([1, 2, 3]))]
        columns = [column for _, column in half] * 2
        rng.shuffle(columns)
        product = Integer(1)
        for (row, _), column in zip(half * 2, columns, strict=True):
            product *= V[row, column]
        assert cancel(mean_by_rows(product) - E(product)) == 0


def test_known_values():
    assert mean_by_rows(W[0, 0] ** 4) == 3 / (d * (d + 2))
    assert mean_by_rows(W[0, 0] ** 8) == 105 / (d * (d + 2) * (d + 4) * (d + 6))
    assert mean_by_rows(W[0, 0] * W[0, 1] * W[1, 0] * W[1, 1]) == -1 / (d * (d - 1) * (d + 2))
    assert mean_by_rows(W[0, 0]) == 0
    assert mean_by_rows(Rational(3, 7)) == Rational(3, 7)


def test_letters_are_distinct_indices_and_other_letters_constants():
    c = Symbol("c")
    assert cancel(mean_by_rows(c * W[i, j] ** 2 + W[i, j] * W[j, i]) - c / d) == 0


@pytest.mark.parametrize("x", [1 / W[0, 0], abs(W[0, 0]), cos(W[0, 0])])
def test_what_is_no_polynomial_is_refused(x):
    with pytest.raises(ValueError, match="not a polynomial"):
        mean_by_rows(x)


def test_entries_of_other_matrices_are_refused():
    A = MatrixSymbol("A", d, d)
    for x in (A[0, 0], W[0, 0] * A[0, 0]):
        with pytest.raises(ValueError, match="expected those of one HaarOrthogonal"):
            mean_by_rows(x)


def test_it_takes_from_the_engine_the_name_of_a_matrix_only():
    tree = ast.parse(Path(rows.__file__).read_text())
    taken = [
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weingarten")
        for name in node.names
    ]
    assert taken == ["HaarOrthogonal"]
