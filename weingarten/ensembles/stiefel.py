"""Random frames, and the random vectors among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import Expr, Symbol, sympify
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_flag, as_name, generator
from weingarten.ensembles.haar import HaarOrthogonal, HaarUnitary
from weingarten.functions.dimension import as_dimension
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HaarStiefel(RandomMatrix):
    """A uniform frame: a d x k matrix V with orthonormal columns, ``V.T V = 1`` (or ``V.H V``).

    It is the first k columns of a Haar-distributed matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d, k : Symbol, Expr or int
        Its shape, with k no larger than d.
    complex : bool, optional
        Whether the entries are complex; real by default.

    Raises
    ------
    TypeError, ValueError
        If `d` or `k` is neither a positive integer nor a symbol or an expression that can be one,
        or k is larger than d.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d, k = symbols("d k", integer=True, positive=True)
    >>> V, A = HaarStiefel("V", d, k), MatrixSymbol("A", d, d)
    >>> E(Trace(V.T*A*V)), E(V*V.T), E(V.T*V)
    (k*Trace(A)/d, (k/d)*I, I)
    >>> HaarStiefel("V", 5, 2, complex=True).sample(10, seed=0).shape
    (10, 5, 2)

    References
    ----------
    Y. Chikuse, Statistics on Special Manifolds, chapter 2 (2003).
    """

    is_haar = False

    def __new__(cls, name: str | Str | Symbol, d: Any, k: Any, complex: Any = 0) -> Self:  # noqa: D102
        d, k = as_dimension(d, "d"), as_dimension(k, "k")
        if (k > d) == True:  # noqa: E712 - SymPy's three truth values
            raise ValueError(f"k = {k}: expected no more columns than rows, which are d = {d}")
        return cls._made(as_name(name), d, k, as_flag(complex, "complex"))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[2]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return not self.args[3]

    @property
    def definition(self) -> Any:
        """The frame as columns of a Haar matrix."""
        whole = (HaarOrthogonal if self.is_real_valued else HaarUnitary)(*self.args[:2])
        return whole[:, : self.shape[1]]

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the frame, as an array of shape (size, d, k)."""
        import numpy as np

        if not all(side.is_Integer for side in self.shape):
            raise ValueError(
                f"{self.name} has the shape {self.shape}; to sample it, substitute numbers for "
                "the symbols"
            )
        rng = generator(seed)
        shape = (check_size(size, "size"), *map(int, self.shape))
        drawn: NDArray[Any] = rng.standard_normal(shape)
        if not self.is_real_valued:
            drawn = drawn + 1j * rng.standard_normal(shape)
        frame, upper = np.linalg.qr(drawn)
        diagonal = np.diagonal(upper, axis1=1, axis2=2)
        # The law is uniform where the diagonal of the triangular factor is positive.
        return np.asarray(frame * (diagonal / np.abs(diagonal))[:, None, :])


class RandomUnitVector(HaarStiefel):
    """A uniform unit vector: a column of d entries, ``v.T v = 1``.

    Parameters
    ----------
    name : str
        What it is called; two vectors with different names are independent.
    d : Symbol, Expr or int
        The number of entries.
    complex : bool, optional
        Whether the entries are complex; real by default.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Q, symbols
    >>> from weingarten import E, variance
    >>> d = symbols("d", integer=True, positive=True)
    >>> v, A = RandomUnitVector("v", d), MatrixSymbol("A", d, d)
    >>> E(v[0]**4)
    3/(d*(d + 2))
    >>> E((v.T*A*v)[0, 0])
    Trace(A)/d
    """

    def __new__(cls, name: str | Str | Symbol, d: Any, complex: Any = 0) -> Self:  # noqa: D102
        return cls._made(as_name(name), as_dimension(d, "d"), as_flag(complex, "complex"))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the vector, a column."""
        return self.args[1], sympify(1)

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return not self.args[2]

    @property
    def definition(self) -> Any:
        """The vector as a column of a Haar matrix."""
        whole = (HaarOrthogonal if self.is_real_valued else HaarUnitary)(*self.args[:2])
        return whole[:, :1]


class RandomState(RandomUnitVector):
    """A uniform pure state: a complex unit vector psi, with the projector ``psi*psi.H``.

    Parameters
    ----------
    name : str
        What it is called; two states with different names are independent.
    d : Symbol, Expr or int
        The dimension of the space.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import MatrixSymbol, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> psi, A = RandomState("psi", d), MatrixSymbol("A", d, d)
    >>> E(psi*psi.H), E(abs(psi[0])**4)
    (1/d*I, 2/(d*(d + 1)))
    """

    def __new__(cls, name: str | Str | Symbol, d: Any) -> Self:  # noqa: D102
        return cls._made(as_name(name), as_dimension(d, "d"))

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are not."""
        return False

    @property
    def definition(self) -> Any:
        """The state as a column of a Haar matrix."""
        return HaarUnitary(*self.args[:2])[:, :1]
