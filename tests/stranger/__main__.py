"""What a stranger does first, in environments that hold nothing: ``python -m tests.stranger``.

The source archive and the wheel are built and checked; the wheel is installed alone, without the
checkout in sight; what the README shows is run there, then what an error says to install is
installed, and a notebook, a table of pandas and the command line are used. Needs a Python and a
package index, and takes a few minutes; the standard library is all that this file imports.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

IN_SOURCE = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
             "conftest.py", "docs/index.md", "docs/conf.py", "setup.cfg", "pyproject.toml",
             "tests/conftest.py", "tests/helpers/share.py", "tests/stranger/lowest.py",
             "benchmarks/__main__.py")  # fmt: skip
IN_WHEEL = ("weingarten/py.typed", "derivations/py.typed",
            "derivations/report/templates/index.html.j2")  # fmt: skip


class Place:
    """A temporary folder: an environment, and a working directory without the checkout."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        self.bin = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([python, "-m", "venv", str(folder / "env")], check=True)
        dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        self.environment = {k: v for k, v in os.environ.items() if k not in dropped}
        self.environment["PATH"] = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        self.environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"

    def run(self, *command: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment; another status than the expected one is an error."""
        program, *arguments = map(str, command)
        done = subprocess.run([str(self.bin / program), *arguments], cwd=self.work, text=True,
                              env=self.environment, capture_output=True, check=False)  # fmt: skip
        if done.returncode != status:
            sys.exit(
                f"{' '.join(map(str, command))}: status {done.returncode}, expected {status}\n"
                f"{done.stdout}\n{done.stderr}"
            )
        return done

    def install(self, *packages: str | Path) -> None:
        """Install packages by pip."""
        self.run("python", "-m", "pip", "install", "--quiet", *packages)

    @property
    def wheel(self) -> Path:
        """The wheel that was built."""
        return next((self.folder / "dist").glob("*.whl"))


def build(place: Place) -> None:
    """Build both archives, check their descriptions, and look for what must be in them."""
    tools = Place(place.folder / "tools")
    tools.install("build", "twine")
    dist = place.folder / "dist"
    tools.run("python", "-m", "build", "--outdir", dist, ROOT)
    archive = next(dist.glob("*.tar.gz"))
    tools.run("twine", "check", "--strict", archive, place.wheel)
    with tarfile.open(archive) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    _expect_all(IN_SOURCE, names, "source archive")
    with zipfile.ZipFile(place.wheel) as wheel:
        inside = set(wheel.namelist())
    _expect_all(IN_WHEEL, inside, "wheel")
    strangers = {name.split("/")[0] for name in inside} - {"weingarten", "derivations"}
    if len(strangers) != 1:
        sys.exit(f"the wheel holds {sorted(strangers)} besides the packages")


def alone(place: Place) -> None:
    """Install the wheel, and run the README's sessions with what it brings."""
    _use_alone(place, place.wheel)


def others(place: Place) -> None:
    """Do so with the other Pythons that are at hand and that the package takes."""
    for python in _others():
        _use_alone(Place(place.folder / Path(python).name, python), place.wheel)


def _others() -> list[str]:
    """Return an interpreter of each other version, those of pyenv among them."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    paths = [shutil.which(f"python3.{minor}") for minor in range(11, 30)]
    paths += [str(path) for path in sorted(pyenv.glob("versions/3.*/bin/python3.*[0-9]"))]
    found = {sys.version_info[:2]: ""}
    for path in filter(None, paths):
        asked = subprocess.run(
            [path, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode == 0:
            version = tuple(map(int, asked.stdout.split()))
            if version >= (3, 11):
                found.setdefault(version, path)
    return list(filter(None, found.values()))


def _use_alone(place: Place, wheel: Path) -> None:
    place.install(wheel)
    version = place.run("weingarten", "--version").stdout.split()[-1]
    _expect(f"-{version}-" in wheel.name, f"{wheel.name}, but --version is {version}")
    module = place.run("python", "-m", "weingarten", "--version").stdout.split()[-1]
    _expect(module == version, f"python -m weingarten --version says {module}")
    (place.work / "README.md").write_bytes((ROOT / "README.md").read_bytes())
    place.run("python", "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", "README.md")


def extra(place: Place) -> None:
    """Do what the error says that a missing extra gives, to the letter."""
    said = place.run("weingarten", "wg", "orthogonal", "2,1", status=2).stderr
    wanted = re.search(r'pip install "([^"]+)"', said)
    _expect(wanted is not None, f"no command to install the extra in {said!r}")
    assert wanted is not None
    place.install(wanted[1])
    value = place.run("weingarten", "wg", "orthogonal", "2,1", "--dim", "3").stdout
    _expect(value == "-1/42\n", f"wg says {value!r}")


def tables(place: Place) -> None:
    """Write a table with pandas, evaluate a formula at it, and read JSON and CSV."""
    place.install("pandas")
    place.run("python", HERE / "pandas_table.py")
    command = ("weingarten", "evaluate", "row-norm-variance", "--batch", "batch.csv")
    value = json.loads(place.run(*command, "--json").stdout)[0]["value"]
    frame = place.run("python", HERE / "pandas_table.py", "evaluate").stdout
    _expect(abs(value / float(frame) - 1) < 1e-12, f"{value} from CSV, {frame} from the frame")
    lines = place.run(*command, "--csv").stdout.splitlines()
    _expect(len(lines) == 2 and "value" in lines[0].split(","), f"CSV is {lines}")
    text = place.run("weingarten", "expect", "Trace(W*A*W.T*B)").stdout
    _expect("Trace(A)*Trace(B)/d" in text, f"expect says {text!r}")


def notebook(place: Place) -> None:
    """Run a notebook and look at what it shows."""
    place.install("nbclient", "ipykernel", f"{place.wheel}[figures]")
    shown = set(place.run("python", HERE / "run_notebook.py").stdout.split())
    expected = {"text/latex", "text/html", "image/png"}
    _expect(expected <= shown, f"a notebook shows {sorted(shown)}, expected {sorted(expected)}")


STEPS: tuple[Callable[[Place], None], ...] = (build, alone, extra, tables, notebook, others)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


def _expect_all(expected: tuple[str, ...], found: set[str], where: str) -> None:
    missing = [name for name in expected if name not in found]
    _expect(not missing, f"the {where} lacks {', '.join(missing)}")


def main(names: Sequence[str]) -> None:
    """Take all steps, or those that are named; stop at the first that fails."""
    steps = [step for step in STEPS if not names or step.__name__ in names]
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for step in steps:
            start = time.monotonic()
            step(place)
            took = time.monotonic() - start
            print(f"{step.__name__}: {step.__doc__} {took:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
