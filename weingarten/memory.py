"""How much memory is free: what the system says, and a limit on this process if there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: Where nothing is known of the machine.
_COMMON = 8 * 2**30


def free_memory() -> int:
    """Return how many bytes this process may still take.

    Examples
    --------
    >>> free_memory() > 0
    True
    """
    return max(min(_free(), default=_COMMON), 0)


def _free() -> Iterator[int]:
    """Yield what each of those who know says."""
    with suppress(OSError, ValueError, KeyError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kilobytes = {name: rest.split()[0] for name, rest in (line.split(":", 1) for line in lines)}
        yield int(kilobytes["MemAvailable"]) * 1024
    # A container's limit; "max" where there is none.
    with suppress(OSError, ValueError):
        control = Path("/sys/fs/cgroup")
        limit = int((control / "memory.max").read_text(encoding="ascii"))
        used = int((control / "memory.current").read_text(encoding="ascii"))
        kept = dict(
            line.split() for line in (control / "memory.stat").read_text("ascii").splitlines()
        )
        # What is kept of files is given back when it is needed.
        yield limit - used + int(kept.get("inactive_file", 0))
    with suppress(ImportError, OSError, ValueError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            yield limit - pages * os.sysconf("SC_PAGE_SIZE")
    if not Path("/proc/meminfo").exists():
        with suppress(AttributeError, OSError, ValueError):
            # Free pages are few where the system uses the rest for files: half of all, then.
            yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
