"""Haar-distributed symplectic matrices, and the form that they preserve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, MatrixSymbol, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import SquareRandomMatrix
from weingarten.functions.groups import SYMPLECTIC

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SymplecticForm(MatrixSymbol):
    """The matrix J of the symplectic form: ``J[2k, 2k+1] = 1 = -J[2k+1, 2k]``, else 0.

    Parameters
    ----------
    size : Expr
        The size 2m of the matrix.

    Examples
    --------
    >>> SymplecticForm(2).as_explicit()
    Matrix([
    [ 0, 1],
    [-1, 0]])
    """

    def __new__(cls, size: Any) -> Any:  # noqa: D102
        return Expr.__new__(cls, sympify(size))

    @property
    def name(self) -> str:
        """How the matrix is printed."""
        return "J"

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[0], self.args[0]

    def _entry(self, i: Expr, j: Expr, **_: Any) -> Expr:
        i, j = sympify(i), sympify(j)
        if not (i.is_Integer and j.is_Integer):
            return MatrixElement(self, i, j)
        return sympify((1 - 2 * (int(i) % 2)) * int(int(i) ^ 1 == int(j)))

    def _sympystr(self, _printer: Any) -> str:
        return self.name

    def _latex(self, _printer: Any) -> str:
        return self.name

    def _pretty(self, printer: Any) -> Any:
        return printer._print(Str(self.name))


def conjugated_by_form(matrices: NDArray[Any]) -> NDArray[Any]:
    """Return ``J A J.T`` for each matrix A of even size in an array.

    Examples
    --------
    >>> import numpy as np
    >>> conjugated_by_form(np.array([[[1, 2], [3, 4]]])).tolist()
    [[[4.0, -3.0], [-2.0, 1.0]]]
    """
    import numpy as np

    swapped = np.arange(matrices.shape[-1]) ^ 1
    signs = np.where(swapped % 2, 1.0, -1.0)
    return np.asarray(matrices[..., swapped, :][..., swapped] * np.outer(signs, signs))


class HaarSymplectic(SquareRandomMatrix):
    """A Haar-distributed matrix of the compact symplectic group Sp(m), of size 2m x 2m.

    It is unitary, and ``S J S.T = J`` for the form ``J`` that pairs the indices 2k and 2k + 1:
    ``J[2k, 2k+1] = 1``, ``J[2k+1, 2k] = -1``, all else 0. With that order of the basis a concrete
    index means the same for every m. For the form ``[[0, 1], [-1, 0]]`` in m x m blocks, which
    pairs k and m + k, write ``S[2*k, ...]`` for its index k and ``S[2*k + 1, ...]`` for m + k.

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
    >>> from sympy import symbols
    >>> S = HaarSymplectic("S", symbols("m", integer=True, positive=True))
    >>> S.shape
    (2*m, 2*m)
    >>> HaarSymplectic("S", 2).sample(10, seed=0).shape
    (10, 4, 4)
    """

    _argument = "m"
    group = SYMPLECTIC

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return 2 * self.args[1], 2 * self.args[1]

    @property
    def form(self) -> SymplecticForm:
        """The form J, through which two indices are joined."""
        form: SymplecticForm = SymplecticForm(self.shape[0])
        return form

    @property
    def has_unit_determinant(self) -> bool:
        """Whether the determinant is 1 in every draw: it is."""
        return True

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        draws = np.zeros((size, 2 * d, 2 * d), dtype=complex)
        sign = np.tile([-1.0, 1.0], d)
        swapped = np.arange(2 * d) ^ 1
        for c in range(0, 2 * d, 2):
            # A column is uniform on the sphere orthogonal to the pairs of columns before it.
            column = rng.standard_normal((size, 2 * d, 2)).view(complex)[..., 0]
            done = draws[:, :, :c]
            for _ in range(2):  # twice is enough [Parlett]
                along = np.einsum("nij,ni->nj", done.conj(), column)
                column = column - np.einsum("nij,nj->ni", done, along)
            column /= np.linalg.norm(column, axis=1, keepdims=True)
            draws[:, :, c] = column
            draws[:, :, c + 1] = sign * column.conj()[:, swapped]
        return draws
