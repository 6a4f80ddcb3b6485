"""The command ``weingarten``, also ``python -m derivations``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say which extra it needs."""
    try:
        from derivations.cli import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in ("click", "rich"):
            raise
        print(
            f"weingarten: the command line needs {missing.name}; "
            'install it with: pip install "weingarten[cli]"',
            file=sys.stderr,
        )
        sys.exit(2)
    sys.exit(run())


if __name__ == "__main__":
    main()
