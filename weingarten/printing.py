"""What SymPy's NumPy printer lacks: `lambdify` of an answer with traces and identities."""

from __future__ import annotations

from sympy import Expr
from sympy.printing.numpy import NumPyPrinter


def _print_trace(self: NumPyPrinter, expr: Expr) -> str:
    return f"{self._module_format('numpy.trace')}({self._print(expr.arg)})"


def _print_identity(self: NumPyPrinter, expr: Expr) -> str:
    return f"{self._module_format('numpy.eye')}({self._print(expr.shape[0])})"


def teach() -> None:
    """Let `lambdify` write a trace, and an identity matrix whose size is a symbol."""
    NumPyPrinter._print_Trace = _print_trace
    NumPyPrinter._print_Identity = _print_identity
