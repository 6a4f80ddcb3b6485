"""The command: measure all cases, print a row for each, and write them as Markdown."""

from __future__ import annotations

import argparse
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cases import SECTIONS, Case
from benchmarks.estimates import Estimate, estimates
from benchmarks.networks import networks
from benchmarks.process import ROOT, CaseError, Measured, best, import_seconds, measure
from benchmarks.table import Row, line, markdown

PUBLISHED = ROOT / "docs" / "_measured.md"
IMPORTS = 9
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the status is 1 where an answer differs from the peer's or a case fails."""
    options = _options(arguments)
    if options.estimates:
        return int(any(case.is_off for case in estimates()))
    if options.networks:
        return networks(options.quick, re.compile(options.only).search)
    chosen = [
        (section, case)
        for section, cases in SECTIONS.items()
        for case in cases
        if re.search(options.only, f"{section}: {case.title}") and not (options.quick and case.long)
    ]
    whole = not options.only and not options.quick
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the process of a case, too
    run = _Run(options.limit, options.pyrtni2, options.out or (PUBLISHED if whole else None))
    try:
        if not options.only:
            run.imports()
        for at, (section, case) in enumerate(chosen, start=1):
            run.case(section, case, f"{at}/{len(chosen)}")
        if whole:
            run.estimated()
    except KeyboardInterrupt:
        print("\ninterrupted; the rows above are measured", file=sys.stderr)
        return INTERRUPTED
    run.write(unfinished=False)
    return 1 if run.failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure this engine beside its peers, each case in a fresh process.",
        epilog='Example: make bench ARGS="--only squares"',
    )
    parser.add_argument("--quick", action="store_true", help="only cases that take seconds")
    parser.add_argument(
        "--estimates",
        action="store_true",
        help="only what the engine expects a call to take, beside what it takes",
    )
    parser.add_argument(
        "--networks",
        action="store_true",
        help="instead, what a network costs beside what must be done in any case",
    )
    parser.add_argument(
        "--only", metavar="PATTERN", default="", help="cases whose section or title match"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="Markdown file to write, row by row; of a run of all cases, docs/_measured.md",
    )
    parser.add_argument(
        "--limit",
        metavar="SECONDS",
        type=float,
        default=100.0,
        help="of processor time for one call (default 100)",
    )
    parser.add_argument(
        "--pyrtni2",
        metavar="FOLDER",
        help="a clone of github.com/MotohisaFukuda/PyRTNI2, which is no package, to compare with",
    )
    options = parser.parse_args(arguments)
    try:
        re.compile(options.only)
    except re.error as reason:
        parser.error(f"--only {options.only!r} is no regular expression: {reason}")
    if options.limit <= 0:
        parser.error(f"--limit {options.limit:g}: expected a positive number of seconds")
    if options.pyrtni2 and not (Path(options.pyrtni2) / "rtni2.py").exists():
        parser.error(f"--pyrtni2 {options.pyrtni2}: there is no rtni2.py in it")
    return options


class _Run:
    def __init__(self, limit: float, pyrtni2: str | None, out: Path | None) -> None:
        self.limit = limit
        self.paths = [str(Path(pyrtni2).resolve())] if pyrtni2 else []
        self.out = out
        self.rows: list[Row] = []
        self.import_times: dict[str, float] = {}
        self.estimates: list[Estimate] = []
        self.failed = False

    def imports(self) -> None:
        """Measure what importing costs."""
        done = iter(range(1, 2 * IMPORTS + 1))
        self.import_times = import_seconds(
            "weingarten", "sympy", IMPORTS, lambda: _progress(f"imports {next(done)}/{2 * IMPORTS}")
        )
        _progress("")
        ours, theirs = self.import_times.values()
        print(f"import weingarten / import sympy: {ours / theirs:.2f}", flush=True)

    def case(self, section: str, case: Case, position: str) -> None:
        """Measure one case on both sides, print its row and write all rows."""
        try:
            _progress(f"{position} {case.title}: here")
            here = measure(case.title, "here", self.limit, self.paths)
            _progress(f"{position} {case.title}: peer")
            row = Row(section, case.title, here, self._peer(case), self.limit)
        except CaseError as reason:
            _progress("")
            print(reason, file=sys.stderr)
            self.failed = True
            return
        _progress("")
        print(line(row), flush=True)
        self.failed |= row.disagrees or here.seconds is None
        self.rows.append(row)
        self.write(unfinished=True)

    def estimated(self) -> None:
        """Measure what the engine expects calls to take, and what they take."""
        self.estimates = estimates()
        self.failed |= any(case.is_off for case in self.estimates)

    def _peer(self, case: Case) -> Measured | None:
        ways = list(case.peers)
        if not ways:
            return None
        if ways == ["PyRTNI2"] and not self.paths:
            return Measured(ways[0], None, note="not run")
        out_of_time = {row.title for row in self.rows if row.peer and row.peer.seconds is None}
        if case.smaller in out_of_time:
            return Measured(ways[0], None, note="†")
        return best(case.title, ways, self.limit, self.paths)

    def write(self, unfinished: bool) -> None:
        """Write what has been measured so far."""
        if self.out is None:
            return
        text = markdown(
            self.rows, self.import_times, self.estimates, self.limit, unfinished, self.paths
        )
        beside = self.out.with_name(self.out.name + ".part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.out)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
