"""Random expressions in one random matrix, with the values of all that is not random in them.

`case(name, number)` is the same at every call. An expression is a product, or a sum of two, of
factors that share some letters out among them: entries with numbers or symbols for indices,
squares of moduli, traces and entries of words, columns and rows, sums over indices, Hadamard
products; at times a matrix stands beside them. Sizes are symbols or numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import mul
from typing import Any

import numpy as np
from laws import LAWS, Law
from sympy import (
    Abs,
    Add,
    Determinant,
    HadamardProduct,
    I,
    Integer,
    MatMul,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    conjugate,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

#: The parameters of an ensemble, where they are symbols.
PARAMETERS = symbols("d n", integer=True, positive=True)
INDICES = symbols("i j k", integer=True, nonnegative=True)
RUNNING = symbols("r s", integer=True)

#: What a real symmetric matrix is.
_SYMMETRIC = {type(Q.symmetric), type(Q.hermitian)}

#: A letter: whether it is conjugated.
Bars = list[bool]


@dataclass
class Case:
    """An expression, what is given of its constants, and the values of its symbols and constants.

    `letters` are the numbers of plain and of conjugate letters, at most.
    """

    name: str
    number: int
    matrix: Any
    expr: Any
    sizes: tuple[int, ...]
    letters: tuple[int, int]
    given: list[Any] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)
    arrays: dict[Any, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[Any, Any]:
        """The values of the symbols and the constants."""
        return {**self.numbers, **self.arrays}

    @property
    def has_sizes(self) -> bool:
        """Whether a size is a symbol."""
        return bool(self.matrix.atoms(Symbol))

    def at(self, sizes: tuple[int, ...]) -> Case:
        """Return the case at other sizes, with other constants of which the same is known."""
        numbers = {**self.numbers, **dict(zip(PARAMETERS, sizes, strict=False))}
        rng = np.random.default_rng(self.number)
        symmetric = {fact.args[0] for fact in self.given if type(fact.function) in _SYMMETRIC}
        arrays = {}
        for A in self.arrays:
            made = rng.integers(-2, 3, [int(size.subs(numbers)) for size in A.shape])
            arrays[A] = (made + made.T if A in symmetric else made).astype(float)
        return replace(self, sizes=sizes, numbers=numbers, arrays=arrays)

    def by_definition(self) -> tuple[Any, float]:
        """Return the mean over the design of the law, and the mean of the modulus."""
        from weingarten.simulation.evaluation import Evaluator

        design = LAWS[self.name].design(self.sizes, *self.letters)
        drawn = Evaluator({**self.values, self.matrix: design.points})(self.expr)
        return design.mean(drawn), float(np.abs(design.mean(np.abs(drawn))).max())


def case(name: str, number: int) -> Case:
    """Return the case of a number for an ensemble."""

    def whatever(draft: Draft, most: int) -> tuple[Any, tuple[int, int]]:
        bars = draft.bars(most)
        return draft.expression(bars), (len(bars) - sum(bars), sum(bars))

    return case_of(name, number, random.Random(f"{name} {number}"), whatever)


def case_of(name: str, number: int, source: random.Random, form: Any) -> Case:
    """Return a case for an ensemble, of a form: what draws an expression with so many letters."""
    law = LAWS[name]
    sizes = source.choice(list(law.sizes))
    most = law.sizes[sizes]
    if law.needs_freedom:
        most = source.randint(1, most)
        # From here on the moments exist.
        least = sizes[0] + most * (1 if "complex" in name else 2)
        sizes = (sizes[0], least + source.randrange(3))
    draft = Draft(source, law, sizes)
    expr, letters = form(draft, most)
    held = expr.atoms(Symbol, MatrixSymbol) | draft.X.atoms(Symbol)
    return Case(
        name, number, draft.X, expr, sizes, letters,
        [fact for fact in draft.given if fact.args[0] in held],
        {s: value for s, value in draft.numbers.items() if s in held},
        {A: array for A, array in draft.arrays.items() if A in held},
    )  # fmt: skip


#: How often a factor is of a kind, relative to the others.
KINDS = {
    "entries": 4, "modulus": 2, "trace": 3, "traces": 2, "bare": 1, "entry": 3, "column": 2,
    "total": 2, "hadamard": 0.5, "determinant": 0.3,
}  # fmt: skip


class Draft:
    """Draws the parts of an expression."""

    def __init__(self, source: random.Random, law: Law, sizes: tuple[int, ...]):
        self.source, self.law, self.sizes = source, law, sizes
        symbolic = source.choice((0, 1, 1, 2))
        written = [
            s if symbolic == 1 or (symbolic == 2 and source.random() < 0.5) else Integer(value)
            for s, value in zip(PARAMETERS, sizes, strict=False)
        ]
        self.X = law.make("X", *written)
        self.numbers: dict[Any, int] = dict(zip(PARAMETERS, sizes, strict=False))
        self.shape = self.X.shape
        self.ends = [int(size.subs(self.numbers)) for size in self.shape]
        self.arrays: dict[Any, Any] = {
            A: law.parameters[A.name]
            for A in self.X.atoms(MatrixSymbol)
            if A.name in law.parameters
        }
        self.given: list[Any] = []
        self.facts = source.choice((0.2, 0.2, 0.8))
        self.rng = np.random.default_rng(source.randrange(2**32))
        self.has_symbols = source.random() < 0.15
        self.is_square = self.shape[0] == self.shape[1]

    def bars(self, most: int) -> Bars:
        """Return how many letters there are, and which are conjugated: most means are not 0."""
        source, law = self.source, self.law
        number = source.randint(1, most)
        if law.is_even and self.chance(0.93):
            number += number % 2 if number < most else -(number % 2)
        if law.has_phase and number % 2 == 0 and self.chance(0.93):
            bars = [k % 2 == 1 for k in range(number)]
        elif law is LAWS["HaarSpecialUnitary"] and self.chance(0.9):
            size = self.sizes[0]
            fitting = [k for k in range(number + 1) if (number - 2 * k) % size == 0] or [0]
            one = source.choice(fitting)
            bars = [k < one for k in range(number)]
        else:
            bars = [self.chance(0.4) for _ in range(number)]
        source.shuffle(bars)
        return bars

    # Parts ----------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.source.random() < share

    def place(self, side: int) -> Any:
        """Return an index of a row or a column, a number or a symbol."""
        value = self.source.randrange(self.ends[side])
        if self.has_symbols and self.chance(0.5):
            index = self.source.choice(INDICES)
            if self.numbers.setdefault(index, value) < self.ends[side]:
                return index
        return Integer(value)

    def constant(self, rows: int, columns: int) -> Any:
        """Return a constant between rows and columns of X: one of a few, in one of its forms."""
        A = MatrixSymbol(
            f"{self.source.choice('AB')}{rows}{columns}", self.shape[rows], self.shape[columns]
        )
        if A not in self.arrays:
            self._add(A, rows == columns)
        if rows == columns:
            forms = [A, A, A, A.T, A.adjoint(), conjugate(A), A * A, A + 2 * A.T]
            return self.source.choice(forms)
        return self.source.choice((A, A, conjugate(A)))

    def fixed(self, name: str, side: int | None = None) -> Any:
        """Return the constant of a name: on the rows or columns, or from these to those."""
        shape = self.shape[::-1] if side is None else (self.shape[side],) * 2
        A = MatrixSymbol(name, *shape)
        if A not in self.arrays:
            self._add(A, side is not None)
        return A

    def _add(self, A: Any, is_square: bool) -> None:
        shape = [int(size.subs(self.numbers)) for size in A.shape]
        made = self.rng.integers(-2, 3, shape).astype(complex)
        is_real = self.chance(0.6)
        if not is_real:
            made += 1j * self.rng.integers(-1, 2, shape)
        if is_square and self.chance(self.facts):
            made = made + made.T
            self.given.append(Q.symmetric(A))
        elif is_square and self.chance(0.1):
            made = made + made.conj().T
            self.given.append(Q.hermitian(A))
        elif is_real and self.chance(0.1):
            self.given.append(Q.real_elements(A))
        self.arrays[A] = made.real if is_real else made

    def letter(self, transposed: bool, bar: bool) -> Any:
        """Return X in one of its forms."""
        X = self.X
        if transposed and bar and self.law.is_unitary and self.chance(0.1):
            return X.inverse()
        if transposed:
            return X.adjoint() if bar else X.T
        return self.source.choice((conjugate(X), X.T.adjoint(), X.adjoint().T)) if bar else X

    def word(
        self, bars: Bars, is_closed: bool = False, constants: float = 0.55
    ) -> tuple[Any, int, int]:
        """Return a word with such letters, and the sides that it starts and ends at."""
        start = here = self.source.randrange(2)
        letters: list[Any] = []
        for bar in bars:
            if self.is_square:
                transposed, there = self.chance(0.4), 1 - here
            else:
                if self.chance(0.1) and self._is_wide(1 - here):
                    letters.append(self.constant(here, 1 - here))
                    here = 1 - here
                transposed, there = here == 1, 1 - here
            made = self.letter(transposed, bar)
            if self.chance(0.05):
                # The other ends of a square matrix are the same.
                one = self.constant(here, there)
                made = made + one
            letters.append(made)
            here = there
            if self._is_wide(here) and self.chance(constants):
                letters.append(self.constant(here, here))
        if is_closed and here != start and not self.is_square:
            letters.append(self.constant(here, start))
            here = start
        made = MatMul(*letters) if self.chance(0.5) else reduce(mul, letters)
        return made, start, here

    def _is_wide(self, side: int) -> bool:
        return self.shape[side] != 1

    # Factors --------------------------------------------------------------------------------------

    def entries(self, bars: Bars) -> Any:
        """A product of entries whose rows, and whose columns, agree in pairs where they can."""
        half = -(-len(bars) // 2)
        rows, columns = ([self.place(side) for _ in range(half)] for side in (0, 1))
        rows, columns = (
            [*one, *self.source.sample(one, half)][: len(bars)] for one in (rows, columns)
        )
        if self.chance(0.3):
            columns[half:] = columns[: len(bars) - half]
        # Plain letters stand beside conjugate ones.
        ordered = sorted(bars) if self.chance(0.7) else bars
        made = [self.X[i, j] for i, j in zip(rows, columns, strict=True)]
        return Mul(*(conjugate(x) if bar else x for x, bar in zip(made, ordered, strict=True)))

    def modulus(self, bars: Bars) -> Any:
        """The square of a modulus, of an entry or a trace."""
        if len(bars) != 2 or sum(bars) != 1:
            return self.entries(bars)
        if self.chance(0.6):
            return Abs(self.X[self.place(0), self.place(1)]) ** 2
        return Abs(Trace(self.word([False], is_closed=True)[0])) ** 2

    def trace(self, bars: Bars) -> Any:
        return Trace(self.word(bars, is_closed=True)[0])

    def traces(self, bars: Bars) -> Any:
        """A power of a trace, or a trace beside its conjugate."""
        half = len(bars) // 2
        one, other = bars[:half], bars[half:]
        if one and sorted(one) == sorted(other):
            return self.trace(one) ** 2
        if one and sorted(not bar for bar in one) == sorted(other):
            made = self.trace(one)
            return made * conjugate(made)
        return self.trace(bars)

    def bare(self, bars: Bars) -> Any:
        """A trace of a power of the matrix alone."""
        return Trace(self.word(bars, is_closed=True, constants=0)[0])

    def entry(self, bars: Bars) -> Any:
        """An entry of a word."""
        word, start, end = self.word(bars)
        # One of a product with numbers for sizes is written out by SymPy.
        make = MatrixElement if len(bars) > 2 or self.chance(0.7) else lambda w, i, j: w[i, j]
        return make(word, self.place(start), self.place(end))

    def column(self, bars: Bars) -> Any:
        """A quadratic form in columns or rows of the matrix."""
        if len(bars) != 2:
            return self.entries(bars)
        side = self.source.randrange(2)
        if side and self.shape[1] == 1:
            side = 0
        one, other = (self._slice(side, self.place(1 - side)) for _ in range(2))
        if self.chance(0.4):
            other = one
        if side:
            left = conjugate(one) if bars[0] else one
            right = other.adjoint() if bars[1] else other.T
        else:
            left = one.adjoint() if bars[0] else one.T
            right = conjugate(other) if bars[1] else other
        middle = [self.constant(side, side)] if self.chance(0.7) and self._is_wide(side) else []
        made = MatMul(left, *middle, right)
        return Trace(made) if self.chance(0.5) else MatrixElement(made, 0, 0)

    def _slice(self, side: int, at: Any) -> Any:
        return self.X[at, :] if side else self.X[:, at]

    def total(self, bars: Bars) -> Any:
        """A sum over one or two indices of a product of entries."""
        r, s = RUNNING
        rows, columns = (
            (index, 0, size - 1) for index, size in zip((r, s), self.shape, strict=True)
        )

        def of(i: Any, j: Any) -> Any:
            return Mul(*(conjugate(self.X[i, j]) if bar else self.X[i, j] for bar in bars))

        if self.is_square and self.chance(0.3):
            return Sum(of(r, r) * (r + 1 if self.chance(0.3) else 1), rows)
        if self.chance(0.4):
            return Sum(of(r, self.place(1)), rows)
        if self.chance(0.4) or len(bars) > 2:
            return Sum(of(self.place(0), s), columns)
        if self.chance(0.5):
            A = MatrixSymbol("C", *self.shape)
            if A not in self.arrays:
                self._add(A, False)
            return Sum(A[r, s] * of(r, s), rows, columns)
        return Sum(of(r, s), rows, columns)

    def hadamard(self, bars: Bars) -> Any:
        """The trace of a Hadamard product of two letters beside constants."""
        if len(bars) != 2 or not self.is_square:
            return self.entries(bars)
        made = HadamardProduct(*(self.letter(self.chance(0.3), bar) for bar in bars))
        return Trace(MatMul(made, self.constant(0, 0)))

    def determinant(self, bars: Bars) -> Any:
        """The determinant, where there are as many letters as rows."""
        if not self.is_square or self.shape[0] != len(bars) or len(set(bars)) > 1:
            return self.traces(bars)
        return conjugate(Determinant(self.X)) if bars[0] else Determinant(self.X)

    # Expressions ----------------------------------------------------------------------------------

    def expression(self, bars: Bars) -> Any:
        if self.chance(0.1) and len(bars) <= self.law.most_in_words:
            word = self.word(bars[:4])[0]
            return word * self.product(bars[4:]) if bars[4:] else word
        if self.chance(0.15):
            share = self.source.randint(1, len(bars))
            part = self.source.choice((Rational(1, 2), Integer(-3), 1 + I))
            return Add(self.product(bars), part * self.product(bars[:share]))
        return self.product(bars)

    def product(self, bars: Bars) -> Any:
        """A product of factors that share the letters out among them."""
        if len(bars) > self.law.most_in_words:
            return self.entries(bars)
        left, made = list(bars), []
        while left:
            number = min(len(left), self.source.choice((1, 2, 2, 3, 4, 6)))
            (kind,) = self.source.choices(list(KINDS), list(KINDS.values()))
            made.append(getattr(self, kind)(left[:number]))
            left = left[number:]
        return Mul(*made)
