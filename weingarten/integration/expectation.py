"""E(expr): the expectation of an expression in random matrices."""

from __future__ import annotations

from typing import Any

from sympy import And, Expr, MatrixBase, S, Symbol, SympifyError, Tuple, assuming, sympify
from sympy.logic.boolalg import Boolean

from weingarten.ensembles.base import RandomMatrix, random_matrices
from weingarten.expressions.index_sums import check_limits, is_full, pulled_out, summed
from weingarten.expressions.monomials import holds_entries_only, terms
from weingarten.expressions.reader import NotContractedError, Reader
from weingarten.expressions.unfolding import unfolded
from weingarten.expressions.words import Alphabet
from weingarten.functions.rational import factored
from weingarten.integration.answer import Answer


def E(expr: Any, assumptions: Any = None, *, conditions: bool = False) -> Any:
    r"""Return the expectation of an expression in random matrices.

    Parameters
    ----------
    expr : Expr or Matrix
        A polynomial in the entries (with concrete or symbolic indices), traces and products of
        random matrices, their transposes, conjugates and inverses; a product of matrices; or an
        explicit matrix of such. Coefficients, and matrices that are not random, may be anything.
        Random matrices of different names are independent.
    assumptions : Boolean, optional
        What holds of the matrices that are not random, such as ``Q.symmetric(A)``: it shortens
        the answer and the way there. Assumptions made with `sympy.assuming` count as well.
    conditions : bool, optional
        Whether to return, beside the value, from which dimensions on it holds.

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
        If `expr` is not an expression or a matrix.
    ValueError
        If it is not a polynomial (the message names the part that is not), one name stands for
        two random matrices, or the sum over pairings is too long.

    Warns
    -----
    UserWarning
        Before a sum over pairings that takes minutes, with their number.

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
    >>> E((W*A*W.T)[0, 0]**2, Q.symmetric(A))
    (2*Trace(A**2) + Trace(A)**2)/(d*(d + 2))
    >>> G = GaussianMatrix("G", d, d, variance=1/d)
    >>> E(Trace(G*G.T)**2)
    d**2 + 2

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006); B. Collins & S. Matsumoto, J. Math.
    Phys. 50 (2009); T. Gorin & G. V. Lopez, J. Math. Phys. 49 (2008).
    """
    if assumptions is not None:
        if not isinstance(assumptions, Boolean):
            raise TypeError(
                f"assumptions = {assumptions!r}: expected a SymPy assumption such as Q.symmetric(A)"
            )
        with assuming(assumptions):
            return E(expr, conditions=conditions)
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
    reader = Reader(Alphabet())
    expr = reader.with_standard_traces(expr)
    if not random_matrices(expr):
        return expr
    answer = Answer(reader.alphabet, _main_dimension(expr), least)
    if getattr(expr, "is_Matrix", False):
        answer.integrate(reader.matrix_valued(expr))
        return answer.matrix(expr.shape)
    check_limits(expr)
    expr = unfolded(expr)
    if holds_entries_only(expr):
        for coefficient, monomials in terms(expr):
            answer.add_entries(coefficient, monomials)
        return answer.value()
    try:
        answer.integrate(reader.scalar(expr))
    except NotContractedError:
        return _under_sums(expr, least)
    return answer.value()


def _under_sums(expr: Expr, least: dict[Symbol, int]) -> Expr:
    """Integrate under the sums, with symbolic indices, then sum the deltas."""
    total = S.Zero
    for summand, limits in pulled_out(expr):
        full = {index for index, *range_ in limits if is_full(summand, index, *range_)}
        total += summed(_expectation(summand, least), limits, full)
    return factored(total)


def _main_dimension(expr: Any) -> Symbol | None:
    """Return the symbol that the functions in the answer are functions of."""
    symbols = {m.args[1] for m in expr.atoms(RandomMatrix) if m.is_unitary}
    return min((d for d in symbols if d.is_Symbol), key=str, default=None)
