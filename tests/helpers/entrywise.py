"""Products of traces and entries of matrix words, written down twice.

A `Letter` names a matrix and what is done to it. `as_sympy` writes a product of words in SymPy's
language for `E`; `integrate` multiplies out the same product entry by entry, as polynomials in the
entries of the random matrix, and integrates monomial by monomial.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import factorial
from typing import Any, NamedTuple

import numpy as np
from oracles import double_factorial, projection_moment
from sympy import (
    QQ,
    QQ_I,
    Add,
    Adjoint,
    DiagMatrix,
    I,
    Identity,
    ImmutableMatrix,
    Integer,
    MatMul,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Trace,
    Transpose,
    conjugate,
    expand,
    ring,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, HaarOrthogonal, HaarUnitary

# What is written down ----------------------------------------------------------------------------


class Letter(NamedTuple):
    """A matrix by name, as it is (""), or its transpose "T", adjoint "H", conjugate "C"."""

    name: str
    change: str = ""

    def __repr__(self):
        return self.name + (f".{self.change}" if self.change else "")


class Factor(NamedTuple):
    """A power of the trace of a word, or of its entry at `ends`."""

    word: tuple[Letter, ...]
    ends: tuple[Any, Any] | None = None
    power: int = 1


CHANGES = {
    "": lambda x: x,
    "T": Transpose,
    "H": Adjoint,
    "C": conjugate,
    "I": lambda x: x.inverse(),
}


def as_sympy(factors, matrices):
    """The product in SymPy's language; `matrices` maps names to matrix expressions."""
    return Mul(*(_factor_as_sympy(factor, matrices) for factor in factors))


def word_as_sympy(word, matrices):
    letters = [CHANGES[letter.change](matrices[letter.name]) for letter in word]
    return MatMul(*letters).doit(deep=False) if len(letters) > 1 else letters[0]


def _factor_as_sympy(factor, matrices):
    matrix = word_as_sympy(factor.word, matrices)
    if factor.ends is None:
        return Trace(matrix) ** factor.power
    return _entry(matrix, factor.word, *factor.ends) ** factor.power


def _entry(matrix, word, i, j):
    """An entry as SymPy writes it: multiplied out where the size is a number, unless too long."""
    size = Integer(1) * matrix.shape[0]
    inverse = any(letter.change == "I" for letter in word)  # SymPy would write a determinant.
    if not inverse and (not size.is_Integer or size ** (len(word) - 1) <= 16):
        return matrix[i, j]
    return MatrixElement(matrix, i, j)


# Constants ---------------------------------------------------------------------------------------


@dataclass
class Constants:
    """Constant matrices: as they are written, what they are, and what is said of them."""

    written: dict[str, Any] = field(default_factory=dict)
    values: dict[str, list[list[Any]]] = field(default_factory=dict)
    put_in: dict[Any, Any] = field(default_factory=dict)
    facts: list[Any] = field(default_factory=list)

    def evaluate(self, answer):
        """The number that an answer is when the constants are put in."""
        return expand(answer.subs(self.put_in).doit())

    def expectation(self, expression):
        """E, knowing what is said of the constants."""
        written = {str(matrix) for matrix in expression.atoms(MatrixExpr)}
        about = [f for f in self.facts if written & {str(m) for m in f.atoms(MatrixExpr)}]
        return E(expression, about)


def with_explicit_form(answer):
    """An answer with the symplectic form J, of a size that is a number, written out."""
    forms = [X for X in answer.atoms(MatrixSymbol) if X.name == "J"]
    return expand(answer.subs({J: ImmutableMatrix(J.as_explicit()) for J in forms}).doit())


def numbers(seed, rows, columns, *, complex=False):
    """A matrix of small integers or Gaussian integers, the same ones at every call."""
    rng = np.random.default_rng([seed, rows, columns])
    draws = rng.integers(-2, 4, size=(2, rows, columns))
    return [
        [Integer(int(draws[0, a, b])) + I * int(complex * draws[1, a, b]) for b in range(columns)]
        for a in range(rows)
    ]


def square_constants(size, *, complex=False, written_size=None):
    """One matrix of each kind, `size` in number; symbols may have a symbolic size instead."""
    shape = (written_size or size,) * 2
    found = Constants()

    def symbol(name, value, *facts):
        found.written[name] = MatrixSymbol(name, *shape)
        found.values[name] = value
        found.put_in[MatrixSymbol(name, size, size)] = ImmutableMatrix(value)
        found.facts += [fact(found.written[name]) for fact in facts]

    general = [numbers(seed, size, size, complex=complex) for seed in range(6)]
    symbol("A", general[0])
    symbol("B", general[1])
    symbol("S", symmetric(general[2]), Q.symmetric)
    symbol("R", symmetric(general[5]), Q.symmetric)
    symbol("K", hermitian(general[3]), Q.hermitian)
    found.written["1"] = Identity(shape[0])
    found.values["1"] = [[Integer(a == b) for b in range(size)] for a in range(size)]
    A, B = found.written["A"], found.written["B"]
    found.written["A+2B"] = A + 2 * B
    found.values["A+2B"] = combine(general[0], general[1], lambda a, b: a + 2 * b)
    found.written["AA.T"] = A * A.T
    found.values["AA.T"] = times(general[0], transposed(general[0]))
    v = MatrixSymbol("v", shape[0], 1)
    spectrum = [Integer(2 * k - 1) for k in range(size)]
    found.written["D"] = DiagMatrix(v)
    found.values["D"] = [[spectrum[a] * (a == b) for b in range(size)] for a in range(size)]
    found.put_in[MatrixSymbol("v", size, 1)] = ImmutableMatrix(spectrum)
    if written_size is None:
        found.written["M"] = ImmutableMatrix(general[4])
        found.values["M"] = general[4]
    return found


def transposed(matrix):
    return [list(row) for row in zip(*matrix, strict=True)]


def combine(one, other, operation):
    return [list(map(operation, *rows)) for rows in zip(one, other, strict=True)]


def symmetric(matrix):
    return combine(matrix, transposed(matrix), lambda a, b: a + b)


def hermitian(matrix):
    adjoint = [[conjugate(x) for x in row] for row in transposed(matrix)]
    return combine(matrix, adjoint, lambda a, b: a + b)


def times(one, other):
    columns = transposed(other)
    return [[sum(a * b for a, b in zip(r, c, strict=True)) for c in columns] for r in one]


# Entry by entry ----------------------------------------------------------------------------------

#: The moment of the entries (row, column) and of the conjugates of others.
Moment = Callable[[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]], Any]


@cache
def _entries(rows, columns, complex):
    """The polynomial ring in the entries, and the matrices of entries and of their conjugates."""
    names = [
        f"{c}{a}_{b}" for c in "xy"[: 1 + complex] for a in range(rows) for b in range(columns)
    ]
    domain, *generators = ring(names, QQ_I if complex else QQ)
    matrices = [
        [generators[start + a * columns :][:columns] for a in range(rows)]
        for start in range(0, len(generators), rows * columns)
    ]
    return domain, matrices[0], matrices[-1]


def integrate(factors, name, shape, constants, moment, *, complex=False):
    """The expectation of a product with concrete indices, the random matrix being called `name`."""
    domain, plain, conjugated = _entries(*shape, complex)
    random = {"": plain, "T": transposed(plain), "C": conjugated, "H": transposed(conjugated)}
    random["I"] = random["H"]

    def explicit(letter):
        if letter.name == name:
            return random[letter.change]
        value = constants.values[letter.name]
        if letter.change in ("C", "H"):
            value = [[conjugate(x) for x in row] for row in value]
        if letter.change in ("T", "H"):
            value = transposed(value)
        return [[domain.domain_new(domain.domain.from_sympy(expand(x))) for x in r] for r in value]

    polynomial = domain.one
    for word, ends, power in factors:
        matrix = explicit(word[0])
        for letter in word[1:]:
            matrix = times(matrix, explicit(letter))
        entry = (
            sum(matrix[k][k] for k in range(len(matrix)))
            if ends is None
            else matrix[ends[0]][ends[1]]
        )
        polynomial *= domain(entry) ** power
    places = [(a, b) for a in range(shape[0]) for b in range(shape[1])]
    terms = []
    for exponents, coefficient in polynomial.terms():
        powers = exponents[: len(places)], exponents[len(places) :]
        value = moment(*(_repeated(places, p) for p in powers))
        if value:
            terms.append(domain.domain.to_sympy(coefficient) * Rational(value))
    return expand(Add(*terms))


def _repeated(places, powers):
    return tuple(place for place, power in zip(places, powers, strict=False) for _ in range(power))


def _margins_agree(entries, others, real):
    """Whether any invariant is not zero at the entries: necessary for a moment that is not zero."""
    for side in (0, 1):
        one, other = [sorted(e[side] for e in part) for part in (entries, others)]
        if any(one.count(k) % 2 for k in one) if real else one != other:
            return False
    return True


def haar_moment_by_entries(matrix):
    """Moments of a Haar matrix as `E` gives them for single entries."""
    real = isinstance(matrix, HaarOrthogonal)

    @cache
    def known(entries, others):
        return E(Mul(*(matrix[e] for e in entries), *(conjugate(matrix[e]) for e in others)))

    def moment(entries, others):
        if not _margins_agree(entries, others, real):
            return 0
        return known(*_relabelled(entries, others))

    return moment


def _relabelled(entries, others):
    """The same indices numbered in the order of their appearance."""
    rows, columns = (
        {k: n for n, k in enumerate(dict.fromkeys(e[s] for e in entries))} for s in (0, 1)
    )
    return (
        tuple((rows[a], columns[b]) for a, b in entries),
        tuple(sorted((rows[a], columns[b]) for a, b in others)),
    )


def haar_moment_by_invariants(matrix):
    """Moments of a Haar matrix from the inverse of the Gram matrix of the invariants.

    A double sum over a basis of permutations or pairings; it uses nothing of the engine.
    """
    size = int(matrix.shape[0])
    real = isinstance(matrix, HaarOrthogonal)

    @cache
    def moment(entries, others):
        if not _margins_agree(entries, others, real):
            return Fraction(0)
        both = entries + others
        indices = [[e[side] for e in both] for side in (0, 1)]
        return projection_moment("orthogonal" if real else "unitary", size, *indices)

    return moment


def gaussian_moment(variance, *, complex=False):
    """Moments of independent centred Gaussian entries: a product over the entries."""

    def moment(entries, others):
        found = Fraction(1)
        for place in {*entries, *others}:
            m, conjugates = entries.count(place), others.count(place)
            if complex:
                found *= factorial(m) * variance**m if m == conjugates else 0
            else:
                found *= 0 if m % 2 else double_factorial(m - 1) * variance ** (m // 2)
        return found

    return moment


ENSEMBLES = {"orthogonal": HaarOrthogonal, "unitary": HaarUnitary}
