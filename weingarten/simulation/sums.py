"""Sums, by summing: products index by index, anything else point by point."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from sympy import Add, Mul, Sum

from weingarten.simulation.contraction import contracted
from weingarten.simulation.frame import Array, Frame, is_matrix, refused, scalar_value

#: How many numbers an array on the way may have: 64 MB.
_ARRAY_LIMIT = 8_000_000
#: How many numbers a sum may run through point by point: about an hour.
_WORK_LIMIT = 10**11

#: Names of the axes that are no index.
_DRAW, _POINT = "draw", "point"


@scalar_value.register(Sum)
def _sum(expr: Any, frame: Frame) -> Array:
    if any(end.is_infinite for _, *ends in expr.limits for end in ends):
        raise refused(expr, "the range of an index is infinite")
    if is_matrix(expr.function):
        raise refused(expr, "it is a sum of matrices; write it for an entry of them")
    ranges = _rectangle(expr, frame)
    if ranges is None:
        return _counted(expr, expr.function, expr.limits, frame)
    if not all(ranges.values()):
        return np.zeros((1, 1))
    value = np.zeros((1, 1))
    for term in Add.make_args(expr.function):
        value = value + _sum_of_product(expr, term, ranges, frame)
    return value


def _rectangle(expr: Any, frame: Frame) -> dict[Any, range] | None:
    """Return the range of each index, or None if one depends on another or on a point."""
    outer: set[Any] = set()
    ranges: dict[Any, range] = {}
    # The last limit is the outermost sum; the ranges before it may depend on its index.
    for index, *ends in reversed(expr.limits):
        if index in outer or any(outer & end.free_symbols for end in ends):
            return None
        outer.add(index)
        lows, highs = _ends(expr, index, ends, frame)
        if len(np.unique(lows)) > 1 or len(np.unique(highs)) > 1:
            return None
        ranges[index] = range(int(lows[0]), int(highs[0]) + 1)
    return ranges


def _ends(expr: Any, index: Any, ends: Sequence[Any], frame: Frame) -> tuple[Array, Array]:
    """Return the first and the last value of an index at each point."""
    lows, highs = np.broadcast_arrays(*map(frame.integers, ends))
    wrong = highs < lows - 1
    if wrong.any():
        k = int(wrong.argmax())
        raise ValueError(
            f"{expr}: the range of {index} ends at {highs[k]}, before its start {lows[k]}; "
            f"expected an end from {lows[k] - 1} (an empty sum) on"
        )
    return lows, highs


def _sum_of_product(expr: Any, term: Any, ranges: dict[Any, range], frame: Frame) -> Array:
    """Return the sum of a product: each factor on the grid of its own indices."""
    arrays, labels = [], []
    frames: dict[Any, Frame] = {}
    unused = set(ranges)
    for factor in Mul.make_args(term):
        symbols = factor.free_symbols
        own = {index: values for index, values in ranges.items() if index in symbols}
        unused -= set(own)
        inside = frame.relevant is not None or bool((symbols - set(own)) & set(frame.indices))
        base = frame if inside else frame.root
        shape = (base.count, *map(len, own.values()))
        if frame.draws * prod(shape) > _ARRAY_LIMIT:
            return _counted(expr, term, expr.limits, frame)
        key = (inside, *own)
        if key not in frames:
            frames[key] = base.grid(own)
        value = frames[key].scalar(factor)
        value = np.broadcast_to(value, (len(value), prod(shape))).reshape(len(value), *shape)
        axes = ((_DRAW, len(value)), (_POINT, base.count))
        gone = tuple(n for n, (_, length) in enumerate(axes) if length == 1)
        arrays.append(value.squeeze(gone))
        labels.append((*(name for name, length in axes if length > 1), *own))
    total = contracted(arrays, labels, (_DRAW, _POINT), _ARRAY_LIMIT)
    if total is None:
        return _counted(expr, term, expr.limits, frame)
    return total * prod(len(ranges[index]) for index in unused)


def _counted(expr: Any, summand: Any, limits: Sequence[Any], frame: Frame) -> Array:
    """Return a sum point by point, a block of points at a time, the outermost index first."""
    if not limits:
        return frame.scalar(summand)
    *inner, (index, *ends) = limits
    lows, highs = (np.broadcast_to(end, frame.count) for end in _ends(expr, index, ends, frame))
    if (highs < lows).any():
        # Over an empty range nothing is evaluated, not even what does not depend on the index.
        frame = frame.where((lows <= highs)[None])
    starts = np.concatenate([[0], np.cumsum(highs - lows + 1)])
    count = int(starts[-1])
    if count * frame.draws > _WORK_LIMIT:
        raise ValueError(
            f"{expr} has {count:,} terms and no product that shortens it; with {frame.draws:,} "
            "draws at a time that takes hours, expected a shorter sum"
        )
    block = max(1, _ARRAY_LIMIT // frame.draws)
    total = np.zeros((1, frame.count))
    for start in range(0, count, block):
        places = np.arange(start, min(count, start + block))
        origin = np.searchsorted(starts, places, side="right") - 1
        running = lows[origin] + places - starts[origin]
        points = frame.bound({index: running[None].astype(float)}, origin)
        value = _counted(expr, summand, inner, points)
        value = np.broadcast_to(value, (len(value), len(places)))
        first = np.flatnonzero(np.diff(origin, prepend=-1))
        added = np.zeros((len(value), frame.count), dtype=value.dtype)
        added[:, origin[first]] = np.add.reduceat(value, first, axis=1)
        total = total + added
    return total
