"""E(expr): read a SymPy expression, integrate its random matrices, assemble the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from flint import fmpq
from sympy import (
    Abs,
    Add,
    And,
    Dummy,
    Expr,
    I,
    MatrixBase,
    Poly,
    PolynomialError,
    S,
    Symbol,
    conjugate,
    expand,
    im,
    re,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles import (
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    RandomMatrix,
    RealElement,
    random_matrices,
)
from weingarten.entries import Factor, is_concrete, moment, symbolic_moment
from weingarten.functions import Group, class_sum, class_sum_at
from weingarten.rational import Factored, collect, constant

_GROUPS: dict[type[RandomMatrix], Group] = {
    HaarOrthogonal: "orthogonal",
    HaarUnitary: "unitary",
    HaarSymplectic: "symplectic",
}


def E(expr: Any, *, conditions: bool = False) -> Any:
    r"""Return the expectation of an expression in the entries of random matrices.

    Parameters
    ----------
    expr : Expr or Matrix
        A polynomial in entries of random matrices and their conjugates, with concrete or symbolic
        indices and coefficients that may be anything else; or an explicit matrix of such. Random
        matrices of different names are independent.
    conditions : bool, optional
        Whether to return, beside the value, from which dimensions on it holds.

    Returns
    -------
    Expr or Matrix
        The exact value. For a symbolic dimension ``d`` a rational function of ``d`` in factored
        form. With concrete indices it holds for every ``d`` in which they exist; with symbolic
        ones for ``d`` no less than the degree (in pairs of entries). For an integer ``d`` it
        holds as it stands.
    tuple of (Expr, Boolean)
        With `conditions`: the value, and the condition under which it holds.

    Raises
    ------
    TypeError, ValueError
        If `expr` is not a polynomial in the entries (the message names the part that is not), or
        one name stands for two matrices.

    Examples
    --------
    >>> from sympy import symbols, conjugate
    >>> from weingarten import HaarOrthogonal, HaarUnitary, E
    >>> d = symbols("d", integer=True, positive=True)
    >>> W = HaarOrthogonal("W", d)
    >>> E(W[0, 0]**4)
    3/(d*(d + 2))
    >>> x, y = symbols("x y")
    >>> E((x*W[0, 0] + y*W[0, 1])**2)
    (x**2 + y**2)/d
    >>> i, j, k, l = symbols("i j k l", integer=True)
    >>> E(W[i, j]*W[k, l])
    KroneckerDelta(i, k)*KroneckerDelta(j, l)/d
    >>> U = HaarUnitary("U", 2)
    >>> E(abs(U[0, 0]*U[1, 1])**2)
    1/3
    >>> E(W[0, 0]**2*W[1, 1]**2, conditions=True)
    ((d + 1)/(d*(d - 1)*(d + 2)), d >= 2)

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006); B. Collins & S. Matsumoto, J. Math.
    Phys. 50 (2009); T. Gorin & G. V. Lopez, J. Math. Phys. 49 (2008).
    """
    expr = sympify(expr)
    if isinstance(expr, MatrixBase):
        entries = [_expectation(entry) for entry in expr]
        value = type(expr)(*expr.shape, [entry for entry, _ in entries])
        return (value, _all(bound for _, bound in entries)) if conditions else value
    value, condition = _expectation(expr)
    return (value, condition) if conditions else value


def _expectation(expr: Any) -> tuple[Expr, Any]:
    """Return the expectation of a scalar expression and the condition under which it holds."""
    random_matrices(expr)
    answer = _Answer()
    for coefficient, monomials in _terms(_polynomial_form(expr)):
        answer.add(coefficient, monomials)
    return answer.value(), answer.condition()


# Reading -----------------------------------------------------------------------------------------


def _polynomial_form(expr: Expr) -> Expr:
    """Write moduli, real and imaginary parts as polynomials in entries and conjugates."""

    def random(e: Expr) -> bool:
        return bool(e.atoms(RandomMatrix))

    def modulus(power: Expr) -> Expr:
        inner = power.base.args[0]
        return (inner * conjugate(inner)) ** (power.exp / 2)

    return (
        expr.replace(lambda e: isinstance(e, re) and random(e), lambda e: _part(e, 1, 2))
        .replace(lambda e: isinstance(e, im) and random(e), lambda e: _part(e, -1, 2 * I))
        .replace(
            lambda e: e.is_Pow and isinstance(e.base, Abs) and random(e) and e.exp.is_even, modulus
        )
    )


def _part(e: Expr, sign: int, over: Expr) -> Expr:
    inner = e.args[0]
    return (inner + sign * conjugate(inner)) / over


def _terms(expr: Expr) -> Iterator[tuple[Expr, dict[RandomMatrix, list[Factor]]]]:
    """Yield the terms of a polynomial in random entries: coefficient, and factors by matrix."""
    entries = sorted(
        (e for e in expr.atoms(MatrixElement) if isinstance(e.parent, RandomMatrix)), key=str
    )
    stands_for: dict[Expr, Dummy] = {}
    factors: list[tuple[RandomMatrix, Expr, Expr, bool]] = []
    for entry in entries:
        for conjugated in (False, True):
            if conjugated and isinstance(entry, RealElement):
                continue
            stands_for[conjugate(entry) if conjugated else entry] = Dummy(str(entry))
            factors.append((entry.parent, entry.i, entry.j, conjugated))
    if not entries:
        _refuse_if_random(expr)
        yield expr, {}
        return
    for powers, coefficient in _as_poly(expr, stands_for).terms():
        monomials: dict[RandomMatrix, list[Factor]] = defaultdict(list)
        for power, (matrix, i, j, conjugated) in zip(powers, factors, strict=True):
            if power:
                monomials[matrix].append(Factor(i, j, conjugated, power))
        yield coefficient, dict(monomials)


def _as_poly(expr: Expr, stands_for: dict[Expr, Dummy]) -> Poly:
    replaced = expr.xreplace(stands_for)
    _refuse_if_random(replaced)
    try:
        return Poly(replaced, *stands_for.values())
    except PolynomialError:
        back = {dummy: entry for entry, dummy in stands_for.items()}
        culprit = _not_polynomial(replaced, set(back)).xreplace(back)
        raise ValueError(
            f"expr contains {culprit}, which is not a polynomial in the entries of a random "
            "matrix and their conjugates; expected one"
        ) from None


def _not_polynomial(expr: Expr, generators: set[Dummy]) -> Expr:
    """Return the smallest part of `expr` that is not a polynomial in the generators."""
    for part in expr.args:
        if part.free_symbols & generators and not part.is_polynomial(*generators):
            return _not_polynomial(part, generators)
    return expr


def _refuse_if_random(expr: Expr) -> None:
    left = expr.atoms(RandomMatrix)
    if left:
        matrix = min(left, key=str)
        holder = next((e for e in _bottom_up(expr) if matrix in e.args), expr)
        raise ValueError(
            f"expr contains {holder}, where the random matrix {matrix} does not occur through "
            "its entries; expected a polynomial in entries of random matrices"
        )


def _bottom_up(expr: Expr) -> Iterator[Expr]:
    for part in expr.args:
        yield from _bottom_up(part)
    yield expr


# Assembling --------------------------------------------------------------------------------------


class _Answer:
    """A sum of terms: what does not depend on the dimension, times a rational function of it."""

    def __init__(self) -> None:
        self._symbol: Symbol | None = None
        self._sum: dict[Expr, list[Factored]] = defaultdict(list)
        self._least: dict[Symbol, int] = {}

    def add(self, coefficient: Expr, monomials: dict[RandomMatrix, list[Factor]]) -> None:
        """Add a coefficient times the product of the expectations of independent monomials."""
        terms = [(S.One, constant(1))]
        for matrix, monomial in monomials.items():
            integrated = list(self._integrated(matrix, monomial))
            terms = [
                (rest * more, value * other)
                for rest, value in terms
                for more, other in integrated
                if other
            ]
        for part in Add.make_args(expand(coefficient)) if terms else ():
            number, symbols = part.as_coeff_Mul(rational=True)
            for rest, value in terms:
                scale = _as_flint(number)
                self._sum[symbols * rest].append(value.scaled(scale))

    def _integrated(
        self, matrix: RandomMatrix, monomial: list[Factor]
    ) -> Iterator[tuple[Expr, Factored]]:
        """Yield the terms of the expectation of a monomial in one matrix."""
        group, d = _GROUPS[type(matrix)], matrix.args[1]
        if is_concrete(monomial):
            terms = [(S.One, moment(group, monomial))]
            if d.is_Integer:
                terms = [(rest, constant(_as_flint(value.at(int(d))))) for rest, value in terms]
        else:
            terms = [
                (
                    deltas,
                    constant(_as_flint(class_sum_at(group, counts, int(d))))
                    if d.is_Integer
                    else class_sum(group, counts),
                )
                for deltas, counts in symbolic_moment(group, monomial).items()
            ]
        if not d.is_Integer:
            self._note(matrix, monomial, terms)
        if d.is_Integer or self._symbol in (None, d):
            self._symbol = self._symbol if d.is_Integer else d
            yield from terms
        else:
            yield from ((rest * value.to_sympy(d), constant(1)) for rest, value in terms)

    def _note(
        self, matrix: RandomMatrix, monomial: list[Factor], terms: list[tuple[Expr, Factored]]
    ) -> None:
        """Note the least dimension in which the indices exist and no term has a pole."""
        d, size = matrix.args[1], matrix.shape[0]
        per_dimension = int(size / d)
        indices = [int(x) for f in monomial for x in (f.row, f.column) if x.is_Integer]
        poles = [-b // a for _, value in terms for a, b in value.denominator if b % a == 0]
        least = 1 + max([0, *(x // per_dimension for x in indices), *poles])
        self._least[d] = max(least, self._least.get(d, 1))

    def value(self) -> Expr:
        """Return the sum in factored form."""
        if self._symbol is None:
            return Add(
                *(rest * value.at(0) for rest, parts in self._sum.items() for value in parts)
            )
        return collect(self._sum, self._symbol)

    def condition(self) -> Any:
        """Return the condition on the symbolic dimensions under which the value holds."""
        return _all(d >= least for d, least in self._least.items())


def _all(conditions: Any) -> Any:
    return And(*conditions)


def _as_flint(number: Any) -> Any:
    return fmpq(int(number.p), int(number.q))
