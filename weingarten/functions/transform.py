"""The transform of class functions that averaging over a group makes diagonal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from flint import fmpq

from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    jack_norm,
    partition_index,
    partitions,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.functions.rational import Factored
from weingarten.functions.values import ALPHA, basis_sums


class Transform:
    """The table of a class function transform, and the sums it ends in.

    With ``J_lam`` as in `weingarten.functions.values`, ``b_mu = <p_mu, J_lam>`` and its squared
    norm ``j_lam``, a class function ``p_mu(A)`` is ``sum_lam b_mu J_lam(A) / j_lam``, and averaging
    over the group divides ``J_lam(A) J_lam(B)`` by ``J_lam(1)``.
    """

    def __init__(self, matrix: RandomMatrix, n: int):
        self.group, self.d, self.n = matrix.group, matrix.args[1], n
        self.alpha = ALPHA[self.group]
        self._columns = power_sum_table(n, self.alpha).T.tolist()
        # A Schur function is J_lam over the product of its hooks; a zonal polynomial is J_lam.
        self._hooks = [jack_norm(lam, 1) if self.alpha == 1 else 1 for lam in partitions(n)]
        self._norms = [
            jack_norm(lam, self.alpha) * hook
            for lam, hook in zip(partitions(n), self._hooks, strict=True)
        ]

    def column(self, mu: Partition) -> list[int]:
        """Return the table at the class `mu`."""
        column: list[int] = self._columns[partition_index(self.n)[mu]]
        return column

    def total(self, counts: Mapping[Partition, int]) -> list[int]:
        """Return the sum of count times column."""
        columns = [[count * x for x in self.column(mu)] for mu, count in counts.items()]
        return [sum(values) for values in zip(*columns, strict=True)]

    def norm(self, mu: Partition) -> int:
        """Return the squared norm of ``p_mu``."""
        return int(self.alpha ** len(mu) * centralizer_order(mu))

    def scaled(self, hooks: int, *columns: Sequence[int]) -> list[int]:
        """Return the product of columns and of a power of the hooks, for each lam."""
        return [
            prod(values, start=hook**hooks)
            for *values, hook in zip(*columns, self._hooks, strict=True)
        ]

    def first(self, nu: Partition) -> list[int]:
        """Return the column of one element of the basis, ``J_(n)``, at the class `nu`."""
        value = self.column(nu)[0] * self._norms[0]
        return [value] + [0] * (len(self._columns) - 1)

    def sums(self, rows: Sequence[Sequence[int]]) -> list[Factored]:
        """Return the functions of the dimension that the rows stand for."""
        return basis_sums(self.group, self.n, rows, self.d)

    def gaussian(self, *columns: Sequence[int]) -> Any:
        """Return the sum of the products of columns, for Gaussian matrices."""
        products = self.scaled(len(columns), *columns)
        return sum(
            (fmpq(value, norm) for value, norm in zip(products, self._norms, strict=True)), fmpq(0)
        )
