"""The command line where the paper's statement is not the one that holds, and on few samples."""

import json

import numpy as np
import pytest

pytest.importorskip("click")
pytest.importorskip("rich")

from derivations import catalogue


def test_what_holds_in_place_of_the_paper_s_statement_is_said(call):
    for arguments in (
        ("check", "paper-lemma-b1", "--samples", 50),
        ("evaluate", "paper-lemma-b1", "--spectrum", "1,2,3"),
        ("derive",),
    ):
        status, out, err = call(*arguments)
        assert status == 0
        said = " ".join((out + err).split())
        assert "The paper's statement is false; this holds in its place:" in said
    _, out, _ = call("check", "row-norm-mean", "--samples", 50)
    assert "in its place" not in out


@pytest.mark.parametrize(("name", "width"), [("row-norm-variance", 9), ("isometry-gap-step", 4)])
def test_few_samples_are_carried_to_a_smaller_width_where_the_formula_needs_it(
    call, tmp_path, name, width
):
    X = np.random.default_rng(0).standard_normal((4, 9))
    np.save(tmp_path / "few.npy", X)
    _, out, _ = call("evaluate", name, "--batch", tmp_path / "few.npy", "--json")
    (row,) = json.loads(out)
    assert row["width"] == width
    if width == X.shape[1]:
        assert row["value"] == pytest.approx(catalogue[name].evaluate(batch=X), rel=1e-12)
