"""A folder that keeps a sweep: a manifest of what it is, and one file for each finished cell.

A file appears whole or not at all, so that a sweep that was broken off at any moment goes on from
what it finished.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from derivations.sweeps.errors import StoreError
from derivations.sweeps.outcome import Outcome
from derivations.sweeps.subjects import Cell

__all__ = ["Store"]

_MANIFEST = "sweep.json"
_FORMAT = "a sweep of weingarten, version 1"


class Store:
    """The folder of one sweep.

    Parameters
    ----------
    folder : str or pathlib.Path
        Empty, or not there yet, or that of the same sweep.
    manifest : mapping
        What the sweep is: plain numbers, texts, lists and mappings.

    Raises
    ------
    StoreError
        When the folder holds something else, or cannot be written.
    """

    def __init__(self, folder: str | os.PathLike[str], manifest: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        wanted = {"format": _FORMAT, **json.loads(json.dumps(manifest))}
        try:
            self._take(wanted)
        except OSError as reason:
            raise StoreError(
                f"store = {str(folder)!r} cannot be written: {reason.strerror or reason}"
            ) from reason

    def finished(self, cell: Cell) -> Outcome | None:
        """Return what is kept of a cell; None of one that is not finished."""
        path = self._path(cell)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            outcome = Outcome.from_json(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError) as reason:
            raise StoreError(
                f"store: {str(path)!r} is no finished cell of a sweep; delete that file to have "
                "the cell simulated again"
            ) from reason
        if (outcome.what, outcome.width, outcome.depth, outcome.batch) != (
            cell.what, cell.width, cell.depth, cell.batch,
        ):  # fmt: skip
            raise StoreError(f"store: {str(path)!r} is of another cell than {cell}; delete it")
        return outcome

    def keep(self, cell: Cell, outcome: Outcome) -> None:
        """Write a finished cell.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        try:
            _write(self._path(cell), outcome.as_json())
        except OSError as reason:
            raise StoreError(
                f"store = {str(self.folder)!r} cannot be written: {reason.strerror or reason}"
            ) from reason

    def _path(self, cell: Cell) -> Path:
        place = (cell.what, cell.width, cell.depth, cell.batch, cell.digest)
        short = sha256(json.dumps(place).encode()).hexdigest()[:10]
        name = re.sub(r"[^A-Za-z0-9-]+", "-", cell.what)
        return self.folder / f"{name}-d{cell.width}-L{cell.depth}-{short}.json"

    def _take(self, wanted: dict[str, Any]) -> None:
        """Begin the folder, or see that it is that of this sweep."""
        folder, path = self.folder, self.folder / _MANIFEST
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"store = {str(folder)!r} is a file; expected a folder")
        if not path.exists():
            others = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
            others = [name for name in others if not name.startswith(f".{_MANIFEST}")]
            if others:
                raise StoreError(
                    f"store = {str(folder)!r} holds {others[0]}, which no sweep wrote; expected "
                    "an empty folder, or that of this sweep"
                )
            folder.mkdir(parents=True, exist_ok=True)
            _write(path, wanted)
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            kind = found.get("format")
        except (ValueError, AttributeError):
            kind = None
        if kind != _FORMAT:
            raise StoreError(
                f"store = {str(folder)!r}: its {_MANIFEST} is not that of a sweep of this version; "
                "expected an empty folder"
            )
        for name in wanted:
            if found.get(name) != wanted[name]:
                raise StoreError(
                    f"store = {str(folder)!r} holds another sweep: {name} = "
                    f"{_short(found.get(name))} there, {_short(wanted[name])} here; expected the "
                    "same arguments, or another folder"
                )


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file that appears whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
