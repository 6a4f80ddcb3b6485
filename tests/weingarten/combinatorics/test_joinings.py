from collections import Counter

import oracles
from hypothesis import given, settings
from hypothesis import strategies as st

from weingarten.combinatorics.joinings import number_of_joinings


@settings(max_examples=40)
@given(st.lists(st.sampled_from([0, 1, "i", "j", "k"]), max_size=8))
def test_joinings_are_the_different_results_of_all_pairings(labels):
    # Numbers join themselves and symbols, symbols join everything.
    def joins(one, other):
        return one == other or isinstance(one, str) or isinstance(other, str)

    results = set()
    for pairing in oracles.pairings(len(labels)) if labels and len(labels) % 2 == 0 else ():
        pairs = [tuple(sorted((labels[a], labels[b]), key=str)) for a, b in map(tuple, pairing)]
        if all(joins(*pair) for pair in pairs):
            results.add(tuple(sorted(map(str, pairs))))
    distinct = set(labels)
    partners = {one: [other for other in distinct if joins(one, other)] for one in distinct}
    expected = len(results) if labels else 1
    assert number_of_joinings(Counter(labels), partners) == expected


def test_counting_stops():
    many = dict.fromkeys(range(30), 1)
    assert number_of_joinings(many, dict.fromkeys(many, tuple(many)), at_most=1000) == 1000
