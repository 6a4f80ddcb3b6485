"""Integrals and functions of haarpy beside entries of one unitary or orthogonal matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import Call, Case, Setup, dimension

#: Pairs of indices, of the entries that are multiplied.
Indices = list[tuple[int, int]]


def _flat(entries: Indices) -> tuple[int, ...]:
    return tuple(index for pair in entries for index in pair)


def _circular_here(plain: Indices, conjugate: Indices, size: int | None, product: bool) -> Setup:
    """Set up the mean of entries of a circular orthogonal matrix, or of U U^T."""

    def setup() -> Call:
        import sympy

        from weingarten import CircularOrthogonal, E, HaarUnitary

        d = dimension() if size is None else size
        matrix = HaarUnitary("U", d) * HaarUnitary("U", d).T if product else None
        matrix = CircularOrthogonal("S", d) if matrix is None else matrix
        expr = sympy.Mul(*(matrix[i, j] for i, j in plain)) * sympy.conjugate(
            sympy.Mul(*(matrix[i, j] for i, j in conjugate))
        )
        return lambda: E(expr)

    return setup


def _circular_haarpy(plain: Indices, conjugate: Indices, size: int | None) -> Setup:
    def setup() -> Call:
        from haarpy import haar_integral_circular_orthogonal

        d = dimension() if size is None else size
        return lambda: haar_integral_circular_orthogonal((_flat(plain), _flat(conjugate)), d)

    return setup


def _circular(
    title: str,
    plain: Indices,
    conjugate: Indices | None = None,
    size: int | None = None,
    product: bool = False,
    **more: Any,
) -> Case:
    conjugate = conjugate or plain
    return Case(
        title,
        _circular_here(plain, conjugate, size, product),
        {"haarpy": _circular_haarpy(plain, conjugate, size)},
        **more,
    )


def _symplectic_here() -> Call:
    from sympy import prod

    from weingarten import E, HaarSymplectic

    matrix = HaarSymplectic("S", dimension())
    expr = prod(matrix[i, 0] for i in (0, 2, 4)) * prod(matrix[i, 1] for i in (1, 3, 5))
    return lambda: E(expr)


def _symplectic_haarpy() -> Call:
    from haarpy import haar_integral_symplectic

    d = dimension()
    return lambda: haar_integral_symplectic(((0, 1, 2, d, d + 1, d + 2), (0, 0, 0, d, d, d)), d)


def _character(library: str, lam: tuple[int, ...], mu: tuple[int, ...]) -> Setup:
    def setup() -> Call:
        function: Callable[..., Any]
        if library == "haarpy":
            from haarpy import murn_naka_rule as function
        else:
            from weingarten.combinatorics import character as function
        return lambda: function(lam, mu)

    return setup


def integrals_of_haarpy() -> list[Case]:
    """Return the cases."""
    three = [(2 * k, 2 * k + 1) for k in range(3)]
    long = [(2 * k, 2 * k + 1) for k in range(5)]
    smaller = "COE, modulus of S_01 S_23 S_45, squared"
    lam, mu = (9, 7, 5, 4, 3, 2), (6, 5, 4, 4, 3, 2, 2, 2, 1, 1)
    return [
        _circular("COE, S_00 S_12 conj(S_10 S_02)", [(0, 0), (1, 2)], [(1, 0), (0, 2)]),
        _circular(smaller, three),
        _circular("COE, modulus of five entries, squared", long, smaller=smaller, long=True),
        _circular("COE, modulus of S_00 to the 8", [(0, 0)] * 4),
        _circular("COE(5), modulus of S_01 to the 6", [(0, 1)] * 3, size=5),
        _circular("U(5), modulus of (U Uᵀ)_01 to the 6", [(0, 1)] * 3, size=5, product=True),
        _circular("U(3), modulus of (U Uᵀ)_00 to the 8", [(0, 0)] * 4, size=3, product=True),
        Case(
            "Sp, product of six entries in two columns",
            lambda: _symplectic_here(),
            {"haarpy": lambda: _symplectic_haarpy()},
        ),
        Case(
            "S_30, one character",
            _character("weingarten", lam, mu),
            {"haarpy": _character("haarpy", lam, mu)},
        ),
    ]
