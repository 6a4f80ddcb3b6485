"""One thread for the linear algebra of a stack of small matrices.

The threads that a BLAS starts for each of them cost far more than they help where workers share
the cores, and how a product is cut among threads may move its last digits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from threadpoolctl import ThreadpoolController

__all__ = ["blas_threads_for", "one_blas_thread"]

_WIDE = 512  # from this width on, threads help


class _Hold:
    """The limit is one of the whole process: the first to ask sets it, the last one ends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._libraries: ThreadpoolController | None = None
        self._limits: Any = None

    def enter(self) -> None:
        with self._lock:
            if not self._holders:
                # To look for the libraries takes a millisecond, to hold them a few microseconds.
                self._libraries = self._libraries or ThreadpoolController()
                self._limits = self._libraries.limit(limits=1, user_api="blas")
            self._holders += 1

    def leave(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders:
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


def blas_threads_for(width: int) -> AbstractContextManager[None]:
    """Hold the BLAS to what helps for matrices of a width: one thread, or those it has.

    Examples
    --------
    >>> from threadpoolctl import threadpool_info
    >>> with blas_threads_for(100):
    ...     print({i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"})
    {1}
    """
    return one_blas_thread() if width < _WIDE else nullcontext()
