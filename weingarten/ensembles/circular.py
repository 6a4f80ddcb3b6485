"""The circular ensembles: unitary matrices, and symmetric and self-dual unitary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr

from weingarten.ensembles.base import SquareRandomMatrix
from weingarten.ensembles.haar import HaarUnitary
from weingarten.ensembles.symplectic import conjugated_by_form
from weingarten.functions.groups import CIRCULAR_SYMPLECTIC, UNITARY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CircularUnitary(SquareRandomMatrix):
    """The circular unitary ensemble: a Haar-distributed unitary matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> S = CircularUnitary("S", symbols("d", integer=True, positive=True))
    >>> E(abs(Trace(S))**4)
    2
    """

    group = UNITARY

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        drawn: NDArray[np.generic] = HaarUnitary("U", d).sample(size, rng)
        return drawn


class CircularOrthogonal(SquareRandomMatrix):
    """The circular orthogonal ensemble: ``U U.T`` for a Haar-distributed unitary U.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import symbols
    >>> from weingarten import E
    >>> S = CircularOrthogonal("S", symbols("d", integer=True, positive=True))
    >>> E(abs(S[0, 0])**2), E(abs(S[0, 1])**2)
    (2/(d + 1), 1/(d + 1))
    >>> E(abs(S[0, 1])**8)
    24/(d*(d + 1)*(d + 2)*(d + 7))

    References
    ----------
    S. Matsumoto, Random Matrices Theory Appl. 1 (2012), 1250005.
    """

    @property
    def definition(self) -> Any:
        """The matrix as a product of a unitary one and its transpose."""
        U = HaarUnitary(self.name, self.dimension)
        return U * U.T

    def inverse(self) -> Any:
        """Return the inverse: the conjugate transpose."""
        return self.H

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        U = HaarUnitary("U", d).sample(size, rng)
        return np.asarray(U @ np.swapaxes(U, 1, 2))


class CircularSymplectic(SquareRandomMatrix):
    """The circular symplectic ensemble: ``U J U.T J.T`` for a Haar-distributed unitary U.

    It is unitary and self-dual, ``J S.T J.T = S``, of size 2m x 2m; J is the form of
    `HaarSymplectic`, which pairs the indices 2k and 2k + 1.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    m : Symbol, Expr or int
        Half the size of the matrix.

    Raises
    ------
    TypeError, ValueError
        If `m` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import Trace, conjugate, symbols
    >>> from weingarten import E
    >>> S = CircularSymplectic("S", symbols("m", integer=True, positive=True))
    >>> E(abs(S[0, 0])**2), E(abs(S[0, 2])**2), E(S[0, 0]*conjugate(S[1, 1])), E(abs(S[0, 1])**2)
    (1/(2*m - 1), 1/(2*m - 1), 1/(2*m - 1), 0)
    >>> E(abs(Trace(S))**2)
    4*m/(2*m - 1)

    References
    ----------
    S. Matsumoto, Random Matrices Theory Appl. 2 (2013), 1350001.
    """

    _argument = "m"
    group = CIRCULAR_SYMPLECTIC
    law = "circular"

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return 2 * self.args[1], 2 * self.args[1]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are not."""
        return False

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        U = HaarUnitary("U", 2 * d).sample(size, rng)
        return np.asarray(U @ conjugated_by_form(np.swapaxes(U, 1, 2)))
