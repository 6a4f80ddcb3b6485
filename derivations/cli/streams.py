"""What is written to: a terminal that lacks letters, a pipe that closes, a disk that is full."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import TextIO

__all__ = ["echo", "failed_output", "has_signs", "in_letters", "readable_everywhere", "warned"]

_SIGNS = {
    "≪": "<<", "≫": ">>", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "±": "+/-", "×": "x",
    "·": "*", "−": "-", "→": "->", "∞": "oo", "√": "sqrt", "∑": "sum", "Σ": "Sum", "∏": "prod",
    "∂": "d", "∫": "int", "∈": "in", "°": "deg", "∇": "grad", "⁄": "/",
    "⊤": "T", "ᵀ": "^T", "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"',
    "‖": "||", "⟨": "<", "⟩": ">", "∘": "o", "⊗": "(x)", "─": "-", "━": "-", "│": "|", "╱": "/",
    "╲": "\\", "⎛": "/", "⎜": "|", "⎝": "\\", "⎞": "\\", "⎟": "|", "⎠": "/", "⎡": "[", "⎢": "|",
    "⎣": "[", "⎤": "]", "⎥": "|", "⎦": "]", "⎧": "/", "⎨": "<", "⎪": "|", "⎩": "\\", "⎷": "\\/",
    "⌠": "/", "⌡": "/", "⎮": "|", "⎯": "-", "█": "#", "▌": "#", "╸": "-", "╺": "-", "•": "*",
}  # fmt: skip
"""What has no letters of its own."""

_RAISED = {"<super>": "^", "<sub>": "_"}


def in_letters(text: str) -> str:
    """Write a text in ASCII: letters by their names, what is raised after ^.

    Examples
    --------
    >>> in_letters("λ ≤ d⁻¹ Wᵢⱼ² Xₗ₊₁")
    'lambda <= d^-1 W_ij^2 X_(l+1)'
    """
    runs = ((kind, "".join(map(_letter, run))) for kind, run in groupby(text, _kind))
    return "".join(_run(_RAISED.get(kind, ""), letters) for kind, letters in runs)


def _run(mark: str, letters: str) -> str:
    """Write what is raised or lowered after its mark: a sum, as in X_(l+1), in parentheses."""
    return f"{mark}({letters})" if mark and set("+-") & set(letters[1:]) else mark + letters


def _kind(sign: str) -> str:
    return "" if sign in _SIGNS else unicodedata.decomposition(sign).partition(" ")[0]


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    name = unicodedata.name(sign, "")
    if name.startswith("GREEK ") and " LETTER " in name:
        letter = name.partition(" LETTER ")[2].partition(" ")[0].replace("LAMDA", "LAMBDA")
        return letter.lower() if " SMALL " in name else letter.capitalize()
    plain = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c))
    return "".join(_SIGNS.get(c, c if c.isascii() else "?") for c in plain)


def _instead(error: UnicodeError) -> tuple[str, int]:
    """Return letters for what a stream cannot encode."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_letters(error.object[error.start : error.end]), error.end


def has_signs() -> bool:
    """Say whether the standard output can write what formulas are drawn with."""
    try:
        "λᵢ²∑─⎛".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def readable_everywhere() -> None:
    """Let the standard streams write letters in place of signs that they cannot encode."""
    codecs.register_error("weingarten.letters", _instead)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="weingarten.letters")


@contextmanager
def warned() -> Iterator[None]:
    """Print warnings to a user as lines of the command, without a place in the code."""
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if category is UserWarning:
                print(f"weingarten: {message}", file=sys.stderr)
            else:
                shown(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        yield


def echo(text: object = "", err: bool = False, nl: bool = True) -> None:
    """Print a line, also where a terminal has ASCII alone: click would write UTF-8 there."""
    print(text, end="\n" if nl else "", file=sys.stderr if err else sys.stdout, flush=True)


def failed_output(reason: OSError) -> str | None:
    """Return what to say where the standard output failed; None where something else did.

    An error of a file names the file, and one that is raised here has no number. Nothing more is
    written to the output, so that leaving does not fail again.
    """
    if reason.errno is None or reason.filename is not None:
        return None
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return f"the output cannot be written: {os.strerror(reason.errno)}"
