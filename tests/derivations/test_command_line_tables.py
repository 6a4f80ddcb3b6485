"""The command line on tables of text: headers and index columns, found out or stated."""

import numpy as np
import pytest

from derivations import catalogue

pytest.importorskip("click")
pytest.importorskip("rich")
from derivations.cli import inputs
from derivations.numeric.batch import Batch

SQUARE = np.random.default_rng(0).standard_normal((5, 5))


@pytest.fixture
def readings(monkeypatch):
    """Note how a batch is read, and let it say two things about the file."""
    seen = []

    def read_batch(path, **options):
        seen.append((str(path), options))
        return Batch(SQUARE, str(path), ("row 1 is a header", "column 1 is an index"))

    monkeypatch.setattr(inputs, "read_batch", read_batch)
    return seen


@pytest.mark.parametrize(
    ("flags", "header", "index"),
    [
        ((), None, None),
        (("--header",), True, None),
        (("--no-header", "--index"), False, True),
        (("--no-index",), None, False),
    ],
)
@pytest.mark.parametrize(
    "command", [("evaluate", "row-norm-mean"), ("check", "row-norm-mean", "--samples", 50)]
)
def test_header_and_index_are_handed_on(call, readings, command, flags, header, index):
    status, _, err = call(*command, "--batch", "b.csv", *flags)
    assert status == 0
    assert readings == [("b.csv", {"header": header, "index": index})]
    assert "batch: row 1 is a header\nbatch: column 1 is an index\n" in err


@pytest.mark.parametrize(
    ("head", "index", "flags", "notes"),
    [
        ("", "", (), 0),
        ("a,b,c\n", "", (), 1),
        ("0,1,2\n", "", (), 1),
        ("0,1,2\n", "", ("--header",), 0),
        (",0,1,2\n", "{},", (), 2),
        (",0,1,2\n", "{},", ("--header", "--index"), 0),
    ],
)
def test_table_of_a_data_frame_is_read_as_its_data(call, tmp_path, head, index, flags, notes):
    rows = [[1.5, 2, 3], [0.5, 1, 4], [2, 2.5, 1]]
    lines = [index.format(n) + ",".join(map(str, row)) + "\n" for n, row in enumerate(rows)]
    (tmp_path / "b.csv").write_text(head + "".join(lines))
    (tmp_path / "plain.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    status, out, err = call("evaluate", "row-norm-variance", "--batch", tmp_path / "b.csv", *flags)
    plain_out = call(
        "evaluate", "row-norm-variance", "--batch", tmp_path / "plain.csv", "--no-header",
        "--no-index",
    )[1]  # fmt: skip
    assert (status, out) == (0, plain_out)
    said = [line for line in err.splitlines() if "header" in line or "index" in line]
    assert len(said) >= notes
    assert all(line.startswith("batch: ") for line in said)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,2\n5,3\n2,8\n", "say --header if it is a header, or --no-header if it is a sample"),
        ("0,5\n1,3\n2,8\n", "say --index if it is an index, or --no-index if it is a feature"),
        ("1,x\n5,3\n", "if the first line is a header, say --header"),
        ("a,a\n0,1\n.5,.7\n", "or say --header if only the first is one"),
    ],
)
@pytest.mark.parametrize("command", [("evaluate", "row-norm-mean"), ("check", "row-norm-mean")])
def test_what_is_asked_about_a_table_names_options(call, tmp_path, command, text, says):
    (tmp_path / "b.csv").write_text(text)
    status, out, err = call(*command, "--batch", tmp_path / "b.csv")
    assert (status, out) == (2, "")
    assert says in err and "True" not in err and "False" not in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("0,1,2\n5,3,1\n2,8,4\n6,1,7\n", ["--no-header"]),
        ("0,1\n2,3\n4,5\n", ["--header"]),
        ("0,5.5\n1,7\n2,8\n", ["--no-index"]),
        ("0,5.5\n1,7\n", ["--index"]),
    ],
)
def test_what_is_said_about_a_table_names_options(call, tmp_path, text, flags):
    (tmp_path / "b.csv").write_text(text)
    status, _, err = call("evaluate", "row-norm-mean", "--batch", tmp_path / "b.csv")
    assert status == 0
    assert all(f"say {flag}\n" in err for flag in flags)
    assert "True" not in err and "False" not in err


def test_flags_overrule_what_would_be_found_out(call, tmp_path):
    (tmp_path / "b.csv").write_text("0,1,2\n5,3,1\n2,8,4\n6,1,7\n")
    arguments = ("evaluate", "row-norm-mean", "--width", 3, "--batch", tmp_path / "b.csv")
    values = [call(*arguments, *flags)[1] for flags in ((), ("--header",), ("--no-header",))]
    assert values[0] == values[1] != values[2]


def test_report_says_how_the_batch_was_read(call, readings, monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(inputs, "catalogue", {"entry-same-row": catalogue["entry-same-row"]})
    small = ("--width", 5, "--depth", 1, "--networks", 1, "--samples", 50, "--out", tmp_path)
    assert call("report", "--batch", "b.csv", "--header", "--no-index", *small)[0] == 0
    assert readings == [("b.csv", {"header": True, "index": False})]
    for shown in ("index.html", "formulas.tex"):
        text = (tmp_path / shown).read_text(encoding="utf-8")
        assert "row 1 is a header" in text and "column 1 is an index" in text
