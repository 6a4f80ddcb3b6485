"""Random matrices beside NumPy arrays: a matrix product, never one entry by entry.

NumPy asks the class of what stands beside an array whether to leave an operation to it. So the
transposes, products, sums and powers that operators make of random matrices are of classes of
their own, which SymPy takes for its own, and which are equal to these.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Basic, ImmutableMatrix, expand, sympify
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
        return kept(MatrixExpr.__mul__(_flat(self), _operand(other)))

    def __rmul__(self, other: Any) -> Any:
        return kept(MatrixExpr.__rmul__(_flat(self), _operand(other)))

    __matmul__, __rmatmul__ = __mul__, __rmul__

    def __add__(self, other: Any) -> Any:
        return kept(MatrixExpr.__add__(_flat(self), _operand(other)))

    def __radd__(self, other: Any) -> Any:
        return kept(MatrixExpr.__radd__(_flat(self), _operand(other)))

    def __sub__(self, other: Any) -> Any:
        return kept(MatrixExpr.__sub__(_flat(self), _operand(other)))

    def __rsub__(self, other: Any) -> Any:
        return kept(MatrixExpr.__rsub__(_flat(self), _operand(other)))

    def __truediv__(self, other: Any) -> Any:
        return kept(MatrixExpr.__truediv__(_flat(self), other))

    def __neg__(self) -> Any:
        return kept(MatrixExpr.__neg__(_flat(self)))

    def __pow__(self, exponent: Any) -> Any:
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
        return bool(_plain(self) == _plain(other))

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
        for one, other in pairwise(self.as_coeff_matrices()[1]):
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


def _operand(other: Any) -> Any:
    """Return what stands beside: an array as an explicit matrix, which SymPy would take apart."""
    if not hasattr(other, "__array_interface__") or not getattr(other, "ndim", 0):
        return _flat(other)
    if other.ndim != 2:
        raise TypeError(
            f"an array of shape {other.shape} beside a random matrix: expected two axes; write a "
            "vector as a column, z[:, None], or as a row, z[None, :]"
        )
    return ImmutableMatrix(other.tolist())
