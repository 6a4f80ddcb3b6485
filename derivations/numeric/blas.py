"""One thread for the linear algebra of a stack of small matrices.

The threads that a BLAS starts for each of them cost far more than they help where workers share
the cores, and how a product is cut among threads may move its last digits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

__all__ = ["one_blas_thread"]


class _Hold:
    """The limit of the whole process: the first to ask sets it, the last to leave ends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._limits: threadpool_limits | None = None

    def enter(self) -> None:
        with self._lock:
            if not self._holders:
                self._limits = threadpool_limits(limits=1, user_api="blas")
            self._holders += 1

    def leave(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders and self._limits is not None:
                self._limits.restore_original_limits()
                self._limits = None


_HOLD = _Hold()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold the BLAS of this process to one thread.

    Examples
    --------
    >>> from threadpoolctl import threadpool_info
    >>> with one_blas_thread():
    ...     print({i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"})
    {1}
    """
    _HOLD.enter()
    try:
        yield
    finally:
        _HOLD.leave()
