"""Letters, words, chains and monomials: what an expression in matrices is made of.

A letter is a matrix, perhaps transposed or conjugated. A chain is a word that is closed (a trace)
or has two ends (an entry of a product, or the product itself); one with two ends and no letter
says that they are equal. A monomial is a product of chains, summed over some of the indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sympy import (
    Adjoint,
    DiagMatrix,
    Dummy,
    Expr,
    FunctionMatrix,
    Integer,
    KroneckerDelta,
    Lambda,
    Mul,
    Transpose,
    conjugate,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix

#: Stands for the free left or right index of a matrix-valued expression.
LEFT, RIGHT = Dummy("left"), Dummy("right")
#: The row and column of a matrix-valued expression that is read entry by entry.
ROW, COLUMN = (Dummy(name, integer=True, nonnegative=True) for name in ("row", "column"))

#: The indices of sums that integrating leaves, in the order in which they are taken.
INDICES = tuple(Dummy(name, integer=True) for name in "ijklmnpqrstuvw")


class Diagonal(NamedTuple):
    """A diagonal matrix given by its entries as a function of the index."""

    entry: Lambda
    size: Expr

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.size, self.size

    def as_matrix(self) -> Expr:
        """Return the matrix as a SymPy expression."""
        i, j = Dummy("i"), Dummy("j")
        entry = self.entry(i)
        vector = entry.parent if isinstance(entry, MatrixElement) else None
        if vector is not None and entry.indices == (i, 0) and vector.shape == (self.size, 1):
            return DiagMatrix(vector)
        return FunctionMatrix(*self.shape, Lambda((i, j), self.entry(i) * KroneckerDelta(i, j)))


class Letter(NamedTuple):
    """A matrix in a word."""

    base: Any
    transposed: bool = False
    conjugated: bool = False

    @property
    def rows(self) -> Expr:
        """The number of rows."""
        return sympify(self.base.shape[self.transposed])

    @property
    def columns(self) -> Expr:
        """The number of columns."""
        return sympify(self.base.shape[1 - self.transposed])

    def matrix(self) -> Expr:
        """Return the letter as a SymPy expression."""
        base = self.base.as_matrix() if isinstance(self.base, Diagonal) else self.base
        if self.transposed and self.conjugated:
            return Adjoint(base).doit()
        if self.transposed:
            return Transpose(base).doit()
        return conjugate(base) if self.conjugated else base


Word = tuple[Letter, ...]


class Chain(NamedTuple):
    """A word with its two ends, or a closed one: ``ends`` is None.

    Without a letter, `size` is the size that both ends are known to be indices of, or None; a
    closed one without a letter is a scalar, and `size` its value.
    """

    word: Word
    ends: tuple[Expr, Expr] | None = None
    size: Expr | None = None


class Range(NamedTuple):
    """An index that is summed, with its first and last value."""

    index: Dummy
    low: Expr
    high: Expr


class Monomial(NamedTuple):
    """A product of chains, summed over the indices of `sums`, each a dummy of its own."""

    chains: tuple[Chain, ...] = ()
    sums: tuple[Range, ...] = ()

    def renamed(self, new: dict[Any, Any]) -> Monomial:
        """Return the monomial with other indices."""
        return Monomial(
            tuple(with_ends(chain, new) for chain in self.chains),
            tuple(Range(*(part.xreplace(new) for part in range_)) for range_ in self.sums),
        )


#: Coefficients by monomial.
Polynomial = dict[Monomial, Expr]


def with_ends(chain: Chain, new: dict[Any, Any]) -> Chain:
    """Return a chain with indices replaced in its ends."""
    if not chain.ends:
        return chain
    left, right = (end.xreplace(new) for end in chain.ends)
    return chain._replace(ends=(left, right))


def places(chain: Chain) -> Iterator[tuple[Expr, Expr | None]]:
    """Yield each end of a chain with the size that it is an index of, None if that is unknown."""
    if chain.ends:
        sizes = (chain.word[0].rows, chain.word[-1].columns) if chain.word else (chain.size,) * 2
        yield from zip(chain.ends, sizes, strict=True)


def scalar_of(chains: Iterable[Chain]) -> Expr:
    """Return the product of the chains that are scalars."""
    return Mul(*(c.size for c in chains if not c.word and c.ends is None))


def random_bases(chain: Chain) -> Iterator[RandomMatrix]:
    """Yield the random matrix of each letter that has one."""
    return (letter.base for letter in chain.word if isinstance(letter.base, RandomMatrix))


def ordered(sums: Sequence[Range]) -> list[Range] | None:
    """Return ranges so that limits hold indices of earlier ones only; None if they go in circles.

    Examples
    --------
    >>> from sympy import S
    >>> i, j = Dummy("i", integer=True), Dummy("j", integer=True)
    >>> [r.index for r in ordered([Range(j, S(0), i - 1), Range(i, S(0), S(2))])]
    [_i, _j]
    """
    found: list[Range] = []
    waiting = list(sums)
    while waiting:
        inner = {r.index for r in waiting}
        free = [r for r in waiting if not (r.low.free_symbols | r.high.free_symbols) & inner]
        if not free:
            return None
        found += free
        waiting = [r for r in waiting if r not in free]
    return found


def points(sums: Sequence[Range]) -> Iterator[dict[Dummy, Integer]] | None:
    """Return the values of indices with numbers for limits; None if a limit is none.

    Examples
    --------
    >>> from sympy import S
    >>> i, j = Dummy("i", integer=True), Dummy("j", integer=True)
    >>> triangle = [Range(i, S(0), S(2)), Range(j, S(0), i - 1)]
    >>> [tuple(point.values()) for point in points(triangle)]
    [(1, 0), (2, 0), (2, 1)]
    """
    indices = {r.index for r in sums}
    if any((r.low.free_symbols | r.high.free_symbols) - indices for r in sums):
        return None
    return _points(ordered(sums) or (), {})


def _points(
    ordered: Sequence[Range], point: dict[Dummy, Integer]
) -> Iterator[dict[Dummy, Integer]]:
    if not ordered:
        yield dict(point)
        return
    (index, low, high), *inner = ordered
    for value in range(int(low.xreplace(point)), int(high.xreplace(point)) + 1):
        yield from _points(inner, {**point, index: Integer(value)})
