"""Bounds on affine expressions of indices over their ranges, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import islice
from math import gcd

from sympy import Dummy, Expr, Integer, S, Symbol, expand

from weingarten.ensembles.base import IndexOutOfRangeError, RandomMatrix
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.words import Range, points

#: The indices that are summed, with their ranges.
Ranges = Mapping[Dummy, Range]


class Bounds:
    """Decides inequalities over ranges; notes in the conditions what holds for large dimensions.

    Parameters
    ----------
    conditions : Conditions
        The conditions of the calculation.
    """

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions

    def is_nonnegative(self, expr: Expr, sums: Ranges) -> bool | None:
        """Return whether an expression is at least 0 for all indices (False: for none of them)."""
        least = extreme(expr, sums, largest=False)
        if least is not None and self._conditions.is_nonnegative(least):
            return True
        most = extreme(expr, sums, largest=True)
        if most is not None and self._conditions.is_nonnegative(most) is False:
            return False
        return None

    def check_range(self, range_: Range, outer: Ranges, total: Expr) -> None:
        """Let pass a range that does not end earlier than one before its start.

        Raises
        ------
        ValueError
            If it does, or a limit is no integer.
        """
        _, low, high = range_
        for limit in (low, high):
            if limit.is_integer is False or limit.is_finite is False or limit.atoms(RandomMatrix):
                raise ValueError(f"expr contains {total}, where {limit} is no integer")
            self._conditions.require_integer(limit)
        size = expand(high - low + 1)
        least = extreme(size, outer, largest=False)
        if least is None:
            return
        holds = self._conditions.is_nonnegative(least)
        if holds is False:
            index = range_.index.name
            raise ValueError(
                f"expr contains {total}, where the range of {index} ends before it begins; "
                f"expected an end of {named(low - 1, outer)} or more, with which it is empty"
            )
        if holds is None:
            self._conditions.require(least)

    def check_place(self, end: Expr, size: Expr, sums: Ranges, what: object) -> None:
        """Let pass an end that is an index below a size for all values of the indices in it.

        Raises
        ------
        IndexOutOfRangeError
            If it is not, for some values.
        """
        if end.is_Integer and end >= 0:  # what most entries have
            return self._check_below(end, size, what)
        symbols = end.free_symbols
        bound = {index: r for index, r in sums.items() if index in symbols}
        if symbols and not bound and not self._conditions.are_dimensions(symbols):
            return None
        self._check_integer(end, bound, what)
        if bound and slopes_of(end, sums) is None:
            return self._check_values(end, size, sums, what)
        for margin in (end, size - 1 - end):
            least = extreme(margin, sums, largest=False)
            if least is None:
                continue
            holds = self._conditions.is_nonnegative(least)
            if holds is False and self._is_reached(margin, sums):
                raise self._out_of_range(end, size, sums, what)
            if holds is None:
                self._conditions.require(least)
        return None

    def _check_below(self, end: Expr, size: Expr, what: object) -> None:
        """Let pass a number that is below a size."""
        if end is S.Zero and isinstance(size, Symbol) and self._conditions.are_dimensions({size}):
            return  # every dimension is at least 1: no difference is made, SymPy's first is slow
        margin = size - 1 - end
        holds = self._conditions.is_nonnegative(margin)
        if holds is False:
            raise self._out_of_range(end, size, {}, what)
        if holds is None:
            self._conditions.require(margin)

    def _check_integer(self, end: Expr, bound: Ranges, what: object) -> None:
        """Let pass an end that is an integer for all values of the indices."""
        slopes = slopes_of(end, bound) or {}
        if len(slopes) == len(bound):
            whole = end.is_integer is not False
        else:
            whole = all(
                end.xreplace(point).is_integer is not False for point in _points_of(bound) or ()
            )
        if not whole:
            raise IndexOutOfRangeError(
                f"expr contains an entry of {what} with the index {named(end, bound)}, which is "
                "not seen to be an integer throughout; expected one"
            )
        self._conditions.require_integer(end.xreplace(dict.fromkeys(bound, S.Zero)))

    def _check_values(self, end: Expr, size: Expr, sums: Ranges, what: object) -> None:
        """Let pass an end that is no affine expression, value by value."""
        values = _points_of(sums)
        if values is None:
            raise IndexOutOfRangeError(
                f"expr contains an entry of {what} with the index {named(end, sums)}, whose values "
                "are not seen; expected numbers for the limits, or an index such as 2*i + 1"
            )
        for value in {end.xreplace(point) for point in values}:
            for margin in (value, size - 1 - value):
                holds = self._conditions.is_nonnegative(margin)
                if holds is False:
                    raise self._out_of_range(end, size, sums, what)
                if holds is None:
                    self._conditions.require(margin)

    @staticmethod
    def _out_of_range(end: Expr, size: Expr, sums: Ranges, what: object) -> IndexOutOfRangeError:
        return IndexOutOfRangeError(
            f"expr contains an entry of {what} with the index {named(end, sums)}, which runs out "
            f"of range; expected one from 0 to {size - 1} throughout"
        )

    @staticmethod
    def _is_reached(margin: Expr, sums: Ranges) -> bool:
        """Return whether a margin is negative somewhere: where limits are numbers, by looking."""
        values = _points_of(sums)
        if values is None:
            return True
        return any(margin.xreplace(point).is_negative for point in values)


#: So many values of indices are looked at one by one.
_POINTS = 200_000


def _points_of(sums: Ranges) -> list[dict[Dummy, Integer]] | None:
    """Return the values of indices; None where limits are no numbers, or these are too many."""
    found = points(list(sums.values()))
    values = list(islice(found, _POINTS + 1)) if found else None
    return None if values is None or len(values) > _POINTS else values


def named(expr: Expr, sums: Ranges) -> Expr:
    """Return an expression with the names of indices for the indices, to be shown."""
    return expr.xreplace({index: Symbol(index.name) for index in sums})


def extreme(expr: Expr, sums: Ranges, *, largest: bool) -> Expr | None:
    """Return a bound on an affine expression of indices over their ranges; None if it is not one.

    Examples
    --------
    >>> i, n = Dummy("i", integer=True), Symbol("n")
    >>> extreme(1 - 2*i, {i: Range(i, S(0), n - 1)}, largest=False)
    3 - 2*n
    """
    expr = expand(expr)
    for _ in range(2 * len(sums) + 1):
        bound = [index for index in sums if expr.has(index)]
        if not bound:
            return expr
        # Inner indices first: their limits hold outer ones.
        limits = {i: sums[i].low.free_symbols | sums[i].high.free_symbols for i in bound}
        index = max(bound, key=lambda i: len(limits[i] & set(sums)))
        slope = expr.coeff(index)
        if not slope.is_Rational or (expr - slope * index).has(index):
            return None
        limit = sums[index].high if (slope > 0) == largest else sums[index].low
        expr = expand(expr.xreplace({index: limit}))
    return None


def slopes_of(expr: Expr, sums: Ranges) -> dict[Dummy, Integer] | None:
    """Return the integer coefficients of the indices in an affine expression; None if not one."""
    slopes = {index: expr.coeff(index) for index in sums if expr.has(index)}
    rest = expr - sum((slope * index for index, slope in slopes.items()), S.Zero)
    if not all(slope.is_Integer for slope in slopes.values()) or expand(rest).has(*sums):
        return None
    return slopes


def primitive(difference: Expr, slopes: Mapping[Dummy, Integer]) -> Expr | None:
    """Divide an equation between integers by what all its coefficients share; None: no solution."""
    constant, terms = difference.as_coeff_Add()
    coefficients = [term.as_coeff_Mul()[0] for term in terms.as_ordered_terms()]
    whole = all(
        c.is_Integer and (term / c).is_integer
        for c, term in zip(coefficients, terms.as_ordered_terms(), strict=True)
    )
    if not whole or not constant.is_Integer or not slopes:
        return difference
    shared = reduce(gcd, (int(c) for c in coefficients))
    return None if int(constant) % shared else expand(difference / shared)
