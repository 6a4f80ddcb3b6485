"""Haar-distributed orthogonal and unitary matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weingarten.ensembles.base import SquareRandomMatrix
from weingarten.functions.groups import ORTHOGONAL, UNITARY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HaarOrthogonal(SquareRandomMatrix):
    """A Haar-distributed orthogonal matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension: ``W W.T = 1`` for a d x d matrix W.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> W = HaarOrthogonal("W", 3)
    >>> W[0, 2].is_real
    True
    >>> W.sample(10, seed=0).shape
    (10, 3, 3)
    """

    group = ORTHOGONAL

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        from scipy.stats import ortho_group

        return _draws(ortho_group.rvs(d, size=max(1, size), random_state=rng), size, d)


class HaarUnitary(SquareRandomMatrix):
    """A Haar-distributed unitary matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension: ``U U.H = 1`` for a d x d matrix U.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> U = HaarUnitary("U", 2)
    >>> U.H[0, 1]
    conjugate(U[1, 0])
    >>> U.sample(10, seed=0).dtype
    dtype('complex128')
    """

    group = UNITARY

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        from scipy.stats import unitary_group

        return _draws(unitary_group.rvs(d, size=max(1, size), random_state=rng), size, d)


def _draws(drawn: Any, size: int, d: int) -> NDArray[np.generic]:
    # SciPy drops the axis of a single draw.
    import numpy as np

    return np.asarray(drawn).reshape(-1, d, d)[:size]
