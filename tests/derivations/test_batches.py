"""Batches: what is read, what is refused and how, and how a batch is carried to the width."""

import json
from fractions import Fraction
from pathlib import Path

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
    with pytest.raises(BatchError, match=r"unknown kind '.txt'; expected .npy, .npz or .csv"):
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
        (np.zeros((2, 2, 2)), "3 dimensions"),
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


FRAMES = json.loads((Path(__file__).parent / "data" / "frames.json").read_text())
HEADER = "the first line is read as a header"
INDEX = "the first column is read as an index"
SAMPLE = "; if it is a sample, say header=False"
FEATURE = "; if it is a feature, say index=False"


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        ("pandas", (HEADER, INDEX)),
        ("pandas no index", (HEADER + SAMPLE,)),
        ("pandas no header", (INDEX + FEATURE,)),
        ("pandas neither", ()),
        ("pandas semicolons", (HEADER, INDEX)),
        ("pandas tabs", (HEADER, INDEX)),
        ("pandas named", (HEADER, INDEX)),
        ("pandas named no index", (HEADER,)),
        ("pandas quoted", (HEADER,)),
        ("pandas labelled", (HEADER, INDEX)),
        ("pandas years", (HEADER, INDEX)),
        ("pandas index label", (HEADER, INDEX)),
        ("pandas read and written again", (HEADER, INDEX)),
        ("pandas counts", (HEADER, INDEX)),
        ("pandas counts no index", (HEADER + SAMPLE,)),
        ("pandas counts neither", ()),
        ("polars", (HEADER,)),
        ("polars no header", ()),
    ],
)
def test_what_a_data_frame_library_writes_is_read_as_its_table(tmp_path, kind, notes):
    (tmp_path / "b.csv").write_text(FRAMES["texts"][kind])
    batch = read_batch(tmp_path / "b.csv")
    assert np.array_equal(batch.values, FRAMES["counts" if "counts" in kind else "table"])
    assert batch.notes == notes
    assert carry(batch, 3).notes[: len(notes)] == notes


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("pandas two indices", "first two columns have no name; expected one index column"),
        ("pandas missing", r"row 4, column 2: '' is not a number: the cell is missing"),
        ("pandas decimal commas", r"row 2, column 2: '0,5' is not a number; write decimals with"),
    ],
)
def test_what_would_be_guessed_is_refused(tmp_path, kind, says):
    (tmp_path / "b.csv").write_text(FRAMES["texts"][kind])
    with pytest.raises(BatchError, match=says):
        read_batch(tmp_path / "b.csv")


READ_AS_FEATURE = (
    "the first column counts the samples and is read as a feature; if it is an index, say "
    "index=True"
)


def read_as_sample(shown):
    return f"the first line, {shown}, is read as a sample; if it is a header, say header=True"


FLOATS = "0.5,1.5,2.5\n3.5,4.0,1e-3\n"
CERTAIN = [
    # Lines that go on counting are samples, whichever number they count from.
    ("0,1\n2,3\n4,5\n", [[0, 1], [2, 3], [4, 5]], (read_as_sample("0, 1"),)),
    ("1,2,3\n4,5,6\n7,8,10\n", [[1, 2, 3], [4, 5, 6], [7, 8, 10]], (read_as_sample("1, 2, …"),)),
    ("0.0,1.0\n2.0,3.0\n", [[0, 1], [2, 3]], ()),
    ("5,6,7\n8,9,10\n", [[5, 6, 7], [8, 9, 10]], ()),
    # Integers over columns of fractions name them.
    ("1,2,3\n" + FLOATS, [[0.5, 1.5, 2.5], [3.5, 4, 1e-3]], (HEADER + SAMPLE,)),
    ("0,1,2\n" + FLOATS, [[0.5, 1.5, 2.5], [3.5, 4, 1e-3]], (HEADER + SAMPLE,)),
    ("2019,2020,2021\n" + FLOATS, [[0.5, 1.5, 2.5], [3.5, 4, 1e-3]], (HEADER + SAMPLE,)),
    ("400,410,420\n" + FLOATS, [[0.5, 1.5, 2.5], [3.5, 4, 1e-3]], (HEADER + SAMPLE,)),
    ("1,2\n0.5,1.5\n", [[0.5, 1.5]], (HEADER + SAMPLE,)),
    ("0\n0.5\n1.5\n", [[0.5], [1.5]], (HEADER + SAMPLE,)),
    # The names that a data frame has by itself, over integers too.
    ("0,1,2\n5,3,1\n2,8,4\n", [[5, 3, 1], [2, 8, 4]], (HEADER + SAMPLE,)),
    # A library writes no header as 0.000e+00, and no numbers that do not count.
    ("0.000e+00,1.000e+00\n5.0e0,6.0e0\n", [[0, 1], [5, 6]], ()),
    ("0,2\n5,6\n", [[0, 2], [5, 6]], ()),
    ("2,1\n5,6\n", [[2, 1], [5, 6]], ()),
    ("3,5,7\n5,6,1\n", [[3, 5, 7], [5, 6, 1]], ()),
    ("1,0\n0.5,0.5\n", [[1, 0], [0.5, 0.5]], ()),
    ("5\n6\n7\n", [[5], [6], [7]], ()),
    # An index beside columns that count from anything.
    (",0,1\n0,5,6\n1,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    (",1,2\n1,5,6\n2,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    (",2019,2020\n0,5,6\n1,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    (",1,2\nada,5,6\nbob,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    (",0,1\n101,5,6\n205,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    ("sample,1,2\n0,5,6\n1,7,8\n", [[5, 6], [7, 8]], (HEADER, INDEX)),
    ("0,5.5\n1,7.5\n2,9\n", [[5.5], [7.5], [9]], (INDEX + FEATURE,)),
    ("0,5\n1,7\n", [[0, 5], [1, 7]], (READ_AS_FEATURE,)),
    ('"a\nb","c"\n1,2\n', [[1, 2]], (HEADER,)),
    ("a,b\n1,2,3\n2,4,5\n", [[2, 3], [4, 5]], (HEADER, INDEX)),  # as R writes row names
    ('"","V1"\n"1",5\n"2",6\n', [[5], [6]], (HEADER, INDEX)),
    ("\ufeff;a\n0;1\n", [[1]], (HEADER, INDEX)),
    ("a,b\r\n1,2\r\n\r\n3,4\r\n", [[1, 2], [3, 4]], (HEADER,)),
    ("a|b,c\n1,2\n", [[1, 2]], (HEADER,)),
    ("a,b\n1,2\n0.5,1.5\n", [[1, 2], [0.5, 1.5]], (HEADER,)),
]


@pytest.mark.parametrize(("text", "values", "notes"), CERTAIN)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_header_and_index_are_found_out(tmp_path, text, values, notes, suffix):
    (tmp_path / f"b.{suffix}").write_bytes(text.encode())
    batch = read_batch(tmp_path / f"b.{suffix}")
    assert batch.values.tolist() == values
    assert batch.notes == notes


HEADER_OR_SAMPLE = (
    "may be a header or a sample; say header=True if it is a header, or header=False if it is a "
    "sample"
)


@pytest.mark.parametrize(
    ("text", "header", "sample"),
    [
        ("1,2,3,4,5,6,7,8\n5,3,1,6,2,7,1,9\n", 1, 2),
        ("1,2\n5,6\n7,9\n", 2, 3),
        ("0,1\n5,6\n", 1, 2),
        ("0,1\n0,1\n0,1\n", 2, 3),
        ("0,1,2\n0,1,2\n3,4,5\n", 2, 3),  # a data frame of numpy.arange, or not
        ("0,1,2\n1,0,5\n2,5,0\n", 2, 3),  # a matrix of distances, perhaps
        ("1,2,3\n0.5,1,4\n", 1, 2),
        ("0.0,1.0\n5,6\n", 1, 2),
        ("0.0,1.0,2.0\n0.5,3.0,1.5\n", 1, 2),
        ("1.0,2.0\n0.5,3.0\n", 1, 2),
        ("5,6,7\n1,4,2\n", 1, 2),
        ("0\n5\n6\n", 2, 3),
        ("7,7,3\n0.5,1.5,2.5\n3.5,4.5,1.5\n", 2, 3),
        ("0,0,1,1\n0,1,0,1\n0.5,1.5,2.5,1.0\n3.5,4.5,1.5,1.0\n", 3, 4),
    ],
)
def test_a_first_line_that_may_be_either_is_refused(tmp_path, text, header, sample):
    (tmp_path / "b.csv").write_text(text)
    with pytest.raises(BatchError, match=HEADER_OR_SAMPLE):
        read_batch(tmp_path / "b.csv")
    for given, rows in ((True, header), (False, sample)):
        batch = read_batch(tmp_path / "b.csv", header=given, index=False)
        assert len(batch.values) == rows
        assert batch.notes == ()


@pytest.mark.parametrize("text", ["0,1,2,3\n", "1,2,3", "0;1\n\n"])
def test_a_header_alone_is_no_sample(tmp_path, text):
    (tmp_path / "b.csv").write_text(text)
    with pytest.raises(BatchError, match=r"the only line, .* may be a header with no samples"):
        read_batch(tmp_path / "b.csv")
    with pytest.raises(BatchError, match="it is empty"):
        read_batch(tmp_path / "b.csv", header=True)
    assert len(read_batch(tmp_path / "b.csv", header=False, index=False).values) == 1


@pytest.mark.parametrize(
    "text",
    [
        "0,5\n1,7\n2,9\n",
        "1,5\n2,7\n3,9\n",
        "n,x\n0,.5\n1,.7\n2,.9\n",
        "id,a\n1,5\n2,7\n3,9\n",
        "0.0,5\n1.0,7\n2.0,9\n",
    ],
)
def test_a_first_column_that_may_be_either_is_refused(tmp_path, text):
    (tmp_path / "b.csv").write_text(text)
    says = "may be an index or a feature; say index=True if it is an index, or index=False if it is"
    with pytest.raises(BatchError, match=says):
        read_batch(tmp_path / "b.csv")
    assert read_batch(tmp_path / "b.csv", index=True).values.shape == (3, 1)
    assert read_batch(tmp_path / "b.csv", index=False).values.shape == (3, 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (",a,b\n,x,y\n0,.5,.7\n", "second line holds no numbers"),
        (",a,b\n,0,1\n0,.5,.7\n", "line of numbers has no label in the first column"),
        (",a,a,b\n,0,1,0\n0,.5,.7,.9\n1,.5,.7,.9\n", "name .a. stands twice"),
        ("a,a,b\n0,1,0\n.5,.7,.9\n", "the name 'a' stands twice in the first line"),
        ("a,b\nx,y\n.5,.7\n", "second line holds no numbers"),
        ("one,a,a\ntwo,0,1\n0,.5,.7\n1,.5,.7\n", "the name 'a' stands twice"),
        ("a,b,c\n0,1,2\n.5,.7,.9\n.5,.7,.9\n", "second line is written in integers"),
        ("level,a,b\nother,0,1\n0,.5,.7\n", "row 2, column 1: 'other' is not a number"),
        (
            ",0,0,1\n,0,1,0\n0,.5,.7,.9\n1,.5,.7,.9\n",
            "row 1, column 1: .. is not a number: the cell is missing; if the first",
        ),
    ],
)
def test_a_header_of_two_lines_is_refused(tmp_path, text, says):
    (tmp_path / "b.csv").write_text(text)
    with pytest.raises(BatchError, match=says):
        read_batch(tmp_path / "b.csv")


def test_a_header_of_two_lines_is_refused_when_one_is_given(tmp_path):
    (tmp_path / "b.csv").write_text(",a,b\n,0,1\n0,.5,.7\n")
    with pytest.raises(BatchError, match="no label in the first column"):
        read_batch(tmp_path / "b.csv", header=True)


def test_names_that_stand_twice_are_read_when_the_header_is_given(tmp_path):
    (tmp_path / "b.csv").write_text("a,a\n1,2\n")
    assert read_batch(tmp_path / "b.csv", header=True).values.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("header", "index", "values"),
    [
        (False, False, [[0, 1, 2], [0, 5, 6], [1, 7, 8]]),
        (True, False, [[0, 5, 6], [1, 7, 8]]),
        (False, True, [[1, 2], [5, 6], [7, 8]]),
        (True, True, [[5, 6], [7, 8]]),
    ],
)
def test_what_is_given_is_not_found_out(tmp_path, header, index, values):
    (tmp_path / "b.csv").write_text("0,1,2\n0,5,6\n1,7,8\n")
    batch = read_batch(tmp_path / "b.csv", header=header, index=index)
    assert batch.values.tolist() == values
    assert batch.notes == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,x\n3,4\n", r"row 1, column 2: 'x' is not a number; if the first line is a header, say"),
        ("n,v\nada,1\n", r"row 2, column 1: 'ada' is not a number; if the first column is an ind"),
        (",2.5\n7,8\n", r"row 1, column 1: '' is not a number: the cell is missing"),
        ("1,2\n,\n3,4\n", r"row 2, column 1: '' is not a number: the cell is missing"),
        ("1_000,2\n3,4\n", r"'1_000' is not a number"),
        ("a,b\n1,NA\n", r"row 2, column 2: 'NA' is not a number"),
        ("a,b\n1,\u0661\n", r"is not a number"),
        ('a,b\n1,"2,500"\n', r"'2,500' is not a number; write decimals with a point"),
        ("0,1\n2,3,4\n5,6,7\n", r"row 2: 3 cells, expected 2"),
        ("a,b\n", "header and no samples below it"),
        ("a,b\n1,nan\n", r"first is nan in sample 0, feature 1"),
        ("a,b\n\n1,2\n3\n", r"row 4: 1 cells, expected 2"),
    ],
)
def test_what_is_missing_or_no_number_is_located(tmp_path, text, says):
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BatchError, match=says):
        read_batch(tmp_path / "b.csv")


@pytest.mark.parametrize("name", ["header", "index"])
def test_header_and_index_are_yes_or_no(tmp_path, name):
    np.save(tmp_path / "b.npy", TABLE)
    with pytest.raises(TypeError, match=f"{name} = 0 is none of True, False, None"):
        read_batch(tmp_path / "b.npy", **{name: 0})
    with pytest.raises(BatchError, match=f"a .npy file has no {name}"):
        read_batch(tmp_path / "b.npy", **{name: True})
    assert read_batch(tmp_path / "b.npy", **{name: False}).notes == ()


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
