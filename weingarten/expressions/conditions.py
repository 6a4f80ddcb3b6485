"""When a value holds: the least dimensions, and relations between the symbols of ranges."""

from __future__ import annotations

from collections.abc import Collection
from math import lcm
from typing import Any

from sympy import (
    Add,
    And,
    Dummy,
    Eq,
    Expr,
    Ge,
    Le,
    Mod,
    Symbol,
    expand,
)

from weingarten.functions.dimension import at_least


class Conditions:
    """The conditions of one calculation, collected on the way.

    Parameters
    ----------
    dimensions : collection of Symbol
        The symbols that sizes of matrices are made of: they are positive integers, and a relation
        that holds once they are large enough may be required.
    """

    def __init__(self, dimensions: Collection[Symbol] = ()) -> None:
        self._dimensions = frozenset(dimensions)
        self._positive = {
            d: Dummy(d.name, integer=True, positive=True) for d in dimensions if not d.is_positive
        }
        self._any_positive = frozenset(
            d for d in (self._positive.get(d, d) for d in dimensions) if _is_any_positive(d)
        )
        self._least: dict[Expr, int] = {}
        #: What is to be at least 0, with how that is written.
        self._margins: dict[Expr, Any] = {}
        self._divisibilities: dict[Any, None] = {}
        self._others: dict[Any, None] = {}

    def at_least(self, dimension: Expr, bound: int) -> None:
        """Require that a dimension is no less than a bound."""
        self._least[dimension] = max(bound, self._least.get(dimension, 1))

    def are_dimensions(self, symbols: Collection[Any]) -> bool:
        """Return whether there are symbols, and all of them are of dimensions."""
        return bool(symbols) and self._dimensions.issuperset(symbols)

    def is_nonnegative(self, expr: Expr) -> bool | None:
        """Return whether an expression is at least 0, as far as can be seen."""
        known = expr.xreplace(self._positive)
        constant, rest = known.as_coeff_Add()
        slope, symbol = rest.as_coeff_Mul()
        if symbol in self._any_positive and constant.is_Integer and slope.is_Integer:
            # The symbol is any integer from 1 on: what is to be asked is a matter of signs.
            if (constant + slope >= 0) == (slope > 0):
                return bool(slope > 0)
            return None
        if known.is_nonnegative or known.is_negative:
            return bool(known.is_nonnegative)
        return None

    def may_be_required(self, expr: Expr) -> bool:
        """Return whether it holds for large enough dimensions that an expression is at least 0."""
        return any(
            expr.coeff(d).is_positive for d in self._dimensions & expr.free_symbols
        ) and not expr.atoms(Dummy)

    def require(self, expr: Expr) -> None:
        """Require that an expression, of which this is not seen, is at least 0."""
        expr = expand(expr)
        if self.is_nonnegative(expr):
            return
        symbols, constant = expr.as_coeff_Add()[::-1]
        per_unit, symbol = symbols.as_coeff_Mul()
        if symbol in self._dimensions and per_unit.is_positive and constant.is_Integer:
            self.at_least(symbol, int((-constant / per_unit).ceiling()))
            return
        terms = Add.make_args(symbols)
        below = Add(*(-term for term in terms if term.could_extract_minus_sign()))
        above = Add(*(term for term in terms if not term.could_extract_minus_sign()))
        self._margins[expr] = Le(below, above + constant) if below else Ge(above, -constant)

    def require_integer(self, expr: Expr) -> None:
        """Require that an expression with fractions, such as half a dimension, is an integer."""
        terms = Add.make_args(expand(expr))
        shared = lcm(*(int(term.as_coeff_Mul()[0].q) for term in terms if _has_fraction(term)))
        if shared != 1:
            self._divisibilities[Eq(Mod(expand(shared * expr), shared), 0)] = None

    def note(self, relation: Any) -> None:
        """Require a relation, as it is written."""
        self._others[relation] = None

    def as_boolean(self) -> Any:
        """Return all conditions as one."""
        least = (at_least(d, bound) for d, bound in self._least.items())
        relations = (
            relation
            for margin, relation in self._margins.items()
            if not any(self._follows(margin, other) for other in self._margins)
        )
        return And(*least, *relations, *self._divisibilities, *self._others)

    def _follows(self, margin: Expr, other: Expr) -> bool:
        """Return whether a margin is larger than another, which is required to be at least 0."""
        return margin != other and bool(self.is_nonnegative(margin - other))


#: What is known of a symbol for any positive integer.
_ANY_POSITIVE = dict(Dummy(integer=True, positive=True).assumptions0)


def _is_any_positive(dimension: Symbol) -> bool:
    """Return whether all positive integers are meant by a symbol, and not, say, even ones."""
    return dict(dimension.assumptions0) == _ANY_POSITIVE


def _has_fraction(term: Expr) -> bool:
    number = term.as_coeff_Mul()[0]
    return bool(number.is_Rational and not number.is_Integer)
