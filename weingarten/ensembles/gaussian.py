"""Matrices of Gaussian entries, independent or with covariances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import (
    Expr,
    I,
    Identity,
    ImmutableMatrix,
    MatrixBase,
    MatrixSymbol,
    Q,
    Symbol,
    ZeroMatrix,
    expand,
    sympify,
)
from sympy.core.symbol import Str

from weingarten.ensembles.base import RandomMatrix, as_flag, as_name, generator
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import ORTHOGONAL, UNITARY, Group
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How far off symmetric and positive a covariance of numbers may be, relative to its size.
_ROUNDING = 1e-9


class GaussianMatrix(RandomMatrix):
    """A matrix of Gaussian entries: independent and centred, or with a mean and covariances.

    ``E X[i, j] conjugate(X[k, l])`` of the centred matrix is ``variance*R[i, k]*C[j, l]`` for the
    covariances R of a column and C of a row (its entries conjugate), which are identities by
    default. A column is a vector with the covariance R.

    Parameters
    ----------
    name : str
        What it is called; two matrices with different names are independent.
    rows, columns : Symbol, Expr or int
        Its shape.
    variance : Expr, optional
        The expectation of the squared modulus of an entry, where there are no covariances; 1 by
        default.
    complex : bool, optional
        Whether the entries are complex, with independent real and imaginary parts of half the
        variance each; real by default.
    mean : Matrix or matrix expression, optional
        The expectation of the matrix; zero by default. That of a real one is taken to be real.
    row_covariance, column_covariance : Matrix or matrix expression, optional
        R and C, of the sizes `rows` and `columns`: positive semidefinite, and symmetric for real
        entries, Hermitian for complex ones, which is taken to be known of a symbol.

    Raises
    ------
    TypeError, ValueError
        If `rows` or `columns` is neither a positive integer nor a symbol or an expression that can
        be one, `variance` is a number that is not positive, the mean or a covariance has another
        shape or holds a random matrix, or a covariance of numbers is none.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import E
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> G = GaussianMatrix("G", 2, n, variance=1/n)
    >>> G.shape, G.variance
    ((2, n), 1/n)
    >>> GaussianMatrix("G", 2, 3, complex=True).sample(10, seed=0).dtype
    dtype('complex128')
    >>> R, C, A = MatrixSymbol("R", d, d), MatrixSymbol("C", n, n), MatrixSymbol("A", n, n)
    >>> X = GaussianMatrix("X", d, n, row_covariance=R, column_covariance=C)
    >>> E(X*A*X.T)
    Trace(A*C)*R
    >>> m, B = MatrixSymbol("m", d, 1), MatrixSymbol("B", d, d)
    >>> x = GaussianMatrix("x", d, 1, mean=m, row_covariance=R)
    >>> E((x.T*B*x)[0, 0])
    (m.T*B*m)[0, 0] + Trace(B*R)
    """

    is_haar = False

    def __new__(  # noqa: D102
        cls,
        name: str | Str | Symbol,
        rows: Any,
        columns: Any,
        variance: Any = 1,
        complex: Any = 0,
        mean: Any = None,
        row_covariance: Any = None,
        column_covariance: Any = None,
    ) -> Self:
        shape = as_dimension(rows, "rows"), as_dimension(columns, "columns")
        parameters = as_variance(variance), as_flag(complex, "complex")
        first = (as_name(name), *shape, *parameters)
        if mean is row_covariance is column_covariance is None:
            return cls._made(*first)
        given = (
            _as_constant(mean, "mean", shape, ZeroMatrix),
            *(
                _as_covariance(value, argument, size, is_real=not parameters[1])
                for value, argument, size in (
                    (row_covariance, "row_covariance", shape[0]),
                    (column_covariance, "column_covariance", shape[1]),
                )
            ),
        )
        for part in given:
            _require_other_name(first[0], part)
        if not parameters[1]:
            _require_real(given[0])
        if isinstance(given[0], ZeroMatrix) and all(isinstance(c, Identity) for c in given[1:]):
            return cls._made(*first)
        return cls._made(*first, *given)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[2]

    @property
    def variance(self) -> Expr:
        """The expectation of the squared modulus of an entry."""
        return self.args[3]

    @property
    def mean(self) -> Any:
        """The expectation of the matrix."""
        return self.args[5] if len(self.args) > 5 else ZeroMatrix(*self.shape)

    @property
    def covariances(self) -> tuple[Any, Any] | None:
        """The covariances of a column and of a row; None if both are identities."""
        if len(self.args) == 5 or all(isinstance(c, Identity) for c in self.args[6:]):
            return None
        return self.args[6], self.args[7]

    @property
    def centred(self) -> GaussianMatrix:
        """The matrix with its mean taken off."""
        made: GaussianMatrix = self.func(*self.args[:5], None, *self.args[6:])
        return made

    @property
    def independent(self) -> GaussianMatrix:
        """A matrix of independent centred entries of the same name, shape and variance."""
        made: GaussianMatrix = self.func(*self.args[:5])
        return made

    def inverse_gram(self, turned: bool) -> RandomMatrix | None:
        """Return the inverse of ``X X.H``, or of ``X.H X``, at the variance 1; None if unknown."""
        from weingarten.ensembles.hermitian import InverseWishart

        if len(self.args) > 5:
            return None
        rows, columns = self.shape[::-1] if turned else self.shape
        law: RandomMatrix = InverseWishart(self.name, rows, columns, bool(self.args[4]))
        return law

    @property
    def definition(self) -> Any:
        """The mean and the centred matrix; None if the mean is zero."""
        return None if isinstance(self.mean, ZeroMatrix) else self.mean + self.centred

    @property
    def facts(self) -> tuple[Any, ...]:
        """What is known of the mean and the covariances."""
        told: list[Any] = []
        for matrix in self.covariances or ():
            if self.is_real_valued:
                told += [Q.symmetric(matrix), Q.real_elements(matrix)]
            else:
                told.append(Q.hermitian(matrix))
        if self.is_real_valued and not isinstance(self.mean, ZeroMatrix):
            told.append(Q.real_elements(self.mean))
        return tuple(fact for fact in told if fact.atoms(MatrixSymbol))

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

        if any(arg.free_symbols for arg in self.args[1:]):
            raise ValueError(
                f"{self.name} has the shape {self.shape} and variance {self.variance}; to sample "
                "it, substitute numbers for the symbols in these, in its mean and covariances"
            )
        rng = generator(seed)
        shape = (check_size(size, "size"), *map(int, self.shape))
        drawn: NDArray[Any] = rng.standard_normal(shape) * float(self.variance) ** 0.5
        if not self.is_real_valued:
            imaginary = rng.standard_normal(shape) * float(self.variance) ** 0.5
            drawn = (drawn + 1j * imaginary) / 2**0.5
        if self.covariances is not None:
            rows, columns = (_root(c) for c in self.covariances)
            drawn = rows @ drawn @ columns.T
        return np.asarray(drawn if self.definition is None else drawn + _as_array(self.mean))


def _as_constant(value: Any, argument: str, shape: tuple[Expr, Expr], default: Any) -> Any:
    """Return a constant matrix of a shape as SymPy holds it.

    Raises
    ------
    TypeError, ValueError
        If it is no matrix, has another shape, or holds a random one.
    """
    if value is None:
        return default(*shape)
    if hasattr(value, "__array_interface__"):
        value = value.tolist()
    read = ImmutableMatrix(value) if isinstance(value, list) else sympify(value)
    expected = f"expected a constant matrix of shape {shape[0]} x {shape[1]}"
    if not getattr(read, "is_Matrix", False):
        raise TypeError(f"{argument} = {value!r}: {expected}")
    if any(expand(a - b) != 0 for a, b in zip(read.shape, shape, strict=True)):
        raise ValueError(
            f"{argument} = {value} has the shape {read.shape[0]} x {read.shape[1]}; {expected}"
        )
    if read.atoms(RandomMatrix):
        raise ValueError(f"{argument} = {value} is random; {expected}")
    return read.as_immutable() if isinstance(read, MatrixBase) else read


def _require_other_name(name: Str, constant: Any) -> None:
    """Let pass a mean or a covariance without a symbol of the name of the matrix."""
    if any(symbol.name == str(name) for symbol in constant.atoms(MatrixSymbol)):
        raise ValueError(
            f"name = {str(name)!r} is also that of a constant in {constant}; expected another name "
            "for one of them"
        )


def _require_real(mean: Any) -> None:
    """Let pass a mean without an imaginary part that can be seen."""
    entries = mean if isinstance(mean, MatrixBase) else ()
    for entry in entries:
        if entry.has(I) or entry.is_real is False:
            raise ValueError(
                f"mean = {mean} has the entry {entry}; expected real numbers, or complex=True"
            )


def _as_covariance(value: Any, argument: str, size: Expr, *, is_real: bool) -> Any:
    """Return a covariance, which is one as far as can be seen.

    Raises
    ------
    TypeError, ValueError
        If it is none.
    """
    read = _as_constant(value, argument, (size, size), lambda rows, _columns: Identity(rows))
    if isinstance(read, MatrixBase) and not read.free_symbols:
        check_covariance(_as_array(read), f"{argument} = {value}", is_real=is_real)
    return read


def check_covariance(array: NDArray[Any], what: str, *, is_real: bool) -> None:
    """Let pass an array that is the covariance of a vector.

    Raises
    ------
    ValueError
        If it is none; `what` says what it is.
    """
    import numpy as np

    largest = np.abs(array).max(initial=0)
    off = np.abs(array - array.conj().T).max(initial=0)
    if off > _ROUNDING * largest or (is_real and np.any(np.imag(array))):
        raise ValueError(f"{what}: expected a {'symmetric' if is_real else 'Hermitian'} matrix")
    if np.linalg.eigvalsh(array).min(initial=0) < -_ROUNDING * largest:
        raise ValueError(f"{what}: expected a matrix without negative eigenvalues")


def _as_array(matrix: Any) -> NDArray[Any]:
    import numpy as np

    array = np.array(matrix.as_explicit().tolist(), dtype=complex).reshape(matrix.shape)
    return np.asarray(array if array.imag.any() else array.real)


def _root(covariance: Any) -> NDArray[Any]:
    """Return a matrix whose product with its adjoint is a covariance."""
    import numpy as np

    values, vectors = np.linalg.eigh(_as_array(covariance))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


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
