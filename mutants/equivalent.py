"""Mutations that change no behaviour, each with its reason: read from ``equivalent.txt``."""

from __future__ import annotations

from pathlib import Path

from mutants.places import Mutation

LISTED = Path(__file__).with_name("equivalent.txt")

Key = tuple[str, ...]


def read(path: Path = LISTED) -> dict[Key, str]:
    """Return the reason for each mutation, by its key.

    Raises
    ------
    ValueError
        If a block is not a head, the lines removed, the lines added and a reason.
    """
    reasons: dict[Key, str] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            continue
        file, colon, function = lines[0].partition(": ")
        removed = [line[2:].strip() for line in lines[1:] if line.startswith("- ")]
        added = [line[2:].strip() for line in lines[1:] if line.startswith("+ ")]
        reason = " ".join(line[2:].strip() for line in lines[1:] if line.startswith("= "))
        others = [line for line in lines[1:] if line[:2] not in ("- ", "+ ", "= ")]
        if not (colon and removed and reason) or others:
            raise ValueError(
                f"{path.name}: {block.strip()!r}: expected 'file: function', lines '- …' that are "
                "removed, lines '+ …' that are added, and '= reason'"
            )
        reasons[(Path(file).name, function, *removed, "->", *added)] = reason
    return reasons


def stale(reasons: dict[Key, str], sources: dict[str, str]) -> list[Key]:
    """Return the keys whose lines stand in no module of that name."""
    texts: dict[str, set[str]] = {}
    for file, source in sources.items():
        texts.setdefault(Path(file).name, set()).update(x.strip() for x in source.splitlines())
    return [key for key in reasons if not set(key[2 : key.index("->")]) <= texts.get(key[0], set())]


def entry(mutation: Mutation) -> str:
    """Return a mutation as it would stand in the list, but for the reason."""
    head = f"{mutation.file}: {mutation.function}"
    return "\n".join(
        [head, *(f"- {x}" for x in mutation.removed), *(f"+ {x}" for x in mutation.added)]
    )
