"""What a route is given and gives: the task, its cost, its terms; the cheapest route is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sympy import Expr, Mul, S

from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.orbits import number_of_orbits
from weingarten.combinatorics.partitions import partitions
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import LEFT, RIGHT, Chain, Range
from weingarten.functions.rational import Factored, constant
from weingarten.functions.spherical import basis_sums
from weingarten.integration.covariances import Factors
from weingarten.integration.diagram import Cut, Outcome, number_of_pairings, without_inverses
from weingarten.integration.entries import Factor
from weingarten.integration.sides import Side, side_of
from weingarten.limits import (
    PAIRINGS,
    Cost,
    check_cost,
    duration,
    largest,
    readable,
    sum_over,
)


class Integrated(NamedTuple):
    """What integrating one matrix gives: a scalar, a function of the dimension, the chains left.

    The value holds where the function has no pole above, and from the least dimension on. The
    chains are summed over further indices, if any.
    """

    scale: Expr
    value: Factored
    chains: tuple[Chain, ...]
    least: int = 1
    sums: tuple[Range, ...] = ()


class Pairs(NamedTuple):
    """All terms of a sum over pairs of outcomes, one of each side, at once.

    Attributes
    ----------
    sides : two sequences of pairs
        For each outcome, the size of its loops without a letter, and its chains.
    which : two-dimensional array of integers
        The position in `values` of the function that each pair of outcomes has.
    values : sequence of Factored
        Functions of the dimension.
    scale : Expr
        A factor of all terms.
    beside : tuple of Chain
        The chains that stand beside those of each pair.
    """

    sides: tuple[Sequence[Made], Sequence[Made]]
    which: Any
    values: Sequence[Factored]
    scale: Expr = S.One
    beside: tuple[Chain, ...] = ()

    def terms(self, alphabet: Alphabet) -> Iterator[Integrated]:
        """Yield the terms one by one, those that are not zero."""
        for (size, chains), row in zip(self.sides[0], self.which.tolist(), strict=True):
            for (other_size, others), k in zip(self.sides[1], row, strict=True):
                if self.values[k]:
                    made = alphabet.sort((*self.beside, *chains, *others))
                    yield Integrated(self.scale * size * other_size, self.values[k], made)


#: What the size of its loops without a letter makes of an outcome, and its chains.
Made = tuple[Expr, tuple[Chain, ...]]


class Effort(NamedTuple):
    """What a route costs: a number of things to go through, and how many of them in a second.

    The things have a name, and take memory. Where pairs of outcomes are written one by one, so many
    products of traces are in the answer at most, with the number of them that are written in a
    second, and the bytes that each takes.
    """

    steps: int
    rate: int
    what: str = PAIRINGS
    memory: int = 0
    products: int = 0
    written: int = 1
    size: int = 0

    @property
    def seconds(self) -> float:
        """How long it takes, on a common machine."""
        parts = duration(self.steps, self.rate), duration(self.products, self.written)
        # One that is too long for a float is a whole number.
        return sum(map(int, parts)) if any(isinstance(x, int) for x in parts) else sum(parts)

    def check(self, cut: Cut) -> None:
        """Announce what takes long, refuse what takes an hour or does not fit in memory."""
        answer = f", with up to {readable(self.products)} products of traces in the answer"
        cost = Cost(
            sum_over(cut.n, self.steps, self.what) + answer * bool(self.products),
            seconds=self.seconds,
            memory=self.memory + self.products * self.size,
        )
        if self.products and cost.refusal:
            n = largest(lambda k: self._with_distinct(k, cut), below=cut.n)
            less = f"expected repeated constants, or n = {n} with different ones"
            cost = replace(cost, smaller=less)
        check_cost(cost)

    def _with_distinct(self, n: int, cut: Cut) -> Cost:
        """Return what all pairs of pairings cost that this route would write."""
        pairs = number_of_pairings(n, cut.bipartite) ** 2
        return Cost("", seconds=pairs / self.written, memory=pairs * self.size)


@dataclass(frozen=True)
class Task:
    """A diagram to be summed, and its two sides where no piece connects them."""

    cut: Cut

    @cached_property
    def rows(self) -> Side | None:
        """The pieces between row indices; None if one connects the two sides."""
        return self._side(0)

    @cached_property
    def columns(self) -> Side | None:
        """The pieces between column indices; None if one connects the two sides."""
        return self._side(1)

    def _side(self, which: int) -> Side | None:
        # Joins through a form have signs, which belong to both sides together.
        return side_of(self.cut, which) if self.cut.matrix.form is None else None

    @cached_property
    def classes(self) -> tuple[Side, Side] | None:
        """A side that is a class function, and the other one."""
        rows, columns = self.rows, self.columns
        if rows is None or columns is None:
            return None
        if columns.base is not None:
            return columns, rows
        return (rows, columns) if rows.base is not None else None

    @cached_property
    def free(self) -> tuple[Side, Side] | None:
        """A side that is free, and the other one, a class function."""
        rows, columns = self.rows, self.columns
        if rows is None or columns is None:
            return None
        for one, other in ((rows, columns), (columns, rows)):
            if one.is_free and other.symmetrised is not None:
                return one, other
        return None

    @cached_property
    def orbits(self) -> tuple[int, int]:
        """The number of orbits of pairings on each side: outcomes are at most as many."""
        cut = self.cut
        rows, columns = (
            number_of_orbits(found(side).strands, cut.n, cut.bipartite)
            for side in (self.rows, self.columns)
        )
        return rows, columns

    @cached_property
    def entries(self) -> list[Factor] | None:
        """The entries that all chains are, or None."""
        found = []
        for word, ends, _ in self.cut.chains:
            if len(word) != 1 or ends is None or {LEFT, RIGHT} & set(ends):
                return None
            (letter,) = word
            i, j = ends[::-1] if letter.transposed else ends
            found.append(Factor(i, j, letter.conjugated, 1))
        return found


class Route(NamedTuple):
    """A way to sum a diagram: what it costs (None where it does not apply), and its terms."""

    cost: Callable[[Task], Effort | None]
    terms: Callable[[Task], Iterator[Integrated | Pairs]]
    #: The law of the matrices that it is for.
    law: str = "pairings"


#: All routes; of those that apply, the cheapest is taken.
ROUTES: list[Route] = []

Terms = Callable[[Task], Iterator[Integrated]] | Callable[[Task], Iterator[Integrated | Pairs]]


def route(cost: Callable[[Task], Effort | None], law: str = "pairings") -> Callable[[Terms], Terms]:
    """Register a function that yields the terms of a task, with what it costs."""

    def register(terms: Terms) -> Terms:
        ROUTES.append(Route(cost, terms, law))
        return terms

    return register


#: How many pairings a second are followed one by one, or counted in bulk, on a common machine.
LISTED, COUNTED = 30_000, 20_000_000
#: With fewer pairs of pairings than this, listing them takes less time than any estimate.
FEW = 20_000
#: How many products of traces a second are written, with few functions or each with its own, and
#: the bytes of one of them.
WRITTEN, WRITTEN_APART, BYTES = 40_000, 4_000, 600


def integrate(
    matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet
) -> Iterator[Integrated | Pairs]:
    """Yield the terms of the expectation over one random matrix of a product of chains.

    Raises
    ------
    ValueError
        If the pairs of pairings are too many to be listed; the message says how many.
    """
    reduced, empty = without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    # What stood around an inverse may make a new word.
    others = [s for c in reduced if c not in touched for s in alphabet.standard(c)]
    scale = matrix.shape[0] ** empty
    if not touched:
        yield Integrated(scale, constant(1), alphabet.sort(others))
        return
    for part in integrated(Task(Cut(matrix, touched, alphabet))):
        if isinstance(part, Pairs):
            yield part._replace(scale=scale * part.scale, beside=(*others, *part.beside))
        else:
            chains = alphabet.sort([*others, *part.chains])
            yield part._replace(scale=scale * part.scale, chains=chains)


def effort_of(matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet) -> Effort:
    """Return what the cheapest way to integrate one random matrix in a product of chains costs."""
    reduced, _ = without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    cut = Cut(matrix, touched, alphabet) if touched else None
    return cheapest(Task(cut))[0] if cut is not None and cut.possible else Effort(0, 1)


def integrated(task: Task) -> Iterator[Integrated | Pairs]:
    """Yield the terms of the expectation of a diagram, by the cheapest route."""
    if not task.cut.possible:
        return
    if task.cut.matrix.covariances is not None:
        factors = Factors(task.cut.matrix, task.cut.alphabet)
        for term in one_by_one(Task(factors.cut(task.cut.chains))):
            scale = factors.scale(task.cut.n) * term.scale
            yield term._replace(scale=scale, chains=factors.joined(term.chains))
        return
    effort, terms = cheapest(task)
    effort.check(task.cut)
    yield from terms(task)


def one_by_one(task: Task) -> Iterator[Integrated]:
    """Yield the terms of the expectation of a diagram, those of pairs of outcomes as well."""
    for part in integrated(task):
        if isinstance(part, Pairs):
            yield from part.terms(task.cut.alphabet)
        else:
            yield part


def cheapest(task: Task) -> tuple[Effort, Terms]:
    """Return the route that takes the least time, with what it costs."""
    offers: list[tuple[Effort, Terms]] = []
    for cost, terms, law in ROUTES:
        effort = cost(task) if law == task.cut.matrix.law else None
        if effort is not None:
            offers.append((effort, terms))
            if not effort.steps:
                break
    return min(offers, key=lambda offer: offer[0].seconds)


_Found = TypeVar("_Found")


def found(part: _Found | None) -> _Found:
    """Return a part of a task that the cost of the route has asked for."""
    assert part is not None
    return part


def has_closed_form(task: Task) -> bool:
    """Return whether both sides are class functions: a list would end in the same products."""
    return task.classes is not None and task.classes[1].base is not None


def class_sums(cut: Cut, counts: Any) -> list[Factored]:
    """Return the sum of count times Weingarten function, for each row of counts by class."""
    if not len(counts):
        return []
    values, which = class_values(cut, counts)
    return [values[k] for k in which.tolist()]


def class_values(cut: Cut, counts: Any) -> tuple[list[Factored], Any]:
    """Return the same, once for all rows that are equal, and the position of the value of each."""
    import numpy as np

    group, d = cut.matrix.group, cut.matrix.dimension
    signs = [group.class_sign(mu) for mu in partitions(cut.n)]
    distinct, which = _distinct_rows(np.asarray(counts) * signs)
    table = power_sum_table(cut.n, group.alpha).T
    rows = distinct.astype(object) @ table.astype(object)
    return basis_sums(group, cut.n, rows.tolist(), d), which


def _distinct_rows(rows: Any) -> tuple[Any, Any]:
    """Return the rows without repetition, and the position of each in them."""
    import numpy as np

    codes = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        # As long as codes are positions, that of a row and of its next entry fit together.
        _, entry = np.unique(column, return_inverse=True)
        _, codes = np.unique(codes * (int(entry.max()) + 1) + entry, return_inverse=True)
    _, first = np.unique(codes, return_index=True)
    return rows[first], codes


def terms_of(
    cut: Cut, made: Sequence[tuple[Side, Outcome]], value: Factored
) -> Iterator[Integrated]:
    """Yield what the sides give: loops without a letter become the size of the matrix."""
    if value:
        scale = cut.matrix.scale(cut.n) * Mul(*(cut.size(outcome) for _, outcome in made))
        chains = [chain for _, outcome in made for chain in outcome.chains]
        yield Integrated(scale, value, cut.alphabet.sort(chains))


def pairs_of(
    cut: Cut, rows: Sequence[Outcome], columns: Sequence[Outcome], values: Any, which: Any
) -> Pairs:
    """Return what two sides give for pairs of outcomes."""
    sides = [[(cut.size(made), made.chains) for made in side] for side in (rows, columns)]
    return Pairs((sides[0], sides[1]), which, values, cut.matrix.scale(cut.n))
