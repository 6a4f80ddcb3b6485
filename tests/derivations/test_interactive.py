"""The figure whose width and depth are moved: what it shows, and that it needs no network."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest

from derivations import catalogue
from derivations.numeric import BNMLP
from derivations.numeric.batch import Batch, carry
from derivations.numeric.depth import target
from derivations.numeric.grid import grid_of, up_to

pytest.importorskip("matplotlib")
from derivations.figures.interactive import interactive, tables

BATCH = Batch(np.random.default_rng(3).standard_normal((6, 5)), "an example")


@pytest.fixture(scope="module")
def grid():
    return grid_of(BATCH, [3, 5], [2, 4], networks=3, seed=1)


def test_every_width_and_depth_has_networks_of_its_own(grid):
    assert (grid.widths, grid.depths, grid.networks) == ((3, 5), (2, 4), 3)
    assert list(tables(grid)) == ["3 2", "3 4", "5 2", "5 4"]
    X = carry(BATCH, 5, 1).start.X
    run = BNMLP(5, 4).run(X, target(X.shape, 1), networks=3, seed=1)
    drawn = tables(grid)["5 4"]
    assert drawn["gaps"]["mean"] == pytest.approx(run.gaps.mean(axis=0), rel=1e-4)
    assert drawn["gradients"]["mean"] == pytest.approx(
        run.log_gradient_norms.mean(axis=0), rel=1e-4
    )
    error = run.log_gradient_norms.std(axis=0, ddof=1) / 3**0.5
    width = np.subtract(drawn["gradients"]["high"], drawn["gradients"]["low"])
    assert width == pytest.approx(4 * error, rel=1e-3)


@pytest.mark.parametrize(("width", "depth"), [(3, 2), (3, 4), (5, 2), (5, 4)])
def test_lines_and_words_are_values_of_the_catalogue(grid, width, depth):
    drawn = tables(grid)[f"{width} {depth}"]
    gap = float(grid.places[width, depth].gaps[0, 0])
    for layer in range(1, depth + 1):
        bound = catalogue["isometry-gap-contraction"].evaluate(d=width, gap=gap, depth=layer)
        assert drawn["gaps"]["bound"][layer] == pytest.approx(bound, rel=1e-4)
        assert drawn["gaps"]["rate"][layer] == pytest.approx(
            gap * float(catalogue["isometry-gap-rate"].evaluate(d=width)) ** layer, rel=1e-4
        )
    for layer in range(depth):
        law = catalogue["gradient-norm-at-isometry"].evaluate(d=width, depth=depth, layer=layer)
        assert drawn["gradients"]["isometry"][layer] == pytest.approx(
            np.log(float(width * law)) / 2, rel=1e-4
        )
    above = catalogue["gradient-bound"].evaluate(d=width, gap=gap)
    assert drawn["words"].endswith(f"at most {above:.3g}.")
    assert drawn["words"].startswith(f"Width {width}, depth {depth}: ")


def test_a_logarithmic_axis_has_some_labels_and_not_too_many(grid):
    deep = tables(grid_of(BATCH, [4], [150], networks=2))["4 150"]
    for drawn in (deep, *tables(grid).values()):
        gaps = [value for value in drawn["gaps"]["rate"] if value > 0]
        inside = [tick for tick in drawn["ticks"] if min(gaps) / 3 < tick < 3 * max(gaps)]
        assert 2 <= len(inside) <= 12


def test_an_isotropic_input_shows_no_rounding():
    drawn = tables(grid_of(Batch(3 * np.eye(6)), [3, 6], [5], networks=2))
    assert {value for name in ("mean", "low", "high") for value in drawn["6 5"]["gaps"][name]} == {
        0
    }
    assert "isotropic, and the gap stays zero. The" in drawn["6 5"]["words"]
    assert "the gap falls from" in drawn["3 5"]["words"]  # three of the samples, carried to three


def test_a_width_that_the_batch_does_not_reach_is_left_out():
    assert grid_of(BATCH, [2, 9], [2], networks=2).widths == (2,)


def test_no_more_than_ten_networks_are_run():
    assert grid_of(BATCH, [2], [1], networks=500).networks == 10


@pytest.mark.parametrize(
    ("largest", "offered"), [(1, (1,)), (5, (5,)), (7, (5, 7)), (60, (5, 10, 20, 50, 60))]
)
def test_what_is_offered_ends_at_what_was_asked_for(largest, offered):
    assert up_to(largest) == offered


class _Loads(HTMLParser):
    """Collects what a browser would fetch; what stands in scripts is no markup."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [(tag, name) for name, _ in attrs if name in ("src", "href", "data")]


@pytest.mark.parametrize("values", [np.eye(3), BATCH.values])
def test_the_page_holds_everything_and_loads_nothing(values):
    pytest.importorskip("bokeh")
    shown = grid_of(Batch(values), [2, 3], [2], networks=2)
    html = interactive(shown)
    parser = _Loads()
    parser.feed(html)
    assert parser.found == []
    assert len(html) < 3_000_000
    held = [json.dumps(column)[1:-1] for column in tables(shown)["2 2"]["gradients"].values()]
    assert all(column.replace(" ", "") in html.replace(" ", "") for column in held)
