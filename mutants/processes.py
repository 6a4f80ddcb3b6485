"""Processes that run pytest in a copy of the tree, which can all be ended at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock

from mutants.pytest_common import TIMES_UP
from mutants.tree import environment


class Processes:
    """Starts pytest and waits for it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = Lock()
        self._stopped = Event()

    def pytest(
        self, copy: Path, arguments: Sequence[str], seconds: float, **variables: str
    ) -> tuple[int, str]:
        """Run pytest in a copy; return its exit status, or that of its time being up, and output.

        Raises
        ------
        KeyboardInterrupt
            If all were ended meanwhile.
        """
        with self._lock:
            if self._stopped.is_set():
                raise KeyboardInterrupt
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
                cwd=copy,
                env=environment(copy, **variables),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self._running.add(process)
        try:
            output, _ = process.communicate(timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            status, output = TIMES_UP[0], ""
        finally:
            _end(process)
            with self._lock:
                self._running.discard(process)
        if self._stopped.is_set():
            raise KeyboardInterrupt
        return status, output

    def stop(self) -> None:
        """End every process, and start no other."""
        with self._lock:
            self._stopped.set()
            for process in self._running:
                _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
