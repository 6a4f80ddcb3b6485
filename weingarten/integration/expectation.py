"""E(expr): the expectation of an expression in random matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr, MatrixBase, S, Symbol, SympifyError, Tuple, sympify
from sympy.matrices.expressions.matexpr import MatrixExpr

from weingarten.ensembles.base import RandomMatrix, check_law, made_of, random_matrices
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.functions.dimension import as_line
from weingarten.integration.answer import Answer


def E(
    expr: Any,
    given: Any = None,
    *,
    at: Any = None,
    digits: int | None = None,
    order: int | None = None,
    over: Any = None,
    conditions: bool = False,
) -> Any:
    r"""Return the expectation of an expression in random matrices.

    Parameters
    ----------
    expr : Expr or Matrix
        A polynomial in the entries (with concrete or symbolic indices), traces and products of
        random matrices, their transposes, conjugates and inverses, and in sums of these over
        indices; a product of matrices; or an explicit matrix of such. Coefficients, and matrices
        that are not random, may be anything. Random matrices of different names are independent.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, such as ``Q.symmetric(A)``: it shortens
        the answer and the way there. Only what is given here counts.
    at, digits, order : optional
        Numbers in place of a symbolic answer, and expansions in the dimension: not built yet, and
        refused.
    over : RandomMatrix or list of RandomMatrix, optional
        The matrices to average over; the others stay random. By default all.
    conditions : bool, optional
        Whether to return, beside the value, when it holds: from which dimensions on, and under
        which relations between the symbols of ranges.

    Returns
    -------
    Expr or Matrix
        The exact value: a scalar for a scalar, a matrix for a matrix. For a symbolic dimension
        ``d`` the coefficients are rational functions of ``d`` in factored form. With concrete
        indices the value holds for every ``d`` in which they exist; with symbolic ones, and with
        traces and products, for ``d`` no less than the degree (in pairs of entries). For an
        integer dimension it is exact, however small that is.
    tuple of (Expr, Boolean)
        With `conditions`: the value, and the condition under which it holds.

    Raises
    ------
    TypeError
        If `expr` is not an expression or a matrix, `given` no assumption, or the class of a
        random matrix has no law of its own.
    ValueError
        If `expr` is not a polynomial (the message names the part that is not), shapes do not fit,
        one name stands for two random matrices, or the sum over pairings is too long.
    NotImplementedError
        If what is asked for is not built yet.

    Warns
    -----
    UserWarning
        Before a sum that takes more than ten seconds, with the number of its terms; and of facts
        in `given` that are not used.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Q, Trace, symbols
    >>> from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary
    >>> d = symbols("d", integer=True, positive=True)
    >>> W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)

    Entries, with concrete or symbolic indices:

    >>> E(W[0, 0]**4)
    3/(d*(d + 2))
    >>> i, j, k, l = symbols("i j k l", integer=True)
    >>> E(W[i, j]*W[k, l])
    KroneckerDelta(i, k)*KroneckerDelta(j, l)/d
    >>> E(abs(U[0, 0]*U[1, 1])**2, conditions=True)
    (1/((d - 1)*(d + 1)), d >= 2)

    Traces and products:

    >>> A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    >>> E(Trace(U*A*U.H*B))
    Trace(A)*Trace(B)/d
    >>> E(W*A*W.T)
    (Trace(A)/d)*I
    >>> E((W*A*W.T)[0, 0]**2, given=Q.symmetric(A))
    (2*Trace(A**2) + Trace(A)**2)/(d*(d + 2))
    >>> G = GaussianMatrix("G", d, d, variance=1/d)
    >>> E(Trace(G*G.T)**2)
    d**2 + 2

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006); B. Collins & S. Matsumoto, J. Math.
    Phys. 50 (2009); T. Gorin & G. V. Lopez, J. Math. Phys. 49 (2008).
    """
    refused = {"at": at, "digits": digits, "order": order}
    for name, value in refused.items():
        if value is not None:
            raise NotImplementedError(
                f"{name} = {value!r}: not built yet; substitute in E(expr), or expand it, instead"
            )
    given_type, expr = type(expr), as_expression(expr)
    calculation = _Calculation(expr, Facts(given), _as_matrices(over, expr))
    calculation.facts.warn_of_unused(expr)
    if isinstance(expr, MatrixBase):
        value = given_type(expr.applyfunc(calculation.value))
    else:
        value = calculation.value(expr)
    return (value, calculation.conditions.as_boolean()) if conditions else value


class _Calculation:
    """What one call of `E` shares: facts, conditions, and the matrices to average over."""

    def __init__(self, expr: Any, facts: Facts, over: tuple[RandomMatrix, ...] | None) -> None:
        self.facts = facts
        self.over = over
        self.matrices = random_matrices(expr)
        for matrix in self.matrices:
            check_law(matrix)
        self.conditions = Conditions(_dimensions(expr))
        for matrix in self.matrices:
            for size in matrix.args[1:]:
                self.conditions.require_integer(size if size in matrix.shape else S.One)

    def value(self, expr: Any) -> Any:
        """Return the expectation of a scalar or a matrix expression."""
        alphabet = Alphabet(self.facts)
        reader = Reader(alphabet, self.conditions)
        if not random_matrices(expr):
            return expr if getattr(expr, "is_Matrix", False) else reader.constant(expr)
        answer = Answer(alphabet, _main_dimension(expr), self.conditions, self.over)
        if getattr(expr, "is_Matrix", False):
            answer.integrate(reader.matrix_valued(expr))
            return answer.matrix(expr.shape)
        answer.integrate(reader.scalar(unfolded(expr)))
        return answer.value()


def as_expression(expr: Any) -> Any:
    """Return a scalar or matrix expression, an explicit matrix among them."""
    if hasattr(expr, "__array_interface__"):
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
    for matrix in matrices:
        if matrix not in found:
            names = ", ".join(sorted(map(str, found))) or "none"
            raise ValueError(f"over = {matrix!r}: expected a random matrix of expr, here {names}")
    return tuple(part for matrix in matrices for part in made_of(matrix))


def _dimensions(expr: Any) -> set[Symbol]:
    """Return the symbols that the sizes of matrices are made of."""
    sizes: Iterable[Expr] = (sympify(size) for m in expr.atoms(MatrixExpr) for size in m.shape)
    return {symbol for size in sizes for symbol in size.free_symbols}


def _main_dimension(expr: Any) -> Symbol | None:
    """Return the symbol that the functions in the answer are functions of."""
    lines = (as_line(m.dimension) for m in expr.atoms(RandomMatrix) if m.is_haar)
    return min((line.symbol for line in lines if line is not None), key=str, default=None)
