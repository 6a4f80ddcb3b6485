"""Training in miniature; where PyTorch is installed."""

import csv
import json
import math

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")
import torch

from derivations.cli import run
from derivations.figures.training import PANELS, drawing
from derivations.numeric import BNMLP
from derivations.numeric.isometry import isometry_gap
from derivations.numeric.weights import haar_orthogonal
from derivations.training import Plan, train
from derivations.training.files import require_ours, write
from derivations.training.network import Network
from derivations.training.plan import Case, Row

SMALL = Plan(depths=(2, 12), width=12, steps=6, every=4, batch=50)


@pytest.fixture(scope="module")
def rows():
    return [row for seen in train(SMALL) for row in seen]


def test_a_row_at_the_start_every_few_steps_and_at_the_end(rows):
    assert [row.step for row in rows] == [0, 4, 6] * 8
    kinds = dict.fromkeys((row.depth, row.weights, row.gains) for row in rows)
    assert list(kinds) == [
        (depth, weights, gains)
        for depth in (2, 12)
        for weights in ("orthogonal", "gaussian")
        for gains in ("unshaped", "shaped")
    ]


def test_same_seed_same_numbers(rows):
    torch.rand(3)  # the global generator is not looked at, nor moved
    state = torch.get_rng_state()
    again = [row for seen in train(SMALL) for row in seen]
    assert again == rows
    assert torch.equal(torch.get_rng_state(), state)
    other = next(train(Plan(depths=(2,), width=12, steps=1, seed=1)))
    assert other[0].loss != rows[0].loss


def test_descent_descends(rows):
    for first, last in zip(rows[::3], rows[2::3], strict=True):
        if (first.depth, first.weights) == (2, "orthogonal"):
            assert last.loss < first.loss


def test_gaps_of_orthogonal_and_gaussian_weights(rows):
    for row in rows[::3]:
        if row.weights == "orthogonal":
            assert abs(row.weight_gap) < 1e-6
        else:
            assert row.weight_gap > 0.5


def test_a_network_is_that_of_the_bridge():
    d, depth, n = 6, 5, 40
    gains = [(layer + 1) ** -0.4 for layer in range(depth)]
    first = haar_orthogonal(d, 1, np.random.default_rng(0))[0]
    net = Network(
        torch.tensor(first), gains, d, "orthogonal", "tanh", torch.Generator().manual_seed(0)
    )
    net = net.double()
    X, labels = np.random.default_rng(1).standard_normal((d, n)), np.arange(n) % d
    with torch.no_grad():
        net.readout.weight.copy_(torch.eye(d))
    loss = torch.nn.functional.cross_entropy(net(torch.tensor(X.T)), torch.tensor(labels))
    loss.backward()
    bridge = BNMLP(
        d,
        depth,
        norm="batchnorm",
        scale="sqrt_n",
        activation="tanh",
        gain=lambda layer: gains[layer],
        first=first,
    )
    weights = [weight.detach().numpy() for weight in net.weights]
    assert np.allclose(isometry_gap(np.stack(weights)), 0, atol=1e-12)
    expected = bridge.gradients(X, labels, weights, "cross-entropy")
    for weight, gradient in zip(net.weights, expected, strict=True):
        # BatchNorm1d adds 1e-5 to variances that are down to a tenth.
        assert np.allclose(weight.grad.numpy(), gradient, atol=1e-3 * np.abs(gradient).max())


def test_shaped_gradients_stay_where_others_explode():
    plan = Plan(depths=(60,), width=16, steps=1)
    start = {(seen[0].weights, seen[0].gains): seen[0] for seen in train(plan)}
    growth = {kind: row.log_gradient_first - row.log_gradient_last for kind, row in start.items()}
    assert growth["orthogonal", "unshaped"] > 3
    assert growth["orthogonal", "shaped"] < 2


def test_gains_of_a_plan():
    plan = Plan(exponent=0.5)
    assert plan.gain(Case(9, "gaussian", "shaped"), 3) == 0.5
    assert plan.gain(Case(9, "gaussian", "unshaped"), 3) == 1.0


def test_files(rows, tmp_path):
    lost = [*rows[:-1], Row(*list(vars(rows[-1]).values())[:-1], math.nan)]
    files = write(SMALL, lost, tmp_path / "new")
    assert [file.name for file in files] == [
        "training.png",
        "training.svg",
        "training.csv",
        "training.json",
    ]
    kept = json.loads(files[3].read_text())
    assert kept["plan"]["depths"] == [2, 12]
    assert kept["rows"][0] == vars(rows[0])
    assert kept["rows"][-1]["weight_gap"] is None
    table = list(csv.DictReader(files[2].read_text().splitlines()))
    assert len(table) == len(rows)
    assert float(table[5]["loss"]) == rows[5].loss
    first = files[1].read_bytes()
    assert write(SMALL, lost, tmp_path / "new")[1].read_bytes() == first
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == sorted(
        file.name for file in files
    )


def test_other_peoples_files_are_left_alone(tmp_path, rows):
    (tmp_path / "training.csv").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds training\.csv, which `weingarten train`"):
        require_ours(tmp_path)
    with pytest.raises(FileExistsError):
        write(SMALL, rows, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["training.csv"]


def test_the_picture_has_a_curve_for_each_network(rows):
    canvas = drawing(rows)
    assert len(canvas.axes) == 2 * len(PANELS)
    top = canvas.axes[0]
    assert top.get_title() == "depth 2"
    assert [line.get_label() for line in top.lines] == [
        "orthogonal weights, unshaped",
        "orthogonal weights, shaped",
        "gaussian weights, unshaped",
        "gaussian weights, shaped",
    ]
    assert list(top.lines[0].get_ydata()) == [row.train_accuracy for row in rows[:3]]


def test_command(tmp_path, capsys):
    out = tmp_path / "out"
    words = ["train", "--depths", "2", "--width", "10", "--steps", "1", "--out", str(out)]
    assert run(words) == 0
    printed = capsys.readouterr().out
    assert printed.count("orthogonal") == 2
    assert str(out / "training.csv") in printed
    assert run([*words, "--width", "60"]) == 2
    assert "width = 60: expected at most 50" in capsys.readouterr().err
    assert run([*words, "--depths", "2,x"]) == 2
    assert "depths '2,x': expected a list such as 10,100" in capsys.readouterr().err
