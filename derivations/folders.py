"""Folders and files that are written to: looked at before the long work, and not after."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["require_file", "require_folder"]


def require_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written to, or made.

    Parameters
    ----------
    folder : pathlib.Path
        It need not exist, and is not made.

    Raises
    ------
    OSError
        When it is no folder, or cannot be written.
    """
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir():
        raise NotADirectoryError(f"{str(existing)!r} is a file; expected a folder to write to")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise PermissionError(f"folder {str(existing)!r} cannot be written")


def require_file(file: Path, begins: str) -> None:
    """Refuse a file that cannot be written to, or made, or that something else wrote.

    Parameters
    ----------
    file : pathlib.Path
        It need not exist, nor its folder, and neither is made.
    begins : str
        What it begins with where it was written by the same command.

    Raises
    ------
    OSError
        When it is a folder, cannot be written, or begins otherwise.
    """
    if file.is_dir():
        raise IsADirectoryError(f"{str(file)!r} is a folder; expected a file to write to")
    if not file.exists():
        require_folder(file.parent)
        return
    if not os.access(file, os.W_OK):
        raise PermissionError(f"file {str(file)!r} cannot be written")
    if file.is_file() and file.stat().st_size:
        with file.open(encoding="utf-8", errors="replace") as text:
            if text.read(len(begins)) != begins:
                raise FileExistsError(
                    f"file {str(file)!r} is not one that this command wrote; expected a new one, "
                    "or one from an earlier run"
                )
