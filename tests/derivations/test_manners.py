"""What a command says where it cannot write, or where a terminal lacks signs."""

import io
import os
import re
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sympy import Rational, symbols

pytest.importorskip("click")
import derivations
from derivations import catalogue
from derivations.cli import run
from derivations.cli.inspect import _facts
from derivations.cli.streams import in_letters
from derivations.numeric.batch import Batch, carry
from derivations.point import Point
from weingarten import E, HaarOrthogonal, crosscheck, estimate

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)
WG = ["wg", "orthogonal", "2,1"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_in_one_line(capsys, monkeypatch):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run(WG) == 2
    said = "weingarten: the output cannot be written: No space left on device\n"
    assert capsys.readouterr().err == said


def test_a_reader_that_has_enough_is_no_error(capsys, monkeypatch):
    read, write = os.pipe()
    os.close(read)
    closed = os.fdopen(write, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", closed)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    assert run(WG) == 0
    with suppress(BrokenPipeError):
        closed.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("λ₁ ≤ d⁻¹", "lambda_1 <= d^-1"),
        ("E[Wᵢⱼ² Wₖₗ²]", "E[W_ij^2 W_kl^2]"),
        ("X Xᵀ ≈ 0.5 ± 1", "X X^T ~ 0.5 +/- 1"),
        ("Δ, Σ, ∑ over √n → ∞", "Delta, Sum, sum over sqrtn -> oo"),
        ("naïve × 𝔼", "naive x E"),
        ("Xₗ₊₁ x⁻¹ yⁿ⁻¹ W₁₂", "X_(l+1) x^-1 y^(n-1) W_12"),
        ("plain text", "plain text"),
        ("中", "?"),
    ],
)
def test_signs_in_letters(text, letters):
    assert in_letters(text) == letters


def test_all_signs_that_are_written_somewhere_have_letters():
    package = Path(derivations.__file__).parent
    files = [file for part in ("formulas", "writing", "cli") for file in (package / part).glob("*")]
    texts = [file.read_text(encoding="utf-8") for file in files if file.suffix == ".py"]
    signs = set().union(*texts) - {"?"}
    assert len(signs) > 130
    assert {sign for sign in signs if "?" in in_letters(sign)} == set()


def test_a_terminal_of_ascii_gets_formulas_on_one_line(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run(["derive", "row-norm-variance", "--steps"]) == 0
    out = terminal.buffer.getvalue().decode("ascii")
    assert "Var(a_i) = 2 (d p_2 - p_1^2)/(d^2 (d + 2))\n" in out
    assert not re.search(r"^ *---+$", out, re.MULTILINE)  # no fraction in two dimensions


def test_letters_above_a_table_stand_in_one_column_in_ascii_too(monkeypatch):
    for encoding in ("ascii", "utf-8"):
        terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", terminal)
        assert run(["check", "row-norm-mean", "row-norm-inverse-moment", "--samples", "100"]) == 0
        out = terminal.buffer.getvalue().decode(encoding)
        head = out.partition("\n\n")[0].splitlines()
        assert all(line[14] == " " and line[15] != " " for line in head)
        row_norm = "  a_i " if encoding == "ascii" else "  aᵢ "
        assert sum(line.startswith(row_norm) for line in head) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", "--out", "{tmp}/file"), "is a file; expected a folder"),
        (("figures", "--out", "{tmp}/file"), "is a file; expected a folder"),
        (("report", "--out", "{tmp}/file/below"), "is a file; expected a folder"),
        (("report", "--out", "{tmp}/page"), "holds index.html, which no report wrote"),
        (("derive", "--all", "--latex", "--out", "{tmp}"), "is a folder; expected a file"),
        (("derive", "--all", "--latex", "--out", "{tmp}/file"), "not one that this command wrote"),
        (("derive", "--all", "--latex", "--out", "{tmp}/file/x.tex"), "is a file; expected a"),
    ],
)
def test_what_is_there_is_kept(call, tmp_path, arguments, says):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<p>mine")
    status, out, err = call(*(a.format(tmp=tmp_path) for a in arguments))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert (tmp_path / "file").read_text() == "mine"


def test_warnings_are_lines_of_the_command(call):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        status, out, err = call("expect", "W[0,0]**2", "--given", "symmetric(A)")
    assert (status, out) == (0, "1/d\n")
    assert err.endswith(
        "\nweingarten: given: Q.symmetric(A) speaks of no constant matrix of expr\n"
    )


def test_arguments_in_the_wrong_place_are_pointed_at():
    with pytest.raises(TypeError, match=r"crosscheck\(expr, exact=1/3\)"):
        crosscheck(W[0, 0] ** 2, Rational(1, 3))
    with pytest.raises(ValueError, match=r"crosscheck\(expr, exact=1\)"):
        crosscheck(d * W[0, 0] ** 2, 1, at={d: 3})
    with pytest.raises(TypeError, match=r"estimate\(expr, at=\.\.\.\)"):
        estimate(W[0, 0] ** 2, {d: 3})
    with pytest.raises(TypeError, match=r"crosscheck\(expr, at=\.\.\.\)"):
        crosscheck(W[0, 0] ** 2, {d: 3})
    with pytest.raises(TypeError, match=r"values of symbols go into at=\{d: 3\}"):
        E(W[0, 0] ** 2, {d: 3})


def test_one_of_a_thing():
    said = _facts(Point.of_input(np.ones((2, 1))))[0]
    assert said == "read as 1 sample × 2 features: n = 1, d = 2"
    (note,) = carry(Batch(np.ones((1, 2))), 2).notes
    assert note.startswith("there is 1 sample for width 2")
    assert "carried from 1 feature to width 2" in carry(Batch([[1.0], [2.0]]), 2).notes[0]


def test_images_are_rows_and_that_is_said(call, tmp_path):
    images = np.random.default_rng(0).standard_normal((6, 2, 2))
    flat = catalogue["row-norm-variance"].evaluate(batch=images.reshape(6, 4))
    with pytest.warns(UserWarning, match="6 × 2 × 2 is taken as 6 samples of 4 features"):
        assert catalogue["row-norm-variance"].evaluate(batch=images) == flat
    np.save(tmp_path / "images.npy", images)
    status, out, err = call("evaluate", "row-norm-variance", "--batch", tmp_path / "images.npy")
    assert (status, float(out)) == (0, pytest.approx(flat, rel=1e-12))
    assert "6 × 2 × 2 is taken as 6 samples of 4 features" in err


def test_parquet(call, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    values = np.random.default_rng(0).standard_normal((5, 3))
    columns = dict(zip("abc", values.T, strict=True))
    path = tmp_path / "batch.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    expected = catalogue["row-norm-variance"].evaluate(batch=values)
    assert float(call("evaluate", "row-norm-variance", "--batch", path)[1]) == expected
    # As pandas writes an index of names.
    indexed = pyarrow.table({**columns, "names": list("vwxyz")})
    indexed = indexed.replace_schema_metadata({"pandas": '{"index_columns": ["names"]}'})
    parquet.write_table(indexed, path)
    status, out, err = call("evaluate", "row-norm-variance", "--batch", path)
    assert (status, float(out)) == (0, expected)
    assert "the column 'names' is read as an index" in err
    for bad, says in (
        ({**columns, "t": list("vwxyz")}, "column 't' holds string, not numbers"),
        ({**columns, "t": [1.0, None, 2.0, 3.0, 4.0]}, "column 't': 1 of its cells are missing"),
    ):
        parquet.write_table(pyarrow.table(bad), path)
        status, out, err = call("evaluate", "row-norm-variance", "--batch", path)
        assert (status, out) == (2, "") and says in err
    path.write_bytes(b"not a table at all")
    assert "cannot be read" in call("evaluate", "row-norm-variance", "--batch", path)[2]


def test_parquet_without_its_package_names_the_extra(call, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "batch.parquet").write_bytes(b"")
    status, _, err = call("evaluate", "row-norm-mean", "--batch", tmp_path / "batch.parquet")
    assert status == 2 and 'pip install "weingarten[parquet]"' in err
