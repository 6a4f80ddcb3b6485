r"""LaTeX to presentation MathML, for the part of LaTeX that `derivations.writing.writing` produces.

A page with MathML needs no script, no font and no network. What the converter does not know it
refuses, so that a formula is never shown with a piece missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

__all__ = ["UnknownLatexError", "math", "prose"]


class UnknownLatexError(ValueError):
    """LaTeX outside the part that is converted."""


_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\S")

_OPERATORS = {
    r"\neq": "≠", r"\ge": "≥", r"\le": "≤", r"\sim": "∼", r"\to": "→", r"\cdot": "·",
    r"\pm": "±", r"\|": "‖", r"\{": "{", r"\}": "}", r"\dots": "…", "-": "−", "*": "∗",
}  # fmt: skip
_LETTERS = {
    r"\lambda": "λ", r"\Lambda": "Λ", r"\phi": "ϕ", r"\psi": "ψ", r"\chi": "χ",
    r"\Gamma": "Γ", r"\infty": "∞", r"\top": "⊤", r"\circ": "°",
}  # fmt: skip
_UPRIGHT = (r"\log", r"\det", r"\exp")
_BIG = {r"\sum": "∑", r"\prod": "∏", r"\int": "∫"}
_SPACES = {r"\,": "0.17em", r"\;": "0.28em", r"\quad": "1em"}
_BLACKBOARD = {"E": "𝔼", "R": "ℝ"}


class _Reader:
    """A recursive descent over the tokens; every method returns MathML."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = _TOKEN.findall(source)
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise UnknownLatexError(
                f"{self.source!r}: expected {expected or 'more'}, found {token!r}"
            )
        self.at += 1
        return token

    def row(self, *ends: str) -> str:
        parts = []
        while self.peek() not in ("", *ends):
            parts.append(self.scripted())
        return f"<mrow>{''.join(parts)}</mrow>"

    def group(self) -> str:
        """Read one argument: a braced group, or a single token."""
        if self.peek() != "{":
            return self.atom()
        self.take("{")
        inside = self.row("}")
        self.take("}")
        return inside

    def name(self) -> str:
        self.take("{")
        letters = ""
        while self.peek() != "}":
            letters += self.take()
        self.take("}")
        return letters

    def scripted(self) -> str:
        stacked = self.peek() in (r"\sum", r"\prod")
        base = self.atom()
        if self.peek() == r"\limits":
            self.take()
        scripts: dict[str, str] = {}
        while self.peek() in ("_", "^"):
            kind = self.take()
            scripts[kind] = self.group()
        return _with_scripts(base, scripts, stacked)

    def atom(self) -> str:
        token = self.take()
        special: dict[str, Callable[[], str]] = {
            r"\frac": lambda: f"<mfrac>{self.group()}{self.group()}</mfrac>",
            r"\sqrt": lambda: f"<msqrt>{self.group()}</msqrt>",
            r"\left": self.fenced,
            r"\operatorname": lambda: f"<mi mathvariant='normal'>{self.name()}</mi>",
            r"\mathbb": lambda: f"<mi>{_BLACKBOARD[self.name()]}</mi>",
            "{": self.braced,
        }
        if token in special:
            return special[token]()
        return _leaf(token, self.source)

    def braced(self) -> str:
        inside = self.row("}")
        self.take("}")
        return inside

    def fenced(self) -> str:
        parts = [_fence(self.take())]
        while True:
            parts.append(self.row(r"\middle", r"\right"))
            last = self.take() == r"\right"
            parts.append(_fence(self.take()))
            if last:
                return f"<mrow>{''.join(parts)}</mrow>"


def _fence(token: str) -> str:
    return f"<mo stretchy='true' lspace='0' rspace='0'>{_OPERATORS.get(token, token)}</mo>"


def _leaf(token: str, source: str) -> str:
    if token in _BIG:
        return f"<mo largeop='true'>{_BIG[token]}</mo>"
    if token in _LETTERS:
        return f"<mi>{_LETTERS[token]}</mi>"
    if token in _UPRIGHT:
        return f"<mi>{token[1:]}</mi><mo>&#x2061;</mo>"
    if token in _SPACES:
        return f"<mspace width='{_SPACES[token]}'></mspace>"
    if token in ("(", ")", "[", "]", "|", r"\|"):
        return f"<mo stretchy='false' lspace='0' rspace='0'>{_OPERATORS.get(token, token)}</mo>"
    if token in _OPERATORS:
        return f"<mo>{_OPERATORS[token]}</mo>"
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    if token.isalpha():
        return f"<mi>{token}</mi>"
    if token in "+=,<>/:;.!":
        return f"<mo>{escape(token)}</mo>"
    raise UnknownLatexError(f"{source!r}: no MathML for {token!r}")


def _with_scripts(base: str, scripts: dict[str, str], stacked: bool) -> str:
    sub, sup = scripts.get("_"), scripts.get("^")
    kind = ("under", "over") if stacked else ("sub", "sup")
    if sub is not None and sup is not None:
        return f"<m{kind[0]}{kind[1]}>{base}{sub}{sup}</m{kind[0]}{kind[1]}>"
    if sub is not None:
        return f"<m{kind[0]}>{base}{sub}</m{kind[0]}>"
    if sup is not None:
        return f"<m{kind[1]}>{base}{sup}</m{kind[1]}>"
    return base


def math(source: str, display: bool = False) -> str:
    r"""Convert LaTeX to a MathML element.

    Parameters
    ----------
    source : str
        LaTeX of one formula, without dollar signs.
    display : bool
        Whether the formula stands on a line of its own.

    Raises
    ------
    UnknownLatexError
        For LaTeX outside the part that is converted.

    Examples
    --------
    >>> math(r"\frac{1}{d}")
    '<math><mrow><mfrac><mrow><mn>1</mn></mrow><mrow><mi>d</mi></mrow></mfrac></mrow></math>'
    """
    reader = _Reader(source)
    body = reader.row()
    opening = '<math display="block">' if display else "<math>"
    return f"{opening}{body}</math>"


def prose(sentence: str) -> str:
    """Convert a sentence with LaTeX between dollar signs to HTML.

    Examples
    --------
    >>> prose("width $d$ & more")
    'width <math><mrow><mi>d</mi></mrow></math> &amp; more'
    """
    pieces = sentence.split("$")
    return "".join(math(p) if n % 2 else escape(p) for n, p in enumerate(pieces))
