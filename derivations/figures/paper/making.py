"""Figures as files: PNG, SVG, the numbers as CSV, and a page with the caption."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine

from derivations.figures.base import STYLE, save
from derivations.figures.paper.base import PaperFigure
from derivations.figures.paper.numbers import Numbers
from derivations.figures.paper.work import Work
from derivations.folders import require_folder

__all__ = ["Made", "make", "require_ours"]

_OURS = "<!-- written by weingarten figures -->"
_SUFFIXES = (".png", ".svg", ".csv", ".md")
_WIDTH = 6.0  # inches: legible at the width of a phone
_HEIGHT, _LOW = 3.9, 3.3  # of a panel, and of one of more than two


@dataclass(frozen=True)
class Made:
    """A figure that was made.

    Parameters
    ----------
    figure : PaperFigure
    caption : str
        What a reader should see; may hold LaTeX.
    files : tuple of pathlib.Path
        PNG, SVG, CSV, and the page.
    """

    figure: PaperFigure
    caption: str
    files: tuple[Path, ...]


def require_ours(folder: Path, figures: Sequence[PaperFigure]) -> None:
    """Refuse a folder that figures cannot be written to, before the long work and not after.

    Raises
    ------
    OSError
        When it is no folder, cannot be written, or holds files of these names that no earlier
        run wrote.
    """
    require_folder(folder)
    for figure in figures:
        page = folder / f"{figure.file}.md"
        if page.is_file() and page.read_text("utf-8", errors="replace").startswith(_OURS):
            continue
        for suffix in _SUFFIXES:
            file = folder / f"{figure.file}{suffix}"
            if file.exists():
                raise FileExistsError(
                    f"folder {str(folder)!r} holds {file.name}, which `weingarten figures` did "
                    "not write; expected an empty folder, a new one, or one with earlier figures"
                )


def make(
    figures: Sequence[PaperFigure],
    folder: Path,
    seed: int = 0,
    quick: bool = False,
    work: Work | None = None,
) -> Iterator[Made]:
    """Make figures one after the other, and write each when it is finished, all files or none.

    Parameters
    ----------
    figures : sequence of PaperFigure
    folder : pathlib.Path
        Made if it does not exist; files of earlier figures are replaced.
    seed : int, optional
        The same seed gives the same files.
    quick : bool, optional
        At sizes that take a second or two, in place of the paper's.
    work : Work, optional
        What runs the simulations.

    Yields
    ------
    Made

    Raises
    ------
    OSError
        When the folder cannot be written, see `require_ours`.
    """
    require_ours(folder, figures)
    work = work or Work()
    computed: dict[tuple[Callable[..., Numbers], Any], Numbers] = {}
    for figure in figures:
        sizes = figure.quick if quick else figure.full
        key = (figure.numbers, sizes)
        if key not in computed:
            computed[key] = figure.numbers(sizes, seed, work)
        yield _write(figure, sizes, seed, computed[key], folder)


def drawn(figure: PaperFigure, found: Numbers) -> Canvas:
    """Draw a figure: its panels one below the other."""
    count = len(figure.panels)
    with rc_context(STYLE):
        height = (_HEIGHT if count < 3 else _LOW) * count
        layout = ConstrainedLayoutEngine(hspace=0.06)
        canvas = Canvas(figsize=(_WIDTH, height), layout=layout)
        for panel, axes in zip(
            figure.panels, canvas.subplots(count, squeeze=False)[:, 0], strict=True
        ):
            panel.draw(axes, found)
            axes.set_title(panel.title, loc="left")
    return canvas


def _write(figure: PaperFigure, sizes: Any, seed: int, found: Numbers, folder: Path) -> Made:
    caption = f"{figure.caption(sizes, found)} {_settings(sizes, seed)}"
    created = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=folder, prefix=".figures-") as unfinished:
            new = Path(unfinished)
            with rc_context(STYLE):
                save(drawn(figure, found), new / figure.file)
            (new / f"{figure.file}.csv").write_text(found.csv(), encoding="utf-8")
            (new / f"{figure.file}.md").write_text(_page(figure, caption), encoding="utf-8")
            # The page comes last: where it stands, all that it speaks of does.
            files = tuple(
                (new / f"{figure.file}{suffix}").replace(folder / f"{figure.file}{suffix}")
                for suffix in _SUFFIXES
            )
    except BaseException:
        if created and not any(folder.iterdir()):
            folder.rmdir()
        raise
    return Made(figure, caption, files)


def _settings(sizes: Any, seed: int) -> str:
    """Name every size and the seed: with them the numbers can be had again."""
    values = ", ".join(f"{name} {_listed(value)}" for name, value in asdict(sizes).items())
    return f"Sizes: {values}. Seed {seed}."


def _listed(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _page(figure: PaperFigure, caption: str) -> str:
    kind, name = ("Table" if figure.file.startswith("table") else "Figure"), figure.file
    return (
        f"{_OURS}\n# {kind} {figure.name}: {figure.title}\n\n![{figure.title}]({name}.png)\n\n"
        f"{caption}\n\n[PNG]({name}.png), [SVG]({name}.svg), [numbers]({name}.csv)\n"
    )
