"""E(expr): read a SymPy expression, integrate its random matrices, assemble the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Determinant,
    Dummy,
    Expr,
    I,
    MatAdd,
    MatrixBase,
    Mul,
    Poly,
    PolynomialError,
    S,
    Sum,
    Symbol,
    SympifyError,
    Tuple,
    ZeroMatrix,
    conjugate,
    expand,
    im,
    re,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles import RandomMatrix, RealElement, is_haar, random_matrices
from weingarten.entries import Factor
from weingarten.joining import integrate, moments_of_entries
from weingarten.rational import Factored, as_flint, as_function, collect, constant
from weingarten.reading import Polynomial, Reader
from weingarten.words import (
    LEFT,
    RIGHT,
    Alphabet,
    Chain,
    Word,
    matrix_to_sympy,
    random_bases,
    to_sympy,
)


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
    least: dict[Symbol, int] = {}
    given, expr = expr, _as_expression(expr)
    if isinstance(expr, MatrixBase):
        value = expr.applyfunc(lambda entry: _expectation(entry, least))
        value = type(given)(value)
    else:
        value = _expectation(expr, least)
    return (value, And(*(d >= bound for d, bound in least.items()))) if conditions else value


def _as_expression(expr: Any) -> Any:
    """Return a scalar or matrix expression, an explicit matrix among them."""
    try:
        read = sympify(expr, strict=True)
    except SympifyError:
        read = None
    if isinstance(read, Expr | MatrixBase) and not isinstance(read, Tuple):
        return read
    raise TypeError(
        f"expr = {expr!r} is of type {type(expr).__name__}; expected a SymPy expression or matrix"
    )


def _expectation(expr: Any, least: dict[Symbol, int]) -> Any:
    """Return the expectation of an expression; note in `least` from which dimensions it holds."""
    random_matrices(expr)
    alphabet = Alphabet()
    answer = _Answer(alphabet, _main_dimension(expr), least)
    if getattr(expr, "is_Matrix", False):
        answer.integrate(Reader(alphabet).matrix_valued(expr))
        return answer.matrix(expr.shape)
    expr = _polynomial_form(expr)
    if _holds_entries_only(expr):
        for coefficient, monomials in _terms(expr):
            answer.add_entries(coefficient, monomials)
    else:
        answer.integrate(Reader(alphabet).scalar(expr))
    return answer.value()


def _main_dimension(expr: Any) -> Symbol | None:
    """Return the symbol that the functions in the answer are functions of."""
    symbols = {m.args[1] for m in expr.atoms(RandomMatrix) if m.is_unitary}
    return min((d for d in symbols if d.is_Symbol), key=str, default=None)


# Reading -----------------------------------------------------------------------------------------


def _polynomial_form(expr: Expr) -> Expr:
    """Write moduli, real and imaginary parts as polynomials in entries and conjugates."""

    def random(e: Expr) -> bool:
        return bool(e.atoms(RandomMatrix))

    def modulus(power: Expr) -> Expr:
        inner = power.base.args[0]
        return (inner * conjugate(inner)) ** (power.exp / 2)

    return (
        _without_determinants(expr)
        .replace(lambda e: isinstance(e, re) and random(e), lambda e: _part(e, 1, 2))
        .replace(lambda e: isinstance(e, im) and random(e), lambda e: _part(e, -1, 2 * I))
        .replace(
            lambda e: e.is_Pow and isinstance(e.base, Abs) and random(e) and e.exp.is_even, modulus
        )
    )


def _without_determinants(expr: Expr) -> Expr:
    """Take the modulus of the determinant of a Haar matrix for what it is, 1."""

    def unimodular(e: Expr) -> bool:
        return isinstance(e, Determinant) and is_haar(e.arg)

    def sign(e: Expr) -> bool:
        return unimodular(e) and e.arg.is_real_valued

    return (
        expr.replace(lambda e: isinstance(e, Abs) and unimodular(e.args[0]), lambda e: S.One)
        .replace(lambda e: unimodular(e) and e.arg.group == "symplectic", lambda e: S.One)
        .replace(lambda e: isinstance(e, conjugate) and sign(e.args[0]), lambda e: e.args[0])
        .replace(lambda e: e.is_Pow and sign(e.base) and e.exp.is_even, lambda e: S.One)
        .replace(lambda e: e.is_Mul and any(map(unimodular, e.args)), _without_phases)
    )


def _without_phases(product: Expr) -> Expr:
    """Cancel each determinant of a unitary matrix against its conjugate."""
    factors = list(product.args)
    for factor in product.args:
        if isinstance(factor, Determinant) and conjugate(factor) in factors:
            factors.remove(factor)
            factors.remove(conjugate(factor))
    return Mul(*factors)


def _holds_entries_only(expr: Expr) -> bool:
    """Return whether the random matrices occur as single entries, outside of sums and traces."""
    entries = [e for e in expr.atoms(MatrixElement) if isinstance(e.parent, RandomMatrix)]
    bare = expr.xreplace({entry: Dummy() for entry in entries})
    return not bare.atoms(RandomMatrix) and not any(
        total.atoms(RandomMatrix) for total in expr.atoms(Sum)
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
        for exponent, (matrix, i, j, conjugated) in zip(powers, factors, strict=True):
            if exponent:
                monomials[matrix].append(Factor(i, j, conjugated, exponent))
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
        if not isinstance(part, Expr):
            break
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

    def __init__(self, alphabet: Alphabet, symbol: Symbol | None, least: dict[Symbol, int]) -> None:
        self._alphabet = alphabet
        self._symbol = symbol
        # By the word of a matrix-valued term (None in a scalar one), then by what stands beside.
        self._sums: dict[Word | None, dict[Expr, list[Factored]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._least = least
        self._chains: dict[Chain, Expr] = {}

    def add_entries(self, coefficient: Expr, monomials: dict[RandomMatrix, list[Factor]]) -> None:
        """Add a coefficient times the product of the expectations of independent monomials."""
        terms = [(S.One, constant(1))]
        for matrix, monomial in monomials.items():
            integrated = [
                self._noted(matrix, rest, value)
                for rest, value in moments_of_entries(matrix, monomial)
            ]
            self._note_indices(matrix, monomial)
            terms = [
                (rest * more, value * other)
                for rest, value in terms
                for more, other in integrated
                if other
            ]
        for rest, value in terms:
            self._add(None, coefficient, value, rest)

    def integrate(self, polynomial: Polynomial) -> None:
        """Add the expectation of a polynomial in chains, one random matrix after the other."""
        left: dict[tuple[Chain, ...], list[tuple[Expr, Expr, Factored]]] = {
            chains: [(coefficient, S.One, constant(1))]
            for chains, coefficient in polynomial.items()
        }
        while left:
            chains, coefficients = left.popitem()
            matrix = min((m for c in chains for m in random_bases(c)), key=str, default=None)
            if matrix is None:
                self._add_chains(chains, coefficients)
                continue
            for scale, value, rest in integrate(matrix, chains, self._alphabet):
                more, function = self._noted(matrix, scale, value)
                left.setdefault(rest, []).extend(
                    (coefficient, beside * more, factor * function)
                    for coefficient, beside, factor in coefficients
                )

    def _noted(self, matrix: RandomMatrix, rest: Expr, value: Factored) -> tuple[Expr, Factored]:
        """Note the poles of a function of the dimension; write those of a second one out."""
        d = matrix.args[1]
        if d.is_Integer or not matrix.is_unitary:
            return rest, value
        poles = [-b // a for a, b in value.denominator if b % a == 0]
        self._least[d] = max(1 + max([0, *poles]), self._least.get(d, 1))
        if d == self._symbol:
            function, rest = self._split(rest)
            return rest, value * function
        return rest * value.to_sympy(d), constant(1)

    def _note_indices(self, matrix: RandomMatrix, monomial: list[Factor]) -> None:
        """Note the least dimension in which the indices exist."""
        d = matrix.args[1]
        indices = [int(x) for f in monomial for x in (f.row, f.column) if x.is_Integer]
        if not d.is_Integer and matrix.is_unitary and indices:
            per_dimension = int(matrix.shape[0] / d)
            self._least[d] = max(1 + max(indices) // per_dimension, self._least.get(d, 1))

    def _add_chains(
        self, chains: tuple[Chain, ...], coefficients: list[tuple[Expr, Expr, Factored]]
    ) -> None:
        free = [c for c in chains if LEFT in (c.ends or ()) or RIGHT in (c.ends or ())]
        if any(c.ends != (LEFT, RIGHT) for c in free):
            raise ValueError(
                "expr is a product of entries of a random matrix and of the matrix itself, whose "
                "expectation is no product of matrices; expected entries of it throughout, such "
                "as expr[i, j]"
            )
        word = free[0].word if free else None
        made = Mul(*(self._written(c) for c in chains if c not in free))
        for coefficient, beside, value in coefficients:
            self._add(word, coefficient, value, beside * made)

    def _written(self, chain: Chain) -> Expr:
        if chain not in self._chains:
            self._chains[chain] = to_sympy(chain)
        return self._chains[chain]

    def _add(self, word: Word | None, coefficient: Expr, value: Factored, beside: Expr) -> None:
        """Add a coefficient as it was given, a function of the dimension, and what is beside."""
        if coefficient is S.One:
            self._sums[word][beside].append(value)
            return
        for part in Add.make_args(expand(coefficient)) if value else ():
            number, symbols = part.as_coeff_Mul(rational=True)
            function, rest = self._split(symbols)
            self._sums[word][rest * beside].append((value * function).scaled(as_flint(number)))

    def _split(self, coefficient: Expr) -> tuple[Factored, Expr]:
        """Split a product into a function of the dimension and the rest."""
        function, rest = constant(1), []
        for part in Mul.make_args(coefficient):
            read = None if self._symbol is None else as_function(part, self._symbol)
            if read is None:
                rest.append(part)
            else:
                function = function * read
        return function, Mul(*rest)

    def value(self) -> Expr:
        """Return the scalar answer in factored form."""
        return collect(self._sums[None], self._symbol)

    def matrix(self, shape: tuple[Expr, Expr]) -> Any:
        """Return the matrix-valued answer."""
        terms = [
            collect(sums, self._symbol) * matrix_to_sympy(word or (), shape[0])
            for word, sums in sorted(
                self._sums.items(), key=lambda item: self._alphabet.key(item[0] or ())
            )
        ]
        return MatAdd(*terms).doit() if terms else ZeroMatrix(*shape)
