"""Every pair of pairings of a diagram that survives: what is listed where nothing shorter holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from weingarten.combinatorics.coset_types import all_pairings
from weingarten.combinatorics.pairings import Pairing, coset_type
from weingarten.combinatorics.partitions import Partition
from weingarten.integration.diagram import Cut, Outcome
from weingarten.integration.sides import whole
from weingarten.integration.symplectic import signed_contractions
from weingarten.progress import progress


class Contraction(NamedTuple):
    """Row and column pairing, their type, what joining all indices gives, and its sign."""

    rows: Pairing
    columns: Pairing
    kind: Partition
    outcome: Outcome
    sign: int = 1


def contractions(cut: Cut) -> Iterator[Contraction]:
    """Yield every pair of pairings that survives: for Gaussian matrices, the two are equal."""
    if not cut.possible:
        return
    found = all_pairings(cut.n, cut.bipartite)
    if cut.matrix.form is not None:
        for p, q, sign, made in signed_contractions(cut, found):
            yield Contraction(p, q, coset_type(p, q), made, sign)
        return
    everything = whole(cut)
    for p in progress(found, cut.number_of_pairings, "pairings"):
        rows = [(2 * a, 2 * b) for a, b in p]
        for q in found if cut.matrix.is_haar else [p]:
            outcome = everything.outcome([*rows, *((2 * a + 1, 2 * b + 1) for a, b in q)])
            if outcome is not None:
                yield Contraction(p, q, coset_type(p, q), outcome)
