"""Means of ratios: over powers of a squared length, and of one over a quadratic form.

The direction of a Gaussian vector is independent of its length: so a homogeneous polynomial over a
power of the squared length has the mean of the polynomial, times a ratio of moments of the length.
One over a power of a quadratic form is an integral of ``exp(-t Q)``, whose mean is a power of a
determinant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, NamedTuple

from sympy import (
    Abs,
    Add,
    Determinant,
    Dummy,
    Expr,
    Identity,
    Integral,
    MatMul,
    MatrixBase,
    MatrixSymbol,
    Mul,
    Pow,
    Q,
    Rational,
    S,
    Symbol,
    Trace,
    conjugate,
    expand,
    factorial,
    floor,
    gamma,
    oo,
)

from weingarten.ensembles.base import RandomMatrix
from weingarten.ensembles.gaussian import GaussianMatrix
from weingarten.ensembles.hermitian import Wishart
from weingarten.ensembles.stiefel import RandomUnitVector
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.expressions.refusals import NotPolynomialError
from weingarten.expressions.words import Monomial, Polynomial, Word
from weingarten.expressions.writer import product


def is_of_ratios(expr: Any) -> bool:
    """Return whether a scalar holds a power that is no polynomial, of Gaussian or unit vectors."""
    return bool(_powers(expr))


def _powers(expr: Any) -> set[Pow]:
    return {part for part in expr.atoms(Pow) if _is_of_ratios(part)}


def _is_of_ratios(part: Pow) -> bool:
    if (part.exp.is_Integer and part.exp > 0) or isinstance(part.base, Abs):
        return False
    return bool(part.base.atoms(GaussianMatrix, RandomUnitVector, Wishart))


class _Power(NamedTuple):
    """A power that is no polynomial."""

    base: Expr
    exp: Expr


class Ratios:
    """Reads a scalar with ratios as a polynomial in chains, and integrals beside it.

    Parameters
    ----------
    reader : Reader
        Reads the polynomials.
    facts : Facts
        What is known of constants.
    conditions : Conditions
        Where to note when a mean exists.
    """

    def __init__(self, reader: Reader, facts: Facts, conditions: Conditions) -> None:
        self._reader = reader
        self._facts = facts
        self._conditions = conditions

    def read(self, expr: Expr) -> tuple[Polynomial, Expr]:
        """Return what is to be integrated, and the mean of the terms that are integrals.

        Raises
        ------
        NotPolynomialError
            If a ratio is none of these.
        ValueError
            If a mean does not exist, or it is not known that a form is positive.
        """
        polynomial: dict[Monomial, list[Expr]] = defaultdict(list)
        integrals: list[Expr] = []
        expr = expr.xreplace({matrix: matrix.definition for matrix in expr.atoms(Wishart)})
        names = {power: Dummy() for power in sorted(_powers(expr), key=str)}
        for named in Add.make_args(expand(expr.xreplace(names))):
            term = named.xreplace({name: power for power, name in names.items()})
            powers, others = _split(named, names)
            forms = [f for f in map(_Form.of, powers) if f is not None]
            if forms:
                integrals.append(self._integral(term, powers, forms, others))
                continue
            for monomial, coefficient in self._over_lengths(term, powers, others).items():
                polynomial[monomial].append(coefficient)
        return {m: Add(*parts) for m, parts in polynomial.items()}, Add(*integrals)

    # Squared lengths ------------------------------------------------------------------------------

    def _over_lengths(self, term: Expr, powers: list[_Power], others: list[Expr]) -> Polynomial:
        exponents: dict[GaussianMatrix, Expr] = defaultdict(lambda: S.Zero)
        factor: Expr = S.One
        for power in powers:
            matrix, scale = self._length(term, power)
            factor *= scale**power.exp
            if matrix is not None:
                exponents[matrix] += power.exp
        read = self._reader.scalar(unfolded(Mul(*others)))
        for matrix, exponent in exponents.items():
            read = {
                monomial: coefficient * self._moment(term, matrix, exponent, monomial)
                for monomial, coefficient in read.items()
            }
        return {monomial: factor * coefficient for monomial, coefficient in read.items()}

    def _length(self, term: Expr, power: _Power) -> tuple[GaussianMatrix | None, Expr]:
        """Return the matrix of which the base is the squared length, and the number before it."""
        read = self._reader.scalar(unfolded(power.base))
        if set(read) <= {Monomial()}:
            return None, read.get(Monomial(), S.Zero)
        matrices = power.base.atoms(RandomMatrix)
        if len(matrices) == 1:
            (matrix,) = matrices
            for whole in _squared_lengths(matrix):
                length = self._reader.scalar(whole)
                scale = next(iter(read.values()))
                if read == {monomial: scale * one for monomial, one in length.items()}:
                    return matrix, scale
        raise _refused(term, power)

    def _moment(
        self, term: Expr, matrix: GaussianMatrix, exponent: Expr, monomial: Monomial
    ) -> Expr:
        """Return what a power of the squared length makes of the mean of a monomial."""
        letters = sum(letter.base == matrix for chain in monomial.chains for letter in chain.word)
        step = 2 if matrix.is_real_valued else 1
        if letters % 2:
            size = matrix.shape[0] * matrix.shape[1] + step * Rational(letters, 2)
            self._exists(term, size + step * exponent)
            return S.One  # the mean is 0
        # Moments of a Gamma number: of half the entries of a real one, and half the degree.
        entries = matrix.shape[0] * matrix.shape[1] + step * letters // 2
        self._exists(term, entries + step * exponent)
        scale = matrix.variance**exponent
        if exponent.is_Integer and exponent < 0:
            return scale / prod(entries - step * k for k in range(1, 1 - int(exponent)))
        a = entries / step
        return (step * matrix.variance) ** exponent * gamma(a + exponent) / gamma(a)

    def _exists(self, term: Expr, margin: Expr) -> None:
        exists = expand(margin) > 0
        if exists == False:  # noqa: E712 - SymPy's three truth values
            raise ValueError(
                f"expr contains {term}, which has no mean; it would have one with "
                f"{floor(-margin) + 1} or more further entries"
            )
        if exists != True:  # noqa: E712
            self._conditions.note(exists)

    # Quadratic forms ------------------------------------------------------------------------------

    def _integral(
        self, term: Expr, powers: list[_Power], forms: list[_Form], others: list[Expr]
    ) -> Expr:
        if len(powers) > 1 or any(other.atoms(RandomMatrix) for other in others):
            raise _refused(term, powers[0])
        (form,), k = forms, -powers[0].exp
        read = self._reader.scalar(unfolded(form.written))
        ((monomial, number),) = read.items() if len(read) == 1 else ((Monomial(), S.Zero),)
        word = _between(monomial, form.vector)
        if word is None or monomial.sums or not (k.is_Integer and k > 0):
            raise _refused(term, powers[0])
        matrix = product(word)
        self._check_positive(term, matrix, word, number, real=form.vector.is_real_valued)
        step = 2 if form.vector.is_real_valued else 1
        size = form.vector.shape[0]
        self._exists(term, size - step * k)
        t = _new_symbol(term)
        covariance = form.vector.covariances
        inner = MatMul(matrix, covariance[0]) if covariance else matrix
        rate = step * number * form.vector.variance
        determinant = Determinant(Identity(size) + rate * t * inner)
        density = t ** (k - 1) / factorial(k - 1) * determinant ** (-S.One / step)
        value = Integral(density, (t, 0, oo))
        if form.is_direction:
            # The length is independent: 1/r^(2k) has the mean 1/((d - 2) (d - 4) ...).
            value *= prod(size - step * j for j in range(1, int(k) + 1))
        return Mul(*others) * value

    def _check_positive(
        self, term: Expr, matrix: Any, word: Word, number: Expr, *, real: bool
    ) -> None:
        symmetric = Q.symmetric(matrix) if real else Q.hermitian(matrix)
        known = self._facts.ask(symmetric) or self._reader.alphabet.is_symmetric(word)
        is_positive = number.is_positive and self._facts.ask(Q.positive_definite(matrix))
        if not (known and is_positive):
            raise ValueError(
                f"expr contains {term}, whose mean is known for a positive form; expected "
                f"given=[{symmetric}, {Q.positive_definite(matrix)}]"
            )


class _Form(NamedTuple):
    """A quadratic form in a Gaussian vector, or in the direction of one."""

    vector: GaussianMatrix
    written: Expr
    is_direction: bool

    @classmethod
    def of(cls, power: _Power) -> _Form | None:
        """Return the form that is the base of a power; None if it holds no constant matrix."""
        matrices = power.base.atoms(RandomMatrix)
        if len(matrices) != 1 or not _constants(power.base):
            return None
        (matrix,) = matrices
        if isinstance(matrix, RandomUnitVector):
            size = matrix.shape[0]
            vector = GaussianMatrix(matrix.name, size, 1, 1, not matrix.is_real_valued)
            return cls(vector, power.base.xreplace({matrix: vector}), True)
        is_vector = isinstance(matrix, GaussianMatrix) and matrix.shape[1] == 1
        if not is_vector or matrix.definition is not None:
            return None
        return cls(matrix, power.base, False)


def _constants(expr: Any) -> set[Any]:
    found: set[Any] = expr.atoms(MatrixSymbol) - expr.atoms(RandomMatrix)
    found |= expr.atoms(MatrixBase)
    return found


def _split(named: Expr, names: Mapping[Pow, Expr]) -> tuple[list[_Power], list[Expr]]:
    """Return the powers that the names in a term stand for, and the other factors."""
    behind = {name: power for power, name in names.items()}
    powers: list[_Power] = []
    others: list[Expr] = []
    for factor in Mul.make_args(named):
        base, exponent = factor.as_base_exp()
        power = behind.get(base)
        if power is None:
            others.append(factor)
        else:
            powers.append(_Power(power.base, power.exp * exponent))
    return powers, others


def _squared_lengths(matrix: Any) -> Iterator[Expr]:
    """Yield how the squared length of a Gaussian matrix of independent entries is written."""
    if not isinstance(matrix, GaussianMatrix) or len(matrix.args) > 5:
        return
    yield Trace(MatMul(matrix, matrix.adjoint()))
    rows, columns = matrix.shape
    if rows.is_Integer and columns.is_Integer:
        entries = (matrix[i, j] for i in range(int(rows)) for j in range(int(columns)))
        yield Add(*(entry * conjugate(entry) for entry in entries))


def _between(monomial: Monomial, vector: GaussianMatrix) -> Word | None:
    """Return the constant word between a vector and its adjoint; None for anything else."""
    if len(monomial.chains) != 1:
        return None
    word = monomial.chains[0].word
    if len(word) < 3 or not word[0].base == word[-1].base == vector:
        return None
    if any(isinstance(letter.base, RandomMatrix) for letter in word[1:-1]):
        return None
    first, last = word[0], word[-1]
    is_adjoint = first.transposed and not last.transposed
    if not vector.is_real_valued:
        is_adjoint = is_adjoint and first.conjugated != last.conjugated
    if not is_adjoint:
        return None
    return word[1:-1]


def _new_symbol(term: Expr) -> Symbol:
    names = {str(symbol) for symbol in term.atoms(Symbol)}
    name = "t"
    while name in names:
        name += "_"
    return Symbol(name, positive=True)


def _refused(term: Expr, power: _Power) -> NotPolynomialError:
    return NotPolynomialError(
        f"expr contains {term}, which is not a polynomial in the entries of a random matrix and "
        f"their conjugates, traces and products: {power.base} is to the power of {power.exp}; "
        "expected one, or one over powers of the squared length of a Gaussian vector or matrix of "
        "independent entries, x.T*x or Trace(G*G.T), or a constant over a power of one quadratic "
        "form in a Gaussian or unit vector; estimate(expr, at=...) samples what is none"
    )
