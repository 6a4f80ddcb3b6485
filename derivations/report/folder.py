"""A report in a folder: the page, the document and the figures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from derivations.figures import draw, figures_for
from derivations.figures.interactive import available, interactive
from derivations.folders import require_folder
from derivations.report.document import document
from derivations.report.page import page
from derivations.report.study import Study

__all__ = ["require_writable", "write"]

_PAGE, _DOCUMENT, _FIGURES = "index.html", "formulas.tex", "figures"
_MOVED = f"{_FIGURES}/interactive.html"
_OURS = '<meta name="generator" content="weingarten report">'


def require_writable(folder: Path) -> None:
    """Refuse a folder that a report cannot be written to, before the long work and not after.

    Parameters
    ----------
    folder : pathlib.Path
        It need not exist, and is not made.

    Raises
    ------
    OSError
        When it is no folder, cannot be written, or holds files of these names that no report
        wrote.
    """
    require_folder(folder)
    page = folder / _PAGE
    if page.is_file() and _OURS in page.read_text(encoding="utf-8", errors="replace"):
        return
    for name in (_PAGE, _DOCUMENT, _FIGURES):
        if (folder / name).exists():
            raise FileExistsError(
                f"folder {str(folder)!r} holds {name}, which no report wrote; expected an empty "
                "folder, a new one, or one with an earlier report"
            )


def write(result: Study, folder: Path) -> Path:
    """Write a report: index.html, formulas.tex, and figures as PNG and SVG, one of them to move.

    Parameters
    ----------
    result : Study
        What `study` returned.
    folder : pathlib.Path
        Made if it does not exist; the files of an earlier report are replaced, all or none.

    Returns
    -------
    pathlib.Path
        The page to open.

    Raises
    ------
    OSError
        When the folder cannot be written, see `require_writable`.
    """
    require_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".report-") as unfinished:
        new = Path(unfinished)
        (new / _FIGURES).mkdir()
        drawings = {}
        for figure in figures_for(result.history):
            _png, svg = draw(figure, result.history, new / _FIGURES)
            drawings[figure] = svg.read_text(encoding="utf-8")
        moved = _MOVED if result.grid is not None and available() else ""
        if moved and result.grid is not None:
            (new / moved).write_text(interactive(result.grid), encoding="utf-8")
        (new / _DOCUMENT).write_text(document(result), encoding="utf-8")
        (new / _PAGE).write_text(page(result, drawings, moved), encoding="utf-8")
        (folder / _FIGURES).mkdir(exist_ok=True)
        # The page comes last: where it stands, all that it speaks of does.
        for made in (*(new / _FIGURES).iterdir(), new / _DOCUMENT, new / _PAGE):
            made.replace(folder / made.relative_to(new))
    return folder / _PAGE
