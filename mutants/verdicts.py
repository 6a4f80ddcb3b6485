"""What is known of each mutation, in cosmic-ray's database, so that a broken run resumes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

from mutants.places import Mutation
from mutants.touching import Test
from mutants.trying import KILLED, SURVIVED, TIMEOUT, UNTOUCHED, Verdict


class Verdicts:
    """The verdicts on one state of the packages.

    That a test kills a mutation stays true as long as the test is the same; that none does, as
    long as all are.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = WorkDB(str(path), WorkDB.Mode.create)
        self._items = {item.job_id for item in self._db.work_items}
        self._results = dict(self._db.results)

    def known(
        self, mutation: Mutation, tests: Iterable[Test], units: dict[str, str]
    ) -> Verdict | None:
        """Return the verdict on a mutation, if the tests that it rests on are still the same."""
        result = self._results.get(_job(mutation))
        if result is None:
            return None
        found = json.loads(result.output)
        tests = list(tests)
        verdict = Verdict(found["kind"], found["by"])
        if found["kind"] in (KILLED, TIMEOUT):
            unit = next((test.unit for test in tests if test.id == verdict.by), None)
            same = found["unit"] == (units[unit] if unit else _tests(tests, units))
        else:
            same = found["tests"] == _tests(tests, units)
        return verdict if same else None

    def keep(
        self, mutation: Mutation, verdict: Verdict, tests: Iterable[Test], units: dict[str, str]
    ) -> None:
        """Store a verdict."""
        tests = list(tests)
        job = _job(mutation)
        if job not in self._items:
            spec = MutationSpec(
                module_path=Path(mutation.file),
                operator_name=mutation.operator,
                occurrence=mutation.occurrence,
                start_pos=mutation.start,
                end_pos=mutation.end,
                definition_name=mutation.function,
            )
            self._db.add_work_item(WorkItem.single(job, spec))
            self._items.add(job)
        unit = next((test.unit for test in tests if test.id == verdict.by), None)
        found = {
            "kind": verdict.kind,
            "by": verdict.by,
            "tests": _tests(tests, units),
            "unit": units[unit] if unit else _tests(tests, units),
        }
        lived = verdict.kind in (SURVIVED, UNTOUCHED)
        result = WorkResult(
            worker_outcome=WorkerOutcome.NORMAL,
            output=json.dumps(found),
            test_outcome=TestOutcome.SURVIVED if lived else TestOutcome.KILLED,
            diff="\n".join(
                [*(f"-{x}" for x in mutation.removed), *(f"+{x}" for x in mutation.added)]
            ),
        )
        self._db.set_result(job, result)
        self._results[job] = result

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _job(mutation: Mutation) -> str:
    name = f"{mutation.file}\0{mutation.operator}\0{mutation.occurrence}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _tests(tests: Iterable[Test], units: dict[str, str]) -> str:
    """Return a fingerprint of tests and of the files that hold them."""
    names = sorted((test.id, units[test.unit]) for test in tests)
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]
