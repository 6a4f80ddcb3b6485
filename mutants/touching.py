"""Which tests run which line: measured once, file of tests by file of tests, and kept.

A file of tests is measured again when it has changed; all are when anything else has that a test
could depend on.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mutants.places import Mutation, statement_lines
from mutants.processes import Processes
from mutants.tree import PACKAGES, commit, digest, modules, test_paths

#: Seconds for the tests of one file, lines counted.
MEASURING = 1800
#: A test near the mutated module goes before another one that takes up to so many times less, for
#: each of the ways in which it is near.
NEAR = 4.0


@dataclass(frozen=True)
class Unit:
    """Files whose tests run in one process: one file of tests, or the doctests of a folder."""

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Test:
    """A test that passes where nothing is mutated."""

    id: str
    unit: str
    seconds: float
    #: What fixtures take that it shares with other tests of its unit.
    shared: float = 0.0


@dataclass
class Touching:
    """What was measured, by unit."""

    found: dict[str, Any] = field(default_factory=dict)

    def tests(self, mutation: Mutation, source: str, except_for: Iterable[str] = ()) -> list[Test]:
        """Return the tests that can see a mutation, those near the module and fast ones first."""
        out = set(except_for)
        lines = statement_lines(source, mutation.start)
        touching = [
            test
            for unit in self.found
            for test in self._in_unit(unit, mutation.file, lines)
            if test.id not in out
        ]
        return _ordered(touching, mutation.file, source)

    def all_tests(self) -> list[Test]:
        """Return the tests that can kill."""
        return [
            Test(test["id"], unit, test["seconds"], found.get("shared", 0.0))
            for unit, found in self.found.items()
            for test in found["tests"]
            if _can_kill(test)
        ]

    def failing(self) -> list[str]:
        """Return the tests that fail without any mutation."""
        return [t["id"] for unit in self.found.values() for t in unit["tests"] if t["failed"]]

    def measured(self) -> str:
        """Return when and on which commits the measurement was made."""
        days = sorted({unit["date"][:10] for unit in self.found.values()})
        commits = sorted({unit["commit"] for unit in self.found.values()})
        return f"{days[0]}{' to ' + days[-1] if len(days) > 1 else ''} on {', '.join(commits)}"

    def _in_unit(self, unit: str, file: str, lines: range) -> list[Test]:
        found = self.found[unit]
        counts = found["lines"].get(file, {})
        here = {at for line in lines for at in counts.get(str(line), ())}
        return [
            Test(test["id"], unit, test["seconds"], found.get("shared", 0.0))
            for at, test in enumerate(found["tests"])
            if _can_kill(test) and (at in here or -1 in here or not test["alone"])
        ]


def units(names: Iterable[str], root: Path) -> list[Unit]:
    """Return what pytest collects by itself, one file of tests or one folder of modules each.

    The tests of this tool are not among them: they start it.
    """
    names = [name for name in names if not name.startswith("tests/mutants/")]
    sources = set(modules(names))
    grouped: dict[str, list[str]] = {}
    for path in test_paths(root):
        for name in names:
            if name != path and not name.startswith(f"{path}/"):
                continue
            if name in sources:
                grouped.setdefault(f"doctests of {Path(name).parent.as_posix()}", []).append(name)
            elif name == path or Path(name).match("test_*.py"):
                grouped.setdefault(name, []).append(name)
    return [Unit(name, tuple(files)) for name, files in grouped.items()]


def measure(
    copy: Path,
    names: list[str],
    kept: Path,
    workers: Executor,
    processes: Processes,
    progress: Callable[[str], None],
) -> Touching:
    """Measure what is not known yet of a copy of the tree, unit by unit."""
    all_units = units(names, copy)
    of_tests = {file for unit in all_units for file in unit.files} - set(modules(names))
    others = [name for name in names if name not in of_tests and _counts(name)]
    common = digest(others, copy)
    kept.mkdir(parents=True, exist_ok=True)
    result = Touching()
    todo = []
    for unit in all_units:
        key = f"{common}-{digest(unit.files, copy)}"
        file = kept / f"{hashlib.sha256(unit.name.encode()).hexdigest()[:16]}.json"
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if known.get("key") == key:
            result.found[unit.name] = known
        else:
            todo.append((unit, file, key))
    calls = [workers.submit(_measured, processes, copy, *task) for task in todo]
    for at, ((unit, _, _), call) in enumerate(zip(todo, calls, strict=True), start=1):
        result.found[unit.name] = call.result()
        progress(f"measuring which tests run which lines: {at}/{len(todo)} {unit.name}")
    return result


def _counts(name: str) -> bool:
    """Return whether what a test does can depend on a file."""
    first, *rest = name.split("/")
    return first in (*PACKAGES, "tests", "pyproject.toml") and rest[:1] != ["mutants"]


def _measured(processes: Processes, copy: Path, unit: Unit, file: Path, key: str) -> dict[str, Any]:
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    _, output = processes.pytest(
        copy,
        ["-p", "mutants.measuring", *unit.files],
        MEASURING,
        MUTANTS_MEASURED=str(part),
        COVERAGE_CORE="ctrace",
    )
    if not part.exists():
        raise RuntimeError(f"the tests of {unit.name} could not be run:\n{output}")
    found: dict[str, Any] = json.loads(part.read_text(encoding="utf-8"))
    found |= {
        "key": key,
        "unit": unit.name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
    }
    part.write_text(json.dumps(found), encoding="utf-8")
    part.replace(file)
    return found


def _can_kill(test: dict[str, Any]) -> bool:
    return bool(test["passed"] and not test["failed"])


def _ordered(tests: Iterable[Test], file: str, source: str) -> list[Test]:
    """Sort tests by time; the repeats of one with other arguments, which find the same, wait."""
    spent: dict[str, float] = defaultdict(float)
    ranked = []
    named = _names(source)
    for test in sorted(tests, key=lambda test: (test.seconds, test.id)):
        function = test.id.partition("[")[0]
        spent[function] += test.seconds
        near = _nearness(test, file, named)
        time = test.seconds if near > 2 else spent[function]
        ranked.append((time / NEAR**near, test.id, test))
    return [test for _, _, test in sorted(ranked, key=lambda item: item[:2])]


def within(tests: list[Test], seconds: float) -> list[Test]:
    """Return the first of some tests that take no more than so many seconds together.

    Examples
    --------
    >>> tests = [Test("a", "u", 1.0), Test("b", "u", 2.0), Test("c", "u", 4.0)]
    >>> [test.id for test in within(tests, 5.0)]
    ['a', 'b']
    """
    kept, total = [], 0.0
    for test in tests:
        total += test.seconds
        if total > seconds and kept:
            break
        kept.append(test)
    return kept


def _names(source: str) -> list[str]:
    """Return what a module names by strings such as ``"width-two-law"``: its formulas."""
    found = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return sorted(text for text in found if re.fullmatch(r"\w+(-\w+)+", text))


def _nearness(test: Test, file: str, named: Iterable[str]) -> int:
    """Return in how many ways a test is near a module: by its folder, file name, arguments.

    A doctest of the module is near in all; a test of one thing that the module names in two.
    """
    if test.id.startswith(f"{file}::"):
        return 3
    folder, _, module = file.removesuffix(".py").rpartition("/")
    unit_folder, _, unit = test.unit.rpartition("/")
    subject = unit.removeprefix("test_").removesuffix(".py")
    arguments = test.id.partition("[")[2]
    return (
        (unit_folder != "tests" and f"tests/{folder}/".startswith(f"{unit_folder}/"))
        + (subject in module or module in subject)
        + 2 * any(name in arguments for name in named)
    )
