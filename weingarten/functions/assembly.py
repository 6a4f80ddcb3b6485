"""Products and sums of many factors, put together in SymPy's own order without its flattening.

SymPy sorts the arguments of a product, and of a sum, by comparing them part by part, which takes
most of the time where there are thousands of products of traces. Factors are few: they are sorted
once, and their places, which are integers, order products and sums in the same way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, S, Sum, Symbol, Trace, sympify
from sympy.core.basic import _args_sortkey
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.caches import cached


def is_plain(factor: Expr) -> bool:
    """Return whether SymPy leaves a factor as it is in any product or sum of different ones.

    Examples
    --------
    >>> from sympy import Integer, Symbol
    >>> x = Symbol("x")
    >>> is_plain(x), is_plain(x**2), is_plain(x + 1), is_plain(Integer(2))
    (True, True, False, False)
    """
    base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, S.One)
    is_named = isinstance(base, Symbol | Trace | MatrixElement | KroneckerDelta | Sum)
    return bool(is_named and base.is_commutative and exponent.is_Integer)


def products_of_pairs(
    first: Sequence[Sequence[Expr]], second: Sequence[Sequence[Expr]]
) -> Iterator[list[Expr]]:
    """Yield, for each product of the first, its products with each of the second.

    Parameters
    ----------
    first, second : sequences of sequences of Expr
        Products, as the plain factors that they have; one may occur repeatedly.

    Examples
    --------
    >>> from sympy.abc import a, b, c
    >>> list(products_of_pairs([[c, a], [b]], [[a], [b, b]]))
    [[a**2*c, a*b**2*c], [a*b, b**3]]
    """
    sides = [[Counter(factors) for factors in side] for side in (first, second)]
    powers = [{item for product in side for item in product.items()} for side in sides]
    both = {base for base, _ in powers[0]} & {base for base, _ in powers[1]}
    powers += [
        {(base, e + f) for base, e in powers[0] for other, f in powers[1] if base == other}
        if both
        else set()
    ]
    made = {item: Pow(*item) for item in set().union(*powers)}
    factors, place = _in_order(made.values())
    places = {item: place[factor] for item, factor in made.items()}

    def product(ranks: Iterable[int]) -> Expr:
        return Mul._from_args([factors[k] for k in ranks], True)

    ranked = [[[places[item] for item in powers.items()] for powers in side] for side in sides]
    for powers_here, ranks in zip(sides[0], ranked[0], strict=True):
        apart = not powers_here.keys() & both
        yield [
            product(sorted(ranks + more))
            if apart or powers_here.keys().isdisjoint(others)
            else product(sorted(places[item] for item in (powers_here + others).items()))
            for others, more in zip(sides[1], ranked[1], strict=True)
        ]


def product_of_all(factors: Iterable[Expr]) -> Expr:
    """Return a product of factors that may repeat.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> product_of_all([b, a, b]), product_of_all([])
    (a*b**2, 1)
    """
    made = list(factors)
    if not all(map(is_plain, set(made))):
        return Mul(*made)
    exponents: dict[Expr, int] = {}
    for factor in made:
        base, exponent = (factor.base, int(factor.exp)) if factor.is_Pow else (factor, 1)
        exponents[base] = exponents.get(base, 0) + exponent
    return powers(exponents.items())


def _in_order(factors: Iterable[Expr]) -> tuple[list[Expr], dict[Expr, int]]:
    """Return factors in SymPy's order, and the place of each."""
    ordered = sorted(set(factors), key=_args_sortkey)
    return ordered, {factor: k for k, factor in enumerate(ordered)}


class Order:
    """The order of the terms of sums that are made of the same factors.

    Parameters
    ----------
    terms : collection of Expr
        Different products.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> terms = [b, a*b, a]
    >>> Order(terms).sum(terms)
    a*b + a + b
    """

    def __init__(self, terms: Collection[Expr]) -> None:
        #: All factors of the terms.
        self.factors = {factor for term in terms for factor in Mul.make_args(term)}
        #: Whether they are all such that `is_plain` holds.
        self.is_plain = all(map(is_plain, self.factors - {S.One}))
        _, self._place = _in_order(self.factors if self.is_plain else ())

    def sum(self, terms: Sequence[Expr]) -> Expr:
        """Return the sum of some of the terms."""
        if len(terms) < 2 or not self.is_plain:
            return Add(*terms)
        return Add._from_args(self._sorted(terms), True)

    def combination(self, numbers: Mapping[Expr, Expr]) -> Expr:
        """Return the sum of some of the terms times numbers that are not zero."""
        if not self.is_plain:
            return Add(*(number * term for term, number in numbers.items()))
        _, self._place = _in_order({*self.factors, *numbers.values()})
        made = []
        for term, number in numbers.items():
            if number is S.One or term is S.One:
                made.append(term * number)
            else:
                made.append(Mul._from_args([number, *Mul.make_args(term)], True))
        return Add._from_args(self._sorted(made), True)

    def _sorted(self, terms: Iterable[Expr]) -> list[Expr]:
        one: list[Expr] = []
        products: list[Expr] = []
        factors: list[Expr] = []
        for term in terms:
            (products if term.is_Mul else one if term.is_Number else factors).append(term)
        products.sort(key=self._key)
        # Factors alone stand before or after all products, by the names of their classes.
        factors.sort(key=self._place.__getitem__)
        before = [f for f in factors if not products or f.compare(products[0]) < 0]
        return [*one, *before, *products, *factors[len(before) :]]

    def _key(self, product: Expr) -> Any:
        place = self._place
        return len(product.args), [place[factor] for factor in product.args]


def combination(numbers: Mapping[Expr, Expr]) -> Expr:
    """Return the sum of different terms, each times a number that is not zero.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> combination({a: 2, a*b: 1})
    a*b + 2*a
    """
    return Order(numbers).combination({term: sympify(c) for term, c in numbers.items()})


def product_of(first: Expr, second: Expr) -> Expr:
    """Return the product of two that have no base in common, the first with a number at most.

    Examples
    --------
    >>> from sympy.abc import a, b, c
    >>> product_of(2*a*c, b*(a + 1))
    2*a*b*c*(a + 1)
    """
    number, factors = first.as_coeff_Mul()
    if factors is S.One or second is S.One:
        return Mul(first, second)
    merged = _merged(Mul.make_args(second), Mul.make_args(factors))
    return Mul._from_args([number, *merged] if number is not S.One else merged, True)


def powers(factors: Iterable[tuple[Expr, int]]) -> Expr:
    """Return the product of powers of different sums and symbols.

    Examples
    --------
    >>> from sympy.abc import a
    >>> powers([(a + 1, -2), (a, 1)])
    a/(a + 1)**2
    """
    made = [
        base if exponent == 1 else Pow(base, exponent) for base, exponent in factors if exponent
    ]
    return Mul._from_args(sorted(made, key=_args_sortkey), True)


def polynomial(coefficients: Sequence[int], x: Expr) -> Expr:
    """Return the polynomial in a symbol, by its coefficients from the lowest on.

    Examples
    --------
    >>> from sympy.abc import x
    >>> polynomial([0, -3, 1], x)
    x**2 - 3*x
    """
    # SymPy has x before its powers, these before multiples; -1 before other numbers.
    order = sorted((c not in (1, -1), c != 1, c, k) for k, c in enumerate(coefficients) if c and k)
    degree = len(coefficients) - 1
    x_to_the = _powers_up_to(x, degree + -degree % _ROUND)
    terms = [
        x_to_the[k] if c == 1 else Mul._from_args([Integer(c), x_to_the[k]], True)
        for *_, c, k in order
    ]
    constant = [Integer(coefficients[0])] if coefficients[0] else []
    return Add._from_args([*constant, *terms], True)


#: Degrees are rounded up, so that few sequences of powers are kept.
_ROUND = 16


@cached(maxsize=16)
def _powers_up_to(x: Expr, degree: int) -> tuple[Expr, ...]:
    return tuple(Pow(x, k) for k in range(degree + 1))


def sum_of_groups(groups: Sequence[Expr]) -> Expr:
    """Return the sum of products of different terms, and of one sum in SymPy's order at most.

    Examples
    --------
    >>> from sympy.abc import a, b, c
    >>> sum_of_groups([a + b, 2*c])
    a + b + 2*c
    """
    sums = [group for group in groups if group.is_Add]
    others = [group for group in groups if not group.is_Add]
    if len(sums) > 1 or any(group.is_Number for group in others):
        return Add(*groups)
    terms = sums[0].args if sums else ()
    number = terms[:1] if terms and terms[0].is_Number else ()
    _, place = _in_order(group.args[0] for group in others if group.is_Mul)
    if all(group.is_Mul for group in others):
        # Products are compared by their lengths and first factors before anything else.
        others.sort(key=lambda g: (len(g.args), place[g.args[0]], _args_sortkey(g)))
    else:
        others.sort(key=_args_sortkey)
    return Add._from_args([*number, *_merged(terms[len(number) :], others)], True)


def _merged(terms: Sequence[Expr], others: Iterable[Expr]) -> list[Expr]:
    """Return two sorted sequences as one, by few comparisons where the second is short."""
    found: list[Expr] = []
    start = 0
    for other in others:
        place = bisect_left(terms, _args_sortkey(other), start, key=_args_sortkey)
        found += [*terms[start:place], other]
        start = place
    return [*found, *terms[start:]]
