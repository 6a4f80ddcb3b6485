"""What the files around the packages say, held against each other: nothing is installed."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import weingarten
from derivations.cli.errors import _EXTRAS
from derivations.cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def config():
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_one_version_everywhere(config):
    version = weingarten.__version__
    assert config["metadata"]["version"] == "attr: weingarten.__version__"
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version = {{{version}}}" in README
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_oldest_python_is_the_same_everywhere(config):
    oldest = config["options"]["python_requires"].removeprefix(">=")
    kinds = config["metadata"]["classifiers"]
    assert sorted(re.findall(r"Python :: (3\.\d+)", kinds))[0] == oldest
    assert f"Python {oldest} or newer" in README
    lint = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'target-version = "py{oldest.replace(".", "")}"' in lint


def test_extras_that_are_named_exist(config):
    named = set(_EXTRAS.values())
    for folder in ("weingarten", "derivations", "docs"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".md") and "_build" not in file.parts:
                named |= set(re.findall(r"weingarten\[(\w+)\]", file.read_text(encoding="utf-8")))
    named |= set(re.findall(r'pip install "\.\[(\w+)\]"', README))
    assert named - {"{_EXTRAS[package]}"} <= set(config["options.extras_require"])
    assert {"cli", "report", "parquet", "torch", "cluster"} <= named


def test_the_readme_is_whole_where_the_repository_is_not_beside_it():
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)]+)\)", README)
    here = [(picture, link) for picture, link in links if not link.startswith("https://")]
    assert [picture for picture, _ in here] == ["!"]  # a picture has a text in its place
    assert all((ROOT / link).is_file() for _, link in here)


def test_commands_that_the_readme_shows_exist():
    shown = set(re.findall(r"weingarten (\w+)", README))
    assert {"expect", "derive", "evaluate"} <= shown & set(COMMANDS)


def test_the_archive_holds_what_its_list_names():
    lines = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith(("include", "graft")):
            assert all((ROOT / name).exists() for name in line.split()[1:])


def test_a_stranger_is_sent_by_ci():
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make stranger" in commands and "make test-lowest" in commands
    named = re.findall(r"tests/[\w/.]+", commands)
    assert named and all((ROOT / name).exists() for name in named)
