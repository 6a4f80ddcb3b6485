"""Tables of text as batches: headers, index columns, and what is missing or no number."""

import json
from pathlib import Path

import numpy as np
import pytest

from derivations.numeric.batch import BatchError, carry, read_batch

TABLE = np.arange(12.0).reshape(3, 4) ** 2


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
