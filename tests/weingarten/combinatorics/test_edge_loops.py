"""Loops of edges against all pairings, joined one by one."""

import itertools
from collections import Counter
from math import factorial, prod

import networkx as nx
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weingarten.combinatorics.edge_loops import Edge, connected, edge_loops

labels = st.integers(0, 2)
labelled = st.builds(lambda a, b: Edge((a, b)), labels, labels)
#: A matrix and its transpose as words, or a symmetric matrix.
through = st.sampled_from([Edge(None, ("B",), ("b",)), Edge(None, ("S",), ("S",))])


class Strands:
    """Numbers for what strands give: each label joins each other one that `joins` says it does."""

    def __init__(self, joins):
        self.joins = joins
        self.number = {}

    def __call__(self, start, word, stop):
        if start is None:
            return (self.number.setdefault(("loop", closed(word)), len(self.number)),)
        if not word and not self.joins(start, stop):
            return None
        if not word and start == stop:
            return ()
        return (self.number.setdefault(opened(start, word, stop), len(self.number)),)

    def named(self, counts):
        names = list(self.number)
        return {
            (mu, tuple(sorted(map(repr, (names[mark] for mark in marks))))): number
            for (mu, marks), number in counts.items()
        }


def reverse(word):
    return tuple(letter.swapcase() if letter in "Bb" else letter for letter in word[::-1])


def closed(word):
    turns = [w[k:] + w[:k] for w in (word, reverse(word)) for k in range(len(word))]
    return min(turns)


def opened(start, word, stop):
    return min((start, word, stop), (stop, reverse(word), start))


def listed(edges, joins, *, directed=False):
    """The same counts: every pairing of the ends, followed in a graph with words on its arcs."""
    n = len(edges)
    if directed:
        pairings = [
            [(2 * k + 1, 2 * image) for k, image in enumerate(images)]
            for images in itertools.permutations(range(n))
        ]
    else:
        pairings = [list(map(tuple, p)) for p in oracles.pairings(2 * n)] if n else [[]]
    total = Counter()
    for pairing in pairings:
        graph = nx.MultiGraph([(2 * k, 2 * k + 1) for k in range(n)])
        graph.add_edges_from(pairing)
        mu = tuple(length // 2 for length in oracles.loop_lengths(graph))
        given = strands(edges, dict(pairing) | {b: a for a, b in pairing}, joins)
        if given is not None:
            total[mu, tuple(sorted(map(repr, given)))] += 1
    return dict(total)


def strands(edges, joined, joins):
    """What all strands give: follow each from a label until the next, then the loops without."""
    seen, given = set(), []
    label = {2 * k + s: e.ends[s] for k, e in enumerate(edges) if e.ends for s in (0, 1)}

    def follow(end):
        """Cross joins and edges from an end until a label, or until this end is back."""
        word, start = (), end
        while True:
            other = joined[end]
            seen.update((end, other))
            if other in label:
                return word, label[other]
            edge = edges[other // 2]
            word += edge.backwards if other % 2 else edge.forwards
            end = other ^ 1
            if end == start:
                return word, None

    for end in label:
        if end not in seen:
            word, stop = follow(end)
            if not word and not joins(label[end], stop):
                return None
            if word or label[end] != stop:
                given.append(opened(label[end], word, stop))
    for end in range(2 * len(edges)):
        if end not in seen:
            given.append(("loop", closed(follow(end)[0])))
    return given


RULES = {"equal labels": lambda a, b: a == b, "any labels": lambda a, b: True}


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("directed", [False, True])
@settings(max_examples=30)
@given(st.lists(st.one_of(labelled, labelled, through), min_size=1, max_size=4))
def test_edge_loops_are_those_of_all_pairings(directed, rule, edges):
    found = Strands(RULES[rule])
    counts = found.named(edge_loops(Counter(edges), found, directed=directed))
    assert counts == listed(edges, RULES[rule], directed=directed)


def equal(one, word, other):
    return () if one == other else None


def types(edges, **options):
    return {mu: number for (mu, _), number in edge_loops(edges, equal, **options).items()}


def test_no_edges_close_in_one_way():
    assert edge_loops({}, equal) == {((), ()): 1}


def test_labels_that_cannot_all_be_joined_give_nothing():
    assert types({Edge((0, 1)): 1, Edge((0, 0)): 1}) == {}


def test_equal_edges_close_loops_as_permutations_or_pairings_do():
    pairings = types({Edge((0, 0)): 20})
    assert sum(pairings.values()) == prod(range(1, 40, 2))
    assert pairings[(20,)] == 2**19 * factorial(19)
    permutations = types({Edge((0, 0)): 20}, directed=True)
    assert sum(permutations.values()) == factorial(20)
    assert permutations[(20,)] == factorial(19)


def test_edges_between_two_labels_close_even_loops_only():
    assert types({Edge((0, 1)): 4}) == {(2, 2): 3, (4,): 6}


def test_directed_edges_between_two_labels_need_their_return():
    assert types({Edge((0, 1)): 2}, directed=True) == {}
    assert types({Edge((0, 1)): 2, Edge((1, 0)): 2}, directed=True) == {(2, 2): 2, (4,): 2}


def test_an_edge_turned_twice_is_itself():
    edges = [Edge((0, 1)), Edge(None, ("B",), ("b",))]
    assert [edge.turned().turned() for edge in edges] == edges
    assert edges[0].turned() == Edge((1, 0))


def test_edges_that_share_no_label_are_apart_unless_something_runs_through():
    apart = {Edge((0, 0)): 2, Edge((1, 2)): 1, Edge((2, 1)): 1}
    assert sorted(map(len, connected(apart, equal))) == [1, 2]
    assert len(connected({**apart, Edge(None): 1}, equal)) == 1


def test_many_labels_each_twice_are_one_pairing():
    ring = {Edge((k, (k + 1) % 20)): 1 for k in range(20)}
    assert types(ring) == {(20,): 1}
