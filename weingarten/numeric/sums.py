"""What integration leaves, as sums over products of chains: each chain by its place in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from weingarten.numeric.arithmetic import Arithmetic
from weingarten.numeric.floats import Floats
from weingarten.values.numbers import Array

#: The places of the chains of a product; what stands at 0 is one.
Places = tuple[int, ...]


class ChainSum(Protocol):
    """A sum over products of chains with rational weights."""

    def value(self, arithmetic: Arithmetic, table: Any) -> Any:
        """Return the sum, from a table of the chains."""


def padded(rows: Sequence[Places]) -> Array:
    """Return places as an array, with ones where a row is shorter.

    Examples
    --------
    >>> padded([(3, 1), (2,), ()])
    array([[3, 1],
           [2, 0],
           [0, 0]])
    """
    made = np.zeros((len(rows), max([1, *map(len, rows)])), dtype=np.intp)
    for k, row in enumerate(rows):
        made[k, : len(row)] = row
    return made


@dataclass(frozen=True)
class Products:
    """A weighted sum of products of chains."""

    weights: Sequence[Any]
    factors: Array

    def value(self, arithmetic: Any, table: Any) -> Any:
        """Return the sum."""
        weights = self._rounded if isinstance(arithmetic, Floats) else self.weights
        return arithmetic.combined(weights, self.factors, table)

    @cached_property
    def _rounded(self) -> Any:
        return Floats().weights(self.weights)


@dataclass(frozen=True)
class TwoLists:
    """The sum over two lists of products, with a Weingarten function for the weight of a pair."""

    rows: Array
    columns: Array
    classes: Sequence[Any]
    types: Array

    def value(self, arithmetic: Any, table: Any) -> Any:
        """Return the sum."""
        left, right = (arithmetic.products(side, table) for side in (self.rows, self.columns))
        if isinstance(arithmetic, Floats):
            return arithmetic.bilinear(left, self._rounded, right)
        return arithmetic.bilinear(left, arithmetic.weights(self.classes, self.types), right)

    @cached_property
    def _rounded(self) -> Any:
        return Floats().weights(self.classes, self.types)


@dataclass(frozen=True)
class TwoClasses:
    """The sum over two class functions: products of power sums, by partitions.

    Attributes
    ----------
    sums : two arrays
        The chains of the power sums of degrees 1, 2, ... on each side.
    parts : ndarray
        The parts of the partitions.
    weights : list of list
        The weight of two partitions.
    """

    sums: tuple[Array, Array]
    parts: Array
    weights: Sequence[Sequence[Any]]

    def value(self, arithmetic: Any, table: Any) -> Any:
        """Return the sum."""
        sides = []
        for side in self.sums:
            powers = arithmetic.products(side, table)
            sides.append(arithmetic.products(self.parts, arithmetic.with_one(powers)))
        weights = self._rounded if isinstance(arithmetic, Floats) else self.weights
        return arithmetic.bilinear(sides[0], weights, sides[1])

    @cached_property
    def _rounded(self) -> Any:
        return Floats().weights(self.weights)
