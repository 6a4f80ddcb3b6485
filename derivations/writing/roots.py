"""Square roots that stand beside each other, written as one."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Mul, Rational
from sympy.core.relational import Relational

__all__ = ["Root", "roots_together"]

_HALF = Rational(1, 2)


class Root(Expr):
    """The square root of a product, which SymPy would take apart; for printers alone."""

    is_commutative = True

    def __new__(cls, radicand: Expr) -> Root:
        """Write the sign; nothing is evaluated."""
        sign: Root = Expr.__new__(cls, radicand)
        return sign


def roots_together(expr: Basic) -> Basic:
    """Write products of square roots as roots of products: all radicands are positive.

    Examples
    --------
    >>> from sympy import sqrt
    >>> from derivations.notation import d, phi_0
    >>> roots_together(4 * sqrt(2 * d * phi_0))
    4*Root(2*d*phi_0)
    """
    if isinstance(expr, Relational):
        return expr.func(*map(roots_together, expr.args), evaluate=False)
    return expr.replace(_has_roots, _merged)


def _has_roots(expr: Any) -> bool:
    return expr.is_Mul and sum(map(_is_root, expr.args)) > 1


def _is_root(factor: Any) -> bool:
    return bool(factor.is_Pow and abs(factor.exp) == _HALF)


def _merged(product: Any) -> Expr:
    roots = [factor for factor in product.args if _is_root(factor)]
    others = [factor for factor in product.args if not _is_root(factor)]
    return Mul(*others, Root(Mul(*(root.base ** (2 * root.exp) for root in roots))))
