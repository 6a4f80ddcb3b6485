"""The command ``weingarten``, also ``python -m weingarten`` and ``python -m derivations``."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

__all__ = ["main"]

# The matrices are small and many: draws run in threads of their own, and the threads that a BLAS
# would start for each matrix only get in their way. Read when NumPy is first imported.
BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def main() -> None:
    """Run the command line, or say which extra it needs."""
    for variable in BLAS_THREADS:
        os.environ.setdefault(variable, "1")
    try:
        from derivations.cli import run
    except ModuleNotFoundError as missing:
        if missing.name != "click":
            raise
        if sys.argv[1:] == ["--version"]:
            print(f"weingarten, version {version('weingarten')}")
            return
        print(
            "weingarten: the command line needs click; "
            'install it with: pip install "weingarten[cli]"',
            file=sys.stderr,
        )
        sys.exit(2)
    sys.exit(run())


if __name__ == "__main__":
    main()
