r"""Products of entries of ``W A W^T``, and of its traces with constants: counted, not listed.

One side is a class function: its pieces are one word A, each between two letters. On the other
side, what is at the two letters of such a piece leads to free indices, ``(W A W^T)[i, j]``, or
from one to the other, ``tr(W A W^T B)``. So the product is one of linear functions of one matrix,
and the pieces A, as edges with these ends, are joined into loops: the sizes of the loops are the
type of the pairing, and what is on the other side is read along them.

`weingarten.combinatorics.edge_loops` counts the pairings by type and by what they give.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product as cartesian
from math import comb, factorial, prod

from sympy import Expr

from weingarten.combinatorics.edge_loops import Edge, Label, Marks, connected, edge_loops
from weingarten.combinatorics.pairings import Pairing
from weingarten.combinatorics.partitions import Partition, number_of_partitions
from weingarten.expressions.words import Word
from weingarten.functions.rational import constant
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    Effort,
    Integrated,
    Task,
    found,
    has_closed_form,
    route,
    terms_of,
)
from weingarten.integration.routes.power_sums import WRITTEN, against_counts
from weingarten.integration.sides import Side

#: How many contents of loops are followed in a second.
_FOLLOWED = 300_000
#: How many words with each piece either way round are read while one product is written.
_TURNED = 50


class _Edges:
    """The pieces of a class function as edges, with what the other side has at their ends."""

    def __init__(self, classes: Side, other: Side, pairing: Pairing) -> None:
        self.classes, self.other = classes, other
        self.directed = other.cut.bipartite
        # By number: a free index, and the word from there to a letter.
        self._labels: dict[tuple[Expr, Word], Label] = {}
        # By number: what a strand gives.
        self._outcomes: dict[Outcome, int] = {}
        self._strands: dict[tuple[Label | None, Word, Label | None], Marks | None] = {}
        edges = [self._edge(a, b) for a, b in pairing]
        self.number = Counter(edge for edge in edges if edge is not None)
        #: Whether nothing at the letters of a piece leads to those of another one.
        self.are_apart = None not in edges
        #: Whether it does not matter which way round the pieces are.
        self.are_even = all(edge == edge.turned() for edge in self.number)

    def _edge(self, a: int, b: int) -> Edge | None:
        (one, forwards), (other, backwards) = self.other.links[a], self.other.links[b]
        if one == b:
            edge = Edge(None, forwards, backwards)
            place = self.other.alphabet.key
            turned = not self.directed and place(backwards) < place(forwards)
        elif isinstance(one, int) or isinstance(other, int):
            return None
        else:
            ends = self._label(one[3], forwards), self._label(other[3], backwards)
            edge = Edge(ends)
            turned = not self.directed and ends[1] < ends[0]
        return edge.turned() if turned else edge

    def _label(self, index: Expr, outwards: Word) -> Label:
        label = index, self.other.alphabet.transpose(outwards)
        return self._labels.setdefault(label, len(self._labels))

    # What strands give ----------------------------------------------------------------------------

    def strand(self, start: Label | None, word: Word, stop: Label | None) -> Marks | None:
        """Return the number of what runs between two labels, or around; None for zero."""
        key = start, word, stop
        if key not in self._strands:
            outcome = self._outcome(start, word, stop)
            if outcome is None:
                self._strands[key] = None
            elif outcome == self.other.nothing:
                self._strands[key] = ()
            else:
                self._strands[key] = (self._outcomes.setdefault(outcome, len(self._outcomes)),)
        return self._strands[key]

    def _outcome(self, start: Label | None, word: Word, stop: Label | None) -> Outcome | None:
        if start is None or stop is None:
            return self.other.loop(word)
        labels = list(self._labels)
        (i, before), (j, after) = labels[start], labels[stop]
        chains = self.other.strand(before + word + self.other.alphabet.transpose(after), (i, j))
        return None if chains is None else Outcome(self.other.alphabet.sort(chains), (0, 0))

    def counts(self) -> dict[Outcome, Counter[Partition]]:
        """Return the number of pairings by what they give and by type."""
        counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
        loops = edge_loops(self.number, self.strand, directed=self.directed)
        outcomes = list(self._outcomes)
        for (mu, marks), number in loops.items():
            total = self.other.nothing
            for mark in marks:
                total = self.other.together(total, outcomes[mark])
            counts[total][mu] += number
        return counts

    # What it costs --------------------------------------------------------------------------------

    def sizes(self) -> tuple[int, int]:
        """Return about how many contents of loops there are, and how many outcomes."""
        contents, outcomes = 0, 1
        for group in connected(self.number, self.strand):
            pairings = self._pairings(group)
            kinds = min(pairings, self._kinds(group))
            contents += min(pairings, kinds * prod(comb(m + 2, 2) for m in group.values()))
            outcomes *= kinds
        return contents, outcomes

    def _pairings(self, group: Mapping[Edge, int]) -> int:
        """Return how many pairings there are of ends whose labels can all be joined."""
        n = sum(group.values())
        return factorial(n) if self.directed else prod(range(1, 2 * n, 2))

    def _kinds(self, group: Mapping[Edge, int]) -> int:
        """Return a bound on what pairings of these edges can give."""
        n = sum(group.values())
        through = [edge for edge in group if edge.ends is None]
        count = sum(group[edge] for edge in through)
        turned = sum(group[edge] for edge in through if edge != edge.turned())
        words = factorial(count) // prod(factorial(group[edge]) for edge in through)
        labels = {label for edge in group for label in edge.ends or ()}
        marks = {self.strand(a, (), b) for a, b in cartesian(labels, repeat=2)} - {None}
        ways = comb(n + len(marks) - 1, n) if marks else 1
        return (words << turned) * number_of_partitions(count) * ways


def _edges(task: Task) -> _Edges | None:
    """Return the edges that a class function is on one side; None if there is none."""
    if task.rows is None or task.columns is None or has_closed_form(task):
        return None
    for classes, other in ((task.columns, task.rows), (task.rows, task.columns)):
        pairing = classes.symmetrised if classes.base is None else classes.base
        if pairing is not None:
            edges = _Edges(classes, other, pairing)
            if edges.are_apart and (classes.base is not None or edges.are_even):
                return edges
    return None


def _quadratic_cost(task: Task) -> Effort | None:
    edges = _edges(task)
    if edges is None:
        return None
    contents, outcomes = edges.sizes()
    written = outcomes * number_of_partitions(task.cut.n)
    if edges.classes.base is None:
        # Each way round of each piece is a word.
        written += 2**task.cut.n // _TURNED
    return Effort(written + contents * WRITTEN // _FOLLOWED, WRITTEN, "products of traces")


@route(_quadratic_cost)
def _quadratic(task: Task) -> Iterator[Integrated]:
    """Sum a class function against pairings of edges, counted by type and by what they give."""
    edges = found(_edges(task))
    classes, other, counts = edges.classes, edges.other, edges.counts()
    if task.cut.matrix.is_haar:
        yield from against_counts(classes, other, counts)
        return
    for outcome, types in counts.items():
        for mu, number in types.items():
            for weight, sums in classes.power_sums(mu):
                made = [(other, outcome), (classes, sums)]
                yield from terms_of(task.cut, made, constant(number).scaled(weight))
