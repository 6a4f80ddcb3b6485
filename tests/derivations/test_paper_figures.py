"""The paper's figures at quick sizes: numbers that obey the captions, files, seeds, refusals."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("sklearn")

from derivations import catalogue
from derivations.cli.main import run
from derivations.figures.paper import (
    FIGURES,
    Work,
    figure,
    figure_1,
    figure_2,
    figure_3,
    figure_5,
    figure_e1,
    figure_e2,
    figure_g6,
    make,
    table_d1,
)
from derivations.figures.paper.gradients import Kind
from derivations.figures.paper.inputs import Start, digits_at, of_gap, patches_at
from derivations.figures.paper.making import drawn
from derivations.figures.paper.numbers import Numbers
from derivations.numeric.isometry import isometry_gap, spectrum
from derivations.numeric.packaged import patches, photographs


@cache
def quick(name: str) -> Numbers:
    chosen = FIGURES[name]
    if name == "G5":
        return quick("5")
    return chosen.numbers(chosen.quick, 0, Work())


def test_figure_1_networks_follow_the_law_under_the_bound():
    found = quick("1")
    assert all(abs(value) < 4 for name, value in found.facts.items() if name.startswith("z "))
    for panel in (figure_1.WIDE, figure_1.NARROW):
        for line in (c for c in found.of(panel) if c.kind == "simulated"):
            law = found.one(panel, line.name, "law along")
            bound = found.one(panel, line.name, "bound")
            assert np.allclose(law.y, line.y, rtol=0.5)
            assert (line.y - 4 * line.error <= bound.y).all()
            assert law.y[0] == bound.y[0] == pytest.approx(line.y[0], rel=1e-12)


def test_figure_1_refutes_the_constant_at_a_narrow_width():
    sizes = figure_1.FIGURE.quick
    name = f"d = {sizes.narrow}"
    line, paper = (quick("1").one(figure_1.NARROW, name, kind) for kind in ("simulated", "paper"))
    assert (line.y[1:] > 10 * paper.y[1:]).all()
    assert figure_1.least_constant(10) > figure_1.PAPER_C
    assert figure_1.least_constant(50) < figure_1.PAPER_C
    # With the least constant the paper's curve falls by d/(d+2) a layer, near isometry.
    for d in (2, 10, 100):
        assert np.exp(-1 / (figure_1.least_constant(d) * d**2)) == pytest.approx(d / (d + 2))


def test_figure_2_explodes_where_samples_repeat_and_grows_by_the_rate_of_the_rank():
    sizes, found = figure_2.FIGURE.quick, quick("2")
    distinct, repeated = (found.one(figure_2.NORMS, name) for name in sizes.distinct)
    assert repeated.y[-1] - repeated.y[0] > 1.5 > distinct.y[-1] - distinct.y[0]
    slopes, rates = (found.one(figure_2.GROWTH, "", kind) for kind in ("simulated", "prediction"))
    assert (np.diff(slopes.y) < 0).all()
    assert np.allclose(slopes.y[:-1], rates.y, rtol=0.6, atol=0.02)
    d = sizes.width
    for r, rate in zip(rates.x, rates.y, strict=True):
        exact = catalogue["singular-jacobian-rate"].evaluate(d=d, r=int(r))
        assert rate == pytest.approx(float(exact))


def test_samples_that_stand_twice_have_the_gradients_of_those_that_stand_once():
    start = digits_at(6, 6, 0)
    once = figure_2._first(start, 3)
    X = np.repeat(once.X, 2, axis=1)
    assert np.allclose((X**2).sum(axis=1), X.shape[1])
    twice = Start(X, np.repeat(once.labels, 2))
    runs = [Kind(start).run(20, 2, 0) for start in (once, twice)]
    assert np.allclose(runs[0].log_gradient_norms, runs[1].log_gradient_norms, atol=1e-9)


def test_figure_3_orthogonal_gradients_stay_below_the_bound_and_gaussian_rates_below_the_limit():
    sizes, found = figure_3.FIGURE.quick, quick("3")
    orthogonal, gaussian = (found.one(figure_3.NORMS, n) for n in ("orthogonal", "Gaussian"))
    assert orthogonal.y.max() < found.facts["bound"]
    assert gaussian.y[-1] - orthogonal.y[-1] > 2 * (gaussian.error[-1] + orthogonal.error[-1])
    for n in sizes.samples:
        rate, limit = (found.one(figure_3.RATE, f"n = {n}", k) for k in ("simulated", "exact"))
        assert limit.y[0] == pytest.approx(np.log((n - 1) / (n - 2)))
        assert rate.y[0] < rate.y[-1] < limit.y[0] + 4 * rate.error[-1]
    measured, proved, paper = (
        found.one(figure_3.BOUND, "", kind).y for kind in ("simulated", "bound", "paper")
    )
    assert (measured < proved).all() and (proved < paper).all()


def test_figure_5_activations_explode_without_gain_and_not_with_it():
    sizes, found = figure_5.FIGURE.quick, quick("5")
    for name in ("tanh", "sin"):
        plain, shaped = (
            found.one(figure_5.NORMS[case], name) for case in (figure_5.PLAIN, figure_5.SHAPED)
        )
        assert plain.y[-1] - plain.y[0] > 3 > 2 > shaped.y[-1] - shaped.y[0]
        gaps = {case: found.one(figure_5.GAP[case], name).y[-1] for case in figure_5.GAP}
        assert gaps[figure_5.SHAPED] < gaps[figure_5.PLAIN]
    identity = [found.one(figure_5.GAP[case], "identity") for case in figure_5.GAP]
    assert all(np.isfinite(c.y).all() and (np.diff(c.y) < 0).all() for c in identity)
    # The identity does not see gains, apart from the last one, which scales the logits.
    assert np.allclose(identity[0].y, identity[1].y, rtol=1e-9)
    assert figure_5._Gains(0.5)(0) == pytest.approx(2**-0.5)
    assert sizes.depths == tuple(int(x) for x in identity[0].x)


def test_figure_e1_growth_lies_near_what_is_predicted():
    found = quick("E1")
    for name, ending in figure_e1.ACTS.items():
        grown = found.one(figure_e1.GROWTH, name)
        predicted = found.one(figure_e1.GROWTH, name, "prediction")
        weak = found.one(figure_e1.GROWTH, name, "weak prediction")
        assert np.allclose(grown.y, predicted.y, rtol=0.6, atol=0.01)
        assert (weak.y < predicted.y).all()
        chi = catalogue[f"shaping-slope{ending}"].evaluate(alpha=1.0)
        assert predicted.at(1.0) == pytest.approx(np.log(float(chi)) / 2)
        slope, fit = (found.one(figure_e1.SLOPE, name, kind) for kind in ("simulated", "fit"))
        assert np.abs(slope.y - fit.y).max() < 0.1 * slope.y.max()


def test_figure_e2_growth_goes_on_below_a_quarter_and_stops_above():
    found, sizes = quick("E2"), figure_e2.FIGURE.quick
    low, high = (found.one(figure_e2.AGAINST_L, f"e = {e:g}") for e in (0.1, 0.4))
    assert low.y[-1] - low.y[-2] > 5 * (high.y[-1] - high.y[-2])
    for L in sizes.few:
        against = found.one(figure_e2.AGAINST_E, f"L = {L}")
        assert (np.diff(against.y) < 0).all()
        line = found.one(figure_e2.AGAINST_L, "e = 0.1")
        assert against.at(0.1) == line.at(L)


@pytest.mark.parametrize("gain", [0.1, 0.5, 1.0])
def test_slope_ratio_is_that_of_the_formula(gain):
    exact = float(catalogue["shaping-slope"].evaluate(alpha=gain))
    assert figure_e2.slope_ratio(np.array([gain])) - 1 == pytest.approx(exact - 1, rel=1e-9)


def test_figure_g6_one_sample_more_mends_mean_subtraction():
    sizes, found = figure_g6.FIGURE.quick, quick("G6")
    few, more, plain = (found.one(figure_g6.NARROW, name).y for name in sizes.names)
    assert few[-1] - few[0] > 0.4
    assert max(more[-1] - more[0], plain[-1] - plain[0]) < 0.2


def test_inputs_of_mean_subtraction_have_the_ranks_that_are_said():
    for n, rank in ((5, 4), (6, 5)):
        assert np.count_nonzero(spectrum(digits_at(5, n, 0, centred=True).X)) == rank


def test_table_d1_counts_ranks():
    found = quick("D1")
    photos = found.one(table_d1.LEAST, "photographs", "data")
    assert (photos.y == photos.x).all()
    assert (found.one(table_d1.CENTRED, "photographs", "data").y == photos.x - 1).all()
    digit = found.one(table_d1.LEAST, "digits", "data")
    assert digit.at(80) < 62
    assert found.one(table_d1.FULL, "digits", "data").at(80) == 0


def test_photographs_are_patches_of_linearly_independent_samples():
    values = photographs().values
    assert values.shape == (520, 3072)
    start = patches_at(100, 100, 0)
    assert np.count_nonzero(spectrum(start.X)) == 100
    assert np.allclose((start.X**2).sum(axis=1), 100)
    image = np.arange(4 * 6 * 3.0).reshape(4, 6, 3)
    assert (patches(image, 2)[4].reshape(2, 2, 3) == image[2:4, 2:4]).all()


@pytest.mark.parametrize(("d", "gap"), [(3, 0.1), (10, 1.0), (30, 5.0)])
def test_input_of_a_gap_has_that_gap(d, gap):
    assert float(isometry_gap(of_gap(d, gap))) == pytest.approx(gap, rel=1e-9)


@pytest.mark.parametrize("name", FIGURES)
def test_caption_states_sizes_seed_and_finite_numbers(name):
    chosen = FIGURES[name]
    caption = chosen.caption(chosen.quick, quick(name))
    assert not re.search(r"\bnan\b|\binf\b", caption)
    assert caption.count("$") % 2 == 0
    assert all(np.isfinite(c.y).all() for c in quick(name).curves)


@pytest.mark.parametrize("name", FIGURES)
def test_every_curve_is_drawn_and_no_legend_lies_on_the_data(name):
    chosen = FIGURES[name]
    canvas = drawn(chosen, quick(name))
    canvas.draw_without_rendering()
    for axes in canvas.axes:
        legend = axes.get_legend()
        if legend is None:
            continue
        box, frame = legend.get_window_extent(), axes.get_window_extent()
        assert box.y1 < frame.y0
        assert box.x0 >= 0 and box.x1 <= canvas.bbox.x1
        assert box.y1 < axes.xaxis.label.get_window_extent().y0 + 1
    plotted = [axes for axes in canvas.axes if axes.lines]
    assert len(plotted) == len(chosen.panels) - (name == "D1")


@cache
def narrow(_sizes, seed, _work):
    """Numbers of figure 1, computed once for each seed: work is not compared."""
    return FIGURES["1"].numbers(FIGURES["1"].quick, seed, Work())


def small():
    """Figure 1 with one panel, which is soon drawn."""
    one = FIGURES["1"]
    return replace(one, numbers=lambda *given: narrow(None, given[1], None), panels=one.panels[1:])


def test_files_are_those_of_the_figure_and_the_same_seed_writes_them_again(tmp_path):
    first, again = (next(make([small()], tmp_path / name, 3, quick=True)) for name in "ab")
    names = [f"figure-1.{suffix}" for suffix in ("png", "svg", "csv", "md")]
    assert [file.name for file in first.files] == names
    for one, two in zip(first.files, again.files, strict=True):
        assert one.read_bytes() == two.read_bytes()
    page = first.files[3].read_text(encoding="utf-8")
    assert "Seed 3." in page and "networks 8" in page and "![" in page
    table = first.files[2].read_text(encoding="utf-8").splitlines()
    assert table[0] == "panel,curve,kind,x,y,standard_error,networks"
    sizes = figure_1.FIGURE.quick
    assert len(table) == 1 + 4 * (len(sizes.widths) + 1) * (sizes.depth + 1)


def test_another_seed_gives_other_numbers():
    assert narrow(None, 3, None).csv() != quick("1").csv()


def test_numbers_do_not_depend_on_who_computes_them():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        threaded = figure_1.numbers(figure_1.FIGURE.quick, 0, Work(pool))
    assert threaded.csv() == quick("1").csv()


def test_figures_of_the_same_runs_compute_them_once(tmp_path, monkeypatch):
    calls = []

    def counted(sizes, seed, work):
        calls.append(seed)
        return quick("5")

    panels = FIGURES["5"].panels[:1]
    pair = [replace(FIGURES[name], numbers=counted, panels=panels) for name in ("5", "G5")]
    assert len(list(make(pair, tmp_path, quick=True))) == 2
    assert calls == [0]


def test_files_of_others_are_not_replaced(tmp_path):
    (tmp_path / "figure-1.csv").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds figure-1\.csv, which"):
        next(make([figure("1")], tmp_path, quick=True))
    assert [path.name for path in tmp_path.iterdir()] == ["figure-1.csv"]
    assert (tmp_path / "figure-1.csv").read_text() == "mine"


def test_earlier_figures_are_replaced_and_other_files_are_not(tmp_path, monkeypatch):
    (tmp_path / "thesis.tex").write_text("mine")
    for seed in (0, 3):
        list(make([small()], tmp_path, seed, quick=True))
    assert len(list(tmp_path.iterdir())) == 5
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_figure_that_cannot_be_finished_leaves_nothing(tmp_path, monkeypatch):
    def fails(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr("derivations.figures.paper.making._page", fails)
    with pytest.raises(OSError, match="no space left"):
        next(make([small()], tmp_path / "new", quick=True))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["E3"], "no figure is called 'E3'; did you mean 3 or E2 or E1?"),
        (["zebra"], "no figure is called 'zebra'; known: 1, 2, 3, 5, E1, E2, G5, G6, D1"),
        (["1", "--out", "{file}"], "is a file; expected a folder to write to"),
        (["1", "--out", "{file}/deeper"], "is a file; expected a folder to write to"),
    ],
)
def test_command_refuses_in_one_line(tmp_path, capsys, arguments, said):
    file = tmp_path / "file"
    file.write_text("mine")
    assert run(["figures", *(a.format(file=file) for a in arguments)]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_command_writes_and_prints_the_caption(tmp_path, capsys):
    assert run(["figures", "d1", "--quick", "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "table-D1.png: Ranks of random batches" in printed
    assert "32 × 32 × 3" in printed and "$" not in printed and "\\" not in printed
    assert all(len(line) <= 80 for line in printed.splitlines()[1:])
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_work_keeps_the_order_of_the_jobs_and_counts_their_size():
    counts = []

    def begin(task, total):
        assert (task, total) == ("squares", 6)
        return counts.append

    assert Work(None, begin).map("squares", lambda n: n * n, [1, 2, 3], lambda n: n) == [1, 4, 9]
    assert counts == [1, 2, 3]
