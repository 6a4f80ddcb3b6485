"""Gaussian matrices with the symmetry of quaternions: the GSE, and one of independent blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import Expr, Symbol
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_name, generator
from weingarten.ensembles.gaussian import as_variance
from weingarten.ensembles.symplectic import SymplecticForm, conjugated_by_form
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import SYMPLECTIC
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _SymplecticGaussian(RandomMatrix):
    """A Gaussian 2m x 2m matrix X with ``conjugate(X) = J X J.T``."""

    is_haar = False
    law = "joins"

    def __new__(cls, name: str | Str | Symbol, m: Any, variance: Any = 1) -> Self:
        return cls._made(as_name(name), as_dimension(m, "m"), as_variance(variance))

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
    def variance(self) -> Expr:
        """The expectation of the squared modulus of an entry."""
        return self.args[2]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are not."""
        return False

    def scale(self, n: int) -> Expr:
        """Return the variance of n pairs of entries."""
        return self.variance**n

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix, as an array of shape (size, 2m, 2m)."""
        import numpy as np

        if not all(arg.is_number for arg in self.args[1:]):
            raise ValueError(
                f"{self.name} has the shape {self.shape} and variance {self.variance}; to sample "
                "it, substitute numbers for the symbols"
            )
        rng = generator(seed)
        rows = 2 * int(self.dimension)
        parts = rng.standard_normal((2, check_size(size, "size"), rows, rows)) / 2
        drawn = parts[0] + 1j * parts[1]
        if self.is_self_adjoint:
            drawn = (drawn + np.conj(np.swapaxes(drawn, 1, 2))) / 2**0.5
        made = drawn + conjugated_by_form(np.conj(drawn))
        return np.asarray(made * float(self.variance) ** 0.5)


class GaussianSymplectic(_SymplecticGaussian):
    """The Gaussian symplectic ensemble: Hermitian and self-dual, ``J H.T J.T = H``.

    It is a Hermitian matrix of quaternions, each written as a 2 x 2 block; J is the form of
    `HaarSymplectic`, which pairs the indices 2k and 2k + 1. ``E |H_ij|² = 1`` for entries of
    different blocks, and ``E H_ii² = 1``; off the diagonal in a block on it the entries are 0, and
    those on the diagonal are equal.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    m : Symbol, Expr or int
        Half the size of the matrix.
    variance : Expr, optional
        What multiplies all second moments; 1 by default.

    Raises
    ------
    TypeError, ValueError
        If `m` is neither a positive integer nor a symbol or an expression that can be one, or
        `variance` is a number that is not positive.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> m = symbols("m", integer=True, positive=True)
    >>> H = GaussianSymplectic("H", m)
    >>> E(abs(H[0, 2])**2), E(H[0, 0]*H[1, 1]), E(abs(H[0, 1])**2)
    (1, 1, 0)
    >>> E(Trace(H**4))
    16*m**3 - 20*m**2 + 10*m

    References
    ----------
    M. Ledoux, Ann. Inst. H. Poincare 45 (2009); W. Bryc & V. Pierce, J. Math. Phys. 50 (2009).
    """

    group = SYMPLECTIC
    joins = ("crossed", "parallel")
    is_self_adjoint = True


class SymplecticGinibre(_SymplecticGaussian):
    """A matrix of independent Gaussian quaternions, each written as a 2 x 2 block.

    ``conjugate(G) = J G J.T`` with the form J of `HaarSymplectic`, and ``E |G_ij|² = 1``; the two
    entries in a row of a block are independent complex Gaussian numbers.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    m : Symbol, Expr or int
        Half the size of the matrix.
    variance : Expr, optional
        The expectation of the squared modulus of an entry; 1 by default.

    Raises
    ------
    TypeError, ValueError
        If `m` is neither a positive integer nor a symbol or an expression that can be one, or
        `variance` is a number that is not positive.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> m = symbols("m", integer=True, positive=True)
    >>> G = SymplecticGinibre("G", m)
    >>> E(abs(G[0, 0])**4), E(G[0, 0]*G[1, 1]), E(G[0, 1]*G[1, 0])
    (2, 1, -1)
    >>> E(Trace(G*G.H)**2)
    16*m**4 + 8*m**2

    References
    ----------
    J. Ginibre, J. Math. Phys. 6 (1965).
    """

    group = SYMPLECTIC
    joins = ("parallel",)
