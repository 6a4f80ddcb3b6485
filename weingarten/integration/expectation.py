"""The expectation of an expression in random matrices, as SymPy expressions are."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Identity, MatrixBase, S, Symbol, SympifyError, Tuple, gamma, sympify
from sympy.matrices.expressions.matexpr import MatrixExpr

from weingarten.ensembles.base import RandomMatrix, check_law, made_of, random_matrices
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.entrywise import has_entrywise
from weingarten.expressions.equations import learn
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import Polynomial
from weingarten.functions.dimension import as_line
from weingarten.functions.rational import factored_by_parts
from weingarten.integration.answer import Answer
from weingarten.integration.large_dimension import Expansion
from weingarten.integration.moduli import is_of_moduli, with_moduli
from weingarten.integration.ratios import Ratios, is_of_ratios
from weingarten.limits import check_size
from weingarten.values.shapes import check_all


def expectation(
    expr: Any,
    given: Any = None,
    *,
    order: int | None = None,
    over: Any = None,
    conditions: bool = False,
) -> Any:
    """Return the expectation of an expression in random matrices: `E` without numbers.

    Examples
    --------
    >>> from weingarten import HaarOrthogonal
    >>> expectation(HaarOrthogonal("W", 3)[0, 0]**2)
    1/3
    """
    given_type, expr = type(expr), as_expression(expr)
    facts = Facts(given, expr.atoms(RandomMatrix))
    calculation = _Calculation(expr, facts, _as_matrices(over, expr), order)
    calculation.facts.warn_of_unused(expr)
    if isinstance(expr, MatrixBase):
        value = given_type(expr.applyfunc(calculation.value))
    else:
        value = calculation.value(expr)
    calculation.facts.warn_of_unused_equations(calculation.used)
    return (value, calculation.conditions.as_boolean()) if conditions else value


class _Calculation:
    """What one call of `E` shares: facts, conditions, and the matrices to average over."""

    def __init__(
        self,
        expr: Any,
        facts: Facts,
        over: tuple[RandomMatrix, ...] | None,
        order: int | None = None,
    ) -> None:
        self.facts = facts
        self.over = over
        self.order = None if order is None else check_size(order, "order")
        #: The equations that changed a word.
        self.used: set[Any] = set()
        self.matrices = random_matrices(expr)
        for matrix in self.matrices:
            check_law(matrix)
        check_all(expr)
        self.symbol = _main_dimension(expr) if order is None else _only_dimension(expr, order)
        self.conditions = Conditions(_dimensions(expr))
        for matrix in self.matrices:
            for size in matrix.args[1:]:
                self.conditions.require_integer(size if size in matrix.shape else S.One)

    def value(self, expr: Any) -> Any:
        """Return the expectation of a scalar or a matrix expression."""
        alphabet = Alphabet(self.facts)
        reader = Reader(alphabet, self.conditions)
        learn(reader, self.facts, expr)
        try:
            return self._value(expr, alphabet, reader)
        finally:
            if alphabet.rules is not None:
                self.used |= alphabet.rules.used

    def _require_polynomial(self) -> None:
        """Refuse what is done for polynomials alone: an expansion, and an average over some."""
        if self.order is not None:
            raise ValueError(
                f"order = {self.order} with a power that is no polynomial: expand E(expr) in place "
                "of it"
            )
        for matrix in self.matrices if self.over is not None else ():
            if not made_of(matrix) <= set(self.over or ()):
                raise ValueError(
                    f"over with a power that is no polynomial: {matrix} would stay random; "
                    "expected all random matrices of expr"
                )

    def _value(self, expr: Any, alphabet: Alphabet, reader: Reader) -> Any:
        if not random_matrices(expr) and self.order is None:
            return expr if getattr(expr, "is_Matrix", False) else reader.constant(expr)
        if not getattr(expr, "is_Matrix", False) and is_of_moduli(expr):
            self._require_polynomial()
            value, left = with_moduli(expr, self.conditions)
            return value + self._value(left, alphabet, reader)
        answer = Answer(alphabet, self.symbol, self.conditions, self.over)
        if getattr(expr, "is_Matrix", False):
            if expr.shape == (1, 1) and all(m.shape == (1, 1) for m in self.matrices):
                return self.value(expr[0, 0]) * Identity(1)  # traces are entries there
            if has_entrywise(expr):
                answer = Answer(alphabet, self.symbol, self.conditions, self.over, expr.shape)
                answer.integrate(reader.entry_valued(expr))
            else:
                answer.integrate(self._expanded(answer, alphabet, reader.matrix_valued(expr)))
            return answer.matrix(expr.shape, self.order)
        if is_of_ratios(expr):
            self._require_polynomial()
            polynomial, beside = Ratios(reader, self.facts, self.conditions).read(expr)
            answer.integrate(polynomial)
            value = answer.value()
            return (value if value.has(gamma) else factored_by_parts(value)) + beside
        answer.integrate(self._expanded(answer, alphabet, reader.scalar(unfolded(expr))))
        return answer.value(self.order)

    def _expanded(self, answer: Answer, alphabet: Alphabet, polynomial: Polynomial) -> Polynomial:
        """Add what an expansion has without the exact value; return what is left."""
        if self.order is None or self.symbol is None or self.over is not None:
            return polynomial
        expansion = Expansion(answer, alphabet, self.symbol, self.order)
        return expansion.rest(polynomial, self.conditions)


def as_expression(expr: Any) -> Any:
    """Return a scalar or matrix expression, an explicit matrix among them."""
    if hasattr(expr, "__array_interface__") and getattr(expr, "ndim", 0) == 0:
        # A number of NumPy's, or an array without axes, stands for what is in it.
        expr = expr.item()
    elif hasattr(expr, "__array_interface__"):
        raise TypeError(
            f"expr is a NumPy array of shape {expr.shape}; expected a SymPy expression or matrix: "
            "write sympy.Matrix(array) for an array, and Matrix(array)*W for a product with one"
        )
    try:
        read = sympify(expr, strict=True)
    except SympifyError:
        read = None
    if isinstance(read, Expr | MatrixBase) and not isinstance(read, Tuple):
        return read
    raise TypeError(
        f"expr = {expr!r} is of type {type(expr).__name__}; expected a SymPy expression or matrix"
    )


def _as_matrices(over: Any, expr: Any) -> tuple[RandomMatrix, ...] | None:
    """Return the random matrices to average over; None for all."""
    if over is None:
        return None
    matrices = tuple(over) if isinstance(over, list | tuple | set | frozenset) else (over,)
    found = random_matrices(expr)
    parts = set().union(*map(made_of, found))
    for matrix in matrices:
        if matrix not in found | parts:
            names = ", ".join(sorted(map(str, found))) or "none"
            raise ValueError(f"over = {matrix!r}: expected a random matrix of expr, here {names}")
    parts = {part for matrix in matrices for part in made_of(matrix)}
    wholes = {part.whole for part in parts if part.whole is not None}
    inverses = {m.inverse_law for m in matrices if m.inverse_law is not None}
    return tuple(parts | wholes | inverses)


def _dimensions(expr: Any) -> set[Symbol]:
    """Return the symbols that the sizes of matrices are made of."""
    sizes = (size for m in expr.atoms(MatrixExpr) for size in m.shape if size is not None)
    return {symbol for size in sizes for symbol in sympify(size).free_symbols}


def _main_dimension(expr: Any) -> Symbol | None:
    """Return the symbol that the functions in the answer are functions of."""
    lines = (as_line(m.dimension) for m in expr.atoms(RandomMatrix) if m.depends_on_dimension)
    return min((line.symbol for line in lines if line is not None), key=str, default=None)


def _only_dimension(expr: Any, order: int) -> Symbol:
    """Return the symbol that the sizes of random matrices are made of, to expand in."""
    sizes = {size for matrix in expr.atoms(RandomMatrix) for size in map(sympify, matrix.shape)}
    symbols = set().union(*(size.free_symbols for size in sizes))
    if len(symbols) != 1:
        found = ", ".join(sorted(map(str, symbols))) or "no symbol"
        raise ValueError(
            f"order = {order}: the sizes of the random matrices hold {found}; expected one symbol, "
            "to expand in one over it"
        )
    (symbol,) = symbols
    return symbol
