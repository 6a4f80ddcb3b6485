"""A printer that writes what it knows, and refuses the rest by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from sympy import Add, Basic, Expr, MatAdd, MatMul, Pow, S, Symbol
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.precedence import PRECEDENCE


def named(pairs: str) -> dict[str, str]:
    """Return a table of names, as `named("Trace=Tr Determinant=Det")`."""
    return dict(pair.split("=") for pair in pairs.split())


#: The classes that are written by a method of this name, here or in a subclass.
_WRITTEN = frozenset(
    re.findall(
        r"\w+",
        """
        Add Mul Pow Integer Rational Float Symbol ImaginaryUnit Pi Exp1 Min Max
        KroneckerDelta Sum Piecewise Relational And Or Not BooleanTrue BooleanFalse
        MatAdd MatMul MatPow Inverse Transpose Adjoint HadamardProduct HadamardPower
        MatrixSymbol MatrixElement MatrixBase SymplecticForm
        DiagMatrix Identity OneMatrix ZeroMatrix
        """,
    )
)


class AnswerPrinter(CodePrinter):
    """Write an expression as text in another language.

    A subclass gives the names of functions, by the name of the SymPy class, and the methods for
    what is no function there.
    """

    language = "text"
    #: The function that a class is written with: its arguments are those of the class.
    names: ClassVar[Mapping[str, str]] = {}
    brackets = "()"
    power = "^"
    relations: ClassVar[Mapping[str, str]] = {}
    conjunction, disjunction, negation = " && ", " || ", "!"

    def text(self, expr: Any) -> str:
        """Return the text of an expression.

        Raises
        ------
        NotImplementedError
            If a part of it has no counterpart in the language.
        """
        return str(self._print(expr))

    def _print(self, expr: Any, **_: Any) -> str:
        if not isinstance(expr, Basic):
            return str(expr)
        for cls in type(expr).__mro__:
            if cls.__name__ in self.names:
                return self.call(self.names[cls.__name__], *expr.args)
            if cls.__name__ in _WRITTEN:
                return str(getattr(self, f"_print_{cls.__name__}")(expr))
        kind = type(expr).__name__
        raise NotImplementedError(f"{kind} cannot be written in {self.language}: {expr}")

    def call(self, name: str, *parts: Any) -> str:
        """Return the text of a function of these arguments."""
        return self.called(name, *(self._print(part) for part in parts))

    def called(self, name: str, *texts: str) -> str:
        """Return the text of a function of arguments that are text already."""
        return f"{name}{self.brackets[0]}{', '.join(texts)}{self.brackets[1]}"

    def enclosed(self, expr: Any) -> str:
        """Return the text of an operand that binds more tightly than a product."""
        text = self._print(expr)
        return f"({text})" if _is_operation(expr) else text

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.args
        if exponent.is_Rational and exponent < 0:
            return f"1/{self.parenthesize(Pow(base, -exponent, evaluate=False), PRECEDENCE['Mul'])}"
        if exponent == 1:
            return self._print(base)
        if exponent == S.Half:
            return self.call(self.names["sqrt"], base)
        return self._power(base, exponent)

    def _power(self, base: Expr, exponent: Expr) -> str:
        level = PRECEDENCE["Pow"]
        return f"{self.parenthesize(base, level)}{self.power}{self.parenthesize(exponent, level)}"

    def _print_Rational(self, expr: Any) -> str:
        return f"{expr.p}/{expr.q}"

    def _print_Integer(self, expr: Any) -> str:
        return str(int(expr))

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return str(expr.name)

    def _print_MatAdd(self, expr: Any) -> str:
        text = ""
        for term in expr.args:
            written = self._print(term)
            text += f" - {written[1:]}" if written.startswith("-") else f" + {written}"
        return text[3:] if text.startswith(" + ") else "-" + text[3:]

    def _print_MatMul(self, expr: Any) -> str:
        coefficient, product = expr.as_coeff_mmul()
        factors = product.args if isinstance(product, MatMul) else [product]
        written = self._product([self.enclosed(factor) for factor in factors])
        sign = "-" if coefficient.could_extract_minus_sign() else ""
        size = -coefficient if sign else coefficient
        front = "" if size == 1 else f"{self.parenthesize(size, PRECEDENCE['Mul'])}*"
        return f"{sign}{front}{written}"

    def _product(self, factors: list[str]) -> str:
        return "*".join(factors)

    def _print_Relational(self, expr: Any) -> str:
        operator = self.relations.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {operator} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return self.conjunction.join(f"({self._print(part)})" for part in expr.args)

    def _print_Or(self, expr: Any) -> str:
        return self.disjunction.join(f"({self._print(part)})" for part in expr.args)

    def _print_Not(self, expr: Any) -> str:
        return f"{self.negation}({self._print(expr.args[0])})"

    def _print_Sum(self, expr: Any) -> str:
        return self._sum(expr.function, list(expr.limits))

    def _sum(self, summand: Expr, limits: list[Any]) -> str:
        """Return the text of a sum: the first range is the innermost one."""
        raise NotImplementedError


def _is_operation(expr: Any) -> bool:
    name = type(expr).__name__
    return isinstance(expr, MatAdd | MatMul | Add) or name in ("HadamardProduct", "HadamardPower")


def finite_range(limits: Any, language: str) -> tuple[Symbol, Expr, Expr]:
    """Return index, start and end of a sum.

    Raises
    ------
    NotImplementedError
        If the range has no end.
    """
    if len(limits) != 3 or any(end.is_finite is False for end in limits[1:]):
        raise NotImplementedError(
            f"a sum over the range {limits} cannot be written in {language}: "
            f"expected a start and an end"
        )
    index, start, end = limits
    return index, start, end
