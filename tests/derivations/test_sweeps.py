"""Sweeps: the same numbers whoever computes them, nothing lost, tables in and out."""

import csv
import io
import json
import math
import os
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sympy import Eq

from derivations import catalogue, sweep
from derivations.numeric import BNMLP
from derivations.numeric.batch import Batch, carry
from derivations.numeric.blas import one_blas_thread
from derivations.numeric.gradient_statistics import target
from derivations.numeric.heavy import HeavyCheck
from derivations.sweeps import STATISTICS, Sweep, SweepError, execution, statistic
from derivations.sweeps.subjects import NetworkWork
from weingarten.simulation import sampling

COLUMNS = ("what", "width", "depth", "batch", "exact", "mean", "standard_error", "z")
SMALL = {"what": "gap", "widths": [2, 3], "depths": [1, 4], "networks": 60, "seed": 3}


@pytest.fixture
def many_parts(monkeypatch):
    """Cut cells into many parts, where this process does the cutting."""
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 400)


def numbers(found):
    """All that is in a sweep, to the last bit."""
    return found.table.tobytes(), found.predictions.tobytes()


# The table.


def test_a_table_has_a_row_for_each_cell_in_a_fixed_order():
    found = sweep(["gap", "log-gap"], [2, 3], [1, 4], {"one": np.eye(4) + 1, "two": None}, 5)
    assert found.dtype.names == COLUMNS
    places = [tuple(row) for row in found[["what", "width", "depth", "batch"]].tolist()]
    assert places == [
        (what, width, depth, batch)
        for what in ("gap", "log-gap")
        for width in (2, 3)
        for depth in (1, 4)
        for batch in ("one", "two")
    ]
    assert np.isnan(found["exact"]).all() and np.isnan(found["z"]).all()
    assert (found["standard_error"] > 0).all()
    assert len(found) == 16 and np.asarray(found).shape == (16,)
    assert not found.table.flags.writeable


def test_a_statistic_is_a_mean_over_independent_networks(monkeypatch):
    batch = np.random.default_rng(0).standard_normal((6, 5))
    arguments = ("log-gradient-norm", [4], [3], [batch], 7, 5)
    found, runs = sweep(*arguments, network={"gain": 2.0}), []

    def noted(work, count, rng):
        runs.append((work.X, int(rng.integers(2**63))))
        return np.zeros((count, 1, 1))

    monkeypatch.setattr(NetworkWork, "__call__", noted)
    sweep(*arguments, network={"gain": 2.0})
    ((X, seed),) = runs
    assert np.array_equal(X, carry(Batch(batch), 4, 5, whole=True).start.X)
    # The same networks, run by hand.
    run = BNMLP(4, 3, gain=2.0).run(X, target(4, 6), networks=7, seed=seed)
    logs = run.log_gradient_norms[:, 0]
    assert found["mean"][0] == pytest.approx(logs.mean(), rel=1e-12)
    assert found["standard_error"][0] == pytest.approx(logs.std(ddof=1) / np.sqrt(7), rel=1e-12)


def test_slopes_are_fitted_to_each_network():
    net = BNMLP(5, 30, weights="gaussian")
    run = net.run(np.eye(5), target(5, 5), networks=4)
    slopes = STATISTICS["log-gradient-slope"].of(run)
    for norms, slope in zip(run.log_gradient_norms, slopes, strict=True):
        assert slope == pytest.approx(-np.polyfit(np.arange(30), norms, 1)[0], rel=1e-9)
    growth = STATISTICS["log-gradient-growth"].of(run)
    assert np.allclose(growth, run.log_gradient_norms[:, 0] - run.log_gradient_norms[:, -1])


def test_a_formula_is_checked_at_the_batch_and_in_deeper_layers():
    found = sweep("isometry-gap-step", [3, 5], [0, 2], networks=3000)
    assert found.verdict and np.isfinite(found["z"]).all() and (np.abs(found["z"]) < 5).all()
    # At depth 0 it is the law at the batch itself; deeper the gap is smaller.
    for width, at_batch, deeper in zip((3, 5), found["exact"][::2], found["exact"][1::2],
                                       strict=True):  # fmt: skip
        batch = np.random.default_rng(
            np.random.SeedSequence(0, spawn_key=_key("batch", width))
        ).standard_normal((width, width))
        expected = catalogue["isometry-gap-step"].evaluate(batch=batch)
        assert at_batch == pytest.approx(expected, rel=1e-9)
        assert 0 < deeper < at_batch


def _key(*parts):
    from derivations.sweeps.seeds import words

    return words(*parts)


def test_a_formula_with_a_depth_takes_that_of_the_cell():
    found = sweep("linearised-gap", [4], [0, 3], [np.diag([1.0, 2, 3, 4])], 400)
    assert found["exact"].tolist() == [
        float(catalogue["linearised-gap"].evaluate(spectrum=[1, 4, 9, 16], depth=depth))
        for depth in (0, 3)
    ]
    assert found.verdict


def test_single_numbers_are_handed_on():
    third = sweep("row-norm-moment", 3, batches=[np.eye(3) + 1], networks=500, given={"q": 2})
    assert third["exact"][0] == pytest.approx(
        float(catalogue["row-norm-moment"].evaluate(batch=np.eye(3) + 1, q=2)), rel=1e-12
    )


def test_all_samples_are_used_unless_the_formula_needs_as_many_as_the_width():
    batch = np.random.default_rng(0).standard_normal((9, 3))
    found = sweep("row-norm-variance", 3, batches=[batch], networks=200)
    assert found["exact"][0] == pytest.approx(
        float(catalogue["row-norm-variance"].evaluate(batch=batch)), rel=1e-12
    )


def test_files_are_batches(tmp_path):
    batch = np.random.default_rng(0).standard_normal((4, 4))
    np.save(tmp_path / "b.npy", batch)
    np.savetxt(tmp_path / "b.csv", batch, delimiter=",")
    files = [tmp_path / "b.npy", str(tmp_path / "b.csv")]
    found = sweep("row-norm-mean", 4, batches=files, networks=50)
    assert found["batch"].tolist() == [str(f) for f in files]
    # The same numbers in a batch are the same draws, whatever it is called.
    assert found["mean"][0] == found["mean"][1]


def test_a_carried_batch_is_told():
    found = sweep("row-norm-mean", 3, batches=[np.eye(4)], networks=50)
    assert any("carried from 4 features to width 3" in note for note in found.notes)


def test_tables_leave_as_csv_json_and_frame(tmp_path, monkeypatch):
    found = sweep("gap", [2], [1, 4], networks=20)
    rows = list(csv.DictReader(io.StringIO(found.to_csv(tmp_path / "t.csv"))))
    assert tuple(rows[0]) == COLUMNS and rows[0]["exact"] == rows[0]["z"] == ""
    assert [float(row["mean"]) for row in rows] == found["mean"].tolist()
    assert (tmp_path / "t.csv").read_text() == found.to_csv()
    records = json.loads(found.to_json(tmp_path / "t.json"), parse_constant=pytest.fail)
    assert [tuple(record) for record in records] == [COLUMNS] * 2
    assert records[1]["mean"] == found["mean"][1] and records[1]["exact"] is None
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ImportError, match=r"needs pandas; install it, or use \.table"):
        found.to_frame()


def test_a_frame_has_the_columns_of_the_table(monkeypatch):
    class Pandas:
        DataFrame = dict

    monkeypatch.setitem(__import__("sys").modules, "pandas", Pandas)
    frame = sweep("gap", [2], [1], networks=20).to_frame()
    assert tuple(frame) == COLUMNS and frame["width"].tolist() == [2]


# The same numbers.


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    first, again = sweep(**SMALL), sweep(**SMALL)
    assert numbers(first) == numbers(again)
    other = sweep(**{**SMALL, "seed": 4})
    assert not np.isin(other["mean"], first["mean"]).any()


def test_a_cell_does_not_depend_on_the_others():
    alone = sweep(**{**SMALL, "widths": [3], "depths": [4]})
    assert alone.table.tobytes() == sweep(**SMALL).table[-1:].tobytes()


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_give_the_same_numbers(workers, many_parts):
    plain = sweep(**SMALL)
    with ThreadPoolExecutor(workers) as executor:
        assert numbers(sweep(**SMALL, executor=executor)) == numbers(plain)


def test_processes_give_the_same_numbers(many_parts):
    plain = [sweep(**SMALL), sweep("row-norm-inverse-moment", [4], [0, 2], networks=300)]
    with ProcessPoolExecutor(2) as executor:
        apart = [
            sweep(**SMALL, executor=executor),
            sweep("row-norm-inverse-moment", [4], [0, 2], networks=300, executor=executor),
        ]
    assert list(map(numbers, apart)) == list(map(numbers, plain))


def test_the_threads_of_the_blas_move_no_digit():
    from threadpoolctl import threadpool_info, threadpool_limits

    arguments = {**SMALL, "widths": [40], "depths": [2], "networks": 4}
    with threadpool_limits(1, user_api="blas"):
        one = numbers(sweep(**arguments))
    with threadpool_limits(2, user_api="blas"):
        assert numbers(sweep(**arguments)) == one
        blas = [i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"]
        assert set(blas) == {2}
        with one_blas_thread(), one_blas_thread():
            pass
        assert [i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"] == blas


class Backwards(ThreadPoolExecutor):
    """Finishes what it was given last at first, and loses each task once."""

    def __init__(self):
        super().__init__(1)
        self.held, self.lost = [], 0

    def submit(self, function, /, *arguments):
        future = Future()
        self.held.append((future, function, arguments))
        if len(self.held) == 4:
            while self.held:
                self._end(*self.held.pop())
        return future

    def _end(self, future, function, arguments):
        self.lost += 1
        if self.lost % 5 == 0:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(function(*arguments))


def test_the_order_in_which_parts_are_done_does_not_matter(monkeypatch, many_parts):
    plain = sweep(**SMALL)
    executor = Backwards()
    monkeypatch.setattr(execution, "_WAITING", 4)
    # What is left at the end is fewer than four parts: fill up with tasks that nobody waits for.
    original = execution._fill

    def fill(waiting, parts, executor_):
        going = original(waiting, parts, executor_)
        while executor.held:
            executor.submit(int)
        return going

    monkeypatch.setattr(execution, "_fill", fill)
    assert numbers(sweep(**SMALL, executor=executor)) == numbers(plain)
    assert executor.lost > 10


# Workers that die.


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_numbers(many_parts):
    distributed = pytest.importorskip("distributed")
    plain = sweep(**SMALL)
    killed = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0,
            silence_logs=60,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        pids = list(client.run(os.getpid).values())

        def kill_one(done, cells):
            if not killed:
                assert done < cells
                os.kill(pids[0], 9)
                killed.append(done)

        found = sweep(**SMALL, executor=client.get_executor(), progress=kill_one)
    assert killed and numbers(found) == numbers(plain)


@statistic("dies", "ends the process where a file says so")
def dies(run):
    marker = os.environ["SWEEP_MARKER"]
    if run.gaps.shape[1] == 4 and Path(marker).exists():
        os._exit(1)
    return run.gaps[:, -1]


@pytest.fixture
def marker(tmp_path, monkeypatch):
    path = tmp_path / "marker"
    path.touch()
    monkeypatch.setenv("SWEEP_MARKER", str(path))
    return path


DYING = {"what": "dies", "widths": [2], "depths": [1, 2, 3], "networks": 4}


def test_a_dead_process_loses_nothing_and_the_store_goes_on(marker, tmp_path):
    from multiprocessing import get_context

    store = tmp_path / "store"
    with (
        ProcessPoolExecutor(1, mp_context=get_context("fork")) as executor,
        pytest.raises(SweepError, match="a worker died") as caught,
    ):
        sweep(**DYING, executor=executor, store=store)
    message = str(caught.value)
    assert "BrokenProcessPool" in message
    assert f"2 of 3 cells are finished, and kept in {str(store)!r}" in message
    assert "same call with a new executor and this store" in message
    assert [outcome.depth for outcome in caught.value.finished] == [1, 2]
    marker.unlink()
    done = []
    found = sweep(**DYING, store=store, progress=lambda *counts: done.append(counts))
    assert done == [(3, 3)]
    assert numbers(found) == numbers(sweep(**DYING))


def test_without_a_store_the_error_keeps_what_is_finished(marker):
    from multiprocessing import get_context

    with (
        ProcessPoolExecutor(1, mp_context=get_context("fork")) as executor,
        pytest.raises(SweepError, match=r"in \.finished of this error; with store=") as caught,
    ):
        sweep(**DYING, executor=executor)
    marker.unlink()
    whole = sweep(**DYING)
    kept = Sweep(caught.value.finished, 0)
    assert kept.table.tobytes() == whole.table[:2].tobytes()


def test_a_cell_that_fails_is_named():
    @statistic("odd", "fails at depth 2")
    def odd(run):
        return run.gaps[:, -1] if run.gaps.shape[1] != 3 else run.gaps

    try:
        with pytest.raises(SweepError, match=r"odd at width 2, depth 2, gaussian: .*\(4, 3\)"):
            sweep("odd", [2], [1, 2], networks=4)
    finally:
        del STATISTICS["odd"]


# The store.


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_interrupted_sweep_goes_on_from_what_was_finished(tmp_path):
    store, plain = tmp_path / "a" / "store", sweep(**SMALL)

    def interrupt(done, _cells):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(**SMALL, store=store, progress=interrupt)
    assert len(files(store)) == 3
    kept = {name: (store / name).read_bytes() for name in files(store)}
    done = []
    found = sweep(**SMALL, store=store, progress=lambda *counts: done.append(counts))
    assert done == [(3, 4), (4, 4)]
    assert numbers(found) == numbers(plain)
    assert all((store / name).read_bytes() == content for name, content in kept.items())
    # Once more: nothing is simulated, and the table is read.
    again = sweep(**SMALL, store=store, progress=lambda *_counts: pytest.fail())
    assert numbers(again) == numbers(plain) and len(files(store)) == 5


@pytest.mark.parametrize(
    ("what", "rank"),
    [("row-norm-inverse-moment", 3), ("bn-jacobian-bound", 4), ("row-norm-mean", 4)],
)
def test_rows_of_every_kind_survive_the_store(tmp_path, what, rank):
    batch = np.diag([1.0, 2, 3, 4][:rank] + [0.0] * (4 - rank))
    arguments = (what, [4], None, [batch], 2000)
    first = sweep(*arguments, store=tmp_path / "s")
    again = sweep(*arguments, store=tmp_path / "s")
    assert numbers(again) == numbers(first)
    assert repr(again) == repr(first)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seed": 4}, "seed = 3 there, 4 here"),
        ({"networks": 61}, "networks = 60 there, 61 here"),
        ({"widths": [2, 3, 4]}, r"widths = \[2, 3\] there"),
        ({"depths": [1]}, "depths = "),
        ({"what": "log-gap"}, "what = "),
        ({"network": {"weights": "gaussian"}}, "what = "),
        ({"batches": [np.eye(3)]}, "batches = "),
    ],
)
def test_the_folder_of_another_sweep_is_refused(tmp_path, change, says):
    sweep(**{**SMALL, "networks": 60}, store=tmp_path / "s")
    before = files(tmp_path / "s")
    with pytest.raises(ValueError, match=f"holds another sweep: {says}"):
        sweep(**{**SMALL, **change}, store=tmp_path / "s")
    assert files(tmp_path / "s") == before


def test_a_folder_of_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"holds notes\.txt, which no sweep wrote"):
        sweep(**SMALL, store=tmp_path)
    (tmp_path / "notes.txt").rename(tmp_path / "sweep.json")
    with pytest.raises(ValueError, match=r"its sweep\.json is not that of a sweep"):
        sweep(**SMALL, store=tmp_path)
    assert files(tmp_path) == ["sweep.json"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file; expected a folder"):
        sweep(**SMALL, store=tmp_path / "file")
    with pytest.raises(ValueError, match=r"cannot be written: (Not a directory|File exists)"):
        sweep(**SMALL, store=tmp_path / "file" / "below")


def test_a_torn_file_is_told_by_its_name(tmp_path):
    sweep(**SMALL, store=tmp_path / "s")
    cell = next(path for path in (tmp_path / "s").iterdir() if "d3-L4" in path.name)
    cell.write_text(cell.read_text()[:40])
    with pytest.raises(ValueError, match=r"d3-L4.*no finished cell of a sweep; delete that file"):
        sweep(**SMALL, store=tmp_path / "s")
    cell.unlink()
    assert numbers(sweep(**SMALL, store=tmp_path / "s")) == numbers(sweep(**SMALL))


def test_a_write_that_fails_leaves_nothing_half_written(tmp_path, monkeypatch):
    store, calls = tmp_path / "s", []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ValueError, match="cannot be written: No space left on device"):
        sweep(**SMALL, store=store)
    assert len(files(store)) == 2 and not [name for name in files(store) if ".part" in name]
    assert numbers(sweep(**SMALL, store=store)) == numbers(sweep(**SMALL))


def test_a_formula_of_ones_own_has_no_store(tmp_path):
    own = replace(catalogue["row-norm-mean"], name="own")
    assert sweep(own, [3], networks=50)["what"].tolist() == ["own"]
    with pytest.raises(ValueError, match="own is not in the catalogue"):
        sweep(own, [3], networks=50, store=tmp_path / "s")
    assert not (tmp_path / "s").exists()


# Verdict, tails, predictions.


def test_a_wrong_coefficient_fails_the_sweep_and_a_true_one_does_not():
    true = catalogue["row-norm-variance"]
    wrong = replace(true, statement=Eq(true.statement.lhs, true.statement.rhs * 101 / 100))
    assert sweep(true, [4, 8])
    found = sweep(wrong, [4, 8])
    assert not found and "FAIL" in found.verdict.sentence()


def test_heavy_tails_are_in_the_table_with_a_robust_mean_and_no_z():
    batches = {"low": np.diag([1.0, 2, 3, 0, 0]), "full": None}
    found = sweep("row-norm-inverse-moment", [5], batches=batches, networks=2000)
    assert found.dtype.names == (
        *COLUMNS, "robust_mean", "robust_low", "robust_high", "tail_index"
    )  # fmt: skip
    heavy, light = found.table
    assert math.isnan(heavy["z"]) and math.isnan(heavy["standard_error"])
    assert heavy["tail_index"] == 1.5
    assert heavy["robust_low"] < heavy["robust_mean"] < heavy["robust_high"]
    assert np.isfinite(light["z"]) and math.isnan(light["robust_mean"])
    assert isinstance(found.outcomes[0].check, HeavyCheck)
    assert "Not judged, since the means settle" in found.verdict.sentence()
    assert found.records()[0]["z"] is None


@statistic("heavy", "an infinite variance, of an unknown law")
def heavy(run):
    # Distances of gaps from their median come near zero: the root of an inverse has no variance.
    u = np.abs(np.sin(1e6 * run.gaps[:, -1]))
    return 1 / np.maximum(u, 1e-300) ** 0.7


def test_a_statistic_with_heavy_tails_has_no_standard_error():
    found = sweep("heavy", [2], [1], networks=4000)
    assert math.isnan(found["standard_error"][0]) and 1 < found["tail_index"][0] < 2
    assert "no standard error; median of means" in repr(found)
    assert "the variance may be infinite" in repr(found)


def test_the_step_law_at_simulated_spectra_meets_the_networks():
    found = sweep("gap", [3], [1, 6], networks=800, seed=1)
    said = found.predictions
    iterated = said[said["kind"] == "iterated"]
    assert iterated["depth"].tolist() == [1, 6]
    assert (np.abs(iterated["z"]) < 4).all() and len(found.verdict.judged) == 2
    # It knows the last step alone, and is as sharp as the networks deep down.
    deep = sweep("gap", [5], [60], networks=200)
    (last,) = deep.predictions[deep.predictions["kind"] == "iterated"]
    assert last["value"] == pytest.approx(deep["mean"][0], rel=0.3) and last["value"] < 1e-4
    # After one layer it is the exact law at the batch.
    exact = sweep("isometry-gap-step", [3], networks=2, seed=1)["exact"][0]
    assert iterated["value"][0] == pytest.approx(exact, rel=1e-9)
    assert iterated["standard_error"][0] < 1e-12 < iterated["standard_error"][1]
    bound = said[said["kind"] == "bound"]
    assert (bound["value"] > found["mean"]).all()
    limit = said[said["kind"] == "limit"]
    assert limit["value"][1] == pytest.approx(limit["value"][0] * 0.6**5)
    assert np.isnan(bound["z"]).all()


def test_predictions_are_those_of_the_theorys_network():
    for network in ({"weights": "gaussian"}, {"norm": "batchnorm"}, {"activation": "tanh"}):
        batch = np.random.default_rng(0).standard_normal((5, 3))
        assert not len(sweep("gap", [3], [2], [batch], 5, network=network).predictions)
    assert len(sweep("gap", [3], [2], networks=5, network={"scale": "sqrt_n"}).predictions) == 3


def test_a_biased_sampler_is_caught_by_what_is_iterated(monkeypatch):
    from derivations.numeric import network as module

    def reflection(normals):
        v = normals[..., :1] / np.linalg.norm(normals[..., :1], axis=-2, keepdims=True)
        return np.eye(normals.shape[-1]) - 2 * v @ v.swapaxes(-1, -2)

    from derivations.numeric.weights import Source

    monkeypatch.setitem(module.LAWS, "orthogonal", Source(reflection))
    found = sweep("gap", [5], [3], networks=400)
    assert not found.verdict


# Bad input.


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"what": "gapp"}, "what = 'gapp': no formula and no statistic .*did you mean gap"),
        ({"what": 5}, "what is a int: expected the name"),
        ({"what": []}, "what is empty"),
        ({"what": ["gap", "gap"]}, "what: 'gap' comes twice"),
        ({"widths": []}, "widths are empty"),
        ({"widths": [3, 3]}, "widths: 3 comes twice"),
        ({"widths": [0]}, r"widths\[0\] = 0: expected an integer, at least 1"),
        ({"widths": "3"}, "widths = '3'"),
        ({"widths": [2.5]}, r"widths\[0\] = 2\.5"),
        ({"depths": None}, "depths = None: gap is of networks"),
        ({"depths": [0]}, "depths: 0 for gap; expected at least 1"),
        ({"what": "log-gradient-slope", "depths": [1]}, "expected at least 2"),
        ({"what": "linearised-gap", "depths": None}, "takes a depth"),
        ({"networks": 1}, "networks = 1: expected an integer, at least 2"),
        ({"seed": -1}, "seed = -1"),
        ({"executor": 4}, "executor is a int"),
        ({"batches": []}, "batches are empty"),
        ({"batches": 5}, "batches is a int"),
        ({"batches": [[1.0, 2.0]]}, "has 1 dimension"),
        ({"batches": [np.array([[np.nan, 1.0]])]}, "not finite"),
        ({"batches": ["none.npy"]}, "no such file"),
        ({"batches": [None, None]}, "'gaussian' comes twice"),
        ({"batches": [np.ones((3, 3))]}, "the gap is infinite at every depth"),
        ({"given": {"q": 3}}, "gap is a statistic, and takes no q"),
        ({"given": {"depth": 3}}, r"given\['depth'\]: expected one of"),
        ({"what": "row-norm-mean", "given": {"q": 3}}, "row-norm-mean takes no q"),
        ({"what": "row-norm-mean", "network": {"gain": 2}}, "row-norm-mean is a formula"),
        ({"network": {"wieghts": 1}}, "network = 'wieghts': expected"),
        ({"network": {"weights": "haar"}}, "weights = 'haar': expected"),
        ({"network": {"gain": lambda layer: 1.0}}, "a lambda has no name"),
        ({"what": "isometry-gap-step", "batches": [np.ones((3, 3))]}, "isometry-gap-step at width"),
        ({"what": "width-two-law"}, "width-two-law at width 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_before_anything_is_simulated(arguments, says, tmp_path):
    plain = {"what": "gap", "widths": [3], "depths": [2], "networks": 5}
    with pytest.raises((TypeError, ValueError), match=says):
        sweep(**{**plain, **arguments}, store=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_statistic_has_a_name_of_its_own():
    for name, kind in (("gap", "statistic"), ("row-norm-mean", "formula")):
        with pytest.raises(ValueError, match=f"there is a {kind} of this name"):
            statistic(name, "again")(len)


def test_a_network_option_reaches_the_network():
    arguments = {"widths": [4], "depths": [5], "networks": 30}
    plain = sweep("log-gradient-slope", **arguments)
    other = sweep("log-gradient-slope", **arguments, network={"weights": "gaussian"})
    assert other["mean"][0] != plain["mean"][0]


class Idle:
    """An executor that takes what it is given and does nothing."""

    def submit(self, *_call):
        return Future()


@pytest.mark.parametrize(("parts", "given"), [(3, 3), (256, 256), (1000, 256)])
def test_no_more_parts_are_given_out_at_a_time_than_memory_is_meant_for(parts, given):
    part = execution._Part(None, 0, None, 1, None)
    waiting = {}
    assert execution._fill(waiting, iter([part] * parts), Idle())
    assert len(waiting) == given
