"""A report in a folder: the page, the document and the figures."""

from __future__ import annotations

from pathlib import Path

from derivations.figures import draw, figures_for
from derivations.report.document import document
from derivations.report.page import page
from derivations.report.study import Study

__all__ = ["write"]


def write(result: Study, folder: Path) -> Path:
    """Write a report: index.html, formulas.tex, and figures as PNG and SVG.

    Parameters
    ----------
    result : Study
        What `study` returned.
    folder : pathlib.Path
        Made if it does not exist; files of the same names are replaced.

    Returns
    -------
    pathlib.Path
        The page to open.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    drawings = {}
    for figure in figures_for(result.history):
        _png, svg = draw(figure, result.history, figures)
        drawings[figure] = svg.read_text(encoding="utf-8")
    (folder / "formulas.tex").write_text(document(result), encoding="utf-8")
    index = folder / "index.html"
    index.write_text(page(result, drawings), encoding="utf-8")
    return index
