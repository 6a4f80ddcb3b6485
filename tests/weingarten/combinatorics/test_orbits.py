"""Orbits of pairings, and pairs of them by type, beside lists of pairings and symmetries."""

import random
from collections import Counter
from itertools import permutations, product

import pytest

from weingarten.combinatorics.coset_types import all_pairings
from weingarten.combinatorics.double_cosets import shared_pairings, spherical_counts
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.orbits import Orbits, Strand, all_partners, number_of_orbits
from weingarten.combinatorics.pairings import coset_type, moved, partners
from weingarten.combinatorics.partitions import partition_index, partitions


def random_strands(rng, n):
    """Return pieces of a few colours on 2n points; some can be turned, some have a free end."""
    points = list(range(2 * n))
    rng.shuffle(points)
    strands = []
    while points:
        stop = points.pop()
        if not points or rng.random() < 0.2:
            colour = 10 * rng.randint(7, 8)
            strands.append(Strand(None, stop, colour, colour + 1))
            continue
        colour = 10 * rng.choice([1, 1, 1, 2])
        turned = colour if colour == 20 else colour + 1
        pieces = (colour, turned) if rng.random() < 0.5 else (turned, colour)
        strands.append(Strand(points.pop(), stop, *pieces))
    return strands


def with_kinds(strands, n):
    """Return pieces that differ, too, by which half of the points their ends are in."""

    def kind(end):
        return 0 if end is None else 1 + (end >= n)

    return [
        s._replace(
            forward=100 * s.forward + 10 * kind(s.start) + kind(s.stop),
            backward=100 * s.backward + 10 * kind(s.stop) + kind(s.start),
        )
        for s in strands
    ]


def symmetries(strands, points):
    """Yield the permutations of the points that take each piece to an equal one."""

    def read(strands):
        return {
            key
            for s in strands
            for key in ((s.start, s.stop, s.forward), (s.stop, s.start, s.backward))
        }

    known = read(strands)
    for image in permutations(range(points)):
        if {(_at(image, a), _at(image, b), c) for a, b, c in known} == known:
            yield image


def _at(image, end):
    return None if end is None else image[end]


def random_cases():
    for seed, bipartite in product(range(8), (False, True)):
        rng = random.Random(seed)
        n = rng.randint(1, 3)
        sides = [random_strands(rng, n) for _ in range(2)]
        yield n, bipartite, [with_kinds(side, n) if bipartite else side for side in sides]


CASES = list(random_cases())


@pytest.mark.parametrize("n", range(5))
@pytest.mark.parametrize("bipartite", [False, True])
def test_all_partners_are_all_pairings(n, bipartite):
    found = [tuple(row) for array in all_partners(n, bipartite) for row in array.tolist()]
    assert sorted(found) == sorted(tuple(partners(p)) for p in all_pairings(n, bipartite))


@pytest.mark.parametrize(("n", "bipartite", "count"), [(7, False, 135135), (8, True, 40320)])
def test_all_partners_in_several_arrays_are_different_pairings(n, bipartite, count):
    import numpy as np

    table = np.concatenate(list(all_partners(n, bipartite)))
    assert len(np.unique(table, axis=0)) == len(table) == count
    assert (np.take_along_axis(table, table, axis=1) == np.arange(2 * n)).all()
    assert not bipartite or (table[:, :n] >= n).all()


@pytest.mark.parametrize(("n", "bipartite", "sides"), CASES)
def test_orbits_are_those_of_the_symmetries(n, bipartite, sides):
    strands = sides[0]
    group = list(symmetries(strands, 2 * n))
    pairings = all_pairings(n, bipartite)
    least = [min(moved(p, image) for image in group) for p in pairings]
    import numpy as np

    numbers = Orbits(strands).of(np.array([partners(p) for p in pairings])).tolist()
    assert len(set(zip(least, numbers, strict=True))) == len(set(least)) == len(set(numbers))
    assert number_of_orbits(strands, n, bipartite) == len(set(least))


@pytest.mark.parametrize("n", [5, 6])
@pytest.mark.parametrize("seed", range(3))
def test_the_number_of_orbits_is_that_of_those_found(n, seed):
    strands = random_strands(random.Random(seed), n)
    orbits = Orbits(strands)
    for partner in all_partners(n, False):
        orbits.of(partner)
    assert number_of_orbits(strands, n, False) == len(orbits.readings)


@pytest.mark.parametrize(("n", "bipartite", "sides"), CASES)
def test_spherical_counts_are_sums_over_all_pairs_of_pairings(n, bipartite, sides):
    alpha = 1 if bipartite else 2
    shared = shared_pairings(*sides, n, bipartite)
    pairings = all_pairings(n, bipartite)
    import numpy as np

    rows = np.array([partners(p) for p in pairings])
    numbers = [side.of(rows).tolist() for side in shared.orbits]
    counts = Counter(
        (a, b, coset_type(p, q))
        for (p, a), (q, b) in product(*(zip(pairings, side, strict=True) for side in numbers))
    )
    table, position = power_sum_table(n, alpha), partition_index(n)
    for k, matrix in enumerate(spherical_counts(shared, n, alpha)):
        assert matrix.tolist() == [
            [
                sum(counts[a, b, mu] * int(table[k, position[mu]]) for mu in partitions(n))
                for b in range(matrix.ncols())
            ]
            for a in range(matrix.nrows())
        ]


@pytest.mark.parametrize("alpha", [1, 2])
@pytest.mark.parametrize("n", range(1, 10))
def test_eigenvalues_tell_all_partitions_apart(n, alpha):
    from weingarten.combinatorics.double_cosets import _telling_apart

    eigenvalues, weights = _telling_apart(n, alpha)
    assert len(set(eigenvalues)) == len(partitions(n))
    assert set(weights) <= {2, 3}
