"""What the three ways of writing share: which term comes first, and which sums need no limits."""

from __future__ import annotations

from typing import Any

__all__ = ["positive_first", "whole_index"]


def positive_first(terms: list[Any]) -> list[Any]:
    """Let a sum begin with a positive term where it has one.

    Examples
    --------
    >>> from sympy.abc import x, y
    >>> positive_first([-x, y])
    [y, -x]
    """
    positive = [n for n, term in enumerate(terms) if not term.could_extract_minus_sign()]
    return [terms[n] for n in positive[:1]] + [
        term for n, term in enumerate(terms) if n not in positive[:1]
    ]


def whole_index(expr: Any) -> Any:
    """Return the index of a sum or product over 0, …, d - 1, or None for other ranges.

    All rows, all columns and all eigenvalues: the field leaves these limits out.

    Examples
    --------
    >>> from sympy import Sum
    >>> from derivations.notation import d, k, lam
    >>> whole_index(Sum(lam[k], (k, 0, d - 1))), whole_index(Sum(lam[k], (k, 0, 3)))
    (k, None)
    """
    (index, low, high), *more = expr.limits
    return None if more or low != 0 or str(high) != "d - 1" else index
