"""What a run says: a line for each mutation, and at the end the survivors and the share killed."""

from __future__ import annotations

from dataclasses import dataclass

from mutants.equivalent import entry
from mutants.places import Mutation
from mutants.trying import BROKEN, KILLED, SURVIVED, TIMEOUT, UNTOUCHED, Verdict

_WORDS = {
    KILLED: "killed",
    TIMEOUT: "killed by time",
    SURVIVED: "SURVIVED",
    UNTOUCHED: "SURVIVED, no test runs it",
    BROKEN: "NO VERDICT",
}


@dataclass(frozen=True)
class Tried:
    """A mutation, what became of it, how many tests touch it, and why it is equivalent if so."""

    mutation: Mutation
    verdict: Verdict
    tests: int
    reason: str = ""

    @property
    def lived(self) -> bool:
        """Whether no test found it."""
        return self.verdict.kind in (SURVIVED, UNTOUCHED)

    @property
    def killed(self) -> bool:
        """Whether a test found it."""
        return self.verdict.kind in (KILLED, TIMEOUT)


def line(tried: Tried, position: str, seconds: float) -> str:
    """Return the line for one mutation."""
    mutation, verdict = tried.mutation, tried.verdict
    word = "equivalent" if tried.lived and tried.reason else _WORDS[verdict.kind]
    by = f" by {verdict.by}" if tried.killed else ""
    return f"[{position}] {word} {mutation.file}:{mutation.start[0]}{by} ({seconds:.1f} s)"


def share(all_tried: list[Tried]) -> float:
    """Return the share killed of the mutations that are not equivalent."""
    counted = [tried for tried in all_tried if not (tried.lived and tried.reason)]
    return sum(tried.killed for tried in counted) / len(counted) if counted else 1.0


def summary(all_tried: list[Tried]) -> str:
    """Return the survivors, the equivalent ones with their reasons, and the share killed."""
    parts = []
    for tried in all_tried:
        if tried.killed:
            if tried.reason:
                parts.append(
                    f"listed as equivalent, but killed by {tried.verdict.by}:\n{_shown(tried)}"
                )
        elif tried.verdict.kind == BROKEN:
            parts.append(f"no verdict:\n{_shown(tried)}\n{tried.verdict.by}")
        elif tried.reason:
            parts.append(f"equivalent:\n{_shown(tried)}\n= {tried.reason}")
        else:
            parts.append(f"survived {tried.tests} tests:\n{_shown(tried)}")
    lived = [tried for tried in all_tried if tried.lived]
    equivalent = sum(bool(tried.reason) for tried in lived)
    timeouts = sum(tried.verdict.kind == TIMEOUT for tried in all_tried)
    broken = sum(tried.verdict.kind == BROKEN for tried in all_tried)
    parts.append(
        f"{len(all_tried)} mutations: {sum(t.killed for t in all_tried)} killed ({timeouts} by "
        f"time), {len(lived) - equivalent} survived, {equivalent} equivalent"
        + (f", {broken} without a verdict" if broken else "")
        + f"; {share(all_tried):.1%} killed of those that are not equivalent"
    )
    return "\n\n".join(parts)


def _shown(tried: Tried) -> str:
    head, _, change = entry(tried.mutation).partition("\n")
    file, _, function = head.partition(": ")
    return f"{file}:{tried.mutation.start[0]}: {function}\n{change}"
