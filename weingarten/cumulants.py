"""Variance, covariance and cumulants: expectations over independent copies.

``E(x*y) - E(x)*E(y)`` is the expectation of ``x*y - x*y'``, where ``y'`` is `y` in independent
copies of its random matrices. So each is one call of `E`: the answer is collected once, holds
under one condition, and as a number is worked out to digits of its own where the terms cancel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import factorial, prod
from typing import Any

from sympy import Add, Expr, MatrixBase, MatrixSymbol, Mul, bell, conjugate
from sympy.utilities.iterables import multiset_partitions

from weingarten.ensembles.base import RandomMatrix, random_matrices
from weingarten.expectation import E
from weingarten.integration.expectation import as_expression
from weingarten.limits import Cost, check_cost, duration, readable

__all__ = ["covariance", "cumulant", "variance"]

#: Partitions whose expectations are written in a second.
_RATE = 5_000


def variance(expr: Any, given: Any = None, **options: Any) -> Any:
    """Return the variance of a scalar: ``E|x|² - |E x|²``.

    Parameters
    ----------
    expr : Expr
        A scalar, as for `E`.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, as for `E`. A `MatrixSymbol` may be
        complex: ``Q.real_elements(A)`` says that it is not.
    **options
        `at`, `digits`, `over`, `conditions`, as for `E`.

    Returns
    -------
    Expr, or number with `at`
        The exact value.

    Raises
    ------
    TypeError, ValueError
        If `expr` is no scalar, and as `E` does.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Q, Trace, symbols
    >>> from weingarten import HaarOrthogonal, variance
    >>> d = symbols("d", integer=True, positive=True)
    >>> W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
    >>> variance(W[0, 0]**2)
    2*(d - 1)/(d**2*(d + 2))
    >>> variance((W*A*W.T)[0, 0], [Q.symmetric(A), Q.real_elements(A)])
    2*(d*Trace(A**2) - Trace(A)**2)/(d**2*(d + 2))
    >>> variance(W[0, 0]**2, at={d: 10})
    3/200
    """
    read = _scalar(expr, "expr")
    return covariance(read, read, given, **options)


def covariance(x: Any, y: Any, given: Any = None, **options: Any) -> Any:
    """Return the covariance of two scalars: ``E x conj(y) - E x conj(E y)``.

    Parameters
    ----------
    x, y : Expr
        Scalars, as for `E`.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, as for `E`.
    **options
        `at`, `digits`, `over`, `conditions`, as for `E`.

    Returns
    -------
    Expr, or number with `at`
        The exact value.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` is no scalar, and as `E` does.

    Examples
    --------
    >>> from sympy import symbols
    >>> from weingarten import HaarUnitary, covariance
    >>> U = HaarUnitary("U", symbols("d", integer=True, positive=True))
    >>> covariance(abs(U[0, 0])**2, abs(U[0, 1])**2)
    -1/(d**2*(d + 1))
    """
    parts = [_scalar(x, "x"), conjugate(_scalar(y, "y"))]
    return _joint(parts, given, options)


def cumulant(*parts: Any, given: Any = None, **options: Any) -> Any:
    """Return the joint cumulant of scalars.

    It is the sum over their partitions into b blocks of ``(-1)^(b-1) (b-1)!`` times the product
    of the expectations of the blocks: of one scalar the mean, of two ``E x y - E x E y`` (without
    conjugates).

    Parameters
    ----------
    *parts : Expr
        Scalars, as for `E`; for a higher cumulant of one, it is named as often.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, as for `E`.
    **options
        `at`, `digits`, `over`, `conditions`, as for `E`.

    Returns
    -------
    Expr, or number with `at`
        The exact value.

    Raises
    ------
    TypeError, ValueError
        If there is none, if one is no scalar, and as `E` does.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import GaussianMatrix, cumulant
    >>> d = symbols("d", integer=True, positive=True)
    >>> G = GaussianMatrix("G", d, d)
    >>> x = Trace(G*G.T)
    >>> [cumulant(*[x]*k) for k in (1, 2, 3)]
    [d**2, 2*d**2, 8*d**2]
    """
    if not parts:
        raise TypeError("cumulant() of nothing: expected one scalar or more")
    scalars = [_scalar(part, f"parts[{k}]") for k, part in enumerate(parts)]
    return _joint(scalars, given, options)


def _scalar(expr: Any, argument: str) -> Expr:
    read = as_expression(expr)
    if isinstance(read, MatrixBase) or getattr(read, "is_Matrix", False):
        raise TypeError(
            f"{argument} is a matrix of shape {read.shape}; expected a scalar, such as an entry "
            "or a trace of it"
        )
    scalar: Expr = read
    return scalar


def _joint(parts: list[Expr], given: Any, options: dict[str, Any]) -> Any:
    over = options.get("over")
    chosen = None if over is None else list(over if isinstance(over, Iterable) else [over])
    copies = _Copies(parts, chosen)
    terms = [
        weight * Mul(*(copies.of(Mul(*block), k) for k, block in enumerate(blocks)))
        for blocks, weight in _partitions(parts)
    ]
    if chosen is not None:
        options = {**options, "over": [*chosen, *copies.made.values()]}
    return E(Add(*terms), given, **options)


class _Copies:
    """Independent copies of the random matrices of expressions, by their number."""

    def __init__(self, parts: list[Expr], over: list[RandomMatrix] | None) -> None:
        found = set().union(*map(random_matrices, parts))
        self.matrices = sorted(found if over is None else found & set(over), key=str)
        self._taken = {symbol.name for part in parts for symbol in part.atoms(MatrixSymbol)}
        self.made: dict[tuple[RandomMatrix, int], RandomMatrix] = {}

    def of(self, expr: Expr, number: int) -> Expr:
        """Return an expression in the copies of a number; 0 is the original."""
        if not number:
            return expr
        present = expr.atoms(RandomMatrix)
        return expr.xreplace({m: self._copy(m, number) for m in self.matrices if m in present})

    def _copy(self, matrix: RandomMatrix, number: int) -> RandomMatrix:
        key = matrix, number
        if key not in self.made:
            name = f"{matrix.name}_{number}"
            while name in self._taken:
                name += "'"
            self._taken.add(name)
            self.made[key] = matrix.func(name, *matrix.args[1:])
        return self.made[key]


def _partitions(parts: list[Expr]) -> list[tuple[list[list[Expr]], int]]:
    """Return the partitions of a list with repetitions, with the weights of a cumulant.

    Examples
    --------
    >>> from sympy.abc import x
    >>> _partitions([x, x, x])
    [([[x, x, x]], 1), ([[x], [x, x]], -3), ([[x], [x], [x]], 2)]
    """
    ways = prod(map(factorial, Counter(parts).values()))
    about = int(bell(len(parts))) // ways + 1
    check_cost(
        Cost(
            f"the cumulant of {len(parts)} scalars is a sum over {readable(about)} partitions",
            seconds=duration(about, _RATE),
        )
    )
    found = []
    for blocks in multiset_partitions(parts):
        same = Counter(tuple(Counter(block).items()) for block in blocks)
        orders = prod(factorial(c) for block in blocks for c in Counter(block).values())
        orders *= prod(map(factorial, same.values()))
        sign = (-1) ** (len(blocks) - 1)
        found.append((blocks, sign * factorial(len(blocks) - 1) * (ways // orders)))
    return found
