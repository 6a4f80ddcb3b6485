"""Rational functions of one variable whose denominator is a product of linear factors.

Every Weingarten function and every moment of a Haar matrix is one. They are held as a FLINT
polynomial over a multiset of linear factors, in lowest terms, and become SymPy expressions last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from math import lcm, prod
from typing import Any

from flint import fmpq, fmpq_poly
from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Poly,
    Pow,
    Rational,
    S,
    cancel,
    factor,
    together,
)
from sympy import gcd as polynomial_gcd
from sympy.core.mul import _keep_coeff

from weingarten.caches import cached
from weingarten.functions.assembly import (
    Order,
    combination,
    polynomial,
    powers,
    product_of,
    sum_of_groups,
)
from weingarten.functions.dimension import Line, as_line
from weingarten.functions.factoring import factors

#: A linear factor (a, b) stands for a*x + b, with a > 0 and a, b coprime.
Linear = tuple[int, int]


class Factored:
    """A polynomial over a product of linear factors, in lowest terms.

    Parameters
    ----------
    numerator : fmpq_poly
        The numerator before cancellation.
    denominator : mapping from linear factor to multiplicity
        The denominator before cancellation.

    Examples
    --------
    >>> from sympy import Symbol
    >>> Factored(fmpq_poly([1, 1]), {(1, 0): 1, (1, 1): 2}).to_sympy(Symbol("d"))
    1/(d*(d + 1))
    """

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Any, denominator: Mapping[Linear, int] | None = None):
        remaining: Counter[Linear] = Counter()
        for linear, multiplicity in (denominator or {}).items() if numerator else ():
            root = fmpq(-linear[1], linear[0])
            while multiplicity and numerator(root) == 0:
                numerator //= _polynomial(linear)
                multiplicity -= 1
            if multiplicity:
                remaining[linear] = multiplicity
        self.numerator = numerator
        self.denominator = remaining

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Factored)
            and self.numerator == other.numerator
            and self.denominator == other.denominator
        )

    def __hash__(self) -> int:
        coefficients = tuple(map(int, self.numerator.numer().coeffs()))
        return hash((coefficients, frozenset(self.denominator.items())))

    def __bool__(self) -> bool:
        return bool(self.numerator)

    def __mul__(self, other: Factored) -> Factored:
        for one, constant in ((self, other), (other, self)):
            if not constant.denominator and constant.numerator.degree() <= 0:
                return one.scaled(constant.numerator[0])
        return Factored(
            self.numerator * other.numerator, _product(self.denominator, other.denominator)
        )

    def scaled(self, factor: Any) -> Factored:
        """Return the product with a rational number."""
        if not factor:
            return Factored(fmpq_poly())
        # What is in lowest terms stays so.
        made = Factored(self.numerator * factor)
        made.denominator = self.denominator
        return made

    def composed(self, slope: Any, offset: Any = 0) -> Factored:
        """Return the function of ``slope * x + offset``, of rational numbers, the slope not zero.

        Examples
        --------
        >>> from sympy import Symbol
        >>> Factored(fmpq_poly([1]), {(1, -1): 1}).composed(2, 3).to_sympy(Symbol("d"))
        1/(2*(d + 1))
        """
        slope, offset = fmpq(slope), fmpq(offset)
        numerator = self.numerator(fmpq_poly([offset, slope]))
        denominator: Counter[Linear] = Counter()
        for (a, b), multiplicity in self.denominator.items():
            scale, linear = _primitive(a * slope, a * offset + b)
            numerator /= scale**multiplicity
            denominator[linear] += multiplicity
        return Factored(numerator, denominator)

    def along(self, line: Line) -> Factored:
        """Return the function of the symbol of a line at the expression that the line is."""
        if line.slope is S.One and line.offset is S.Zero:
            return self
        return self.composed(as_flint(line.slope), as_flint(line.offset))

    def at(self, x: int) -> Rational:
        """Return the value at an integer.

        Raises
        ------
        ZeroDivisionError
            If `x` is a pole.
        """
        below = reduce(
            lambda product, item: product * (item[0][0] * x + item[0][1]) ** item[1],
            self.denominator.items(),
            1,
        )
        value = self.numerator(fmpq(x)) / below
        return Rational(int(value.p), int(value.q))

    def to_sympy(self, x: Expr) -> Expr:
        """Return the function of the expression `x` in factored form, as `sympy.factor` gives it.

        Examples
        --------
        >>> from sympy.abc import a, b
        >>> value = Factored(fmpq_poly([1]), {(1, 0): 1, (1, -1): 1})
        >>> value.to_sympy(2*a + 1), value.to_sympy(a*b)
        (1/(2*a*(2*a + 1)), 1/(a*b*(a*b - 1)))
        """
        line = as_line(x)
        if line is not None and line.symbol != x:
            return self.along(line).to_sympy(line.symbol)
        if line is not None:
            below = {linear: -power for linear, power in self.denominator.items()}
            return _keep_coeff(*_factored(self.numerator, below, x))
        content, found = factors(self.numerator.numer())
        coefficient = Rational(int(content), int(self.numerator.denom()))
        # Factors without a common root have none at an expression: one by one will do.
        parts = [(factored(_expression(p, x)), power) for p, power in found] + [
            (factored(_linear(factor, x)), -power) for factor, power in self.denominator.items()
        ]
        number, product = Mul(*(Pow(*part) for part in parts)).as_coeff_Mul(rational=True)
        # As factor() does, a number in front of a sum stays in front.
        return _keep_coeff(number * coefficient, product)


def total(terms: Iterable[Factored]) -> Factored:
    """Return the sum of rational functions.

    Examples
    --------
    >>> from sympy import Symbol
    >>> half = Factored(fmpq_poly([1]), {(1, 0): 1})
    >>> total([half, half, Factored(fmpq_poly([1]), {(1, 2): 1})]).to_sympy(Symbol("d"))
    (3*d + 4)/(d*(d + 2))
    """
    terms = list(terms)
    if len(terms) == 1:
        return terms[0]
    denominator = common_denominator(terms)
    return Factored(
        sum((numerator_over(term, denominator) for term in terms), fmpq_poly()), denominator
    )


def collect(terms: Mapping[Expr, Iterable[Factored]], x: Expr | None) -> Expr:
    """Return the sum of expression times rational functions, over one denominator, factored.

    The expressions that have the same rational function are collected.

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b, c, d = symbols("a b c d")
    >>> one, two = Factored(fmpq_poly([1]), {(1, 0): 1}), Factored(fmpq_poly([2]), {(1, 1): 1})
    >>> collect({a: [one], b: [two], c: [one]}, d)
    (2*b*d + (a + c)*(d + 1))/(d*(d + 1))
    >>> collect({a: [one], b: [one]}, 2*d)
    (a + b)/(2*d)
    """
    if x is not None and not x.is_Symbol:
        return _collect_at(terms, x)
    sums = {rest: value for rest, parts in terms.items() if (value := total(parts))}
    if x is None:
        numbers = {id(value): value.at(0) for value in sums.values()}
        whole = combination({rest: numbers[id(value)] for rest, value in sums.items()})
        # Traces of explicit matrices are sums: one form for equal answers.
        return whole.expand() if any(_holds_a_sum(rest) for rest in sums) else whole
    order = Order(sums)
    if any(_depends(factor, x) for factor in order.factors):
        return factored(Add(*(rest * value.to_sympy(x) for rest, value in sums.items())))
    if not sums:
        return S.Zero
    # Many terms have one and the same function.
    functions = {id(value): value for value in sums.values()}
    denominator = common_denominator(functions.values())
    shared = _shared(functions.values(), denominator)
    alike: dict[Factored, list[Expr]] = {}
    group = {key: alike.setdefault(value, []) for key, value in functions.items()}
    for rest, value in sums.items():
        group[id(value)].append(rest)
    # Sums and numbers among the terms are multiplied out, or drawn together, as SymPy does.
    times, plus = (product_of, sum_of_groups) if order.is_plain else (Mul, _added)
    groups = []
    for value, rests in alike.items():
        number, primitive = _factored(value.numerator / shared, denominator - value.denominator, x)
        groups.append(_keep_coeff(number, times(primitive, order.sum(rests))))
    whole = plus(groups)
    return (times if whole.is_Add else Mul)(Factored(shared, denominator).to_sympy(x), whole)


def _collect_at(terms: Mapping[Expr, Iterable[Factored]], x: Expr) -> Expr:
    """Return what `collect` does for an expression that is not a symbol."""
    line = as_line(x)
    if line is not None:
        moved = {rest: [part.along(line) for part in parts] for rest, parts in terms.items()}
        return collect(moved, line.symbol)
    one = Dummy()
    return collect(terms, one).xreplace({one: x})


def _added(terms: Iterable[Expr]) -> Expr:
    return Add(*terms)


def _factored(poly: Any, linear: Mapping[Linear, int], x: Expr) -> tuple[Rational, Expr]:
    """Return a polynomial times powers of linear factors: a number, and the factors of a symbol."""
    content, found = factors(poly.numer())
    exponents: Counter[tuple[int, ...]] = Counter()
    for (a, b), power in linear.items():
        exponents[b, a] += power
    for part, power in found:
        exponents[tuple(map(int, part.coeffs()))] += power
    parts = [(polynomial(base, x), power) for base, power in exponents.items()]
    return Rational(int(content), int(poly.denom())), powers(parts)


def _holds_a_sum(expr: Expr) -> bool:
    return any(part.as_base_exp()[0].is_Add for part in Mul.make_args(expr))


def _depends(expr: Expr, x: Expr) -> bool:
    """Return whether `x` stands in an expression other than inside a trace, a sum or an entry."""
    if isinstance(expr, Add | Mul | Pow):
        return any(_depends(arg, x) for arg in expr.args)
    return bool(expr == x)


def factored(expr: Expr) -> Expr:
    """Return a rational function in factored form, with traces, sums and deltas as variables.

    Examples
    --------
    >>> from sympy import KroneckerDelta, symbols
    >>> d, i, j = symbols("d i j")
    >>> factored(d/(d**2 + d) + KroneckerDelta(i, j)/(d + 1))
    (KroneckerDelta(i, j) + 1)/(d + 1)
    """
    variables = {part: Dummy() for part in _opaque(expr)}
    names = {dummy: part for part, dummy in variables.items()}
    return factor(expr.xreplace(variables)).xreplace(names)


def factored_by_parts(expr: Expr) -> Expr:
    """Return a rational function in several dimensions, over one denominator, trace by trace.

    Examples
    --------
    >>> from sympy import Function, symbols
    >>> d, n = symbols("d n")
    >>> p, q = map(Function, "pq")
    >>> p, q = p(1), q(1)
    >>> factored_by_parts((p + q/(n + 1))/d + p/(d*n))
    (n*q(1) + (n + 1)**2*p(1))/(d*n*(n + 1))
    """
    variables = {part: Dummy() for part in _opaque(expr)}
    numerator, denominator = together(expr.xreplace(variables)).as_numer_denom()
    # What stands in the denominator, such as 2**m, is a dimension.
    sizes = {x: part for part, x in variables.items() if denominator.has(x)}
    names = {x: part for part, x in variables.items() if x not in sizes}
    if not names or not numerator.is_polynomial(*names):
        return factored(expr.xreplace(variables)).xreplace(sizes | names)
    terms = Poly(numerator, *names).terms()
    shared = reduce(polynomial_gcd, (coefficient for _, coefficient in terms))
    alike: dict[Expr, list[Expr]] = defaultdict(list)
    for exponents, coefficient in terms:
        variable = Mul(*(names[x] ** k for x, k in zip(names, exponents, strict=True)))
        alike[factor(cancel(coefficient / shared))].append(variable)
    total = Add(*(_keep_coeff(c, Add(*parts)) for c, parts in alike.items()))
    if not shared:
        return S.Zero
    return Mul(factor(shared / denominator), total).xreplace(sizes)


def _opaque(expr: Expr) -> set[Expr]:
    """Return the parts of an expression that are neither sums, products, powers nor atoms."""
    if isinstance(expr, Add | Mul) or (isinstance(expr, Pow) and expr.exp.is_Integer):
        return set().union(*(_opaque(arg) for arg in expr.args))
    return {expr} if expr.args else set()


def _shared(terms: Collection[Factored], denominator: Counter[Linear]) -> Any:
    """Return what the numerators over a common denominator share, with the content.

    Its sign is that of the coefficient of the highest degree on the whole. What divides them all is
    no factor of the denominator, which is the least one: it divides the terms' own numerators.
    """
    scale = lcm(*(int(term.numerator.denom()) for term in terms))
    shared = reduce(lambda a, b: a.gcd(b), ((term.numerator * scale).numer() for term in terms))
    # What is of the highest degree is to be positive on the whole; the rest corrects it.
    leading: dict[int, Any] = defaultdict(lambda: fmpq(0))
    for term in terms:
        beside = denominator - term.denominator
        degree = term.numerator.degree()
        leading[degree + beside.total()] += term.numerator[degree] * prod(
            a**power for (a, _), power in beside.items()
        )
    sign = 1 if leading[max(leading)] >= 0 else -1
    return fmpq_poly(shared) * fmpq(sign, scale)


def common_denominator(terms: Iterable[Factored]) -> Counter[Linear]:
    """Return the least common denominator."""
    return reduce(lambda a, b: a | b, (term.denominator for term in terms), Counter())


def numerator_over(term: Factored, denominator: Counter[Linear]) -> Any:
    """Return the numerator of `term` over a multiple of its denominator."""
    return term.numerator * expand(denominator - term.denominator)


def expand(factors: Mapping[Linear, int]) -> Any:
    """Return the product of linear factors as an `fmpq_poly`."""
    return reduce(
        lambda product, item: product * _polynomial(item[0]) ** item[1],
        factors.items(),
        fmpq_poly([1]),
    )


def constant(value: Any) -> Factored:
    """Return a constant function."""
    return Factored(fmpq_poly([value]))


def as_function(expr: Expr, x: Expr) -> Factored | None:
    """Return a number or a power of a linear factor as a function, None for anything else.

    Examples
    --------
    >>> from sympy import Symbol
    >>> d = Symbol("d")
    >>> as_function(1/(2*d + 1)**2, d).to_sympy(d)
    (2*d + 1)**(-2)
    """
    if expr.is_Rational:
        return constant(as_flint(expr))
    base, exponent = expr.as_base_exp()
    slope = base.coeff(x) if base.has(x) else S.Zero
    offset = base - slope * x
    if not (slope.is_Integer and slope and offset.is_Integer and exponent.is_Integer):
        return None
    if exponent > 0:
        return Factored(fmpq_poly([int(offset), int(slope)]) ** int(exponent))
    scale, linear = _primitive(int(slope), int(offset))
    return Factored(fmpq_poly([scale ** int(exponent)]), {linear: -int(exponent)})


def split(product: Expr, x: Expr | None) -> tuple[Factored, Expr]:
    """Split a product into a function of a symbol and the rest.

    Examples
    --------
    >>> from sympy.abc import a, d
    >>> value, rest = split(3*a/(d + 1), d)
    >>> value.to_sympy(d), rest
    (3/(d + 1), a)
    """
    function = constant(1)
    rest: list[Expr] = []
    for part in Mul.make_args(product):
        read: Factored | None = None
        if part.is_Rational:
            read = constant(as_flint(part))
        elif x is not None:
            read = as_function(part, x)
        if read is None:
            rest.append(part)
        else:
            function = function * read
    return function, Mul(*rest)


def as_flint(number: Any) -> Any:
    """Return a SymPy rational number as a FLINT one."""
    return fmpq(int(number.p), int(number.q))


def _product(one: Counter[Linear], other: Counter[Linear]) -> Counter[Linear]:
    return one + other


def _primitive(a: Any, b: Any) -> tuple[Any, Linear]:
    """Write a*x + b, of rational numbers, as a number times a primitive linear factor."""
    line = fmpq_poly([b, a])
    scale = fmpq(line.numer().content(), line.denom()) * (1 if a > 0 else -1)
    return scale, (int((line[1] / scale).p), int((line[0] / scale).p))


@cached(maxsize=1024)
def _polynomial(factor: Linear) -> Any:
    a, b = factor
    return fmpq_poly([b, a])


def _linear(factor: Linear, x: Expr) -> Expr:
    a, b = factor
    return a * x + b


def _expression(poly: Any, x: Expr) -> Expr:
    return Add(*(Integer(int(c)) * Pow(x, k) for k, c in enumerate(poly.coeffs()) if c))
