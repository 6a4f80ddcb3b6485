"""Random matrices beside NumPy arrays: a matrix product, never one entry by entry.

NumPy asks the class of what stands beside an array whether to leave an operation to it. So the
transposes, products, sums and powers that operators make of random matrices are of classes of
their own, which SymPy takes for its own, and which are equal to these.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sympy import Basic, DiagMatrix, Expr, ImmutableMatrix, SympifyError, Tuple, expand, sympify
from sympy.matrices import expressions as parents
from sympy.matrices.expressions.matexpr import MatrixExpr

#: The classes here, by SymPy's.
_OWN: dict[type, type] = {}


class BesideArrays:
    """The operators of a matrix expression: an array beside it is an explicit matrix."""

    # NumPy leaves what is done with an array to this class, and SymPy what is done with its own.
    __array_ufunc__ = None
    _op_priority = 12.0

    def __mul__(self, other: Any) -> Any:
        return _product(self, other, MatrixExpr.__mul__)

    def __rmul__(self, other: Any) -> Any:
        return _product(other, self, lambda one, two: MatrixExpr.__rmul__(two, one))

    __matmul__, __rmatmul__ = __mul__, __rmul__

    def __add__(self, other: Any) -> Any:
        return _sum(self, other, MatrixExpr.__add__)

    def __radd__(self, other: Any) -> Any:
        return _sum(other, self, lambda one, two: MatrixExpr.__radd__(two, one))

    def __sub__(self, other: Any) -> Any:
        return self + -_operand(other)

    def __rsub__(self, other: Any) -> Any:
        return _operand(other) + -self

    def __truediv__(self, other: Any) -> Any:
        if _is_array(other):
            raise TypeError(
                f"{self} is divided by an array of shape {other.shape}; write a product with its "
                "inverse, sympy.Matrix(array).inv()"
            )
        return kept(MatrixExpr.__truediv__(_flat(self), other))

    def __neg__(self) -> Any:
        return kept(MatrixExpr.__neg__(_flat(self)))

    def __pow__(self, exponent: Any) -> Any:
        _check_scalar(self, exponent)
        return kept(MatrixExpr.__pow__(_flat(self), exponent))

    def transpose(self) -> Any:
        """Return the transpose."""
        return kept(MatrixExpr.transpose(self))

    def adjoint(self) -> Any:
        """Return the conjugate transpose."""
        return kept(parents.Adjoint(self).doit())

    @property
    def H(self) -> Any:
        """The conjugate transpose."""
        return self.adjoint()

    def _eval_adjoint(self) -> Any:
        return kept(super()._eval_adjoint())  # type: ignore[misc]

    def _eval_conjugate(self) -> Any:
        return kept(super()._eval_conjugate())  # type: ignore[misc]

    def _eval_transpose(self) -> Any:
        return kept(super()._eval_transpose())  # type: ignore[misc]


class _EqualToParent(BesideArrays):
    """Equal to the same expression of SymPy's own class."""

    args: tuple[Any, ...]

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        _OWN[cls.__bases__[1]] = cls

    def __eq__(self, other: object) -> bool:
        # NumPy would compare with each entry of an array.
        return not _is_array(other) and bool(_plain(self) == _plain(other))

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)  # type: ignore[misc]
        except IndexError as reason:
            if str(reason) and "Invalid indices" not in str(reason):
                raise
            raise IndexError(
                f"{self} of shape {_by(self)} has no entry {key}; expected indices from 0 that are "
                "below these"
            ) from None

    # By the name of the class, which is the parent's.
    __hash__ = Basic.__hash__

    def doit(self, **hints: Any) -> Any:
        """Return the expression carried out, by SymPy's rules for its own class."""
        return kept(_plain(self).doit(**hints))


# Under the names of SymPy's, by which it prints and orders.


class Adjoint(_EqualToParent, parents.Adjoint):
    """The conjugate transpose of a random matrix."""


class Inverse(_EqualToParent, parents.Inverse):
    """The inverse of a random matrix."""


class MatAdd(_EqualToParent, parents.MatAdd):
    """A sum with a random matrix."""

    def _entry(self, i: Any, j: Any, **options: Any) -> Any:
        # Of what does not fit SymPy would add the entries, and nobody could see it afterwards.
        first, *others = self.args
        for other in others:
            differences = (a - b for a, b in zip(first.shape, other.shape, strict=True))
            if any(expand(sympify(x)) != 0 for x in differences):
                raise ValueError(
                    f"an entry of {self}, where {first} of shape {_by(first)} is added to {other} "
                    f"of shape {_by(other)}; expected one shape"
                )
        return super()._entry(i, j, **options)


class MatMul(_EqualToParent, parents.MatMul):
    """A product with a random matrix."""

    def _entry(self, i: Any, j: Any, **options: Any) -> Any:
        # A sum over a number of columns is written out, and nobody could see afterwards how many
        # rows there were; one over a symbol is seen by who reads it.
        matrices = self.as_coeff_matrices()[1]
        for factor in matrices:
            if isinstance(factor, DiagMatrix) and 1 not in factor.args[0].shape:
                raise ValueError(
                    f"an entry of {self}, where {factor} is made of a matrix of shape "
                    f"{_by(factor.args[0])}; expected a column or a row"
                )
        for one, other in pairwise(matrices):
            columns, rows = sympify(one.shape[1]), other.shape[0]
            if columns.is_Integer and expand(columns - rows) != 0:
                raise ValueError(
                    f"an entry of {self}, where {one} of shape {_by(one)} stands before {other} "
                    f"of shape {_by(other)}; expected as many columns as rows"
                )
        return super()._entry(i, j, **options)


class MatPow(_EqualToParent, parents.MatPow):
    """A power of a random matrix."""


class Transpose(_EqualToParent, parents.Transpose):
    """The transpose of a random matrix."""


def _by(matrix: Any) -> str:
    return " x ".join(map(str, matrix.shape))


def kept(expr: Any) -> Any:
    """Return a matrix expression as one that knows what to do beside an array."""
    own = _OWN.get(type(expr))
    return expr if own is None else Basic.__new__(own, *expr.args)


def _plain(expr: Any) -> Any:
    """Return the same expression as one of SymPy's own class."""
    if not isinstance(expr, _EqualToParent):
        return expr
    return Basic.__new__(type(expr).__bases__[1], *expr.args)


def _flat(expr: Any) -> Any:
    """Return a product or a sum as SymPy's own, which it joins to other factors or terms."""
    return _plain(expr) if isinstance(expr, MatMul | MatAdd) else expr


def _product(one: Any, other: Any, carried_out: Callable[[Any, Any], Any]) -> Any:
    """Return a product; one whose factors do not fit as it stands, so that it can be refused."""
    one, other = _operand(one), _operand(other)
    if _are_matrices(one, other) and not _is_same(one.shape[1], other.shape[0]):
        return kept(parents.MatMul(one, other))
    return kept(carried_out(one, other))


def _sum(one: Any, other: Any, carried_out: Callable[[Any, Any], Any]) -> Any:
    """Return a sum; one of matrices of different shapes as it stands, so that it can be refused."""
    one, other = _operand(one), _operand(other)
    if _are_matrices(one, other) and not all(map(_is_same, one.shape, other.shape)):
        return kept(parents.MatAdd(one, other))
    return kept(carried_out(one, other))


def _are_matrices(one: Any, other: Any) -> bool:
    return all(getattr(x, "is_Matrix", False) for x in (one, other))


def _is_same(one: Any, other: Any) -> bool:
    return bool(one == other or expand(sympify(one) - sympify(other)) == 0)


def _is_array(other: Any) -> bool:
    return hasattr(other, "__array_interface__") and bool(getattr(other, "ndim", 0))


def _check_scalar(matrix: Any, exponent: Any) -> None:
    """Let pass an exponent that SymPy can read as a scalar.

    Raises
    ------
    TypeError
        If it is an array, a list, a matrix or nothing.
    """
    try:
        read = None if _is_array(exponent) else sympify(exponent, strict=True)
    except SympifyError:
        read = None
    if not isinstance(read, Expr) or getattr(read, "is_Matrix", False):
        raise TypeError(f"{matrix} to the power of {exponent!r}: expected a number or a symbol")


def _operand(other: Any) -> Any:
    """Return what stands beside: an array as an explicit matrix, which SymPy would take apart."""
    if isinstance(other, list | tuple | Tuple):
        raise TypeError(
            f"a {type(other).__name__} beside a random matrix: write sympy.Matrix(...) of it"
        )
    if not _is_array(other):
        return _flat(other)
    if other.dtype == object:
        raise TypeError(
            f"an array of SymPy's objects, of shape {other.shape}, beside a random matrix: NumPy "
            "multiplies such arrays, and matrix symbols beside them, entry by entry; write "
            "sympy.Matrix(array) where the array stands in the product"
        )
    if other.ndim != 2:
        raise TypeError(
            f"an array of shape {other.shape} beside a random matrix: expected two axes; write a "
            "vector as a column, z[:, None], or as a row, z[None, :]"
        )
    return ImmutableMatrix(other.tolist())
