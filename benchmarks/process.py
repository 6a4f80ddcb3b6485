"""One call in one fresh process: how long it takes, how much memory, and what came out.

The process that measures imports nothing heavy, so that its own size does not count as a case's.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parent.parent

#: Repeats of a case that is done sooner than that, in seconds all together.
CHEAP, REPEATS = 5.0, 5

#: Answers are compared at this dimension.
AT = 97


@dataclass(frozen=True)
class Measured:
    """One way to compute a case: the least seconds of all repeats, or no answer in the limit."""

    way: str
    seconds: float | None
    megabytes: float = 0.0
    value: str = ""
    note: str = ""


class CaseError(RuntimeError):
    """The process of a case ended with an error."""


def measure(title: str, way: str, limit: float, paths: list[str]) -> Measured:
    """Run one way of a case in fresh processes, more than once where it is cheap."""
    runs: list[Measured] = []
    total = 0.0
    while not runs or (len(runs) < REPEATS and total < CHEAP):
        run = _run(title, way, limit, paths)
        if run.seconds is None:
            return run
        runs.append(run)
        total += run.seconds
    return min(runs, key=lambda run: run.seconds or 0.0)


def best(title: str, ways: list[str], limit: float, paths: list[str]) -> Measured:
    """Return the fastest of several ways; none is given longer than the fastest so far."""
    fastest: Measured | None = None
    for way in ways:
        allowed = limit if fastest is None or fastest.seconds is None else fastest.seconds
        run = measure(title, way, allowed, paths)
        if fastest is None or run.seconds is not None:
            fastest = run
    assert fastest is not None
    return fastest


def _run(title: str, way: str, limit: float, paths: list[str]) -> Measured:
    command = [sys.executable, "-m", "benchmarks.process", title, way, *paths]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            # The clock of the limit starts when imports are done and the call begins.
            if process.stdout.readline().strip() == "ready" and not _ends(process.stdout, limit):
                return Measured(way, None)
            answer = process.stdout.read()
            errors = process.stderr.read()
        finally:
            process.kill()
    if not answer:
        raise CaseError(f"{title}, {way}:\n{errors}")
    found = json.loads(answer)
    return Measured(way, found["seconds"], found["megabytes"], found["value"])


def _ends(stream: Any, limit: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(limit))


def import_seconds(
    module: str, against: str, repeats: int, done: Callable[[], None]
) -> dict[str, float]:
    """Return the median seconds that two imports take, in fresh processes that alternate."""
    times: dict[str, list[float]] = {module: [], against: []}
    for _ in range(repeats):
        for name, seconds in times.items():
            code = (
                "from time import perf_counter; start = perf_counter(); "
                f"import {name}; print(perf_counter() - start)"
            )
            run = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            )
            seconds.append(float(run.stdout))
            done()
    return {name: median(seconds) for name, seconds in times.items()}


# Inside the process of a case --------------------------------------------------------------------


def main(title: str, way: str, *paths: str) -> None:
    """Time one call, and print what was measured as JSON."""
    from benchmarks.cases import find

    case = find(title)
    if way == "here":
        setup = case.here
    else:
        setup = case.peers[way]
        sys.path[:0] = [str(Path(path).resolve()) for path in paths]
        for path in paths:  # where a peer opens its data files by relative path
            os.chdir(path)
    call = setup()
    print("ready", flush=True)
    start = perf_counter()
    answer = call()
    seconds = perf_counter() - start
    print(
        json.dumps({"seconds": seconds, "megabytes": _peak(), "value": _at_one_dimension(answer)})
    )


def _peak() -> float:
    """Return the peak memory of this process in megabytes (millions of bytes)."""
    with suppress(OSError):  # of this program alone: getrusage may count the parent's before exec
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _at_one_dimension(answer: Any) -> str:
    """Return a scalar answer, or a table's last one, as a number at one dimension."""
    from sympy import sympify

    if isinstance(answer, dict):
        answer = answer[min(answer, key=str)]
    expression = sympify(answer)
    number = expression.subs(
        {symbol: AT for symbol in expression.free_symbols if symbol.name == "d"}
    )
    return str(number) if number.is_Rational else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
