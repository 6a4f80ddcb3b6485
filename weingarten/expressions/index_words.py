"""Sums in which more than two words meet in an index, as words.

A word that leads from an index back to it is the diagonal of a matrix, words between the same two
indices are multiplied entry by entry, and one that leads nowhere else is a vector of sums of rows:
with letters for these most sums over indices are words, which can be evaluated as such, and of
which a matrix can be one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sympy import Expr, HadamardProduct, Identity, MatMul, OneMatrix, S

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Chain,
    Monomial,
    Range,
    Word,
    places,
    random_bases,
)
from weingarten.expressions.writer import product
from weingarten.values.shapes import same


class _Edge(NamedTuple):
    """A word between two ends, read from either."""

    word: Word
    start: Any
    stop: Any
    size: Any = None

    def to(self, end: Any, alphabet: Alphabet) -> _Edge:
        """Return the edge read towards an end."""
        if self.stop == end:
            return self
        return _Edge(alphabet.transpose(self.word), self.stop, self.start, self.size)


def with_free_ends(
    monomial: Monomial, alphabet: Alphabet, coefficients: Collection[Expr] = ()
) -> Monomial:
    """Return a monomial in which a word stands between the free ends, where sums stood.

    An index in one of the coefficients stays.

    Raises
    ------
    ValueError
        If it is none, with the letters that there are.
    """
    ends = [c for c in monomial.chains if {LEFT, RIGHT} & set(c.ends or ())]
    if len(ends) != 2 or not all(_is_inner(chain, monomial) for chain in ends):
        return monomial
    inside, apart = _parted(monomial)
    made = as_words(inside, alphabet, coefficients)
    free = [c for c in made.chains if {LEFT, RIGHT} & set(c.ends or ())]
    if len(free) == 2:
        left, right = free if LEFT in (free[0].ends or ()) else free[::-1]
        if not (is_vector(left, 1) and is_vector(right, 0)):
            raise ValueError(
                "the expectation of the matrix expr is no product of matrices, also with products "
                "entry by entry; expected entries, such as expr[i, j]"
            )
        others = (chain for chain in made.chains if chain not in free)
        made = made._replace(chains=(*others, Chain(left.word + right.word, (LEFT, RIGHT))))
    return Monomial(alphabet.sort(made.chains + apart.chains), made.sums + apart.sums)


def _parted(monomial: Monomial) -> tuple[Monomial, Monomial]:
    """Return the chains and sums that hang together with the free ends, and the others."""
    reached: set[Any] = {LEFT, RIGHT}
    indices = {r.index for r in monomial.sums}
    inside: list[Chain] = []
    for _ in monomial.chains:
        inside = [c for c in monomial.chains if reached & set(c.ends or ())]
        reached |= {end for c in inside for end in c.ends or () if end in indices}
    within = tuple(r for r in monomial.sums if r.index in reached)
    apart = [c for c in monomial.chains if c not in inside]
    without = tuple(r for r in monomial.sums if r not in within)
    return Monomial(tuple(inside), within), Monomial(tuple(apart), without)


def _is_inner(chain: Chain, monomial: Monomial) -> bool:
    """Return whether the inner end of a chain is summed, or the 0 of a vector."""
    (end,) = {*(chain.ends or ())} - {LEFT, RIGHT}
    side = 1 if chain.ends and chain.ends[1] == end else 0
    return any(r.index == end for r in monomial.sums) or is_vector(chain, side)


def is_vector(chain: Chain, side: int) -> bool:
    """Return whether a chain ends in the only column (1), or row (0), of a vector."""
    if not chain.word or not chain.ends or chain.ends[side] is not S.Zero:
        return False
    return (chain.word[-1].columns if side else chain.word[0].rows) is S.One


def as_words(
    monomial: Monomial, alphabet: Alphabet, coefficients: Collection[Expr] = ()
) -> Monomial:
    """Return a monomial with as many of its sums as can be written as words.

    Parameters
    ----------
    monomial : Monomial
        Chains and sums.
    alphabet : Alphabet
        The letters.
    coefficients : collection of Expr, optional
        What it is weighted with: an index in one of these stays.
    """
    ranges = {r.index: r for r in monomial.sums}
    fixed = {s for c in coefficients for s in c.free_symbols}
    fixed |= {s for r in monomial.sums for end in r[1:] for s in end.free_symbols}
    edges, rest = [], []
    for chain in monomial.chains:
        if chain.ends and set(chain.ends) & set(ranges):
            edges.append(_Edge(chain.word, *chain.ends, chain.size))
            fixed |= {s for e in chain.ends if e not in ranges for s in e.free_symbols}
            fixed |= {e for e, size in places(chain) if e in ranges and _is_part(ranges[e], size)}
        else:
            rest.append(chain)
            fixed |= {s for e in chain.ends or () for s in e.free_symbols}
    left = [index for index in ranges if index not in fixed]
    changed = True
    while changed:
        changed = False
        for index in list(left):
            made = _without(index, ranges[index], edges, alphabet)
            if made is None:
                continue
            edges, closed = made
            rest += closed
            still = any(index in (e.start, e.stop) for e in edges)
            left = left if still else [other for other in left if other != index]
            ranges = ranges if still else {i: r for i, r in ranges.items() if i != index}
            changed = True
    chains = [c for e in edges for c in alphabet.open(e.word, (e.start, e.stop), e.size)]
    return Monomial(alphabet.sort([*rest, *chains]), tuple(ranges.values()))


def _is_part(range_: Range, size: Expr | None) -> bool:
    return range_.low is not S.Zero or size is None or not same(size, range_.high + 1)


def _without(
    index: Any, range_: Range, edges: list[_Edge], alphabet: Alphabet
) -> tuple[list[_Edge], list[Chain]] | None:
    """Return what edges become without an index, or with fewer of them at it; None if neither."""
    size = range_.high + 1
    loops = [e for e in edges if e.start == e.stop == index]
    single = [e.to(index, alphabet) for e in edges if (e.start == index) != (e.stop == index)]
    others = [e for e in edges if index not in (e.start, e.stop)]
    if any(not e.word for e in loops):
        return None
    if len(single) > 2:
        return _fewer(single, loops, others, size, alphabet)
    if len(single) == 1 and not single[0].word and single[0].start not in (LEFT, RIGHT):
        return None
    if not single and len(loops) <= 1:
        return (others, alphabet.closed(loops[0].word)) if loops else None
    if any(any(random_bases(Chain(e.word))) for e in loops):
        return None
    middle = tuple(alphabet.letter(_on_diagonal(e.word, size, alphabet)) for e in loops)
    if not single:
        return others, alphabet.closed(middle)
    word = single[0].word + middle
    if len(single) == 1:
        made = _Edge((*word, alphabet.letter(OneMatrix(size, 1))), single[0].start, S.Zero)
    else:
        made = _Edge(word + alphabet.transpose(single[1].word), single[0].start, single[1].start)
        made = made if made.word else made._replace(size=size)
    return [*others, made], []


def _fewer(
    single: list[_Edge], loops: list[_Edge], others: list[_Edge], size: Expr, alphabet: Alphabet
) -> tuple[list[_Edge], list[Chain]] | None:
    """Return edges of which two that are alike at an index have become one; None if none are."""
    constant = [e for e in single if e.word and not any(random_bases(Chain(e.word)))]
    for k, one in enumerate(constant):
        if one.start is S.Zero and one.word[0].rows is S.One:
            weight = MatMul(OneMatrix(size, 1), product(one.word))
            loop = _Edge((alphabet.letter(weight),), one.stop, one.stop)
            return [*others, *loops, loop, *(e for e in single if e is not one)], []
        for other in constant[k + 1 :]:
            # The index 0 may be that of a vector, or of a whole side.
            if other.start == one.start and same(one.word[0].rows, other.word[0].rows):
                both = HadamardProduct(*sorted(map(product, (one.word, other.word)), key=str))
                edge = _Edge((alphabet.letter(both),), one.start, one.stop)
                kept = [e for e in single if e is not one and e is not other]
                return [*others, *loops, *kept, edge], []
    return None


def _on_diagonal(word: Word, size: Expr, alphabet: Alphabet) -> Any:
    """Return the diagonal of a product, as a matrix."""
    least = min(word, alphabet.transpose(word), key=alphabet.key)
    return HadamardProduct(Identity(size), product(least))
