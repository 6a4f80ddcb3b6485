"""Entries of Gaussian matrices of quaternions: moments of the independent ones among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import prod
from typing import Any

from weingarten.functions.rational import constant
from weingarten.integration.entries import Factor, form_sign, is_concrete, partner
from weingarten.integration.routes.base import Effort, Integrated, Task, found, route
from weingarten.integration.routes.entries import gaussian_power


def _cost(task: Task) -> Effort | None:
    entries = task.entries
    if task.cut.matrix.form is None or entries is None or not is_concrete(entries):
        return None
    return Effort(0, 1)


@route(_cost, law="joins")
def _quaternions(task: Task) -> Iterator[Integrated]:
    """Yield the mean of a product of entries with numbers for indices."""
    cut = task.cut
    sign, powers = 1, defaultdict[Any, list[int]](lambda: [0, 0])
    for factor in found(task.entries):
        direction, f = _independent(factor, is_self_adjoint=cut.matrix.is_self_adjoint)
        sign *= direction**f.power
        powers[f.row, f.column][f.conjugated] += f.power
    value = sign * prod(
        gaussian_power(plain, other, real=cut.matrix.is_self_adjoint and row == column)
        for (row, column), (plain, other) in powers.items()
    )
    if value:
        yield Integrated(cut.matrix.scale(cut.n), constant(value), ())


def _independent(f: Factor, *, is_self_adjoint: bool) -> tuple[int, Factor]:
    """Return a sign, and the entry in an even row that an entry or its conjugate is.

    The sign is 0 for an entry that is 0. Of a matrix that is its own adjoint, the entry is on the
    diagonal, where it is real, or in a block above it.
    """
    sign = 1
    if is_self_adjoint and f.row // 2 > f.column // 2:
        f = f._replace(row=f.column, column=f.row, conjugated=not f.conjugated)
    if f.row % 2:
        sign = form_sign(partner(f.column))
        f = Factor(partner(f.row), partner(f.column), not f.conjugated, f.power)
    if is_self_adjoint and f.row // 2 == f.column // 2:
        sign *= int(f.row == f.column)
        f = f._replace(conjugated=False)
    return sign, f
