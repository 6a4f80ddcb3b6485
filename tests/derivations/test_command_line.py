"""The command line: output, exit status, one-line errors, never a traceback."""

import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq, sympify

from derivations import catalogue
from derivations.notation import d, p
from derivations.registry import THEMES

pytest.importorskip("click")
pytest.importorskip("rich")
from derivations.cli import inputs, run
from derivations.cli.main import COMMANDS

SQUARE = np.random.default_rng(0).standard_normal((5, 5))


@pytest.mark.parametrize("command", [(), *[(c,) for c in COMMANDS]])
def test_help_has_an_example(call, command):
    status, out, _ = call(*command, "--help")
    assert status == 0
    assert re.search(r"Examples?:\n +weingarten ", out)


def test_no_command_prints_help(call):
    status, out, _ = call()
    assert (status, out[:6]) == (0, "Usage:")
    assert re.findall(r"^  (\w+) +[A-Z]", out, re.MULTILINE) == list(COMMANDS)


def test_help_is_quick_to_come():
    code = "import sys; from derivations.cli import run; run([]); assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_version(call):
    from importlib.metadata import version

    assert call("--version")[:2] == (0, f"weingarten, version {version('weingarten')}\n")


def test_derive_lists_the_catalogue(call):
    status, out, _ = call("derive")
    assert status == 0
    assert all(name in out for name in catalogue)
    assert max(map(len, out.splitlines())) <= 80


def test_derive_prints_statement_and_steps(call):
    status, out, _ = call("derive", "row-norm-variance", "--steps")
    assert status == 0
    assert out.count("holds (") == len(catalogue["row-norm-variance"].steps)


def test_derive_latex(call):
    assert (
        call("derive", "row-norm-mean", "--latex")[1] == catalogue["row-norm-mean"].latex() + "\n"
    )
    assert r"\item" in call("derive", "row-norm-mean", "--latex", "--steps")[1]


def test_evaluate_exact_and_float(call):
    assert call("evaluate", "row-norm-variance", "--spectrum", "1,2,3")[:2] == (
        0,
        "4/15 ≈ 0.26666666666666666\n",
    )
    assert call("evaluate", "entry-fourth-moment", "--width", 4)[:2] == (0, "1/8 ≈ 0.125\n")
    status, out, _ = call("evaluate", "row-norm-variance", "--spectrum", "1.0, 2, 3")
    assert (status, float(out)) == (0, pytest.approx(4 / 15))
    assert (
        sympify(call("evaluate", "row-norm-mean")[1]) == p(1) / d
        or "p_1/d" in call("evaluate", "row-norm-mean")[1]
    )


def test_evaluate_shows_an_exact_integral_and_its_number(call):
    status, out, _ = call("evaluate", "isometry-gap-step", "--spectrum", "1,4")
    exact, number = out.splitlines()
    assert status == 0
    assert exact.startswith("Integral(")
    expected = catalogue["isometry-gap-step"].evaluate(spectrum=[1.0, 4.0])
    assert float(number.removeprefix("≈ ")) == pytest.approx(expected, rel=1e-12)


def test_evaluate_on_a_batch(call, batch):
    status, out, err = call("evaluate", "isometry-gap-step", "--batch", batch)
    expected = catalogue["isometry-gap-step"].evaluate(
        spectrum=np.linalg.svd(SQUARE, compute_uv=False) ** 2
    )
    assert (status, float(out)) == (0, pytest.approx(expected, rel=1e-10))
    assert "numerical error at most" in err


def test_check_passes(call, monkeypatch):
    of_each_kind = (
        *THEMES["entries"],
        *THEMES["row_norms"],
        "gradient-chain",
        "bn-jacobian-bound",
        "linearised-gap",
        "shaping-slope-sin",
        "width-two-law",
    )
    known = {name: catalogue[name] for name in of_each_kind}
    known["paper-lemma-c9"] = replace(catalogue["paper-lemma-c9"], observe=None)
    monkeypatch.setattr(inputs, "catalogue", known)
    status, out, _ = call("check", "--all", "--samples", 2000, "--width", 6)
    assert status == 0
    assert all(name in out for name in known)
    checked = re.findall(r" (agrees|holds) *$", out, re.MULTILINE)
    assert len(checked) == sum(f.simulated for f in inputs.at_width(list(known.values()), 6)[0])
    assert "it is about width d = 2, and d = 6" in out
    assert "no simulation" in out
    assert max(map(len, out.splitlines())) <= 80


def test_check_names_once_each(call):
    _, out, _ = call("check", "row-norm-mean", "row-norm-mean", "--samples", 100, "--width", 3)
    assert len(re.findall(r"^row-norm-mean$", out, re.MULTILINE)) == 1


def test_failed_check_exits_one(call, monkeypatch):
    true = catalogue["row-norm-mean"]
    wrong = replace(true, statement=Eq(true.statement.lhs, 2 * p(1) / d))
    monkeypatch.setattr(inputs, "catalogue", {"row-norm-mean": wrong})
    status, out, _ = call("check", "--all", "--samples", 500)
    assert status == 1
    assert "DISAGREES" in out


def test_broken_step_exits_one(call, monkeypatch):
    from derivations.formula import Step

    true = catalogue["row-norm-mean"]
    slip = Step(Eq(true.statement.lhs, 2 * p(1) / d), "a slip")
    monkeypatch.setattr(inputs, "catalogue", {"x": replace(true, steps=(*true.steps, slip))})
    assert call("check", "--all", "--samples", 500)[0] == 1
    status, out, _ = call("derive", "x", "--steps")
    assert status == 1
    assert "DOES NOT HOLD" in out


def test_same_seed_same_output(call):
    arguments = ("check", "row-norm-mean", "--samples", 300, "--seed", 5)
    assert call(*arguments) == call(*arguments)
    assert call(*arguments)[1] != call(*arguments[:-1], 6)[1]


def test_report_writes_files_and_prints_a_table(call, batch, monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    few = ("entry-same-row", "row-norm-variance", "row-norm-mean", "gradient-bound")
    monkeypatch.setattr(inputs, "catalogue", {name: catalogue[name] for name in few})
    monkeypatch.setattr("derivations.report.folder.available", lambda: False)
    out_folder = tmp_path / "out"
    status, out, _ = call(
        "report", "--batch", batch, "--width", 5, "--depth", 3, "--networks", 2,
        "--samples", 300, "--out", out_folder,
    )  # fmt: skip
    assert status == 0
    assert str(out_folder / "index.html") in out
    assert (out_folder / "index.html").is_file()
    assert (out_folder / "formulas.tex").is_file()
    about_input = [name for name in few if catalogue[name].depends_on_input]
    assert out.count("first layer") == len(about_input)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("unitary", "2", "--dim", 3), "-1/24"),
        (("unitary", "(1,1)", "--dim", 3), "1/8"),
        (("orthogonal", "1"), "1/d"),
        (("orthogonal", "[1, 2]", "--dim", 3), "-1/42"),
    ],
)
def test_wg(call, arguments, value):
    assert call("wg", *arguments)[:2] == (0, value + "\n")


def test_what_is_written_wrong_is_said_before_the_engine_is_imported():
    code = (
        "import sys; from derivations.cli import run; "
        "print(run(['wg', 'orthogonal', '2,x', '--dim', '5']), 'sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 False\n"
    assert done.stderr.startswith("weingarten: partition '2,x' has a part that is no integer")


def test_wg_latex(call):
    assert call("wg", "unitary", "1", "--latex")[1] == "\\frac{1}{d}\n"


BAD = [
    (("wg", "unitary", "2,x"), "2,x"),
    (("wg", "unitary", "(2,-1)"), "-1"),
    (("wg", "unitary", "0"), "0"),
    (("wg", "unitary", ""), "no parts"),
    (("wg", "orthogonal", "2.5"), "2.5"),
    (("wg", "symplectical", "2"), "symplectical"),
    (("wg", "unitary", "2", "--dim", "0"), "0"),
    (("wg", "unitary", "2", "--dim", "-1"), "-1"),
    (("wg", "unitary", "2", "--dim", "2.5"), "2.5"),
    (("wg", "unitary", "2", "--dim", "x y"), "x y"),
    (("derive", "row-norm-varience"), "row-norm-variance"),
    (("evaluate", "nonsense"), "nonsense"),
    (("evaluate", "row-norm-mean", "--width", "0"), "0"),
    (("evaluate", "row-norm-mean", "--width", "x y"), "x y"),
    (("evaluate", "row-norm-mean", "--spectrum", "1,b"), "'b'"),
    (("evaluate", "row-norm-mean", "--spectrum", "1/0"), "1/0"),
    (("evaluate", "row-norm-mean", "--spectrum", "1,-2.0"), "negative"),
    (("evaluate", "row-norm-mean", "--spectrum", "nan"), "finite"),
    (("evaluate", "row-norm-mean", "--spectrum", ","), "empty"),
    (("evaluate", "row-norm-mean", "--width", "3", "--spectrum", "1,2"), "d = 3"),
    (("evaluate", "isometry-gap-step"), "such as --spectrum 1,2,3, or --batch FILE"),
    (("evaluate", "isometry-gap-step", "--width", "100"), "or --batch FILE"),
    (("evaluate", "isometry-gap-step", "--spectrum", "1,0"), "linearly independent"),
    (("evaluate", "isometry-gap-step", "--batch", "none.npy"), "no such file"),
    (("evaluate", "row-norm-mean", "--header"), "--header says how to read a batch"),
    (("check", "--all", "--no-index"), "--no-index says how to read a batch"),
    (("check",), "--all"),
    (("check", "--all", "--samples", "-5"), "-5"),
    (("check", "--all", "--seed", "-1"), "-1"),
    (("report", "--width", "1"), "1"),
    (("report", "--depth", "0"), "0"),
    (("report", "--batch", "none.csv", "--out", "{tmp}/o"), "no such file"),
    (("report", "--out", "{tmp}/file/o"), "file' is a file; expected a folder"),
    (("report", "--out", "{tmp}/file"), "file' is a file; expected a folder"),
    (("report", "--out", "{tmp}"), "holds formulas.tex, which no report wrote"),
    (("report", "--width", "100000000"), "100000000"),
    (("check", "--all", "--width", "100000000"), "100000000"),
    (("evaluate", "isometry-gap-step", "--batch", "{tmp}"), "it is a folder"),
    (("nonsense",), "no command is called 'nonsense'; known: expect, derive"),
    (("sweeps",), "did you mean sweep? See weingarten --help"),
    (("wg",), "See weingarten wg --help"),
    (("derive", "--nonsense"), "'--nonsense'. See weingarten derive --help"),
    (("expect", "W[0,0]", "--dim", "-1"), "--dim '-1': '-1' is not a positive integer"),
    (("expect", "W[0,0]", "--dim", "2,-1"), "'-1' is not a positive integer"),
    (("check", "row-norm-mean", "--width", "x"), "--width 'x': expected an integer, at least 1"),
    (("check", "row-norm-mean", "--seed", "-1"), "--seed '-1': expected an integer, at least 0"),
    (("paper", "--depth", "-1"), "depth = -1 is out of range"),
    (("paper", "--depth", "+1/2"), "is not an integer; expected an integer of at least 0"),
    (("sweep", "gap", "--width", "", "--depth", "5"), "--width '' is empty"),
    (("sweep", "gap", "--width", "-10", "--depth", "5"), "'-10' is no count"),
    (("check", "--nonsense"), "nonsense"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=lambda value: " ".join(value))
def test_bad_input_is_one_line_and_status_two(call, tmp_path, arguments, says):
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "formulas.tex").write_text("not ours")
    status, out, err = call(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert status == 2
    assert out == ""
    assert says in err
    assert err.startswith("weingarten: ")
    assert err.count("\n") == 1


def test_interrupt_exits_130(call, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("derivations.cli.check.crosscheck", interrupted)
    status, _, err = call("check", "--all")
    assert status == 130
    assert err.strip().endswith("weingarten: interrupted")


def test_output_without_unicode_is_in_letters(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run(["derive"]) == 0
    written = terminal.buffer.getvalue()
    assert b"E[W_ij^4] = " in written and b"?" not in written


def test_report_without_its_packages_names_the_extra():
    packages = ("matplotlib", "jinja2", "latex2mathml")
    code = (
        "import sys\n"
        "from derivations.cli import run\n"
        f"for package in {packages}:\n"
        "    sys.modules[package] = None\n"
        "    assert run(['report']) == 2\n"
        "    del sys.modules[package]\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    lines = result.stderr.splitlines()
    assert len(lines) == len(packages)
    for package, line in zip(packages, lines, strict=True):
        assert line.startswith(f"weingarten: report needs {package}")
        assert "weingarten[report]" in line


def test_table_cuts_no_number(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    true = catalogue["row-norm-mean"]
    far = replace(true, statement=Eq(true.statement.lhs, -123456789 * d / 10**110))
    surely = replace(true, statement=Eq(true.statement.lhs, p(1) * 123456789))
    monkeypatch.setattr(inputs, "catalogue", {"far": far, "surely": surely})
    status, out, _ = call("check", "far", "surely", "--width", 3, "--samples", 200)
    assert status == 1
    assert "…" not in out
    assert " -3.7037037e-102 " in out
    assert " 7.4074073e+08 " in out
    rows = [line for line in out.splitlines() if line.endswith("DISAGREES")]
    assert len(rows) == 2 and " < -999 " in rows[1]


@pytest.mark.parametrize("package", ["click", "rich"])
def test_missing_package_names_the_extra(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "sys.argv = ['weingarten', 'derive']\n"
        "from derivations.__main__ import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "weingarten[cli]" in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_package_is_the_command():
    command = [sys.executable, "-m", "weingarten", "wg", "orthogonal", "2,1", "--dim", "3"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"-1/42\n"


def test_version_is_known_without_click():
    code = (
        "import sys; sys.modules['click'] = None; sys.argv = ['weingarten', '--version']\n"
        "from derivations.__main__ import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.startswith(b"weingarten, version 0.")


def test_paper_prints_a_row_for_each_result(call, batch):
    status, out, _ = call("paper", "--width", 6)
    assert status == 0
    judged = [name for name, formula in catalogue.items() if formula.verdict]
    assert [line.split()[0] for line in out.splitlines() if line.startswith("paper-")] == judged
    assert "factor here: 2, in the distance from 1" in out
    assert f"{len(judged)} results: " in out and "factors at d = 6." in out
    assert call("paper", "--batch", batch)[0] == 0
    singular = batch.with_name("singular.npy")
    np.save(singular, np.ones((4, 3)))
    status, out, _ = call("paper", "--batch", singular)
    assert status == 0 and "says nothing here: it needs d linearly independent samples" in out


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("paper-corollary-4", "--spectrum", "1,3", "--digits", 20), "0.12809267925775129511"),
        (("paper-norm-product", "--spectrum", "1,3"), "31/32"),
        (("paper-theorem-3", "--spectrum", "2,2,2"), "1"),
    ],
)
def test_evaluate_takes_what_the_formula_takes(call, arguments, value):
    status, out, _ = call("evaluate", *arguments)
    assert (status, out[: len(value)]) == (0, value)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("evaluate", "row-norm-mean", "--depth", 3), "row-norm-mean takes no depth; it takes d, "),
        (("evaluate", "entry-same-row", "--spectrum", "1,2"), "takes no spectrum; it takes d and"),
        (("evaluate", "row-norm-mean", "--depth", "x"), "depth 'x': 'x' is not a number"),
        (("check", "row-norm-mean", "--gap", 1), "--gap: no formula that is checked here"),
        (("paper", "--layer", 3, "--depth", 2), "layer = 3 is out of range"),
    ],
)
def test_options_that_do_not_fit_are_refused_in_one_line(call, arguments, says):
    status, out, err = call(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_check_ends_with_one_verdict_on_all(call, tmp_path, monkeypatch):
    from dataclasses import replace

    names = ("row-norm-mean", "row-norm-variance", "row-norm-inverse-moment")
    np.save(tmp_path / "low.npy", np.diag([1.0, 2, 3, 0, 0]))
    arguments = ("--samples", 4000, "--batch", tmp_path / "low.npy")
    status, out, _ = call("check", *names, *arguments)
    said = " ".join(out.split())
    assert status == 0
    assert re.search(r"Seed 0, 4000 draws\. Verdict: all 2 checks agree\. A mean may", said)
    assert "Not judged, since the means settle too slowly: row-norm-inverse-moment (input)." in said
    assert "median of means" in said and " none none unjudged" in said
    # A deviation that one check by itself would not pass may be one of many.
    true = catalogue["row-norm-mean"]
    many = {f"mean-{n}": replace(true, name=f"mean-{n}") for n in range(3)}
    slip = replace(true, name="slip", statement=Eq(true.statement.lhs, 1.1 * p(1) / d))
    monkeypatch.setattr(inputs, "catalogue", {**many, "slip": slip})
    status, out, _ = call("check", "--all", "--samples", 4000)
    said = " ".join(out.split())
    assert status == 1
    assert "1 of 4 checks FAIL" in said and "Failed: slip." in said
