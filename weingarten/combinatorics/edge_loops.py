r"""How many ways of joining edges close loops of each size, and what arises along the loops.

An edge has two ends. A pairing of the ends of n edges joins the edges into loops, and the numbers
of edges in the loops are the type of the pairing relative to the one by edges. Where edges are
directed, a last end is joined to a first one, and the loops are the cycles of a permutation.

Edges with labels at their ends count what a monomial in the entries of one matrix M needs: with
``x_e`` a variable for each distinct edge and T the symmetric matrix with these at their labels,

.. math:: N_\mu = \prod_e q_e! \; [x^q] \prod_k \frac{c_k^{m_k}}{m_k!} ,
          \qquad c_k = \frac{\operatorname{tr} T^k}{2k}

for the type ``mu`` with ``m_k`` loops of k edges. An edge without labels stands for a matrix
instead: what runs along the loop runs through it, until it meets a label. What a strand gives
between two labels, or around a loop that has none, is asked of the caller.

Nothing is listed: loops are walked once for each content, that is, how many edges of each kind
they hold, and put together content by content.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import perm, prod
from typing import Any, NamedTuple

from flint import Ordering, fmpz_mpoly_ctx

from weingarten.combinatorics.partitions import Partition

#: A number that stands for what is at the end of an edge.
Label = int
#: What a strand collects where it runs through edges, in order.
Word = tuple[Any, ...]
#: What strands have given: numbers, sorted.
Marks = tuple[int, ...]
#: Returns what a strand gives that runs from one label through a word to another, or around a loop
#: without labels (None for both); None where the two labels cannot be joined.
Strand = Callable[[Label | None, Word, Label | None], Marks | None]
#: How many edges of each kind.
Content = tuple[int, ...]


class Edge(NamedTuple):
    """The labels at the first and the last end; or None, and what a strand through it collects."""

    ends: tuple[Label, Label] | None
    forwards: Word = ()
    backwards: Word = ()

    def turned(self) -> Edge:
        """Return the edge walked the other way."""
        return Edge(self.ends and self.ends[::-1], self.backwards, self.forwards)


#: How many pairings there are, by their type and by what they give.
Counts = dict[tuple[Partition, Marks], int]


def edge_loops(edges: Mapping[Edge, int], strand: Strand, *, directed: bool = False) -> Counts:
    """Count the ways to join the ends of edges, by the sizes of the loops and by what arises.

    Parameters
    ----------
    edges : mapping of Edge to int
        How often each edge occurs.
    strand : callable
        What arises between two labels: numbers, or None where they cannot be joined.
    directed : bool, optional
        Whether last ends are joined to first ones only.

    Returns
    -------
    dict from (partition, sorted numbers) to int
        The numbers of ways; zeros are left out.

    Examples
    --------
    Of the 105 pairings of four pairs of ends, nine join equal labels; three of these close two
    loops of one edge and a loop of two:

    >>> def equal(one, word, other):
    ...     return () if one == other else None
    >>> counts = edge_loops({Edge((0, 0)): 2, Edge((1, 1)): 2}, equal)
    >>> sorted((mu, number) for (mu, _), number in counts.items())
    [((1, 1, 1, 1), 1), ((2, 1, 1), 4), ((2, 2), 4)]
    """
    ring = fmpz_mpoly_ctx.get(("t", sum(edges.values())), Ordering.lex)
    total: _Types = {(): ring.constant(1)}
    for part in connected(edges, strand):
        total = _together(total, _counted(part, strand, ring, directed=directed))
    return {
        (_partition(exponents), marks): int(number)
        for marks, types in total.items()
        for exponents, number in types.to_dict().items()
    }


#: By what arises, a polynomial: ``t_k`` stands for a loop of k + 1 edges.
_Types = dict[Marks, Any]


def _partition(exponents: Sequence[int]) -> Partition:
    return tuple(k for k in range(len(exponents), 0, -1) for _ in range(exponents[k - 1]))


def _together(one: _Types, other: _Types) -> _Types:
    total: _Types = defaultdict(int)
    for marks, types in one.items():
        for more, others in other.items():
            total[_sorted(marks, more)] += types * others
    return total


def _sorted(marks: Marks, more: Marks) -> Marks:
    return tuple(sorted(marks + more)) if marks and more else marks or more


def connected(edges: Mapping[Edge, int], strand: Strand) -> list[dict[Edge, int]]:
    """Return the edges in groups such that no end of one can be joined to an end of another."""
    groups: list[dict[Edge, int]] = []
    for edge, number in edges.items():
        near = [group for group in groups if any(_meet(edge, other, strand) for other in group)]
        joined = {edge: number}
        for group in near:
            joined |= group
        groups = [group for group in groups if group not in near] + [joined]
    return groups


def _meet(one: Edge, other: Edge, strand: Strand) -> bool:
    """Return whether ends of two edges can be joined, perhaps after running through others."""
    if one.ends is None or other.ends is None:
        return True
    return any(strand(a, (), b) is not None for a in one.ends for b in other.ends)


def _counted(edges: Mapping[Edge, int], strand: Strand, ring: Any, *, directed: bool) -> _Types:
    """Count the ways to join edges: by the loop that one of them is in, and the rest."""
    # Those with labels come first, so that a loop that has a label starts at one.
    kinds = sorted(edges, key=lambda edge: edge.ends is None)
    have = tuple(edges[kind] for kind in kinds)
    loops = [_loops(kinds[k:], have[k:], strand, directed=directed) for k in range(len(kinds))]
    memo: dict[Content, _Types] = {(0,) * len(kinds): {(): ring.constant(1)}}

    def count(left: Content) -> _Types:
        if left in memo:
            return memo[left]
        total: _Types = defaultdict(int)
        done = next(k for k, number in enumerate(left) if number)
        there = left[done:]
        for used, found in loops[done].items():
            if any(u > m for u, m in zip(used, there, strict=True)):
                continue
            choices = prod(map(perm, there, used)) // there[0]
            rest = (0,) * done + tuple(m - u for m, u in zip(there, used, strict=True))
            for marks, types in count(rest).items():
                joined = types * ring.gen(sum(used) - 1)
                for more, ways in found.items():
                    total[_sorted(marks, more)] += joined * (choices * ways)
        memo[left] = total
        return total

    return count(have)


def _loops(
    kinds: Sequence[Edge], have: Content, strand: Strand, *, directed: bool
) -> dict[Content, Counter[Marks]]:
    """Return, for each content, the ways to order and turn edges in a loop with the first kind.

    The first edge is walked forwards, which tells a loop from no other than itself.
    """
    first = kinds[0]
    begin, end = first.ends or (None, None)
    steps = [(k, edge) for k, edge in enumerate(kinds)]
    if not directed:
        steps += [(k, edge.turned()) for k, edge in enumerate(kinds)]
    loops: dict[Content, Counter[Marks]] = defaultdict(Counter)
    start = (1,) + (0,) * (len(kinds) - 1), end, first.forwards, ()
    walks: dict[tuple[Content, Label | None, Word, Marks], int] = {start: 1}
    while walks:
        longer: Counter[tuple[Content, Label | None, Word, Marks]] = Counter()
        for (used, label, word, marks), ways in walks.items():
            closed = strand(label, word, begin)
            if closed is not None:
                loops[used][_sorted(marks, closed)] += ways
            for k, edge in steps:
                if used[k] == have[k]:
                    continue
                grown = (*used[:k], used[k] + 1, *used[k + 1 :])
                if edge.ends is None:
                    longer[grown, label, word + edge.forwards, marks] += ways
                    continue
                met = strand(label, word, edge.ends[0])
                if met is not None:
                    longer[grown, edge.ends[1], (), _sorted(marks, met)] += ways
        walks = longer
    return loops
