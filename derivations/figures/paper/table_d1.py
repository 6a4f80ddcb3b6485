"""Table D1: ranks of random batches, of two data sets that come in a package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from derivations.figures.paper.base import Panel, PaperFigure
from derivations.figures.paper.drawing import legend, plot
from derivations.figures.paper.numbers import Curve, Numbers, curve
from derivations.figures.paper.work import Work
from derivations.numeric.batch import digits
from derivations.numeric.isometry import spectrum
from derivations.numeric.packaged import photographs
from derivations.numeric.weights import Array

__all__ = ["FIGURE", "Sizes", "numbers"]

MEAN, LEAST = "mean rank against batch size", "least rank against batch size"
CENTRED = "least rank against batch size, mean over the batch subtracted"
FULL = "share of batches of full rank against batch size"
DATA = ("photographs", "digits")


@dataclass(frozen=True)
class Sizes:
    """Batch sizes, and how many random batches of each.

    Parameters
    ----------
    batches : tuple of int
    draws : int
    """

    batches: tuple[int, ...] = (10, 20, 50, 100, 200, 500)
    draws: int = 20


def numbers(sizes: Sizes, seed: int, work: Work) -> Numbers:
    """Count the ranks of random batches."""
    data = dict(zip(DATA, (photographs().values, digits().values), strict=True))
    jobs = [(name, n) for name in DATA for n in sizes.batches]

    def run(job: tuple[str, int]) -> tuple[Array, Array]:
        name, n = job
        rng = np.random.default_rng((seed, n, DATA.index(name)))
        drawn = [rng.choice(data[name], n, replace=False) for _ in range(sizes.draws)]
        return _ranks(drawn), _ranks([batch - batch.mean(axis=0) for batch in drawn])

    found = dict(zip(jobs, work.map("table D1", run, jobs, lambda job: job[1] ** 2), strict=True))
    return Numbers(tuple(c for name in DATA for c in _curves(name, sizes, found)))


def _ranks(batches: list[Array]) -> Array:
    # Samples × features: the rank of a batch is that of its Gram matrix.
    return np.array([np.count_nonzero(spectrum(batch)) for batch in batches], dtype=float)


def _curves(
    name: str, sizes: Sizes, found: dict[tuple[str, int], tuple[Array, Array]]
) -> list[Curve]:
    n = sizes.batches
    ranks = np.array([found[name, size][0] for size in n])
    centred = np.array([found[name, size][1] for size in n])
    full = (ranks == np.array(n)[:, None]).mean(axis=1)
    return [
        curve(MEAN, name, "data", n, ranks.mean(axis=1)),
        curve(LEAST, name, "data", n, ranks.min(axis=1)),
        curve(CENTRED, name, "data", n, centred.min(axis=1)),
        curve(FULL, name, "data", n, full),
    ]


HEAD = ("batch size", "mean rank", "least", "full rank", "least, mean\nsubtracted")


def _rows(found: Numbers, name: str) -> list[list[str]]:
    columns = [found.one(panel, name, "data").y for panel in (MEAN, LEAST, FULL, CENTRED)]
    sizes = found.one(MEAN, name, "data").x
    return [
        [f"{n:.0f}", f"{mean:.4g}", f"{least:.0f}", f"{full:.0%}".replace("%", " %"), f"{low:.0f}"]
        for n, mean, least, full, low in zip(sizes, *columns, strict=True)
    ]


def _draw_table(axes: Axes, found: Numbers) -> None:
    axes.set_axis_off()
    body: list[list[str]] = []
    heads: list[int] = []
    for name in DATA:
        heads.append(len(body) + 1)
        body += [[name, "", "", "", ""], *_rows(found, name)]
    table = axes.table(
        cellText=body, colLabels=list(HEAD), cellLoc="right", colLoc="right", edges="horizontal",
        bbox=Bbox.unit(),
    )  # fmt: skip
    table.auto_set_font_size(False)
    table.set_fontsize(10)
    for (row, _column), cell in table.get_celld().items():
        cell.set_edgecolor("#bbbbbb")
        if row == 0:
            cell.set_height(cell.get_height() * 2)
        if row in heads:
            cell.set_text_props(weight="bold", ha="left")


def _draw_ranks(axes: Axes, found: Numbers) -> None:
    curves = found.of(MEAN)
    axes.set(xscale="log", yscale="log", xlabel="batch size $n$", ylabel="mean rank")
    sizes = curves[0].x
    axes.plot(sizes, sizes, color="#999999", lw=1.0, zorder=1)
    axes.annotate("rank $= n$", (sizes[-1], sizes[-1]), (-8, -2), textcoords="offset points",
                  ha="right", va="bottom", color="#555555", fontsize=9)  # fmt: skip
    plot(axes, curves)
    axes.set_xticks(sizes, [f"{n:.0f}" for n in sizes])
    axes.set_yticks(sizes, [f"{n:.0f}" for n in sizes])
    axes.minorticks_off()
    legend(axes, curves, {"data": "mean of the batches"})


def _caption(sizes: Sizes, found: Numbers) -> str:
    photos, digit = (found.one(LEAST, name, "data") for name in DATA)
    all_full = bool((photos.y == photos.x).all())
    state = (
        "Photographs are linearly independent in every batch drawn"
        if all_full
        else "Not every batch of photographs is linearly independent"
    )
    below = [f"{n:.0f}" for n, rank in zip(digit.x, digit.y, strict=True) if rank < n]
    digits_state = (
        f"some batches of digits are not, of {', '.join(below)} samples: their least "
        f"rank is {digit.y.max():.0f} at most, and all digits together have rank 61"
        if below
        else "so are the digits"
    )
    return (
        f"Ranks of {sizes.draws} random batches of each size, of scikit-learn's photographs in "
        "patches of $32 \\times 32 \\times 3$ (520 samples, 3072 features) and of its digits "
        "(1797 samples, 64 features). A theory for linearly independent samples needs full rank. "
        f"{state}; {digits_state}. The last column: with the mean over the batch subtracted the "
        "rank of $n$ independent samples is $n - 1$. These data stand in for those of the paper, "
        "which come in no package."
    )


FIGURE = PaperFigure(
    name="D1",
    title="Ranks of random batches",
    full=Sizes(),
    quick=Sizes(batches=(10, 40, 80), draws=4),
    numbers=numbers,
    panels=(
        Panel("Ranks of random batches", _draw_table),
        Panel("Rank against batch size", _draw_ranks),
    ),
    caption=_caption,
)
