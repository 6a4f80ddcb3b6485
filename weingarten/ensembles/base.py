"""Random matrices as SymPy matrix symbols that can also be sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Float, MatrixSymbol, S, Symbol, SympifyError, adjoint, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.functions.dimension import Group, as_dimension
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class IndexOutOfRangeError(IndexError, ValueError):
    """An index of a matrix entry that is not in the range of the dimension."""


class RealElement(MatrixElement):
    """An entry of a real random matrix: its own conjugate."""

    is_real = True


class RandomMatrix(MatrixSymbol):
    """A random matrix: what `E` integrates over.

    Two random matrices are the same one when class, name and dimension agree; matrices with
    different names are independent.
    """

    #: Whose Weingarten functions its moments are made of.
    group: Group
    #: Whether the inverse is the conjugate transpose: Haar, not Gaussian.
    is_unitary = True

    def scale(self, n: int) -> Expr:
        """Return what n pairs of entries contribute beside the Weingarten function."""
        return S.One

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        return self.group == "orthogonal"

    def valid_index(self, i: Any, j: Any) -> bool:
        """Return True for an index pair that is within the shape, as far as can be seen.

        Raises
        ------
        IndexOutOfRangeError, TypeError
            If an index is negative, not below the dimension, or not an integer.
        """
        for index, size, which in ((i, self.shape[0], "row"), (j, self.shape[1], "column")):
            check_index(index, size, f"{which} index of {self.name}")
        return True

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple) and len(key) == 2 and not any(isinstance(k, slice) for k in key):
            self.valid_index(*key)
        return super().__getitem__(key)

    def _entry(self, i: Expr, j: Expr, **_: Any) -> MatrixElement:
        return (RealElement if self.is_real_valued else MatrixElement)(self, i, j)

    @property
    def H(self) -> Expr:
        """The conjugate transpose."""
        return adjoint(self)

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix.

        Parameters
        ----------
        size : int
            The number of draws.
        seed : int, numpy.random.Generator or None
            Where the randomness comes from, as `numpy.random.default_rng` takes it.

        Returns
        -------
        ndarray, shape (size, rows, columns)
            The draws.

        Raises
        ------
        ValueError
            If the dimension is a symbol.
        """
        import numpy as np

        size = check_size(size, "size")
        dimension = self.args[1]
        if not dimension.is_Integer:
            raise ValueError(
                f"{self.name} has the symbolic dimension {dimension}; to sample it, substitute "
                f"a number: {self.name}.subs({dimension}, 5).sample(...)"
            )
        return self._sample(int(dimension), size, np.random.default_rng(seed))

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        raise NotImplementedError


def check_index(index: Any, size: Expr, argument: str) -> None:
    """Let pass an index that is, as far as can be seen, an integer below `size` and not negative.

    Raises
    ------
    IndexOutOfRangeError, TypeError
        If it is not.
    """
    expected = f"expected an integer from 0 to {size - 1}"
    try:
        given = sympify(index, strict=True)
    except SympifyError:
        given = None
    if not isinstance(given, Expr) or given.is_integer is False or given.has(Float):
        raise TypeError(f"{argument} = {index!r}: {expected}")
    index = given
    if (index < 0) == True or (index >= size) == True:  # noqa: E712 - SymPy's three truth values
        raise IndexOutOfRangeError(f"{argument} = {index}: {expected}")


class _SquareRandomMatrix(RandomMatrix):
    """A random matrix given by its name and one number for its size."""

    def __new__(cls, name: str | Str | Symbol, d: Any) -> Any:
        return Expr.__new__(cls, _name(name), as_dimension(d, cls._argument))

    _argument = "d"

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[1]


class HaarOrthogonal(_SquareRandomMatrix):
    """A Haar-distributed orthogonal matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol or int
        The dimension: ``W W.T = 1`` for a d x d matrix W.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a symbol nor a positive integer.

    Examples
    --------
    >>> W = HaarOrthogonal("W", 3)
    >>> W[0, 2].is_real
    True
    >>> W.sample(10, seed=0).shape
    (10, 3, 3)
    """

    group: Group = "orthogonal"

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        from scipy.stats import ortho_group

        return _draws(ortho_group.rvs(d, size=max(1, size), random_state=rng), size, d)


class HaarUnitary(_SquareRandomMatrix):
    """A Haar-distributed unitary matrix.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    d : Symbol or int
        The dimension: ``U U.H = 1`` for a d x d matrix U.

    Raises
    ------
    TypeError, ValueError
        If `d` is neither a symbol nor a positive integer.

    Examples
    --------
    >>> U = HaarUnitary("U", 2)
    >>> U.H[0, 1]
    conjugate(U[1, 0])
    >>> U.sample(10, seed=0).dtype
    dtype('complex128')
    """

    group: Group = "unitary"

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        from scipy.stats import unitary_group

        return _draws(unitary_group.rvs(d, size=max(1, size), random_state=rng), size, d)


class HaarSymplectic(_SquareRandomMatrix):
    """A Haar-distributed matrix of the compact symplectic group Sp(m), of size 2m x 2m.

    It is unitary, and ``S J S.T = J`` for the form ``J`` that pairs the indices 2k and 2k + 1:
    ``J[2k, 2k+1] = 1``, ``J[2k+1, 2k] = -1``, all else 0. With that order of the basis a concrete
    index means the same for every m. For the form ``[[0, 1], [-1, 0]]`` in m x m blocks, which
    pairs k and m + k, write ``S[2*k, ...]`` for its index k and ``S[2*k + 1, ...]`` for m + k.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    m : Symbol or int
        Half the size of the matrix.

    Raises
    ------
    TypeError, ValueError
        If `m` is neither a symbol nor a positive integer.

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
    group: Group = "symplectic"

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return 2 * self.args[1], 2 * self.args[1]

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


class GaussianMatrix(RandomMatrix):
    """A matrix of independent centred Gaussian entries.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    rows, columns : Symbol or int
        Its shape.
    variance : Expr, optional
        The expectation of the squared modulus of an entry; 1 by default.
    complex : bool, optional
        Whether the entries are complex, with independent real and imaginary parts of half the
        variance each; real by default.

    Raises
    ------
    TypeError, ValueError
        If `rows` or `columns` is neither a symbol nor a positive integer, or `variance` is a
        number that is not positive.

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

    is_unitary = False

    def __new__(  # noqa: D102
        cls, name: str | Str | Symbol, rows: Any, columns: Any, variance: Any = 1, complex: Any = 0
    ) -> Any:
        variance = sympify(variance)
        if variance.is_positive is False or not isinstance(variance, Expr):
            raise ValueError(f"variance = {variance}: expected a positive expression")
        shape = as_dimension(rows, "rows"), as_dimension(columns, "columns")
        return Expr.__new__(cls, _name(name), *shape, variance, sympify(int(bool(complex))))

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
        return "orthogonal" if self.is_real_valued else "unitary"

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


def _name(name: str | Str | Symbol) -> Str:
    if isinstance(name, Symbol):
        name = name.name
    if not isinstance(name, str | Str):
        raise TypeError(f"name = {name!r}: expected a string")
    return Str(str(name))


def _draws(drawn: Any, size: int, d: int) -> NDArray[np.generic]:
    # SciPy drops the axis of a single draw.
    import numpy as np

    return np.asarray(drawn).reshape(-1, d, d)[:size]


def random_matrices(expr: Any) -> set[RandomMatrix]:
    """Return the random matrices in an expression.

    Raises
    ------
    ValueError
        If one name stands for two different matrices.
    """
    found: set[RandomMatrix] = expr.atoms(RandomMatrix)
    by_name: dict[str, RandomMatrix] = {}
    for matrix in sorted(found, key=lambda m: (str(m), str(m.args))):
        other = by_name.setdefault(matrix.name, matrix)
        if other != matrix:
            raise ValueError(
                f"the name {matrix.name!r} stands for two random matrices: "
                f"{_describe(other)} and {_describe(matrix)}; expected one"
            )
    return found


def is_haar(expr: Any) -> bool:
    """Return whether an expression is a Haar matrix itself."""
    return isinstance(expr, RandomMatrix) and expr.is_unitary


def is_real_ensemble(matrix: RandomMatrix) -> bool:
    """Return whether the entries of a random matrix are real."""
    return matrix.is_real_valued


def _describe(matrix: RandomMatrix) -> str:
    rows, columns = matrix.shape
    return f"{type(matrix).__name__} of shape {rows} x {columns}"
