"""Whether the first line and column of a table are labels: certain, or asked of the user.

Numbers can be labels: data-frame libraries write 0, 1, 2, … above columns and beside rows. What
could be both is decided by what a writer of tables does, and where that leaves a doubt the table
is refused until the user says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Cells", "Verdict", "as_number", "find_header", "find_index"]

Cells = list[str]

_HEADER = "the first line is read as a header"
_INDEX = "the first column is read as an index"
_SAY_HEADER = "say header=True if it is a header, or header=False if it is a sample"
_SAY_INDEX = "say index=True if it is an index, or index=False if it is a feature"
_TWO_LINES = "write a header of several lines in one, or say header=True if only the first is one"
_NO_LABEL = (
    "the first line of numbers has no label in the first column, as if it were part of the "
    "header; write a header of several lines in one"
)


@dataclass(frozen=True)
class Verdict:
    """Whether a line or a column holds labels, and what to tell the user about it.

    Parameters
    ----------
    labels : bool
    note : str, optional
        What was found out.
    doubt : str, optional
        Why it cannot be told; the table is refused then.
    """

    labels: bool
    note: str = ""
    doubt: str = ""


def find_header(first: Cells, body: Sequence[Cells]) -> Verdict:
    """Say whether the first line names the columns.

    Examples
    --------
    >>> find_header(["0", "1"], [["0.5", "2.0"]]).labels
    True
    >>> find_header(["1", "2"], [["5", "7"]]).doubt.split("; ")[0]
    'the first line, 1, 2, may be a header or a sample'
    """
    if any(first) and not any(map(_is_number, first)):
        return Verdict(True, _HEADER, _second_line(first, body))
    if not body:
        return Verdict(False, "", _alone(first))
    if not _is_number(first[0]):
        beside = [row[0] for row in body]
        rest = first[1:]
        if (first[0] == "" and rest[:1] == ["0"] and _is_run(rest)) or (
            _names_rows(beside) and (first[0] == "" or _is_run(rest))
        ):
            return Verdict(True, _HEADER, _second_line([], body))
        return Verdict(False)
    if not all(map(_is_number, first)):
        return Verdict(False)
    return _find_numbers(first, body)


def _alone(first: Cells) -> str:
    """Say why a table of one line may hold no sample, or return an empty string."""
    if len(first) < 2 or not _is_count(first):
        return ""
    shown = ", ".join(first[:2]) + (", …" if len(first) > 2 else "")
    return (
        f"the only line, {shown}, may be a header with no samples below it or a sample; "
        f"{_SAY_HEADER}"
    )


def _find_numbers(first: Cells, body: Sequence[Cells]) -> Verdict:
    """Say whether a first line of numbers names the columns."""
    shown = ", ".join(first[:2]) + (", …" if len(first) > 2 else "")
    doubt = f"the first line, {shown}, may be a header or a sample; {_SAY_HEADER}"
    counted = _is_count(first) and (len(first) > 1 or first == ["0"])
    if _continues(first, body[0]):
        note = f"the first line, {shown}, is read as a sample; if it is a header, say header=True"
        return Verdict(False, note if counted and len(first) > 1 else "")
    found = Verdict(True, f"{_HEADER}; if it is a sample, say header=False")
    below = [row for row in body if len(row) == len(first)]
    if _all_integers(first) and _all_pointed(below) and (counted or _is_ladder(first)):
        # A column of one type is written in one way: what is not is its name.
        return found
    if _is_run(first, float_too=True) and (counted or len(first) > 2 or first[0] in ("0.0", "1.0")):
        square = _is_count([row[0] for row in (first, *body)])
        default = first[0] == "0" and len(first) > 2 and first != body[0] and not square
        return found if default else Verdict(False, "", doubt)
    if len(first) > 1 and _heads_pointed([first, *body]):
        return Verdict(False, "", f"{doubt}: it is written in integers, and lines below are not")
    return Verdict(False)


def _second_line(names: Cells, body: Sequence[Cells]) -> str:
    """Say why a header seems to go on in the second line, or return an empty string."""
    known = [name for name in names if name]
    repeated = next((name for name in known if known.count(name) > 1), None)
    if repeated is not None:
        return f"the name {repeated!r} stands twice in the first line; {_TWO_LINES}"
    if body and any(body[0]) and not any(map(_is_number, " ".join(body[0]).split())):
        return f"the second line holds no numbers; {_TWO_LINES}"
    if len(body) > 2 and len(body[0]) > 2 and _heads_pointed([row[1:] for row in body], most=1):
        return (
            "the second line is written in integers, and lines below are not, as if it were part "
            f"of the header; {_TWO_LINES}"
        )
    return ""


def find_index(names: Cells | None, body: Sequence[Cells]) -> Verdict:
    """Say whether the first column names the rows; ``names`` are those of the columns, if any.

    Examples
    --------
    >>> find_index(["", "a"], [["0", "0.5"], ["1", "2.5"]]).labels
    True
    """
    beside = [row[0] for row in body]
    counted = len(beside) > 1 and _is_count(beside) and len(body[0]) > 1
    if names is not None:
        if _is_unnamed(names, body):
            return Verdict(True, _INDEX, _NO_LABEL if not beside[0] else "")
        if counted and _is_run(names[1:]) and not _is_number(names[0]):
            return Verdict(True, _INDEX)
    elif counted and len(beside) > 2 and _has_fractions(body):
        return Verdict(True, f"{_INDEX}; if it is a feature, say index=False")
    shown = ", ".join(beside[:2])
    pointed = _is_run(beside, float_too=True) and beside[0] in ("0.0", "1.0")
    if len(beside) > 2 and len(body[0]) > 1 and (counted or pointed):
        doubt = f"the first column, {shown}, …, may be an index or a feature; {_SAY_INDEX}"
        return Verdict(False, "", doubt)
    if counted:
        return Verdict(
            False,
            "the first column counts the samples and is read as a feature; if it is an index, "
            "say index=True",
        )
    return Verdict(False)


def as_number(cell: str) -> float | None:
    """Return the number that a cell holds: 1_000 is none, though Python would read it.

    Examples
    --------
    >>> as_number("1e3"), as_number("1_000"), as_number("")
    (1000.0, None, None)
    """
    if "_" in cell or not cell.isascii():
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _is_number(cell: str) -> bool:
    return as_number(cell) is not None


def _is_integer(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d{1,15}", cell))


def _all_integers(cells: Cells) -> bool:
    return all(map(_is_integer, cells))


def _all_pointed(lines: Sequence[Cells]) -> bool:
    """Say whether every number is written with a point or an exponent."""
    return bool(lines) and all(
        _is_number(cell) and not _is_integer(cell) for row in lines for cell in row
    )


def _heads_pointed(lines: Sequence[Cells], most: int = 2) -> bool:
    """Say whether one line or ``most`` lines of integers stand above two or more of fractions."""
    for head in range(1, most + 1):
        above, below = lines[:head], lines[head:]
        if len(below) > 1 and all(map(_all_integers, above)) and _all_pointed(below):
            return True
    return False


def _is_count(labels: Sequence[str]) -> bool:
    """Say whether labels are written 0, 1, 2, … or 1, 2, 3, …."""
    return any(list(labels) == [str(n + start) for n in range(len(labels))] for start in (0, 1))


def _is_run(labels: Sequence[str], float_too: bool = False) -> bool:
    """Say whether labels are consecutive integers; with ``float_too``, they may be written 1.0."""
    pattern = r"\d{1,15}(\.0)?" if float_too else r"\d{1,15}"
    if not labels or not all(re.fullmatch(pattern, label) for label in labels):
        return False
    values = [float(label) for label in labels]
    return all(after == before + 1 for before, after in pairwise(values))


def _is_ladder(labels: Cells) -> bool:
    """Say whether labels are three or more integers that rise by equal steps."""
    values = [int(label) for label in labels]
    steps = {after - before for before, after in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and steps.pop() > 0


def _continues(first: Cells, second: Cells) -> bool:
    """Say whether the second line goes on counting where the first one ends."""
    return len(first) == len(second) and _is_run([*first, *second], float_too=True)


def _is_unnamed(names: Cells, body: Sequence[Cells]) -> bool:
    """Say whether the first column alone has no name; pandas calls such a one Unnamed: 0."""
    fewer = all(len(row) == len(names) + 1 for row in body)
    return fewer or not names[0] or bool(re.fullmatch(r"Unnamed: \d+", names[0]))


def _names_rows(labels: Sequence[str]) -> bool:
    """Say whether labels can be no feature: they count the rows, or are words."""
    return _is_count(labels) or any(label and not _is_number(label) for label in labels)


def _has_fractions(body: Sequence[Cells]) -> bool:
    """Say whether some number beside the first column is not written as an integer."""
    return any(_is_number(cell) and not _is_integer(cell) for row in body for cell in row[1:])
