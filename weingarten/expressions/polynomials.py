"""Arithmetic of polynomials in chains, and of SymPy's sums and products of names for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import prod
from typing import Any

from sympy import Add, Dummy, Expr, Mul, Pow, S
from sympy.polys.domains import EXRAW
from sympy.polys.rings import PolyRing

from weingarten.expressions.refusals import NotPolynomialError
from weingarten.expressions.words import Monomial, Polynomial, scalar_of

__all__ = ["added", "renewed", "terms_in"]


def terms_in(expr: Expr, names: list[Dummy]) -> Iterable[tuple[list[Dummy], Any, Expr]]:
    """Yield the terms of a polynomial: the names, their powers, and the coefficient."""
    product = _as_product(expr, set(names))
    if product:
        powers, coefficient = product
        yield list(powers), tuple(powers.values()), coefficient
        return
    ring = PolyRing(names, EXRAW)
    for powers, coefficient in _in_ring(expr, ring, set(names)).terms():
        yield names, powers, coefficient


def _as_product(expr: Expr, names: set[Any]) -> tuple[dict[Any, int], Expr] | None:
    """Return the powers of names in a product of these, and the coefficient; None for a sum."""
    powers: dict[Any, int] = defaultdict(int)
    constants = []
    for factor in Mul.make_args(expr):
        base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, S.One)
        if base in names and exponent.is_Integer and exponent > 0:
            powers[base] += int(exponent)
        elif names & factor.free_symbols:
            return None
        else:
            constants.append(factor)
    return powers, Mul(*constants)


def _in_ring(expr: Expr, ring: Any, names: set[Dummy]) -> Any:
    """Return an expression as an element of a ring of polynomials, which multiplies sparsely."""
    if expr in names:
        return ring(expr)
    if not names & expr.free_symbols:
        return ring.ground_new(expr)
    if isinstance(expr, Add | Mul):
        parts = [_in_ring(arg, ring, names) for arg in expr.args]
        return sum(parts, ring.zero) if isinstance(expr, Add) else prod(parts, start=ring.one)
    if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0:
        return _in_ring(expr.base, ring, names) ** int(expr.exp)
    raise NotPolynomialError("expr is no polynomial in traces and entries")


def added(parts: Iterable[Polynomial]) -> Polynomial:
    """Return a sum of polynomials: a chain that is a scalar goes to the coefficient."""
    total: dict[Monomial, list[Expr]] = defaultdict(list)
    for part in parts:
        for monomial, coefficient in part.items():
            if any(not c.word and c.ends is None for c in monomial.chains):
                coefficient *= scalar_of(monomial.chains)
                if coefficient is S.Zero:
                    continue
                kept = tuple(c for c in monomial.chains if c.word or c.ends)
                monomial = Monomial(kept, monomial.sums)
            total[monomial].append(coefficient)
    return {monomial: Add(*coefficients) for monomial, coefficients in total.items()}


def renewed(monomial: Monomial, coefficient: Expr) -> tuple[Monomial, Expr]:
    """Give the indices that are summed names of their own."""
    if not monomial.sums:
        return monomial, coefficient
    new = {r.index: Dummy(r.index.name, integer=True) for r in monomial.sums}
    return monomial.renamed(new), coefficient.xreplace(new)
