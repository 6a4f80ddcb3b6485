"""Facts that a calculation is given must hold of the values it is made at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Eq, MatrixSymbol, Not, Q
from sympy.assumptions import AppliedPredicate
from sympy.logic.boolalg import And

from weingarten.limits import warn_user
from weingarten.values.numbers import Array

#: How far off a fact may be, relative to the matrix: numbers are rarely exact.
_ROUNDING = 1e-9


def _transposed(matrix: Array) -> Array:
    return np.swapaxes(matrix, -2, -1)


def _adjoint(matrix: Array) -> Array:
    return np.conj(_transposed(matrix))


def _vanishes(defect: Array, scale: float) -> bool:
    return bool(np.abs(defect).max(initial=0) <= _ROUNDING * scale)


def _size(matrix: Array) -> float:
    return float(np.abs(matrix).max(initial=0))


def _is_square(matrix: Array) -> bool:
    return bool(matrix.shape[-2] == matrix.shape[-1])


def _has_full_rank(matrix: Array) -> bool:
    return bool(np.linalg.matrix_rank(matrix) == min(matrix.shape))


def _is_hermitian(matrix: Array) -> bool:
    return _is_square(matrix) and _vanishes(matrix - _adjoint(matrix), _size(matrix))


def _is_positive(matrix: Array) -> bool:
    if not _is_square(matrix):
        return False
    values = np.linalg.eigvalsh((matrix + _adjoint(matrix)) / 2)
    return bool(values.min(initial=np.inf) > 0)


def _is_unitary(matrix: Array) -> bool:
    return _is_square(matrix) and _vanishes(matrix @ _adjoint(matrix) - np.eye(len(matrix)), 1)


def _is_real(value: Array) -> bool:
    return _vanishes(np.imag(value), _size(value))


#: Whether facts hold of a matrix.
_OF_MATRICES: dict[Any, Callable[[Array], bool]] = {
    Q.symmetric: lambda m: _is_square(m) and _vanishes(m - _transposed(m), _size(m)),
    Q.hermitian: _is_hermitian,
    Q.real_elements: _is_real,
    Q.zero: lambda m: not m.any(),
    Q.square: _is_square,
    Q.diagonal: lambda m: _vanishes(m * (1 - np.eye(*m.shape)), _size(m)),
    Q.lower_triangular: lambda m: _vanishes(np.triu(m, 1), _size(m)),
    Q.upper_triangular: lambda m: _vanishes(np.tril(m, -1), _size(m)),
    Q.orthogonal: lambda m: _is_unitary(m) and _is_real(m),
    Q.unitary: _is_unitary,
    Q.positive_definite: _is_positive,
    Q.invertible: lambda m: _is_square(m) and _has_full_rank(m),
    Q.singular: lambda m: _is_square(m) and not _has_full_rank(m),
    Q.fullrank: _has_full_rank,
}

#: Whether facts hold of a number.
_OF_NUMBERS: dict[Any, Callable[[Any], bool]] = {
    Q.real: lambda x: x.imag == 0,
    Q.positive: lambda x: x.imag == 0 and x.real > 0,
    Q.negative: lambda x: x.imag == 0 and x.real < 0,
    Q.nonnegative: lambda x: x.imag == 0 and x.real >= 0,
    Q.nonpositive: lambda x: x.imag == 0 and x.real <= 0,
    Q.zero: lambda x: x == 0,
    Q.nonzero: lambda x: x != 0,
    Q.integer: lambda x: x == np.rint(x.real),
    Q.even: lambda x: x / 2 == np.rint(x.real / 2),
    Q.odd: lambda x: (x + 1) / 2 == np.rint((x.real + 1) / 2),
}


def require(facts: Any, values: Callable[[Any], Any]) -> None:
    """Let pass facts that hold of the values; warn of those that are not tested.

    Parameters
    ----------
    facts : Boolean, or list of Boolean
        The facts.
    values : callable
        Returns the value of an expression.

    Raises
    ------
    ValueError
        If one fails: the answer could not agree with what follows from it.

    Warns
    -----
    UserWarning
        Of facts that are not tested here.

    Examples
    --------
    >>> from sympy import MatrixSymbol
    >>> A = MatrixSymbol("A", 2, 2)
    >>> values = {A: np.array([[1, 2], [2, 1]])}
    >>> require(Q.symmetric(A), values.__getitem__)
    >>> require(Q.diagonal(A), values.__getitem__)
    Traceback (most recent call last):
    ValueError: given = Q.diagonal(A) does not hold of the value of A in `at`
    """
    untested = []
    for fact in _listed(facts):
        holds = holds_of(fact, values)
        if holds is None:
            untested.append(str(fact))
        elif not holds:
            raise ValueError(
                f"given = {fact} does not hold of the value of {_subject(fact)} in `at`"
            )
    if untested:
        warn_user(
            f"given: {', '.join(untested)} is not tested at the values in `at`, and must hold of "
            "them"
        )


def holds_of(fact: Any, values: Callable[[Any], Any]) -> bool | None:
    """Return whether a fact holds of the values; None where that is not tested."""
    if isinstance(fact, Not):
        inner = holds_of(fact.args[0], values)
        return None if inner is None else not inner
    if isinstance(fact, Eq):
        left, right = np.asarray(values(fact.lhs)), np.asarray(values(fact.rhs))
        scale = max(_size(left), _size(right)) if right.any() else min(1.0, _scale(fact, values))
        return _vanishes(left - right, scale)
    if not isinstance(fact, AppliedPredicate) or len(fact.arguments) != 1:
        return None
    (what,) = fact.arguments
    is_matrix = bool(getattr(what, "is_Matrix", False))
    test = (_OF_MATRICES if is_matrix else _OF_NUMBERS).get(fact.function)
    if test is None:
        return None
    value = np.asarray(values(what))
    return bool(test(value if is_matrix else value.reshape(-1)[0]))


def _scale(fact: Any, values: Callable[[Any], Any]) -> float:
    return max((_size(np.asarray(values(m))) for m in fact.atoms(MatrixSymbol)), default=1.0)


def _subject(fact: Any) -> Any:
    if isinstance(fact, Not):
        return _subject(fact.args[0])
    return fact.lhs if isinstance(fact, Eq) else fact.arguments[0]


def _listed(facts: Any) -> list[Any]:
    if facts is None:
        return []
    if isinstance(facts, list | tuple | set | frozenset):
        return [one for fact in facts for one in _listed(fact)]
    return list(facts.args) if isinstance(facts, And) else [facts]
