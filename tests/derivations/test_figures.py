"""Figures: what their lines show, point by point."""

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure as Canvas

from derivations import catalogue
from derivations.figures import FACTOR, GAP, GRADIENT, draw, figures_for
from derivations.numeric.depth import History
from derivations.numeric.montecarlo import LayerInput

WIDTH, NETWORKS = 3, 2
GAPS = np.array([[0.8, 0.8], [0.5, 0.7], [0.3, 0.5], [0.1, 0.2]])
DRIFT = np.array([[-0.2, -0.2], [-0.15, -0.25], [-0.1, -0.2]])
LOG_GRADIENTS = np.array([[0.5, 0.7], [0.4, 0.4], [0.1, 0.3]])
LAST = LayerInput(np.eye(WIDTH), "layer 3")
HISTORY = History(GAPS, DRIFT, LAST, LOG_GRADIENTS, np.array([0.2, 0.4]))
ISOTROPIC = History(0 * GAPS, 0 * DRIFT, LAST, LOG_GRADIENTS, np.array([0.2, 0.4]))


def lines(figure, history=HISTORY):
    """The lines of a figure by their labels, each an array of its y values, and the rest."""
    axes = Canvas().add_subplot()
    figure.plot(axes, history)
    drawn = [(line.get_label(), line.get_xdata(), line.get_ydata()) for line in axes.lines]
    named = {label: (np.asarray(x), np.asarray(y)) for label, x, y in drawn if label[0] != "_"}
    return named, [np.asarray(y) for _, _, y in drawn]


def test_gap_figure_draws_the_limiting_rate():
    # d/(d + 2) per layer, at d = 3, from the gap of the input.
    x, y = lines(GAP)[0][r"limiting rate $(d/(d+2))^l$"]
    assert list(x) == [0, 1, 2, 3]
    assert y == pytest.approx([0.8, 0.48, 0.288, 0.1728], rel=1e-14)


def test_gap_figure_draws_networks_mean_law_and_bound():
    named, all_lines = lines(GAP)
    assert len(all_lines) == NETWORKS + 4
    for network in range(NETWORKS):
        assert np.array_equal(all_lines[network], GAPS[:, network])
    assert named["their mean"][1] == pytest.approx([0.8, 0.6, 0.4, 0.15])
    # The gap of the input plus the mean drift of each layer.
    assert named["exact one-step law"][1] == pytest.approx([0.8, 0.6, 0.4, 0.25])
    k = 3**2 * (1 + 3 * 0.8)
    expected = [0.8 * np.exp(-layer / k) for layer in range(4)]
    assert named["paper's bound shape, $C = 1$"][1] == pytest.approx(expected)
    assert "2 simulated networks" in named


def test_factor_figure_draws_factors_their_mean_and_the_limit():
    named, all_lines = lines(FACTOR)
    factors = np.array([[0.75, 0.75], [0.7, 1 - 0.25 / 0.7], [2 / 3, 0.6]])
    for network in range(NETWORKS):
        assert all_lines[network] == pytest.approx(factors[:, network])
    assert named["mean over the networks"][1] == pytest.approx(factors.mean(axis=1))
    assert named["limit $d/(d+2)$"][1] == pytest.approx([0.6, 0.6])


def test_gradient_figure_draws_networks_their_mean_isometry_and_the_bound():
    named, all_lines = lines(GRADIENT)
    assert len(all_lines) == NETWORKS + 3
    for network in range(NETWORKS):
        assert np.array_equal(all_lines[network], LOG_GRADIENTS[:, network])
    assert named["their mean"][1] == pytest.approx([0.6, 0.4, 0.2])
    # The exact law at isometry, for ‖Y‖² = d = 3 and 3 layers.
    law = catalogue["gradient-norm-at-isometry"]
    squares = [3 * float(law.evaluate(d=3, depth=3, layer=layer)) for layer in range(3)]
    assert named["exact at isometry"][1] == pytest.approx(np.log(squares) / 2)
    # The bound from each layer on, by the mean gap there; log-norms of the output have mean 0.3.
    bound = catalogue["gradient-bound"]
    above = [0.3 + np.log(3) / 2 + bound.evaluate(d=3, gap=gap) for gap in (0.8, 0.6, 0.4)]
    assert named["proved bound"][1] == pytest.approx(np.array(above, dtype=float))


def test_captions_name_the_numbers_that_are_drawn():
    gap, factor = GAP.caption(HISTORY), FACTOR.caption(HISTORY)
    assert "2 independent networks of width 3 over 3 layers" in gap
    assert "At layer 3 the mean is 0.15 and the law gives 0.25" in gap
    assert f"{HISTORY.z:+.2f}" in gap
    assert "the rate $d/(d+2)$ per layer" in gap
    assert "$d/(d+2) = 0.6000$" in factor
    assert "a gap of 0.4 before the last layer it is 0.6333 there" in factor


def test_isotropic_input_has_no_factors_and_a_linear_axis():
    assert figures_for(HISTORY) == (GAP, FACTOR, GRADIENT)
    assert figures_for(ISOTROPIC) == (GAP, GRADIENT)
    axes = Canvas().add_subplot()
    GAP.plot(axes, ISOTROPIC)
    assert axes.get_yscale() == "linear"
    assert "stays zero" in GAP.caption(ISOTROPIC)


def test_gap_axis_is_logarithmic_with_whole_layers():
    axes = Canvas().add_subplot()
    GAP.plot(axes, HISTORY)
    assert axes.get_yscale() == "log"
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


@pytest.mark.parametrize("figure", [GAP, FACTOR, GRADIENT], ids=lambda figure: figure.name)
def test_drawing_again_writes_the_same_files(tmp_path, figure):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        files = draw(figure, HISTORY, folder)
        assert [file.name for file in files] == [f"{figure.name}.png", f"{figure.name}.svg"]
    for name in (f"{figure.name}.png", f"{figure.name}.svg"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
