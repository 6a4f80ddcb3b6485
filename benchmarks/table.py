"""What was measured, as lines for a terminal and as Markdown for the documentation."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.estimates import FACTOR, SHORT, Estimate
from benchmarks.process import AT, CHEAP, REPEATS, Measured


@dataclass(frozen=True)
class Row:
    """One case: this engine, and the best of the peer's ways (None: the peer has none)."""

    section: str
    title: str
    here: Measured
    peer: Measured | None
    limit: float

    @property
    def disagrees(self) -> bool:
        """Whether both gave a number, and not the same one."""
        values = {self.here.value, self.peer.value if self.peer else ""} - {""}
        return len(values) > 1

    def cells(self) -> list[str]:
        """Return the row as text."""
        if self.peer is None:
            return [self.title, _seconds(self.here), "no such call", "", _memory(self.here), ""]
        return [
            self.title + (" **(answers differ)**" if self.disagrees else ""),
            _seconds(self.here),
            self._peer(),
            self._ratio(),
            _memory(self.here),
            _memory(self.peer),
        ]

    def _peer(self) -> str:
        assert self.peer is not None
        if self.peer.note == "not run":
            return "not run"
        if self.peer.seconds is None:
            return f"timeout{self.peer.note} ({self.peer.way})"
        return f"{_seconds(self.peer)} ({self.peer.way})"

    def _ratio(self) -> str:
        assert self.peer is not None
        if self.here.seconds is None or self.peer.note == "not run":
            return ""
        if self.peer.seconds is None:
            return f"> {_rounded(self.limit / self.here.seconds)}{self.peer.note}"
        return _rounded(self.peer.seconds / self.here.seconds)


HEAD = ["case", "here", "best peer", "ratio", "memory here", "memory peer"]


def line(row: Row) -> str:
    """Return one row for a terminal."""
    title, here, peer, ratio, memory, _ = row.cells()
    return f"{title:44} {here:>9}  {peer:28} {ratio:>12}  {memory:>8}"


def markdown(
    rows: list[Row],
    imports: dict[str, float],
    estimates: list[Estimate],
    limit: float,
    unfinished: bool,
    paths: list[str],
) -> str:
    """Return all rows, and what they were measured with, as Markdown."""
    parts = [f"Measured on {date.today().isoformat()}: {_machine(paths)}."]
    if unfinished:
        parts.append("**This run was not finished: rows are missing.**")
    for section in dict.fromkeys(row.section for row in rows):
        parts.append(f"## {section}")
        parts.append(_table([row.cells() for row in rows if row.section == section]))
    if imports:
        one, other = imports
        cells = [
            [f"`import {name}`", f"{seconds * 1000:.0f} ms"] for name, seconds in imports.items()
        ]
        ratio = imports[one] / imports[other]
        parts.append("## Import")
        parts.append(_table(cells, ["fresh process", "median"]))
        parts.append(f"Importing {one} costs {ratio:.2f} times what importing {other} costs.")
    if estimates:
        head = ["what is estimated before a call", "expected", "took", "memory expected", "taken"]
        parts.append("## Estimates")
        parts.append(_table([_estimate(case) for case in estimates], head))
        off = sum(case.is_off for case in estimates)
        parts.append(
            f"{off or 'None'} of these {len(estimates)} estimates of time, where that is more than "
            f"{SHORT:g} s, {'are' if off > 1 else 'is'} off by more than a factor of {FACTOR:g}."
        )
    parts.append(_notes(rows, limit))
    return "\n\n".join(parts) + "\n"


def _table(cells: list[list[str]], head: list[str] = HEAD) -> str:
    lines = [head, ["---", *["--:" if cell != "best peer" else "---" for cell in head[1:]]], *cells]
    return "\n".join(f"| {' | '.join(cell)} |" for cell in lines)


def _notes(rows: list[Row], limit: float) -> str:
    notes = [
        "`here` and `best peer` are processor times of one call in a fresh process, which on an "
        "idle machine are times of the clock; imports and the building of arguments do not count. "
        "Ratio: peer over here. Memory: the peak of the whole process, imports included.",
        f"Calls were repeated up to {REPEATS} times where that takes less than about "
        f"{CHEAP:.0f} s, each in a process of its own; the least time counts. Where a peer has "
        "several algorithms, all were tried, and the fastest counts.",
        f"Answers were compared with those of haarpy at d = {AT}, for a table those of one class.",
    ]
    if any(row.peer and row.peer.seconds is None for row in rows):
        notes.append(f"timeout: the peer was stopped after {limit:g} s of processor time.")
    if any(row.peer and row.peer.note == "†" for row in rows):
        notes.append("†: not started, because a smaller case of the same kind had timed out.")
    if any("warm" in row.section for row in rows):
        notes.append(
            "warm: here the second call in its process, on fresh names, after a case of size 2; "
            "at the peer the first."
        )
    return "\n".join(f"- {note}" for note in notes)


def _estimate(case: Estimate) -> list[str]:
    megabytes = (f"{x:.0f} MB" for x in (case.expected_megabytes, case.megabytes))
    return [case.title, _written(case.expected), _written(case.seconds), *megabytes]


def _seconds(measured: Measured) -> str:
    return "timeout" if measured.seconds is None else _written(measured.seconds)


def _written(seconds: float) -> str:
    if seconds < 0.0995:
        return f"{seconds * 1000:.2g} ms"
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def _memory(measured: Measured) -> str:
    return f"{measured.megabytes:.0f} MB" if measured.megabytes else ""


def _rounded(ratio: float) -> str:
    digits = f"{ratio:.2g}"
    return f"{float(digits):,.0f} ×" if ratio >= 9.95 else f"{float(digits):g} ×"


def _machine(paths: list[str]) -> str:
    versions = [f"Python {platform.python_version()}"]
    for package in ("weingarten", "haarpy", "sympy", "python-flint", "numpy"):
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    versions += [f"PyRTNI2 at commit {_commit(path)}" for path in paths]
    return f"{os.cpu_count()} CPUs ({_processor()}), {', '.join(versions)}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (facts.read_text().splitlines() if facts.exists() else [])
        if line.startswith("model name")
    ]
    return models[0] if models else platform.machine()


def _commit(path: str) -> str:
    run = subprocess.run(
        ["git", "-C", path, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    )
    return run.stdout.strip() or "unknown"
