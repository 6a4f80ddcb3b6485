"""A square table over the partitions of n."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from weingarten.combinatorics.partitions import Partition, as_partition


class ClassTable(Mapping[tuple[Partition, Partition], int]):
    """Exact integers indexed by two partitions: ``table[lam, mu]``.

    Attributes
    ----------
    partitions : tuple of tuples
        The labels of the rows and of the columns, in this order.
    rows : tuple of tuples of int
        The values.
    """

    def __init__(self, partitions: tuple[Partition, ...], rows: tuple[tuple[int, ...], ...]):
        self.partitions = partitions
        self.rows = rows
        self._position = {mu: k for k, mu in enumerate(partitions)}

    def __getitem__(self, key: tuple[Partition, Partition]) -> int:
        try:
            lam, mu = (self._position.get(as_partition(part)) for part in key)
        except (TypeError, ValueError):
            lam = mu = None
        if lam is None or mu is None:
            raise KeyError(f"{key!r}: expected two partitions of {sum(self.partitions[0])}")
        return self.rows[lam][mu]

    def __iter__(self) -> Iterator[tuple[Partition, Partition]]:
        return ((lam, mu) for lam in self.partitions for mu in self.partitions)

    def __len__(self) -> int:
        return len(self.partitions) ** 2

    def __repr__(self) -> str:
        header = ["", *(_label(mu) for mu in self.partitions)]
        lines = [header] + [
            [_label(lam), *map(str, row)]
            for lam, row in zip(self.partitions, self.rows, strict=True)
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )


def _label(mu: Partition) -> str:
    return "(" + ",".join(map(str, mu)) + ")"
