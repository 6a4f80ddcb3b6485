"""Independent random signs and phases, as a diagonal matrix or as a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import Expr, S, Symbol
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_flag, as_name
from weingarten.functions.blocks import IndependentLaw, Law
from weingarten.functions.dimension import as_dimension

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _IndependentEntries(RandomMatrix):
    """A diagonal matrix, or a column, of independent numbers of modulus 1."""

    law = "blocks"

    def __new__(cls, name: str | Str | Symbol, d: Any, vector: Any = 0) -> Self:
        return cls._made(as_name(name), as_dimension(d, "d"), as_flag(vector, "vector"))

    @property
    def is_vector(self) -> bool:
        """Whether it is a column; a diagonal matrix if not."""
        return bool(self.args[2])

    @property
    def is_haar(self) -> bool:  # type: ignore[override]
        """Whether the inverse is the conjugate transpose: that of the diagonal matrix."""
        return not self.is_vector

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix, or of the column."""
        return self.args[1], S.One if self.is_vector else self.args[1]

    def _placed(self, entries: NDArray[Any]) -> NDArray[np.generic]:
        """Return draws of the column, or of the diagonal matrix, with these entries."""
        import numpy as np

        if self.is_vector:
            return entries[:, :, None]
        return np.asarray(entries[:, :, None] * np.eye(entries.shape[1]))


class RandomSigns(_IndependentEntries):
    """Independent signs, on the diagonal of a matrix or as a column.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The number of signs.
    vector : bool, optional
        Whether they are a column of d entries; a diagonal d x d matrix by default.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    Hutchinson's estimator of a trace, with its variance:

    >>> from sympy import MatrixSymbol, Q, Trace, symbols
    >>> from weingarten import E, variance
    >>> d = symbols("d", integer=True, positive=True)
    >>> x, A = RandomSigns("x", d, vector=True), MatrixSymbol("A", d, d)
    >>> E((x.T*A*x)[0, 0])
    Trace(A)
    >>> variance((x.T*A*x)[0, 0], [Q.symmetric(A), Q.real_elements(A)])
    -2*Sum(A[i, i]**2, (i, 0, d - 1)) + 2*Trace(A**2)

    A diagonal matrix keeps the diagonal of what it conjugates:

    >>> D = RandomSigns("D", d)
    >>> E(Trace(D*A*D*A)), E(D**2)
    (Sum(A[i, i]**2, (i, 0, d - 1)), I)
    """

    @property
    def blocks(self) -> Law:  # type: ignore[override]
        """The law of its entries."""
        return IndependentLaw(vector=self.is_vector)

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are."""
        return True

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        return self._placed(rng.choice([-1.0, 1.0], size=(size, d)))


class RandomPhases(_IndependentEntries):
    """Independent uniform phases, on the diagonal of a unitary matrix or as a column.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol, Expr or int
        The number of phases.
    vector : bool, optional
        Whether they are a column of d entries; a diagonal d x d matrix by default.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a positive integer nor a symbol or an expression that can be one.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d = symbols("d", integer=True, positive=True)
    >>> D, A = RandomPhases("D", d), MatrixSymbol("A", d, d)
    >>> E(D[0, 0]**2), E(abs(D[0, 0])**2), E(abs(Trace(D))**4)
    (0, 1, 2*d**2 - d)
    >>> E((D*A*D.H)[0, 1]), E((D*A*D.H)[1, 1])
    (0, A[1, 1])
    """

    @property
    def blocks(self) -> Law:  # type: ignore[override]
        """The law of its entries."""
        return IndependentLaw(phases=True, vector=self.is_vector)

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real: they are not."""
        return False

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        import numpy as np

        return self._placed(np.exp(2j * np.pi * rng.random((size, d))))
