"""After a build: every link of a page to another, or to a place in one, leads somewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.util import logging

_log = logging.getLogger(__name__)


class Page(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and identifiers."""
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name == "id" and value:
                self.places.add(value)


def broken(folder: Path) -> list[str]:
    """Return the links of all pages of a folder that lead nowhere, each with its page."""
    pages = {p: Page(p.read_text(encoding="utf-8")) for p in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            end = path.parent / unquote(parts.path) if parts.path else path
            target = (end / "index.html" if end.is_dir() else end).resolve()
            place = unquote(parts.fragment)
            known = pages.get(target)
            if not target.exists() or (place and known and place not in known.places):
                found.append(f"{path.relative_to(folder)}: {link}")
    return found


def _check(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        for link in broken(Path(app.outdir)):
            _log.warning("a link leads nowhere: %s", link)


def setup(app: Sphinx) -> dict[str, Any]:
    """Check when all is written."""
    app.connect("build-finished", _check, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
