"""Formulas as LaTeX, for paper, page and document."""

from __future__ import annotations

from typing import Any

from sympy import Basic
from sympy.printing.latex import LatexPrinter

from derivations.writing.habits import positive_first, whole_index
from derivations.writing.roots import roots_together
from weingarten.caches import cached

__all__ = ["latex"]


class _Printer(LatexPrinter):
    """SymPy's LaTeX with the field's habits: ψ, W_{i j}, sums over k without limits."""

    def _print_Indexed(self, expr: Any, exp: str | None = None) -> str:
        return _power(self._subscripted(expr.base, expr.indices), exp)

    def _print_MatrixElement(self, expr: Any, exp: str | None = None) -> str:
        return _power(self._subscripted(expr.parent, (expr.i, expr.j)), exp)

    def _subscripted(self, base: Any, indices: Any) -> str:
        names = [self._print(index) for index in indices]
        # LaTeX shows no space between 1 and 2, which then read as one number.
        between = " " if all(len(name) == 1 for name in names) else ", "
        return f"{self._print(base)}_{{{between.join(names)}}}"

    def _print_Root(self, expr: Any) -> str:
        return rf"\sqrt{{{self._print(expr.args[0])}}}"

    def _print_harmonic(self, expr: Any, exp: str | None = None) -> str:
        if exp is not None or len(expr.args) < 2:
            return str(super()._print_Function(expr, exp))
        count, power = map(self._print, expr.args)
        return rf"\sum_{{l=1}}^{{{count}}} l^{{- {power}}}"

    def _print_RisingFactorial(self, expr: Any, exp: str | None = None) -> str:
        base, order = map(self._print, expr.args)
        return _power(rf"\left({base}\right)_{{{order}}}", exp)

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        exponent = self._print(expr.args[0])
        if r"\frac" not in exponent:
            return str(super()._print_ExpBase(expr, exp))
        # A fraction up there would be too small to read.
        return _power(rf"\exp\left({exponent}\right)", exp)

    _print_exp = _print_ExpBase

    def _print_polygamma(self, expr: Any, exp: str | None = None) -> str:
        order, argument = expr.args
        name = r"\psi" if order == 0 else rf"\psi^{{({self._print(order)})}}"
        return _power(rf"{name}\left({self._print(argument)}\right)", exp)

    def _print_Sum(self, expr: Any) -> str:
        return self._over_index(r"\sum", expr) or str(super()._print_Sum(expr))

    def _print_Product(self, expr: Any) -> str:
        return self._over_index(r"\prod", expr) or str(super()._print_Product(expr))

    def _over_index(self, sign: str, expr: Any) -> str:
        index = whole_index(expr)
        if index is None:
            return ""
        body = self._print(expr.function)
        body = rf"\left({body}\right)" if expr.function.is_Add else body
        return rf"{sign}_{{{self._print(index)}}} {body}"

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        terms = positive_first(self._as_ordered_terms(expr, order=order))
        pieces = [self._print(terms[0])]
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            body = self._print(-term if negative else term)
            needs_parens = self._needs_add_brackets(-term if negative else term)
            pieces.append(("- " if negative else "+ ") + (f"({body})" if needs_parens else body))
        return " ".join(pieces)


def _power(base: str, exp: str | None) -> str:
    return base if exp is None else f"{base}^{{{exp}}}"


@cached(maxsize=1024)
def latex(expr: Basic) -> str:
    r"""LaTeX of an expression in the letters of `derivations.notation`.

    Examples
    --------
    >>> from derivations.notation import Mean, W, i, j
    >>> print(latex(Mean(W[i, j]**4)))
    \mathbb{E}\left[W_{i j}^{4}\right]
    """
    return str(_Printer().doprint(roots_together(expr)))
