"""Means over a Haar orthogonal matrix row by row: a second route that knows no Weingarten function.

Given the rows above it, a row of W is uniform on the unit sphere of their orthogonal complement.
On the sphere of a space of D dimensions with orthogonal projection P,

    E u_a u_b … u_y u_z = Σ_pairings Π P_pair / (D (D + 2) … (D + n - 2)),    n factors,

and P = 1 - Σ_r x_r x_rᵀ over the m rows x_r above, D = d - m. So the last row of a monomial
is averaged first, which leaves monomials in the rows above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import TypeAlias

from sympy import Add, Expr, Integer, Poly, PolynomialError, cancel, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import HaarOrthogonal

__all__ = ["mean_by_rows"]

Columns: TypeAlias = tuple[Expr, ...]
"""The columns of the entries that one row contributes to a monomial, with repetition."""


def mean_by_rows(x: Expr) -> Expr:
    """Mean of a polynomial in the entries of one Haar orthogonal matrix.

    Parameters
    ----------
    x : sympy.Expr
        A polynomial in entries such as W[0, 1]; the other letters are constants.

    Returns
    -------
    sympy.Expr
        Exact for every width at which the rows that occur are distinct.

    Raises
    ------
    ValueError
        When x is no such polynomial.

    Examples
    --------
    >>> from derivations.notation import W
    >>> mean_by_rows(W[0, 0] ** 2 * W[1, 1] ** 2)
    (d + 1)/(d*(d - 1)*(d + 2))
    """
    x = sympify(x)
    entries = sorted(x.atoms(MatrixElement), key=str)
    if not entries:
        return x
    matrices = {entry.parent for entry in entries}
    if len(matrices) > 1 or not isinstance(entries[0].parent, HaarOrthogonal):
        raise ValueError(f"{x} has entries of {matrices}; expected those of one HaarOrthogonal")
    try:
        terms = Poly(x, *entries).terms()
    except PolynomialError as reason:
        raise ValueError(f"{x} is not a polynomial in entries of {entries[0].parent}") from reason
    d = entries[0].parent.shape[0]
    means = {powers: cancel(_moment(_by_row(entries, powers), d)) for powers, _ in terms}
    total = Add(*(coefficient * means[powers] for powers, coefficient in terms))
    return total.factor() if total.free_symbols <= {d} else total


def _by_row(entries: list[MatrixElement], powers: tuple[int, ...]) -> tuple[Columns, ...]:
    """Sort a monomial's entries into rows, the one with the fewest factors last."""
    rows: dict[Expr, Columns] = {}
    for entry, power in zip(entries, powers, strict=True):
        rows[entry.i] = rows.get(entry.i, ()) + (entry.j,) * power
    return tuple(sorted(filter(None, rows.values()), key=len, reverse=True))


def _moment(rows: tuple[Columns, ...], d: Expr) -> Expr:
    if not rows:
        return Integer(1)
    *above, last = rows
    if len(last) % 2:
        return Integer(0)
    dimension = d - len(above)
    total = Integer(0)
    for pairing in _pairings(last):
        # Each pair takes one term of P: the identity, or one of the rows above, with a minus.
        for choice in product(range(-1, len(above)), repeat=len(pairing)):
            if any(c < 0 and a != b for c, (a, b) in zip(choice, pairing, strict=True)):
                continue
            longer = list(above)
            for c, pair in zip(choice, pairing, strict=True):
                if c >= 0:
                    longer[c] = longer[c] + pair
            sign = (-1) ** sum(c >= 0 for c in choice)
            total += sign * _moment(tuple(longer), d)
    return total / prod(dimension + 2 * r for r in range(len(last) // 2))


def _pairings(columns: Columns) -> Iterator[list[Columns]]:
    if not columns:
        yield []
        return
    first, *others = columns
    for n, other in enumerate(others):
        for rest in _pairings((*others[:n], *others[n + 1 :])):
            yield [(first, other), *rest]
