"""The coset types of all pairs of pairings, all at once.

The matrix is as large as the square of the number of pairings, but each of its rows is another
one permuted: moving both pairings by one transposition of the points leaves their type as it is.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any, NamedTuple

from weingarten.caches import cached
from weingarten.combinatorics.pairings import Pairing, coset_type, moved, pairings
from weingarten.combinatorics.partitions import partition_index


class Relations(NamedTuple):
    """Pairings, and the position in `partitions(n)` of the type of each two of them."""

    pairings: tuple[Pairing, ...]
    types: Any


@cached(maxsize=4)
def relations(n: int, bipartite: bool) -> Relations:
    """Return the pairings of 2n points and their types.

    Parameters
    ----------
    n : int
        Half the number of points.
    bipartite : bool
        Whether a pair must join one of the first n points to one of the last n: such a pairing
        is a permutation, and the type of two is the cycle type of their quotient.

    Examples
    --------
    >>> relations(2, False).types.tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    import numpy as np

    found = tuple(all_pairings(n, bipartite))
    position = {pairing: k for k, pairing in enumerate(found)}
    number = partition_index(n)
    types = np.empty((len(found), len(found)), dtype=np.uint8 if len(number) < 256 else np.uint16)
    types[0] = [number[coset_type(found[0], other)] for other in found]

    swaps = []
    for a in range(n - 1 if bipartite else 2 * n - 1):
        swap = [*range(a), a + 1, a, *range(a + 2, 2 * n)]
        swaps.append(np.array([position[moved(pairing, swap)] for pairing in found]))
    reached, frontier = {0}, [0]
    while frontier:
        row = frontier.pop()
        for images in swaps:
            image = int(images[row])
            if image not in reached:
                reached.add(image)
                frontier.append(image)
                types[image] = types[row][images]
    types.flags.writeable = False
    return Relations(found, types)


def all_pairings(n: int, bipartite: bool) -> list[Pairing]:
    """Return all pairings of 2n points, or those that join the first n to the last n.

    Examples
    --------
    >>> all_pairings(2, True)
    [((0, 2), (1, 3)), ((0, 3), (1, 2))]
    """
    if not bipartite:
        return list(pairings([0] * (2 * n)))
    return [
        tuple((k, n + image) for k, image in enumerate(images)) for images in permutations(range(n))
    ]
