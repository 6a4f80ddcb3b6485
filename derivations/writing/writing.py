"""How formulas and sentences are written: LaTeX for paper and page, plain text for a terminal."""

from __future__ import annotations

import re
from typing import Any

from sympy import Basic
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import precedence
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.pretty.stringpict import prettyForm
from sympy.printing.str import StrPrinter
from sympy.tensor.indexed import Indexed

__all__ = ["latex", "line", "plain", "terminal"]


class _Printer(LatexPrinter):
    """SymPy's LaTeX with the field's habits: ψ, W_{i,j}, sums over k without limits."""

    def _print_Indexed(self, expr: Any, exp: str | None = None) -> str:
        return _power(self._subscripted(expr.base, expr.indices), exp)

    def _print_MatrixElement(self, expr: Any, exp: str | None = None) -> str:
        return _power(self._subscripted(expr.parent, (expr.i, expr.j)), exp)

    def _subscripted(self, base: Any, indices: Any) -> str:
        inside = " ".join(self._print(index) for index in indices)
        return f"{self._print(base)}_{{{inside}}}"

    def _print_polygamma(self, expr: Any, exp: str | None = None) -> str:
        order, argument = expr.args
        name = r"\psi" if order == 0 else rf"\psi^{{({self._print(order)})}}"
        return _power(rf"{name}\left({self._print(argument)}\right)", exp)

    def _print_Sum(self, expr: Any) -> str:
        return self._over_index(r"\sum", expr) or str(super()._print_Sum(expr))

    def _print_Product(self, expr: Any) -> str:
        return self._over_index(r"\prod", expr) or str(super()._print_Product(expr))

    def _over_index(self, sign: str, expr: Any) -> str:
        """Leave the limits out where the index runs over all d eigenvalues."""
        (index, low, high), *more = expr.limits
        if more or low != 0 or str(high) != "d - 1":
            return ""
        body = self._print(expr.function)
        body = rf"\left({body}\right)" if expr.function.is_Add else body
        return rf"{sign}_{{{self._print(index)}}} {body}"

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        terms = _positive_first(self._as_ordered_terms(expr, order=order))
        pieces = [self._print(terms[0])]
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            body = self._print(-term if negative else term)
            needs_parens = self._needs_add_brackets(-term if negative else term)
            pieces.append(("- " if negative else "+ ") + (f"({body})" if needs_parens else body))
        return " ".join(pieces)


def _positive_first(terms: list[Any]) -> list[Any]:
    """Let a sum begin with a positive term where it has one."""
    positive = [n for n, term in enumerate(terms) if not term.could_extract_minus_sign()]
    return [terms[n] for n in positive[:1]] + [
        term for n, term in enumerate(terms) if n not in positive[:1]
    ]


def _power(base: str, exp: str | None) -> str:
    return base if exp is None else f"{base}^{{{exp}}}"


def latex(expr: Basic) -> str:
    r"""LaTeX of an expression in the letters of `derivations.notation`.

    Examples
    --------
    >>> from derivations.notation import Mean, W, i, j
    >>> print(latex(Mean(W[i, j]**4)))
    \mathbb{E}\left[W_{i j}^{4}\right]
    """
    return str(_Printer().doprint(expr))


class _Terminal(PrettyPrinter):
    """SymPy's two-dimensional text, with the same habits."""

    def _print_Symbol(self, expr: Any, **_: Any) -> prettyForm:
        return prettyForm(_name(expr.name))

    def _print_polygamma(self, expr: Any) -> prettyForm:
        argument = prettyForm(*self._print(expr.args[1]).parens())
        return prettyForm(*argument.left("ψ"))

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return _positive_first(super()._as_ordered_terms(expr, order=order))

    def _print_Indexed(self, expr: Any) -> prettyForm:
        return prettyForm(_subscripted(expr.base, expr.indices))

    def _print_MatrixElement(self, expr: Any) -> prettyForm:
        return prettyForm(_subscripted(expr.parent.name, (expr.i, expr.j)))

    def _print_Product(self, expr: Any) -> prettyForm:
        return self._over_index("∏", expr)

    def _print_Sum(self, expr: Any) -> prettyForm:
        return self._over_index("∑", expr)

    def _over_index(self, sign: str, expr: Any) -> prettyForm:
        body = self._print(expr.function)
        return prettyForm(*body.left(_subscripted(sign, (expr.limits[0][0],)) + " "))


class _Line(StrPrinter):
    """One line of text, for a table in a terminal."""

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, Indexed):  # it would print itself, with brackets
            return _subscripted(expr.base, expr.indices)
        return str(super()._print(expr, **kwargs))

    def _print_MatrixElement(self, expr: Any) -> str:
        return _subscripted(expr.parent.name, (expr.i, expr.j))

    def _print_Mul(self, expr: Any) -> str:
        return str(super()._print_Mul(expr)).replace("*", " ")

    def _print_Symbol(self, expr: Any) -> str:
        return _name(expr.name)

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        terms = _positive_first(self._as_ordered_terms(expr, order=order))
        signs = ["-" if term.could_extract_minus_sign() else "+" for term in terms]
        bodies = [self._print(-t if s == "-" else t) for s, t in zip(signs, terms, strict=True)]
        text = " ".join(f"{s} {body}" for s, body in zip(signs, bodies, strict=True))
        return text.removeprefix("+ ")

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.args
        if not (exponent.is_Integer and exponent > 0):
            return str(super()._print_Pow(expr, rational)).replace("**", "^")
        body = self.parenthesize(base, precedence(expr), strict=False)
        return f"{body}{str(exponent).translate(_SUPERSCRIPTS)}"

    def _print_Product(self, expr: Any) -> str:
        return f"{_subscripted('∏', (expr.limits[0][0],))} {self._print(expr.function)}"

    def _print_Sum(self, expr: Any) -> str:
        return f"{_subscripted('∑', (expr.limits[0][0],))} {self._print(expr.function)}"

    def _print_Integral(self, expr: Any) -> str:
        variable, low, high = expr.limits[0]
        between = f"({low}, {self._print(high)})"
        return f"∫ {self._print(expr.function)} d{variable} over {between}"

    def _print_Infinity(self, _expr: Any) -> str:
        return "∞"

    def _print_Function(self, expr: Any) -> str:
        return f"{pretty_symbol(expr.func.__name__)}({self.stringify(expr.args, ', ')})"

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} = {self._print(expr.rhs)}"


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("ijkl+0123456789", "ᵢⱼₖₗ₊₀₁₂₃₄₅₆₇₈₉")


def _name(name: str) -> str:
    """Write a symbol's name, with a braced index as a subscript."""
    base, brace, index = name.partition("_{")
    return base + index.rstrip("}").translate(_SUBSCRIPTS) if brace else str(pretty_symbol(name))


def _subscripted(base: object, indices: Any) -> str:
    return str(pretty_symbol(str(base))) + "".join(map(str, indices)).translate(_SUBSCRIPTS)


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
    return str(_Terminal({"use_unicode": True, "wrap_line": False}).doprint(expr))


def line(expr: Basic) -> str:
    """One line of Unicode text of an expression.

    Examples
    --------
    >>> from derivations.notation import Mean, W, i, j, k, l
    >>> line(Mean(W[i, j]**2 * W[k, l]**2))
    'E[Wᵢⱼ² Wₖₗ²]'
    """
    return str(_Line().doprint(expr))


_SIGNS = {
    "lambda": "λ", "Lambda": "Λ", "phi": "φ", "psi": "ψ", "chi": "χ", "Gamma": "Γ",
    "pm": "±", "dots": "…", "neq": "≠", "ge": "≥", "le": "≤", "infty": "∞", "top": "ᵀ",
    "sum": "Σ", "prod": "Π", "to": "→", "circ": "°", "cdot": "·", "sqrt": "√",
    "left": "", "right": "", "operatorname": "", "mathbb": "",
}  # fmt: skip


def plain(sentence: str) -> str:
    r"""Write a sentence with LaTeX between dollar signs as plain text.

    Examples
    --------
    >>> plain(r"$A = X X^{\top}$ has eigenvalues $\lambda_k$")
    'A = X Xᵀ has eigenvalues λ_k'
    """
    return re.sub(r"\$([^$]*)\$", lambda found: _plain_math(found.group(1)), sentence)


def _plain_math(source: str) -> str:
    source = source.replace(r"\|", "‖").replace(r"\,", " ")
    source = re.sub(r"\\([A-Za-z]+)", lambda found: _SIGNS.get(found[1], found[1]), source)
    source = re.sub(r"\^\{?([ᵀ°])\}?", r"\1", source)
    source = re.sub(r"\^(\d)(?!\w)", lambda found: found[1].translate(_SUPERSCRIPTS), source)
    source = re.sub(r"_\{(\w) (\w)\}", r"_\1\2", source)
    source = re.sub(r"(?<![_^√])\{(\w+)\}|(?<=√)\{(\w+)\}", r"\1\2", source)
    return source.replace("{", "(").replace("}", ")")
