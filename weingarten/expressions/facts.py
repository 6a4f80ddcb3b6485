"""What is given of the constants of one calculation: SymPy's assumptions, asked of nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import (
    Adjoint,
    And,
    MatMul,
    MatrixBase,
    MatrixExpr,
    MatrixSymbol,
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

_EXPECTED = "expected SymPy assumptions on constants, such as Q.symmetric(A), or a list of them"

#: What holds of a matrix when it holds of its transpose, its conjugate or a real multiple.
_ALSO_OF_TRANSPOSES = {Q.symmetric, Q.hermitian, Q.real_elements, Q.diagonal, Q.zero}

#: What is said of numbers; of a matrix it might mean the entries, or the operator.
_OF_NUMBERS = {
    *(Q.real, Q.positive, Q.negative, Q.nonnegative, Q.nonpositive, Q.nonzero, Q.integer),
    *(Q.rational, Q.irrational, Q.even, Q.odd, Q.prime, Q.composite, Q.complex, Q.imaginary),
    *(Q.algebraic, Q.transcendental, Q.finite, Q.infinite, Q.extended_real, Q.commutative),
}


class Facts:
    """The facts of one calculation.

    Parameters
    ----------
    given : None, Boolean, or iterable of these
        What holds, such as ``Q.symmetric(A)``.

    Raises
    ------
    TypeError, ValueError
        If something is no assumption, or speaks of a random matrix.
    """

    def __init__(self, given: Any = None) -> None:
        self.given = tuple(_flattened(given))
        self._all = And(*self.given)

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
            return False, False, False
        square = matrix.shape[0] == matrix.shape[1]
        return (
            square and self.ask(Q.symmetric(matrix)),
            self.ask(Q.real_elements(matrix)),
            square and self.ask(Q.hermitian(matrix)),
        )

    def _is_unspoken_of(self, matrix: Any) -> bool:
        """Return whether a matrix is a symbol with nothing to ask: SymPy's answer takes long."""
        if type(matrix) is not MatrixSymbol or S.One in matrix.shape:
            return False
        return all(matrix not in fact.free_symbols for fact in self.given)

    def is_zero(self, matrix: Any) -> bool:
        """Return whether a constant matrix is known to be zero."""
        return bool(self.given) and self.ask(Q.zero(matrix))

    def warn_of_unused(self, expr: Any) -> None:
        """Warn of facts that change nothing in an expression, and of those assumed globally."""
        if not self.given and not global_assumptions:
            return
        present = {matrix.name for matrix in expr.atoms(MatrixSymbol)}
        absent = [f for f in self.given if not present & {m.name for m in f.atoms(MatrixSymbol)}]
        if absent:
            warn_user(f"given: {', '.join(map(str, absent))} speaks of no constant matrix of expr")
        unused = [f for f in self.given if f not in absent and not self._is_used(f, expr)]
        if unused:
            warn_user(
                f"given: {', '.join(map(str, unused))} is not used: what is used are Q.symmetric, "
                "Q.hermitian, Q.real_elements and Q.zero, and what implies them, of the constant "
                "matrices of expr"
            )
        ignored = [fact for fact in global_assumptions if _matrices(fact) & _matrices(expr)]
        if ignored:
            warn_user(
                f"{', '.join(map(str, ignored))}, assumed with sympy.assuming or globally, does "
                f"not count; write E(..., given={ignored[0]})"
            )

    def _is_used(self, fact: Any, expr: Any) -> bool:
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
    if isinstance(given, Relational):
        if given.has(MatrixExpr):
            what = "equations between words are not used yet"
        else:
            what = (
                "relations between indices are not used, for an answer in deltas holds for all of "
                "them; put numbers for them, as in expr.subs({i: 0, k: 1}), or a number for a delta"
            )
        raise ValueError(f"given = {given}: {what}; {_EXPECTED}")
    if not isinstance(given, Boolean) or isinstance(given, BooleanAtom | Symbol):
        raise TypeError(f"given = {given!r}: {_EXPECTED}")
    random = given.atoms(RandomMatrix)
    if random:
        matrix = min(random, key=str)
        raise ValueError(
            f"given = {given}: {matrix} is random, and its law is that of "
            f"{type(matrix).__name__}; {_EXPECTED}"
        )
    facts = given.atoms(AppliedPredicate)
    if not facts:
        raise TypeError(f"given = {given!r}: {_EXPECTED}")
    for fact in sorted(facts, key=str):
        _check_is_of_matrices(fact)
    yield given.xreplace({fact: _of_the_matrix_itself(fact) for fact in facts})


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
