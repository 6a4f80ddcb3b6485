"""Haar-distributed rotations and unitary matrices of determinant 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weingarten.ensembles.base import SquareRandomMatrix
from weingarten.ensembles.haar import HaarOrthogonal, HaarUnitary
from weingarten.functions.groups import ORTHOGONAL, UNITARY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _SpecialHaar(SquareRandomMatrix):
    """A Haar-distributed matrix of the part of a group where the determinant is 1."""

    law = "determinant"

    @property
    def whole(self) -> HaarOrthogonal | HaarUnitary:
        """The Haar matrix of the whole group, of which those with determinant 1 are a part."""
        law = HaarOrthogonal if self.is_real_valued else HaarUnitary
        found: HaarOrthogonal | HaarUnitary = law(self.name, self.dimension)
        return found

    @property
    def has_unit_determinant(self) -> bool:
        """Whether the determinant is 1 in every draw: it is."""
        return True

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        drawn: NDArray[Any] = self.whole.sample(size, rng)
        # A first column over the determinant: the law stays the same when turned from the left.
        drawn[:, :, 0] /= np.linalg.det(drawn)[:, None]
        return drawn


class HaarSpecialOrthogonal(_SpecialHaar):
    """A Haar-distributed rotation: an orthogonal matrix of determinant 1.

    Below the degree d its moments are those of O(d); from there on they have further terms, the
    mean over O(d) of what is asked for times the determinant. With an integer for d they are
    there; an answer for a symbol holds for d above the number of letters, as
    ``E(..., conditions=True)`` says.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension: ``R R.T = 1`` for a d x d matrix R.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> R, A = HaarSpecialOrthogonal("R", 3), MatrixSymbol("A", 3, 3)
    >>> E(R[0, 0]*R[1, 1]*R[2, 2])
    1/6
    >>> E(Trace(R*A)**3)
    -Trace(A**2)*Trace(A)/2 + Trace(A**3)/3 + Trace(A)**3/6
    >>> d = symbols("d", integer=True, positive=True)
    >>> E(Trace(HaarSpecialOrthogonal("R", d))**4, conditions=True)
    (3, d >= 5)

    References
    ----------
    H. Weyl, The Classical Groups (1946), chapter II.
    """

    group = ORTHOGONAL


class HaarSpecialUnitary(_SpecialHaar):
    """A Haar-distributed unitary matrix of determinant 1.

    Where there are as many letters as conjugate ones, its moments are those of U(d). Where the
    difference is another multiple of d they are not zero: the mean over U(d) of what is asked for
    times a power of the determinant, or of its conjugate. With an integer for d they are there; an
    answer for a symbol holds for d above the difference, as ``E(..., conditions=True)`` says.

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
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> U, A = HaarSpecialUnitary("U", 2), MatrixSymbol("A", 2, 2)
    >>> E(U[0, 0]*U[1, 1]), E(Trace(U)**4)
    (1/2, 2)
    >>> E(U*A*U)
    (-Trace(A)/2)*I + (1/2)*A
    >>> d = symbols("d", integer=True, positive=True)
    >>> E(Trace(HaarSpecialUnitary("U", d))**4, conditions=True)
    (0, d >= 5)

    References
    ----------
    M. Creutz, J. Math. Phys. 19 (1978).
    """

    group = UNITARY
