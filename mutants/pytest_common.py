"""What both pytest plugins need: limits of a process, and that it tests the right packages."""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

#: Address space of a process in bytes: a mutant that fills the memory ends with an error.
MEMORY = 8 * 2**30
#: Seconds for collecting tests.
COLLECTING = 60.0
#: How a process ends that has used its time.
TIMES_UP = (-signal.SIGPROF, -signal.SIGALRM)
#: Exit status when the packages come from another place.
WRONG_TREE = 90


def limit_memory() -> None:
    """Let allocations fail beyond a limit; where the system knows no such limit, do nothing."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def allow(seconds: float) -> None:
    """End this process by a signal after so many seconds of its own, or ten times that of waiting.

    Processor time, as a busy machine must not count against a test; and by the system itself, as
    compiled code that runs for ever lets no handler run.
    """
    for timer, number, times in (
        (signal.ITIMER_PROF, signal.SIGPROF, 1),
        (signal.ITIMER_REAL, signal.SIGALRM, 10),
    ):
        signal.signal(number, signal.SIG_DFL)
        signal.setitimer(timer, times * seconds)


def check_packages(root: Path, packages: tuple[str, ...]) -> None:
    """Stop where a package was imported from elsewhere: its tests would tell nothing."""
    for name in packages:
        module = sys.modules.get(name)
        if module is not None and root not in Path(module.__file__ or "").resolve().parents:
            pytest.exit(f"{name} is imported from {module.__file__}, not from {root}", WRONG_TREE)
