"""The tool that mutates: what it changes, which tests it runs, and that it resumes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray", reason="the extra `mutants` is not installed")

from mutants import equivalent
from mutants.places import Mutation, mutation, places, sample, statement_lines
from mutants.report import Tried, share, summary
from mutants.touching import Touching
from mutants.trying import KILLED, SURVIVED, TIMEOUT, Verdict

ROOT = Path(__file__).parent.parent.parent

SOURCE = '''\
"""A module: 1 + 1."""

from __future__ import annotations
from functools import lru_cache

__all__ = ["first"][0:1]
LIMIT = 3


@lru_cache(maxsize=64)
def first(n: int | None = 5) -> int | str:
    """Return 2 + 2."""
    if n > LIMIT:
        raise ValueError(f"n = {n + 1}: too large")
    x: int | str = n * 2
    list(zip((), (), strict=True))
    return (
        x
        + 7
    )


if __name__ == "__main__":
    first(1)
'''


def changes(source=SOURCE, **options):
    """Every change that some seed makes."""
    found = set()
    for place in places("pkg/module.py", source):
        for seed in range(20):
            one = mutation(place, source, seed)
            if one:
                found.add((one.function, one.removed, one.added))
    return found


def test_only_what_a_test_can_see_is_mutated():
    lines = {line for _, removed, _ in changes() for line in removed}
    assert lines == {
        "LIMIT = 3",
        "def first(n: int | None = 5) -> int | str:",
        "if n > LIMIT:",
        "x: int | str = n * 2",
        "+ 7",
    }


def test_annotations_keep_their_bars():
    added = {line for _, _, added in changes() for line in added}
    assert all("int | str" in line for line in added if line.startswith(("def", "x:")))


def test_every_change_compiles_and_is_another_program():
    for place in places("pkg/module.py", SOURCE):
        one = mutation(place, SOURCE, 0)
        changed = one.applied(SOURCE)
        compile(changed, "mutant", "exec")
        assert changed != SOURCE
        assert one.removed and one.added


def test_no_operator_of_bits_takes_the_place_of_an_arithmetic_one():
    added = " ".join(line for _, _, added in changes("a = b + c\n") for line in added)
    assert added and not set("|&^<>") & set(added)


def test_a_larger_sample_contains_a_smaller_one_and_other_code_does_not_change_it():
    before = [p.name for p in sample(places("m.py", SOURCE), 7)]
    assert sorted(before) != before or len(before) < 2
    longer = SOURCE.replace("LIMIT = 3", "OTHER = 4\nLIMIT = 3")
    after = [p.name for p in sample(places("m.py", longer), 7) if "OTHER" not in p.name]
    assert after == before
    assert [p.name for p in sample(places("m.py", SOURCE), 8)] != before


def test_names_of_places_are_distinct():
    twice = "def f(a):\n    return a + 1\n\n\ndef g(a):\n    return a + 1\n    return a + 1\n"
    names = [place.name for place in places("m.py", twice)]
    assert len(set(names)) == len(names) == 6


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("LIMIT = 3", range(7, 8)),
        ("n: int | None = 5", range(10, 12)),
        ("n > LIMIT", range(13, 14)),
        ("+ 7", range(17, 21)),
    ],
)
def test_the_lines_of_a_statement(text, lines):
    row = next(n for n, line in enumerate(SOURCE.splitlines(), 1) if text in line)
    assert statement_lines(SOURCE, (row, 0)) == lines


# Which tests -------------------------------------------------------------------------------------

ONE = Mutation("pkg/a/m.py", "f", (3, 4), (3, 5), "op", 0, ("x + 1",), ("x - 1",))
CODE = "def f(x):\n    y = x\n    x + 1\n"


def unit(*tests, lines):
    return {
        "tests": [
            {"id": name, "passed": ok, "failed": not ok, "seconds": seconds, "alone": alone}
            for name, seconds, ok, alone in tests
        ],
        "lines": {"pkg/a/m.py": lines},
    }


def test_tests_are_those_that_run_the_line_and_near_ones_come_first():
    found = Touching(
        {
            "tests/pkg/b/test_far.py": unit(
                ("far-slow", 9.0, True, True),
                ("far-fast", 1.0, True, True),
                ("other-line", 0.1, True, True),
                ("fails", 0.1, False, True),
                ("starts a process", 20.0, True, False),
                lines={"3": [0, 1, 3], "2": [2]},
            ),
            "tests/pkg/a/test_near.py": unit(("near", 3.0, True, True), lines={"3": [0]}),
            "tests/test_nothing.py": unit(("none", 0.1, True, True), lines={}),
        }
    )
    tests = [test.id for test in found.tests(ONE, CODE)]
    assert tests == ["near", "far-fast", "far-slow", "starts a process"]
    assert [t.id for t in found.tests(ONE, CODE, {"near"})] == tests[1:]


def test_tests_of_what_the_module_names_come_first():
    tests = [
        ("tests/test_all.py::test_text[two-laws]", 0.1, True, True),
        ("tests/test_all.py::test_step[width-two-law]", 2.0, True, True),
        ("tests/test_all.py::test_step[width-one-law]", 1.0, True, True),
        ("pkg/a/m.py::pkg.a.m.f", 4.0, True, True),
    ]
    found = Touching({"tests/test_all.py": unit(*tests, lines={"3": [0, 1, 2, 3]})})
    code = CODE + 'NAME = "width-two-law"\n'
    first = [test.id.partition("::")[2] for test in found.tests(ONE, code)]
    assert first == [
        "pkg.a.m.f",
        "test_text[two-laws]",
        "test_step[width-two-law]",
        "test_step[width-one-law]",
    ]


def test_a_line_that_runs_at_import_counts_for_every_test_of_the_process():
    tests = [("a", 1.0, True, True), ("b", 2.0, True, True)]
    found = Touching({"tests/test_x.py": unit(*tests, lines={"3": [-1]})})
    assert [test.id for test in found.tests(ONE, CODE)] == ["a", "b"]


# Equivalent mutations and the report -------------------------------------------------------------

ENTRY = f"# A comment.\n\n{equivalent.entry(ONE)}\n= it is\n= never used\n"


def test_an_equivalent_mutation_is_known_in_another_folder_and_at_another_line(tmp_path):
    (tmp_path / "list.txt").write_text(ENTRY)
    reasons = equivalent.read(tmp_path / "list.txt")
    moved = Mutation("pkg/b/m.py", "f", (8, 4), (8, 5), "op", 4, ("x + 1",), ("x - 1",))
    assert reasons[ONE.key] == reasons[moved.key] == "it is never used"
    assert equivalent.stale(reasons, {"pkg/a/m.py": CODE}) == []
    assert equivalent.stale(reasons, {"pkg/a/m.py": "x + 2\n"}) == [ONE.key]


@pytest.mark.parametrize(
    "text",
    ["m.py: f\n- a\n+ b\n", "m.py f\n- a\n= why\n", "m.py: f\n+ b\n= why\n", "m.py: f\n- a\nwhy\n"],
)
def test_an_entry_without_its_parts_is_refused(text, tmp_path):
    (tmp_path / "list.txt").write_text(text)
    with pytest.raises(ValueError, match="expected 'file: function'"):
        equivalent.read(tmp_path / "list.txt")


def test_the_committed_list_can_be_read():
    assert all(equivalent.read().values())


def test_equivalent_mutations_do_not_count_and_survivors_are_shown():
    tried = [
        Tried(ONE, Verdict(KILLED, "t"), 3),
        Tried(ONE, Verdict(TIMEOUT, "t"), 3),
        Tried(ONE, Verdict(SURVIVED), 3),
        Tried(ONE, Verdict(SURVIVED), 3, "no difference"),
    ]
    assert share(tried) == pytest.approx(2 / 3)
    text = summary(tried)
    assert "survived 3 tests:\npkg/a/m.py:3: f\n- x + 1\n+ x - 1" in text
    assert "= no difference" in text
    assert "4 mutations: 2 killed (1 by time), 1 survived, 1 equivalent; 66.7% killed" in text


# A whole run -------------------------------------------------------------------------------------

MODULE = """\
from functools import cache


def double(n):
    return n * 2


@cache
def seen(n):
    return n + 3


def unseen(n):
    return n - 5


def until(n):
    while n > 0:
        n -= 1
    return n
"""
TESTS = """\
import subprocess, sys

from weingarten.small import double, seen


def test_double():
    assert double(3) == 6


def test_seen_but_not_checked():
    seen(1)


def test_seen_but_not_checked_either():
    seen(1)
"""


def run(folder, *arguments):
    process = subprocess.run(
        [sys.executable, "-m", "mutants", "--seed", "1", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return process.returncode, process.stdout + process.stderr


def test_a_run_finds_what_is_not_tested_leaves_the_tree_alone_and_resumes(tmp_path):
    shutil.copytree(ROOT / "mutants", tmp_path / "mutants", ignore=shutil.ignore_patterns("__*"))
    (tmp_path / "mutants" / "__init__.py").touch()
    (tmp_path / "mutants" / "__main__.py").write_bytes(
        (ROOT / "mutants" / "__main__.py").read_bytes()
    )
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\ntestpaths = ["tests"]\n')
    (tmp_path / ".gitignore").write_text(".mutants/\n")
    for name, text in {"weingarten/small.py": MODULE, "tests/test_small.py": TESTS}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    (tmp_path / "weingarten" / "__init__.py").touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    status, output = run(tmp_path, "--only", "double|seen")
    assert status == 1
    assert (tmp_path / "weingarten" / "small.py").read_text() == MODULE
    assert "SURVIVED, no test runs it weingarten/small.py:14" in output
    assert "SURVIVED weingarten/small.py:10" in output
    assert "killed weingarten/small.py:5 by tests/test_small.py::test_double" in output
    assert "survived 2 tests:" in output  # the value kept by the cache hides it from neither test

    (tmp_path / "tests" / "test_small.py").write_text(
        TESTS.replace("    seen(1)", "    assert seen(1) == 4")
    )
    status, output = run(tmp_path, "--only", "seen")
    assert "SURVIVED weingarten/small.py:10" not in output
    again = run(tmp_path, "--only", "seen")
    assert "killed weingarten" not in again[1]
    assert again[1].split("\n\n")[1:] == output.split("\n\n")[1:]
