"""The letters of the paper as SymPy objects, and the expectation signs written around them.

In a claim, distinct letters i, j, k, l stand for distinct indices. `at_width` turns a claim into
an identity between polynomials at one concrete width, which the engine can decide.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    IndexedBase,
    Mul,
    Product,
    Sum,
    Symbol,
    expand,
    symbols,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.indexed import Indexed

from weingarten import E, HaarOrthogonal

__all__ = [
    "Covariance",
    "Mean",
    "Variance",
    "W",
    "X",
    "X_next",
    "a",
    "at_width",
    "d",
    "i",
    "j",
    "k",
    "l",
    "lam",
    "over_eigenvalues",
    "p",
    "phi",
    "t",
]

d = Symbol("d", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True, nonnegative=True)  # noqa: E741
t = Symbol("t", positive=True)

W = HaarOrthogonal("W", d)
lam = IndexedBase("lambda", positive=True)
a = IndexedBase("a", positive=True)

phi = Function("phi", real=True)
X, X_next = symbols("X_l X_{l+1}")


def p(r: int) -> Expr:
    """Power sum p_r = Σ_k λ_k^r = tr A^r of the spectrum, as a symbol.

    Examples
    --------
    >>> p(2)
    p_2
    """
    return Symbol(f"p_{r}", positive=True)


def over_eigenvalues(kind: type[Basic], body: Expr) -> Expr:
    """Sum or product of ``body`` over the index k of the eigenvalues.

    Examples
    --------
    >>> from sympy import Sum
    >>> over_eigenvalues(Sum, lam[k])
    Sum(lambda[k], (k, 0, d - 1))
    """
    return kind(body, (k, 0, d - 1))


class Mean(Expr):
    """The mean E[x] over the weights, optionally given the layer's input; ``doit`` evaluates it.

    Examples
    --------
    >>> Mean(W[i, j] ** 2)
    E[W[i, j]**2]
    >>> Mean(W[i, j] ** 2).doit()
    1/d
    """

    def __new__(cls, x: Expr, given: Expr | None = None) -> Mean:
        """Write the sign; nothing is evaluated."""
        parts = (sympify(part) for part in (x, given) if part is not None)
        sign: Mean = Expr.__new__(cls, *parts)
        return sign

    def doit(self, **_hints: object) -> Expr:
        """Evaluate with the engine, distinct letters taken as distinct indices."""
        return E(_with_distinct_indices(self.args[0]))

    def _sympystr(self, printer: Any) -> str:
        return f"E[{' | '.join(printer._print(part) for part in self.args)}]"

    def _latex(self, printer: Any, *_: object) -> str:
        inside = r" \,\middle|\, ".join(printer._print(part) for part in self.args)
        return rf"\mathbb{{E}}\left[{inside}\right]"

    def _pretty(self, printer: Any, *_: object) -> Any:
        return _pretty_call(printer, "E", "[", "]", self.args, " | ")


class Variance(Expr):
    """The variance of x over the weights; ``doit`` evaluates it.

    Examples
    --------
    >>> Variance(W[i, j] ** 2).doit().factor()
    2*(d - 1)/(d**2*(d + 2))
    """

    def doit(self, **_hints: object) -> Expr:
        """Evaluate as the mean square minus the squared mean."""
        (x,) = self.args
        return Mean(x**2).doit() - Mean(x).doit() ** 2

    def _sympystr(self, printer: Any) -> str:
        return f"Var({printer._print(self.args[0])})"

    def _latex(self, printer: Any, *_: object) -> str:
        return rf"\operatorname{{Var}}\left({printer._print(self.args[0])}\right)"

    def _pretty(self, printer: Any, *_: object) -> Any:
        return _pretty_call(printer, "Var", "(", ")", self.args, ", ")


class Covariance(Expr):
    """The covariance of x and y over the weights; ``doit`` evaluates it.

    Examples
    --------
    >>> Covariance(W[i, k] ** 2, W[j, k] ** 2).doit().factor()
    -2/(d**2*(d + 2))
    """

    def doit(self, **_hints: object) -> Expr:
        """Evaluate as the mean of the product minus the product of the means."""
        x, y = self.args
        return Mean(x * y).doit() - Mean(x).doit() * Mean(y).doit()

    def _sympystr(self, printer: Any) -> str:
        return f"Cov({', '.join(printer._print(part) for part in self.args)})"

    def _latex(self, printer: Any, *_: object) -> str:
        inside = r",\, ".join(printer._print(part) for part in self.args)
        return rf"\operatorname{{Cov}}\left({inside}\right)"

    def _pretty(self, printer: Any, *_: object) -> Any:
        return _pretty_call(printer, "Cov", "(", ")", self.args, ", ")


def at_width(expr: Basic, width: int) -> Expr:
    """Write an expression out at one integer width and evaluate its expectation signs.

    Parameters
    ----------
    expr : sympy.Expr
        In the letters of this module: entries of W, λ_k, a_i, p_r, d, sums and products over
        eigenvalues, and `Mean`, `Variance`, `Covariance`.
    width : int
        At least the number of distinct index letters.

    Returns
    -------
    sympy.Expr
        A polynomial in λ_0, …, λ_(width-1), with a_i = Σ_k λ_k W_ik².

    Examples
    --------
    >>> at_width(Mean(a[i]), 2)
    lambda[0]/2 + lambda[1]/2
    """
    concrete = HaarOrthogonal("W", width)
    entry = IndexedBase("W")
    # Entries stand as plain indexed symbols while d is replaced: W itself carries d as its shape.
    expr = expr.replace(
        lambda e: isinstance(e, MatrixElement), lambda e: entry[e.args[1], e.args[2]]
    )
    expr = _numbered(expr).subs(d, width)
    expr = expr.replace(lambda e: isinstance(e, Sum | Product), _written_out)
    expr = expr.replace(
        lambda e: isinstance(e, Indexed) and e.base == a,
        lambda e: Add(*(lam[n] * entry[e.indices[0], n] ** 2 for n in range(width))),
    )
    expr = expr.subs({p(r): Add(*(lam[n] ** r for n in range(width))) for r in (1, 2, 3, 4)})
    expr = expr.replace(
        lambda e: isinstance(e, Indexed) and e.base == entry, lambda e: concrete[e.indices]
    )
    signs = (Mean, Variance, Covariance)
    return expand(expr.replace(lambda e: isinstance(e, signs), lambda e: e.doit()))


def _numbered(expr: Basic) -> Basic:
    """Replace the free index letters by 0, 1, 2, … in alphabetical order."""
    letters = [letter for letter in (i, j, k, l) if letter in expr.free_symbols]
    return expr.subs(dict(zip(letters, count(), strict=False)))


def _with_distinct_indices(expr: Expr) -> Expr:
    """Replace the index letters by distinct numbers: permuting rows or columns keeps the law."""
    return _numbered(expr)


def _written_out(expr: Basic) -> Expr:
    """Write a sum or product between integer limits term by term."""
    index, low, high = expr.limits[0]
    terms = [expr.function.subs(index, n) for n in range(int(low), int(high) + 1)]
    return Add(*terms) if isinstance(expr, Sum) else Mul(*terms)


def _pretty_call(
    printer: Any, name: str, left: str, right: str, args: tuple[Basic, ...], between: str
) -> Any:
    from sympy.printing.pretty.stringpict import prettyForm

    inside = printer._print_seq(args, delimiter=between)
    return prettyForm(*prettyForm(*inside.parens(left, right)).left(name))
