"""E(expr, at=…): the expectation as a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import (
    Expr,
    Float,
    ImmutableMatrix,
    MatrixBase,
    MatrixSymbol,
    Rational,
    expand,
    sympify,
)

from weingarten.caches import cached
from weingarten.ensembles.base import RandomMatrix, check_law, random_matrices
from weingarten.ensembles.gaussian import check_covariance
from weingarten.expressions.facts import Facts
from weingarten.integration.expectation import expectation
from weingarten.integration.moduli import is_of_moduli
from weingarten.integration.ratios import is_of_ratios
from weingarten.limits import check_size, warn_user
from weingarten.numeric.constants import Constants
from weingarten.numeric.explicit import with_letters
from weingarten.numeric.floats import Floats
from weingarten.numeric.given import Constant
from weingarten.numeric.integrals import with_numbers
from weingarten.numeric.powers import with_powers
from weingarten.numeric.precision import Inputs, number
from weingarten.numeric.program import Program, SeenFacts, program_of
from weingarten.values.arguments import Values, read_expression
from weingarten.values.facts import holds_of, require


def value_at(
    expr: Any, at: Any, given: Any = None, digits: int | None = None, over: Any = None
) -> Any:
    """Return the expectation of an expression at numbers and arrays.

    Parameters
    ----------
    expr : Expr or Matrix
        As for `E`.
    at : mapping
        Integers for dimensions and indices, numbers for other symbols, arrays for matrices.
    given : optional
        What holds of the matrices: it must hold of their values.
    digits : int, optional
        How many digits are to be right.
    over : optional
        The matrices to average over: all of them.

    Raises
    ------
    TypeError, ValueError
        If a value is missing or does not fit, or the number cannot be had to the digits.
    """
    expr = read_expression(expr)
    if digits is not None and check_size(digits, "digits") < 1:
        raise ValueError(f"digits = {digits}: expected a positive integer")
    random = random_matrices(expr)
    for matrix in random:
        check_law(matrix)
    _require_all(random, over)
    facts = Facts(given)
    values = Values.of(at, [expr])
    # A fact that shares a symbol with expr may name others: their values are asked for by it.
    told = [f.free_symbols for f in facts.known if f.free_symbols & expr.free_symbols]
    named = {str(symbol) for symbols in told for symbol in symbols}
    unused = [name for name in values.unused if name not in named]
    if unused:
        warn_user(f"at: {', '.join(unused)} does not stand in expr")
    if not getattr(expr, "is_Matrix", False) and (is_of_moduli(expr) or is_of_ratios(expr)):
        if given is not None:
            require(given, _known(values))
        return _in_closed_form(values.substituted(expr), values, given, digits)
    point = Point.of(expr, values)
    if given is not None or any(matrix.facts for matrix in random):
        known = _known(values)
        require(given, known)
        for matrix in random:
            _require_law(matrix, known)
    return point.value(digits)


def _require_law(matrix: RandomMatrix, known: Callable[[Any], Any]) -> None:
    """Let pass values of a mean and of covariances that a random matrix may have."""
    is_real = matrix.is_real_valued
    for covariance in matrix.covariances or ():
        if covariance.atoms(MatrixSymbol):
            what = f"at: {covariance}, a covariance of {matrix}"
            check_covariance(np.asarray(known(covariance)), what, is_real=is_real)
    for fact in matrix.facts:
        if not holds_of(fact, known):
            raise ValueError(
                f"at: {fact.arguments[0]}, of which {matrix} is made: expected a value for which "
                f"{fact} holds, as the matrix is real"
            )


def _in_closed_form(expr: Any, values: Values, given: Any, digits: int | None) -> Any:
    """Return the value of a mean in Gamma functions or as an integral, where it exists."""
    answer, condition = expectation(expr, values.substituted(given), conditions=True)
    if condition.subs(values.numbers) == False:  # noqa: E712 - SymPy's three truth values
        raise ValueError(f"expr = {expr} has a mean where {condition}; expected this in `at`")
    answer = with_numbers(answer, _known(values), digits)
    left = {**values.numbers, **values.originals}
    names = answer.free_symbols | answer.atoms(MatrixSymbol)
    there = {values.substituted(key): value for key, value in left.items()}
    return value_at(answer, {k: v for k, v in there.items() if k in names}, None, digits)


def _require_all(random: set[RandomMatrix], over: Any) -> None:
    if over is None:
        return
    chosen = set(over) if isinstance(over, list | tuple | set | frozenset) else {over}
    left = random - chosen
    if left:
        names = ", ".join(sorted(map(str, left)))
        raise ValueError(
            f"over = {over!r} with at: {names} would stay random, and the value be no number; "
            "expected all random matrices of expr"
        )


class Point:
    """An expression with integers for dimensions, and the values of what is left in it."""

    def __init__(self, expr: Any, inputs: Inputs, *, has_powers: bool = False) -> None:
        self.expr = expr
        self.inputs = inputs
        #: Whether letters stand for powers of others: with other values these are others.
        self.has_powers = has_powers

    @classmethod
    def of(cls, expr: Any, values: Values) -> Point:
        """Put integers in, and letters for explicit matrices."""
        placed = values.substituted(expr)
        matrices: dict[Any, Constant] = {}
        present = placed.atoms(MatrixSymbol)
        for symbol, array in values.arrays.items():
            name = values.substituted(symbol)
            if name not in present:
                continue
            constant = Constant.of(values.originals[symbol], array)
            other = matrices.setdefault(name, constant)
            if not np.array_equal(other.array, constant.array):
                raise ValueError(
                    f"at has two values for matrices called {name} of one shape; expected one"
                )
        named, explicit = with_letters(placed)
        numbers = {
            symbol: value for symbol, value in values.numbers.items() if not value.is_Integer
        }
        for matrix in random_matrices(named):
            _check_parameters(matrix, numbers)
        matrices = {**matrices, **explicit}
        lettered, powers = with_powers(named, numbers, matrices)
        return cls(lettered, (numbers, {**matrices, **powers}), has_powers=bool(powers))

    def value(self, digits: int | None = None) -> Any:
        """Return the expectation."""
        _, matrices = self.inputs
        seen = tuple((symbol, constant.facts) for symbol, constant in matrices.items())
        if not isinstance(self.expr, MatrixBase):
            return number(prepared(self.expr, seen), self.inputs, digits)
        entries = [number(prepared(e, seen), self.inputs, digits) for e in self.expr]
        if any(isinstance(entry, float | complex) for entry in entries):
            return np.array([complex(e) if isinstance(e, complex) else float(e) for e in entries]
                            ).reshape(self.expr.shape)  # fmt: skip
        return ImmutableMatrix(*self.expr.shape, entries)


def _known(values: Values) -> Callable[[Any], Any]:
    """Return what evaluates a constant in floats, whether or not it stands in the expression."""
    matrices = {
        values.substituted(symbol): Constant.of(values.originals[symbol], array)
        for symbol, array in values.arrays.items()
    }
    constants = Constants(Floats(), values.numbers, matrices)

    def value(expr: Any) -> Any:
        expr = values.substituted(sympify(expr))
        try:
            if getattr(expr, "is_Matrix", False):
                return constants.matrix(expr).narrow
            return complex(constants.number(expr).value)
        except OverflowError as reason:
            raise ValueError(f"given: {expr} is not seen at the values in `at`: {reason}") from None

    return value


def _check_parameters(matrix: RandomMatrix, numbers: dict[Any, Any]) -> None:
    """Let pass a random matrix that may have the numbers: the class refuses others."""
    parameters = [arg.subs(numbers) if isinstance(arg, Expr) else arg for arg in matrix.args]
    matrix.func(*parameters)


@cached(maxsize=256)
def prepared(expr: Any, seen: tuple[tuple[Any, tuple[bool, bool, bool]], ...]) -> Program:
    """Return an expression of integer dimensions, read and integrated."""
    exact = expr.xreplace({x: Rational(x) for x in expr.atoms(Float)})
    program = program_of(exact, SeenFacts(dict(seen)))
    program.has_floats = bool(expr.atoms(Float))
    return program


def exact_value(expr: Any) -> Any:
    """Return the expectation of a scalar that holds explicit matrices, as SymPy holds it.

    None where it is not a number: where symbols, or matrices that are none, are left.

    Examples
    --------
    >>> from sympy import ImmutableMatrix
    >>> from weingarten import HaarOrthogonal
    >>> W, A = HaarOrthogonal("W", 4), ImmutableMatrix(4, 4, range(16))
    >>> exact_value((W*A*W.T)[0, 0]**2)
    400/3
    >>> from sympy import Trace, diag, sqrt
    >>> W = HaarOrthogonal("W", 2)
    >>> exact_value(Trace(W*diag(1, sqrt(2))*W.T)**2)
    2*sqrt(2) + 3
    """
    lettered, constants = with_letters(expr)
    if not constants:
        return None
    random = random_matrices(lettered)
    for matrix in random:
        check_law(matrix)
    if any(arg.free_symbols for matrix in random for arg in matrix.args):
        return None
    if lettered.free_symbols - set(constants) - random:
        return None
    lettered, powers = with_powers(lettered, {}, constants)
    if any(constant.entries is None for constant in powers.values()):
        return None  # a power that is not rational is exact as it stands
    constants |= powers
    if any(constant.is_irrational for constant in constants.values()) and not expr.has(Float):
        matrices = {name: ImmutableMatrix(c.entries) for name, c in constants.items()}
        return expand(expectation(lettered).xreplace(matrices).doit())
    return sympify(Point(lettered, ({}, constants)).value())
