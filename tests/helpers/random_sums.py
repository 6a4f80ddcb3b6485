"""Random sums over indices of random matrices, one from each whole number.

`case(number)` is the same at every call and on every machine. What a case may hold: shifts
(`W[i+1, 0]`), reflections (`W[d-1-i, 0]`), strides (`u[2*x+1, 0]`), deltas between indices, with
shifts, constants and ranges of their own, partial and triangular ranges, ranges with a symbol for
their end, several indices, products and powers of sums, sums in sums, weights that depend on
indices, entries and traces of words, constants, conjugates and moduli, free indices, two
independent matrices; a dimension that is a number or a symbol.

The values to put in for symbols are kept with the case: those where everything in it has a
meaning (`points`), and those where an entry or a range does not exist (`outside`).
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from expansion import RANDOM, NoMeaningError, TooLongError, expectation
from sympy import (
    Abs,
    Adjoint,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatMul,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    Transpose,
    conjugate,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary

d, n, m, p = symbols("d n m p", integer=True, positive=True)
i, j, k, r, s = symbols("i j k r s", integer=True)
c, b = IndexedBase("c"), IndexedBase("b")

#: Numbers that are put in for symbols, in the order in which they are tried.
NUMBERS = {d: (3, 4, 2, 1), n: (3, 2, 4, 1), m: (2, 1, 3), p: (2, 1, 3), r: (1, 0, 2), s: (0, 1, 2)}
#: At how many points an answer is checked, and how many products of terms a point may take.
POINTS = 3
BUDGET = 30_000


@dataclass
class Case:
    """An expression, what is said of its constants, and the numbers to try it at."""

    number: int
    expr: Expr
    given: Any = None
    points: list[dict[Symbol, int]] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    outside: list[dict[Symbol, int]] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()

    @property
    def has_meaning(self) -> bool:
        """Whether there are numbers at which every entry exists."""
        return bool(self.points)


def case(number: int) -> Case:
    """The case of a number."""
    source = random.Random(number)
    while True:
        drawn = _Drawing(source)
        try:
            expr = drawn.expression()
        except IndexError:  # An entry that is written down does not exist.
            continue
        if _is_short(expr) and source.random() < 0.8:
            continue
        facts = drawn.given if drawn.given and expr.has(drawn.given.args[0]) else None
        found = placed(Case(number, expr, facts, kinds=frozenset(drawn.kinds)))
        if found and _numbers_in(expr) and all(map(_is_small, found.points)):
            continue
        if found and (found.has_meaning or (source.random() < 0.1 and not _numbers_in(expr))):
            return found


def placed(found: Case) -> Case | None:
    """The case with its points, or None where there is nothing to be checked in short time."""
    unknown = sorted(_numbers_in(found.expr), key=str)
    sheltered = False
    for choice in itertools.product(*(NUMBERS[symbol] for symbol in unknown)):
        point = dict(zip(unknown, choice, strict=True))
        enough = len(found.points) == POINTS
        if enough and (1 not in choice or len(found.outside) == POINTS):
            continue
        try:
            value = expectation(found.expr, point, BUDGET)
            if not enough:
                found.values.append(value)
                found.points.append(point)
        except NoMeaningError as error:
            sheltered |= error.sheltered
            # An index that is free is for the user to choose within the matrix.
            if not error.sheltered and not {r, s} & set(unknown):
                found.outside.append(point)
        except TooLongError:
            if not unknown:
                return None
    if not found.expr.atoms(*RANDOM) or (sheltered and not found.points):
        return None
    return found


def _is_small(point: dict[Symbol, int]) -> bool:
    """Whether a matrix has one row or column only for the numbers chosen."""
    return point.get(d) == 1 or point.get(n) == 1


def _is_short(expr: Expr) -> bool:
    """Whether a sum has one term."""
    return any(low == high for total in expr.atoms(Sum) for _, low, high in total.limits)


def _numbers_in(expr: Expr) -> set[Symbol]:
    # The free symbols of an entry do not count those of the shape.
    return {symbol for symbol in expr.atoms(Symbol) if symbol in NUMBERS}


class _Drawing:
    """One draw: the matrices, then an expression in their entries."""

    def __init__(self, source: random.Random):
        self.source = source
        self.kinds: set[str] = set()
        self.given: Any = None
        self.symbolic = source.random() < 0.5
        self.size = d if self.symbolic else Integer(source.choice((2, 2, 3, 3, 4, 4)))
        first = source.choice(("orthogonal", "unitary", "symplectic", "real", "complex"))
        self.letters = [self.letter("W", first)]
        if source.random() < 0.15:
            second = {"orthogonal": "real", "real": "orthogonal", "unitary": "complex"}
            self.letters.append(self.letter("V", second.get(first, first)))
        self.square = self.letters[0].shape[0] == self.letters[0].shape[1]
        self.limits: dict[Symbol, tuple[Symbol, Any, Any]] = {}

    def chance(self, share: float) -> bool:
        return self.source.random() < share

    def pick(self, *options: Any) -> Any:
        return self.source.choice(options)

    def note(self, kind: str, value: Any) -> Any:
        self.kinds.add(kind)
        return value

    # Matrices

    def letter(self, name: str, kind: str) -> Any:
        self.kinds.add(kind)
        size = self.size
        if kind == "orthogonal":
            return HaarOrthogonal(name, size)
        if kind == "unitary":
            return HaarUnitary(name, size)
        if kind == "symplectic":
            return HaarSymplectic(name, m if self.symbolic else self.pick(1, 1, 2))
        shape = self.pick((size, size), (size, 1), (size, 2), (2, size))
        if self.chance(0.3):
            shape = (n, self.pick(size, 1)) if self.symbolic else (S(self.pick(1, 2, 3, 4)), 2)
        if shape[0] != shape[1]:
            self.kinds.add("rectangular")
        variance = self.pick(S.One, S.One, Rational(1, 2), 1 / S(shape[0]))
        return GaussianMatrix(name, *shape, variance=variance, complex=kind == "complex")

    def is_complex(self, matrix: Any) -> bool:
        return not matrix[0, 0].is_real

    # Indices

    def range_of(self, index: Symbol, size: Any) -> tuple[Symbol, Any, Any]:
        """A range for an index of a matrix with so many rows or columns."""
        full = (S.Zero, size - 1)
        other = self.pick(*self.limits) if self.limits else None
        choices = [full] * 5 + [
            (S.Zero, size - 2),
            (S.One, size - 1),
            (S.Zero, S.One),
            (S.One, S(2)),
            (S.Zero, p - 1 if self.symbolic else size // 2 - 1),
        ]
        if other is not None:
            choices += [(S.Zero, other), (other + 1, size - 1), (S.Zero, other - 1)] * 2
            choices += [(other, size - 1), (other, other + 1)]
        low, high = self.pick(*choices)
        if other is not None and (low.has(other) or high.has(other)):
            self.kinds.add("triangular")
        elif (low, high) != full:
            self.kinds.add("partial")
        if p in high.free_symbols:
            self.kinds.add("symbolic end")
        return (index, low, high)

    def place(self, size: Any) -> Any:
        """A row or a column of a matrix with so many."""
        if size == 1:
            return S.Zero
        if not self.limits or self.chance(0.25):
            plain = [S.Zero, S.Zero, S.One, size - 1] + ([r, s] if self.chance(0.15) else [])
            found = self.pick(*plain)
            if found in (r, s):
                self.kinds.add("free index")
            return found
        index = self.pick(*self.limits)
        if self.chance(0.5):
            return index
        other = self.pick(*self.limits)
        kind, found = self.pick(
            ("shift", index + 1),
            ("shift", index + 1),
            ("shift", index - 1),
            ("reflection", size - 1 - index),
            ("reflection", size - 1 - index),
            ("reflection", 1 - index),
            ("stride", 2 * index),
            ("stride", 2 * index + 1),
            ("sum of indices", index + other),
            ("difference of indices", index - other),
        )
        return self.note(kind, found)

    # Factors

    def entries(self, pairs: int, matrix: Any) -> list[Expr]:
        """Twice so many entries, with rows and columns that often agree in pairs."""
        rows = [self.place(matrix.shape[0]) for _ in range(pairs)]
        columns = [self.place(matrix.shape[1]) for _ in range(pairs)]
        if self.chance(0.4) and pairs > 1:
            rows[1:] = [rows[0]] * (pairs - 1)
        if self.chance(0.5) and pairs > 1:
            columns[1:] = [columns[0]] * (pairs - 1)
        other_rows, other_columns = list(rows), list(columns)
        for side in (other_rows, other_columns):
            if self.chance(0.35):
                self.source.shuffle(side)
        if self.chance(0.2):
            other_rows[0] = self.place(matrix.shape[0])
        first = [self.entry(matrix, a, b) for a, b in zip(rows, columns, strict=True)]
        second = [self.entry(matrix, a, b) for a, b in zip(other_rows, other_columns, strict=True)]
        if self.is_complex(matrix):
            if isinstance(matrix, HaarSymplectic) and self.chance(0.4):
                partner = [
                    matrix[_partner(a), _partner(b)]
                    for a, b in zip(other_rows, other_columns, strict=True)
                    if a.is_Integer and b.is_Integer
                ]
                if len(partner) == pairs:
                    return [*first, *partner]
            second = [conjugate(x) for x in second]
            self.kinds.add("conjugate")
        return [*first, *second]

    def entry(self, matrix: Any, row: Any, column: Any) -> Expr:
        if self.chance(0.05):
            return self.note("transposed entry", Transpose(matrix)[column, row])
        return matrix[row, column]

    def word(self, matrix: Any) -> Any:
        """A square word in which the matrix occurs once with its conjugate transpose."""
        rows, columns = matrix.shape
        back = Adjoint(matrix) if self.is_complex(matrix) else Transpose(matrix)
        turned = self.chance(0.4)
        if turned:
            rows, columns, matrix, back = columns, rows, back, matrix
        inner = self.constant(columns)
        letters = [matrix, inner, back] if self.chance(0.8) else [matrix, back]
        return MatMul(*letters), rows

    def constant(self, size: Any) -> MatrixSymbol:
        name = self.pick("A", "A", "B", "S")
        found = MatrixSymbol(name, size, size)
        if name == "S" and self.given in (None, Q.symmetric(found)):
            self.given = Q.symmetric(found)
        elif name == "S":
            found = MatrixSymbol("A", size, size)
        self.kinds.add("constant")
        return found

    def word_entry(self) -> Expr:
        matrix, rows = self.word(self.pick(*self.letters))
        self.kinds.add("word")
        return MatrixElement(matrix, S(self.place(rows)), S(self.place(rows)))

    def trace(self) -> Expr:
        matrix, rows = self.word(self.pick(*self.letters))
        self.kinds.add("trace")
        return Trace(matrix * self.constant(rows)) if self.chance(0.6) else Trace(matrix)

    def weight(self) -> Expr:
        """A factor that is not random."""
        if not self.limits:
            return self.pick(S(2), S(-1), Rational(1, 3), self.size)
        index, other = self.pick(*self.limits), self.pick(*self.limits)
        size = self.letters[0].shape[0]
        kinds = ["delta"] * 5 + ["weight"] * 2 + ["indexed"] * 2 + ["constant entry"] * 2
        kind = self.pick(*kinds)
        self.kinds.add(kind)
        if kind == "delta":
            end = self.pick(other, other, other + 1, other - 1, size - 1 - other, S.One, S.Zero)
            if self.chance(0.3):
                self.kinds.add("delta with a range")
                high = self.pick(size - 1, size - 1, S.One, size - 2)
                return KroneckerDelta(index, end, (S.Zero, high))
            return KroneckerDelta(index, end)
        if kind == "weight":
            return self.pick(index, index + 1, index * other, (-1) ** index, 1 / (1 + index**2))
        if kind == "indexed":
            return self.pick(c[index], b[index, other])
        return self.constant(size)[index, self.pick(other, index)]

    # Expressions

    def summand(self, pairs: int) -> Expr:
        """A product with twice so many entries."""
        factors: list[Any] = []
        while pairs > 0:
            if pairs and self.chance(0.12):
                factors.append(self.word_entry())
                pairs -= 1
                continue
            if pairs and self.chance(0.05):
                factors.append(self.trace())
                pairs -= 1
                continue
            here = self.source.randint(1, pairs)
            factors += self.entries(here, self.pick(*self.letters))
            pairs -= here
        if self.chance(0.45):
            factors.append(self.weight())
        return Mul(*factors)

    def odd_summand(self, entries: int) -> Expr:
        """A product of a few entries, for a sum that is squared."""
        matrix = self.pick(*self.letters)
        factors = [
            self.entry(matrix, self.place(matrix.shape[0]), self.place(matrix.shape[1]))
            for _ in range(entries)
        ]
        if self.chance(0.35):
            factors.append(self.weight())
        return Mul(*factors)

    def draw_limits(self, count: int) -> None:
        self.limits = {}
        shapes = [size for letter in self.letters for size in letter.shape if size != 1]
        for index in (i, j, k)[:count]:
            self.limits[index] = self.range_of(index, self.pick(*(shapes or [S(2)])))
        if count > 1:
            self.kinds.add("several indices")

    def summed(self, summand: Expr) -> Expr:
        """The sum over all indices, that of the last outermost."""
        if not self.limits:
            return summand
        # A range may depend on an index that comes before: that sum is the outer one.
        return Sum(summand, *reversed(self.limits.values()))

    def expression(self) -> Expr:
        form = self.pick(
            *["sum"] * 5,
            *["square of a sum"] * 4,
            *["product of sums"] * 3,
            *["sum in a sum"] * 2,
            *["difference"] * 2,
            *["beside"] * 2,
            "higher power",
        )
        self.kinds.add(form)
        return getattr(self, "_" + form.replace(" ", "_"))()

    def _sum(self) -> Expr:
        self.draw_limits(self.pick(1, 1, 2, 2, 3))
        return self.summed(self.summand(self.pick(1, 1, 2, 2, 2, 3)))

    def _with_conjugate(self, total: Expr) -> Expr:
        if any(map(self.is_complex, self.letters)):
            self.kinds.add("modulus")
            return self.pick(Abs(total) ** 2, total * conjugate(total))
        return total**2

    def _square_of_a_sum(self) -> Expr:
        self.draw_limits(self.pick(1, 1, 2))
        if self.chance(0.5):
            return self._with_conjugate(self.summed(self.odd_summand(self.pick(1, 1, 2, 3))))
        return self.summed(self.summand(1)) ** 2

    def _product_of_sums(self) -> Expr:
        sums = []
        if self.chance(0.5):
            matrix, factors = self.letters[0], []
            for _ in range(2):
                self.draw_limits(1)
                factors.append(self.summed(self.odd_summand(1)))
            if self.is_complex(matrix):
                factors[1] = conjugate(factors[1])
            return Mul(*factors)
        for _ in range(2):
            self.draw_limits(self.pick(0, 1, 1, 2))
            sums.append(self.summed(self.summand(1)))
        return Mul(*sums)

    def _sum_in_a_sum(self) -> Expr:
        self.draw_limits(2)
        outer, inner = self.limits.values()
        if self.chance(0.5):
            within = Sum(self.summand(1), inner)
            self.limits = {i: outer}
            return Sum(self.summand(self.pick(1, 1, 2)) * within, outer)
        within = self._with_conjugate(Sum(self.odd_summand(1), inner))
        self.limits = {i: outer}
        return Sum((self.summand(1) if self.chance(0.5) else self.weight()) * within, outer)

    def _difference(self) -> Expr:
        self.draw_limits(self.pick(1, 1, 2))
        sign = self.pick(-1, -1, 1, 2)
        total = self.summed(self.summand(1) + sign * self.summand(1))
        return total ** self.pick(1, 2, 2)

    def _beside(self) -> Expr:
        """A sum times an entry or a trace outside of it."""
        self.draw_limits(self.pick(1, 2))
        total = self.summed(self.summand(self.pick(1, 1, 2)))
        self.limits = {}
        return total * (self.trace() if self.chance(0.3) else self.summand(1))

    def _higher_power(self) -> Expr:
        self.draw_limits(1)
        matrix = self.letters[0]
        if self.is_complex(matrix):
            return Abs(self.summed(self.odd_summand(1))) ** 4
        return self.summed(self.odd_summand(1)) ** self.pick(3, 4)


def _partner(index: Any) -> Any:
    return index + 1 if index % 2 == 0 else index - 1
