"""Terms of an expansion for large dimension, of products of traces and entries of words.

What a product of chains gives from a power of the dimension on, by the loop equations. An entry is
a trace with the letter ``|j><i|``, which falls apart again in the end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import product as cartesian
from math import comb, prod
from typing import Any, NamedTuple

from sympy import (
    Add,
    Expr,
    Integer,
    MatrixSymbol,
    Mul,
    Poly,
    Pow,
    S,
    Symbol,
    cancel,
    fraction,
    together,
)

from weingarten.ensembles.base import RandomMatrix
from weingarten.ensembles.gaussian import GaussianMatrix
from weingarten.ensembles.hermitian import GaussianOrthogonal, GaussianUnitary
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.words import (
    Chain,
    Letter,
    Monomial,
    Polynomial,
    Word,
    random_bases,
    scalar_of,
)
from weingarten.functions.groups import ORTHOGONAL, UNITARY
from weingarten.integration import loop_equations
from weingarten.integration.answer import Answer
from weingarten.integration.diagram import number_of_pairings
from weingarten.integration.loop_equations import Law, LoopEquations, Order
from weingarten.integration.routes.base import effort_of
from weingarten.integration.sides import may_be_equal
from weingarten.limits import Cost, check_cost, duration, sum_over

#: An exact value that takes so many seconds is not waited for.
_SOON = 1.0
#: So many products of traces are found in a second: of different constants, and of repeated ones,
#: each of which is the sum of many; the bytes of one.
_DIFFERENT, _REPEATED, _BYTES = 1_500, 1_000, 500
#: More kinds of groups of pieces than this are not counted: they are as good as all different.
_MANY = 1_000
#: The powers of the dimension that a variance may grow with.
_POWERS = range(-9, 10)
#: What joins a letter with a conjugate one, and has powers of the dimension in steps of two.
_IN_PAIRS = ("unitary", "complex", "hermitian")


def law_of(matrix: RandomMatrix) -> str | None:
    """Return how the letters of a random matrix are joined in loop equations; None if not known.

    Examples
    --------
    >>> from weingarten import HaarSpecialUnitary, HaarUnitary
    >>> law_of(HaarUnitary("U", 3)), law_of(HaarSpecialUnitary("V", 3))
    ('unitary', None)
    """
    if matrix.definition is not None:
        return None
    if isinstance(matrix, GaussianUnitary):
        return "hermitian"
    if isinstance(matrix, GaussianOrthogonal):
        return "symmetric"
    if isinstance(matrix, GaussianMatrix) and matrix.covariances is None:
        return "real" if matrix.is_real_valued else "complex"
    if matrix.is_haar and matrix.law == "pairings" and matrix.form is None:
        return {UNITARY: "unitary", ORTHOGONAL: "orthogonal"}.get(matrix.group)
    return None


def growth(expr: Expr, symbols: set[Symbol]) -> Expr | None:
    """Return the power of the sizes, all of one order, that a function grows with.

    None if it is no product of powers of rational functions of them.

    Examples
    --------
    >>> from sympy import exp, sqrt
    >>> from sympy.abc import d, n
    >>> [growth(f, {d, n}) for f in (3/(d + 1), d**2*n/(d + n), sqrt(d), exp(d))]
    [-1, 2, 1/2, None]
    """
    if isinstance(expr, Mul):
        powers = [growth(factor, symbols) for factor in expr.args]
        return None if None in powers else Add(*powers)
    if isinstance(expr, Pow) and expr.exp.is_Rational:
        power = growth(expr.base, symbols)
        return None if power is None else power * expr.exp
    present = [symbol for symbol in sorted(symbols, key=str) if expr.has(symbol)]
    if not present:
        return S.Zero
    parts = fraction(together(expr))
    if not all(part.is_polynomial(*present) for part in parts):
        return None
    over, under = (Poly(part, *present).total_degree() for part in parts)
    return Integer(over - under)


def leading(expr: Expr, symbols: set[Symbol]) -> Expr:
    """Return the part of a rational function of sizes that grows most, all of them alike.

    Examples
    --------
    >>> from sympy.abc import d, n
    >>> leading((d*n + d)/(d + 1)**2, {d, n})
    n/d
    """
    present = [symbol for symbol in sorted(symbols, key=str) if expr.has(symbol)]
    if not present:
        return expr
    made = []
    for part in fraction(together(expr)):
        polynomial = Poly(part, *present)
        degree = polynomial.total_degree()
        terms = {powers: c for powers, c in polynomial.terms() if sum(powers) == degree}
        made.append(Poly(terms, *present).as_expr())
    return cancel(made[0] / made[1])


def number_of_vector_partitions(multiplicities: Sequence[int]) -> int:
    """Return the number of ways to part things, some of them alike, into groups.

    Examples
    --------
    >>> number_of_vector_partitions([4]), number_of_vector_partitions([1, 1, 1])
    (5, 5)
    >>> number_of_vector_partitions([2, 2])
    9
    """
    if prod(m + 1 for m in multiplicities) > _MANY:
        return 10**30
    points = list(cartesian(*(range(m + 1) for m in multiplicities)))
    ways = dict.fromkeys(points, 0)
    ways[points[0]] = 1
    for part in points[1:]:
        for point in points:
            before = tuple(a - b for a, b in zip(point, part, strict=True))
            ways[point] += ways.get(before, 0)
    return ways[points[-1]]


class Term(NamedTuple):
    """A function of the sizes, given values of traces, chains, and how many traces grow.

    Those that have given values are among these.
    """

    scale: Expr
    values: Expr
    chains: tuple[Chain, ...]
    growing: int


class LargeDimension:
    """The terms of monomials from a power of the dimension on.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    symbols : set of Symbol
        What the sizes are made of, and goes to infinity.
    traces : bool
        Whether traces of constants grow as their sizes do; held if not.
    """

    def __init__(self, alphabet: Alphabet, symbols: set[Symbol], *, traces: bool) -> None:
        self._alphabet = alphabet
        self._symbols = symbols
        self._traces = traces

    def applies_to(self, monomial: Monomial) -> bool:
        """Return whether the equations are known for all that a monomial is made of."""
        if monomial.sums:
            return False
        sizes = {size for c in monomial.chains for x in c.word for size in (x.rows, x.columns)}
        return all(
            law_of(m) is not None
            and (not m.is_haar or growth(m.dimension, self._symbols) == 1)
            and growth(m.scale(1), self._symbols) in _POWERS
            for m in _random(monomial)
        ) and all(growth(size, self._symbols) in (0, 1) for size in sizes)

    def cost(self, monomial: Monomial, least: int) -> Cost:
        """Return what the terms from a power of the dimension on cost, about."""
        laws = Counter(law_of(m) for m in _random(monomial))
        n = sum(laws.values()) // 2
        in_pairs = all(law in _IN_PAIRS for law in laws)
        if self._traces:
            further = max(0, sum(c.ends is None for c in monomial.chains) - least)
            # A handle more takes two powers, a crosscap one, which surfaces of U(d) do not have.
            step, times = max(1, n * n // 3), further // 2 if in_pairs else further
        else:
            further = -n - least
            step, times = max(1, n * n // (2 if in_pairs else 1)), max(0, further)
        first, rate = self._products(monomial, n, in_pairs)
        steps = 0 if not self._traces and further < 0 else int(first * step**times)
        what = sum_over(n, steps, "products of traces, up to the order that is asked for")
        return Cost(what, seconds=duration(steps, rate), memory=steps * _BYTES)

    def _products(self, monomial: Monomial, n: int, in_pairs: bool) -> tuple[int, int]:
        """Return how many products are of leading order, at most, and how many take a second."""
        sides = _sides([piece for chain in monomial.chains for piece in _pieces(chain.word)])
        repeated = prod(number_of_vector_partitions(list(side.values())) for side in sides)
        different = number_of_pairings(n, in_pairs)
        if self._traces:
            different = comb(3 * n, n) // (2 * n + 1)
        return (different, _DIFFERENT) if different <= repeated else (repeated, _REPEATED)

    def terms(self, monomial: Monomial, least: int) -> Iterator[Term]:
        """Yield the terms from a power of the dimension on."""
        code = _Code(self._alphabet, self._symbols)
        loops = [code.loop(chain) for chain in monomial.chains if chain.word or chain.ends is None]
        beside = [chain for chain in monomial.chains if not chain.word and chain.ends]
        equations = LoopEquations(
            code.letters(), Order(code.growths(), self._traces), frozenset(code.bounded)
        )
        for (numbers, exponents), value in equations.mean(loops, least).items():
            chains: list[Chain] | None = list(beside)
            for number in numbers:
                made = code.chains(equations.constants[number])
                chains = None if chains is None or made is None else chains + made
            if chains is not None:
                weights = zip(code.weights, exponents, strict=True)
                yield Term(
                    value * Mul(*(w**e for w, e in weights)),
                    scalar_of(chains),
                    self._alphabet.sort(c for c in chains if c.word or c.ends),
                    equations.growing(numbers),
                )


class _Code:
    """Letters as integers, and back."""

    def __init__(self, alphabet: Alphabet, symbols: set[Symbol]) -> None:
        self._alphabet = alphabet
        self._symbols = symbols
        self._numbers: dict[Letter, int] = {}
        self._letters: list[Letter] = []
        #: Sizes and variances.
        self.weights: list[Expr] = []
        #: What stands for the ends of chains: the indices between which each joins.
        self._ends: dict[Any, tuple[Expr, Expr]] = {}
        #: Letters that keep a trace from growing.
        self.bounded: set[int] = set()

    def loop(self, chain: Chain) -> tuple[int, ...]:
        """Return a chain as a closed word."""
        word = chain.word
        if chain.ends is not None:
            join = MatrixSymbol(f"\0end {len(self._ends)}", word[-1].columns, word[0].rows)
            self._ends[join] = chain.ends
            word = (*word, self._alphabet.letter(join))
        return tuple(self._number(letter) for letter in word)

    def _number(self, letter: Letter) -> int:
        if letter not in self._numbers:
            for one in self._forms(letter.base):
                if one not in self._numbers:
                    self._numbers[one] = len(self._letters)
                    self._letters.append(one)
                    sizes = one.rows, one.columns
                    if one.base in self._ends or not all(s.has(*self._symbols) for s in sizes):
                        self.bounded.add(self._numbers[one])
        return self._numbers[letter]

    def _forms(self, base: Any) -> Iterator[Letter]:
        for transposed in (False, True):
            for conjugated in (False, True):
                yield self._alphabet.letter(base, transposed, conjugated)

    def _weight(self, weight: Expr) -> int:
        if weight not in self.weights:
            self.weights.append(weight)
        return self.weights.index(weight)

    def letters(self) -> loop_equations.Alphabet:
        """Return what the equations need to know of the letters."""
        random = [x.base for x in self._letters if isinstance(x.base, RandomMatrix)]
        matrices = list(dict.fromkeys(random))
        transposes = [self._alphabet.transpose((x,))[0] for x in self._letters]
        laws = []
        for matrix in matrices:
            weight = matrix.shape[0] if matrix.is_haar else matrix.scale(1)
            laws.append(Law(law_of(matrix) or "", self._weight(weight)))
        return loop_equations.Alphabet(
            transposed=[self._numbers[x] for x in transposes],
            rows=[self._weight(x.rows) for x in self._letters],
            matrix=[matrices.index(x.base) if x.base in matrices else None for x in self._letters],
            is_transpose=[x.transposed for x in self._letters],
            is_conjugate=[x.conjugated for x in self._letters],
            laws=laws,
        )

    def growths(self) -> tuple[int, ...]:
        """Return the powers that the weights grow with."""
        return tuple(int(growth(weight, self._symbols) or 0) for weight in self.weights)

    def chains(self, loop: tuple[int, ...]) -> list[Chain] | None:
        """Return the trace of a word of constants, cut where it held the ends of chains.

        None is zero.
        """
        word = tuple(self._letters[k] for k in loop)
        places = [k for k, letter in enumerate(word) if letter.base in self._ends]
        if not places:
            return self._alphabet.closed(word)
        word = word[places[0] :] + word[: places[0]]
        cuts = [k - places[0] for k in places]
        made: list[Chain] = []
        for cut, after in zip(cuts, [*cuts[1:], len(word)], strict=True):
            start = self._between(word[cut])[1]
            stop = self._between(word[after % len(word)])[0]
            part = self._open(word[cut + 1 : after], (start, stop), word[cut].columns)
            if part is None:
                return None
            made += part
        return made

    def _between(self, letter: Letter) -> tuple[Expr, Expr]:
        """Return the indices at which the words before and after the end of a chain end."""
        first, last = self._ends[letter.base]
        return (first, last) if letter.transposed else (last, first)

    def _open(self, word: Word, ends: tuple[Expr, Expr], size: Expr) -> list[Chain] | None:
        if not word and not may_be_equal(*ends):
            return None
        if not word and ends[0] == ends[1]:
            return []
        return self._alphabet.open(word, ends, None if word else size)


class Expansion:
    """The part of an expansion for which the exact value would take long.

    Parameters
    ----------
    answer : Answer
        Where the terms are added.
    alphabet : Alphabet
        The letters.
    symbol : Symbol
        What goes to infinity.
    order : int
        The last power of one over it.
    """

    def __init__(self, answer: Answer, alphabet: Alphabet, symbol: Symbol, order: int) -> None:
        self._answer = answer
        self._alphabet = alphabet
        self._order = order
        self._equations = LargeDimension(alphabet, {symbol}, traces=False)

    def rest(self, polynomial: Polynomial, conditions: Conditions) -> Polynomial:
        """Add the monomials that the exact value would take long of; return the others."""
        left: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            growth = self._answer.growth(coefficient)
            if growth is None or self._alphabet.rules is not None or not self._is_long(monomial):
                left[monomial] = coefficient
                continue
            least = -self._order - growth
            check_cost(self._equations.cost(monomial, least))
            for term in self._equations.terms(monomial, least):
                self._answer.add(term.chains, coefficient * term.scale * term.values)
            for matrix, letters in Counter(_random(monomial)).items():
                conditions.at_least(matrix.dimension, letters // 2)
        return left

    def _is_long(self, monomial: Monomial) -> bool:
        """Return whether the equations are known, and the exact value takes long."""
        if not self._equations.applies_to(monomial):
            return False
        found = set(_random(monomial))
        return any(
            effort_of(matrix, monomial.chains, self._alphabet).seconds > _SOON for matrix in found
        )


#: An index of a random matrix: of which, and whether a column index.
_Index = tuple[Any, bool]


def _pieces(word: Word) -> Iterator[tuple[_Index, _Index, Word]]:
    """Yield the words between random letters, with the indices that they join."""
    places = [k for k, letter in enumerate(word) if isinstance(letter.base, RandomMatrix)]
    for k, place in enumerate(places):
        one, other = word[place], word[places[(k + 1) % len(places)]]
        length = (places[(k + 1) % len(places)] - place - 1) % len(word)
        piece = (word[place + 1 :] + word[: place + 1])[:length]
        yield (one.base, not one.transposed), (other.base, other.transposed), piece


def _sides(pieces: Sequence[tuple[_Index, _Index, Word]]) -> list[Counter[Word]]:
    """Return the words on each side of each matrix; all together where one joins two sides.

    An empty one changes nothing in the traces that are made.
    """
    found: dict[Any, Counter[Word]] = defaultdict(Counter)
    is_apart = all(start == stop for start, stop, _ in pieces)
    for start, _, piece in pieces:
        if piece:
            found[start if is_apart else None][piece] += 1
    return list(found.values())


def _random(monomial: Monomial) -> Iterator[RandomMatrix]:
    for chain in monomial.chains:
        yield from random_bases(chain)
