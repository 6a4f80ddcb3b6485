r"""Pairs of pairings by their orbits under two sets of equal pieces, and by type.

With two sets of pieces on the same points, what is asked for is the number of pairs of pairings
(p, q) of each type, p from an orbit of the first set and q from an orbit of the second. Going to
the pairings of a fixed type relative to p commutes with all permutations of the points: it acts on
the orbits of one set, as a matrix of the size of their number. So nothing but the pairs with p = q
is counted by going through pairings, once for each pairing and not for each pair; powers of that
matrix give the rest, and interpolation at its eigenvalues, which are sums of contents, projects on
each irreducible part [Macdonald I.7, VII.2].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, count
from math import lcm
from typing import Any, NamedTuple

from flint import fmpq, fmpq_poly, fmpz_mat

from weingarten.combinatorics.coset_types import all_pairings
from weingarten.combinatorics.jack import power_sum_column
from weingarten.combinatorics.orbits import Orbits, Strand, all_partners
from weingarten.combinatorics.pairings import coset_type, partners
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    jack_norm,
    partitions,
)


class Shared(NamedTuple):
    """How many pairings each two orbits of two sets share, and one of the pairings of each orbit.

    ``counts[a, b]`` is the number of pairings in the orbit ``a`` of the first set and ``b`` of the
    second; pairings are given by the partners of their points.
    """

    counts: dict[tuple[int, int], int]
    orbits: tuple[Orbits, Orbits]
    examples: tuple[list[list[int]], list[list[int]]]

    def table(self) -> Any:
        """Return the counts as a matrix."""
        rows, columns = map(len, self.examples)
        return fmpz_mat([[self.counts.get((a, b), 0) for b in range(columns)] for a in range(rows)])


def shared_pairings(
    first: Sequence[Strand], second: Sequence[Strand], n: int, bipartite: bool
) -> Shared:
    """Return how many pairings each two orbits share: one pass through all pairings.

    Examples
    --------
    The pieces of ``tr(W A W.T B W A W.T B)``, with A on the one side and B on the other:

    >>> first = [Strand(0, 1, 1, 2), Strand(2, 3, 1, 2)]
    >>> second = [Strand(1, 2, 1, 2), Strand(3, 0, 1, 2)]
    >>> sorted(shared_pairings(first, second, 2, False).counts.items())
    [((0, 2), 1), ((1, 1), 1), ((2, 0), 1)]
    """
    import numpy as np

    orbits = Orbits(first), Orbits(second)
    examples: tuple[list[list[int]], list[list[int]]] = [], []
    counts: Counter[tuple[int, int]] = Counter()
    for partner in all_partners(n, bipartite):
        one, other = (side.of(partner) for side in orbits)
        for numbers, known in zip((one, other), examples, strict=True):
            new, where = np.unique(numbers, return_index=True)
            known += [
                partner[k].tolist() for a, k in zip(new, where, strict=True) if a >= len(known)
            ]
        width = int(other.max()) + 1
        keys, times = np.unique(one * width + other, return_counts=True)
        for key, number in zip(keys.tolist(), times.tolist(), strict=True):
            counts[divmod(key, width)] += number
    return Shared(dict(counts), orbits, examples)


def spherical_counts(shared: Shared, n: int, alpha: int) -> list[Any]:
    r"""Return, for each lam in `partitions(n)`, what the pairs of pairings give by orbits.

    The matrix for lam has the entries ``sum_mu N_mu[a, b] <p_mu, J_lam>``, with the number
    ``N_mu[a, b]`` of the pairs of type mu from the orbit a of the first set and b of the second.

    Parameters
    ----------
    shared : Shared
        The pairings that orbits share.
    n : int
        Half the number of points.
    alpha : int
        The parameter of the Jack polynomials: 1 where pairings join the first half of the points to
        the last, 2 where they are free.

    Returns
    -------
    list of fmpz_mat

    Examples
    --------
    >>> pieces = [Strand(0, 1, 1, 2), Strand(2, 3, 1, 2)]
    >>> spherical_counts(shared_pairings(pieces, pieces, 2, False), 2, 2)[0].tolist()
    [[8, 8, 8], [8, 8, 8], [8, 8, 8]]
    """
    if len(shared.orbits[0].readings) < len(shared.orbits[1].readings):
        turned = {(b, a): number for (a, b), number in shared.counts.items()}
        swapped = Shared(turned, shared.orbits[::-1], shared.examples[::-1])
        return [matrix.transpose() for matrix in spherical_counts(swapped, n, alpha)]
    eigenvalues, weights = _telling_apart(n, alpha)
    power = shared.table()
    shape = power.nrows(), power.ncols()
    step = sum(
        (weight * _neighbours(shared, k, alpha) for k, weight in weights.items()),
        fmpz_mat(shape[1], shape[1]),
    )
    powers = [power]
    for _ in eigenvalues[1:]:
        powers.append(powers[-1] * step)
    flat = fmpz_mat([matrix.entries() for matrix in powers])
    scale, rows = _projections(eigenvalues, [jack_norm(lam, alpha) for lam in partitions(n)])
    projected = fmpz_mat(rows) * flat
    return [fmpz_mat(*shape, [value // scale for value in row]) for row in projected.tolist()]


def _telling_apart(n: int, alpha: int) -> tuple[list[int], dict[int, int]]:
    """Return weights of cycles of some lengths, so that no two eigenvalues of their sum agree."""
    parts = partitions(n)
    weights: dict[int, int] = {}
    total = [0] * len(parts)
    for k in range(2, n + 1):
        if len(set(total)) == len(parts):
            break
        found = _eigenvalues((k, *[1] * (n - k)), alpha)
        pairs = set(zip(total, found, strict=True))
        # The least weight that keeps apart what is already, and tells more apart if any does.
        weight = next(w for w in count(1) if len({a + w * b for a, b in pairs}) == len(pairs))
        total = [a + weight * b for a, b in zip(total, found, strict=True)]
        weights[k] = weight
    return total, weights


def _eigenvalues(mu: Partition, alpha: int) -> list[int]:
    """Return the sum over the pairings of type `mu` relative to one, on each irreducible part."""
    norm = alpha ** len(mu) * centralizer_order(mu)
    hooks = [jack_norm(lam, 1) if alpha == 1 else 1 for lam in partitions(sum(mu))]
    return [
        value * hook // norm for value, hook in zip(power_sum_column(mu, alpha), hooks, strict=True)
    ]


def _projections(eigenvalues: list[int], norms: list[int]) -> tuple[int, list[list[int]]]:
    """Return Lagrange's coefficients times the norms, over a common denominator, and this."""
    everything = fmpq_poly([1])
    for value in eigenvalues:
        everything *= fmpq_poly([-value, 1])
    rows = []
    for value, norm in zip(eigenvalues, norms, strict=True):
        others = everything // fmpq_poly([-value, 1])
        others *= norm / others(fmpq(value))
        rows.append([others[k] for k in range(len(eigenvalues))])
    scale = lcm(*(int(x.q) for row in rows for x in row))
    return scale, [[int((x * scale).p) for x in row] for row in rows]


def _neighbours(shared: Shared, k: int, alpha: int) -> Any:
    """Return how many pairings with one loop over k pairs lead from orbit to orbit of the second.

    A pairing of this type relative to another one joins k of its pairs to one loop, and has the
    other pairs in common.
    """
    import numpy as np

    orbits, examples = shared.orbits[1], shared.examples[1]
    size = len(examples)
    patterns = list(_single_loops(k, bipartite=alpha == 1))
    table = np.zeros((size, size), dtype=np.int64)
    for a, partner in enumerate(examples):
        pairs = [(p, q) for p, q in enumerate(partner) if p < q]
        made = []
        for chosen in combinations(pairs, k):
            points = [p for p, _ in chosen] + [q for _, q in chosen]
            for pattern in patterns:
                moved = partner.copy()
                for p, q in zip(points, pattern, strict=True):
                    moved[p] = points[q]
                made.append(moved)
        table[a] = np.bincount(orbits.of(np.array(made)), minlength=size)
    return fmpz_mat(table.tolist())


def _single_loops(k: int, *, bipartite: bool) -> Iterator[list[int]]:
    """Yield the partners of the pairings of 2k points that make one loop with (i, i + k)."""
    base = tuple((i, i + k) for i in range(k))
    for pairing in all_pairings(k, bipartite):
        if coset_type(base, pairing) == (k,):
            yield partners(pairing)
