"""Read a polynomial in the entries of random matrices: its coefficients and monomials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sympy import Dummy, Expr, Poly, PolynomialError, Sum, conjugate
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix, RealElement
from weingarten.integration.entries import Factor


def holds_entries_only(expr: Expr) -> bool:
    """Return whether the random matrices occur as single entries, outside of sums and traces."""
    entries = [e for e in expr.atoms(MatrixElement) if isinstance(e.parent, RandomMatrix)]
    bare = expr.xreplace({entry: Dummy() for entry in entries})
    return not bare.atoms(RandomMatrix) and not any(
        total.atoms(RandomMatrix) for total in expr.atoms(Sum)
    )


def terms(expr: Expr) -> Iterator[tuple[Expr, dict[RandomMatrix, list[Factor]]]]:
    """Yield the terms of a polynomial in random entries: coefficient, and factors by matrix."""
    entries = sorted(
        (e for e in expr.atoms(MatrixElement) if isinstance(e.parent, RandomMatrix)), key=str
    )
    stands_for: dict[Expr, Dummy] = {}
    factors: list[tuple[RandomMatrix, Expr, Expr, bool]] = []
    for entry in entries:
        for conjugated in (False, True):
            if conjugated and isinstance(entry, RealElement):
                continue
            stands_for[conjugate(entry) if conjugated else entry] = Dummy(str(entry))
            factors.append((entry.parent, entry.i, entry.j, conjugated))
    if not entries:
        _refuse_if_random(expr)
        yield expr, {}
        return
    for powers, coefficient in _as_poly(expr, stands_for).terms():
        monomials: dict[RandomMatrix, list[Factor]] = defaultdict(list)
        for exponent, (matrix, i, j, conjugated) in zip(powers, factors, strict=True):
            if exponent:
                monomials[matrix].append(Factor(i, j, conjugated, exponent))
        yield coefficient, dict(monomials)


def _as_poly(expr: Expr, stands_for: dict[Expr, Dummy]) -> Poly:
    replaced = expr.xreplace(stands_for)
    _refuse_if_random(replaced)
    try:
        return Poly(replaced, *stands_for.values())
    except PolynomialError:
        back = {dummy: entry for entry, dummy in stands_for.items()}
        culprit = _not_polynomial(replaced, set(back)).xreplace(back)
        raise ValueError(
            f"expr contains {culprit}, which is not a polynomial in the entries of a random "
            "matrix and their conjugates; expected one"
        ) from None


def _not_polynomial(expr: Expr, generators: set[Dummy]) -> Expr:
    """Return the smallest part of `expr` that is not a polynomial in the generators."""
    for part in expr.args:
        if not isinstance(part, Expr):
            break
        if part.free_symbols & generators and not part.is_polynomial(*generators):
            return _not_polynomial(part, generators)
    return expr


def _refuse_if_random(expr: Expr) -> None:
    left = expr.atoms(RandomMatrix)
    if left:
        matrix = min(left, key=str)
        holder = next((e for e in _bottom_up(expr) if matrix in e.args), expr)
        raise ValueError(
            f"expr contains {holder}, where the random matrix {matrix} does not occur through "
            "its entries; expected a polynomial in entries of random matrices"
        )


def _bottom_up(expr: Expr) -> Iterator[Expr]:
    for part in expr.args:
        yield from _bottom_up(part)
    yield expr
