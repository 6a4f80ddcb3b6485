"""Products of entries: counted by type, or moments of independent Gaussians."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import factorial, prod

from sympy import Expr, S

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.words import Chain
from weingarten.functions.rational import as_flint, constant
from weingarten.functions.spherical import class_sum
from weingarten.integration.entries import Factor, is_concrete, moment, symbolic_moment
from weingarten.integration.routes.base import (
    Effort,
    Integrated,
    Task,
    found,
    route,
)

#: Of more pairs the factors of the answer count, of which so many a second are written.
_MANY, _FACTORS = 10_000, 10_000


def _entries_cost(task: Task) -> Effort | None:
    """Return next to nothing, where all chains are entries whose joins can be told apart."""
    entries, matrix = task.entries, task.cut.matrix
    if entries is None or (not matrix.is_haar and not is_concrete(entries)):
        return None
    indices = [index for f in entries for index in (f.row, f.column)]
    if matrix.form is not None and any(index.is_even is None for index in indices):
        return None
    # A factor of the answer for each pair, and letters to be read.
    return Effort(task.cut.n if task.cut.n > _MANY else 0, _FACTORS, "factors")


@route(_entries_cost)
def _entries(task: Task) -> Iterator[Integrated]:
    """Sum a product of entries: counted by type, or a moment of independent Gaussians."""
    matrix, monomial = task.cut.matrix, found(task.entries)
    if not matrix.is_haar:
        yield from _gaussian_entries(matrix, monomial)
        return
    group, d = matrix.group, matrix.dimension
    if is_concrete(monomial):
        value = moment(group, monomial)
        value = constant(as_flint(value.at(int(d)))) if d.is_Integer else value
        if value:
            yield Integrated(S.One, value, ())
        return
    for deltas, counts in symbolic_moment(group, monomial).items():
        # Halves of the indices of a symplectic matrix are below half its size.
        chains = tuple(Chain((), pair, d) for pair in deltas)
        if value := class_sum(group, counts, d):
            yield Integrated(S.One, value, chains)


def _gaussian_entries(matrix: RandomMatrix, monomial: Sequence[Factor]) -> Iterator[Integrated]:
    """Yield the expectation of a product of Gaussian entries with concrete indices."""
    powers: dict[tuple[Expr, Expr], list[int]] = defaultdict(lambda: [0, 0])
    for f in monomial:
        powers[f.row, f.column][f.conjugated] += f.power
    real = matrix.is_real_valued
    value = prod(gaussian_power(m, other, real=real) for m, other in powers.values())
    if value:
        yield Integrated(matrix.scale(len(monomial) // 2), constant(value), ())


def gaussian_power(plain: int, conjugated: int, *, real: bool) -> int:
    """Return the expectation of a power of a standard Gaussian variable and its conjugate."""
    if real:
        return 0 if plain % 2 else int(prod(range(1, plain, 2)))
    return factorial(plain) if plain == conjugated else 0
