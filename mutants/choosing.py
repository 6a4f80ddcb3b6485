"""A pytest plugin: run the chosen tests in the order given, each within its time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutants.pytest_common import COLLECTING, allow, check_packages, limit_memory
from mutants.tree import PACKAGES

#: Seconds allowed to each test, by its name, in the order in which they run.
_allowed: dict[str, float] = json.loads(Path(os.environ["MUTANTS_CHOSEN"]).read_text())
#: The test at work, and every test that failed.
_state = Path(os.environ["MUTANTS_STATE"])
_failed: list[str] = []

limit_memory()
allow(COLLECTING)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chosen tests."""
    order = {nodeid: at for at, nodeid in enumerate(_allowed)}
    chosen = sorted((item for item in items if item.nodeid in order), key=lambda i: order[i.nodeid])
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in order])
    items[:] = chosen
    check_packages(Path.cwd().resolve(), PACKAGES)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Say which test is at work, and end the process when it takes too long."""
    _write(item.nodeid)
    allow(_allowed[item.nodeid])
    try:
        return (yield)
    finally:
        allow(COLLECTING)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the names of tests that fail."""
    if report.failed:
        _failed.append(report.nodeid)
        _write(report.nodeid)


def _write(current: str) -> None:
    _state.write_text(json.dumps({"current": current, "failed": _failed}), encoding="utf-8")
