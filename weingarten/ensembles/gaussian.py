"""Matrices of independent Gaussian entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import Expr, Symbol, sympify
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_name
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import ORTHOGONAL, UNITARY, Group
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class GaussianMatrix(RandomMatrix):
    """A matrix of independent centred Gaussian entries.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    rows, columns : Symbol, Expr or int
        Its shape.
    variance : Expr, optional
        The expectation of the squared modulus of an entry; 1 by default.
    complex : bool, optional
        Whether the entries are complex, with independent real and imaginary parts of half the
        variance each; real by default.

    Raises
    ------
    TypeError, ValueError
        If `rows` or `columns` is neither a positive integer nor a symbol or an expression that can
        be one, or `variance` is a number that is not positive.

    Examples
    --------
    >>> from sympy import symbols
    >>> n = symbols("n", integer=True, positive=True)
    >>> G = GaussianMatrix("G", 2, n, variance=1/n)
    >>> G.shape, G.variance
    ((2, n), 1/n)
    >>> GaussianMatrix("G", 2, 3, complex=True).sample(10, seed=0).dtype
    dtype('complex128')
    """

    is_haar = False

    def __new__(  # noqa: D102
        cls, name: str | Str | Symbol, rows: Any, columns: Any, variance: Any = 1, complex: Any = 0
    ) -> Self:
        shape = as_dimension(rows, "rows"), as_dimension(columns, "columns")
        parameters = as_variance(variance), sympify(int(bool(complex)))
        return cls._made(as_name(name), *shape, *parameters)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[2]

    @property
    def variance(self) -> Expr:
        """The expectation of the squared modulus of an entry."""
        return self.args[3]

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return not self.args[4]

    @property
    def group(self) -> Group:  # type: ignore[override]
        """The group whose invariants its moments are made of."""
        return ORTHOGONAL if self.is_real_valued else UNITARY

    def scale(self, n: int) -> Expr:
        """Return the variance of n pairs of entries."""
        return self.variance**n

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix, as an array of shape (size, rows, columns)."""
        import numpy as np

        if not all(arg.is_number for arg in self.args[1:4]):
            raise ValueError(
                f"{self.name} has the shape {self.shape} and variance {self.variance}; to sample "
                "it, substitute numbers for the symbols"
            )
        rng = np.random.default_rng(seed)
        shape = (check_size(size, "size"), *map(int, self.shape))
        if self.is_real_valued:
            return np.asarray(rng.standard_normal(shape) * float(self.variance) ** 0.5)
        parts = rng.standard_normal((2, *shape)) * (float(self.variance) / 2) ** 0.5
        return np.asarray(parts[0] + 1j * parts[1])


def as_variance(variance: Any) -> Expr:
    """Return a variance as SymPy holds it.

    Raises
    ------
    ValueError
        If it is no positive expression.
    """
    read = sympify(variance)
    if read.is_positive is False or not isinstance(read, Expr) or read.atoms(RandomMatrix):
        raise ValueError(f"variance = {variance}: expected a positive expression")
    return read
