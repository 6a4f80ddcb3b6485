"""The working tree, and copies of it: a mutation never touches the tree itself."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What is mutated.
PACKAGES = ("weingarten", "derivations")
#: Map of tests, verdicts and copies; ignored by git.
STATE = ROOT / ".mutants"


def tree_files(root: Path = ROOT) -> list[str]:
    """Return the files that git knows, or would know if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return sorted({name for name in names.split("\0") if name and (root / name).is_file()})


def modules(names: Iterable[str]) -> list[str]:
    """Return the modules to mutate, of all files."""
    return [name for name in names if name.endswith(".py") and name.split("/")[0] in PACKAGES]


def digest(names: Iterable[str], root: Path = ROOT) -> str:
    """Return a fingerprint of files and their names."""
    total = hashlib.sha256()
    for name in sorted(names):
        content = hashlib.sha256((root / name).read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()[:16]


def commit(root: Path = ROOT) -> str:
    """Return the commit that the tree stands on, `dirty` if it is not all committed."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "no commit"


def copy_tree(to: Path, names: Iterable[str], root: Path = ROOT) -> Path:
    """Copy files into an empty folder."""
    shutil.rmtree(to, ignore_errors=True)
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, to / name)
    return to


def test_paths(root: Path = ROOT) -> list[str]:
    """Return the files and folders that pytest collects by itself."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["pytest"]["ini_options"]["testpaths"])


def environment(copy: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process that imports the packages of a copy, on one core."""
    path = os.pathsep.join(filter(None, (str(copy), os.environ.get("PYTHONPATH", ""))))
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": path, **more}
