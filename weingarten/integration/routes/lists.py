"""Lists: all pairs of pairings, of the two sides apart or of everything together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from weingarten.combinatorics.coset_types import relations
from weingarten.combinatorics.partitions import (
    Partition,
    partition_index,
    partitions,
)
from weingarten.functions.rational import constant
from weingarten.integration.contractions import contractions
from weingarten.integration.diagram import Outcome
from weingarten.integration.routes.base import (
    BYTES,
    COUNTED,
    FEW,
    LISTED,
    WRITTEN,
    WRITTEN_APART,
    Effort,
    Integrated,
    Pairs,
    Task,
    class_sums,
    class_values,
    found,
    has_closed_form,
    pairs_of,
    route,
    terms_of,
)
from weingarten.integration.sides import whole
from weingarten.limits import PAIRINGS

#: Bytes for the type of a pair of pairings, in a table and while it is made.
_TYPE = 3
#: With more pairs than that, they are not counted by what they give before it is known to fit.
_MOST = 400_000_000


def _two_lists_cost(task: Task) -> Effort | None:
    if task.rows is None or task.columns is None or not task.cut.matrix.is_haar:
        return None
    if has_closed_form(task):
        return None
    pairs = task.cut.number_of_pairings**2
    if not FEW <= pairs <= _MOST:
        return Effort(pairs, COUNTED, memory=_TYPE * pairs)
    rows, columns = task.orbits
    # Where no two pairs of pairings give the same, a function is one of the classes.
    written = WRITTEN if rows * columns == pairs else WRITTEN_APART
    return Effort(pairs, COUNTED, PAIRINGS, _TYPE * pairs, rows * columns, written, BYTES)


@route(_two_lists_cost)
def _two_lists(task: Task) -> Iterator[Pairs]:
    """Sum over all pairs of pairings, counted by what they give and by their type."""
    import numpy as np

    cut, rows, columns = task.cut, found(task.rows), found(task.columns)
    pairings, types = relations(cut.n, cut.bipartite)
    classes = len(partitions(cut.n))
    made = [dict(side.listed_by_position(pairings)) for side in (rows, columns)]
    if not all(made):
        return
    (row_code, row_outcomes), (code, outcomes) = map(_coded, made)
    chosen = np.array(sorted(made[1]), dtype=np.intp)
    offsets = np.array([code[k] * classes for k in chosen], dtype=np.intp)
    counts = np.zeros((len(row_outcomes), len(outcomes) * classes), dtype=np.int64)
    for k, which in row_code.items():
        counts[which] += np.bincount(offsets + types[k][chosen], minlength=counts.shape[1])
    table = counts.reshape(-1, classes)
    values, which = class_values(cut, table)
    shape = len(row_outcomes), len(outcomes)
    yield pairs_of(cut, row_outcomes, outcomes, values, which.reshape(shape))


def _listed_cost(task: Task) -> Effort | None:
    if has_closed_form(task):
        return None
    pairings = task.cut.number_of_pairings
    # Where each pairing is one outcome, most of the time goes into writing it.
    return Effort(pairings**2, LISTED) if task.cut.matrix.is_haar else Effort(pairings, LISTED // 6)


@route(_listed_cost)
def _listed(task: Task) -> Iterator[Integrated]:
    """Sum over all pairs of pairings, each of which joins all indices."""
    cut, everything = task.cut, whole(task.cut)
    counts: dict[Outcome, Counter[Partition]] = defaultdict(Counter)
    for contraction in contractions(cut):
        counts[contraction.outcome][contraction.kind] += contraction.sign
    if cut.matrix.is_haar:
        position = partition_index(cut.n)
        table = [[types[mu] for mu in position] for types in counts.values()]
        values = class_sums(cut, table)
    else:
        values = [constant(sum(types.values())) for types in counts.values()]
    for outcome, value in zip(counts, values, strict=True):
        yield from terms_of(cut, [(everything, outcome)], value)


def _coded(made: dict[int, Outcome]) -> tuple[dict[int, int], list[Outcome]]:
    """Return the number of the outcome at each position, and the outcomes by number."""
    numbers: dict[Outcome, int] = {}
    codes = {k: numbers.setdefault(outcome, len(numbers)) for k, outcome in made.items()}
    return codes, list(numbers)
