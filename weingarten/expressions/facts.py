"""What is given of the constants of one calculation: SymPy's assumptions, asked of nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sympy import (
    Adjoint,
    And,
    Equality,
    HadamardProduct,
    Identity,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    Pow,
    Q,
    S,
    Symbol,
    Transpose,
    ask,
    conjugate,
)
from sympy.assumptions.assume import AppliedPredicate, AssumptionsContext, global_assumptions
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from weingarten.caches import cached
from weingarten.ensembles.base import RandomMatrix
from weingarten.limits import warn_user

_EXPECTED = (
    "expected SymPy assumptions on constants, such as Q.symmetric(A), equations between their "
    "products, such as Eq(P*P, P), or a list of these"
)

#: What holds of a matrix when it holds of its transpose, its conjugate or a real multiple.
_ALSO_OF_TRANSPOSES = {Q.symmetric, Q.hermitian, Q.real_elements, Q.diagonal, Q.zero}

#: What is said of numbers; of a matrix it might mean the entries, or the operator.
_OF_NUMBERS = {
    *(Q.real, Q.positive, Q.negative, Q.nonnegative, Q.nonpositive, Q.nonzero, Q.integer),
    *(Q.rational, Q.irrational, Q.even, Q.odd, Q.prime, Q.composite, Q.complex, Q.imaginary),
    *(Q.algebraic, Q.transcendental, Q.finite, Q.infinite, Q.extended_real, Q.commutative),
}


class Known(NamedTuple):
    """An equation between words, and the fact that says it."""

    fact: Any
    equation: Any


class Facts:
    """The facts of one calculation.

    Parameters
    ----------
    given : None, Boolean, or iterable of these
        What holds, such as ``Q.symmetric(A)``.
    matrices : iterable of RandomMatrix, optional
        Random matrices: what they say of the constants that they are made of holds, too.

    Raises
    ------
    TypeError, ValueError
        If something is no assumption, or speaks of a random matrix.
    """

    def __init__(self, given: Any = None, matrices: Iterable[RandomMatrix] = ()) -> None:
        #: All facts, equations among them.
        self.known = tuple(_flattened(given))
        #: What is said by equations between words, each with the fact that says it.
        self.equations = tuple(e for fact in self.known for e in _equations(fact))
        self.given = tuple(fact for fact in self.known if not isinstance(fact, Equality))
        told = (fact for m in sorted(matrices, key=str) for fact in m.facts)
        self._told = (*self.given, *told)
        self._all = And(*self._told)

    def ask(self, proposition: Any) -> bool:
        """Return whether a proposition is known to hold."""
        try:
            return _asked(proposition, self._all)
        except ValueError as reason:
            raise ValueError(f"given = {list(self.given)}: {reason}") from None

    def of(self, matrix: Any) -> tuple[bool, bool, bool]:
        """Return whether a constant matrix is symmetric, real, hermitian, as far as is known."""
        if isinstance(matrix, MatrixBase):
            real = matrix == matrix.conjugate()
            return bool(matrix.is_symmetric()), real, bool(matrix.is_hermitian)
        if self._is_unspoken_of(matrix):
            return _is_diagonal_part(matrix), False, False
        if isinstance(matrix, MatPow) and not matrix.exp.is_Integer:
            # A function of a symmetric matrix is symmetric; of the rest SymPy says nothing.
            return self.ask(Q.symmetric(matrix.base)), False, False
        square = matrix.shape[0] == matrix.shape[1]
        return (
            square and self.ask(Q.symmetric(matrix)),
            self.ask(Q.real_elements(matrix)),
            square and self.ask(Q.hermitian(matrix)),
        )

    def _is_unspoken_of(self, matrix: Any) -> bool:
        """Return whether a matrix is made of symbols with nothing to ask.

        SymPy's answer takes long.
        """
        if isinstance(matrix, Identity | OneMatrix):
            return True
        if isinstance(matrix, HadamardProduct | MatMul | Transpose):
            return all(map(self._is_unspoken_of, matrix.args))
        if type(matrix) is not MatrixSymbol or S.One in matrix.shape:
            return False
        return all(matrix not in fact.free_symbols for fact in self._told)

    def is_zero(self, matrix: Any) -> bool:
        """Return whether a constant matrix is known to be zero."""
        return bool(self._told) and self.ask(Q.zero(matrix))

    def warn_of_unused(self, expr: Any) -> None:
        """Warn of facts that change nothing in an expression, and of those assumed globally."""
        if not self.given and not global_assumptions:
            return
        present = {matrix.name for matrix in expr.atoms(MatrixSymbol)}
        given = [fact for fact in self.given if not any(_equations(fact))]
        absent = [f for f in given if not present & {m.name for m in f.atoms(MatrixSymbol)}]
        if absent:
            warn_user(f"given: {', '.join(map(str, absent))} speaks of no constant matrix of expr")
        unused = [f for f in given if f not in absent and not self._is_used(f, expr)]
        if unused:
            warn_user(
                f"given: {', '.join(map(str, unused))} is not used: what is used are Q.symmetric, "
                "Q.hermitian, Q.real_elements and Q.zero, and what implies them, of the constant "
                "matrices of expr, and equations between products of these"
            )
        ignored = [fact for fact in global_assumptions if _matrices(fact) & _matrices(expr)]
        if ignored:
            warn_user(
                f"{', '.join(map(str, ignored))}, assumed with sympy.assuming or globally, does "
                f"not count; write E(..., given={ignored[0]})"
            )

    def warn_of_unused_equations(self, used: Collection[Any]) -> None:
        """Warn of equations that changed no word."""
        facts = dict.fromkeys(fact for fact, _ in self.equations)
        unused = [fact for fact in facts if fact not in used]
        if unused:
            warn_user(
                f"given: {', '.join(map(str, unused))} is not used: it changes no product of "
                "constants in the answer, or on the way there"
            )

    def _is_used(self, fact: Any, expr: Any) -> bool:
        if fact.function == Q.positive_definite:
            return any(power.exp.is_negative is not False for power in expr.atoms(Pow))
        return any(
            predicate(matrix) == fact or ask(predicate(matrix), fact, AssumptionsContext())
            for matrix in _matrices(fact) & _matrices(expr)
            for predicate in (Q.symmetric, Q.real_elements, Q.hermitian, Q.zero)
        )


@cached(maxsize=4096)
def _asked(proposition: Any, facts: Any) -> bool:
    # An empty context: what was assumed elsewhere does not count.
    return bool(ask(proposition, facts, AssumptionsContext()))


def _flattened(given: Any) -> Iterable[Any]:
    if given is None:
        return
    if isinstance(given, list | tuple | set | frozenset):
        for fact in given:
            yield from _flattened(fact)
        return
    if isinstance(given, And):
        yield from _flattened(given.args)
        return
    if isinstance(given, Equality) and given.has(MatrixExpr):
        _check_is_of_constants(given)
        yield given
        return
    if isinstance(given, Relational):
        raise ValueError(
            f"given = {given}: relations between indices are not used, for an answer in deltas "
            "holds for all of them; put numbers for them, as in expr.subs({i: 0, k: 1}), or a "
            f"number for a delta; {_EXPECTED}"
        )
    if given is False or given is S.false:
        raise ValueError(
            "given = False: SymPy makes False of an equation between a matrix and a number, or "
            "between matrices of different shapes; write a matrix of the shape of the other side, "
            "as in Eq(x.T*x, Identity(1)) or Eq(A*A, Identity(d))"
        )
    if isinstance(given, dict):
        raise TypeError(f"given = {given!r}: {_EXPECTED}; values of symbols go into at={given!r}")
    if not isinstance(given, Boolean) or isinstance(given, BooleanAtom | Symbol):
        raise TypeError(f"given = {given!r}: {_EXPECTED}")
    _check_is_of_constants(given)
    facts = given.atoms(AppliedPredicate)
    if not facts:
        raise TypeError(f"given = {given!r}: {_EXPECTED}")
    for fact in sorted(facts, key=str):
        _check_is_of_matrices(fact)
    yield given.xreplace({fact: _of_the_matrix_itself(fact) for fact in facts})


def _check_is_of_constants(given: Any) -> None:
    """Let pass what does not speak of a random matrix.

    Raises
    ------
    ValueError
        If it does.
    """
    random = given.atoms(RandomMatrix)
    if random:
        matrix = min(random, key=str)
        raise ValueError(
            f"given = {given}: {matrix} is random, and its law is that of "
            f"{type(matrix).__name__}; {_EXPECTED}"
        )


def _equations(fact: Any) -> Iterable[Known]:
    """Yield what a fact says of products."""
    if isinstance(fact, Equality):
        yield Known(fact, fact)
    elif isinstance(fact, AppliedPredicate) and fact.function in (Q.orthogonal, Q.unitary):
        (matrix,) = fact.arguments
        adjoint = matrix.T if fact.function == Q.orthogonal else matrix.adjoint()
        one = Identity(matrix.shape[0])
        yield Known(fact, Equality(matrix * adjoint, one))
        yield Known(fact, Equality(adjoint * matrix, one))


def _check_is_of_matrices(fact: Any) -> None:
    """Let pass what is not a fact about numbers said of a matrix: SymPy would draw its own from it.

    Raises
    ------
    ValueError
        If it is one.
    """
    if any(isinstance(arg, MatrixExpr) for arg in fact.arguments) and fact.function in _OF_NUMBERS:
        raise ValueError(
            f"given = {fact}: {fact.function} is a fact about numbers, and {fact.arguments[0]} is "
            f"a matrix; expected one about matrices, such as Q.real_elements or Q.symmetric"
        )


def _of_the_matrix_itself(fact: Any) -> Any:
    """Return a fact about the transpose, the adjoint or a multiple as one about the matrix."""
    predicate, (arg, *others) = fact.function, fact.arguments
    if others or predicate not in _ALSO_OF_TRANSPOSES:
        return fact
    while True:
        if isinstance(arg, Transpose | Adjoint | conjugate):
            arg = arg.args[0]
        elif isinstance(arg, MatMul) and len(arg.args) == 2 and arg.args[0].is_real:
            if arg.args[0].is_zero is not False:
                return fact
            arg = arg.args[1]
        else:
            return predicate(arg)


def _matrices(expr: Any) -> set[Any]:
    """Return the matrices in an expression that assumptions may speak of."""
    return {matrix for matrix in expr.atoms(MatrixExpr) if not isinstance(matrix, RandomMatrix)}


def _is_diagonal_part(matrix: Any) -> bool:
    """Return whether a matrix is the diagonal of another one."""
    return isinstance(matrix, HadamardProduct) and any(
        isinstance(arg, Identity) for arg in matrix.args
    )
