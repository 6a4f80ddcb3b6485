"""E: the expectation of an expression, as a formula or as a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, overload

from sympy import Add, Equality, Expr, ImmutableMatrix, MatrixBase, S, Tuple, preorder_traversal
from sympy.logic.boolalg import Boolean

from weingarten.integration.expectation import expectation


@overload
def E(
    expr: Any,
    given: Any = None,
    *,
    at: Mapping[Any, Any] | None = None,
    digits: int | None = None,
    order: int | None = None,
    over: Any = None,
    conditions: Literal[True],
) -> tuple[Any, Boolean]: ...
@overload
def E(
    expr: Any,
    given: Any = None,
    *,
    at: Mapping[Any, Any] | None = None,
    digits: int | None = None,
    order: int | None = None,
    over: Any = None,
    conditions: bool = False,
) -> Any: ...
def E(
    expr: Any,
    given: Any = None,
    *,
    at: Mapping[Any, Any] | None = None,
    digits: int | None = None,
    order: int | None = None,
    over: Any = None,
    conditions: bool = False,
) -> Any:
    r"""Return the expectation of an expression in random matrices.

    Parameters
    ----------
    expr : Expr, Matrix, list of Expr, or Eq
        A polynomial in the entries (with concrete or symbolic indices), traces and products of
        random matrices, their transposes, conjugates and inverses, and in sums of these over
        indices; a product of matrices; or an explicit matrix of such. Words may hold products
        entry by entry and diagonals of others (``HadamardProduct``, ``DiagMatrix``,
        ``DiagonalMatrix``, ``DiagonalOf``). Coefficients, and matrices
        that are not random, may be anything. Random matrices of different names are independent.
        Beside these, what has a mean in closed form: inverses of Wishart matrices, any powers of
        moduli of Gaussian entries or of entries in one row or column of a Haar matrix, polynomials
        over powers of the squared length of a Gaussian matrix, and one over a power of a positive
        quadratic form, as an integral.
        Of a list or a tuple each scalar is averaged, of an equation both sides.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, such as ``Q.symmetric(A)``, and equations
        between their products, such as ``Eq(P*P, P)``, ``Eq(J.T*J, Identity(k))`` or
        ``Eq(Trace(A), 0)``: it shortens the answer and the way there. Only what is given here
        counts.
    at : mapping, optional
        Numbers in place of a symbolic answer: integers for dimensions and indices, numbers for
        other symbols, arrays (or SymPy matrices, or lists) for matrices.
    digits : int, optional
        With `at`, how many digits are to be right: the value is a SymPy `Float`.
    order : int, optional
        The last power of 1/d in the expansion of the value for large ``d``, to give in place of
        the value; where that would take long, without it. Traces and entries of constants are
        held, whatever their own growth: `genus_expansion` counts a trace as ``d``. The sizes of
        the random matrices must hold one symbol.
    over : RandomMatrix or list of RandomMatrix, optional
        The matrices to average over; the others stay random. By default all.
    conditions : bool, optional
        Whether to return, beside the value, when it holds: from which dimensions on, and under
        which relations between the symbols of ranges.

    Returns
    -------
    Expr or Matrix
        The exact value: a scalar for a scalar, a matrix for a matrix, a list for a list. For a
        symbolic dimension ``d`` the coefficients are rational functions of ``d`` in factored form.
        With concrete indices the value holds for every ``d`` in which they exist; with symbolic
        ones, and with traces and products, for ``d`` no less than the degree (in pairs of
        entries). For an integer dimension it is exact, however small that is.
    Rational, float, complex or ndarray
        With `at`: exact where everything in `at` is (integers, fractions, SymPy numbers), a float
        or complex number otherwise, right to a relative error of 1e-12: where rounding would do
        more, it is worked out to more digits. A matrix is an array, or an exact matrix.
    tuple of (Expr, Boolean)
        With `conditions`: the value, and the condition under which it holds.

    Raises
    ------
    TypeError
        If `expr` is not an expression or a matrix, `given` no assumption, `conditions` no bool, or
        the class of a random matrix has no law of its own.
    ValueError
        If `expr` is not a polynomial (the message names the part that is not), shapes do not fit,
        one name stands for two random matrices, the sum over pairings is too long, or something
        in `at` is missing or does not fit.
    NotImplementedError
        If what is asked for is not built yet.

    Warns
    -----
    UserWarning
        Before a sum that takes more than ten seconds, with the number of its terms; of facts in
        `given` that are not used, and of values in `at` that are not.

    Examples
    --------
    >>> from sympy import Eq, MatrixSymbol, Q, Trace, symbols
    >>> from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary
    >>> d = symbols("d", integer=True, positive=True)
    >>> W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)

    Entries, with concrete or symbolic indices:

    >>> E(W[0, 0]**4)
    3/(d*(d + 2))
    >>> i, j, k, l = symbols("i j k l", integer=True)
    >>> E(W[i, j]*W[k, l])
    KroneckerDelta(i, k)*KroneckerDelta(j, l)/d
    >>> E([W[0, 0]**2, W[0, 0]**4])
    [1/d, 3/(d*(d + 2))]
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
    >>> P, k = MatrixSymbol("P", d, d), symbols("k", integer=True, positive=True)
    >>> E(abs((U*P*P*U.H)[0, 0])**2, given=[Eq(P*P, P), Q.hermitian(P), Eq(Trace(P), k)])
    k*(k + 1)/(d*(d + 1))
    >>> G = GaussianMatrix("G", d, d, variance=1/d)
    >>> E(Trace(G*G.T)**2)
    d**2 + 2

    For large dimensions:

    >>> E(W[0, 0]**4, order=4)
    3/d**2 - 6/d**3 + 12/d**4
    >>> E(abs(Trace(U*A*U.H*B))**2, order=1)
    0

    Numbers, without the symbolic answer:

    >>> E(Trace(W*A*W.T*B), at={d: 2, A: [[1, 2], [3, 4]], B: [[1, 0], [0, 2]]})
    15/2
    >>> E(Trace(W*A*W.T*B), at={d: 2, A: [[0.5, 2], [3, 4]], B: [[1, 0], [0, 2]]})
    6.75
    >>> E(W[0, 0]**4, at={d: 5}, digits=20)
    0.085714285714285714286

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006); B. Collins & S. Matsumoto, J. Math.
    Phys. 50 (2009); T. Gorin & G. V. Lopez, J. Math. Phys. 49 (2008).
    """
    if not isinstance(conditions, bool):
        raise TypeError(f"conditions = {conditions!r}: expected True or False")
    if order is not None and (at is not None or digits is not None):
        raise ValueError(
            f"order = {order!r} with numbers in `at`: an expansion is in a symbol; put the numbers "
            "in afterwards"
        )
    if isinstance(expr, list | tuple | Tuple | Equality):
        return _each(expr, given, at, digits, order, over, conditions)
    if at is None and digits is None:
        as_it_is = given is None and order is None and over is None and not conditions
        if as_it_is and _holds_explicit(expr):
            from weingarten.numeric.value import exact_value

            value = exact_value(expr)
            if value is not None:
                return value
        return expectation(expr, given, order=order, over=over, conditions=conditions)
    # NumPy is loaded where numbers are asked for.
    from weingarten.numeric.value import value_at

    value = value_at(expr, at, given, digits, over)
    return (value, S.true) if conditions else value


def _each(
    expr: Any,
    given: Any,
    at: Any,
    digits: int | None,
    order: int | None,
    over: Any,
    conditions: bool,
) -> Any:
    """Return the expectation of each scalar in a container, as one of the same kind."""
    parts = list(expr.args) if isinstance(expr, Equality | Tuple) else list(expr)
    for place, part in enumerate(parts):
        if isinstance(part, str):
            raise TypeError(
                f"expr holds the text {part!r} at place {place}; expected a SymPy expression"
            )
        if isinstance(part, list | tuple | MatrixBase) or getattr(part, "is_Matrix", False):
            raise TypeError(
                f"expr holds a {type(part).__name__} at place {place}; expected scalars in a "
                f"{type(expr).__name__}: write Matrix(expr) for an array of scalars, and call E of "
                "each matrix by itself"
            )
    row = ImmutableMatrix(1, len(parts), parts)
    found, condition = E(row, given, at=at, digits=digits, order=order, over=over, conditions=True)
    values = found.tolist()[0] if parts else []
    made = type(expr)(values) if isinstance(expr, list | tuple) else expr.func(*values)
    return (made, condition) if conditions else made


#: A sum of more terms may be what SymPy makes of an entry of a product with an explicit matrix.
_FEW = 3


def _holds_explicit(expr: Any) -> bool:
    """Return whether a scalar holds an explicit matrix, or what may be left of one."""
    if not isinstance(expr, Expr) or getattr(expr, "is_Matrix", False):
        return False
    parts = preorder_traversal(expr)
    for part in parts:
        if isinstance(part, MatrixBase) or (isinstance(part, Add) and len(part.args) > _FEW):
            return True
    return False
