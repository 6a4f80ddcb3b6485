"""What a route is given and gives: the task, its cost, its terms; the cheapest route is taken."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sympy import Expr, Mul

from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    partitions,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import LEFT, RIGHT, Chain
from weingarten.functions.rational import Factored, constant
from weingarten.functions.spherical import basis_sums
from weingarten.integration.diagram import Cut, Outcome, without_inverses
from weingarten.integration.entries import Factor
from weingarten.integration.sides import Side, side_of
from weingarten.limits import PAIRINGS, check_effort


class Integrated(NamedTuple):
    """What integrating one matrix gives: a scalar, a function of the dimension, the chains left."""

    scale: Expr
    value: Factored
    chains: tuple[Chain, ...]


class Effort(NamedTuple):
    """What a route costs: a number of things to go through, and how many of them in a second.

    There may be more to say: what the things are, how many fit in memory or how many bytes they
    take together with the answer, and what costs less.
    """

    steps: int
    rate: int
    what: str = PAIRINGS
    at_most: float = math.inf
    memory: int = 0
    smaller: str = ""


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
    terms: Callable[[Task], Iterator[Integrated]]


#: All routes; of those that apply, the cheapest is taken.
ROUTES: list[Route] = []

Terms = Callable[[Task], Iterator[Integrated]]


def route(cost: Callable[[Task], Effort | None]) -> Callable[[Terms], Terms]:
    """Register a function that yields the terms of a task, with what it costs."""

    def register(terms: Terms) -> Terms:
        ROUTES.append(Route(cost, terms))
        return terms

    return register


#: How many pairings a second are followed one by one, or counted in bulk, on a common machine.
LISTED, COUNTED = 30_000, 20_000_000


def integrate(
    matrix: RandomMatrix, chains: Sequence[Chain], alphabet: Alphabet
) -> Iterator[Integrated]:
    """Yield the terms of the expectation over one random matrix of a product of chains.

    Raises
    ------
    ValueError
        If the pairs of pairings are too many to be listed; the message says how many.
    """
    reduced, empty = without_inverses(matrix, chains, alphabet)
    touched = [c for c in reduced if any(letter.base == matrix for letter in c.word)]
    others = [c for c in reduced if c not in touched]
    scale = matrix.shape[0] ** empty
    if not touched:
        yield Integrated(scale, constant(1), alphabet.sort(others))
        return
    for rest, value, made in integrated(Task(Cut(matrix, touched, alphabet))):
        yield Integrated(scale * rest, value, alphabet.sort([*others, *made]))


def integrated(task: Task) -> Iterator[Integrated]:
    """Yield the terms of the expectation of a diagram, by the cheapest route."""
    if not task.cut.possible:
        return
    offers: list[tuple[Effort, Terms]] = []
    for cost, terms in ROUTES:
        effort = cost(task)
        if effort is not None:
            offers.append((effort, terms))
            if not effort.steps:
                break
    effort, terms = min(offers, key=lambda offer: offer[0].steps / offer[0].rate)
    check_effort(
        effort.steps,
        task.cut.n,
        effort.rate,
        at_most=effort.at_most,
        what=effort.what,
        memory=effort.memory,
        smaller=effort.smaller,
    )
    yield from terms(task)


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
    import numpy as np

    if not len(counts):
        return []
    group, d = cut.matrix.group, cut.matrix.dimension
    signs = [group.class_sign(mu) for mu in partitions(cut.n)]
    distinct, which = np.unique(np.asarray(counts) * signs, axis=0, return_inverse=True)
    table = power_sum_table(cut.n, group.alpha).T
    rows = distinct.astype(object) @ table.astype(object)
    values = basis_sums(group, cut.n, rows.tolist(), d)
    return [values[k] for k in which.ravel()]


def terms_of(
    cut: Cut, made: Sequence[tuple[Side, Outcome]], value: Factored
) -> Iterator[Integrated]:
    """Yield what the sides give: loops without a letter become the size of the matrix."""
    if value:
        scale = cut.matrix.scale(cut.n) * Mul(*(cut.size(outcome) for _, outcome in made))
        chains = [chain for _, outcome in made for chain in outcome.chains]
        yield Integrated(scale, value, cut.alphabet.sort(chains))
