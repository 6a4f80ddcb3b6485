"""Read equations between words of constants, and let an alphabet use them."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Expr, S, conjugate, expand

from weingarten.expressions import selections
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import MatrixTerm, Reader
from weingarten.expressions.refusals import NotPolynomialError
from weingarten.expressions.rules import Equation, Rules
from weingarten.expressions.words import Chain, Monomial, Polynomial, Word

__all__ = ["learn"]

#: What a side of an equation may be.
_SIDE = "expected one product of constant matrices, with a number before it, on each side"


def learn(reader: Reader, facts: Facts, expr: Any) -> None:
    """Let the alphabet of a reader use the equations among facts, and those between slices.

    Raises
    ------
    ValueError
        If a side is no product, shapes differ, or equations contradict each other.
    """
    between_words = [f for f in facts.equations if getattr(f.equation.lhs, "is_Matrix", False)]
    of_scalars = [f for f in facts.equations if f not in between_words]
    equations = list(selections.equations(reader.alphabet, expr))
    if not facts.equations and not equations:
        return
    equations += [_between_words(reader, *known) for known in between_words]
    rules = Rules(reader.alphabet, equations)
    # What is said of a trace is read by what is known of the words in it.
    reader.alphabet.rules = rules
    for fact, equation in of_scalars:
        rules.values |= _of_a_scalar(reader, fact, equation)


def _between_words(reader: Reader, fact: Any, equation: Eq) -> Equation:
    left, right = equation.lhs, equation.rhs
    if not getattr(right, "is_Matrix", False) or left.shape != right.shape:
        shape = getattr(right, "shape", "a number")
        raise ValueError(
            f"given = {fact}: the left side has the shape {left.shape}, the right side {shape}; "
            "expected matrices of one shape"
        )
    (a, one), (b, other) = (_word(reader, fact, side) for side in (left, right))
    if a is S.Zero:
        (a, one), (b, other) = (b, other), (a, one)
    if a is S.Zero or (a.is_number and not one):
        a, one, b, other = _turned(fact, a, one, b, other)
    if a.is_nonzero is not True and not (a.is_number and a.is_zero is False):
        raise ValueError(f"given = {fact}: {a} may be 0; expected a number before a product")
    return Equation(one, b / a, other, frozenset([fact]))


def _turned(fact: Any, a: Expr, one: Word, b: Expr, other: Word) -> tuple[Expr, Word, Expr, Word]:
    if not one and not other:
        raise ValueError(f"given = {fact} says nothing of a product; {_SIDE}")
    return b, other, a, one


def _word(reader: Reader, fact: Any, side: Any) -> tuple[Expr, Word]:
    """Return a side as a number times a word."""
    try:
        terms = reader.matrix(side)
    except NotPolynomialError as reason:
        raise ValueError(f"given = {fact}: {reason}") from None
    if not terms:
        return S.Zero, ()
    first, *others = terms
    if others or not _is_plain(first):
        raise ValueError(f"given = {fact}: {side} is a sum; {_SIDE}")
    return first.coefficient, first.word


def _is_plain(term: MatrixTerm) -> bool:
    return not term.scalars.chains and not term.scalars.sums


def _of_a_scalar(
    reader: Reader, fact: Any, equation: Eq
) -> dict[Chain, tuple[Expr, frozenset[Any]]]:
    """Return the value of a trace or an entry, and that of its conjugate."""
    sides = [reader.scalar(side) for side in (equation.lhs, equation.rhs)]
    (one, value), (other, right) = sorted(map(_term, sides), key=lambda term: not term[0].chains)
    if other.chains or len(one.chains) > 1 or one.sums or other.sums or S.NaN in (value, right):
        raise ValueError(
            f"given = {fact}: expected one trace or entry of constants on the left side, and a "
            "number or a symbol on the right one"
        )
    if not one.chains:
        if expand(value - right) is not S.Zero:
            raise ValueError(
                f"given = {fact} contradicts the other facts: from them it is {value} = {right}"
            )
        return {}
    value = expand(right / value)
    facts = frozenset([fact])
    ((bar, _),) = reader.conjugated({one: S.One}).items()
    return {one.chains[0]: (value, facts), bar.chains[0]: (conjugate(value), facts)}


def _term(polynomial: Polynomial) -> tuple[Monomial, Expr]:
    """Return the one term of a polynomial; not a number where there are more."""
    if not polynomial:
        return Monomial(), S.Zero
    (term, *others) = polynomial.items()
    return (Monomial(), S.NaN) if others else term
