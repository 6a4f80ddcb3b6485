r"""The circular symplectic ensemble: plain letters joined with conjugate ones, by their ends.

With U Haar-distributed in U(2m), ``T = U J U^T`` is antisymmetric and ``S = T J^T``. The sum over
the permutations of the columns of U is closed: for ends x of n letters T, ends y of n conjugates

.. math:: E \prod_k T_{x_{2k} x_{2k+1}} \overline{T_{y_{2k} y_{2k+1}}}
          = \sum_{\sigma \in S_{2n}} Wg^{Sp}(\sigma; m - 1/2) \prod_k \delta(x_k, y_{\sigma(k)})

[Matsumoto, Random Matrices Theory Appl. 2 (2013), 1350001]. It is what `symmetric_squares` sums for
``U U^T``, at ``-2m`` in place of the dimension, with a sign for the permutation. Traces of powers
of S alone are a sum over partitions (`weingarten.functions.traces`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from math import factorial
from typing import Any

from sympy import S

from weingarten.combinatorics.pairings import coset_type
from weingarten.combinatorics.partitions import Partition, number_of_partitions
from weingarten.combinatorics.permutations import sign
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.expressions.words import Chain, Word
from weingarten.functions.spherical import class_sum
from weingarten.functions.traces import mean_of_circular_symplectic_traces
from weingarten.integration.diagram import Outcome
from weingarten.integration.entries import symbolic_moment
from weingarten.integration.routes.base import (
    LISTED,
    Effort,
    Integrated,
    Task,
    found,
    route,
    terms_of,
)
from weingarten.integration.symplectic import SymplecticSide
from weingarten.integration.word_powers import is_power
from weingarten.limits import PAIRINGS

#: How many entries of a table of power sums are made in a second.
_ENTRIES = 50_000
POWER_SUMS = "entries of a table of power sums"


def _entries_cost(task: Task) -> Effort | None:
    entries = task.entries
    if entries is None or any(i.is_even is None for f in entries for i in (f.row, f.column)):
        return None
    return Effort(0, 1)


@route(_entries_cost, law="circular")
def _entries(task: Task) -> Iterator[Integrated]:
    """Sum a product of entries, counted by type."""
    matrix = task.cut.matrix
    for deltas, counts in symbolic_moment(matrix.group, found(task.entries)).items():
        # Halves of the indices are below half the size.
        chains = tuple(Chain((), pair, matrix.dimension) for pair in deltas)
        if value := class_sum(matrix.group, counts, matrix.dimension):
            yield Integrated(S.One, value, chains)


def _powers(task: Task) -> tuple[Partition, Partition] | None:
    """Return the powers whose traces all chains are, and those of the conjugate, or None."""
    powers: tuple[list[int], list[int]] = ([], [])
    for chain in task.cut.chains:
        if not is_power(chain, task.cut.matrix):
            return None
        powers[chain.word[0].conjugated].append(len(chain.word))
    mu, nu = (tuple(sorted(parts, reverse=True)) for parts in powers)
    return mu, nu


def _traces_cost(task: Task) -> Effort | None:
    if _powers(task) is None:
        return None
    return Effort(number_of_partitions(task.cut.n) ** 2, _ENTRIES, POWER_SUMS)


@route(_traces_cost, law="circular")
def _traces(task: Task) -> Iterator[Integrated]:
    """Yield the mean of a product of traces of powers."""
    matrix, (mu, nu) = task.cut.matrix, found(_powers(task))
    m = int(matrix.dimension) if matrix.dimension.is_Integer else None
    value = mean_of_circular_symplectic_traces(mu, nu, m)
    yield Integrated(S.One, value, (), 1 if m is not None else max(1, sum(mu) // 2))


def _words_cost(task: Task) -> Effort:
    return Effort(factorial(2 * task.cut.n), LISTED // 2, PAIRINGS)


@route(_words_cost, law="circular")
def _words(task: Task) -> Iterator[Integrated]:
    """Sum over the ways to join the ends of plain letters with those of conjugate ones."""
    cut = task.cut
    everything = _Ends(cut, cut.pieces, None)
    size = 2 * cut.n
    base = tuple((2 * k, 2 * k + 1) for k in range(cut.n))
    counts: dict[Outcome, dict[Partition, int]] = defaultdict(lambda: defaultdict(int))
    for order in permutations(range(size)):
        factor, outcome = everything.signed_outcome((k, size + order[k]) for k in range(size))
        if factor:
            kind = coset_type(base, tuple((order[a], order[b]) for a, b in base))
            # Relative to the permutation that stands for the class.
            factor *= sign(order) * (-1) ** (cut.n - len(kind))
            counts[outcome][kind] += factor
    for outcome, types in counts.items():
        value = class_sum(cut.matrix.group, types, cut.matrix.dimension)
        yield from terms_of(cut, [(everything, outcome)], value)


class _Ends(SymplecticSide):
    """Pieces between ends of T: behind the right end of S, of an odd number, stands the form."""

    def _join(self, a: Any, b: Any) -> Word:
        J = SymplecticForm(self.cut.matrix.shape[0])
        before: Word = (self.alphabet.letter(J),) if a % 2 else ()
        after: Word = (self.alphabet.letter(J, True),) if b % 2 else ()
        return before + after
