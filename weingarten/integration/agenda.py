"""What is to be integrated next: the random matrix, and values for indices before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from sympy import Expr, S

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.naming import with_names
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Chain,
    Monomial,
    Polynomial,
    Range,
    Word,
    points,
    random_bases,
)

#: From this many pairs of one matrix on, indices with numbers for limits get their values before
#: the integration: with symbolic indices it is a sum over all pairs of pairings.
_PAIRS, _POINTS_BEFORE = 3, 20_000


class Agenda:
    """Says of a monomial which random matrix is next, and writes out its indices where that helps.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    index_sums : IndexSums
        What carries sums over indices out.
    over : collection of RandomMatrix, optional
        The matrices to average over; by default all.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        index_sums: IndexSums,
        over: Collection[RandomMatrix] | None = None,
    ) -> None:
        self._alphabet = alphabet
        self._index_sums = index_sums
        self._over = over

    def random(self, monomial: Monomial) -> list[RandomMatrix]:
        """Return the random matrices that are left to be integrated, one for each letter."""
        found = (matrix for chain in monomial.chains for matrix in random_bases(chain))
        return [matrix for matrix in found if self._over is None or matrix in self._over]

    def matrix(self, monomial: Monomial) -> RandomMatrix | None:
        """Return the one that is next; None where none is left."""
        found = Counter(self.random(monomial))
        matrix = next(iter(found)) if len(found) == 1 else min(found, key=_turn, default=None)
        if matrix is None:
            return None
        _check_apart(matrix, found)
        for margin in matrix.margins(found[matrix]):
            self._require(margin, matrix, found[matrix])
        return matrix

    def _require(self, margin: Expr, matrix: RandomMatrix, letters: int) -> None:
        """Require that a margin is not negative.

        Raises
        ------
        ValueError
            If it is: the moment does not exist.
        """
        holds = self._index_sums.conditions.is_nonnegative(margin)
        if holds is False:
            raise ValueError(
                f"expr is of degree {letters} in the inverse {matrix}: such a moment exists with "
                f"{-margin} more degrees of freedom only"
            )
        if holds is None:
            self._index_sums.conditions.require(margin)

    def begun(self, polynomial: Polynomial) -> Iterator[tuple[Monomial, Expr]]:
        """Yield the monomials; or with values for their indices, where that is the shorter way."""
        for monomial, weight in polynomial.items():
            yield from self._with_values(monomial, weight)

    def _with_values(self, monomial: Monomial, weight: Expr) -> Iterator[tuple[Monomial, Expr]]:
        many = monomial.sums and len(self.random(monomial)) >= 2 * _PAIRS
        found = points(monomial.sums) if many else None
        values = list(islice(found, _POINTS_BEFORE + 1)) if found else []
        if not values or len(values) > _POINTS_BEFORE:
            yield monomial, weight
            return
        for point in values:
            value = weight.xreplace(point)
            if value is S.Zero:
                continue
            concrete = self._index_sums.carried_out(self.at(monomial, point), value)
            if concrete:
                yield concrete

    def summed(self, monomial: Monomial, sums: Collection[Range]) -> Monomial:
        """Return a monomial summed over further indices, under names of its own."""
        if not sums:
            return monomial
        whole = Monomial(monomial.chains, (*monomial.sums, *sums))
        return with_names(whole, {r.index for r in sums}, self._alphabet)

    def at(self, monomial: Monomial, point: dict[Any, Any]) -> Monomial:
        """Return a monomial with values for its indices."""
        chosen = Monomial(monomial.chains).renamed(point)
        chains = (c for chain in chosen.chains for c in self._alphabet.standard(chain))
        return Monomial(self._alphabet.sort(chains))


def _check_apart(matrix: RandomMatrix, found: Collection[RandomMatrix]) -> None:
    """Let pass a matrix beside others, none of which is its inverse.

    Raises
    ------
    ValueError
        If one is: they are not independent.
    """
    for other in found:
        if other.name == matrix.name and other != matrix:
            raise ValueError(
                f"expr holds a product of {matrix.name} and its inverse, whose expectation is not "
                "known here; expected one of them in each product, or estimate(expr, at=...)"
            )


def _turn(matrix: RandomMatrix) -> tuple[bool, bool, str]:
    # Words stay words until indices are equal in blocks, and a block is one of rows or of columns.
    blocks = matrix.blocks
    return blocks is not None, blocks is not None and blocks.is_diagonal, str(matrix)


def split(chains: Collection[Chain]) -> tuple[Word | None, list[Chain]]:
    """Return the word between the ends of a matrix-valued term, and the scalars beside it.

    Raises
    ------
    ValueError
        If an end of the matrix is that of an entry.
    """
    free = [c for c in chains if {LEFT, RIGHT} & set(c.ends or ())]
    if any(c.ends != (LEFT, RIGHT) for c in free):
        raise ValueError(
            "expr is a product of entries of a random matrix and of the matrix itself, whose "
            "expectation is no product of matrices; expected entries of it throughout, such "
            "as expr[i, j]"
        )
    return free[0].word if free else None, [c for c in chains if c not in free]
