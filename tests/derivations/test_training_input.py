"""Bad input to a training, which needs no PyTorch to be refused."""

import sys

import pytest

from derivations.cli import run


@pytest.mark.parametrize(
    "given, error, words",
    [
        ({"depths": ()}, ValueError, r"depths = \(\): expected at least one"),
        ({"depths": (0,)}, ValueError, "depths = 0: expected an integer, at least 1"),
        ({"width": 64}, ValueError, "width = 64: expected at most 50"),
        ({"width": 5}, ValueError, "width = 5: expected an integer, at least 10"),
        ({"activation": "gelu"}, ValueError, "activation = 'gelu': expected 'tanh' or 'sin'"),
        ({"exponent": float("inf")}, ValueError, "exponent = inf: expected a finite number"),
        ({"steps": 0}, ValueError, "steps = 0: expected an integer, at least 1"),
        ({"rate": -1.0}, ValueError, "rate = -1.0: expected a positive number"),
        ({"batch": 1}, ValueError, "batch = 1: expected an integer, at least 2"),
        ({"batch": 1501}, ValueError, "batch = 1501: expected at most 1500"),
        ({"seed": -1}, ValueError, "seed = -1: expected an integer, at least 0"),
    ],
)
def test_plans(given, error, words):
    pytest.importorskip("torch")
    from derivations.training import Plan

    with pytest.raises(error, match=words):
        Plan(**given)


def test_without_torch_the_command_says_what_to_install(monkeypatch, capsys):
    for name in [n for n in sys.modules if n.startswith(("derivations.training", "torch"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "derivations.cli.train", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert run(["train"]) == 2
    expected = 'train needs torch; install it with: pip install "weingarten[torch]"'
    assert expected in capsys.readouterr().err
