"""Functions of arrays: an answer as a function of numbers and matrices, for NumPy, JAX, PyTorch.

The text of the function calls operations by name (see `namespaces`), so that the text is one for
all libraries. A sum is summed. Matrices may be stacks: the last two axes are the matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar, Literal, get_args

from sympy import Expr, MatrixBase, MatrixSymbol, Symbol, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.printing.base import AnswerPrinter, finite_range, named
from weingarten.printing.namespaces import namespace

Target = Literal["numpy", "jax", "torch"]


def lambdify(args: Any, expr: Any, target: Target = "numpy") -> ArrayFunction:
    r"""Return an answer as a function of numbers and arrays.

    Parameters
    ----------
    args : Symbol, MatrixSymbol, or a sequence of these
        The arguments of the function, in this order.
    expr : Expr, MatrixExpr or Matrix
        What it computes: an answer of `E`, with traces, entries, sums and deltas.
    target : {"numpy", "jax", "torch"}, optional
        Whose arrays it takes and returns.

    Returns
    -------
    ArrayFunction
        The function. A matrix argument may be a stack of matrices: the last two axes count.

    Raises
    ------
    ImportError
        If the library of `target` is not installed.
    NotImplementedError
        If a part of `expr` cannot be written for arrays.
    TypeError, ValueError
        If an argument is not of its kind, or `expr` contains a symbol that is not in `args`.

    Notes
    -----
    A sum whose end is ``start - 1`` is empty; the function refuses one that ends earlier, which
    SymPy counts negatively. It refuses matrices whose shapes are not those of their symbols, and
    indices that are out of range.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> A = MatrixSymbol("A", d, d)
    >>> f = lambdify([A, d], Trace(A*A.T)/d)
    >>> float(f([[1, 2], [3, 4]], 2))
    15.0
    >>> f.text
    'trace(matmul(x0, transpose(x0)))/x1'
    """
    if target not in get_args(Target):
        names = ", ".join(get_args(Target))
        raise ValueError(f"target = {target!r}: expected one of {names}")
    given = tuple(args) if isinstance(args, list | tuple) else (args,)
    for position, arg in enumerate(given):
        if not isinstance(arg, Symbol | MatrixSymbol):
            raise TypeError(
                f"args[{position}] = {arg!r}: expected a symbol or a matrix symbol, as in "
                f"lambdify([A, d], expr)"
            )
        if arg in given[:position]:
            raise ValueError(f"args[{position}] = {arg}: expected each argument once")
    return ArrayFunction(given, _expression(expr), target)


def _expression(expr: Any) -> Any:
    if isinstance(expr, MatrixBase):
        return expr.as_immutable()
    if isinstance(expr, int | float | complex) and not isinstance(expr, bool):
        return sympify(expr)
    if not isinstance(expr, Expr):
        raise TypeError(f"expr = {expr!r}: expected a SymPy expression, an answer of E")
    return expr


class ArrayFunction:
    """An expression as a function of arrays, made by `lambdify`.

    Attributes
    ----------
    args : tuple
        The symbols that its arguments stand for.
    expr : Expr
        What it computes.
    target : str
        Whose arrays it takes and returns.
    text : str
        The text that is evaluated; ``x0``, ``x1``, ... are the arguments.
    """

    def __init__(self, args: tuple[Any, ...], expr: Any, target: Target):
        self.args, self.expr, self.target = args, expr, target
        self._namespace = namespace(target)
        self.text, self._function = self._compiled(expr)
        self._sizes = [self._size_functions(arg) for arg in args]
        # A number that stands in an index stays an integer.
        self._indices = set().union(
            *(part.free_symbols for entry in expr.atoms(MatrixElement) for part in entry.args[1:])
        )

    def _compiled(self, expr: Any) -> tuple[str, Any]:
        """Return the text of an expression, and the function that it is."""
        names = {arg: f"x{position}" for position, arg in enumerate(self.args)}
        printer = ArrayPrinter(names)
        text = printer.text(expr)
        operations = {name: getattr(self._namespace, name) for name in printer.used}
        code = f"lambda {', '.join(names.values())}: {text}"
        return text, eval(code, {"__builtins__": {}, **operations})

    def _size_functions(self, arg: Any) -> list[tuple[Expr, Any]]:
        """Return rows and columns of a matrix argument, and how they follow from the arguments."""
        known = set(self.args)
        return [
            (size, self._compiled(size)[1] if size.free_symbols <= known else None)
            for size in (arg.shape if isinstance(arg, MatrixSymbol) else ())
        ]

    def __call__(self, *values: Any) -> Any:
        """Return the value at numbers and arrays."""
        if len(values) != len(self.args):
            expected = ", ".join(map(str, self.args))
            raise TypeError(f"{len(values)} arguments; expected {len(self.args)}: {expected}")
        taken = [
            self._namespace.matrix(value, str(arg))
            if isinstance(arg, MatrixSymbol)
            else self._namespace.number(value, str(arg), is_index=arg in self._indices)
            for arg, value in zip(self.args, values, strict=True)
        ]
        self._check_sizes(taken)
        return self._function(*taken)

    def _check_sizes(self, values: list[Any]) -> None:
        """Let pass matrices whose sizes are those of their symbols, and equal where these are."""
        seen: dict[Expr, int] = {}
        for arg, value, sizes in zip(self.args, values, self._sizes, strict=True):
            for (size, function), axis in zip(sizes, (-2, -1), strict=False):
                found = value.shape[axis]
                expected = seen.setdefault(size, found)
                if function is not None:
                    expected = self._namespace.known(function(*values), expected)
                if found != expected:
                    side = "rows" if axis == -2 else "columns"
                    raise ValueError(
                        f"{arg} has {found} {side}; expected {size} = {expected}, as of the "
                        f"shape ({arg.shape[0]}, {arg.shape[1]})"
                    )

    def __repr__(self) -> str:
        return f"<{self.target} function of {', '.join(map(str, self.args))}: {self.expr}>"

    def __reduce__(self) -> Any:
        return ArrayFunction, (self.args, self.expr, self.target)


class ArrayPrinter(AnswerPrinter):
    """Write an expression as Python text that calls the operations of a namespace."""

    language = "functions of arrays"
    power = "**"
    conjunction, disjunction, negation = " & ", " | ", "True ^ "
    relations: ClassVar[Mapping[str, str]] = {}
    names: ClassVar[Mapping[str, str]] = named(
        "exp=exp log=log sin=sin cos=cos tan=tan sinh=sinh cosh=cosh tanh=tanh asin=arcsin "
        "acos=arccos atan=arctan sqrt=sqrt sign=sign Abs=absolute floor=floor ceiling=ceil "
        "re=real im=imag conjugate=conjugate gamma=gamma loggamma=gammaln erf=erf "
        "factorial=factorial Min=least Max=largest Trace=trace Transpose=transpose "
        "Adjoint=adjoint Determinant=determinant MatPow=matrix_power Identity=identity "
        "OneMatrix=ones ZeroMatrix=zeros DiagMatrix=diagonal DiagonalMatrix=diagonal_part "
        "DiagonalOf=diagonal_vector HadamardProduct=hadamard HadamardPower=hadamard_power "
        "MatrixElement=entry SymplecticForm=symplectic_form"
    )

    def __init__(self, names: Mapping[Any, str]):
        super().__init__()
        self.used: set[str] = set()
        self._names: dict[Any, str] = dict(names)
        self._fresh = (f"k{number}" for number in count())

    def called(self, name: str, *texts: str) -> str:
        """Return the text of a call, and note what is called."""
        self.used.add(name)
        return super().called(name, *texts)

    def _print_Symbol(self, expr: Any) -> str:
        if expr not in self._names:
            raise ValueError(
                f"{expr} stands in expr; expected it in args, or a number in its place"
            )
        return self._names[expr]

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return self._print_Symbol(expr)

    def _print_ImaginaryUnit(self, _expr: Any) -> str:
        return "1j"

    def _print_Pi(self, _expr: Any) -> str:
        return repr(math.pi)

    def _print_Exp1(self, _expr: Any) -> str:
        return repr(math.e)

    def _print_Inverse(self, expr: Any) -> str:
        return self.call("inverse", expr.arg)

    def _print_Float(self, expr: Any) -> str:
        return repr(float(expr))

    def _print_BooleanTrue(self, _expr: Any) -> str:
        return "True"

    def _print_BooleanFalse(self, _expr: Any) -> str:
        return "False"

    def _power(self, base: Expr, exponent: Expr) -> str:
        if exponent.is_Integer:
            return super()._power(base, exponent)
        return self.call("power", base, exponent)

    def _print_MatMul(self, expr: Any) -> str:
        coefficient, product = expr.as_coeff_mmul()
        factors = product.args if product.is_MatMul else (product,)
        made = self.call("matmul", *factors) if len(factors) > 1 else self._print(factors[0])
        return made if coefficient == 1 else self.called("scaled", self._print(coefficient), made)

    def _print_MatAdd(self, expr: Any) -> str:
        return self.call("added", *expr.args)

    def _print_MatrixBase(self, expr: Any) -> str:
        rows = (", ".join(map(self._print, expr.row(k))) for k in range(expr.rows))
        return self.called("explicit", *(f"[{row}]" for row in rows))

    def _print_KroneckerDelta(self, expr: Any) -> str:
        ends = expr.args[2] if len(expr.args) > 2 else ()
        return self.call("delta", *expr.args[:2], *ends)

    def _print_Piecewise(self, expr: Any) -> str:
        pieces = (
            f"({self._print(condition)}, lambda: {self._print(value)})"
            for value, condition in expr.args
        )
        return self.called("piecewise", *pieces)

    def _print_Relational(self, expr: Any) -> str:
        return f"({super()._print_Relational(expr)})"

    def _sum(self, summand: Expr, limits: list[Any]) -> str:
        *inner, outer = limits
        index, start, end = finite_range(outer, self.language)
        first, last = self._print(start), self._print(end)
        with self._bound(index) as name:
            body = self._sum(summand, inner) if inner else self._print(summand)
        return self.called("total", f"lambda {name}: {body}", first, last)

    @contextmanager
    def _bound(self, index: Symbol) -> Iterator[str]:
        """Let an index stand for a name of its own."""
        before = dict(self._names)
        self._names[index] = next(self._fresh)
        yield self._names[index]
        self._names = before
