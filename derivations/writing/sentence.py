"""Sentences with LaTeX between dollar signs, and the same in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.writing.text import SUPERSCRIPTS, lowered

__all__ = ["pieces", "plain"]

_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "varepsilon": "ε",
    "eta": "η", "theta": "θ",
    "lambda": "λ", "Lambda": "Λ", "mu": "μ", "Pi": "Π", "rho": "ρ", "sigma": "σ", "Sigma": "Σ",
    "tau": "τ", "phi": "φ", "psi": "ψ", "chi": "χ", "Gamma": "Γ", "partial": "∂",
    "pm": "±", "times": "×", "approx": "≈", "gg": "≫", "lvert": "|", "rvert": "|", "int": "∫",
    "dots": "…", "infty": "∞", "top": "ᵀ", "to": "→", "circ": "°", "cdot": "·", "nabla": "∇",
    "mathcal": "",
    "ne": "≠", "neq": "≠", "ge": "≥", "geq": "≥", "le": "≤", "leq": "≤", "gt": ">", "lt": "<",
    "sum": "Σ", "prod": "Π", "sqrt": "√", "left": "", "right": "", "operatorname": "",
    "mathbb": "",
}  # fmt: skip


def pieces(sentence: str) -> Iterator[tuple[str, bool]]:
    """Cut a sentence at its dollar signs; say of each piece whether it is LaTeX.

    Examples
    --------
    >>> list(pieces("width $d$ here"))
    [('width ', False), ('d', True), (' here', False)]
    """
    for number, piece in enumerate(sentence.split("$")):
        yield piece, number % 2 == 1


def plain(sentence: str) -> str:
    r"""Write a sentence with LaTeX between dollar signs as plain text.

    Examples
    --------
    >>> plain(r"$A = X X^{\top}$ has eigenvalues $\lambda_k$")
    'A = X Xᵀ has eigenvalues λₖ'
    """
    return "".join(_plain(piece) if is_latex else piece for piece, is_latex in pieces(sentence))


def _plain(source: str) -> str:
    source = source.replace(r"\|", "‖").replace(r"\,", " ").replace(r"\mathcal{L}", "ℒ")
    source = re.sub(r"\\partial +", "∂", source)
    source = re.sub(r"\\frac(\w)(\w)", r"\1/\2", source)
    source = re.sub(r"\\frac\{(\w+)\}\{(\w+)\}", r"\1/\2", source)
    source = re.sub(r"\\tilde\{(\w)\}", "\\1\u0303", source)  # a combining tilde
    source = re.sub(r"\\([A-Za-z]+)", lambda found: _SIGNS.get(found[1], found[1]), source)
    source = re.sub(r"\^\{?([ᵀ°])\}?", r"\1", source)
    source = re.sub(r"\^(\d)(?!\w)", lambda found: found[1].translate(SUPERSCRIPTS), source)
    source = re.sub(r"_\{([^{}]+)\}|_(\w)", _subscript, source)
    source = re.sub(r"(?<![_^√])\{(\w+)\}|(?<=√)\{(\w+)\}", r"\1\2", source)
    return source.replace("{", "(").replace("}", ")")


def _subscript(found: re.Match[str]) -> str:
    """Write a subscript with the signs that there are for it, as a formula on a line has it."""
    index = (found[1] or found[2]).replace(" ", "")
    return lowered(index) or (f"_{index}" if len(index) == 1 else f"_({index})")
