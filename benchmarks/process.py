"""One call in one fresh process: how long it takes, how much memory, and what came out.

Time is processor time: on an idle machine that of the clock, on a busy one still a measure.
The process that measures imports nothing heavy, so that its own size does not count as a case's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import process_time
from typing import Any

ROOT = Path(__file__).parent.parent

#: Repeats of a case that is done sooner than that, in seconds all together.
CHEAP, REPEATS = 5.0, 5

#: Exit status of a process that has used its time.
TIMEOUT = 124

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
    command = [sys.executable, "-m", "benchmarks.process", title, way, str(limit), *paths]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            answer, errors = process.communicate()
        finally:
            process.kill()
    if process.returncode == TIMEOUT:
        return Measured(way, None)
    if process.returncode:
        raise CaseError(f"{title}, {way}:\n{errors}")
    found = json.loads(answer)
    return Measured(way, found["seconds"], found["megabytes"], found["value"])


def import_seconds(
    module: str, against: str, repeats: int, done: Callable[[], None]
) -> dict[str, float]:
    """Return the median seconds that two imports take, in fresh processes that alternate."""
    times: dict[str, list[float]] = {module: [], against: []}
    for _ in range(repeats):
        for name, seconds in times.items():
            code = (
                "from time import process_time; start = process_time(); "
                f"import {name}; print(process_time() - start)"
            )
            run = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            )
            seconds.append(float(run.stdout))
            done()
    return {name: median(seconds) for name, seconds in times.items()}


# Inside the process of a case --------------------------------------------------------------------


def main(title: str, way: str, limit: str, *paths: str) -> None:
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
    done = Event()
    Thread(target=_watch, args=(done, process_time() + float(limit)), daemon=True).start()
    start = process_time()
    answer = call()
    seconds = process_time() - start
    done.set()
    print(json.dumps({"seconds": seconds, "megabytes": peak(), "value": _at_one_dimension(answer)}))


def _watch(done: Event, deadline: float) -> None:
    """End this process when it has used its processor time.

    The system could do that by itself, but counts in ticks of a few milliseconds when it does.
    """
    while not done.wait(0.2):
        if process_time() > deadline:
            os._exit(TIMEOUT)


def peak() -> float:
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

    if answer is None:  # of samples, and of many calls
        return ""
    if isinstance(answer, dict):
        answer = answer[min(answer, key=str)]
    expression = sympify(answer)
    number = expression.subs(
        {symbol: AT for symbol in expression.free_symbols if symbol.name == "d"}
    )
    return str(number) if number.is_Rational else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
