"""Try one mutation in a copy of the tree: the tests that touch it, until one of them fails."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from mutants.places import Mutation
from mutants.processes import Processes
from mutants.pytest_common import COLLECTING, TIMES_UP, WRONG_TREE
from mutants.touching import Test, within

#: Seconds for a test that takes none, and how many times longer than measured another may take.
LEAST, TIMES = 10.0, 6.0
#: Seconds of tests that run before the others are collected: most mutations end there.
FIRST = 15.0

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
UNTOUCHED, BROKEN = "untouched", "broken"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutation."""

    kind: str
    #: The test that failed or did not end; of a broken run what was printed.
    by: str = ""


class Trier:
    """Runs tests in copies of the tree."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def try_out(self, copy: Path, mutation: Mutation, source: str, tests: list[Test]) -> Verdict:
        """Return what the tests say of a mutation; the copy is left as it was."""
        if not tests:
            return Verdict(UNTOUCHED)
        module = copy / mutation.file
        try:
            self._write(module, mutation.applied(source))
            first = within(tests, FIRST)
            for some in filter(None, (first, tests[len(first) :])):
                verdict = _verdict(*self._run(copy, some, "-x"))
                if verdict.kind != SURVIVED:
                    break
        finally:
            self._write(module, source)
        return verdict

    def failing(self, copy: Path, tests: Sequence[Test]) -> list[str]:
        """Return the tests that fail with nothing mutated, run in this order in one process."""
        status, state, output = self._run(copy, tests)
        failed = list(state["failed"])
        if status in TIMES_UP:
            failed.append(state["current"])
        elif status not in (0, 1):
            raise RuntimeError(f"the tests could not be run:\n{output}")
        return failed

    def _run(
        self, copy: Path, tests: Sequence[Test], *options: str
    ) -> tuple[int, dict[str, Any], str]:
        """Return the exit status, the test at work and those that failed, and the output."""
        chosen, state = copy / ".mutants-chosen.json", copy / ".mutants-state.json"
        allowed = {test.id: LEAST + TIMES * (test.seconds + test.shared) for test in tests}
        chosen.write_text(json.dumps(allowed), encoding="utf-8")
        state.write_text(json.dumps({"current": "", "failed": []}), encoding="utf-8")
        files = sorted({test.id.partition("::")[0] for test in tests})
        status, output = self._processes.pytest(
            copy,
            ["--tb=line", "-p", "mutants.choosing", *options, *files],
            10 * (COLLECTING + sum(allowed.values())),
            MUTANTS_CHOSEN=str(chosen),
            MUTANTS_STATE=str(state),
        )
        return status, json.loads(state.read_text(encoding="utf-8")), output

    def _write(self, module: Path, source: str) -> None:
        """Write a module; what was compiled of it in the same second must not be taken for it."""
        module.write_text(source, encoding="utf-8")
        Path(cache_from_source(str(module))).unlink(missing_ok=True)


def _verdict(status: int, state: dict[str, Any], output: str) -> Verdict:
    if status == 0:
        return Verdict(SURVIVED)
    if status in TIMES_UP:
        return Verdict(TIMEOUT, state["current"] or "while tests were collected")
    if status == 1 and state["failed"]:
        return Verdict(KILLED, state["failed"][0])
    if status == WRONG_TREE or (status == 5 and not state["current"]):
        return Verdict(BROKEN, output[-2000:])
    if state["current"]:  # the process ended in the midst of a test
        return Verdict(KILLED, state["current"])
    where = re.search(r"ERROR collecting (\S+)", output)
    if where or status == 2 or "ImportError" in output:
        return Verdict(KILLED, f"{where[1] if where else 'an import'}, when tests are collected")
    return Verdict(BROKEN, output[-2000:])
