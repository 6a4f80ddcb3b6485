"""A table of numbers in a text file: its separator, header line and index column found out.

What a data-frame library writes has a header of names or of 0, 1, 2, …, and a first column that
counts the rows and has no name. What else is in the file is a sample, and nothing is left out
without a note.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derivations.numeric.weights import Array

__all__ = ["Table", "TableError", "read_table"]

SEPARATORS = "\t;,"
Cells = list[str]


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
        in lines and columns of the file, counted from 1.

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
    notes = []
    if header is None:
        header, note = _find_header(lines)
        notes.append(note)
    names = lines[0][1] if header else None
    body = lines[1:] if header else lines
    if not body:
        raise TableError("the file has a header and no samples below it: it is empty")
    if index is None:
        index, note = _find_index(names, [cells for _, cells in body])
        notes.append(note)
    hint = "" if header else "; if the first line is a header, say header=True (--header)"
    return Table(_numbers(body, index, hint), tuple(filter(None, notes)))


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


def _find_header(lines: list[tuple[int, Cells]]) -> tuple[bool, str]:
    """Say whether the first line names the columns, and what to tell the reader about it."""
    first, body = lines[0][1], [cells for _, cells in lines[1:]]
    said = "the first line is read as a header"
    if any(first) and not any(map(_is_number, first)):
        return True, said
    if not body:
        return False, ""
    labels = [row[0] for row in body]
    if _counts(first):
        width = len(first)
        if len(body[0]) != width and not _numbers_rows(labels):
            return False, ""
        continued = body[0] in (first, [str(n) for n in range(width, 2 * width)])
        if not continued:
            return True, f"{said}; if it is a sample, say header=False (--no-header)"
        return False, (
            "the first line, 0, 1, …, is read as a sample; if it is a header, say header=True "
            "(--header)"
        )
    named = not first[0] or not _is_number(first[0])
    if named and (_counts(first[1:]) or (not first[0] and _numbers_rows(labels))):
        return True, said
    return False, ""


def _find_index(names: Cells | None, body: list[Cells]) -> tuple[bool, str]:
    """Say whether the first column names the rows, and what to tell the reader about it."""
    said = "the first column is read as an index"
    labels = [row[0] for row in body]
    numbered = len(labels) > 1 and _is_count(labels)
    if names is not None:
        if len(names) > 1 and not names[0] and not names[1]:
            raise TableError(
                "row 1: the first two columns have no name; expected one index column at most"
            )
        if _is_unnamed(names, body):
            return True, said
        if numbered and _counts(names[1:]) and not _is_number(names[0]):
            return True, said
    elif numbered and len(labels) > 2 and _has_fractions(body):
        return True, f"{said}; if it is a feature, say index=False (--no-index)"
    if numbered and len(body[0]) > 1:
        return False, (
            "the first column counts the samples and is read as a feature; if it is an index, "
            "say index=True (--index)"
        )
    return False, ""


def _is_unnamed(names: Cells, body: list[Cells]) -> bool:
    """Say whether the first column alone has no name; pandas calls such a one Unnamed: 0."""
    fewer = all(len(row) == len(names) + 1 for row in body)
    return fewer or not names[0] or bool(re.fullmatch(r"Unnamed: \d+", names[0]))


def _counts(cells: Sequence[str]) -> bool:
    """Say whether the cells are written 0, 1, 2, …."""
    return bool(cells) and list(cells) == [str(n) for n in range(len(cells))]


def _is_count(labels: Sequence[str]) -> bool:
    """Say whether labels count rows, from 0 or from 1."""
    return _counts(labels) or list(labels) == [str(n) for n in range(1, len(labels) + 1)]


def _numbers_rows(labels: Sequence[str]) -> bool:
    """Say whether labels can be no feature: they count the rows, or are words."""
    return _is_count(labels) or any(label and not _is_number(label) for label in labels)


def _has_fractions(body: list[Cells]) -> bool:
    """Say whether some number beside the first column is not written as an integer."""
    return any(_is_number(cell) and not cell.lstrip("+-").isdigit() for r in body for cell in r[1:])


def _numbers(lines: list[tuple[int, Cells]], index: bool, hint: str) -> Array:
    width = len(lines[0][1])
    values = np.empty((len(lines), width - index))
    for where, (number, cells) in enumerate(lines):
        if len(cells) != width:
            raise TableError(f"row {number}: {len(cells)} cells, expected {width}")
        for column, cell in enumerate(cells[index:], start=index):
            value = _as_number(cell)
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
    if column == 0:
        hint += "; if the first column is an index, say index=True (--index)"
    return message + hint


def _is_number(cell: str) -> bool:
    return _as_number(cell) is not None


def _as_number(cell: str) -> float | None:
    """Return the number that a cell holds: 1_000 is none, though Python would read it."""
    if "_" in cell or not cell.isascii():
        return None
    try:
        return float(cell)
    except ValueError:
        return None
