"""The letters of the paper as SymPy objects, and the expectation signs written around them.

In a claim, distinct letters i, j, k, l stand for distinct indices; in what is about networks, l
is the number of a layer. `at_width` turns a claim into an identity between polynomials at one
concrete width, which the engine can decide.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from numbers import Integral as IntegralNumber
from typing import Any, TypeAlias

from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    Ge,
    IndexedBase,
    Integer,
    Le,
    Mul,
    Poly,
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
    "L",
    "Mean",
    "Variance",
    "PowerSum",
    "W",
    "X",
    "X_L",
    "X_next",
    "a",
    "alpha",
    "at_least",
    "at_most",
    "at_width",
    "by_engine",
    "d",
    "eta",
    "evaluated",
    "exponent",
    "i",
    "in_power_sums",
    "iso",
    "j",
    "k",
    "l",
    "lam",
    "n",
    "over_eigenvalues",
    "over_rows",
    "p",
    "phi",
    "phi_0",
    "q",
    "r",
    "t",
    "whole_sum",
    "written_out",
]

d = Symbol("d", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True, nonnegative=True)  # noqa: E741
t = Symbol("t", positive=True)

W = HaarOrthogonal("W", d)
lam = IndexedBase("lambda", positive=True)
a = IndexedBase("a", positive=True)

phi = Function("phi", real=True)
iso = Function("I", positive=True)
X, X_next, X_L = symbols("X_l X_{l+1} X_L")

n = Symbol("n", integer=True, positive=True)
L, q, r = symbols("L q r", integer=True, nonnegative=True)
phi_0 = Symbol("phi_0", nonnegative=True)
alpha, eta = symbols("alpha eta", positive=True)
exponent = Symbol("e", nonnegative=True)


class PowerSum(Symbol):
    """A power sum p_r = Σ_k λ_k^r = tr A^r of the spectrum, as a symbol that knows its order.

    Parameters
    ----------
    order : int
        The power r; negative ones ask for an invertible A.

    Examples
    --------
    >>> PowerSum(12), PowerSum(12).order
    (p_12, 12)
    """

    order: int

    def __new__(cls, order: int) -> PowerSum:
        """Make the symbol p_order."""
        if isinstance(order, bool) or not isinstance(order, IntegralNumber | Integer):
            raise TypeError(f"p({order!r}) is no power sum; expected an integer order such as p(2)")
        symbol: PowerSum = super().__new__(cls, f"p_{order}", positive=True)
        symbol.order = int(order)
        return symbol

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Sort among the other symbols, by name."""
        key: tuple[int, int, str] = Symbol.class_key()
        return key

    def __getnewargs_ex__(self) -> tuple[tuple[int], dict[str, bool]]:
        return (self.order,), {}


def p(r: int) -> PowerSum:
    """Power sum p_r = Σ_k λ_k^r = tr A^r of the spectrum, as a symbol.

    Examples
    --------
    >>> p(2)
    p_2
    """
    return PowerSum(r)


def over_eigenvalues(kind: type[Basic], body: Expr) -> Expr:
    """Sum or product of ``body`` over the index k of the eigenvalues.

    Examples
    --------
    >>> from sympy import Sum
    >>> over_eigenvalues(Sum, lam[k])
    Sum(lambda[k], (k, 0, d - 1))
    """
    return kind(body, (k, 0, d - 1))


def over_rows(body: Expr) -> Expr:
    """Sum over the index i of the rows.

    Examples
    --------
    >>> over_rows(a[i])
    Sum(a[i], (i, 0, d - 1))
    """
    return Sum(body, (i, 0, d - 1))


def in_power_sums(expr: Basic) -> Expr:
    """Write sums over all eigenvalues of polynomials in λ_k as power sums.

    Examples
    --------
    >>> in_power_sums(over_eigenvalues(Sum, (lam[k] - 1) ** 2))
    d - 2*p_1 + p_2
    """
    return expr.replace(lambda e: isinstance(e, Sum), _as_power_sums)


def _as_power_sums(total: Expr) -> Expr:
    (index, low, high), *more = total.limits
    letter = lam[index]
    if more or (low, high) != (0, d - 1) or not total.function.is_polynomial(letter):
        return total
    terms = Poly(total.function, letter).terms()
    if any(index in coefficient.free_symbols for _, coefficient in terms):
        return total
    return Add(*(c * (p(order) if order else d) for (order,), c in terms))


def whole_sum(expr: Expr, variable: Symbol) -> tuple[Expr, Expr] | None:
    """Cut a multiple of a sum over all eigenvalues into its factor and its term.

    Examples
    --------
    >>> whole_sum(over_eigenvalues(Sum, lam[k] ** 2) / d, t), whole_sum(d, t)
    ((1/d, t**2), None)
    """
    sums = [part for part in Mul.make_args(expr) if isinstance(part, Sum)]
    if len(sums) != 1 or sums[0].limits[0][1:] != (0, d - 1) or len(sums[0].limits) > 1:
        return None
    index = sums[0].limits[0][0]
    factor, term = expr / sums[0], sums[0].function.xreplace({lam[index]: variable})
    return None if index in factor.free_symbols | term.free_symbols else (factor, term)


def at_most(x: Expr, y: Expr) -> Le:
    """Claim that x ≤ y; SymPy does not decide it here.

    Examples
    --------
    >>> at_most(1, 2)
    1 <= 2
    """
    return Le(x, y, evaluate=False)


def at_least(x: Expr, y: Expr) -> Ge:
    """Claim that x ≥ y; SymPy does not decide it here."""
    return Ge(x, y, evaluate=False)


Rule: TypeAlias = Callable[[Expr], Expr]
"""A way to find the mean of a polynomial in the entries of W."""


def by_engine(x: Expr) -> Expr:
    """Mean of x over the weights, by the engine.

    Examples
    --------
    >>> by_engine(W[0, 0] ** 2)
    1/d
    """
    return E(x)


class Mean(Expr):
    """The mean E[x] over the weights, optionally given the layer's input; ``doit`` evaluates it.

    Examples
    --------
    >>> Mean(W[i, j] ** 2)
    E[W[i, j]**2]
    >>> Mean(W[i, j] ** 2).doit()
    1/d
    """

    is_commutative = True  # it is a number

    def __new__(cls, x: Expr, given: Expr | None = None) -> Mean:
        """Write the sign; nothing is evaluated."""
        parts = (sympify(part) for part in (x, given) if part is not None)
        sign: Mean = Expr.__new__(cls, *parts)
        return sign

    def by(self, mean: Rule) -> Expr:
        """Evaluate by a rule for means, distinct letters taken as distinct indices."""
        return mean(_numbered(self.args[0]))

    def doit(self, **_hints: object) -> Expr:
        """Evaluate with the engine."""
        return self.by(by_engine)

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

    is_commutative = True  # it is a number

    def by(self, mean: Rule) -> Expr:
        """Evaluate as the mean square minus the squared mean."""
        (x,) = self.args
        return Mean(x**2).by(mean) - Mean(x).by(mean) ** 2

    def doit(self, **_hints: object) -> Expr:
        """Evaluate with the engine."""
        return self.by(by_engine)

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

    is_commutative = True  # it is a number

    def by(self, mean: Rule) -> Expr:
        """Evaluate as the mean of the product minus the product of the means."""
        x, y = self.args
        return Mean(x * y).by(mean) - Mean(x).by(mean) * Mean(y).by(mean)

    def doit(self, **_hints: object) -> Expr:
        """Evaluate with the engine."""
        return self.by(by_engine)

    def _sympystr(self, printer: Any) -> str:
        return f"Cov({', '.join(printer._print(part) for part in self.args)})"

    def _latex(self, printer: Any, *_: object) -> str:
        inside = r",\, ".join(printer._print(part) for part in self.args)
        return rf"\operatorname{{Cov}}\left({inside}\right)"

    def _pretty(self, printer: Any, *_: object) -> Any:
        return _pretty_call(printer, "Cov", "(", ")", self.args, ", ")


def evaluated(expr: Basic, mean: Rule = by_engine) -> Expr:
    """Evaluate every expectation sign in an expression by one rule for means.

    Examples
    --------
    >>> evaluated(d * Mean(W[i, j] ** 2))
    1
    """
    signs = (Mean, Variance, Covariance)
    return expr.replace(lambda e: isinstance(e, signs), lambda e: e.by(mean))


def at_width(expr: Basic, width: int, mean: Rule = by_engine) -> Expr:
    """Write an expression out at one integer width and evaluate its expectation signs.

    Parameters
    ----------
    expr : sympy.Expr
        In the letters of this module: entries of W, λ_k, a_i, p_r, d, sums and products over
        eigenvalues, and `Mean`, `Variance`, `Covariance`.
    width : int
        At least the number of distinct index letters.
    mean : callable, optional
        The rule for means; by default the engine.

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
    expr = written_out(_numbered(expr), width)
    expr = expr.replace(
        lambda e: isinstance(e, Indexed) and e.base == a,
        lambda e: Add(*(lam[n] * entry[e.indices[0], n] ** 2 for n in range(width))),
    )
    expr = expr.replace(
        lambda e: isinstance(e, Indexed) and e.base == entry, lambda e: concrete[e.indices]
    )
    return expand(evaluated(expr, mean))


def written_out(expr: Basic, width: int) -> Expr:
    """Write sums, products and power sums out term by term at one integer width.

    Examples
    --------
    >>> written_out(p(3) / d, 2)
    lambda[0]**3/2 + lambda[1]**3/2
    >>> written_out(over_eigenvalues(Product, 1 + lam[k]), 2)
    (lambda[0] + 1)*(lambda[1] + 1)
    """
    power_sums = {s: Add(*(lam[n] ** s.order for n in range(width))) for s in expr.atoms(PowerSum)}
    expr = expr.xreplace({d: Integer(width), **power_sums})
    return expr.replace(lambda e: isinstance(e, Sum | Product), _term_by_term)


def _numbered(expr: Basic) -> Basic:
    """Replace the free index letters by distinct numbers that do not occur, in alphabetical order.

    Permuting rows or columns keeps the law of W, so any distinct numbers will do.
    """
    letters = [letter for letter in (i, j, k, l) if letter in expr.free_symbols]
    indices = (index for e in expr.atoms(Indexed, MatrixElement) for index in _indices(e))
    taken = {int(index) for index in indices if index.is_Integer}
    return expr.subs(dict(zip(letters, (n for n in count() if n not in taken), strict=False)))


def _indices(element: Basic) -> tuple[Expr, ...]:
    indices: tuple[Expr, ...] = element.args[1:]
    return indices


def _term_by_term(expr: Basic) -> Expr:
    """Write a sum or product between integer limits term by term."""
    index, low, high = expr.limits[0]
    if len(expr.limits) > 1 or not (low.is_Integer and high.is_Integer):
        return expr
    terms = [expr.function.subs(index, n) for n in range(int(low), int(high) + 1)]
    return Add(*terms) if isinstance(expr, Sum) else Mul(*terms)


def _pretty_call(
    printer: Any, name: str, left: str, right: str, args: tuple[Basic, ...], between: str
) -> Any:
    from sympy.printing.pretty.stringpict import prettyForm

    inside = printer._print_seq(args, delimiter=between)
    return prettyForm(*prettyForm(*inside.parens(left, right)).left(name))
