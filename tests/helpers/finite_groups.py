"""Random expressions in matrices with finitely many values, averaged over all of them.

`case(number)` is the same at every call. Phases are drawn from roots of unity: as long as the
degree is below their number, the moments are those of uniform phases.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Integer, MatMul, MatrixSymbol, Mul, Symbol, Trace, conjugate, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    CentredPermutation,
    E,
    RandomPermutation,
    RandomPhases,
    RandomSigns,
    SignedPermutation,
)
from weingarten.simulation.evaluation import Evaluator

d = symbols("d", integer=True, positive=True)
#: Phases are these roots of unity, of a degree that no case has.
ROOTS = 5

KINDS = {
    "permutation": lambda n: RandomPermutation("X", n),
    "centred": lambda n: CentredPermutation("X", n),
    "signed": lambda n: SignedPermutation("X", n),
    "signs": lambda n: RandomSigns("X", n),
    "sign vector": lambda n: RandomSigns("X", n, vector=True),
    "phases": lambda n: RandomPhases("X", n),
    "phase vector": lambda n: RandomPhases("X", n, vector=True),
}


def values(matrix: Any) -> np.ndarray:
    """All values of a matrix of integer size, each as often as the others."""
    size = int(matrix.shape[0])
    permutations = [np.eye(size)[list(p)] for p in itertools.permutations(range(size))]
    if isinstance(matrix, RandomPermutation):
        return np.array(permutations)
    if isinstance(matrix, CentredPermutation):
        return np.array(permutations) - 1 / size
    numbers = [-1, 1]
    if isinstance(matrix, RandomPhases):
        numbers = np.exp(2j * np.pi * np.arange(ROOTS) / ROOTS)
    columns = [np.array(choice)[:, None] for choice in itertools.product(numbers, repeat=size)]
    if isinstance(matrix, SignedPermutation):
        return np.array([column * p for column in columns for p in permutations])
    if matrix.is_vector:
        return np.array(columns)
    return np.array([np.diag(column[:, 0]) for column in columns])


@dataclass
class Case:
    """An expression at a symbolic size, the size to look at, and arrays for its constants."""

    number: int
    kind: str
    matrix: Any
    expr: Any
    size: int
    arrays: dict[Any, Any] = field(default_factory=dict)

    @property
    def at(self) -> dict[Any, Any]:
        """What is put in for the symbols."""
        there = {d: self.size} if self.matrix.shape[0] == d else {}
        return {**there, **{a: v for a, v in self.arrays.items() if self.expr.has(a)}}

    def by_definition(self) -> Any:
        """The mean over all values."""
        concrete = self.matrix.subs(d, self.size)
        known = {**self.arrays, self.matrix: values(concrete), d: float(self.size)}
        return np.mean(Evaluator(known)(self.expr), axis=0)


def case(number: int) -> Case:
    """The case of a number."""
    source = random.Random(number)
    kind = source.choice(list(KINDS))
    size = source.choice((1, 2, 2, 3, 3))
    n = source.choice((d, size))
    X = KINDS[kind](n)
    A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    rng = np.random.default_rng(number)
    arrays = {M: rng.integers(-2, 3, (size, size)).astype(float) for M in (A, B)}
    draw = _Draw(source, X, (A, B), size)
    pairs = source.choice((1, 1, 2)) if n == d else source.choice((1, 2, 2))
    form = source.choice(("entries", "traces", "entry", "product", "matrix"))
    return Case(number, kind, X, getattr(draw, form)(pairs), size, arrays)


class _Draw:
    def __init__(self, source: random.Random, X: Any, constants: Any, size: int):
        self.source, self.X, self.constants, self.size = source, X, constants, size

    def letters(self, pairs: int) -> list[Any]:
        """Twice so many letters, so that they fit a square word, beside constants."""
        X = self.X
        found: list[Any] = []
        for _ in range(pairs):
            if X.shape[1] == 1:
                found += [X, X.adjoint()]
                if self.source.random() < 0.7:
                    found.append(self.source.choice(self.constants))
                continue
            one = self.source.choice((X, X.T, X.adjoint()))
            other = self.source.choice((X, X.T, X.adjoint(), X.T.adjoint()))
            found += [one, self.constant()] * (self.source.random() < 0.8) or [one]
            found += [other, self.constant()] * (self.source.random() < 0.8) or [other]
        return found

    def constant(self) -> Any:
        A = self.source.choice(self.constants)
        return self.source.choice((A, A, A.T))

    def word(self, pairs: int) -> Any:
        return MatMul(*self.letters(pairs))

    def entry_of(self, word: Any) -> Any:
        # SymPy writes an entry of a product of integer size out.
        return MatrixElement(word, Integer(self.place()), Integer(self.place()))

    def place(self) -> int:
        return self.source.randrange(self.size)

    def entries(self, pairs: int) -> Any:
        X, found = self.X, []
        for _ in range(pairs):
            i, j = self.place(), self.place() if X.shape[1] != 1 else 0
            k, m = (i, j) if self.source.random() < 0.6 else (self.place(), j)
            found += [X[i, j], conjugate(X[k, m]) if self.source.random() < 0.7 else X[k, m]]
        return Mul(*found)

    def traces(self, pairs: int) -> Any:
        return Mul(*(Trace(self.word(1)) for _ in range(pairs)))

    def entry(self, pairs: int) -> Any:
        return self.entry_of(self.word(pairs)) * Trace(self.constants[0])

    def product(self, pairs: int) -> Any:
        return self.entry_of(self.word(1)) * (Trace(self.word(1)) if pairs > 1 else 1)

    def matrix(self, pairs: int) -> Any:
        return self.word(pairs)


def difference(found: Case) -> float:
    """By how much the answer, as a formula and as a number, differs from the definition."""
    right = np.asarray(found.by_definition())
    known = {**found.arrays, d: float(found.size)}
    number = E(found.expr, at=found.at)
    shown = np.asarray(np.array(number.tolist() if hasattr(number, "tolist") else number), complex)
    answer, condition = E(found.expr, conditions=True)
    gaps = [np.abs(shown.reshape(right.shape) - right).max()]
    if condition.subs(d, found.size) == True:  # noqa: E712 - SymPy's three truth values
        gaps.append(np.abs(np.asarray(Evaluator(known)(answer)) - right).max())
    elif isinstance(found.matrix.shape[0], Symbol):
        exact = E(found.expr.subs(d, found.size))
        placed = {m.subs(d, found.size): v for m, v in found.arrays.items()}
        gaps.append(np.abs(np.asarray(Evaluator(placed)(exact)) - right).max())
    return float(max(gaps))


def search(cases: int, seed: int, say: Any) -> bool:
    """Compare cases with their definition; say which differ."""
    wrong = 0
    for number in range(seed, seed + cases):
        found = case(number)
        try:
            gap = difference(found)
        except Exception as error:
            say(f"case {number} ({found.kind}): {found.expr}: {type(error).__name__}: {error}")
            wrong += 1
            continue
        if gap > 1e-9:
            say(f"case {number} ({found.kind}): {found.expr} is off by {gap:.2g}")
            wrong += 1
    say(f"{cases - wrong} of {cases} right")
    return not wrong
