"""What was seen of the training as files: a table as CSV and JSON, and a picture."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib import rc_context

from derivations.figures.base import STYLE, save
from derivations.figures.training import drawing
from derivations.folders import require_folder
from derivations.training.plan import Plan, Row

__all__ = ["require_ours", "write"]

_NAME = "training"
_SUFFIXES = (".png", ".svg", ".csv", ".json")
_OURS = {"generator": "weingarten train"}


def require_ours(folder: Path) -> None:
    """Refuse a folder that cannot be written, before the long work and not after.

    Raises
    ------
    OSError
        When it is no folder, cannot be written, or holds files of these names that no earlier
        run wrote.
    """
    require_folder(folder)
    table = folder / f"{_NAME}.json"
    if table.is_file() and _is_ours(table):
        return
    for suffix in _SUFFIXES:
        file = folder / f"{_NAME}{suffix}"
        if file.exists():
            raise FileExistsError(
                f"folder {str(folder)!r} holds {file.name}, which `weingarten train` did not "
                "write; expected an empty folder, a new one, or one with an earlier run"
            )


def write(plan: Plan, rows: Sequence[Row], folder: Path) -> list[Path]:
    """Write table and picture, all files or none.

    Parameters
    ----------
    plan : Plan
        Stands in the JSON file, so that the numbers can be had again.
    rows : sequence of Row
    folder : pathlib.Path
        Made if it does not exist; the files of an earlier run are replaced.

    Returns
    -------
    list of pathlib.Path
        PNG, SVG, CSV and JSON.
    """
    require_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".training-") as unfinished:
        new = Path(unfinished)
        with rc_context(STYLE):  # the same picture gives the same files
            save(drawing(rows), new / _NAME)
        _write_csv(rows, new / f"{_NAME}.csv")
        kept = _OURS | {"plan": asdict(plan), "rows": [_finite(row) for row in rows]}
        (new / f"{_NAME}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        # The JSON file comes last: where it stands, all of it does.
        return [
            (new / f"{_NAME}{suffix}").replace(folder / f"{_NAME}{suffix}") for suffix in _SUFFIXES
        ]


def _write_csv(rows: Sequence[Row], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        table = csv.DictWriter(text, [field.name for field in fields(Row)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in rows)


def _finite(row: Row) -> dict[str, object]:
    """Return a row with None for what left the floats: JSON has no nan."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(row).items()
    }


def _is_ours(table: Path) -> bool:
    try:
        kept = json.loads(table.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(kept, dict) and kept.get("generator") == _OURS["generator"]
