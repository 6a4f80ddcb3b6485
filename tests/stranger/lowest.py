"""The lower bounds that ``setup.cfg`` states, as constraints: ``python tests/stranger/lowest.py``.

With them pip installs the oldest release of each package that is said to work, and no newer one.
"""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[2]


def bounds(text: str) -> list[str]:
    """Return each requirement of a ``setup.cfg`` at its lower bound, and no other.

    >>> bounds('''
    ... [options]
    ... install_requires =
    ...     numpy >= 1.26
    ... [options.extras_require]
    ... figures =
    ...     matplotlib >= 3.10
    ... ''')
    ['matplotlib==3.10', 'numpy==1.26']
    """
    config = ConfigParser()
    config.read_string(text)
    listed = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    found = set()
    for line in "\n".join(listed).split("\n"):
        if not line.strip():
            continue
        match = re.fullmatch(r"([\w-]+) >= ([\d.]+)", line.strip())
        if match is None:
            raise ValueError(f"{line!r}: expected a package and its lower bound, 'numpy >= 1.26'")
        found.add("==".join(match.groups()))
    return sorted(found)


if __name__ == "__main__":
    print("\n".join(bounds((ROOT / "setup.cfg").read_text(encoding="utf-8"))))
