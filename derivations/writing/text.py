"""Formulas as Unicode text: in two dimensions, or on one line."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Integral, Pow, Product, Rational, Sum
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.pretty.stringpict import prettyForm
from sympy.printing.str import StrPrinter
from sympy.tensor.indexed import Indexed

from derivations.writing.habits import positive_first, whole_index
from derivations.writing.roots import roots_together

__all__ = ["SUPERSCRIPTS", "errors_off", "line", "lowered", "terminal"]

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("aehijklmnoprstuvx+-0123456789", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₊₋₀₁₂₃₄₅₆₇₈₉")
_RELATIONS = {"==": "=", "!=": "≠", "<": "<", ">": ">", "<=": "≤", ">=": "≥"}


class _Terminal(PrettyPrinter):
    """SymPy's two-dimensional text with the field's habits: ψ, Wᵢⱼ, sums over k without limits."""

    def _print_Symbol(self, expr: Any, **_: Any) -> prettyForm:
        return prettyForm(_name(expr.name))

    def _print_polygamma(self, expr: Any) -> prettyForm:
        order, argument = expr.args
        if order != 0:
            return self._print_Function(expr)
        return prettyForm(*prettyForm(*self._print(argument).parens()).left("ψ"))

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return positive_first(super()._as_ordered_terms(expr, order=order))

    def _print_Root(self, expr: Any) -> prettyForm:
        return self._print(Pow(expr.args[0], Rational(1, 2), evaluate=False))

    def _print_Indexed(self, expr: Any) -> prettyForm:
        return prettyForm(_subscripted(expr.base, expr.indices))

    def _print_MatrixElement(self, expr: Any) -> prettyForm:
        return prettyForm(_subscripted(expr.parent.name, (expr.i, expr.j)))

    def _print_Product(self, expr: Any) -> prettyForm:
        return self._over_index("∏", expr) or super()._print_Product(expr)

    def _print_Sum(self, expr: Any) -> prettyForm:
        return self._over_index("∑", expr) or super()._print_Sum(expr)

    def _over_index(self, sign: str, expr: Any) -> prettyForm | None:
        index = whole_index(expr)
        if index is None:
            return None
        body = self._print(expr.function)
        body = prettyForm(*body.parens()) if expr.function.is_Add else body
        written = prettyForm(*body.left(_subscripted(sign, (index,)) + " "))
        written.binding = prettyForm.MUL  # so that a power of it gets its parentheses
        return written


class _Line(StrPrinter):
    """One line of text, for a table in a terminal."""

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, Indexed):  # it would print itself, with brackets
            return _subscripted(expr.base, expr.indices)
        return str(super()._print(expr, **kwargs))

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """Put what a sum, product or integral sign stands before in parentheses, as a product."""
        if isinstance(item, Sum | Product | Integral) and level >= PRECEDENCE["Mul"]:
            return f"({self._print(item)})"
        return str(super().parenthesize(item, level, strict))

    def _print_MatrixElement(self, expr: Any) -> str:
        return _subscripted(expr.parent.name, (expr.i, expr.j))

    def _print_Mul(self, expr: Any) -> str:
        return str(super()._print_Mul(expr)).replace("*", " ")

    def _print_Symbol(self, expr: Any) -> str:
        return _name(expr.name)

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        terms = positive_first(self._as_ordered_terms(expr, order=order))
        signs = ["-" if term.could_extract_minus_sign() else "+" for term in terms]
        bodies = [
            self.parenthesize(-term if sign == "-" else term, PRECEDENCE["Add"])
            for sign, term in zip(signs, terms, strict=True)
        ]
        text = " ".join(f"{s} {body}" for s, body in zip(signs, bodies, strict=True))
        return text.removeprefix("+ ")

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.args
        if not (exponent.is_Integer and exponent > 0):
            return str(super()._print_Pow(expr, rational)).replace("**", "^")
        body = self.parenthesize(base, precedence(expr), strict=False)
        return f"{body}{str(exponent).translate(SUPERSCRIPTS)}"

    def _print_Product(self, expr: Any) -> str:
        return self._over_index("∏", expr)

    def _print_Sum(self, expr: Any) -> str:
        return self._over_index("∑", expr)

    def _over_index(self, sign: str, expr: Any) -> str:
        index = whole_index(expr)
        body = self.parenthesize(expr.function, PRECEDENCE["Add"])
        if index is None:
            ranges = (
                f"{self._print(n)} = {self._print(a)}, …, {self._print(b)}"
                for n, a, b in expr.limits
            )
            return f"{sign} {body} over {' and '.join(ranges)}"
        return f"{_subscripted(sign, (index,))} {body}"

    def _print_Integral(self, expr: Any) -> str:
        (variable, *ends), *more = expr.limits
        if more or len(ends) != 2:
            return str(super()._print_Integral(expr))
        body = self.parenthesize(expr.function, PRECEDENCE["Add"])
        return f"∫ {body} d{self._print(variable)} over ({', '.join(map(self._print, ends))})"

    def _print_Infinity(self, _expr: Any) -> str:
        return "∞"

    def _print_EulerGamma(self, _expr: Any) -> str:
        return "γ"

    def _print_harmonic(self, expr: Any) -> str:
        if len(expr.args) < 2:
            return self._print_Function(expr)
        count, power = map(self._print, expr.args)
        return f"(∑ l^(-{power}) over l = 1, …, {count})"

    def _print_Root(self, expr: Any) -> str:
        return f"sqrt({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:
        return f"|{self._print(expr.args[0])}|"

    def _print_factorial(self, expr: Any) -> str:
        return f"{self.parenthesize(expr.args[0], PRECEDENCE['Func'])}!"

    def _print_RisingFactorial(self, expr: Any) -> str:
        return f"({self._print(expr.args[0])})_{self._print(expr.args[1])}"

    def _print_Limit(self, expr: Any) -> str:
        body, variable, end, _side = expr.args
        place = f"({self._print(variable)} → {self._print(end)})"
        return f"lim_{place} {self.parenthesize(body, PRECEDENCE['Mul'])}"

    def _print_Subs(self, expr: Any) -> str:
        body, letters, values = expr.args
        pairs = zip(letters, values, strict=True)
        places = ", ".join(f"{self._print(x)} = {self._print(value)}" for x, value in pairs)
        return f"({self._print(body)} at {places})"

    def _print_Derivative(self, expr: Any) -> str:
        body = self.parenthesize(expr.expr, PRECEDENCE["Mul"])
        signs = (
            f"(d/d{self._print(x)})" + ("" if order == 1 else f"^{self._print(order)}")
            for x, order in expr.variable_count
        )
        return f"{' '.join(signs)} {body}"

    def _print_polygamma(self, expr: Any) -> str:
        order, argument = expr.args
        return f"ψ({self._print(argument)})" if order == 0 else self._print_Function(expr)

    def _print_Function(self, expr: Any) -> str:
        return f"{_name(expr.func.__name__)}({self.stringify(expr.args, ', ')})"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return _subscripted("δ", expr.args)

    def _print_Relational(self, expr: Any) -> str:
        left, right = (self.parenthesize(side, PRECEDENCE["Relational"]) for side in expr.args)
        return f"{left} {_RELATIONS[expr.rel_op]} {right}"


def _name(name: str) -> str:
    """Write a symbol's name, with a braced index as a subscript."""
    base, brace, index = name.partition("_{")
    if not brace:
        return str(pretty_symbol(name))
    return str(pretty_symbol(base)) + index.rstrip("}").translate(_SUBSCRIPTS)


def _subscripted(base: object, indices: Any) -> str:
    """Write indices as subscripts, or in brackets where there are no such signs for them."""
    letter, names = str(pretty_symbol(str(base))), [str(index) for index in indices]
    if all(len(name) == 1 and lowered(name) for name in names):
        return letter + lowered("".join(names))
    return f"{letter}[{', '.join(names)}]"


def lowered(index: str) -> str:
    """Write an index in subscripts; empty where there are no such signs for it.

    Examples
    --------
    >>> lowered("l+1"), lowered("L")
    ('ₗ₊₁', '')
    """
    return index.translate(_SUBSCRIPTS) if all(ord(sign) in _SUBSCRIPTS for sign in index) else ""


def terminal(expr: Basic) -> str:
    """Two-dimensional Unicode text of an expression.

    Examples
    --------
    >>> from derivations.notation import W, d, i, j
    >>> print(terminal(W[i, j] / d))
    Wᵢⱼ
    ───
     d
    """
    return str(_Terminal({"use_unicode": True, "wrap_line": False}).doprint(roots_together(expr)))


def line(expr: Basic) -> str:
    """One line of Unicode text of an expression.

    Examples
    --------
    >>> from derivations.notation import Mean, W, i, j, k, l
    >>> line(Mean(W[i, j]**2 * W[k, l]**2))
    'E[Wᵢⱼ² Wₖₗ²]'
    """
    return str(_Line().doprint(roots_together(expr)))


def errors_off(z: float) -> str:
    """Return a number of standard errors, with two decimals where these say anything.

    Examples
    --------
    >>> errors_off(1.234), errors_off(-99999947.91), errors_off(float("inf"))
    ('+1.23', '< -999', '> 999')
    """
    if abs(z) < 1000:
        return f"{z:+.2f}"
    return "> 999" if z > 0 else "< -999"
