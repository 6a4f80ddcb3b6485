"""Weingarten functions for large dimension: expansions in 1/d."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import comb, prod
from typing import Any

from flint import fmpq_poly
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

from weingarten.functions.dimension import Line, as_dimension, as_line
from weingarten.functions.groups import Group, GroupName, as_group
from weingarten.functions.rational import Factored, expand, total
from weingarten.functions.spherical import class_cost, class_sum
from weingarten.limits import check_cost, check_order, check_size


def weingarten_series(group: GroupName, mu: Any, d: Expr, order: int) -> Expr:
    r"""Return the expansion of a Weingarten function in 1/d.

    Up to signs the coefficients count monotone factorisations of a permutation (unitary group) or
    of a pairing (orthogonal group) of type `mu`.

    Parameters
    ----------
    group : {"unitary", "orthogonal", "symplectic"}
        The group.
    mu : iterable of int, or sympy.combinatorics.Permutation
        A class, as for `weingarten_unitary`, `weingarten_orthogonal`, `weingarten_symplectic`.
    d : Symbol or Expr
        The dimension; for the symplectic group half the size of the matrices. An expression that
        is linear in one symbol, such as ``2*m``, is expanded in that symbol.
    order : int
        The last power of 1/d in the answer. The first is ``2 n - len(mu)``.

    Returns
    -------
    Expr
        The sum of the terms up to and with ``d**(-order)``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind.

    Examples
    --------
    >>> from sympy import symbols
    >>> weingarten_series("unitary", (2, 1), symbols("d"), 9)
    -1/d**4 - 5/d**6 - 21/d**8
    >>> weingarten_series("orthogonal", (1,), symbols("d"), 9)
    1/d
    >>> weingarten_series("orthogonal", (1,), symbols("d") + 1, 3)
    1/d - 1/d**2 + d**(-3)

    References
    ----------
    S. Matsumoto & J. Novak, Int. Math. Res. Not. 2013, theorem 1.1; P. Zinn-Justin, Lett. Math.
    Phys. 91 (2010); S. Matsumoto, Ramanujan J. 26 (2011).
    """
    known = as_group(group)
    line = _line(known, d)
    order = check_size(order, "order")
    parts = known.type_of(mu)
    check_cost(class_cost(known, parts))
    check_order(order, sum(parts))
    value = class_sum(known, {parts: known.sign_of(mu)}).along(line)
    return collect_series({Integer(1): [value]}, line.symbol, order)


def weingarten_leading(group: GroupName, mu: Any, d: Expr) -> Expr:
    r"""Return the leading term of a Weingarten function for large d, in closed form.

    ``d**(len(mu) - 2 n)`` times the product of ``(-1)**(k - 1) Catalan(k - 1)`` over the parts k
    of `mu`; for the symplectic group ``2 m`` takes the place of ``d``.

    Parameters
    ----------
    group, mu, d
        As for `weingarten_series`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind.

    Examples
    --------
    >>> from sympy import symbols
    >>> weingarten_leading("orthogonal", (3, 2), symbols("d"))
    -2/d**8

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006), corollaries 2.7, 3.16 and 4.4.
    """
    known = as_group(group)
    line = _line(known, d)
    parts = known.type_of(mu)
    signed_catalan = prod((-1) ** (k - 1) * comb(2 * k - 2, k - 1) // k for k in parts)
    leading = Pow(known.rows(line.slope * line.symbol), len(parts) - 2 * sum(parts))
    return Integer(known.sign_of(mu) * signed_catalan) * leading


def _line(group: Group, d: Any) -> Line:
    """Return the symbol that an expansion is in, and the dimension as a function of it."""
    name = group.argument
    dimension = as_dimension(d, name, positive=False)
    line = as_line(dimension)
    if line is None:
        raise ValueError(
            f"{name} = {d!r}: expected a symbol, to expand in 1/{name}, or an expression that is "
            f"linear in one symbol, such as 2*{name}"
        )
    return line


def collect_series(terms: Mapping[Expr, Iterable[Factored]], symbol: Symbol, order: int) -> Expr:
    """Return the expansion of a sum of expressions times functions, collected by powers.

    Parameters
    ----------
    terms : mapping from Expr to iterable of Factored
        The functions of the symbol that stand beside each expression, which is held fixed.
    symbol : Symbol
        What goes to infinity.
    order : int
        The last power of one over the symbol in the answer.

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b, d = symbols("a b d")
    >>> one, two = Factored(fmpq_poly([0, 1])), Factored(fmpq_poly([1]), {(1, 1): 1})
    >>> collect_series({a: [one, two], b: [two]}, d, 2)
    a*d + (a + b)/d + (-a - b)/d**2
    """
    return collect_powers(((rest, total(parts), order) for rest, parts in terms.items()), symbol)


def collect_powers(terms: Iterable[tuple[Expr, Factored, int]], symbol: Symbol) -> Expr:
    """Return the expansion of a sum of expressions times functions, each to an order of its own.

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b, d = symbols("a b d")
    >>> value = Factored(fmpq_poly([1]), {(1, 1): 1})
    >>> collect_powers([(a, value, 1), (b, value, 2)], d)
    -b/d**2 + (a + b)/d
    """
    powers: dict[int, list[Expr]] = defaultdict(list)
    for rest, value, order in terms:
        for power, coefficient in _at_infinity(value, order):
            powers[power].append(coefficient * rest)
    return Add(*(Mul(Add(*rests), Pow(symbol, power)) for power, rests in powers.items()))


def _at_infinity(value: Factored, order: int) -> Iterable[tuple[int, Rational]]:
    """Yield the powers, from x**-order on, in the expansion of a function, and their coefficients.

    They are the polynomial part of x**order times the function: exact, whatever the order.
    """
    if order < 0:
        # The part from x**-order on, of one that grows.
        below = expand(value.denominator) * fmpq_poly([0, 1]) ** -order
        shifted = value.numerator // below
    else:
        shifted = value.numerator * fmpq_poly([0, 1]) ** order // expand(value.denominator)
    for place in range(shifted.degree() + 1):
        c = shifted[place]
        if c:
            yield place - order, Rational(int(c.p), int(c.q))
