"""Batches: what is read, what is refused and how, and how a batch is carried to the width."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse

from derivations.numeric.batch import Batch, BatchError, carry, digits, read_batch
from derivations.numeric.isometry import isometry_gap

TABLE = np.arange(12.0).reshape(3, 4) ** 2


def test_reads_npy(tmp_path):
    np.save(tmp_path / "b.npy", TABLE.astype(int))
    assert np.array_equal(read_batch(tmp_path / "b.npy").values, TABLE)


def test_reads_npz_with_one_array_or_one_called_x(tmp_path):
    np.savez(tmp_path / "one.npz", anything=TABLE)
    np.savez(tmp_path / "two.npz", X=TABLE, y=np.zeros(3))
    assert np.array_equal(read_batch(tmp_path / "one.npz").values, TABLE)
    assert np.array_equal(read_batch(tmp_path / "two.npz").values, TABLE)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["", "a{0}b\n", "\ufeffa{0}b\n"])
def test_reads_csv_with_and_without_header(tmp_path, separator, header):
    text = header.format(separator) + f"1{separator}2.5\n-3e0{separator}4\n\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    assert np.array_equal(read_batch(str(tmp_path / "b.csv")).values, [[1, 2.5], [-3, 4]])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,2\n3,x\n", r"row 2, column 2: 'x' is not a number"),
        ("a,b\n1,2\n3,\n", r"row 3, column 2: '' is not a number"),
        ("1,2\n3\n", r"row 2: 1 cells, expected 2"),
        ("", "is empty"),
        ("a,b\n", "dimension|empty"),
        ("1,nan\n2,3\n", r"not finite; the first is nan in sample 0, feature 1"),
        ("1,2\n-inf,3\n", r"-inf in sample 1, feature 0"),
        ("0,0\n0,0\n", "zero everywhere"),
        ("1e200,1\n1,1\n", r"1e\+200 for its largest entry; scale it"),
        ("1e-80,0\n0,1e-90\n", "1e-80 for its largest entry; scale it"),
    ],
)
def test_bad_csv_is_refused_and_located(tmp_path, text, says):
    (tmp_path / "b.csv").write_text(text)
    with pytest.raises(BatchError, match=says) as caught:
        read_batch(tmp_path / "b.csv")
    assert "b.csv" in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.npy", tmp_path):
        with pytest.raises(BatchError, match="no such file"):
            read_batch(path)


def test_unknown_kind_is_refused(tmp_path):
    (tmp_path / "b.txt").write_text("1 2")
    with pytest.raises(BatchError, match=r"unknown kind '.txt'; expected .npy, .npz, .csv"):
        read_batch(tmp_path / "b.txt")


@pytest.mark.parametrize("name", ["b.npy", "b.npz"])
def test_damaged_file_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"not an array at all")
    with pytest.raises(BatchError, match="cannot be read"):
        read_batch(tmp_path / name)


def test_binary_csv_is_refused(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BatchError):
        read_batch(tmp_path / "b.csv")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.array(["a", "b"]), "not numeric"),
        (np.array([[1j, 2]]), "not numeric"),
        (np.arange(5.0), r"1 dimension, shape \(5,\); expected two: samples × features"),
        (np.zeros((2, 2, 0)), "3 dimensions"),
        (np.zeros((0, 3)), "is empty"),
    ],
)
def test_bad_arrays_are_refused(tmp_path, values, says):
    np.save(tmp_path / "b.npy", values)
    with pytest.raises(BatchError, match=says):
        read_batch(tmp_path / "b.npy")


def test_pickled_objects_are_not_loaded(tmp_path):
    np.save(tmp_path / "b.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(BatchError, match="cannot be read"):
        read_batch(tmp_path / "b.npy")


def test_several_unnamed_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "b.npz", u=TABLE, v=TABLE)
    with pytest.raises(BatchError, match=r"2 arrays \(u, v\); expected one, or one called X"):
        read_batch(tmp_path / "b.npz")


RANDOM = np.random.default_rng(0).standard_normal((6, 6))


def test_square_batch_is_only_transposed():
    carried = carry(Batch(RANDOM, "r"), 6)
    assert np.array_equal(carried.start.X, RANDOM.T)
    assert carried.notes == ()


def test_surplus_samples_are_left_out_and_said():
    carried = carry(Batch(RANDOM[:, :4], "r"), 4)
    assert np.array_equal(carried.start.X, RANDOM[:4, :4].T)
    assert carried.notes == ("the first 4 of 6 samples are used, so that $n = d$",)


def test_every_sample_is_carried_where_the_whole_batch_is_wanted():
    carried = carry(Batch(RANDOM[:, :4], "r"), 4, whole=True)
    assert np.array_equal(carried.start.X, RANDOM[:, :4].T)
    assert carried.notes == ()
    wide = carry(Batch(RANDOM, "r"), 3, whole=True)
    assert wide.start.X.shape == (3, 6)
    assert wide.notes == (
        "carried from 6 features to width 3 by one fixed layer with orthonormal rows",
    )


def test_a_whole_batch_that_spans_too_little_is_said():
    flat = RANDOM[:, :4].copy()
    flat[:, 3] = flat[:, 0]
    note = carry(Batch(flat, "r"), 4, whole=True).notes[-1]
    assert note.startswith("the 6 samples span only 3 of 4 dimensions, so $A = X")


def test_more_features_are_carried_by_orthonormal_rows():
    batch = Batch(RANDOM[:3], "r")
    carried = carry(batch, 3, seed=1)
    layer = carried.start.X @ np.linalg.pinv(RANDOM[:3].T)
    assert carried.start.X.shape == (3, 3)
    assert np.linalg.norm(layer, 2) <= 1 + 1e-12
    assert "orthonormal rows" in carried.notes[0]
    assert np.array_equal(carried.start.X, carry(batch, 3, seed=1).start.X)
    assert not np.allclose(carried.start.X, carry(batch, 3, seed=2).start.X)


def test_fewer_features_are_carried_by_orthonormal_columns_and_are_singular():
    carried = carry(Batch(RANDOM[:, :3], "r"), 6)
    # Orthonormal columns keep all inner products between samples.
    assert np.allclose(carried.start.X.T @ carried.start.X, RANDOM[:, :3] @ RANDOM[:, :3].T)
    assert np.isinf(isometry_gap(carried.start.X))
    assert "3 features for width 6" in carried.notes[-1]


def test_too_few_samples_are_said():
    assert "4 samples for width 6" in carry(Batch(RANDOM[:4], "r"), 6).notes[-1]


def test_dependent_sample_is_named():
    values = RANDOM.copy()
    values[4] = 1e-3 * values[1]
    note = carry(Batch(values, "r"), 6).notes[-1]
    assert "6 samples span only 5 dimensions" in note
    assert "sample 4 " in note


def test_digits_span_the_default_width():
    pytest.importorskip("sklearn")
    carried = carry(digits(), 50)
    assert carried.start.X.shape == (50, 50)
    assert np.isfinite(isometry_gap(carried.start.X))
    assert len(carried.notes) == 2


class Frame:
    """What a data frame or a tensor is to NumPy."""

    def __init__(self, values, fails=None):
        self.values, self.fails = values, fails

    def __array__(self, dtype=None, copy=None):
        if self.fails:
            raise self.fails
        return np.asarray(self.values, dtype=dtype)


@pytest.mark.parametrize(
    "values",
    [
        TABLE,
        TABLE.tolist(),
        Frame(TABLE),
        Frame(TABLE.astype(object)),
        TABLE.astype(np.float32),
        TABLE.astype(int),
        [[Fraction(int(x)) for x in row] for row in TABLE],
    ],
    ids=["array", "rows", "frame", "frame of objects", "floats", "integers", "fractions"],
)
def test_batch_may_be_anything_that_numpy_takes(values):
    batch = Batch(values)
    assert batch.values.dtype == float
    assert np.array_equal(batch.values, TABLE)
    assert batch.source == "an array"


def test_batch_keeps_a_copy():
    values = TABLE.copy()
    batch = Batch(values)
    values[0, 0] = 7.0
    assert np.array_equal(batch.values, TABLE)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([[1, 2], [3]], "no array of numbers"),
        ([[1, "x"]], "not numeric: its entries are <U"),
        ([[1, None]], "None is not a number"),
        ([[1, 2j]], "not numeric: its entries are complex128"),
        (Frame(TABLE, RuntimeError("it requires grad")), "no array of numbers: it requires grad"),
        (np.ma.masked_array(TABLE, TABLE > 5), "masked entries"),
        (scipy.sparse.eye_array(3), "is not a number"),
        ({"a": 1}, "is not a number"),
        (5, "0 dimensions"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(values, says):
    with pytest.raises(BatchError, match=says):
        Batch(values)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"width": 0}, ValueError, "width = 0: expected an integer, at least 1"),
        ({"width": 2.5}, TypeError, "width = 2.5"),
        ({"seed": -1}, ValueError, "seed = -1"),
        ({"batch": TABLE}, TypeError, r"batch is a ndarray: expected Batch\(values\)"),
    ],
)
def test_what_cannot_be_carried_is_refused(given, error, says):
    with pytest.raises(error, match=says):
        carry(**{"batch": Batch(TABLE), "width": 2, **given})


@pytest.mark.parametrize("path", [5, None, ["b.npy"]])
def test_a_path_is_a_name(path):
    with pytest.raises(TypeError, match=r"expected the name of a file, such as 'batch.npy'"):
        read_batch(path)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("1,2\n3,5\n".encode("utf-16"), r"is no UTF-8 text \(byte 0\); save it as UTF-8"),
        (b"1 2.5\n3 5\n", "cells are separated by commas, semicolons or tabs"),
        (b"a\n1 2.5\n3 5\n", "cells are separated by commas, semicolons or tabs"),
        (b"\n\n", "the file is empty"),
        (b'"a,b\n1,2\n', "cannot be read: unexpected end of data"),
        (b"1,2\n3\0,4\n", "is not a number"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, data, says):
    (tmp_path / "b.csv").write_bytes(data)
    with pytest.raises(BatchError, match=says) as caught:
        read_batch(tmp_path / "b.csv")
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(BatchError, match="no such file, it is a folder"):
        read_batch(tmp_path / "b.csv")
