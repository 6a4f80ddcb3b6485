"""The matrix of ones, printed so that it is not taken for the number."""

from __future__ import annotations

from typing import Any

from sympy import Basic
from sympy.matrices.expressions import special


class OneMatrix(special.OneMatrix):
    """Equal to SymPy's matrix of ones, which prints as 1.

    Examples
    --------
    >>> from sympy import symbols
    >>> OneMatrix(*symbols("m n"))
    OneMatrix(m, n)
    """

    def _sympystr(self, printer: Any) -> str:
        rows, columns = map(printer.doprint, self.shape)
        return f"OneMatrix({rows}, {columns})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, special.OneMatrix) and bool(self.args == other.args)

    # By the name of the class, which is that of SymPy's.
    __hash__ = Basic.__hash__


def with_named_ones(expr: Any) -> Any:
    """Return an expression in which matrices of ones print by name."""
    found = expr.atoms(special.OneMatrix)
    return expr.xreplace({ones: OneMatrix(*ones.shape) for ones in found}) if found else expr
