"""``python -m weingarten``: the command ``weingarten``."""

from derivations.__main__ import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
