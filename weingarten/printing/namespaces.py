"""The operations that a printed function calls, for the arrays of each library."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from importlib import import_module
from operator import add, index, mul
from typing import Any

from sympy import Expr


def namespace(target: str) -> Namespace:
    """Return the operations on the arrays of a library: numpy, jax or torch.

    Raises
    ------
    ImportError
        If the library is not installed.
    """
    try:
        return {"numpy": NumPyNamespace, "jax": JaxNamespace, "torch": TorchNamespace}[target]()
    except ImportError as error:
        if error.name is not None and error.name.split(".")[0] != target:
            raise
        raise ImportError(
            f'target = "{target}": the package {target} is not installed; install it with '
            f'pip install {target}, or use target="numpy"',
            name=target,
        ) from error


def whole(value: Any, what: str) -> int:
    """Return a number as an int.

    Raises
    ------
    TypeError
        If it is no integer.
    """
    number = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(number, float) and number.is_integer():
        return int(number)
    try:
        return index(number)
    except TypeError:
        raise TypeError(f"{what} is {value!r}; expected an integer") from None


class Namespace:
    """Operations on arrays, with `xp` the library and `special` its special functions."""

    xp: Any
    special: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.xp, name)

    # What comes in ------------------------------------------------------------------------------

    def matrix(self, value: Any, name: str) -> Any:
        """Return an argument as a matrix, or a stack of matrices, of floating point numbers."""
        array = self._floating(self._array(value, name))
        if array.ndim < 2:
            raise ValueError(f"{name} has {array.ndim} axes; expected a matrix, with two")
        return array

    def number(self, value: Any, name: str, *, is_index: bool) -> Any:
        """Return an argument as a number of Python's, or an array of floating point numbers."""
        if isinstance(value, Expr) and value.is_number:
            if value.is_Integer:
                return int(value)
            return float(value) if value.is_real else complex(value)
        if isinstance(value, int | float | complex):
            return value
        array = self._array(value, name)
        if array.ndim == 0 and not self._is_traced(array):
            # Python's integers do not overflow.
            return array.item()
        return array if is_index else self._floating(array)

    def _array(self, value: Any, name: str) -> Any:
        array = self.xp.asarray(value)
        if array.dtype.kind in "OSUmM":
            raise TypeError(f"{name} = {value!r}: expected numbers")
        return array

    def _floating(self, array: Any) -> Any:
        return array.astype(float) if array.dtype.kind in "biu" else array

    def _is_traced(self, _array: Any) -> bool:
        return False

    def known(self, value: Any, unknown: Any) -> Any:
        """Return a number, or `unknown` while it is traced."""
        return unknown if self._is_traced(value) else value

    # Matrices: the last two axes ----------------------------------------------------------------

    def trace(self, a: Any) -> Any:
        """Return the sum of the diagonal."""
        return self.xp.trace(a, axis1=-2, axis2=-1)

    def transpose(self, a: Any) -> Any:
        """Return the transpose."""
        return self.xp.swapaxes(a, -1, -2)

    def adjoint(self, a: Any) -> Any:
        """Return the conjugate transpose."""
        return self.conjugate(self.transpose(a))

    def inverse(self, a: Any) -> Any:
        """Return the inverse."""
        return self.xp.linalg.inv(a)

    def determinant(self, a: Any) -> Any:
        """Return the determinant."""
        return self.xp.linalg.det(a)

    def matrix_power(self, a: Any, n: Any) -> Any:
        """Return an integer power."""
        return self.xp.linalg.matrix_power(a, whole(n, "the power of a matrix"))

    def identity(self, n: Any) -> Any:
        """Return an identity matrix."""
        return self.xp.eye(whole(n, "the size of an identity matrix"))

    def ones(self, rows: Any, columns: Any) -> Any:
        """Return a matrix of ones."""
        return self.xp.ones((whole(rows, "the number of rows"), whole(columns, "of columns")))

    def zeros(self, rows: Any, columns: Any) -> Any:
        """Return a matrix of zeros."""
        return 0.0 * self.ones(rows, columns)

    def matmul(self, *factors: Any) -> Any:
        """Return the product of matrices."""
        return reduce(self.xp.matmul, factors)

    def added(self, *terms: Any) -> Any:
        """Return the sum of matrices."""
        return reduce(add, terms)

    def scaled(self, number: Any, a: Any) -> Any:
        """Return a number, or one for each matrix of a stack, times a matrix."""
        if hasattr(number, "shape"):
            return number[..., None, None] * a
        return (float(number) if isinstance(number, int) else number) * a

    def hadamard(self, *factors: Any) -> Any:
        """Return the product entry by entry."""
        return reduce(mul, factors)

    def hadamard_power(self, a: Any, n: Any) -> Any:
        """Return the power entry by entry."""
        return self.power(a, n)

    def diagonal(self, vector: Any) -> Any:
        """Return the diagonal matrix of a column or a row."""
        entries = vector[..., 0] if vector.shape[-1] == 1 else vector[..., 0, :]
        return entries[..., None] * self.identity(entries.shape[-1])

    def diagonal_part(self, a: Any) -> Any:
        """Return a matrix with zeros off the diagonal."""
        return a * self.identity(a.shape[-1])

    def diagonal_vector(self, a: Any) -> Any:
        """Return the diagonal as a column."""
        return self.diagonal_part(a).sum(-1)[..., None]

    def explicit(self, *rows: Sequence[Any]) -> Any:
        """Return the matrix of these entries."""
        entries = self._aligned([entry for row in rows for entry in row])
        flat = self.xp.stack(entries, -1)
        return flat.reshape((*flat.shape[:-1], len(rows), len(rows[0])))

    def _aligned(self, values: list[Any]) -> Any:
        return self.xp.broadcast_arrays(*map(self._as_array, values))

    def _as_array(self, value: Any) -> Any:
        return self.xp.asarray(value)

    def symplectic_form(self, size: Any) -> Any:
        """Return the matrix J of the symplectic form."""
        pairs = whole(size, "the size of a symplectic form") // 2
        return self.xp.kron(self.identity(pairs), self._as_array([[0.0, 1.0], [-1.0, 0.0]]))

    def entry(self, a: Any, i: Any, j: Any) -> Any:
        """Return an entry."""
        for place, size in ((i, a.shape[-2]), (j, a.shape[-1])):
            for end in self._ends(place):
                if not 0 <= end < size:
                    raise IndexError(f"an index is {end}; expected an integer from 0 to {size - 1}")
        return a[..., i, j]

    def _ends(self, place: Any) -> tuple[int, ...]:
        """Return the least and the largest of an index or an array of them, as far as known."""
        if not hasattr(place, "shape"):
            return (index(place),)
        return () if self._is_traced(place) else (int(place.min()), int(place.max()))

    # Numbers ------------------------------------------------------------------------------------

    def delta(self, i: Any, j: Any, start: Any = -math.inf, end: Any = math.inf) -> Any:
        """Return 1 where two indices are equal and in a range, else 0."""
        return 1.0 * ((i == j) & (start <= i) & (i <= end))

    def total(self, summand: Callable[[int], Any], start: Any, end: Any) -> Any:
        """Return a sum over the integers from start to end."""
        first, last = whole(start, "the start of a sum"), whole(end, "the end of a sum")
        if last < first - 1:
            raise ValueError(
                f"a sum runs from {first} to {last}; expected an end that is not before "
                f"{first - 1} (a sum that ends there is empty)"
            )
        return sum(map(summand, range(first, last + 1)), 0)

    def piecewise(self, *pieces: tuple[Any, Callable[[], Any]]) -> Any:
        """Return the first value whose condition holds."""
        found: Any = math.nan
        for condition, value in reversed(pieces):
            if hasattr(condition, "shape") and (condition.ndim or self._is_traced(condition)):
                found = self.xp.where(condition, self._as_array(value()), self._as_array(found))
            elif condition:
                found = value()
        return found

    def least(self, *values: Any) -> Any:
        """Return the minimum."""
        return self._extreme(min, self.xp.minimum, values)

    def largest(self, *values: Any) -> Any:
        """Return the maximum."""
        return self._extreme(max, self.xp.maximum, values)

    def _extreme(self, of_numbers: Any, of_arrays: Any, values: Sequence[Any]) -> Any:
        if not any(hasattr(value, "shape") for value in values):
            return of_numbers(values)
        return reduce(of_arrays, map(self._as_array, values))

    def power(self, x: Any, n: Any) -> Any:
        """Return a power."""
        if isinstance(x, int) and isinstance(n, int):
            return x**n
        return self.xp.power(x, n)

    def conjugate(self, x: Any) -> Any:
        """Return the complex conjugate."""
        return self.xp.conj(x)

    def gamma(self, x: Any) -> Any:
        """Return the gamma function."""
        return self.special.gamma(x)

    def gammaln(self, x: Any) -> Any:
        """Return the logarithm of the gamma function."""
        return self.special.gammaln(x)

    def erf(self, x: Any) -> Any:
        """Return the error function."""
        return self.special.erf(x)

    def factorial(self, n: Any) -> Any:
        """Return the factorial."""
        return self.gamma(n + 1)


class NumPyNamespace(Namespace):
    """Operations on the arrays of NumPy, which know the roots of negative numbers."""

    def __init__(self) -> None:
        self.xp = import_module("numpy")
        self.special = import_module("scipy.special")

    def sqrt(self, x: Any) -> Any:
        """Return the root."""
        return self.xp.emath.sqrt(x)

    def log(self, x: Any) -> Any:
        """Return the logarithm."""
        return self.xp.emath.log(x)

    def power(self, x: Any, n: Any) -> Any:
        """Return a power."""
        if isinstance(x, int) and isinstance(n, int):
            return x**n
        return self.xp.emath.power(x, n)


class JaxNamespace(Namespace):
    """Operations on the arrays of JAX, also while it traces them."""

    def __init__(self) -> None:
        self.xp = import_module("jax.numpy")
        self.special = import_module("jax.scipy.special")
        self._tracer = import_module("jax.core").Tracer

    def _is_traced(self, value: Any) -> bool:
        return isinstance(value, self._tracer)


class TorchNamespace(Namespace):
    """Operations on the tensors of PyTorch, whose functions take no numbers of Python's."""

    def __init__(self) -> None:
        self.xp = import_module("torch")
        self.special = self.xp.special

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.xp, name)
        return lambda *values: function(*map(self._as_array, values))

    def _is_traced(self, value: Any) -> bool:
        return bool(self.xp.is_tensor(value) and value.requires_grad)

    def _as_array(self, value: Any) -> Any:
        if self.xp.is_tensor(value):
            return value
        array = self.xp.as_tensor(value)
        return array if array.is_complex() else array.to(self.xp.float64)

    def _array(self, value: Any, name: str) -> Any:
        try:
            return self.xp.as_tensor(value)
        except (TypeError, ValueError, RuntimeError) as error:
            raise TypeError(f"{name} = {value!r}: expected numbers") from error

    def _floating(self, array: Any) -> Any:
        exact = not (array.is_floating_point() or array.is_complex())
        return array.to(self.xp.float64) if exact else array

    def trace(self, a: Any) -> Any:
        """Return the sum of the diagonal."""
        return self.xp.diagonal(a, dim1=-2, dim2=-1).sum(-1)

    def identity(self, n: Any) -> Any:
        """Return an identity matrix."""
        return self.xp.eye(whole(n, "the size of an identity matrix"), dtype=self.xp.float64)

    def ones(self, rows: Any, columns: Any) -> Any:
        """Return a matrix of ones."""
        shape = whole(rows, "the number of rows"), whole(columns, "of columns")
        return self.xp.ones(shape, dtype=self.xp.float64)

    def matmul(self, *factors: Any) -> Any:
        """Return the product of matrices, which are to be of one type."""
        kind = reduce(self.xp.promote_types, (factor.dtype for factor in factors))
        return reduce(self.xp.matmul, (factor.to(kind) for factor in factors))

    def _aligned(self, values: list[Any]) -> Any:
        arrays = list(map(self._as_array, values))
        kind = reduce(self.xp.promote_types, (array.dtype for array in arrays))
        return self.xp.broadcast_tensors(*(array.to(kind) for array in arrays))

    def power(self, x: Any, n: Any) -> Any:
        """Return a power."""
        if isinstance(x, int) and isinstance(n, int):
            return x**n
        return self.xp.pow(self._as_array(x), n)

    def conjugate(self, x: Any) -> Any:
        """Return the complex conjugate."""
        return self.xp.conj(x).resolve_conj() if self.xp.is_tensor(x) else x.conjugate()

    def imag(self, x: Any) -> Any:
        """Return the imaginary part."""
        array = self._as_array(x)
        return self.xp.imag(array) if array.is_complex() else self.xp.zeros_like(array)

    def gamma(self, x: Any) -> Any:
        """Return the gamma function of positive numbers."""
        array = self._as_array(x)
        if bool((array <= 0).any()):
            raise ValueError(f"gamma({x}): expected positive numbers with PyTorch")
        return self.xp.exp(self.xp.special.gammaln(array))

    def gammaln(self, x: Any) -> Any:
        """Return the logarithm of the gamma function."""
        return self.xp.special.gammaln(self._as_array(x))

    def erf(self, x: Any) -> Any:
        """Return the error function."""
        return self.xp.special.erf(self._as_array(x))
