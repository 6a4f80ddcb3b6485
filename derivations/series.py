"""The coefficient of a power series as a sign, and such coefficients worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Expr, Integer, Product, Symbol, cancel, diff, expand, factorial, log

from derivations.notation import d, lam, p

__all__ = ["Coefficient", "coefficients", "of_spectrum"]


class Coefficient(Expr):
    """The coefficient [t^q] f of a power series f in t; a sign that is not evaluated.

    Examples
    --------
    >>> from sympy.abc import q, t
    >>> Coefficient(1/(1 - t), t, q)
    [t**q] 1/(1 - t)
    """

    def __new__(cls, f: Expr, t: Symbol, order: Expr) -> Coefficient:
        """Write the sign; nothing is evaluated."""
        sign: Coefficient = Expr.__new__(cls, f, t, order)
        return sign

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols of f and of the order; the variable of the series is bound."""
        f, t, order = self.args
        symbols: set[Any] = (f.free_symbols - {t}) | order.free_symbols
        return symbols

    def _sympystr(self, printer: Any) -> str:
        f, t, order = self.args
        return f"[{printer._print(t**order)}] {printer.parenthesize(f, 50)}"

    def _latex(self, printer: Any, *_: object) -> str:
        f, t, order = self.args
        return rf"\left[{printer._print(t**order)}\right] {printer._print(f)}"

    def _pretty(self, printer: Any, *_: object) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        f, t, order = self.args
        sign = printer._print(t**order).parens("[", "]")
        return prettyForm(*prettyForm(*sign).right(" ", printer._print(f)))


def coefficients(power_sums: Sequence[Expr]) -> list[Expr]:
    """Return [t^q] Π_k (1 - t λ_k)^(-1/2) for q = 0, …, Q from the power sums p_1, …, p_Q.

    The logarithm of the product is Σ_r p_r t^r/(2r); its derivative gives a recursion.

    Examples
    --------
    >>> coefficients([p(1), p(2)])
    [1, p_1/2, p_1**2/8 + p_2/4]
    """
    series: list[Expr] = [Integer(1)]
    for q in range(1, len(power_sums) + 1):
        terms = (power_sums[r - 1] * series[q - r] for r in range(1, q + 1))
        series.append(expand(Add(*terms) / (2 * q)))
    return series


def of_spectrum(product: Product, t: Symbol, order: int) -> Expr:
    """Return [t^order] of a product over all eigenvalues, in power sums, by its logarithm.

    Parameters
    ----------
    product : sympy.Product
        Over k, of a function of t and λ_k that is 1 at t = 0.
    t : Symbol
    order : int

    Examples
    --------
    >>> from sympy import Rational
    >>> from derivations.notation import k, over_eigenvalues, t
    >>> of_spectrum(over_eigenvalues(Product, (1 - t*lam[k])**Rational(-1, 2)), t, 2)
    p_1**2/8 + p_2/4
    """
    (index, *ends), x = product.limits[0], Symbol("x", positive=True)
    logarithm = log(product.function.xreplace({lam[index]: x}))
    if ends != [0, d - 1]:
        raise ValueError(f"{product} is no product over all eigenvalues")
    total = Integer(0)
    for r in range(1, order + 1):
        term = cancel(diff(logarithm, t, r).subs(t, 0) / factorial(r))
        degree = term.as_poly(x)
        if degree is None or logarithm.subs(t, 0) != 0 or degree.coeff_monomial(1) != 0:
            raise ValueError(f"{product} is no product of one factor for each eigenvalue")
        total += t**r * Add(*(c * p(n) for (n,), c in degree.terms()))
    powers = Add(*(total**n / factorial(n) for n in range(order + 1)))
    return expand(powers).coeff(t, order)
