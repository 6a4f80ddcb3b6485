"""Tables as HTML, which notebooks show in place of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

__all__ = ["html_table"]

#: As many rows are shown; the rest is counted.
_SHOWN = 60


def html_table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], count: int, caption: str = ""
) -> str:
    """Return a table as HTML; what it holds is text, not markup.

    Parameters
    ----------
    heads : sequence of str
        The names of the columns.
    rows : iterable of sequences
        One cell for each column. Only as many are asked for as are shown.
    count : int
        How many rows there are.
    caption : str, optional
        What stands below.

    Examples
    --------
    >>> print(html_table(["x", "x < 2"], [[1, True]], 1))
    <table><thead><tr><th>x</th><th>x &lt; 2</th></tr></thead>
    <tbody><tr><td>1</td><td>True</td></tr></tbody></table>
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in islice(rows, _SHOWN)
    )
    below = [caption] if caption else []
    below += [f"and {count - _SHOWN} more rows"] if count > _SHOWN else []
    said = f"\n<p>{escape('; '.join(below))}</p>" if below else ""
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>{said}"
