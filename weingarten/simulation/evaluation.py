"""Evaluate a SymPy expression in matrices on NumPy arrays, many draws at a time.

By SymPy's own meaning of each part, read from the expression itself: nothing here is shared with
the code that integrates, so that samples can check it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import MatrixBase

# The rules are registered where they are written.
from weingarten.simulation import matrices, scalars, sums  # noqa: F401
from weingarten.simulation.frame import Array, Frame, is_matrix


class Evaluator:
    """Evaluates expressions with arrays for their matrices and numbers for their symbols.

    Parameters
    ----------
    values : mapping from MatrixSymbol or Symbol to array or number
        Arrays of draws have the draw as the first axis, before row and column.

    Raises
    ------
    ValueError
        If two arrays hold different numbers of draws.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Sum, Trace, symbols
    >>> i, n = symbols("i n", integer=True)
    >>> A = MatrixSymbol("A", n, n)
    >>> values = Evaluator({n: 2, A: np.array([[1.0, 2.0], [3.0, 4.0]])})
    >>> float(values(Trace(A*A.T)))
    30.0
    >>> float(values(Sum(A[i, n - 1 - i], (i, 0, n - 1))))
    5.0
    """

    def __init__(self, values: Mapping[Any, Any]):
        arrays = {key: _as_floats(value) for key, value in values.items()}
        draws = {len(array) for array in arrays.values() if array.ndim == 3}
        if len(draws) > 1:
            raise ValueError(f"values has {sorted(draws)} draws; expected one number of them")
        self._draws = next(iter(draws), None)
        stacked = {key: array[None] if array.ndim == 2 else array for key, array in arrays.items()}
        self._frame = Frame(stacked, self._draws or 1)

    def __call__(self, expr: Any) -> Array:
        """Return the value of an expression; the first axis is the draw, if there are draws.

        Raises
        ------
        ValueError
            If a symbol or a matrix has no value, a part cannot be evaluated, or a value is not
            finite; the message names the part.
        """
        if isinstance(expr, MatrixBase):
            expr = expr.as_immutable()
        with np.errstate(all="ignore"):
            value = self._frame.matrix(expr) if is_matrix(expr) else self._frame.scalar(expr)
        value = value[:, 0]
        if self._draws is None:
            return np.asarray(value[0])
        return np.broadcast_to(value, (self._draws, *value.shape[1:]))


def _as_floats(value: Any) -> Array:
    # Integers would overflow, and have no negative powers.
    array = np.asarray(value)
    return array.astype(float) if array.dtype.kind in "biu" else array
