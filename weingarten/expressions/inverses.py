"""Inverses of random matrices that are random matrices themselves."""

from __future__ import annotations

from typing import Any

from sympy import Adjoint, Expr, MatMul, S, Transpose

from weingarten.ensembles.base import RandomMatrix
from weingarten.ensembles.gaussian import GaussianMatrix

__all__ = ["inverse_law", "is_haar"]


def inverse_law(expr: Any) -> tuple[Expr, RandomMatrix | None]:
    """Return a number and the random matrix that make the inverse of an expression, or None."""
    if isinstance(expr, RandomMatrix):
        return S.One, expr.inverse_law
    scalar, matrices = expr.as_coeff_matrices() if isinstance(expr, MatMul) else (S.One, [])
    if len(matrices) == 2:
        inner, other = matrices
        turned = isinstance(inner, Transpose | Adjoint)
        letter, back = (inner.arg, other) if turned else (inner, other.args[0])
        kind = type(inner if turned else other)
        is_gram = isinstance(letter, GaussianMatrix) and letter == back
        if is_gram and (issubclass(kind, Adjoint) or letter.is_real_valued):
            return 1 / (scalar * letter.variance), letter.inverse_gram(turned)
    return S.One, None


def is_haar(expr: Any) -> bool:
    """Say whether the inverse of a letter is its adjoint."""
    return isinstance(expr, RandomMatrix) and expr.is_haar and expr.definition is None
