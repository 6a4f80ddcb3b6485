"""Where a fault can be put, and which faults: every mutation that cosmic-ray knows, by place.

Left out is what no test of behaviour could see:

- docstrings, annotations, ``__all__``, blocks under ``TYPE_CHECKING`` or for ``__main__``;
- the text of a message: what stands inside an f-string of a ``raise`` or a ``warn``;
- ``strict=True`` of ``zip``, a guard against lengths that never differ;
- whether, and how much, ``lru_cache`` and ``cache`` remember;
- mutations that do not compile, compile with a warning or to the same program;
- bitwise operators in place of arithmetic ones, which any test finds as it finds a type error.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import ndiff
from functools import lru_cache
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

Position = tuple[int, int]

_FAR_FETCHED = re.compile(r"_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(RShift|LShift|Bit(Or|And|Xor))$")


@dataclass(frozen=True)
class Place:
    """A part of a module that can be mutated, in one way or in several."""

    file: str
    function: str
    start: Position
    end: Position
    #: Operator of cosmic-ray, and which of all its occurrences in the module.
    ways: tuple[tuple[str, int], ...]
    #: The same whatever stands before it in the file.
    name: str


@dataclass(frozen=True)
class Mutation:
    """One fault: the change of one place."""

    file: str
    function: str
    start: Position
    end: Position
    operator: str
    occurrence: int
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What stays the same when code around it changes or its file moves to another folder."""
        return (Path(self.file).name, self.function, *self.removed, "->", *self.added)

    def applied(self, source: str) -> str:
        """Return the module with the fault."""
        return _mutated(source, self.operator, self.occurrence) or source


def places(file: str, source: str) -> list[Place]:
    """Return the places of a module in their order."""
    module = ast.parse(source)
    outline = _Outline(module, source)
    ways: dict[tuple[Position, Position], list[tuple[str, int]]] = {}
    counts: dict[str, int] = {}
    for node in ast_nodes(get_ast(source)):
        for name, operator in _operators().items():
            for start, end in operator.mutation_positions(node):
                counts[name] = counts.get(name, -1) + 1
                if not outline.is_left_out(start):
                    ways.setdefault((start, end), []).append((name, counts[name]))
    lines = source.splitlines()
    seen: dict[str, int] = {}
    found = []
    for (start, end), here in sorted(ways.items()):
        function = outline.function(start)
        text = f"{file}: {function}: {lines[start[0] - 1].strip()}"
        seen[text] = seen.get(text, -1) + 1
        found.append(Place(file, function, start, end, tuple(here), f"{text} #{seen[text]}"))
    return found


def sample(candidates: Iterable[Place], seed: int) -> Iterator[Place]:
    """Yield all places in an order that depends on the seed.

    A place keeps its rank when other code changes, and a larger sample contains a smaller one.
    """
    return iter(sorted(candidates, key=lambda place: _rank(seed, place.name)))


def mutation(place: Place, source: str, seed: int) -> Mutation | None:
    """Return one of the ways to change a place, by seed; None if none makes another program."""
    for operator, occurrence in sorted(
        place.ways, key=lambda way: _rank(seed, place.name, way[0], str(way[1] - place.ways[0][1]))
    ):
        changed = _mutated(source, operator, occurrence)
        if changed is not None and _is_another_program(source, changed):
            lines = list(ndiff(source.splitlines(), changed.splitlines()))
            return Mutation(
                place.file,
                place.function,
                place.start,
                place.end,
                operator,
                occurrence,
                tuple(line[2:].strip() for line in lines if line.startswith("- ")),
                tuple(line[2:].strip() for line in lines if line.startswith("+ ")),
            )
    return None


def statement_lines(source: str, position: Position) -> range:
    """Return the lines of the innermost statement at a position; of a compound one, its head."""
    line = position[0]
    heads = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
            heads.append(range(first, (last or first) + 1))
    return min((head for head in heads if line in head), key=len, default=range(line, line + 1))


@lru_cache(maxsize=1)
def _operators() -> dict[str, Any]:
    """Return the operators that need no arguments."""
    classes = {name: get_operator(name) for name in operator_names()}
    return {
        name: kind()
        for name, kind in classes.items()
        if not kind.arguments() and not _FAR_FETCHED.search(name)
    }


def _mutated(source: str, operator: str, occurrence: int) -> str | None:
    changed: str | None = mutate_code(source, get_operator(operator)(), occurrence)
    return changed


def _is_another_program(source: str, changed: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(changed, "mutant", "exec")
            return ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source))
        except (SyntaxError, ValueError):
            return False


def _rank(seed: int, *names: str) -> str:
    return hashlib.sha256("\0".join([str(seed), *names]).encode()).hexdigest()


class _Outline:
    """Which function a position stands in, and whether it is left out."""

    def __init__(self, module: ast.Module, source: str) -> None:
        self._lines = source.splitlines()
        self._functions: list[tuple[Position, Position, str]] = []
        self._left_out: list[tuple[Position, Position]] = []
        self._walk(module, "")

    def function(self, position: Position) -> str:
        """Return the qualified name of the function or class around a position."""
        around = [name for start, end, name in self._functions if start <= position < end]
        return max(around, key=len, default="(module)")

    def is_left_out(self, position: Position) -> bool:
        return any(start <= position < end for start, end in self._left_out)

    def _walk(self, node: ast.AST, inside: str) -> None:
        self._left_out += [self._span(part) for part in _without_effect(node)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{inside}.{node.name}".lstrip(".")
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            self._functions.append(((first, 0), self._span(node)[1], inside))
        for child in ast.iter_child_nodes(node):
            self._walk(child, inside)

    def _span(self, node: ast.AST) -> tuple[Position, Position]:
        start, end = ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]
        return self._position(*start), self._position(*end)

    def _position(self, line: int, offset: int) -> Position:
        """Count characters where `ast` counts bytes."""
        return line, len(self._lines[line - 1].encode()[:offset].decode())


def _without_effect(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that no test could see change."""
    match node:
        case ast.arg(annotation=annotation) if annotation:
            yield annotation
        case ast.FunctionDef(returns=returns) if returns:
            yield returns
        case ast.AnnAssign():
            yield node.annotation
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            yield node
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            yield node
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            yield node
        case ast.keyword(arg="strict", value=ast.Constant()):
            yield node.value
        case ast.Raise() | ast.Call(func=ast.Attribute(attr="warn") | ast.Name(id="warn")):
            yield from (part for part in ast.walk(node) if isinstance(part, ast.JoinedStr))
    for decorator in getattr(node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in ("lru_cache", "cache"):
            yield _with_sign(decorator)


def _with_sign(decorator: ast.expr) -> ast.expr:
    """Return the decorator with the @ before it."""
    decorator.col_offset -= 1
    return decorator
