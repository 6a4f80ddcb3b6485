"""Sentences with LaTeX between dollar signs, and the same in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.writing.text import SUPERSCRIPTS

__all__ = ["pieces", "plain"]

_SIGNS = {
    "alpha": "α", "beta": "β", "Delta": "Δ", "varepsilon": "ε", "eta": "η", "theta": "θ",
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
    'A = X Xᵀ has eigenvalues λ_k'
    """
    return "".join(_plain(piece) if is_latex else piece for piece, is_latex in pieces(sentence))


def _plain(source: str) -> str:
    source = source.replace(r"\|", "‖").replace(r"\,", " ")
    source = re.sub(r"\\frac(\w)(\w)", r"\1/\2", source)
    source = re.sub(r"\\frac\{(\w+)\}\{(\w+)\}", r"\1/\2", source)
    source = re.sub(r"\\tilde\{(\w)\}", "\\1\u0303", source)  # a combining tilde
    source = re.sub(r"\\([A-Za-z]+)", lambda found: _SIGNS.get(found[1], found[1]), source)
    source = re.sub(r"\^\{?([ᵀ°])\}?", r"\1", source)
    source = re.sub(r"\^(\d)(?!\w)", lambda found: found[1].translate(SUPERSCRIPTS), source)
    source = re.sub(r"_\{(\w) (\w)\}", r"_\1\2", source)
    source = re.sub(r"(?<![_^√])\{(\w+)\}|(?<=√)\{(\w+)\}", r"\1\2", source)
    return source.replace("{", "(").replace("}", ")")
