"""A table of numbers in a text file: its separator, header line and index column found out.

What a data-frame library writes has a header of names or of 0, 1, 2, …, and a first column that
counts the rows and has no name; `derivations.numeric.labels` tells them from numbers. What else is
in the file is a sample, and nothing is left out without a note.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import numpy as np

from derivations.numeric.labels import Cells, Verdict, as_number, find_header, find_index
from derivations.numeric.weights import Array

__all__ = ["Table", "TableError", "read_table"]

SEPARATORS = "\t;,"


class TableError(ValueError):
    """A text that is no table of numbers, and where."""


@dataclass(frozen=True)
class Table:
    """Numbers, and what was found out about the lines and columns around them.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (rows, columns).
    notes : tuple of str
        One sentence for each thing that was found out and not given.
    """

    values: Array
    notes: tuple[str, ...]


def read_table(text: str, header: bool | None = None, index: bool | None = None) -> Table:
    r"""Read numbers separated by commas, semicolons or tabs, one row a line.

    Parameters
    ----------
    text : str
        Cells may stand in double quotes. Empty lines are skipped.
    header, index : bool, optional
        Whether the first line names the columns, and the first column the rows; by default
        found out, and said in the notes.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        When a cell is missing or no number, or rows differ in length: the message says where,
        in lines and columns of the file, counted from 1. Also when the first line could be a
        header as well as a sample, or the first column an index as well as a feature.

    Examples
    --------
    >>> table = read_table(",0,1\n0,0.5,2.5\n1,1.5,3.5\n")
    >>> table.values
    array([[0.5, 2.5],
           [1.5, 3.5]])
    >>> table.notes
    ('the first line is read as a header', 'the first column is read as an index')
    """
    lines = _split(text)
    if not lines:
        raise TableError("the file is empty")
    rows = [cells for _, cells in lines]
    head = find_header(rows[0], rows[1:]) if header is None else Verdict(header)
    names = rows[0] if head.labels else None
    body = lines[1:] if head.labels else lines
    if not body:
        raise TableError("the file has a header and no samples below it: it is empty")
    if names is not None and len(names) > 1 and not names[0] and not names[1] and index is None:
        raise TableError(
            "row 1: the first two columns have no name; expected one index column at most"
        )
    side = find_index(names, rows[1:] if names else rows) if index is None else Verdict(index)
    if names is not None and head.doubt:
        raise TableError(head.doubt)
    hint = "" if head.labels else "; if the first line is a header, say header=True"
    values = _numbers(body, side.labels, hint)
    if (head.doubt or side.doubt) and np.isfinite(values).all():
        raise TableError(head.doubt or side.doubt)
    return Table(values, tuple(filter(None, [head.note, side.note])))


def _split(text: str) -> list[tuple[int, Cells]]:
    """Return the lines that are not empty, each with its number in the file."""
    first = next(filter(str.strip, text.splitlines()), "")
    counts = {s: len(next(csv.reader([first], delimiter=s), [])) for s in SEPARATORS}
    candidates = sorted(SEPARATORS, key=lambda s: -counts[s])
    for separator in filter(lambda s: counts[s] > 1, SEPARATORS):
        lines = _parsed(text, separator)
        if len({len(cells) for _, cells in lines}) == 1:
            return lines
    return _parsed(text, candidates[0] if counts[candidates[0]] > 1 else ",")


def _parsed(text: str, separator: str) -> list[tuple[int, Cells]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    cells = ((rows.line_num, [cell.strip() for cell in row]) for row in rows)
    # A line of separators alone is a row of missing cells, not an empty line.
    return [(number, row) for number, row in cells if len(row) > 1 or any(row)]


def _numbers(lines: list[tuple[int, Cells]], index: bool, hint: str) -> Array:
    width = len(lines[0][1])
    values = np.empty((len(lines), width - index))
    for where, (number, cells) in enumerate(lines):
        if len(cells) != width:
            raise TableError(f"row {number}: {len(cells)} cells, expected {width}")
        for column, cell in enumerate(cells[index:], start=index):
            value = as_number(cell)
            if value is None:
                raise TableError(_no_number(number, column, cell, hint * (where == 0)))
            values[where, column - index] = value
    return values


def _no_number(number: int, column: int, cell: str, hint: str) -> str:
    message = f"row {number}, column {column + 1}: {cell!r} is not a number"
    if not cell:
        return f"{message}: the cell is missing{hint}"
    if re.fullmatch(r"[-+]?\d+,\d+", cell):
        return f"{message}; write decimals with a point"
    if re.fullmatch(r"\S+\s+\S.*", cell) and all(
        as_number(part) is not None for part in cell.split()
    ):
        return f"{message}; cells are separated by commas, semicolons or tabs"
    if column == 0:
        hint += "; if the first column is an index, say index=True"
    return message + hint
