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
COLLECTING = 120.0
#: Exit status when the packages come from another place.
WRONG_TREE = 90


def limit_memory() -> None:
    """Let allocations fail beyond a limit; where the system knows no such limit, do nothing."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def alarm(seconds: float) -> None:
    """End this process by a signal after some seconds, even in the midst of compiled code."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def check_packages(root: Path, packages: tuple[str, ...]) -> None:
    """Stop where a package was imported from elsewhere: its tests would tell nothing."""
    for name in packages:
        module = sys.modules.get(name)
        if module is not None and root not in Path(module.__file__ or "").resolve().parents:
            pytest.exit(f"{name} is imported from {module.__file__}, not from {root}", WRONG_TREE)
