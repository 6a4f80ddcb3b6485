"""Sums of products over several indices, one index after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np

from weingarten.simulation.frame import Array

#: The names of an array's axes.
Labels = tuple[Any, ...]


def steps(
    labels: Sequence[Labels], sizes: Mapping[Any, int], kept: Collection[Any]
) -> Iterator[tuple[tuple[int, ...], Labels]]:
    """Yield which arrays to multiply, and the axes that their product keeps.

    An index that stands in no other array is summed as soon as its last two are multiplied. The
    products are numbered on from the arrays given.

    Examples
    --------
    >>> list(steps([("i",), ("i", "j"), ("j",)], {"i": 2, "j": 3}, ()))
    [((0, 1), ('j',)), ((2, 3), ())]
    """
    arrays = dict(enumerate(labels))
    name = len(arrays)

    def size(axes: Collection[Any]) -> int:
        return prod(sizes[axis] for axis in axes)

    def pair(axis: Any) -> list[int]:
        return sorted((n for n in arrays if axis in arrays[n]), key=lambda n: size(arrays[n]))[:2]

    def union(chosen: Sequence[int]) -> Labels:
        return tuple(dict.fromkeys(axis for n in chosen for axis in arrays[n]))

    while summed := [axis for axis in union(list(arrays)) if axis not in kept]:
        chosen = min(map(pair, summed), key=lambda chosen: size(union(chosen)))
        axes = union(chosen)
        for n in chosen:
            del arrays[n]
        needed = {*kept, *union(list(arrays))}
        arrays[name] = tuple(axis for axis in axes if axis in needed)
        yield tuple(chosen), arrays[name]
        name += 1
    if len(arrays) > 1:
        yield tuple(arrays), union(list(arrays))


def contracted(
    arrays: Sequence[Array], labels: Sequence[Labels], kept: Labels, limit: int
) -> Array | None:
    """Return a sum of products over all axes but some, or None if no step keeps to a size.

    Parameters
    ----------
    arrays : sequence of ndarray
        The factors.
    labels : sequence of tuple
        Names of their axes.
    kept : tuple
        The axes of the result. The first is cut into blocks where a product would be larger
        than the limit; an axis that no array has gets length one.
    limit : int
        How many numbers a product may have.

    Examples
    --------
    >>> contracted([np.ones((2, 3)), np.ones(3)], [("i", "j"), ("j",)], ("i",), 100)
    array([3., 3.])
    """
    sizes = {
        axis: size
        for array, axes in zip(arrays, labels, strict=True)
        for axis, size in zip(axes, array.shape, strict=True)
    }
    first = kept[0] if kept else None
    plan = list(steps(labels, sizes, kept))
    largest = max((prod(sizes[a] for a in axes if a != first) for _, axes in plan), default=0)
    if largest > limit:
        return None
    length = sizes.get(first, 1)
    block = max(1, limit // max(1, largest))
    parts = []
    for start in range(0, length, block):
        cut = [
            array[start : start + block] if axes[:1] == (first,) else array
            for array, axes in zip(arrays, labels, strict=True)
        ]
        parts.append(_carried_out(cut, labels, plan, kept))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _carried_out(
    arrays: Sequence[Array],
    labels: Sequence[Labels],
    plan: Sequence[tuple[tuple[int, ...], Labels]],
    kept: Labels,
) -> Array:
    made = [*zip(arrays, labels, strict=True)]
    for chosen, axes in plan:
        made.append((_multiplied([made[n] for n in chosen], axes), axes))
    array, axes = made[-1]
    present = tuple(axis for axis in kept if axis in axes)
    array = _multiplied([(array, axes)], present)
    return array[tuple(slice(None) if axis in present else None for axis in kept)]


def _multiplied(factors: Sequence[tuple[Array, Labels]], axes: Labels) -> Array:
    letters: dict[Any, str] = {}
    for _, names in factors:
        for axis in names:
            letters.setdefault(axis, ascii_letters[len(letters)])
    inputs = ",".join("".join(letters[axis] for axis in names) for _, names in factors)
    output = "".join(letters[axis] for axis in axes)
    result: Array = np.einsum(
        f"{inputs}->{output}", *(array for array, _ in factors), optimize=True
    )
    return result
