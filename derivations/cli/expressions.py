"""Expressions as they are written in a shell: read part by part, never run as Python.

What is not in the lists below is refused: no attribute, call or name reaches anything else. A
number with a decimal point is the fraction that it is written as.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import signature
from operator import add, mul, sub, truediv
from typing import Any

from sympy import (
    Abs,
    Adjoint,
    Eq,
    Expr,
    I,
    Identity,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    OneMatrix,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    Transpose,
    conjugate,
    sqrt,
)

import weingarten
from weingarten.ensembles import RandomMatrix

__all__ = ["Names"]

LONGEST = 10_000  # signs of an expression
EXAMPLE = '"Trace(W*A*W.T*B)"'
MOST_DIGITS = 2_000  # of a power of numbers

RANDOM: dict[str, str] = {
    **dict.fromkeys("OW", "HaarOrthogonal"),
    **dict.fromkeys("UV", "HaarUnitary"),
    "G": "GaussianMatrix",
}
"""Letters that are random matrices, of dimension d, unless something else is said."""

INTEGERS = frozenset("ijklmnpqrs")

ENSEMBLES: tuple[str, ...] = tuple(
    name
    for name in weingarten.__all__
    if isinstance(kind := getattr(weingarten, name), type) and issubclass(kind, RandomMatrix)
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Trace": Trace,
    "tr": Trace,
    "trace": Trace,
    "Transpose": Transpose,
    "Adjoint": Adjoint,
    "Identity": Identity,
    "OneMatrix": OneMatrix,
    "KroneckerDelta": KroneckerDelta,
    "conjugate": conjugate,
    "abs": Abs,
    "Abs": Abs,
    "sqrt": sqrt,
    "Sum": Sum,
}

PREDICATES = ("symmetric", "hermitian", "orthogonal", "unitary", "diagonal", "real_elements")

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.MatMult: mul,
    ast.Div: truediv,
}

_PARTS: dict[str, Callable[[Any], Any]] = {
    "T": lambda matrix: matrix.T,
    "H": lambda matrix: matrix.H if isinstance(matrix, RandomMatrix) else Adjoint(matrix).doit(),
    "I": lambda matrix: matrix.inverse(),
}


@dataclass
class Names:
    """The names of an expression: what was said of them, and what they are taken for else.

    Examples
    --------
    >>> names = Names()
    >>> names.read("Trace(W*A*W.T*B)")
    Trace(W*A*W.T*B)
    >>> names.taken()
    ['A, B: constant d x d matrices', 'W: HaarOrthogonal(d)']
    >>> names.read("W^2")
    Traceback (most recent call last):
        ...
    ValueError: 'W ^ 2': write ** for a power
    """

    said: dict[str, Any] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def d(self) -> Any:
        """The dimension."""
        return self["d"]

    def __getitem__(self, name: str) -> Any:
        if name not in self.said and name not in self.found:
            self.found[name] = self._usual(name)
        return self.said[name] if name in self.said else self.found[name]

    def _usual(self, name: str) -> Any:
        """Return what a name stands for where nothing is said of it."""
        if name in ("d", "N"):
            return Symbol(name, integer=True, positive=True)
        if name in INTEGERS:
            return Symbol(name, integer=True)
        if name in RANDOM:
            shape = (self.d,) * (2 if name == "G" else 1)
            return getattr(weingarten, RANDOM[name])(name, *shape)
        if name[0].isupper():
            return MatrixSymbol(name, self.d, self.d)
        return Symbol(name)

    def let(self, text: str) -> None:
        """Say what a name is: ``V=HaarStiefel(d, k)``, ``A=Matrix(d, 3)``, ``x=2``."""
        name, equals, kind = (part.strip() for part in text.partition("="))
        if not (equals and kind and name.isidentifier()):
            raise ValueError(f"{text!r}: expected such as V=HaarStiefel(d,k), A=Matrix(d,3) or k=5")
        if name in self.found:
            raise ValueError(f"{text!r}: {name} was used before; say what it is first")
        self.said[name] = self._kind(name, _parsed(kind))

    def _kind(self, name: str, node: ast.expr) -> Any:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return self._value(node)
        kind = node.func.id
        if kind in FUNCTIONS:
            return self._value(node)
        if kind != "Matrix" and kind not in ENSEMBLES:
            known = ", ".join(("Matrix", *ENSEMBLES))
            raise ValueError(f"{kind!r} is no kind of matrix; expected one of {known}")
        arguments = [self._value(argument) for argument in node.args]
        named = {str(k.arg): self._value(k.value) for k in node.keywords}
        if kind != "Matrix":
            return _random(kind, name, arguments, named)
        if len(arguments) != 2 or named:
            raise ValueError(f"{name}: expected Matrix(rows, columns)")
        return MatrixSymbol(name, *arguments)

    def read(self, text: str) -> Any:
        """Read an expression.

        Raises
        ------
        ValueError, TypeError
            If it is none, or holds what is not in the lists of this module.
        """
        try:
            return self._value(_parsed(text))
        except (AttributeError, NotImplementedError, RecursionError) as reason:
            raise ValueError(f"{text[:60]!r} cannot be read: {reason}") from reason

    def fact(self, text: str) -> Any:
        """Read a fact about constants: ``symmetric(A)``, or an equation, ``P*P = P``."""
        left, equals, right = text.replace("==", "=").partition("=")
        if equals:
            return Eq(self.read(left), self.read(right))
        node = _parsed(text.strip().removeprefix("Q."))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in PREDICATES
            and len(node.args) == 1
            and not node.keywords
        ):
            return getattr(Q, node.func.id)(self._value(node.args[0]))
        raise ValueError(
            f"{text!r}: expected an equation such as P*P = P, or one of "
            + ", ".join(f"{name}(A)" for name in PREDICATES)
        )

    def taken(self) -> list[str]:
        """Say what names of which nothing was said are taken for."""
        matrices = sorted(n for n, x in self.found.items() if type(x) is MatrixSymbol)
        random = sorted(n for n, x in self.found.items() if isinstance(x, RandomMatrix))
        lines = []
        if matrices:
            one = "a constant d x d matrix" if len(matrices) == 1 else "constant d x d matrices"
            lines.append(f"{', '.join(matrices)}: {one}")
        for name in random:
            shape = "(d, d)" if name == "G" else "(d)"
            lines.append(f"{name}: {RANDOM[name]}{shape}")
        return lines

    # Parts ----------------------------------------------------------------------------------------

    def _value(self, node: ast.expr) -> Any:
        read = _READERS.get(type(node))
        if read is None:
            raise ValueError(f"{_shown(node)!r} is no part of an expression that can be read here")
        return read(self, node)

    def _name(self, node: ast.Name) -> Any:
        if node.id in FUNCTIONS or node.id in ENSEMBLES:
            raise ValueError(f"{node.id} stands without its arguments")
        if node.id.startswith("_"):
            raise ValueError(f"{node.id!r} is no name that can be used here")
        if node.id == "I" and "I" not in self.said:
            raise ValueError("I: write Identity(d) for the matrix, and 1j for the imaginary unit")
        return self[node.id]

    def _number(self, node: ast.Constant) -> Any:
        if not isinstance(node.value, Expr):
            raise ValueError(f"{_shown(node)!r} is no number")
        return node.value

    def _sign(self, node: ast.UnaryOp) -> Any:
        value = self._value(node.operand)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
        raise ValueError(f"{_shown(node)!r}: expected + or - as a sign")

    def _operation(self, node: ast.BinOp) -> Any:
        if isinstance(node.op, ast.BitXor):
            raise ValueError(f"{_shown(node)!r}: write ** for a power")
        if isinstance(node.op, ast.Pow):
            return _power(self._value(node.left), self._value(node.right), node)
        if type(node.op) not in _OPERATORS:
            raise ValueError(f"{_shown(node)!r}: expected one of + - * / ** @")
        left, right = self._value(node.left), self._value(node.right)
        if right == 0 and isinstance(node.op, ast.Div):
            raise ValueError(f"{_shown(node)!r} divides by zero")
        return _OPERATORS[type(node.op)](left, right)

    def _call(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise ValueError(
                f"{_shown(node.func)!r} is no function that can be used here; expected one of "
                f"{', '.join(FUNCTIONS)}"
            )
        if node.keywords:
            raise ValueError(f"{_shown(node)!r}: expected arguments without names")
        if node.func.id == "Sum":
            return self._sum(node)
        return FUNCTIONS[node.func.id](*map(self._value, node.args))

    def _sum(self, node: ast.Call) -> Any:
        limits = []
        for limit in node.args[1:]:
            if not isinstance(limit, ast.Tuple) or len(limit.elts) != 3:
                raise ValueError(f"{_shown(node)!r}: expected limits such as (i, 0, d - 1)")
            limits.append(tuple(map(self._value, limit.elts)))
        if not limits:
            raise ValueError(f"{_shown(node)!r}: expected limits such as (i, 0, d - 1)")
        return Sum(self._value(node.args[0]), *limits)

    def _part(self, node: ast.Attribute) -> Any:
        matrix = self._value(node.value)
        if node.attr not in _PARTS or not getattr(matrix, "is_Matrix", False):
            raise ValueError(f"{_shown(node)!r}: expected .T, .H or .I of a matrix")
        return _PARTS[node.attr](matrix)

    def _entry(self, node: ast.Subscript) -> Any:
        matrix = self._value(node.value)
        if not getattr(matrix, "is_Matrix", False):
            raise ValueError(f"{_shown(node)!r}: {matrix} is no matrix, and has no entries")
        if not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
            raise ValueError(f"{_shown(node)!r}: expected a row and a column, such as [0, i]")
        return matrix[tuple(map(self._index, node.slice.elts))]

    def _index(self, node: ast.expr) -> Any:
        if not isinstance(node, ast.Slice):
            return self._value(node)
        ends = (node.lower, node.upper, node.step)
        return slice(*(None if end is None else self._value(end) for end in ends))


_READERS: dict[type[ast.expr], Callable[[Names, Any], Any]] = {
    ast.Name: Names._name,
    ast.Constant: Names._number,
    ast.UnaryOp: Names._sign,
    ast.BinOp: Names._operation,
    ast.Call: Names._call,
    ast.Attribute: Names._part,
    ast.Subscript: Names._entry,
}


def _parsed(text: str) -> ast.expr:
    """Return the parts of a text, which is not run."""
    if len(text) > LONGEST:
        raise ValueError(f"the expression has {len(text)} signs; expected at most {LONGEST}")
    text = text.strip()
    if not text:
        raise ValueError(f"the expression is empty; expected one such as {EXAMPLE}")
    try:
        body = ast.parse(text, mode="eval").body
    except SyntaxError as reason:
        raise ValueError(
            f"{text!r} is no expression: {reason.msg}; expected one such as {EXAMPLE}"
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise ValueError(f"{text[:60]!r} is no expression that can be read") from None
    for node in ast.walk(body):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            node.value = _number(node.value, ast.get_source_segment(text, node) or "")
    return body


def _number(value: Any, written: str) -> Any:
    """Return a number with all digits that are written."""
    if isinstance(value, int):
        return Integer(value)
    digits = written.replace("_", "").rstrip("jJ")
    size = abs(value)
    if size in (0.0, float("inf")) and any(sign in "123456789" for sign in digits.split("e")[0]):
        raise ValueError(f"{written!r} is too large or too small a number")
    return Rational(digits) * (I if isinstance(value, complex) else 1)


def _random(kind: str, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Return a random matrix; the error for wrong arguments says which it takes."""
    make = getattr(weingarten, kind)
    takes = signature(make.__new__)
    try:
        takes.bind(make, name, *arguments, **named)
    except TypeError:
        wanted = ", ".join(list(takes.parameters)[2:])
        raise ValueError(f"{name}: expected {kind}({wanted})") from None
    return make(name, *arguments, **named)


def _power(base: Any, exponent: Any, node: ast.BinOp) -> Any:
    """Return a power; one of numbers only where it can be written down."""
    if getattr(base, "is_Rational", False) and getattr(exponent, "is_Rational", False):
        digits = abs(exponent) * (len(str(base.p)) + len(str(base.q)))
        if digits > MOST_DIGITS:
            raise ValueError(f"{_shown(node)!r} has too many digits")
        if base == 0 and exponent < 0:
            raise ValueError(f"{_shown(node)!r} divides by zero")
    return base**exponent


def _shown(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."
