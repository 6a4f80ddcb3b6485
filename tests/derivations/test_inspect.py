"""``weingarten inspect``: what it says of a regular, a singular and a repeated batch."""

import numpy as np
import pytest

from derivations import catalogue
from derivations.cli import run


def inspected(tmp_path, capsys, values, *options):
    path = tmp_path / "batch.npy"
    np.save(path, values)
    status = run(["inspect", str(path), *options])
    said = capsys.readouterr()
    return status, " ".join(said.out.split()), said.err


def test_a_regular_batch(tmp_path, capsys):
    values = np.random.default_rng(0).random((12, 5))
    status, out, _ = inspected(tmp_path, capsys, values)
    assert status == 0
    assert "read as 12 samples × 5 features: n = 12, d = 5" in out
    assert "rank of A = X Xᵀ: 5 of 5" in out
    A = values.T @ values
    assert f"condition number of A: {np.linalg.cond(A):.5g}"[:-1] in out
    gap = np.log(np.trace(A) / 5) - np.linalg.slogdet(A)[1] / 5
    assert f"isometry gap: {gap:.4g}"[:-1] in out
    law = catalogue["isometry-gap-step"].evaluate(batch=values)
    assert f"isometry-gap-step = {law:.8g}" in out
    assert out.split("do not apply")[1].count(": ") == 1 and "width-two-law: it is about" in out


def test_a_singular_batch(tmp_path, capsys):
    values = np.eye(4)[[0, 1, 2, 0]]
    status, out, _ = inspected(tmp_path, capsys, values)
    assert status == 0
    assert "rank of A = X Xᵀ: 3 of 4" in out and "isometry gap: inf" in out
    assert "condition number of A: inf" in out
    applies, _, others = out.partition("Formulas that do not apply")
    assert "row-norm-mean = 1" in applies and "isometry-gap-step =" not in applies
    assert "isometry-gap-step: it needs d linearly independent samples" in others
    assert "fails: The samples are in general position" in out


def test_numbers_reach_the_formulas(tmp_path, capsys):
    _, out, _ = inspected(tmp_path, capsys, np.eye(3), "--q", "2")
    assert "gaussian-row-norm-moment = 1.6666667" in out


@pytest.mark.parametrize("option", ["--n", "--gap"])
def test_what_the_batch_says_itself_is_refused(tmp_path, capsys, option):
    status, _, err = inspected(tmp_path, capsys, np.eye(3), option, "2")
    assert status == 2 and "that of the batch" in err


def test_no_such_file(capsys):
    assert run(["inspect", "nothing.npy"]) == 2
    assert "no such file" in capsys.readouterr().err
