"""Values as a table: for a reader, as CSV, as JSON; decimals beside fractions; lists of widths."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
from sympy import Expr, S

from derivations.cli.cells import cells
from derivations.cli.errors import BadInput

__all__ = ["beside", "nearest", "sizes", "table", "with_form"]

BESIDE = 60  # signs of a fraction that its decimals stand behind


def with_form(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options ``--csv`` and ``--json``; it gets one of them as ``form``."""
    as_csv = click.option("--csv", "form", flag_value="csv", help="Print the table as CSV.")
    as_json = click.option("--json", "form", flag_value="json", help="Print the table as JSON.")
    return as_csv(as_json(command))


def sizes(_context: object, parameter: click.Parameter, text: str | None) -> list[int] | None:
    """Read a list of positive integers, the callback of an option that takes one."""
    if text is None:
        return None
    found = cells(text)
    for cell in found:
        if not (cell.isascii() and cell.isdigit() and int(cell)):
            raise BadInput(
                f"--{parameter.name} {text!r}: {cell!r} is not a positive integer; expected one, "
                "or a list such as 10,20,50"
            )
    if not found:
        raise BadInput(f"--{parameter.name} {text!r} is empty; expected a list such as 10,20,50")
    return [int(cell) for cell in found]


def nearest(value: Expr | float) -> float | None:
    """Return the float nearest to a number; None for what is none, or beyond all floats.

    Examples
    --------
    >>> from sympy import Rational, Symbol
    >>> nearest(Rational(1, 8)), nearest(Symbol("x")), nearest(Rational(10**400, 3))
    (0.125, None, None)
    """
    if isinstance(value, float):
        return value
    if getattr(value, "is_Matrix", False) or not value.is_number or not value.is_extended_real:
        return None
    if value in (S.Infinity, S.NegativeInfinity):
        return float(value)
    try:
        found = float(value.n(25))
    except (TypeError, OverflowError):
        return None
    return found if math.isfinite(found) and (found or value == 0) else None


def beside(value: Expr | float, decimal: float | None) -> str:
    """Return an exact value with its decimals beside it, where they say more.

    Examples
    --------
    >>> from sympy import Integer, Rational
    >>> beside(Rational(4, 15), 4/15), beside(Integer(2), 2.0), beside(0.5, 0.5)
    ('4/15 ≈ 0.26666666666666666', '2', '0.5')
    """
    text = str(value)
    if decimal is None or isinstance(value, float) or value.is_Integer or value.is_Float:
        return text
    if not math.isfinite(decimal):
        return text
    return f"{text}{' ' if len(text) <= BESIDE and value.is_Rational else chr(10)}≈ {decimal!r}"


def table(form: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    r"""Return rows as CSV or as JSON, a list of objects.

    Examples
    --------
    >>> table("csv", ["width", "value"], [{"width": 2, "value": None}])
    'width,value\n2,\n'
    >>> table("json", ["value"], [{"value": float("inf")}])
    '[\n {\n  "value": "inf"\n }\n]\n'
    """
    kept = [{name: _plain(row.get(name)) for name in columns} for row in rows]
    if form == "json":
        return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return text.getvalue()


def _plain(value: object) -> object:
    """Return what JSON has: a word for what is infinite, text for an expression."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)
