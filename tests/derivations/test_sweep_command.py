"""The command ``weingarten sweep``: tables, verdict, exit status, bad input."""

import csv
import io
import json
from concurrent.futures import BrokenExecutor
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq

from derivations import catalogue, sweep

pytest.importorskip("click")
pytest.importorskip("rich")
from derivations.cli import run
from derivations.sweeps import execution, subjects

COLUMNS = ["what", "width", "depth", "batch", "exact", "mean", "standard_error", "z"]


@pytest.fixture
def call(capsys):
    """Run a sweep; return exit status, output and error output."""

    def caller(*arguments):
        status = run(["sweep", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return caller


GAP = ("gap", "--width", "2,3", "--depth", "1,4", "--networks", 20, "--seed", 3)


def test_csv_and_json_are_the_table(call):
    found = sweep("gap", [2, 3], [1, 4], networks=20, seed=3)
    status, out, err = call(*GAP, "--csv")
    assert (status, out) == (0, found.to_csv())
    assert next(iter(csv.DictReader(io.StringIO(out)))).keys() == set(COLUMNS)
    assert err.startswith("Verdict: all 4 checks agree. A mean may be off by")
    status, out, _ = call(*GAP, "--json")
    assert (status, json.loads(out)) == (0, found.records())


def test_a_table_to_read_keeps_what_is_predicted_apart(call):
    status, out, err = call(*GAP)
    assert (status, err) == (0, "")
    simulated, predicted = out.split("Predicted, not simulated")
    assert simulated.split()[: len(COLUMNS)] == COLUMNS
    assert "contraction bound" in predicted and "contraction bound" not in simulated
    assert "step law at simulated spectra" in predicted
    assert "Verdict: all 4 checks agree" in predicted


def test_a_formula_is_judged_and_a_wrong_one_ends_with_status_one(call, monkeypatch):
    arguments = ("row-norm-variance", "--width", "3,4", "--networks", 4000)
    status, out, _ = call(*arguments)
    assert status == 0 and "all 2 checks agree" in out
    true = catalogue["row-norm-variance"]
    wrong = replace(true, statement=Eq(true.statement.lhs, 2 * true.statement.rhs))
    monkeypatch.setattr(subjects, "catalogue", {"row-norm-variance": wrong})
    status, out, _ = call(*arguments)
    assert status == 1 and "2 of 2 checks FAIL" in out
    assert call(*arguments, "--csv")[0] == 1


def test_heavy_tails_are_told(call, tmp_path):
    np.save(tmp_path / "low.npy", np.diag([1.0, 2, 3, 0, 0]))
    arguments = ("row-norm-inverse-moment", "--width", 5, "--batch", tmp_path / "low.npy",
                 "--networks", 2000)  # fmt: skip
    for form, shown in (((), "median of means"), (("--csv",), "robust_mean")):
        status, out, err = call(*arguments, *form)
        assert status == 0
        said = " ".join((out + err).split())
        assert shown in said and "the tail index is 1.5" in said
        assert "Not judged, since the means settle" in said and "…" not in said


def test_numbers_and_networks_are_options(call):
    status, out, _ = call("row-norm-moment", "--width", 3, "--q", 2, "--networks", 100, "--json")
    expected = sweep("row-norm-moment", [3], networks=100, given={"q": 2})
    assert json.loads(out) == expected.records()
    status, out, _ = call(
        "log-gradient-slope", "--width", 3, "--depth", 4, "--weights", "gaussian", "--gain", 2.0,
        "--activation", "tanh", "--norm", "batchnorm", "--networks", 5, "--json",
    )  # fmt: skip
    network = {"weights": "gaussian", "gain": 2.0, "activation": "tanh", "norm": "batchnorm"}
    expected = sweep("log-gradient-slope", [3], [4], networks=5, network=network)
    assert status == 0 and json.loads(out) == expected.records()


def test_a_store_is_read_again(call, tmp_path):
    first = call(*GAP, "--csv", "--store", tmp_path / "s")
    assert call(*GAP, "--csv", "--store", tmp_path / "s") == first
    status, out, err = call(*GAP[:-1], 4, "--csv", "--store", tmp_path / "s")
    assert (status, out) == (2, "")
    assert "holds another sweep: seed = 3 there, 4 here" in err


def test_workers_that_die_are_told_in_one_line(call, monkeypatch, tmp_path):
    original, calls = execution._part, []

    def dying(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise execution.LostWorkersError from BrokenExecutor("gone")
        return original(*arguments)

    # What `tallies` raises when an executor breaks.
    def tallies(jobs, executor):
        opened = {}
        for part in execution._cut(jobs, opened):
            tally = dying(part.work, part.count, part.sequence)
            yield from execution._noted(opened, part, tally)

    monkeypatch.setattr("derivations.sweeps.simulate.tallies", tallies)
    status, out, err = call(*GAP, "--store", tmp_path / "s")
    assert (status, out) == (1, "")
    assert "a worker died (BrokenExecutor: gone). 2 of 4 cells are finished" in err
    assert "the same command goes on from there" in err and err.count("\n") == 1
    calls.clear()
    _, _, err = call(*GAP)
    assert "2 of 4 cells are finished; with --store DIR a sweep can go on" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("gap",), "--width"),
        (("gapp", "--width", "3"), "did you mean gap"),
        (("gap", "--width", "3"), "depths = None"),
        (("gap", "--width", "3,x", "--depth", "2"), "'x' is no count; expected a list such as"),
        (("gap", "--width", "0", "--depth", "2"), "widths[0] = 0"),
        (("gap", "--width", "3", "--depth", "2", "--networks", "1"), "1"),
        (("gap", "--width", "3", "--depth", "2", "--batch", "none.npy"), "no such file"),
        (("gap", "--width", "3", "--depth", "2", "--batch", "a", "--batch", "a"), "comes twice"),
        (("gap", "--width", "3", "--depth", "2", "--q", "3"), "takes no q"),
        (("gap", "--width", "3", "--depth", "2", "--store", "{tmp}"), "holds notes.txt"),
        (("row-norm-mean", "--width", "3", "--weights", "gaussian"), "is a formula"),
        (("width-two-law", "--width", "3", "--depth", "2"), "width-two-law at width 3"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_line_and_status_two(call, tmp_path, arguments, says):
    (tmp_path / "notes.txt").touch()
    status, out, err = call(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (status, out) == (2, "")
    assert says in err and err.startswith("weingarten: ") and err.count("\n") == 1
