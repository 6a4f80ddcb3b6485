"""Gaussian matrices that are symmetric or Hermitian: the GOE and the GUE; Wishart matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import Expr, Symbol
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_flag, as_name, generator
from weingarten.ensembles.gaussian import GaussianMatrix, as_variance
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import ORTHOGONAL, UNITARY, Group
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _SelfAdjointGaussian(RandomMatrix):
    """A square Gaussian matrix that is its own adjoint, invariant under rotations."""

    is_haar = False
    is_self_adjoint = True
    law = "joins"

    def __new__(cls, name: str | Str | Symbol, d: Any, variance: Any = 1) -> Self:
        return cls._made(as_name(name), as_dimension(d, "d"), as_variance(variance))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[1]

    @property
    def variance(self) -> Expr:
        """The expectation of the squared modulus of an entry off the diagonal."""
        return self.args[2]

    def scale(self, n: int) -> Expr:
        """Return the variance of n pairs of entries."""
        return self.variance**n

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix, as an array of shape (size, d, d)."""
        import numpy as np

        if not all(arg.is_number for arg in self.args[1:]):
            raise ValueError(
                f"{self.name} has the dimension {self.dimension} and variance {self.variance}; to "
                "sample it, substitute numbers for the symbols"
            )
        d = int(self.dimension)
        rng = generator(seed)
        drawn: NDArray[Any] = rng.standard_normal((check_size(size, "size"), d, d))
        if not self.is_real_valued:
            drawn = drawn + 1j * rng.standard_normal(drawn.shape)
        half = float(self.variance) / (2 if self.is_real_valued else 4)
        return np.asarray((drawn + np.conj(np.swapaxes(drawn, 1, 2))) * half**0.5)


class GaussianOrthogonal(_SelfAdjointGaussian):
    """The Gaussian orthogonal ensemble: real symmetric, with ``E H_ij² = 1`` and ``E H_ii² = 2``.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension.
    variance : Expr, optional
        What multiplies all second moments; 1 by default.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one, or
        `variance` is a number that is not positive.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> H = GaussianOrthogonal("H", d)
    >>> E(H[0, 1]**2), E(H[0, 0]**2)
    (1, 2)
    >>> E(Trace(H**4))
    2*d**3 + 5*d**2 + 5*d

    References
    ----------
    M. Ledoux, Ann. Inst. H. Poincare 45 (2009), for the moments of its traces.
    """

    group = ORTHOGONAL
    joins = ("crossed", "parallel")

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are."""
        return True


class GaussianUnitary(_SelfAdjointGaussian):
    """The Gaussian unitary ensemble: Hermitian, with ``E |H_ij|² = 1`` for all entries.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The dimension.
    variance : Expr, optional
        What multiplies all second moments; 1 by default.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one, or
        `variance` is a number that is not positive.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> E(Trace(GaussianUnitary("H", d)**4))
    2*d**3 + d

    References
    ----------
    J. Harer & D. Zagier, Invent. Math. 85 (1986).
    """

    group = ORTHOGONAL
    joins = ("crossed",)

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are not."""
        return False


class Wishart(RandomMatrix):
    """A Wishart matrix ``G G.T``, or ``G G.H``, for a d x n matrix G of independent entries.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d, n : Symbol, Expr or int
        The dimension, and the degrees of freedom.
    complex : bool, optional
        Whether the entries are complex; real by default.

    Raises
    ------
    TypeError, ValueError
        If `d` or `n` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> from weingarten import E
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> S = Wishart("S", d, n)
    >>> E(S), E(Trace(S**2))
    (n*I, d**2*n + d*n**2 + d*n)
    >>> E(S.I, conditions=True)
    ((-1/(d - n + 1))*I, d <= n - 2)
    """

    is_haar = False

    def __new__(cls, name: str | Str | Symbol, d: Any, n: Any, complex: Any = 0) -> Self:  # noqa: D102
        size = as_dimension(d, "d"), as_dimension(n, "n")
        return cls._made(as_name(name), *size, as_flag(complex, "complex"))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[1]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return not self.args[3]

    @property
    def inverse_law(self) -> InverseWishart:
        """The random matrix that the inverse is."""
        law: InverseWishart = InverseWishart(*self.args)
        return law

    @property
    def definition(self) -> Any:
        """The matrix as a product of Gaussian ones."""
        _, d, n, is_complex = self.args
        factor = GaussianMatrix(self.name, d, n, complex=bool(is_complex))
        return factor * factor.adjoint()

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix, as an array of shape (size, d, d)."""
        import numpy as np

        (factor, _) = self.definition.args
        drawn = factor.sample(size, seed)
        return np.asarray(drawn @ np.conj(np.swapaxes(drawn, 1, 2)))


class InverseWishart(RandomMatrix):
    """The inverse of a Wishart matrix: ``(G G.T)**-1``, or ``(G G.H)**-1``, for a d x n matrix G.

    Its moments of order k exist for ``n >= d + 2 k``, those of a complex one for ``n >= d + k``.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d, n : Symbol, Expr or int
        The dimension, and the degrees of freedom.
    complex : bool, optional
        Whether the entries are complex; real by default.

    Raises
    ------
    TypeError, ValueError
        If `d` or `n` is neither a positive integer nor a symbol or an expression that can be one,
        or n is less than d.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> T, A = InverseWishart("T", d, n), MatrixSymbol("A", d, d)
    >>> E(T[0, 0]), E(Trace(InverseWishart("T", 3, 12)**2))
    (-1/(d - n + 1), 11/144)
    >>> E(Trace(T*A)**2, conditions=True)[1]
    d <= n - 4

    References
    ----------
    S. Matsumoto, J. Theor. Probab. 25 (2012); P. Graczyk, G. Letac & H. Massam, Ann. Statist. 31
    (2003).
    """

    is_haar = False
    is_self_adjoint = True
    law = "ends"

    def __new__(cls, name: str | Str | Symbol, d: Any, n: Any, complex: Any = 0) -> Self:  # noqa: D102
        d, n = as_dimension(d, "d"), as_dimension(n, "n")
        if (n < d) == True:  # noqa: E712 - SymPy's three truth values
            raise ValueError(f"n = {n}: expected no less than d = {d}, or there is no inverse")
        return cls._made(as_name(name), d, n, as_flag(complex, "complex"))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[1]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return not self.args[3]

    @property
    def group(self) -> Group:  # type: ignore[override]
        """The group whose Weingarten functions its moments are."""
        return ORTHOGONAL if self.is_real_valued else UNITARY

    @property
    def dimension(self) -> Expr:
        """Where these are taken, which is negative."""
        _, d, n, _ = self.args
        return d + 1 - n if self.is_real_valued else d - n

    @property
    def depends_on_dimension(self) -> bool:
        """Whether its moments are functions of the dimension: they are."""
        return True

    def margins(self, letters: int) -> tuple[Expr, ...]:
        """Return what must not be negative for a moment of so many letters to exist."""
        _, d, n, _ = self.args
        return (n - d - (2 if self.is_real_valued else 1) * letters,)

    @property
    def inverse_law(self) -> Wishart:
        """The random matrix that the inverse is."""
        law: Wishart = Wishart(*self.args)
        return law

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix, as an array of shape (size, d, d)."""
        import numpy as np

        drawn: NDArray[Any] = self.inverse_law.sample(size, seed)
        return np.asarray(np.linalg.inv(drawn))
