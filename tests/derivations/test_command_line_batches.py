"""The command line on batches: which samples count, and what holds where they span too little."""

import re
from dataclasses import replace

import numpy as np
import pytest

from derivations import catalogue

pytest.importorskip("click")
pytest.importorskip("rich")
from derivations.cli import inputs

SQUARE = np.random.default_rng(0).standard_normal((5, 5))


@pytest.mark.parametrize("command", [("check", "--all"), ("report",)])
def test_rank_deficient_batch_says_what_fails_and_what_holds(call, tmp_path, command):
    values = SQUARE.copy()
    values[3] = values[0]
    np.savetxt(tmp_path / "b.csv", values, delimiter=",")
    status, out, err = call(
        *command,
        "--width",
        5,
        "--batch",
        tmp_path / "b.csv",
        *(("--out", tmp_path / "o") if command == ("report",) else ()),
    )
    assert (status, out) == (2, "")
    assert "isometry-gap-step" in err.split(" needs what the batch does not have: ")[0]
    assert "span only 4 dimensions" in err
    assert "row-norm-variance" in err.split("What applies there: ")[1]
    assert err.count("\n") == 1


def test_every_sample_counts_where_a_formula_holds_for_any_number(call, tmp_path):
    values = np.random.default_rng(1).standard_normal((9, 3))
    np.save(tmp_path / "b.npy", values)
    spectrum = np.linalg.eigvalsh(values.T @ values)
    for name in ("row-norm-variance", "isometry-gap-step"):
        status, out, err = call("evaluate", name, "--batch", tmp_path / "b.npy")
        assert status == 0
        assert float(out) == pytest.approx(catalogue[name].evaluate(spectrum=spectrum), rel=1e-10)
        assert "samples are used" not in err
    checked = ("row-norm-mean", "row-norm-variance", "isometry-gap-step")
    status, out, err = call("check", *checked, "--batch", tmp_path / "b.npy", "--samples", 3000)
    assert (status, err) == (0, "")
    assert len(re.findall(r" agrees *$", out, re.MULTILINE)) == 3


def test_samples_are_left_out_where_a_formula_needs_as_many_as_the_width(
    call, tmp_path, monkeypatch
):
    from derivations.formula import Hypothesis

    def too_many(point):
        return "" if point["n"] == point.width else "it needs n = d"

    true = catalogue["row-norm-mean"]
    square = replace(
        true, name="square", hypotheses=(*true.hypotheses, Hypothesis("n = d", too_many))
    )
    monkeypatch.setattr(inputs, "catalogue", {"square": square, "any": true})
    values = np.random.default_rng(1).standard_normal((9, 3))
    np.save(tmp_path / "b.npy", values)
    for names, used in ((("square",), 3), (("square", "any"), 3), (("any",), 9)):
        expected = float(
            true.evaluate(spectrum=np.linalg.svd(values[:used], compute_uv=False) ** 2)
        )
        status, out, err = call("check", *names, "--batch", tmp_path / "b.npy", "--samples", 100)
        assert status == 0
        assert f"{expected:.8g}" in out
        assert ("the first 3 of 9 samples are used" in err) == (used == 3)


def test_a_report_on_a_bad_batch_makes_no_folder(call, tmp_path):
    np.save(tmp_path / "b.npy", np.full((3, 3), np.nan))
    assert call("report", "--batch", tmp_path / "b.npy", "--out", tmp_path / "new")[0] == 2
    assert not (tmp_path / "new").exists()


def test_what_still_holds_for_a_rank_deficient_batch_can_be_checked(call, tmp_path):
    np.save(tmp_path / "b.npy", SQUARE[:, :3])
    status, _, err = call(
        "check", "row-norm-variance", "--width", 5, "--batch", tmp_path / "b.npy", "--samples", 2000
    )
    assert status == 0
    assert "singular" in err
