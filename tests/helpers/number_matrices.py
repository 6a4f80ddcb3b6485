"""Matrices of numbers: small rational ones drawn at random, and those that floats are."""

from sympy import (
    I,
    ImmutableMatrix,
    Matrix,
    Rational,
    diag,
    eye,
)


def matrix(rng, rows, kind="general", columns=None):
    """Return a matrix of small rational numbers."""
    columns = columns or rows

    def number():
        return Rational(rng.randint(-3, 3), rng.choice([1, 1, 2, 3]))

    if kind == "complex":
        return ImmutableMatrix(rows, columns, lambda a, b: number() + I * number())
    made = Matrix(rows, columns, lambda a, b: number())
    if kind == "symmetric":
        made += made.T
    if kind == "traceless":
        made -= eye(rows) * made.trace() / rows
    if kind == "diagonal":
        made = diag(*made.diagonal())
    return ImmutableMatrix(made)


def exactly(array):
    return ImmutableMatrix(
        *array.shape, [Rational(z.real) + I * Rational(z.imag) for z in array.ravel().tolist()]
    )
