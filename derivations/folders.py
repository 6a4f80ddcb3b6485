"""Folders that are written to: looked at before the long work, and not after."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["require_folder"]


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
