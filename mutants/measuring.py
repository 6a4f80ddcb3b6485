"""A pytest plugin: which test runs which line.

What a cache of another test would hide is run again: caches are emptied before each test. Lines
that run while modules are imported, tests collected or shared fixtures set up count for every test
of the process, as does everything for a test that starts a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import pytest
from coverage import Coverage
from coverage.exceptions import CoverageWarning

from mutants.pytest_common import check_packages, limit_memory
from mutants.tree import PACKAGES

ROOT = Path.cwd().resolve()
#: Context of lines that count for every test.
SHARED = ""

limit_memory()
_coverage = Coverage(
    data_file=None, include=[str(ROOT / name / "*") for name in PACKAGES], config_file=False
)
_coverage.start()
_tests: dict[str, dict[str, Any]] = {}
#: Seconds that each shared fixture takes.
_shared: list[float] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Attribute lines to the test that runs them."""
    _empty_caches()
    test = _tests[item.nodeid] = {"passed": False, "failed": False}
    processes, start = _time_of_processes(), perf_counter()
    _coverage.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        _coverage.switch_context(SHARED)
        test["seconds"] = round(perf_counter() - start, 4)
        test["alone"] = _time_of_processes() == processes


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[Any]:
    """Let what a fixture does for several tests count for all of them."""
    if fixturedef.scope == "function":
        return (yield)
    start = perf_counter()
    _coverage.switch_context(SHARED)
    try:
        return (yield)
    finally:
        _shared.append(perf_counter() - start)
        _coverage.switch_context(next(reversed(_tests), SHARED))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep which tests can find a fault: those that pass without one."""
    test = _tests[report.nodeid]
    if report.failed:
        test["failed"] = True
    if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
        test["passed"] = True


def pytest_sessionfinish() -> None:
    """Write what was measured."""
    _coverage.stop()
    check_packages(ROOT, PACKAGES)
    with warnings.catch_warnings():
        # Where all tests of a file are skipped, no line runs.
        warnings.simplefilter("ignore", CoverageWarning)
        data = _coverage.get_data()
    place = {nodeid: at for at, nodeid in enumerate(_tests)}
    lines: dict[str, dict[int, list[int]]] = {}
    for file in sorted(data.measured_files()):
        name = Path(file).relative_to(ROOT).as_posix()
        lines[name] = {
            line: sorted(place.get(context, -1) for context in contexts)
            for line, contexts in data.contexts_by_lineno(file).items()
        }
    tests = [{"id": nodeid, **test} for nodeid, test in _tests.items()]
    found = {"tests": tests, "lines": lines, "shared": round(sum(_shared), 4)}
    Path(os.environ["MUTANTS_MEASURED"]).write_text(json.dumps(found), encoding="utf-8")


def _time_of_processes() -> float:
    """Return the processor time of processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _empty_caches() -> None:
    ours = f"{ROOT}{os.sep}"
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        if file and file.startswith(ours):
            for value in vars(module).values():
                for held in (value, *(vars(value).values() if isinstance(value, type) else ())):
                    if callable(getattr(held, "cache_clear", None)):
                        held.cache_clear()
    if "sympy" in sys.modules:
        sys.modules["sympy.core.cache"].clear_cache()
