"""After a build: notebooks to download have nothing in them that is of these pages alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

_log = logging.getLogger(__name__)

_OFFER = re.compile(r" ?To download: \{nb-download\}`[^`]*`\.")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")
_OF_PAGES = re.compile(r"\{[\w:-]+\}`|^\([^)]*\)=$|^:{3,}|^`{3,}\{", re.MULTILINE)


def cleaned(text: str) -> str:
    """Return the text of a cell without the offer to download it, and without links to pages.

    Examples
    --------
    >>> cleaned("Statistics. To download: {nb-download}`a.ipynb`. See [there](../b.md#c).")
    'Statistics. See there.'
    >>> cleaned("Read [it](https://arxiv.org).")
    'Read [it](https://arxiv.org).'
    """
    return _LINK.sub(r"\1", _OFFER.sub("", text))


def _clean(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for name in ("file_format", "source_map"):
        notebook["metadata"].pop(name, None)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        text = cleaned("".join(cell["source"]))
        if left := _OF_PAGES.search(text):
            _log.warning("%s shows %r as it stands", path.name, left[0])
        cell["source"] = text.splitlines(keepends=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _clean_all(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        for path in sorted(Path(app.outdir, "_downloads").rglob("*.ipynb")):
            _clean(path)


def setup(app: Sphinx) -> dict[str, Any]:
    """Clean them when all is written."""
    app.connect("build-finished", _clean_all, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
