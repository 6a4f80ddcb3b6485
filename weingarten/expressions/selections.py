"""Slices of matrices, written as products with selected columns of an identity.

``A[:, a:b]`` is ``A*S`` and ``A[a:b, :]`` is ``S.T*A`` for the columns a to b of an identity S, a
letter like any other: so a slice of a random matrix is a word, also where its size is a symbol.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from sympy import Expr, Identity, S, sympify
from sympy.matrices.expressions.slice import MatrixSlice

from weingarten.ensembles.base import random_matrices
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.rules import Equation

Limits = tuple[Any, Any, Any]


def selection(size: Expr, limits: Limits) -> MatrixSlice | None:
    """Return the columns of an identity that a slice takes; None if these are all.

    Examples
    --------
    >>> selection(sympify(5), (0, 2, 1)).shape
    (5, 2)
    >>> selection(sympify(5), (0, 5, 1))
    """
    if tuple(limits) == (0, size, 1):
        return None
    return MatrixSlice(Identity(size), (0, size, 1), tuple(limits))


def equations(alphabet: Alphabet, expr: Any) -> Iterator[Equation]:
    """Yield what is known of products of the selections in an expression."""
    bases = sorted(_selections(expr), key=str)
    for base in bases:
        straight, turned = alphabet.letter(base), alphabet.letter(base, True)
        yield Equation((turned, straight), S.One, (), frozenset())
    for one, other in combinations(bases, 2):
        if one.parent == other.parent and _are_apart(one.colslice, other.colslice):
            word = alphabet.letter(one, True), alphabet.letter(other)
            yield Equation(word, S.Zero, (), frozenset())


def _selections(expr: Any) -> set[MatrixSlice]:
    """Return those that slices of random matrices are read with."""
    found: set[MatrixSlice] = set()
    for slice_ in expr.atoms(MatrixSlice):
        if random_matrices(slice_):
            sides = zip(slice_.parent.shape, (slice_.rowslice, slice_.colslice), strict=True)
            found |= {made for side in sides if (made := selection(*side)) is not None}
    for matrix in random_matrices(expr):
        if matrix.definition is not None:
            found |= _selections(matrix.definition)
    return found


def _are_apart(one: Iterable[Any], other: Iterable[Any]) -> bool:
    """Return whether two ranges are known to have no index in common."""
    (a, b, _), (c, d, _) = (map(sympify, limits) for limits in (one, other))
    return bool((b <= c) == True or (d <= a) == True)  # noqa: E712 - SymPy's three truth values


def last(limits: Limits) -> Expr | None:
    """Return the last index that a slice takes; None where SymPy's shape is not that of a slice.

    Examples
    --------
    >>> last((1, 7, 2)), last((1, 6, 2))
    (5, None)
    """
    start, stop, step = map(sympify, limits)
    if step != 1 and not ((stop - start) / step).is_integer:
        return None
    place: Expr = stop - step
    return place
