"""A table of numbers in a Parquet file, as data-frame libraries write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from derivations.numeric.table import Table, TableError

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> Table:
    """Read the columns of a Parquet file; an index that pandas wrote is left out, and said.

    Parameters
    ----------
    path : pathlib.Path
        Where it is.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        When pyarrow is not installed, or a column holds no numbers or has missing ones.
    """
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as missing:
        raise TableError(
            "reading .parquet needs pyarrow, which is not installed; install it with: "
            'pip install "weingarten[parquet]"'
        ) from missing
    with ParquetFile(path) as file:
        table = file.read()
    index = _index_columns(table.schema.pandas_metadata or {})
    names = [name for name in table.column_names if name not in index]
    notes = tuple(f"the column {name!r} is read as an index" for name in index)
    columns = [_numbers(name, table.column(name)) for name in names]
    values = np.stack(columns, axis=1) if columns else np.empty((table.num_rows, 0))
    return Table(values, notes)


def _index_columns(metadata: dict[str, Any]) -> list[str]:
    """Name the columns that are an index; one that only counts is no column."""
    return [name for name in metadata.get("index_columns", []) if isinstance(name, str)]


def _numbers(name: str, column: Any) -> Any:
    if column.null_count:
        raise TableError(f"column {name!r}: {column.null_count} of its cells are missing")
    values = column.to_numpy()
    if values.dtype.kind not in "biuf":
        raise TableError(f"column {name!r} holds {column.type}, not numbers")
    return values.astype(float)
