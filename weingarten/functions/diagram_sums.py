r"""Sums over diagrams of numbers over products of contents, over their own common denominator.

.. math:: \sum_\lambda \frac{v_\lambda}{\prod_{(i,j) \in \lambda} (x + \alpha j - i)}

The boxes of one content lie on a diagonal, and a diagram that holds one holds those before it: the
least common denominator of two products of contents is that of the union of the diagrams, which is
a diagram again. Neighbours in the order of partitions differ in few boxes, so that sums by halves
stay small until the last ones, and nothing is held but one partial sum for each power of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

from flint import fmpz_poly

from weingarten.caches import cached
from weingarten.combinatorics.partitions import Partition

_X = fmpz_poly([0, 1])


class Sum(NamedTuple):
    """A numerator over the product of the contents of a diagram."""

    diagram: Partition
    numerator: Any


def diagram_sum(terms: Iterable[tuple[Partition, Any]], alpha: int, x: int | None = None) -> Sum:
    """Return the sum of value over product of contents, as one numerator over one diagram.

    Parameters
    ----------
    terms : iterable of pairs
        Diagrams in the order of `partitions`, or its reverse, with integers.
    alpha : {1, 2}
        The content of the box (i, j) is ``alpha j - i``.
    x : int, optional
        Where the sum is taken, no pole; a polynomial in x otherwise.

    Examples
    --------
    >>> diagram_sum([((2,), 1), ((1, 1), -1)], alpha=1)
    Sum(diagram=(2, 1), numerator=(-2))
    >>> diagram_sum([((2,), 1), ((1, 1), -1)], alpha=1, x=5)
    Sum(diagram=(2, 1), numerator=-2)
    """
    waiting: list[tuple[int, Sum]] = []
    for diagram, value in terms:
        size, one = 1, Sum(diagram, value)
        while waiting and waiting[-1][0] == size:
            one = _added(waiting.pop()[1], one, alpha, x)
            size *= 2
        waiting.append((size, one))
    total = Sum((), 0)
    while waiting:
        total = _added(waiting.pop()[1], total, alpha, x)
    return total


def _added(one: Sum, other: Sum, alpha: int, x: int | None) -> Sum:
    union = _union(one.diagram, other.diagram)
    return Sum(
        union,
        one.numerator * _missing(union, one.diagram, alpha, x)
        + other.numerator * _missing(union, other.diagram, alpha, x),
    )


def _union(one: Partition, other: Partition) -> Partition:
    if len(one) < len(other):
        one, other = other, one
    return (*map(max, one, other), *one[len(other) :])


def _missing(union: Partition, diagram: Partition, alpha: int, x: int | None) -> Any:
    """Return the product over the boxes of a union that one of its diagrams does not have."""
    inner = (*diagram, *[0] * (len(union) - len(diagram)))
    return prod(
        _row(i, start, end, alpha, x)
        for i, (start, end) in enumerate(zip(inner, union, strict=True))
        if start != end
    )


@cached(maxsize=1 << 12)
def _row(i: int, start: int, end: int, alpha: int, x: int | None) -> Any:
    """Return the product over the boxes of a row from one column to another."""
    if end - start > 1:
        half = (start + end) // 2
        return _row(i, start, half, alpha, x) * _row(i, half, end, alpha, x)
    return (_X if x is None else x) + alpha * start - i
