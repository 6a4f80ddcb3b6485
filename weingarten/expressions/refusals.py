"""What is refused, and what to write in its place."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    HadamardPower,
    KroneckerProduct,
    Product,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf


class NotPolynomialError(ValueError):
    """A part of an expression that is no polynomial in traces, entries and products."""


#: What to write instead, by the class of what is refused.
_INSTEAD: list[tuple[Any, str]] = [
    (
        BlockMatrix | BlockDiagMatrix,
        "a matrix of blocks is not taken apart; write the blocks of the result as products, "
        "or block_collapse(expr), or expr.as_explicit() at a number for the dimension",
    ),
    (
        HadamardPower,
        "entry by entry, a power is one with a positive integer exponent",
    ),
    (
        DiagonalOf | DiagonalMatrix,
        "the diagonal is read of a square matrix; write its entries, or slice the matrix first",
    ),
    (
        KroneckerProduct,
        "a product of tensors is no word; write the entry of each factor, W[i, j]*W[k, l]",
    ),
    (
        Product,
        "of a product over an index the factors are not read; write its factors out, as "
        "expr.doit() does between numbers",
    ),
    (
        Abs,
        "a modulus is one in an even power only; write Abs(...)**2, or sample it with "
        "estimate(expr, at=...)",
    ),
]


def refusal(expr: Any) -> NotPolynomialError:
    """Return the error for a part of an expression that cannot be integrated."""
    shown = " ".join(str(expr).split())
    if isinstance(expr, Determinant):
        return NotPolynomialError(
            f"expr contains {shown}: a determinant is integrated when it comes as its squared "
            "modulus, or when the dimension is a number"
        )
    found = (reason for kind, reason in _INSTEAD if isinstance(expr, kind))
    instead = next(found, "expected one; estimate(expr, at=...) samples what is none")
    return NotPolynomialError(
        f"expr contains {shown}, which is not a polynomial in the entries of a random matrix and "
        f"their conjugates, traces and products: {instead}"
    )
