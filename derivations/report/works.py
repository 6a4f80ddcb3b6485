"""The works that formulas cite: one reference each, wherever a source names it."""

from __future__ import annotations

import re

from derivations.report.document import Latex, prose

__all__ = ["WORKS", "cited", "referred"]

WORKS = {
    "meterez": (
        r"A. Meterez et al\., arXiv:2310\.02012(?!v)|A. Meterez, .*?arXiv:2310\.02012v1",
        "A. Meterez, A. Joudaki, F. Orabona, A. Immer, G. Rätsch, H. Daneshmand, Towards Training "
        "Without Depth Limits: Batch Normalization Without Gradient Explosion, ICLR 2024, "
        "arXiv:2310.02012v1",
    ),
    "collins": (
        r"B\. Collins and P\. Śniady, Commun\. Math\. Phys\. 264 \(2006\)",
        "B. Collins and P. Śniady, Integration with respect to the Haar measure on unitary, "
        "orthogonal and symplectic group, Commun. Math. Phys. 264 (2006)",
    ),
    "matsumoto": (
        r"S\. Matsumoto, arXiv:1301\.5401",
        "S. Matsumoto, Weingarten calculus for matrix ensembles associated with compact symmetric "
        "spaces, arXiv:1301.5401",
    ),
    "yang": (
        r"G\. Yang, .*?arXiv:1902\.08129",
        "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz, A Mean Field Theory "
        "of Batch Normalization, ICLR 2019, arXiv:1902.08129",
    ),
    "ioffe": (
        r"S\. Ioffe and C\. Szegedy, arXiv:1502\.03167",
        "S. Ioffe and C. Szegedy, Batch Normalization: Accelerating Deep Network Training by "
        "Reducing Internal Covariate Shift, arXiv:1502.03167",
    ),
    "isserlis": (r"L\. Isserlis, Biometrika 12 \(1918\)", "L. Isserlis, Biometrika 12 (1918)"),
    "bartlett": (
        r"M\. S\. Bartlett, Proc\. R\. Soc\. Edinburgh 53 \(1933\)",
        "M. S. Bartlett, Proc. R. Soc. Edinburgh 53 (1933)",
    ),
}
"""For each work how a source names it, as a regular expression, and its reference."""

_ANY = re.compile("|".join(f"(?P<{key}>{pattern})" for key, (pattern, _) in WORKS.items()))


def cited(source: str) -> Latex:
    r"""Write what a formula is from, with numbers in place of the works.

    Examples
    --------
    >>> print(cited("Wick: L. Isserlis, Biometrika 12 (1918), theorem 1"))
    Wick: \cite{isserlis}, theorem 1
    """
    parts, end = [], 0
    for found in _ANY.finditer(source):
        parts += [prose(source[end : found.start()]), Latex(rf"\cite{{{found.lastgroup}}}")]
        end = found.end()
    return Latex("".join([*parts, prose(source[end:])]))


def referred(sources: list[str]) -> list[tuple[str, str]]:
    """Return key and reference of each work that one of the sources names."""
    keys = {found.lastgroup for source in sources for found in _ANY.finditer(source)}
    return [(key, reference) for key, (_, reference) in WORKS.items() if key in keys]
