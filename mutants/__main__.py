"""The command: mutate a seeded sample of places, and print which mutations no test finds."""

from __future__ import annotations

import argparse
import fcntl
import json
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter

from mutants import equivalent
from mutants.places import Mutation, Place, mutation, places, sample
from mutants.processes import Processes
from mutants.report import Tried, line, share, summary
from mutants.touching import Test, Touching, measure, within
from mutants.tree import ROOT, STATE, copy_tree, digest, modules, tree_files
from mutants.trying import BROKEN, Trier, Verdict
from mutants.verdicts import Verdicts

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the status is 1 where too many survive, 2 where one has no verdict."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _alone():
        run = _Run(options)
        try:
            return run.all()
        except KeyboardInterrupt:
            print("\ninterrupted; the same command goes on from here", file=sys.stderr)
            return INTERRUPTED
        finally:
            run.close()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mutants",
        description="Put small faults into copies of the packages; tests must find them.",
        epilog="Example: make mutants COUNT=20 SEED=1 ARGS='--only combinatorics'",
    )
    parser.add_argument("--count", type=int, default=100, help="of mutations (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample (default 0)")
    parser.add_argument("--workers", type=int, default=2, help="at the same time (default 2)")
    parser.add_argument(
        "--only", metavar="PATTERN", default="", help="files and functions that match"
    )
    parser.add_argument(
        "--least", type=float, default=90.0, help="per cent that must be killed (default 90)"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=300.0,
        help="of tests for a mutation; one that lives longer counts as alive (default 300)",
    )
    options = parser.parse_args(arguments)
    try:
        re.compile(options.only)
    except re.error as reason:
        parser.error(f"--only {options.only!r} is no regular expression: {reason}")
    for name in ("count", "workers"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} {getattr(options, name)}: expected a positive number")
    return options


@contextmanager
def _alone() -> Iterator[None]:
    """Let one run at a time work in the folder of states."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit(f"another run is at work in {STATE.name}")
        yield


class _Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.names = tree_files()
        self.sources = {
            name: (ROOT / name).read_text(encoding="utf-8") for name in modules(self.names)
        }
        self.copies = [
            copy_tree(STATE / "copies" / str(at), self.names) for at in range(options.workers)
        ]
        self.free: SimpleQueue[Path] = SimpleQueue()
        for copy in self.copies:
            self.free.put(copy)
        self.pool = ThreadPoolExecutor(options.workers)
        self.processes = Processes()
        self.trier = Trier(self.processes)
        self.verdicts = Verdicts(STATE / "verdicts" / f"{digest(self.sources)}.sqlite")
        self.reasons = equivalent.read()
        self.unreliable: set[str] = set()

    def all(self) -> int:
        """Measure, try, and print."""
        touching = measure(
            self.copies[0], self.names, STATE / "touching", self.pool, self.processes, _progress
        )
        _progress("")
        print(f"which tests run which lines: measured {touching.measured()}")
        for test in touching.failing():
            print(f"left out, as it fails without a mutation: {test}")
        chosen = self._sample()
        while True:
            tried = self._try(chosen, touching)
            found = self._unreliable(tried, touching)
            if not found:
                break
            self.unreliable |= found
            for test in sorted(found):
                print(f"left out, as it fails without a mutation when it runs apart: {test}")
        print("\n" + summary(tried))
        for key in equivalent.stale(self.reasons, self.sources):
            print(f"equivalent.txt: {key[0]}: {key[1]}: {' '.join(key[2:])}: no such line any more")
        if any(one.verdict.kind == BROKEN for one in tried):
            return 2
        return int(100 * share(tried) < self.options.least)

    def close(self) -> None:
        """End all processes."""
        self.processes.stop()
        self.pool.shutdown(cancel_futures=True)
        self.verdicts.close()

    def _sample(self) -> list[Mutation]:
        candidates: list[Place] = []
        for at, (file, source) in enumerate(self.sources.items(), start=1):
            _progress(f"places in {at}/{len(self.sources)} {file}")
            candidates += places(file, source)
        wanted = [p for p in candidates if re.search(self.options.only, f"{p.file}: {p.function}")]
        _progress("")
        chosen: list[Mutation] = []
        for place in sample(wanted, self.options.seed):
            found = mutation(place, self.sources[place.file], self.options.seed)
            if found:
                chosen.append(found)
            if len(chosen) == self.options.count:
                break
        print(
            f"{len(chosen)} of {len(wanted)} places that can be mutated, seed {self.options.seed}"
        )
        return chosen

    def _try(self, chosen: list[Mutation], touching: Touching) -> list[Tried]:
        """Try what is not known, and keep each verdict as it comes."""
        units = {unit: found["key"] for unit, found in touching.found.items()}
        tests = {m: self._tests(m, touching) for m in chosen}
        found = {m: self.verdicts.known(m, tests[m], units) for m in chosen}
        calls = {self.pool.submit(self._one, m, tests[m]): m for m in chosen if found[m] is None}
        done = len(chosen) - len(calls)
        if done:
            print(f"{done} known from an earlier run")
        for call in as_completed(calls):
            one = calls[call]
            verdict, seconds = call.result()
            found[one] = verdict
            done += 1
            if verdict.kind != BROKEN:
                self.verdicts.keep(one, verdict, tests[one], units)
            tried = Tried(one, verdict, len(tests[one]), self.reasons.get(one.key, ""))
            print(line(tried, f"{done}/{len(chosen)}", seconds), flush=True)
        return [
            Tried(m, verdict, len(tests[m]), self.reasons.get(m.key, ""))
            for m, verdict in found.items()
            if verdict is not None
        ]

    def _tests(self, one: Mutation, touching: Touching) -> list[Test]:
        all_tests = touching.tests(one, self.sources[one.file], self.unreliable)
        return within(all_tests, self.options.seconds)

    def _one(self, one: Mutation, tests: list[Test]) -> tuple[Verdict, float]:
        copy = self.free.get()
        start = perf_counter()
        try:
            return self.trier.try_out(copy, one, self.sources[one.file], tests), (
                perf_counter() - start
            )
        finally:
            self.free.put(copy)

    def _unreliable(self, tried: list[Tried], touching: Touching) -> set[str]:
        """Return the tests among those that killed which fail by themselves, if there are any."""
        kept = STATE / "reliable.json"
        reliable = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        keys = {test: touching.found[test.unit]["key"] for test in touching.all_tests()}
        killers = {one.verdict.by for one in tried if one.killed}
        unknown = [
            test for test in keys if test.id in killers and reliable.get(test.id) != keys[test]
        ]
        if not unknown:
            return set()
        print(f"{len(unknown)} tests that killed run again without a mutation", flush=True)
        found = set(self.trier.failing(self.copies[0], unknown))
        reliable |= {test.id: keys[test] for test in unknown if test.id not in found}
        kept.write_text(json.dumps(reliable), encoding="utf-8")
        return found


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
