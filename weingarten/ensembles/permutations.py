"""Random permutation matrices: plain, centred, and with signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weingarten.ensembles.base import SquareRandomMatrix
from weingarten.functions.blocks import PermutationLaw

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _RealMatrix(SquareRandomMatrix):
    """A square matrix with real entries, of moments that are sums over set partitions."""

    law = "blocks"

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are."""
        return True


class RandomPermutation(_RealMatrix):
    """A uniform permutation matrix: ``P[i, j] = 1`` where i is the image of j, else 0.

    A value with concrete indices holds wherever they exist, one with traces, products or symbolic
    indices from the number of letters on; at an integer dimension every value is exact.

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
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> P, A = RandomPermutation("P", d), MatrixSymbol("A", d, d)
    >>> E(P[0, 0]*P[1, 1])
    1/(d*(d - 1))
    >>> E(Trace(P)**4, conditions=True)
    (15, d >= 4)
    >>> E(Trace(RandomPermutation("P", 2))**4)
    8
    >>> E((P*A*P.T)[0, 1])
    (Sum(A[i, j], (j, 0, d - 1), (i, 0, d - 1)) - Trace(A))/(d*(d - 1))

    References
    ----------
    B. Collins & M. Nagatsu, arXiv:2503.18453 (2025).
    """

    blocks = PermutationLaw()

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        return _permutations(d, size, rng)


class CentredPermutation(_RealMatrix):
    """A uniform permutation matrix with its mean taken off: ``P - 1/d`` in every place.

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
    >>> d = symbols("d", integer=True, positive=True)
    >>> Y = CentredPermutation("Y", d)
    >>> E(Y[0, 0]), E(Y[0, 0]*Y[1, 1])
    (0, 1/(d**2*(d - 1)))

    References
    ----------
    B. Collins & M. Nagatsu, arXiv:2503.18453 (2025).
    """

    is_haar = False
    blocks = PermutationLaw(centred=True)

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        return _permutations(d, size, rng) - 1 / d


class SignedPermutation(_RealMatrix):
    """A uniform permutation matrix with independent signs: a uniform symmetry of the cube.

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
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> B, A = SignedPermutation("B", d), MatrixSymbol("A", d, d)
    >>> E(B[0, 0]**4), E(B*A*B.T)
    (1/d, (Trace(A)/d)*I)
    >>> E(Trace(B)**4)
    4
    """

    blocks = PermutationLaw(signed=True)

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        signs = rng.choice([-1.0, 1.0], size=(size, d, 1))
        return np.asarray(signs * _permutations(d, size, rng))


def _permutations(d: int, size: int, rng: np.random.Generator) -> NDArray[Any]:
    """Return draws of a permutation matrix."""
    import numpy as np

    order = np.argsort(rng.random((size, d)), axis=1)
    return np.asarray(np.eye(d)[order])
