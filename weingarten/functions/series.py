"""Weingarten functions for large dimension: expansions in 1/d."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb, prod
from typing import Any

from flint import fmpq_series
from sympy import Add, Expr, Integer, Pow, Rational, Symbol

from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.functions.dimension import Group, as_dimension
from weingarten.functions.rational import Factored, expand
from weingarten.functions.values import check_group, class_of, class_sum, relative_sign
from weingarten.limits import check_column_size, check_size


def weingarten_series(group: Group, mu: Any, d: Symbol, order: int) -> Expr:
    r"""Return the expansion of a Weingarten function in 1/d.

    Up to signs the coefficients count monotone factorisations of a permutation (unitary group) or
    of a pairing (orthogonal group) of type `mu`.

    Parameters
    ----------
    group : {"unitary", "orthogonal", "symplectic"}
        The group.
    mu : iterable of int, or sympy.combinatorics.Permutation
        A class, as for `weingarten_unitary`, `weingarten_orthogonal`, `weingarten_symplectic`.
    d : Symbol
        The dimension; for the symplectic group half the size of the matrices.
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

    References
    ----------
    S. Matsumoto & J. Novak, Int. Math. Res. Not. 2013, theorem 1.1; P. Zinn-Justin, Lett. Math.
    Phys. 91 (2010); S. Matsumoto, Ramanujan J. 26 (2011).
    """
    x = _symbol(group, d)
    order = check_size(order, "order")
    parts = class_of(mu, group)
    check_column_size(sum(parts), number_of_partitions)
    value = class_sum(group, {parts: relative_sign(mu, group)})
    return Add(*(c * Pow(x, -k) for k, c in enumerate(_at_infinity(value, order)) if c))


def weingarten_leading(group: Group, mu: Any, d: Symbol) -> Expr:
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
    x = _symbol(group, d)
    parts = class_of(mu, group)
    size = 2 * x if group == "symplectic" else x
    signed_catalan = prod((-1) ** (k - 1) * comb(2 * k - 2, k - 1) // k for k in parts)
    sign = relative_sign(mu, group)
    return Integer(sign * signed_catalan) * Pow(size, len(parts) - 2 * sum(parts))


def _symbol(group: Group, d: Any) -> Symbol:
    argument = "m" if check_group(group) == "symplectic" else "d"
    x = as_dimension(d, argument)
    if not isinstance(x, Symbol):
        raise ValueError(f"{argument} = {d!r}: expected a symbol, to expand in 1/{argument}")
    return x


def _at_infinity(value: Factored, order: int) -> Iterable[Rational]:
    """Return the coefficients of 1/x**0, 1/x**1, ... in a function that vanishes at infinity."""
    top, bottom = value.numerator, expand(value.denominator)
    first = bottom.degree() - top.degree()
    if first > order or not top:
        return []
    length = order - first + 1
    quotient = fmpq_series(top.coeffs()[::-1], length) / fmpq_series(bottom.coeffs()[::-1], length)
    tail = [quotient[k] for k in range(length)]
    return [Rational(0)] * first + [Rational(int(c.p), int(c.q)) for c in tail]
