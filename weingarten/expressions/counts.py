"""How many values of indices solve an equation between them, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Dummy, Eq, Expr, Max, Min, Mod, Piecewise, S, ceiling, expand, floor, gcdex

from weingarten.expressions.words import Range

#: Whether an expression is at least 0, as far as can be seen.
IsNonnegative = Callable[[Expr], bool | None]


def divides(number: int, expr: Expr) -> Expr:
    """Return 1 where a number divides an expression in integers, 0 elsewhere.

    Examples
    --------
    >>> from sympy import Symbol
    >>> d = Symbol("d", integer=True)
    >>> divides(2, d - 1)
    Mod(d, 2)
    >>> divides(3, d).subs(d, 6), divides(3, d).subs(d, 7)
    (1, 0)
    """
    if number == 2:
        return Mod(expand(expr + 1), 2)
    return Piecewise((S.One, Eq(Mod(expr, number), 0)), (S.Zero, True))


def pairs(
    ranges: Sequence[Range], slopes: Sequence[int], constant: Expr, is_nonnegative: IsNonnegative
) -> Expr | None:
    """Return for how many pairs of indices a sum of multiples of them and a constant is zero.

    Coefficients have no common factor. None where the solutions are not seen.

    Examples
    --------
    >>> from sympy import Dummy, symbols
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> i, j = Range(Dummy("i"), S(0), m - 1), Range(Dummy("j"), S(0), n - 1)
    >>> known = lambda expr: expr.is_nonnegative
    >>> pairs([i, j], [2, -1], S(0), known)
    Min(m, floor(n/2 + 1/2))
    >>> pairs([i, j], [1, 1], 1 - m, known)
    Min(m, n)
    >>> pairs([i, j], [2, -3], S(0), known)
    Min(floor(m/3 + 2/3), floor(n/2 + 1/2))
    """
    counts = [
        _count(margins, is_nonnegative)
        for start in _solutions(slopes, constant)
        for sign in (1, -1)
        for margins in [_margins(ranges, start, (sign * slopes[1], -sign * slopes[0]))]
    ]
    found = [count for count in counts if count is not None]
    return min(found, key=lambda count: count.count_ops(), default=None)


def _margins(
    ranges: Sequence[Range], start: tuple[Expr, Expr], steps: tuple[int, int]
) -> list[tuple[Expr, Expr]]:
    """Return what is at least 0 of multiples t of the steps: coefficients of t, and constants."""
    t = Dummy("t", integer=True)
    values = {r.index: x + step * t for r, x, step in zip(ranges, start, steps, strict=True)}
    margins = [
        expand(margin.xreplace(values))
        for index, low, high in ranges
        for margin in (index - low, high - index)
    ]
    return [(margin.coeff(t), margin - margin.coeff(t) * t) for margin in margins]


def _count(margins: Sequence[tuple[Expr, Expr]], is_nonnegative: IsNonnegative) -> Expr | None:
    """Return how many integers leave all margins at least 0; None if that is not seen."""
    if any(not a.is_Integer or (a.is_zero and not is_nonnegative(e)) for a, e in margins):
        return None
    firsts = [ceiling(expand(-e / a)) for a, e in margins if a > 0]
    ends = [floor(expand(e / -a + 1)) for a, e in margins if a < 0]
    first = _extreme(firsts, is_nonnegative, largest=True)
    end = _extreme(ends, is_nonnegative, largest=False)
    if first.is_Integer and end.func is Min:
        parts = [expand(arg - first) for arg in end.args]
    else:
        parts = [expand(end - first)]
    count = Min(*parts)
    return count if all(map(is_nonnegative, parts)) else Max(0, count)


def _solutions(slopes: Sequence[int], constant: Expr) -> list[tuple[Expr, Expr]]:
    a, b = slopes
    found = [
        (-constant / a, S.Zero) if abs(a) == 1 else None,
        (S.Zero, -constant / b) if abs(b) == 1 else None,
    ]
    if not any(found) and constant.is_Integer:
        x, y, shared = gcdex(S(a), S(b))
        found.append((-constant * x / shared, -constant * y / shared))
    return [solution for solution in found if solution]


def _extreme(values: Sequence[Expr], is_nonnegative: IsNonnegative, *, largest: bool) -> Expr:
    """Return the largest or smallest of some values, without those that are seen not to be."""
    kept: list[Expr] = []
    for value in values:
        above = (other - value if largest else value - other for other in kept)
        if any(is_nonnegative(expand(x)) for x in above):
            continue
        below = {o: value - o if largest else o - value for o in kept}
        kept = [o for o in kept if not is_nonnegative(expand(below[o]))] + [value]
    return (Max if largest else Min)(*kept)
