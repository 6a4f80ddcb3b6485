"""Powers of constants become letters, where their exponents are no integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Float, MatPow, MatrixSymbol, preorder_traversal

from weingarten.ensembles.base import random_matrices
from weingarten.numeric.arithmetic import Gaussians, Rationals
from weingarten.numeric.constants import Constants
from weingarten.numeric.exact import IrrationalError
from weingarten.numeric.given import Constant
from weingarten.numeric.roots import power


def with_powers(
    expr: Any, numbers: Mapping[Any, Any], matrices: Mapping[Any, Constant]
) -> tuple[Any, dict[Any, Constant]]:
    """Put a letter for each power of constants whose exponent is no integer.

    Parameters
    ----------
    expr : Expr
        An expression of integer dimensions.
    numbers, matrices : mapping
        Values of symbols, and of matrices.

    Returns
    -------
    Expr, dict from MatrixSymbol to Constant
        The expression with letters, and what they stand for.

    Raises
    ------
    ValueError
        If a power does not exist, or its matrix is not known exactly.

    Examples
    --------
    >>> from sympy import Rational, Trace
    >>> A = MatrixSymbol("A", 2, 2)
    >>> lettered, powers = with_powers(
    ...     Trace(A**Rational(1, 2)), {}, {A: Constant.of([[4, 0], [0, 9]], None)})
    >>> lettered, [constant.entries for constant in powers.values()]
    (Trace(<power 1>), [[[2, 0], [0, 3]]])
    """
    found: dict[Any, Any] = {}
    made: dict[Any, Constant] = {}
    for node in sorted(_powers(expr), key=_length):  # those inside others first
        base = node.base.xreplace(found)
        if not (base.free_symbols | node.exp.free_symbols) <= {*numbers, *matrices, *made}:
            continue
        constant = _power(node, base, numbers, {**matrices, **made})
        found[node] = MatrixSymbol(f"<power {len(found) + 1}>", *node.shape)
        made[found[node]] = constant
    return (expr.xreplace(found) if found else expr), made


def _powers(expr: Any) -> set[Any]:
    return {
        part
        for part in preorder_traversal(expr)
        if isinstance(part, MatPow) and not part.exp.is_Integer and not random_matrices(part)
    }


def _length(expr: Any) -> int:
    return sum(1 for _ in preorder_traversal(expr))


def _power(node: Any, base: Any, numbers: Any, matrices: Any) -> Constant:
    used = {symbol: constant for symbol, constant in matrices.items() if base.has(symbol)}
    real = all(constant.is_real for constant in used.values())
    inexact = (
        any(constant.is_float for constant in used.values())
        or node.has(Float)
        or any(numbers[s].has(Float) for s in node.free_symbols & set(numbers))
    )
    known = Constants(Rationals() if real else Gaussians(), numbers, matrices)
    try:
        exact = known.matrix(base)
    except IrrationalError:
        raise ValueError(
            f"expr contains {node}, a power that is no integer of a matrix whose entries are not "
            "rational; expected floats or rational numbers"
        ) from None
    except ZeroDivisionError as reason:
        raise ValueError(str(reason)) from None
    return power(node, exact, known.exact(node.exp), inexact=inexact)
